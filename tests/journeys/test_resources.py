"""Resources as clients meet them: lists in pages, completions, and changes of a schema that are told in both eras."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from mcp.types import ResourceTemplateReference
from mcp_types import INVALID_PARAMS

from dbmcp.server import resources
from tests import engines
from tests.journeys import wire
from tests.journeys.conftest import Connect
from tests.journeys.wire import served

LIST_CHANGED = "notifications/resources/list_changed"
UPDATED = "notifications/resources/updated"
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
SOON = {"DBMCP_DATABASES__SHOP__WATCH_SECONDS": "0.1", "DBMCP_DATABASES__SHOP__CATALOG_SECONDS": "0"}
HOSTILE = ["a/b", "a.b", 'a"b', "a%2Fb", "ünï 😀", "select", "{x}", "#?&", ".."]


class Shop:
    """A database whose schema a test changes."""

    def __init__(self, url: str, schema: str, database: engines.PostgresqlDatabase | None = None) -> None:
        self.url = url
        self.schema = schema
        self._database = database

    def run(self, sql: str) -> None:
        """Change it, as its owner does."""
        if self._database is None:
            engines.build_sqlite_file(Path(self.url), sql)
        else:
            self._database.run(sql)
            self._database.grant_reader()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def changing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Return a database of one table on each engine."""
    sql = "CREATE TABLE item (item_id integer PRIMARY KEY, name text)"
    if request.param == "sqlite":
        yield Shop(str(engines.build_sqlite_file(tmp_path / "shop.db", sql)), "main")
        return
    with engines.fresh_postgresql_database(request.getfixturevalue("postgresql_from_wheel")) as database:
        database.run(sql)
        database.grant_reader()
        yield Shop(database.reader_url, "public", database)


def serve(shop: Shop, era: str, **changes: str) -> Any:
    return served(era=era, env={"DBMCP_DATABASES__SHOP__URL": shop.url, **SOON, **changes})


async def listen(server: wire.Wire, *uris: str) -> None:
    """Ask to be told of other resources, and of changes of these, as the era does it."""
    if server.era == wire.MODERN:
        wanted = {"resourcesListChanged": True, "resourceSubscriptions": list(uris)}
        await server.start("subscriptions/listen", {"notifications": wanted})
        await server.notification(ACKNOWLEDGED)
        return
    await server.request("resources/list")
    for uri in uris:
        assert (await server.request("resources/subscribe", {"uri": uri}))["result"] == {}


async def listed(server: wire.Wire) -> list[str]:
    answer = await server.request("resources/list")
    return [item["uri"] for item in answer["result"]["resources"] if item["uri"].startswith("schema:")]


async def test_both_eras_are_told_that_resources_may_change(changing: Shop, era: str) -> None:
    async with serve(changing, era) as server:
        found = server.opened["result"]["capabilities"]
        assert found["resources"] == {"subscribe": True, "listChanged": True}
        assert found["prompts"] == {"listChanged": False}
        assert "completions" in found


async def test_a_new_table_is_told_and_listed(changing: Shop, era: str) -> None:
    async with serve(changing, era) as server:
        home = f"schema://shop/{changing.schema}"
        assert await listed(server) == ["schema://shop", home, f"{home}/item"]
        await listen(server, home)
        changing.run("CREATE TABLE basket (basket_id integer PRIMARY KEY)")
        await server.notification(LIST_CHANGED)
        assert (await server.notification(UPDATED))["params"]["uri"] == home
        assert await listed(server) == ["schema://shop", home, f"{home}/basket", f"{home}/item"]


