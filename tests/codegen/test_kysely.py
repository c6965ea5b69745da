"""Generated types for Kysely: the compiler takes them, prettier would change nothing, and queries are typed by them."""

from __future__ import annotations

from pathlib import Path

from dbmcp.codegen.base import Choices
from dbmcp.codegen.kysely import generate
from tests import engines
from tests.catalog.hostile import hostile
from tests.codegen import live
from tests.codegen.conftest import Sample
from tests.codegen.test_typescript import Compile, assert_laid_out, compiled, tools

__all__ = ["compiled", "tools"]


def test_types_of_postgresql_compile_and_are_laid_out(on_postgresql: Sample, tools: Path, compiled: Compile) -> None:
    text = generate(on_postgresql.catalog, Choices()).files["database.ts"]
    assert compiled(database=text) == ""
    assert_laid_out(tools, text)


def test_types_of_sqlite_compile_and_are_laid_out(on_sqlite: Sample, tools: Path, compiled: Compile) -> None:
    text = generate(on_sqlite.catalog, Choices()).files["database.ts"]
    assert compiled(database=text) == ""
    assert_laid_out(tools, text)


def test_types_of_any_names_compile(compiled: Compile) -> None:
    assert compiled(database=generate(hostile(), Choices()).files["database.ts"]) == ""


_USE = """
import type { Kysely } from "kysely";
import type { Database, Film, FilmInsert, FilmUpdate, MpaaRating } from "./database";
export async function use(db: Kysely<Database>) {
  const film = await db.selectFrom("film").select(["title", "rating", "last_update"]).executeTakeFirstOrThrow();
  const title: string = film.title;
  const rating: MpaaRating | null = film.rating;
  const when: Date = film.last_update;
  await db.insertInto("film").values({ title, language_id: 1, fulltext: "", rating: "G" }).execute();
  await db.updateTable("film").set({ last_update: "2026-01-01", rental_rate: 4.5 }).execute();
  // @ts-expect-error: a title is needed
  await db.insertInto("film").values({ language_id: 1, fulltext: "" }).execute();
  // @ts-expect-error: no such rating
  await db.updateTable("film").set({ rating: "X" }).execute();
  // @ts-expect-error: views are only read
  await db.updateTable("film_list").set({ title: "A" }).execute();
  return { rating, when };
}
export const rows: [Film["film_id"], FilmInsert["title"], FilmUpdate["title"]] = [1, "A", undefined];
"""


def test_queries_are_typed(postgresql_from_wheel: engines.PostgresqlServer, compiled: Compile) -> None:
    with live.filled(postgresql_from_wheel, "pagila") as database:
        text = generate(live.catalog_of(database), Choices()).files["database.ts"]
    assert compiled(database=text, use=_USE) == ""
