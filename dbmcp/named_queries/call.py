"""One call of a named query, read and checked: where it runs, which text, with which values. No I/O."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dbmcp.dialects.base import Argument
from dbmcp.errors import Forbidden, InvalidParameter, did_you_mean
from dbmcp.named_queries import parameters
from dbmcp.named_queries.model import DATABASE_ARGUMENT, NamedQuery, Variant
from dbmcp.principal import Principal


@dataclass(frozen=True, slots=True)
class Call:
    """What runs for a call: a variant of the query on a database, with a value for each placeholder."""

    query: NamedQuery
    database: str
    variant: Variant
    arguments: tuple[Argument, ...]

    @property
    def key(self) -> Hashable:
        """Return what tells the call from every other of any query: the text and, by type and value, each argument."""
        return (self.database, self.variant.text, tuple([repr(argument.value) for argument in self.arguments]))


def read(query: NamedQuery, given: Mapping[str, Any], caller: Principal) -> Call:
    """Return the call that a caller makes with these arguments.

    Raises:
        InvalidParameter: naming the parameter, what is wrong with it and what would do.
        Forbidden: the caller lacks a scope or a claim.
    """
    if caller.scopes is not None and (lacking := [scope for scope in query.scopes if scope not in caller.scopes]):
        raise Forbidden(f"The query {query.name} needs the scope {lacking[0]!r}.")
    database = query.databases[0]
    if len(query.databases) > 1:
        given = dict(given)
        database = _database(query, given.pop(DATABASE_ARGUMENT, None))
    values = parameters.read(query.parameters, given, caller.claims, datetime.now(UTC))
    variant = query.variant(values)
    return Call(query, database, variant, parameters.bind(variant, values))


def _database(query: NamedQuery, name: Any) -> str:
    if name in query.databases:
        return str(name)
    hint = did_you_mean(name, query.databases) if isinstance(name, str) else None
    message = f"The argument {DATABASE_ARGUMENT!r} must be one of {', '.join(query.databases)}."
    raise InvalidParameter(message, hint=hint)
