"""Keeping the library of a server true: approved after the first reply, loaded again when its files change.

A good change is live at once, and clients are told. A bad one leaves the last good library serving, and is logged.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dbmcp.errors import ConfigError
from dbmcp.server.watch import changes_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcp.types import Tool

    from dbmcp.runtime import Runtime
    from dbmcp.server.changes import Audience
    from dbmcp.server.tool_list import ToolList

_LOG = logging.getLogger("dbmcp.queries")

_SETTLE_S = 0.2
_PAUSE_S = 1.0


class LibraryKeeper:
    """Approves, watches and loads again the named queries of one server, and tells its clients."""

    def __init__(self, runtime: Runtime, tools: ToolList, audience: Audience) -> None:
        self._runtime = runtime
        self._tools = tools
        self._audience = audience
        self._task: asyncio.Task[None] | None = None
        self._learning: asyncio.Task[None] | None = None
        self._approved = asyncio.Event()
        self._said = ""
        # Why the guard does not approve the library that the server began with.
        self.failure: ConfigError | None = None

    async def start(self, after_s: float) -> None:
        """Read the library, unless that was done before, and see to it on a task of its own.

        Where the guard does not approve of it later, the task that calls this is cancelled, and `failure` says why.

        Raises:
            ConfigError: the library cannot be read.
        """
        if not self._runtime.library.queries:
            await asyncio.to_thread(self._runtime.read_library)
        self._task = asyncio.create_task(self._keep(asyncio.current_task(), after_s))

    async def stop(self) -> None:
        """End it."""
        for task in (self._task, self._learning):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def approved(self) -> None:
        """Wait until the library that the server began with is approved: nothing else is run."""
        await self._approved.wait()

    def learn_again(self) -> None:
        """Ask the databases anew what the queries return, on a task of its own: a reply had other columns."""
        if self._learning is None or self._learning.done():
            self._learning = asyncio.create_task(self._learn(self._tools.listed()))

    async def _learn(self, before: Sequence[Tool]) -> None:
        """Learn what the queries return; clients are told when a tool is another one than before."""
        await self._runtime.learn_outputs()
        if self._tools.listed() != before:
            await self._audience.announce_tools()

    async def _keep(self, serving: asyncio.Task[object] | None, after_s: float) -> None:
        await asyncio.sleep(after_s)
        settings = self._runtime.settings
        error = await self._load()
        if error is not None:
            self.failure = error
            if serving is not None:
                serving.cancel()
            return
        self._approved.set()
        if not settings.watch_queries or not settings.queries:
            return
        folders = [Path(folder) for folder in settings.queries]
        while True:
            try:
                await self._follow(folders)
            except Exception as error:  # noqa: BLE001  (a server that no longer follows its files must not look well)
                _LOG.error("watching the named queries failed (%s), and begins anew", type(error).__name__)
                await asyncio.sleep(_PAUSE_S)

    async def _follow(self, folders: Sequence[Path]) -> None:
        """Load the library again whenever anything in the folders may have changed."""
        async with aclosing(changes_in(folders)) as batches:
            async for _ in batches:
                error = await self._load()
                if error is not None:
                    # A file may be half written: what is wrong with it a moment later is told.
                    await asyncio.sleep(_SETTLE_S)
                    error = await self._load()
                self._report(error)

    async def _load(self) -> ConfigError | None:
        """Load the library and tell clients when a tool is another one now; return what kept it from being loaded."""
        before = self._tools.listed()
        try:
            await asyncio.to_thread(self._runtime.load_library)
        except ConfigError as error:
            return error
        except Exception as error:  # noqa: BLE001  (whatever it is: the next change may mend it)
            return ConfigError(f"The named queries could not be loaded ({type(error).__name__}).")
        await self._learn(before)
        return None

    def _report(self, error: ConfigError | None) -> None:
        """Log what is wrong, each fault on a line of its own, and not again for every file that is touched."""
        said = str(error or "")
        if said == self._said:
            return
        self._said = said
        if error is None:
            _LOG.warning("the named queries are good again, and served as they are now")
            return
        for line in said.splitlines():
            _LOG.error("%s", line)
        _LOG.error("the named queries are served as they were before")
