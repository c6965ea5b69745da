"""What a role may do beyond reading is found on real servers, and exactly that."""

from __future__ import annotations

from collections.abc import Iterator

import asyncpg
import pytest

from dbmcp.dialects.base import Session
from dbmcp.dialects.postgresql import PostgreSQL
from dbmcp.dialects.postgresql_role import Power, RoleReport, inspect, refusal, remedy
from tests import engines

SHOP = """
CREATE TABLE item (id int PRIMARY KEY, price int, "Odd, one" text);
CREATE VIEW seen AS SELECT id, price FROM item;
CREATE SEQUENCE counter;
CREATE SCHEMA hidden;
CREATE TABLE hidden.item (id int);
CREATE FUNCTION peek() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT lo_create(4711);
"""
HARMLESS_ROLES = {
    "pg_database_owner",
    "pg_monitor",
    "pg_read_all_data",
    "pg_read_all_settings",
    "pg_read_all_stats",
    "pg_stat_scan_tables",
    "pg_use_reserved_connections",
}
EVERY_ROLE_HAS = {"temporary", "large_objects"}


@pytest.fixture(scope="module")
def shop(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make a database in which the reader may use the schema public and select from its tables."""
    with engines.fresh_postgresql_database(postgresql_server) as database:
        database.run(SHOP)
        database.grant_reader()
        yield database


async def report_of(url: str) -> RoleReport:
    """Return the report on the role that a URL logs in."""
    dialect = PostgreSQL()
    connection = await dialect.connect(Session(url))
    try:
        return await inspect(connection)
    finally:
        await dialect.close(connection)


async def judged(database: engines.PostgresqlDatabase, granted: str) -> RoleReport:
    """Return the report on the reader after some statements, which are undone."""
    dialect = PostgreSQL()
    connection = await dialect.connect(Session(database.url))
    try:
        await connection.execute("BEGIN READ WRITE")
        names = {"reader": database.reader, "database": database.name, "one": f"{database.name}_1"}
        for word, name in {**names, "two": f"{database.name}_2"}.items():
            granted = granted.replace(f"<{word}>", f'"{name}"')
        await connection.execute(granted)
        await connection.execute(f'SET LOCAL SESSION AUTHORIZATION "{database.reader}"')
        return await inspect(connection)
    finally:
        await dialect.close(connection)


def refused(report: RoleReport) -> dict[str, list[str]]:
    return {power.code: list(power.examples) for power in report.refused}


async def test_a_role_that_only_reads_is_fit(shop: engines.PostgresqlDatabase) -> None:
    report = await report_of(shop.reader_url)
    assert report.role == shop.reader
    assert report.refused == ()
    assert not report.superuser
    assert not report.can_write
    assert {power.code for power in report.powers} == EVERY_ROLE_HAS


async def test_a_superuser_is_reported_as_that_alone(shop: engines.PostgresqlDatabase) -> None:
    report = await report_of(shop.url)
    assert report.superuser
    assert report.can_write
    assert report.powers == (Power("superuser", "is a superuser", "refuse"),)


@pytest.mark.parametrize(
    "granted, code, examples",
    [
        ("GRANT INSERT ON item TO <reader>", "write_table", ["public.item: INSERT"]),
        ("GRANT DELETE, TRUNCATE ON item TO <reader>", "write_table", ["public.item: DELETE, TRUNCATE"]),
        ("GRANT TRIGGER ON item TO <reader>", "write_table", ["public.item: TRIGGER"]),
        ("GRANT UPDATE (price) ON item TO <reader>", "write_table", ["public.item: UPDATE (price)"]),
        ('GRANT INSERT ("Odd, one") ON item TO PUBLIC', "write_table", ['public.item: INSERT ("Odd, one")']),
        ("GRANT INSERT, SELECT ON seen TO <reader>", "write_table", ["public.seen: INSERT"]),
        ("GRANT DELETE ON item TO PUBLIC", "write_table", ["public.item: DELETE"]),
        ("GRANT USAGE, SELECT ON SEQUENCE counter TO <reader>", "use_sequence", ["public.counter: USAGE"]),
        ("GRANT UPDATE ON SEQUENCE counter TO PUBLIC", "use_sequence", ["public.counter: UPDATE"]),
        ("GRANT CREATE ON SCHEMA public TO <reader>", "create_in_schema", ["public"]),
        ("GRANT CREATE ON SCHEMA hidden TO PUBLIC", "create_in_schema", ["hidden"]),
        ("GRANT CREATE ON DATABASE <database> TO <reader>", "create_schema", []),
        ("GRANT UPDATE ON LARGE OBJECT 4711 TO <reader>", "write_large_object", ["4711"]),
        ("ALTER TABLE item OWNER TO <reader>", "owner", ["table public.item"]),
        ("ALTER TABLE hidden.item OWNER TO <reader>", "owner", ["table hidden.item"]),
        ("ALTER SEQUENCE counter OWNER TO <reader>", "owner", ["sequence public.counter"]),
        ("ALTER SCHEMA hidden OWNER TO <reader>", "owner", ["schema hidden"]),
        ("ALTER FUNCTION peek() OWNER TO <reader>", "owner", ["function public.peek()"]),
        ("ALTER LARGE OBJECT 4711 OWNER TO <reader>", "owner", ["large object 4711"]),
        ("ALTER ROLE <reader> BYPASSRLS", "bypass_rls", []),
        ("ALTER ROLE <reader> REPLICATION", "replication", []),
        ("ALTER ROLE <reader> CREATEROLE", "create_role", []),
        ("ALTER ROLE <reader> CREATEDB", "create_database", []),
        ("ALTER ROLE <reader> SUPERUSER CREATEDB", "superuser", []),
    ],
)
async def test_each_power_is_found_and_no_other(
    shop: engines.PostgresqlDatabase, granted: str, code: str, examples: list[str]
) -> None:
    assert refused(await judged(shop, granted)) == {code: examples}


async def test_the_owner_of_the_database_is_found(shop: engines.PostgresqlDatabase) -> None:
    report = await judged(shop, "ALTER DATABASE <database> OWNER TO <reader>")
    assert refused(report) == {"owner": [f"database {shop.name}"]}


async def test_the_right_to_maintain_a_table_is_found_where_there_is_one(shop: engines.PostgresqlDatabase) -> None:
    ((version,),) = shop.rows("SELECT current_setting('server_version_num')::int / 10000")
    maintain = "MAINTAIN, " if int(str(version)) >= 17 else ""
    report = await judged(shop, "GRANT ALL ON item TO <reader>")
    assert refused(report) == {"write_table": [f"public.item: DELETE, INSERT, {maintain}TRIGGER, TRUNCATE, UPDATE"]}


@pytest.mark.parametrize(
    "granted",
    [
        "GRANT SELECT, REFERENCES ON ALL TABLES IN SCHEMA public TO <reader>, PUBLIC",
        "GRANT SELECT ON SEQUENCE counter TO <reader>",
        "GRANT USAGE ON SCHEMA hidden TO <reader>; GRANT SELECT ON hidden.item TO <reader>",
        "GRANT INSERT, DELETE ON hidden.item TO PUBLIC",
        "GRANT SELECT ON LARGE OBJECT 4711 TO <reader>",
        "GRANT EXECUTE ON FUNCTION peek() TO <reader>",
        "CREATE ROLE <one> CREATEDB; GRANT INSERT ON item TO <one>; GRANT <reader> TO <one>",
    ],
)
async def test_what_only_reads_or_cannot_be_reached_is_not_refused(
    shop: engines.PostgresqlDatabase, granted: str
) -> None:
    assert {power.code for power in (await judged(shop, granted)).powers} == EVERY_ROLE_HAS


async def test_a_grant_counts_once_the_schema_may_be_used(shop: engines.PostgresqlDatabase) -> None:
    report = await judged(shop, "GRANT INSERT ON hidden.item TO PUBLIC; GRANT pg_read_all_data TO <reader>")
    assert refused(report) == {"write_table": ["hidden.item: INSERT"]}


async def test_temporary_tables_of_the_roles_sessions_are_not_counted(shop: engines.PostgresqlDatabase) -> None:
    other = await asyncpg.connect(shop.reader_url)
    try:
        await other.execute("CREATE TEMPORARY TABLE mine (id serial)")
        assert (await report_of(shop.reader_url)).refused == ()
    finally:
        await other.close()


@pytest.mark.parametrize("inherit", ["INHERIT", "NOINHERIT"])
async def test_powers_through_membership_are_found(shop: engines.PostgresqlDatabase, inherit: str) -> None:
    report = await judged(
        shop,
        f"ALTER ROLE <reader> {inherit}; CREATE ROLE <one> {inherit}; CREATE ROLE <two> CREATEDB;"
        "GRANT <two> TO <one>; GRANT <one> TO <reader>;"
        "GRANT DELETE ON item TO <two>; ALTER SEQUENCE counter OWNER TO <two>",
    )
    assert refused(report) == {
        "create_database": [f"{shop.name}_2"],
        "owner": ["sequence public.counter"],
        "write_table": ["public.item: DELETE"],
    }
    assert f"can make databases (CREATEDB) through {shop.name}_2, " in refusal(report)


async def test_a_role_that_may_become_a_superuser_is_one(shop: engines.PostgresqlDatabase) -> None:
    report = await judged(shop, "ALTER ROLE <reader> NOINHERIT; CREATE ROLE <one> SUPERUSER; GRANT <one> TO <reader>")
    assert report.superuser
    assert report.powers == (Power("superuser", "is a superuser", "refuse", (f"{shop.name}_1",)),)
    assert refusal(report).endswith(f"it is a superuser through {shop.name}_1.")


async def test_a_session_that_starts_as_another_role_is_judged_by_both(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    reader = f'"{postgresql_database.reader}"'
    postgresql_database.run(f"ALTER ROLE {reader} CREATEDB; ALTER ROLE {reader} SET role = pg_monitor")
    postgresql_database.run(f"GRANT pg_monitor TO {reader}")
    report = await report_of(postgresql_database.reader_url)
    assert report.role == "pg_monitor"
    assert [power.code for power in report.refused] == ["create_database"]


async def test_each_of_the_servers_own_roles_is_refused_or_known_to_be_harmless(
    shop: engines.PostgresqlDatabase,
) -> None:
    """A version of PostgreSQL that has a role which is neither fails this test."""
    for (role,) in shop.rows("SELECT rolname::text FROM pg_roles WHERE rolname ~ '^pg_'"):
        if role != "pg_database_owner":  # It takes no members.
            found = refused(await judged(shop, f"GRANT {role} TO <reader>"))
            assert found == ({} if role in HARMLESS_ROLES else {role: []})


async def test_what_shows_more_than_was_granted_is_refused_though_it_writes_nothing(
    shop: engines.PostgresqlDatabase,
) -> None:
    report = await judged(shop, "ALTER ROLE <reader> BYPASSRLS; GRANT pg_read_server_files TO <reader>")
    assert list(refused(report)) == ["bypass_rls", "pg_read_server_files"]
    assert not report.can_write


async def test_functions_that_may_write_with_their_owners_rights_are_noted(shop: engines.PostgresqlDatabase) -> None:
    body = "LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NULL; END'"
    report = await judged(
        shop,
        f"CREATE FUNCTION pay(cents int) RETURNS int {body}; CREATE FUNCTION audit() RETURNS trigger {body};"
        f"CREATE FUNCTION look() RETURNS int STABLE {body}; CREATE FUNCTION closed() RETURNS int {body};"
        f"CREATE FUNCTION hidden.pay() RETURNS int {body}; REVOKE EXECUTE ON FUNCTION closed() FROM PUBLIC",
    )
    said = "can call 1 function that runs with its owner's rights and may write"
    assert Power("security_definer", said, "note", ("public.pay(cents integer)",)) in report.powers
    assert report.refused == ()


async def test_grants_on_tables_to_come_are_noted(shop: engines.PostgresqlDatabase) -> None:
    changes = "ALTER DEFAULT PRIVILEGES FOR ROLE <one> GRANT"
    to_come = ";".join(f"{changes} {what} TO <reader>" for what in ("INSERT ON TABLES", "USAGE ON SEQUENCES"))
    said = "will be able to write what 1 role makes from now on"
    report = await judged(shop, f"CREATE ROLE <one>; CREATE ROLE <two>; {to_come}")
    assert Power("future_writes", said, "note", (f"{shop.name}_1",)) in report.powers
    only_read = await judged(shop, f"CREATE ROLE <one>; {changes} SELECT ON TABLES TO <reader>")
    assert {power.code for power in only_read.powers} == EVERY_ROLE_HAS


async def test_many_objects_are_counted_and_five_named(shop: engines.PostgresqlDatabase) -> None:
    report = await judged(
        shop, ";".join(f"CREATE TABLE t{number} (); GRANT INSERT ON t{number} TO <reader>" for number in range(7))
    )
    names = tuple(f"public.t{number}: INSERT" for number in range(5))
    assert report.refused == (Power("write_table", "can write 7 tables", "refuse", names),)


async def test_functions_and_operators_of_others_are_not_run(shop: engines.PostgresqlDatabase) -> None:
    """A nearer match in a schema of the search path is taken before pg_catalog's, unless names and types are exact."""
    trap = "boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION $$trapped$$; END'"
    planted = ["format(text, name, name)", "format(text, name, name, text)", "quote_ident(name)", "count()"]
    statements = [f"CREATE FUNCTION public.{function} RETURNS {trap}" for function in planted]
    for left, right in (("oid", "integer"), ("oid", "regclass"), ("oid", "regtype"), ("bigint", "text")):
        name = f"public.trap_{left}_{right}"
        statements.append(f"CREATE FUNCTION {name}({left}, {right}) RETURNS {trap}")
        statements += [
            f"CREATE OPERATOR public.{sign} (LEFTARG = {left}, RIGHTARG = {right}, FUNCTION = {name})"
            for sign in ("=", "<>", "<=")
        ]
    powers = "GRANT INSERT ON item TO <reader>; ALTER SEQUENCE counter OWNER TO <reader>"
    report = await judged(shop, ";".join([*statements, powers]))
    assert refused(report) == {"owner": ["sequence public.counter"], "write_table": ["public.item: INSERT"]}


async def test_a_refusal_says_what_is_wrong_and_what_would_work(shop: engines.PostgresqlDatabase) -> None:
    report = await judged(shop, "GRANT INSERT, UPDATE ON item TO <reader>; ALTER ROLE <reader> CREATEDB")
    text = refusal(report)
    assert text == (
        f"The database role {shop.reader} may do more than read: it can make databases (CREATEDB) and "
        "can write 1 table (public.item: INSERT, UPDATE)."
    )
    for way in (
        "--allow-writable-role",
        "allow_writable_role = true",
        "DBMCP_DATABASES__SHOP__ALLOW_WRITABLE_ROLE=true",
    ):
        assert way in remedy("shop")
    assert shop.password not in text
    assert "127.0.0.1" not in text


async def test_the_name_of_a_table_cannot_write_the_operators_messages(shop: engines.PostgresqlDatabase) -> None:
    table = f'"a\n\x1b[31m{"long" * 14}"'
    text = refusal(await judged(shop, f"CREATE TABLE {table} (); GRANT ALL ON {table} TO PUBLIC"))
    assert text.isprintable()
    assert '(public."a��[31mlong' in text
    assert text.endswith("…).")
