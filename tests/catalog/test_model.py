"""Finding relations by name."""

from __future__ import annotations

import json
from typing import Any

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.reader import build
from dbmcp.catalog.render import shown_name
from tests.catalog.hostile import NAMES

CATALOG = Catalog(
    (
        Relation("public", "item", "table"),
        Relation("sales", "item", "table"),
        Relation("sales", "Order", "table"),
        Relation("a", "twice", "table"),
        Relation("b", "twice", "table"),
        Relation("public", 'odd "x"', "table"),
        Relation("public", "Case", "table"),
        Relation("public", "case", "table"),
    )
)


def found(name: str) -> list[str]:
    return [f"{item.schema}.{item.name}" for item in CATALOG.find(name)]


def test_a_bare_name_is_that_of_the_default_schema_first() -> None:
    assert found("item") == ["public.item"]
    assert found("sales.item") == ["sales.item"]
    assert found("twice") == ["a.twice", "b.twice"]


def test_case_and_quotes_are_forgiven_and_an_exact_name_wins() -> None:
    assert found("ORDER") == found("order") == found('sales."Order"') == ["sales.Order"]
    assert found("Case") == ["public.Case"]
    assert found("case") == ["public.case"]
    assert found('"item"') == ["public.item"]


def test_a_name_with_quotes_is_found_as_it_is_and_as_it_is_written() -> None:
    assert found('odd "x"') == ['public.odd "x"']
    assert found('"odd ""x"""') == ['public.odd "x"']


def test_a_name_is_found_as_the_texts_write_it_whatever_signs_it_holds() -> None:
    for name in (*(name for name in NAMES if "\x00" not in name and name.isascii()), "a\u202eb", "\u200b😀\\"):
        for schema in ("public", "x\ny.z"):
            catalog = Catalog((Relation(schema, name, "table"),))
            (relation,) = catalog.relations
            assert catalog.find(shown_name(catalog, relation)) == [relation], name
    assert CATALOG.find('U&"\\+FFFFFF\\12"') == CATALOG.find('U&"') == []


def test_nothing_is_found_for_what_is_not_there() -> None:
    assert found("nope") == found("") == found(".") == found("\ud800") == []


def test_a_foreign_key_without_columns_points_to_the_primary_key() -> None:
    none = [None] * 5
    rows: list[tuple[str, Any]] = [
        ("relations", ["p", "main", "p", "table", None, None, None, True]),
        ("relations", json.dumps(["c", "main", "c", "table", None, None, None, True])),
        ("constraints", ["p", [["pk", "primary", ["a", "b"], None, None, None, None]]]),
        (
            "constraints",
            [
                "c",
                [
                    ["fk", "foreign", ["x", "y"], None, None, ["main", "p", [None, None], *none[:4]], None],
                    ["gone", "foreign", ["x"], None, None, ["main", "nowhere", [], *none[:4]], None],
                ],
            ],
        ),
    ]
    (child,) = build(rows, "main").find("c")
    assert [key.target_columns for key in child.foreign_keys] == [("a", "b"), ()]
