"""Telling clients what has changed, each in the way of its protocol era, and knowing what they listen for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import mcp.types as t
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    ResourcesListChanged,
    ResourceUpdated,
    ToolsListChanged,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from mcp.server.context import ServerRequestContext
    from mcp.server.models import InitializationOptions
    from mcp.server.session import ServerSession

_PATIENCE_S = 5
# A client that asks for more has lost count.
MAX_SUBSCRIPTIONS = 10_000


class Audience:
    """Who is to be told: the sessions of 2025-11-25, and the streams that clients of 2026-07-28 listen on.

    `on_interest` is awaited when someone begins to listen for resources, before it is confirmed.
    """

    def __init__(self) -> None:
        self._bus = InMemorySubscriptionBus()
        self._handler = ListenHandler(self._bus)
        self._sessions: dict[object, ServerSession] = {}
        self._subscribed: dict[object, set[str]] = {}
        self._listed: set[object] = set()
        self._streams: dict[object, t.SubscriptionFilter] = {}
        self.on_interest: Callable[[], Awaitable[None]] | None = None

    async def remember(self, ctx: ServerRequestContext[Any], _: t.NotificationParams) -> None:
        """Keep a session that has finished its handshake until its connection closes."""
        connection = _connection(ctx)
        if connection not in self._sessions:
            self._sessions[connection] = ctx.session
            connection.exit_stack.callback(self._forget, connection)

    def _forget(self, connection: object) -> None:
        self._sessions.pop(connection, None)
        self._subscribed.pop(connection, None)
        self._listed.discard(connection)

    async def note_listing(self, ctx: ServerRequestContext[Any]) -> None:
        """Take it that a session of the handshake era wants to know when the resources it lists are others."""
        connection = _connection(ctx)
        if connection in self._sessions and connection not in self._listed:
            self._listed.add(connection)
            await self._begin()

    async def subscribe(self, ctx: ServerRequestContext[Any], uri: str) -> bool:
        """Tell a session of the handshake era of a resource from now on; False when it asks for too many."""
        uris = self._subscribed.setdefault(_connection(ctx), set())
        if len(uris) >= MAX_SUBSCRIPTIONS and uri not in uris:
            return False
        uris.add(uri)
        await self._begin()
        return True

    def unsubscribe(self, ctx: ServerRequestContext[Any], uri: str) -> None:
        """Tell a session of a resource no more."""
        self._subscribed.get(_connection(ctx), set()).discard(uri)

    async def listen(
        self, ctx: ServerRequestContext[Any], params: t.SubscriptionsListenRequestParams
    ) -> t.SubscriptionsListenResult:
        """Answer subscriptions/listen, for as long as the client listens."""
        wanted, stream = params.notifications, object()
        self._streams[stream] = wanted
        try:
            if wanted.resources_list_changed or wanted.resource_subscriptions:
                await self._begin()
            return await self._handler(ctx, params)
        finally:
            del self._streams[stream]

    async def _begin(self) -> None:
        if self.on_interest is not None:
            await self.on_interest()

    @property
    def wants_list(self) -> bool:
        """Say whether anyone wants to know when there are other resources."""
        return bool(self._listed) or any(item.resources_list_changed for item in self._streams.values())

    @property
    def wanted_uris(self) -> frozenset[str]:
        """Return the resources that anyone wants to know about."""
        streams = (item.resource_subscriptions or () for item in self._streams.values())
        return frozenset().union(*self._subscribed.values(), *streams)

    async def announce_tools(self) -> None:
        """Tell every client that the tools are others."""
        await self._bus.publish(ToolsListChanged())
        await self._tell((session, t.ToolListChangedNotification()) for session in self._sessions.values())

    async def announce_resources(self, *, list_changed: bool, uris: Iterable[str]) -> None:
        """Tell the clients that want to know that resources are others, and which hold another text."""
        notices: list[tuple[ServerSession, t.ServerNotification]] = []
        if list_changed:
            await self._bus.publish(ResourcesListChanged())
            told = [session for connection, session in self._sessions.items() if connection in self._listed]
            notices += [(session, t.ResourceListChangedNotification()) for session in told]
        for uri in sorted(uris):
            await self._bus.publish(ResourceUpdated(uri=uri))
            params = t.ResourceUpdatedNotificationParams(uri=uri)
            told = [self._sessions[item] for item, wanted in self._subscribed.items() if uri in wanted]
            notices += [(session, t.ResourceUpdatedNotification(params=params)) for session in told]
        await self._tell(notices)

    async def _tell(self, notices: Iterable[tuple[ServerSession, t.ServerNotification]]) -> None:
        """Send to sessions of the handshake era; one that does not read is not waited for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await asyncio.gather(*(session.send_notification(notice) for session, notice in notices))


def _connection(ctx: ServerRequestContext[Any]) -> Any:
    # The SDK has no public way from a session to its connection, whose end is the only sign that the session is over: a
    # notification to a client that is gone is dropped without a word.
    return ctx.session._connection  # noqa: SLF001


class ChangingServer(Server[Any]):
    """A server that says in both eras what of it may change while it serves: its resources; its tools if they can."""

    tools_change = False

    def announce_by(self, audience: Audience, *, tools_change: bool) -> None:
        """Let clients listen for changes."""
        self.tools_change = tools_change
        self.add_request_handler("subscriptions/listen", t.SubscriptionsListenRequestParams, audience.listen)
        self.add_notification_handler("notifications/initialized", t.NotificationParams, audience.remember)

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """Return what a handshake is answered with; the SDK's transports call it with no arguments."""
        options = notification_options or NotificationOptions(
            tools_changed=self.tools_change, resources_changed=True, prompts_changed=False
        )
        return super().create_initialization_options(options, experimental_capabilities, extensions)

    def get_capabilities(self, *args: Any, **named: Any) -> t.ServerCapabilities:
        """Return what the server can do: to the SDK, all lists of a server that is listened to may change."""
        found = super().get_capabilities(*args, **named)
        fixed: dict[str, t.ToolsCapability | t.PromptsCapability] = {
            "tools": t.ToolsCapability(list_changed=self.tools_change)
        }
        if found.prompts is not None:
            fixed["prompts"] = t.PromptsCapability(list_changed=False)
        return found.model_copy(update=fixed)
