"""Relations: the fields at both ends of a foreign key, where Prisma can say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dbmcp.codegen.prisma_parts.source import Line, arguments, literal

if TYPE_CHECKING:
    from dbmcp.catalog.parts import Constraint
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.links import Link
    from dbmcp.codegen.plan import Plan
    from dbmcp.codegen.prisma_parts.tables import Table

_ACTIONS = {None: "NoAction", "restrict": "Restrict", "cascade": "Cascade", "set null": "SetNull",
            "set default": "SetDefault"}  # fmt: skip


class Relations:
    """The relations of a plan's tables."""

    def __init__(self, plan: Plan, tables: Mapping[Name, Table]) -> None:
        self._plan = plan
        self._tables = tables
        self._written: set[tuple[Name, Constraint]] = set()

    def note(self) -> None:
        """Note the foreign keys that are no relation."""
        for table in self._tables.values():
            for key in table.model.relation.foreign_keys:
                what = f"{key.name or ', '.join(key.columns)} of {self._plan.shown_name(table.model.relation.key)}"
                if key.match is not None or key.set_columns:
                    self._plan.leave_out("MATCH, and the columns that ON DELETE sets", what)
                if self._plan.choices.relationships and (table.model.relation.key, key) not in self._written:
                    self._plan.leave_out("foreign keys that are no relation", what)

    def needed(self) -> dict[Name, set[tuple[str, ...]]]:
        """Return the columns, in any order, that must be unique for relations to be, by table."""
        found: dict[Name, set[tuple[str, ...]]] = {}
        for table in self._tables.values():
            for link in table.model.links:
                if link.is_owner and self._is_sayable(link):
                    found.setdefault(link.target, set()).add(tuple(sorted(link.key.target_columns)))
                    if link.kind == "one to one":
                        found.setdefault(link.owner, set()).add(tuple(sorted(link.key.columns)))
        return found

    def lines(self, table: Table) -> Iterator[Line]:
        """Return the fields of a table that are relations."""
        for link in table.model.links:
            if self._is_sayable(link):
                self._written.add((link.owner, link.key))
                yield self._line(table, link)

    def _line(self, table: Table, link: Link) -> Line:
        owner, target = self._tables[link.owner], self._tables[link.target]
        is_alone = link.is_only and link.target != table.model.relation.key
        forward = link.name if link.is_owner else link.back
        name = None if is_alone else literal(f"{owner.model.name}_{forward}")
        ignored = "" if not target.is_ignored or table.is_ignored else " @ignore"
        if not link.is_owner:
            one = link.kind == "one to one" and owner.has_key(link.key.columns)
            mark = "?" if one else "[]"
            said = f"@relation({name})" if name else ""
            return Line((link.name, f"{target.model.name}{mark}", f"{said}{ignored}".strip()))
        optional = any(map(owner.is_optional, link.key.columns))
        said = self._attribute(owner, target, link.key, name)
        return Line((link.name, f"{target.model.name}{'?' if optional else ''}", f"{said}{ignored}"))

    def _attribute(self, owner: Table, target: Table, key: Constraint, name: str | None) -> str:
        usual = f"{owner.model.relation.name}_{'_'.join(key.columns)}_fkey"
        on_delete, on_update = _ACTIONS[key.on_delete], _ACTIONS[key.on_update]
        # What Prisma does where nothing is said.
        usual_delete = "SetNull" if all(map(owner.is_optional, key.columns)) else "Restrict"
        rest = arguments(
            fields=f"[{_names(owner, key.columns)}]",
            references=f"[{_names(target, key.target_columns)}]",
            onDelete=None if on_delete == usual_delete else on_delete,
            onUpdate=None if on_update == "Cascade" else on_update,
            map=literal(key.name) if key.name not in ("", usual) and self._plan.catalog.dialect != "sqlite" else None,
        )
        return f"@relation({name}, {rest[1:]}" if name else f"@relation{rest}"

    def _is_sayable(self, link: Link) -> bool:
        """Say whether Prisma can say a key: both ends known, of the same types, and the target's columns unique."""
        owner, target = self._tables.get(link.owner), self._tables.get(link.key.target or link.target)
        if owner is None or target is None or not target.has_key(link.key.target_columns):
            return False
        pairs = zip(link.key.columns, link.key.target_columns, strict=True)
        return all(owner.is_like(column, target, other) for column, other in pairs)


def _names(table: Table, columns: Sequence[str]) -> str:
    return ", ".join(table.names[column] for column in columns)
