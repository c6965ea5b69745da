"""What every column is in Django: a field, or a key in its place; and what leads to other models besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from dbmcp.codegen.naming import Names
from dbmcp.codegen.words import plural_name

if TYPE_CHECKING:
    from dbmcp.catalog.parts import Constraint
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.links import Link
    from dbmcp.codegen.plan import Model, Plan


@dataclass
class Relation:
    """A field that leads to a model: a ForeignKey or OneToOneField in the place of its column, or a ForeignObject."""

    name: str
    kind: Literal["ForeignKey", "OneToOneField", "ForeignObject"]
    link: Link
    related_name: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """A ManyToManyField: the model that joins the two, and its fields to this end and to the other."""

    name: str
    target: Name
    through: Name
    near: Relation
    far: Relation
    related_name: str


@dataclass
class Shape:
    """A model and its fields. `keys` are the relations that stand for a column, by its name."""

    model: Model
    names: Names
    identity: tuple[str, ...]
    is_read_only: bool
    keys: dict[str, Relation] = field(default_factory=dict)
    objects: list[Relation] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    # The sets of columns that keys of others lead to, besides the primary key.
    targets: set[frozenset[str]] = field(default_factory=set)

    def field_name(self, column: str) -> str:
        """Return the field that a column is, which is a key where there is one."""
        return self.keys[column].name if column in self.keys else self.model.attributes[column]

    def attribute(self, column: str) -> str:
        """Return the attribute that has the value of a column."""
        return f"{self.keys[column].name}_id" if column in self.keys else self.model.attributes[column]


# A table, and columns of it.
_Columns: TypeAlias = tuple[object, ...]
# What cannot be part of a key, as it has no hash.
_UNHASHABLE = ("array", "json", "multirange")
VIEWS_KEY = "views whose rows nothing tells apart, so that all columns are their key"


def shapes(plan: Plan) -> dict[Name, Shape]:
    """Return the models with the names of all their fields; what can be no model is noted."""
    found = {}
    for model in plan.models:
        shape = _shape(plan, model)
        if shape is not None:
            found[model.relation.key] = shape
    links = [(shape, link) for shape in found.values() for link in shape.model.links if link.is_owner]
    usable = [(shape, link) for shape, link in links if _is_usable(plan, found, link)]
    steps: dict[_Columns, _Columns] = {
        (link.owner, *link.key.columns): (link.target, *link.key.target_columns) for _, link in usable
    }
    keys = {(link.owner, *link.key.columns) for _, link in usable if not _is_circle(steps, link)}
    for shape in found.values():
        for column in shape.model.relation.columns:
            if (shape.model.relation.key, column.name) not in keys:
                shape.names.take(shape.model.attributes[column.name])
    # A key whose attribute stays as the column is called has its name first.
    usable.sort(key=lambda each: _stem(each[0], each[1]) is None)
    made = [(shape, _forward(shape, link, is_key=(link.owner, *link.key.columns) in keys)) for shape, link in usable]
    for _, relation in made:
        target = found[relation.link.target]
        if set(relation.link.key.target_columns) != set(target.identity):
            target.targets.add(frozenset(relation.link.key.target_columns))
        wishes = (relation.link.back, f"{relation.link.back}_by_{relation.name}")
        relation.related_name = target.names.take(*wishes)
    for shape in found.values():
        _join(plan, found, shape)
    return found


def _shape(plan: Plan, model: Model) -> Shape | None:
    item = model.relation
    shown = plan.shown_name(item.key)
    is_read_only = item.kind not in ("table", "partitioned table")
    identity = model.identity
    if model.role == "part":
        plan.leave_out("partitions, whose rows the whole has", shown)
        return None
    if not identity and is_read_only and item.columns:
        plan.leave_out(VIEWS_KEY, shown)
        plain = tuple(column.name for column in item.columns if column.data_type.kind not in _UNHASHABLE)
        identity = plain or tuple(column.name for column in item.columns)
    computed = {column.name for column in item.columns if column.generated is not None}
    if not identity or computed & {*identity}:
        plan.leave_out("tables without a key that Django takes", shown)
        return None
    enums = (each.name for each in plan.enums)
    return Shape(model, Names(plan.style.taken_class | {*enums}, suffix=""), identity, is_read_only)


def _is_usable(plan: Plan, found: Mapping[Name, Shape], link: Link) -> bool:
    owner, target = found.get(link.owner), found.get(link.target)
    if owner is None or target is None:
        return False
    columns = set(link.key.target_columns)
    keys = [{*target.identity}, *(set(each) for each in unique_keys(target.model))]
    if any(key <= columns for key in keys):
        return True
    plan.leave_out("foreign keys to columns that are not unique", _shown_key(plan, link.owner, link.key))
    return False


def _shown_key(plan: Plan, owner: Name, key: Constraint) -> str:
    return f"{key.name or '(' + ', '.join(key.columns) + ')'} of {plan.shown_name(owner)}"


def unique_keys(model: Model) -> Iterator[tuple[str, ...]]:
    """Return the columns of each unique key that holds for all rows."""
    for key in model.relation.constraints:
        if key.kind == "unique" and key.definition is None and key.enforced:
            yield key.columns
    for index in model.relation.indexes:
        columns = tuple(part.column for part in index.parts if part.column is not None)
        if index.unique and index.valid and index.predicate is None and len(columns) == len(index.parts):
            yield columns


def _stem(shape: Shape, link: Link) -> str | None:
    """Return customer for customer_id, None for a column that is called otherwise."""
    if len(link.key.columns) != 1:
        return None
    own = shape.model.attributes[link.key.columns[0]]
    return own.removesuffix("_id") if own.endswith("_id") else None


def _is_circle(steps: Mapping[_Columns, _Columns], link: Link) -> bool:
    """Say whether a key leads, by the keys that its target's columns are, to itself: its type would have no end."""
    start: _Columns = (link.owner, *link.key.columns)
    seen = {start}
    place = steps.get(start)
    while place is not None and place not in seen:
        seen.add(place)
        place = steps.get(place)
    return place == start


