"""`dbmcp check`: every fault of every named query, for people, programs and GitHub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import dialect_option, load_settings, run, settings_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbmcp.config import Settings
    from dbmcp.named_queries.model import Fault
    from dbmcp.use_cases.checking import Checked

_EXIT_FAULTS = 1


@click.command("check", short_help="Check named queries: every fault, with file, line and column.")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="[FOLDER]…")
@click.option("--live", is_flag=True, help="Prepare every query on its database, run the examples, find drift.")
@click.option("--update", is_flag=True, help="With --live: write what was learnt to queries.snapshot.json.")
@click.option("--format", "-f", "form", type=click.Choice(["human", "json", "github"]), default="human")
@dialect_option("Whose SQL it is, where no database is configured.")
@settings_options
def command(
    folders: tuple[Path, ...],
    live: bool,  # noqa: FBT001
    update: bool,  # noqa: FBT001
    form: str,
    dialect: str,
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Check the named queries of FOLDER, or of the settings' folders and packs, and print every fault of every file.

    Without --live no database is needed. Exit codes: 0 good, 1 there are faults, 2 configured wrongly.

    \b
    dbmcp check queries
    dbmcp check queries --live --update
    dbmcp check --format github
    """
    if update and not live:
        raise click.UsageError("--update writes what --live learns: give both.")
    settings = load_settings(None, file, demo=demo, writable=writable)
    # Groups are of serving. A folder that is named is checked alone.
    changes = {"queries": tuple(map(str, folders)), "query_packs": ()} if folders else {}
    settings = settings.model_copy(update={**changes, "query_groups": ()})
    checked = _live(settings, update=update) if live else _files(settings, dialect)
    click.echo(_FORMATS[form](checked).encode("utf-8", "replace").decode())
    for note in checked.notes:
        click.echo(note, err=True)
    if checked.faults:
        raise click.exceptions.Exit(_EXIT_FAULTS)


def _files(settings: Settings, dialect: str) -> Checked:
    from dbmcp.use_cases.checking import check_files

    return check_files(settings, dialect)


def _live(settings: Settings, *, update: bool) -> Checked:
    from dbmcp.errors import ConfigError, DatabaseUnavailable
    from dbmcp.use_cases.checking import check_live

    try:
        return run(settings, lambda runtime: check_live(runtime, update=update))
    except DatabaseUnavailable as error:
        # The queries may be good: that they could not be checked must not look like a fault of theirs.
        raise ConfigError(error.message, hint=error.hint) from None


def _human(checked: Checked) -> str:
    if checked.faults:
        return "\n".join([*map(str, checked.faults), f"{_counted(len(checked.faults), 'fault')}."])
    counts = [_counted(checked.queries, "query", "queries"), _counted(checked.variants, "text")]
    if checked.examples:
        counts.append(_counted(checked.examples, "example"))
    return f"No faults: {', '.join(counts)}."


def _counted(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def _json(checked: Checked) -> str:
    faults = [
        {"file": item.file, "line": item.line, "column": item.column, "message": item.message, "hint": item.hint}
        for item in checked.faults
    ]
    counts = {"queries": checked.queries, "variants": checked.variants, "examples": checked.examples}
    return json.dumps({**counts, "faults": faults}, indent=2, ensure_ascii=False)


def _github(checked: Checked) -> str:
    """Return workflow commands, which GitHub shows beside the lines of a change, and the summary for the log."""
    return "\n".join([*map(_annotation, checked.faults), _human(checked).splitlines()[-1]])


def _annotation(fault: Fault) -> str:
    place = f"file={_escaped(fault.file, ',:')},line={fault.line},col={fault.column}"
    text = f"{fault.message}{f' {fault.hint}' if fault.hint else ''}"
    return f"::error {place},title=dbmcp check::{_escaped(text)}"


def _escaped(text: str, signs: str = "") -> str:
    """Escape as GitHub's runner reads it: % and line ends everywhere, and in a property what ends it."""
    return "".join(f"%{ord(sign):02X}" if sign in f"%\r\n{signs}" else sign for sign in text)


_FORMATS: dict[str, Callable[[Checked], str]] = {"human": _human, "json": _json, "github": _github}
