"""The command line: exit codes, help, and that nothing secret is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from dbmcp.cli.main import COMMANDS
from tests import engines
from tests.journeys import wire

SECRET = "Tr0ub4dor-and-three-more"


def dbmcp(*arguments: str, stdin: str = "", env: Mapping[str, str] | None = None, cwd: Path) -> tuple[int, str, str]:
    """Run dbmcp and return its exit code, stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "dbmcp", *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=wire.environment({"PYTHONIOENCODING": "utf-8", **(env or {})}),
        cwd=cwd,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a small database."""
    engines.build_sqlite_file(
        tmp_path / "shop.db",
        "CREATE TABLE item ( -- what we sell\n id INTEGER PRIMARY KEY, -- number\n name TEXT); "
        "INSERT INTO item VALUES (1, 'ä'), (2, NULL);",
    )
    return tmp_path


def test_help_names_every_command(tmp_path: Path) -> None:
    code, out, _ = dbmcp("--help", cwd=tmp_path)
    assert code == 0
    assert all(f"\n  {name} " in out for name in COMMANDS)
    assert dbmcp("-h", cwd=tmp_path)[0] == 0


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str, tmp_path: Path) -> None:
    code, out, _ = dbmcp(name, "--help", cwd=tmp_path)
    assert code == 0
    assert out.startswith("Usage: ")
    assert len(out.splitlines()) >= 6


def test_the_version_is_shown(tmp_path: Path) -> None:
    from dbmcp import __version__  # noqa: PLC0415 - only here

    assert dbmcp("--version", cwd=tmp_path) == (0, f"dbmcp, version {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nope"],
        ["--nope"],
        ["query"],
        ["query", "a", "b", "c"],
        ["query", "SELECT 1", "--limit", "0"],
        ["query", "SELECT 1", "--format", "xml"],
        ["query", "shop.db", "SELECT 1", "--demo"],
        ["serve", "a", "b"],
    ],
)
def test_a_wrong_use_ends_with_2(arguments: list[str], folder: Path) -> None:
    code, out, err = dbmcp(*arguments, cwd=folder)
    assert (code, out) == (2, "")
    assert "Usage:" in err


def test_a_mistyped_command_comes_back_with_the_one_that_was_meant(folder: Path) -> None:
    _, _, err = dbmcp("qeury", cwd=folder)
    assert "No such command 'qeury'. Did you mean query?" in err


def test_a_read_prints_its_rows(folder: Path) -> None:
    assert dbmcp("query", "shop.db", "SELECT id, name FROM item", cwd=folder) == (0, "id,name\n1,ä\n2,\n", "")


def test_a_read_of_standard_input_in_another_format_with_a_limit(folder: Path) -> None:
    code, out, err = dbmcp(
        "query", "shop.db", "-", "-f", "json", "-n", "1", stdin="SELECT id\nFROM item -- all\n", cwd=folder
    )
    assert (code, out) == (0, '{"columns":["id"],"rows":[\n[1]\n]}\n')
    assert err.startswith("Cut to 1 rows; there are more.")


def test_a_refusal_ends_with_1_and_one_sentence(folder: Path) -> None:
    code, out, err = dbmcp("query", "shop.db", "DROP TABLE item", cwd=folder)
    assert (code, out) == (1, "")
    assert err.startswith("dbmcp: DROP changes the database (line 1, column 1).")


def test_a_failure_of_the_database_ends_with_1(folder: Path) -> None:
    code, out, err = dbmcp("query", "shop.db", "SELECT nmae FROM item", cwd=folder)
    assert (code, out) == (1, "")
    assert "Did you mean name?" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "none.db", "SELECT 1"],
        ["query", "SELECT 1"],
        ["schema", "none.db"],
        ["schema"],
        ["config", "mysql://h/d"],
    ],
)
def test_a_wrong_configuration_ends_with_2(arguments: list[str], folder: Path) -> None:
    code, out, err = dbmcp(*arguments, cwd=folder)
    assert (code, out) == (2, "")
    assert err.startswith("dbmcp: ")
    assert err.count("\n") == 1


def test_the_schema_is_shown_whole_by_pattern_and_in_detail(folder: Path) -> None:
    assert "item(id* int, name) -- what we sell" in dbmcp("schema", "shop.db", cwd=folder)[1]
    assert "  id int PRIMARY KEY, -- number\n" in dbmcp("schema", "shop.db", "item", cwd=folder)[1]
    assert "item(" in dbmcp("schema", "shop.db", "sell", cwd=folder)[1]
    assert "No table matches 'zzz'" in dbmcp("schema", "shop.db", "zzz", cwd=folder)[1]


def test_the_guard_judges_without_a_database(tmp_path: Path) -> None:
    assert dbmcp("guard", "SELECT 1", cwd=tmp_path)[:2] == (0, "approved\n")
    assert dbmcp("guard", "-", "--dialect", "sqlite", stdin="DELETE FROM t", cwd=tmp_path)[0] == 1


def test_the_configuration_is_printed_without_its_secrets(folder: Path) -> None:
    (folder / "dbmcp.toml").write_text(
        f'[databases.a]\nurl = "postgresql://ann:{SECRET}@db/a"\n[databases.b]\nurl = "postgresql:///b?password={SECRET}"\n'
        '[databases.c]\nurl = "postgresql://ann:${PW}@db/c"\n[databases.a.policy]\nhash_key = "' + SECRET + '"\n'
    )
    code, out, err = dbmcp("config", env={"PW": SECRET, "DBMCP_LIMITS__ROWS": "7"}, cwd=folder)
    assert code == 0, err
    assert SECRET not in out + err
    assert "rows = 7" in out
    assert 'url = "postgresql://ann:***@db/a"' in out


def test_what_config_prints_is_a_file_that_is_read_back(folder: Path) -> None:
    (folder / "dbmcp.toml").write_text(
        '[databases.shop]\nurl = "shop.db"\ndescription = "a \\"b\\" \\\\ c\\nd\\u0007"\n[limits]\nseconds = 2.5\n'
    )
    code, out, _ = dbmcp("config", cwd=folder)
    assert code == 0
    (folder / "dbmcp.toml").write_text(out)
    assert dbmcp("config", cwd=folder) == (0, out, "")
    assert dbmcp("query", "SELECT count(*) AS n FROM item", cwd=folder) == (0, "n\n2\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_made(shell: str, tmp_path: Path) -> None:
    """As the installed program makes it: click goes by the program's name."""
    program = "import sys; sys.argv[0] = 'dbmcp'; from dbmcp.cli.main import main; main()"
    env = wire.environment({"_DBMCP_COMPLETE": f"{shell}_source"})
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env=env, cwd=tmp_path, timeout=60, check=False
    )
    if shell == "bash" and "bash" in done.stderr.lower():
        pytest.skip("this bash is too old for completion")
    assert done.returncode == 0, done.stderr
    assert "_DBMCP_COMPLETE" in done.stdout


