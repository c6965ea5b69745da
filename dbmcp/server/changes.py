"""Telling clients that the list of tools has changed, each in the way of its protocol era."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import mcp.types as t
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ToolsListChanged

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.models import InitializationOptions
    from mcp.server.session import ServerSession

_PATIENCE_S = 5


class ToolChanges:
    """Who is to be told: the sessions of 2025-11-25, and the streams that clients of 2026-07-28 listen on."""

    def __init__(self) -> None:
        self._bus = InMemorySubscriptionBus()
        self._sessions: dict[object, ServerSession] = {}
        self.listen = ListenHandler(self._bus)

    async def remember(self, ctx: ServerRequestContext[Any], _: t.NotificationParams) -> None:
        """Keep a session that has finished its handshake until its connection closes."""
        # The SDK has no public way from a session to its connection, whose end is the only sign that the session is
        # over: a notification to a client that is gone is dropped without a word.
        connection = ctx.session._connection  # noqa: SLF001
        if connection not in self._sessions:
            self._sessions[connection] = ctx.session
            connection.exit_stack.callback(self._sessions.pop, connection, None)

    async def announce(self) -> None:
        """Tell every client that listens; one that does not read is not waited for long."""
        await self._bus.publish(ToolsListChanged())
        changed = t.ToolListChangedNotification()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await asyncio.gather(*(session.send_notification(changed) for session in self._sessions.values()))


class ChangingServer(Server[Any]):
    """A server whose tools may change while it serves; its resources do not."""

    changes: ToolChanges | None = None

    def announce_by(self, changes: ToolChanges) -> None:
        """Say in both eras that the tools may change, and let clients listen for it."""
        self.changes = changes
        self.add_request_handler("subscriptions/listen", t.SubscriptionsListenRequestParams, changes.listen)
        self.add_notification_handler("notifications/initialized", t.NotificationParams, changes.remember)

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """Return what a handshake is answered with; the SDK's transports call it with no arguments."""
        options = notification_options or NotificationOptions(tools_changed=self.changes is not None)
        return super().create_initialization_options(options, experimental_capabilities, extensions)

    def get_capabilities(self, *args: Any, **named: Any) -> t.ServerCapabilities:
        """Return what the server can do: to the SDK, a server that is listened to has resources that change too."""
        found = super().get_capabilities(*args, **named)
        fixed = t.ResourcesCapability(subscribe=False, list_changed=False)
        return found.model_copy(update={"resources": fixed})
