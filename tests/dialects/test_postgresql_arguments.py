"""Values bound to placeholders on PostgreSQL: each type of the engine takes its text, or says that it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from dbmcp.dialects import dialect_named
from dbmcp.dialects.base import Argument, Read, Session
from dbmcp.errors import InvalidParameter, QueryFailed
from dbmcp.results import Bounds
from tests import engines

BOUNDS = Bounds(10, 100_000, 10)
MOMENT = datetime(2026, 1, 31, 14, 30, 0, 5, tzinfo=UTC)
UUID_TEXT = "123e4567-e89b-12d3-a456-426614174000"
POSTGRESQL = dialect_named("postgresql")


@asynccontextmanager
async def connected(database: engines.PostgresqlDatabase) -> AsyncIterator[Any]:
    """Open a connection as dbmcp does."""
    connection = await POSTGRESQL.connect(Session(database.reader_url))
    try:
        yield connection
    finally:
        await POSTGRESQL.close(connection)


def read_of(sql: str, value: Any) -> Read:
    """Return a read with one value."""
    return Read(sql, arguments=(Argument("p", value),))


async def given_back(connection: Any, sql: str, value: Any) -> str | None:
    """Return the one cell of a statement, as it is when new and when met before."""
    memory: dict[Any, Any] = {}
    first = await POSTGRESQL.fetch(connection, read_of(sql, value), BOUNDS, memory)
    second = await POSTGRESQL.fetch(connection, read_of(sql, value), BOUNDS, memory)
    assert [tuple(row) for row in first.rows] == [tuple(row) for row in second.rows]
    cell: str | None = first.rows[0][0]
    return cell


SCALARS: list[tuple[str, Any, str | None]] = [
    ("boolean", True, "t"), ("boolean", False, "f"), ("smallint", 7, "7"), ("bigint", -(2**63), str(-(2**63))),
    ("oid", 5, "5"), ("real", 1.5, "1.5"), ("float8", 1e300, "1e+300"), ("numeric", Decimal("12.50"), "12.50"),
    ("numeric", Decimal("1E-7"), "0.0000001"), ("numeric", 5, "5"), ("money", Decimal("1.5"), "$1.50"),
    ("text", "it's \\ $1 😀", "it's \\ $1 😀"), ("text", 5, "5"), ("text", True, "true"), ("varchar(3)", "abcd", "abc"),
    ("char(3)", "a", "a  "), ("name", 'a"b', 'a"b'), ("json", '{"a":"\'"}', '{"a":"\'"}'),
    ("jsonb", "[1,null]", "[1, null]"), ("jsonpath", "$.a", '$."a"'), ("inet", "10.0.0.1/8", "10.0.0.1/8"),
    ("cidr", "10.0.0.0/8", "10.0.0.0/8"), ("macaddr", "08:00:2b:01:02:03", "08:00:2b:01:02:03"),
    ("tsvector", "a b", "'a' 'b'"), ("tsquery", "a & b", "'a' & 'b'"),
    ("date", date(2026, 1, 31), "2026-01-31"), ("date", date(1, 1, 1), "0001-01-01"), ("date", MOMENT, "2026-01-31"),
    ("timestamp", MOMENT, "2026-01-31 14:30:00.000005"), ("timestamp", date(2026, 1, 31), "2026-01-31 00:00:00"),
    ("time", time(14, 30, 0, 5), "14:30:00.000005"), ("timetz", "14:30+02", "14:30:00+02"),
    ("interval", "2 days 3 hours", "2 days 03:00:00"), ("interval", "P1DT2H", "1 day 02:00:00"),
    ("uuid", UUID(UUID_TEXT), UUID_TEXT), ("int", None, None), ("text", None, None), ("uuid", None, None),
]  # fmt: skip


async def test_each_type_takes_its_values(postgresql_database: engines.PostgresqlDatabase) -> None:
    async with connected(postgresql_database) as connection:
        await connection.execute("SET lc_monetary = 'C'")
        for kind, value, printed in SCALARS:
            found = await given_back(connection, f"SELECT $1::{kind} AS given", value)
            assert found == printed, (kind, value)


async def test_a_moment_with_time_zone_is_the_same_moment_in_every_session(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    async with connected(postgresql_database) as connection:
        for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
            await connection.execute(f"SET TimeZone = '{zone}'")
            sql = "SELECT $1::timestamptz = '2026-01-31 14:30:00.000005+00' AS same"
            assert await given_back(connection, sql, MOMENT) == "t"
            assert await given_back(connection, "SELECT $1::timestamp AS given", MOMENT) == "2026-01-31 14:30:00.000005"


ARRAYS: list[tuple[str, list[Any], str]] = [
    ("int", [1, -2], "{1,-2}"), ("bigint", [], "{}"), ("boolean", [True, False], "{t,f}"),
    ("numeric", [Decimal("1.50")], "{1.50}"), ("float8", [1.5], "{1.5}"),
    ("text", ["a'b", 'c"d', "e\\f", "{g}"], '{a\'b,"c\\"d","e\\\\f","{g}"}'),
    ("text", ["h,i", "NULL", "", " ", "$1"], '{"h,i","NULL",""," ",$1}'),
    ("varchar", ["x"], "{x}"), ("uuid", [UUID(UUID_TEXT)], f"{{{UUID_TEXT}}}"),
    ("date", [date(2026, 1, 31)], "{2026-01-31}"),
    ("timestamp", [MOMENT], '{"2026-01-31 14:30:00.000005"}'), ("time", [time(14, 30)], "{14:30:00}"),
    ("interval", ["1 day", "PT1H"], '{"1 day",01:00:00}'), ("jsonb", ['{"a":"b,c"}'], '{"{\\"a\\": \\"b,c\\"}"}'),
    ("inet", ["10.0.0.1"], "{10.0.0.1}"), ("name", ["a b"], '{"a b"}'),
]  # fmt: skip


async def test_arrays_take_lists_with_every_item_whole(postgresql_database: engines.PostgresqlDatabase) -> None:
    async with connected(postgresql_database) as connection:
        for kind, values, printed in ARRAYS:
            assert await given_back(connection, f"SELECT $1::{kind}[] AS given", values) == printed, kind
        assert await given_back(connection, "SELECT cardinality($1::text[]) AS n", ["x"] * 10_000) == "10000"


WRONG = [
    ("int", "abc"), ("int", 2**40), ("smallint", 1e300), ("boolean", "perhaps"), ("date", "x"), ("uuid", "x"),
    ("jsonb", "{"), ("inet", "abc"), ("interval", "1 fortnight"), ("numeric", "x"), ("int[]", ["x"]), ("uuid[]", ["x"]),
    ("inet[]", ["x"]), ("timestamp", "x"), ("macaddr", "x"), ("tsquery", "& &"), ("jsonpath", "$["), ("time", "25:00"),
]  # fmt: skip


async def test_a_value_that_the_engine_does_not_take_is_refused_by_the_parameters_name(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    async with connected(postgresql_database) as connection:
        for kind, value in WRONG:
            with pytest.raises(InvalidParameter) as refused:
                await given_back(connection, f"SELECT $1::{kind} AS given", value)
            assert refused.value.message == "The value of the parameter 'p' does not fit.", kind
            # The session is fit for the next caller.
            assert await given_back(connection, "SELECT $1::int AS given", 1) == "1"


async def test_an_error_of_the_statement_is_none_of_its_values(postgresql_database: engines.PostgresqlDatabase) -> None:
    async with connected(postgresql_database) as connection:
        for sql in ("SELECT 1 / $1::int", "SELECT CAST(CAST($1::int AS text) || 'x' AS int)"):
            with pytest.raises(Exception, match=r"division by zero|invalid input syntax"):
                await POSTGRESQL.fetch(connection, read_of(sql, 0), BOUNDS, {})


async def test_types_of_users_take_text_where_text_is_what_they_are(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TYPE mood AS ENUM ('fine', 'so so'); CREATE DOMAIN label AS varchar(9) CHECK (VALUE <> '');"
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0); CREATE TYPE pair AS (a int, b int)"
    )
    async with connected(postgresql_database) as connection:
        assert await given_back(connection, "SELECT $1::mood AS given", "so so") == "so so"
        assert await given_back(connection, "SELECT $1::label AS given", "a'b") == "a'b"
        with pytest.raises(InvalidParameter):
            await given_back(connection, "SELECT $1::mood AS given", "bad")
        for kind in ("positive", "pair", "mood[]", "int4range", "point", "bytea", "bit(3)", '"char"'):
            # Four characters are four bytes, which a whole number would be taken from.
            with pytest.raises(QueryFailed, match="can be given for the parameter 'p'"):
                await given_back(connection, f"SELECT $1::{kind} AS given", "1234")
            with pytest.raises(QueryFailed, match="can be given for the parameter 'p'"):
                await POSTGRESQL.describe(connection, read_of(f"SELECT $1::{kind}", None))
        for kind, value, printed in (
            ("positive", 1234, "1234"), ("pair", "(1,2)", "(1,2)"), ("mood[]", "{fine}", "{fine}"),
            ("int4range", "[1,2)", "[1,2)"), ("bytea", "\\x00ff", "\\x00ff"),
        ):  # fmt: skip
            assert await given_back(connection, f"SELECT CAST($1 AS text)::{kind} AS given", value) == printed


async def test_an_array_is_no_single_value_and_a_single_value_no_array(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    async with connected(postgresql_database) as connection:
        with pytest.raises(QueryFailed, match="'p' is one value, and the statement takes an array there"):
            await given_back(connection, "SELECT $1::int[] AS given", 1)
        with pytest.raises(QueryFailed, match="'p' is an array, and the statement takes one value there"):
            await given_back(connection, "SELECT $1::int AS given", [1])


async def test_a_description_has_the_names_of_all_types(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run("CREATE TYPE mood AS ENUM ('fine'); CREATE TABLE t (a int, b mood, c text[], d varchar(3))")
    postgresql_database.grant_reader()
    async with connected(postgresql_database) as connection:
        read = Read(
            "SELECT t.*, 1.5 AS e FROM t WHERE a = $1 AND b = $2 AND d = ANY ($3) LIMIT $4",
            arguments=tuple(Argument(name, None) for name in "wxyz"),
        )
        found = await POSTGRESQL.describe(connection, read)
        assert found.parameters == ("integer", "mood", "text[]", "bigint")
        assert [(column.name, column.type) for column in found.columns] == [
            ("a", "integer"), ("b", "mood"), ("c", "text[]"), ("d", "character varying"), ("e", "numeric"),
        ]  # fmt: skip


async def test_a_column_that_changes_its_type_under_a_prepared_statement_is_asked_for_again(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (5)")
    postgresql_database.grant_reader()
    memory: dict[Any, Any] = {}
    read = Read("SELECT a FROM t WHERE a = $1", columns_may_change=False, arguments=(Argument("p", "5"),))
    async with connected(postgresql_database) as connection:
        for kind in ("int", "text", "numeric"):
            postgresql_database.run(f"ALTER TABLE t ALTER a TYPE {kind} USING a::{kind}")
            found = await POSTGRESQL.fetch(connection, read, BOUNDS, memory)
            assert [tuple(row) for row in found.rows] == [("5",)]
