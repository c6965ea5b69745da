"""What Meta says of a model: its table, and the constraints and indexes that Django can say."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from dbmcp.codegen.django_parts.conditions import Known, condition
from dbmcp.codegen.django_parts.fields import table_name
from dbmcp.codegen.django_parts.indexes import Indexes
from dbmcp.codegen.django_parts.layout import assigned
from dbmcp.codegen.naming import Names
from dbmcp.codegen.python_source import Source, call, literal, several
from dbmcp.codegen.sqlalchemy_parts.texts import bracketed, split_list

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Constraint, Index
    from dbmcp.catalog.types import DataType, Name
    from dbmcp.codegen.django_parts.relations import Shape
    from dbmcp.codegen.plan import Plan

_OPERATORS = re.compile(r"[&|<>=@~*+-]+")
_KINDS = {"unique": "key", "check": "check", "exclusion": "excl"}


class Meta:
    """Writes the Meta of one plan's models. Django wants the names of constraints and indexes to differ everywhere."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._is_postgresql = plan.catalog.dialect == "postgresql"
        self._names = _names(plan)
        self._indexes = Indexes(plan)
        self._count = Counter(item.name for item in plan.catalog.relations)

    def text(self, shape: Shape) -> str:
        """Return the class."""
        item = shape.model.relation
        parent = "ReadOnly" if shape.is_read_only else self._plan.choices.base
        # Of tables that differ by their schema alone a statement must name it.
        is_bare = item.schema == self._plan.catalog.default_schema and self._count[item.name] == 1
        lines = [
            f"    class Meta({parent}.Meta):",
            assigned("db_table", literal(table_name(None if is_bare else item.schema, item.name)), 2),
        ]
        if item.comment and self._is_postgresql:
            lines.append(assigned("db_table_comment", literal(item.comment), 2))
        known = self._known(shape)
        constraints = [found for key in item.constraints if (found := self._constraint(shape, key, known)) is not None]
        indexes: list[Source] = []
        for index in item.indexes:
            if not self._is_wanted(shape, tuple(part.column or "" for part in index.parts), is_unique=index.unique):
                continue
            found = self._indexes.index(shape, index, self._name(item, index), known)
            if found is not None:
                (constraints if index.unique else indexes).append(found)
        for name, found_ones in (("constraints", constraints), ("indexes", indexes)):
            if found_ones:
                lines.append(assigned(name, several(found_ones), 2))
        return "\n".join(lines)

    def _known(self, shape: Shape) -> dict[str, Known]:
        """Return the columns that a condition may name; a key is named by the attribute of its value."""
        return {
            column.name: Known(
                shape.attribute(column.name), self._base(column.data_type).kind, not self._plan.is_needed(column)
            )
            for column in shape.model.relation.columns
        }

    def _base(self, item: DataType) -> DataType:
        known = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        return self._base(known.data_type) if known is not None and known.kind == "domain" else item

    def _name(self, item: Relation, thing: Constraint | Index) -> str:
        # Django takes %(class)s and the like in a name for its own.
        return self._names[item.key, id(thing)].replace("%", "%%")

    def _is_wanted(self, shape: Shape, columns: tuple[str, ...], *, is_unique: bool) -> bool:
        """Say whether something is written: keys of others must lead to what is known as unique."""
        is_target = is_unique and any(set(columns) <= each for each in shape.targets)
        return is_target or (self._plan.choices.constraints and not shape.is_read_only)

    def _constraint(self, shape: Shape, key: Constraint, known: dict[str, Known]) -> Source | None:
        if key.kind not in _KINDS or not self._is_wanted(shape, key.columns, is_unique=key.kind == "unique"):
            return None
        item = shape.model.relation
        shown = f"{key.name or '(' + ', '.join(key.columns) + ')'} of {self._plan.shown_name(item.key)}"
        found: Source | None = None
        if not key.enforced:
            self._plan.leave_out("constraints that are not enforced", shown)
            return None
        if key.kind == "unique" and key.definition is None:
            return self._unique(shape, key, shown)
        if key.kind == "check":
            found = self._check(item, key, known)
        elif key.kind == "exclusion":
            found = self._exclusion(shape, key, known)
        if found is None:
            kinds = {"check": "checks", "exclusion": "exclusions", "unique": "keys without overlaps"}
            self._plan.leave_out(kinds[key.kind], shown)
        elif not key.validated:
            self._plan.leave_out("that constraints are not valid for old rows", shown)
        return found

    def _unique(self, shape: Shape, key: Constraint, shown: str) -> Source | None:
        if len(key.columns) == 1 and key.columns[0] in shape.keys and not key.include and not key.deferrable:
            # A OneToOneField says it.
            return None
        timing = f"models.Deferrable.{'DEFERRED' if key.deferred else 'IMMEDIATE'}" if key.deferrable else None
        if timing and key.include:
            self._plan.leave_out("when unique keys with INCLUDE are checked", shown)
            timing = None
        return call(
            "models.UniqueConstraint",
            fields=several(literal(shape.field_name(column)) for column in key.columns),
            name=literal(self._name(shape.model.relation, key)),
            deferrable=timing,
            include=several(literal(shape.field_name(column)) for column in key.include) if key.include else None,
            nulls_distinct="False" if key.nulls_not_distinct else None,
        )

    def _check(self, item: Relation, key: Constraint, known: dict[str, Known]) -> Source | None:
        said = condition(key.expression or "", known, is_check=True)
        return said and call("models.CheckConstraint", condition=said, name=literal(self._name(item, key)))

    def _exclusion(self, shape: Shape, key: Constraint, known: dict[str, Known]) -> Source | None:
        text = key.definition or ""
        method = re.match(r"EXCLUDE USING (gist|spgist|hash|btree) \(", text)
        if method is None:
            return None
        listed, end = bracketed(text, method.end() - 1)
        pairs: list[Source] = []
        names = {_shown(column): shape.field_name(column) for column in known}
        for part in split_list(listed):
            column, _, operator = part.rpartition(" WITH ")
            if column not in names or not _OPERATORS.fullmatch(operator):
                return None
            pairs.append(several([literal(names[column]), literal(operator)], "()"))
        where = re.match(r" WHERE (?=\()", text[end:])
        said = condition(bracketed(text, end + where.end())[0], known, is_check=False) if where else None
        if where is not None and said is None:
            return None
        timing = f"models.Deferrable.{'DEFERRED' if key.deferred else 'IMMEDIATE'}" if key.deferrable else None
        return call(
            "pg_constraints.ExclusionConstraint",
            name=literal(self._name(shape.model.relation, key)),
            expressions=several(pairs),
            index_type=literal(method[1]),
            condition=said,
            deferrable=timing,
        )


def _shown(column: str) -> str:
    return column if re.fullmatch(r"[a-z_][a-z0-9_]*", column) else '"' + column.replace('"', '""') + '"'


def _names(plan: Plan) -> dict[tuple[Name, int], str]:
    """Return a name for each constraint and index of the whole catalog: its own, unless several tables have it."""
    wishes: list[tuple[tuple[Name, int], str, list[str]]] = []
    for item in plan.catalog.relations:
        for key in item.constraints:
            if key.kind in _KINDS:
                made = "_".join([item.name, *key.columns, _KINDS[key.kind]])
                wishes.append(((item.key, id(key)), key.name or made, [f"{item.schema}_{item.name}_{key.name}"]))
        wishes += [((item.key, id(index)), index.name, [f"{item.schema}_{index.name}"]) for index in item.indexes]
    count = Counter(own for _, own, _ in wishes)
    names = Names((), suffix="")
    given = {thing: names.take(own) for thing, own, _ in wishes if count[own] == 1}
    return given | {thing: names.take(*wished) for thing, own, wished in wishes if count[own] > 1}
