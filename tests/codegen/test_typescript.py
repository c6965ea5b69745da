"""Generated TypeScript: it compiles, prettier would change nothing, and rows of node's pg are of its types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dbmcp.catalog.model import Catalog
from dbmcp.codegen import plan as plans
from dbmcp.codegen.base import Choices
from dbmcp.codegen.typescript import generate
from dbmcp.codegen.typescript_parts import tables
from tests import engines
from tests.catalog.hostile import hostile
from tests.codegen import live
from tests.codegen.conftest import Sample

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tools() -> Path:
    """Return the folder of the compiler; absent unless someone has run scripts/install_typescript.sh."""
    named = os.environ.get("DBMCP_TEST_TYPESCRIPT_DIR")
    folder = (Path(named) if named else ROOT / ".typescript").resolve()
    if not (folder / "node_modules/.bin/tsc").exists() or shutil.which("node") is None:
        (pytest.fail if named else pytest.skip)("TypeScript or Node.js is absent: run scripts/install_typescript.sh")
    return folder


Compile = Callable[..., str]


@pytest.fixture
def compiled(tools: Path, tmp_path: Path) -> Compile:
    """Return the compiler: it takes texts by the names of their files, and gives what it says."""

    def run(**texts: str) -> str:
        files = []
        # The compiler finds Kysely where it was installed.
        if not (tmp_path / "node_modules").exists():
            (tmp_path / "node_modules").symlink_to(tools / "node_modules")
        for name, text in texts.items():
            (tmp_path / f"{name}.ts").write_text(text, "utf-8")
            files.append(str(tmp_path / f"{name}.ts"))
        command = [
            str(tools / "node_modules/.bin/tsc"),
            "--noEmit",
            "--strict",
            "--target",
            "es2022",
            "--module",
            "preserve",
            *files,
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path).stdout

    return run


def text_of(catalog: Catalog, **choices: str) -> str:
    """Return the one file of a database."""
    return generate(catalog, Choices(**choices)).files["models.ts"]  # type: ignore[arg-type]


def assert_laid_out(tools: Path, text: str) -> None:
    """Hold a text to what prettier makes of it."""
    command = [str(tools / "node_modules/.bin/prettier"), "--stdin-filepath", "models.ts"]
    ran = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=120)
    assert ran.stdout.splitlines() == text.splitlines()


def test_types_of_postgresql_compile_and_are_laid_out(on_postgresql: Sample, tools: Path, compiled: Compile) -> None:
    text = text_of(on_postgresql.catalog)
    assert compiled(models=text, kept=text_of(on_postgresql.catalog, naming="database")) == ""
    assert_laid_out(tools, text)


def test_types_of_sqlite_compile_and_are_laid_out(on_sqlite: Sample, tools: Path, compiled: Compile) -> None:
    text = text_of(on_sqlite.catalog)
    assert compiled(models=text) == ""
    assert_laid_out(tools, text)


def test_types_of_any_names_compile(compiled: Compile) -> None:
    assert compiled(models=text_of(hostile())) == ""


@pytest.mark.parametrize("name, least", [("pagila", 800), ("chinook", 400), ("feature", 12)])
def test_rows_of_nodes_pg_are_of_the_types(
    postgresql_server: engines.PostgresqlServer, tools: Path, compiled: Compile, name: str, least: int
) -> None:
    with live.filled(postgresql_server, name) as database:
        catalog = live.catalog_of(database)
        models = [
            item for item in plans.build(catalog, Choices(), tables.style(Choices())).models if item.role != "part"
        ]
        asked = [
            [item.name, f"SELECT * FROM {live.quoted(*item.relation.key)} LIMIT 60"]
            for item in models
            if item.relation.columns
        ]
        command = ["node", str(Path(__file__).with_name("pg_rows.cjs")), str(tools), database.url]
        ran = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=120)
    found = {table: rows for table, rows in json.loads(ran.stdout).items() if rows}
    lines = [f'import type {{ {", ".join(found)} }} from "./models";']
    for number, (table, rows) in enumerate(found.items()):
        lines += [f"export const rows{number}: {table}[] = [", *(f"  {row}," for row in rows), "];"]
    assert sum(map(len, found.values())) >= least
    assert compiled(models=text_of(catalog), rows="\n".join(lines)) == ""


_USE = """
import { tables } from "./models";
import type { Film, FilmInsert, FilmUpdate, MpaaRating, Tables } from "./models";
export const key: readonly ["film_id"] = tables.film.primaryKey;
export const target: "language" = tables.film.relations.language.table;
export const some: Tables["film"]["insert"] = { title: "A", language_id: 1, fulltext: "" };
export const change: FilmUpdate = { rating: "PG-13", length: null };
export const rating: MpaaRating | null = ({} as Film).rating;
// @ts-expect-error: a title is needed
export const untitled: FilmInsert = { language_id: 1, fulltext: "" };
// @ts-expect-error: no such rating
export const odd: FilmUpdate = { rating: "X" };
// @ts-expect-error: views are only read
export type Written = Tables["film_list"]["insert"];
"""


def test_keys_and_variants_are_typed(postgresql_from_wheel: engines.PostgresqlServer, compiled: Compile) -> None:
    with live.filled(postgresql_from_wheel, "pagila") as database:
        catalog = live.catalog_of(database)
    assert compiled(models=text_of(catalog), use=_USE) == ""


def test_types_are_what_the_database_holds(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(
            "CREATE TYPE mood AS ENUM ('calm', 'it''s fine'); CREATE DOMAIN many AS bigint[];"
            "CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood NOT NULL, moods mood[],"
            " many many NOT NULL, price numeric(5, 2) NOT NULL DEFAULT 0, prices numeric[], at timestamptz,"
            " kind text CHECK (kind IN ('a', 'b')), other text CHECK (other IN ('a') OR other ~ 'x'));"
            "COMMENT ON COLUMN item.price IS 'in euros */'"
        )
        text = text_of(live.catalog_of(database))
    row, insert = (text.partition(f"interface {name} {{\n")[2].partition("\n}")[0].splitlines() for name in _NAMES)
    assert [line.strip() for line in row] == [
        "id: string;",
        "mood: Mood;",
        "moods: string | null;",
        "many: string[];",
        "/** in euros *\\/ */",
        "price: string;",
        "prices: number[] | null;",
        "at: Date | null;",
        'kind: "a" | "b" | null;',
        "other: string | null;",
    ]
    assert "  mood: Mood;" in insert
    assert "  price?: string | number;" in insert
    assert "  at?: Date | string | null;" in insert
    assert not any(line.startswith("  id") for line in insert)


_NAMES = ("Item", "ItemInsert")
