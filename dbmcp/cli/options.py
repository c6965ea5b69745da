"""What several commands share: the options for settings, and running a use case on them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from dbmcp.config import Settings
    from dbmcp.runtime import Runtime

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


def settings_options(command: F) -> F:
    """Add --config, --demo and --allow-writable-role."""
    command = click.option(
        "--allow-writable-role", "writable", is_flag=True, help="Serve a PostgreSQL role that may do more than read."
    )(command)
    command = click.option("--demo", is_flag=True, help="Use the demo database.")(command)
    file = click.Path(path_type=Path, dir_okay=False)
    return click.option("--config", "file", type=file, help="Settings file; ./dbmcp.toml when it is there.")(command)


def queries_option(command: F) -> F:
    """Add --queries."""
    folder = click.Path(path_type=Path, file_okay=False)
    text = "A folder of named queries, beside those of the settings; may be given several times."
    return click.option("--queries", "folders", type=folder, multiple=True, metavar="DIR", help=text)(command)


def dialect_option(text: str) -> Callable[[F], F]:
    """Return what adds --dialect, with this help."""
    known = click.Choice(["postgresql", "sqlite"])
    return click.option("--dialect", type=known, default="postgresql", show_default=True, help=text)


def load_settings(
    url: str | None, file: Path | None, *, demo: bool, writable: bool = False, folders: Sequence[Path] = ()
) -> Settings:
    """Return the effective settings of a command; `folders` of named queries are added to those of the settings.

    Raises:
        ConfigError: as `dbmcp.config.load` does.
    """
    from dbmcp import config

    flags: dict[str, Any] = {}
    if demo:
        if url:
            raise click.UsageError("Give a database or --demo, not both.")
        from dbmcp.demo import samples
        from dbmcp.demo.seed import ensure

        url = str(ensure())
        # The queries of the settings are written for the databases of the settings.
        flags = {"queries": (str(samples.folder()),), "query_packs": (), "claims": dict(samples.CLAIMS)}
    settings = config.load(flags, url=url, file=file)
    if folders:
        settings = settings.model_copy(update={"queries": (*settings.queries, *map(str, folders))})
    return config.with_writable_roles(settings) if writable else settings


def check_has_queries(settings: Settings) -> None:
    """Refuse settings without named queries.

    Raises:
        ConfigError: there are none.
    """
    from dbmcp.errors import ConfigError

    if not settings.has_queries:
        raise ConfigError("There are no named queries.", hint="Give --queries, or set queries in dbmcp.toml.")


def looks_like_database(text: str) -> bool:
    """Say whether a bare argument is meant as a database: a URL, or a path with a file there or a usual ending."""
    if "://" in text or text.startswith(("sqlite:", "file:")):
        return True
    return Path(text).is_file() or text.endswith((".db", ".sqlite", ".sqlite3"))


def run(settings: Settings, work: Callable[[Runtime], Awaitable[T]]) -> T:
    """Open a runtime, run one piece of work on it, close it."""
    from dbmcp.runtime import Runtime

    async def within() -> T:
        runtime = Runtime(settings)
        try:
            await runtime.check()
            return await work(runtime)
        finally:
            await runtime.close()

    return asyncio.run(within())


def new_query_file(name: str, folder: Path) -> Path:
    """Return the file that a named query of this name is written to.

    Raises:
        UsageError: it is no name, or taken.
    """
    from dbmcp.named_queries.folders import NAME_HINT, SUFFIX
    from dbmcp.named_queries.front_matter import NAME
    from dbmcp.named_queries.library import RESERVED

    *groups, last = name.split("/")
    if not all(NAME.fullmatch(part) for part in (*groups, last)):
        raise click.UsageError(f"{name!r} is no name for a query. {NAME_HINT}")
    if last in RESERVED:
        raise click.UsageError(f"{last} is the name of a tool of dbmcp's own.")
    target = folder.joinpath(*groups, f"{last}{SUFFIX}")
    if target.exists():
        raise click.UsageError(f"{target} is there already; choose another name.")
    return target


def write_query_file(target: Path, text: str) -> None:
    """Write a new file, and the folders that it lies in.

    Raises:
        ClickException: it cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written: {error.strerror}.") from None
