"""`dbmcp schema`: see what a database holds."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import load_settings, looks_like_database, run, settings_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply


_FILE = click.Path(path_type=Path, dir_okay=False)
_TREE = "tree"


class _Format(click.ParamType[str]):
    """One of the texts of a catalog, or a tree: the texts are a family, which is asked only where it is needed."""

    name = "format"

    def _known(self) -> list[str]:
        from dbmcp.catalog.texts import TEXTS

        return [_TREE, *TEXTS]

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return f"[{'|'.join(self._known())}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(click.Choice(self._known()).convert(value, param, ctx))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return click.Choice(self._known()).shell_complete(ctx, param, incomplete)


def _picture(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """Refuse a file whose ending does not say what to draw."""
    if path is not None and path.suffix.lower() not in (".svg", ".html", ".mmd"):
        raise click.BadParameter(f"an ER diagram is a file of .svg, .html or .mmd, and {path} is none.")
    return path


@click.command("schema", short_help="Show tables, or one table in detail.")
@click.argument("arguments", nargs=-1, metavar="[URL] [PATTERN]")
@click.option("--database", "-d", help="Which database, where several are configured.")
@click.option("--data", is_flag=True, help="With a table: its shape as well, by sample rows and statistics.")
@click.option("--erd", type=_FILE, callback=_picture, help="Draw the tables in a file: .svg, .html or .mmd (Mermaid).")
@click.option("--format", "-f", "text", type=_Format(), help="How to write them, whole; else as a model sees them.")
@click.option("--save", type=_FILE, help="Write all that the database holds to this file, for dbmcp diff.")
@settings_options
def command(
    arguments: tuple[str, ...],
    database: str | None,
    data: bool,  # noqa: FBT001
    erd: Path | None,
    text: str | None,
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
    dbmcp schema shop.db orders --data
    dbmcp schema shop.db --erd shop.html
    dbmcp schema shop.db --format sql > shop.sql
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
    if data:
        _check_data(pattern, schema_alone=bool(text or erd or save))
    settings = load_settings(url, file, demo=demo, writable=writable)

    from dbmcp import use_cases

    if erd is not None:
        form = erd.suffix.lower().removeprefix(".")
        _write(erd, run(settings, lambda runtime: use_cases.draw_diagram(runtime, form, pattern, database)).text)
    if save is not None:
        _write(save, run(settings, lambda runtime: use_cases.save_catalog(runtime, database)).text)
    if erd is not None or save is not None:
        return
    if text is None and not pattern and sys.stdout.isatty():
        text = _TREE
    reply = run(settings, lambda runtime: _shown(runtime, pattern, database, text, data=data))
    # A file gets a text as it is, escape characters and all.
    click.echo(reply.text.encode("utf-8", "replace").decode(), color=True)


def _check_data(pattern: str, *, schema_alone: bool) -> None:
    """Refuse --data where no reply would hold it."""
    if not pattern:
        raise click.UsageError("--data is for a table: name one.")
    if schema_alone:
        raise click.UsageError("--data goes with none of --format, --erd and --save: they show the schema alone.")


async def _shown(runtime: Runtime, pattern: str, database: str | None, text: str | None, *, data: bool) -> Reply:
    """Return a table with its data, if that is wanted, or the tables that are found; all of them without a pattern."""
    from dbmcp import use_cases
    from dbmcp.errors import UnknownTable

    if text is not None:
        return await _written(runtime, pattern, database, text)
    if not pattern:
        return await use_cases.describe_database(runtime, database)
    try:
        described = await use_cases.describe_tables(runtime, [pattern], database)
    except UnknownTable:
        return await use_cases.search_schema(runtime, pattern, database)
    return await use_cases.shape_of_tables(runtime, [pattern], database, described) if data else described


async def _written(runtime: Runtime, pattern: str, database: str | None, name: str) -> Reply:
    """Return tables as one of the texts, whole: those that are called as the pattern, else those that it finds."""
    from dbmcp.cli.tree import tree
    from dbmcp.use_cases.exploring import show_schema

    on_terminal = sys.stdout.isatty()

    def written(catalog: Catalog, relations: Sequence[Relation]) -> str:
        from dbmcp.catalog.texts import TEXTS

        if name == _TREE:
            width = shutil.get_terminal_size().columns if on_terminal else None
            return tree(catalog, relations, width=width, coloured=on_terminal and "NO_COLOR" not in os.environ)
        text = TEXTS[name].write(catalog, relations)
        # A file holds a comment as it is; a terminal would do what its control characters say.
        return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t") if on_terminal else text

    return await show_schema(runtime, pattern, database, written)


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
