"""SQLite's catalog: every definition in one statement, the columns in another, and what the definitions say.

SQLite has no COMMENT ON, but keeps the text of every definition: a `--` comment on the line of a column documents the
column, the last of several; one on the line of CREATE TABLE, or alone on the next, documents the table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dbmcp.dialects.sqlite_definition import (
    Key,
    TableDefinition,
    index_definition,
    names_in,
    table_definition,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TABLES = "main.sqlite_schema s WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"

_COLUMNS = """
SELECT s.name, x.name, coalesce(nullif(lower(x.type), ''), 'any'), x."notnull", x.dflt_value, x.hidden
FROM main.sqlite_schema s, pragma_table_xinfo(s.name, 'main') x"""
# Read one at a time: the columns of a view over a table that is gone are an error, and so are those of a virtual table
# whose module is missing.
ONE_BY_ONE = f"SELECT s.name FROM {_TABLES} AND (s.type = 'view' OR s.sql LIKE 'CREATE VIRTUAL%') ORDER BY s.name"
COLUMNS_OF_ONE = f"{_COLUMNS} WHERE s.type IN ('table', 'view') AND s.name = ? AND x.hidden <> 1 ORDER BY x.cid"
COLUMNS = f"""{_COLUMNS}
WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND s.sql NOT LIKE 'CREATE VIRTUAL%'
  AND x.hidden <> 1 ORDER BY s.name, x.cid"""
DEFINITIONS = """
SELECT type, name, tbl_name, sql FROM main.sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"""
# The tables in which virtual tables keep their data; SQLite tells since 3.37.
SHADOWS = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'"

# What ANALYZE left: the first number of each index's statistics is the table's count of rows.
HAS_STATISTICS = "SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'"
STATISTICS = "SELECT tbl, max(CAST(stat AS INTEGER)) FROM main.sqlite_stat1 GROUP BY tbl"

# Where a line's comment begins: at the first two dashes that are not quoted. A quote that is left open takes the rest.
# No possessive quantifiers: Python before 3.11.4 gets some of them wrong (python/cpython#100061).
_QUOTED = r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|['"`\[].*"""
_DASHES = re.compile(rf"{_QUOTED}|--")
_SIGNS = re.compile(rf"{_QUOTED}|[(),]")
_COLUMN = re.compile(r"""^\s*(?:"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]]+)\]|(\w+))""")
_LABELS = re.compile(
    r"""CHECK\s*\(\s*(?:"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]]+)\]|(\w+))\s+IN\s*"""
    r"""\(\s*('(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)\s*\)\s*\)""",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"'((?:[^']|'')*)'")


def rows_of(
    definitions: Sequence[Sequence[Any]], columns: Sequence[Sequence[Any]], counts: Mapping[str, int], shadows: set[str]
) -> Iterator[tuple[str, Any]]:
    """Return the rows that dbmcp.catalog.reader takes. Each definition is looked at when its row is asked for."""
    by_table: dict[str, list[Sequence[Any]]] = {}
    for row in columns:
        by_table.setdefault(row[0], []).append(row)
    yield from (("datatypes", _datatype(text)) for text in sorted({row[2] for row in columns}))
    yield "schemas", ["main", None, None]
    names = {name.lower(): name for kind, name, _, _ in definitions if kind in ("table", "view")}
    virtual = {name.lower(): name for kind, name, _, sql in definitions if kind == "table" and _is_virtual(sql)}
    reader = _Definitions(names, by_table)
    others: dict[tuple[str, str], list[Any]] = {}
    for kind, name, table, sql in definitions:
        if kind == "trigger":
            others.setdefault(("triggers", names.get(table.lower(), table)), []).append([name, sql, None, None])
        elif kind == "index":
            others.setdefault(("indexes", names.get(table.lower(), table)), []).append(reader.index(name, table, sql))
        else:
            whole = virtual.get(name.rpartition("_")[0].lower()) if name in shadows else None
            yield from reader.relation(kind, name, sql, [counts.get(name), whole])
    for (part, table), found in others.items():
        yield part, [table, found]


def _is_virtual(sql: str) -> bool:
    return sql[:14].upper() == "CREATE VIRTUAL"