async def test_a_changed_table_is_told_to_those_who_asked_for_it_alone(changing: Shop, era: str) -> None:
    async with serve(changing, era) as server:
        home = f"schema://shop/{changing.schema}"
        changing.run("CREATE TABLE other (other_id integer PRIMARY KEY)")
        await listen(server, f"{home}/other", f"{home}/item")
        changing.run("ALTER TABLE item ADD COLUMN price integer")
        assert (await server.notification(UPDATED))["params"]["uri"] == f"{home}/item"
        answer = await server.request("resources/read", {"uri": f"{home}/item"})
        assert "price" in answer["result"]["contents"][0]["text"]
        # A table that is pointed to says so, and is another text.
        changing.run("CREATE TABLE part (part_id integer PRIMARY KEY, other_id integer REFERENCES other (other_id))")
        assert (await server.notification(UPDATED))["params"]["uri"] == f"{home}/other"
        assert [item for item in server.kept if item.get("method") == UPDATED] == []


async def test_nobody_is_told_who_does_not_listen(changing: Shop, era: str) -> None:
    async with serve(changing, era, DBMCP_LOG_LEVEL="debug") as server:
        changing.run("CREATE TABLE basket (basket_id integer PRIMARY KEY)")
        await asyncio.sleep(0.5)
        assert "basket" in (await server.call("search_schema"))["content"][0]["text"]
        assert server.kept == []


async def test_a_lost_database_is_looked_at_again(changing: Shop, era: str) -> None:
    """A look that fails says nothing to the client and ends nothing."""
    if changing.schema == "main":
        pytest.skip("a file is not lost by its connections")
    async with serve(changing, era) as server:
        home = f"schema://shop/{changing.schema}"
        await listen(server, home)
        assert changing._database is not None
        name = changing._database.reader
        changing._database.rows(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1", name
        )
        changing.run("CREATE TABLE basket (basket_id integer PRIMARY KEY)")
        assert (await server.notification(UPDATED))["params"]["uri"] == home


async def test_what_is_not_there_cannot_be_subscribed_to(changing: Shop) -> None:
    async with serve(changing, wire.LEGACY) as server:
        for uri in ("file:///etc", "schema://shop/a/b/c", "schema://elsewhere/public"):
            answer = await server.request("resources/subscribe", {"uri": uri})
            assert answer["error"]["code"] == INVALID_PARAMS, uri


async def test_a_long_list_comes_in_pages(connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "PAGE", 7)
    tables = ";".join(f"CREATE TABLE t{number:02} (id integer PRIMARY KEY)" for number in range(30))
    file = engines.build_sqlite_file(tmp_path / "shop.db", tables)
    async with connect(str(file)) as client:
        found, cursor, pages = [], None, 0
        while pages < 20:
            page = await client.list_resources(cursor=cursor)
            assert len(page.resources) <= 7
            found += [item.uri for item in page.resources if item.uri.startswith("schema:")]
            pages, cursor = pages + 1, page.next_cursor
            if cursor is None:
                break
        assert found[:2] == ["schema://shop", "schema://shop/main"]
        assert found[2:] == [f"schema://shop/main/t{number:02}" for number in range(30)]


async def test_names_that_hold_anything_are_listed_read_and_completed(connect: Connect, tmp_path: Path) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in HOSTILE]
    file = engines.build_sqlite_file(tmp_path / "shop.db", ";".join(f"CREATE TABLE {name} (v)" for name in quoted))
    async with connect(str(file)) as client:
        uris = [item.uri for item in (await client.list_resources()).resources if item.uri.startswith("schema:")][2:]
        assert len(uris) == len(HOSTILE)
        for uri in uris:
            assert "CREATE TABLE" in (await client.read_resource(uri)).contents[0].text
        reference = ResourceTemplateReference(uri="schema://{database}/{schema}/{table}")
        known = {"database": "shop", "schema": "main"}
        done = await client.complete(reference, {"name": "table", "value": ""}, context_arguments=known)
        assert sorted(done.completion.values) == sorted(HOSTILE)


