"""The named queries that come with dbmcp, as a client of either era meets them: the samples and the operators' pack."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from dbmcp.demo import samples
from dbmcp.limits import Limits
from dbmcp.named_queries.library import load
from dbmcp.named_queries.model import Home
from tests import engines
from tests.journeys.conftest import Connect


async def test_every_sample_answers_its_examples(connect: Connect, demo_file: Path) -> None:
    queries = load([samples.folder()], {"copper-hare": Home("sqlite")}, Limits()).queries
    flags = {"queries": [str(samples.folder())], "claims": dict(samples.CLAIMS)}
    async with connect(str(demo_file), **flags) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["query", "search_schema", "describe_tables", "explain", "generate_models", *queries]
        for query in queries.values():
            assert tools[query.name].title == query.title
            for example in query.examples:
                result = await client.call_tool(query.name, dict(example.arguments))
                assert not result.is_error, result
                if query.output == "structured":
                    assert len(result.structured_content["rows"]) == example.rows
                else:
                    (text,) = (block.text for block in result.content)
                    assert len(list(csv.DictReader(io.StringIO(text)))) == example.rows


async def test_the_operators_pack_answers_a_role_that_may_only_read(
    connect: Connect, postgresql_shop: engines.PostgresqlDatabase
) -> None:
    async with connect(postgresql_shop.reader_url, query_packs=["postgresql"]) as client:
        names = [tool.name for tool in (await client.list_tools()).tools if tool.name.startswith("pg_")]
        assert len(names) == 15
        failed = {}
        for name in names:
            result = await client.call_tool(name, {})
            if result.is_error:
                failed[name] = result.content[0].text
        assert failed == {
            "pg_slow_statements": "query_failed: The extension pg_stat_statements is not at work in this database. Its "
            "operator adds it to shared_preload_libraries, starts the server anew, and creates it here."
        }
        # What a pack may read is shut to everybody else, also while it is served.
        refused = await client.call_tool("query", {"sql": "SELECT query FROM pg_stat_activity"})
        assert refused.content[0].text.startswith("relation_not_allowed: The table pg_stat_activity is held back")
