"""Every error dbmcp raises on purpose. Codes are stable and documented; texts may change.

DbmcpError                      code, message, hint
├── ConfigError                 the operator mends it; exit 2 before anything is served
├── RequestError                the caller mends it
│   ├── StatementRejected       .code is the guard's reason, with line and column
│   ├── UnknownDatabase, UnknownTable, UnknownResource, UnknownTool, UnknownQuery
│   ├── InvalidParameter
│   └── Forbidden, RateLimited  .retry_after_s
└── DatabaseError               the database or its operator mends it
    ├── DatabaseUnavailable, PoolBusy
    └── QueryTimeout, QueryFailed

A message never holds a DSN, a host, a password or a stack trace; nor, in a database under a policy, a value from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class DbmcpError(Exception):
    """An error with a stable code, a message and, where one helps, a hint that says what would work."""

    code = "error"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the text a caller reads: what is wrong, then what would work."""
        return f"{self.message} {self.hint}" if self.hint else self.message


class ConfigError(DbmcpError):
    """The configuration is wrong; nothing is served until the operator mends it. `script` is SQL that would."""

    code = "config_error"

    def __init__(self, message: str, *, hint: str | None = None, script: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.script = script


class RequestError(DbmcpError):
    """The caller asked for something that cannot be done; a changed request can."""

    code = "request_error"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a statement: line and column from 1, and a part of the line with a caret below, literals blanked."""

    line: int
    column: int
    excerpt: str = ""


class StatementRejected(RequestError):
    """The guard refused the statement. `code` is the reason; `line` and `column` count from 1."""

    code = "statement_rejected"

    def __init__(self, code: str, message: str, *, hint: str | None = None, place: Place | None = None) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.place = place

    @property
    def line(self) -> int | None:
        """Return the line of the fault, 1 for the first; None when it has no place."""
        return self.place.line if self.place else None

    @property
    def column(self) -> int | None:
        """Return the column of the fault, 1 for the first; None when it has no place."""
        return self.place.column if self.place else None

    def __str__(self) -> str:
        """Return message, place and hint, and below them the line with a caret under the fault."""
        where = f" (line {self.line}, column {self.column})" if self.place else ""
        text = f"{self.message.rstrip('.')}{where}. {self.hint or ''}".rstrip()
        return f"{text}\n{self.place.excerpt}" if self.place and self.place.excerpt else text


class UnknownDatabase(RequestError):
    """No configured database has this name."""

    code = "unknown_database"


class UnknownTable(RequestError):
    """The catalog has no such table, view or schema."""

    code = "unknown_table"


class UnknownResource(RequestError):
    """No resource answers to this URI."""

    code = "unknown_resource"


class UnknownTool(RequestError):
    """No tool has this name."""

    code = "unknown_tool"


class UnknownQuery(RequestError):
    """No named query has this name."""

    code = "unknown_query"


class InvalidParameter(RequestError):
    """An argument has the wrong type, range or name."""

    code = "invalid_parameter"


class Forbidden(RequestError):
    """The caller's identity lacks a scope or a claim that the named query needs."""

    code = "forbidden"


class RateLimited(RequestError):
    """The caller ran the named query more often than its rate allows. `retry_after_s` is when it may again."""

    code = "rate_limited"

    def __init__(self, message: str, *, hint: str | None = None, retry_after_s: float) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class DatabaseError(DbmcpError):
    """The database did not answer as asked."""

    code = "database_error"


class DatabaseUnavailable(DatabaseError):
    """The database cannot be reached, or refused the connection."""

    code = "database_unavailable"


class PoolBusy(DatabaseError):
    """Every connection of the pool was lent for longer than the waiting time."""

    code = "pool_busy"


class QueryTimeout(DatabaseError):
    """The statement ran longer than its limit and was cancelled on the database."""

    code = "query_timeout"


class QueryFailed(DatabaseError):
    """The database refused or aborted the statement. `sqlstate` is its five-character code where it has one."""

    code = "query_failed"
    # Line and column in the statement, from 1, where the engine tells; the message tells them, too.
    place: tuple[int, int] | None = None

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        sqlstate: str | None = None,
        missing: tuple[str, str] | None = None,
        about_values: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.sqlstate = sqlstate
        # The message may repeat a value of the database.
        self.about_values = about_values
        # ("table" | "column", the name the statement used): lets the catalog propose the name that was meant.
        self.missing = missing


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return "Did you mean …?" for the nearest of the known names, or None when none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    folded = name[:200].casefold()
    near = get_close_matches(folded, list(by_folded), n=3, cutoff=0.6)
    if not near:
        return None
    # What is much further away than the nearest would only distract.
    best = SequenceMatcher(None, near[0], folded).ratio()
    kept = [match for match in near if SequenceMatcher(None, match, folded).ratio() > best - 0.1]
    return f"Did you mean {' or '.join(by_folded[match] for match in kept)}?"
