"""Generated Django models in a project: no check finds a fault, and every relation is followed both ways."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db.models import Model

from dbmcp.catalog.model import Catalog
from dbmcp.codegen.base import Choices
from dbmcp.codegen.django import generate
from dbmcp.codegen.django_parts.conditions import Known, condition
from dbmcp.codegen.django_parts.names import MEMBERS
from dbmcp.codegen.python_source import flat
from tests import engines
from tests.catalog.hostile import hostile
from tests.catalog.snapshots import snapshot
from tests.codegen import live
from tests.codegen.conftest import Sample
from tests.codegen.test_checked import run

# What no role can read: views that need each other or fail, and tables of servers that are not there.
UNREADABLE = {
    *("BrokenA", "BrokenB", "BrokenC", "FarTable", "FromFar", "PgStatStatement", "PgStatStatementsInfo", "Statement"),
    *("Far", "RentalByCategory", "Broken"),
}


def project(url: str, catalog: Catalog, folder: Path, choices: Choices | None = None, **task: object) -> dict[str, Any]:
    """Return what a project over the models of a database finds."""
    choices = choices or Choices()
    place = folder / "shop" / "models" if choices.is_package else folder / "shop"
    place.mkdir(parents=True)
    (folder / "shop" / "__init__.py").touch()
    for name, text in generate(catalog, choices).files.items():
        (place / name).write_text(text, "utf-8")
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": url}
    if url.startswith("postgres"):
        parts = urlsplit(url)
        # A server may be reached by a socket, whose folder the query says.
        host = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair).get("host", parts.hostname)
        database = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path[1:],
            "USER": parts.username or "",
            "PASSWORD": parts.password or "",
            "HOST": host or "",
            "PORT": str(parts.port or ""),
        }
    given = {"folder": str(folder), "database": database, "every": False, "then": "", **task}
    program = Path(__file__).with_name("django_project.py")
    command = [sys.executable, "-W", "error", str(program)]
    ran = subprocess.run(
        command,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=program.parents[2],
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    assert found["checks"] == []
    assert found["migration"] > 0
    return found


LEAST = {"feature": 12, "pagila": 40, "chinook": 24, "hostile": 68, "demo": 38}


def assert_works(sample: Sample, found: dict[str, Any]) -> None:
    least = 4 if sample.name == "feature" and not sample.url.startswith("postgres") else LEAST[sample.name]
    assert found["relations"] >= least
    assert set(found["failed"]) <= UNREADABLE
    text = generate(sample.catalog, Choices()).files["models.py"]
    read_only = set(re.findall(r"^class (\w+)\(ReadOnly\)", text, re.MULTILINE))
    assert found["refused"] == 6 * len(read_only - set(found["failed"]))


def test_models_of_postgresql_pass_all_checks_and_lead_everywhere(on_postgresql: Sample, tmp_path: Path) -> None:
    assert_works(on_postgresql, project(on_postgresql.url, on_postgresql.catalog, tmp_path))


def test_models_of_sqlite_pass_all_checks_and_read_every_row(on_sqlite: Sample, tmp_path: Path) -> None:
    found = project(on_sqlite.url, on_sqlite.catalog, tmp_path, every=True)
    assert_works(on_sqlite, found)
    assert found["rows"] >= {"chinook": 15_000, "demo": 13_000, "feature": 0}[on_sqlite.name]


CHOICES = {
    "feature": [Choices(is_package=True), Choices(constraints=False)],
    "hostile": [
        Choices(is_package=True, naming="database", base="Record"),
        Choices(tables=("o*", "acc*", "person", "columns")),
    ],
    "pagila": [Choices(relationships=False, views=False)],
    "chinook": [Choices(naming="database")],
}


def test_models_of_every_choice_pass_all_checks(on_postgresql: Sample, tmp_path: Path) -> None:
    for place, choices in enumerate(CHOICES[on_postgresql.name]):
        found = project(on_postgresql.url, on_postgresql.catalog, tmp_path / str(place), choices)
        text = "\n".join(generate(on_postgresql.catalog, choices).files.values())
        assert set(found["failed"]) <= UNREADABLE
        assert f"({choices.base}):" in text
        assert ("ForeignKey(" in text) == choices.relationships
        assert choices.constraints or "Index(" not in text


_VALUES = """
row = models.Person.objects.get(code=7)
for name in ("feels", "feelings", "home", "lucky", "price", "matrix", "stamp", "old", "extra", "lasts", "raw", "host"):
    value = getattr(row, name)
    found[name] = bytes(value).hex() if name == "raw" else str(value)
