-- Names and keys that break generators.
CREATE SCHEMA other;
CREATE SCHEMA "Order";

-- Types called like tables, columns and Python's own.
CREATE TYPE person AS ENUM ('None', 'True', 'class', 'class_', '1st', '', ' ', '😀', 'mro', 'name', 'a b', 'a-b', 'A_B', '%', 'it''s', 'say "it''s"');
CREATE TYPE str AS ENUM ('a');
CREATE TYPE other.str AS ENUM ('b');
CREATE DOMAIN date_ AS date;
CREATE DOMAIN "Mapped" AS text;
CREATE TYPE "int" AS (a integer, b text);

-- Tables called like what a module or class of Python has.
CREATE TABLE "Base" (id integer PRIMARY KEY);
CREATE TABLE base (id integer PRIMARY KEY);
CREATE TABLE "Mapped_column" (id integer PRIMARY KEY);
CREATE TABLE "mapped" (id integer PRIMARY KEY);
CREATE TABLE metadata (id integer PRIMARY KEY, metadata text, registry text, query text);
CREATE TABLE registry (id integer PRIMARY KEY);
CREATE TABLE sa (id integer PRIMARY KEY);
CREATE TABLE "ReadOnly" (id integer PRIMARY KEY);
CREATE TABLE exceptions (id integer PRIMARY KEY);
CREATE TABLE "None" (id integer PRIMARY KEY);
CREATE TABLE type (id integer PRIMARY KEY);
CREATE TABLE "list" (id integer PRIMARY KEY, list integer[], str str, other_str other.str, "int" "int");
CREATE TABLE "1st" (id integer PRIMARY KEY, "1st" text, "2" text, "²" text);
CREATE TABLE "😀" (id integer PRIMARY KEY, "😀" text, "❤️" text, "$$$" text, "%(x)s" text, ":x" text DEFAULT ':x %s %(y)s', "{x}" text);
CREATE TABLE "訂單" (id integer PRIMARY KEY, "訂單" text, "訂單_id" integer REFERENCES "訂單");
CREATE TABLE "Order" (id integer PRIMARY KEY, "order" integer);
CREATE TABLE "order" (id integer PRIMARY KEY, order_id integer REFERENCES "Order", "Order" text);
CREATE TABLE "ORDER" (id integer PRIMARY KEY, "a.b" integer UNIQUE, "a b" integer REFERENCES "order");
CREATE TABLE orders (id integer PRIMARY KEY, "a.b" integer REFERENCES "ORDER" ("a.b"), x integer REFERENCES "ORDER");
CREATE TABLE "Order"."Order" (id integer PRIMARY KEY, order_id integer REFERENCES public."Order");
CREATE TABLE other."order" (id integer PRIMARY KEY, order_id integer REFERENCES "Order"."Order", "order" integer REFERENCES "order");
CREATE TABLE order_table (id integer PRIMARY KEY);
CREATE TABLE "Tab.le" (id integer PRIMARY KEY, "tab.le" integer REFERENCES "Tab.le");

