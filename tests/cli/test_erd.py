"""`dbmcp schema --erd`: pictures and Mermaid text as files, which overwrite nothing that they are not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests import engines
from tests.cli.test_main import dbmcp

SHOP = """
CREATE TABLE maker (id INTEGER PRIMARY KEY);
CREATE TABLE item (id INTEGER PRIMARY KEY, maker_id INTEGER REFERENCES maker);
CREATE TABLE sale (item_id INTEGER REFERENCES item, day DATE); CREATE TABLE diary (day DATE);
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a small database."""
    engines.build_sqlite_file(tmp_path / "shop.db", SHOP)
    return tmp_path


@pytest.mark.parametrize(
    "name, begins",
    [("shop.svg", "<svg xmlns="), ("shop.html", "<!doctype html>"), ("shop.SVG", "<svg"), ("shop.mmd", "erDiagram\n")],
)
def test_the_ending_says_what_is_drawn(folder: Path, name: str, begins: str) -> None:
    assert dbmcp("schema", "shop.db", "--erd", name, cwd=folder) == (0, "", "")
    text = (folder / name).read_text("utf-8")
    assert text.startswith(begins)
    assert all(table in text for table in ("maker", "item", "sale", "diary"))
    # Drawn again, it is overwritten.
    assert dbmcp("schema", "shop.db", "--erd", name, cwd=folder) == (0, "", "")
    assert (folder / name).read_text("utf-8") == text


def test_a_table_is_drawn_with_what_it_is_joined_to_and_words_with_what_matches(folder: Path) -> None:
    assert dbmcp("schema", "shop.db", "item", "--erd", "item.mmd", cwd=folder)[0] == 0
    text = (folder / "item.mmd").read_text("utf-8")
    assert all(table in text for table in ("maker {", "item {", "sale {"))
    assert "diary" not in text
    assert dbmcp("schema", "shop.db", "diaries", "--erd", "some.mmd", cwd=folder)[0] == 0
    assert (folder / "some.mmd").read_text("utf-8") == "erDiagram\n    diary {\n        date day\n    }\n"
    code, _, err = dbmcp("schema", "shop.db", "qzxqzx", "--erd", "none.mmd", cwd=folder)
    assert (code, "No table matches 'qzxqzx'." in err) == (1, True)
    assert not (folder / "none.mmd").exists()


def test_what_is_something_else_is_not_overwritten(folder: Path) -> None:
    for option, name in (("--save", "shop.db"), ("--erd", "notes.svg"), ("--save", "notes.svg")):
        (folder / "notes.svg").write_text("my notes")
        before = (folder / name).read_bytes()
        code, out, err = dbmcp("schema", "shop.db", option, name, cwd=folder)
        assert (code, out) == (2, "")
        assert f"{name} is there already, and is something else; choose another name." in err
        assert (folder / name).read_bytes() == before
    assert sqlite3.connect(folder / "shop.db").execute("SELECT count(*) FROM sqlite_master").fetchone() == (4,)


def test_what_cannot_be_drawn_or_written_is_told(folder: Path) -> None:
    code, _, err = dbmcp("schema", "shop.db", "--erd", "shop.png", cwd=folder)
    assert (code, "an ER diagram is a file of .svg, .html or .mmd, and shop.png is none." in err) == (2, True)
    code, _, err = dbmcp("schema", "shop.db", "--erd", "no/where.svg", cwd=folder)
    assert (code, "cannot be written: No such file or directory." in err) == (1, True)


def test_what_a_policy_hides_is_in_no_picture(folder: Path) -> None:
    (folder / "dbmcp.toml").write_text(
        '[databases.shop]\nurl = "shop.db"\n'
        'policy = {deny_tables = ["maker"], tables = {sale = {deny = ["item_id"]}}}\n'
    )
    for name in ("a.svg", "a.html", "a.mmd"):
        assert dbmcp("schema", "--erd", name, cwd=folder)[0] == 0
        text = (folder / name).read_text("utf-8")
        assert "diary" in text
        assert ">maker<" not in text
        assert "maker {" not in text
        assert "item_id" not in text
