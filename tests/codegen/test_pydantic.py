"""Generated Pydantic models: they import, take every row of real databases, give it back as JSON, and are typed."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import psycopg
import pytest
from psycopg.types import TypeInfo
from psycopg.types.composite import CompositeInfo, register_composite
from psycopg.types.range import RangeInfo, register_range
from pydantic import BaseModel, ValidationError

from dbmcp.catalog.model import Catalog
from dbmcp.catalog.parts import Constraint
from dbmcp.codegen import plan as plans
from dbmcp.codegen import target
from dbmcp.codegen.base import Choices
from dbmcp.codegen.pydantic import _MODULE, MEMBERS, generate
from dbmcp.codegen.pydantic_parts.checks import limits
from dbmcp.codegen.python_names import python_style
from tests import engines
from tests.catalog.snapshots import snapshot
from tests.codegen import live
from tests.codegen.conftest import Sample


def imported(catalog: Catalog) -> ModuleType:
    """Import the models of a database, every warning an error."""
    module = ModuleType("generated_pydantic")
    text = generate(catalog, Choices()).files["models.py"]
    sys.modules[module.__name__] = module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(compile(text, "models.py", "exec"), module.__dict__)
    finally:
        del sys.modules[module.__name__]
    return module


def models_of(catalog: Catalog, module: ModuleType) -> Iterator[tuple[str, str, type[BaseModel]]]:
    """Return the model of each table and view, with its schema and name."""
    style = python_style(Choices(), module=_MODULE, members=MEMBERS, needs_identity=False, joins=False)
    for item in plans.build(catalog, Choices(), style).models:
        if item.role != "part":
            yield *item.relation.key, getattr(module, item.name)


def assert_kept(model: type[BaseModel], row: object) -> BaseModel:
    """Take a row, and get it back from its JSON, by the columns' names and by the attributes'."""
    made = model.model_validate(row)
    for by_alias in (True, False):
        assert model.model_validate_json(made.model_dump_json(by_alias=by_alias)) == made
    return made


def test_models_of_postgresql_import_without_a_warning_and_have_an_attribute_for_each_column(
    on_postgresql: Sample,
) -> None:
    for schema, name, model in models_of(on_postgresql.catalog, imported(on_postgresql.catalog)):
        columns = on_postgresql.catalog.by_name[schema, name].columns
        found = [field.serialization_alias or attribute for attribute, field in model.model_fields.items()]
        assert found == [column.name for column in columns]


@contextmanager
def own_types(database: engines.PostgresqlDatabase, catalog: Catalog) -> Iterator[psycopg.Connection]:
    """Connect as an application would: psycopg is told of the types that the database has made."""
    with psycopg.connect(database.url) as connection:
        for item in catalog.types:
            name = live.quoted(item.schema, item.name)
            if info := TypeInfo.fetch(connection, name):
                info.register(connection)
            if item.kind == "composite" and (composite := CompositeInfo.fetch(connection, name)):
                register_composite(composite, connection)
            if item.kind == "range" and (range_ := RangeInfo.fetch(connection, name)):
                register_range(range_, connection)
        yield connection


@pytest.mark.parametrize("name, least", [("pagila", 40_000), ("chinook", 15_000), ("feature", 15)])
def test_every_row_of_postgresql_is_taken_and_comes_back_from_json(
    postgresql_from_wheel: engines.PostgresqlServer, name: str, least: int
) -> None:
    with live.filled(postgresql_from_wheel, name) as database:
        catalog = live.catalog_of(database)
        count = 0
        with own_types(database, catalog) as connection:
            for schema, table, model in models_of(catalog, imported(catalog)):
                for row in live.rows(connection, schema, table) or []:
                    assert_kept(model, row)
                    count += 1
    assert count >= least


def test_rows_of_asyncpg_are_taken_as_they_are(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with live.filled(postgresql_from_wheel, "pagila") as database:
        catalog = live.catalog_of(database)

        async def read() -> list[asyncpg.Record]:
            connection = await asyncpg.connect(database.url)
            found = await connection.fetch("SELECT * FROM film")
            await connection.close()
            return list(found)

        with ThreadPoolExecutor(max_workers=1) as thread:
            rows = thread.submit(asyncio.run, read()).result()
    module = imported(catalog)
    assert len(rows) == 1_000
    for row in rows:
        assert assert_kept(module.Film, row).model_dump()["title"] == row["title"]


def test_every_row_of_sqlite_is_taken_and_comes_back_from_json(on_sqlite: Sample) -> None:
    module = imported(on_sqlite.catalog)
    count = 0
    with closing(sqlite3.connect(on_sqlite.url)) as connection:
        connection.row_factory = sqlite3.Row
        for _, table, model in models_of(on_sqlite.catalog, module):
            with contextlib.suppress(sqlite3.OperationalError):
                for row in connection.execute(f"SELECT * FROM {live.quoted(table)}"):
                    assert_kept(model, row)
                    count += 1
    assert count >= {"chinook": 15_000, "demo": 1_000, "feature": 0}[on_sqlite.name]


@pytest.fixture(scope="module")
def known_types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which mypy keeps what it knows of Pydantic."""
    return tmp_path_factory.mktemp("mypy")


def assert_typed(catalog: Catalog, folder: Path, known: Path) -> None:
    """Hold models to mypy, at its strictest."""
    (folder / "models.py").write_text(generate(catalog, Choices()).files["models.py"], "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={known}", "models.py"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=folder)
    assert ran.returncode == 0, ran.stdout[-3000:]


@pytest.mark.slow
def test_models_of_postgresql_are_clean_under_mypy(on_postgresql: Sample, tmp_path: Path, known_types: Path) -> None:
    assert_typed(on_postgresql.catalog, tmp_path, known_types)


