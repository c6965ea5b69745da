"""The keys and indexes of a table, as Prisma's engine reads them, and what it cannot say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dbmcp.codegen.prisma_parts.source import arguments, literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Index
    from dbmcp.codegen.plan import Plan

_METHODS = {"hash": "Hash", "gin": "Gin", "gist": "Gist", "spgist": "SpGist", "brin": "Brin"}
_ENDS = {"id": "pkey", "unique": "key", "index": "idx"}
# The operator classes that have a name in Prisma; others are given as they are.
_CLASS = re.compile(
    r"(?:bit|varbit|bpchar|bytea|date|float4|float8|inet|int2|int4|int8|numeric|oid|text|timestamp|timestamptz|time"
    r"|timetz|uuid)_(?:bloom|minmax|minmax_multi)_ops|inet_ops|inet_inclusion_ops|jsonb_ops|jsonb_path_ops|array_ops"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A column of a key."""

    column: str
    descending: bool = False
    operator_class: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key, unique key or index; `name` is None where Prisma would call it so itself."""

    kind: Literal["id", "unique", "index"]
    parts: tuple[Part, ...]
    name: str | None = None
    method: str | None = None
    predicate: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return its columns, in their order."""
        return tuple(part.column for part in self.parts)

    @property
    def is_whole(self) -> bool:
        """Say whether no two rows of the table have the same values."""
        return self.kind != "index" and self.predicate is None

    @property
    def is_of_field(self) -> bool:
        """Say whether it is written behind its one field."""
        return self.kind != "index" and len(self.parts) == 1

    def attribute(self, names: Mapping[str, str]) -> str:
        """Return its text, `names` being the fields of the columns."""
        shown = [f"{names[part.column]}{_options(part)}" for part in self.parts]
        where = f"raw({literal(self.predicate)})" if self.predicate is not None else None
        ends = {"map": literal(self.name) if self.name else None, "type": self.method, "where": where}
        if self.is_of_field:
            sort = "Desc" if self.parts[0].descending else None
            return f"@{self.kind}{arguments(sort=sort, **ends)}"
        rest = arguments(**ends)[1:-1]
        return f"@@{self.kind}([{', '.join(shown)}]{', ' if rest else ''}{rest})"


def _options(part: Part) -> str:
    class_ = part.operator_class
    ops = class_ and (_named(class_) if _CLASS.fullmatch(class_) else f"raw({literal(class_)})")
    return arguments(sort="Desc" if part.descending else None, ops=ops or None)


def _named(name: str) -> str:
    """Return JsonbPathOps for jsonb_path_ops."""
    return "".join(word.capitalize().replace("Minmax", "MinMax") for word in name.split("_"))


def keys(plan: Plan, item: Relation, columns: Sequence[str]) -> list[Key]:
    """Return the keys and indexes of the columns that are written, and note what is left out of them."""
    found = list(_constraints(plan, item))
    found += [key for index in item.indexes if (key := _index(plan, item, index)) is not None]
    return [key for key in found if set(key.columns) <= set(columns)]


def _constraints(plan: Plan, item: Relation) -> Iterator[Key]:
    shown = plan.shown_name(item.key)
    made = _automatic(item) if plan.catalog.dialect == "sqlite" else {}
    for key in item.constraints:
        if key.kind in ("primary", "unique") and key.columns and key.definition is None:
            if key.include:
                plan.leave_out("INCLUDE, whose columns Prisma takes for the key's", f"{key.name} of {shown}")
            if key.nulls_not_distinct:
                plan.leave_out("NULLS NOT DISTINCT", f"{key.name} of {shown}")
            kind: Literal["id", "unique"] = "id" if key.kind == "primary" else "unique"
            columns = (*key.columns, *key.include)
            name = made.get(key.columns, "") if plan.catalog.dialect == "sqlite" else key.name
            yield Key(
                kind, tuple(map(Part, columns)), _name(item, kind, columns, "" if made and kind == "id" else name)
            )
        if key.deferrable:
            plan.leave_out("DEFERRABLE", f"{key.name} of {shown}")
        if key.kind in ("check", "exclusion") or key.definition is not None:
            plan.leave_out("checks and exclusions", f"{key.name or ', '.join(key.columns)} of {shown}")


def _automatic(item: Relation) -> dict[tuple[str, ...], str]:
    """Return what SQLite calls the index of each key: by its place in the statement, the row's own number aside."""
    numbers = {(column.name,) for column in item.columns if column.identity is not None}
    columns = dict.fromkeys(key.columns for key in item.constraints if key.kind in ("primary", "unique"))
    own = (each for each in columns if each not in numbers)
    return {each: f"sqlite_autoindex_{item.name}_{place}" for place, each in enumerate(own, start=1)}


def _index(plan: Plan, item: Relation, index: Index) -> Key | None:
    shown = f"{index.name} of {plan.shown_name(item.key)}"
    if any(part.column is None for part in index.parts):
        plan.leave_out("indexes of expressions", shown)
        return None
    if index.include:
        plan.leave_out("INCLUDE, whose columns Prisma takes for the key's", shown)
    if index.nulls_not_distinct:
        plan.leave_out("NULLS NOT DISTINCT", shown)
    is_tree = index.method == "btree"
    for part in index.parts:
        usual = part.descending == part.nulls_first or plan.catalog.dialect == "sqlite"
        if part.collation or not usual or (is_tree and part.operator_class):
            plan.leave_out("collations, operator classes and the place of nulls in indexes", shown)
    parts = [
        Part(part.column, is_tree and part.descending, None if is_tree else part.operator_class)
        for part in index.parts
        if part.column is not None
    ]
    parts += map(Part, index.include)
    kind: Literal["unique", "index"] = "unique" if index.unique else "index"
    name = _name(item, kind, tuple(part.column for part in parts), index.name)
    return Key(kind, tuple(parts), name, _METHODS.get(index.method), index.predicate)


def _name(item: Relation, kind: str, columns: Sequence[str], name: str) -> str | None:
    usual = "_".join([item.name, *(() if kind == "id" else columns), _ENDS[kind]])
    return None if name in ("", usual) else name
