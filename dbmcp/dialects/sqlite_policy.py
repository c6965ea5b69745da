"""A policy on SQLite: temporary views stand before the governed tables, and the authorizer keeps the tables shut.

A bare name finds the temporary view first. The view reads the table through a second view of a random name, and the
authorizer, which SQLite tells the view on whose behalf a column is read, lets nobody else at the table: whatever the
caller writes, `main.users`, a view of the file over it, or a WITH clause that is called like the policy's view.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from dbmcp.dialects.sqlite_joins import UnaskedJoins
from dbmcp.dialects.sqlite_virtual import VirtualTables
from dbmcp.errors import ConfigError, did_you_mean
from dbmcp.policy import PLAIN, Policy, Shown, SqlMask, folded

_HASH = "dbmcp_hash"


# SQLite's own tables that hold definitions, and counts of rows.
_TELLING = frozenset({"sqlite_master", "sqlite_schema", "sqlite_sequence", "sqlite_stat1"})


def is_telling(table: str) -> bool:
    """Say whether a table of SQLite's own holds definitions or counts of rows."""
    return table.lower() in _TELLING or table.lower().startswith("pragma_")


@dataclass(frozen=True, slots=True)
class Closed:
    """What the authorizer must keep shut: governed tables, but to views whose names begin with the secret.

    `with_others` are the tables that hold data of a governed one, each with the table that it is closed with.
    """

    policy: Policy | None = None
    secret: str = ""
    with_others: Mapping[str, str] = field(default_factory=dict)
    joins: UnaskedJoins = field(default_factory=UnaskedJoins)

    def forbids_table(self, table: str, column: str, schema: str | None, source: str | None) -> bool:
        """Say whether reading the column of the table is forbidden to what reads it.

        SQLite asks with no column when none is read, and then does not say for which view.
        """
        if self.policy is None or schema == "temp" or self._is_ours(source):
            return False
        name = folded(table)
        if is_telling(name) or name in map(folded, self.with_others):
            return True
        governed = {folded(known): item for (_, known), item in self.policy.tables.items()}.get(name)
        if governed is not None and column == "" and governed.where is None:
            # No row of it is hidden: that there are rows may be known.
            return False
        return governed is not None or self.policy.denies("main", name, fold=True)

    def forbids_join(self, sql: str) -> bool:
        """Say whether a statement joins what is closed by columns that SQLite does not ask about."""
        return self.policy is not None and self.joins.forbid(sql)

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
    virtual = VirtualTables.of(connection)
    columns = {name: _columns(connection, name) for name in names}
    known = frozenset(name.lower() for name in (*names, *chain(*columns.values())))
    key = policy.settings.hash_key.get_secret_value().encode()
    connection.create_function(_HASH, 1, lambda value: _keyed_hash(key, value), deterministic=True)
    secret = f"_{secrets.token_hex(12)}_"
    for number, (_, name) in enumerate(policy.tables):
        virtual.check_governed(name)
        inner = _quoted(f"{secret}{number}")
        shown = policy.shown("main", name, columns[name])
        _check_names(name, shown, known)
        try:
            connection.execute(f"CREATE TEMP VIEW {inner} AS {view_of(name, shown)}")
            connection.execute(f"CREATE TEMP VIEW {_quoted(name)} AS SELECT * FROM temp.{inner}")  # noqa: S608
            connection.execute(f"SELECT * FROM temp.{_quoted(name)} LIMIT 0").close()  # noqa: S608
        except sqlite3.Error as error:
            raise ConfigError(f"The policy of {name} is not valid SQL: {error}.") from None
    with_others = virtual.closed_with(lambda name: policy.governs("main", name))
    governed = frozenset(name for _, name in policy.tables)
    shut = with_others.keys() | {name for name in names if policy.denies("main", name)}
    return Closed(policy, secret, with_others, UnaskedJoins(frozenset(shut - governed), governed))


def _columns(connection: sqlite3.Connection, name: str) -> list[str]:
    """Return the columns that `SELECT *` shows; none of a view over what is gone, or of a module that is missing."""
    asked = "SELECT name FROM pragma_table_xinfo(?, 'main') WHERE hidden <> 1 ORDER BY cid"
    try:
        return [column for (column,) in connection.execute(asked, (name,))]
    except sqlite3.OperationalError:
        return []


def check_views(connection: sqlite3.Connection, policy: Policy) -> None:
    """Try the policy's views on a connection that is locked down.

    Raises:
        ConfigError: one of them is over a view that reads what is closed to it.
    """
    for _, name in policy.tables:
        try:
            connection.execute(f"SELECT * FROM temp.{_quoted(name)} LIMIT 0").close()  # noqa: S608
        except sqlite3.DatabaseError:
            raise ConfigError(
                f"The policy of the view {name} cannot be kept: the view reads a table that is under a policy too.",
                hint="Leave the view out: it stays closed.",
            ) from None


_NAME_OR_TEXT = re.compile(r"""'(?:[^']|'')*'|"((?:[^"]|"")+)\"""")


def _check_names(name: str, shown: Shown, known: frozenset[str]) -> None:
    """Refuse a name in double quotes that means nothing: SQLite would take it for a text.

    Raises:
        ConfigError: naming it, and the nearest that is there.
    """
    for sql in (shown.where or "", *(mask.sql for _, mask in shown.columns if isinstance(mask, SqlMask))):
        for quoted in filter(None, _NAME_OR_TEXT.findall(sql)):
            if quoted.replace('""', '"').lower() not in known:
                raise ConfigError(
                    f"The policy of {name} names {quoted!r}, which is not there.", hint=did_you_mean(quoted, known)
                )


def view_of(name: str, shown: Shown) -> str:
    """Return the SELECT that stands for a governed table."""
    columns = ", ".join(_masked(column, mask) for column, mask in shown.columns)
    select = f"SELECT {columns} FROM main.{_quoted(name)} AS {_quoted(name)}"  # noqa: S608
    # LIMIT keeps SQLite from running the caller's conditions on rows before they are filtered out, and OFFSET from
    # putting the view's table into the caller's statement, where it is not told from the caller's own reading.
    return f"{select} WHERE ({shown.where}\n) LIMIT -1 OFFSET 0" if shown.where else select


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
        # Not IS NOT NULL, which reads the value: for one that is too long that would be an error.
        shown = f"CASE WHEN typeof({column}) <> 'null' THEN '***' END"
    return f"{shown} AS {column}"


def _keyed_hash(key: bytes, value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:16]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
