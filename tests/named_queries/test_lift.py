"""An ad-hoc statement as a file: it loads, and with its example it gives the rows that the statement gave."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dbmcp.database import Database, DatabaseSettings
from dbmcp.errors import DbmcpError
from dbmcp.guard import ApprovedQuery, approve
from dbmcp.limits import Limits
from dbmcp.named_queries import parameters, snapshot
from dbmcp.named_queries.folders import File
from dbmcp.named_queries.lift import file_text
from dbmcp.named_queries.model import Home, NamedQuery
from dbmcp.named_queries.reader import QueryReader
from dbmcp.named_queries.saving import Lifting
from dbmcp.results import Bounds, ResultSet
from tests import engines
from tests.corpus import Case, schema, statements
from tests.guard.test_corpus import has_order, sqlite_has, what_it_has

# Nothing is cut here.
BOUNDS = Bounds(rows=3_000, bytes=1_000_000, seconds=20, memory_chars=100_000_000)
HEAD = {"description": "saved"}


def database(url: str) -> Database:
    return Database("main", DatabaseSettings.model_validate({"url": url}), Limits())


async def saved(sql: str, held: Database, rows: int | None = None) -> str:
    """Return the text of the file for a statement."""
    dialect = held.dialect.name

    async def verdict(text: str, count: int) -> ApprovedQuery:
        return approve(text, dialect, parameters=count)

    return file_text(sql, dialect, await Lifting(sql, held, verdict).parameters(), head=HEAD, rows=rows)


def loaded(text: str, dialect: str) -> NamedQuery:
    """Return the query that a file's text holds; it has no flaws."""
    file = File(Path("saved.sql"), "saved.sql", "")
    query, flaws = QueryReader(file, "saved", text, {"main": Home(dialect)}, Limits()).read()
    assert flaws == []
    assert query is not None
    return query


async def answered(query: NamedQuery, held: Database) -> ResultSet:
    """Run a query with the arguments of its example."""
    arguments = parameters.read(query.parameters, query.examples[0].arguments, {}, datetime.now(UTC))
    variant = query.variant(arguments)
    return await held.fetch(variant.approved["main"], BOUNDS, parameters.bind(variant, arguments))


async def misfits(query: NamedQuery, held: Database) -> list[str]:
    """Return the parameters whose type the database does not take, as a live check would find them."""
    (variant,) = query.variants.values()
    described = await held.describe(variant.approved["main"], variant.names)
    places = snapshot.Places(query, held.dialect.name)
    return [str(fault) for fault in snapshot.misfits(query, snapshot.shape_of([(variant, described)]), places)]


async def difference(case: Case, held: Database) -> str | None:
    """Return what goes wrong with a statement when it is saved, loaded and run with its example; None when nothing."""
    dialect = held.dialect.name
    query = approve(case.text, dialect)
    plain = await held.fetch(query, BOUNDS)
    text = await saved(query.text, held, len(plain.rows))
    try:
        query_saved = loaded(text, dialect)
        ours = await answered(query_saved, held)
        if wrong := await misfits(query_saved, held):
            return f"{case.place}: {wrong}\n{text}"
    except (AssertionError, DbmcpError) as error:
        return f"{case.place}: {error}\n{text}"
    if [column.name for column in ours.columns] != [column.name for column in plain.columns]:
        return f"{case.place}: other columns\n{text}"
    if "volatile" in case.marks:
        return None
    mine, theirs = [tuple(row) for row in ours.rows], [tuple(row) for row in plain.rows]
    ordered = dialect == "sqlite" or has_order(query.text)
    same = mine == theirs if ordered else Counter(mine) == Counter(theirs)
    return None if same else f"{case.place}: other rows\n{text}"


async def differences(url: str, dialect: str, has: Callable[[Case], bool]) -> list[str]:
    held = database(url)
    try:
        found = [await difference(case, held) for case in statements(dialect, "allow") if has(case)]
    finally:
        await held.close()
    assert len(found) > 100
    return [line for line in found if line]


