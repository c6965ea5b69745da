"""The line form: `name(column* type!>target {values}, …) -- comment`, a relation a line, with a legend in front.

What the legend says is said once: columns that most tables have stand in it, and `+` for them in the lines; a type is
left out where it is text, or that of the column a key points to; values of a type are told where it is met first.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dbmcp.catalog.erd_links import all_keys, partitions
from dbmcp.catalog.joins import join_path
from dbmcp.catalog.render import (
    TABLES,
    commented,
    fitted,
    listed,
    one_line,
    quoted,
    short_type,
    shown_name,
    target_of,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dbmcp.catalog.joins import Join
    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column, Constraint

LEGEND = (
    "-- * primary key, ! not null, >t points to t's column of the same name, {} allowed values\n"
    "-- no type: text, or that of the column it points to"
)
_LABELS, _LABEL_CHARS = 12, 40
# Columns are told in the legend where so many tables, and so large a share of them, have the same.
_FEWEST, _SHARE = 4, 0.6
# More joins than that are as well seen in the lines.
_MOST_JOINED = 10


def write(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return the relations a line each, and how they are joined where they are few."""
    joins = joined(catalog, relations) if len(relations) <= _MOST_JOINED else []

    def note(count: int) -> str:
        left = relations[max(count - len(head), 0) :]
        names = ", ".join(shown_name(catalog, item) for item in left[:_MOST_JOINED])
        more = f" and {len(left) - _MOST_JOINED} more" if len(left) > _MOST_JOINED else ""
        return f"-- left off, ask for fewer at a time: {names}{more}" if left else "-- joins left off"

    lines = Lines(catalog, relations, max_bytes // 2)
    head = lines.legend()
    return fitted((line for part in (head, lines.all(), joins) for line in part), max_bytes, note)


def whole(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str | None:
    """Return all of the relations in the line form; None where they do not fit."""
    # A column is three signs at least, which saves the work on thousands of tables.
    if sum(len(item.name) + 3 * len(item.columns) for item in relations) > max_bytes:
        return None
    made = Lines(catalog, relations, max_bytes)
    text = "\n".join((*made.legend(), *made.all()))
    return text if len(text.encode()) <= max_bytes else None


def joined(catalog: Catalog, relations: Sequence[Relation]) -> list[str]:
    """Return a line for each join that connects the relations, as a condition to stand after ON."""
    found = [_condition(catalog, join) for join in join_path(catalog, [item.key for item in relations])]
    return ["-- joins", *found] if found else []


def _condition(catalog: Catalog, join: Join) -> str:
    source, target = written(catalog, join.source), written(catalog, join.target)
    conditions = [
        " AND ".join(
            f"{source}.{quoted(column, catalog.dialect)} = {target}.{quoted(other, catalog.dialect)}"
            for column, other in zip(key.columns, key.target_columns, strict=False)
        )
        for key in join.keys
    ]
    return " -- or ".join(conditions)


class Lines:
    """Relations in the line form; what one line has told, the next ones need not. `room` is the bytes of a line."""

    def __init__(self, catalog: Catalog, relations: Sequence[Relation], room: int) -> None:
        self._catalog, self._relations, self._room = catalog, relations, room
        self._parts = partitions(catalog) if any(item.partitioning for item in relations) else {}
        self._told: set[tuple[str, tuple[str, ...]]] = set()
        self._bodies: dict[str, str] = {}
        self._common = self._common_columns()

    def legend(self) -> list[str]:
        """Return the lines that say what the signs mean; at most three."""
        return [*LEGEND.split("\n"), *([f"-- + is {', '.join(self._common)}"] if self._common else [])]

    def all(self) -> Iterator[str]:
        """Return a line for each relation."""
        return map(self.line_of, self._relations)

    def line_of(self, relation: Relation) -> str:
        """Return one relation as a line."""
        name = shown_name(self._catalog, relation)
        columns = self._columns(relation)
        # Values are told once, and make no difference to what is the same.
        plain = ", ".join(text for text, _ in columns)
        like = self._bodies.setdefault(plain, name) if len(plain) > 2 * len(name) else name
        body = f"as {like}" if like != name else self._body(columns, relation)
        kind = "" if relation.kind in TABLES else f"{relation.kind} "
        return commented(f"{kind}{name}({body})", relation.comment)

    def _body(self, columns: list[tuple[str, Column | None]], relation: Relation) -> str:
        texts = [f"{text}{self._labels(column)}" if column else text for text, column in columns]
        if self._common and set(texts).issuperset(self._common):
            texts = [text for text in texts if text not in self._common] + ["+"]
        body = ", ".join(texts)
        if len(body.encode()) <= self._room:
            return body
        return self._narrow([quoted(item.name, self._catalog.dialect) for item in relation.readable_columns])

    def _narrow(self, names: list[str]) -> str:
        """Return as many names alone as there is room for."""
        size = 0
        for count, name in enumerate(names):
            size += len(name.encode()) + 2
            if size > self._room - 60:
                return (
                    f"{', '.join(names[:count])}, … {len(names) - count} more columns: SELECT * with limit 1 names them"
                )
        return ", ".join(names)

    def _columns(self, relation: Relation) -> list[tuple[str, Column | None]]:
        """Return what a line has to tell, one by one: columns, without their values, and keys of several columns."""
        keys = all_keys(relation, self._parts)
        single = {key.columns[0]: key for key in keys if len(key.columns) == 1}
        primary = relation.primary_key
        texts: list[tuple[str, Column | None]] = [
            (self._column(item, item.name in primary, single.get(item.name)), item)
            for item in relation.readable_columns
        ]
        several = [key for key in keys if len(key.columns) > 1]
        return texts + [
            (f"({listed(self._catalog, key.columns)})>{target_of(self._catalog, key)}", None) for key in several
        ]

    def _column(self, column: Column, is_primary: bool, key: Constraint | None) -> str:  # noqa: FBT001
        mark = "*" if is_primary else "!" if column.not_null else ""
        points = f">{target_of(self._catalog, key)}" if key else ""
        shown = self._type(column, key)
        name = quoted(column.name, self._catalog.dialect)
        text = f"{name}* {shown}" if is_primary and shown else f"{name} {shown}{mark}" if shown else f"{name}{mark}"
        return f"{text}{points}"

    def _type(self, column: Column, key: Constraint | None) -> str:
        shown = short_type(self._catalog, column.type)
        if shown == "text":
            return ""
        relation = self._catalog.by_name.get(key.target) if key is not None and key.target is not None else None
        if relation is None or key is None:
            return shown
        known = {item.name: item.type for item in relation.columns}
        return "" if known.get(key.target_columns[0] if key.target_columns else "") == column.type else shown

    def _labels(self, column: Column) -> str:
        if not column.labels or (column.type, column.labels) in self._told:
            return ""
        self._told.add((column.type, column.labels))
        shown = "|".join(one_line(label, _LABEL_CHARS) for label in column.labels[:_LABELS])
        return f" {{{shown}{'|…' if len(column.labels) > _LABELS else ''}}}"

    def _common_columns(self) -> list[str]:
        """Return columns that most of the tables have, all of them together, as they are written in a line."""
        tables = [item for item in self._relations if item.kind in TABLES]
        if len(tables) < _FEWEST:
            return []
        held = [
            {text: 1 for text, column in self._columns(item) if column and not _is_its_own(item, column)}
            for item in tables
        ]
        least = max(_FEWEST, _SHARE * len(tables))
        counts = Counter(text for texts in held for text in texts)
        common: list[str] = []
        for text, count in counts.most_common():
            if count < least:
                break
            if sum(texts.keys() >= {*common, text} for texts in held) >= least:
                common.append(text)
        return common


def _is_its_own(relation: Relation, column: Column) -> bool:
    """Say whether a column is one that tells a table from others: of its key, or with values."""
    return bool(column.labels) or column.name in relation.primary_key
