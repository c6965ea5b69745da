"""Relationships: both ends of every foreign key between classes, named, and none of them ambiguous."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from dbmcp.codegen.words import plural_name, singular_name, snake

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Constraint
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.naming import Names, Style


@dataclass(frozen=True, slots=True)
class Link:
    """One end of a relationship: an attribute of a class that leads to rows of `target`.

    `kind` reads from this end. `key` is the foreign key, of the table `owner`; `is_owner` says that this end's class
    has it. `back` is the other end's attribute. For "many to many", `owner` is the table that joins the two, `key` its
    key to this end and `far_key` the one to the other. `is_optional`: there may be no row. `is_only` says that no other
    key joins the same two tables. `sharing` are the links, as (table, attribute), of other keys that share a column.
    """

    name: str
    kind: Literal["many to one", "one to one", "one to many", "many to many"]
    target: Name
    key: Constraint
    owner: Name
    is_owner: bool
    back: str = ""
    far_key: Constraint | None = None
    is_optional: bool = False
    is_only: bool = True
    sharing: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Say whether it leads to any number of rows."""
        return self.kind in ("one to many", "many to many")


def is_join(relation: Relation) -> bool:
    """Say whether a table only joins two others: two keys, which are its primary key and all its columns."""
    keys = [key for key in relation.foreign_keys if key.target]
    columns = [column for key in keys for column in key.columns]
    return (
        len(keys) == 2
        and not relation.is_part
        and sorted(columns) == sorted(relation.primary_key)
        and len(relation.columns) == len(columns)
        and not any(column.is_generated or column.default is not None for column in relation.columns)
    )


def links(
    classes: Sequence[Relation], joins: Sequence[Relation], attributes: Mapping[Name, Names], style: Style
) -> dict[Name, tuple[Link, ...]]:
    """Return the links of each class, by the names that its columns have left, those to one row first."""
    return _Linking(classes, joins, attributes, style).all()


class _Linking:
    """One round: the ends found so far, by class."""

    def __init__(
        self, classes: Sequence[Relation], joins: Sequence[Relation], attributes: Mapping[Name, Names], style: Style
    ) -> None:
        self._classes = {item.key: item for item in classes}
        self._joins = joins
        self._names = attributes
        self._style = style
        self._found: dict[Name, list[Link]] = defaultdict(list)

    def all(self) -> dict[Name, tuple[Link, ...]]:
        ends = [(item, key) for item in self._classes.values() for key in _usable(item, self._classes)]
        # A key whose column says what it leads to has its name before those that take the table's.
        ends.sort(key=lambda end: not _stem(end[1]))
        forward: list[tuple[Relation, Constraint, Link]] = []
        pairs: dict[frozenset[Name], int] = defaultdict(int)
        for item, key in ends:
            pairs[frozenset((item.key, _target(key)))] += 1
            forward.append((item, key, self._forward(item, key)))
        shared = _sharing(forward)
        for place, (item, _, link) in enumerate(forward):
            is_only = pairs[frozenset((item.key, link.target))] == 1
            back = self._backward(item, link)
            names = tuple(name for other in shared.get(place, ()) for name in (forward[other][2].name,))
            own = replace(link, back=back.name, is_only=is_only, sharing=names)
            self._found[item.key].append(own)
            self._found[link.target].append(replace(back, is_only=is_only, sharing=names))
        for item in self._joins:
            self._joined(item)
        return {name: _with_back_names(self._found, tuple(found)) for name, found in [*self._found.items()]}

    def _forward(self, item: Relation, key: Constraint) -> Link:
        target = _target(key)
        nullable = {column.name for column in item.columns if not column.not_null}
        stem = _stem(key)
        base = singular_name(target[1])
        by = "_".join((base, "by", *key.columns))
        wishes = [stem, base, f"{stem}_{base}", by] if stem and stem != snake(base) else [base, by]
        if item.key == target and len(wishes) == 4:
            wishes[1:3] = reversed(wishes[1:3])
        name = self._names[item.key].take(*filter(None, map(self._style.attribute, wishes)))
        kind: Literal["one to one", "many to one"] = "one to one" if _is_unique(item, key.columns) else "many to one"
        optional = any(column in nullable for column in key.columns)
        return Link(name, kind, target, key, item.key, is_owner=True, is_optional=optional)

    def _backward(self, item: Relation, link: Link) -> Link:
        one = link.kind == "one to one"
        count = singular_name if one else plural_name
        base = count(item.name)
        by = f"{base}_by_{_stem(link.key) or '_'.join(link.key.columns)}"
        is_main = snake(link.name) in (snake(singular_name(link.target[1])), snake(item.name))
        if item.key == link.target:
            first = ["children"] if snake(link.name) == "parent" and not one else []
            wishes = [*first, base, by] if self._is_only_self(item) else [by]
        elif is_main or self._keys_between(item, link.target) == 1:
            wishes = [base, f"{item.schema}_{base}", by]
        else:
            wishes = [by, f"{item.schema}_{by}"]
        name = self._names[link.target].take(*filter(None, map(self._style.attribute, wishes)))
        kind: Literal["one to one", "one to many"] = "one to one" if one else "one to many"
        return Link(name, kind, item.key, link.key, item.key, is_owner=False, back=link.name, is_optional=True)

    def _is_only_self(self, item: Relation) -> bool:
        return self._keys_between(item, item.key) == 1

    def _keys_between(self, item: Relation, target: Name) -> int:
        return sum(1 for key in _usable(item, self._classes) if key.target == target)

    def _joined(self, item: Relation) -> None:
        first, second = (key for key in item.foreign_keys if key.target)
        one, other = _target(first), _target(second)
        names = []
        for end, key in ((one, second), (other, first)):
            stem = _stem(key)
            base = plural_name(_target(key)[1])
            own = plural_name(stem) if stem else base
            wishes = [base if one != other else own, own, f"{base}_by_{item.name}", f"{own}_by_{item.name}"]
            names.append(self._names[end].take(*filter(None, map(self._style.attribute, wishes))))
        here, there = names
        ends = (
            Link(here, "many to many", other, first, item.key, is_owner=False, back=there, far_key=second),
            Link(there, "many to many", one, second, item.key, is_owner=False, back=here, far_key=first),
        )
        self._found[one].append(ends[0])
        self._found[other].append(ends[1])


