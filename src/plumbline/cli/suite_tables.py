"""Suites as tables and text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from plumbline.frameworks import split_value
from plumbline.language import Message
from plumbline.suites import Suite
from plumbline.suites import messages as m
from plumbline.suites.cache import data_folder, is_fetched
from plumbline.suites.catalogue import Entry
from plumbline.suites.check import Check, SuiteCheck
from plumbline.suites.items import Choice, texts_of

_COLOURS = {"pass": "green", "warn": "yellow", "fail": "red"}
# These count something; the other checks are accuracies.
_COUNTED = ("ids", "texts", "near-duplicates")


def suite_list(ours: Sequence[Suite], published: Sequence[Entry]) -> Table:
    """One row a suite: ours first, then the published ones."""
    shown = _table(
        (m.COLUMN_ID, m.COLUMN_KIND, m.COLUMN_ITEMS, m.COLUMN_LANGUAGE, m.COLUMN_AUTHORED, m.COLUMN_STATE),
        right=(2,),
    )
    for suite in ours:
        about = suite.manifest
        kind, authored = m.KINDS[about.kind](), m.AUTHORED[about.authored]()
        shown.add_row(suite.id, kind, str(len(suite)), about.language, authored, m.INCLUDED())
    for entry in published:
        kind, authored = m.KINDS[entry.kind](), m.AUTHORED[entry.authored]()
        items = "–" if entry.items is None else str(entry.items)
        shown.add_row(entry.id, kind, items, entry.language, authored, _state(entry))
    return shown


def suite_facts(suite: Suite, entry: Entry | None) -> str:
    """Say what a suite is, whose, and under which licence."""
    about = suite.manifest
    lines = [f"{about.title()}  ({about.id} {about.version[:12]})"]
    if about.description:
        lines.append(about.description())
    facts = [
        (m.LABEL_KIND, m.KINDS[about.kind]()),
        (m.LABEL_ITEMS, f"{len(suite)}  ({about.language})"),
        (m.LABEL_FRAMEWORKS, ", ".join(about.frameworks) or "–"),
        (m.LABEL_LICENCE, about.licence),
        (m.LABEL_AUTHORED, _fact(m.AUTHORED[about.authored], about.authorship())),
        (m.LABEL_CITATION, about.citation or "–"),
        (m.LABEL_HASH, suite.hash[:16]),
    ]
    if entry:
        facts.append((m.LABEL_ORIGIN, f"{entry.origin} @ {entry.commit}"))
    return "\n".join([*lines, *(_fact(label, text) for label, text in facts)])


def entry_facts(entry: Entry) -> str:
    """Say what the catalogue knows of a published set, licence and citation before anything is fetched."""
    lines = [
        f"{entry.title()}  ({entry.id})",
        entry.description(),
        _fact(m.LABEL_LICENCE, entry.licence),
        _fact(m.LABEL_CITATION, entry.citation),
        _fact(m.LABEL_AUTHORED, _fact(m.AUTHORED[entry.authored], entry.authorship())),
        _fact(m.LABEL_ORIGIN, f"{entry.origin} @ {entry.commit}"),
        _fact(m.LABEL_TARGET, str(data_folder() / entry.folder)),
        _fact(m.LABEL_STATE, _state(entry)),
        _fact(m.LABEL_FILES, "").rstrip(),
    ]
    for file in entry.files:
        where = file.url or m.BY_HAND()
        lines.append(f"  {file.name}  {file.size / 1024:.0f} KiB  {where}")
        if file.note:
            lines.append(f"    {file.note()}")
    return "\n".join(lines)


def count_tables(suite: Suite, checked: SuiteCheck) -> Iterator[Table]:
    """How many items each value, category and difficulty has."""
    difficulties = {
        m.DIFFICULTIES[name]() if name in m.DIFFICULTIES else name: n
        for name, n in checked.difficulties.items()
    }
    values = {_value_name(suite, value): n for value, n in checked.values.items()}
    for title, counts in (
        (m.COUNTS_VALUES, values),
        (m.COUNTS_CATEGORIES, checked.categories),
        (m.COUNTS_DIFFICULTIES, difficulties),
    ):
        if counts:
            shown = _table((title, m.COLUMN_ITEMS), right=(1,))
            for name, n in counts.items():
                shown.add_row(name, str(n))
            yield shown


def sample(suite: Suite) -> str:
    """Show the first item as text."""
    item = suite.items[0]
    prompt, *options = texts_of(item)
    lines = [m.SAMPLE(id=item.id), prompt]
    for position, option in enumerate(options):
        better = m.BETTER() if isinstance(item, Choice) and position == item.answer else ""
        lines.append(f"  {'ABCDEFGHIJ'[position]}. {option}{better}")
    return "\n".join(lines)


def check_table(checked: SuiteCheck) -> Table:
    """One row a check: the figure, what passes, the status."""
    shown = _table((m.COLUMN_CHECK, m.COLUMN_FIGURE, m.COLUMN_WANTED, m.COLUMN_STATUS), right=(1, 2))
    for check in checked.checks:
        status = f"[{_COLOURS[check.status]}]{m.STATUSES[check.status]()}[/]"
        shown.add_row(m.CHECKS[check.name](), _figure(check), _wanted(check), status)
    if checked.baseline:
        shown.caption = m.CHANCE(share=_percent(checked.baseline.chance))
        shown.caption_justify = "left"
    return shown


def concerned(checked: SuiteCheck) -> Iterator[str]:
    """Name the items that repeat others."""
    for check in checked.checks:
        if check.examples:
            yield m.CONCERNED(check=m.CHECKS[check.name](), examples=", ".join(check.examples))


def dropped_table(suite: Suite) -> Table:
    """The rows a reader left out, and why."""
    shown = _table((m.COLUMN_WHERE, m.COLUMN_WHY))
    shown.title, shown.title_justify = m.DROPPED(n=len(suite.dropped)), "left"
    for one in suite.dropped:
        shown.add_row(one.row, one.reason)
    return shown


def _figure(check: Check) -> str:
    if check.name in _COUNTED:
        return f"{check.value:.0f}"
    decided = m.DECIDED(share=_percent(check.decided)) if check.decided is not None else ""
    return _percent(check.value) + decided


def _wanted(check: Check) -> str:
    if check.name in _COUNTED:
        return "0"
    if check.low <= 0:
        return f"≤ {_percent(check.high)}"
    return f"{_percent(check.low)} – {_percent(check.high)}"


def _fact(label: Message, text: str) -> str:
    return m.FACT(label=label(), text=text)


def _state(entry: Entry) -> str:
    return m.FETCHED() if is_fetched(entry) else m.NOT_FETCHED()


def _value_name(suite: Suite, reference: str) -> str:
    framework, value = split_value(reference)
    return f"{suite.frameworks[framework].value(value).name()}  {reference}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _table(columns: Sequence[Message], *, right: Sequence[int] = ()) -> Table:
    shown = Table(box=None, pad_edge=False)
    for position, column in enumerate(columns):
        shown.add_column(column(), justify="right" if position in right else "left", overflow="fold")
    return shown
