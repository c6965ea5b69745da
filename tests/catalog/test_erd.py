"""Pictures of tables and keys: no line runs through a box or along another, no text leaves its box, and all is text."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from dbmcp.catalog.erd_boxes import EDGE, boxes_and_wires, measured
from dbmcp.catalog.erd_layout import Layout, lay_out
from dbmcp.catalog.erd_links import links
from dbmcp.catalog.erd_page import page
from dbmcp.catalog.erd_svg import svg
from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint
from tests import engines
from tests.catalog.hostile import hostile
from tests.catalog.snapshots import FOLDER, feature_sql, sample, snapshot

SVG = "{http://www.w3.org/2000/svg}"


def woven(count: int, seed: int) -> Catalog:
    """Return so many tables with keys to near and far ones, to themselves, in circles and several to one table."""
    dice = random.Random(seed)
    relations = []
    for number in range(count):
        targets = [dice.randrange(max(number - 12, 0), number + 1) for _ in range(dice.randrange(4))]
        targets += [dice.randrange(count)] * dice.choice([0, 0, 0, 2])
        columns = [Column("id", "bigint", not_null=True)]
        columns += [Column(f"to_{place}", "bigint", not_null=dice.random() < 0.5) for place in range(len(targets))]
        columns += [Column(f"column_{place}", "text") for place in range(dice.randrange(8))]
        keys = [Constraint("key", "primary", ("id",))]
        for place, target in enumerate(targets):
            keys.append(Constraint(f"k{place}", "foreign", (f"to_{place}",), ("public", f"t{target}"), ("id",)))
        relations.append(Relation("public", f"t{number}", "table", columns=tuple(columns), constraints=tuple(keys)))
    return Catalog(tuple(relations))


def assert_legible(catalog: Catalog) -> Layout:
    """See that boxes stand apart, texts fit into them, and lines go round them, each on its own way."""
    boxes, wires = boxes_and_wires(catalog, catalog.listed)
    assert len(boxes) == len(catalog.listed)
    assert len(wires) == len(links(catalog, catalog.listed))
    layout = lay_out(boxes, wires)
    for number, box in enumerate(boxes):
        assert box.x > 0
        assert box.y > 0
        assert box.x + box.width < layout.width
        assert box.y + box.height < layout.height
        assert measured(box.title, 13) + 2 * EDGE <= box.width
        for other in boxes[:number]:
            beside = box.x + box.width < other.x or other.x + other.width < box.x
            assert beside or box.y + box.height < other.y or other.y + other.height < box.y
    for stretch in (stretch for line in layout.lines for branch in line.branches for stretch in pairwise(branch)):
        (x, y), (to_x, to_y) = sorted(stretch)
        assert x == to_x or y == to_y
        y, to_y = sorted((y, to_y))
        for box in boxes:
            assert to_x <= box.x or x >= box.x + box.width or to_y <= box.y or y >= box.y + box.height, box.title
    # Each end of each line touches a box, and each wire has an end of its own at the table that points.
    for line in layout.lines:
        assert all(
            any(end.x in (box.x, box.x + box.width) and box.y < end.y < box.y + box.height for box in boxes)
            for end in line.ends
        )
    assert sum(not end.is_parent for line in layout.lines for end in line.ends) == len(wires)
    return layout


def lines_together(layout: Layout) -> int:
    """Return how often two lines run along each other."""
    found: dict[tuple[bool, float], list[tuple[float, float, int]]] = defaultdict(list)
    for number, line in enumerate(layout.lines):
        for branch in line.branches:
            for (x, y), (to_x, to_y) in pairwise(branch):
                level = y == to_y
                low, high = sorted((x, to_x) if level else (y, to_y))
                found[level, y if level else x].append((low, high, number))
    return sum(
        a[2] != b[2] and min(a[1], b[1]) - max(a[0], b[0]) > 1
        for stretches in found.values()
        for place, a in enumerate(stretches)
        for b in stretches[:place]
    )


@pytest.mark.parametrize("name", ["chinook.sql", "pagila.sql", None], ids=str)
def test_real_schemas_are_legible(postgresql_from_wheel: engines.PostgresqlServer, name: str | None) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        for sql in feature_sql(database) if name is None else [sample(name)]:
            database.run(sql)
        catalog = snapshot(database.url)
    layout = assert_legible(catalog)
    assert lines_together(layout) == 0
    assert layout.width / layout.height < 2.5
    drawn = ET.fromstring(svg(catalog, catalog.listed))
    titles = [item.text for item in drawn.iter(f"{SVG}text") if item.get("class") == "title"]
    assert len(titles) == len(catalog.listed)


def test_the_feature_schema_of_sqlite_is_legible(sqlite_file: Callable[[str], Path]) -> None:
    assert lines_together(assert_legible(snapshot(str(sqlite_file((FOLDER / "sqlite.sql").read_text("utf-8")))))) == 0


@pytest.mark.parametrize("seed", range(5))
def test_woven_schemas_are_legible(seed: int) -> None:
    assert_legible(woven(10 + 12 * seed, seed))


def test_hundreds_of_tables_are_drawn_with_fewer_columns() -> None:
    catalog = woven(300, 7)
    assert_legible(catalog)
    boxes, _ = boxes_and_wires(catalog, catalog.listed)
    assert max(len(box.rows) for box in boxes) == 6
    wide = next(box for box, item in zip(boxes, catalog.listed, strict=True) if len(item.columns) > 6)
    assert wide.rows[0].marks == ("PK",)
    assert re.fullmatch(r"\+ \d+ more", wide.rows[-1].name)


def test_a_picture_is_the_same_each_time() -> None:
    catalog = woven(30, 3)
    assert svg(catalog, catalog.listed) == svg(catalog, catalog.listed)


def test_the_picture_in_the_documentation_is_the_one_that_is_drawn(sqlite_file: Callable[[str], Path]) -> None:
    catalog = snapshot(str(sqlite_file(sample("chinook.sqlite.sql"))))
    kept = Path(__file__).parents[2] / "docs" / "chinook.svg"
    assert svg(catalog, catalog.listed) == kept.read_text("utf-8"), "draw it again: dbmcp schema … --erd"


def test_nothing_and_a_table_without_columns_can_be_drawn() -> None:
    assert "0 tables" in svg(Catalog(), [])
    bare = Catalog((Relation("public", "bare", "table"),))
    assert_legible(bare)
    ET.fromstring(svg(bare, bare.listed))


def ends(catalog: Catalog) -> set[tuple[bool, bool, bool]]:
    """Return the marks of a picture's lines: at what is pointed to or what points, required, unique."""
    layout = lay_out(*boxes_and_wires(catalog, catalog.listed))
    return {(end.is_parent, end.is_required, end.is_unique) for line in layout.lines for end in line.ends}


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("unique", [True, False])
def test_the_ends_say_how_many(required: bool, unique: bool) -> None:  # noqa: FBT001
    keys = [Constraint("f", "foreign", ("of",), ("public", "one"), ("id",))]
    keys += [Constraint("u", "unique", ("of",))] * unique
    many = Relation(
        "public", "many", "table", columns=(Column("of", "int", not_null=required),), constraints=tuple(keys)
    )
    catalog = Catalog((many, Relation("public", "one", "table", columns=(Column("id", "int"),))))
    assert ends(catalog) == {(True, required, unique), (False, required, unique)}
    drawn = svg(catalog, catalog.listed)
    # A ring for what may be none: always at what points, and at what is pointed to where the column may be null.
    assert drawn.count("<circle") == 1 + (not required)


