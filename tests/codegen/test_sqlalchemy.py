"""SQLAlchemy's targets: models import, are like the database, make an equal one, and can be read through."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint
from dbmcp.catalog.types import DataType
from dbmcp.codegen import target
from dbmcp.codegen.base import Choices, Generated
from dbmcp.codegen.sqlalchemy_parts.texts import bare, escaped
from tests import engines
from tests.catalog.snapshots import snapshot
from tests.codegen import running
from tests.codegen.conftest import Sample

FLAVOURS = ["sqlalchemy", "sqlalchemy_dataclasses"]
OUTSIDE = ("view", "materialized view", "foreign table", "virtual table", "shadow table")


def generated(catalog: Catalog, name: str = "sqlalchemy", **choices: Any) -> Generated:
    return target(name).generate(catalog, Choices(**choices))


def prepared(sample: Sample) -> Sample:
    """Fill the materialized views, which otherwise refuse to be read."""
    with running.connected(sample.url) as connection:
        for item in sample.catalog.relations:
            if item.kind == "materialized view" and item.name != "from_far":
                connection.exec_driver_sql(f'REFRESH MATERIALIZED VIEW "{item.schema}"."{item.name}"')
        connection.commit()
    return sample


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_models_of_postgresql_are_like_the_database_and_make_one_that_is(
    on_postgresql: Sample, postgresql_database: engines.PostgresqlDatabase, flavour: str, tmp_path: Path
) -> None:
    sample, empty = prepared(on_postgresql), postgresql_database.url
    made = generated(sample.catalog, flavour)
    with running.imported(made, tmp_path) as module:
        assert running.differences(sample.url, module.Base.metadata) == []
        assert running.read_through(sample.url, module) == made.counts["relationships"]
        check_columns(sample.catalog, running.tables(module))
        running.create(empty, module.Base.metadata)
        assert running.differences(empty, module.Base.metadata) == []
    again = snapshot(empty)
    assert [item for item in comparable(sample.catalog) if item not in comparable(again)] == []
    assert {item.name for item in again.extensions} == {item.name for item in sample.catalog.extensions}
    assert set(again.types) <= set(sample.catalog.types)
    assert {replace(item, comment=None) for item in sample.catalog.sequences} == set(again.sequences)


def comparable(catalog: Catalog) -> list[Relation]:
    """Return the tables without what the targets say that they leave out."""
    return [
        replace(item, triggers=(), policies=(), row_security=None)
        for item in catalog.relations
        if item.kind not in OUTSIDE and item.made_by is None
    ]


def check_columns(catalog: Catalog, tables: list[sa.Table]) -> None:
    """Every table has its columns in the database's order."""
    by_name = {(table.schema or catalog.default_schema, table.name): table for table in tables}
    assert set(by_name) == {item.key for item in catalog.relations if item.readable and item.kind != "shadow table"}
    for item in catalog.relations:
        if item.key in by_name:
            assert [column.name for column in by_name[item.key].columns] == [column.name for column in item.columns]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_models_of_sqlite_are_like_the_database_and_make_one_that_is(
    on_sqlite: Sample, flavour: str, tmp_path: Path
) -> None:
    catalog = on_sqlite.catalog
    made = generated(catalog, flavour)
    with running.imported(made, tmp_path) as module:
        live = running.differences(on_sqlite.url, module.Base.metadata, defaults=True)
        # The tables in which a virtual table keeps its rows are tables to SQLAlchemy.
        shadows = {item.name for item in catalog.relations if item.kind in ("shadow table", "virtual table")}
        # Reflection reads ON DELETE and UNIQUE of the table, but not all of a column's own, as these have.
        unread = {"demo": ("remove_fk", "add_fk"), "feature": ("add_constraint",)}.get(on_sqlite.name, ())
        assert [
            item
            for item in live
            if item[0] not in unread and not (item[0] == "remove_table" and item[1].name in shadows)
        ] == []
        check_columns(catalog, running.tables(module))
        running.create(str(tmp_path / "made.sqlite"), module.Base.metadata)
        assert running.differences(str(tmp_path / "made.sqlite"), module.Base.metadata, defaults=True) == []
        if on_sqlite.name != "feature":
            # One view of the feature schema reads a table that is gone.
            assert running.read_through(on_sqlite.url, module) == made.counts["relationships"]


def test_a_key_of_a_database_that_cannot_be_named_in_a_text_is_there(
    postgresql_database: engines.PostgresqlDatabase, tmp_path: Path
) -> None:
    """SQLAlchemy splits the names of a key's columns at their dots."""
    postgresql_database.run(
        'CREATE TABLE "to" (id integer PRIMARY KEY, "a.b" integer UNIQUE);'
        'CREATE TABLE "from" (id integer PRIMARY KEY, "a.b" integer REFERENCES "to" ("a.b"))'
    )
    made = generated(snapshot(postgresql_database.url))
    with running.imported(made, tmp_path) as module:
        (key,) = module.From.__table__.foreign_key_constraints
        assert key.elements[0].column is module.To.__table__.c["a.b"]
        assert running.read_through(postgresql_database.url, module) == 2


