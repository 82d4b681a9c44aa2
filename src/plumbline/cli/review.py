"""`plumbline review`: people judge in the browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from plumbline.cli.console import err, out
from plumbline.errors import InputError
from plumbline.review import messages as m

if TYPE_CHECKING:
    from plumbline.review.database import Database

app = typer.Typer(help=m.HELP(), no_args_is_help=True)

# Read from the folder, as importing the package for its list would slow every command down.
_FOLDER = Path(m.__file__).parent / "protocols"
_PROTOCOLS = ", ".join(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
Db = Annotated[str, typer.Option("--db", help=m.HELP_DB(), envvar="PLUMBLINE_REVIEW_DB")]
ProjectName = Annotated[str, typer.Argument(help=m.HELP_PROJECT())]
SQLITE = "sqlite:///review.db"
URL = "http://127.0.0.1:8000"


@app.command(help=m.HELP_CREATE())
def create(
    protocol: Annotated[str, typer.Argument(help=m.HELP_PROTOCOL(known=_PROTOCOLS))],
    # `--from runs/a runs/b` reads naturally: the option takes the first, the argument the rest.
    more: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", help=m.HELP_FROM())] = None,
    sources: Annotated[list[Path] | None, typer.Option("--from", help=m.HELP_FROM())] = None,
    name: Annotated[str | None, typer.Option(help=m.HELP_NAME())] = None,
    gold: Annotated[list[Path] | None, typer.Option(help=m.HELP_GOLD())] = None,
    overlap: Annotated[int | None, typer.Option(min=1, max=50, help=m.HELP_OVERLAP())] = None,
    seed: Annotated[str | None, typer.Option(help=m.HELP_SEED())] = None,
    coordinator: Annotated[str | None, typer.Option(help=m.HELP_COORDINATOR())] = None,
    reviewer: Annotated[list[str] | None, typer.Option(help=m.HELP_REVIEWERS())] = None,
    url: Annotated[str, typer.Option(help=m.HELP_URL())] = URL,
    db: Db = SQLITE,
) -> None:
    """Make a project and print the coordinator's link."""
    from plumbline.review import create_project, load_protocol

    database = _open(db)
    project = create_project(
        database, load_protocol(protocol), [*(sources or []), *(more or [])],
        name=name, gold=gold or [], overlap=overlap, seed=seed,
    )  # fmt: skip
    _note(database, int(project.id or 0), "project created")
    out.print(m.CREATED(name=project.name, items=project.items, overlap=project.overlap), markup=False)
    people = [(coordinator or m.COORDINATOR(), "coordinator"), *((one, "reviewer") for one in reviewer or [])]
    for person, role in people:
        _print_link(database, int(project.id or 0), person, role, 14, url)
    err.print(m.NEXT_SERVE(db=db), markup=False)


@app.command("list", help=m.HELP_LIST())
def list_projects(db: Db = SQLITE) -> None:
    """Show every project and how far it is."""
    from plumbline.review import list_projects, progress

    database = _open(db)
    shown = Table(box=None, pad_edge=False)
    for column in (m.COLUMN_PROJECT, m.COLUMN_ITEMS, m.COLUMN_FINISHED, m.COLUMN_JUDGEMENTS):
        shown.add_column(column())
    with database.read() as session:
        for project in list_projects(session):
            far = progress(session, project)
            shown.add_row(project.name, str(far.items), str(far.finished), str(far.judgements))
    out.print(shown)


@app.command(help=m.HELP_SERVE())
def serve(
    db: Db = SQLITE,
    host: Annotated[str, typer.Option(help=m.HELP_HOST())] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help=m.HELP_PORT())] = 8000,
    url: Annotated[str | None, typer.Option(help=m.HELP_URL())] = None,
    tls_cert: Annotated[Path | None, typer.Option(help=m.HELP_TLS())] = None,
    tls_key: Annotated[Path | None, typer.Option(help=m.HELP_TLS())] = None,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help=m.HELP_PROXY())] = False,
    insecure_http: Annotated[bool, typer.Option("--insecure-http", help=m.HELP_INSECURE())] = False,
) -> None:
    """Serve the pages until interrupted."""
    from plumbline.review.serve import Listening
    from plumbline.review.serve import serve as serve_pages

    listening = Listening(host, port, url, tls_cert, tls_key, behind_proxy, insecure_http)
    listening.check()
    serve_pages(db, listening, lambda: err.print(m.SERVING(url=listening.address), markup=False))


