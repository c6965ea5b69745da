"""A policy on SQLite: temporary views stand before the governed tables, and the authorizer keeps the tables shut.

A bare name finds the temporary view first. The view reads the table through a second view of a random name, and the
authorizer, which SQLite tells the view on whose behalf a column is read, lets nobody else at the table: whatever the
caller writes, `main.users`, a view of the file over it, or a WITH clause that is called like the policy's view.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbmcp.errors import ConfigError
from dbmcp.policy import PLAIN, Policy, Shown, SqlMask

if TYPE_CHECKING:
    from collections.abc import Iterable

_HASH = "dbmcp_hash"


@dataclass(frozen=True, slots=True)
class Closed:
    """What the authorizer must keep shut: governed tables, but to views whose names begin with the secret."""

    tables: frozenset[str] = frozenset()
    secret: str = ""

    def forbids_table(self, table: str, schema: str | None, source: str | None) -> bool:
        """Say whether reading the table is forbidden to what reads it."""
        return schema != "temp" and table.lower() in self.tables and not self._is_ours(source)

    def allows_function(self, name: str, source: str | None) -> bool:
        """Say whether the function is the policy's own, called by one of its views and not by a caller who guesses."""
        return name.lower() == _HASH and self._is_ours(source)

    def _is_ours(self, source: str | None) -> bool:
        return bool(self.secret) and source is not None and source.startswith(self.secret)


def install(connection: sqlite3.Connection, policy: Policy) -> Closed:
    """Make the policy's views on a connection that is not locked down yet.

    Raises:
        ConfigError: the policy names what is not there, or an expression that SQLite does not take.
    """
    if policy.settings.allow_views:
        raise ConfigError("allow_views is for PostgreSQL only.", hint="Leave it out: such views stay closed on SQLite.")
    names = [
        row[0] for row in connection.execute("SELECT name FROM main.sqlite_schema WHERE type IN ('table', 'view')")
    ]
    policy.check(("main", name) for name in names)
    key = policy.settings.hash_key.get_secret_value().encode()
    connection.create_function(_HASH, 1, lambda value: _keyed_hash(key, value), deterministic=True)
    secret = f"_{secrets.token_hex(12)}_"
    for number, (_, name) in enumerate(policy.tables):
        columns = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid", (name,)
            )
        ]
        inner = _quoted(f"{secret}{number}")
        try:
            connection.execute(f"CREATE TEMP VIEW {inner} AS {view_of(name, policy.shown('main', name, columns))}")
            connection.execute(f"CREATE TEMP VIEW {_quoted(name)} AS SELECT * FROM temp.{inner}")  # noqa: S608
            connection.execute(f"SELECT * FROM temp.{_quoted(name)} LIMIT 0").close()  # noqa: S608
        except sqlite3.Error as error:
            raise ConfigError(f"The policy of {name} is not valid SQL: {error}.") from None
    return Closed(frozenset(_closed(policy, names)), secret)


def _closed(policy: Policy, names: Iterable[str]) -> Iterable[str]:
    return (name.lower() for name in names if policy.governs("main", name))


def view_of(name: str, shown: Shown) -> str:
    """Return the SELECT that stands for a governed table."""
    columns = ", ".join(_masked(column, mask) for column, mask in shown.columns)
    select = f"SELECT {columns} FROM main.{_quoted(name)} AS {_quoted(name)}"  # noqa: S608
    # LIMIT keeps SQLite from running the caller's conditions on rows before they are filtered out.
    return f"{select} WHERE ({shown.where}\n) LIMIT -1" if shown.where else select


def _masked(name: str, mask: str | SqlMask) -> str:
    """Return the select item that shows a column through its mask. NULL stays NULL."""
    column = _quoted(name)
    if mask == PLAIN:
        return column
    if isinstance(mask, SqlMask):
        shown = f"({mask.sql}\n)"
    elif mask == "null":
        shown = "NULL"
    elif mask == "hash":
        shown = f"{_HASH}({column})"
    elif mask == "partial":
        ends = f"substr({column}, 1, 1) || '***' || substr({column}, -1, 1)"
        shown = f"CASE WHEN length({column}) > 5 THEN {ends} WHEN {column} IS NOT NULL THEN '***' END"
    else:
        shown = f"CASE WHEN {column} IS NOT NULL THEN '***' END"
    return f"{shown} AS {column}"


def _keyed_hash(key: bytes, value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:16]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