class _Definitions:
    """Definitions, with names as their tables write them: SQLite does not care for case."""

    def __init__(self, tables: Mapping[str, str], columns: Mapping[str, list[Sequence[Any]]]) -> None:
        self._tables = tables
        self._rows = columns
        self._columns: dict[str, dict[str, str]] = {}

    def _names(self, table: str, columns: Sequence[str]) -> list[str]:
        if table not in self._columns:
            self._columns[table] = {row[1].lower(): row[1] for row in self._rows.get(table, ())}
        known = self._columns[table]
        return [known.get(name.lower(), name) for name in columns]

    def _mentioned(self, table: str, expression: str) -> list[str]:
        """Return the columns that a condition names."""
        words = {name.lower() for name in names_in(expression)}
        return [row[1] for row in self._rows.get(table, ()) if row[1].lower() in words]

    def relation(self, kind: str, name: str, sql: str, rows_and_whole: list[Any]) -> Iterator[tuple[str, Any]]:
        """Return the rows of a table or view."""
        comments, labels = comments_of(sql), labels_of(sql)
        is_table = kind == "table" and not _is_virtual(sql)
        found = table_definition(sql) if is_table else TableDefinition()
        rows, whole = rows_and_whole
        shown = "virtual table" if kind == "table" and not is_table else "shadow table" if whole else kind
        definition = None if is_table else sql
        yield (
            "relations",
            [name, "main", name, shown, rows, comments.get(""), definition, True, False, found.options, whole]
            + [None] * 8,
        )
        yield "constraints", [name, [self._constraint(name, key) for key in found.constraints]]
        identity = _identity(found, self._rows.get(name, ()))
        made = []
        for _, column, kind_of, not_null, default, hidden in self._rows.get(name, ()):
            folded = column.lower()
            more = None
            if folded in found.collations or hidden in (2, 3) or identity[0] == folded or folded in labels:
                numbered = identity[1] if identity[0] == folded else None
                generated = found.generated.get(folded, "NULL") if hidden in (2, 3) else None
                collation = found.collations.get(folded)
                more = [numbered, generated, hidden != 2, True, "", collation, None, labels.get(folded)]
            made.append([column, kind_of, bool(not_null), default, comments.get(folded), more])
        yield "columns", [name, made]

    def _constraint(self, table: str, key: Key) -> list[Any]:
        pointed = None
        if key.target is not None:
            target = self._tables.get(key.target.lower(), key.target)
            pointed = [
                "main",
                target,
                self._names(target, key.target_columns),
                None,
                key.on_update,
                key.on_delete,
                None,
            ]
        columns = self._names(table, key.columns or self._mentioned(table, key.expression or ""))
        more = [None, None, True, key.deferred, True, False, False, True, False] if key.deferrable else None
        return [key.name, key.kind, columns, key.expression, None, pointed, more]

    def index(self, name: str, table: str, sql: str) -> list[Any]:
        """Return the row of an index."""
        found = index_definition(sql)
        parts = []
        for column, expression, collation, descending in found.parts:
            known = self._names(table, [column])[0] if column is not None else None
            parts.append([known, expression, descending, not descending, None, collation])
        unique = sql[:13].upper() == "CREATE UNIQUE"
        return [name, sql, unique, "btree", True, False, parts, [], found.predicate, None]


def _identity(found: TableDefinition, columns: Sequence[Sequence[Any]]) -> tuple[str, str]:
    """Return the lower-case column that is another name of the rowid, and how its numbers are given."""
    key = next((key for key in found.constraints if key.kind == "primary"), None)
    if key is None or len(key.columns) != 1 or key.is_descending or "without rowid" in found.options:
        return "", ""
    name = key.columns[0].lower()
    if not any(row[1].lower() == name and row[2] == "integer" for row in columns):
        return "", ""
    return name, "autoincrement" if key.has_autoincrement else "rowid"


_TYPE = re.compile(r"([^()]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?")
_NAMED = {
    "boolean": "boolean", "bool": "boolean", "date": "date", "time": "time", "datetime": "timestamp",
    "timestamp": "timestamp", "json": "json", "uuid": "uuid", "any": "any", "decimal": "decimal", "numeric": "decimal",
}  # fmt: skip
# By what SQLite itself goes, in this order (sqlite.org/datatype3.html, 3.1).
_AFFINITIES = (
    ("int", "integer"), ("char", "text"), ("clob", "text"), ("text", "text"), ("blob", "binary"), ("real", "float"),
    ("floa", "float"), ("doub", "float"),
)  # fmt: skip


def _datatype(text: str) -> list[Any]:
    match = _TYPE.fullmatch(text)
    name, first, second = match.groups() if match else (text, None, None)
    kind = _NAMED.get(name) or next((kind for part, kind in _AFFINITIES if part in name), "other")
    numbers = [int(found) if found is not None else None for found in (first, second)]
    length, precision, scale = (numbers[0], None, None) if kind in ("text", "binary") else (None, *numbers)
    bits = 64 if kind in ("integer", "float") else None
    return [text, text, kind, name, None, None, length, precision, scale, bits, False, None, None]


def comments_of(sql: str) -> dict[str, str]:
    """Return the comments of a definition by lower-case column name; that of the table by the empty name."""
    found: dict[str, str] = {}
    depth, column = 0, ""
    for line in sql.splitlines():
        code, comment = _split(line)
        was, (depth, starts) = depth, _starts(code, depth)
        last = next((match for start in reversed(starts) if (match := _COLUMN.match(code[start:]))), None)
        if last is not None:
            column = next(name for name in last.groups() if name).lower()
        if comment and column and (last is not None or (was > 1 and depth == 1)):
            found.setdefault(column, comment)
        elif comment and not column and ((was == 0 and starts) or not code.strip()):
            found.setdefault("", comment)
    return found


def _starts(code: str, depth: int) -> tuple[int, list[int]]:
    """Return how deep in parentheses a line ends, and where on it a column may begin: one deep."""
    starts = [0] if depth == 1 else []
    for match in _SIGNS.finditer(code):
        sign = match.group()
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        if depth == 1 and sign in ("(", ","):
            starts.append(match.end())
    return depth, starts


def _split(line: str) -> tuple[str, str]:
    """Return a line's code and its comment."""
    dashes = next((match for match in _DASHES.finditer(line) if match.group() == "--"), None)
    return (line, "") if dashes is None else (line[: dashes.start()], line[dashes.end() :].strip())


def labels_of(sql: str) -> dict[str, list[str]]:
    """Return the texts that a CHECK (column IN ('a', 'b')) allows, by lower-case column name."""
    return {
        next(name for name in match.groups()[:4] if name).lower(): [
            text.replace("''", "'") for text in _LITERAL.findall(match.group(5))
        ]
        for match in _LABELS.finditer(sql)
    }
