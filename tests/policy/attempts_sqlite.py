"""The databases under attack on SQLite, and the policy; attempts_sqlite.sql holds what is tried.

`qzx`, `kjy` and 777000 stand in nothing that may be seen.
"""

from __future__ import annotations

from collections.abc import Callable

POLICY = {
    "deny_tables": ["vault", "secret_*", "memo", "old_memo", "place"],
    "tables": {
        "person": {
            "deny": ["ssn", "loud"],
            "mask": {
                "email": "hash",
                "phone": "partial",
                "note": "redact",
                "salary": "null",
                "city": {"sql": "upper(substr(city, 1, 1))"},
            },
            "where": "tenant = 'a'",
        },
        # Masked alone: no row is hidden.
        "animal": {"mask": {"keeper": "redact", "chip": "hash"}},
        # The condition looks at nothing but the row's number.
        "shelf": {"where": "id < 100"},
        'Odd "Table': {"mask": {"Sécret Cölumn": "redact"}},
        "Überblick": {"deny": ["geheim"]},
        "spent": {"mask": {"total": "redact"}},
    },
}

_TABLES = """
CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, name TEXT, email TEXT UNIQUE, phone TEXT,
  note TEXT DEFAULT 'qzx-default' CHECK (note <> 'qzx-check'), salary INTEGER, city TEXT, ssn TEXT UNIQUE,
  code TEXT, amount INTEGER, doc TEXT, path TEXT, day TEXT,
  loud TEXT GENERATED ALWAYS AS (upper(note))
);
CREATE INDEX person_name ON person (name) WHERE note <> 'qzx-index';
CREATE TABLE purchase (id INTEGER, person_id INTEGER REFERENCES person (id), ssn TEXT, total INTEGER);
CREATE TABLE badge (id INTEGER, holder TEXT REFERENCES person (ssn));
CREATE TABLE vault (id INTEGER PRIMARY KEY, content TEXT DEFAULT 'qzx-vault-default');
CREATE TABLE secret_plan (what TEXT);
CREATE TABLE animal (id INTEGER PRIMARY KEY, name TEXT, keeper TEXT, chip TEXT) WITHOUT ROWID;
CREATE TABLE shelf (id INTEGER PRIMARY KEY, what TEXT);
CREATE TABLE "Odd ""Table" ("a b" INTEGER, "Sécret Cölumn" TEXT);
CREATE TABLE "Überblick" (id INTEGER, geheim TEXT);
CREATE TRIGGER person_kept AFTER DELETE ON person BEGIN INSERT INTO vault (content) VALUES (old.note || 'qzx'); END;
"""

# Copies and indexes of what is hidden: denied by name, or by what they are made of.
_VIRTUAL = """
CREATE VIRTUAL TABLE memo USING fts5 (body);
CREATE VIRTUAL TABLE memo_words USING fts5vocab ("memo", 'instance');
CREATE VIRTUAL TABLE old_memo USING fts4 (body);
CREATE VIRTUAL TABLE old_words USING fts4aux (old_memo);
CREATE VIRTUAL TABLE place USING rtree (id, low, high, +name TEXT);
CREATE VIRTUAL TABLE person_index USING fts5 (note, content = 'Person', content_rowid='id');
CREATE VIRTUAL TABLE person_words USING fts5vocab (person_index, row);
CREATE VIRTUAL TABLE view_index USING fts4 (content="person_view", note);
INSERT INTO person_index (person_index) VALUES ('rebuild'); INSERT INTO view_index (view_index) VALUES ('rebuild');
"""

_VIEWS = """
CREATE VIEW memo_view AS SELECT body FROM memo;
CREATE VIEW person_view AS SELECT id, note FROM person WHERE note <> 'qzx-view';
CREATE VIEW person_far AS SELECT * FROM person_view;
CREATE VIEW person_count AS SELECT count(*) AS n FROM person;
CREATE VIEW person_there AS SELECT 1 AS one FROM person;
CREATE VIEW vault_there AS SELECT EXISTS (SELECT 1 FROM vault WHERE content LIKE 'qzx%') AS there;
CREATE VIEW vault_joined AS SELECT id FROM purchase JOIN vault USING (id);
CREATE VIEW vault_joined_far AS SELECT id FROM vault_joined;
CREATE VIEW definitions AS SELECT name, sql FROM sqlite_schema;
CREATE VIEW animal_view AS SELECT keeper FROM animal;
"""

_OPEN = """
CREATE TABLE memo_log (what TEXT); INSERT INTO memo_log VALUES ('seen');
CREATE VIRTUAL TABLE leaflet USING fts5 (person, body); INSERT INTO leaflet VALUES ('ann', 'an open word');
CREATE VIRTUAL TABLE leaflet_words USING fts5vocab (leaflet, row);
INSERT INTO purchase VALUES (1, 1, 'ssn-1', 50), (2, 3, 'ssn-3', 60), (3, NULL, 'ssn-9', 70);
CREATE VIEW dear AS SELECT id, total FROM purchase WHERE total > 50;
"""

