"""The databases of which models are generated, each with its snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dbmcp.catalog.model import Catalog
from dbmcp.demo import seed
from tests import engines
from tests.catalog.snapshots import FOLDER, feature_sql, snapshot

SAMPLES = Path(__file__).parents[3] / "shared" / "schemas"


@dataclass(frozen=True)
class Sample:
    """A database and its snapshot."""

    name: str
    url: str
    catalog: Catalog


def sample_text(name: str) -> str:
    """Return a sample's statements, without rows; the samples lie beside the checkout."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the sample schemas are not beside the checkout")
    return re.sub(r"^COPY .*? FROM stdin;\n.*?^\\\.$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def _fill(name: str, database: engines.PostgresqlDatabase) -> None:
    if name == "feature":
        for sql in feature_sql(database):
            database.run(sql)
    elif name == "hostile":
        database.run((Path(__file__).parent / "hostile.sql").read_text("utf-8"))
    else:
        ((version,),) = database.rows("SELECT current_setting('server_version_num')::int")
        if name == "pagila" and int(str(version)) < 150000:
            pytest.skip("Pagila needs PostgreSQL 15")
        database.run(sample_text(f"{name}.sql"))


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> engines.PostgresqlServer:
    """One of the servers: what is written comes of the catalog alone, and others read that from each of them."""
    url = engines.engine_url("POSTGRESQL")
    if url is not None:
        return engines.PostgresqlServer("url", url)
    server: engines.PostgresqlServer = request.getfixturevalue("postgresql_from_wheel")
    return server


@pytest.fixture(scope="package", params=["feature", "pagila", "chinook", "hostile"])
def on_postgresql(request: pytest.FixtureRequest, postgresql_server: engines.PostgresqlServer) -> Iterator[Sample]:
    """Make a database of PostgreSQL."""
    with engines.fresh_postgresql_database(postgresql_server) as database:
        _fill(request.param, database)
        yield Sample(request.param, database.url, snapshot(database.url))


@pytest.fixture(params=["feature", "chinook", "demo"])
def on_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Sample:
    """Make a database of SQLite."""
    if request.param == "demo":
        path = seed.ensure(tmp_path)
    else:
        text = (FOLDER / "sqlite.sql").read_text("utf-8") if request.param == "feature" else ""
        path = engines.build_sqlite_file(tmp_path / "live.sqlite", text or sample_text("chinook.sqlite.sql"))
    return Sample(request.param, str(path), snapshot(str(path)))