def _forward(shape: Shape, link: Link, *, is_key: bool) -> Relation:
    columns = link.key.columns
    if len(columns) > 1 or not is_key or columns[0] in shape.keys:
        relation = Relation(shape.names.take(link.name), "ForeignObject", link)
        shape.objects.append(relation)
        return relation
    own = shape.model.attributes[columns[0]]
    # created_by keeps its name, customer_code is a customer.
    is_short = own.lower().startswith(link.name.lower())
    found = [_stem(shape, link), *((link.name, own) if is_short else (own, link.name))]
    wishes = [name for name in found if name]
    number = 1
    while not _is_free(shape, wishes[0]):
        number += 1
        wishes = wishes[1:] or [f"{own}_key{number}"]
    for name in (wishes[0], f"{wishes[0]}_id"):
        shape.names.take(name)
    is_one = link.kind == "one to one"
    relation = Relation(wishes[0], "OneToOneField" if is_one else "ForeignKey", link)
    shape.keys[columns[0]] = relation
    return relation


def _is_free(shape: Shape, name: str) -> bool:
    is_usable = not name.endswith("_") and "__" not in name
    return is_usable and shape.names.is_free(name) and shape.names.is_free(f"{name}_id")


def _join(plan: Plan, found: Mapping[Name, Shape], shape: Shape) -> None:
    """Add what a table joins whose primary key is made of two keys."""
    keys = [shape.keys.get(column) for column in shape.identity]
    if len(keys) != 2 or keys[0] is None or keys[1] is None:
        return
    near, far = keys[0], keys[1]
    ends = [found[each.link.target] for each in (near, far)]
    for end, each in zip(ends, (near, far), strict=True):
        if end.identity != each.link.key.target_columns or end.is_read_only:
            return
    names = []
    for here, there in ((0, 1), (1, 0)):
        base = plan.style.attribute(plural_name(ends[there].model.relation.name))
        name = (near, far)[there].name
        own = plan.style.attribute(plural_name(name))
        wishes = [base, f"{base}_by_{shape.model.relation.name}", own] if ends[0] is not ends[1] else [own]
        names.append(ends[here].names.take(*(plan.style.attribute(wish) for wish in wishes)))
    through = shape.model.relation.key
    ends[0].joined.append(Joined(names[0], far.link.target, through, near, far, names[1]))
