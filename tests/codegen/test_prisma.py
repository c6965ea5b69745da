"""Generated Prisma schemas: valid, laid out as Prisma would, and equal to the database as Prisma's engine reads it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dbmcp.catalog.model import Catalog
from dbmcp.catalog.types import DataType
from dbmcp.codegen.base import Choices, Generated
from dbmcp.codegen.prisma import generate
from dbmcp.demo import seed
from tests import engines
from tests.catalog.hostile import NAMES, hostile
from tests.catalog.snapshots import FOLDER, snapshot
from tests.codegen import live
from tests.codegen.conftest import Sample, sample_text
from tests.codegen.test_typescript import tools

__all__ = ["tools"]

Ask = Callable[..., list[dict[str, list[str]]]]


@pytest.fixture
def prisma(tools: Path) -> Ask:
    """Return Prisma's tools: they take generated files, and a database's URL, and say what differs of each."""
    if not (tools / "node_modules/@prisma/schema-engine-wasm").exists():
        pytest.fail("Prisma is absent: run scripts/install_typescript.sh anew")

    def ask(*every: Generated, url: str = "", external: Sequence[str] = ()) -> list[dict[str, list[str]]]:
        provider = "postgres" if url.startswith("postgres") else "sqlite"
        asked = [
            {"files": dict(each.files), "provider": provider, "url": url, "external": list(external)} for each in every
        ]
        command = ["node", str(Path(__file__).with_name("prisma_engine.mjs")), str(tools)]
        ran = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120)
        assert ran.returncode == 0, ran.stderr
        answers: list[dict[str, Any]] = json.loads(ran.stdout)
        for each, found in zip(every, answers, strict=True):
            assert found["invalid"] == ""
            for name, text in each.files.items():
                assert found["formatted"][name].splitlines() == text.splitlines()
        return answers

    return ask


# What no schema of Prisma can say: a table without columns, a partition that has partitions, which the engine takes for
# a table, and keys to it; a scale below zero; a key that is there twice.
_EXTERNAL = {"feature": ["public.no_columns", "public.event_eu"]}
_UNSAYABLE = {
    "feature": {
        'ALTER TABLE "about_event" DROP CONSTRAINT "about_event_region_day_id_fkey1";',
        'ALTER TABLE "scaled" ALTER COLUMN "n" SET DATA TYPE numeric;',
    },
    "hostile": {'ALTER TABLE "account" DROP CONSTRAINT "again";'},
}


def test_a_schema_of_postgresql_is_what_prisma_reads(on_postgresql: Sample, prisma: Ask) -> None:
    unsayable = _UNSAYABLE.get(on_postgresql.name, set())
    external = _EXTERNAL.get(on_postgresql.name, ())
    (found,) = prisma(generate(on_postgresql.catalog, Choices()), url=on_postgresql.url, external=external)
    assert set(found["toSchema"]) <= unsayable
    assert len(found["toDatabase"]) <= len(unsayable)


# Names with quotes, views that cannot be read, and keys in other letters are more than the engine reads of SQLite.
_READABLE = """DROP VIEW broken; DROP TABLE "weird(name"; DROP TABLE "table with ""quotes"", dots . and 😀";"""


@pytest.mark.parametrize("name", ["feature", "chinook", "demo"])
def test_a_schema_of_sqlite_is_what_prisma_reads(name: str, prisma: Ask, tmp_path: Path) -> None:
    if name == "demo":
        path = seed.ensure(tmp_path)
    else:
        feature = (FOLDER / "sqlite.sql").read_text("utf-8").replace("Orders (Region, ID)", "orders (region, id)")
        text = feature + _READABLE if name == "feature" else sample_text("chinook.sqlite.sql")
        path = engines.build_sqlite_file(tmp_path / "live.sqlite", text)
    catalog = snapshot(str(path))
    virtual = [item.name for item in catalog.relations if item.kind in ("virtual table", "shadow table")]
    (found,) = prisma(generate(catalog, Choices()), url=str(path), external=virtual)
    assert (found["toSchema"], found["toDatabase"]) == ([], [])


def test_every_form_of_types_defaults_and_indexes_is_what_prisma_reads(
    postgresql_from_wheel: engines.PostgresqlServer, prisma: Ask
) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(Path(__file__).with_name("forms.sql").read_text("utf-8"))
        catalog = live.catalog_of(database)
        (found,) = prisma(generate(catalog, Choices()), url=database.url)
    assert found["toSchema"] == [
        # Keys between types that differ for Prisma, or that it does not know.
        'ALTER TABLE "fk2" DROP CONSTRAINT "fk2_id_fkey";',
        'ALTER TABLE "fk2" DROP CONSTRAINT "fk2_n_fkey";',
        # The engine takes the null of a list for a text.
        """ALTER TABLE "defaults" ALTER COLUMN "i2" SET DEFAULT '{a,"b c",NULL}'::text[];""",
    ]


def test_what_differs_is_found(postgresql_from_wheel: engines.PostgresqlServer, prisma: Ask) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run("CREATE TABLE one (id serial PRIMARY KEY, n varchar(5) DEFAULT 'a')")
        (text,) = generate(live.catalog_of(database), Choices()).files.values()
        changes = {"@db.VarChar(5)": "@db.VarChar(6)", 'default("a")': 'default("b")', '@map("one")': '@map("two")'}
        assert all(own in text for own in changes)
        changed = [Generated({"schema.prisma": text.replace(*change)}) for change in changes.items()]
        for found in prisma(*changed, url=database.url):
            assert found["toSchema"]
            assert found["toDatabase"]


_CHOICES = [
    Choices(constraints=False),
    Choices(relationships=False),
    Choices(views=False),
    Choices(naming="database"),
    Choices(is_package=True),
    Choices(tables=("film*", "person", "account", "order*")),
    Choices(schemas=("public",)),
]


@pytest.mark.parametrize("text", ["pagila", "hostile"])
def test_every_choice_gives_a_valid_schema(
    postgresql_from_wheel: engines.PostgresqlServer, prisma: Ask, text: str
) -> None:
    catalog = _catalog(postgresql_from_wheel, text)
    prisma(*(generate(catalog, choices) for choices in _CHOICES))


_KNOWN: dict[str, Catalog] = {}


def _catalog(server: engines.PostgresqlServer, name: str) -> Catalog:
    if name not in _KNOWN:
        sql = (
            sample_text("pagila.sql")
            if name == "pagila"
            else Path(__file__).with_name("hostile.sql").read_text("utf-8")
        )
        with engines.fresh_postgresql_database(server) as database:
            database.run(sql)
            _KNOWN[name] = live.catalog_of(database)
    return _KNOWN[name]


def test_any_names_make_a_valid_schema(prisma: Ask) -> None:
    # No engine gives half a sign of UTF-16 as a name, and the keys of a database are not all called alike.
    assert "\ud83d" in NAMES
    text = DataType("text", "text")
    relations = [
        replace(
            item,
            columns=tuple(
                replace(column, not_null=True, data_type=text) for column in item.columns if column.name != "\ud83d"
            ),
            constraints=tuple(replace(key, name="") for key in item.constraints),
        )
        for item in hostile().relations
        if item.name != "\ud83d"
    ]
    catalog = Catalog(tuple(relations))
    prisma(generate(catalog, Choices()), generate(catalog, Choices(is_package=True)))


def _fields(generated: Generated) -> dict[str, set[str]]:
    """Return the names of the fields of every model."""
    (text,) = generated.files.values()
    blocks = re.findall(r"^(?:model|view) (\w+) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    return {name: set(re.findall(r"^  (\w+) ", body, re.MULTILINE)) for name, body in blocks}


def test_a_part_has_the_names_of_the_whole(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    catalog = _catalog(postgresql_from_wheel, "hostile")
    whole = _fields(generate(catalog, Choices()))
    for pattern in ("order*", "account", "columns", "other.*"):
        part = _fields(generate(catalog, Choices(tables=(pattern,))))
        assert part
        assert all(fields <= whole[name] for name, fields in part.items())


def test_the_words_of_a_schema(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(
            "CREATE TYPE mood AS ENUM ('calm', 'so-so', ''); CREATE SCHEMA hr;"
            "CREATE TABLE people (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), mood mood DEFAULT 'so-so',"
            " boss_id uuid REFERENCES people ON DELETE CASCADE ON UPDATE CASCADE,"
            " deputy_id uuid REFERENCES people ON DELETE SET NULL, tags text[]);"
            "CREATE TABLE hr.log (at timestamptz DEFAULT now(), person_id uuid REFERENCES people);"
            "CREATE INDEX recent ON hr.log (at DESC) WHERE person_id IS NOT NULL;"
            "COMMENT ON TABLE people IS E'Who\\nis here'"
        )
        (text,) = generate(live.catalog_of(database), Choices()).files.values()
    assert text.partition("datasource")[2] == _WORDS


_WORDS = """ db {
  provider = "postgresql"
  schemas  = ["hr", "public"]
}

model Log {
  at       DateTime? @default(now()) @db.Timestamptz(6)
  personId String?   @map("person_id") @db.Uuid
  person   Person?   @relation(fields: [personId], references: [id], onDelete: NoAction, onUpdate: NoAction)

  @@index([at(sort: Desc)], map: "recent", where: raw("(person_id IS NOT NULL)"))
  @@map("log")
  @@ignore
  @@schema("hr")
}

/// Who
/// is here
model Person {
  id             String   @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  mood           Mood?    @default(so_so)
  bossId         String?  @map("boss_id") @db.Uuid
  deputyId       String?  @map("deputy_id") @db.Uuid
  tags           String[]
  boss           Person?  @relation("Person_boss", fields: [bossId], references: [id], onDelete: Cascade)
  deputy         Person?  @relation("Person_deputy", fields: [deputyId], references: [id], onUpdate: NoAction)
  logs           Log[]    @ignore
  peopleByBoss   Person[] @relation("Person_boss")
  peopleByDeputy Person[] @relation("Person_deputy")

  @@map("people")
  @@schema("public")
}

enum Mood {
  calm
  so_so @map("so-so")
  EMPTY @map("")

  @@map("mood")
  @@schema("public")
}
"""
