"""The .sql files below a folder; what cannot be walked is a fault. Only looks at names, and reads no file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dbmcp.named_queries.front_matter import NAME
from dbmcp.named_queries.model import Fault
from dbmcp.named_queries.packs import Pack

SUFFIX = ".sql"
NAME_HINT = "Use lower-case letters, digits and _, at most 40; begin with a letter."
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class File:
    """A file found in a folder: where it is, what messages call it, its group, and its pack if it is of one."""

    path: Path
    shown: str
    group: str
    pack: Pack | None = None


class Walk:
    """The .sql files of a folder and its subfolders, sorted; links are followed, but in no circle."""

    def __init__(self, folder: Path, *, shown: str | None = None, group: str = "", pack: Pack | None = None) -> None:
        self.faults: list[Fault] = []
        self._pack = pack
        self.files = list(self._below(folder, shown or str(folder), group, ()))

    def _below(self, folder: Path, shown: str, group: str, above: tuple[str, ...]) -> Iterator[File]:
        real = os.path.realpath(folder)
        if real in above:
            self._fault(shown, "The folder is a link to one that it lies in.", "Take the link away.")
            return
        if len(above) > _MAX_DEPTH:
            self._fault(shown, f"The folders nest deeper than {_MAX_DEPTH} levels.")
            return
        for entry in self._entries(folder, shown):
            inner = str(Path(shown, entry.name))
            if _is_folder(entry):
                if not NAME.fullmatch(entry.name):
                    self._fault(inner, f"{entry.name!r} is no name for a group.", NAME_HINT)
                    continue
                below = f"{group}/{entry.name}" if group else entry.name
                yield from self._below(Path(entry.path), inner, below, (*above, real))
            elif entry.name.lower().endswith(SUFFIX):
                yield File(Path(entry.path), inner, group, self._pack)

    def _entries(self, folder: Path, shown: str) -> list[os.DirEntry[str]]:
        """Return what lies in a folder, sorted, but for what is hidden; nothing, with a fault, where that fails."""
        try:
            with os.scandir(folder) as entries:
                found = [entry for entry in entries if not entry.name.startswith(".")]
        except FileNotFoundError:
            self._fault(shown, "There is no such folder.", "Make it, or name another one in queries.")
        except NotADirectoryError:
            self._fault(shown, "This is no folder.", "Name the folder that the file is in.")
        except OSError as error:
            self._fault(shown, f"The folder cannot be read: {error.strerror}.")
        else:
            return sorted(found, key=lambda entry: entry.name)
        return []

    def _fault(self, shown: str, message: str, hint: str | None = None) -> None:
        self.faults.append(Fault(shown, 1, 1, message, hint))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link to itself: what reads it as a file says what is wrong.
        return False
