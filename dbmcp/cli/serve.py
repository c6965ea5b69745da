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

from dbmcp.cli.options import load_settings, queries_option, settings_options
from dbmcp.collector import settle
from dbmcp.errors import ConfigError, DbmcpError

if TYPE_CHECKING:
    from pathlib import Path

    from dbmcp.config import Settings
    from dbmcp.named_queries.model import Library

_SWITCH_S = 0.0005


@click.command("serve", short_help="Serve databases to an MCP client over stdin and stdout.")
@click.argument("url", required=False)
@queries_option
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="GROUP",
    help="Serve the named queries of this group alone, or of several.",
)
@settings_options
def command(
    url: str | None,
    folders: tuple[Path, ...],
    groups: tuple[str, ...],
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
) -> None:
    """Serve databases to an MCP client over stdin and stdout.

    URL is a postgresql:// URL or the path of a SQLite file. Without one, DATABASE_URL or dbmcp.toml say what
    is served. The databases are connected to once before anything is served; when one cannot be
    reached, or a file of named queries has a fault, the exit code is 2.

    \b
    claude mcp add shop -- dbmcp serve postgresql://reader@localhost/shop
    dbmcp serve shop.db --queries queries --group sales
    """
    # The collector would look through half a million new objects for nothing while modules are imported.
    gc.disable()
    settings = load_settings(url, file, demo=demo, writable=writable, folders=folders)
    if groups:
        settings = settings.model_copy(update={"query_groups": groups})
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Not the root: libraries log statements, literals and all.
    logging.getLogger("dbmcp").setLevel(settings.log_level.upper())
    checking = _Checking(settings)
    from dbmcp.runtime import Runtime
    from dbmcp.server.deferral import deferred_models

    # The SDK is imported while the databases answer.
    with deferred_models():
        from dbmcp.server import stdio
        from dbmcp.server.app import create_server

    runtime = Runtime(settings)
    if (library := checking.finish()) is not None:
        runtime.library = library
    server = create_server(runtime)
    settle()
    # A thread that reads a large schema must not hold up the requests for five milliseconds, as is usual.
    sys.setswitchinterval(_SWITCH_S)
    stdio.run(server)
    # Everything is closed. Taking the interpreter apart would outlast the tenth of a second a client may wait.
    logging.shutdown()
    sys.stderr.flush()
    os._exit(0)


class _Checking:
    """The check of every database, and a first look at the named queries, on a thread with a loop of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._error: BaseException | None = None
        self._library: Library | None = None
        self._thread = threading.Thread(target=self._check, daemon=True)
        self._thread.start()

    def _check(self) -> None:
        from dbmcp.runtime import Runtime

        try:
            runtime = Runtime(self._settings)
            if self._settings.check_at_start or not self._settings.databases:
                asyncio.run(runtime.check())
            if self._settings.has_queries:
                runtime.read_library()
                self._library = runtime.library
        except BaseException as error:  # noqa: BLE001
            self._error = error

    def finish(self) -> Library | None:
        """Wait for the check; return the named queries, as far as they can be listed, None where there are to be none.

        Raises:
            ConfigError: a database is configured wrongly or cannot be reached, a query has a fault: nothing is served.
        """
        self._thread.join()
        if isinstance(self._error, ConfigError):
            raise self._error
        if isinstance(self._error, DbmcpError):
            raise ConfigError(self._error.message, hint=self._error.hint)
        if self._error is not None:
            raise ConfigError("A database could not be checked.", hint=f"({type(self._error).__name__})")
        return self._library
