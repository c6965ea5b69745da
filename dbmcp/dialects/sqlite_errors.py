"""sqlite3's errors as dbmcp's."""

from __future__ import annotations

import re
import sqlite3

from dbmcp.dialects.sqlite_work import MAX_PATTERN_BYTES, MAX_VALUE_BYTES
from dbmcp.errors import DatabaseUnavailable, DbmcpError, QueryFailed, QueryTimeout

_MISSING = re.compile(r"no such (table|column): (\S+)")
_UNAVAILABLE = ("unable to open", "disk I/O error", "malformed", "not a database")
# These are about the statement and hold nothing but its own words.
_ABOUT_THE_STATEMENT = (
    "no such", "ambiguous column", "syntax error", "wrong number of arguments", "misuse of", "SELECTs to the left",
    "sub-select returns", "ORDER BY term", "GROUP BY", "HAVING", "LIMIT clause", "a GROUP BY clause", "cannot join",
    "circular reference", "duplicate WITH", "recursive", "unknown function", "row value misused", "all VALUES",
    "near ", "too many", "parser stack", "datatype mismatch", "integer overflow", "malformed JSON", "bad JSON path",
    "ORDER BY clause", "aggregate", "window", "unrecognized token", "incomplete input", "expected", "table",
)  # fmt: skip


def too_long(text: str, longest: int = MAX_VALUE_BYTES) -> QueryFailed:
    """Return the error for a value, or a pattern, beyond what a statement may work on."""
    if "pattern" in text:
        message = f"A pattern of LIKE or GLOB is longer than {MAX_PATTERN_BYTES} bytes."
        return QueryFailed(message, hint="Use instr(value, 'text') > 0.")
    if longest == MAX_VALUE_BYTES:
        return QueryFailed("A value is larger than 4 MiB.", hint="Select other columns of the row.")
    hint = "Give instr, replace, trim, LIKE, MATCH and JSON paths a short literal, or call fewer functions."
    if not longest:
        return QueryFailed("The statement calls too many functions that could be long at work.", hint=hint)
    size = f"{longest >> 20} MiB" if longest >> 20 else f"{longest >> 10} KiB"
    return QueryFailed(f"A value is larger than {size}, the most for what this statement calls.", hint=hint)


def translate(error: BaseException) -> DbmcpError:
    """Return dbmcp's error for one that came while a statement ran."""
    if isinstance(error, DbmcpError):
        return error
    text = str(error)
    # First of all: these hold names of the statement's, and a name may be any word.
    if isinstance(error, sqlite3.Error) and text.startswith(_ABOUT_THE_STATEMENT):
        found = _MISSING.search(text)
        missing = (found.group(1), found.group(2).rpartition(".")[2]) if found else None
        return QueryFailed(f"{text[:1].upper()}{text[1:300]}.", missing=missing, about_values="JSON" in text)
    if text.endswith("is prohibited"):
        return _prohibited(text)
    return _about_the_engine(error, text)


def _about_the_engine(error: BaseException, text: str) -> DbmcpError:
    if isinstance(error, MemoryError) or "out of memory" in text:
        return QueryFailed("The statement needs too much memory.", hint="Sort or group fewer or smaller values.")
    if "interrupted" in text or isinstance(error, TimeoutError):
        return QueryTimeout(
            "The statement was cancelled: it ran longer than allowed.",
            hint="Narrow it with a WHERE clause, or aggregate less.",
        )
    if "locked" in text or "busy" in text:
        return QueryTimeout("The statement waited too long for a writer of the file.", hint="Try again later.")
    if "not authorized" in text or "authorization denied" in text or "readonly" in text:
        return QueryFailed("SQLite's authorizer refused the statement: it is not a plain read.")
    if "too big" in text or "too large" in text or "too complex" in text:
        return too_long(text)
    if text.startswith(_UNAVAILABLE):
        return DatabaseUnavailable("The SQLite file cannot be read.", hint="Check that it is whole and readable.")
    return QueryFailed("SQLite could not run the statement.")


def _prohibited(text: str) -> QueryFailed:
    if "USING" in text:
        return QueryFailed(
            "USING and NATURAL JOIN may not stand in a statement that names a table which may not be read.",
            hint="Write ON in their place, and the names of tables without main.",
        )
    return QueryFailed(
        "The statement reads a table that may not be read.",
        hint="Use search_schema to see the tables there are, and write their names without main.",
    )
