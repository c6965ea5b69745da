-- Types, defaults and indexes in the forms in which tables have them, and keys that are rarely met.
CREATE SCHEMA s2;
CREATE TYPE "Mood" AS ENUM ('a b', 'c', 'it''s', 'd"q', 'x,y');
CREATE TYPE s2.empty AS ENUM ();
CREATE DOMAIN code AS varchar(7) DEFAULT 'dom';
CREATE DOMAIN needed AS integer NOT NULL; CREATE DOMAIN twice AS needed;
CREATE FUNCTION s2.mk() RETURNS text LANGUAGE sql AS 'select ''x''';
CREATE FUNCTION mk2(text) RETURNS text LANGUAGE sql AS 'select ''x''';
CREATE SEQUENCE s2.sq;
CREATE TABLE t (
 id serial PRIMARY KEY, a varchar[], b varchar(10)[], c timestamp(3)[], d timestamptz[], e numeric(10,2)[], f numeric[], g char(5)[], h bit(3)[], i time(2)[], j uuid[], k jsonb[], l "Mood"[], m code, n code[], o s2.empty, p name[], q oid, r "char"[], s xml[], tt money[], u bytea[], v bit, w character, x bit varying, y inet[], z cidr[], twice twice, needed needed);
CREATE TABLE defaults (
 id bigint PRIMARY KEY DEFAULT nextval('s2.sq'), 
 a text DEFAULT 'a\b', a2 text DEFAULT E'x\ny', a3 text DEFAULT '', a4 text DEFAULT 'x'||'y', a5 text DEFAULT s2.mk(), a6 text DEFAULT mk2('public.x'), a7 varchar(5) DEFAULT 'abc', a8 char(3) DEFAULT 'abc', a9 text DEFAULT CURRENT_USER, a10 text DEFAULT NULL, a11 text DEFAULT now(),
 b int DEFAULT -5, b2 int DEFAULT 1+1, b3 smallint DEFAULT 7, b4 bigint DEFAULT -9, b5 int DEFAULT '12', b6 oid DEFAULT 5,
 c numeric DEFAULT -1.50, c2 numeric(5,2) DEFAULT 0, c3 real DEFAULT 1.5e10, c4 float8 DEFAULT 0.1, c5 numeric DEFAULT 1e-3, c6 float8 DEFAULT 'NaN', c7 money DEFAULT 1.5, c8 numeric DEFAULT '5', c9 real DEFAULT -2,
 d boolean DEFAULT false, d2 boolean DEFAULT 't', d3 boolean DEFAULT (NOT true),
 e timestamp DEFAULT now(), e2 timestamptz DEFAULT CURRENT_TIMESTAMP, e3 timestamp(3) DEFAULT CURRENT_TIMESTAMP(3), e4 date DEFAULT now(), e5 date DEFAULT '2020-01-01', e6 timestamptz DEFAULT (now() at time zone 'utc'), e7 time DEFAULT now(), e8 timestamp DEFAULT clock_timestamp(), e9 timestamp DEFAULT LOCALTIMESTAMP, e10 timestamp DEFAULT now()+'1 day', e11 timestamp default (now() at time zone 'utc'),
 f uuid DEFAULT gen_random_uuid(), f2 uuid DEFAULT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
 g jsonb DEFAULT '{}', g2 json DEFAULT '[1, "a"]', g3 jsonb DEFAULT jsonb_build_object('a',1),
 h "Mood" DEFAULT 'a b', h2 "Mood"[] DEFAULT '{}', h3 "Mood"[] DEFAULT '{"a b",c}', h4 "Mood"[] DEFAULT ARRAY['c'::"Mood", 'it''s'], h5 "Mood"[] DEFAULT '{"x,y","d\"q"}',
 i text[] DEFAULT '{}', i2 text[] DEFAULT '{a,"b c",NULL}', i3 text[] DEFAULT ARRAY['x','y z'], i4 int[] DEFAULT '{1,-2}', i5 int[] DEFAULT ARRAY[1,2], i6 text[] DEFAULT ARRAY[]::text[], i7 numeric[] DEFAULT '{1.5}', i8 boolean[] DEFAULT '{t,f}', i9 timestamp[] DEFAULT '{}', i10 text[] default '{a\\b,"q\"q"}', i11 jsonb[] default '{}', i12 varchar(3)[] default '{}', i13 int[][] default '{{1},{2}}', i14 uuid[] default '{}', i15 boolean[] default array[true], i16 float8[] default '{1,2.5}',
 j bytea DEFAULT '\x0a0b', j2 bytea DEFAULT 'abc', k inet DEFAULT '10.0.0.1', k2 cidr DEFAULT '10.0.0.0/8', l interval DEFAULT '1 day', m bit(3) DEFAULT B'101', n code DEFAULT 'own', p point default '(1,2)'
);
CREATE TABLE idx (a int NOT NULL, b text, c jsonb, d inet, e text[], f date, g point, h tsvector, CONSTRAINT odd PRIMARY KEY (a));
CREATE INDEX i1 ON idx (b DESC NULLS LAST); CREATE INDEX i2 ON idx (b NULLS FIRST, a DESC); CREATE INDEX i3 ON idx USING gin (c); CREATE INDEX i4 ON idx USING gin (c jsonb_path_ops);
CREATE INDEX i5 ON idx USING gist (d inet_ops); CREATE INDEX i6 ON idx USING spgist (b); CREATE INDEX i7 ON idx USING brin (f date_minmax_multi_ops, a int4_bloom_ops); CREATE INDEX i8 ON idx USING gin (e); CREATE INDEX i9 ON idx (b text_pattern_ops);
CREATE INDEX i10 ON idx USING gist (g); CREATE INDEX i11 ON idx USING hash (a); CREATE UNIQUE INDEX i12 ON idx (b) WHERE a > 5 AND b <> 'x"y'; CREATE INDEX i13 ON idx (a) WHERE b IS NOT NULL; CREATE UNIQUE INDEX i14 ON idx (b DESC, a); CREATE UNIQUE INDEX i15 ON idx (f DESC);
CREATE INDEX i16 ON idx USING spgist (d); CREATE INDEX i17 ON idx (b) INCLUDE (a); CREATE INDEX i18 ON idx USING gist (h);CREATE INDEX i19 ON idx USING brin (d inet_inclusion_ops); CREATE INDEX i20 ON idx USING spgist (g kd_point_ops);
CREATE TABLE fk1 (id bigint PRIMARY KEY, v varchar(5) UNIQUE, t text UNIQUE, u uuid UNIQUE, n name UNIQUE, num numeric(5) UNIQUE);
CREATE TABLE fk2 (id int PRIMARY KEY REFERENCES fk1, v text REFERENCES fk1(v), t varchar REFERENCES fk1(t), u uuid REFERENCES fk1(u) ON DELETE SET DEFAULT, n name REFERENCES fk1(n), num numeric REFERENCES fk1(num));
CREATE TABLE nn (n name PRIMARY KEY); CREATE TABLE two (n name PRIMARY KEY, r tsrange UNIQUE, x int NOT NULL UNIQUE);
CREATE TABLE partial_only (a int NOT NULL); CREATE UNIQUE INDEX po ON partial_only (a) WHERE a > 1;
CREATE TABLE long_name_of_a_table_that_is_very_long_indeed_yes (and_a_column_with_a_long_name int UNIQUE, other_col int REFERENCES long_name_of_a_table_that_is_very_long_indeed_yes(and_a_column_with_a_long_name));
CREATE TABLE s2.t (id int PRIMARY KEY REFERENCES public.t, UNIQUE (id));