_VISIBLE = """
INSERT INTO person (id, tenant, name, email, phone, note, salary, city, ssn, code, amount, doc, path, day) VALUES
 (1, 'a', 'ann', 'kjy-ann@example.org', '0-qzx-1', 'qzx ann', 7770001, 'Pqzx', 'qzx-1', '12', 1, '{"a": 1}', '$.a',
  '2024-01-02'),
 (3, 'a', 'cyd', 'kjy-cyd@example.org', '0qzx', 'qzx cyd', 7770003, 'oqzx', 'qzx-3', '7', 2, '{"a": [2]}', '$',
  '2023-05-06'),
 (5, 'a', 'eve', NULL, NULL, NULL, NULL, NULL, NULL, '5', 3, '[]', '$.b', '2022-07-08');
INSERT INTO animal VALUES (1, 'cat', 'qzx-keeper', 'kjy-chip'), (2, 'rex', NULL, NULL);
INSERT INTO shelf VALUES (1, 'first'), (2, 'second');
INSERT INTO "Odd ""Table" VALUES (1, 'qzx-odd-one'), (2, NULL); INSERT INTO "Überblick" VALUES (1, 'qzx-geheim');
CREATE VIEW spent AS SELECT id, 'qzx' || total AS total FROM purchase;
"""

# Whatever is made of these rows fails: JSON, a path, the sum, the absolute value. Many, and long: statistics tell.
_HIDDEN = """
WITH RECURSIVE n (n) AS (SELECT 101 UNION ALL SELECT n + 1 FROM n WHERE n < 500)
INSERT INTO person (id, tenant, name, email, phone, note, salary, city, ssn, code, amount, doc, path, day)
SELECT n, 'b', 'qzx-name', 'qzx' || n, 'qzx', 'qzx ' || hex(zeroblob(100)), 7770009, 'qzx', 'qzx' || n, 'qzx',
  -9223372036854775808, '{', 'qzx', 'qzx' FROM n;
WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300)
INSERT INTO vault (content) SELECT 'qzx-vault' FROM n;
INSERT INTO secret_plan VALUES ('qzx-plan');
INSERT INTO memo VALUES ('qzx memo'), ('another qzx'); INSERT INTO old_memo VALUES ('qzx memo');
INSERT INTO place VALUES (1, 7770001, 7770002, 'qzx-place');
INSERT INTO shelf VALUES (100, 'qzx-hundred'), (101, '{'); INSERT INTO purchase VALUES (4, 101, 'ssn-101', 80);
ANALYZE;
"""

# The same figures where the foreign key shows one; nothing else is alike, and nothing fails.
_HIDDEN_OTHERWISE = """
INSERT INTO person (id, tenant, name, email, code, amount, doc, path, day)
VALUES (101, 'b', 'bob', 'bob@example.org', '1', 1, '{}', '$', '2024-01-01');
INSERT INTO vault (content) VALUES ('wvk-vault'); INSERT INTO secret_plan VALUES ('wvk-plan');
INSERT INTO memo VALUES ('wvk'); INSERT INTO old_memo VALUES ('wvk');
INSERT INTO purchase VALUES (4, 101, 'ssn-101', 80);
ANALYZE;
"""

_COMMON = _TABLES + _VIEWS + _VISIBLE + _VIRTUAL + _OPEN
ATTACKED = _COMMON + _HIDDEN
# The same e-mails and chips, whose hashes may be seen; ends of phone numbers and first letters of cities are alike.
TWIN = _COMMON.replace("qzx", "wvk").replace("77700", "123") + _HIDDEN_OTHERWISE


def plain(hashed: Callable[[str], str]) -> str:
    """Return the SQL of the database that holds what may be seen and nothing else."""
    ann, cyd = hashed("kjy-ann@example.org"), hashed("kjy-cyd@example.org")
    return f"""
CREATE TABLE person (id INTEGER, tenant TEXT, name TEXT, email TEXT, phone TEXT, note TEXT, salary INTEGER, city TEXT,
  code TEXT, amount INTEGER, doc TEXT, path TEXT, day TEXT);
INSERT INTO person VALUES
 (1, 'a', 'ann', '{ann}', '0***1', '***', NULL, 'P', '12', 1, '{{"a": 1}}', '$.a', '2024-01-02'),
 (3, 'a', 'cyd', '{cyd}', '***', '***', NULL, 'O', '7', 2, '{{"a": [2]}}', '$', '2023-05-06'),
 (5, 'a', 'eve', NULL, NULL, NULL, NULL, NULL, '5', 3, '[]', '$.b', '2022-07-08');
CREATE TABLE purchase (id INTEGER, person_id INTEGER, ssn TEXT, total INTEGER);
CREATE TABLE animal (id INTEGER, name TEXT, keeper TEXT, chip TEXT);
INSERT INTO animal VALUES (1, 'cat', '***', '{hashed("kjy-chip")}'), (2, 'rex', NULL, NULL);
CREATE TABLE shelf (id INTEGER, what TEXT); INSERT INTO shelf VALUES (1, 'first'), (2, 'second');
CREATE TABLE "Odd ""Table" ("a b" INTEGER, "Sécret Cölumn" TEXT);
INSERT INTO "Odd ""Table" VALUES (1, '***'), (2, NULL);
CREATE TABLE "Überblick" (id INTEGER); INSERT INTO "Überblick" VALUES (1);
CREATE TABLE spent (id INTEGER, total TEXT); INSERT INTO spent VALUES (1, '***'), (2, '***'), (3, '***'), (4, '***');
{_OPEN} INSERT INTO purchase VALUES (4, 101, 'ssn-101', 80);
"""