async def test_a_name_is_shown_without_what_a_terminal_would_obey(connect: Connect, tmp_path: Path) -> None:
    file = engines.build_sqlite_file(tmp_path / "shop.db", 'CREATE TABLE "a\x1b[2J\u202eb" (v)')
    async with connect(str(file)) as client:
        *_, table = (await client.list_resources()).resources
        assert table.name == "main.a[2Jb"
        assert "CREATE TABLE" in (await client.read_resource(table.uri)).contents[0].text


@pytest.mark.parametrize(
    "uri, message",
    [
        ("schema://shop/main/purchas", "There is no table 'main.purchas'. Did you mean purchase?"),
        ("schema://shop/man/purchase", "There is no table 'man.purchase'. Did you mean purchase?"),
        ("schema://shop/main/Other%20nme", "There is no table 'main.Other nme'. Did you mean \"Other name\"?"),
        ("schema://shop/main/a/b", "There is no such resource. Known are schema://database/schema/table, erd://"),
        (
            "erd://shop/main/purchase",
            "erd://database/schema, graph://database/schema, models://database/target/tables.",
        ),
    ],
)
async def test_what_is_not_there_is_told_with_what_is(connect: Connect, tmp_path: Path, uri: str, message: str) -> None:
    tables = 'CREATE TABLE purchase (v); CREATE TABLE "Other name" (v)'
    async with connect(str(engines.build_sqlite_file(tmp_path / "shop.db", tables))) as client:
        with pytest.raises(MCPError, match=re.escape(message)):
            await client.read_resource(uri)


async def test_diagrams_and_graphs_are_resources_of_databases_and_schemas(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        listed = {item.uri: item for item in (await client.list_resources()).resources}
        diagrams = [uri for uri in listed if uri.startswith("erd://")]
        graphs = [uri for uri in listed if uri.startswith("graph://")]
        assert [uri.count("/") for uri in diagrams] == [uri.count("/") for uri in graphs] == [2, 3]
        for uri in diagrams:
            (content,) = (await client.read_resource(uri)).contents
            assert (content.mime_type, listed[uri].mime_type) == ("text/vnd.mermaid", "text/vnd.mermaid")
            assert content.text.startswith("erDiagram")
            assert "purchase" in content.text
        for uri in graphs:
            (content,) = (await client.read_resource(uri)).contents
            assert "purchase" in json.dumps(json.loads(content.text)["nodes"])
        for uri in ("erd://elsewhere", diagrams[0] + "/nowhere", diagrams[1] + "/purchase", "graph://"):
            with pytest.raises(MCPError, match="unknown_resource: "):
                await client.read_resource(uri)


async def test_a_graph_that_no_reply_can_hold_is_refused_whole(connect: Connect, demo_file: Path) -> None:
    async with connect(str(demo_file), limits={"bytes": 1_000}) as client:
        (uri,) = [item.uri for item in (await client.list_resources()).resources if item.uri.count("/") == 2][2:]
        with pytest.raises(MCPError, match=r"The graph has .* bytes; a reply holds at most 1000\. Read that of"):
            await client.read_resource(uri)
        with pytest.raises(MCPError, match=r"holds at most 1000\. Have `dbmcp schema --format graph` write it"):
            await client.read_resource(f"{uri}/main")


async def test_arguments_are_completed(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        reference = ResourceTemplateReference(uri="schema://{database}/{schema}/{table}")

        async def completed(name: str, value: str, **known: str) -> list[str]:
            done = await client.complete(reference, {"name": name, "value": value}, context_arguments=known)
            values: list[str] = done.completion.values
            assert done.completion.total == len(values)
            return values

        (database,) = await completed("database", "")
        (schema,) = await completed("schema", "", database=database)
        assert await completed("table", "", database=database, schema=schema) == ["customer", "purchase"]
        assert await completed("table", "PUR", database=database, schema=schema) == ["purchase"]
        assert await completed("table", "s", database=database) == ["customer", "purchase"]
        assert await completed("table", "", database="elsewhere") == []
        assert await completed("sql", "SELECT") == []
