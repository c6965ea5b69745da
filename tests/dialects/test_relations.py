"""The catalog relations: what may be read, what is held back, and that each server has no others."""

from __future__ import annotations

import re

import asyncpg
import pytest

from dbmcp.dialects import dialect_named
from dbmcp.dialects.base import Read, Session
from dbmcp.dialects.relations import allowed_relations, held_back_relations
from dbmcp.results import Bounds
from tests import engines

DIALECTS = ("postgresql", "sqlite")

SECRET = {
    "postgresql": """
        pg_catalog.pg_authid pg_catalog.pg_shadow pg_catalog.pg_roles pg_catalog.pg_db_role_setting
        pg_catalog.pg_settings pg_catalog.pg_file_settings pg_catalog.pg_hba_file_rules pg_catalog.pg_statistic
        pg_catalog.pg_statistic_ext_data pg_catalog.pg_stats pg_catalog.pg_stats_ext pg_catalog.pg_largeobject
        pg_catalog.pg_user_mapping pg_catalog.pg_user_mappings pg_catalog.pg_subscription
        pg_catalog.pg_foreign_server pg_catalog.pg_stat_activity pg_catalog.pg_stat_replication
        pg_catalog.pg_prepared_statements pg_catalog.pg_cursors pg_catalog.pg_locks pg_catalog.pg_config
        information_schema.user_mapping_options information_schema.foreign_server_options
        information_schema._pg_user_mappings pg_stat_statements
    """,
    "sqlite": "sqlite_stat4 sqlite_dbpage dbstat sqlite_stmt pragma_database_list pragma_compile_options",
}
DESCRIBES_A_SCHEMA = {
    "postgresql": """
        pg_catalog.pg_class pg_catalog.pg_attribute pg_catalog.pg_type pg_catalog.pg_namespace pg_catalog.pg_index
        pg_catalog.pg_constraint pg_catalog.pg_description pg_catalog.pg_enum pg_catalog.pg_proc
        pg_catalog.pg_tables pg_catalog.pg_views pg_catalog.pg_indexes pg_catalog.pg_sequences
        pg_catalog.pg_stat_user_tables pg_catalog.pg_database information_schema.tables
        information_schema.columns information_schema.table_constraints information_schema.key_column_usage
        information_schema.referential_constraints information_schema.views information_schema.routines
    """,
    "sqlite": "sqlite_schema sqlite_master sqlite_sequence sqlite_stat1 pragma_table_info pragma_foreign_key_list",
}
SERVER_RELATIONS = """
    SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
        AND c.oid < 16384
"""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_secret_relations_are_held_back_with_a_reason(dialect: str) -> None:
    for name in SECRET[dialect].split():
        assert name not in allowed_relations(dialect)
        assert held_back_relations(dialect)[name]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_relations_that_describe_a_schema_are_allowed(dialect: str) -> None:
    assert set(DESCRIBES_A_SCHEMA[dialect].split()) <= allowed_relations(dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_relation_is_both_allowed_and_held_back(dialect: str) -> None:
    assert not allowed_relations(dialect) & set(held_back_relations(dialect))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_reason_completes_the_sentence_of_a_refusal(dialect: str) -> None:
    for reason in set(held_back_relations(dialect).values()):
        assert re.fullmatch(r"(it|this view) .*[^.]", reason), reason


def test_a_dialect_without_a_list_is_an_error_that_says_which_have_one() -> None:
    with pytest.raises(ValueError, match="'oracle'; they are for postgresql, sqlite"):
        allowed_relations("oracle")


def test_every_catalog_relation_of_the_server_is_decided_about(
    postgresql_server: engines.PostgresqlServer,
) -> None:
    with engines.fresh_postgresql_database(postgresql_server) as database:
        found = {str(name) for (name,) in database.rows(SERVER_RELATIONS)}
    assert len(found) > 150
    assert not found - allowed_relations("postgresql") - set(held_back_relations("postgresql"))


async def test_every_catalog_relation_that_may_be_read_can_be(postgresql_server: engines.PostgresqlServer) -> None:
    """A star shows every column, whatever its type: that of `attmissingval` is anyarray."""
    dialect = dialect_named("postgresql")
    with engines.fresh_postgresql_database(postgresql_server) as database:
        database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1); ALTER TABLE t ADD b int[] DEFAULT '{7,8}'")
        there = {str(name) for (name,) in database.rows(SERVER_RELATIONS)} & allowed_relations("postgresql")
        assert len(there) > 100
        connection = await dialect.connect(Session(database.url))
        plain = await asyncpg.connect(database.url)
        failed = {}
        try:
            for name in sorted(there):
                read = Read(f"SELECT * FROM {name} AS r ORDER BY pg_catalog.format('%s', r) LIMIT 5")
                count = f"SELECT pg_catalog.count(*) FROM (SELECT FROM {name} LIMIT 5) AS x"
                try:
                    found = await dialect.fetch(connection, read, Bounds(5, 40_000, 10), {})
                    assert len(found.rows) == await plain.fetchval(count)
                except (
                    asyncpg.PostgresError,
                    asyncpg.InterfaceError,
                    asyncpg.InternalClientError,
                    AssertionError,
                ) as e:
                    failed[name] = repr(e)
        finally:
            await plain.close()
            await dialect.close(connection)
    assert failed == {}
