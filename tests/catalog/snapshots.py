"""Whole snapshots for tests: the feature schema of each dialect, and how snapshots are compared."""

from __future__ import annotations

import asyncio
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from dbmcp.catalog.model import Catalog
from dbmcp.catalog.reader import build
from dbmcp.dialects import dialect_of
from dbmcp.dialects.base import Session
from tests import engines

FOLDER = Path(__file__).parent / "feature_schema"
_SAMPLES = Path(os.environ.get("DBMCP_TEST_SCHEMAS") or Path(__file__).parents[3] / "shared" / "schemas")
_ROWS = re.compile(r"^COPY .*? FROM stdin;\n.*?^\\\.$", re.MULTILINE | re.DOTALL)


def sample(name: str) -> str:
    """Return a sample's statements, without rows that only psql reads; the samples lie beside the checkout."""
    path = _SAMPLES / name
    if not path.exists():
        pytest.skip("the sample schemas are not beside the checkout: set DBMCP_TEST_SCHEMAS to their folder")
    return _ROWS.sub("", path.read_text("utf-8"))


def feature_sql(database: engines.PostgresqlDatabase) -> list[str]:
    """Return the parts of PostgreSQL's feature schema that a server's version and extensions allow."""
    names = ["postgresql"]
    ((version,),) = database.rows("SELECT current_setting('server_version_num')::int / 10000")
    names += [f"postgresql_{since}" for since in (15, 18) if int(str(version)) >= since]
    if database.rows("SELECT 1 FROM pg_available_extensions WHERE name = 'postgres_fdw'"):
        names.append("postgresql_extensions")
    return [(FOLDER / f"{name}.sql").read_text("utf-8") for name in names]


def snapshot(url: str) -> Catalog:
    """Return the snapshot of a database, without what ANALYZE would change; in a loop of its own."""

    async def read() -> Catalog:
        dialect = dialect_of(url)
        connection = await dialect.connect(Session(url))
        try:
            return build(await dialect.read_catalog(connection), dialect.default_schema, dialect.name)
        finally:
            await dialect.close(connection)

    with ThreadPoolExecutor(max_workers=1) as thread:
        found = thread.submit(asyncio.run, read()).result()
    return replace(found, relations=tuple(replace(item, rows=None) for item in found.relations))
