"""SQLite's DDL: tables anew from the catalog, everything else by the text that SQLite keeps.

Comments stand where they are read from again: behind the column, and behind the line that opens the table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.catalog.names import identifier, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column, Constraint

# What may stand after DEFAULT without parentheses; a word is a text there.
_LITERAL = re.compile(r"""[+-]?[\d.][\w.+-]*|[xX]?'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+""")


def statements(catalog: Catalog) -> Iterator[str]:
    """Return the statements one by one, each with its semicolon."""
    for item in catalog.relations:
        if item.kind == "table":
            yield _table(item)
    for kind in ("virtual table", "view"):
        for item in catalog.relations:
            if item.kind == kind:
                shown = item.definition and f"{item.definition};"
                yield shown or f"-- {item.kind} {identifier(item.name)}: its text is not shown"
    for item in catalog.relations:
        yield from (f"{index.definition};" for index in item.indexes)
    for item in catalog.relations:
        yield from (f"{trigger.definition};" for trigger in item.triggers)


def _table(item: Relation) -> str:
    key = next((key for key in item.constraints if key.kind == "primary"), None)
    # These two can be said of a column alone.
    within = key if key is not None and _is_within(item, key) else None
    lines = [
        (_column(item, column, within if within and within.columns == (column.name,) else None), column.comment)
        for column in item.columns
    ]
    lines += [(_constraint(each), None) for each in item.constraints if each is not within]
    last = len(lines) - 1
    body = "\n".join(
        f"    {text}{',' if place < last else ''}{f' -- {comment}' if comment else ''}"
        for place, (text, comment) in enumerate(lines)
    )
    options = f" {', '.join(item.options).upper()}" if item.options else ""
    comment = f" -- {item.comment}" if item.comment else ""
    return f"CREATE TABLE {identifier(item.name)} ({comment}\n{body}\n){options};"


def _is_within(item: Relation, key: Constraint) -> bool:
    column = next((column for column in item.columns if key.columns == (column.name,)), None)
    if column is None:
        return False
    if column.identity is not None:
        return column.identity.kind == "autoincrement"
    return column.type == "integer" and "without rowid" not in item.options


def _column(item: Relation, column: Column, key: Constraint | None) -> str:
    text = identifier(column.name)
    if column.type != "any" or "strict" in item.options:
        text += f" {column.type.upper()}"
    if key is not None:
        text += f"{_name(key)} PRIMARY KEY{' AUTOINCREMENT' if column.identity else ' DESC'}"
    text += " NOT NULL" if column.not_null else ""
    if column.default is not None:
        is_literal = _LITERAL.fullmatch(column.default)
        text += f" DEFAULT {column.default}" if is_literal else f" DEFAULT ({column.default})"
    text += f" COLLATE {identifier(column.collation[1])}" if column.collation else ""
    if column.generated is not None:
        text += f" GENERATED ALWAYS AS ({column.generated}) {'STORED' if column.stored else 'VIRTUAL'}"
    return text


def _name(key: Constraint) -> str:
    return f" CONSTRAINT {identifier(key.name)}" if key.name else ""


def _constraint(key: Constraint) -> str:
    if key.kind == "check":
        text = f"CHECK ({key.expression})"
    elif key.kind == "foreign":
        text = f"FOREIGN KEY {listed(key.columns)} REFERENCES {identifier(key.target[1]) if key.target else ''}"
        text += f" {listed(key.target_columns)}" if key.target_columns else ""
        text += f" ON UPDATE {key.on_update.upper()}" if key.on_update else ""
        text += f" ON DELETE {key.on_delete.upper()}" if key.on_delete else ""
        text += " DEFERRABLE" if key.deferrable else ""
        text += " INITIALLY DEFERRED" if key.deferred else ""
    else:
        text = f"{'PRIMARY KEY' if key.kind == 'primary' else 'UNIQUE'} {listed(key.columns)}"
    return f"{_name(key)} {text}".strip()
