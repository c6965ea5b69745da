"""The fingerprint of PostgreSQL's catalog: another with every change of the schema, and with no other."""

from __future__ import annotations

from tests import engines
from tests.dialects.test_postgresql import POSTGRESQL, connected

DDL = (
    "CREATE TABLE new (a int)",
    "ALTER TABLE new ADD COLUMN b int",
    "ALTER TABLE new ALTER COLUMN b TYPE text",
    "ALTER TABLE new ALTER COLUMN b SET DEFAULT 'x'",
    "ALTER TABLE new ALTER COLUMN b SET NOT NULL",
    "COMMENT ON TABLE new IS 'x'",
    "COMMENT ON COLUMN new.b IS 'y'",
    "COMMENT ON TABLE new IS 'z'",
    "ALTER TABLE new ADD PRIMARY KEY (a)",
    "CREATE INDEX ON new (b)",
    "ALTER TABLE new RENAME TO newer",
    "ALTER TYPE kind ADD VALUE 'd'",
    "CREATE VIEW v AS SELECT a FROM newer",
    "CREATE OR REPLACE VIEW v AS SELECT a + 0 AS a FROM newer",
    "CREATE SCHEMA s",
    "ALTER TABLE newer SET SCHEMA s",
    "ALTER SCHEMA s RENAME TO s2",
    "GRANT SELECT ON s2.newer TO PUBLIC",
    "GRANT SELECT (a) ON s2.newer TO PUBLIC",
    "REVOKE USAGE ON SCHEMA s2 FROM PUBLIC",
    "GRANT USAGE ON SCHEMA s2 TO PUBLIC",
    "CREATE SEQUENCE s2.q",
    "ALTER SEQUENCE s2.q INCREMENT BY 2",
    "ALTER SEQUENCE s2.q OWNED BY s2.newer.a",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER tr AFTER INSERT ON s2.newer FOR EACH ROW EXECUTE FUNCTION f()",
    "ALTER TABLE s2.newer DISABLE TRIGGER tr",
    "ALTER TABLE s2.newer ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE s2.newer FORCE ROW LEVEL SECURITY",
    "CREATE POLICY p ON s2.newer USING (true)",
    "ALTER POLICY p ON s2.newer USING (false)",
    "ALTER TABLE s2.newer SET (fillfactor = 50)",
    "CREATE TABLE child (a int NOT NULL, b text NOT NULL)",
    "ALTER TABLE child INHERIT s2.newer",
    "ALTER TABLE child NO INHERIT s2.newer",
    "DROP TABLE child",
    "CREATE TABLE parts (a int) PARTITION BY LIST (a)",
    "CREATE TABLE part PARTITION OF parts FOR VALUES IN (1)",
    "ALTER TABLE parts DETACH PARTITION part",
    "ALTER TABLE parts ATTACH PARTITION part FOR VALUES IN (2)",
    "ALTER INDEX s2.new_pkey RENAME TO other_pkey",
    "CREATE DOMAIN d AS int",
    "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID",
    "ALTER DOMAIN d VALIDATE CONSTRAINT c",
    "CREATE TYPE pair AS (a int)",
    "ALTER TYPE pair ADD ATTRIBUTE b int",
    "CREATE STATISTICS st ON a, b FROM s2.newer",
    "CREATE RULE r AS ON INSERT TO s2.newer DO NOTHING",
    "CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple)",
    "ALTER TEXT SEARCH DICTIONARY plain (ACCEPT = false)",
    "CREATE TEXT SEARCH CONFIGURATION search (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION search DROP MAPPING FOR word",
    "ALTER TEXT SEARCH CONFIGURATION search ADD MAPPING FOR word WITH plain",
    "ALTER TEXT SEARCH CONFIGURATION search ALTER MAPPING REPLACE plain WITH simple",
    "DROP VIEW v",
    "DROP TABLE s2.newer",
)


async def test_the_fingerprint_changes_with_every_change_of_the_schema(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run("CREATE TYPE kind AS ENUM ('a')")
    unnoticed = []
    async with connected(postgresql_database) as connection:
        seen = await POSTGRESQL.fingerprint(connection)
        for statement in DDL:
            postgresql_database.run(statement)
            now = await POSTGRESQL.fingerprint(connection)
            if now == seen and statement != "CREATE SCHEMA s":
                unnoticed.append(statement)
            seen = now
    assert unnoticed == []


async def test_the_fingerprint_is_that_of_before_where_no_schema_changes(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TABLE item (id serial PRIMARY KEY, name text); INSERT INTO item (name) SELECT 'x' FROM "
        "generate_series(1, 100); CREATE MATERIALIZED VIEW kept AS SELECT id FROM item; CREATE INDEX ON kept (id)"
    )
    changed = []
    async with connected(postgresql_database) as connection:
        before = await POSTGRESQL.fingerprint(connection)
        for statement in (
            "ANALYZE", "VACUUM (FREEZE, ANALYZE) item", "INSERT INTO item (name) VALUES ('y')", "TRUNCATE item",
            "REFRESH MATERIALIZED VIEW kept", "REINDEX TABLE item", "VACUUM FULL item",
            "CREATE TEMPORARY TABLE t (a int PRIMARY KEY CHECK (a > 0), b text DEFAULT 'x')",
        ):  # fmt: skip
            postgresql_database.run(statement)
            if await POSTGRESQL.fingerprint(connection) != before:
                changed.append(statement)
    assert changed == []


async def test_the_fingerprint_does_not_change_with_the_data(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run("CREATE TABLE item (id int)")
    async with connected(postgresql_database) as connection:
        before = await POSTGRESQL.fingerprint(connection)
        postgresql_database.run("INSERT INTO item SELECT generate_series(1, 1000); DELETE FROM item WHERE id < 10")
        postgresql_database.run("ANALYZE item")
        postgresql_database.run("VACUUM item")
        assert await POSTGRESQL.fingerprint(connection) == before