def test_the_demo_goes_as_it_should(tmp_path: Path) -> None:
    code, out, err = dbmcp("demo", "--plain", env={"XDG_CACHE_HOME": str(tmp_path)}, cwd=tmp_path)
    assert (code, err) == (0, "")
    assert "claude mcp add" in out
    assert "\x1b" not in out


UNREAD = [
    ["--help"],
    ["--version"],
    ["run", "--help"],
    ["config", "shop.db"],
    ["guard", "SELECT 1"],
    ["query", "shop.db", "SELECT 1"],
    ["schema", "shop.db"],
    ["queries", "new", "begun"],
    ["queries", "list", "--demo"],
    ["queries", "show", "--demo", "revenue"],
    ["run", "--demo", "revenue"],
    ["check", "--demo"],
    ["check", "--demo", "--live", "--format", "json"],
    ["demo"],
]


@pytest.mark.parametrize("arguments", UNREAD, ids=" ".join)
def test_a_command_whose_output_nobody_reads_ends_without_a_word(folder: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    env = wire.environment({"XDG_CACHE_HOME": str(folder)})
    command = [sys.executable, "-m", "dbmcp", *arguments]
    try:
        done = subprocess.run(
            command, stdout=writing, stderr=subprocess.PIPE, env=env, cwd=folder, timeout=60, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is full")
@pytest.mark.parametrize("arguments", [*UNREAD, ["serve", "shop.db"]], ids=" ".join)
def test_a_full_device_is_told_as_such(folder: Path, arguments: list[str]) -> None:
    env = wire.environment({"XDG_CACHE_HOME": str(folder)})
    command = [sys.executable, "-m", "dbmcp", *arguments]
    ping = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, input=ping, stdout=full, stderr=subprocess.PIPE, env=env, cwd=folder, timeout=60, check=False
        )
    said = b"dbmcp: The output cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (1, said)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", ["query shop.db 'SELECT 1'", "query shop.db - --dry-run", "serve shop.db"])
def test_a_standard_stream_may_be_closed(folder: Path, arguments: str, closed: str) -> None:
    """An event loop, which takes the descriptor that is free, ends the process when it is one of these."""
    shell = f"{sys.executable} -m dbmcp {arguments} </dev/null {closed}"
    done = subprocess.run(
        shell, shell=True, capture_output=True, env=wire.environment(), cwd=folder, timeout=60, check=False
    )
    assert done.returncode == (1 if " - " in arguments else 0)
    assert done.stderr == b"" or done.stderr.startswith(b"dbmcp: The statement is empty.")


def test_a_reader_that_leaves_in_the_middle_of_the_tour_does_no_harm(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dbmcp", "demo", "--plain"]
    env = wire.environment({"XDG_CACHE_HOME": str(tmp_path)})
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # The tools are listed by the client, whose tasks run by then.
        while not process.stdout.readline().startswith(b"1. The tools"):
            pass
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1
