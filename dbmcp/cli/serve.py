"""`dbmcp serve`: the MCP server over stdin and stdout."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING

import click

from dbmcp.cli.options import load_settings, settings_options
from dbmcp.errors import ConfigError, DbmcpError

if TYPE_CHECKING:
    from pathlib import Path

    from dbmcp.config import Settings


@click.command("serve", short_help="Serve databases to an MCP client over stdin and stdout.")
@click.argument("url", required=False)
@settings_options
def command(url: str | None, file: Path | None, demo: bool, writable: bool) -> None:  # noqa: FBT001
    """Serve databases to an MCP client over stdin and stdout.

    URL is a postgresql:// URL or the path of a SQLite file. Without one, DATABASE_URL or dbmcp.toml say what
    is served. The databases are connected to once before anything is served; when one cannot be
    reached, the exit code is 2.

    \b
    claude mcp add shop -- dbmcp serve postgresql://reader@localhost/shop
    """
    # The collector would look through half a million new objects for nothing while modules are imported.
    gc.disable()
    settings = load_settings(url, file, demo=demo, writable=writable)
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Not the root: libraries log statements, literals and all.
    logging.getLogger("dbmcp").setLevel(settings.log_level.upper())
    checking = _Checking(settings)
    # The SDK is imported while the databases answer.
    from dbmcp.runtime import Runtime
    from dbmcp.server import stdio
    from dbmcp.server.app import create_server

    checking.finish()
    server = create_server(Runtime(settings))
    gc.freeze()
    # A request leaves no cycles behind: the collector need not look after every few hundred objects.
    gc.set_threshold(10_000, 20, 50)
    gc.enable()
    stdio.run(server)
    # Everything is closed. Taking the interpreter apart would outlast the tenth of a second a client may wait.
    logging.shutdown()
    sys.stderr.flush()
    os._exit(0)


class _Checking:
    """The check of every database, on a thread with a loop of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._check, daemon=True)
        self._thread.start()

    def _check(self) -> None:
        from dbmcp.runtime import Runtime

        try:
            if self._settings.check_at_start or not self._settings.databases:
                asyncio.run(Runtime(self._settings).check())
        except BaseException as error:  # noqa: BLE001
            self._error = error

    def finish(self) -> None:
        """Wait for the check.

        Raises:
            ConfigError: a database is configured wrongly or cannot be reached: nothing is served.
        """
        self._thread.join()
        if isinstance(self._error, ConfigError):
            raise self._error
        if isinstance(self._error, DbmcpError):
            raise ConfigError(self._error.message, hint=self._error.hint)
        if self._error is not None:
            raise ConfigError("A database could not be checked.", hint=f"({type(self._error).__name__})")
