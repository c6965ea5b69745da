"""Files of named queries change while a client is connected: good changes are live and told, bad ones do nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dbmcp.cli.main import EXIT_CONFIG
from tests.journeys import wire
from tests.journeys.wire import first_text, served

CHANGED = "notifications/tools/list_changed"
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
BUILT_IN = ["query", "search_schema", "describe_tables", "explain", "generate_models"]
ONE = '/*\ndescription = "one"\n*/\nSELECT 1 AS one\n'
WRITE = '/*\ndescription = "bad"\n*/\nDELETE FROM customer\n'
NOT_TOML = '/*\ndescription = "bad\n*/\nSELECT 1\n'
UNDECLARED = '/*\ndescription = "bad"\n*/\nSELECT :nothing\n'

Until = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one query."""
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "first.sql").write_text(ONE)
    return folder


def put(path: Path, text: str) -> None:
    """Write a file as careful editors do: it is there whole, or not at all."""
    written = path.parents[1] / "written"
    written.write_text(text)
    written.replace(path)


async def listen(server: wire.Wire) -> None:
    """Ask to be told of changes, as the era does it; return when the server has heard it and watches its files."""
    if server.era == wire.MODERN:
        await server.start("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
        await server.notification(ACKNOWLEDGED)
    await server.call("first")


async def tools(server: wire.Wire) -> list[str]:
    answer = await server.request("tools/list")
    return [tool["name"] for tool in answer["result"]["tools"]]


async def says(server: wire.Wire, text: str) -> bool:
    return text in server.errors


def capability(answer: dict[str, Any]) -> bool:
    changes: bool = answer["result"]["capabilities"]["tools"]["listChanged"]
    return changes


async def test_both_eras_are_told_that_the_list_may_change(sqlite_shop: Path, folder: Path, era: str) -> None:
    async with served(str(sqlite_shop), "--queries", str(folder), era=era) as server:
        assert capability(server.opened)
    async with served(str(sqlite_shop), era=era) as server:
        assert not capability(server.opened)


async def test_a_new_file_is_a_new_tool_and_a_deleted_one_is_gone(sqlite_shop: Path, folder: Path, era: str) -> None:
    async with served(str(sqlite_shop), "--queries", str(folder), era=era) as server:
        await listen(server)
        assert await tools(server) == [*BUILT_IN, "first"]
        put(folder / "second.sql", ONE.replace("one", "two"))
        await server.notification(CHANGED)
        assert await tools(server) == [*BUILT_IN, "first", "second"]
        assert first_text(await server.call("second")) == "two\n1\n"
        (folder / "first.sql").unlink()
        await server.notification(CHANGED)
        assert await tools(server) == [*BUILT_IN, "second"]
        answer = await server.request("tools/call", {"name": "first", "arguments": {}})
        assert "There is no tool 'first'" in answer["error"]["message"]
        assert server.errors == ""


BAD = {
    WRITE: "first.sql:4:1: DELETE changes the database.",
    NOT_TOML: "first.sql:2:",
    UNDECLARED: "first.sql:4:8: The parameter 'nothing' is not declared.",
}


@pytest.mark.parametrize("text", BAD, ids=["a write", "broken TOML", "an undeclared parameter"])
async def test_a_bad_change_leaves_the_last_good_library_and_is_logged(
    sqlite_shop: Path, folder: Path, era: str, until: Until, text: str
) -> None:
    async with served(str(sqlite_shop), "--queries", str(folder), era=era) as server:
        await listen(server)
        put(folder / "first.sql", text)
        await until(lambda: says(server, "served as they were before"))
        assert f"{folder}{os.sep}{BAD[text]}" in server.errors
        assert " ERROR dbmcp.queries " in server.errors
        assert await tools(server) == [*BUILT_IN, "first"]
        assert first_text(await server.call("first")) == "one\n1\n"
        put(folder / "first.sql", ONE.replace("AS one", "AS mended"))
        await until(lambda: says(server, "good again"))
        assert first_text(await server.call("first")) == "mended\n1\n"


async def test_a_good_file_beside_a_bad_one_is_not_loaded(sqlite_shop: Path, folder: Path, until: Until) -> None:
    async with served(str(sqlite_shop), "--queries", str(folder)) as server:
        await listen(server)
        put(folder / "bad.sql", WRITE)
        put(folder / "good.sql", ONE)
        await until(lambda: says(server, "served as they were before"))
        assert await tools(server) == [*BUILT_IN, "first"]
        (folder / "bad.sql").unlink()
        await server.notification(CHANGED)
        assert await tools(server) == [*BUILT_IN, "first", "good"]


async def test_a_folder_that_is_deleted_is_said_and_taken_up_when_it_is_back(
    sqlite_shop: Path, folder: Path, until: Until
) -> None:
    async with served(str(sqlite_shop), "--queries", str(folder)) as server:
        await listen(server)
        shutil.rmtree(folder)
        await until(lambda: says(server, "There is no such folder"))
        assert first_text(await server.call("first")) == "one\n1\n"
        os.mkdir(folder)  # noqa: PTH102
        put(folder / "back.sql", ONE)
        await server.notification(CHANGED)
        assert await tools(server) == [*BUILT_IN, "back"]


async def test_a_burst_of_changes_ends_with_what_lies_there(sqlite_shop: Path, folder: Path, era: str) -> None:
    async with served(str(sqlite_shop), "--queries", str(folder), era=era) as server:
        await listen(server)
        for number in range(200):
            (folder / f"q{number % 50:02}.sql").write_text(ONE if number % 3 else NOT_TOML)
        for number in range(50):
            (folder / f"q{number:02}.sql").write_text(ONE)
        while len(await tools(server)) < 54:
            await server.notification(CHANGED)
        assert await tools(server) == [*BUILT_IN, "first", *(f"q{number:02}" for number in range(50))]


async def test_a_change_that_changes_no_tool_is_not_told(sqlite_shop: Path, folder: Path, era: str) -> None:
    async with served(str(sqlite_shop), "--queries", str(folder), era=era) as server:
        await listen(server)
        put(folder / "notes.txt", "no query")
        put(folder / "first.sql", ONE.replace("AS one", "AS other"))
        while first_text(await server.call("first")) != "other\n1\n":
            pass
        put(folder / "second.sql", ONE)
        await server.notification(CHANGED)
        assert [message for message in server.kept if message.get("method") == CHANGED] == []


async def test_the_process_ends_at_once_while_a_client_listens(sqlite_shop: Path, folder: Path, era: str) -> None:
    async with served(str(sqlite_shop), "--queries", str(folder), era=era) as server:
        await listen(server)
        assert await server.leave() == 0
        assert server.errors == ""


async def test_what_the_guard_refuses_ends_the_server_with_every_fault(
    sqlite_shop: Path, folder: Path, era: str
) -> None:
    put(folder / "bad.sql", WRITE)
    put(folder / "worse.sql", WRITE.replace("DELETE FROM customer", "SELECT 1; SELECT 2"))
    async with served(str(sqlite_shop), "--queries", str(folder), era=era) as server:
        assert await server.exit_code() == EXIT_CONFIG
        assert "dbmcp: The named queries have 2 faults:\n" in server.errors
        assert f"{folder / 'bad.sql'}:4:1: DELETE changes the database." in server.errors
        assert f"{folder / 'worse.sql'}:4:" in server.errors
        assert "Traceback" not in server.errors


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
def test_a_terminal_as_stdin_does_not_keep_a_server_that_must_end(sqlite_shop: Path, folder: Path) -> None:
    """The SDK's transport waits for a line of it on a thread, which nothing can cancel."""
    put(folder / "bad.sql", WRITE)
    terminal, stdin = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dbmcp", "serve", str(sqlite_shop), "--queries", str(folder)],
            stdin=stdin,
            capture_output=True,
            env=wire.environment(),
            cwd=folder,
            timeout=30,
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(stdin)
    assert done.returncode == EXIT_CONFIG
    assert b"DELETE changes the database" in done.stderr


async def test_nothing_that_the_guard_has_not_approved_is_run(sqlite_shop: Path, folder: Path) -> None:
    """Called before the guard has seen it, a query waits; the server ends before it would run."""
    put(folder / "bad.sql", "/*\ndescription = \"bad\"\n*/\nSELECT load_extension('x')\n")
    async with served(str(sqlite_shop), "--queries", str(folder)) as server:
        waiting = await server.start("tools/call", {"name": "first", "arguments": {}})
        answer = await server.answer(waiting)
        assert answer["error"]["message"] == "Connection closed"
        assert await server.exit_code() == EXIT_CONFIG


def refused(folder: Path, *arguments: str) -> str:
    """Start a server that must refuse to, before it reads a request; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "dbmcp", "serve", *arguments],
        input=b"",
        capture_output=True,
        env=wire.environment(),
        cwd=folder,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (EXIT_CONFIG, b"")
    assert b"Traceback" not in done.stderr
    return done.stderr.decode()


def test_a_file_that_cannot_be_read_ends_the_start_with_the_guards_faults_too(sqlite_shop: Path, folder: Path) -> None:
    put(folder / "bad.sql", WRITE)
    put(folder / "worse.sql", NOT_TOML)
    said = refused(folder, str(sqlite_shop), "--queries", str(folder))
    assert said.startswith("dbmcp: The named queries have 2 faults:\n")
    assert "bad.sql:4:1: DELETE changes the database." in said
    assert "worse.sql:2:" in said


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--queries", "nowhere"], "nowhere:1:1: There is no such folder."),
        (["--queries", ".", "--group", "nothing"], "There is no group 'nothing'"),
    ],
)
def test_a_folder_or_a_group_that_is_not_there_ends_the_start(
    sqlite_shop: Path, folder: Path, arguments: list[str], said: str
) -> None:
    assert said in refused(folder, str(sqlite_shop), *arguments)


def test_the_first_list_of_tools_imports_no_parser_and_no_sqlalchemy(sqlite_shop: Path, folder: Path) -> None:
    """As `dbmcp serve` starts, up to what answers the first requests."""
    program = f"""
import sys
from pathlib import Path
from dbmcp.cli.options import load_settings
from dbmcp.cli.serve import _Checking
settings = load_settings({str(sqlite_shop)!r}, None, demo=False, folders=[Path({str(folder)!r})])
checking = _Checking(settings)
from dbmcp.runtime import Runtime
from dbmcp.server import stdio
from dbmcp.server.app import create_server
from dbmcp.server.tool_list import ToolList
runtime = Runtime(settings)
runtime.library = checking.finish()
server = create_server(runtime)
assert ToolList(runtime).page(None).tools[-1].name == "first"
print([name for name in ("sqlglot", "pgparse", "sqlalchemy", "limits") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env=wire.environment(),
        cwd=folder,
        timeout=60,
        check=False,
    )
    assert done.stdout == "[]\n", done.stderr
