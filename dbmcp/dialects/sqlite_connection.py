"""A connection of sqlite3's that can only read: the locks of the engine, put on before anything else runs."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lru import LRU

from dbmcp.dialects.functions import load
from dbmcp.dialects.relations import held_back_relations
from dbmcp.dialects.sqlite_errors import too_long
from dbmcp.dialects.sqlite_overflow import Cursor, Loud, silent_functions
from dbmcp.dialects.sqlite_policy import Closed, check_views, install, is_telling
from dbmcp.dialects.sqlite_virtual import answers, virtual_tables
from dbmcp.dialects.sqlite_work import MAX_PATTERN_BYTES, MAX_VALUE_BYTES, Work, calls_anything, calls_of

if TYPE_CHECKING:
    from dbmcp.policy import Policy

HEAP_BYTES = 536_870_912
_PROGRESS_STEPS = 20_000
_MAX_STEPS = 250_000
# Longer texts are not remembered.
_SHORT_TEXT = 8_192

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
    # The version of the schema that all of this was made for.
    version = 0
    outdated = False
    virtual: frozenset[str] = frozenset()
    is_locked = False
    longest_value = MAX_VALUE_BYTES
    # The table whose reading was denied last.
    denied = ""
    functions: frozenset[str] = frozenset()

    def lock_down(self, policy: Policy | None, functions: frozenset[str]) -> Connection:
        """Take away everything but reading what the policy leaves; call once, after opening.

        Raises:
            ConfigError: the policy does not fit the file.
        """
        self.functions = load("sqlite") | functions
        # First: a change that comes while the schema is read is then found by the first look at the version.
        (self.version,) = self.execute("PRAGMA main.schema_version").fetchone()
        self.execute("PRAGMA temp_store = MEMORY").close()
        # Of all connections of the process together: a sort of large values has no other bound.
        self.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}").close()
        self.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MAX_PATTERN_BYTES)
        if policy is not None:
            self.closed = install(self, policy)
        self.execute("PRAGMA query_only = ON").close()
        self.execute("PRAGMA trusted_schema = OFF").close()
        self.execute("PRAGMA cell_size_check = ON").close()
        self.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200)
        self.setlimit(sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0)
        # A subquery whose columns stand twice in the next one, which stands in another, is a program without end.
        self.setlimit(sqlite3.SQLITE_LIMIT_VDBE_OP, _MAX_STEPS)
        # SQLite declares such a table at its first use, which to an authorizer looks like a write to the schema.
        tables = virtual_tables(self)
        for table in (*_TABLE_FUNCTIONS, *tables):
            answers(self, table)
        self.virtual = frozenset(name.lower() for name in tables)
        self.set_authorizer(self._authorize)
        if policy is not None:
            check_views(self, policy)
        self.set_progress_handler(self._is_late, _PROGRESS_STEPS)
        self.is_locked = True
        return self

    def create_function(self, *function: Any, **options: Any) -> None:
        """Take no more functions once locked: SQLAlchemy puts a floor() of Python's in place of SQLite's."""
        if not self.is_locked:
            super().create_function(*function, **options)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement with values no longer than its calls can be trusted with.

        Raises:
            QueryFailed: it calls too much that is long at work.
            sqlite3.DatabaseError: it joins what the policy closes by columns that the authorizer is not asked about.
        """
        if self.is_locked and self.closed.forbids_join(sql):
            raise sqlite3.DatabaseError("a join by USING of what is closed is prohibited")
        loud = Loud(sql, silent_functions())
        self.longest_value = self._longest_value(sql, loud, parameters)
        if not self.longest_value:
            raise too_long("", 0)
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, self.longest_value)
        if loud.text == sql:
            return super().execute(sql, parameters)
        cursor = self.cursor(Cursor)
        cursor.loud = loud
        return cursor.execute(loud.text, parameters)

    def _longest_value(self, sql: str, loud: Loud, parameters: Any) -> int:
        if not self.is_locked or sql.startswith("EXPLAIN ") or not (self.virtual or calls_anything(sql)):
            return MAX_VALUE_BYTES
        known = self._known.get(sql)
        if known is None:
            self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
            with closing(super().execute(f"EXPLAIN {loud.text}", parameters)) as program:
                calls = calls_of(program)
            known = Work(sql, self.virtual).longest_value(calls)
            if known < MAX_VALUE_BYTES and loud.leaves(calls, silent_functions()):
                known = 0
            if len(sql) < _SHORT_TEXT:
                self._known[sql] = known
        return known

    @cached_property
    def _known(self) -> LRU[str, int]:
        return LRU(200)

    def _is_late(self) -> int:
        return int(time.monotonic() > self.deadline)

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
