"""SQL text in, ApprovedQuery out: only a statement that is understood completely and only reads. No I/O.

The stages, each fail-closed: the text (`source`), sqlglot's tokens and tree (`parse`, `rules`), and, where the
engine's own parser is at hand, that parser's tree (`postgresql`), on which the policy is applied (`substitution`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dbmcp.guard.approved import ApprovedQuery
from dbmcp.guard.reasons import Reason

if TYPE_CHECKING:
    from dbmcp.guard.judge import approve

__all__ = ["ApprovedQuery", "Reason", "approve"]


def __getattr__(name: str) -> Any:
    """Import sqlglot with the first use of `approve`: who only needs the types does not wait for it."""
    if name == "approve":
        from dbmcp.guard.judge import approve as found  # noqa: PLC0415

        return found
    raise AttributeError(name)
