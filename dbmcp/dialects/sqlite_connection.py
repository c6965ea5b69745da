"""A connection of sqlite3's that can only read: the locks of the engine, put on before anything else runs."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from dbmcp.dialects.functions import load
from dbmcp.dialects.relations import held_back_relations
from dbmcp.dialects.sqlite_policy import Closed, check_views, install, is_telling

if TYPE_CHECKING:
    from dbmcp.policy import Policy

# Some functions look at every pair of bytes of two values, and cannot be interrupted meanwhile.
MAX_VALUE_BYTES = 4_194_304
HEAP_BYTES = 536_870_912
_PROGRESS_STEPS = 20_000

# Pragmas that the table-valued functions of the same name run, and the catalog's own.
_PRAGMAS = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list"}
)
_TABLE_FUNCTIONS = ("json_each", "json_tree", *(f"pragma_{name}" for name in sorted(_PRAGMAS)))
# Read, never set: the catalog's fingerprint, what SQLAlchemy asks of a first connection, and full-text tables.
_SETTINGS_READ = frozenset({"schema_version", "read_uncommitted", "data_version"})
_ALLOWED_ACTIONS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE})
_HIDDEN = frozenset(name.rpartition(".")[2].lower() for name in held_back_relations("sqlite"))


class Connection(sqlite3.Connection):
    """A connection that can only read, for as long as it is allowed to."""

    deadline = float("inf")
    closed = Closed()
    # The table whose reading was denied last.
    denied = ""
    functions: frozenset[str] = frozenset()

    def lock_down(self, policy: Policy | None, functions: frozenset[str]) -> Connection:
        """Take away everything but reading what the policy leaves; call once, after opening.

        Raises:
            ConfigError: the policy does not fit the file.
        """
        self.functions = load("sqlite") | functions
        self.execute("PRAGMA temp_store = MEMORY").close()
        # Of all connections of the process together: a sort of large values has no other bound.
        self.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}").close()
        self.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000)
        if policy is not None:
            self.closed = install(self, policy)
        self.execute("PRAGMA query_only = ON").close()
        self.execute("PRAGMA trusted_schema = OFF").close()
        self.execute("PRAGMA cell_size_check = ON").close()
        self.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        self.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200)
        self.setlimit(sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0)
        # SQLite declares such a table at its first use, which to an authorizer looks like a write to the schema.
        for table in (*_TABLE_FUNCTIONS, *self._virtual_tables()):
            with suppress(sqlite3.Error):  # a module may be missing
                self.execute(f"SELECT 1 FROM {table} LIMIT 0").close()  # noqa: S608
        self.set_authorizer(self._authorize)
        if policy is not None:
            check_views(self, policy)
        self.set_progress_handler(self._is_late, _PROGRESS_STEPS)
        return self

    def _is_late(self) -> int:
        return int(time.monotonic() > self.deadline)

    def _virtual_tables(self) -> list[str]:
        """Return the quoted names of the file's virtual tables, such as those for full-text search."""
        found = self.execute("SELECT name FROM main.sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%'")
        return ['"' + name.replace('"', '""') + '"' for (name,) in found]

    def _authorize_catalog(self, action: int, first: str | None, second: str | None, *where: str | None) -> int:
        """Allow dbmcp's own statements what tells of definitions and counts: `govern` shows what may be known."""
        if action == sqlite3.SQLITE_READ and first is not None and is_telling(first):
            return sqlite3.SQLITE_OK
        return self._authorize(action, first, second, *where)

    def _authorize(self, action: int, first: str | None, second: str | None, *where: str | None) -> int:
        """Allow reading, the listed functions, and pragmas that describe a table; everything else is denied.

        `where` is the schema, and the view on whose behalf SQLite asks.
        """
        schema, source = where
        allowed = action in _ALLOWED_ACTIONS
        if action == sqlite3.SQLITE_READ and first is not None:
            hidden = first.lower() in _HIDDEN or first.lower().startswith("sqlite_temp")
            closed = self.closed.forbids_table(first, second or "", schema, source)
            if closed:
                self.denied = first
            allowed = not hidden and not closed
        elif action == sqlite3.SQLITE_FUNCTION and second is not None:
            allowed = second.lower() in self.functions or self.closed.allows_function(second, source)
        elif action == sqlite3.SQLITE_PRAGMA:
            allowed = first in _PRAGMAS or (first in _SETTINGS_READ and second is None)
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
