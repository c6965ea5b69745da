"""`dbmcp run`: run a named query as a model would."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import check_has_queries, load_settings, queries_option, run, settings_options

if TYPE_CHECKING:
    from pathlib import Path

    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply


@click.command("run", short_help="Run a named query and print its rows.")
@click.argument("name")
@click.argument("words", nargs=-1, metavar="[KEY=VALUE]…")
@click.option("--format", "-f", "form", type=click.Choice(["csv", "json", "markdown"]), help="Format of the rows.")
@queries_option
@settings_options
def command(
    name: str,
    words: tuple[str, ...],
    form: str | None,
    folders: tuple[Path, ...],
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Run the named query NAME, under the same checks and limits as the model, and print its rows.

    A VALUE is read by the type of its parameter. An array is a JSON array, or its key several times.
    What was cut is said on standard error.

    \b
    dbmcp run --demo top_customers rank_by=orders kinds=hotel kinds=cafe
    dbmcp run late_orders since=2026-01-01 --queries queries
    """
    settings = load_settings(None, file, demo=demo, writable=writable, folders=folders)
    check_has_queries(settings)
    if form is not None:
        settings = settings.model_copy(update={"format": form})

    async def work(runtime: Runtime) -> Reply:
        from dbmcp.named_queries.assignments import read
        from dbmcp.use_cases import run_named_query

        await asyncio.to_thread(runtime.load_library)
        return await run_named_query(runtime, name, read(runtime.named_query(name), words))

    reply = run(settings, work)
    click.echo(reply.text.rstrip("\n").encode("utf-8", "replace").decode())
    if reply.notice:
        click.echo(reply.notice, err=True)