@pytest.mark.slow
def test_models_of_sqlite_are_clean_under_mypy(on_sqlite: Sample, tmp_path: Path, known_types: Path) -> None:
    assert_typed(on_sqlite.catalog, tmp_path, known_types)


def test_no_attribute_hides_what_a_model_has() -> None:
    assert {name for name in dir(BaseModel) if not name.startswith("_")} <= MEMBERS


def test_what_the_database_refuses_is_refused(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(
            "CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{2}$');"
            "CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code code NOT NULL,"
            " amount integer NOT NULL DEFAULT 1 CHECK (amount > 0 AND amount <= 10), name varchar(5),"
            " size text CHECK (size IN ('S', 'M')), \"Net Price\" numeric(4, 2) CHECK (\"Net Price\" < 50.5),"
            " twice integer GENERATED ALWAYS AS (amount * 2) STORED)"
        )
        module = imported(live.catalog_of(database))
        good: dict[str, Any] = {"code": "AB", "name": "short", "size": "S", "Net Price": "12.50"}
        made = module.ItemInsert(**good)
        assert made.model_dump(exclude_unset=True, by_alias=True).keys() == good.keys()
        assert set(module.ItemInsert.model_fields) == {"code", "amount", "name", "size", "net_price"}
        bad = [("code", "ab"), ("amount", 0), ("amount", 11), ("name", "longer"), ("size", "L"), ("Net Price", "50.5")]
        for column, value in bad:
            row = {**good, column: value}
            with pytest.raises(ValidationError):
                module.ItemInsert(**row)
            names = ", ".join(map(live.quoted, row))
            values = ", ".join(f"'{each}'" for each in row.values())
            with pytest.raises(asyncpg.PostgresError):
                database.run(f"INSERT INTO item ({names}) VALUES ({values})")


def test_objects_are_taken_by_their_attributes(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run('CREATE TABLE item (id integer PRIMARY KEY, "fooBar" int4range, "class" text NOT NULL)')
        module = imported(live.catalog_of(database))

    class Span:
        lower, upper, lower_inc, upper_inc, isempty = 1, None, True, False, False

    class Item:
        id, foo_bar, class_ = 1, Span(), "a"

    found = module.Item.model_validate(Item())
    assert found.model_dump(by_alias=True)["fooBar"]["lower"] == 1
    assert found.class_ == "a"


_CASES = [
    ("((VALUE >= 1901) AND (VALUE <= 2155))", "integer", {"ge": "1901", "le": "2155"}, True),
    ("((VALUE > (0)::numeric) AND (VALUE < 5.5))", "decimal", {"gt": "0", "lt": '_decimal.Decimal("5.5")'}, True),
    ("(length(VALUE) < 10)", "text", {"max_length": "9"}, True),
    ("(char_length((VALUE)::text) = 2)", "text", {"min_length": "2", "max_length": "2"}, True),
    ("(VALUE ~ '^.+@[^@]+$'::text)", "text", {"pattern": '"(?s)^.+@[^@]+$"'}, True),
    ("((VALUE > 0) OR (VALUE < '-5'::integer))", "integer", {}, False),
    ("((VALUE > 0) AND public.is_even(VALUE))", "integer", {"gt": "0"}, False),
    ("(VALUE ~ '(a)\\1'::text)", "text", {}, False),
    ("(VALUE ~ '[[:alpha:]]'::text)", "text", {}, False),
    ("(VALUE ~ '(?i)a'::text)", "text", {}, False),
    ("(VALUE <> 'x AND y'::text)", "text", {}, False),
]


@pytest.mark.parametrize("expression, kind, bounds, is_whole", _CASES)
def test_checks_are_said_as_far_as_pydantic_can(expression: str, kind: Any, bounds: object, is_whole: object) -> None:
    found = limits(expression, "VALUE", kind)
    assert (found.bounds, found.is_whole) == (bounds, is_whole)


def test_only_a_check_that_says_no_more_gives_a_column_its_labels(
    postgresql_from_wheel: engines.PostgresqlServer,
) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(
            "CREATE TABLE t (a text CHECK (a IN ('x', 'it''s')), b varchar(9) CHECK (b IN ('x', 'y')),"
            " c text CHECK (c IN ('x', 'y') OR c LIKE 'z%'), d text CHECK (length(d) > 3 OR d IN ('x')),"
            " \"E f\" char(2) CHECK (\"E f\" IN ('x', 'y')), g text);"
            "ALTER TABLE t ADD CHECK (g IN ('x', 'y')) NOT VALID"
        )
        (table,) = snapshot(database.url).relations
    assert [column.labels for column in table.columns] == [("x", "it's"), ("x", "y"), (), (), ("x", "y"), ()]


def test_a_check_without_a_name_is_left_out_as_one(tmp_path: Path) -> None:
    path = engines.build_sqlite_file(tmp_path / "x.sqlite", "CREATE TABLE t (a integer, b integer, CHECK (a < b))")
    for name in ("pydantic", "typescript"):
        (line,) = target(name).generate(snapshot(str(path)), Choices()).left_out
        assert line.endswith(": one without a name of t")


def test_a_check_that_old_rows_may_fail_is_not_held(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run("CREATE TABLE item (a integer NOT NULL); ALTER TABLE item ADD CHECK (a > 0) NOT VALID")
        catalog = live.catalog_of(database)
    imported(catalog).Item(a=-1)
    (item,) = catalog.relations
    held: tuple[Constraint, ...] = tuple(replace(each, validated=True) for each in item.constraints)
    with pytest.raises(ValidationError):
        imported(replace(catalog, relations=(replace(item, constraints=held),))).Item(a=-1)
