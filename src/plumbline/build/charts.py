"""What a data set is made of, drawn: rows by source and by value, coloured by class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plumbline.build import card_messages as m
from plumbline.build.facts import Facts
from plumbline.frameworks import load_framework, split_value

_COLOURS = {"person": "#d98032", "social": "#5a8f5a", "nation": "#3b6ea5"}
_OTHER = "#8a8a8a"
_FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_BAR, _WIDTH = 24, 420


def draw_composition(facts: Facts) -> str:
    """Return a stand-alone SVG in the language in force: sources above, values of the framework below."""
    import altair as alt
    import vl_convert

    classes = sorted({label for _, label in (*facts.crossed, *facts.values_crossed)})
    named = {label: _class_name(label) for label in classes}
    colour = alt.Color(
        "class:N",
        title=None,
        scale=alt.Scale(
            domain=[named[label] for label in classes],
            range=[_COLOURS.get(label, _OTHER) for label in classes],
        ),
    )
    panels = [_rows(facts.crossed, named, {source: source for source, _ in facts.crossed})]
    values = _rows(
        facts.values_crossed, named, {value: _value_name(value) for value, _ in facts.values_crossed}
    )
    if values:
        panels.append(values)
    drawn = [
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("rows:Q", title=m.ROWS(), axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("group:N", title=None, sort=None, axis=alt.Axis(labelLimit=200)),
            color=colour,
        )
        .properties(width=_WIDTH, height=_BAR * len({row["group"] for row in rows}), title=title())
        for rows, title in zip(panels, (m.BY["source"], m.BY["values"]), strict=False)
    ]
    chart = alt.vconcat(*drawn).configure(font=_FONT, background="white")
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    return svg.replace("<svg ", f'<svg role="img" aria-label="{m.CHART()}" ', 1)


def _rows(
    crossed: Mapping[tuple[str, str], int], classes: Mapping[str, str], groups: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {"group": groups[group] or m.UNSAID(), "class": classes[label], "rows": rows}
        for (group, label), rows in crossed.items()
    ]


def _class_name(label: str) -> str:
    classes = load_framework("vad")
    return classes.value(label).name() if classes.has(label) else label or m.UNSAID()


def _value_name(reference: str) -> str:
    framework, name = split_value(reference)
    return load_framework(framework).value(name).name()