def test_any_names_are_text_in_a_picture() -> None:
    catalog = hostile()
    assert_legible(catalog)
    drawn = ET.fromstring(svg(catalog, catalog.listed))
    assert {item.tag.removeprefix(SVG) for item in drawn.iter()} == {
        "svg", "title", "style", "rect", "g", "path", "text", "circle",
    }  # fmt: skip
    assert not [
        name for item in drawn.iter() for name in item.attrib if name.lower().startswith(("on", "href", "xlink"))
    ]
    texts = {item.text for item in drawn.iter(f"{SVG}text")}
    assert {"</svg><script>alert(1)</script>", "&lt;", "]]>", "😀", "日本語"} <= texts


class _Tags(HTMLParser):
    """Collects the tags of a page as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, int] = defaultdict(int)
        self.attributes: set[str] = set()
        self.texts: dict[str, list[str]] = defaultdict(list)
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""

    def handle_data(self, data: str) -> None:
        if self.lasttag in ("script", "style"):
            self.texts[self.lasttag].append(data)


def test_a_page_fetches_nothing_and_runs_its_own_script_alone() -> None:
    catalog = hostile()
    tags = _Tags()
    tags.feed(page(catalog, catalog.listed, "</title><script>alert(2)</script>"))
    assert (tags.seen["script"], tags.seen["style"], tags.seen["svg"]) == (1, 2, 1)
    assert not tags.seen.keys() & {"img", "link", "iframe", "object", "image", "use", "foreignobject", "a"}
    assert not [name for name in tags.attributes if name.startswith("on") or name in ("src", "href", "style")]
    assert tags.policy.startswith("default-src 'none'; ")
    for text in (tags.texts["script"][0], *(text for text in tags.texts["style"] if text.strip())):
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in tags.policy


def test_lines_name_the_tables_that_they_join() -> None:
    key = Constraint("f", "foreign", ("id",), ("public", "a"), ("id",))
    tables = [Relation("public", name, "table", columns=(Column("id", "int"),)) for name in "ab"]
    catalog = Catalog((tables[0], Relation("public", "c", "table", columns=(Column("id", "int"),), constraints=(key,))))
    drawn = ET.fromstring(svg(catalog, catalog.listed))
    assert [item.get("data-joins") for item in drawn.iter(f"{SVG}g") if item.get("class") == "link"] == ["t0 t1"]
    assert [item.get("id") for item in drawn.iter(f"{SVG}g") if item.get("id")] == ["t0", "t1"]