def _usable(item: Relation, classes: Mapping[Name, Relation]) -> Iterable[Constraint]:
    """Return the keys that lead to classes, in the order of their columns: to known ones, each pair of columns once."""
    seen = set()
    places = {column.name: place for place, column in enumerate(item.columns)}
    for key in sorted(item.foreign_keys, key=lambda key: [places.get(name, -1) for name in key.columns]):
        what = (key.target, key.columns, key.target_columns)
        if key.target in classes and key.target_columns and not item.is_part and what not in seen:
            seen.add(what)
            yield key


def _target(key: Constraint) -> Name:
    if key.target is None:
        raise AssertionError(key)
    return key.target


# What a column that points somewhere ends with, in its words.
_POINTERS = ("id", "fk", "uuid", "guid", "key", "code", "no", "nr", "num", "number", "ref", "pk", "oid")


def _stem(key: Constraint) -> str:
    """Return what a key's one column calls its target: customer of customer_id; "" where it does not say."""
    if len(key.columns) != 1:
        return ""
    name = snake(key.columns[0])
    *first, last = name.split("_")
    if first and last in _POINTERS:
        return "_".join(first)
    # Written as one word: customerid.
    stem = re.sub(r"(?<=[a-z]{3})id$", "", name) if not first else name
    return stem if stem != name else ("" if last in _POINTERS else name)


def _is_unique(item: Relation, columns: Sequence[str]) -> bool:
    """Say whether no two rows can have the same values in these columns."""
    wanted = set(columns)
    # A key with a definition is one without overlaps.
    kinds = ("primary", "unique")
    held = (key.columns for key in item.constraints if key.kind in kinds and key.columns and key.definition is None)
    indexed = (
        tuple(part.column or "" for part in index.parts)
        for index in item.indexes
        if index.unique and index.valid and index.predicate is None and index.parts
    )
    return any(wanted.issuperset(found) for found in (*held, *indexed))


def _sharing(forward: Sequence[tuple[Relation, Constraint, Link]]) -> dict[int, list[int]]:
    """Return, for each key, the keys before it of the same table that share a column with it."""
    users: dict[tuple[Name, str], list[int]] = defaultdict(list)
    found: dict[int, list[int]] = defaultdict(list)
    for place, (item, key, _) in enumerate(forward):
        for column in key.columns:
            for other in users[item.key, column]:
                if other not in found[place]:
                    found[place].append(other)
            users[item.key, column].append(place)
    return found


def _with_back_names(found: Mapping[Name, Sequence[Link]], own: tuple[Link, ...]) -> tuple[Link, ...]:
    """Add to the links that a key shares columns with the names of their other ends."""
    completed = []
    for link in own:
        others = [other for other in found[link.owner] if other.is_owner and other.name in link.sharing]
        names = dict.fromkeys(name for other in others for name in (other.name, other.back))
        completed.append(replace(link, sharing=tuple(names)) if link.kind != "many to many" else link)
    return tuple(sorted(completed, key=lambda link: link.is_list or not link.is_owner))