def test_rows_of_views_cannot_be_written(postgresql_database: engines.PostgresqlDatabase, tmp_path: Path) -> None:
    postgresql_database.run(
        "CREATE TABLE t (id integer PRIMARY KEY); CREATE VIEW v AS SELECT id FROM t;"
        "CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE UNIQUE INDEX ON m (id)"
    )
    with running.imported(generated(snapshot(postgresql_database.url)), tmp_path) as module:
        assert set(module.Base.metadata.tables) == {"t"}
        with running.connected(postgresql_database.url) as connection, Session(connection) as session:
            session.add(module.M(id=1))
            with pytest.raises(sa.exc.InvalidRequestError, match="M can only be read"):
                session.flush()


def test_a_dataclass_takes_what_must_be_given_and_shows_it(
    postgresql_database: engines.PostgresqlDatabase, tmp_path: Path
) -> None:
    postgresql_database.run(
        "CREATE TABLE maker (id serial PRIMARY KEY, name text NOT NULL, seen timestamptz NOT NULL DEFAULT now());"
        "CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text,"
        " maker_id integer REFERENCES maker)"
    )
    made = generated(snapshot(postgresql_database.url), "sqlalchemy_dataclasses")
    with running.imported(made, tmp_path) as module:
        with pytest.raises(TypeError, match="name"):
            module.Maker()
        with running.connected(postgresql_database.url) as connection, Session(connection) as session:
            maker = module.Maker(name="a")
            session.add(maker)
            session.flush()
            session.add(module.Thing(maker_id=maker.id))
            session.commit()
            (thing,) = maker.things
            assert (thing.maker_id, thing.maker, maker.seen is not None) == (maker.id, maker, True)
            assert re.match(r"Thing\(id=1, note=None, maker_id=1\)", repr(thing).partition(".")[2] or repr(thing))


@pytest.fixture
def small(postgresql_database: engines.PostgresqlDatabase) -> Catalog:
    postgresql_database.run(
        "CREATE SCHEMA shop; CREATE TABLE film (id integer PRIMARY KEY, title text CHECK (title <> '') UNIQUE);"
        'CREATE TABLE film_note (id integer PRIMARY KEY, film_id integer REFERENCES film, "noteText" text);'
        "CREATE TABLE shop.visit (id integer PRIMARY KEY, film_id integer REFERENCES film);"
        "CREATE INDEX ON film_note (film_id); CREATE VIEW films AS SELECT * FROM film"
    )
    return snapshot(postgresql_database.url)


def text_of(catalog: Catalog, **choices: Any) -> str:
    (text,) = generated(catalog, **choices).files.values()
    return text


def test_tables_and_schemas_are_chosen_by_patterns(small: Catalog) -> None:
    assert set(re.findall(r'__tablename__ = "(\w+)"', text_of(small, tables=("film*",)))) == {"film", "film_note"}
    assert set(re.findall(r'__tablename__ = "(\w+)"', text_of(small, tables=("shop.*",)))) == {"visit"}
    part = generated(small, schemas=("shop",))
    assert part.left_out == ("foreign keys to what is not here: visit_film_id_fkey of shop.visit",)
    assert "Visit" in part.files["models.py"]


def test_a_part_has_the_names_of_the_whole(small: Catalog) -> None:
    whole = text_of(small)
    for line in text_of(small, tables=("film_note",)).splitlines():
        if line.startswith(("class ", "    id", "    note_text")) and "ForeignKey" not in line:
            assert line in whole


def test_what_is_not_wanted_is_left_away(small: Catalog) -> None:
    whole = text_of(small)
    for name, text in {
        "relationships": "relationship(",
        "constraints": "sa.CheckConstraint(",
        "views": "films",
    }.items():
        assert text in whole
        assert text not in text_of(small, **{name: False})


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_package_holds_the_same_as_a_file(
    on_postgresql: Sample, postgresql_database: engines.PostgresqlDatabase, flavour: str, tmp_path: Path
) -> None:
    made = generated(on_postgresql.catalog, flavour, is_package=True)
    assert len(made.files) >= len(on_postgresql.catalog.relations)
    with running.imported(made, tmp_path) as module:
        assert running.differences(on_postgresql.url, module.Base.metadata) == []
        found = {mapper.class_.__name__ for mapper in module.Base.registry.mappers}
        assert found <= set(module.__all__)
        running.create(postgresql_database.url, module.Base.metadata)
        assert running.differences(postgresql_database.url, module.Base.metadata) == []


