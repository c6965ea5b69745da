-- A small inn: what the allowed statements read and the refused ones would damage. PostgreSQL 13 and later.
-- Everything is fixed: no clock, no random values, so that two runs give the same rows.

CREATE SCHEMA archive;

CREATE DOMAIN email_address AS text CHECK (VALUE ~ '^[^@]+@[^@]+$');
CREATE DOMAIN percentage AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE address AS (street text, city text, zip text);
CREATE SEQUENCE ticket_number START 1000;

CREATE TABLE customer (
    id integer PRIMARY KEY,
    name text NOT NULL,
    email email_address,
    mood mood,
    home address,
    tags text[] NOT NULL DEFAULT '{}',
    settings jsonb NOT NULL DEFAULT '{}',
    born date,
    created_at timestamptz NOT NULL,
    update_date timestamp,
    balance numeric(12, 2) NOT NULL DEFAULT 0,
    ip inet,
    token uuid,
    photo bytea,
    "delete" boolean NOT NULL DEFAULT false,
    "select" integer
);
INSERT INTO customer VALUES
    (1, 'Ada', 'ada@example.org', 'happy', ROW('Elm 1', 'Bern', '3000'), '{vip,math}',
     '{"theme": "dark", "lang": "en", "limits": {"day": 5, "week": 20}, "devices": [{"os": "linux"}, {"os": "ios"}]}',
     '1815-12-10', '2024-01-01 10:00:00+00', '2024-03-01 08:30:00', 120.50, '10.0.0.1/24',
     'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\xdeadbeef', false, 1),
    (2, 'Børge', 'borge@example.org', 'ok', ROW('Oak 2', 'Oslo', '0150'), '{math}',
     '{"theme": "light", "lang": "da", "limits": {"day": 2}, "devices": []}',
     '1909-01-03', '2024-01-02 11:00:00+00', '2024-03-02 09:00:00', -3.20, '10.0.0.2',
     'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', NULL, false, 2),
    (3, '李雷', 'lilei@example.org', NULL, ROW('Ash 3', 'Bern', NULL), '{}', '{}',
     NULL, '2024-01-03 12:00:00+00', NULL, 0, '2001:db8::3', NULL, '\x00ff10', true, NULL),
    (4, 'O''Neil', NULL, 'sad', NULL, '{vip,"two words"}', '{"theme": null, "lang": "ga", "a.b": 1}',
     '1960-02-29', '2024-02-01 00:00:00+00', '2024-02-29 23:59:59.999', 99999.99, NULL,
     'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a14', NULL, false, 4),
    (5, 'Zoë', 'zoe@example.org', 'happy', ROW('Fir 5', 'Zürich', '8000'), '{new}', '{"lang": "de", "score": 7.5}',
     '2000-06-15', '2024-02-02 10:00:00+00', '2024-05-05 05:05:05', 7, '192.168.1.5',
     'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a15', '\x', false, 5);

CREATE TABLE room (
    number integer PRIMARY KEY,
    kind text NOT NULL,
    price money NOT NULL,
    area box,
    door point,
    features text[][],
    description text NOT NULL,
    search tsvector NOT NULL,
    spec xml,
    raw json
);
INSERT INTO room
SELECT number, kind, price::numeric::money, area::box, door::point, features::text[], description,
       to_tsvector('english', description), NULL, raw::json
FROM (VALUES
    (101, 'single', 80.00, '(0,0),(3,4)', '(0,2)', '{{bed,single},{bath,shower}}', 'A quiet room with a garden view',
     '{"wifi": true, "beds": [1]}'),
    (102, 'double', 120.00, '(0,0),(4,4)', '(0,3)', '{{bed,double},{bath,tub}}', 'A double room, the garden close by',
     '{"wifi": true, "beds": [2]}'),
    (201, 'suite', 300.00, '(0,0),(8,6)', '(4,0)', '{{bed,king},{bath,spa}}', 'The quietest suite, with two gardens',
     '{"wifi": false, "beds": [2, 1, 1]}'),
    (202, 'single', 75.50, '(1,1),(3,3)', '(2,0)', NULL, 'A small room; loud street', NULL)
) AS given (number, kind, price, area, door, features, description, raw);
DO $$
BEGIN
    UPDATE room SET spec = '<room><bed size="90"/><note>quiet</note></room>'::xml WHERE number = 101;
    UPDATE room SET spec = '<room><bed size="160"/><note>garden</note></room>'::xml WHERE number = 102;
    UPDATE room SET spec = '<room xmlns="http://example.org/r"><bed size="200"/></room>'::xml WHERE number = 201;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'this server is built without XML: room.spec stays empty';
