"""What the tools that describe a schema show of one under a policy: nothing that is hidden."""

from __future__ import annotations

import re
from collections.abc import Awaitable

import pytest

from dbmcp.errors import DbmcpError
from dbmcp.runtime import Runtime
from dbmcp.use_cases import Reply, describe_database, describe_tables, search_schema
from tests.policy.conftest import SECRETS, Databases, outcome

# Tables, views, partitions, columns and values that are hidden; a name before a dot is that of its table.
HIDDEN = re.compile(
    r"\b(vault|pay|hr|secret_plan|person_view|person_far|person_count|person_stored|person_there|vault_there"
    r"|animal_view|event_b|words|loud|geheim"
    r"|(?:memo|old_memo|place|person_index|view_index)(?:_[a-z]+)?(?<!_log)(?<!_view)|(?:old|person)_words"
    r")\b|person(?:\.|\()ssn|" + "|".join(SECRETS),
    re.IGNORECASE,
)
SHOWN = ("person", "purchase", "animal", '"Odd ""Table"', '"Überblick"')


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    """Return the database under attack, on each engine."""
    fixture = "on_sqlite" if request.param == "sqlite" else "on_wheel"
    databases: Databases = request.getfixturevalue(fixture)
    return databases.attacked


async def text_of(reply: Awaitable[Reply]) -> str:
    try:
        return (await reply).text
    except DbmcpError as error:
        return str(error)


def hidden_in(text: str) -> set[str]:
    return {found.group() for found in HIDDEN.finditer(text)}


async def test_listings_show_the_rest_and_nothing_hidden(runtime: Runtime) -> None:
    listing, lines = await text_of(search_schema(runtime, "")), await text_of(describe_database(runtime, None))
    for text in (listing, lines):
        assert hidden_in(text) == set()
        assert [name for name in SHOWN if name not in text] == []


async def test_descriptions_show_the_rest_and_nothing_hidden(runtime: Runtime) -> None:
    for name in (*SHOWN, "badge"):
        text = await text_of(describe_tables(runtime, [name.replace('"', "") if "Odd" not in name else 'Odd "Table']))
        assert hidden_in(text) == set()
        assert "id" in text or "a b" in text


async def test_a_table_with_a_condition_tells_no_count_of_rows(runtime: Runtime) -> None:
    text = await text_of(describe_tables(runtime, ["person"]))
    assert "rows" not in text
    assert re.search(r"email \w+( -- masked|.*masked)", text)
    assert "404" not in await text_of(search_schema(runtime, ""))


@pytest.mark.parametrize("word", ["vault", "pay", "ssn", "geheim", "secret", "loud", "qzx", "person_view"])
async def test_a_search_for_what_is_hidden_finds_none_of_it(runtime: Runtime, word: str) -> None:
    text = (await text_of(search_schema(runtime, word))).replace(repr(word), "")
    assert hidden_in(text) == set()


@pytest.mark.parametrize("name", ["vault", "person_view", "hr.pay", "secret_plan", "valt", "secret_plam", "hr"])
async def test_no_name_of_what_is_hidden_is_proposed(runtime: Runtime, name: str) -> None:
    replies = (
        await text_of(describe_tables(runtime, [name])),
        await text_of(describe_database(runtime, None, schema=name)),
    )
    for text in replies:
        assert text.startswith("There is no")
        assert hidden_in(text.replace(repr(name), "")) == set()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sssn FROM person",
        "SELECT ssnn, loudd FROM person",
        'SELECT gehiem FROM "Überblick"',
        "SELECT * FROM valt",
        "SELECT * FROM secret_plam",
        "SELECT person.lou FROM person",
    ],
)
async def test_the_hint_for_a_misspelt_name_proposes_nothing_hidden(runtime: Runtime, sql: str) -> None:
    found = await outcome(runtime, sql)
    assert not found.answered
    assert hidden_in(found.text) == set()
