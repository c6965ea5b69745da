"""One log line for each request, on standard error: what, how long, how much. No SQL text and no values."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbmcp.events import RequestEnded

_LOG = logging.getLogger("dbmcp.requests")


def observe(event: RequestEnded) -> None:
    """Log the event at INFO; only when asked for, because a line costs more than a cached approval."""
    if _LOG.isEnabledFor(logging.INFO):
        _LOG.info(
            "action=%s database=%s code=%s ms=%.1f rows=%s bytes=%s",
            event.action,
            # A caller may have made the name up: it must not begin a line of its own.
            None if event.database is None else event.database.encode("unicode_escape").decode(),
            event.code,
            event.duration_s * 1000,
            event.rows,
            event.bytes,
        )
