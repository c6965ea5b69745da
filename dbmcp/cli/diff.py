"""`dbmcp diff`: what differs between two databases, or one and what was saved of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import load_settings, looks_like_database, run, settings_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbmcp.catalog.diff import Change
    from dbmcp.catalog.model import Catalog
    from dbmcp.config import Settings
    from dbmcp.database import DatabaseSettings

_EXIT_DIFFERENT = 1


@click.command("diff", short_help="Show what differs between two databases, or one and what was saved of it.")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="[AFTER]", required=False)
@click.option("--format", "-f", "form", type=click.Choice(["human", "json"]), default="human")
@settings_options
def command(
    before: str,
    after: str | None,
    form: str,
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Show what was added (+), dropped (-) and changed (~) from BEFORE to AFTER, table by table.

    Each is a URL, a SQLite file, a database of the settings by its name, or a file of `dbmcp schema --save`; AFTER is
    the database of the settings where it is not given. Exit codes: 0 equal, 1 different, 2 something is wrong.

    \b
    dbmcp schema postgresql://reader@localhost/shop --save shop.json
    dbmcp diff shop.json postgresql://reader@localhost/shop
    dbmcp diff staging production --format json
    """
    from dbmcp.errors import ConfigError, DbmcpError

    try:
        changes = _compared(before, after, file, demo=demo, writable=writable)
    except DbmcpError as error:
        # What could not be compared is not different: that has the exit code 1.
        script = error.script if isinstance(error, ConfigError) else None
        raise ConfigError(error.message, hint=error.hint, script=script) from None
    click.echo(_FORMATS[form](changes).encode("utf-8", "replace").decode())
    if changes:
        raise click.exceptions.Exit(_EXIT_DIFFERENT)


def _compared(before: str, after: str | None, file: Path | None, *, demo: bool, writable: bool) -> tuple[Change, ...]:
    from dbmcp.use_cases import comparing

    def settings_of(url: str | None) -> Settings:
        return load_settings(url, file, demo=demo and url is None, writable=writable)

    settings = settings_of(None)
    databases: dict[str, DatabaseSettings] = {}
    sides: dict[str, Catalog | str] = {}
    # Two databases may go by the same name, as files in two folders do.
    for side, text in (("before", before), ("after", after)):
        if text is not None and _is_saved(text):
            sides[side] = comparing.read_saved(Path(text))
            continue
        is_url = text is not None and text not in settings.databases and looks_like_database(text)
        databases[side] = _only(settings_of(text), None) if is_url else _only(settings, text)
        sides[side] = side
    if not databases:
        return comparing.compare_saved(*(side for side in sides.values() if not isinstance(side, str)))
    settings = settings.model_copy(update={"databases": databases})
    return run(settings, lambda runtime: comparing.compare(runtime, sides["before"], sides["after"]))


def _is_saved(text: str) -> bool:
    """Say whether an argument is meant as a saved catalog: a file that begins as one, or an ending that says so."""
    path = Path(text)
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip().startswith((b"{", b"["))
    except OSError:
        return "://" not in text and path.suffix == ".json"


def _only(settings: Settings, name: str | None) -> DatabaseSettings:
    """Return the database of this name, or the only one where none is named.

    Raises:
        ConfigError: there is none.
    """
    from dbmcp.errors import ConfigError, did_you_mean

    known = settings.databases
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name in known:
        return known[name]
    if name is None:
        hint = f"Name one of {', '.join(known)}." if known else "Give a URL or a file, or set DATABASE_URL."
        raise ConfigError("AFTER is not given, and the settings name no single database.", hint=hint)
    hint = did_you_mean(name, known) or "Give a URL, a file, or the name of a database of the settings."
    raise ConfigError(f"There is no file and no database {name!r}.", hint=hint)


def _human(changes: tuple[Change, ...]) -> str:
    from dbmcp.catalog import diff_text

    return "\n".join(diff_text.lines(changes))


def _json(changes: tuple[Change, ...]) -> str:
    from dbmcp.catalog import diff_text

    return json.dumps(diff_text.as_data(changes), indent=2, ensure_ascii=False)


_FORMATS: dict[str, Callable[[tuple[Change, ...]], str]] = {"human": _human, "json": _json}
