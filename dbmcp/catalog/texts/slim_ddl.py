"""Short DDL: what a reader needs of CREATE TABLE, and what stands elsewhere: indexes, the keys that point there.

It is written as SQL is, for everybody reads that, and not to be run: names of keys and indexes, storage and casts of
defaults are left out. The whole DDL is another format.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.catalog.erd_links import all_keys, partitions
from dbmcp.catalog.names import literal
from dbmcp.catalog.render import (
    collapsed,
    fitted,
    listed,
    one_line,
    printable,
    quoted,
    short_type,
    shown_name,
    target_of,
    written,
)
from dbmcp.catalog.texts.lines import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column, Constraint, Index, IndexPart

_EXPRESSION_CHARS, _DEFINITION_CHARS = 200, 1_500
_LABELS, _LABEL_CHARS, _INBOUND, _MOST, _MOST_JOINED = 30, 40, 20, 50, 10
# A literal's type is that of its column; a sequence's name tells nothing.
_CAST = re.compile(r"^('(?:[^']|'')*')::[\w .\"\[\](),]+$")
_SEQUENCE = re.compile(r"^nextval\(.*\)$")


def write(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return the relations one after the other; then how they are joined, where they are few."""
    joins = joined(catalog, relations) if len(relations) <= _MOST_JOINED else []
    lines: list[tuple[int, str]] = []
    for place, item in enumerate(relations):
        lines += [(place, line) for line in _relation(catalog, item)]
    lines += [(len(relations), line) for line in joins]

    def note(count: int) -> str:
        place = lines[count][0]
        if place == len(relations):
            return "-- joins left off"
        cut = relations[place]
        columns = [quoted(column.name, catalog.dialect) for column in cut.readable_columns]
        begun = sum(1 for at, line in lines[:count] if at == place and line.startswith("  "))
        text = f"-- {shown_name(catalog, cut)} is cut"
        if begun < len(columns):
            text += f": {len(columns) - begun} more columns, SELECT * with limit 1 names them"
        rest = relations[place + 1 :]
        names = ", ".join(shown_name(catalog, item) for item in rest[:_MOST_JOINED])
        return f"{text}; left off, ask for fewer at a time: {names}" if rest else text

    return fitted((line for _, line in lines), max_bytes, note)


def _relation(catalog: Catalog, relation: Relation) -> Iterator[str]:
    kind = relation.kind.upper() if relation.kind != "partitioned table" else "TABLE"
    notes = [] if relation.rows is None else [f"about {relation.rows} rows"]
    notes += [] if relation.readable else ["this role may not read it"]
    notes += [one_line(relation.comment)] if relation.comment else []
    yield _noted(f"CREATE {kind} {shown_name(catalog, relation)} (", notes)
    keys = all_keys(relation, partitions(catalog) if relation.partitioning else {})
    body = [*_columns(catalog, relation, keys), *_keys(catalog, relation, keys)]
    for place, (text, told) in enumerate(body):
        yield _noted(f"  {text}{',' if place < len(body) - 1 else ''}", told)
    yield f"){_closing(catalog, relation)}"
    yield from _around(catalog, relation)


def _noted(text: str, notes: list[str]) -> str:
    return f"{text} -- {'; '.join(notes)}" if notes else text


def _columns(catalog: Catalog, relation: Relation, keys: tuple[Constraint, ...]) -> Iterator[tuple[str, list[str]]]:
    single = {key.columns[0]: key for key in keys if len(key.columns) == 1}
    unique = {
        item.columns[0] for item in relation.constraints
        if item.kind == "unique" and len(item.columns) == 1 and item.definition is None
    }  # fmt: skip
    for column in relation.readable_columns:
        is_key = relation.primary_key == (column.name,)
        words = " PRIMARY KEY" if is_key else " UNIQUE" * (column.name in unique)
        key = single.get(column.name)
        points = f" REFERENCES {_target(catalog, key)}" if key else ""
        yield f"{_column(catalog, column, words)}{points}", _notes(column)


def _target(catalog: Catalog, key: Constraint) -> str:
    if key.target is None or not key.target_columns or key.target_columns == key.columns:
        return target_of(catalog, key)
    return f"{written(catalog, key.target)}({listed(catalog, key.target_columns)})"


def _notes(column: Column) -> list[str]:
    notes = [one_line(column.comment)] if column.comment else []
    if column.labels:
        shown = "|".join(one_line(label, _LABEL_CHARS) for label in column.labels[:_LABELS])
        notes.insert(0, f"{shown}|…" if len(column.labels) > _LABELS else shown)
    return notes


def _column(catalog: Catalog, column: Column, words: str) -> str:
    text = f"{quoted(column.name, catalog.dialect)} {short_type(catalog, column.type)}{words}"
    text += " NOT NULL" if column.not_null and words != " PRIMARY KEY" else ""
    if column.generated is not None:
        shown = collapsed(column.generated, _EXPRESSION_CHARS)
        # Under a policy the expression is not shown.
        text += " GENERATED" if shown == "NULL" else f" GENERATED AS ({shown})"
    elif column.is_generated:
        text += " IDENTITY"
    elif column.default is not None:
        text += f" DEFAULT {_default(column.default)}"
    return text