@app.command(help=m.HELP_INVITE())
def invite(
    project: ProjectName,
    name: Annotated[list[str], typer.Argument(help=m.HELP_REVIEWERS())],
    role: Annotated[str, typer.Option(help=m.HELP_ROLE())] = "reviewer",
    days: Annotated[float, typer.Option(min=0.01, max=365, help=m.HELP_DAYS())] = 14,
    url: Annotated[str, typer.Option(help=m.HELP_URL())] = URL,
    db: Db = SQLITE,
) -> None:
    """Print a personal link for each name; a name that is in the project gets a new link."""
    database = _open(db)
    for person in name:
        _print_link(database, _project(database, project), person, role, days, url)


@app.command(help=m.HELP_REVOKE())
def revoke(project: ProjectName, name: Annotated[str, typer.Argument()], db: Db = SQLITE) -> None:
    """End a person's links, sign-ins and part in the project."""
    from plumbline.review import people

    database = _open(db)
    project_id = _project(database, project)
    account = people.find_member(database, project_id, name)
    ended = people.revoke(database, project_id, account)
    _note(database, project_id, "access revoked", person=account)
    out.print(m.REVOKED(name=name, n=ended), markup=False)


@app.command(help=m.HELP_PASSWORD())
def password(
    project: ProjectName,
    name: Annotated[str, typer.Argument()],
    login: Annotated[str, typer.Option()],
    db: Db = SQLITE,
) -> None:
    """Ask for a password on the terminal and set it."""
    from plumbline.review import people

    database = _open(db)
    project_id = _project(database, project)
    account = people.find_member(database, project_id, name)
    secret = typer.prompt(m.PASSWORD_PROMPT(), hide_input=True, confirmation_prompt=True)
    people.set_password(database, account, login, secret)
    _note(database, project_id, "password set", person=account)
    out.print(m.PASSWORD_SET(name=name, login=login), markup=False)


@app.command(help=m.HELP_RESULTS())
def results(
    project: ProjectName,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    as_csv: Annotated[bool, typer.Option("--csv")] = False,
    html: Annotated[Path | None, typer.Option("--html", help=m.HELP_FILE())] = None,
    to_run: Annotated[list[Path] | None, typer.Option("--to-run", help=m.HELP_TO_RUN())] = None,
    to_data: Annotated[Path | None, typer.Option("--to-data", help=m.HELP_TO_DATA())] = None,
    db: Db = SQLITE,
) -> None:
    """Show the results, or hand them on."""
    from plumbline.review import find_project, handover, review_results

    if as_json and as_csv:
        raise InputError(m.TWO_FORMATS(), where="--json, --csv", mend=m.ONE_FORMAT())
    database = _open(db)
    with database.read() as session:
        found = find_project(session, project)
        table = handover.as_csv(session, found) if as_csv else None
        written = [handover.to_run(session, found, folder) for folder in to_run or []]
        written += [handover.to_data(session, found, to_data)] if to_data else []
        body = review_results(session, found)
    if html:
        from plumbline.review.web.standalone import write_results

        write_results(body, html)
        written.append((html, len(body["models"])))
    piped = as_json or as_csv
    for path, rows in written:
        (err if piped else out).print(m.WRITTEN(path=path, rows=rows), markup=False)
    if table is not None:
        print(table, end="")
    elif as_json:
        print(json.dumps(body, ensure_ascii=False, indent=2))
    elif not written:
        _print_results(body)


