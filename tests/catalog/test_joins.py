"""Joining tables: over foreign keys, the fewest there can be, and not over a table that everything points to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dbmcp.catalog.joins import join_path
from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint
from dbmcp.catalog.texts.lines import joined
from tests import engines
from tests.catalog.snapshots import sample, snapshot


def table(name: str, *targets: str, **more: object) -> Relation:
    """Return a table with its own number and one of each table that it points to."""
    columns = (Column(f"{name}_id", "int"), *(Column(f"{target}_id", "int") for target in targets))
    keys = tuple(
        Constraint(target, "foreign", (f"{target}_id",), ("public", target), (f"{target}_id",)) for target in targets
    )
    return Relation("public", name, "table", columns=columns, constraints=keys, **more)  # type: ignore[arg-type]


def lines(catalog: Catalog, *names: str) -> list[str]:
    return joined(catalog, [catalog.find(name)[0] for name in names])[1:]


def test_tables_are_joined_over_what_lies_between() -> None:
    catalog = Catalog((table("film"), table("actor"), table("film_actor", "film", "actor"), table("other")))
    assert lines(catalog, "film", "actor") == [
        "film_actor.film_id = film.film_id",
        "film_actor.actor_id = actor.actor_id",
    ]
    assert lines(catalog, "film", "film_actor") == ["film_actor.film_id = film.film_id"]
    assert lines(catalog, "film", "other") == lines(catalog, "film") == []


def test_what_is_near_is_joined_though_something_else_is_not() -> None:
    catalog = Catalog((table("a"), table("b", "a"), table("x"), table("y", "x")))
    assert lines(catalog, "a", "x", "y", "b") == ["b.a_id = a.a_id", "y.x_id = x.x_id"]


def test_keys_of_several_columns_and_several_keys_to_one_table_are_whole() -> None:
    columns = tuple(Column(name, "int") for name in ("a", "b", "c", "Odd D"))
    child = Relation(
        "sales",
        "child",
        "table",
        columns=columns,
        constraints=(
            Constraint("two", "foreign", ("a", "b"), ("public", "parent"), ("x", "y")),
            Constraint("other", "foreign", ("c", "Odd D"), ("public", "parent"), ("x", "y")),
            Constraint("self", "foreign", ("a",), ("sales", "child"), ("c",)),
        ),
    )
    parent = Relation("public", "parent", "table", columns=(Column("x", "int"), Column("y", "int")))
    (condition,) = lines(Catalog((child, parent)), "sales.child", "parent")
    first, second = condition.split(" -- or ")
    assert first == "sales.child.a = parent.x AND sales.child.b = parent.y"
    assert second == 'sales.child.c = parent.x AND sales.child."Odd D" = parent.y'


def test_a_way_around_is_better_than_a_table_that_everything_points_to() -> None:
    many = [table(f"t{number}", "account") for number in range(2_000)]
    catalog = Catalog((*many, table("account"), table("trip", "account", "car"), table("car"), table("toll", "car")))
    assert lines(catalog, "trip", "toll") == ["trip.car_id = car.car_id", "toll.car_id = car.car_id"]
    chain = (table("a", "b", "account"), table("b", "c"), table("c"), table("d", "c", "account"))
    catalog = Catalog((*many, table("account"), *chain))
    assert [join.target[1] for join in join_path(catalog, [("public", "a"), ("public", "d")])] == ["b", "c", "c"]


def test_a_search_for_a_way_ends_where_there_are_thousands() -> None:
    many = [table(f"t{number}", "hub") for number in range(20_000)]
    catalog = Catalog((*many, table("hub"), table("lonely")))
    assert lines(catalog, "t1", "lonely") == []
    assert lines(catalog, "t1", "t19999") == ["t1.hub_id = hub.hub_id", "t19999.hub_id = hub.hub_id"]


def test_what_a_role_may_not_read_is_no_way() -> None:
    catalog = Catalog((table("a"), table("b", "a", "c", readable=False), table("c")))
    assert lines(catalog, "a", "c") == []
    hidden = Column("a_id", "int", readable=False)
    child = table("b", "a")
    catalog = Catalog((table("a"), Relation(*child.key, "table", columns=(hidden,), constraints=child.constraints)))
    assert lines(catalog, "a", "b") == []


def test_a_partitioned_table_is_joined_by_the_keys_that_all_of_its_partitions_have(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TABLE customer (id int PRIMARY KEY); CREATE TABLE part (id int PRIMARY KEY);"
        "CREATE TABLE payment (day int, customer_id int, part_id int) PARTITION BY RANGE (day);"
        "CREATE TABLE p1 PARTITION OF payment FOR VALUES FROM (1) TO (2);"
        "CREATE TABLE p2 PARTITION OF payment FOR VALUES FROM (2) TO (3);"
        "ALTER TABLE p1 ADD FOREIGN KEY (customer_id) REFERENCES customer, ADD FOREIGN KEY (part_id) REFERENCES part;"
        "ALTER TABLE p2 ADD FOREIGN KEY (customer_id) REFERENCES customer"
    )
    catalog = snapshot(postgresql_database.url)
    assert lines(catalog, "payment", "customer", "part") == ["payment.customer_id = customer.id"]


@pytest.mark.parametrize("names", [("Artist", "Genre"), ("Customer", "Album"), ("Playlist", "MediaType", "Employee")])
def test_the_conditions_run_as_they_stand(tmp_path: Path, chinook: Catalog, names: tuple[str, ...]) -> None:
    """Every table that a condition names is joined in turn; the engine takes the statement."""
    path = engines.build_sqlite_file(tmp_path / "chinook.sqlite", sample("chinook.sqlite.sql"))
    steps = list(join_path(chinook, [chinook.find(name)[0].key for name in names]))
    conditions = lines(chinook, *names)
    sql, known = f"SELECT count(*) FROM {names[0]}", {names[0]}
    left = list(zip(steps, conditions, strict=True))
    while left:
        step, condition = next(item for item in left if {item[0].source[1], item[0].target[1]} & known)
        left.remove((step, condition))
        (new,) = {step.source[1], step.target[1]} - known
        sql, known = f"{sql} JOIN {new} ON {condition}", {*known, new}
    assert known.issuperset(names)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(sql).fetchone()[0] > 0
