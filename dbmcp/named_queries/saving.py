"""Which inputs of an ad-hoc statement become parameters: those that the database takes as parameters, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from dbmcp.errors import DbmcpError
from dbmcp.guard.literals import Input, inputs
from dbmcp.named_queries.lift import Lifted, lift, statement

if TYPE_CHECKING:
    from dbmcp.database import Database
    from dbmcp.guard import ApprovedQuery


class Lifting:
    """Lifts the inputs of one statement that was approved for one database.

    `approve` gives the guard's verdict on a text with so many placeholders.
    """

    def __init__(self, sql: str, database: Database, approve: Callable[[str, int], Awaitable[ApprovedQuery]]) -> None:
        self._sql = sql
        self._database = database
        self._approve = approve

    async def parameters(self) -> list[Lifted]:
        """Return the parameters, with the types that the database infers; what it takes for none stays a literal."""
        found = inputs(self._sql, self._database.dialect.name)
        if (lifted := await self._lifted(found, shared=True)) is not None:
            return lifted
        # One of them does not stand where a parameter may, or two that are one parameter are of two types.
        taken = [item for item in found if await self._lifted([item], shared=False)]
        return await self._lifted(taken, shared=False) or []

    async def _lifted(self, found: Sequence[Input], *, shared: bool) -> list[Lifted] | None:
        """Return the parameters of these inputs; None where the database does not take them."""
        dialect = self._database.dialect.name
        # First what the engine makes of each parameter by itself, then whether it takes them as the literals were.
        lifted = lift(found, dialect, shared=shared)
        types = await self._types(lifted, bare=True)
        if types is None:
            return None
        lifted = lift(found, dialect, [types.get(item, "") for item in found], shared=shared)
        return lifted if await self._types(lifted) is not None else None

    async def _types(self, lifted: Sequence[Lifted], *, bare: bool = False) -> dict[Input, str] | None:
        """Return the engine's type for each input; None where it takes one of them for no parameter."""
        text, names = statement(self._sql, self._database.dialect.name, lifted, bare=bare)
        try:
            described = await self._database.describe(await self._approve(text, len(names)), names)
        except DbmcpError:
            return None
        return {item.input: described.parameters[names.index(item.name)] for item in lifted}
