"""What an operator allows beyond the reviewed lists: functions and operators of extensions and of their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extras:
    """Functions by bare name or as schema.name, and schemas whose functions and operators are all allowed."""

    functions: frozenset[str] = frozenset()
    schemas: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()

    def allows_function(self, schema: str, name: str) -> bool:
        """Say whether the operator allows a call of `schema.name`, or of `name` when the schema is empty."""
        if schema in self.schemas and schema:
            return True
        return (f"{schema}.{name}" if schema else name) in self.functions or name in self.functions

    def allows_operator(self, schema: str) -> bool:
        """Say whether operators of the schema may be named by it."""
        return schema in self.schemas


NO_EXTRAS = Extras()
