"""Noticing changes in the folders of named queries, also when a folder is deleted, made anew or swapped by a link.

The system tells of changes within a folder, but loses sight of the folder itself once that is moved or deleted, and
of what links lead to. So the folders, and the files behind links, are looked at each second as well, which costs one
call of the system each; folders behind links are watched like the others.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

_LOG = logging.getLogger("dbmcp.watch")

_LOOK_EVERY_S = 1.0
# Saving a file is several changes within milliseconds.
_QUIET_MS = 50
# As deep as named queries are looked for.
_MAX_DEPTH = 8


async def changes_in(folders: Sequence[Path]) -> AsyncGenerator[None]:
    """Yield within a second after watching began, and whenever anything in the folders may have changed since."""
    folders = [folder.absolute() for folder in folders]
    gone = {("deleted", str(folder)) for folder in folders}
    while True:
        links = _Links(folders)
        watched = [*folders, *links.folders]
        seen = _identities(watched), links.states()
        there = [folder for folder, identity in zip(watched, seen[0], strict=True) if identity is not None]
        is_first = True
        async with aclosing(_batches(there)) as batches:
            async for batch in batches:
                # The next folder made may get the inode of the one deleted: its deletion tells them apart.
                is_other = (_identities(watched), links.states()) != seen or not gone.isdisjoint(batch)
                is_other = is_other or (bool(batch) and _Links(folders) != links)
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


class _Links:
    """The links below folders: `folders` are where those to a folder lead, `files` those to a file."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders: list[Path] = []
        self.files: list[Path] = []
        for folder in folders:
            self._look_below(str(folder))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Links) and (self.folders, self.files) == (other.folders, other.files)

    __hash__ = None  # type: ignore[assignment]

    def _look_below(self, folder: str, depth: int = 0) -> None:
        try:
            with os.scandir(folder) as entries:
                found = sorted(
                    (entry for entry in entries if not entry.name.startswith(".")), key=lambda item: item.name
                )
        except OSError:
            return
        for entry in found:
            is_link, is_folder = entry.is_symlink(), _is_folder(entry)
            if is_link and is_folder:
                real = Path(os.path.realpath(entry.path))
                # A link that leads back is told by whoever reads the files.
                if real in self.folders or Path(entry.path).is_relative_to(real):
                    continue
                self.folders.append(real)
            elif is_link:
                self.files.append(Path(entry.path))
            if is_folder and depth < _MAX_DEPTH:
                self._look_below(entry.path, depth + 1)

    def states(self) -> list[tuple[int, ...] | None]:
        """Return what tells each file that a link leads to from another one, and from itself after a change."""
        return [_state(file) for file in self.files]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _state(file: Path) -> tuple[int, ...] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
