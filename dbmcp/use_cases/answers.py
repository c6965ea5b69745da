"""What the use cases share: the reply, running what is approved within its cost, saying what was cut, the report."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbmcp.errors import DbmcpError, QueryFailed, StatementRejected, did_you_mean
from dbmcp.events import RequestEnded
from dbmcp.guard.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbmcp.database import Database
    from dbmcp.dialects.base import Argument
    from dbmcp.formats import Encoded
    from dbmcp.guard import ApprovedQuery
    from dbmcp.limits import Limits
    from dbmcp.results import Bounds, ResultSet
    from dbmcp.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its text and, when something was cut, a notice that says what and how to get the rest."""

    text: str
    notice: str | None = None
    rows: int | None = None
    # The text is JSON for programs, as `formats.objects` writes it.
    is_structured: bool = False
    # The URI of the resource that has the whole, where the text only tells of it.
    resource: str | None = None


async def fetched(
    database: Database, approved: ApprovedQuery, bounds: Bounds, arguments: tuple[Argument, ...] = ()
) -> ResultSet:
    """Run what is approved, unless it would cost too much; an unknown name comes back with the nearest ones."""
    await check_cost(database, approved, bounds, arguments)
    try:
        return await database.fetch(approved, bounds, arguments)
    except QueryFailed as error:
        raise await with_names_meant(error, database, approved) from error


async def check_cost(
    database: Database, approved: ApprovedQuery, bounds: Bounds, arguments: tuple[Argument, ...] = ()
) -> None:
    """Refuse a statement that the planner expects to cost more than the operator allows."""
    settings = database.settings
    if settings.max_cost is None and settings.max_estimated_rows is None:
        return
    estimate = await database.estimate(approved, bounds, arguments)
    hint = "Narrow it with a WHERE clause on an indexed column, or join less."
    # Under a policy an estimate would count what is hidden.
    told = not database.is_governed
    if settings.max_cost is not None and estimate.cost is not None and estimate.cost > settings.max_cost:
        cost = f"{estimate.cost:.0f}" if told else "too high"
        message = f"The estimated cost is {cost}; at most {settings.max_cost:.0f} is allowed"
        raise StatementRejected(Reason.TOO_EXPENSIVE, message, hint=hint)
    if settings.max_estimated_rows is not None and (estimate.rows or 0) > settings.max_estimated_rows:
        rows = f"About {estimate.rows}" if told else "Too many"
        message = f"{rows} rows are expected; at most {settings.max_estimated_rows} are allowed"
        raise StatementRejected(Reason.TOO_EXPENSIVE, message, hint=hint)


async def with_names_meant(error: QueryFailed, database: Database, approved: ApprovedQuery) -> QueryFailed:
    """Add to an unknown table or column the names that were probably meant, from the catalog."""
    if error.missing is None:
        return error
    kind, name = error.missing
    try:
        catalog = await database.catalog()
    except DbmcpError:
        return error
    if kind == "table":
        known = [catalog.shown_name(item) for item in catalog.listed]
    else:
        used = {found for relation in approved.relations for found in catalog.find(relation)} or catalog.listed
        known = [column.name for relation in used for column in relation.columns]
    hint = did_you_mean(name, known) or error.hint
    meant = QueryFailed(error.message, hint=hint, sqlstate=error.sqlstate, missing=error.missing)
    meant.place = error.place
    return meant


def notice(result: ResultSet, encoded: Encoded, bounds: Bounds, limits: Limits) -> str | None:
    """Say exactly what was cut and how to get the rest; None when nothing was."""
    parts = []
    if result.rows and not encoded.rows:
        parts.append(f"Not one row fits into the {limits.bytes} bytes of a reply. Select fewer columns.")
    elif encoded.rows < len(result.rows):
        parts.append(
            f"Cut to {encoded.rows} rows: the reply is limited to {limits.bytes} bytes. "
            f"Select fewer columns, aggregate, or go on with ORDER BY … OFFSET {encoded.rows}."
        )
    elif result.more:
        room = f"a limit of up to {limits.max_rows}, " if bounds.rows < limits.max_rows else ""
        parts.append(
            f"Cut to {encoded.rows} rows; there are more. Use {room}an aggregate, a narrower WHERE, "
            f"or go on with ORDER BY … OFFSET {encoded.rows}."
        )
    if encoded.clipped:
        parts.append(f"{cells_cut(encoded)}: a smaller limit or substr() shows more.")
    return " ".join(parts) or None


def cells_cut(encoded: Encoded) -> str:
    """Say how many cells of a reply are cut, and where."""
    count = encoded.clipped
    return f"{count} cell{'s are' if count > 1 else ' is'} cut to {encoded.cell_chars} characters (marked …)"


@contextmanager
def reported(runtime: Runtime, action: str, database: str | None) -> Iterator[Done]:
    """Report one event for the request, refused or answered."""
    started = time.perf_counter()
    done = Done()
    code = "ok"
    try:
        yield done
    except DbmcpError as error:
        code = str(error.code)
        raise
    except BaseException as error:
        code = "cancelled" if type(error).__name__ == "CancelledError" else "internal_error"
        raise
    finally:
        duration = time.perf_counter() - started
        reply = done.reply
        size = len(reply.text) if reply else None
        runtime.report(RequestEnded(action, database, duration, code, reply.rows if reply else None, size))


class Done:
    """Keeps the reply for the event that reports it."""

    reply: Reply | None = None

    def __call__(self, reply: Reply) -> Reply:
        """Keep the reply, and return it."""
        self.reply = reply
        return reply
