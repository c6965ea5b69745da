"""SQL text in, ApprovedQuery out: only a statement that is understood completely and only reads. No I/O.

The stages, each fail-closed: the text (`source`), sqlglot's tokens and tree (`parse`, `rules`), and, where the
engine's own parser is at hand, that parser's tree (`postgresql`).
"""

from __future__ import annotations

from dbmcp.guard.approve import approve
from dbmcp.guard.approved import ApprovedQuery
from dbmcp.guard.reasons import Reason

__all__ = ["ApprovedQuery", "Reason", "approve"]
