"""The plan of what is written: which classes, what everything is called, what leads where. The same for all targets."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from dbmcp.catalog.types import UNKNOWN, Name, Type
from dbmcp.codegen import selection
from dbmcp.codegen.base import DO_NOT_EDIT, MARK
from dbmcp.codegen.links import Link, is_join, links
from dbmcp.codegen.naming import Names, Style

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column, Sequence
    from dbmcp.catalog.types import DataType
    from dbmcp.codegen.base import Choices


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute, and the column that it is."""

    name: str
    column: Column


@dataclass(frozen=True)
class Model:
    """A table or view, and what it becomes.

    `role` is "class"; "join" for a table that is but a relationship; "table" for one without a class, as nothing tells
    its rows apart; "part" for a partition, whose rows the whole table has. `name` is the class's, or the one that it
    would have. `identity` are the columns that tell rows apart: the primary key, else the smallest
    unique key of columns that are not null.
    """

    relation: Relation
    name: str
    role: Literal["class", "join", "table", "part"]
    fields: tuple[Field, ...]
    identity: tuple[str, ...]
    links: tuple[Link, ...] = ()

    @property
    def is_view(self) -> bool:
        """Say whether it can only be read."""
        return self.relation.kind in selection.VIEWS

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """Return the attribute of each column."""
        return {item.column.name: item.name for item in self.fields}


