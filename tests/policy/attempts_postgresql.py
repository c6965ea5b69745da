"""The databases under attack on PostgreSQL, the policy, and what is tried: one statement a line.

`qzx`, `kjy` and 777000 stand in nothing that may be seen.
"""

from __future__ import annotations

from collections.abc import Callable

POLICY = {
    "deny_tables": ["vault", "hr.*", "*.secret_*"],
    "allow_views": ["tally"],
    "tables": {
        "person": {
            "deny": ["ssn", "words", "loud"],
            "mask": {
                "email": "hash",
                "phone": "partial",
                "note": "redact",
                "late": "redact",
                "salary": "null",
                "city": {"sql": "upper(left(city, 1))"},
            },
            "where": "tenant = 'a'",
        },
        "event": {"where": "tenant = 'a'"},
        "animal": {"mask": {"keeper": "null"}},
        "tool": {"mask": {"code": "redact"}},
        'Odd "Table': {"mask": {"Sécret Cölumn": "redact"}},
        "Überblick": {"deny": ["geheim"]},
    },
}

_TABLES = """
CREATE TYPE mood AS ENUM ('calm', 'cross');
CREATE TABLE person (
  id integer PRIMARY KEY, tenant text NOT NULL, name text, mood mood, email text UNIQUE, phone text,
  note text DEFAULT 'qzx-default' CHECK (note <> 'qzx-check'), salary integer, city text, ssn text UNIQUE,
  code text, amount integer, low integer, pattern text, day text, doc text, tags text[],
  words tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(note, ''))) STORED,
  loud text GENERATED ALWAYS AS (upper(note)) STORED
);
CREATE INDEX person_name ON person (name) WHERE note <> 'qzx-index';
CREATE STATISTICS person_pairs ON name, city, (left(note, 5)) FROM person;
CREATE TABLE purchase (id integer, person_id integer REFERENCES person (id), ssn text, total integer);
CREATE TABLE badge (id integer, holder text REFERENCES person (ssn));
CREATE TABLE vault (id serial, content text DEFAULT 'qzx-vault-default');
CREATE SCHEMA hr; CREATE TABLE hr.pay (id integer, amount integer);
CREATE SCHEMA other; CREATE TABLE other.person (id integer, email text); CREATE TABLE other.secret_plan (what text);
CREATE TABLE event (id integer, tenant text, what text) PARTITION BY LIST (tenant);
CREATE TABLE event_a PARTITION OF event FOR VALUES IN ('a');
CREATE TABLE event_b PARTITION OF event FOR VALUES IN ('b', 'qzx-bound');
CREATE TABLE shelf (id integer) PARTITION BY RANGE (id);
CREATE TABLE shelf_1 PARTITION OF shelf FOR VALUES FROM (0) TO (10);
CREATE TABLE animal (id integer, name text, keeper text); CREATE TABLE dog (breed text) INHERITS (animal);
CREATE TABLE thing (id integer); CREATE TABLE toy () INHERITS (thing); CREATE TABLE tool (code text) INHERITS (thing);
CREATE TABLE "Odd ""Table" ("a b" integer, "Sécret Cölumn" text);
CREATE INDEX odd ON "Odd ""Table" ("a b") WHERE "Sécret Cölumn" <> 'qzx-odd';
CREATE TABLE "Überblick" (id integer, geheim text);
CREATE FUNCTION note_of(integer) RETURNS text LANGUAGE sql STABLE
  AS $$SELECT note FROM public.person WHERE id = $1 /* qzx-source */$$;
CREATE FUNCTION note_of_person(person) RETURNS text LANGUAGE sql STABLE AS $$SELECT max(note) FROM public.person$$;
CREATE DOMAIN any_purchase AS purchase;
CREATE FUNCTION note_of_purchase(any_purchase) RETURNS text LANGUAGE sql STABLE
  AS $$SELECT max(note) FROM public.person$$;
CREATE FUNCTION peek(anyelement) RETURNS text LANGUAGE sql STABLE AS $$SELECT max(note) FROM public.person$$;
"""

_VIEWS = """
CREATE VIEW person_view AS SELECT id, note FROM person WHERE note <> 'qzx-view';
CREATE VIEW person_far AS SELECT * FROM person_view;
CREATE VIEW person_count AS SELECT count(*) FROM person;
CREATE MATERIALIZED VIEW person_stored AS SELECT id, note FROM person;
"""

_OPEN = """
INSERT INTO purchase VALUES (1, 1, 'ssn-1', 50), (2, 3, 'ssn-3', 60), (3, NULL, 'ssn-9', 70);
INSERT INTO other.person VALUES (1, 'open@example.org');
INSERT INTO shelf VALUES (1); INSERT INTO thing VALUES (1); INSERT INTO toy VALUES (2);
CREATE VIEW tally AS SELECT tenant, count(*) FROM person WHERE tenant = 'a' GROUP BY tenant;
CREATE VIEW spent AS SELECT sum(total) FROM purchase;
CREATE VIEW elsewhere AS SELECT email FROM other.person;
"""

