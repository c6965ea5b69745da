"""What the database gives where nothing is written, as Django's db_default."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.catalog.names import qualified
from dbmcp.codegen.python_source import Source, call, literal

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Column
    from dbmcp.catalog.types import DataType
    from dbmcp.codegen.plan import Plan

_QUOTED = re.compile(r"'((?:[^']|'')*)'(?:::[\w .\"]+(?:\(\d+\))?)?")
_NUMBER = re.compile(r"'?(-?\d+)'?(?:::[a-z ]+)?")


def raw(text: str) -> Source:
    """Return an expression in the database's own words."""
    return call("RawSQL", literal(text.replace("%", "%%")), "()")


def database_default(plan: Plan, item: Relation, column: Column) -> Source | None:
    """Return the default of a column or its domain: as a value where it is one, else in the database's words."""
    data_type, text = _default_of(plan, item, column)
    if text is None or text.upper().startswith("NULL"):
        return None
    if text.lower() in ("true", "false") and data_type.kind == "boolean":
        return text.capitalize()
    if (match := _NUMBER.fullmatch(text)) and data_type.kind in ("integer", "decimal"):
        return str(int(match[1]))
    if (match := _QUOTED.fullmatch(text)) and data_type.kind in ("text", "char", "enum"):
        return literal(match[1].replace("''", "'"))
    if text in ("now()", "CURRENT_TIMESTAMP") and plan.catalog.dialect == "postgresql":
        return call("functions.Now")
    return raw(text)


def _default_of(plan: Plan, item: Relation, column: Column) -> tuple[DataType, str | None]:
    data_type, text = column.data_type, column.default
    types = plan.catalog.types_by_name
    while data_type.kind == "domain" and data_type.reference in types and data_type.reference is not None:
        domain = types[data_type.reference]
        data_type, text = domain.data_type, domain.default if text is None else text
    identity = column.identity
    if identity is not None and identity.kind in ("always", "by default"):
        # What such a column does by itself: an INSERT of Django's says DEFAULT.
        sequence = identity.sequence
        name = f"{item.name}_{column.name}_seq" if sequence is None else sequence.name
        schema = item.schema if sequence is None else sequence.schema
        plan.leave_out("identity of columns that are not the primary key", f"{column.name} of {item.name}")
        return data_type, "nextval('" + qualified(schema, name).replace("'", "''") + "'::regclass)"
    return data_type, text
