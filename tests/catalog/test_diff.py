"""What differs between two catalogs: nothing between equal ones, and every single change is told."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dbmcp.catalog.diff import Change, diff
from dbmcp.catalog.diff_text import as_data, lines
from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint, Identity, Index, IndexPart, Trigger
from dbmcp.catalog.saving import dump, load
from dbmcp.catalog.types import DataType, Type
from tests import engines
from tests.catalog.hostile import hostile
from tests.catalog.mutations import mutations
from tests.catalog.snapshots import FOLDER, feature_sql, snapshot

# What is estimated, or follows from what is told.
NO_DIFFERENCE = ("rows", "bare", "search_path", "dependencies", "children", "needs")
# So many places of a kind are tried: the ninth column of a table is like the eighth.
OF_A_KIND = 8


def is_no_difference(place: str) -> bool:
    """Say whether a change there is none that is told."""
    top, _, within = place[1:].partition("].")
    return re.split(r"\W", within if top.startswith("relations[") else top)[0] in NO_DIFFERENCE


def assert_every_change_is_told(catalog: Catalog) -> None:
    assert diff(catalog, load(dump(catalog))) == ()
    tried: Counter[str] = Counter()
    for place, other in mutations(catalog):
        kind = re.sub(r"\d+", "", place)
        tried[kind] += 1
        if tried[kind] > OF_A_KIND:
            continue
        changes = diff(catalog, other)
        assert bool(changes) != is_no_difference(place), place
        assert bool(diff(other, catalog)) == bool(changes)
        if changes:
            # A new name is something dropped and something added.
            assert len(changes) <= 2
            assert len(lines(changes)) >= 2
            assert json.loads(json.dumps(as_data(changes)))
    assert len(tried) > 100


def test_every_single_change_is_told_on_postgresql(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        for sql in feature_sql(database):
            database.run(sql)
        assert_every_change_is_told(snapshot(database.url))


def test_every_single_change_is_told_on_sqlite(sqlite_file: Callable[[str], Path]) -> None:
    assert_every_change_is_told(snapshot(str(sqlite_file((FOLDER / "sqlite.sql").read_text("utf-8")))))


TABLE = Relation(
    "public",
    "film",
    "table",
    columns=(Column("id", "integer", not_null=True), Column("title", "text"), Column("length", "smallint")),
    constraints=(Constraint("film_pkey", "primary", ("id",)),),
)


def told(before: Relation, after: Relation) -> list[str]:
    return lines(diff(Catalog((before,)), Catalog((after,))))


def test_changes_are_told_table_by_table() -> None:
    id_, title, length = TABLE.columns
    after = replace(
        TABLE,
        comment="What is shown",
        columns=(
            length,
            id_,
            replace(title, type="varchar(100)", data_type=DataType("text", "varchar", length=100), not_null=True),
            Column("rating", "integer", default="0", not_null=True),
        ),
        constraints=(Constraint("of_fk", "foreign", ("id",), ("public", "Other"), ("id",)),),
        indexes=(Index("by_title", "CREATE INDEX by_title ON public.film (title)", parts=(IndexPart("title"),)),),
        triggers=(Trigger("t", "CREATE TRIGGER t"),),
    )
    assert told(TABLE, after) == [
        "~ table public.film: comment none → What is shown; order of columns (id, title, length) → (length, id, title)",
        "    ~ column title: type text → varchar(100); not null no → yes",
        "    + column rating integer not null default 0",
        "    - primary key film_pkey (id)",
        '    + foreign key of_fk (id) → public."Other" (id)',
        "    + index by_title CREATE INDEX by_title ON public.film (title)",
        "    + trigger t CREATE TRIGGER t",
        "1 changed.",
    ]


def test_what_is_gone_and_new_is_counted() -> None:
    other = replace(TABLE, name="Movie", kind="view", definition="SELECT 1")
    assert lines(diff(Catalog((TABLE,)), Catalog((other,), dialect="sqlite"))) == [
        "~ database: dialect postgresql → sqlite",
        "- table public.film (3 columns)",
        '+ view public."Movie" (3 columns)',
        "1 added, 1 dropped, 1 changed.",
    ]
    assert lines(diff(Catalog((TABLE,)), Catalog((TABLE,)))) == ["No differences."]


def test_a_query_is_told_by_the_lines_that_differ() -> None:
    before = Relation("public", "v", "view", definition="SELECT a,\n  b\n FROM t\n WHERE c")
    assert told(before, replace(before, definition="SELECT a,\n  d\n FROM t\n WHERE c")) == [
        "~ view public.v",
        "    ~ definition",
        "        - b",
        "        + d",
        "1 changed.",
    ]


def test_new_labels_are_told_once_and_not_by_every_column() -> None:
    def catalog(labels: tuple[str, ...], own: tuple[str, ...] = ("x",)) -> Catalog:
        mood = DataType("enum", "mood", ("public", "mood"))
        moods = DataType("array", "mood[]", element=mood)
        moody = DataType("domain", "moody", ("public", "moody"))
        columns = [
            Column(f"c{number}", "…", data_type=item, labels=labels) for number, item in enumerate((mood, moods, moody))
        ]
        types = (Type("public", "mood", "enum", labels=labels), Type("public", "moody", "domain", data_type=mood))
        columns.append(Column("checked", "text", labels=own))
        return Catalog((replace(TABLE, columns=tuple(columns)),), types=types)

    relabelled = diff(catalog(("a",)), catalog(("a", "b")))
    assert lines(relabelled) == ["~ enum public.mood: labels (a) → (a, b)", "1 changed."]
    assert lines(diff(catalog(("a",)), catalog(("a",), ("x", "y")))) == [
        "~ table public.film",
        "    ~ column checked: labels (x) → (x, y)",
        "1 changed.",
    ]


def test_nameless_constraints_are_told_apart_by_what_they_say() -> None:
    first, second = (Constraint("", "check", ("id",), expression=text) for text in ("id > 0", "id < 9"))
    before, after = (replace(TABLE, constraints=keys) for keys in ((first, first), (second, first)))
    assert told(before, after) == [
        "~ table public.film",
        "    - check (id > 0)",
        "    + check (id < 9)",
        "1 changed.",
    ]


def test_parts_of_columns_are_told_by_their_own_names() -> None:
    before = replace(TABLE, columns=(Column("id", "integer", identity=Identity("always")),))
    after = replace(TABLE, columns=(Column("id", "integer", identity=Identity("by default")),))
    assert told(before, after)[1] == "    ~ column id: identity kind always → by default"
    after = replace(TABLE, columns=(Column("id", "integer"),))
    assert told(before, after)[1] == "    ~ column id: identity always → none"


def test_what_differs_out_of_sight_is_shown() -> None:
    before = replace(TABLE, comment="plain")
    assert told(before, replace(TABLE, comment="pl\x07ain")) == [
        '~ table public.film: comment "plain" → "pl\\u0007ain"',
        "1 changed.",
    ]
    far = "a" * 400
    assert told(replace(TABLE, comment=f"{far}b"), replace(TABLE, comment=f"{far}c")) == [
        f'~ table public.film: comment …{"a" * 20}b" → …{"a" * 20}c"',
        "1 changed.",
    ]
    assert told(replace(TABLE, comment="a\nb"), replace(TABLE, comment="a\nc\x1b[2J"))[2:4] == [
        "        - b",
        "        + c[2J",
    ]


def test_estimated_rows_are_no_difference() -> None:
    assert diff(Catalog((TABLE,)), Catalog((replace(TABLE, rows=5),))) == ()


def test_names_and_comments_stay_on_their_line() -> None:
    catalog = hostile()
    other = replace(catalog, relations=tuple(replace(item, comment="a\nb\x1b[2J") for item in catalog.relations))
    for changes in (diff(catalog, other), diff(catalog, Catalog()), diff(Catalog(), catalog)):
        assert len([line for line in lines(changes) if line[0] != " "]) == len(catalog.relations) + 1
        assert not set("".join(lines(changes))).intersection("\n\r\x00\x1b\x7f\u2028\u202e\ufeff")


def test_the_data_for_programs_says_before_and_after() -> None:
    changes = diff(Catalog((TABLE,)), Catalog((replace(TABLE, unlogged=True, columns=TABLE.columns[:2]),)))
    assert as_data(changes) == [
        {
            "change": "changed",
            "kind": "table",
            "name": "public.film",
            "fields": {"unlogged": {"before": False, "after": True}},
            "parts": [
                {
                    "change": "dropped",
                    "kind": "column",
                    "name": "length",
                    "value": {"name": "length", "type": "smallint"},
                }
            ],
        }
    ]
    assert isinstance(changes[0], Change)
