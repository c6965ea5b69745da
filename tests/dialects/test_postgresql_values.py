"""A value of every PostgreSQL type comes out exactly as psql prints it: what is compared is the engine's own cast."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from dbmcp.dialects import dialect_named
from dbmcp.dialects.base import Read, Session
from dbmcp.results import Bounds, ResultSet
from tests import engines

BOUNDS = Bounds(100, 100_000, 10)

# Expression → what psql prints for it, with its defaults of DateStyle ISO and IntervalStyle postgres; None is NULL.
VALUES: dict[str, str | None] = {
    "true": "t",
    "false": "f",
    "NULL::boolean": None,
    "NULL": None,
    "''": "",
    "32767::int2": "32767",
    "(-2147483648)::int4": "-2147483648",
    "9223372036854775807": "9223372036854775807",
    "4294967295::oid": "4294967295",
    "0.1::float4": "0.1",
    "0.1::float8 + 0.2::float8": "0.30000000000000004",
    "1e300::float8": "1e+300",
    "'NaN'::float8": "NaN",
    "'-Infinity'::float8": "-Infinity",
    "'Infinity'::float4": "Infinity",
    "'-0'::float8": "-0",
    "'NaN'::numeric": "NaN",
    "1.10::numeric(10,2)": "1.10",
    "123456789012345678901234567890.123456789": "123456789012345678901234567890.123456789",
    "1e-20::numeric": "0.00000000000000000001",
    "1234.5::money": None,
    "'a b'::char(5)": "a b  ",
    "'x'::\"char\"": "x",
    "'ä €'::text": "ä €",
    "'v'::varchar(3)": "v",
    "'n'::name": "n",
    "'\\x00ff'::bytea": "\\x00ff",
    "''::bytea": "\\x",
    "date '2024-02-29'": "2024-02-29",
    "date 'infinity'": "infinity",
    "date '-infinity'": "-infinity",
    "date '0044-03-15 BC'": "0044-03-15 BC",
    "date '12024-01-01'": "12024-01-01",
    "time '23:59:59.999999'": "23:59:59.999999",
    "time '24:00'": "24:00:00",
    "timetz '10:00+05:30'": "10:00:00+05:30",
    "timestamp '2024-01-02 03:04:05.6'": "2024-01-02 03:04:05.6",
    "timestamp 'infinity'": "infinity",
    "timestamptz '2024-01-02 03:04:05+00' AT TIME ZONE 'UTC'": "2024-01-02 03:04:05",
    "timestamp '0001-01-01 BC'": "0001-01-01 00:00:00 BC",
    "interval '1 year 2 mons 3 days 04:05:06.7'": "1 year 2 mons 3 days 04:05:06.7",
    "interval '-1 day +2 hours'": "-1 days +02:00:00",
    "interval '0'": "00:00:00",
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    '\'{"b": 1,  "a": [1, 2.50]}\'::json': '{"b": 1,  "a": [1, 2.50]}',
    '\'{"b": 1,  "a": [1, 2.50]}\'::jsonb': '{"a": [1, 2.50], "b": 1}',
    "'null'::jsonb": "null",
    "ARRAY[1, NULL, 3]": "{1,NULL,3}",
    "ARRAY[[1, 2], [3, 4]]": "{{1,2},{3,4}}",
    "'{}'::int[]": "{}",
    "ARRAY['a,b', '', 'NULL', '\"', 'c d', NULL]": '{"a,b","","NULL","\\"","c d",NULL}',
    "'[0:1]={7,8}'::int[]": "[0:1]={7,8}",
    "ARRAY[true, false]": "{t,f}",
    "ARRAY['\\x01'::bytea]": '{"\\\\x01"}',
    "(SELECT attmissingval FROM pg_attribute WHERE attname = 'added')": '{"(1,\\"a b\\")"}',
    "(SELECT attmissingval FROM pg_attribute WHERE attname = 'tableoid' LIMIT 1)": None,
    "NULL::anyarray": None,
    "NULL::anyrange": None,
    "ROW(1, 'x', NULL)": "(1,x,)",
    "ROW(NULL, NULL)": "(,)",
    "ROW()": "()",
    "ROW('a,b', '', '\"')": '("a,b","","""")',
    "ARRAY[ROW(1, 'a'), ROW(2, 'b')]": '{"(1,a)","(2,b)"}',
    "'sad'::mood": "sad",
    "'{ok,sad}'::mood[]": "{ok,sad}",
    "7::positive": "7",
    "ROW(NULL, NULL)::pair": "(,)",
    "ROW(1, 'two words')::pair": '(1,"two words")',
    "NULL::pair": None,
    "int4range(1, 5)": "[1,5)",
    "'empty'::int4range": "empty",
    "numrange(1.5, NULL)": "[1.5,)",
    "daterange('2024-01-01', '2024-02-01', '[]')": "[2024-01-01,2024-02-02)",
    "tsrange('2024-01-01 00:00', NULL)": '["2024-01-01 00:00:00",)',
    "int4multirange(int4range(1, 3), int4range(5, 7))": "{[1,3),[5,7)}",
    "'192.168.0.1'::inet": "192.168.0.1",
    "'192.168.0.0/24'::cidr": "192.168.0.0/24",
    "'::1'::inet": "::1",
    "'08:00:2b:01:02:03'::macaddr": "08:00:2b:01:02:03",
    "'08:00:2b:01:02:03:04:05'::macaddr8": "08:00:2b:01:02:03:04:05",
    "B'101'": "101",
    "B''::varbit": "",
    "point(1.5, -2)": "(1.5,-2)",
    "'{1,2,3}'::line": "{1,2,3}",
    "lseg(point(0, 0), point(1, 1))": "[(0,0),(1,1)]",
    "box(point(0, 0), point(1, 1))": "(1,1),(0,0)",
    "'[(0,0),(1,1)]'::path": "[(0,0),(1,1)]",
    "'((0,0),(1,1),(1,0))'::polygon": "((0,0),(1,1),(1,0))",
    "circle(point(0, 0), 2)": "<(0,0),2>",
    "to_tsvector('english', 'The quick foxes')": "'fox':3 'quick':2",
    "to_tsquery('english', 'fox & !dog')": "'fox' & !'dog'",
    "'16/B374D848'::pg_lsn": "16/B374D848",
    "'pg_class'::regclass": "pg_class",
    "'integer'::regtype": "integer",
    "'(0,1)'::tid": "(0,1)",
    "'7'::xid": "7",
    "'10:20:10,14'::pg_snapshot": "10:20:10,14",
    "'$.a[*]'::jsonpath": '$."a"[*]',
    '1::int AS "odd "" name"': "1",
    "'line\nbreak'": "line\nbreak",
    "U&'\\+01F600'": "😀",
}
TYPES = (
    "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN positive AS int CHECK (VALUE > 0); "
    "CREATE TYPE pair AS (a int, b text); "
    "CREATE TABLE grown (a int); ALTER TABLE grown ADD added pair DEFAULT '(1,\"a b\")'"
)