-- Columns called like what stands around them.
CREATE TABLE columns (
  id integer PRIMARY KEY, uuid uuid, date date, datetime timestamp, time time, decimal numeric, enum person, text text,
  class text, class_ text, "Class" text, "CLASS" text, "match" text, "case" text, "_" text, "__" text, "_id" text, id_ text,
  __tablename__ text, __table_args__ text, __mapper__ text, __init__ text, _sa_instance_state text, registry text,
  mapped_column text, relationship text, sa text, pg text, "Mapped" "Mapped", "Any" text, "Base" text, str str, list text,
  int integer, float real, bool boolean, dict jsonb, object text, self text, "fooBar" text, foo_bar text, "Foo Bar" text,
  "foo-bar" text, "ünïcode" text, "UNICODE" text, "ﬁ" text, fi text, "new
line" text, "quote""s" text, "back\slash" text, dt date_, _dt date, _labels person[], func text, "True" boolean, "print" text);
CREATE INDEX "odd: %s (x)" ON columns (lower("quote""s"), "fooBar" DESC, ("foo-bar" || 'x %s'));
ALTER TABLE columns ADD CONSTRAINT "check: 100%" CHECK (text <> '100%' AND class <> ':y');
COMMENT ON TABLE columns IS E'"""\\ ''''''\n#{x} %s :x \u202e';
COMMENT ON COLUMN columns.text IS '\';

-- Columns called like the relationships of their tables, and relationships called alike.
CREATE TABLE author (id integer PRIMARY KEY, books text, "book" text);
CREATE TABLE book (id integer PRIMARY KEY, author integer REFERENCES author, author_id integer REFERENCES author,
  author_code integer REFERENCES author, "Author" text);
CREATE TABLE other.book (id integer PRIMARY KEY, author_id integer REFERENCES author UNIQUE);

-- Keys that share columns, twice the same key, keys to uniques, to oneself, in a circle.
CREATE TABLE tenant (id integer PRIMARY KEY, code text UNIQUE NOT NULL, owner_tenant integer, owner_id integer);
CREATE TABLE account (
  tenant_id integer REFERENCES tenant, id integer, parent_id integer, backup_id integer, tenant_code text REFERENCES tenant (code),
  PRIMARY KEY (tenant_id, id), UNIQUE (id, tenant_id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES account (tenant_id, id),
  FOREIGN KEY (tenant_id, backup_id) REFERENCES account (tenant_id, id),
  FOREIGN KEY (tenant_id, backup_id) REFERENCES account (tenant_id, id) DEFERRABLE,
  CONSTRAINT again FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE);
ALTER TABLE tenant ADD FOREIGN KEY (owner_tenant, owner_id) REFERENCES account (tenant_id, id);
CREATE TABLE transfer (
  id integer PRIMARY KEY, tenant_id integer NOT NULL, from_id integer NOT NULL, to_id integer, kind text,
  FOREIGN KEY (tenant_id, from_id) REFERENCES account (tenant_id, id),
  FOREIGN KEY (to_id, tenant_id) REFERENCES account (id, tenant_id));
CREATE TABLE node (id integer PRIMARY KEY, parent_id integer REFERENCES node, next integer UNIQUE REFERENCES node);
CREATE TABLE profile (person_id integer PRIMARY KEY REFERENCES node, note text);
CREATE TABLE follows (follower integer REFERENCES node, followed integer REFERENCES node, PRIMARY KEY (follower, followed));
CREATE TABLE node_tenant (node_id integer REFERENCES node, tenant integer REFERENCES tenant, PRIMARY KEY (tenant, node_id));
CREATE TABLE node_account (node_id integer REFERENCES node, tenant_id integer, account_id integer,
  PRIMARY KEY (node_id, tenant_id, account_id), FOREIGN KEY (tenant_id, account_id) REFERENCES account);
CREATE TABLE chicken (id integer PRIMARY KEY, egg_id integer);
CREATE TABLE egg (id integer PRIMARY KEY, chicken_id integer REFERENCES chicken);
ALTER TABLE chicken ADD FOREIGN KEY (egg_id) REFERENCES egg;

-- What tells rows apart: a unique of columns that are not null, a nullable one, nothing.
CREATE TABLE by_unique (a integer NOT NULL, b integer NOT NULL, c text, UNIQUE (b, a), UNIQUE (c));
CREATE TABLE to_unique (a integer, b integer, FOREIGN KEY (a, b) REFERENCES by_unique (a, b));
CREATE UNIQUE INDEX ON to_unique (a);
CREATE TABLE nothing (a integer, n serial);
CREATE TABLE numbers (
  a smallserial PRIMARY KEY, b bigserial, c integer DEFAULT nextval('numbers_b_seq'), d integer GENERATED BY DEFAULT AS IDENTITY
);
CREATE TABLE key_of_two (a serial, b integer GENERATED ALWAYS AS IDENTITY (START 5), c text, PRIMARY KEY (c, a, b));

-- Sequences that several tables use, inheritance, partitions, types and indexes that are rarely met.
CREATE SEQUENCE other.shared_ids START 1000;
CREATE TABLE shared_a (id integer PRIMARY KEY DEFAULT nextval('other.shared_ids'));
CREATE TABLE other.shared_b (id bigint PRIMARY KEY DEFAULT nextval('other.shared_ids'));
CREATE TABLE parent (id serial PRIMARY KEY, v text CHECK (v <> ''));
CREATE TABLE child (extra integer, PRIMARY KEY (id)) INHERITS (parent);
CREATE TABLE grandchild () INHERITS (child);
CREATE TABLE by_day (id integer, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE by_day_2020 PARTITION OF by_day FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE by_day_rest PARTITION OF by_day DEFAULT;
CREATE INDEX ON by_day (at DESC);
CREATE TABLE to_day (id integer PRIMARY KEY, d_id integer, d_at date, FOREIGN KEY (d_id, d_at) REFERENCES by_day);
CREATE TYPE other.level AS ENUM ('lo', 'hi');
CREATE DOMAIN other.levels AS other.level[] DEFAULT '{lo}';
CREATE TABLE rare (
  id integer PRIMARY KEY, n name, c "char", bp bpchar, one char, lsn pg_lsn, x xid, z timetz, i interval(3), r tstzrange,
  m datemultirange, l other.level DEFAULT 'lo', ls other.level[] DEFAULT '{lo}', d other.levels, matrix integer[][],
  j jsonb DEFAULT '{"a:b": "%s :c"}', e bytea DEFAULT '\x00', t text DEFAULT 'it''s: :x', u uuid DEFAULT gen_random_uuid(),
  v tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce('x :y', ''))) STORED);
CREATE INDEX ON rare USING gin (j jsonb_path_ops);
CREATE INDEX ON rare ((j ->> 'a'));
CREATE INDEX ON rare (upper(t) varchar_pattern_ops, id DESC NULLS LAST) WHERE t IS NOT NULL AND id > 5;
CREATE INDEX ON rare USING hash (t);
CREATE UNIQUE INDEX ON rare (coalesce(t, 'x'), (id + 1));
CREATE INDEX ON rare (t COLLATE "C");

-- Keys of domains, domains over domains, collations of other schemas, colons that are no parameters, and expressions that the engine prints with fewer brackets when asked prettily.
CREATE COLLATION other."Ger man" (PROVIDER = libc, LOCALE = 'C');
CREATE DOMAIN other.needed AS integer NOT NULL;
CREATE DOMAIN twice AS other.needed CHECK (VALUE > 0);
CREATE DOMAIN place AS text CHECK (VALUE ~ '^[^\:]+:x');
CREATE TABLE spot (place place PRIMARY KEY, twice twice, near place REFERENCES spot);
CREATE TABLE printed (
  id integer PRIMARY KEY, a text COLLATE other."Ger man", b text[] COLLATE "C", c place COLLATE "C", d char(3) COLLATE "POSIX",
  e text DEFAULT ':smile: \:x :y' CHECK (e ~ '\:x|:y|:z:'), f tsvector);
CREATE INDEX ON printed ((e || ':x'), (a || '\:x'));
CREATE INDEX ON printed ((CASE WHEN a IS NULL OR id > 5 AND id < 7 THEN 1 ELSE 2 END) DESC, (coalesce(id, 1) + (id - 1)));
CREATE INDEX ON printed USING gist (f tsvector_ops (siglen = 100));

-- What indexes alone need, and a function that reads a table which has a default of it.
CREATE SCHEMA used;
CREATE FUNCTION used.folded(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
CREATE COLLATION used.plain (PROVIDER = libc, LOCALE = 'C');
CREATE TABLE counted (id integer PRIMARY KEY, a text);
CREATE FUNCTION used.count() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM public.counted';
ALTER TABLE counted ADD n bigint DEFAULT used.count();
CREATE INDEX ON counted (used.folded(a), (a COLLATE used.plain));
CREATE INDEX ON counted (id) WHERE used.folded(a) = 'x';

-- Text search of one's own, in an index alone and in a column that is computed.
CREATE SCHEMA search;
CREATE TEXT SEARCH DICTIONARY search.stems (TEMPLATE = snowball, LANGUAGE = 'english');
CREATE TEXT SEARCH CONFIGURATION search.keyword (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION search.keyword ADD MAPPING FOR word, asciiword WITH search.stems, simple;
COMMENT ON TEXT SEARCH CONFIGURATION search.keyword IS 'how titles are searched';
CREATE TEXT SEARCH CONFIGURATION "It's: %s" (COPY = simple);
CREATE TABLE titled (
  id integer PRIMARY KEY, t text,
  words tsvector GENERATED ALWAYS AS (to_tsvector('search.keyword', coalesce(t, ''))) STORED);
CREATE INDEX ON titled USING gin (to_tsvector('"It''s: %s"', t));
