"""What is known of one database beyond the reviewed lists: what its operator allows, and functions of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbmcp.dialects.base import OwnCode


@dataclass(frozen=True, slots=True)
class Extras:
    """Functions by bare name or as schema.name, and schemas whose functions and operators are all allowed."""

    functions: frozenset[str] = frozenset()
    schemas: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    # Those of the operators that the operator named, and that no reviewed profile brought.
    signs: frozenset[str] = frozenset()
    # Catalog relations that are held back else. For the packs that come with dbmcp: no setting fills it.
    relations: frozenset[str] = frozenset()
    # What is not allowed: functions of the database's own that `(x).f` may call, and those that `t.f` may, with a row.
    attributes: frozenset[str] = frozenset()
    row_attributes: frozenset[str] = frozenset()
    # Names of volatile functions of the database's own: a bare call of a listed function may mean those.
    volatile: frozenset[str] = frozenset()
    # Whether the database was asked for them: else a statement may have to be judged again.
    knows_functions: bool = False

    def knowing(self, own: OwnCode, listed: frozenset[str]) -> Extras:
        """Return the same with the code of the database's own.

        Behind a dot, a name that is listed anyway calls the listed function, unless another of the name is volatile.
        """
        volatile = own.volatile - self.functions
        names = frozenset(own.attributes) - (listed - volatile) - self.functions
        rows = frozenset(name for name in names if own.attributes[name])
        made = replace(self, attributes=names, row_attributes=rows, volatile=volatile, knows_functions=True)
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