@pytest.fixture(scope="module")
def typed(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make a database with an enum, a domain, a composite type and the extensions that are there."""
    with engines.fresh_postgresql_database(postgresql_server) as database:
        database.run(TYPES)
        yield database


@asynccontextmanager
async def connected(database: engines.PostgresqlDatabase) -> AsyncIterator[asyncpg.Connection]:
    dialect = dialect_named("postgresql")
    connection = await dialect.connect(Session(database.url))
    try:
        yield connection
    finally:
        await dialect.close(connection)


async def fetch(connection: asyncpg.Connection, sql: str, bounds: Bounds = BOUNDS) -> ResultSet:
    return await dialect_named("postgresql").fetch(connection, Read(sql), bounds, {})


async def test_a_value_of_every_type_prints_as_psql_prints_it(typed: engines.PostgresqlDatabase) -> None:
    faults = {}
    async with connected(typed) as connection:
        for expression, expected in VALUES.items():
            printed = (await fetch(connection, f"SELECT {expression}")).rows[0][0]
            if "money" in expression:
                expected = await connection.fetchval(f"SELECT ({expression})::text")  # noqa: PLW2901
            if printed != expected:
                faults[expression] = (printed, expected)
    assert faults == {}


async def test_all_values_print_the_same_side_by_side(typed: engines.PostgresqlDatabase) -> None:
    async with connected(typed) as connection:
        result = await fetch(connection, f"SELECT {', '.join(VALUES)}")
        expected = [value for expression, value in VALUES.items() if "money" not in expression]
        printed = [value for expression, value in zip(VALUES, result.rows[0], strict=True) if "money" not in expression]
        assert printed == expected


@pytest.mark.parametrize(
    "extension, expression, printed",
    [
        ("hstore", "'a=>1, b=>NULL'::hstore", '"a"=>"1", "b"=>NULL'),
        ("citext", "'MiXed'::citext", "MiXed"),
        ("ltree", "'Top.Science'::ltree", "Top.Science"),
        ("cube", "'(1,2)'::cube", "(1, 2)"),
    ],
)
async def test_a_value_of_an_extensions_type_prints_too(
    typed: engines.PostgresqlDatabase, extension: str, expression: str, printed: str
) -> None:
    available = typed.rows("SELECT 1 FROM pg_available_extensions WHERE name = $1", extension)
    if not available:
        async with connected(typed) as connection:
            with pytest.raises(asyncpg.UndefinedObjectError):
                await fetch(connection, f"SELECT {expression}")
        return
    typed.run(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    async with connected(typed) as connection:
        assert (await fetch(connection, f"SELECT {expression}")).rows[0][0] == printed
        assert (await fetch(connection, f"SELECT NULL::{extension}")).rows[0][0] is None


async def test_xml_prints_as_it_is(typed: engines.PostgresqlDatabase) -> None:
    async with connected(typed) as connection:
        if not typed.rows("SELECT 1 FROM pg_config() WHERE name = 'CONFIGURE' AND setting LIKE '%--with-libxml%'"):
            with pytest.raises(asyncpg.FeatureNotSupportedError):
                await fetch(connection, "SELECT xmlelement(name a, 'b')")
            return
        assert (await fetch(connection, "SELECT xmlelement(name a, 'b')")).rows[0][0] == "<a>b</a>"


async def test_a_whole_row_prints_as_the_engine_prints_it(typed: engines.PostgresqlDatabase) -> None:
    typed.run(
        "CREATE TABLE IF NOT EXISTS both_null (a int, b text); "
        "TRUNCATE both_null; INSERT INTO both_null VALUES (NULL, NULL)"
    )
    async with connected(typed) as connection:
        assert (await fetch(connection, "SELECT both_null FROM both_null")).rows[0][0] == "(,)"


async def test_long_cells_are_cut_by_the_engine_one_character_late(typed: engines.PostgresqlDatabase) -> None:
    bounds = Bounds(1, 1_000, 10)
    cells = (
        "repeat('x', 5000)",
        "repeat('é', 5000)",
        "repeat('9', 5000)::numeric",
        "('-0.' || repeat('9', 5000))::numeric",
        "array_fill(1, ARRAY[5000])",
        "('\"' || repeat('j', 5000) || '\"')::json",
    )
    async with connected(typed) as connection:
        for cell in cells:
            result = await fetch(connection, f"SELECT {cell}", bounds)
            assert result.cell_chars == 1_000
            assert len(result.rows[0][0] or "") == 1_001, cell
        result = await fetch(connection, "SELECT repeat('x', 5000)::bytea", bounds)
        assert len(result.rows[0][0] or "") > 1_000


@pytest.mark.parametrize("numerics, expected", [(1, 10_000), (4, 2_500), (2_000 // 5, 100)])
async def test_numerics_are_cut_among_themselves_and_leave_texts_their_room(
    typed: engines.PostgresqlDatabase, numerics: int, expected: int
) -> None:
    bounds = Bounds(9, 100_000, 10, memory_chars=100_000)
    async with connected(typed) as connection:
        short = ", 1.50::numeric" * (numerics - 1)
        result = await fetch(connection, f"SELECT repeat('x', 20000), 0.1::numeric(99, 98){short}", bounds)
        assert (result.cell_chars, len(result.rows[0][0] or "")) == (10_000, 10_001)
        assert list(result.rows[0][1:]) == ["0.1" + "0" * 97, *["1.50"] * (numerics - 1)]
        result = await fetch(connection, f"SELECT repeat('x', 20000), repeat('7', 20000)::numeric{short}", bounds)
        # What is cut is known by its length, and there is one length for a result.
        assert (result.cell_chars, result.rows[0][1]) == (expected, "7" * (expected + 1))


async def test_json_says_how_a_column_should_be_shown(typed: engines.PostgresqlDatabase) -> None:
    async with connected(typed) as connection:
        result = await fetch(connection, "SELECT 1 AS i, 1.5 AS n, true AS b, '1'::json AS j, 'x' AS t, now() AS d")
        assert [column.kind for column in result.columns] == ["integer", "number", "boolean", "json", "text", "text"]
        assert [column.name for column in result.columns] == ["i", "n", "b", "j", "t", "d"]
