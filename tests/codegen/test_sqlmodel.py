"""Generated SQLModel classes: they are like the database, make one that is, and validate every row of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from dbmcp.catalog.model import Catalog
from dbmcp.codegen.base import Choices
from dbmcp.codegen.sqlmodel import TAKEN, generate
from tests import engines
from tests.catalog.snapshots import snapshot
from tests.codegen import live
from tests.codegen.conftest import Sample
from tests.codegen.test_checked import ROOT, run
from tests.codegen.test_sqlalchemy import comparable, prepared


def at_work(
    url: str, catalog: Catalog, folder: Path, choices: Choices | None = None, *, empty: str | None = None
) -> dict[str, Any]:
    """Return what a program over the models of a database finds."""
    choices = choices or Choices()
    place = folder / "models" if choices.is_package else folder
    place.mkdir(parents=True, exist_ok=True)
    for name, text in generate(catalog, choices).files.items():
        (place / name).write_text(text, "utf-8")
    domains = [live.quoted(item.schema, item.name) for item in catalog.types if item.kind == "domain"]
    given = {"folder": str(folder), "base": choices.base, "url": url, "empty": empty, "domains": domains}
    command = [sys.executable, "-W", "error", "-m", "tests.codegen.sqlmodel_program"]
    ran = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=False, timeout=120, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_models_of_postgresql_are_like_the_database_and_make_one_that_is(
    on_postgresql: Sample, postgresql_database: engines.PostgresqlDatabase, tmp_path: Path
) -> None:
    sample, empty = prepared(on_postgresql), postgresql_database.url
    found = at_work(sample.url, sample.catalog, tmp_path, empty=empty)
    again = snapshot(empty)
    assert found["live"] == found["made"] == found["failed"] == found["changed"] == []
    assert found["relationships"] == generate(sample.catalog, Choices()).counts["relationships"]
    assert [item for item in comparable(sample.catalog) if item not in comparable(again)] == []


def test_models_of_sqlite_make_an_equal_database_and_validate_every_row(on_sqlite: Sample, tmp_path: Path) -> None:
    found = at_work(on_sqlite.url, on_sqlite.catalog, tmp_path, empty=str(tmp_path / "made.sqlite"))
    assert found["made"] == found["failed"] == found["changed"] == []
    assert found["relationships"] == generate(on_sqlite.catalog, Choices()).counts["relationships"]
    assert found["rows"] >= {"chinook": 6_000, "demo": 11_000, "feature": 0}[on_sqlite.name]


@pytest.mark.parametrize("name, least, changed", [("feature", 7, ["Person.luckies"]), ("pagila", 46_000, [])])
def test_every_row_of_postgresql_is_validated_and_comes_back_from_json(
    postgresql_from_wheel: engines.PostgresqlServer, name: str, least: int, changed: list[str], tmp_path: Path
) -> None:
    """Of an array of a domain the driver gives texts, which are validated to what they say."""
    with live.filled(postgresql_from_wheel, name) as database:
        found = at_work(database.url, live.catalog_of(database), tmp_path)
    assert found["rows"] >= least
    assert found["changed"] == changed


CHOICES = {
    "feature": Choices(is_package=True),
    "hostile": Choices(is_package=True, naming="database", base="Record"),
    "pagila": Choices(relationships=False, constraints=False, views=False),
    "chinook": Choices(tables=("album", "track"), naming="database"),
}


def test_models_of_every_choice_are_configured_and_read(on_postgresql: Sample, tmp_path: Path) -> None:
    choices = CHOICES[on_postgresql.name]
    made = generate(on_postgresql.catalog, choices)
    text = "\n".join(made.files.values())
    found = at_work(on_postgresql.url, on_postgresql.catalog, tmp_path, choices)
    assert f"({choices.base}, table=True):" in text
    assert ("Relationship(" in text) == choices.relationships
    assert choices.constraints or "sa.Index(" not in text
    assert found["failed"] or found["relationships"] == made.counts["relationships"]


_SHOP = """
CREATE TYPE size AS ENUM ('S', 'M');
CREATE TABLE maker (id serial PRIMARY KEY, "Name" varchar(5) NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE item (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, maker_id integer NOT NULL UNIQUE REFERENCES maker, size size,
  net numeric(6, 2) NOT NULL DEFAULT 1, sizes size[]);
"""
_ITEM = """class Item(Base, table=True):
    __tablename__ = "item"
    __table_args__ = (sa.UniqueConstraint("maker_id", name="item_maker_id_key"),)

    id: int = Field(
        default=None,
        sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True),
    )
    maker_id: int = Field(
        sa_column=sa.Column(
            sa.Integer,
            sa.ForeignKey("maker.id", name="item_maker_id_fkey"),
            nullable=False,
        ),
    )
    size: Size | None = Field(default=None, sa_column=sa.Column(_size))
    net: _decimal.Decimal = Field(
        default=None,
        max_digits=6,
        decimal_places=2,
        sa_column=sa.Column(
            sa.Numeric(6, 2), server_default=sa.text("1"), nullable=False
        ),
    )
    sizes: list[Size | None] | None = Field(
        default=None, sa_column=sa.Column(pg.ARRAY(_size))
    )

    maker: "Maker" = Relationship(
        sa_relationship=relationship("Maker", back_populates="item")
    )
"""
_USED = """
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

import models
from models import Item, Maker, Size

maker: Maker = Maker(name="a", item=Item(size=Size.S))
engine = sa.create_engine("postgresql+psycopg" + URL[URL.index(":") :])
SQLModel.metadata.create_all(engine)
with Session(engine) as session:
    session.add(maker)
    session.commit()
    found = session.exec(select(Item).where(Item.maker_id == maker.id)).one()
    assert (found.maker.name, found.net, found.size, found.id) == ("a", 1, Size.S, 1)
    assert maker.item is found
    again = Maker.model_validate_json('{"name": "b"}')
    session.add(again)
    session.commit()
    assert again.id == 2
    assert Maker.model_validate({"Name": "c"}).name == "c"
    try:
        Maker.model_validate({"Name": "longer"})
    except ValueError as error:
        print(error.errors()[0]["type"])
"""


def shop(server: engines.PostgresqlServer) -> Catalog:
    """Return the snapshot of a small database."""
    with engines.fresh_postgresql_database(server) as database:
        database.run(_SHOP)
        return snapshot(database.url)


def test_a_class_is_a_table_and_a_model(postgresql_from_wheel: engines.PostgresqlServer, tmp_path: Path) -> None:
    text = generate(shop(postgresql_from_wheel), Choices()).files["models.py"]
    assert _ITEM in text
    (tmp_path / "models.py").write_text(text, "utf-8")
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        (tmp_path / "used.py").write_text(f"URL = {database.url!r}\n{_USED}", "utf-8")
        assert run(sys.executable, "-W", "error", "used.py", folder=tmp_path) == "string_too_long\n"


def test_no_attribute_hides_what_a_model_has() -> None:
    assert {name for name in dir(SQLModel) if not name.startswith("_")} <= TAKEN
