"""The one way to an ApprovedQuery."""

from __future__ import annotations

from dbmcp.dialects import dialect_named
from dbmcp.dialects.base import Dialect
from dbmcp.errors import StatementRejected
from dbmcp.guard.approved import ApprovedQuery
from dbmcp.guard.extras import NO_EXTRAS, Extras
from dbmcp.guard.reasons import Reason
from dbmcp.guard.source import check_text
from dbmcp.guard.sqlite import approve_sqlite
from dbmcp.guard.substitution import Substitution

DEFAULT_STATEMENT_BYTES = 65_536


def approve(  # noqa: PLR0913  (all that a verdict depends on)
    text: str,
    dialect: str = "postgresql",
    *,
    max_bytes: int = DEFAULT_STATEMENT_BYTES,
    extras: Extras = NO_EXTRAS,
    policy: Substitution | None = None,
    parameters: int = 0,
) -> ApprovedQuery:
    """Return the statement as an ApprovedQuery when it is one read and nothing else.

    Needs no database. `dialect` is "postgresql" or "sqlite". `extras` are functions allowed beyond the reviewed lists.
    A `policy` is for PostgreSQL; SQLite's is enforced by the views and the authorizer of its connections.
    With `parameters`, the statement may hold placeholders of these numbers: $1 to $n on PostgreSQL, ?1 to ?n on SQLite.

    Raises:
        StatementRejected: with `.code`, one of `dbmcp.guard.Reason`, and the place in the text.
    """
    check_text(text, max_bytes)
    try:
        return _approve(text, dialect_named(dialect), extras, policy, parameters)
    except StatementRejected:
        raise
    except Exception as error:
        raise StatementRejected(Reason.UNSUPPORTED, "The statement is not understood") from error


def _approve(
    text: str, dialect: Dialect, extras: Extras, policy: Substitution | None, parameters: int
) -> ApprovedQuery:
    if dialect.name == "postgresql":
        # Imported where it is needed: SQLite's users never load PostgreSQL's parser.
        from dbmcp.guard.postgresql import approve_postgresql  # noqa: PLC0415

        return approve_postgresql(text, dialect, extras, policy, parameters)
    return approve_sqlite(text, dialect, extras, parameters)
