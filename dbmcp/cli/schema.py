"""`dbmcp schema`: see what a database holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import load_settings, looks_like_database, run, settings_options

if TYPE_CHECKING:
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply


_FILE = click.Path(path_type=Path, dir_okay=False)


def _picture(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """Refuse a file whose ending does not say what to draw."""
    if path is not None and path.suffix.lower() not in (".svg", ".html", ".mmd"):
        raise click.BadParameter(f"an ER diagram is a file of .svg, .html or .mmd, and {path} is none.")
    return path


@click.command("schema", short_help="Show tables, or one table in detail.")
@click.argument("arguments", nargs=-1, metavar="[URL] [PATTERN]")
@click.option("--database", "-d", help="Which database, where several are configured.")
@click.option("--erd", type=_FILE, callback=_picture, help="Draw the tables in a file: .svg, .html or .mmd (Mermaid).")
@click.option("--save", type=_FILE, help="Write all that the database holds to this file, for dbmcp diff.")
@settings_options
def command(
    arguments: tuple[str, ...],
    database: str | None,
    erd: Path | None,
    save: Path | None,
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Show the tables that match PATTERN, best first; every table without one, and a table by its own name in detail.

    \b
    dbmcp schema --demo
    dbmcp schema shop.db "late payments"
    dbmcp schema postgresql://reader@localhost/shop public.orders
    dbmcp schema shop.db --erd shop.html
    dbmcp schema shop.db --save shop.json
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

    from dbmcp import use_cases

    async def work(runtime: Runtime) -> Reply:
        from dbmcp.errors import UnknownTable

        if pattern:
            try:
                return await use_cases.describe_tables(runtime, [pattern], database)
            except UnknownTable:
                return await use_cases.search_schema(runtime, pattern, database)
        return await use_cases.describe_database(runtime, database)

    if erd is not None:
        form = erd.suffix.lower().removeprefix(".")
        _write(erd, run(settings, lambda runtime: use_cases.draw_diagram(runtime, form, pattern, database)).text)
    if save is not None:
        _write(save, run(settings, lambda runtime: use_cases.save_catalog(runtime, database)).text)
    if erd is not None or save is not None:
        return
    click.echo(run(settings, work).text.encode("utf-8", "replace").decode())


def _write(path: Path, text: str) -> None:
    """Write a file anew, unless there is one that begins otherwise: it may be the database.

    Raises:
        UsageError: there is such a file.
        ClickException: it cannot be written.
    """
    begins = text[:4].encode()
    try:
        if path.exists():
            with path.open("rb") as file:
                if file.read(4) not in (begins, b""):
                    raise click.UsageError(f"{path} is there already, and is something else; choose another name.")
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
