"""A server that cannot serve says why in one line, shows no secret, and ends with exit code 2."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests import engines
from tests.journeys import wire

SECRET = "Tr0ub4dor"


def start(tmp_path: Path, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """Start a server that must refuse to; return its one line on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "dbmcp", "serve", *arguments],
        input=b"",
        capture_output=True,
        env=wire.environment(env),
        cwd=tmp_path,
        timeout=30,
        check=False,
    )
    said = done.stderr.decode()
    assert done.stdout == b""
    assert done.returncode == 2, said
    assert said.count("\n") == 1, said
    assert said.startswith("dbmcp: ")
    assert SECRET not in said
    return said


@pytest.fixture
def closed_port() -> int:
    """Return a port of the loopback at which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def test_a_server_that_is_not_there_is_said_not_to_answer(tmp_path: Path, closed_port: int) -> None:
    said = start(tmp_path, f"postgresql://user:{SECRET}@127.0.0.1:{closed_port}/shop")
    assert "The database cannot be reached. Check host and port" in said
    assert "127.0.0.1" not in said
    assert str(closed_port) not in said


def test_a_host_that_does_not_resolve_is_said_not_to_answer(tmp_path: Path) -> None:
    said = start(tmp_path, f"postgresql://user:{SECRET}@host.invalid/shop")
    assert "The database cannot be reached" in said
    assert "host.invalid" not in said


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    """A listener that accepts nothing: the kernel completes the handshake, PostgreSQL's answer never comes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"postgresql://user:{SECRET}@127.0.0.1:{listener.getsockname()[1]}/shop"
        env = {"DBMCP_DATABASES__SHOP__URL": url, "DBMCP_DATABASES__SHOP__POOL__CONNECT_SECONDS": "0.3"}
        assert "The database did not answer in time" in start(tmp_path, env=env)


def test_an_unknown_role_is_refused(tmp_path: Path, postgresql_from_wheel: engines.PostgresqlServer) -> None:
    said = start(tmp_path, postgresql_from_wheel.url_of("postgres", "nobody_here", SECRET))
    assert "The database refused the login. Check user and password" in said
    assert "nobody_here" not in said


