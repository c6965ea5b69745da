"""The attacks of the corpus on SQLite: each with no lock, with each lock alone, and with all of dbmcp's."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dbmcp.dialects import dialect_named
from dbmcp.dialects.base import Read, Session
from dbmcp.dialects.functions import load
from dbmcp.dialects.sqlite_connection import Connection
from dbmcp.dialects.sqlite_work import MAX_VALUE_BYTES
from dbmcp.errors import DbmcpError
from dbmcp.results import Bounds
from tests.corpus import Case, schema
from tests.engines import build_sqlite_file
from tests.locks.trials import ALL, NOT_RUN, OPEN, Attack, Result, changed

BOUND_S = 2.0
_BOUNDS = Bounds(rows=500, bytes=40_000, seconds=1.0)
_FILE = "inn.sqlite"
_FAULTS = (sqlite3.Error, sqlite3.Warning, DbmcpError, ValueError, OverflowError, UnicodeError)
# What a pragma may change for whoever uses the connection next, or for everybody.
_PRAGMAS = (
    "application_id", "automatic_index", "busy_timeout", "cache_size", "case_sensitive_like", "cell_size_check",
    "defer_foreign_keys", "foreign_keys", "ignore_check_constraints", "journal_mode", "journal_size_limit",
    "legacy_alter_table",
    "locking_mode", "mmap_size", "query_only", "read_uncommitted", "recursive_triggers", "reverse_unordered_selects",
    "secure_delete", "synchronous", "temp_store", "threads", "trusted_schema", "user_version", "wal_autocheckpoint",
    "writable_schema",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Locks:
    """Which locks are closed on a connection of Python's own module."""

    name: str
    read_only_file: bool = False
    query_only: bool = False
    authorizer: bool = False
    limits: bool = False
    deadline: bool = False
    one_statement: bool = False


NO_LOCKS = Locks(OPEN)
SINGLE_LOCKS = (
    Locks("a file opened with mode=ro", read_only_file=True),
    Locks("query_only", query_only=True),
    Locks("the authorizer", authorizer=True),
    Locks("limits and trusted_schema off", limits=True),
    Locks("a deadline", deadline=True),
    Locks("one statement", one_statement=True),
)


def score(scratch: Path, cases: Sequence[Case], tell: Callable[[str], None]) -> list[Result]:
    """Try every attack, in the scratch folder."""
    template = build_sqlite_file(scratch / "template.sqlite", schema("sqlite"))
    results = []
    with _within(scratch):
        for case in cases:
            if case.klass in NOT_RUN:
                continue
            attack = Attack(case, case.text)
            result = Result(case.place, case.klass, attack.is_by_statement)
            for locks in (NO_LOCKS, *SINGLE_LOCKS):
                if locks is NO_LOCKS or result.works or attack.may_escape:
                    _note(result, locks.name, _attempt(template, attack, locks))
            _note(result, ALL, asyncio.run(_attempt_with_all(template, scratch / _FILE, attack)))
            results.append(result)
    tell(f"{len(results)} attacks on SQLite")
    return results


def _note(result: Result, locks: str, outcome: tuple[bool, list[str]]) -> None:
    result.ran[locks], result.effects[locks] = outcome


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Work in a folder: attacks name files without one."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _attempt(template: Path, attack: Attack, locks: Locks) -> tuple[bool, list[str]]:
    """Run an attack on a fresh copy; return whether it ran to its end, and what it changed."""
    _tidy(template)
    before = _files()
    with closing(_connect(locks)) as connection:
        session = _session(connection, is_watched=locks.authorizer)
        began = time.monotonic()
        ran = _run(connection, attack.text, locks)
        effects = ["blocks"] if time.monotonic() - began >= BOUND_S else []
        effects += changed(session, _session(connection, is_watched=False))
        effects += [] if _can_be_written() else ["keeps the file locked"]
    return ran, effects + changed(before, _files())


async def _attempt_with_all(template: Path, file: Path, attack: Attack) -> tuple[bool, list[str]]:
    """Run an attack on a connection as dbmcp opens it."""
    _tidy(template)
    before = _files()
    dialect = dialect_named("sqlite")
    connection = await dialect.connect(Session(str(file), 1.0, 0.5))
    try:
        raw = connection._conn
        session = await connection._execute(partial(_session, raw, is_watched=True))
        began = time.monotonic()
        try:
            await dialect.fetch(connection, Read(attack.text), _BOUNDS, {})
            ran = True
        except _FAULTS:
            ran = False
        effects = ["blocks"] if time.monotonic() - began >= BOUND_S else []
        await dialect.reset(connection)
        effects += changed(session, await connection._execute(partial(_session, raw, is_watched=True)))
        effects += [] if _can_be_written() else ["keeps the file locked"]
    finally:
        await dialect.close(connection)
    return ran, effects + changed(before, _files())


def _tidy(template: Path) -> None:
    """Leave nothing in the folder but a fresh copy of the database."""
    for path in Path().iterdir():
        if path.name != template.name:
            path.unlink()
    shutil.copyfile(template, _FILE)


def _connect(locks: Locks) -> Connection:
    mode = "ro" if locks.read_only_file else "rwc"
    connection = sqlite3.connect(
        f"file:{_FILE}?mode={mode}", uri=True, factory=Connection, isolation_level=None, timeout=0.2
    )
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS mine (a)").close()
    if locks.query_only:
        connection.execute("PRAGMA query_only = ON").close()
    if locks.limits:
        connection.execute("PRAGMA trusted_schema = OFF").close()
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200)
    if locks.authorizer:
        connection.functions = load("sqlite")
        connection.set_authorizer(connection._authorize)
    if locks.deadline:
        connection.deadline = time.monotonic() + 1.0
        connection.set_progress_handler(connection._is_late, 20_000)
    return connection


def _run(connection: Connection, text: str, locks: Locks) -> bool:
    alarm = threading.Timer(BOUND_S, connection.interrupt)
    alarm.start()
    try:
        if locks.one_statement:
            connection.execute(text).fetchmany(501)
        else:
            connection.executescript(text)
    except _FAULTS:
        return False
    finally:
        alarm.cancel()
    return True


def _session(connection: Connection, *, is_watched: bool) -> dict[str, object]:
    """Return what a connection holds for its next user; the authorizer would not allow that, and comes back after."""
    connection.set_authorizer(None)
    found: dict[str, object] = {"an open transaction": connection.in_transaction}
    with suppress(sqlite3.Error):
        for name in _PRAGMAS:
            found[f"pragma {name}"] = connection.execute(f"PRAGMA {name}").fetchall()
        found["temporary tables"] = connection.execute("SELECT name, sql FROM temp.sqlite_schema").fetchall()
        # The look at temporary tables is what makes a place for them.
        found["attached files"] = connection.execute("SELECT name, file FROM pragma_database_list").fetchall()
    if is_watched:
        connection.set_authorizer(connection._authorize)
    return found


def _files() -> dict[str, object]:
    """Return every file of the folder with a digest of what is in it, but for what readers of SQLite leave there."""
    return {
        f"file {path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path().iterdir())
        if not path.name.endswith("-shm")
    }


def _can_be_written() -> bool:
    """Say whether another process could write to the database now."""
    with closing(sqlite3.connect(f"file:{_FILE}?mode=rw", uri=True, isolation_level=None, timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        except sqlite3.Error:
            return False
    return True
