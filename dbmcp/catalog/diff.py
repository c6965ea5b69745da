"""What differs between two catalogs: added, dropped and changed, table by table, in a fixed order.

What changes by itself, or follows from something else that is told, is no difference: estimated rows, what reads what,
what must be made before what, and what a bare name means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.names import identifier, qualified
from dbmcp.catalog.parts import Column, Constraint, Function, Index, Partitioning, RowPolicy, SchemaObject
from dbmcp.catalog.types import Type

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from dbmcp.catalog.types import DataType

Sign: TypeAlias = Literal["+", "-", "~"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was added, dropped or changed; `fields` are what of it, before and after.

    `value` is what was added or dropped. `parts` are the changes of columns, keys and the like of a table, and of
    what types are made of.
    """

    sign: Sign
    kind: str
    name: str
    fields: tuple[tuple[str, Any, Any], ...] = ()
    parts: tuple[Change, ...] = ()
    value: Any = None


def diff(before: Catalog, after: Catalog) -> tuple[Change, ...]:
    """Return what must change in one catalog to become the other; nothing when they are equal."""
    found = _changed(before, after, ("dialect", "default_schema"))
    changes = [Change("~", "database", "", found)] if found else []
    relabelled = _relabelled(before, after)
    for name in ("schemas", "extensions", "types", "sequences", "relations", "functions", "objects"):
        changes += _pairs(getattr(before, name), getattr(after, name), relabelled)
    return tuple(changes)


def _relabelled(before: Catalog, after: Catalog) -> Relabelled:
    """Return what says so of a type, of an array or a domain of it."""
    old = before.types_by_name
    names = {name for name, item in after.types_by_name.items() if name in old and old[name].labels != item.labels}

    def is_relabelled(data_type: DataType) -> bool:
        if data_type.element is not None:
            return is_relabelled(data_type.element)
        if data_type.reference is None or data_type.reference in names:
            return data_type.reference in names
        known = after.types_by_name.get(data_type.reference)
        return known is not None and known.kind == "domain" and is_relabelled(known.data_type)

    return is_relabelled


# The parts of a thing that are told one by one, and the fields that are not told at all: of the catalog's parts, those
# that say again what another one says when that one has changed as well.
_PARTS: Mapping[type[Any], tuple[str, ...]] = {
    Relation: ("columns", "constraints", "indexes", "triggers", "policies"),
    Type: ("attributes", "checks"),
}
_NO_DIFFERENCE: Mapping[type[Any], tuple[str, ...]] = {Relation: ("rows",)}
_SAID_BY: Mapping[type[Any], Mapping[str, tuple[str, ...]]] = {
    Column: {"type": ("data_type", "labels")},
    Type: {"type": ("data_type",)},
    Index: {"definition": ("unique", "method", "nulls_not_distinct", "parts", "include", "predicate")},
    Partitioning: {"text": ("strategy", "parts")},
}

# Says whether the values that a type allows have changed with the type itself.
Relabelled: TypeAlias = Callable[["DataType"], bool]


def _pairs(before: Iterable[Any], after: Iterable[Any], relabelled: Relabelled) -> Iterator[Change]:
    """Return the changes between things of the same class: by name, in the order of the first, new ones after."""
    old, new = _keyed(before), _keyed(after)
    for key in dict.fromkeys((*old, *new)):
        if key not in new:
            yield Change("-", kind_of(old[key]), name_of(old[key]), value=old[key])
        elif key not in old:
            yield Change("+", kind_of(new[key]), name_of(new[key]), value=new[key])
        elif old[key] is not new[key] and (change := _change(old[key], new[key], relabelled)):
            yield change


def _keyed(items: Iterable[Any]) -> dict[Hashable, Any]:
    """Return things by what they are told apart by; SQLite's nameless constraints by all that they say."""
    found: dict[Hashable, Any] = {}
    for item in items:
        key: tuple[Hashable, ...] = (name_of(item),)
        if isinstance(item, Constraint) and not item.name:
            key = (item.kind, item.columns, item.target, item.target_columns, item.expression)
        elif isinstance(item, SchemaObject):
            key = (item.kind, item.relation, name_of(item))
        number = 0
        while (*key, number) in found:
            number += 1
        found[*key, number] = item
    return found


def _change(before: Any, after: Any, relabelled: Relabelled) -> Change | None:
    nested = _PARTS.get(type(before), ())
    parts: list[Change] = []
    for name in nested:
        parts += _pairs(getattr(before, name), getattr(after, name), relabelled)
    skipped = {*nested, *_NO_DIFFERENCE.get(type(before), ())}
    if isinstance(before, Column) and relabelled(after.data_type) and before.data_type == after.data_type:
        skipped.add("labels")
    names = [item.name for item in fields(before) if item.init and item.name not in skipped]
    found = [*_changed(before, after, names)]
    for name in nested:
        found += _reordered(name, getattr(before, name), getattr(after, name))
    if not found and not parts:
        return None
    return Change("~", kind_of(after), name_of(after), tuple(found), tuple(parts))


def _changed(before: Any, after: Any, names: Iterable[str]) -> tuple[tuple[str, Any, Any], ...]:
    """Return the fields that differ; within a part of the same class, those of the part."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
    differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    for name, others in _SAID_BY.get(type(before), {}).items():
        if name in differing:
            differing = {key: pair for key, pair in differing.items() if key not in others}
    found: list[tuple[str, Any, Any]] = []
    for name, (old, new) in differing.items():
        if is_dataclass(old) and type(old) is type(new):
            inner = [item.name for item in fields(old)]
            found += [(f"{name}.{key}", first, second) for key, first, second in _changed(old, new, inner)]
        else:
            found.append((name, old, new))
    return tuple(found)


def _reordered(name: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Return the order of columns or attributes, where those that are in both stand in another one."""
    if name not in ("columns", "attributes"):
        return
    both = {item.name for item in before} & {item.name for item in after}
    old, new = ([item.name for item in items if item.name in both] for items in (before, after))
    if old != new:
        yield f"order of {name}", tuple(old), tuple(new)


_KEYS = {"primary": "primary key", "unique": "unique key", "foreign": "foreign key"}


def kind_of(item: Any) -> str:
    """Return the word for what a thing is."""
    if isinstance(item, Constraint):
        return _KEYS.get(item.kind, item.kind)
    if isinstance(item, (Relation, Type, SchemaObject, Function)):
        return item.kind
    return "row policy" if isinstance(item, RowPolicy) else type(item).__name__.lower()


def name_of(item: Any) -> str:
    """Return a thing's name as SQL writes it: with its schema where it has one, a function with its arguments."""
    if isinstance(item, Function):
        return f"{qualified(item.schema, item.name)}({item.arguments})"
    schema: str | None = getattr(item, "schema", None)
    # An extension lies in a schema, and is named without it.
    if schema is None or type(item).__name__ == "Extension":
        return identifier(item.name) if item.name else ""
    return qualified(schema, item.name)
