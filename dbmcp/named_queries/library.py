"""Folders of .sql files → a Library, whole or not at all."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from dbmcp.errors import ConfigError, did_you_mean
from dbmcp.limits import Limits
from dbmcp.named_queries.folders import NAME_HINT, SUFFIX, File, Walk
from dbmcp.named_queries.front_matter import NAME
from dbmcp.named_queries.model import Fault, Home, Library, LibraryError, Source, line_and_column
from dbmcp.named_queries.packs import PACKS
from dbmcp.named_queries.reader import QueryReader

MAX_FILE_BYTES = 262_144
# Names of dbmcp's own tools.
RESERVED = frozenset(
    {"query", "search_schema", "describe_tables", "explain", "generate_models", "find_query", "run_query"}
)


def load(
    folders: Sequence[Path | str],
    homes: Mapping[str, Home],
    limits: Limits,
    packs: Sequence[str] = (),
    former: Library | None = None,
) -> Library:
    """Return the queries of all folders and packs, for the databases of these names. It reads files and runs nothing.

    With a `former` library, files that have not changed since are not read by the guard again.

    Raises:
        LibraryError: with every fault of every file; nothing is loaded then.
        ConfigError: there is no pack of a name.
    """
    return _library_of(_Reader(homes, limits, former), folders, packs)


def read(
    folders: Sequence[Path | str], homes: Mapping[str, Home], limits: Limits, packs: Sequence[str] = ()
) -> Library:
    """Return what `load` would, without asking the guard: queries that can be listed, and cannot be run.

    It takes a quarter of the time, and imports none of the guard's parsers.

    Raises:
        LibraryError, ConfigError: as `load` does, less what the guard would refuse.
    """
    return _library_of(_Reader(homes, limits, None, approves=False), folders, packs)


def _library_of(reader: _Reader, folders: Sequence[Path | str], packs: Sequence[str]) -> Library:
    for folder in folders:
        reader.take(Walk(Path(folder)))
    for name in packs:
        pack = PACKS.get(name)
        if pack is None:
            hint = did_you_mean(name, PACKS) or f"Known are {', '.join(PACKS)}."
            raise ConfigError(f"query_packs: there is no pack {name!r}.", hint=hint)
        if not any(pack.is_for(home) for home in reader.homes.values()):
            message = f"query_packs: the pack {name!r} needs a database of {pack.dialect} without a policy."
            raise ConfigError(message, hint="Leave the pack out: there is no such database.")
        reader.take(Walk(pack.folder, shown=pack.shown, group=name, pack=pack))
    if reader.faults:
        raise LibraryError(sorted(reader.faults, key=lambda fault: (fault.file, fault.line, fault.column)))
    return reader.library()


class _Reader:
    """Reads files into queries, and gathers the faults of all."""

    def __init__(
        self, homes: Mapping[str, Home], limits: Limits, former: Library | None, *, approves: bool = True
    ) -> None:
        self.faults: list[Fault] = []
        self.homes = dict(homes)
        self._approves = approves
        self._limits = limits
        # What a file means depends on them, too.
        is_same = former is not None and former.homes == self.homes and former.limits == limits
        self._known: Mapping[Path, Source] = former.sources if former is not None and is_same else {}
        self._sources: dict[Path, Source] = {}
        self._files: dict[str, str] = {}

    def take(self, walk: Walk) -> None:
        """Read every file of a folder."""
        self.faults += walk.faults
        for file in walk.files:
            self._read(file)

    def library(self) -> Library:
        """Return what was read."""
        found = sorted(self._sources.values(), key=lambda source: source.query.name)
        fingerprint = hashlib.sha256(repr([(item.query.name, item.digest) for item in found]).encode())
        fingerprint.update(repr(sorted(self.homes.items())).encode())
        return Library(
            {source.query.name: source.query for source in found},
            fingerprint.hexdigest()[:16],
            # What the guard has not seen is not taken over by the next load.
            self._sources if self._approves else {},
            self.homes,
            self._limits,
        )

    def _fault(self, file: File, message: str, hint: str | None = None) -> None:
        self.faults.append(Fault(file.shown, 1, 1, message, hint))

    def _read(self, file: File) -> None:
        name = file.path.name[: -len(SUFFIX)]
        if not NAME.fullmatch(name) or file.path.suffix != SUFFIX:
            self._fault(file, f"{file.path.name!r} is no name for a query.", NAME_HINT)
        elif name in RESERVED:
            self._fault(file, f"{name} is the name of a tool of dbmcp's own.", "Give the file another name.")
        elif name in self._files:
            hint = "Give one of them another name: it is the tool's, whatever the folder."
            self._fault(file, f"There is a query {name} in {self._files[name]} already.", hint)
        self._files.setdefault(name, file.shown)
        content = self._content(file)
        if content is None:
            return
        digest = hashlib.sha256(content).hexdigest()
        known = self._known.get(file.path)
        if known is not None and known.digest == digest and known.query.file == file.shown:
            self._sources[file.path] = known
            return
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            before = content[: error.start].decode()
            line, column = line_and_column(before, len(before))
            self.faults.append(
                Fault(file.shown, line, column, "The file is not UTF-8 here.", "Save it with the encoding UTF-8.")
            )
            return
        query, flaws = QueryReader(file, name, text, self.homes, self._limits).read(approve=self._approves)
        if query is None or flaws:
            self.faults += [
                Fault(file.shown, *line_and_column(text, flaw.offset), flaw.message, flaw.hint)
                for flaw in dict.fromkeys(flaws)
            ]
            return
        self._sources[file.path] = Source(digest, query)

    def _content(self, file: File) -> bytes | None:
        """Return the bytes of a file, None with a fault where it cannot be read or is far too large."""
        try:
            found = file.path.stat()
            if not stat.S_ISREG(found.st_mode):
                self._fault(file, "This is no regular file.")
                return None
            with file.path.open("rb") as stream:
                content = stream.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            self._fault(file, "The link leads to no file.", "Mend the link, or take it away.")
            return None
        except OSError as error:
            self._fault(file, f"The file cannot be read: {error.strerror}.")
            return None
        if len(content) > MAX_FILE_BYTES:
            size = max(found.st_size, len(content))
            hint = "A query is a text to be read by people."
            self._fault(file, f"The file has {size:,} bytes; at most {MAX_FILE_BYTES:,} are allowed.", hint)
            return None
        return content