row.feelings, row.stamp, row.old = ["", None, "it's fine"], "2026-05-06 07:08", {"a": [1]}
row.save()
row.refresh_from_db()
found["again"] = [row.feelings, str(row.stamp), row.old]
found["by"] = models.Person.objects.filter(feelings__contains=["calm"]).count()
found["mood"] = models.Person.objects.filter(feels=models.Mood.IT_S_FINE).get().code
"""


def test_values_of_every_type_are_read_and_written(
    postgresql_from_wheel: engines.PostgresqlServer, tmp_path: Path
) -> None:
    with live.filled(postgresql_from_wheel, "feature") as database:
        catalog = live.catalog_of(database)
        found = project(database.url, catalog, tmp_path, every=True, then=_VALUES)["found"]
    assert found == {
        "feels": "it's fine",
        "feelings": "['calm', None, '']",
        "home": '("Main ""St""",01234,"(1,2)",{calm})',
        "lucky": "4",
        "price": "12.345",
        "matrix": "[Decimal('1.25'), None, Decimal('3.00')]",
        "stamp": "2026-01-02 03:04:05.670000",
        "old": "[]",
        "extra": "{'a': [1, None, 'ü'], 'b': 1.5}",
        "lasts": "3 days, 4:05:06.789000",
        "raw": "00ff80",
        "host": "10.0.0.1/24",
        "again": [["", None, "it's fine"], "2026-05-06 07:08:00", {"a": [1]}],
        "by": 0,
        "mood": 7,
    }


_SHOP = """
CREATE TYPE size AS ENUM ('S', 'M');
CREATE DOMAIN positive AS integer DEFAULT 1 CHECK (VALUE > 0);
CREATE SCHEMA stock;
CREATE TABLE maker (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE item (
  maker_code text NOT NULL REFERENCES maker (code) ON UPDATE CASCADE ON DELETE CASCADE, number integer NOT NULL,
  size size DEFAULT 'S', amount positive NOT NULL, net numeric NOT NULL DEFAULT 1.5,
  gross numeric GENERATED ALWAYS AS (net * 2) STORED, made timestamptz NOT NULL DEFAULT now(),
  token uuid DEFAULT gen_random_uuid(), label text CHECK (label <> '' AND (number > 0 OR label IS NULL)),
  PRIMARY KEY (maker_code, number));
CREATE UNIQUE INDEX item_by_label ON item (lower(label) DESC) WHERE label IS NOT NULL;
CREATE TABLE tag (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
CREATE TABLE maker_tag (maker_id integer REFERENCES maker, tag_id uuid REFERENCES tag, since date,
  PRIMARY KEY (maker_id, tag_id));
CREATE TABLE stock.item (id smallserial PRIMARY KEY, maker text, number integer,
  FOREIGN KEY (maker, number) REFERENCES item ON DELETE SET NULL);
CREATE TABLE visit (id serial PRIMARY KEY, size size, at timestamp);
CREATE TABLE one (id integer PRIMARY KEY);
CREATE TABLE two (id integer PRIMARY KEY REFERENCES one);
ALTER TABLE one ADD FOREIGN KEY (id) REFERENCES two DEFERRABLE INITIALLY DEFERRED;
"""
_WRITES = """
from datetime import datetime
from django.core.exceptions import ValidationError
models.Visit.objects.bulk_create([models.Visit(size="S", at=datetime(2026, 1, day)) for day in (1, 2)])
early = models.Visit.objects.filter(at__lt=datetime(2026, 1, 2), size__in=["S", "M"])
found["visits"] = [[each.id, each.size, str(each.at)] for each in early]
maker = models.Maker.objects.create(code="m")
item = models.Item(maker=maker, number=1, label="A")
item.full_clean()
item.save()
item.refresh_from_db()
found["given"] = [item.size, item.amount, str(item.net), str(item.gross), len(str(item.token))]
found["pk"] = item.pk
try:
    models.Item(maker=maker, number=-1, label="b").full_clean()
except ValidationError as error:
    found["refused"] = error.messages
stocked = models.StockItem.objects.create(item=item)
found["stocked"] = list(models.Item.objects.get(pk=("m", 1)).items.values_list("id", flat=True)) == [stocked.id]
tag = models.Tag.objects.create(name="t")
tag.refresh_from_db()
maker.tags.add(tag)
found["tags"] = [each.code for each in tag.makers.all()]
with_maker = models.Item.objects.select_related("maker").get(items__isnull=False)
found["maker"] = with_maker.maker.code
models.MakerTag.objects.all().delete()
maker.delete()
stocked.refresh_from_db()
found["left"] = [models.Item.objects.count(), stocked.maker]
"""