def _default(text: str) -> str:
    if _SEQUENCE.match(text):
        return "nextval()"
    cast = _CAST.match(text)
    return collapsed(cast[1] if cast else text, _EXPRESSION_CHARS)


def _keys(catalog: Catalog, relation: Relation, keys: tuple[Constraint, ...]) -> Iterator[tuple[str, list[str]]]:
    """Return what stands after the columns: keys of several columns, checks, exclusions."""
    shown: list[str] = []
    for item in relation.constraints:
        if item.definition is not None and item.kind != "foreign":
            shown.append(collapsed(item.definition, _EXPRESSION_CHARS))
        elif item.kind in ("primary", "unique") and len(item.columns) > 1:
            words = "PRIMARY KEY" if item.kind == "primary" else "UNIQUE"
            shown.append(f"{words} ({listed(catalog, item.columns)})")
        elif item.kind == "check" and not _is_told(relation, item):
            shown.append(f"CHECK ({_bare(collapsed(item.expression or '', _EXPRESSION_CHARS))})")
    shown += [
        f"FOREIGN KEY ({listed(catalog, key.columns)}) REFERENCES {_target(catalog, key)}"
        for key in keys
        if len(key.columns) > 1
    ]
    for text in shown[:_MOST]:
        yield text, []
    if len(shown) > _MOST:
        yield f"… {len(shown) - _MOST} more keys and checks", []


def _is_told(relation: Relation, check: Constraint) -> bool:
    """Say whether a check does no more than to list the values that stand beside its column."""
    labels = [column.labels for column in relation.columns if (column.name,) == check.columns]
    text = check.expression or ""
    return any(found and all(text.count(literal(label)) for label in found) for found in labels) and " OR " not in text


def _bare(expression: str) -> str:
    """Return an expression without the parentheses that the engine puts around all of it."""
    if not (expression.startswith("(") and expression.endswith(")")):
        return expression
    depth = 0
    for place, sign in enumerate(expression):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and place < len(expression) - 1:
            return expression
    return expression[1:-1]


def _closing(catalog: Catalog, relation: Relation) -> str:
    text = ""
    if relation.partitioning:
        count = len(partitions(catalog).get(relation.key, ()))
        text += f" PARTITION BY {collapsed(relation.partitioning.text)}"
        # A policy hides those of a governed table.
        text += f" -- {count} partition{'s' if count > 1 else ''}" if count else ""
    if relation.definition and "view" in relation.kind:
        text += f" AS {_query(relation.definition)}"
    return text


def _query(definition: str) -> str:
    """Return the query of a view; SQLite keeps the whole statement that made it."""
    shown = collapsed(definition.strip().rstrip(";"), _DEFINITION_CHARS)
    made = re.match(r"(?is)create\s.*?\bas\s+(?=select|with|values)", shown)
    return shown[made.end() :] if made else shown


def _around(catalog: Catalog, relation: Relation) -> Iterator[str]:
    if relation.indexes:
        shown = [_index(catalog, index) for index in relation.indexes[:_MOST]]
        more = f"; … {len(relation.indexes) - _MOST} more" if len(relation.indexes) > _MOST else ""
        yield f"-- indexes: {'; '.join(shown)}{more}"
    if relation.row_security:
        yield f"-- row security: {len(relation.policies)} policies choose the rows that a role sees"
    inbound = catalog.inbound.get(relation.key, ())
    if inbound:
        shown = [f"{shown_name(catalog, source)}({listed(catalog, key.columns)})" for source, key in inbound[:_INBOUND]]
        more = f" and {len(inbound) - _INBOUND} more keys" if len(inbound) > _INBOUND else ""
        yield f"-- referenced by: {', '.join(shown)}{more}"


def _index(catalog: Catalog, index: Index) -> str:
    if not index.parts:
        return collapsed(index.definition, _EXPRESSION_CHARS)
    text = "unique " if index.unique else ""
    text += f"{index.method} " if index.method != "btree" else ""
    text += f"({', '.join(_part(catalog, part) for part in index.parts)})"
    text += f" include ({listed(catalog, index.include)})" if index.include else ""
    text += f" where {_bare(collapsed(index.predicate, _EXPRESSION_CHARS))}" if index.predicate else ""
    return text if index.valid else f"{text} not valid"


def _part(catalog: Catalog, part: IndexPart) -> str:
    if part.column is not None:
        text = quoted(part.column, catalog.dialect)
    else:
        text = collapsed(part.expression or "", _EXPRESSION_CHARS)
    text += f" {printable(part.operator_class)}" if part.operator_class else ""
    return f"{text} desc" if part.descending else text
