"""`dbmcp schema`: see what a database holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import load_settings, looks_like_database, run, settings_options

if TYPE_CHECKING:
    from pathlib import Path

    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply


@click.command("schema", short_help="Show tables, or one table in detail.")
@click.argument("arguments", nargs=-1, metavar="[URL] [PATTERN]")
@click.option("--database", "-d", help="Which database, where several are configured.")
@settings_options
def command(arguments: tuple[str, ...], database: str | None, file: Path | None, demo: bool, writable: bool) -> None:  # noqa: FBT001
    """Show the tables that match PATTERN, best first; every table without one, and a table by its own name in detail.

    \b
    dbmcp schema --demo
    dbmcp schema shop.db "late payments"
    dbmcp schema postgresql://reader@localhost/shop public.orders
    """
    if len(arguments) > 2:
        raise click.UsageError("Give at most a database and one pattern.")
    url: str | None = None
    pattern = ""
    if len(arguments) == 2:
        url, pattern = arguments
    elif arguments and looks_like_database(arguments[0]) and not demo:
        url = arguments[0]
    elif arguments:
        pattern = arguments[0]
    settings = load_settings(url, file, demo=demo, writable=writable)

    async def work(runtime: Runtime) -> Reply:
        from dbmcp import use_cases
        from dbmcp.errors import UnknownTable

        if pattern:
            try:
                return await use_cases.describe_tables(runtime, [pattern], database)
            except UnknownTable:
                return await use_cases.search_schema(runtime, pattern, database)
        return await use_cases.describe_database(runtime, database)

    click.echo(run(settings, work).text.encode("utf-8", "replace").decode())
