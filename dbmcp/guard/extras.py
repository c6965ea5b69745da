"""What is known of one database beyond the reviewed lists: what its operator allows, and functions of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Extras:
    """Functions by bare name or as schema.name, and schemas whose functions and operators are all allowed."""

    functions: frozenset[str] = frozenset()
    schemas: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    # Catalog relations that are held back else. For the packs that come with dbmcp: no setting fills it.
    relations: frozenset[str] = frozenset()
    # What is not allowed: functions of the database's own that `(x).f` may call, and those that `t.f` may, with a row.
    attributes: frozenset[str] = frozenset()
    row_attributes: frozenset[str] = frozenset()
    # Whether the database was asked for them: else a statement may have to be judged again.
    knows_functions: bool = False

    def knowing(self, found: Mapping[str, bool], listed: frozenset[str]) -> Extras:
        """Return the same with the functions of the database's own, each with whether it takes a row.

        A name that is listed anyway calls the listed function.
        """
        names = frozenset(found) - listed - self.functions
        rows = frozenset(name for name in names if found[name])
        made = replace(self, attributes=names, row_attributes=rows, knows_functions=True)
        return self if made == self else made

    def allows_function(self, schema: str, name: str) -> bool:
        """Say whether the operator allows a call of `schema.name`, or of `name` when the schema is empty."""
        if schema in self.schemas and schema:
            return True
        return (f"{schema}.{name}" if schema else name) in self.functions or name in self.functions

    def allows_operator(self, schema: str) -> bool:
        """Say whether operators of the schema may be named by it."""
        return schema in self.schemas

    def allows_relation(self, schema: str, name: str) -> bool:
        """Say whether a catalog relation that is held back else may be read."""
        return not schema and name in self.relations


NO_EXTRAS = Extras()
