"""`dbmcp explain`: how the database would run a read, and what could be better."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import load_settings, run, settings_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("explain", short_help="Show a read's plan in short, with hints.")
@click.argument("arguments", nargs=-1, required=True, metavar='[URL] "SQL"')
@click.option("--database", "-d", help="Which database, where several are configured.")
@click.option("--analyze", is_flag=True, help="Run it, and show what was found beside what was expected (PostgreSQL).")
@settings_options
def command(
    arguments: tuple[str, ...],
    database: str | None,
    analyze: bool,  # noqa: FBT001
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Show how the database would run a read: each scan, join and sort with its estimates, and hints.

    SQL of - is read from standard input. Without --analyze nothing is run. With it, a database of the settings must
    have explain_analyze set; one that is named on the command line need not.

    \b
    dbmcp explain --demo "SELECT * FROM invoice WHERE status = 'open'"
    dbmcp explain postgresql://reader@localhost/shop "SELECT …" --analyze
    """
    if len(arguments) > 2:
        raise click.UsageError('Give at most a database and one statement; put the statement in quotes: "SELECT …".')
    url = arguments[0] if len(arguments) > 1 else None
    sql = sys.stdin.read() if arguments[-1] == "-" else arguments[-1]
    settings = load_settings(url, file, demo=demo, writable=writable)
    if analyze and (url is not None or demo):
        from dbmcp import config

        settings = config.with_database_settings(settings, explain_analyze=True)
    from dbmcp.use_cases import explain_sql

    reply = run(settings, lambda runtime: explain_sql(runtime, sql, database, analyze=analyze))
    click.echo(reply.text.encode("utf-8", "replace").decode())
