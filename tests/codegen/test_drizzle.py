"""Generated Drizzle modules: they compile, prettier would change nothing, and they read every table and relation."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.types import DataType
from dbmcp.codegen.base import Choices
from dbmcp.codegen.drizzle import generate
from tests import engines
from tests.catalog.hostile import hostile
from tests.codegen import live
from tests.codegen.conftest import Sample, sample_text
from tests.codegen.test_typescript import assert_laid_out, tools

__all__ = ["tools"]

Build = Callable[..., Path]


@pytest.fixture
def built(tools: Path, tmp_path: Path) -> Build:
    """Return the compiler: it takes modules, says nothing of them, and gives the first one to run."""
    if not (tools / "node_modules/drizzle-orm").exists():
        pytest.fail("Drizzle is absent: run scripts/install_typescript.sh anew")
    (tmp_path / "node_modules").symlink_to(tools / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")

    def build(*texts: str) -> Path:
        files = []
        for number, text in enumerate(texts):
            files.append(tmp_path / f"schema{number or ''}.ts")
            files[-1].write_text(text, "utf-8")
        options = "--strict --noUnusedLocals --target es2022 --module preserve --outDir out".split()
        # Drizzle's own files name drivers of databases that are not here.
        command = [str(tools / "node_modules/.bin/tsc"), *options, "--skipLibCheck", *map(str, files)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path)
        assert ran.stdout == ""
        return tmp_path / "out" / "schema.js"

    return build


def text_of(catalog: Catalog, **choices: Any) -> str:
    """Return the one file of a database."""
    (text,) = generate(catalog, Choices(**choices)).files.values()
    return text


def read(tools: Path, module: Path, url: str) -> dict[str, dict[str, Any]]:
    """Return what Drizzle defines and reads by a module."""
    command = ["node", str(Path(__file__).with_name("drizzle_rows.mjs")), str(tools), str(module), url]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    return found


def assert_defined(catalog: Catalog, found: dict[str, dict[str, Any]]) -> None:
    """Hold what Drizzle defines to the catalog: every table with its columns, keys, checks and indexes."""
    named = {(each["table"][0] or catalog.default_schema, each["table"][1]): each for each in found.values()}
    written = [item for item in catalog.relations if not item.is_part]
    assert named.keys() == {item.key for item in written}
    for item in written:
        each = named[item.key]
        assert [name for name, _, _ in each["columns"]] == [column.name for column in item.columns]
        if item.kind in ("table", "partitioned table"):
            assert_constrained(catalog, item, each)


def assert_constrained(catalog: Catalog, item: Relation, each: dict[str, Any]) -> None:
    """Hold the keys, checks and indexes of a table to the catalog."""
    assert each["primary"] == list(item.primary_key)
    held = {"foreign": [], "unique": [], "check": []}  # type: ignore[var-annotated]
    for key in item.constraints:
        if key.kind == "foreign" and key.target_columns and key.target in catalog.by_name:
            actions = [action or "no action" for action in (key.on_delete, key.on_update)]
            held["foreign"].append([list(key.columns), list(key.target_columns), *actions])
        elif key.kind == "unique" and key.columns and key.definition is None:
            held["unique"].append(list(key.columns))
        elif key.kind == "check" and key.name:
            held["check"].append(key.name)
    assert each["foreign"] == held["foreign"]
    assert each["unique"] == held["unique"]
    assert set(held["check"]) <= set(each["checks"])
    assert each["indexes"] == [index.name for index in item.indexes]


def assert_typed(url: str, catalog: Catalog, found: dict[str, dict[str, Any]]) -> None:
    """Hold the types that Drizzle would give the columns of tables to those that they have."""
    serial = {"smallserial": "smallint", "serial": "integer", "bigserial": "bigint"}
    with psycopg.connect(url) as connection:
        for each in found.values():
            item = catalog.by_name[each["table"][0] or catalog.default_schema, each["table"][1]]
            if item.kind not in ("table", "partitioned table") or not item.columns:
                continue
            types = [serial.get(type_, type_) for _, type_, _ in each["columns"]]
            columns = ", ".join(f"c{place} {type_}" for place, type_ in enumerate(types))
            connection.execute(f"CREATE TEMP TABLE typed ({columns})".encode())
            connection.execute("SET search_path = ''")
            made = connection.execute(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                " WHERE attrelid = 'pg_temp.typed'::regclass AND attnum > 0 ORDER BY attnum"
            ).fetchall()
            connection.execute("RESET search_path; DROP TABLE typed")
            assert [type_ for (type_,) in made] == [column.type for column in item.columns]


def assert_read(text: str, found: dict[str, dict[str, Any]]) -> None:
    """Hold what was read to what the module says: every relation loads, and values have the types of their columns."""
    said: dict[str, str] = {}
    for data, name in re.findall(r"customType<\{ data: (.*) \}>\(\{\s*dataType: \(\) =>\s*(\".*?\")", text):
        said[json.loads(name)] = said.get(json.loads(name), "") + data
    for name, each in found.items():
        assert all(isinstance(count, int) for count in each["relations"].values()), (name, each["relations"])
        for value in each["strange"]:
            kind, _, rest = value.partition(" ")
            type_, _, got = rest.rpartition(": ")
            shown = {"buffer": "Uint8Array", "object": "{", "array": "[]"}.get(got, got)
            assert kind == "custom", (name, value)
            assert shown in said[type_] or said[type_] == "unknown", (name, value, said[type_])


def test_a_module_of_postgresql_defines_what_there_is(on_postgresql: Sample, tools: Path, built: Build) -> None:
    text, kept = text_of(on_postgresql.catalog), text_of(on_postgresql.catalog, naming="database")
    assert_laid_out(tools, text)
    # Of hostile names those of the database itself are read.
    texts = (kept, text) if on_postgresql.name == "hostile" else (text, kept)
    found = read(tools, built(*texts), on_postgresql.url)
    assert_defined(on_postgresql.catalog, found)
    assert_typed(on_postgresql.url, on_postgresql.catalog, found)


@pytest.mark.parametrize("name, least", [("pagila", 900), ("chinook", 450), ("feature", 12)])
def test_every_row_and_relation_is_read(
    postgresql_from_wheel: engines.PostgresqlServer, tools: Path, built: Build, name: str, least: int
) -> None:
    with live.filled(postgresql_from_wheel, name) as database:
        catalog = live.catalog_of(database)
        text = text_of(catalog)
        found = read(tools, built(text), database.url)
        with psycopg.connect(database.url) as connection:
            counted = {key: live.rows(connection, *key) for key in catalog.by_name}
    assert_read(text, found)
    for each in found.values():
        rows = counted[each["table"][0] or catalog.default_schema, each["table"][1]]
        assert each["rows"] == (None if rows is None else min(60, len(rows))), each["error"]
    assert sum(each["rows"] or 0 for each in found.values()) >= least


def test_a_module_of_sqlite_reads_every_row_and_relation(on_sqlite: Sample, tools: Path, built: Build) -> None:
    text = text_of(on_sqlite.catalog)
    assert_laid_out(tools, text)
    found = read(tools, built(text), on_sqlite.url)
    assert_defined(on_sqlite.catalog, found)
    assert_read(text, found)
    connection = sqlite3.connect(on_sqlite.url)
    for each in found.values():
        if each["error"] is None:
            (count,) = connection.execute(f"SELECT count(*) FROM {live.quoted(each['table'][1])}").fetchone()
            assert each["rows"] == min(60, count)
    connection.close()
    assert {name for name, each in found.items() if each["error"]} <= {"broken"}


def test_every_form_of_types_defaults_and_indexes_is_defined(
    postgresql_from_wheel: engines.PostgresqlServer, tools: Path, built: Build
) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(Path(__file__).with_name("forms.sql").read_text("utf-8"))
        catalog = live.catalog_of(database)
        text = text_of(catalog)
        assert_laid_out(tools, text)
        found = read(tools, built(text), database.url)
        assert_defined(catalog, found)
        assert_typed(database.url, catalog, found)


_USE = """
import { drizzle } from "drizzle-orm/node-postgres";
import * as schema from "./schema";
import type { Film, FilmInsert } from "./schema";
const db = drizzle("", { schema });
export async function use() {
  const film: Film = (await db.select().from(schema.film))[0]!;
  const title: string = film.title;
  const rating: "G" | "PG" | "PG-13" | "R" | "NC-17" | null = film.rating;
  const found = await db.query.film.findFirst({ with: { language: true, filmActors: { with: { actor: true } } } });
  const language: string | undefined = found?.language.name;
  const original: Film["title"] | undefined = found?.filmActors[0]?.actor.firstName;
  await db.insert(schema.film).values({ title, languageId: 1, fulltext: "" });
  // @ts-expect-error: a title is needed
  await db.insert(schema.film).values({ languageId: 1, fulltext: "" });
  // @ts-expect-error: no such rating
  await db.update(schema.film).set({ rating: "X" });
  // @ts-expect-error: views are only read
  await db.insert(schema.filmList).values({ title: "A" });
  return { rating, language, original };
}
export const row: FilmInsert = { title: "A", languageId: 1, fulltext: "" };
"""
_CHOICES: list[dict[str, Any]] = [
    {"constraints": False},
    {"relationships": False},
    {"views": False},
    {"tables": ("film*", "inventory")},
    {"schemas": ("public",)},
]


def test_queries_and_choices_are_typed(
    postgresql_from_wheel: engines.PostgresqlServer, tools: Path, built: Build
) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(sample_text("pagila.sql"))
        catalog = live.catalog_of(database)
    others = [text_of(catalog, **each) for each in _CHOICES]
    built(text_of(catalog), _USE, *others)
    for text in others:
        assert_laid_out(tools, text)
    assert "index(" not in others[0]
    assert "relations(" not in others[1]
    assert "pgView" not in others[2]
    assert others[3].count("export const") < 15
    whole = text_of(catalog)
    names = re.compile(r"^export const (\w+)|^    (\w+):", re.MULTILINE)
    assert set(names.findall(others[3])) <= set(names.findall(whole)), "a part has the names of the whole"


def test_any_names_compile(tools: Path, built: Build) -> None:
    catalog = hostile()
    text = DataType("text", "text")
    # Some columns of each table, that the compiler need not think of every one of each for every relation.
    relations = tuple(
        replace(
            item,
            columns=tuple(
                replace(column, data_type=text)
                for place, column in enumerate(item.columns)
                if column.name == item.name or place % 40 == number % 40
            ),
        )
        for number, item in enumerate(catalog.relations)
    )
    written = text_of(replace(catalog, relations=relations))
    built(written)
    assert_laid_out(tools, written)
