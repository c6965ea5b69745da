"""ER diagrams as text: Mermaid's own parser takes them, whatever things are called, and each end says how many."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dbmcp.catalog.erd_links import links
from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint, Identity, Index, IndexPart
from dbmcp.catalog.render import one_line
from dbmcp.catalog.texts.mermaid import write as mermaid
from tests import engines
from tests.catalog.hostile import hostile
from tests.catalog.snapshots import FOLDER, feature_sql, sample, snapshot

ROOT = Path(__file__).parents[2]
WHOLE = 10**9
Parse = Callable[[Sequence[str]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def parse() -> Parse:
    """Return Mermaid's parser; absent unless someone has run scripts/install_mermaid.sh."""
    named = os.environ.get("DBMCP_TEST_MERMAID_DIR")
    file = (Path(named) if named else ROOT / ".mermaid").resolve() / "mermaid.min.js"
    node = shutil.which("node")
    if node is None or not file.is_file():
        # Also in CI: it is another's to install. Who names a folder wants the diagrams parsed.
        (pytest.fail if named else pytest.skip)("Mermaid or Node.js is absent: run scripts/install_mermaid.sh")
    command = [node, str(Path(__file__).with_name("mermaid_parser.cjs")), str(file)]

    def parsed(texts: Sequence[str]) -> list[dict[str, Any]]:
        done = subprocess.run(
            command, input=json.dumps(texts), capture_output=True, encoding="utf-8", check=True, timeout=60
        )
        found: list[dict[str, Any]] = json.loads(done.stdout)
        assert [item["error"] for item in found if "error" in item] == []
        return found

    return parsed


def shown(name: str) -> str:
    """Return what can be shown of a name: half a character cannot."""
    return one_line(name, 100).encode("utf-8", "replace").decode()


def assert_told(found: dict[str, Any], catalog: Catalog) -> None:
    """See that a diagram holds every relation, column and key of a catalog, each by its name."""
    assert len({item["name"] for item in found["entities"]}) == len(found["entities"]) == len(catalog.relations)
    for entity, item in zip(found["entities"], catalog.relations, strict=True):
        assert shown(item.name) in entity["name"]
        assert entity["alias"] in ("", f"{entity['name']} ({item.kind})")
        for (_, name, _, note), column in zip(entity["attributes"], item.columns, strict=True):
            assert name == column.name or note.startswith(shown(column.name))
    assert len(found["relationships"]) == len(links(catalog, catalog.relations))


@pytest.mark.parametrize("name", ["chinook.sql", "pagila.sql", None], ids=str)
def test_mermaid_takes_every_schema(
    postgresql_database: engines.PostgresqlDatabase, parse: Parse, name: str | None
) -> None:
    for sql in feature_sql(postgresql_database) if name is None else [sample(name)]:
        postgresql_database.run(sql)
    catalog = snapshot(postgresql_database.url)
    (found,) = parse([mermaid(catalog, catalog.relations, WHOLE)])
    assert_told(found, catalog)


def test_mermaid_takes_the_feature_schema_of_sqlite(sqlite_file: Callable[[str], Path], parse: Parse) -> None:
    catalog = snapshot(str(sqlite_file((FOLDER / "sqlite.sql").read_text("utf-8"))))
    (found,) = parse([mermaid(catalog, catalog.relations, WHOLE)])
    assert_told(found, catalog)
    assert ["orders", "ZERO_OR_ONE", "ZERO_OR_MORE", "orders", "parent_region, parent_id"] in found["relationships"]


def test_mermaid_takes_any_names_all_at_once_and_each_alone(parse: Parse) -> None:
    catalog = hostile()
    (found,) = parse([mermaid(catalog, catalog.relations, WHOLE)])
    assert_told(found, catalog)
    alone = [Catalog((item,)) for item in catalog.relations]
    for one, single in zip(parse([mermaid(item, item.relations, WHOLE) for item in alone]), alone, strict=True):
        assert_told(one, single)


def test_a_diagram_that_is_wrong_is_not_taken(parse: Parse) -> None:
    with pytest.raises(AssertionError, match="Parse error"):
        parse(["erDiagram\n    a {\n        pk pk\n    }\n"])


