"""DDL text: run on an empty database it makes one whose snapshot is equal, and it says what it cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dbmcp.catalog.ddl import ddl
from dbmcp.catalog.ddl_order import ordered
from dbmcp.catalog.govern import govern
from dbmcp.catalog.model import Catalog
from dbmcp.policy import Policy, PolicySettings
from tests import engines
from tests.catalog.snapshots import FOLDER, feature_sql, sample, snapshot


@pytest.fixture
def two_databases(
    postgresql_server: engines.PostgresqlServer,
) -> Iterator[tuple[engines.PostgresqlDatabase, engines.PostgresqlDatabase]]:
    with (
        engines.fresh_postgresql_database(postgresql_server) as first,
        engines.fresh_postgresql_database(postgresql_server) as second,
    ):
        yield first, second


Databases = tuple[engines.PostgresqlDatabase, engines.PostgresqlDatabase]


def differences(first: Catalog, second: Catalog) -> list[str]:
    """Return what differs between two snapshots, so that a failure can be read."""
    names = [name for name in vars(first) if getattr(first, name) != getattr(second, name)]
    if "relations" in names and set(first.by_name) == set(second.by_name):
        names += [str((a, b)) for a, b in zip(first.relations, second.relations, strict=True) if a != b]
    return [name for name in names if name not in ("by_name", "relations")]


def assert_equal(first: Catalog, second: Catalog) -> None:
    assert differences(first, second) == []
    assert first == second


def test_the_feature_schema_comes_back_equal_on_postgresql(two_databases: Databases) -> None:
    first, second = two_databases
    for sql in feature_sql(first):
        first.run(sql)
    made = snapshot(first.url)
    second.run(ddl(made))
    assert_equal(made, snapshot(second.url))


def test_the_feature_schema_comes_back_equal_on_sqlite(tmp_path: Path) -> None:
    first = engines.build_sqlite_file(tmp_path / "a.sqlite", (FOLDER / "sqlite.sql").read_text("utf-8"))
    made = snapshot(str(first))
    assert_equal(made, snapshot(str(engines.build_sqlite_file(tmp_path / "b.sqlite", ddl(made)))))


@pytest.mark.parametrize("name", ["pagila.sql", "chinook.sql"])
def test_a_real_schema_comes_back_equal_on_postgresql(two_databases: Databases, name: str) -> None:
    first, second = two_databases
    ((version,),) = first.rows("SELECT current_setting('server_version_num')::int")
    text = sample(name)
    if name == "pagila.sql" and int(str(version)) < 150000:
        pytest.skip("Pagila needs PostgreSQL 15")
    first.run(text)
    made = snapshot(first.url)
    second.run(ddl(made))
    assert_equal(made, snapshot(second.url))


def test_a_real_schema_comes_back_equal_on_sqlite(tmp_path: Path) -> None:
    first = engines.build_sqlite_file(tmp_path / "a.sqlite", sample("chinook.sqlite.sql"))
    made = snapshot(str(first))
    assert_equal(made, snapshot(str(engines.build_sqlite_file(tmp_path / "b.sqlite", ddl(made)))))


_TEXT_SEARCH = """
CREATE SCHEMA search;
CREATE TEXT SEARCH DICTIONARY search."Plain" (TEMPLATE = simple, STOPWORDS = 'english');
CREATE TEXT SEARCH CONFIGURATION search.keyword (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION search.keyword ADD MAPPING FOR word, asciiword WITH search."Plain", simple;
ALTER TEXT SEARCH CONFIGURATION search.keyword ADD MAPPING FOR numword WITH simple;
COMMENT ON TEXT SEARCH CONFIGURATION search.keyword IS 'of titles';
COMMENT ON TEXT SEARCH DICTIONARY search."Plain" IS 'no stems';
CREATE TEXT SEARCH CONFIGURATION "It's: %s" (COPY = simple);
CREATE TABLE title (t text, w tsvector GENERATED ALWAYS AS (to_tsvector('search.keyword', t)) STORED);
CREATE INDEX ON title USING gin (to_tsvector('"It''s: %s"', t));
"""


def test_text_search_of_ones_own_comes_back_equal(two_databases: Databases) -> None:
    first, second = two_databases
    first.run(_TEXT_SEARCH)
    live = snapshot(first.url)
    assert [(item.kind, item.schema, item.name) for item in live.objects] == [
        ("text search dictionary", "search", "Plain"),
        ("text search configuration", "public", "It's: %s"),
        ("text search configuration", "search", "keyword"),
    ]
    second.run(ddl(live))
    assert_equal(live, snapshot(second.url))


def test_a_table_of_1600_columns_comes_back_equal(two_databases: Databases) -> None:
    first, second = two_databases
    columns = ", ".join(
        f'"Column {number}" numeric({number % 30 + 1}) DEFAULT {number % 10}' for number in range(1_600)
    )
    first.run(f"CREATE TABLE wide ({columns})")
    made = snapshot(first.url)
    assert len(made.relations[0].columns) == 1_600
    second.run(ddl(made))
    assert_equal(made, snapshot(second.url))


def test_an_empty_database_makes_an_empty_one(two_databases: Databases) -> None:
    first, second = two_databases
    made = snapshot(first.url)
    assert made.relations == ()
    second.run(ddl(made))
    assert_equal(made, snapshot(second.url))


def test_chosen_tables_come_with_the_types_and_sequences_that_they_need(two_databases: Databases) -> None:
    first, second = two_databases
    first.run(
        "CREATE TYPE mood AS ENUM ('a'); CREATE TYPE other AS ENUM ('b'); CREATE DOMAIN moods AS mood[];"
        "CREATE TYPE pair AS (one moods, two text); CREATE TABLE wanted (id serial PRIMARY KEY, p pair[]);"
        "CREATE INDEX by_id ON wanted (id DESC); CREATE TABLE unwanted (o other, w integer REFERENCES wanted)"
    )
    made = snapshot(first.url)
    second.run(ddl(made, made.find("wanted")))
    again = snapshot(second.url)
    assert [item.name for item in again.relations] == ["wanted"]
    assert [item.name for item in again.types] == ["mood", "moods", "pair"]
    assert again.find("wanted") == made.find("wanted")
    assert [item.name for item in again.sequences] == ["wanted_id_seq"]


_SECRETIVE = """
CREATE TYPE secret_kind AS ENUM ('qzx-label');
CREATE DOMAIN secret_code AS text CHECK (VALUE <> 'qzx-domain');
CREATE SCHEMA vault; CREATE TABLE vault.gold (weight integer DEFAULT 777000);
CREATE TABLE person (
  id integer PRIMARY KEY, tenant text, note text DEFAULT 'qzx-default' CHECK (note <> 'qzx'), kind secret_kind,
  code secret_code, gone text, low text GENERATED ALWAYS AS (lower(note) || 'qzx') STORED);
CREATE INDEX partial ON person (id) WHERE tenant = 'qzx-tenant';
CREATE TABLE purchase (id integer PRIMARY KEY, person_id integer REFERENCES person);
CREATE POLICY seen ON purchase USING (person_id IN (SELECT id FROM person WHERE note = 'qzx-policy'));
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN IF NEW.id > 777000 THEN RETURN NULL; END IF; RETURN NEW; END$$;
CREATE TRIGGER tr AFTER UPDATE ON person FOR EACH ROW WHEN (OLD.note = 'qzx-trigger') EXECUTE FUNCTION t();
CREATE VIEW tally AS SELECT count(*) AS n FROM person WHERE note = 'qzx-view';
CREATE RULE r AS ON UPDATE TO purchase WHERE EXISTS (SELECT FROM person WHERE note = 'qzx-rule') DO NOTHING
"""


def test_what_a_policy_hides_is_not_in_the_text(two_databases: Databases, sqlite_file: Callable[[str], Path]) -> None:
    first, second = two_databases
    first.run(_SECRETIVE)
    policy = {
        "deny_tables": ["vault.*"],
        "allow_views": ["tally"],
        "tables": {
            "person": {
                "deny": ["gone"],
                "mask": {"note": "redact", "kind": "null", "code": "hash", "low": "null"},
                "where": "tenant = 'a'",
            }
        },
    }
    shown = govern(snapshot(first.url), Policy(PolicySettings.model_validate(policy), "public"))
    text = ddl(shown)
    for secret in ("qzx", "777000", "gone", "gold", "vault"):
        assert secret not in text.lower()
        assert secret not in repr(shown).replace("hash_key", "").lower(), secret
    second.run(text)
    assert {item.name for item in snapshot(second.url).relations} == {"person", "purchase"}
    path = sqlite_file(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, note TEXT DEFAULT 'qzx' CHECK (note <> 'qzx'));"
        "CREATE INDEX partial ON person (id) WHERE note = 'qzx';"
        "CREATE TRIGGER tr AFTER UPDATE ON person WHEN OLD.note = 'qzx' BEGIN SELECT 1; END;"
        "CREATE TABLE log (a); CREATE TRIGGER l AFTER INSERT ON log BEGIN DELETE FROM person WHERE note = 'qzx'; END"
    )
    masked = PolicySettings.model_validate({"tables": {"person": {"mask": {"note": "null"}}}})
    assert "qzx" not in ddl(govern(snapshot(str(path)), Policy(masked, "main")))


def test_things_come_after_what_they_need_and_circles_are_opened_once() -> None:
    needs = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a", "nowhere"}}
    assert list(ordered("dabc", needs, can_wait={"a"})) == [
        ("a", False),
        ("c", True),
        ("b", True),
        ("a", True),
        ("d", True),
    ]
    assert [thing for thing, _ in ordered("abc", {"a": {"a"}}, can_wait=())] == ["a", "b", "c"]
    deep = {number: {number + 1} for number in range(5_000)}
    assert next(iter(ordered(range(5_001), deep, can_wait=()))) == (5_000, True)
