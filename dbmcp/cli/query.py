"""`dbmcp query`: run one read as the model would."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import load_settings, run, settings_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("query", short_help="Run one read and print its rows.")
@click.argument("arguments", nargs=-1, required=True, metavar='[URL] "SQL"')
@click.option("--database", "-d", help="Which database, where several are configured.")
@click.option("--limit", "-n", type=click.IntRange(min=1), help="Rows at most.")
@click.option("--format", "-f", "form", type=click.Choice(["csv", "json", "markdown"]), help="Format of the rows.")
@click.option("--dry-run", is_flag=True, help="Only say whether it would be run, what it reads and its limits.")
@settings_options
def command(
    arguments: tuple[str, ...],
    database: str | None,
    limit: int | None,
    form: str | None,
    dry_run: bool,  # noqa: FBT001
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Run one read through the guard, under the same limits as the model, and print its rows.

    What was cut is said on standard error. SQL of - is read from standard input.

    \b
    dbmcp query --demo "SELECT count(*) FROM customer"
    dbmcp query postgresql://reader@localhost/shop "SELECT …" --format markdown
    """
    if len(arguments) > 2:
        raise click.UsageError('Give at most a database and one statement; put the statement in quotes: "SELECT …".')
    url = arguments[0] if len(arguments) > 1 else None
    sql = sys.stdin.read() if arguments[-1] == "-" else arguments[-1]
    settings = load_settings(url, file, demo=demo, writable=writable)
    from dbmcp.use_cases import Ask, check_sql, run_sql

    use_case = check_sql if dry_run else run_sql
    reply = run(settings, lambda runtime: use_case(runtime, Ask(sql, database, limit, form)))
    click.echo(reply.text.rstrip("\n").encode("utf-8", "replace").decode())
    if reply.notice:
        click.echo(reply.notice, err=True)
