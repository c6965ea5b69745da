"""`dbmcp models`: what is written where, and what is not written over."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dbmcp.codegen import TARGETS
from tests import engines
from tests.cli.test_main import dbmcp

SHOP = """CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer);
CREATE TRIGGER t AFTER INSERT ON invoice BEGIN SELECT 1; END;"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engines.build_sqlite_file(tmp_path / "shop.db", SHOP)
    return tmp_path


def test_the_targets_are_listed(folder: Path) -> None:
    code, out, _ = dbmcp("models", "--list", cwd=folder)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(TARGETS)


def test_without_out_the_text_is_printed_and_the_summary_told_apart(folder: Path) -> None:
    code, out, err = dbmcp("models", "shop.db", "-t", "sqlalchemy", cwd=folder)
    assert code == 0
    assert "class Invoice(Base):" in out
    assert err.splitlines() == [
        f"sqlalchemy: 2 classes, 2 relationships in models.py, {out.count(chr(10))} lines",
        "left out: triggers: t of invoice",
    ]


def test_a_file_is_written_and_written_anew(folder: Path) -> None:
    write = ("models", "shop.db", "-t", "sqlalchemy", "--out", "app/models.py")
    assert dbmcp(*write, cwd=folder)[:2] == (0, "")
    first = (folder / "app/models.py").read_bytes()
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("ALTER TABLE customer ADD COLUMN mail TEXT")
    connection.close()
    assert dbmcp(*write, cwd=folder)[0] == 0
    assert b"mail: Mapped" in (folder / "app/models.py").read_bytes()
    assert b"mail: Mapped" not in first


def test_a_file_of_somebody_else_is_left_alone(folder: Path) -> None:
    (folder / "models.py").write_text("# mine\n")
    code, _, err = dbmcp("models", "shop.db", "-t", "sqlalchemy", "--out", "models.py", cwd=folder)
    assert (code, "dbmcp has not written it" in err) == (1, True)
    assert (folder / "models.py").read_text() == "# mine\n"


def test_a_package_is_a_folder_of_a_file_for_each_table(folder: Path) -> None:
    code, _, err = dbmcp("models", "shop.db", "-t", "sqlalchemy", "--package", "--out", "shop", cwd=folder)
    assert (code, "in 4 files" in err) == (0, True)
    names = {path.name for path in (folder / "shop").iterdir()}
    assert names == {"__init__.py", "base.py", "customer.py", "invoice.py"}
    code, _, err = dbmcp("models", "shop.db", "-t", "sqlalchemy", "--package", cwd=folder)
    assert (code, "needs --out" in err) == (2, True)


@pytest.mark.parametrize(
    "arguments, told",
    [
        (("-t", "sqlalchmy"), "Did you mean sqlalchemy?"),
        (("-t", "sqlalchemy", "--tables", "invoce"), "Did you mean invoice?"),
        (("-t", "sqlalchemy", "--schema", "other"), "No schema with a table fits 'other'."),
        (("-t", "sqlalchemy", "--base", "1st"), "base must be a name"),
    ],
)
def test_what_cannot_be_is_said_with_what_could(folder: Path, arguments: tuple[str, ...], told: str) -> None:
    code, out, err = dbmcp("models", "shop.db", *arguments, cwd=folder)
    assert (code, out) == (1, "")
    assert told in err


def test_choices_are_heard(folder: Path) -> None:
    arguments = ("--tables", "invoice,cust*", "--no-relationships", "--base", "Model", "--naming", "database")
    code, out, _ = dbmcp("models", "shop.db", "-t", "sqlalchemy", *arguments, cwd=folder)
    assert code == 0
    assert "class Customer(Model):" in out
    assert "relationship(" not in out
    assert "import relationship" not in out


@pytest.mark.parametrize("options", [(), ("--package",), ("--no-views", "--naming", "database", "--tables", "cust*")])
def test_models_are_checked_with_the_options_they_were_made_with(folder: Path, options: tuple[str, ...]) -> None:
    out = "made" if "--package" in options else "made.txt"
    assert dbmcp("models", "shop.db", "-t", "sqlalchemy", *options, "--out", out, cwd=folder)[0] == 0
    code, printed, err = dbmcp("models", "shop.db", "--check", out, cwd=folder)
    assert (code, printed, err) == (0, f"{out} is as the database is\n", "")
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("ALTER TABLE customer ADD COLUMN mail TEXT")
    connection.close()
    code, printed, _ = dbmcp("models", "shop.db", "--check", out, cwd=folder)
    assert code == 1
    assert [line for line in printed.splitlines() if line.startswith("  + ") and "mail" in line]


def test_what_differs_is_told_with_the_class_it_is_in(folder: Path) -> None:
    path = folder / "models.py"
    assert dbmcp("models", "shop.db", "-t", "sqlalchemy", "--out", "models.py", cwd=folder)[0] == 0
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("ALTER TABLE customer RENAME COLUMN name TO full_name")
    connection.close()
    code, out, _ = dbmcp("models", "shop.db", "--check", "models.py", cwd=folder)
    assert code == 1
    assert out.splitlines() == [
        "models.py differs",
        "  class Customer(Base):",
        "  -     name: Mapped[str] = mapped_column(sa.Text)",
        "  +     full_name: Mapped[str] = mapped_column(sa.Text)",
    ]
    assert "full_name" not in path.read_text("utf-8")


def test_files_that_are_missing_and_files_of_tables_that_are_gone_are_told(folder: Path) -> None:
    assert dbmcp("models", "shop.db", "-t", "sqlalchemy", "--package", "--out", "shop", cwd=folder)[0] == 0
    (folder / "shop" / "customer.py").rename(folder / "shop" / "buyer.py")
    (folder / "shop" / "mine.py").write_text("# not generated\n")
    assert dbmcp("models", "shop.db", "--check", "shop", cwd=folder)[:2] == (
        1,
        "customer.py is missing\nbuyer.py is of nothing that is there\n",
    )


@pytest.mark.parametrize(
    "first, arguments, told",
    [
        ("# mine\n", (), "holds nothing that dbmcp has written"),
        ("# Models, written by dbmcp.\n", (), "does not say what it was made with"),
        ("# Models, written by dbmcp.\n# dbmcp models --target 'x\n", (), "does not say what it was made with"),
        ("# Models, written by dbmcp.\n", ("--out", "other.py"), "--check writes nothing"),
    ],
)
def test_what_cannot_be_checked_is_refused(folder: Path, first: str, arguments: tuple[str, ...], told: str) -> None:
    (folder / "made.py").write_text(first)
    code, out, err = dbmcp("models", "shop.db", "--check", "made.py", *arguments, cwd=folder)
    assert (code, out) == (2, "")
    assert told in " ".join(err.split())


def test_options_win_over_what_a_file_says(folder: Path) -> None:
    assert dbmcp("models", "shop.db", "-t", "sqlalchemy", "--out", "made.py", cwd=folder)[0] == 0
    code, out, _ = dbmcp("models", "shop.db", "-t", "pydantic", "--check", "made.py", cwd=folder)
    assert code == 1
    assert out.startswith("made.py differs\n")
