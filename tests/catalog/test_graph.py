"""The relation graph: what depends on what, by names as SQL writes them, for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dbmcp.catalog.govern import govern
from dbmcp.catalog.model import Catalog
from dbmcp.catalog.texts import TEXTS, WHOLE
from dbmcp.catalog.texts.graph import graph, write
from dbmcp.policy import Policy, PolicySettings
from tests import engines
from tests.catalog.hostile import hostile
from tests.catalog.snapshots import feature_sql, snapshot


def edges(found: dict[str, Any], kind: str) -> set[tuple[str, str]]:
    return {(item["source"], item["target"]) for item in found["edges"] if item["kind"] == kind}


def test_keys_views_partitions_and_children_are_edges(postgresql_database: engines.PostgresqlDatabase) -> None:
    for sql in feature_sql(postgresql_database):
        postgresql_database.run(sql)
    catalog = snapshot(postgresql_database.url)
    found = graph(catalog)
    assert len(found["nodes"]) == len(catalog.relations)
    assert {item["id"] for item in found["nodes"]} >= {
        name for item in found["edges"] for name in (item["source"], item["target"])
    }
    assert edges(found, "reads") >= {("sales.people", "public.person"), ("public.counted", "public.event")}
    assert edges(found, "partition of") >= {
        ("public.event_eu_2026", "public.event_eu"),
        ("public.event_eu", "public.event"),
    }
    assert edges(found, "inherits") == {
        ("public.toy", "public.thing"),
        ("public.toy", "public.colored"),
        ("public.late_toy", "public.thing"),
    }
    assert {
        "kind": "foreign key",
        "source": "sales.orders",
        "target": "sales.orders",
        "name": "orders_parent",
        "columns": ["parent_region", "parent_id"],
        "target_columns": ["region", "id"],
        "required": False,
        "unique": False,
    } in found["edges"]


def test_chosen_relations_come_with_the_edges_among_them(sqlite_file: Callable[[str], Path]) -> None:
    path = sqlite_file(
        "CREATE TABLE a ( -- the first\n id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY REFERENCES a);"
        "CREATE TABLE c (b INTEGER NOT NULL REFERENCES b)"
    )
    catalog = snapshot(str(path))
    found = graph(catalog, [*catalog.find("a"), *catalog.find("b")])
    assert found == {
        "dialect": "sqlite",
        "nodes": [
            {"id": "main.a", "schema": "main", "name": "a", "kind": "table", "comment": "the first"}
            | {"columns": 1, "primary_key": ["id"]},
            {"id": "main.b", "schema": "main", "name": "b", "kind": "table", "columns": 1, "primary_key": ["id"]},
        ],
        "edges": [
            {"kind": "foreign key", "source": "main.b", "target": "main.a", "name": "", "columns": ["id"]}
            | {"target_columns": ["id"], "required": True, "unique": True}
        ],
    }
    assert edges(graph(catalog), "foreign key") == {("main.b", "main.a"), ("main.c", "main.b")}


def test_what_a_policy_hides_is_no_node_and_no_edge(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run(
        "CREATE TABLE secret (id integer PRIMARY KEY); CREATE TABLE open (id integer REFERENCES secret);"
        "CREATE VIEW shows AS SELECT id FROM secret; CREATE VIEW fine AS SELECT id FROM open"
    )
    catalog = snapshot(postgresql_database.url)
    shown = govern(catalog, Policy(PolicySettings.model_validate({"deny_tables": ["secret"]}), "public"))
    assert "secret" in json.dumps(graph(catalog))
    assert [item["id"] for item in graph(shown)["nodes"]] == ["public.fine", "public.open"]
    assert [(item["kind"], item["target"]) for item in graph(shown)["edges"]] == [("reads", "public.open")]


def test_any_names_are_told_apart_and_stay_data() -> None:
    catalog = hostile()
    found = json.loads(json.dumps(graph(catalog)))
    assert len({item["id"] for item in found["nodes"]}) == len(catalog.relations)
    assert [(item["schema"], item["name"]) for item in found["nodes"]] == [item.key for item in catalog.relations]
    assert graph(Catalog()) == {"dialect": "postgresql", "nodes": [], "edges": []}


def test_the_text_is_whole_or_says_what_it_left_off() -> None:
    catalog = hostile()
    text = TEXTS["graph"].write(catalog, catalog.relations)
    assert json.loads(text) == graph(catalog, catalog.relations)
    assert text.isascii()
    assert text.isprintable()
    short = write(catalog, catalog.relations, 5_000)
    assert len(short.encode()) <= 5_000
    found = json.loads(short)
    assert found["left_off"] == len(catalog.relations) - len(found["nodes"]) > 0
    assert "left_off" not in json.loads(write(catalog, catalog.relations[:3], WHOLE))


def test_all_that_are_listed_bring_their_partitions(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run("CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (1)")
        catalog = snapshot(database.url)
    assert edges(json.loads(write(catalog, catalog.listed, WHOLE)), "partition of") == {("public.p", "public.t")}