_VISIBLE = """
INSERT INTO person (id, tenant, name, mood, email, phone, note, salary, city, ssn, code, amount, low, pattern, day,
                    doc, tags) VALUES
 (1, 'a', 'ann', 'calm', 'kjy-ann@example.org', '0-qzx-1', 'qzx ann', 7770001, 'Pqzx', 'qzx-1',
  '12', 1, 1, 'a+', '2024-01-02', '{"a": 1}', '{1,2}'),
 (3, 'a', 'cyd', 'cross', 'kjy-cyd@example.org', '0qzx', 'qzx cyd', 7770003, 'oqzx', 'qzx-3',
  '7', 2, 2, 'y$', '2023-05-06', '{"a": [2]}', '{3}'),
 (5, 'a', 'eve', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '5', 3, 3, '.', '2022-07-08', '[]', NULL);
INSERT INTO animal VALUES (1, 'cat', 'qzx-keeper'); INSERT INTO dog VALUES (2, 'rex', 'qzx-other', 'pug');
INSERT INTO tool VALUES (3, 'qzx-tool'); INSERT INTO "Odd ""Table" VALUES (1, 'qzx-odd-one'), (2, NULL);
INSERT INTO "Überblick" VALUES (1, 'qzx-geheim'); INSERT INTO event VALUES (1, 'a', 'seen');
"""

# Whatever is made of these rows fails: a cast, a division, a range, a date. Many, and long: statistics tell of them.
_HIDDEN = """
INSERT INTO person (id, tenant, name, email, phone, note, salary, city, ssn, code, amount, low, pattern, day, doc, tags)
SELECT n, 'b', 'qzx-name', 'qzx' || n, 'qzx', 'qzx ' || repeat('x', 200), 7770009, 'qzx', 'qzx' || n,
  'qzx' || n, 0, 2147483647, '(', '2024-13-99', '{', '{qzx}' FROM generate_series(101, 500) AS n;
INSERT INTO vault (content) SELECT 'qzx-vault' FROM generate_series(1, 300);
INSERT INTO hr.pay VALUES (1, 7770002); INSERT INTO other.secret_plan VALUES ('qzx-plan');
INSERT INTO event SELECT n, 'b', 'qzx-event' FROM generate_series(2, 300) AS n;
INSERT INTO purchase VALUES (4, 101, 'ssn-101', 80);
"""

# The same figures where the foreign key shows one; nothing else is alike, and nothing fails.
_HIDDEN_OTHERWISE = """
INSERT INTO person (id, tenant, name, email, code, amount, low, pattern, day, doc, tags)
VALUES (101, 'b', 'bob', 'bob@example.org', '1', 1, 1, 'b', '2024-01-01', '{}', '{4}');
INSERT INTO vault (content) VALUES ('wvk-vault'); INSERT INTO hr.pay VALUES (2, 5);
INSERT INTO event VALUES (2, 'b', 'wvk'); INSERT INTO purchase VALUES (4, 101, 'ssn-101', 80);
"""

_LATE = "ALTER TABLE person ADD COLUMN late text DEFAULT 'qzx-late';"
_STORED = "REFRESH MATERIALIZED VIEW person_stored; ANALYZE;"

_COMMON = _TABLES + _VIEWS + _VISIBLE + _OPEN + _LATE
ATTACKED = _COMMON + _HIDDEN + _STORED
# The same e-mails, whose hashes may be seen; the ends of the phone numbers and the cities' first letters are alike.
TWIN = _COMMON.replace("qzx", "wvk").replace("77700", "123") + _HIDDEN_OTHERWISE + _STORED


def plain(hashed: Callable[[str], str]) -> str:
    """Return the SQL of the database that holds what may be seen and nothing else."""
    ann, cyd = hashed("kjy-ann@example.org"), hashed("kjy-cyd@example.org")
    tables = f"""
CREATE TYPE mood AS ENUM ('calm', 'cross');
CREATE TABLE person (
  id integer, tenant text, name text, mood mood, email text, phone text, note text, salary integer, city text,
  code text, amount integer, low integer, pattern text, day text, doc text, tags text[]);
INSERT INTO person VALUES
 (1, 'a', 'ann', 'calm', '{ann}', '0***1', '***', NULL, 'P', '12', 1, 1, 'a+', '2024-01-02', '{{"a": 1}}', '{{1,2}}'),
 (3, 'a', 'cyd', 'cross', '{cyd}', '***', '***', NULL, 'O', '7', 2, 2, 'y$', '2023-05-06', '{{"a": [2]}}', '{{3}}'),
 (5, 'a', 'eve', NULL, NULL, NULL, NULL, NULL, NULL, '5', 3, 3, '.', '2022-07-08', '[]', NULL);
CREATE TABLE purchase (id integer, person_id integer, ssn text, total integer);
CREATE SCHEMA other; CREATE TABLE other.person (id integer, email text);
CREATE TABLE event (id integer, tenant text, what text); INSERT INTO event VALUES (1, 'a', 'seen');
CREATE TABLE shelf (id integer) PARTITION BY RANGE (id);
CREATE TABLE shelf_1 PARTITION OF shelf FOR VALUES FROM (0) TO (10);
CREATE TABLE animal (id integer, name text, keeper text); INSERT INTO animal VALUES (1, 'cat', NULL), (2, 'rex', NULL);
CREATE TABLE thing (id integer); CREATE TABLE toy () INHERITS (thing);
CREATE TABLE tool (id integer, code text); INSERT INTO tool VALUES (3, '***');
CREATE TABLE "Odd ""Table" ("a b" integer, "Sécret Cölumn" text);
INSERT INTO "Odd ""Table" VALUES (1, '***'), (2, NULL);
CREATE TABLE "Überblick" (id integer); INSERT INTO "Überblick" VALUES (1);
"""
    return tables + _OPEN + _REST


_REST = """
INSERT INTO purchase VALUES (4, 101, 'ssn-101', 80);
ALTER TABLE person ADD COLUMN late text DEFAULT '***';
"""