def shop(database: engines.PostgresqlDatabase) -> Catalog:
    """Make a small database of everything that is written in a way of its own."""
    database.run(_SHOP)
    return snapshot(database.url)


def test_what_the_database_gives_and_does_is_left_to_it(
    postgresql_from_wheel: engines.PostgresqlServer, tmp_path: Path
) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        found = project(database.url, shop(database), tmp_path, then=_WRITES)["found"]
    assert found == {
        "visits": [[1, "S", "2026-01-01 00:00:00"]],
        "given": ["S", 1, "1.5", "3.0", 36],
        "pk": ["m", 1],
        "refused": ["Constraint “item_check” is violated."],
        "stocked": True,
        "tags": ["m"],
        "maker": "m",
        "left": [0, None],
    }


_ITEM = """class Item(Base):
    pk = models.CompositePrimaryKey("maker_id", "number")
    maker = models.ForeignKey(
        "Maker",
        DB_CASCADE,
        to_field="code",
        related_name="items",
        db_column="maker_code",
    )
    number = models.IntegerField()
    size = DatabaseField(
        "public.size", choices=Size, null=True, blank=True, db_default="S"
    )
    amount = models.IntegerField(db_default=1)
    net = NumericField(db_default=RawSQL("1.5", ()))
    gross = models.GeneratedField(
        expression=RawSQL("(net * (2)::numeric)", ()),
        output_field=NumericField(),
        db_persist=True,
    )
    made = models.DateTimeField(db_default=functions.Now())
    token = models.UUIDField(
        null=True, blank=True, db_default=RawSQL("gen_random_uuid()", ())
    )
    label = models.TextField(null=True, blank=True)

    class Meta(Base.Meta):
        db_table = '"public"."item"'
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    ~models.Q(label=""),
                    models.Q(
                        models.Q(number__gt=0),
                        models.Q(label__isnull=True),
                        _connector="OR",
                    ),
                ),
                name="item_check",
            ),
            models.UniqueConstraint(
                functions.Lower("label").desc(),
                name="item_by_label",
                condition=models.Q(label__isnull=False),
            ),
        ]
"""