@dataclass(frozen=True, slots=True)
class EnumClass:
    """An enum of the database: its class, and its members with the label of each."""

    name: str
    type: Type
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Plan:
    """All of it. `names` are the module's, from which a target takes what it makes further."""

    catalog: Catalog
    choices: Choices
    style: Style
    models: tuple[Model, ...]
    enums: tuple[EnumClass, ...]
    # The other types that the database has made and the tables need, each after what it is made of, with a class name.
    types: tuple[tuple[str, Type], ...]
    # Class names for types that are nobody's: an extension's, or the engine's own that have no kind. By schema, "" for
    # the engine's, and name.
    other_types: Mapping[Name, str]
    names: Names
    _left_out: dict[str, dict[str, None]] = field(default_factory=dict)

    def header(self, what: str, left_out: str, *remarks: str) -> list[str]:
        """Return the lines at the top of a file: what it holds, remarks, and all that was left out, behind `left_out`.

        To be asked for when everything is noted.
        """
        lines = [
            f"{what} of a database, {MARK} from its schema.",
            f"{DO_NOT_EDIT}: change the database, and write them anew.",
            *remarks,
        ]
        if self.left_out:
            lines += ["", f"{left_out}:", *(f"- {each}" for each in self.left_out)]
        return lines

    @cached_property
    def by_relation(self) -> Mapping[Name, Model]:
        """Return the model of each table and view."""
        return {item.relation.key: item for item in self.models}

    @cached_property
    def enum_of(self) -> Mapping[Name, EnumClass]:
        """Return the class of each enum."""
        return {(item.type.schema, item.type.name): item for item in self.enums}

    @cached_property
    def classes(self) -> tuple[Model, ...]:
        """Return what becomes a class."""
        return tuple(item for item in self.models if item.role == "class")

    @cached_property
    def sequence_of(self) -> Mapping[tuple[str, str, str], Sequence]:
        """Return the sequence that each column owns, by schema, table and column."""
        return {item.owner: item for item in self.catalog.sequences if item.owner is not None}

    @cached_property
    def _parts(self) -> Mapping[Name, list[Name]]:
        found: dict[Name, list[Name]] = {}
        for item in self.models:
            if item.relation.bound is not None and item.relation.parents:
                found.setdefault(item.relation.parents[0], []).append(item.relation.key)
        return found

    def parts_of(self, name: Name | None) -> Iterator[Name]:
        """Return the partitions of a table, at any remove, of those that are written."""
        for part in self._parts.get(name, ()) if name else ():
            yield part
            yield from self.parts_of(part)

    def is_needed(self, column: Column) -> bool:
        """Say whether a column's values may not be null, by itself or by its domain."""
        known, item = column.not_null, column.data_type
        while not known and item.kind == "domain" and item.reference and item.reference in self.catalog.types_by_name:
            domain = self.catalog.types_by_name[item.reference]
            known, item = domain.not_null, domain.data_type
        return known

    def has_default(self, column: Column) -> bool:
        """Say whether the database gives a value where none is written, by the column or by its domain."""
        item, default = column.data_type, column.default
        while (
            default is None
            and item.kind == "domain"
            and item.reference
            and item.reference in self.catalog.types_by_name
        ):
            domain = self.catalog.types_by_name[item.reference]
            item, default = domain.data_type, domain.default
        return default is not None or column.identity is not None

    def leave_out(self, kind: str, what: str) -> None:
        """Note what the target cannot say: of which kind, such as "triggers", and what of it."""
        self._left_out.setdefault(kind, {})[what] = None

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return what the target cannot say, a line for each kind, in the order in which they were found."""
        return tuple(f"{kind}: {', '.join(found)}" for kind, found in self._left_out.items())

    def shown_name(self, name: Name) -> str:
        """Return a name as people write it: bare in the default schema."""
        return name[1] if name[0] in ("", self.catalog.default_schema) else ".".join(name)


def build(catalog: Catalog, choices: Choices, style: Style) -> Plan:
    """Return the plan. Names are given over the whole catalog, so that a part of it has the names of the whole."""
    everything = list(selection.known(catalog, choices))
    chosen = {item.key for item in selection.selected(catalog, choices)}
    folds = style.folds_case or style.folds_classes
    names = Names(style.taken_module | {choices.base}, suffix=style.suffix, folds_case=folds)
    # Tables have their names before views, both before what an extension has made, the default schema's before others.
    home = catalog.default_schema
    everything.sort(
        key=lambda item: (item.made_by is not None, item.is_part, item.kind in selection.VIEWS, item.schema != home)
    )
    class_names = names.take_all([(item.key, item.name, _class_wishes(catalog, item, style)) for item in everything])
    type_names = names.take_all(
        [((item.schema, item.name), item.name, _type_wishes(item.name, style)) for item in catalog.types]
    )
    relations = sorted((item for item in everything if item.key in chosen), key=lambda item: item.key)
    needed, others = types_needed(catalog, (column.data_type for item in relations for column in item.columns))
    other_names = {key: names.take(*_type_wishes(key[1], style)) for key in sorted(others)}
    taken = {*class_names.values(), *type_names.values(), *other_names.values(), choices.base}
    taken = taken if style.hides_classes else set()
    return Plan(
        catalog,
        choices,
        style,
        _models(relations, class_names, taken, choices, style),
        tuple(_enum(item, type_names, style) for item in needed if item.kind == "enum"),
        tuple((type_names[item.schema, item.name], item) for item in needed if item.kind != "enum"),
        other_names,
        names,
    )


def _class_wishes(catalog: Catalog, item: Relation, style: Style) -> list[str]:
    first = style.class_name(item.name) or style.class_name(f"{item.kind} {item.schema}")
    wishes = [first, style.class_name(f"{item.schema}_{item.name}"), style.class_name(f"{item.name}_{item.kind}")]
    return wishes if item.schema != catalog.default_schema else [first, wishes[2]]


def _type_wishes(name: str, style: Style) -> list[str]:
    return [style.class_name(name) or style.class_name("type"), style.class_name(f"{name}_type")]


def _enum(item: Type, type_names: Mapping[Name, str], style: Style) -> EnumClass:
    names = Names(style.taken_enum, suffix=style.suffix, folds_case=style.folds_case)
    wishes = [((place, label), label, (style.member(label) or "EMPTY",)) for place, label in enumerate(item.labels)]
    members = names.take_all(wishes)
    return EnumClass(
        type_names[item.schema, item.name],
        item,
        tuple((members[place, label], label) for place, label in enumerate(item.labels)),
    )


def is_given(column: Column) -> bool:
    """Say whether the database alone gives the values of a column."""
    return column.generated is not None or (column.identity is not None and column.identity.kind == "always")


def types_needed(catalog: Catalog, used: Iterable[DataType]) -> tuple[list[Type], set[Name]]:
    """Return the database's types that these are made of, each after what it is made of, and the names of others."""
    found: dict[Name, Type] = {}
    others: set[Name] = set()

    def visit(item: DataType) -> None:
        if item.element is not None:
            visit(item.element)
            return
        known = catalog.types_by_name.get(item.reference) if item.reference else None
        if known is None or item.reference is None:
            if (item.kind == "other" and item is not UNKNOWN) or item.reference is not None:
                others.add(item.reference or ("", item.name))
        elif item.reference not in found:
            for part in (known.data_type, *(attribute.data_type for attribute in known.attributes)):
                visit(part)
            found[item.reference] = known

    for each in dict.fromkeys(used):
        visit(each)
    return list(found.values()), others


