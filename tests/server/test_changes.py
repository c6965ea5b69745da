"""Who listens is known for as long as the connection lasts, and no longer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from mcp import Client
from mcp.server.lowlevel import Server

from dbmcp import config
from dbmcp.runtime import Runtime
from dbmcp.server import app
from dbmcp.server.changes import Audience
from tests import engines

# What is tested is how the server answers clients of before.
pytestmark = pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Server[object], Audience]:
    """Return a server of one small database, and who listens to it."""
    engines.build_sqlite_file(tmp_path / "shop.db", "CREATE TABLE item (id INTEGER PRIMARY KEY)")
    audiences: list[Audience] = []

    class Watched(Audience):
        def __init__(self) -> None:
            super().__init__()
            audiences.append(self)

    monkeypatch.setattr(app, "Audience", Watched)
    server = app.create_server(Runtime(config.load({}, url=str(tmp_path / "shop.db"))))
    return server, audiences[0]


@asynccontextmanager
async def subscribed(server: Server[object]) -> AsyncIterator[Client]:
    async with Client(server, mode="legacy") as client:
        await client.list_resources()
        await client.session.subscribe_resource("schema://shop")
        yield client


async def test_a_session_is_forgotten_when_its_connection_closes(made: tuple[Server[object], Audience]) -> None:
    server, audience = made
    async with subscribed(server):
        assert len(audience._sessions) == 1
        assert audience.wants_list
        assert audience.wanted_uris == {"schema://shop"}
    assert (audience._sessions, audience.wants_list, audience.wanted_uris) == ({}, False, frozenset())


async def test_a_stream_is_forgotten_when_the_client_stops_to_listen(made: tuple[Server[object], Audience]) -> None:
    server, audience = made
    async with Client(server) as client:
        async with client.listen(resources_list_changed=True, resource_subscriptions=["schema://shop/main"]):
            assert (audience.wants_list, audience.wanted_uris) == (True, frozenset(["schema://shop/main"]))
        await client.list_tools(cache_mode="bypass")
        assert (audience.wants_list, audience.wanted_uris) == (False, frozenset())


async def test_a_session_that_unsubscribes_is_told_no_more(made: tuple[Server[object], Audience]) -> None:
    server, audience = made
    async with subscribed(server) as client:
        await client.session.unsubscribe_resource("schema://shop")
        assert audience.wanted_uris == frozenset()
        await client.session.unsubscribe_resource("schema://never/asked")