@app.command("export", help=m.HELP_EXPORT())
def export_project(
    project: ProjectName,
    file: Annotated[Path, typer.Option("--out", "-o", help=m.HELP_FILE())],
    format: Annotated[str, typer.Option("--format", help=m.HELP_FORMAT())] = "jsonl",
    db: Db = SQLITE,
) -> None:
    """Write items and judgements to a file; works while serving."""
    from plumbline.review import exchange, find_project

    database = _open(db)
    with database.read() as session:
        rows = exchange.write(session, find_project(session, project), file, format)
    _note(database, _project(database, project), "exported", format=format)
    out.print(m.WRITTEN(path=file, rows=rows), markup=False)


@app.command("import", help=m.HELP_IMPORT())
def import_judgements(
    project: ProjectName,
    file: Annotated[Path, typer.Argument()],
    format: Annotated[str, typer.Option("--format", help=m.HELP_FORMAT())] = "jsonl",
    db: Db = SQLITE,
) -> None:
    """Add judgements made elsewhere; the same file twice adds nothing."""
    from plumbline.review import exchange

    database = _open(db)
    project_id = _project(database, project)
    new, known = exchange.read(database, project_id, file, format)
    _note(database, project_id, "imported", format=format, new=new)
    out.print(m.IMPORTED(new=new, known=known), markup=False)


@app.command(help=m.HELP_BACKUP())
def backup(file: Annotated[Path, typer.Argument(help=m.HELP_FILE())], db: Db = SQLITE) -> None:
    """Copy the database, consistent to one moment."""
    size = _open(db).backup(file)
    out.print(m.BACKUP_DONE(path=file, size=size), markup=False)


def _open(url: str) -> Database:
    from plumbline.review import open_database

    return open_database(url)


def _project(database: Database, name: str) -> int:
    from plumbline.review import find_project

    with database.read() as session:
        return int(find_project(session, name).id or 0)


def _note(database: Database, project_id: int, action: str, **detail: Any) -> None:
    """What is done here goes into the project's log as what is done in the browser does."""
    from plumbline.review import audit

    with database.write() as session:
        audit.note(session, action, project_id=project_id, **detail)


def _print_link(database: Database, project_id: int, person: str, role: str, days: float, url: str) -> None:
    from plumbline.review import people

    link = people.invite_by_name(database, project_id, person, role, days=days)
    _note(database, project_id, "link made", person=link.account_id, role=role)
    shown = m.ROLE_coordinator() if role == "coordinator" else m.ROLE_reviewer()
    out.print(m.YOUR_LINK(name=person, role=shown, days=f"{days:g}"), markup=False, soft_wrap=True)
    out.print(f"  {url.rstrip('/')}{link.path}", markup=False, soft_wrap=True)


def _print_results(body: dict[str, Any]) -> None:
    far = body["progress"]
    out.print(
        f"{body['project']}: {far['finished']}/{far['items']}, {far['judgements']}/{far['wanted']}",
        markup=False,
    )
    _print_table((m.COLUMN_MODEL, m.COLUMN_CRITERION, m.COLUMN_SCORE, m.COLUMN_ITEMS), [
        (row["model"], row["criterion"], _interval(row["score"]), str(row["items"])) for row in body["models"]
    ])  # fmt: skip
    if body["ranking"]:
        _print_table((m.COLUMN_MODEL, m.COLUMN_WINS, m.COLUMN_JUDGEMENTS), [
            (row["model"], _interval(row["win_rate"]), str(row["comparisons"])) for row in
            body["ranking"]["models"]
        ])  # fmt: skip
    _print_table((m.COLUMN_QUESTION, m.COLUMN_ALPHA, m.COLUMN_ITEMS), [
        (row["question"], _interval(row["agreement"]["alpha"]), str(row["agreement"]["units"]))
        for row in body["questions"] if "agreement" in row
    ])  # fmt: skip


def _print_table(columns: tuple[Any, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        return
    shown = Table(box=None, pad_edge=False)
    for column in columns:
        shown.add_column(column())
    for row in rows:
        shown.add_row(*row)
    out.print(shown)


def _interval(value: dict[str, float | None]) -> str:
    shown = [
        "–" if number is None else f"{number:.3f}"
        for number in (value["estimate"], value["low"], value["high"])
    ]
    return f"{shown[0]} \\[{shown[1]}, {shown[2]}]"
