"""From a dialect's catalog rows to the Catalog.

A dialect gives pairs of a part's name and a row of it, in any order; a row is a list, or the JSON text of one. A key is
whatever the dialect tells relations and types apart by; names come in pairs of schema and name, NULL for none.

- relations: key, schema, name, kind, estimated rows, comment, definition, readable, unlogged, options, made by, row
  security, strategy, text and columns of its partitions, bound, parents as pairs, server, server's options
- neighbours: as relations, of those of which no more is known than their keys to the others
- columns: key of the relation, list of: name, key of the type, not null, default, comment, list or NULL (identity,
  generated, stored, readable, collation's schema and name, options, labels)
- constraints: key of the relation, list of: name, kind, columns, expression, comment, list or NULL of a foreign key
  (target's schema, name and columns, none for its primary key, match, on update, on delete, columns to set), list or
  NULL (definition, included columns, deferrable, deferred, validated, nulls not distinct, no inherit, enforced,
  inherited)
- indexes: key of the relation, list of: name, definition, unique, method, valid, nulls not distinct, parts (column,
  expression, descending, nulls first, operator class, collation), included columns, predicate, comment
- triggers, policies: key of the relation, list of the fields of Trigger and RowPolicy
- datatypes: key, text, kind, name, reference's schema and name, length, precision, scale, bits, with time zone,
  fields, key of the element
- types: key, schema, name, kind, comment, labels, attributes (name, key, collation's schema and name, comment), key of
  what it is made of, not null, default, collation's schema and name, checks, a range's operator class, difference and
  multirange
- sequences: schema, name, type, start, increment, minimum, maximum, cache, cycle, comment, owner's key, schema, name
  and column, whether it is the column's identity
- schemas, extensions, functions, objects: the fields of the class, in its order
- dependencies, children: schema and relation, schema and relation whose rows it shows, or that it is one of
- needs: kind, schema and name of a thing, and of one that must be there before; an index has its table's name
- bare: schema, relation that a bare name finds; NULL for the relation: the search_path
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import MISSING, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import orjson

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import (
    Column,
    Constraint,
    Extension,
    Function,
    Identity,
    Index,
    IndexPart,
    ObjectKind,
    Partitioning,
    RowPolicy,
    Schema,
    SchemaObject,
    Sequence,
    Trigger,
)
from dbmcp.catalog.slices import Slices
from dbmcp.catalog.types import UNKNOWN, Attribute, Check, DataType, Name, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dbmcp.dialects.base import CatalogRows

_Made = TypeVar("_Made")


_NONE: tuple[str, DataType, tuple[str, ...]] = ("", UNKNOWN, ())


def _thawed(frozen: type[Any]) -> Any:
    """Return a class with the same fields, whose values cost a third, and may become values of the frozen one.

    A frozen dataclass sets its fields one by one by a call; there are tens of thousands of columns. Python lets a value
    change to a class with the same slots.
    """
    defaults = {item.name: item.default for item in fields(frozen) if item.default is not MISSING}
    body = {"__annotations__": frozen.__annotations__, "__module__": frozen.__module__, **defaults}
    return dataclass(slots=True, eq=False)(type(frozen.__name__, (), body))


def _maker(frozen: type[_Made]) -> Callable[..., _Made]:
    """Return what makes values of a frozen class."""
    thawed = _thawed(frozen)

    def make(*values: Any) -> _Made:
        made: _Made = thawed(*values)
        made.__class__ = frozen
        return made

    return make


_THAWED_COLUMN = _thawed(Column)
_make_constraint = _maker(Constraint)
_make_index = _maker(Index)
_make_part = _maker(IndexPart)


def build(rows: CatalogRows, default_schema: str, dialect: str = "postgresql") -> Catalog:
    """Return the catalog that the rows describe. It works in slices, for a thread beside that of the requests."""
    return _Reader(rows).catalog(default_schema, dialect)


class _Reader:
    """One reading: the rows by part, and the types that columns refer to."""

    def __init__(self, rows: CatalogRows) -> None:
        self._breathe = Slices().breathe
        self._parts: dict[str, list[Any]] = defaultdict(list)
        for part, row in rows:
            self._parts[part].append(row)
            self._breathe()

    def _rows(self, part: str) -> Iterator[list[Any]]:
        for row in self._parts[part]:
            yield orjson.loads(row) if isinstance(row, str) else row
            self._breathe()

    def catalog(self, default_schema: str, dialect: str) -> Catalog:
        """Return the catalog."""
        self._read_types()
        self._read_sequences()
        columns = {key: self._columns(key, found) for key, found in self._rows("columns")}
        constraints = {key: tuple(map(_constraint, found)) for key, found in self._rows("constraints")}
        indexes = {key: tuple(map(_index, found)) for key, found in self._rows("indexes")}
        triggers = {key: tuple(Trigger(*item) for item in found) for key, found in self._rows("triggers")}
        policies = {key: tuple(_policy(item) for item in found) for key, found in self._rows("policies")}
        relations = []
        for row in (*self._parts["relations"], *self._parts["neighbours"]):
            found = orjson.loads(row) if isinstance(row, str) else row
            key = found[0]
            own, keys = columns.get(key, ()), constraints.get(key, ())
            parts = (_labelled(own, keys), keys, indexes.get(key, ()), triggers.get(key, ()), policies.get(key, ()))
            relations.append(_relation(found, *parts))
            self._breathe()
        relations.sort(key=lambda item: item.key)
        bare = [*self._rows("bare")]
        return _with_targets(
            Catalog(
                tuple(relations),
                default_schema,
                {name: (schema, name) for schema, name in bare if name is not None},
                _pairs(self._rows("dependencies")),
                _pairs(self._rows("children")),
                dialect,
                tuple(Schema(*row) for row in self._rows("schemas")),
                tuple(sorted(self._types.values(), key=lambda item: (item.schema, item.name))),
                tuple(self._sequences),
                tuple(Function(*row) for row in self._rows("functions")),
                tuple(Extension(*row) for row in self._rows("extensions")),
                tuple(sorted(map(_object, self._rows("objects")), key=_object_order)),
                tuple(sorted(((a, b, c), (d, e, f)) for a, b, c, d, e, f in self._rows("needs"))),
                next((schema for schema, name in bare if name is None), ""),
            )
        )

    def _read_types(self) -> None:
        """Make the types, each before what is made of it."""
        made = {row[0]: row for row in self._rows("datatypes")}
        self._datatypes: dict[Any, tuple[str, DataType, tuple[str, ...]]] = {}
        for key in made:
            self._datatypes[key] = (made[key][1], _datatype(made, key), ())
        self._types: dict[Name, Type] = {}
        for row in self._rows("types"):
            self._types[row[1], row[2]] = self._type(row)
        for key, (text, item, _) in self._datatypes.items():
            self._datatypes[key] = (text, item, self._labels_of(item))

    def _labels_of(self, item: DataType) -> tuple[str, ...]:
        """Return the labels of an enum, of an array of one, or of a domain over one."""
        if item.kind == "array" and item.element is not None:
            return self._labels_of(item.element)
        known = self._types.get(item.reference) if item.reference else None
        if known is None:
            return ()
        return self._labels_of(known.data_type) if known.kind == "domain" else known.labels

    def _type(self, row: list[Any]) -> Type:
        _, schema, name, kind, comment, labels, attributes, base, not_null, default, *rest = row
        collation_schema, collation, checks, options = rest
        text, data_type, _ = self._datatypes.get(base, _NONE)
        words = ("subtype_opclass", "subtype_diff", "multirange_type_name")
        return Type(
            schema,
            name,
            kind,
            comment,
            tuple(labels or ()),
            tuple(
                Attribute(item[0], *self._datatypes.get(item[1], _NONE)[:2], _name(item[2], item[3]), item[4])
                for item in attributes or ()
            ),
            text,
            data_type,
            not_null,
            default,
            _name(collation_schema, collation),
            tuple(Check(*item) for item in checks or ()),
            tuple((word, value) for word, value in zip(words, options or (), strict=False) if value is not None),
        )

    def _read_sequences(self) -> None:
        self._sequences: list[Sequence] = []
        self._identities: dict[tuple[Any, str], Sequence] = {}
        for row in self._rows("sequences"):
            key, schema, relation, column, is_identity = row[10:]
            own: Any = (*row[:10], (schema, relation, column) if relation else None)
            made = Sequence(*own)
            if is_identity:
                self._identities[key, column] = made
            else:
                self._sequences.append(made)

    def _columns(self, key: Any, found: list[list[Any]]) -> tuple[Column, ...]:
        columns = []
        types = self._datatypes
        for name, type_key, not_null, default, comment, more in found:
            text, data_type, labels = types[type_key]
            if more is None:
                made = _THAWED_COLUMN(name, text, not_null, default, None, comment, labels, data_type)
            else:
                kind, generated, stored, readable, schema, collation, options, allowed = more
                identity = Identity(kind, self._identities.get((key, name))) if kind else None
                labels = tuple(allowed) if allowed else labels
                usual = (name, text, not_null, default, generated, comment, labels, data_type)
                rare = (identity, stored, _name(schema, collation), tuple(options or ()), readable)
                made = _THAWED_COLUMN(*usual, *rare)
            made.__class__ = Column
            columns.append(made)
        return tuple(columns)


def _datatype(made: dict[Any, list[Any]], key: Any) -> DataType:
    _, _, kind, name, schema, reference, length, precision, scale, bits, zone, fields, element = made[key]
    return DataType(
        kind,
        name,
        _name(schema, reference),
        length,
        precision,
        scale,
        bits,
        zone,
        fields,
        _datatype(made, element) if element in made else None,
    )


def _name(schema: str | None, name: str | None) -> Name | None:
    return (schema or "", name) if name is not None else None


def _pairs(rows: Iterable[list[Any]]) -> tuple[tuple[Name, Name], ...]:
    return tuple(sorted({((a, b), (c, d)) for a, b, c, d in rows}))


def _relation(row: list[Any], *parts: Any) -> Relation:
    _, schema, name, kind, rows, comment, definition, readable, *rest = row
    unlogged, options, made_by, row_security, strategy, text, divided, bound, parents, server, server_options = (
        rest or [False, *[None] * 10]
    )
    columns, constraints, indexes, triggers, policies = parts
    return Relation(
        schema,
        name,
        kind,
        rows,
        comment,
        definition,
        columns,
        constraints,
        indexes,
        triggers,
        policies,
        row_security,
        tuple((parent[0], parent[1]) for parent in parents or ()),
        bound,
        Partitioning(strategy, tuple(divided), text) if strategy else None,
        unlogged,
        tuple(options or ()),
        server,
        tuple(server_options or ()),
        made_by,
        readable,
    )


def _constraint(item: list[Any]) -> Constraint:
    name, kind, columns, expression, comment, pointed, more = item
    target: Any = (None, ())
    actions: Any = (None, None, None, ())
    if pointed is not None:
        schema, relation, targets, match, on_update, on_delete, to_set = pointed
        target = ((schema, relation), tuple(column for column in targets or () if column))
        actions = (match, on_update, on_delete, tuple(to_set or ()))
    if more is None:
        return _make_constraint(name, kind, tuple(columns or ()), *target, expression, comment, *actions)
    definition, include, *flags = more
    rare: Any = (definition, tuple(include or ()), *flags)
    return _make_constraint(name, kind, tuple(columns or ()), *target, expression, comment, *actions, *rare)


def _index(item: list[Any]) -> Index:
    *usual, parts, include, predicate, comment = item
    made = tuple(_make_part(*part) for part in parts or ())
    return _make_index(*usual, made, tuple(include or ()), predicate, comment)


def _policy(item: list[Any]) -> RowPolicy:
    name, permissive, command, roles, using, check, comment = item
    return RowPolicy(name, permissive, command, tuple(roles or ()), using, check, comment)


def _object(row: list[Any]) -> SchemaObject:
    kind, schema, name, relation, definition, comment = row
    return SchemaObject(kind, schema, name, tuple(relation) if relation else None, definition, comment)


_KINDS: tuple[ObjectKind, ...] = get_args(ObjectKind)


def _object_order(item: SchemaObject) -> tuple[int, str, str]:
    return _KINDS.index(item.kind), str(item.schema), item.name


# As PostgreSQL prints `column IN ('a', 'b')`.
_TEXT = r"\(?'(?:[^']|'')*'::[a-z ]+(?:\(\d+\))?(?:\)::text)?"
_COLUMN = r"(?:\"(?:[^\"]|\"\")*\"|[^\W\d][\w$]*)\)?(?:::[a-z ]+)?"
_ONE_OF = re.compile(rf"\(+{_COLUMN}\)? = ANY \(+ARRAY\[({_TEXT}(?:, {_TEXT})*)\]\)?(?:::[a-z ]+\[\])?\)+")
_LITERAL = re.compile(r"'((?:[^']|'')*)'::")


def _labelled(columns: tuple[Column, ...], constraints: Iterable[Constraint]) -> tuple[Column, ...]:
    """Add to columns the texts that a check allows: one that says nothing else, and holds for every row."""
    found: dict[str, tuple[str, ...]] = {}
    for item in constraints:
        is_held = item.kind == "check" and item.validated and item.enforced and len(item.columns) == 1
        if is_held and (match := _ONE_OF.fullmatch(item.expression or "")):
            found[item.columns[0]] = tuple(text.replace("''", "'") for text in _LITERAL.findall(match.group(1)))
    if not found:
        return columns
    return tuple(
        replace(item, labels=found[item.name]) if item.name in found and not item.labels else item for item in columns
    )


def _with_targets(catalog: Catalog) -> Catalog:
    """Fill in the target columns that a definition left out: they are the target's primary key."""
    if all(key.target_columns for item in catalog.relations for key in item.foreign_keys):
        return catalog
    relations = []
    for item in catalog.relations:
        keys = []
        for key in item.constraints:
            pointed = catalog.by_name.get(key.target) if key.target and not key.target_columns else None
            keys.append(replace(key, target_columns=pointed.primary_key) if pointed else key)
        relations.append(replace(item, constraints=tuple(keys)))
    return replace(catalog, relations=tuple(relations))
