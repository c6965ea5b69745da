"""The one translator from dbmcp's errors to the protocol's, and the middleware that lets no exception text out."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

import mcp.types as t
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from dbmcp.errors import DbmcpError, RequestError

if TYPE_CHECKING:
    from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

_LOG = logging.getLogger("dbmcp.server")


def safe(text: str) -> str:
    """Return a text that every transport can send: a lone surrogate would end a stdio server."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def error_result(error: DbmcpError) -> t.CallToolResult:
    """Return a tool's failure as the model reads it: code, message, what would work."""
    return t.CallToolResult(content=[t.TextContent(text=safe(f"{error.code}: {error}"))], is_error=True)


def protocol_error(error: DbmcpError) -> MCPError:
    """Return the JSON-RPC error of a request that is no tool call."""
    code = t.INVALID_PARAMS if isinstance(error, RequestError) else t.INTERNAL_ERROR
    return MCPError(code, safe(f"{error.code}: {error}"))


async def contain(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Let protocol errors pass and turn every other exception into a reference to the log.

    Without it a client of the handshake era is sent `str(exception)`.
    """
    try:
        return await call_next(ctx)
    except (MCPError, ValidationError):
        raise
    except DbmcpError as error:
        raise protocol_error(error) from None
    except Exception as error:  # noqa: BLE001  (the last line of defence)
        reference = uuid.uuid4().hex[:8]
        # The type alone: a driver's text may hold a host or a value. Debug level has the whole.
        _LOG.error("internal error ref=%s method=%s type=%s", reference, ctx.method, type(error).__name__)
        _LOG.debug("ref=%s", reference, exc_info=True)
        raise MCPError(t.INTERNAL_ERROR, f"Internal error (ref {reference})") from None