def _models(
    relations: abc.Sequence[Relation], class_names: Mapping[Name, str], taken: set[str], choices: Choices, style: Style
) -> tuple[Model, ...]:
    made: list[Model] = []
    scopes: dict[Name, Names] = {}
    usual = Names(style.taken_class | taken, suffix=style.suffix, folds_case=style.folds_case)
    for item in relations:
        scope = usual.scope()
        wishes = [
            (column.name, column.name, (style.attribute(column.name) or style.attribute(f"column_{place}"),))
            for place, column in enumerate(item.columns, start=1)
        ]
        names = scope.take_all(wishes)
        scopes[item.key] = scope
        identity = identity_of(item)
        role = _role(item, identity, style)
        fields = tuple(Field(names[column.name], column) for column in item.columns)
        made.append(Model(item, class_names[item.key], role, fields, identity))
    return tuple(_linked(made, scopes, choices, style))


def _role(item: Relation, identity: tuple[str, ...], style: Style) -> Literal["class", "table", "part"]:
    if item.is_part:
        return "part"
    return "class" if (identity or not style.needs_identity) and item.columns else "table"


def _linked(
    models: abc.Sequence[Model], scopes: Mapping[Name, Names], choices: Choices, style: Style
) -> Iterable[Model]:
    if not choices.relationships:
        return models
    classes = {item.relation.key: item.relation for item in models if item.role == "class"}
    joins = [item for item in classes.values() if style.joins and is_join(item)]
    # A table that others point to is more than a join, and what it joins must be classes that are none themselves.
    pointed = {key.target for item in classes.values() for key in item.foreign_keys}
    inner = {item.key for item in joins}
    joins = [
        item
        for item in joins
        if item.key not in pointed
        and all(key.target in classes and key.target not in inner for key in item.foreign_keys)
    ]
    inner = {item.key for item in joins}
    found = links([item for key, item in classes.items() if key not in inner], joins, scopes, style)
    return [
        replace(item, role="join")
        if item.relation.key in inner
        else replace(item, links=found.get(item.relation.key, ()))
        for item in models
    ]


def identity_of(item: Relation) -> tuple[str, ...]:
    """Return the columns that tell the rows of a relation apart, in the order of their key; () for none."""
    if item.primary_key:
        return item.primary_key
    needed = {column.name for column in item.columns if column.not_null}
    in_view = item.kind == "materialized view"
    keys = [key.columns for key in item.constraints if key.kind == "unique" and key.definition is None]
    for index in item.indexes:
        columns = tuple(part.column for part in index.parts if part.column is not None)
        if index.unique and index.valid and index.predicate is None and len(columns) == len(index.parts):
            keys.append(columns)
    # The columns of a view may all be null, as far as the engine says; its unique index is there to tell rows apart.
    usable = [columns for columns in keys if columns and (in_view or needed.issuperset(columns))]
    return min(usable, key=lambda columns: (len(columns), keys.index(columns)), default=())
