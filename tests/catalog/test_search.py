"""Searching a catalog: what a person calls a table comes first, and odd patterns do no harm."""

from __future__ import annotations

import asyncio
import gc

import pytest

from dbmcp.catalog.derived import derived, is_kept
from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column
from dbmcp.catalog.search import search
from dbmcp.catalog.search_index import SearchIndex
from dbmcp.catalog.words import spellings, stem, synonyms, words
from tests.catalog.questions import QUESTIONS


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
        ("GRÖSSE der Straße", ["grösse", "der", "straße"]),
        ("addresses", ["address"]),
        ("movies", ["movie"]),
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


FIRST = 5


@pytest.mark.parametrize("database", ["pagila", "chinook", "large"])
def test_the_tables_that_answer_a_question_are_among_the_first_ones(
    request: pytest.FixtureRequest, database: str
) -> None:
    catalog: Catalog = request.getfixturevalue(database)
    asked = [question for question in QUESTIONS if question.database == database]
    first = {
        question: [catalog.shown_name(item) for item in search(catalog, question.asked)[:FIRST]] for question in asked
    }
    missed = [(question, names) for question, names in first.items() if not set(question.tables) <= set(names)]
    assert len(missed) <= len(asked) // 10, missed


@pytest.mark.parametrize(
    "pattern, first",
    [
        ("clients", "customer"),
        ("bills", "invoice"),
        ("goods", "product"),
        ("custmoers", "customer"),
        ("invioces", "invoice"),
        ("cust", "customer"),
        ("customer addr", "customer_address"),
        ("INVOICELINES", "invoiceLine"),
        ("invoice-line", "invoiceLine"),
        ("in which street and city, e.g. of a customer?", "customer_address"),
        ("which tickets were escalated", "ticket"),
        ("unpaid invoice", "invoice"),
    ],
)
def test_what_is_meant_is_found_by_other_words_and_slips(pattern: str, first: str) -> None:
    assert found(pattern)[0] == first


def test_accents_may_be_left_out_or_written_as_two_letters() -> None:
    catalog = Catalog((table("größe", "id"), table("café", "id"), table("mueller", "id"), table("other", "id")))
    for pattern, name in (
        ("groesse", "größe"), ("grosse", "größe"), ("GRÖSSE", "größe"), ("cafe", "café"), ("müller", "mueller")
    ):  # fmt: skip
        assert [item.name for item in search(catalog, pattern)][:1] == [name], pattern


def test_a_name_without_gaps_is_found_by_its_parts() -> None:
    catalog = Catalog((table("orderline", "id"), table("order", "id"), table("pipeline", "x"), table("line", "id")))
    names = [item.name for item in search(catalog, "line of an order")]
    assert set(names[:3]) == {"orderline", "order", "line"}


def test_a_word_of_every_table_says_little_and_a_rare_one_much() -> None:
    tables = [table(f"tbl_data_{word}", "id") for word in ("one", "two", "three", "four", "five", "six")]
    catalog = Catalog((*tables, table("tbl_report", "id")))
    assert next(item.name for item in search(catalog, "tbl data six")) == "tbl_data_six"
    assert next(item.name for item in search(catalog, "tbl report")) == "tbl_report"


def test_the_first_ones_answer_to_different_words() -> None:
    around = [table(f"student_{word}", "student_id") for word in ("note", "tag", "log", "export", "import", "merge")]
    catalog = Catalog((table("student", "student_id"), *around, table("course", "course_id")))
    assert {item.name for item in search(catalog, "students and courses")[:2]} == {"student", "course"}


@pytest.mark.parametrize(
    "pattern, names",
    [
        ("ops.*", ["audit_log"]),
        ("OPS.*", ["audit_log"]),
        ("customer*", ["customer", "customer_address"]),
        ("*_log", ["audit_log"]),
        ("public.*address", ["customer_address"]),
        ("[a-z]*", []),
        ("nowhere.*", []),
    ],
)
def test_a_star_stands_for_any_part_of_a_name(pattern: str, names: list[str]) -> None:
    assert found(pattern) == names


def test_a_word_of_thousands_does_not_make_the_search_forget_the_others(large: Catalog) -> None:
    names = [large.shown_name(item) for item in search(large, "id note of a mortgage")]
    assert names[:2] == ["bank.mortgage", "bank.mortgage_note"] or names[:2] == ["bank.mortgage_note", "bank.mortgage"]


def test_an_index_is_built_once_for_a_snapshot_and_goes_with_it() -> None:
    catalog = Catalog((table("customer", "id"),))
    assert derived(catalog, SearchIndex) is derived(catalog, SearchIndex)
    place = id(catalog)
    assert is_kept(place)
    del catalog
    gc.collect()
    assert not is_kept(place)


async def test_other_work_goes_on_while_an_index_is_built(large: Catalog) -> None:
    """The thread of the index rests after each slice; without the rests a few turns would be all there is."""
    building = asyncio.create_task(asyncio.to_thread(search, Catalog(large.relations), "late payments"))
    turns = 0
    while not building.done():
        turns += 1
        await asyncio.sleep(0)
    assert next(iter(await building)).name == "dunning_notice"
    assert turns > 200


@pytest.mark.parametrize(
    "forms",
    [
        ("rental", "rent", "rented", "renting"),
        ("shipment", "shipped", "shipping", "ship"),
        ("enrollment", "enrolled", "enroll"),
        ("reservation", "reserved", "reserve"),
        ("booking", "booked", "book"),
        ("payment", "pay"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    "pair", [("customer", "custom"), ("order", "ordinal"), ("state", "station"), ("item", "iteration")]
)
def test_words_that_only_begin_alike_have_stems_of_their_own(pair: tuple[str, str]) -> None:
    assert stem(pair[0]) != stem(pair[1])


def test_synonyms_go_both_ways_and_hold_no_sign_or_capital() -> None:
    known = synonyms()
    assert all(word in known[other] for word, others in known.items() for other in others)
    assert all(word.isalpha() and word == word.lower() for word in known)
    assert "client" in known["customer"]


def test_every_spelling_is_of_the_word() -> None:
    assert spellings("straße") == ("straße", "strasse")
    assert spellings("ändern") == ("ändern", "aendern", "andern")
    assert spellings("plain") == ("plain",)
