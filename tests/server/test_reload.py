"""What keeps the library of a server true, on files and databases of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import anyio
import pytest
from mcp import Client

from dbmcp import config
from dbmcp.runtime import Runtime
from dbmcp.server.app import create_server
from dbmcp.server.changes import Audience
from dbmcp.server.reload import LibraryKeeper
from dbmcp.server.tool_list import ToolList
from tests import engines

GOOD = '/*\ndescription = "one"\n*/\nSELECT 1 AS one\n'
BAD = '/*\ndescription = "bad"\n*/\nDELETE FROM item\n'
# A safety net.
DONE_S = 20


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    """Return the runtime of a database with one named query; its files are not watched."""
    path = engines.build_sqlite_file(tmp_path / "shop.db", "CREATE TABLE item (id int)")
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "first.sql").write_text(GOOD)
    return Runtime(config.load({"queries": [str(tmp_path / "queries")], "watch_queries": False}, url=str(path)))


def keeper_of(runtime: Runtime) -> LibraryKeeper:
    return LibraryKeeper(runtime, ToolList(runtime), Audience())


async def test_a_library_is_read_at_once_and_approved_afterwards(runtime: Runtime) -> None:
    keeper = keeper_of(runtime)
    await keeper.start(0)
    assert list(runtime.library.queries) == ["first"]
    assert not runtime.library.queries["first"].variants, "nothing of it can be run yet"
    with anyio.fail_after(DONE_S):
        await keeper.approved()
    assert runtime.library.queries["first"].variants
    await keeper.stop()
    await runtime.close()


async def test_files_are_not_watched_where_that_is_switched_off(runtime: Runtime) -> None:
    keeper = keeper_of(runtime)
    await keeper.start(0)
    with anyio.fail_after(DONE_S):
        await keeper.approved()
        assert keeper._task is not None
        await keeper._task
    await runtime.close()


async def test_a_refusal_of_the_guard_cancels_who_serves_and_says_why(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "queries" / "bad.sql").write_text(BAD)
    keeper = keeper_of(runtime)

    async def serve() -> None:
        await keeper.start(0)
        await asyncio.Event().wait()

    serving = asyncio.create_task(serve())
    with anyio.fail_after(DONE_S), pytest.raises(asyncio.CancelledError):
        await serving
    assert "DELETE changes the database" in str(keeper.failure)
    await keeper.stop()
    await runtime.close()


async def test_faults_that_stay_are_logged_once(
    runtime: Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = keeper_of(runtime)
    await keeper.start(0)
    await keeper.approved()
    (tmp_path / "queries" / "bad.sql").write_text(BAD)
    for _ in range(3):
        keeper._report(await keeper._load())
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
    assert "bad.sql:4:1: DELETE changes the database." in caplog.messages[1]
    (tmp_path / "queries" / "bad.sql").unlink()
    keeper._report(await keeper._load())
    assert caplog.messages[3:] == ["the named queries are good again, and served as they are now"]
    await keeper.stop()
    await runtime.close()


async def test_a_watch_that_fails_is_said_and_begun_anew(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What the library that watches may throw some day cannot be had from it: its call throws in its place, once."""
    import watchfiles  # noqa: PLC0415 - only this test replaces its function

    real = watchfiles.awatch
    thrown = asyncio.Event()

    def failing(*paths: Path, **options: object) -> object:
        if not thrown.is_set():
            thrown.set()
            raise KeyError("inner")
        return real(*paths, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(watchfiles, "awatch", failing)
    monkeypatch.setattr("dbmcp.server.reload._PAUSE_S", 0.01)
    settings = runtime.settings.model_copy(update={"watch_queries": True})
    served = Runtime(settings)
    keeper = keeper_of(served)
    await keeper.start(0)
    await keeper.approved()
    with anyio.fail_after(DONE_S):
        await thrown.wait()
        (tmp_path / "queries" / "second.sql").write_text(GOOD)
        while "second" not in served.library.queries:  # noqa: ASYNC110 - a keeper without clients tells nobody
            await asyncio.sleep(0.01)
    assert caplog.messages == ["watching the named queries failed (KeyError), and begins anew"]
    await keeper.stop()
    await served.close()
    await runtime.close()


async def test_columns_that_changed_are_learnt_again_with_the_next_reply(runtime: Runtime, tmp_path: Path) -> None:
    text = '/*\ndescription = "all"\noutput = "structured"\n*/\nSELECT * FROM item\n'
    (tmp_path / "queries" / "items.sql").write_text(text)
    engines.build_sqlite_file(tmp_path / "shop.db", "INSERT INTO item VALUES (1)")

    async def learnt(client: Client) -> list[str]:
        schema = (await client.list_tools(cache_mode="bypass")).tools[-1].output_schema
        return list(schema["properties"]["rows"]["items"]["properties"]) if schema else []

    async with Client(create_server(runtime)) as client:
        with anyio.fail_after(DONE_S):
            while await learnt(client) != ["id"]:
                await client.list_tools(cache_mode="bypass")
        engines.build_sqlite_file(tmp_path / "shop.db", "ALTER TABLE item ADD COLUMN name text")
        async with client.listen(tools_list_changed=True) as changes:
            with anyio.fail_after(DONE_S):
                # The client holds it against the schema that it knows.
                with pytest.raises(RuntimeError, match="'name' was unexpected"):
                    await client.call_tool("items", {})
                async for _ in changes:
                    break
                assert await learnt(client) == ["id", "name"]
                result = await client.call_tool("items", {})
                assert result.structured_content == {"rows": [{"id": 1, "name": None}]}
