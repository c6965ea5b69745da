"""The tables and views that are written, each with its fields' types and its keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dbmcp.codegen.prisma_parts.keys import Key, keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbmcp.codegen.plan import Field, Model, Plan
    from dbmcp.codegen.prisma_parts.types import FieldType, Types


@dataclass(frozen=True)
class Table:
    """A table or view: its fields with their types, and its keys."""

    model: Model
    fields: tuple[Field, ...]
    types: Mapping[str, FieldType]
    keys: tuple[Key, ...] = ()
    optional: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ignored(self) -> bool:
        """Say whether Prisma's client cannot tell its rows apart, and so leaves it out."""
        return not self.model.is_view and not any(
            key.is_whole and all(self.types[name].is_known and not self.is_optional(name) for name in key.columns)
            for key in self.keys
        )

    def is_optional(self, column: str) -> bool:
        """Say whether a column may be null."""
        return column in self.optional

    def has_key(self, columns: Sequence[str]) -> bool:
        """Say whether these columns, in any order, are a primary or unique key."""
        return any(key.is_whole and sorted(key.columns) == sorted(columns) for key in self.keys)

    def is_like(self, column: str, other: Table, other_column: str) -> bool:
        """Say whether a column has the type of another table's, one that Prisma knows."""
        own, theirs = self.types.get(column), other.types.get(other_column)
        return (
            own is not None and theirs is not None and own.is_known and (own.name, own.is_list) == (theirs.name, False)
        )

    def only(self, wanted: set[tuple[str, ...]]) -> Table:
        """Return it without indexes, and with those of its unique keys alone that are wanted."""
        kept = (key for key in self.keys if key.kind == "id" or (key.is_whole and tuple(sorted(key.columns)) in wanted))
        return replace(self, keys=tuple(kept))


def is_written(model: Model) -> bool:
    """Say whether Prisma can say a table at all."""
    item = model.relation
    kinds = ("table", "partitioned table", "view", "materialized view")
    return model.role != "part" and item.kind in kinds and bool(item.name) and bool(item.columns)


def table(plan: Plan, model: Model, types: Types) -> Table:
    """Return what is written of a model."""
    item = model.relation
    is_sqlite = plan.catalog.dialect == "sqlite"
    fields = []
    for each in model.fields:
        if not each.column.name or (is_sqlite and each.column.generated is not None):
            plan.leave_out("columns that Prisma does not see", f"{plan.shown_name(item.key)}.{each.column.name}")
        else:
            fields.append(each)
    columns = [each.column.name for each in fields]
    found = {each.column.name: types.of(item, each.column) for each in fields}
    optional = frozenset(each.column.name for each in fields if not _is_needed(plan, model, each))
    own = () if model.is_view else tuple(keys(plan, item, columns))
    names = {each.column.name: each.name for each in fields}
    return Table(model, tuple(fields), found, own, optional, names)


def _is_needed(plan: Plan, model: Model, each: Field) -> bool:
    column = each.column
    if model.is_view:
        return column.not_null
    # The one INTEGER of a primary key is the row's own number.
    is_number = column.identity is not None or (
        column.type == "integer" and model.relation.primary_key == (column.name,)
    )
    # The engine takes what one domain forbids, but not what the domain behind it does.
    domain = plan.catalog.types_by_name.get(column.data_type.reference) if column.data_type.reference else None
    return column.not_null or is_number or (domain is not None and domain.not_null)
