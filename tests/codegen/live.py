"""Databases with rows, which generated models must fit: the samples, the demo, and the feature schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg
from psycopg.rows import dict_row

from dbmcp.catalog.model import Catalog
from tests import engines
from tests.catalog.snapshots import _SAMPLES, feature_sql, sample, snapshot

_COPY = re.compile(r"^(COPY .*? FROM stdin);\n(.*?)^\\\.$", re.MULTILINE | re.DOTALL)

# A value of every type that the feature schema has, and the null of each; but XML, which some servers do without.
_FEATURE_ROWS = """
SET session_replication_role = replica;
INSERT INTO person (code, name, feels, feelings, home, lucky, luckies, tiny, height, range, days, price, pay, ratio,
  exact, flag, tag, raw, born, at, at_tz, stamp, lasts, token, extra, old, bits, more_bits, host, net, card, spot,
  words, small, matrix)
VALUES (7, 'Ada', 'it''s fine', '{calm,NULL,""}', ROW('Main "St"', '01234', '(1,2)', '{calm}')::sales.address, 4,
  '{2,4}', 'x', '[1.5,2.5)', '[1,5)', '{"[2026-01-01,2026-02-01)",NULL}', 12.345, '1.50', 0.5, 'Infinity', true, 'ab',
  '\\x00ff80', '2026-02-28', '12:34:56.789', '01:02:03+02', '2026-01-02 03:04:05.67', '3 days 04:05:06.789',
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": [1, null, "ü"], "b": 1.5}', '[]', B'10101010', B'101',
  '10.0.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '(1,2)', 'a fat cat', 3, '{1.25,NULL,3}');
INSERT INTO person (code, name, lucky, range) VALUES (8, 'Bo', 2, 'empty');
INSERT INTO sales.orders (region, person_id) VALUES ('eu', 100), ('us', NULL);
INSERT INTO event (id, region, day, person_id) VALUES (1, 'de', '2026-03-04', 100), (2, 'fr', '2026-03-05', NULL);
INSERT INTO toy (id, color, age) VALUES (5, 'red', 2);
INSERT INTO "Order" ("select", "Group By", "😀", "UPPER", upper, "class", "1st", "new
line") VALUES (1, 'g', 'smile', 'U', 'u', 'c', 1, 'nl');
REFRESH MATERIALIZED VIEW counted;
"""


@contextmanager
def filled(server: engines.PostgresqlServer, name: str) -> Iterator[engines.PostgresqlDatabase]:
    """Make a database with its rows: "pagila", "chinook" or "feature"."""
    with engines.fresh_postgresql_database(server) as database:
        if name == "feature":
            for part in feature_sql(database):
                database.run(part)
            database.run(_FEATURE_ROWS)
        else:
            database.run(sample(f"{name}.sql"))
            _copy(database, (_SAMPLES / f"{name}.sql").read_text("utf-8"))
        yield database


def _copy(database: engines.PostgresqlDatabase, text: str) -> None:
    """Load the rows that only psql reads."""
    with psycopg.connect(database.url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement, rows in _COPY.findall(text):
            with cursor.copy(statement.encode()) as copy:
                copy.write(rows)


@cache
def quoted(*names: str) -> str:
    """Return a name as a statement writes it."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def rows(connection: psycopg.Connection, schema: str, name: str) -> list[dict[str, object]] | None:
    """Return the rows of a table or view; None for a view that cannot be read."""
    with connection.cursor(row_factory=dict_row) as cursor:
        try:
            return cursor.execute(f"SELECT * FROM {quoted(schema, name)}".encode()).fetchall()
        except psycopg.Error:
            connection.rollback()
            return None


def catalog_of(database: engines.PostgresqlDatabase) -> Catalog:
    """Return the snapshot of a database."""
    return snapshot(database.url)