def test_a_wrong_password_is_refused(tmp_path: Path, second_server: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(second_server) as database:
        ((hba_file,),) = database.rows("SHOW hba_file")
        file = Path(str(hba_file))
        trusting = file.read_text()
        file.write_text(f"local all {database.reader} scram-sha-256\n{trusting}")
        try:
            database.run("SELECT pg_reload_conf()")
            url = second_server.url_of(database.name, database.reader, SECRET)
            assert "The database refused the login" in start(tmp_path, url)
        finally:
            file.write_text(trusting)
            database.run("SELECT pg_reload_conf()")


def test_an_unknown_database_is_named_as_the_fault(
    tmp_path: Path, postgresql_from_wheel: engines.PostgresqlServer
) -> None:
    said = start(tmp_path, postgresql_from_wheel.url_of("no_such_database"))
    assert "The server has no database of this name" in said


@pytest.mark.parametrize(
    "url, said",
    [
        (f"postgresql://user:{SECRET}@127.0.0.1:port/shop", "port is not a number"),
        (f"postgresql://user:{SECRET}@127.0.0.1:99999/shop", "port is not a number from 0 to 65535"),
        (f"postgresql://user:1/{SECRET}@127.0.0.1/shop", "with %XX for signs like @, / or # in a password"),
        (f"postgresql://user:1#{SECRET}@127.0.0.1/shop", "with %XX for signs like @, / or # in a password"),
        (f"postgresql:/user:{SECRET}@127.0.0.1/shop", "cannot be read. Write postgresql://"),
        (f"postgres:user:{SECRET}@127.0.0.1/shop", "cannot be read. Write postgresql://"),
        (f"user:{SECRET}@127.0.0.1/shop", "begins with no scheme that is known. Write postgresql://"),
        (f"postgresql//user:{SECRET}@127.0.0.1/shop", "begins with no scheme that is known"),
        (f"jdbc:postgresql://127.0.0.1/shop?password={SECRET}", "begins with no scheme that is known"),
        (f'"postgresql://user:{SECRET}@127.0.0.1/shop"', "without quotes or blanks around it"),
        (f" postgresql://user:{SECRET}@127.0.0.1/shop", "without quotes or blanks around it"),
        (f"host=127.0.0.1 user=user password={SECRET}", "begins with no scheme that is known"),
        (f"mysql://user:{SECRET}@127.0.0.1/shop", "No dialect answers to mysql:// URLs. Known are postgres://"),
        (f"postgrsql://user:{SECRET}@127.0.0.1/shop", "Did you mean postgresql"),
        (f"postgresql://user:{SECRET}@[127.0.0.1/shop", "cannot be read"),
        ("postgresql://user:${SHOP_PASSWORD}@127.0.0.1/shop", "Set the environment variable SHOP_PASSWORD"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "An in-memory database is always empty"),
    ],
)
def test_a_url_that_cannot_be_meant_is_explained(tmp_path: Path, url: str, said: str) -> None:
    assert said in start(tmp_path, url)


def test_nothing_to_serve_is_said_with_what_to_do(tmp_path: Path) -> None:
    assert "There is no database to serve. Give a URL or a SQLite file" in start(tmp_path)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite").touch()
    said = start(tmp_path, "shpo.sqlite")
    assert "There is no SQLite file 'shpo.sqlite'; dbmcp never creates one. Did you mean shop.sqlite?" in said
    assert not (tmp_path / "shpo.sqlite").exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "There is no folder 'nowhere' either" in start(tmp_path, "nowhere/shop.sqlite")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "is a folder, not a SQLite file" in start(tmp_path, str(tmp_path))


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("these are notes, and no database at all")
    assert "'notes.db' is not a SQLite database" in start(tmp_path, "notes.db")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.db").write_bytes(b"SQLite format 3\x00" + b"\x10\x00\x01\x01" + b"\xff" * 200)
    assert "damaged" in start(tmp_path, "cut.db")


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_refused(tmp_path: Path, sqlite_file: Callable[[str], Path]) -> None:
    path = sqlite_file("CREATE TABLE item (id int)")
    path.chmod(0)
    assert "cannot be read. Check its permissions" in start(tmp_path, str(path))


@pytest.mark.parametrize(
    "toml, said",
    [
        ("[limits\n", "line 1"),
        ('[databases.shop]\nurl = "shop.db\n', "line 2"),
        ("[limits]\nrows = 10\nsecond = 5\n", "line 3: limits.second is no setting. Did you mean seconds?"),
        ("[limits]\n\nrows = 0\n", "line 3: limits.rows: "),
        ('[limits]\nrows = "many"\n', "line 2: limits.rows: "),
        ("[limit]\nrows = 5\n", "line 1: limit is no setting. Did you mean limits?"),
        ('[databases.shop]\nurl = "x.db"\npol = 1\n', "line 3: databases.shop.pol is no setting. Did you mean pool?"),
        ('[databases.shop.pool]\nsize = 0\n[databases.shop]\nurl = "x"', "line 2: databases.shop.pool.size: "),
        ("[databases.shop]\n", "databases.shop.url"),
        ('[databases."Shop Ltd"]\nurl = "x.db"\n', "'Shop Ltd' is no name for a database"),
        ('[databases.shop]\nurl = "postgresql://u:${SHOP_PW}@h/d"\n', "line 2: the environment variable SHOP_PW"),
        ('log_level = "loud"\n', "line 1: log_level: "),
        ("databases = 5\n", "line 1: databases must be a table. Write [databases.NAME]"),
        ('databases = ["shop.db"]\n', "line 1: databases must be a table. Write [databases.NAME]"),
        ('[databases]\nshop = "shop.db"\n', "line 2: databases.shop must be a table. Write [databases.shop]"),
    ],
)
def test_a_fault_in_the_file_is_shown_with_its_line(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "dbmcp.toml").write_text(toml)
    assert said in start(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dbmcp.toml").write_bytes(b'format = "\xff"\n')
    assert "dbmcp.toml is not UTF-8" in start(tmp_path)


def test_a_named_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    assert "There is no file 'other.toml'" in start(tmp_path, "--config", "other.toml")
    assert "There is no file 'other.toml'" in start(tmp_path, env={"DBMCP_CONFIG": "other.toml"})


@pytest.mark.parametrize(
    "variable, value, said",
    [
        ("DBMCP_LIMIT__ROWS", "5", "The environment variable DBMCP_LIMIT__ROWS is no setting."),
        ("DBMCP_LIMITS__ROW", "5", "Did you mean rows?"),
        ("DBMCP_LIMITS__ROWS", "many", "DBMCP_LIMITS__ROWS: "),
        ("DBMCP_FORMAT", "xml", "DBMCP_FORMAT: "),
        ("DBMCP_LIMITS", "{broken", "DBMCP_LIMITS"),
        ("DBMCP_DATABASES", SECRET, "DBMCP_DATABASES"),
        ("DBMCP_DATABASES__SHOP__URLL", f"postgresql://u:{SECRET}@127.0.0.1/d", "Did you mean url?"),
        ("DATABASE_URL", f"mysql://u:{SECRET}@127.0.0.1/d", "No dialect answers to mysql:// URLs."),
    ],
)
def test_a_fault_in_the_environment_is_shown_with_its_variable(
    tmp_path: Path, variable: str, value: str, said: str
) -> None:
    assert said in start(tmp_path, env={variable: value})


def test_one_of_several_databases_that_fails_is_named(tmp_path: Path, sqlite_shop: Path, closed_port: int) -> None:
    (tmp_path / "dbmcp.toml").write_text(
        f'[databases.shop]\nurl = "{sqlite_shop}"\n[databases.sales]\nurl = "postgresql://u:{SECRET}@127.0.0.1:{closed_port}/s"\n'
    )
    assert "Database 'sales': The database cannot be reached." in start(tmp_path)


async def test_a_role_that_may_write_is_answered_nothing_where_the_start_does_not_look(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    async with wire.served(postgresql_database.url, env={"DBMCP_CHECK_AT_START": "false"}) as server:
        for tool, arguments in (("query", {"sql": "SELECT 1"}), ("search_schema", {"pattern": ""})):
            said = wire.first_text(await server.call(tool, **arguments))
            assert said.startswith("database_unavailable: The database role postgres may do more than read: it is a ")
            assert "CREATE ROLE" not in said
        assert server.errors.count("CREATE ROLE") == 1, "the script is the operator's"