def test_a_model_says_what_the_table_is(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        made = generate(shop(database), Choices())
    text = made.files["models.py"]
    assert _ITEM in text
    assert 'tags = models.ManyToManyField("Tag", through="MakerTag", related_name="makers")' in text
    assert 'class Size(models.TextChoices):\n    S = "S"\n    M = "M"\n' in text
    # Two keys that lead to each other have no type of their own.
    assert text.count("models.ForeignObject(") == 3
    assert made.left_out == ("ON UPDATE, MATCH and SET DEFAULT of foreign keys: item_maker_code_fkey of item",)


def test_ruff_would_lay_it_out_the_same(on_postgresql: Sample, tmp_path: Path) -> None:
    for is_package in (False, True):
        assert_laid_out(on_postgresql.catalog, Choices(is_package=is_package), tmp_path / str(is_package))


def test_ruff_would_lay_out_names_of_every_sign_and_length_the_same(tmp_path: Path) -> None:
    assert_laid_out(hostile(), Choices(), tmp_path / "hostile")


def assert_laid_out(catalog: Catalog, choices: Choices, folder: Path) -> None:
    """Hold generated files to ruff."""
    folder.mkdir()
    for name, text in generate(catalog, choices).files.items():
        (folder / name).write_text(text, "utf-8")
    run(sys.executable, "-m", "ruff", "format", "--isolated", "--check", ".", folder=folder)
    run(sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,I", ".", folder=folder)


def test_a_part_of_a_database_has_the_names_of_the_whole(on_postgresql: Sample) -> None:
    def named(choices: Choices) -> dict[str, str]:
        text = generate(on_postgresql.catalog, choices).files["models.py"]
        pattern = r"^class (\w+)\((?:Base|ReadOnly)\):\n(?: .*\n|\n)*?        db_table = (.+)$"
        tables = re.findall(pattern, text, re.MULTILINE)
        return {table: name for name, table in tables}

    part = named(Choices(tables=("*o*",), views=False))
    assert len(part) > 3
    assert part.items() <= named(Choices()).items()


def test_no_attribute_hides_what_a_model_has() -> None:
    assert {name for name in dir(Model) if not name.startswith("_")} <= MEMBERS


_KNOWN = {
    "a": Known("a", "integer", is_nullable=True),
    "n": Known("n", "integer", is_nullable=False),
    "kind": Known("kind", "text", is_nullable=True),
    "Born": Known("born", "date", is_nullable=True),
    "flag": Known("flag", "boolean", is_nullable=False),
}
_CASES = [
    ("((a >= 1) AND (a < 10))", "models.Q(a__gte=1, a__lt=10)"),
    ("a BETWEEN -1 AND 5", "models.Q(a__gte=-1, a__lte=5)"),
    ("(5 < a)", "models.Q(a__gt=5)"),
    ("(a > '5'::integer)", "models.Q(a__gt=5)"),
    ("((a > 1) OR (a IS NULL))", 'models.Q(models.Q(a__gt=1), models.Q(a__isnull=True), _connector="OR")'),
    (
        "((kind)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
        'models.Q(kind__in=["x", "y"])',
    ),
    ("kind IN ('it''s', 'b')", 'models.Q(kind__in=["it\'s", "b"])'),
    ("(kind <> ''::text)", '~models.Q(kind="")'),
    ("(a = n)", 'models.Q(a=models.F("n"))'),
    ("(NOT flag)", "~models.Q(flag=True)"),
    ("(\"Born\" > '2000-01-01'::date)", 'models.Q(born__gt="2000-01-01")'),
    ("(length(kind) > 3)", None),
    ("(kind ~ '^a'::text)", None),
    ("((a)::text = '1'::text)", None),
    ("(a > (n + 1))", None),
    ("(gone > 1)", None),
    ("(kind > 1)", None),
    ("(NOT (NOT (a = 1)))", None),
    ("(a > 1.5)", None),
    ("((a > 1) AND", None),
]


@pytest.mark.parametrize("text, said", _CASES)
def test_conditions_are_said_as_far_as_q_can(text: str, said: str | None) -> None:
    found = condition(text, _KNOWN, is_check=True)
    assert (found and flat(found)) == said


def test_an_index_does_not_say_what_would_hold_other_rows() -> None:
    assert condition("(n <> 1)", _KNOWN, is_check=False) is not None
    assert condition("(a <> 1)", _KNOWN, is_check=False) is None