END
$$;

CREATE TABLE booking (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customer,
    number integer NOT NULL REFERENCES room,
    nights daterange NOT NULL,
    stay tstzrange NOT NULL,
    seats int4range,
    rate percentage,
    amount numeric(10, 2) NOT NULL,
    placed timestamp NOT NULL,
    length interval NOT NULL
);
INSERT INTO booking VALUES
    (1, 1, 101, '[2024-04-01,2024-04-03)', '[2024-04-01 14:00+00,2024-04-03 10:00+00)', '[1,3)', 10, 160.00,
     '2024-03-01 09:00', '2 days'),
    (2, 1, 201, '[2024-05-01,2024-05-02)', '[2024-05-01 14:00+00,2024-05-02 10:00+00)', '[1,2)', 0, 300.00,
     '2024-03-01 09:05', '1 day'),
    (3, 2, 102, '[2024-04-02,2024-04-06)', '[2024-04-02 15:00+00,2024-04-06 11:00+00)', '[2,4)', 5.5, 453.60,
     '2024-03-05 18:30', '4 days'),
    (4, 3, 101, '[2024-04-10,2024-04-12)', '[2024-04-10 14:00+00,)', NULL, NULL, 160.00,
     '2024-03-07 00:00', '2 days 02:03:04'),
    (5, 4, 202, '[2024-06-01,)', '[2024-06-01 12:00+00,)', 'empty', 100, 0.00, '2024-03-09 23:59:59', '1 mon 3 days'),
    (6, 5, 102, '[2024-04-06,2024-04-07)', '[2024-04-06 14:00+00,2024-04-07 10:00+00)', '[1,10)', 12.25, 105.30,
     '2024-03-10 12:00', '1 day'),
    (7, 5, 102, '[2024-07-06,2024-07-09)', '[2024-07-06 14:00+00,2024-07-09 10:00+00)', '[5,6)', 12.25, 315.90,
     '2024-03-10 12:01', '3 days');

CREATE TABLE employee (
    id integer PRIMARY KEY,
    manager_id integer REFERENCES employee,
    name text NOT NULL,
    department text NOT NULL,
    salary integer NOT NULL,
    hired date NOT NULL
);
INSERT INTO employee VALUES
    (1, NULL, 'Grace', 'house', 9000, '2010-01-01'), (2, 1, 'Edsger', 'kitchen', 7000, '2011-02-02'),
    (3, 1, 'Barbara', 'house', 7500, '2012-03-03'), (4, 2, 'Tony', 'kitchen', 5000, '2013-04-04'),
    (5, 2, 'Niklaus', 'kitchen', 5000, '2014-05-05'), (6, 3, 'Donald', 'house', 5500, '2015-06-06'),
    (7, 6, 'Margaret', 'house', 4000, '2016-07-07');

CREATE TABLE reading (sensor text NOT NULL, at timestamp NOT NULL, value double precision, PRIMARY KEY (sensor, at))
    PARTITION BY LIST (sensor);
CREATE TABLE reading_north PARTITION OF reading FOR VALUES IN ('north');
CREATE TABLE reading_south PARTITION OF reading FOR VALUES IN ('south');
INSERT INTO reading
SELECT sensor, timestamp '2024-01-01' + hour * interval '1 hour', CASE WHEN hour = 5 THEN NULL ELSE start + hour % 4 END
FROM (VALUES ('north', 10.5), ('south', 20)) AS sensors (sensor, start), generate_series(0, 11) AS hours (hour);

CREATE TABLE "Weird table" (
    "column with spaces" integer,
    "dot.column" text,
    "emoji 🎉" text,
    "UPPER" text,
    "from" date,
    "quote""d" integer,
    "insert" text
);
INSERT INTO "Weird table" VALUES
    (1, 'a', '🎉', 'U', '2024-01-01', 11, 'DROP TABLE customer'),
    (2, 'b', '👩‍🚀', 'u', '2024-01-02', 22, '; DELETE FROM customer; --');

CREATE TABLE audit (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who text NOT NULL, note text);
INSERT INTO audit (who, note) VALUES ('schema', 'made'), ('schema', 'filled');
CREATE TABLE archive.customer (id integer PRIMARY KEY, name text NOT NULL, left_on date);
INSERT INTO archive.customer VALUES (90, 'Old Joe', '2020-01-01'), (91, 'Old Ann', '2021-01-01');

