"""Searching a catalog: what a person calls a table comes first, and odd patterns do no harm."""

from __future__ import annotations

import pytest

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column
from dbmcp.catalog.search import search, words


def table(name: str, *columns: str, comment: str | None = None, schema: str = "public") -> Relation:
    return Relation(schema, name, "table", comment=comment, columns=tuple(Column(column, "text") for column in columns))


CATALOG = Catalog(
    (
        table("customer", "customer_id", "name", "email"),
        table("customer_address", "customer_id", "street", "city"),
        table(
            "invoice",
            "invoice_id",
            "customer_id",
            "due_on",
            "paid_on",
            comment="What customers owe; late payments show here",
        ),
        table("invoiceLine", "invoiceId", "quantity"),
        table("product", "product_id", "label"),
        table("audit_log", "entry", schema="ops"),
        Relation(
            "public",
            "ticket",
            "table",
            columns=(
                Column("state", "text", labels=("open", "escalated")),
                Column("x1", "text", comment="how urgent it is"),
            ),
        ),
    )
)


def found(pattern: str) -> list[str]:
    return [item.name for item in search(CATALOG, pattern)]


@pytest.mark.parametrize(
    "pattern, first",
    [
        ("customer", "customer"),
        ("customers", "customer"),
        ("CUSTOMER", "customer"),
        ("invoice line", "invoiceLine"),
        ("invoice lines", "invoiceLine"),
        ("customer address", "customer_address"),
        ("addresses", "customer_address"),
        ("late payments", "invoice"),
        ("escalated", "ticket"),
        ("urgent", "ticket"),
        ("custmer", "customer"),
        ("ops log", "audit_log"),
        ("email of customers", "customer"),
        ("quantity", "invoiceLine"),
        ("invoice_line", "invoiceLine"),
    ],
)
def test_the_table_that_was_meant_comes_first(pattern: str, first: str) -> None:
    assert found(pattern)[0] == first


@pytest.mark.parametrize("pattern", ["", "   ", "!!!", "%", "*"])
def test_a_pattern_without_words_lists_everything_in_order(pattern: str) -> None:
    assert found(pattern) == [item.name for item in CATALOG.relations]


@pytest.mark.parametrize("pattern", ["zzzz", "日本", "\ud800", "😀" * 100, "a" * 10_000])
def test_a_pattern_that_nothing_answers_to_finds_little(pattern: str) -> None:
    assert len(found(pattern)) < len(CATALOG.relations) or not words(pattern)


@pytest.mark.parametrize(
    "text, split",
    [
        ("customer_id", ["customer", "id"]),
        ("CustomerId", ["customer", "id"]),
        ("HTTPServer2", ["http", "server", "2"]),
        ("categories", ["category"]),
        ("status", ["status"]),
        ("bus", ["bus"]),
        ("", []),
        ("Straße", ["straße"]),
        ("größe_cm", ["größe", "cm"]),
        ("день_рождения", ["день", "рождения"]),
        ("news", ["new"]),
    ],
)
def test_names_are_split_into_their_words(text: str, split: list[str]) -> None:
    assert words(text) == split


def test_a_table_of_another_language_is_found_by_its_name() -> None:
    catalog = Catalog((table("größe", "id"), table("заказ", "id"), table("顧客", "id")))
    for name in ("größe", "заказ", "顧客"):
        assert [item.name for item in search(catalog, name)] == [name]
