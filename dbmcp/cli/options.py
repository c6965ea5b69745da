"""What several commands share: the options for settings, and running a use case on them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
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


def load_settings(url: str | None, file: Path | None, *, demo: bool, writable: bool = False) -> Settings:
    """Return the effective settings of a command.

    Raises:
        ConfigError: as `dbmcp.config.load` does.
    """
    from dbmcp import config

    if demo:
        if url:
            raise click.UsageError("Give a database or --demo, not both.")
        from dbmcp.demo.seed import ensure

        url = str(ensure())
    settings = config.load(url=url, file=file)
    return config.with_writable_roles(settings) if writable else settings


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
