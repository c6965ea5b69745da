"""docs/named_queries.md: it names all there is, and its example works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from dbmcp.config import Settings
from dbmcp.demo import samples, seed
from dbmcp.named_queries.front_matter import ExampleTable, Header, LimitsTable, ParameterTable
from dbmcp.named_queries.model import ParameterType
from dbmcp.named_queries.packs import PACKS
from dbmcp.runtime import Runtime
from dbmcp.use_cases import run_named_query
from tests.house.test_docs import missing, page

PAGE = "docs/named_queries.md"


def test_the_page_names_every_key_type_and_query_of_a_pack() -> None:
    keys = [key for table in (Header, ParameterTable, LimitsTable, ExampleTable) for key in table.model_fields]
    of_packs = [path.stem for pack in PACKS.values() for path in pack.folder.glob("*.sql")]
    assert missing([*keys, *get_args(ParameterType), *of_packs, *PACKS], page(PAGE)) == []


async def test_the_query_of_the_page_gives_the_rows_of_its_example(tmp_path: Path) -> None:
    file = tmp_path / "sales" / "late_orders.sql"
    file.parent.mkdir()
    (text,) = re.findall(r"```sql\n(/\*.*?)```", page(PAGE), re.DOTALL)
    file.write_text(text, encoding="utf-8")
    settings = {"databases": {"shop": {"url": str(seed.ensure())}}, "queries": [str(tmp_path)]}
    runtime = Runtime(Settings.model_validate(settings))
    try:
        (query,) = runtime.load_library().queries.values()
        assert query.group == "sales"
        for example in query.examples:
            assert (await run_named_query(runtime, query.name, example.arguments)).rows == example.rows
        for arguments in ({}, {"channel": "web"}, {"channel": "email", "sort": "slowest", "days": 0}):
            assert (await run_named_query(runtime, query.name, arguments)).notice is None
    finally:
        await runtime.close()


def test_the_samples_are_where_the_page_says() -> None:
    assert samples.folder().name == "queries"
