"""SQLite's virtual tables under a policy: whatever holds the data of a governed table stays shut with it.

A virtual table keeps its data in tables of its own, which a statement can name (FTS5: `docs_content`, `docs_data`),
and may be the index of another table, or list the words of another index. None of it can be opened in part: SQLite
asks about what a module reads for itself as if the caller read it, and an index answers past masks and conditions.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from dbmcp.dialects.sqlite_joins import joins_unasked, named, unquoted
from dbmcp.errors import ConfigError

_DEFINED = "SELECT name, sql FROM main.sqlite_schema WHERE type = ? AND sql LIKE ?"
_SHADOWS = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'"

# Modules whose arguments are columns, but for options: a table stands behind a sign of equality. FTS5 takes the name of
# an option by its beginning.
_WITH_COLUMNS = re.compile(
    r"""CREATE\s+VIRTUAL\s+TABLE\s+(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|`[^`]*`|\[[^\]]*\]|\w+)\s*
    USING\s+(?:fts[345]|rtree|rtree_i32|geopoly)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def virtual_tables(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the definitions of the file's virtual tables, by name."""
    return dict(connection.execute(_DEFINED, ("table", "CREATE VIRTUAL%")).fetchall())


def answers(connection: sqlite3.Connection, name: str) -> bool:
    """Say whether a virtual table can be read, after which SQLite knows its columns; a module may be missing."""
    quoted = name.replace('"', '""')
    try:
        connection.execute(f'SELECT 1 FROM "{quoted}" LIMIT 0').close()  # noqa: S608
    except sqlite3.Error:
        return False
    return True


@dataclass(frozen=True, slots=True)
class VirtualTables:
    """The virtual tables of a file with their definitions, those of views, and which table is a part of which."""

    names: list[str]
    definitions: dict[str, str]
    views: dict[str, str]
    parts: dict[str, str]

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> VirtualTables:
        """Read them over a connection that is not locked down yet."""
        definitions = virtual_tables(connection)
        tables = [name for name, _ in connection.execute(_DEFINED, ("table", "%"))]
        views = dict(connection.execute(_DEFINED, ("view", "%")).fetchall())
        return cls([*tables, *views], definitions, views, _parts(connection, tables, definitions))

    def check_governed(self, name: str) -> None:
        """Refuse masks and conditions on a virtual table, or on a part of one.

        Raises:
            ConfigError: they cannot be kept.
        """
        whole = self.parts.get(name, name)
        if whole in self.definitions:
            what = "it is a virtual table" if whole == name else f"it is a part of the virtual table {whole}"
            raise ConfigError(
                f"The policy of {name} cannot be kept: {what}, which answers past masks and conditions.",
                hint=f"Put {whole} under deny_tables, and leave {name} out of the tables.",
            )

    def closed_with(self, governs: Callable[[str], bool]) -> dict[str, str]:
        """Return the tables that must stay shut because another is governed, each with that other one.

        They are the parts of a virtual table with the whole and the whole with a part, and a virtual table with what
        its definition names, itself or through views.
        """
        todo = [name for name in self.names if governs(name)]
        reached = set(todo)
        closed: dict[str, str] = {}
        while todo:
            source = todo.pop()
            for name in self._tied_to(source) - reached:
                reached.add(name)
                todo.append(name)
                # Who reads a view is asked about when it is read, but for what it joins by itself.
                if name not in self.views or joins_unasked(self.views[name]):
                    closed[name] = source
        return closed

    def _tied_to(self, source: str) -> set[str]:
        tied = {part for part, whole in self.parts.items() if whole == source}
        tied |= {name for name, text in (self.definitions | self.views).items() if _names(text, source)}
        return tied | {self.parts.get(source, source)}


def _parts(connection: sqlite3.Connection, tables: list[str], definitions: dict[str, str]) -> dict[str, str]:
    """Return the tables that virtual tables keep their data in, each with the virtual table.

    SQLite names them `whole_suffix`. Where it cannot tell which they are (a module is missing, or SQLite is older than
    3.37), whatever begins so counts.
    """
    wholes = {name.lower(): name for name in definitions}
    try:
        shadows = [name for (name,) in connection.execute(_SHADOWS)]
        unknown = [name for name in definitions if not answers(connection, name)]
    except sqlite3.OperationalError:
        shadows, unknown = [], list(definitions)
    found = {name: wholes.get(name.rpartition("_")[0].lower(), "") for name in shadows}
    for whole in unknown:
        found.update((name, whole) for name in tables if name.lower().startswith(f"{whole.lower()}_"))
    return {part: whole for part, whole in found.items() if whole}


def _names(definition: str, name: str) -> bool:
    """Say whether a definition names a table, however it quotes it; what may be its name counts."""
    before = r"=\s*['\"`\[]?\s*" if _WITH_COLUMNS.match(definition) else r"(?<!\w)"
    return re.search(rf"{before}{named([name])}(?!\w)", unquoted(definition)) is not None