@pytest.fixture(scope="module")
def inn(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    with engines.fresh_postgresql_database(postgresql_server) as made:
        made.run(schema("postgresql"))
        made.grant_reader()
        made.grant_reader("archive")
        made.run(f'GRANT SELECT ON SEQUENCE ticket_number TO "{made.reader}"')
        yield made


@pytest.fixture(scope="module")
def inn_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return engines.build_sqlite_file(tmp_path_factory.mktemp("lift") / "inn.sqlite", schema("sqlite"))


def test_all_real_work_on_postgresql_is_saved_with_its_rows(inn: engines.PostgresqlDatabase):
    assert asyncio.run(differences(inn.reader_url, "postgresql", what_it_has(inn))) == []


def test_all_real_work_on_sqlite_is_saved_with_its_rows(inn_file: Path):
    assert asyncio.run(differences(str(inn_file), "sqlite", sqlite_has)) == []


TABLE = """
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE t (
    small smallint, whole integer, big bigint, exact numeric(10, 2), single real, double double precision,
    flag boolean, word text, code char(5), label varchar(20), day date, moment timestamp, instant timestamptz,
    hour time, span interval, key uuid, doc jsonb, feeling mood, address inet, area int4range, "Odd Name" text
);
INSERT INTO t VALUES
    (1, 1, 1, 1.10, 0.1, 0.1, true, 'a', 'ab', 'it''s', '2026-01-31', '2026-01-31 10:00', '2026-01-31 10:00+02',
     '10:00', '30 days', '123e4567-e89b-12d3-a456-426614174000', '{"a": "x"}', 'glad', '10.0.0.1', '[1,5)', 'o'),
    (2, 2, 3000000000, 2.20, 0.2, 0.2, false, 'b', 'cd', '5', '2026-02-28', '2026-02-28 12:30', '2026-02-28 12:30+00',
     '12:30', '1 day 02:03:04', '00000000-0000-0000-0000-000000000000', '{"a": "y"}', 'sad', '10.0.0.2', '[5,9)', 'p');
"""

# A condition, the SQL that stands in its place, and the type of each parameter with the value of the example.
LIFTED = {
    "whole = 1": ("whole = :whole", {"whole": ("integer", 1)}),
    "whole > 1.5": ("whole > :min_whole::numeric", {"min_whole": ("decimal", "1.5")}),
    "whole < 3000000000": ("whole < :max_whole::bigint", {"max_whole": ("integer", 3_000_000_000)}),
    "small < 100000": ("small < :max_small::integer", {"max_small": ("integer", 100_000)}),
    "big = 3000000000": ("big = :big", {"big": ("integer", 3_000_000_000)}),
    "big < 99999999999999999999": (
        "big < :max_big::numeric",
        {"max_big": ("decimal", "99999999999999999999")},
    ),
    "exact = 1.10": ("exact = :exact", {"exact": ("decimal", "1.10")}),
    "exact > 1": ("exact > :min_exact", {"min_exact": ("decimal", "1")}),
    "double = 0.1": ("double = :double", {"double": ("number", 0.1)}),
    # As a real 0.1 would be equal to the column.
    "single = 0.1": ("single = :single::numeric", {"single": ("decimal", "0.1")}),
    "flag = true": ("flag = :flag", {"flag": ("boolean", True)}),
    "word = 'a'": ("word = :word", {"word": ("string", "a")}),
    "code = 'ab'": ("code = :code", {"code": ("string", "ab")}),
    "label = 'it''s'": ("label = :label", {"label": ("string", "it's")}),
    "label = '*/ /* \"\\'": ("label = :label", {"label": ("string", '*/ /* "\\')}),
    "day = '2026-01-31'": ("day = :day", {"day": ("date", "2026-01-31")}),
    "day >= 'yesterday'": ("day >= :day_from::text::date", {"day_from": ("string", "yesterday")}),
    "moment > '2026-01-31'": ("moment > :moment_from", {"moment_from": ("date", "2026-01-31")}),
    "moment = '2026-01-31 10:00'": ("moment = :moment", {"moment": ("datetime", "2026-01-31 10:00")}),
    "instant = '2026-01-31T08:00:00Z'": ("instant = :instant", {"instant": ("datetime", "2026-01-31T08:00:00Z")}),
    # Without a zone it is of the session's.
    "instant > '2026-01-31 10:00'": (
        "instant > :instant_from::text::timestamp with time zone",
        {"instant_from": ("string", "2026-01-31 10:00")},
    ),
    "hour = '10:00'": ("hour = :hour", {"hour": ("time", "10:00")}),
    "span = '30 days'": ("span = :span", {"span": ("interval", "30 days")}),
    "span = '1 day 02:03:04'": ("span = :span::text::interval", {"span": ("string", "1 day 02:03:04")}),
    "span = '1 day 02:03:04'::interval": ("span = :span::text::interval", {"span": ("string", "1 day 02:03:04")}),
    "span = interval '1 day 02:03:04'": ("span = :span::text::interval", {"span": ("string", "1 day 02:03:04")}),
    "whole = '1' AND small = '02'": (
        "whole = :whole AND small = :small::text::smallint",
        {"whole": ("integer", 1), "small": ("string", "02")},
    ),
    "exact = '1.10' AND flag = 't'": (
        "exact = :exact AND flag = :flag::text::boolean",
        {"exact": ("decimal", "1.10"), "flag": ("string", "t")},
    ),
    """doc = '{"a": "x"}'""": ("doc = :doc::text::jsonb", {"doc": ("string", '{"a": "x"}')}),
    "key = '123e4567-e89b-12d3-a456-426614174000'": (
        "key = :key",
        {"key": ("uuid", "123e4567-e89b-12d3-a456-426614174000")},
    ),
    "feeling = 'sad'": ("feeling = :feeling", {"feeling": ("string", "sad")}),
    "address = '10.0.0.1'": ("address = :address", {"address": ("string", "10.0.0.1")}),
    "doc ->> 'a' = 'x'": ("doc ->> 'a' = :a", {"a": ("string", "x")}),
    "\"Odd Name\" = 'o'": ('"Odd Name" = :odd_name', {"odd_name": ("string", "o")}),
    "whole IN (1, 3)": ("whole = ANY(:whole)", {"whole": ("integer", [1, 3])}),
    "word NOT IN ('a')": ("word <> ALL(:not_word)", {"not_word": ("string", ["a"])}),
    "exact IN (1.1, 5)": ("exact IN (1.1, 5)", {}),
    "day IN ('2026-01-31')": ("day = ANY(:day)", {"day": ("date", ["2026-01-31"])}),
    "day IN ('2026-01-31', 'today')": (
        "day = ANY(:day::text[]::date[])",
        {"day": ("string", ["2026-01-31", "today"])},
    ),
    "day = DATE'2026-01-31'AND true": ("day = :day::date AND true", {"day": ("date", "2026-01-31")}),
    "day = CAST('2026-01-31' AS date)": ("day = CAST(:day AS date)", {"day": ("date", "2026-01-31")}),
    "moment > now() - interval '3 months'": (
        "moment > now() - :moment_span::interval",
        {"moment_span": ("interval", "3 months")},
    ),
    "day BETWEEN '2026-01-01' AND '2026-12-31'": (
        "day BETWEEN :day_from AND :day_to",
        {"day_from": ("date", "2026-01-01"), "day_to": ("date", "2026-12-31")},
    ),
    "word LIKE'a%'": ("word LIKE :word", {"word": ("string", "a%")}),
    # One literal in two places is one parameter, and two literals are two.
    "word = 'a' OR word = 'a' OR word = 'b'": (
        "word = :word OR word = :word OR word = :word_2",
        {"word": ("string", "a"), "word_2": ("string", "b")},
    ),
    # No value of a range is taken: that one stays.
    "area = '[1,5)' AND whole = 1": ("area = '[1,5)' AND whole = :whole", {"whole": ("integer", 1)}),
    # The statement's own colons are no parameters, and its comments no marks.
    "(ARRAY[whole, 2])[ :2] IS NOT NULL /*[*/ AND whole = 1 /*]*/": (
        "(ARRAY[whole, 2])[ :2] IS NOT NULL /*.[*/ AND whole = :whole /*.]*/",
        {"whole": ("integer", 1)},
    ),
    "(ARRAY[whole, 2])[ :whole] IS NOT NULL": ("(ARRAY[whole, 2])[ : whole] IS NOT NULL", {}),
}


@pytest.fixture(scope="module")
def table(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    with engines.fresh_postgresql_database(postgresql_server) as made:
        made.run(TABLE)
        made.grant_reader()
        yield made


@pytest.mark.parametrize("condition", LIFTED)
def test_a_literal_becomes_a_parameter_of_the_type_it_is_compared_as(table: engines.PostgresqlDatabase, condition: str):
    written, wanted = LIFTED[condition]
    sql = f"SELECT whole FROM t WHERE {condition}"

    async def save() -> None:
        held = database(table.reader_url)
        try:
            plain = await held.fetch(approve(sql), BOUNDS)
            query = loaded(await saved(sql, held, len(plain.rows)), "postgresql")
            assert query.text.endswith(f"*/\nSELECT whole FROM t WHERE {written}\n")
            example = query.examples[0]
            found = {item.name: (item.type, example.arguments[item.name]) for item in query.parameters.values()}
            assert found == wanted
            assert example.rows == len(plain.rows)
            assert (await answered(query, held)).rows == plain.rows
            assert await misfits(query, held) == []
        finally:
            await held.close()

    asyncio.run(save())


ON_SQLITE = {
    "a = 5": ("a = :a", {"a": ("integer", 5)}),
    "a = -2.5": ("a = :a", {"a": ("number", -2.5)}),
    "b >= '2026-01-31'": ("b >= :b_from", {"b_from": ("date", "2026-01-31")}),
    "b < '2026-01-31 10:00:00'": ("b < :b_to", {"b_to": ("datetime", "2026-01-31 10:00:00")}),
    # A moment would be written with a blank: another text.
    "b < '2026-01-31T10:00:00'": ("b < :b_to", {"b_to": ("string", "2026-01-31T10:00:00")}),
    "b IN('x','y')AND a NOT IN (5)": (
        "b IN (SELECT +value FROM json_each(:b)) AND a NOT IN (SELECT +value FROM json_each(:not_a))",
        {"b": ("string", ["x", "y"]), "not_a": ("integer", [5])},
    ),
    "[a:b] = 1 OR `a:b` = 1": ("[a:b] = :a_b OR `a:b` = :a_b", {"a_b": ("integer", 1)}),
    # SQLite takes it for a real, which no parameter of ours is.
    "a < 99999999999999999999": ("a < 99999999999999999999", {}),
}


@pytest.mark.parametrize("condition", ON_SQLITE)
def test_on_sqlite_a_literal_becomes_a_parameter_of_its_own_type(tmp_path: Path, condition: str):
    written, wanted = ON_SQLITE[condition]
    file = engines.build_sqlite_file(
        tmp_path / "t.sqlite",
        'CREATE TABLE t (a NUMERIC, b TEXT, "a:b" INTEGER);'
        "INSERT INTO t VALUES (5, 'x', 1), (-2.5, '2026-01-31 10:00:00', 2), (6, 'y', NULL), (7, '2026-01-31', 1)",
    )
    sql = f"SELECT * FROM t WHERE {condition}"

    async def save() -> None:
        held = database(str(file))
        try:
            plain = await held.fetch(approve(sql, "sqlite"), BOUNDS)
            query = loaded(await saved(sql, held), "sqlite")
            assert query.text.endswith(f"*/\nSELECT * FROM t WHERE {written}\n")
            example = query.examples[0]
            found = {item.name: (item.type, example.arguments[item.name]) for item in query.parameters.values()}
            assert found == wanted
            assert (await answered(query, held)).rows == plain.rows
            assert await misfits(query, held) == []
        finally:
            await held.close()

    asyncio.run(save())
