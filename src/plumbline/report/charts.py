"""Charts as inline SVG that follow the page's light or dark colours, each with a text description."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

# Placeholder colours, exchanged for the page's CSS variables once the chart is drawn.
_INK, _MUTED, _LINE, _PAPER = "#010203", "#040506", "#070809", "#0a0b0c"
_SERIES = ("#0d0e01", "#0d0e02", "#0d0e03", "#0d0e04", "#0d0e05", "#0d0e06", "#0d0e07", "#0d0e08")
_VARIABLES = {
    _INK: "var(--ink)",
    _MUTED: "var(--muted)",
    _LINE: "var(--line)",
    _PAPER: "var(--paper)",
    **{colour: f"var(--series-{number})" for number, colour in enumerate(_SERIES, start=1)},
}
_FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_SHAPES = (
    "circle",
    "diamond",
    "square",
    "triangle-up",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
)


_CELL = 64
"""Width of a heat map's cell."""
_HALF_WIDTH = 7.5
"""Width of a Latin letter in the axes' size; Chinese ones take two."""


@dataclass(frozen=True)
class Point:
    """One estimate with its interval: a row of a dot plot."""

    label: str
    series: str
    estimate: float
    low: float
    high: float


def dot_plot(
    points: Sequence[Point], *, title: str, axis: str, reference: float | None = None, percent: bool = True
) -> Markup:
    """Draw estimates with intervals, a row a label and a mark a series (told apart by shape and colour).

    Args:
        points: In the order of the rows.
        title: Read out by screen readers.
        axis: Title of the x axis.
        reference: Where to draw a dashed line (chance).
        percent: Write the axis in percent.
    """
    import altair as alt

    labels = list(dict.fromkeys(point.label for point in points))
    series = list(dict.fromkeys(point.series for point in points))
    rows = [
        {"label": p.label, "series": p.series, "estimate": p.estimate, "low": p.low, "high": p.high}
        for p in points
        if p.estimate == p.estimate
    ]
    base = alt.Chart(alt.Data(values=rows))
    x_axis = alt.Axis(title=axis, format=".0%" if percent else "~g", tickCount=6, grid=True)
    domain = _domain(rows, reference, percent)
    y = alt.Y("label:N", sort=labels, title=None, axis=alt.Axis(labelLimit=260, ticks=False))
    offset = {"yOffset": alt.YOffset("series:N", sort=series)} if len(series) > 1 else {}
    scale = alt.Scale(domain=series, range=list(_SERIES[: len(series)]))
    # The reader's letters may be wider than those the columns are measured with.
    legend = (
        alt.Legend(title=None, orient="top", labelLimit=300, columnPadding=32, columns=4)
        if len(series) > 1
        else None
    )
    colour = alt.Color("series:N", scale=scale, legend=legend)
    bars = base.mark_rule(strokeWidth=2.2).encode(
        x=alt.X("low:Q", axis=x_axis, scale=alt.Scale(domain=domain, nice=False)),
        x2="high:Q",
        y=y,
        color=colour,
        **offset,
    )
    shape = alt.Shape(
        "series:N", scale=alt.Scale(domain=series, range=list(_SHAPES[: len(series)])), legend=legend
    )
    dots = base.mark_point(filled=True, size=62, opacity=1).encode(
        x="estimate:Q", y=y, color=colour, shape=shape, **offset
    )
    layers: list[Any] = [bars, dots]
    if reference is not None:
        line = alt.Chart(alt.Data(values=[{"x": reference}]))
        layers.insert(0, line.mark_rule(strokeDash=[5, 4], color=_MUTED, strokeWidth=1.4).encode(x="x:Q"))
    step = max(22, 13 * len(series) + 6)
    chart = alt.layer(*layers).properties(width=520, height=step * max(len(labels), 1))
    return _svg(chart, title)


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    title: str,
    digits: int = 2,
) -> Markup:
    """Draw a table of numbers in [0, 1] as shaded cells that also carry the number."""
    import altair as alt

    cells = [
        {"row": row, "column": column, "value": value, "text": f"{value:.{digits}f}"}
        for row, line in zip(rows, values, strict=True)
        for column, value in zip(columns, line, strict=True)
        if value == value
    ]
    base = alt.Chart(alt.Data(values=cells)).encode(
        x=alt.X(
            "column:N",
            sort=list(columns),
            title=None,
            axis=alt.Axis(orient="top", ticks=False, **_column_labels(columns)),
        ),
        y=alt.Y("row:N", sort=list(rows), title=None, axis=alt.Axis(ticks=False, labelLimit=220)),
    )
    top = max((value for line in values for value in line if value == value), default=1.0)
    shades = base.mark_rect(color=_SERIES[0], stroke=_PAPER, strokeWidth=2).encode(
        opacity=alt.Opacity(
            "value:Q", scale=alt.Scale(domain=[0, top or 1.0], range=[0.06, 0.62]), legend=None
        )
    )
    numbers = base.mark_text(fontSize=12, color=_INK).encode(text="text:N")
    chart = alt.layer(shades, numbers).properties(width=max(_CELL * len(columns), 200), height=34 * len(rows))
    return _svg(chart, title)


def _column_labels(columns: Sequence[str]) -> dict[str, Any]:
    """Write column names level where the cells are wide enough for all of them, slanting otherwise."""
    widest = max(sum(2 if ord(mark) > 0x2E7F else 1 for mark in name) for name in columns)
    if widest * _HALF_WIDTH <= _CELL:
        return {"labelAngle": 0, "labelLimit": _CELL}
    return {"labelAngle": -35, "labelLimit": 160, "labelOverlap": False}


def line_chart(xs: Sequence[float], ys: Sequence[float], *, title: str, x_title: str, y_title: str) -> Markup:
    """Draw one curve, for instance a training loss."""
    import altair as alt

    rows = [{"x": x, "y": y} for x, y in zip(xs, ys, strict=True) if y == y]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(color=_SERIES[0], strokeWidth=2)
        .encode(
            x=alt.X("x:Q", title=x_title),
            y=alt.Y("y:Q", title=y_title, scale=alt.Scale(zero=False)),
        )
        .properties(width=520, height=200)
    )
    return _svg(chart, title)


def _domain(rows: Sequence[dict[str, Any]], reference: float | None, percent: bool) -> list[float]:
    if percent:
        return [0.0, 1.0]
    ends = [end for row in rows for end in (row["low"], row["high"], row["estimate"]) if end == end]
    ends += [reference] if reference is not None else []
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    margin = 0.06 * ((high - low) or 1.0)
    return [low - margin, high + margin]


def _svg(chart: Any, title: str) -> Markup:
    import vl_convert

    # The width of labels is measured with other fonts than the reader has: leave them room.
    styled = (
        chart.properties(padding={"left": 24, "right": 12, "top": 6, "bottom": 6})
        .configure(background="transparent", font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_INK,
            titleColor=_MUTED,
            gridColor=_LINE,
            domainColor=_LINE,
            tickColor=_LINE,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
        .configure_legend(labelColor=_INK, labelFontSize=12)
    )
    svg = vl_convert.vegalite_to_svg(styled.to_dict(validate=False))
    for colour, variable in _VARIABLES.items():
        svg = re.sub(colour, variable, svg, flags=re.IGNORECASE)
    # Scale with the page and let the description be read instead of hundreds of marks.
    svg = re.sub(
        r'<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"', r'<svg \1style="max-width:\2px"', svg, count=1
    )
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
    return Markup(svg)
