"""Snapshots that several tests of the catalog look at, made once."""

from __future__ import annotations

import pytest

from dbmcp.catalog.model import Catalog
from tests import engines
from tests.catalog.large import large_catalog
from tests.catalog.snapshots import sample, snapshot


@pytest.fixture(scope="session")
def large() -> Catalog:
    """Return the database of 5,000 tables."""
    return large_catalog()


@pytest.fixture(scope="session")
def chinook(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return Chinook, on SQLite."""
    path = tmp_path_factory.mktemp("chinook") / "chinook.sqlite"
    return snapshot(str(engines.build_sqlite_file(path, sample("chinook.sqlite.sql"))))


@pytest.fixture(scope="session")
def pagila(postgresql_from_wheel: engines.PostgresqlServer) -> Catalog:
    """Return Pagila, on PostgreSQL."""
    text = sample("pagila.sql")
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        if int(str(database.rows("SELECT current_setting('server_version_num')::int")[0][0])) < 150000:
            pytest.skip("Pagila needs PostgreSQL 15")
        database.run(text)
        return snapshot(database.url)
