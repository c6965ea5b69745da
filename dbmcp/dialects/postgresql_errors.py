"""PostgreSQL's and asyncpg's errors as dbmcp's: what a caller may know, and nothing of hosts and roles."""

from __future__ import annotations

import asyncio
import re
import ssl

import asyncpg

from dbmcp.errors import (
    DatabaseUnavailable,
    DbmcpError,
    PoolBusy,
    QueryFailed,
    QueryTimeout,
)

_UNDEFINED_COLUMN, _UNDEFINED_TABLE, _NOT_LOADED = "42703", "42P01", "55000"
_NAMES = re.compile(r'^(?:column|relation) "?([^"]+?)"? does not exist|^missing FROM-clause entry for table "([^"]+)"')

# Classes of SQLSTATE (appendix A of the manual) whose message is about the statement, and helps to mend it.
_ABOUT_THE_STATEMENT = ("0A", "21", "22", "2F", "42", "44", "54")


def translate(error: BaseException, text: str | None) -> DbmcpError:
    """Return dbmcp's error for one that came while a statement ran."""
    if isinstance(error, DbmcpError):
        return error
    if isinstance(error, (asyncio.TimeoutError, asyncpg.QueryCanceledError)):
        return QueryTimeout(
            "The statement was cancelled: it ran longer than allowed.",
            hint="Narrow it with a WHERE clause, or aggregate less.",
        )
    if isinstance(error, asyncpg.LockNotAvailableError):
        return QueryTimeout("The statement waited too long for a lock another session holds.", hint="Try again later.")
    if is_lost(error):
        return DatabaseUnavailable("The connection to the database was lost.", hint="Try again.")
    if isinstance(error, asyncpg.PostgresError):
        return _of_statement(error, text)
    return QueryFailed("The statement failed.")


def _of_statement(error: asyncpg.PostgresError, text: str | None) -> DbmcpError:
    state = str(error.sqlstate or "")
    if state.startswith("53"):
        return DatabaseUnavailable("The database is out of connections or memory.", hint="Try again later.")
    if state == "42501":
        return QueryFailed("The database role may not read this.", hint="Ask for other tables.", sqlstate=state)
    if state == "25006":
        return QueryFailed("The session is read-only.", sqlstate=state)
    if "pg_stat_statements" in str(error) and state in (_UNDEFINED_TABLE, _NOT_LOADED):
        message = "The extension pg_stat_statements is not at work in this database."
        hint = "Its operator adds it to shared_preload_libraries, starts the server anew, and creates it here."
        return QueryFailed(message, hint=hint, sqlstate=state)
    if not state.startswith(_ABOUT_THE_STATEMENT):
        return QueryFailed("The database could not run the statement.", sqlstate=state)
    message = str(error.args[0] if error.args else "The statement failed").splitlines()[0]
    place = place_of(error, text)
    where = f" (line {place[0]}, column {place[1]})" if place else ""
    failed = QueryFailed(
        f"{message[:1].upper()}{message[1:300]}{where}.",
        hint=_sentence(getattr(error, "hint", None)),
        sqlstate=state,
        missing=_missing(state, message),
        about_values=not state.startswith(("42", "0A")),
    )
    failed.place = place
    return failed


def _sentence(text: str | None) -> str | None:
    """Return the engine's own hint when it is short; a long one speaks of the server, not of the statement."""
    return text if text and len(text) <= 200 else None


def place_of(error: asyncpg.PostgresError, text: str | None) -> tuple[int, int] | None:
    """Return line and column, from 1, for an error of a statement that was prepared as `text`; None where untold."""
    position = getattr(error, "position", None)
    if not text or not position or not str(position).isdigit() or int(position) > len(text):
        return None
    before = text[: int(position) - 1]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _missing(state: str, message: str) -> tuple[str, str] | None:
    if state not in (_UNDEFINED_COLUMN, _UNDEFINED_TABLE):
        return None
    found = _NAMES.match(message)
    if not found:
        return None
    name = (found.group(1) or found.group(2)).rpartition(".")[2]
    return ("column" if state == _UNDEFINED_COLUMN else "table", name)


def unavailable(error: BaseException) -> DbmcpError:
    """Return dbmcp's error for one that came while connecting; it names no host, role or database."""
    if isinstance(error, (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)):
        message, hint = "The database refused the login.", "Check user and password in the database URL."
    elif isinstance(error, asyncpg.InvalidCatalogNameError):
        message, hint = "The server has no database of this name.", "Check the last part of the database URL."
    elif isinstance(error, (asyncpg.TooManyConnectionsError,)):
        return PoolBusy("The database server takes no more connections.", hint="Try again later.")
    elif isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        message, hint = "The database did not answer in time.", "Check host, port and network."
    elif isinstance(error, ssl.SSLError) or "SSL" in str(error):
        message, hint = "No secure connection to the database.", "Check sslmode in the database URL."
    elif isinstance(error, OSError):
        message, hint = "The database cannot be reached.", "Check host and port, and that it is running."
    else:
        message, hint = "The database refused the connection.", "Check the database URL."
    return DatabaseUnavailable(message, hint=hint)


def is_lost(error: BaseException) -> bool:
    """Say whether the connection is gone."""
    if isinstance(error, (asyncpg.PostgresConnectionError, asyncpg.ConnectionDoesNotExistError, ConnectionError)):
        return True
    if isinstance(error, (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)):
        return True
    # A server that ended the session while nobody waited for it leaves the driver between two states.
    if isinstance(error, asyncpg.InternalClientError):
        # It says the same class of a type that it knows nothing of, and then the connection is well.
        return "resolve" not in str(error)
    return isinstance(error, asyncpg.InterfaceError) and ("closed" in str(error) or "in progress" in str(error))


def may_be_outdated(error: asyncpg.PostgresError) -> bool:
    """Say whether a statement that ran before may fail because a table has changed since."""
    return str(error.sqlstate or "")[:2] in ("42", "0A", "XX")
