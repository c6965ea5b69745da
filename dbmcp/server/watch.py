"""Noticing changes in the folders of named queries, also when a folder is deleted, made anew or swapped by a link.

The system tells of changes within a folder, but loses sight of the folder itself once that is moved or deleted. So
the folders are looked at each second as well, which costs one call of the system each.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path

_LOG = logging.getLogger("dbmcp.watch")

_LOOK_EVERY_S = 1.0
# Saving a file is several changes within milliseconds.
_QUIET_MS = 50


async def changes_in(folders: Sequence[Path]) -> AsyncGenerator[None]:
    """Yield within a second after watching began, and whenever anything in the folders may have changed since."""
    folders = [folder.absolute() for folder in folders]
    gone = {("deleted", str(folder)) for folder in folders}
    while True:
        seen = _identities(folders)
        there = [folder for folder, identity in zip(folders, seen, strict=True) if identity is not None]
        is_first = True
        async with aclosing(_batches(there)) as batches:
            async for batch in batches:
                # The next folder made may get the inode of the one deleted: its deletion tells them apart.
                is_other = _identities(folders) != seen or not gone.isdisjoint(batch)
                if batch or is_first or is_other:
                    yield
                if is_other:
                    break
                is_first = False


async def _batches(folders: Sequence[Path]) -> AsyncGenerator[set[tuple[str, str]]]:
    """Yield what happened to which paths, as far as it happened together, and an empty set each second.

    Where the watcher failed, what happened meanwhile is not known: that is told as a change of its own.
    """
    # Imported with the first folder, after the first reply.
    from watchfiles import awatch  # noqa: PLC0415

    by_polling: bool | None = None
    unseen: set[tuple[str, str]] = set()
    while True:
        try:
            if folders:
                async for found in awatch(
                    *folders,
                    watch_filter=None,
                    step=_QUIET_MS,
                    rust_timeout=int(_LOOK_EVERY_S * 1_000),
                    yield_on_timeout=True,
                    force_polling=by_polling,
                    ignore_permission_denied=True,
                ):
                    yield {(change.name, path) for change, path in found} | unseen
                    unseen = set()
        except FileNotFoundError:
            pass
        except ExceptionGroup as group:
            # It began, and then met what it cannot tell, such as a name that is not UTF-8: the next one may do better.
            _LOG.warning("the watcher of the named queries begins anew: %s", group.exceptions[0])
            unseen = {("unseen", "")}
        except (OSError, RuntimeError) as error:
            # Mostly the system's limit on watches. Without a watcher a change would go unnoticed.
            if by_polling is None:
                _LOG.warning("the folders of named queries are polled, for they cannot be watched: %s", error)
            by_polling = True
        await asyncio.sleep(_LOOK_EVERY_S)
        yield set()


def _identities(folders: Sequence[Path]) -> list[tuple[int, int] | None]:
    """Return what tells each folder from another of its name; None where there is none."""
    return [_identity(folder) for folder in folders]


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
