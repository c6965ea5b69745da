"""`dbmcp queries`: list named queries, show one, begin one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import (
    check_has_queries,
    load_settings,
    new_query_file,
    queries_option,
    settings_options,
    write_query_file,
)

if TYPE_CHECKING:
    from dbmcp.runtime import Runtime

_TEMPLATE = """\
/*
title = "{title}"
description = "Say here what the rows are: a model chooses the query by it."{database}

[parameters.top]
type = "integer"
description = "how many rows"
default = 10
minimum = 1
maximum = 100

[[examples]]
arguments = {{ top = 3 }}
*/
SELECT 1 AS one
LIMIT :top
"""


@click.group("queries", short_help="List named queries, show one, begin one.")
def command() -> None:
    """List the named queries of the settings, show one of them, or begin one.

    \b
    dbmcp queries list --demo
    dbmcp queries show revenue --demo
    dbmcp queries new sales/late_orders
    """


def _runtime(file: Path | None, folders: tuple[Path, ...], *, demo: bool, writable: bool) -> Runtime:
    """Return a runtime whose named queries are read; no database is connected to."""
    from dbmcp.runtime import Runtime

    settings = load_settings(None, file, demo=demo, writable=writable, folders=folders)
    check_has_queries(settings)
    runtime = Runtime(settings)
    runtime.read_library()
    return runtime


@command.command("list", short_help="List named queries, a line each.")
@click.argument("words", nargs=-1, metavar="[WORDS]…")
@queries_option
@settings_options
def list_command(
    words: tuple[str, ...],
    folders: tuple[Path, ...],
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """List the named queries, a line each; those that answer to WORDS, best first, where words are given."""
    from dbmcp.use_cases import list_queries

    click.echo(list_queries(_runtime(file, folders, demo=demo, writable=writable), " ".join(words)).text)


@command.command("show", short_help="Show a named query in detail, with its SQL.")
@click.argument("name")
@queries_option
@settings_options
def show_command(
    name: str,
    folders: tuple[Path, ...],
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Show what there is to know of the named query NAME, with its file and its SQL."""
    from dbmcp.use_cases import show_query

    click.echo(show_query(_runtime(file, folders, demo=demo, writable=writable), name).text)


@command.command("new", short_help="Begin a named query.")
@click.argument("name", metavar="[GROUP/]NAME")
@click.option("--database", "-d", help="The database that it runs on, where several are configured.")
@click.option("--queries", "folder", type=click.Path(path_type=Path, file_okay=False), help="Where to write it.")
@click.option("--config", "file", type=click.Path(path_type=Path, dir_okay=False), help="Settings file.")
def new_command(name: str, database: str | None, folder: Path | None, file: Path | None) -> None:
    """Write a file to begin with: NAME.sql in the folder of --queries, else of the setting queries, else ./queries."""
    settings = load_settings(None, file, demo=False)
    target = new_query_file(name, folder or Path(next(iter(settings.queries), "queries")))
    title = target.stem.replace("_", " ").capitalize()
    where = f'\ndatabase = "{database}"' if database else ""
    write_query_file(target, _TEMPLATE.format(title=title, database=where))
    click.echo(target)