def test_names_and_the_base_are_chosen(small: Catalog) -> None:
    assert "note_text: Mapped[" in text_of(small)
    assert "noteText: Mapped[" in text_of(small, naming="database")
    assert "class Film(Model):" in text_of(small, base="Model")


def test_a_type_of_an_extension_keeps_what_stands_in_brackets_behind_it(small: Catalog, tmp_path: Path) -> None:
    """No extension of PostgreSQL's own collection has such a type; PostGIS has."""
    name = ("public", "geometry")
    point = DataType("other", "public.geometry", name)
    columns = (
        Column("id", "integer", not_null=True, data_type=DataType("integer", "integer", bits=32)),
        Column("at", "public.geometry(Point,4326)", data_type=point),
        Column("line", "public.geometry", data_type=point),
        Column("all", "public.geometry(Point,4326)[]", data_type=DataType("array", "x", element=point)),
    )
    place = Relation("public", "place", "table", columns=columns, constraints=(Constraint("k", "primary", ("id",)),))
    with running.imported(generated(replace(small, relations=(place,))), tmp_path) as module:
        made = str(sa.schema.CreateTable(module.Place.__table__).compile(dialect=postgresql.dialect()))
    assert [line.split(maxsplit=1)[1].rstrip(", ") for line in made.splitlines()[3:6]] == [
        "geometry(Point,4326)",
        "geometry",
        "geometry(Point,4326)[]",
    ]


def test_the_tables_of_an_extension_are_compared_and_left_to_it(
    postgresql_database: engines.PostgresqlDatabase, postgresql_server: engines.PostgresqlServer, tmp_path: Path
) -> None:
    """A table of one's own stands in for that of an extension: those of PostgreSQL's own collection have none."""
    postgresql_database.run(
        "CREATE TABLE brought (id integer PRIMARY KEY, name text); CREATE INDEX ON brought (name);"
        "CREATE TABLE own (id integer PRIMARY KEY, brought_id integer REFERENCES brought);"
        "COMMENT ON TABLE brought IS 'x'"
    )
    catalog = snapshot(postgresql_database.url)
    relations = tuple(replace(item, made_by="x") if item.name == "brought" else item for item in catalog.relations)
    with (
        running.imported(generated(replace(catalog, relations=relations)), tmp_path) as module,
        engines.fresh_postgresql_database(postgresql_server) as second,
    ):
        second.run("CREATE TABLE brought (id integer PRIMARY KEY, name text); CREATE INDEX ON brought (name)")
        with running.connected(second.url) as connection:
            # As it is where the extension comes in the same go, after the metadata has looked which tables there are.
            module.Base.metadata.create_all(connection, checkfirst=False)
            connection.commit()
        assert [item.key for item in snapshot(second.url).relations] == [item.key for item in catalog.relations]
        assert running.differences(second.url, module.Base.metadata) == []


@pytest.mark.parametrize(
    "text", [":x", ":smile:", "a:b", ":x:y", r"\:x", r"\\:x", r"[^\:/]", " ::int", "100%:x :y", r"\::x"]
)
def test_sqlalchemy_reads_no_parameter_in_a_text(text: str) -> None:
    assert sa.text(escaped(text)).compile().string == text


@pytest.mark.parametrize(
    "text, found",
    [
        ("nextval('public.a_seq'::regclass)", "nextval('a_seq'::regclass)"),
        ("to_tsvector('public.de'::regconfig, \"public.x\")", "to_tsvector('de'::regconfig, \"public.x\")"),
        ("(a OPERATOR(public.->) 'public.f(x)'::text)", "(a -> 'public.f(x)'::text)"),
        ("(a OPERATOR(other.===) public.f(b))", "(a OPERATOR(other.===) f(b))"),
    ],
)
def test_what_is_of_the_default_schema_is_named_without_it(text: str, found: str) -> None:
    assert bare(text, "public") == found


def test_a_column_of_a_view_may_be_null_whatever_its_domain_says(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE DOMAIN needed AS integer NOT NULL; CREATE TABLE t (id integer PRIMARY KEY, n needed);"
        "CREATE MATERIALIZED VIEW v AS SELECT l.id, r.n FROM t l LEFT JOIN t r ON false; CREATE UNIQUE INDEX ON v (id)"
    )
    text = text_of(snapshot(postgresql_database.url))
    assert "n: Mapped[int] = " in text[: text.index("class V(")]
    assert "n: Mapped[int | None] = " in text[text.index("class V(") :]


def test_vectors_of_the_catalog_keep_their_type(small: Catalog) -> None:
    kind = DataType("array", "oidvector", element=DataType("other", "oid"))
    (film, *_) = (item for item in small.relations if item.name == "film")
    with_vector = replace(film, columns=(*film.columns, Column("v", "oidvector", data_type=kind)))
    text = text_of(replace(small, relations=(with_vector,)))
    assert "v: Mapped[Any | None] = mapped_column(Oidvector)" in text
    assert 'return "oidvector"' in text
