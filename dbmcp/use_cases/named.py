"""What dbmcp can do with named queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from dbmcp.errors import InvalidParameter
from dbmcp.formats import FORMATS, objects
from dbmcp.named_queries import listing
from dbmcp.named_queries.call import read as read_call
from dbmcp.results import Bounds
from dbmcp.use_cases.answers import Reply, cells_cut, fetched, reported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbmcp.formats import Encoded
    from dbmcp.principal import Principal
    from dbmcp.results import ResultSet
    from dbmcp.runtime import Runtime


async def run_named_query(
    runtime: Runtime, name: str, given: Mapping[str, Any], caller: Principal | None = None
) -> Reply:
    """Run a named query with the arguments of a caller, who is the local one when none is named.

    Raises:
        UnknownQuery, InvalidParameter, RateLimited: the caller can mend it.
        Forbidden: the caller lacks a scope or a claim.
        DatabaseError: the database did not answer as asked.
    """
    with reported(runtime, name[:100], None) as done:
        query = runtime.named_query(name)
        caller = caller or runtime.local
        call = read_call(query, given, caller)
        runtime.count_call(query, caller)
        limits = runtime.settings.limits
        own = query.limits
        bounds = Bounds(own.rows or limits.rows, own.bytes or limits.bytes, own.seconds or limits.seconds)
        database = runtime.database(call.database)
        approved = await runtime.approved(call.variant, database)
        key = (call.key, approved.prelude, bounds, query.output, query.cache_seconds) if query.cache_seconds else None
        if key is not None and (kept := runtime.replies.get(key)) is not None:
            return done(cast("Reply", kept))
        result = await fetched(database, approved, bounds, call.arguments)
        is_structured = query.output == "structured"
        encode = objects.encode if is_structured else FORMATS[runtime.settings.format]
        encoded = encode(result, bounds.bytes)
        reply = Reply(encoded.text, _notice(result, encoded, bounds), encoded.rows, is_structured)
        if key is not None:
            runtime.replies.put(key, reply, len(reply.text), query.cache_seconds)
        return done(reply)


async def find_query(runtime: Runtime, words: str = "") -> Reply:
    """Return the named queries that match some of the words, best first, a line each; all of them without a word.

    Raises:
        InvalidParameter: there are too many words.
    """
    with reported(runtime, "find_query", None) as done:
        if len(words) > listing.MAX_TEXT:
            raise InvalidParameter(f"words must have at most {listing.MAX_TEXT} characters.")
        library, budget = runtime.library, runtime.settings.limits.bytes
        found = listing.search(library, words)
        if not found:
            return done(Reply(f"No query matches {words!r}; there are {len(library.queries)} in all."))
        text = listing.lines(found, budget) if words.strip() else listing.names(found, budget)
        return done(Reply(text))


def list_queries(runtime: Runtime, words: str = "") -> Reply:
    """Return the named queries a line each, with their parameters; with words those that match, best first."""
    with reported(runtime, "list_queries", None) as done:
        found = listing.search(runtime.library, words)
        return done(Reply("\n".join(map(listing.line_of, found)) or "There is none."))


def show_query(runtime: Runtime, name: str) -> Reply:
    """Return all that there is to know of a named query, with its SQL.

    Raises:
        UnknownQuery: there is none of this name.
    """
    with reported(runtime, "show_query", None) as done:
        return done(Reply(listing.detail(runtime.named_query(name))))


def _notice(result: ResultSet, encoded: Encoded, bounds: Bounds) -> str | None:
    """Say what was cut of the rows of a named query, whose text the caller cannot change."""
    parts = []
    if result.rows and not encoded.rows:
        return f"Not one row fits into the {bounds.bytes} bytes of a reply."
    if encoded.rows < len(result.rows):
        parts.append(f"Cut to {encoded.rows} rows: the reply is limited to {bounds.bytes} bytes.")
    elif result.more:
        parts.append(f"Cut to {encoded.rows} rows; there are more.")
    if parts:
        parts.append("Narrower arguments show the rest.")
    if encoded.clipped:
        parts.append(f"{cells_cut(encoded)}.")
    return " ".join(parts) or None
