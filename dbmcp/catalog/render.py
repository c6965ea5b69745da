"""The catalog as text for a model: names, one line a table, or one table in detail. Every list is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column, Constraint

LEGEND = "-- * primary key, ! not null, > references, {} allowed values"
_COMMENT_CHARS = 200
_LABELS = 12
_INBOUND = 20
# How a table is divided makes no difference to who reads it.
_TABLES = ("table", "partitioned table")


def one_line(text: str | None, limit: int = _COMMENT_CHARS) -> str:
    """Return the first line of a comment, bounded: a comment is data, and never a place for more."""
    first = printable(" ".join((text or "").strip().split("\n", 1)[0].split()))
    return first if len(first) <= limit else f"{first[: limit - 1]}…"


def names(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return a line for each relation: name, kind when no table, estimated rows, comment."""
    lines = []
    for relation in relations:
        notes = [relation.kind] if relation.kind not in _TABLES else []
        if relation.rows is not None:
            notes.append(f"{relation.rows} rows")
        line = shown_name(catalog, relation) + (f" ({', '.join(notes)})" if notes else "")
        comment = one_line(relation.comment, 120)
        lines.append(f"{line} -- {comment}" if comment else line)
    return bounded(lines, max_bytes, "search_schema with a narrower pattern")


def table_lines(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return the line form: `name(column* type!>target.column {labels}, …) -- comment`, with its legend."""
    lines = [LEGEND, *(line_of(catalog, relation) for relation in relations)]
    return bounded(lines, max_bytes, "describe_tables with fewer tables")


def line_of(catalog: Catalog, relation: Relation) -> str:
    """Return one relation in the line form."""
    single = {key.columns[0]: key for key in relation.foreign_keys if len(key.columns) == 1}
    columns = [_column(catalog, relation, column, single.get(column.name)) for column in relation.readable_columns]
    columns += [
        f"({_listed(key.columns)})>{_target(catalog, key)}" for key in relation.foreign_keys if len(key.columns) > 1
    ]
    kind = "" if relation.kind in _TABLES else f"{relation.kind} "
    comment = one_line(relation.comment)
    text = f"{kind}{shown_name(catalog, relation)}({', '.join(columns)})"
    return f"{text} -- {comment}" if comment else text


def _column(catalog: Catalog, relation: Relation, column: Column, key: Constraint | None) -> str:
    primary = "*" if column.name in relation.primary_key else ""
    required = "!" if column.not_null and not primary else ""
    labels = ""
    if column.labels:
        shown = "|".join(one_line(label, 40) for label in column.labels[:_LABELS])
        labels = f" {{{shown}{'|…' if len(column.labels) > _LABELS else ''}}}"
    points = f">{_target(catalog, key)}" if key else ""
    return f"{quoted(column.name)}{primary} {column.type}{required}{points}{labels}"


def _target(catalog: Catalog, key: Constraint) -> str:
    if key.target is None:
        return "?"
    relation = catalog.by_name.get(key.target)
    name = shown_name(catalog, relation) if relation else ".".join(map(quoted, key.target))
    columns = key.target_columns
    return f"{name}.{quoted(columns[0])}" if len(columns) == 1 else f"{name}({_listed(columns)})"


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(quoted, columns))


def detail(catalog: Catalog, relation: Relation, max_bytes: int) -> str:
    """Return one relation with a line a column: type, default, comment; then keys, indexes and inbound keys."""
    lines = [f"{relation.kind} {quoted(relation.schema)}.{quoted(relation.name)}"]
    if relation.comment:
        lines[0] += f" -- {one_line(relation.comment)}"
    if relation.rows is not None:
        lines.append(f"-- about {relation.rows} rows")
    single = {key.columns[0]: key for key in relation.foreign_keys if len(key.columns) == 1}
    if not relation.readable:
        lines.append("-- this role may not read it")
    for column in relation.readable_columns:
        line = _column(catalog, relation, column, single.get(column.name))
        line += " generated" if column.is_generated else ""
        line += f" default {one_line(column.default, 80)}" if column.default else ""
        comment = one_line(column.comment)
        lines.append(f"  {line} -- {comment}" if comment else f"  {line}")
    lines += [f"unique ({_listed(key.columns)})" for key in relation.constraints if key.kind == "unique"]
    lines += [
        f"({_listed(key.columns)}) > {_target(catalog, key)}" for key in relation.foreign_keys if len(key.columns) > 1
    ]
    lines += [f"index {one_line(index.definition or index.name)}" for index in relation.indexes]
    lines += _inbound(catalog, relation)
    return bounded(lines, max_bytes, f"a SELECT of the columns of {relation.name} that matter")


def _inbound(catalog: Catalog, relation: Relation) -> Iterable[str]:
    keys = catalog.inbound.get((relation.schema, relation.name), ())
    for source, key in keys[:_INBOUND]:
        yield f"referenced by {shown_name(catalog, source)}({_listed(key.columns)})"
    if len(keys) > _INBOUND:
        yield f"… and by {len(keys) - _INBOUND} more keys"


def quoted(name: str) -> str:
    """Return a name as a statement must write it: quoted when it is not plain lower case."""
    if name.isascii() and name.isidentifier() and name == name.lower():
        return name
    return '"' + printable(name).replace('"', '""') + '"'


def shown_name(catalog: Catalog, relation: Relation) -> str:
    """Return a relation's name as a statement writes it: with its schema where that is not the default one."""
    if relation.schema == catalog.default_schema:
        return quoted(relation.name)
    return f"{quoted(relation.schema)}.{quoted(relation.name)}"


def printable(text: str) -> str:
    """Return a text without control and format characters: a name or comment is data, and stays on its line."""
    if text.isprintable():
        return text
    return "".join(sign for sign in text if category(sign) not in ("Cc", "Cf", "Zl", "Zp"))


def bounded(lines: Sequence[str], max_bytes: int, how: str) -> str:
    """Return as many of the lines as fit; the last one says how many were left off, and how to see them."""
    size = 0
    for count, line in enumerate(lines):
        size += len(line.encode()) + 1
        if size > max_bytes - 100:
            left = len(lines) - count
            if count <= 1 and len(line) > max_bytes // 2:
                # One relation wider than the budget: as many of its columns as fit.
                shown = line.encode()[: max(max_bytes - 300, 200)].decode(errors="ignore").rpartition(", ")[0]
                return "\n".join([*lines[:count], f"{shown}, …", f"-- cut: use {how}."])
            return "\n".join([*lines[:count], f"-- {left} more lines left off; use {how}."])
    return "\n".join(lines)
