"""Named queries found by words, and shown a line each or in detail."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbmcp.limits import Limits
from dbmcp.named_queries import library, listing
from dbmcp.named_queries.model import Home, Library
from tests.named_queries.files import query_of, sql_file

FILES = {
    "sales/late_orders": """
title = "Late orders"
description = "Orders shipped later than promised, newest first.\\nSecond line."
tags = ["delivery"]
[parameters.since]
type = "date"
default = "today - 30 days"
description = "first day"
[parameters.store]
type = "integer"
optional = true
[parameters.kinds]
type = "enum"
values = ["web", "shop"]
array = true
[parameters.tenant]
type = "integer"
claim = "tenant"
""",
    "sales/revenue": 'description = "Revenue by month."\nsearch_hint = "turnover income"\n',
    "stock/reorder": 'description = "What to order anew."\n',
    "old_orders": 'description = "Orders shipped later than promised."\ndeprecated = "use late_orders"\n',
}
SQL = {
    "sales/late_orders": "SELECT :since, :kinds, :tenant WHERE true /*[*/ AND 1 = :store /*]*/",
}


@pytest.fixture
def queries(tmp_path: Path) -> Library:
    """Return a library of a few queries."""
    for name, header in FILES.items():
        path = tmp_path / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"/*{header}*/\n{SQL.get(name, 'SELECT 1')}\n")
    return library.load([tmp_path], {"shop": Home("sqlite")}, Limits())


def found(queries: Library, text: str) -> list[str]:
    return [query.name for query in listing.search(queries, text)]


@pytest.mark.parametrize(
    "text, first",
    [
        ("late orders", "late_orders"),
        ("delivery", "late_orders"),
        ("turnover", "revenue"),
        ("what was our Income?", "revenue"),
        ("stock", "reorder"),
        ("lateorders since", "late_orders"),
    ],
)
def test_a_query_is_found_by_name_title_tags_group_hint_and_parameters(queries: Library, text: str, first: str) -> None:
    assert found(queries, text)[0] == first


def test_a_deprecated_query_comes_after_the_one_that_replaces_it(queries: Library) -> None:
    assert found(queries, "orders shipped later than promised")[:2] == ["late_orders", "old_orders"]


def test_without_a_word_all_are_listed_by_name(queries: Library) -> None:
    assert found(queries, "") == ["late_orders", "old_orders", "reorder", "revenue"]


def test_what_nothing_answers_to_finds_nothing(queries: Library) -> None:
    assert found(queries, "zzzz") == []


def test_what_a_claim_fills_is_not_searched_and_not_shown(queries: Library) -> None:
    assert found(queries, "tenant") == []
    assert "tenant" not in listing.line_of(queries.queries["late_orders"])


def test_a_line_says_what_a_caller_must_know(queries: Library) -> None:
    assert listing.line_of(queries.queries["late_orders"]) == (
        "late_orders(since: date = today - 30 days, store?: integer, kinds: [web|shop])"
        " -- Orders shipped later than promised, newest first."
    )
    assert listing.line_of(queries.queries["old_orders"]) == (
        "old_orders() -- Orders shipped later than promised. [deprecated: use late_orders]"
    )


def test_a_list_is_bounded_and_says_so(queries: Library) -> None:
    text = listing.lines(list(queries.queries.values()), 300)
    assert len(text) <= 300
    assert text.splitlines()[-1].startswith("-- ")
    assert "left off" in text


def test_the_detail_shows_the_text_and_what_a_claim_fills(queries: Library) -> None:
    text = listing.detail(queries.queries["late_orders"])
    assert "  group: sales\n" in text
    assert "  tenant: integer -- from the claim tenant\n" in text
    assert "  since: date = today - 30 days -- first day\n" in text
    assert text.endswith("AND 1 = :store /*]*/")


def test_the_detail_shows_every_key_of_the_file(tmp_path: Path) -> None:
    header = """description = "d"
limits = { rows = 9, bytes = 2000, seconds = 1.5 }
always_load = true
search_hint = "hinted"
[parameters.n]
type = "decimal"
minimum = "0.10"
maximum = 9
[parameters.words]
type = "string"
description = "some"
array = true
min_length = 1
max_length = 7
pattern = "[a-z]+"
min_items = 2
max_items = 3"""
    query = query_of(tmp_path, sql_file(header, "SELECT :n, :words"))
    assert listing.detail(query).splitlines()[1:8] == [
        f"  file: {tmp_path}/q.sql",
        "  databases: main",
        "  limits: 9 rows, 2000 bytes, 1.5 s",
        "  loaded always: yes",
        "  search hint: hinted",
        "  n: decimal -- from 0.10; to 9",
        "  words: [string] -- some; length from 1; length to 7; matches [a-z]+; items from 2; items to 3",
    ]
