"""`dbmcp query`: run one read as the model would."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import load_settings, new_query_file, run, settings_options, write_query_file

if TYPE_CHECKING:
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply


@click.command("query", short_help="Run one read and print its rows.")
@click.argument("arguments", nargs=-1, required=True, metavar='[URL] "SQL"')
@click.option("--database", "-d", help="Which database, where several are configured.")
@click.option("--limit", "-n", type=click.IntRange(min=1), help="Rows at most.")
@click.option("--format", "-f", "form", type=click.Choice(["csv", "json", "markdown"]), help="Format of the rows.")
@click.option("--dry-run", is_flag=True, help="Only say whether it would be run, what it reads and its limits.")
@click.option("--save", metavar="[GROUP/]NAME", help="Write a named query: the statement, its literals as parameters.")
@click.option("--queries", "folder", type=click.Path(path_type=Path, file_okay=False), help="Where --save writes it.")
@settings_options
def command(
    arguments: tuple[str, ...],
    database: str | None,
    limit: int | None,
    form: str | None,
    dry_run: bool,  # noqa: FBT001
    save: str | None,
    folder: Path | None,
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Run one read through the guard, under the same limits as the model, and print its rows.

    What was cut is said on standard error. SQL of - is read from standard input.

    --save also writes the statement to a file NAME.sql in the folder of --queries, else of the setting queries, else
    ./queries: what columns are compared with becomes typed parameters, and the values an example.

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

    ask = Ask(sql, database, limit, form)
    # The demo's own folder is the package's.
    folder = folder or Path("queries" if demo else next(iter(settings.queries), "queries"))
    target = new_query_file(save, folder) if save else None

    async def work(runtime: Runtime) -> tuple[Reply, str | None]:
        reply = await (check_sql if dry_run else run_sql)(runtime, ask)
        if target is None:
            return reply, None
        from dbmcp.use_cases.lifting import lift_sql

        return reply, await lift_sql(runtime, sql, database, None if reply.notice or dry_run else reply.rows)

    reply, text = run(settings, work)
    click.echo(reply.text.rstrip("\n").encode("utf-8", "replace").decode())
    if reply.notice:
        click.echo(reply.notice, err=True)
    if target is not None and text is not None:
        write_query_file(target, text)
        click.echo(f"Saved as {target}: read it over, then try it with dbmcp check.", err=True)