def related(*, nullable: bool = False, unique: tuple[str, ...] = (), index: Index | None = None) -> Catalog:
    """Return two tables of which the second points to the first."""
    keys = [Constraint("fk", "foreign", ("of", "and"), ("public", "one"), ("id", "no"))]
    if unique:
        keys.append(Constraint("u", "unique", unique))
    child = Relation(
        "public",
        "child",
        "table",
        columns=(
            Column("of", "int", not_null=not nullable),
            Column("and", "int", not_null=True),
            Column("more", "int"),
        ),
        constraints=tuple(keys),
        indexes=(index,) if index else (),
    )
    return Catalog((Relation("public", "parent", "table"), child, Relation("public", "one", "table")))


def line(catalog: Catalog) -> str:
    return mermaid(catalog, catalog.relations, WHOLE).splitlines()[-1].strip()


def test_the_ends_of_a_key_tell_how_many_there_may_be() -> None:
    assert line(related()) == '"one" ||--o{ child : "of, and"'
    assert line(related(nullable=True)) == '"one" |o--o{ child : "of, and"'
    assert line(related(unique=("and",))) == '"one" ||--o| child : "of, and"'
    assert line(related(unique=("and", "of"))) == '"one" ||--o| child : "of, and"'
    assert line(related(unique=("of", "and", "more"))) == '"one" ||--o{ child : "of, and"'


def test_an_index_makes_one_of_many_only_where_it_holds_for_every_row() -> None:
    parts = (IndexPart("of"), IndexPart("and"))
    of_all = Index("i", "", unique=True, parts=parts)
    assert "--o|" in line(related(index=of_all))
    for other in (
        replace(of_all, unique=False),
        replace(of_all, predicate="of > 1"),
        replace(of_all, valid=False),
        replace(of_all, parts=(IndexPart(None, "lower(of)"),)),
        replace(of_all, parts=(*parts, IndexPart("more"))),
    ):
        assert "--o{" in line(related(index=other)), other


def test_row_numbers_of_sqlite_are_never_null() -> None:
    first = Relation("main", "a", "table", columns=(Column("id", "integer", identity=Identity("rowid")),))
    key = Constraint("", "foreign", ("id",), ("main", "a"), ("id",))
    second = replace(first, name="b", constraints=(Constraint("", "primary", ("id",)), key))
    assert line(Catalog((first, second), "main")) == 'a ||--o| b : "id"'


def test_a_divided_table_has_the_keys_that_all_of_its_partitions_have() -> None:
    def key(name: str, column: str) -> Constraint:
        return Constraint(name, "foreign", (column,), ("public", "target"), ("id",))

    target = Relation("public", "target", "table", columns=(Column("id", "int"),))
    top = Relation("public", "top", "partitioned table", columns=(Column("a", "int"), Column("b", "int")))
    parts = [
        replace(top, name=f"part{number}", kind="table", bound="…", parents=(top.key,), constraints=keys)
        for number, keys in enumerate([(key("x", "a"), key("y", "b")), (key("z", "b"),)])
    ]
    catalog = Catalog((target, top, *parts))
    assert [(item.source[1], item.columns) for item in links(catalog, catalog.listed)] == [("top", ("b",))]


def test_a_diagram_keeps_to_its_budget_and_says_what_it_left_off(parse: Parse) -> None:
    columns = (Column("id", "int"), *(Column(f"column_{number}", "text") for number in range(20)))
    keys = (Constraint("k", "primary", ("id",)),)
    tables = tuple(Relation("public", f"t{number}", "table", columns=columns, constraints=keys) for number in range(60))
    catalog = Catalog(tables)
    whole = mermaid(catalog, tables, WHOLE)
    texts = [mermaid(catalog, tables, size) for size in (len(whole), len(whole) - 1, 1_500, 300)]
    assert [len(item["entities"]) == 60 for item in parse(texts)] == [True, True, True, False]
    assert "left off" not in texts[0]
    assert "%% left off to fit: columns that are in no key\n" in texts[1]
    assert "%% left off to fit: columns\n" in texts[2]
    assert re.search(r"%% left off to fit: columns, \d+ tables\n", texts[3])
    assert all(len(text) <= size for text, size in zip(texts[1:], (len(whole) - 1, 1_500, 300), strict=True))
    assert mermaid(Catalog(), [], WHOLE) == "erDiagram\n"


def test_the_diagram_of_thousands_fills_its_budget(large: Catalog) -> None:
    text = mermaid(large, large.listed, 40_000)
    shown = len(re.findall(r'^    "[^"]+"$', text, re.MULTILINE))
    assert f"left off to fit: columns, {len(large.listed) - shown} tables" in text
    assert 20_000 < len(text.encode()) <= 40_000
    assert mermaid(large, large.listed[:1], 10).startswith("erDiagram\n")
