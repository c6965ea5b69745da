"""The sample queries on the demo database: whole, instructive, and right."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from dbmcp.cli.options import load_settings
from dbmcp.demo import samples, seed
from dbmcp.errors import InvalidParameter
from dbmcp.limits import Limits
from dbmcp.named_queries.library import load
from dbmcp.named_queries.model import Home, NamedQuery
from dbmcp.named_queries.values import is_relative
from dbmcp.runtime import Runtime
from dbmcp.use_cases import run_named_query
from dbmcp.use_cases.checking import check_live

QUERIES = load([samples.folder()], {"demo": Home("sqlite")}, Limits()).queries
PARAMETERS = [parameter for query in QUERIES.values() for parameter in query.parameters.values()]

# What the format has, and whether a query shows it.
FEATURES = {
    "a title": lambda query: query.title,
    "tags": lambda query: query.tags,
    "limits": lambda query: query.limits.rows and query.limits.seconds,
    "a time in the cache": lambda query: query.cache_seconds,
    "a rate": lambda query: query.rate,
    "a typed result": lambda query: query.output == "structured",
    "a version that is no longer current": lambda query: query.deprecated,
    "one to load at once": lambda query: query.always_load,
    "words to be found by": lambda query: query.search_hint,
    "an optional part": lambda query: query.parts,
    "several optional parts": lambda query: len(query.parts) > 1,
    "a choice": lambda query: query.choices,
    "an example with a name and a number of rows": lambda query: any(
        item.name and item.rows is not None for item in query.examples
    ),
}


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_of_the_format_is_shown_by_a_sample(feature: str):
    assert any(FEATURES[feature](query) for query in QUERIES.values())


def test_the_samples_have_parameters_of_most_types_and_kinds():
    assert {item.type for item in PARAMETERS} >= {
        "string", "integer", "number", "decimal", "boolean", "date", "enum", "json", "choice",
    }  # fmt: skip
    assert any(item.array for item in PARAMETERS)
    assert any(item.claim for item in PARAMETERS)
    assert any(item.pattern for item in PARAMETERS)
    assert any(is_relative(item.default) for item in PARAMETERS)
    assert any(item.is_required for item in PARAMETERS)


def test_the_samples_are_many_and_in_groups():
    assert len(QUERIES) >= 8
    assert {query.group for query in QUERIES.values()} == {"finance", "roastery", "sales", "stock"}


def test_a_version_that_is_no_longer_current_names_one_that_is():
    for query in QUERIES.values():
        assert not query.deprecated or any(name in query.deprecated for name in QUERIES.keys() - {query.name})


def test_every_claim_of_the_samples_is_one_that_the_demo_gives():
    assert {item.claim for item in PARAMETERS if item.claim} <= samples.CLAIMS.keys()


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_sample_is_sql_for_any_editor_as_its_file_stands(query: NamedQuery):
    with closing(sqlite3.connect(f"file:{seed.ensure()}?mode=ro", uri=True)) as connection:
        nothing = dict.fromkeys(query.parameters)
        connection.execute(f"EXPLAIN {query.text}", nothing).fetchall()


@pytest.fixture
async def demo() -> AsyncIterator[Runtime]:
    """Serve what `--demo` serves."""
    runtime = Runtime(load_settings(None, None, demo=True))
    runtime.load_library()
    yield runtime
    await runtime.close()


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_every_example_of_a_sample_gives_the_rows_it_says(demo: Runtime, query: NamedQuery):
    assert query.examples
    for example in query.examples:
        reply = await run_named_query(demo, query.name, example.arguments)
        assert (reply.rows, reply.notice) == (example.rows, None)


async def test_a_sample_that_takes_its_caller_from_a_claim_takes_it_from_no_argument(demo: Runtime):
    with pytest.raises(InvalidParameter, match="There is no parameter 'me'"):
        await run_named_query(demo, "my_accounts", {"me": 10})


async def test_the_samples_are_good_on_the_demo_and_as_their_snapshot_says(demo: Runtime):
    checked = await check_live(demo, update=False)
    assert (checked.faults, checked.notes) == ((), ())
    assert checked.queries == len(QUERIES)
