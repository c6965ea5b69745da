"""asyncpg's connection as dbmcp opens it: read-only, bounded in time, with the engine's own text for every value."""

from __future__ import annotations

import socket
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import asyncpg
from lru import LRU

from dbmcp.dialects.postgresql_arguments import ARRAYS
from dbmcp.dialects.postgresql_values import TAKEN_AS_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dbmcp.dialects.base import Session

# A server that is gone without a word is noticed after about a minute: connections may be waited for without a limit.
_KEEP_ALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60_000}


class Connection(asyncpg.Connection):  # type: ignore[misc]
    """asyncpg's connection, less its look-up of types that it does not know.

    Every value is printed by the engine, so asyncpg needs no codec for a composite or an enum; looking one up costs
    three round trips for each new type. Unknown types are declared as enums, which asyncpg takes for plain text, and
    arrays of the engine's own types as what they are, for values may be sent for them.
    """

    async def fetch_as_prepared(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        """Fetch with a statement prepared once on this connection; one whose columns changed type since raises 0A000.

        asyncpg's own `fetch` would prepare it anew in silence, and hand over values of types nobody has asked for.
        """
        statement = self._prepared.get(text)
        if statement is None:
            statement = self._prepared[text] = await self.prepare(text)
        try:
            rows: list[Any] = await statement.fetch(*values)
        except BaseException:
            self._prepared.pop(text, None)
            raise
        return rows

    @cached_property
    def _prepared(self) -> LRU[str, Any]:
        return LRU(200)

    async def _introspect_types(self, typeoids: Iterable[int], timeout: float | None) -> tuple[list[Any], Any]:  # noqa: ARG002, ASYNC109
        types = [
            {
                "oid": oid, "ns": "pg_catalog", "name": f"type{oid}", "kind": b"b" if oid in ARRAYS else b"e",
                "basetype": None, "elemtype": ARRAYS.get(oid), "elemdelim": ",", "range_subtype": None,
                "attrtypoids": None, "attrnames": None, "depth": 0, "basetype_name": None,
                "elemtype_name": f"type{ARRAYS[oid]}" if oid in ARRAYS else None, "range_subtype_name": None,
            }
            for oid in typeoids
        ]  # fmt: skip
        return types, SimpleNamespace(name="none was prepared")

    def get_reset_query(self) -> str:
        """Return what leaves nothing of one caller to the next, but for asyncpg's own prepared statements.

        The role is no setting that RESET ALL resets. It comes first: what follows is done as the session's own user.
        """
        return (
            "RESET SESSION AUTHORIZATION; RESET ALL; SELECT pg_catalog.pg_advisory_unlock_all(); "
            "CLOSE ALL; UNLISTEN *; DISCARD TEMP"
        )


async def opened(url: str, session: Session) -> Connection:
    """Return a connection that is read-only and bounded in time from its first statement.

    Raises:
        Whatever the driver does.
    """
    settings = {
        "application_name": "dbmcp",
        "default_transaction_read_only": "on",
        "standard_conforming_strings": "on",
        "statement_timeout": str(int(session.seconds * 1000)),
        "lock_timeout": str(int(session.wait_seconds * 1000)),
        "idle_in_transaction_session_timeout": str(int(session.seconds * 1000)),
    }
    if session.search_path is not None:
        settings["search_path"] = session.search_path
    connection: Connection = await asyncpg.connect(
        url,
        timeout=session.connect_seconds,
        server_settings=settings,
        connection_class=Connection,
        statement_cache_size=200,
        max_cacheable_statement_size=0,
        max_cached_statement_lifetime=0,
    )
    _keep_alive(connection._transport.get_extra_info("socket"))  # noqa: SLF001  (asyncpg has no setting for it)
    for name in TAKEN_AS_TEXT:
        await connection.set_builtin_type_codec(name, schema="pg_catalog", codec_name="text", format="text")
    return connection


def _keep_alive(connected: Any) -> None:
    """Have the system ask whether the other end is there, as far as it can; on the same machine it knows."""
    if connected.family not in (socket.AF_INET, socket.AF_INET6):
        return
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE.items():
        if hasattr(socket, name):
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
