"""`plumbline suites`: which suites there are, what they hold, whether they are sound; fetching."""

from __future__ import annotations

import difflib
import json
from typing import Annotated

import typer

from plumbline.cli import suite_tables as tables
from plumbline.cli.console import err, out
from plumbline.errors import InputError
from plumbline.suites import list_suites, load_suite
from plumbline.suites import messages as m
from plumbline.suites.cache import data_folder, is_fetched
from plumbline.suites.catalogue import Entry, catalogue
from plumbline.suites.check import check_suite
from plumbline.suites.fetch import fetch as fetch_files

app = typer.Typer(help=m.SUITES_HELP(), invoke_without_command=True)


@app.callback()
def default(context: typer.Context) -> None:
    """List every suite when no verb follows."""
    if context.invoked_subcommand is None:
        table()


@app.command("list", help=m.LIST_HELP())
def table() -> None:
    """List our own suites and the published ones."""
    out.print(tables.suite_list([load_suite(name) for name in list_suites()], list(catalogue().values())))
    out.print(m.FOLDER(folder=data_folder()), markup=False, soft_wrap=True)
    if not all(map(is_fetched, catalogue().values())):
        out.print(m.FETCH_HINT(), markup=False)


@app.command(help=m.SHOW_HELP())
def show(reference: Annotated[str, typer.Argument(help=m.SUITE_REFERENCE_HELP())]) -> None:
    """Show one suite; of a published set that was not fetched, what the catalogue says."""
    entry = catalogue().get(reference)
    if entry and (entry.kind is None or not is_fetched(entry)):
        out.print(tables.entry_facts(entry), markup=False, soft_wrap=True)
        return
    suite = load_suite(reference)
    checked = check_suite(suite)
    out.print(tables.suite_facts(suite, entry), markup=False, soft_wrap=True)
    for counts in tables.count_tables(suite, checked):
        out.print()
        out.print(counts)
    out.print()
    out.print(tables.sample(suite), markup=False, soft_wrap=True)
    out.print()
    out.print(tables.check_table(checked))
    if suite.dropped:
        out.print()
        out.print(tables.dropped_table(suite))


@app.command(help=m.CHECK_HELP())
def check(
    reference: Annotated[str, typer.Argument(help=m.SUITE_REFERENCE_HELP())],
    as_json: Annotated[bool, typer.Option("--json", help=m.JSON_HELP())] = False,
) -> None:
    """Check one suite, ours, published or a user's."""
    suite = load_suite(reference)
    checked = check_suite(suite)
    if as_json:
        print(json.dumps(checked.to_json(), ensure_ascii=False, indent=2))
    else:
        out.print(tables.check_table(checked))
        for line in tables.concerned(checked):
            out.print(line, markup=False, soft_wrap=True)
        if suite.dropped:
            out.print(tables.dropped_table(suite))
    if checked.status == "fail":
        raise typer.Exit(1)


@app.command(help=m.FETCH_HELP())
def fetch(
    name: Annotated[str, typer.Argument(metavar="ID", help=m.SUITE_ID_HELP())],
    source: Annotated[str | None, typer.Option("--from", help=m.FROM_HELP())] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=m.YES_HELP())] = False,
) -> None:
    """Show licence and citation, ask, and bring the files into the data folder."""
    entry = _entry(name)
    out.print(tables.entry_facts(entry), markup=False, soft_wrap=True)
    if not yes and not typer.confirm(m.FETCH_QUESTION()):
        err.print(m.NOTHING_DONE())
        raise typer.Exit(1)
    fetch_files(
        entry,
        source=source,
        on_file=lambda file, brought: out.print(
            (m.FILE_BROUGHT if brought else m.FILE_KEPT)(name=file.name), markup=False
        ),
    )


def _entry(name: str) -> Entry:
    if name in catalogue():
        return catalogue()[name]
    if name in list_suites():
        raise InputError(m.OURS_INCLUDED(id=name))
    near = difflib.get_close_matches(name, catalogue(), n=1)
    mend = m.DID_YOU_MEAN(name=near[0]) if near else m.SEE_ALL()
    raise InputError(m.UNKNOWN_SET(id=name), mend=mend)