CREATE VIEW guest AS SELECT id, name, mood, born FROM customer WHERE NOT "delete";
CREATE VIEW stay AS
    SELECT b.id, c.name, r.kind, b.nights, b.amount
    FROM booking AS b JOIN customer AS c ON c.id = b.customer_id JOIN room AS r USING (number);
CREATE MATERIALIZED VIEW revenue AS SELECT number, sum(amount) AS total FROM booking GROUP BY number;
CREATE INDEX customer_name ON customer (lower(name));
CREATE INDEX room_search ON room USING gin (search);
CREATE INDEX booking_placed ON booking USING brin (placed);
CREATE STATISTICS employee_pay (dependencies) ON department, salary FROM employee;

COMMENT ON TABLE customer IS 'People who stayed, or may stay.';
COMMENT ON COLUMN customer.balance IS 'What they owe us when below zero.';

-- ---- what a hostile statement would reach for ----

-- It writes, and says so to nobody: volatile, and not security definer.
CREATE FUNCTION note_visit(who text) RETURNS integer LANGUAGE sql VOLATILE
    AS 'INSERT INTO public.audit (who, note) VALUES ($1, ''visit'') RETURNING id';
CREATE FUNCTION note_visit(visitor customer) RETURNS integer LANGUAGE sql VOLATILE
    AS 'INSERT INTO public.audit (who, note) VALUES ($1.name, ''row'') RETURNING id';
CREATE FUNCTION visits(who text) RETURNS SETOF audit LANGUAGE sql VOLATILE
    AS 'INSERT INTO public.audit (who) VALUES ($1) RETURNING *';
-- It runs what it is given.
CREATE FUNCTION run(statement text) RETURNS text LANGUAGE plpgsql VOLATILE
    AS 'BEGIN EXECUTE statement; RETURN ''done''; END';
-- Names of harmless functions, in another schema than theirs.
CREATE FUNCTION upper(feeling mood) RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT public.note_visit($1::text)';
CREATE FUNCTION archive.count(what text) RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT public.note_visit($1)';
CREATE FUNCTION plus_noting(a integer, b integer) RETURNS integer LANGUAGE sql VOLATILE
    AS 'SELECT $1 + $2 + 0 * public.note_visit(''operator'')';
CREATE FUNCTION not_noting(a integer) RETURNS integer LANGUAGE sql VOLATILE
    AS 'SELECT -$1 + 0 * public.note_visit(''prefix'')';
CREATE OPERATOR public.<+> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = plus_noting);
CREATE OPERATOR public.+ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = plus_noting);
CREATE OPERATOR public.!#! (RIGHTARG = integer, FUNCTION = not_noting);
CREATE FUNCTION less_noting(a integer, b integer) RETURNS boolean LANGUAGE plpgsql VOLATILE
    AS 'BEGIN RETURN $1 < $2 OR public.note_visit(''less'') = 0; END';
CREATE OPERATOR public.<<< (LEFTARG = integer, RIGHTARG = integer, FUNCTION = less_noting);
CREATE FUNCTION add_noting(state integer, value integer) RETURNS integer LANGUAGE sql VOLATILE
    AS 'SELECT coalesce($1, 0) + $2 + 0 * public.note_visit(''aggregate'')';
CREATE AGGREGATE noting_sum(integer) (SFUNC = add_noting, STYPE = integer);
CREATE PROCEDURE close_day(who text) LANGUAGE sql AS 'DELETE FROM public.audit WHERE who = $1';

-- A schema that is the engine's own to whoever reads it in small letters.
CREATE SCHEMA "PG_CATALOG";
CREATE FUNCTION "PG_CATALOG".lower(what text) RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT public.note_visit($1)';
SELECT lo_from_bytea(4711, 'a large object');

-- A view that writes when it is read: nothing in the text of a SELECT shows it.
CREATE VIEW visit_note AS SELECT public.note_visit('view') AS id;

CREATE FUNCTION keep_guest() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN UPDATE public.customer SET name = NEW.name WHERE id = NEW.id; RETURN NEW; END';
CREATE TRIGGER keep_guest INSTEAD OF UPDATE ON guest FOR EACH ROW EXECUTE FUNCTION keep_guest();
CREATE RULE drop_stay AS ON DELETE TO stay DO INSTEAD DELETE FROM booking WHERE id = OLD.id;
