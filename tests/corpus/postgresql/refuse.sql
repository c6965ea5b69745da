-- What a read-only server must refuse to send to PostgreSQL. See ../README.md for the format.
-- Each is an attack that works where nothing stops it; the note says what it does.

-- [many_statements] many-statements: deletes after the read
SELECT 1; DELETE FROM audit

-- [many_statements] many-statements: ends the read-only transaction, then deletes
COMMIT; DELETE FROM audit

-- [many_statements] many-statements: rolls back, then drops
ROLLBACK; DROP TABLE booking CASCADE

-- [many_statements] many-statements: makes the session writable first
SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; DELETE FROM audit

-- [many_statements] many-statements: turns the transaction's read-only off
SET TRANSACTION READ WRITE; UPDATE customer SET balance = 0

-- [many_statements] many-statements: leaves the transaction and goes on in a new one
END; BEGIN READ WRITE; DELETE FROM audit; COMMIT

-- [many_statements] many-statements: no space round the semicolon
SELECT 1;DELETE FROM audit

-- [many_statements] many-statements: hidden behind a line comment
SELECT 1 -- the rest is a comment;
; DELETE FROM audit

-- [many_statements] many-statements: hidden behind a block comment
SELECT 1 /* harmless */ ; /* also harmless */ DELETE FROM audit /* end */

-- [many_statements] many-statements: hidden behind an empty statement
SELECT 1;; ;DELETE FROM audit;

-- [many_statements] many-statements: behind an empty statement, which no derived table could hold
/**/ ; SELECT name FROM customer

-- [many_statements] many-statements: two reads, the second of which nobody asked about
SELECT 1; SELECT 2

-- [many_statements] many-statements: drops after a read that a line break ends
SELECT id
FROM customer
;
DROP VIEW guest CASCADE

-- [many_statements] many-statements: copies a table to a file after the read
SELECT 1; COPY customer TO '/tmp/dbmcp_corpus_copy'

-- [many_statements] many-statements: runs a program after the read
SELECT 1; COPY audit (who) FROM PROGRAM 'echo pwned'

-- [many_statements] many-statements: anonymous code after the read
SELECT 1; DO $$ BEGIN DELETE FROM public.audit; END $$

-- [many_statements] many-statements: prepares the write, then runs it
PREPARE p AS DELETE FROM audit; EXECUTE p

-- [many_statements] many-statements: a setting for the next caller
SELECT 1; SET search_path = archive

-- [many_statements] many-statements: another role from here on
SELECT 1; SET ROLE postgres

-- [many_statements] many-statements: a lock that stays
SELECT 1; LOCK TABLE customer IN ACCESS EXCLUSIVE MODE

-- [many_statements] many-statements: a function replaced after the read
SELECT 1; CREATE OR REPLACE FUNCTION run(statement text) RETURNS text LANGUAGE sql AS $f$ SELECT 'a;b' $f$

-- [many_statements] many-statements: the first statement is a common table expression
WITH t AS (SELECT 1) SELECT * FROM t; TRUNCATE audit

-- [many_statements] many-statements: VALUES first
VALUES (1); INSERT INTO audit (who) VALUES ('me')

-- [many_statements] many-statements: TABLE first
TABLE customer; DELETE FROM archive.customer

-- [many_statements] many-statements: notification after the read
SELECT 1; NOTIFY channel, 'payload'

-- [many_statements] many-statements: backslash before a quote ends the literal all the same
SELECT 'a\'; DELETE FROM audit; --'

-- [many_statements] many-statements: an identifier may hold dollars, so no dollar quote opens here
SELECT 1 AS a$$; DELETE FROM audit; --$$

-- [many_statements] many-statements: the dollar quote ends where its own tag stands
SELECT $a$ $b$ $a$; DELETE FROM audit; SELECT $b$ $b$

-- [many_statements] many-statements: tags of dollar quotes differ by case
SELECT $A$ $a$ $A$; DELETE FROM audit; -- $a$ $A$

-- [many_statements] many-statements: comments nest, so the first one ends before the DELETE
SELECT 1 /* /* */ */; DELETE FROM audit; /* /* */ */

-- [many_statements] many-statements: a quote within a comment opens nothing
SELECT 1 /* it's */; DELETE FROM audit; --'

-- [many_statements] many-statements: a comment sign within a literal opens nothing
SELECT '/*'; DELETE FROM audit; SELECT '*/'

-- [many_statements] many-statements: two quotes are one quote within the literal
SELECT 'it''s'; DELETE FROM audit; SELECT ''''

-- [many_statements] many-statements: the backslash of an E literal escapes one quote only
SELECT E'\\'; DELETE FROM audit; SELECT E'\''

-- [many_statements] many-statements: a quoted name may hold a semicolon, and this one ends before it
SELECT 1 AS ";"; DELETE FROM audit; SELECT 1 AS ";"

-- [many_statements] many-statements: a literal goes on after a line break, not after a semicolon
SELECT 'a'
'b'; DELETE FROM audit

-- [many_statements] many-statements: a MySQL comment sign is nothing here
SELECT 1 # 2; DELETE FROM audit

-- [many_statements] many-statements: carriage return ends a line comment (escaped)
SELECT 1 -- one line\x0d; DELETE FROM audit

-- [many_statements] many-statements: form feed is white space (escaped)
SELECT 1;\x0cDELETE\x0cFROM audit

-- [many_statements] many-statements: U& literal with an escape character of its own
SELECT U&'!0061' UESCAPE '!'; DELETE FROM audit

-- [many_statements] many-statements: writes, then reads, so that the last result is a read's
DELETE FROM audit; SELECT 1

-- [many_statements] many-statements: opens a cursor and fetches from it
DECLARE c CURSOR WITH HOLD FOR SELECT * FROM customer; FETCH ALL FROM c

-- [many_statements] many-statements: a savepoint, a write, and on
BEGIN; SAVEPOINT s; DELETE FROM audit; RELEASE s; COMMIT

-- [many_statements] many-statements: the body of a new-style SQL function holds semicolons, then comes another statement
CREATE FUNCTION f_atomic() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT f_atomic()

-- [not_a_query] transaction: ends the read-only transaction
COMMIT

-- [not_a_query] transaction: ends it, in another word
END

-- [not_a_query] transaction: ends it and begins a writable one like it
COMMIT AND CHAIN

-- [not_a_query] transaction: gives up what the server has set up
ROLLBACK

-- [not_a_query] transaction: ends it by its old name
ABORT WORK

-- [not_a_query] transaction: ends it, with a comment before
/* only looking */ COMMIT WORK

-- [not_a_query] transaction: ends it, after a line comment
-- SELECT 1
COMMIT TRANSACTION

-- [not_a_query] transaction: opens a writable one
BEGIN READ WRITE

-- [not_a_query] transaction: opens one that nobody ends
START TRANSACTION ISOLATION LEVEL SERIALIZABLE

-- [not_a_query] transaction: makes this one writable
SET TRANSACTION READ WRITE

-- [not_a_query] transaction: makes all later ones writable
SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE

-- [many_statements] many-statements: leaves a savepoint behind
BEGIN; SAVEPOINT before

-- [not_a_query] transaction: sets a savepoint, which holds resources of the server
SAVEPOINT before

-- [not_a_query] transaction: releases one of the server's savepoints
RELEASE SAVEPOINT before

-- [not_a_query] transaction: goes back behind what the server has set up
ROLLBACK TO SAVEPOINT before

-- [not_a_query] transaction: leaves a prepared transaction that holds its locks for ever
PREPARE TRANSACTION 'left behind'

-- [not_a_query] transaction: commits what another session has prepared
COMMIT PREPARED 'left behind'

-- [not_a_query] transaction: throws away what another session has prepared
ROLLBACK PREPARED 'left behind'

-- [not_a_query] transaction: looks at rows of an exported snapshot of another session
SET TRANSACTION SNAPSHOT '00000003-0000001B-1'

-- [not_a_query] transaction: checks constraints later than the schema says
SET CONSTRAINTS ALL DEFERRED

-- [write] write: inserts a row
INSERT INTO audit (who) VALUES ('me')

-- [write] write: inserts what a query gives
INSERT INTO audit (who) SELECT name FROM customer

-- [write] write: inserts nothing but defaults
INSERT INTO "Weird table" DEFAULT VALUES RETURNING *

-- [write] write: inserts and returns rows like a read
INSERT INTO audit (who) VALUES ('me') RETURNING id, who

-- [write] write: inserts or updates
INSERT INTO archive.customer (id, name) VALUES (90, 'New') ON CONFLICT (id) DO UPDATE SET name = excluded.name

-- [write] write: inserts or does nothing
INSERT INTO archive.customer (id, name) VALUES (90, 'New') ON CONFLICT DO NOTHING

-- [write] write: inserts past an identity column
INSERT INTO audit (id, who) OVERRIDING SYSTEM VALUE VALUES (77, 'me')

-- [write] write: inserts behind a common table expression
WITH t AS (SELECT 'me' AS who) INSERT INTO audit (who) SELECT who FROM t

-- [write] write: updates every row
UPDATE customer SET balance = 0

-- [write] write: updates and returns rows like a read
UPDATE customer SET balance = balance + 1 WHERE id = 1 RETURNING *

-- [write] write: updates from a join
UPDATE customer AS c SET balance = b.amount FROM booking AS b WHERE b.customer_id = c.id

-- [write] write: updates several columns from a subquery
UPDATE customer SET (name, balance) = (SELECT 'x', 1) WHERE id = 1

-- [write] write: updates through a view and its trigger
UPDATE guest SET name = 'someone' WHERE id = 1

-- [write] write: updates one partition only
UPDATE ONLY reading_north SET value = 0

-- [write] write: updates an element of an array
UPDATE customer SET tags[1] = 'x'

-- [write] write: updates a field of a composite
UPDATE customer SET home.city = 'Rome'

-- [write] write: updates behind a common table expression
WITH t AS (SELECT 1 AS id) UPDATE customer SET balance = 0 FROM t WHERE t.id = customer.id

-- [write] write: deletes every row
DELETE FROM audit

-- [write] write: deletes and returns rows like a read
DELETE FROM audit RETURNING *

-- [write] write: deletes by a join
DELETE FROM booking AS b USING customer AS c WHERE c.id = b.customer_id

-- [write] write: deletes through a view and its rule
DELETE FROM stay WHERE id = 1

-- [write] write: deletes behind a common table expression
WITH t AS (SELECT 1 AS id) DELETE FROM booking USING t WHERE booking.id = t.id

-- [write] write: a comment before the verb
/* SELECT */ DELETE FROM audit

-- [write] write: comments between the words
DELETE/**/FROM/**/audit

-- [write] write: a line comment that looks like the statement
-- SELECT * FROM audit
DELETE FROM audit

-- [write] write: letters of mixed case
dElEtE fRoM "audit" wHeRe tRuE

-- [write] write: closing semicolon and comment
DELETE FROM audit; -- done

-- [write] write: merges
MERGE INTO archive.customer AS a USING customer AS c ON a.id = c.id WHEN NOT MATCHED THEN INSERT VALUES (c.id, c.name, NULL)

-- [write] write: merges to delete
MERGE INTO archive.customer AS a USING customer AS c ON a.id = c.id + 89 WHEN MATCHED THEN DELETE

-- [write] write: merges and returns rows like a read (pg17+)
MERGE INTO archive.customer AS a USING customer AS c ON a.id = c.id + 89 WHEN MATCHED THEN UPDATE SET name = 'x' RETURNING *

-- [write] write: merges behind a common table expression
WITH c AS (SELECT 90 AS id) MERGE INTO archive.customer AS a USING c ON a.id = c.id WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT (id, name) VALUES (1, 'x')

-- [write] write: empties a table
TRUNCATE audit

-- [write] write: empties several tables, what refers to them, and their sequences
TRUNCATE TABLE ONLY customer, room RESTART IDENTITY CASCADE

-- [write] write: deletes large objects' rows straight from the catalog
DELETE FROM pg_largeobject

-- [write] write: makes oneself superuser in the catalog
UPDATE pg_authid SET rolsuper = true

-- [write] hidden-write: deletes in a common table expression
WITH gone AS (DELETE FROM audit RETURNING *) SELECT * FROM gone

-- [write] hidden-write: deletes in one that nothing reads
WITH gone AS (DELETE FROM audit) SELECT 1

-- [write] hidden-write: inserts in a common table expression
WITH added AS (INSERT INTO audit (who) VALUES ('me') RETURNING id) SELECT id FROM added

-- [write] hidden-write: updates in a common table expression
WITH changed AS (UPDATE customer SET balance = 0 RETURNING id) SELECT count(*) FROM changed

-- [write] hidden-write: merges in a common table expression (pg17+)
WITH merged AS (MERGE INTO archive.customer AS a USING customer AS c ON a.id = c.id WHEN MATCHED THEN DELETE RETURNING a.id) SELECT * FROM merged

-- [write] hidden-write: the second of two
WITH a AS (SELECT 1), b AS (DELETE FROM audit RETURNING id) SELECT * FROM a, b

-- [write] hidden-write: materialized
WITH gone AS MATERIALIZED (DELETE FROM audit RETURNING id) SELECT 1 FROM gone

-- [write] hidden-write: not materialized
WITH gone AS NOT MATERIALIZED (DELETE FROM audit RETURNING id) SELECT 1 FROM gone

-- [write] hidden-write: beside a recursive one
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3), gone AS (DELETE FROM audit) TABLE n

-- [write] hidden-write: with a list of columns
WITH gone (a, b) AS (DELETE FROM audit RETURNING id, who) SELECT a FROM gone

-- [write] hidden-write: behind a parenthesised query's own WITH
WITH gone AS (DELETE FROM audit) (SELECT 1)

-- [write] hidden-write: before VALUES
WITH gone AS (DELETE FROM audit) VALUES (1)

-- [write] hidden-write: before TABLE
WITH gone AS (DELETE FROM audit RETURNING *) TABLE gone

-- [write] hidden-write: before a union
WITH gone AS (DELETE FROM audit RETURNING id) SELECT 1 UNION ALL SELECT id FROM gone

-- [write] hidden-write: under a quoted name
WITH "SELECT" AS (DELETE FROM audit RETURNING id) SELECT * FROM "SELECT"

-- [write] hidden-write: a comment between the words
WITH gone AS (/* SELECT */DELETE/**/FROM audit) SELECT 1

-- [write] hidden-write: by way of its own common table expression
WITH gone AS (WITH t AS (SELECT 1 AS id) DELETE FROM audit USING t WHERE audit.id = t.id RETURNING audit.id) SELECT * FROM gone

-- [write] hidden-write: inserts what another of them deletes
WITH gone AS (DELETE FROM archive.customer RETURNING name), kept AS (INSERT INTO audit (who) SELECT name FROM gone) SELECT 1

-- [write] hidden-write: on a conflict
WITH w AS (INSERT INTO archive.customer VALUES (90, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y' RETURNING id) SELECT * FROM w

-- [write] hidden-write: inserts defaults
WITH w AS (INSERT INTO audit (who) SELECT 'x' WHERE true RETURNING note) SELECT note FROM w

-- [write] hidden-write: many spaces and line breaks
WITH
  gone
AS

(

  DELETE

  FROM audit
)
SELECT 1

-- [write] hidden-write: through a view and its rule
WITH gone AS (DELETE FROM stay WHERE id = 2) SELECT 1

-- [write] hidden-write: through a view and its trigger
WITH changed AS (UPDATE guest SET name = 'x' WHERE id = 2 RETURNING id) SELECT id FROM changed

-- [write] hidden-write: in a read of a read that has it in front
WITH outer_one AS (SELECT 1), gone AS (DELETE FROM audit WHERE id IN (SELECT 1 FROM outer_one) RETURNING 1) SELECT * FROM outer_one

-- [write] hidden-write: in a WITH that follows a comment sign inside a literal
WITH t AS (SELECT '--'), gone AS (DELETE FROM audit) SELECT * FROM t

-- [write] hidden-write: unicode escapes for the table
WITH gone AS (DELETE FROM U&"\0061udit") SELECT 1

-- [write] hidden-write: one level down, in a derived table, where the engine refuses it too
SELECT * FROM (WITH gone AS (DELETE FROM audit RETURNING id) SELECT * FROM gone) AS t

-- [write] hidden-write: one level down, in an IN list
SELECT 1 WHERE 1 IN (WITH gone AS (DELETE FROM audit RETURNING id) SELECT id FROM gone)

-- [write] hidden-write: one level down, in a common table expression
WITH a AS (WITH gone AS (DELETE FROM audit RETURNING id) SELECT * FROM gone) SELECT * FROM a

-- [write] hidden-write: one level down, in a lateral join
SELECT * FROM customer, LATERAL (WITH gone AS (UPDATE audit SET note = 'x' RETURNING id) SELECT id FROM gone) AS t

-- [write] hidden-write: one level down, in an array
SELECT ARRAY(WITH gone AS (INSERT INTO audit (who) VALUES ('x') RETURNING id) SELECT id FROM gone)

-- [write] hidden-write: one level down, in the second half of a union
SELECT 1 UNION ALL (WITH gone AS (DELETE FROM audit RETURNING id) SELECT id FROM gone)

-- [write] hidden-write: one level down, in EXISTS
SELECT EXISTS (WITH gone AS (DELETE FROM audit RETURNING id) SELECT FROM gone)

-- [write] hidden-write: one level down, as the limit
SELECT 1 LIMIT (WITH gone AS (DELETE FROM audit RETURNING 1) SELECT count(*) FROM gone)

-- [select_into] select-into: makes a table
SELECT * INTO stolen FROM customer

-- [select_into] select-into: makes a temporary table
SELECT * INTO TEMPORARY stolen FROM customer

-- [select_into] select-into: makes a temporary table, short
SELECT id INTO TEMP TABLE stolen FROM customer

-- [select_into] select-into: makes an unlogged table
SELECT 1 AS a INTO UNLOGGED stolen

-- [select_into] select-into: makes a table in another schema
SELECT name INTO archive.stolen FROM customer

-- [select_into] select-into: with the word TABLE
SELECT 1 AS a INTO TABLE stolen

-- [select_into] select-into: a quoted name
SELECT 1 AS a INTO "FROM customer" FROM customer

-- [select_into] select-into: behind a common table expression
WITH t AS (SELECT 1 AS a) SELECT a INTO stolen FROM t

-- [select_into] select-into: in the first half of a union
SELECT 1 AS a INTO stolen UNION SELECT 2

-- [select_into] select-into: in parentheses
(SELECT 1 AS a INTO stolen)

-- [select_into] select-into: with no columns at all
SELECT INTO stolen FROM customer

-- [select_into] select-into: comments between the words
SELECT 1 AS a/**/INTO/**/stolen

-- [select_into] select-into: with DISTINCT, grouping and order
SELECT DISTINCT ON (mood) mood, count(*) INTO stolen FROM customer GROUP BY mood ORDER BY mood

-- [select_into] select-into: one level down, where the engine refuses it too
SELECT * FROM (SELECT 1 AS a INTO stolen) AS t

-- [select_into] select-into: in the first of three halves
(SELECT 1 AS a INTO LOCAL TEMPORARY TABLE stolen EXCEPT SELECT 2) INTERSECT SELECT 3

-- [row_lock] row-lock: locks rows against writers
SELECT * FROM customer FOR UPDATE

-- [row_lock] row-lock: locks rows against deletion
SELECT * FROM customer FOR NO KEY UPDATE

-- [row_lock] row-lock: locks rows against change
SELECT * FROM customer FOR SHARE

-- [row_lock] row-lock: locks rows against change of their key
SELECT * FROM customer FOR KEY SHARE

-- [row_lock] row-lock: locks one table of a join
SELECT * FROM customer AS c JOIN booking AS b ON b.customer_id = c.id FOR UPDATE OF b

-- [row_lock] row-lock: does not wait
SELECT 1 FROM customer FOR UPDATE NOWAIT

-- [row_lock] row-lock: skips what is locked
SELECT 1 FROM customer FOR UPDATE SKIP LOCKED

-- [row_lock] row-lock: two strengths
SELECT * FROM customer AS c, booking AS b FOR SHARE OF c FOR UPDATE OF b SKIP LOCKED

-- [row_lock] row-lock: before the limit
SELECT * FROM customer FOR UPDATE LIMIT 1

-- [row_lock] row-lock: after the order
SELECT * FROM customer ORDER BY id FOR UPDATE

-- [row_lock] row-lock: in a derived table
SELECT * FROM (SELECT * FROM customer FOR UPDATE) AS t

-- [row_lock] row-lock: in a subquery
SELECT (SELECT name FROM customer LIMIT 1 FOR UPDATE)

-- [row_lock] row-lock: in EXISTS
SELECT EXISTS (SELECT FROM customer FOR SHARE)

-- [row_lock] row-lock: in a common table expression
WITH t AS (SELECT * FROM customer FOR UPDATE) SELECT count(*) FROM t

-- [row_lock] row-lock: in one half of a union
SELECT 1 UNION ALL (SELECT id FROM (SELECT id FROM customer FOR UPDATE) AS t)

-- [row_lock] row-lock: in parentheses
(SELECT id FROM customer) FOR UPDATE

-- [row_lock] row-lock: in a grouped read's derived table
SELECT mood, count(*) FROM (SELECT mood FROM customer WHERE id < 3 FOR SHARE NOWAIT) AS t GROUP BY mood

-- [row_lock] row-lock: in an array
SELECT ARRAY(SELECT id FROM customer FOR NO KEY UPDATE)

-- [row_lock] row-lock: in a lateral join
SELECT * FROM room AS r, LATERAL (SELECT * FROM booking AS b WHERE b.number = r.number FOR KEY SHARE) AS t

-- [row_lock] row-lock: in a condition
SELECT 1 WHERE 1 IN (SELECT id FROM customer FOR UPDATE)

-- [row_lock] row-lock: comments between the words
SELECT id FROM customer FOR/**/UPDATE

-- [row_lock] row-lock: in small letters with line breaks
select id from customer for
  no
  key
  update

-- [row_lock] row-lock: through a view
SELECT * FROM guest FOR UPDATE

-- [row_lock] row-lock: a table with the rows of a common table expression
WITH t AS (SELECT 1 AS id) SELECT * FROM customer JOIN t USING (id) FOR UPDATE OF customer

-- [syntax_error] wrapper-escape: closes the derived table that a wrapper opens, and its statement
SELECT 1) AS _q LIMIT 1; DELETE FROM audit; SELECT * FROM (SELECT 1

-- [syntax_error] wrapper-escape: closes it and comments the wrapper's limit out
SELECT 1) AS _q; DELETE FROM audit --

-- [syntax_error] wrapper-escape: closes it and locks rows
SELECT id FROM customer) AS _q FOR UPDATE --

-- [syntax_error] wrapper-escape: closes it and goes on to more rows than the limit
SELECT 1) AS _q UNION ALL SELECT generate_series(1, 100000) --

-- [syntax_error] wrapper-escape: closes it and opens a comment that is never closed
SELECT 1) AS _q /*

-- [syntax_error] wrapper-escape: a comment that swallows what follows
SELECT 1 /*

-- [syntax_error] wrapper-escape: a nested comment, closed once
SELECT 1 /* a /* b */

-- [syntax_error] wrapper-escape: a literal that swallows what follows
SELECT 'open

-- [syntax_error] wrapper-escape: a quoted name that swallows what follows
SELECT 1 AS "open

-- [syntax_error] wrapper-escape: a dollar quote that swallows what follows
SELECT $q$ open

-- [syntax_error] wrapper-escape: a tagless dollar quote that swallows what follows
SELECT $$ open

-- [syntax_error] wrapper-escape: an E literal whose last quote is escaped
SELECT E'open\'

-- [syntax_error] wrapper-escape: a bit string that swallows what follows
SELECT B'01

-- [syntax_error] wrapper-escape: adds to the wrapper's own FROM list
SELECT 1) AS _q, pg_sleep(1) --

-- [syntax_error] wrapper-escape: a parenthesis that only the wrapper would close
SELECT * FROM (SELECT 1

-- [syntax_error] wrapper-escape: COPY's parenthesis closed, to write a file where a server wraps in COPY (…)
SELECT 1) TO '/tmp/dbmcp_corpus_copy' --

-- [not_a_query] copy: reads a whole table past any limit
COPY customer TO STDOUT

-- [not_a_query] copy: writes a file of the server
COPY customer TO '/tmp/dbmcp_corpus_copy'

-- [not_a_query] copy: writes a query's rows to a file of the server
COPY (SELECT * FROM customer) TO '/tmp/dbmcp_corpus_copy' WITH (FORMAT csv, HEADER)

-- [not_a_query] copy: runs a program with a table for its input
COPY customer (id) TO PROGRAM 'cat > /tmp/dbmcp_corpus_copy'

-- [not_a_query] copy: runs a program and never mind the rows
COPY (SELECT 1) TO PROGRAM 'touch /tmp/dbmcp_corpus_copy'

-- [not_a_query] copy: deletes inside
COPY (DELETE FROM audit RETURNING id) TO STDOUT

-- [not_a_query] copy: old spelling
COPY BINARY customer TO '/tmp/dbmcp_corpus_copy'

-- [write] copy: fills a table from a file of the server
COPY audit (who) FROM '/etc/hostname'

-- [write] copy: fills a table from a program's output
COPY audit (who) FROM PROGRAM 'id' WHERE who <> ''

-- [write] copy: fills a table from the client, for which the connection then waits
COPY audit (who) FROM STDIN (FORMAT text)

-- [not_a_query] explain: runs the write that it explains
EXPLAIN ANALYZE DELETE FROM audit

-- [not_a_query] explain: the same, with options in parentheses
EXPLAIN (ANALYZE, FORMAT json, TIMING false) UPDATE customer SET balance = 0

-- [not_a_query] explain: the same, with a value for the option
EXPLAIN (VERBOSE, ANALYZE true) INSERT INTO audit (who) VALUES ('me')

-- [not_a_query] explain: runs a function that writes
EXPLAIN ANALYSE SELECT note_visit('me')

-- [not_a_query] explain: makes a table
EXPLAIN (ANALYZE ON) CREATE TABLE stolen AS SELECT * FROM customer

-- [not_a_query] explain: runs a prepared write
EXPLAIN ANALYZE EXECUTE planned

-- [not_a_query] explain: refreshes
EXPLAIN ANALYZE CREATE MATERIALIZED VIEW stolen AS SELECT 1 AS a

-- [not_a_query] explain: declares a cursor
EXPLAIN ANALYZE VERBOSE DECLARE c CURSOR FOR SELECT * FROM customer

-- [not_a_query] explain: a write hidden below
EXPLAIN ANALYZE WITH gone AS (DELETE FROM audit RETURNING *) SELECT * FROM gone

-- [not_a_query] explain: shows statistics of values through the estimates of a plan
EXPLAIN SELECT * FROM customer WHERE balance > 1000

-- [not_a_query] explain: after a comment
/* a plan */ EXPLAIN (SETTINGS, ANALYZE) DELETE FROM booking

-- [not_a_query] explain: merges
EXPLAIN ANALYZE MERGE INTO archive.customer AS a USING customer AS c ON a.id = c.id + 89 WHEN MATCHED THEN DELETE

-- [not_a_query] code: anonymous code
DO $$ BEGIN DELETE FROM public.audit; END $$

-- [not_a_query] code: anonymous code, the language named first
DO LANGUAGE plpgsql 'BEGIN PERFORM pg_sleep(0.1); END'

-- [not_a_query] code: anonymous code, the language named last, in mixed case
dO $do$ BEGIN EXECUTE 'DROP TABLE archive.customer'; END $do$ LANGUAGE "plpgsql"

-- [not_a_query] code: anonymous code after a comment
/* SELECT */ DO $$ BEGIN PERFORM set_config('work_mem', '1GB', false); END $$

-- [not_a_query] code: calls a procedure
CALL close_day('schema')

-- [not_a_query] code: calls a procedure with its schema and a named argument
CALL public.close_day(who => 'schema')

-- [not_a_query] code: prepares a write
PREPARE p AS DELETE FROM audit

-- [not_a_query] code: prepares a read under a name that others use
PREPARE p (integer) AS SELECT * FROM customer WHERE id = $1

-- [not_a_query] code: runs what was prepared before
EXECUTE planned

-- [write] code: makes a table of what was prepared before
CREATE TABLE stolen AS EXECUTE reading

-- [not_a_query] code: forgets what the driver has prepared
DEALLOCATE ALL

-- [not_a_query] code: forgets one prepared statement
DEALLOCATE PREPARE planned

-- [not_a_query] code: loads a library into the server
LOAD 'auto_explain'

-- [not_a_query] cursor: opens one that outlives its transaction
DECLARE c CURSOR WITH HOLD FOR SELECT * FROM customer

-- [not_a_query] cursor: opens one
DECLARE c BINARY INSENSITIVE SCROLL CURSOR FOR SELECT 1

-- [not_a_query] cursor: reads on in the server's own cursor
FETCH FORWARD 10 FROM c

-- [not_a_query] cursor: reads backward
FETCH LAST IN c

-- [not_a_query] cursor: moves it on, so that rows are missed
MOVE FORWARD ALL IN c

-- [not_a_query] cursor: closes the server's own
CLOSE ALL

-- [not_a_query] cursor: closes one
CLOSE c

-- [not_a_query] notify: hears what other sessions say
LISTEN channel

-- [not_a_query] notify: speaks to other sessions
NOTIFY channel

-- [not_a_query] notify: speaks to them, with a payload
NOTIFY "Channel", 'DROP TABLE customer'

-- [not_a_query] notify: deafens the session
UNLISTEN *

-- [not_a_query] lock: keeps everyone away from a table
LOCK TABLE customer

-- [not_a_query] lock: keeps writers away from several
LOCK customer, ONLY room IN SHARE ROW EXCLUSIVE MODE NOWAIT

-- [not_a_query] lock: the weakest there is
LOCK TABLE guest IN ACCESS SHARE MODE

-- [not_a_query] setting: turns the session's read-only off
SET default_transaction_read_only = off

-- [not_a_query] setting: turns it off for this transaction
SET LOCAL transaction_read_only TO false

-- [not_a_query] setting: no time limit any more
SET SESSION statement_timeout = 0

-- [not_a_query] setting: other tables by the same names
SET search_path TO archive, public

-- [not_a_query] setting: other tables, another spelling
SET SCHEMA 'archive'

-- [not_a_query] setting: another role
SET ROLE NONE

-- [not_a_query] setting: another user
SET SESSION AUTHORIZATION DEFAULT

-- [not_a_query] setting: literals that end elsewhere
SET standard_conforming_strings = off

-- [not_a_query] setting: other text for every date
SET TIME ZONE 'Europe/Oslo'

-- [not_a_query] setting: other encoding of every result
SET NAMES 'LATIN1'

-- [not_a_query] setting: repeats everyone's random values
SET SEED TO 0.5

-- [not_a_query] setting: how XML is read
SET XML OPTION DOCUMENT

-- [not_a_query] setting: an application's own secret, overwritten
SET app.secret FROM CURRENT

-- [not_a_query] setting: back to what the server was started with
RESET ALL

-- [not_a_query] setting: back to no limit
RESET statement_timeout

-- [not_a_query] setting: back to the login role
RESET ROLE

-- [not_a_query] setting: back to the login user
RESET SESSION AUTHORIZATION

-- [not_a_query] setting: forgets everything that makes the session safe
DISCARD ALL

-- [not_a_query] setting: forgets temporary tables
DISCARD TEMP

-- [not_a_query] setting: forgets sequences
DISCARD SEQUENCES

-- [not_a_query] setting: forgets plans
DISCARD PLANS

-- [not_a_query] setting: shows an application's own secret
SHOW app.secret

-- [not_a_query] setting: shows every setting of the server
SHOW ALL

-- [not_a_query] setting: shows where the server's files are
SHOW data_directory

-- [not_a_query] setting: shows another way
SHOW SESSION AUTHORIZATION

-- [write] setting: changes the server for everyone, for ever
ALTER SYSTEM SET work_mem = '5MB'

-- [write] setting: changes it back
ALTER SYSTEM RESET ALL

-- [write] setting: changes a database's settings
ALTER DATABASE inn SET default_transaction_read_only = off

-- [write] setting: changes a role's settings
ALTER ROLE CURRENT_USER SET statement_timeout = 0

-- [not_a_query] maintenance: rewrites a table
VACUUM FULL customer

-- [not_a_query] maintenance: collects what is left over
VACUUM (ANALYZE, SKIP_LOCKED) customer, room

-- [not_a_query] maintenance: writes statistics
ANALYZE customer (id, name)

-- [not_a_query] maintenance: writes statistics, another spelling
ANALYSE VERBOSE archive.customer

-- [not_a_query] maintenance: rewrites a table in the order of an index
CLUSTER customer USING customer_pkey

-- [not_a_query] maintenance: builds an index anew and locks its table
REINDEX TABLE customer

-- [not_a_query] maintenance: builds every index anew
REINDEX (VERBOSE) SCHEMA archive

-- [not_a_query] maintenance: makes the server write everything out
CHECKPOINT

-- [write] schema-change: makes a table
CREATE TABLE stolen (id integer)

-- [write] schema-change: makes a table of a query
CREATE TABLE stolen AS SELECT * FROM customer

-- [write] schema-change: makes an empty table of a query
CREATE UNLOGGED TABLE IF NOT EXISTS stolen (a, b) AS TABLE archive.customer WITH NO DATA

-- [write] schema-change: makes a temporary table
CREATE TEMP TABLE stolen ON COMMIT DROP AS SELECT 1 AS a

-- [write] schema-change: makes a table like another
CREATE TABLE stolen (LIKE customer INCLUDING ALL)

-- [write] schema-change: makes a partition
CREATE TABLE reading_west PARTITION OF reading FOR VALUES IN ('west')

-- [write] schema-change: makes a table of a type
CREATE TABLE stolen OF address

-- [write] schema-change: makes a view
CREATE VIEW seen AS SELECT * FROM customer

-- [write] schema-change: makes a view that hides a table
CREATE OR REPLACE TEMPORARY VIEW customer AS SELECT 1 AS id

-- [write] schema-change: makes a recursive view
CREATE RECURSIVE VIEW numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 5

-- [write] schema-change: makes a stored view
CREATE MATERIALIZED VIEW seen AS SELECT * FROM customer

-- [write] schema-change: makes an index and locks the table meanwhile
CREATE UNIQUE INDEX ON archive.customer (name)

-- [write] schema-change: makes an index without locking
CREATE INDEX CONCURRENTLY customer_born ON customer USING btree (born)

-- [write] schema-change: makes a sequence
CREATE SEQUENCE stolen_number

-- [write] schema-change: makes a schema with a table in it
CREATE SCHEMA stolen CREATE TABLE t (id integer)

-- [write] schema-change: makes a function
CREATE FUNCTION backdoor() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM audit'

-- [write] schema-change: replaces a function
CREATE OR REPLACE FUNCTION not_noting(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 0'

-- [write] schema-change: makes a procedure
CREATE PROCEDURE backdoor() LANGUAGE sql AS 'DELETE FROM audit'

-- [write] schema-change: makes an aggregate
CREATE AGGREGATE backdoor (integer) (SFUNC = int4pl, STYPE = integer)

-- [write] schema-change: makes an operator
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq)

-- [write] schema-change: makes a trigger
CREATE TRIGGER backdoor BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()

-- [write] schema-change: makes a rule
CREATE RULE backdoor AS ON INSERT TO audit DO INSTEAD NOTHING

-- [write] schema-change: makes a row policy
CREATE POLICY backdoor ON customer USING (true)

-- [write] schema-change: makes an enumeration
CREATE TYPE stolen AS ENUM ('a', 'b')

-- [write] schema-change: makes a composite type
CREATE TYPE stolen AS (a integer)

-- [write] schema-change: makes a range type
CREATE TYPE stolen AS RANGE (subtype = text)

-- [write] schema-change: makes a domain
CREATE DOMAIN stolen AS text

-- [write] schema-change: makes a cast
CREATE CAST (address AS text) WITH INOUT AS IMPLICIT

-- [write] schema-change: makes a collation
CREATE COLLATION stolen FROM "C"

-- [write] schema-change: makes a conversion
CREATE DEFAULT CONVERSION stolen FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1

-- [write] schema-change: makes a text search configuration
CREATE TEXT SEARCH CONFIGURATION stolen (COPY = simple)

-- [write] schema-change: makes a text search dictionary
CREATE TEXT SEARCH DICTIONARY stolen (TEMPLATE = simple)

-- [write] schema-change: makes an operator class
CREATE OPERATOR CLASS stolen FOR TYPE integer USING btree AS FUNCTION 1 btint4cmp(integer, integer), OPERATOR 3 =

-- [write] schema-change: makes extended statistics
CREATE STATISTICS stolen ON name, born FROM customer

-- [write] schema-change: makes a foreign data wrapper
CREATE FOREIGN DATA WRAPPER stolen

-- [write] schema-change: makes a server to read files with (needs file_fdw)
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw

-- [write] schema-change: makes a mapping with a password in it
CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (password 'x')

-- [write] schema-change: makes a table out of a file of the server (needs file_fdw)
CREATE FOREIGN TABLE passwd (line text) SERVER local_files OPTIONS (filename '/etc/passwd')

-- [write] schema-change: makes tables of a whole foreign schema
IMPORT FOREIGN SCHEMA public FROM SERVER elsewhere INTO archive

-- [write] schema-change: adds an extension
CREATE EXTENSION IF NOT EXISTS hstore

-- [write] schema-change: adds a language
CREATE TRUSTED LANGUAGE stolen HANDLER plpgsql_call_handler

-- [write] schema-change: adds an event trigger
CREATE EVENT TRIGGER backdoor ON ddl_command_end EXECUTE FUNCTION backdoor_fires()

-- [write] schema-change: publishes a table
CREATE PUBLICATION leak FOR TABLE customer

-- [write] schema-change: subscribes to another server
CREATE SUBSCRIPTION leak CONNECTION 'host=127.0.0.1 port=9' PUBLICATION leak WITH (connect = false)

-- [write] schema-change: makes a database
CREATE DATABASE stolen

-- [write] schema-change: makes a tablespace
CREATE TABLESPACE stolen LOCATION '/tmp/dbmcp_corpus_space'

-- [write] schema-change: makes a role that may do everything
CREATE ROLE intruder SUPERUSER LOGIN PASSWORD 'x'

-- [write] schema-change: makes a user
CREATE USER intruder_too IN ROLE pg_read_all_data

-- [write] schema-change: makes a group
CREATE GROUP intruders

-- [write] schema-change: adds a column
ALTER TABLE customer ADD COLUMN stolen text DEFAULT 'x'

-- [write] schema-change: renames a table
ALTER TABLE customer RENAME TO client

-- [write] schema-change: renames a column
ALTER TABLE IF EXISTS customer RENAME COLUMN name TO title

-- [write] schema-change: moves a table to another schema
ALTER TABLE booking SET SCHEMA archive

-- [write] schema-change: gives a table to another owner
ALTER TABLE audit OWNER TO pg_read_all_data

-- [write] schema-change: switches triggers off
ALTER TABLE customer DISABLE TRIGGER ALL

-- [write] schema-change: switches row policies off
ALTER TABLE customer DISABLE ROW LEVEL SECURITY

-- [write] schema-change: takes a partition away
ALTER TABLE reading DETACH PARTITION reading_north

-- [write] schema-change: replaces a view's default
ALTER VIEW guest ALTER COLUMN name SET DEFAULT 'x'

-- [write] schema-change: adds a value to an enumeration
ALTER TYPE mood ADD VALUE 'furious'

-- [write] schema-change: takes a check away
ALTER DOMAIN percentage DROP NOT NULL

-- [write] schema-change: moves a sequence
ALTER SEQUENCE ticket_number RESTART WITH 1

-- [write] schema-change: makes a function run as its owner
ALTER FUNCTION run(text) SECURITY DEFINER

-- [write] schema-change: changes any routine
ALTER ROUTINE run(text) RESET ALL

-- [write] schema-change: renames an index
ALTER INDEX customer_name RENAME TO customer_called

-- [write] schema-change: ties an object to an extension
ALTER FUNCTION run(text) DEPENDS ON EXTENSION plpgsql

-- [write] schema-change: default rights of what is made from now on
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO PUBLIC

-- [write] schema-change: makes oneself superuser
ALTER USER CURRENT_USER SUPERUSER

-- [write] schema-change: changes a role's members
ALTER GROUP intruders ADD USER CURRENT_USER

-- [write] schema-change: renames a schema
ALTER SCHEMA archive RENAME TO attic

-- [write] schema-change: changes statistics targets
ALTER STATISTICS employee_pay SET STATISTICS 10

-- [write] schema-change: lets large objects be read by all
ALTER DATABASE postgres SET lo_compat_privileges = on

-- [write] schema-change: moves everything to another tablespace
ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default

-- [write] schema-change: changes an operator
ALTER OPERATOR public.<+> (integer, integer) SET SCHEMA archive

-- [write] schema-change: changes a trigger's name
ALTER TRIGGER keep_guest ON guest RENAME TO lose_guest

-- [write] schema-change: drops a table
DROP TABLE booking CASCADE

-- [write] schema-change: drops several tables
DROP TABLE IF EXISTS archive.customer, audit CASCADE

-- [write] schema-change: drops a view
DROP VIEW guest

-- [write] schema-change: drops a stored view
DROP MATERIALIZED VIEW revenue

-- [write] schema-change: drops an index
DROP INDEX room_search

-- [write] schema-change: drops an index without locking
DROP INDEX CONCURRENTLY IF EXISTS customer_name

-- [write] schema-change: drops a sequence
DROP SEQUENCE ticket_number

-- [write] schema-change: drops a schema and all in it
DROP SCHEMA archive CASCADE

-- [write] schema-change: drops a function
DROP FUNCTION run(text)

-- [write] schema-change: drops a procedure
DROP PROCEDURE close_day

-- [write] schema-change: drops an aggregate
DROP AGGREGATE noting_sum (integer)

-- [write] schema-change: drops an operator
DROP OPERATOR public.!#! (NONE, integer)

-- [write] schema-change: drops a trigger
DROP TRIGGER keep_guest ON guest

-- [write] schema-change: drops a rule
DROP RULE drop_stay ON stay

-- [write] schema-change: drops a type and the columns of it
DROP TYPE mood CASCADE

-- [write] schema-change: drops a domain
DROP DOMAIN percentage CASCADE

-- [write] schema-change: drops statistics
DROP STATISTICS employee_pay

-- [write] schema-change: drops an extension
DROP EXTENSION plpgsql CASCADE

-- [write] schema-change: drops a role
DROP ROLE IF EXISTS intruder

-- [write] schema-change: drops a database and throws its sessions out
DROP DATABASE IF EXISTS stolen WITH (FORCE)

-- [write] schema-change: drops all that a role owns, given the role
DROP OWNED BY intruder

-- [write] schema-change: gives all that a role owns to another, given both
REASSIGN OWNED BY intruder TO intruder_too

-- [write] schema-change: grants on a table
GRANT SELECT ON customer TO PUBLIC

-- [write] schema-change: grants on some columns
GRANT UPDATE (name, email) ON customer TO pg_monitor WITH GRANT OPTION

-- [write] schema-change: grants on all tables of a schema
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA archive TO PUBLIC

-- [write] schema-change: grants a role
GRANT pg_read_server_files TO pg_monitor

-- [write] schema-change: revokes
REVOKE ALL ON customer FROM PUBLIC CASCADE

-- [write] schema-change: revokes a role
REVOKE ADMIN OPTION FOR pg_read_all_data FROM pg_monitor

-- [write] schema-change: writes a comment
COMMENT ON TABLE customer IS 'pwned'

-- [write] schema-change: removes a comment
COMMENT ON COLUMN customer.balance IS NULL

-- [write] schema-change: labels a table, where a provider of labels is loaded
SECURITY LABEL ON TABLE customer IS 'unclassified'

-- [write] schema-change: fills a stored view anew and locks it
REFRESH MATERIALIZED VIEW revenue

-- [write] schema-change: empties a stored view
REFRESH MATERIALIZED VIEW revenue WITH NO DATA

-- [write] schema-change: the verb behind a comment and a line break
/* SELECT */
-- SELECT
DROP TABLE audit CASCADE

-- [write] schema-change: mixed case
cReAtE TaBlE "stolen" AS SELECT 1 AS a

-- [function_not_allowed] spelling: makes the session wait
SELECT pg_sleep(0.1)

-- [function_not_allowed] spelling: with its schema
SELECT pg_catalog.pg_sleep(0.1)

-- [function_not_allowed] spelling: quoted
SELECT "pg_sleep"(0.1)

-- [function_not_allowed] spelling: schema and name quoted
SELECT "pg_catalog"."pg_sleep"(0.1)

-- [function_not_allowed] spelling: only the schema quoted
SELECT "pg_catalog".pg_sleep(0.1)

-- [function_not_allowed] spelling: capital letters
SELECT PG_SLEEP(0.1)

-- [function_not_allowed] spelling: mixed case with its schema
SELECT Pg_Catalog.pG_sLeEp(0.1)

-- [function_not_allowed] spelling: a unicode escape in the name
SELECT U&"\0070g_sleep"(0.1)

-- [function_not_allowed] spelling: all of it unicode escapes
SELECT U&"\0070\0067\005f\0073\006c\0065\0065\0070"(0.1)

-- [function_not_allowed] spelling: the six-digit escape
SELECT U&"pg_sl\+000065ep"(0.1)

-- [function_not_allowed] spelling: another escape character
SELECT U&"pg!005fsleep" UESCAPE '!' (0.1)

-- [function_not_allowed] spelling: a small u before the ampersand
SELECT u&"pg\005Fsleep"(0.1)

-- [function_not_allowed] spelling: schema and name in unicode escapes
SELECT U&"pg\005fcatalog".U&"pg\005fsleep"(0.1)

-- [function_not_allowed] spelling: a comment before the parenthesis
SELECT pg_sleep/* no call */(0.1)

-- [function_not_allowed] spelling: a nested comment before the parenthesis
SELECT pg_sleep /* /* */ ( */ (0.1)

-- [function_not_allowed] spelling: a line comment before the parenthesis
SELECT pg_sleep -- (
(0.1)

-- [function_not_allowed] spelling: comments round the dot
SELECT pg_catalog/**/./**/pg_sleep(0.1)

-- [function_not_allowed] spelling: spaces round the dot
SELECT pg_catalog . pg_sleep (0.1)

-- [function_not_allowed] spelling: line breaks round the dot
SELECT pg_catalog
.
pg_sleep
(0.1)

-- [function_not_allowed] spelling: tabs and form feeds (escaped)
SELECT\x09pg_catalog\x0c.\x0dpg_sleep\x09(0.1)

-- [function_not_allowed] spelling: the argument in dollar quotes
SELECT pg_read_file($$/etc/hostname$$)

-- [function_not_allowed] spelling: the argument in dollar quotes with a tag that is another function
SELECT pg_read_file($lower$/etc/hostname$lower$)

-- [function_not_allowed] spelling: the argument in unicode escapes
SELECT pg_read_file(U&'\002fetc/hostname')

-- [function_not_allowed] spelling: the argument in E escapes
SELECT pg_read_file(E'\x2fetc\57hostname')

-- [function_not_allowed] spelling: the argument made of parts
SELECT pg_read_file('/etc' || '/' || chr(104) || 'ostname')

-- [function_not_allowed] spelling: the argument over two lines
SELECT pg_read_file('/etc/'
'hostname')

-- [function_not_allowed] spelling: named arguments
SELECT pg_create_logical_replication_slot(slot_name => 'leak', plugin => 'pgoutput')

-- [function_not_allowed] spelling: named arguments, old spelling
SELECT pg_create_physical_replication_slot(slot_name := 'leak_too', immediately_reserve := true)

-- [function_not_allowed] spelling: a column alias of the same name as a harmless function
SELECT pg_sleep(0.1) AS lower

-- [function_not_allowed] spelling: an alias that looks like the whole statement
SELECT pg_sleep(0.1) AS "SELECT 1"

-- [function_not_allowed] spelling: attribute of a number
SELECT (0.1::float8).pg_sleep

-- [function_not_allowed] spelling: a function of the database's own, as the attribute of a literal
SELECT ('me').note_visit

-- [function_not_allowed] spelling: a function of the database's own, as the attribute of a cast
SELECT ('me'::pg_catalog.text).note_visit FROM customer

-- [function_not_allowed] spelling: a function of the database's own that gives rows, as the attribute of a value
SELECT (CAST('me' AS varchar(10))).visits

-- [function_not_allowed] spelling: a function that runs what it is given, as the attribute of a string
SELECT (E'DELETE FROM audit').run

-- [function_not_allowed] spelling: an operator's function, as the attribute of an attribute of a value
SELECT ((1)."not_noting").abs

-- [function_not_allowed] spelling: attribute of a literal
SELECT ('/etc/hostname'::text).pg_read_file

-- [function_not_allowed] spelling: attribute of a cast in standard form
SELECT (CAST('/tmp' AS text)).pg_ls_dir

-- [function_not_allowed] spelling: attribute, quoted
SELECT ('/etc/hostname'::text)."pg_read_file"

-- [function_not_allowed] spelling: attribute, mixed case
SELECT ('/etc/hostname'::text).Pg_Read_File

-- [function_not_allowed] spelling: attribute in unicode escapes
SELECT ('/etc/hostname'::text).U&"pg\005fread_file"

-- [function_not_allowed] spelling: attribute of a subquery
SELECT (SELECT 'ticket_number'::regclass).nextval

-- [function_not_allowed] spelling: attribute of a case
SELECT (CASE WHEN true THEN 'ticket_number'::regclass END).nextval

-- [function_not_allowed] spelling: attribute of a function's result
SELECT (coalesce(NULL, 0.1::float8)).pg_sleep

-- [function_not_allowed] spelling: attribute of an array's element
SELECT (ARRAY['/etc/hostname'::text])[1].pg_read_file

-- [function_not_allowed] spelling: attribute of an attribute
SELECT ((0.1::text).float8).pg_sleep

-- [function_not_allowed] spelling: attribute of a field of a composite
SELECT ((ROW('/etc/hostname', '', '')::address).street).pg_read_file

-- [function_not_allowed] spelling: attribute of a column
SELECT (t.p).pg_read_file FROM (VALUES ('/etc/hostname'::text)) AS t (p)

-- [function_not_allowed] spelling: attribute of a row that is one value
SELECT t.pg_sleep FROM unnest(ARRAY[0.1::float8]) AS t

-- [function_not_allowed] spelling: attribute of a row that is one value, with its schema as the alias's name
SELECT pg_catalog.pg_read_file FROM unnest(ARRAY['/etc/hostname']) AS pg_catalog

-- [function_not_allowed] spelling: attribute in the condition
SELECT 1 FROM unnest(ARRAY['ticket_number'::regclass]) AS t WHERE t.nextval > 0

-- [function_not_allowed] spelling: attribute in the order
SELECT 1 FROM unnest(ARRAY['ticket_number'::regclass]) AS t ORDER BY t.nextval

-- [function_not_allowed] spelling: attribute of a row that is one value, by the function's own name
SELECT unnest.pg_sleep FROM unnest(ARRAY[0.1::float8])

-- [function_not_allowed] spelling: attribute of a row that is one value, out of ROWS FROM
SELECT t.pg_sleep FROM ROWS FROM (unnest(ARRAY[0.1::float8])) AS t (x)

-- [function_not_allowed] spelling: attribute of a row that is one value, one level up
SELECT (SELECT t.pg_sleep) FROM unnest(ARRAY[0.1::float8]) AS t

-- [function_not_allowed] spelling: attribute of a cast in FROM, by the type's name
SELECT float8.pg_sleep FROM CAST('0.1' AS float8)

-- [function_not_allowed] spelling: attribute of a cast in FROM, with an alias
SELECT t.pg_read_file FROM CAST('/etc/hostname' AS text) t

-- [function_not_allowed] spelling: attribute of COALESCE in FROM, by its name
SELECT "coalesce".pg_sleep FROM coalesce(NULL, 0.1::float8)

-- [function_not_allowed] spelling: attribute of GREATEST in FROM, by its name
SELECT greatest.pg_sleep FROM greatest(0.1::float8)

-- [function_not_allowed] spelling: attribute of TRIM in FROM, by the name of what it is made of
SELECT btrim.pg_read_file FROM trim('/etc/hostname ')

-- [function_not_allowed] spelling: attribute of EXTRACT in FROM, by its name
SELECT extract.pg_sleep FROM extract(second FROM interval '0.1 second')

-- [function_not_allowed] spelling: attribute and star of a set
SELECT (('.'::text).pg_ls_dir) FROM customer LIMIT 1

-- [function_not_allowed] spelling: attribute within the argument of a harmless function
SELECT length(('/etc/hostname'::text).pg_read_file)

-- [function_not_allowed] spelling: whole result unfolded
SELECT (pg_stat_file('/etc/hostname')).*

-- [function_not_allowed] spelling: a field of the result
SELECT (pg_stat_file('/etc/hostname')).size

-- [function_not_allowed] spelling: an element of the result
SELECT (string_to_array(pg_read_file('/etc/hostname'), ''))[1]

-- [function_not_allowed] spelling: the database's own name before the schema, where it is called inn
SELECT inn.pg_catalog.pg_sleep(0.1)

-- [function_not_allowed] spelling: the database's own name, quoted
SELECT "inn"."pg_catalog"."pg_read_file"('/etc/hostname')

-- [function_not_allowed] placement: in the select list behind harmless ones
SELECT lower('A'), 1 + 1, nextval('ticket_number')

-- [function_not_allowed] placement: in arithmetic
SELECT 1 + nextval('ticket_number') * 0

-- [function_not_allowed] placement: under a minus sign
SELECT -nextval('ticket_number')

-- [function_not_allowed] placement: in a comparison
SELECT nextval('ticket_number') > 0

-- [function_not_allowed] placement: in a concatenation
SELECT 'number ' || nextval('ticket_number')

-- [function_not_allowed] placement: in the argument of a harmless function
SELECT to_char(nextval('ticket_number'), '999999')

-- [function_not_allowed] placement: in a named argument
SELECT make_interval(days => nextval('ticket_number')::integer)

-- [function_not_allowed] placement: in a variadic argument
SELECT concat(VARIADIC ARRAY[nextval('ticket_number')::text])

-- [function_not_allowed] placement: under a cast
SELECT nextval('ticket_number')::text

-- [function_not_allowed] placement: under a cast in standard form
SELECT CAST(nextval('ticket_number') AS numeric(10, 2))

-- [function_not_allowed] placement: under a cast that looks like a function
SELECT int4(nextval('ticket_number'))

-- [function_not_allowed] placement: in COALESCE
SELECT COALESCE(NULL, nextval('ticket_number'))

-- [function_not_allowed] placement: in NULLIF
SELECT NULLIF(nextval('ticket_number'), 0)

-- [function_not_allowed] placement: in GREATEST
SELECT GREATEST(0, nextval('ticket_number'))

-- [function_not_allowed] placement: in a condition of CASE
SELECT CASE WHEN nextval('ticket_number') > 0 THEN 1 END

-- [function_not_allowed] placement: in a result of CASE
SELECT CASE WHEN true THEN nextval('ticket_number') ELSE 0 END

-- [function_not_allowed] placement: in the last branch of CASE
SELECT CASE WHEN false THEN 0 ELSE nextval('ticket_number') END

-- [function_not_allowed] placement: in the subject of CASE
SELECT CASE nextval('ticket_number') WHEN 0 THEN 'zero' END

-- [function_not_allowed] placement: in an array
SELECT ARRAY[1, nextval('ticket_number')]

-- [function_not_allowed] placement: in an array of arrays
SELECT ARRAY[[1], [nextval('ticket_number')]]

-- [function_not_allowed] placement: as a subscript
SELECT (ARRAY[1, 2, 3])[nextval('ticket_number')::integer]

-- [function_not_allowed] placement: as an end of a slice
SELECT (ARRAY[1, 2, 3])[1:nextval('ticket_number')::integer]

-- [function_not_allowed] placement: as a subscript of jsonb
SELECT settings[nextval('ticket_number')::text] FROM customer

-- [function_not_allowed] placement: in a row
SELECT ROW(1, nextval('ticket_number'))

-- [function_not_allowed] placement: in a row comparison
SELECT (1, nextval('ticket_number')) < (1, 2)

-- [function_not_allowed] placement: in IN
SELECT 1 IN (0, nextval('ticket_number'))

-- [function_not_allowed] placement: in BETWEEN
SELECT 1 BETWEEN 0 AND nextval('ticket_number')

-- [function_not_allowed] placement: in LIKE
SELECT 'a' LIKE nextval('ticket_number')::text

-- [function_not_allowed] placement: as the escape of LIKE
SELECT 'a' LIKE 'b' ESCAPE left(nextval('ticket_number')::text, 1)

-- [function_not_allowed] placement: in SIMILAR TO
SELECT 'a' SIMILAR TO nextval('ticket_number')::text

-- [function_not_allowed] placement: in IS NULL
SELECT nextval('ticket_number') IS NOT NULL

-- [function_not_allowed] placement: in IS DISTINCT FROM
SELECT 1 IS DISTINCT FROM nextval('ticket_number')

-- [function_not_allowed] placement: in IS TRUE
SELECT (nextval('ticket_number') > 0) IS NOT TRUE

-- [function_not_allowed] placement: in ANY
SELECT 1 = ANY (ARRAY[nextval('ticket_number')])

-- [function_not_allowed] placement: before ALL
SELECT nextval('ticket_number') > ALL (SELECT id FROM customer)

-- [function_not_allowed] placement: in AT TIME ZONE
SELECT timestamp '2024-01-01' AT TIME ZONE set_config('app.zone', 'UTC', false)

-- [function_not_allowed] placement: in EXTRACT
SELECT extract(epoch FROM to_timestamp(nextval('ticket_number')))

-- [function_not_allowed] placement: in SUBSTRING
SELECT substring('abc' FROM nextval('ticket_number')::integer FOR 1)

-- [function_not_allowed] placement: in POSITION
SELECT position('a' IN set_config('app.a', 'a', false))

-- [function_not_allowed] placement: in OVERLAY
SELECT overlay('abc' PLACING 'x' FROM nextval('ticket_number')::integer)

-- [function_not_allowed] placement: in TRIM
SELECT trim(BOTH 'a' FROM set_config('app.a', 'aba', false))

-- [function_not_allowed] placement: under COLLATE
SELECT set_config('app.a', 'b', false) COLLATE "C"

-- [function_not_allowed] placement: under a collation's question
SELECT collation for (set_config('app.a', 'b', false))

-- [function_not_allowed] placement: in OVERLAPS
SELECT (date '2024-01-01', date '2024-02-01') OVERLAPS (date '2024-01-15', make_interval(days => nextval('ticket_number')::integer))

-- [function_not_allowed] placement: in WHERE
SELECT 1 WHERE nextval('ticket_number') > 0

-- [function_not_allowed] placement: in the condition of a join
SELECT 1 FROM customer AS a JOIN customer AS b ON a.id = b.id AND nextval('ticket_number') > 0

-- [function_not_allowed] placement: in GROUP BY
SELECT count(*) FROM customer GROUP BY nextval('ticket_number')

-- [function_not_allowed] placement: in GROUPING SETS
SELECT count(*) FROM customer GROUP BY GROUPING SETS ((), (nextval('ticket_number')))

-- [function_not_allowed] placement: in ROLLUP
SELECT count(*) FROM customer GROUP BY ROLLUP (mood, (id + nextval('ticket_number') * 0))

-- [function_not_allowed] placement: in HAVING
SELECT mood FROM customer GROUP BY mood HAVING nextval('ticket_number') > 0

-- [function_not_allowed] placement: in ORDER BY
SELECT id FROM customer ORDER BY nextval('ticket_number')

-- [function_not_allowed] placement: in ORDER BY of a union, by way of a derived table
SELECT * FROM (SELECT 1 AS a UNION SELECT 2) AS t ORDER BY a + nextval('ticket_number')

-- [function_not_allowed] placement: in DISTINCT ON
SELECT DISTINCT ON (nextval('ticket_number')) id FROM customer

-- [function_not_allowed] placement: as LIMIT
SELECT id FROM customer LIMIT nextval('ticket_number')

-- [function_not_allowed] placement: as OFFSET
SELECT id FROM customer OFFSET nextval('ticket_number')

-- [function_not_allowed] placement: as FETCH FIRST
SELECT id FROM customer FETCH FIRST (nextval('ticket_number')) ROWS ONLY

-- [function_not_allowed] placement: in the argument of an aggregate
SELECT sum(nextval('ticket_number')) FROM customer

-- [function_not_allowed] placement: in DISTINCT of an aggregate
SELECT count(DISTINCT nextval('ticket_number')) FROM customer

-- [function_not_allowed] placement: in the order of an aggregate
SELECT array_agg(id ORDER BY nextval('ticket_number')) FROM customer

-- [function_not_allowed] placement: in FILTER
SELECT count(*) FILTER (WHERE nextval('ticket_number') > 0) FROM customer

-- [function_not_allowed] placement: in WITHIN GROUP
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY nextval('ticket_number')) FROM customer

-- [function_not_allowed] placement: as the fraction of an ordered-set aggregate
SELECT percentile_disc(nextval('ticket_number') * 0.0) WITHIN GROUP (ORDER BY 1)

-- [function_not_allowed] placement: in PARTITION BY
SELECT row_number() OVER (PARTITION BY nextval('ticket_number')) FROM customer

-- [function_not_allowed] placement: in the order of a window
SELECT row_number() OVER (ORDER BY nextval('ticket_number')) FROM customer

-- [function_not_allowed] placement: as the start of a window frame
SELECT sum(id) OVER (ORDER BY id ROWS nextval('ticket_number') PRECEDING) FROM customer

-- [function_not_allowed] placement: as the end of a window frame
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND nextval('ticket_number') FOLLOWING) FROM customer

-- [function_not_allowed] placement: in a named window
SELECT sum(id) OVER w FROM customer WINDOW w AS (ORDER BY id + nextval('ticket_number'))

-- [function_not_allowed] placement: in the argument of a window function
SELECT lag(id, 1, nextval('ticket_number')::integer) OVER (ORDER BY id) FROM customer

-- [function_not_allowed] placement: in VALUES
VALUES (1), (nextval('ticket_number'))

-- [function_not_allowed] placement: in VALUES of a derived table
SELECT * FROM (VALUES (nextval('ticket_number'))) AS t (n)

-- [function_not_allowed] placement: in FROM
SELECT * FROM nextval('ticket_number')

-- [function_not_allowed] placement: in FROM, with its schema and an alias
SELECT t.n FROM pg_catalog.nextval('ticket_number') AS t (n)

-- [function_not_allowed] placement: in FROM, as the column's own name
SELECT nextval FROM nextval('ticket_number')

-- [function_not_allowed] placement: in FROM, with ordinality
SELECT * FROM pg_ls_dir('.') WITH ORDINALITY AS t (name, n)

-- [function_not_allowed] placement: in ROWS FROM
SELECT * FROM ROWS FROM (generate_series(1, 2), nextval('ticket_number')) AS t (a, b)

-- [function_not_allowed] placement: in ROWS FROM with a column list
SELECT * FROM ROWS FROM (dblink('dbname=postgres', 'SELECT 1') AS (a integer), generate_series(1, 2)) AS t (a, b)

-- [function_not_allowed] placement: in LATERAL
SELECT * FROM customer AS c, LATERAL nextval('ticket_number') AS t (n)

-- [function_not_allowed] placement: in LATERAL, hidden in its argument
SELECT * FROM customer AS c, LATERAL generate_series(1, nextval('ticket_number') * 0) AS t (n)

-- [function_not_allowed] placement: in CROSS JOIN LATERAL of a subquery
SELECT * FROM customer AS c CROSS JOIN LATERAL (SELECT nextval('ticket_number') + c.id) AS t (n)

-- [function_not_allowed] placement: a cast in FROM
SELECT * FROM CAST(nextval('ticket_number') AS text) AS t (n)

-- [function_not_allowed] placement: in the share of a sample
SELECT * FROM customer TABLESAMPLE BERNOULLI (nextval('ticket_number') * 0)

-- [function_not_allowed] placement: in the seed of a sample
SELECT * FROM customer TABLESAMPLE SYSTEM (50) REPEATABLE (nextval('ticket_number'))

-- [function_not_allowed] placement: in a scalar subquery
SELECT (SELECT nextval('ticket_number'))

-- [function_not_allowed] placement: in EXISTS
SELECT EXISTS (SELECT FROM nextval('ticket_number'))

-- [function_not_allowed] placement: in IN of a subquery
SELECT 1 IN (SELECT nextval('ticket_number'))

-- [function_not_allowed] placement: in an array of a subquery
SELECT ARRAY(SELECT nextval('ticket_number') FROM customer)

-- [function_not_allowed] placement: in a derived table
SELECT n FROM (SELECT nextval('ticket_number') AS n) AS t

-- [function_not_allowed] placement: in a common table expression
WITH t AS (SELECT nextval('ticket_number') AS n) SELECT n FROM t

-- [function_not_allowed] placement: in a materialized one that nothing reads but a condition
WITH t AS MATERIALIZED (SELECT nextval('ticket_number') AS n) SELECT 1 WHERE EXISTS (SELECT FROM t)

-- [function_not_allowed] placement: in a recursive one
WITH RECURSIVE t (n) AS (SELECT 1::bigint UNION ALL SELECT nextval('ticket_number') FROM t WHERE n < 2) SELECT * FROM t

-- [function_not_allowed] placement: behind the search of a recursive one (pg14+)
WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 2) SEARCH DEPTH FIRST BY n SET o SELECT n, nextval('ticket_number') FROM t ORDER BY o

-- [function_not_allowed] placement: in the second half of a union
SELECT 1 UNION ALL SELECT nextval('ticket_number')

-- [function_not_allowed] placement: in a third half, in parentheses
SELECT 1 EXCEPT (SELECT 2 INTERSECT (SELECT nextval('ticket_number')))

-- [function_not_allowed] placement: four levels down
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT (SELECT nextval('ticket_number')) AS n) AS a) AS b) AS c

-- [function_not_allowed] placement: under a time zone operator
SELECT to_timestamp(nextval('ticket_number')) AT TIME ZONE 'UTC'

-- [function_not_allowed] placement: in an operator with its schema
SELECT 1 OPERATOR(pg_catalog.+) nextval('ticket_number')

-- [function_not_allowed] placement: in an XML element (needs xml)
SELECT xmlelement(name a, nextval('ticket_number'))

-- [function_not_allowed] placement: in an XML attribute (needs xml)
SELECT xmlelement(name a, xmlattributes(nextval('ticket_number') AS n))

-- [function_not_allowed] placement: in an XML forest (needs xml)
SELECT xmlforest(nextval('ticket_number') AS n)

-- [function_not_allowed] placement: in an XML document (needs xml)
SELECT xmlparse(CONTENT set_config('app.a', '<a/>', false))

-- [function_not_allowed] placement: in an XML root's version (needs xml)
SELECT xmlroot(xml '<a/>', version set_config('app.a', '1.0', false))

-- [function_not_allowed] placement: in an XML instruction (needs xml)
SELECT xmlpi(name php, set_config('app.a', 'echo', false))

-- [function_not_allowed] placement: in an XML serialization (needs xml)
SELECT xmlserialize(CONTENT xmlcomment(set_config('app.a', 'b', false)) AS text)

-- [function_not_allowed] placement: in XMLEXISTS (needs xml)
SELECT xmlexists(set_config('app.a', '/a', false) PASSING BY REF xml '<a/>')

-- [function_not_allowed] placement: in the document of XMLTABLE (needs xml)
SELECT * FROM xmltable('/a' PASSING (set_config('app.a', '<a/>', false)::xml) COLUMNS x text PATH '.')

-- [function_not_allowed] placement: in the row path of XMLTABLE (needs xml)
SELECT * FROM xmltable(set_config('app.a', '/a', false) PASSING xml '<a/>' COLUMNS x text PATH '.')

-- [function_not_allowed] placement: in a column path of XMLTABLE (needs xml)
SELECT * FROM xmltable('/a' PASSING xml '<a/>' COLUMNS x text PATH set_config('app.a', '.', false))

-- [function_not_allowed] placement: in a column default of XMLTABLE (needs xml)
SELECT * FROM xmltable('/a' PASSING xml '<a/>' COLUMNS x text PATH 'b' DEFAULT set_config('app.a', 'b', false))

-- [function_not_allowed] placement: in a namespace of XMLTABLE (needs xml)
SELECT * FROM xmltable(XMLNAMESPACES(set_config('app.a', 'b', false) AS n), '/a' PASSING xml '<a/>' COLUMNS x text PATH '.')

-- [function_not_allowed] placement: in a JSON array (pg16+)
SELECT json_array(1, nextval('ticket_number'))

-- [function_not_allowed] placement: in a JSON array of a query (pg16+)
SELECT json_array(SELECT nextval('ticket_number'))

-- [function_not_allowed] placement: in a JSON object's value (pg16+)
SELECT json_object('a': nextval('ticket_number'))

-- [function_not_allowed] placement: in a JSON object's key (pg16+)
SELECT json_object((nextval('ticket_number')::text) VALUE 1 ABSENT ON NULL)

-- [function_not_allowed] placement: in a JSON aggregate (pg16+)
SELECT json_objectagg(id: nextval('ticket_number')) FROM customer

-- [function_not_allowed] placement: in the order of a JSON aggregate (pg16+)
SELECT json_arrayagg(id ORDER BY nextval('ticket_number')) FROM customer

-- [function_not_allowed] placement: in the filter of a JSON aggregate (pg16+)
SELECT json_arrayagg(id) FILTER (WHERE nextval('ticket_number') > 0) FROM customer

-- [function_not_allowed] placement: in a JSON predicate (pg16+)
SELECT set_config('app.a', '{}', false) IS JSON OBJECT

-- [function_not_allowed] placement: in JSON_SCALAR (pg17+)
SELECT json_scalar(nextval('ticket_number'))

-- [function_not_allowed] placement: in JSON_SERIALIZE (pg17+)
SELECT json_serialize(JSON(set_config('app.a', '{}', false)))

-- [function_not_allowed] placement: in what JSON_VALUE gives for nothing (pg17+)
SELECT json_value(jsonb '{}', '$.a' DEFAULT set_config('app.a', 'b', false) ON EMPTY)

-- [function_not_allowed] placement: in what JSON_QUERY gives for an error (pg17+)
SELECT json_query(jsonb '{"a": 1}', 'strict $.b' RETURNING text DEFAULT set_config('app.a', '1', false) ON ERROR)

-- [function_not_allowed] placement: in what is passed to a JSON path (pg17+)
SELECT json_exists(jsonb '{"a": 1}', '$.a ? (@ > $x)' PASSING nextval('ticket_number') AS x)

-- [function_not_allowed] placement: in the document of JSON_TABLE (pg17+)
SELECT * FROM json_table(set_config('app.a', '[1]', false)::jsonb, '$[*]' COLUMNS (x integer PATH '$')) AS t

-- [function_not_allowed] placement: in a column default of JSON_TABLE (pg17+)
SELECT * FROM json_table(jsonb '[{}]', '$[*]' COLUMNS (x text PATH '$.x' DEFAULT set_config('app.a', 'b', false) ON EMPTY)) AS t

-- [function_not_allowed] placement: in a nested column's default of JSON_TABLE (pg17+)
SELECT * FROM json_table(jsonb '[[{}]]', '$[*]' COLUMNS (NESTED PATH '$[*]' COLUMNS (x text PATH '$.x' DEFAULT set_config('app.a', 'b', false) ON EMPTY))) AS t

-- [function_not_allowed] placement: in what is passed to JSON_TABLE (pg17+)
SELECT * FROM json_table(jsonb '[1]', '$[*] ? (@ < $n)' PASSING nextval('ticket_number') AS n COLUMNS (x integer PATH '$')) AS t

-- [function_not_allowed] placement: beside a star
SELECT *, nextval('ticket_number') FROM customer

-- [function_not_allowed] placement: with an OVER that only a window function has
SELECT sum(nextval('ticket_number')) OVER () FROM customer

-- [function_not_allowed] files: reads a file of the server
SELECT pg_read_file('/etc/passwd')

-- [function_not_allowed] files: reads a part of it
SELECT pg_read_file('/etc/passwd', 0, 100, true)

-- [function_not_allowed] files: reads it as bytes
SELECT encode(pg_read_binary_file('/etc/passwd'), 'base64')

-- [function_not_allowed] files: lists a folder
SELECT pg_ls_dir('/', true, false)

-- [function_not_allowed] files: lists the folder of logs
SELECT name, size FROM pg_ls_waldir() ORDER BY name

-- [function_not_allowed] files: lists temporary files
SELECT * FROM pg_ls_tmpdir()

-- [function_not_allowed] files: lists archived logs
SELECT count(*) FROM pg_ls_archive_statusdir()

-- [function_not_allowed] files: tells size and times of any file
SELECT * FROM pg_stat_file('postgresql.conf')

-- [function_not_allowed] files: names the log that is written now
SELECT pg_current_logfile()

-- [function_not_allowed] files: names a table's file
SELECT pg_relation_filepath('customer')

-- [function_not_allowed] files: finds a table by its file
SELECT pg_filenode_relation(0, pg_relation_filenode('customer'))

-- [function_not_allowed] files: names a tablespace's folder
SELECT spcname, pg_tablespace_location(oid) FROM pg_tablespace

-- [function_not_allowed] files: writes a file of the server (needs adminpack)
SELECT pg_file_write('dbmcp_corpus', 'pwned', false)

-- [function_not_allowed] files: renames a file of the server (needs adminpack)
SELECT pg_file_rename('dbmcp_corpus', 'dbmcp_corpus_too')

-- [function_not_allowed] files: removes a file of the server (needs adminpack)
SELECT pg_file_unlink('dbmcp_corpus_too')

-- [function_not_allowed] network: asks another server (needs dblink)
SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t (a integer)

-- [function_not_allowed] network: connects (needs dblink)
SELECT dblink_connect('other', 'dbname=postgres')

-- [function_not_allowed] network: connects as the server's own user (needs dblink)
SELECT dblink_connect_u('dbname=postgres')

-- [function_not_allowed] network: writes past every lock of this session (needs dblink)
SELECT dblink_exec('dbname=postgres', 'CREATE TABLE IF NOT EXISTS pwned (id integer)')

-- [function_not_allowed] network: sends a query and does not wait (needs dblink)
SELECT dblink_send_query('other', 'SELECT pg_sleep(10)') FROM dblink_connect('other', 'dbname=postgres')

-- [function_not_allowed] network: names the connections others left (needs dblink)
SELECT dblink_get_connections()

-- [function_not_allowed] network: makes statements out of rows (needs dblink)
SELECT dblink_build_sql_insert('customer', '1', 1, '{1}', '{9}')

-- [function_not_allowed] network: closes other servers' connections (needs postgres_fdw)
SELECT postgres_fdw_disconnect_all()

-- [function_not_allowed] network: shows other servers' connections (needs postgres_fdw)
SELECT * FROM postgres_fdw_get_connections()

-- [function_not_allowed] network: tells the server's address
SELECT inet_server_addr(), inet_server_port()

-- [function_not_allowed] network: tells the client's address
SELECT host(inet_client_addr())

-- [function_not_allowed] runs-strings: writes out of a string
SELECT query_to_xml('SELECT public.note_visit(''me'')', true, false, '')

-- [function_not_allowed] runs-strings: reads what policy hides
SELECT query_to_xml('SELECT * FROM pg_authid', false, true, '')

-- [function_not_allowed] runs-strings: the string is built, so that no word stands in it
SELECT query_to_xml(concat('SEL', 'ECT pg_re', 'ad_file(''/etc/passwd'')'), true, false, '')

-- [function_not_allowed] runs-strings: the string is in dollar quotes
SELECT pg_catalog.query_to_xml($x$SELECT run('UPDATE customer SET balance = 0')$x$, true, true, '')

-- [function_not_allowed] runs-strings: columns of what a string gives
SELECT query_to_xmlschema('SELECT * FROM pg_authid', false, false, '')

-- [function_not_allowed] runs-strings: both
SELECT query_to_xml_and_xmlschema('SELECT note_visit(''me'')', false, false, '')

-- [function_not_allowed] runs-strings: within XPath
SELECT xpath('//rolname/text()', query_to_xml('SELECT rolname FROM pg_authid', false, false, ''))

-- [function_not_allowed] runs-strings: out of a table
SELECT query_to_xml(q, false, false, '') FROM (VALUES ('SELECT pg_sleep(0.1)')) AS t (q)

-- [function_not_allowed] runs-strings: reads a cursor of the session
SELECT cursor_to_xml('c', 10, false, false, '')

-- [function_not_allowed] runs-strings: columns of a cursor
SELECT cursor_to_xmlschema('c', false, false, '')

-- [function_not_allowed] runs-strings: a whole table by its name
SELECT table_to_xml('pg_catalog.pg_authid', false, false, '')

-- [function_not_allowed] runs-strings: columns of a table by its name
SELECT table_to_xmlschema('customer', false, false, '')

-- [function_not_allowed] runs-strings: table and columns by its name
SELECT table_to_xml_and_xmlschema('pg_shadow', true, true, '')

-- [function_not_allowed] runs-strings: every table of a schema
SELECT schema_to_xml('public', true, false, '')

-- [function_not_allowed] runs-strings: columns of every table of a schema
SELECT schema_to_xmlschema('archive', true, false, '')

-- [function_not_allowed] runs-strings: tables and columns of a schema
SELECT schema_to_xml_and_xmlschema('archive', true, false, '')

-- [function_not_allowed] runs-strings: the whole database
SELECT database_to_xml(true, true, '')

-- [function_not_allowed] runs-strings: the whole database's columns
SELECT database_to_xmlschema(true, true, '')

-- [function_not_allowed] runs-strings: the whole database and its columns
SELECT database_to_xml_and_xmlschema(true, true, '')

-- [function_not_allowed] runs-strings: a query whose words are counted
SELECT * FROM ts_stat('SELECT to_tsvector(rolpassword) FROM pg_authid')

-- [function_not_allowed] runs-strings: the same with weights
SELECT word FROM pg_catalog.ts_stat($$SELECT to_tsvector(public.run('DELETE FROM public.audit'))$$, 'ab')

-- [function_not_allowed] runs-strings: a query whose rows rewrite another
SELECT ts_rewrite('a & b'::tsquery, 'SELECT to_tsquery(public.run(''DELETE FROM public.audit'')), ''b''::tsquery')

-- [function_not_allowed] runs-strings: a pivot of a query (needs tablefunc)
SELECT * FROM crosstab('SELECT 1, 2, 3') AS t (a integer, b integer)

-- [function_not_allowed] runs-strings: a tree of a table by its name (needs tablefunc)
SELECT * FROM connectby('pg_catalog.pg_authid', 'oid', 'oid', '10', 0) AS t (a oid, b oid, level integer)

-- [function_not_allowed] runs-strings: a table by its name through XPath (needs xml2)
SELECT * FROM xpath_table('id', 'name', 'customer', '/a', 'true') AS t (id integer, a text)

-- [function_not_allowed] runs-strings: rows of a table by their place
SELECT currtid2('customer', '(0,1)'::tid)

-- [function_not_allowed] runs-strings: the statement as it was sent, with what a policy put into it
SELECT current_query()

-- [function_not_allowed] wait: waits for an interval
SELECT pg_sleep_for('100 milliseconds')

-- [function_not_allowed] wait: waits until a time
SELECT pg_sleep_until(clock_timestamp() + interval '0.1 second')

-- [function_not_allowed] wait: waits once for each row
SELECT count(pg_sleep(0.01)) FROM generate_series(1, 10)

-- [function_not_allowed] advisory-lock: takes a lock that outlives the statement
SELECT pg_advisory_lock(1)

-- [function_not_allowed] advisory-lock: takes a lock of two keys
SELECT pg_advisory_lock(1, 2)

-- [function_not_allowed] advisory-lock: shares one
SELECT pg_advisory_lock_shared(1)

-- [function_not_allowed] advisory-lock: takes one for the transaction
SELECT pg_advisory_xact_lock(1)

-- [function_not_allowed] advisory-lock: shares one for the transaction
SELECT pg_advisory_xact_lock_shared(1, 1)

-- [function_not_allowed] advisory-lock: tries
SELECT pg_try_advisory_lock(1)

-- [function_not_allowed] advisory-lock: tries to share
SELECT pg_try_advisory_lock_shared(1)

-- [function_not_allowed] advisory-lock: tries for the transaction
SELECT pg_try_advisory_xact_lock(1)

-- [function_not_allowed] advisory-lock: tries to share for the transaction
SELECT pg_try_advisory_xact_lock_shared(1)

-- [function_not_allowed] advisory-lock: gives back a lock of the application
SELECT pg_advisory_unlock(1)

-- [function_not_allowed] advisory-lock: gives back a shared one
SELECT pg_advisory_unlock_shared(1)

-- [function_not_allowed] advisory-lock: gives back all
SELECT pg_advisory_unlock_all()

-- [function_not_allowed] advisory-lock: one for each row
SELECT pg_advisory_lock(id) FROM customer

-- [function_not_allowed] sessions: ends another session, or this one
SELECT pg_terminate_backend(pg_backend_pid())

-- [function_not_allowed] sessions: ends every other session of the database
SELECT pg_terminate_backend(pid) FROM (SELECT generate_series(100, 110) AS pid) AS t

-- [function_not_allowed] sessions: ends a session and waits for it
SELECT pg_terminate_backend(1, 10)

-- [function_not_allowed] sessions: cancels what another session runs
SELECT pg_cancel_backend(pg_backend_pid())

-- [function_not_allowed] sessions: tells this session's process, which the others need to ask for
SELECT pg_backend_pid()

-- [function_not_allowed] sessions: writes another session's memory to the log
SELECT pg_log_backend_memory_contexts(pg_backend_pid())

-- [function_not_allowed] sessions: who blocks whom
SELECT pg_blocking_pids(1)

-- [function_not_allowed] sessions: who blocks a serializable one
SELECT pg_safe_snapshot_blocking_pids(1)

-- [function_not_allowed] sessions: what every session runs, statement by statement
SELECT query FROM pg_stat_get_activity(NULL)

-- [function_not_allowed] sessions: the same, one session
SELECT pg_stat_get_backend_activity(1)

-- [function_not_allowed] sessions: where the others are connected from
SELECT pg_stat_get_backend_client_addr(i) FROM pg_stat_get_backend_idset() AS i

-- [function_not_allowed] sessions: what is locked by whom
SELECT * FROM pg_lock_status()

-- [function_not_allowed] sessions: speaks to other sessions
SELECT pg_notify('channel', 'payload')

-- [function_not_allowed] sessions: speaks to them once for each row
SELECT pg_notify('channel', email) FROM customer

-- [function_not_allowed] sessions: which channels the one before listened on
SELECT pg_listening_channels()

-- [function_not_allowed] sessions: statements that the one before prepared
SELECT * FROM pg_prepared_statement()

-- [function_not_allowed] sessions: cursors that the one before opened
SELECT * FROM pg_cursor()

-- [function_not_allowed] large-object: makes one
SELECT lo_create(0)

-- [function_not_allowed] large-object: makes one, old spelling
SELECT lo_creat(-1)

-- [function_not_allowed] large-object: makes one out of bytes
SELECT lo_from_bytea(0, '\x00')

-- [function_not_allowed] large-object: makes one out of a file of the server
SELECT lo_import('/etc/hostname')

-- [function_not_allowed] large-object: writes one to a file of the server
SELECT lo_export(4711, '/tmp/dbmcp_corpus_copy')

-- [function_not_allowed] large-object: reads one
SELECT convert_from(lo_get(4711), 'UTF8')

-- [function_not_allowed] large-object: writes into one
SELECT lo_put(4711, 0, '\x01')

-- [function_not_allowed] large-object: opens one, reads it and closes it
SELECT loread(lo_open(4711, 262144), 10)

-- [function_not_allowed] large-object: opens one to write
SELECT lowrite(lo_open(4711, 131072), '\x02')

-- [function_not_allowed] large-object: cuts one
SELECT lo_truncate(lo_open(4711, 131072), 0)

-- [function_not_allowed] large-object: moves in one
SELECT lo_lseek64(lo_open(4711, 262144), 3, 0), loread(0, 5)

-- [function_not_allowed] large-object: removes one
SELECT lo_unlink(4711)

-- [function_not_allowed] large-object: removes every one
SELECT lo_unlink(l.oid) FROM (SELECT lo_create(0) AS oid) AS l

-- [function_not_allowed] sequence: moves it
SELECT setval('ticket_number', 1)

-- [function_not_allowed] sequence: moves it, and says whether its value is used up
SELECT setval('ticket_number'::regclass, 1, false)

-- [function_not_allowed] sequence: takes a number
SELECT nextval('public.ticket_number'::text)

-- [function_not_allowed] sequence: takes a million
SELECT max(nextval('ticket_number')) FROM generate_series(1, 1000)

-- [function_not_allowed] sequence: takes one of an identity column
SELECT nextval(pg_get_serial_sequence('audit', 'id'))

-- [function_not_allowed] sequence: what the one before took
SELECT lastval() FROM nextval('ticket_number')

-- [function_not_allowed] sequence: what the one before took of this one
SELECT currval('ticket_number') FROM nextval('ticket_number') AS n

-- [function_not_allowed] settings: turns the transaction's read-only off
SELECT set_config('transaction_read_only', 'off', true)

-- [function_not_allowed] settings: turns it off for what comes
SELECT set_config('default_transaction_read_only', 'off', false)

-- [function_not_allowed] settings: no time limit any more
SELECT set_config('statement_timeout', '0', false)

-- [function_not_allowed] settings: other tables by the same names
SELECT pg_catalog.set_config('search_path', 'archive', false)

-- [function_not_allowed] settings: another role
SELECT set_config('role', 'pg_monitor', false)

-- [function_not_allowed] settings: one for each row
SELECT set_config('app.last', name, false) FROM customer

-- [function_not_allowed] settings: another tenant, where row policies ask a setting who it is
SELECT set_config('app.tenant', '2', true), * FROM customer

-- [function_not_allowed] settings: an application's own secret
SELECT current_setting('app.secret')

-- [function_not_allowed] settings: where the server's files are
SELECT current_setting('data_directory', true)

-- [function_not_allowed] settings: all of them
SELECT * FROM pg_show_all_settings()

-- [function_not_allowed] settings: the files they stand in
SELECT * FROM pg_show_all_file_settings()

-- [function_not_allowed] settings: who may connect from where
SELECT * FROM pg_hba_file_rules()

-- [function_not_allowed] settings: reads the server's configuration anew
SELECT pg_reload_conf()

-- [function_not_allowed] settings: begins a new log
SELECT pg_rotate_logfile()

-- [function_not_allowed] settings: how the server was built
SELECT * FROM pg_config()

-- [function_not_allowed] settings: the server's identity and state
SELECT * FROM pg_control_system(), pg_control_checkpoint(), pg_control_init(), pg_control_recovery()

-- [function_not_allowed] settings: repeats the random values of whoever comes next
SELECT setseed(0.5)

-- [function_not_allowed] settings: since when the server runs
SELECT pg_postmaster_start_time(), pg_conf_load_time()

-- [function_not_allowed] transactions: takes a transaction number
SELECT txid_current()

-- [function_not_allowed] transactions: takes one, new spelling
SELECT pg_current_xact_id()

-- [function_not_allowed] transactions: exports its snapshot, which keeps old rows from being removed
SELECT pg_export_snapshot()

-- [function_not_allowed] transactions: what became of others' transactions
SELECT txid_status(i), pg_xact_status(i::text::xid8) FROM generate_series(3::bigint, 5) AS i

-- [function_not_allowed] replication: makes a slot that keeps every log for ever
SELECT pg_create_physical_replication_slot('keep', true)

-- [function_not_allowed] replication: makes a temporary one that streams every change
SELECT pg_create_logical_replication_slot('leak', 'pgoutput', true)

-- [function_not_allowed] replication: copies one
SELECT pg_copy_physical_replication_slot('keep', 'keep_too')

-- [function_not_allowed] replication: moves one on, so that changes are lost
SELECT pg_replication_slot_advance('keep_too', pg_current_wal_lsn())

-- [function_not_allowed] replication: drops them, and whoever follows loses changes
SELECT pg_drop_replication_slot(s) FROM (VALUES ('keep'::name), ('keep_too')) AS t (s)

-- [function_not_allowed] replication: reads changes of every table, given a slot
SELECT * FROM pg_logical_slot_peek_changes('leak', NULL, NULL)

-- [function_not_allowed] replication: reads them and throws them away, given a slot
SELECT data FROM pg_logical_slot_get_changes('leak', NULL, 1)

-- [function_not_allowed] replication: reads them as bytes, given a slot
SELECT * FROM pg_logical_slot_get_binary_changes('leak', NULL, NULL)

-- [function_not_allowed] replication: writes a message into the log
SELECT pg_logical_emit_message(false, 'prefix', 'text')

-- [function_not_allowed] replication: writes it even where the transaction is rolled back
SELECT pg_logical_emit_message(true, 'prefix', '\x00'::bytea)

-- [function_not_allowed] replication: makes an origin
SELECT pg_replication_origin_create('pwned')

-- [function_not_allowed] replication: uses it
SELECT pg_replication_origin_session_setup('pwned')

-- [function_not_allowed] replication: drops it
SELECT pg_replication_origin_drop('pwned')

-- [function_not_allowed] replication: makes a standby the primary
SELECT pg_promote(false, 1)

-- [function_not_allowed] replication: stops a standby from following
SELECT pg_wal_replay_pause()

-- [function_not_allowed] replication: switches to a new log
SELECT pg_switch_wal()

-- [function_not_allowed] replication: marks the log
SELECT pg_create_restore_point('here')

-- [function_not_allowed] replication: begins a backup
SELECT pg_backup_start('dbmcp', true)

-- [function_not_allowed] replication: ends a backup that another began
SELECT * FROM pg_backup_stop(false)

-- [function_not_allowed] replication: how far the log is
SELECT pg_current_wal_lsn(), pg_current_wal_insert_lsn(), pg_current_wal_flush_lsn()

-- [function_not_allowed] replication: who follows, with addresses
SELECT * FROM pg_stat_get_wal_senders()

-- [function_not_allowed] replication: whom this one follows, with its connection string
SELECT * FROM pg_stat_get_wal_receiver()

-- [function_not_allowed] replication: every slot
SELECT slot_name FROM pg_get_replication_slots()

-- [function_not_allowed] statistics: throws all counts away
SELECT pg_stat_reset()

-- [function_not_allowed] statistics: throws shared counts away
SELECT pg_stat_reset_shared('bgwriter')

-- [function_not_allowed] statistics: throws a table's counts away
SELECT pg_stat_reset_single_table_counters('customer'::regclass)

-- [function_not_allowed] statistics: throws a function's counts away
SELECT pg_stat_reset_single_function_counters(oid) FROM pg_proc WHERE proname = 'run'

-- [function_not_allowed] statistics: throws a cache's counts away
SELECT pg_stat_reset_slru('Notify')

-- [function_not_allowed] statistics: throws a slot's counts away
SELECT pg_stat_reset_replication_slot(NULL)

-- [function_not_allowed] statistics: throws a subscription's counts away
SELECT pg_stat_reset_subscription_stats(NULL)

-- [function_not_allowed] statistics: throws counts of statements away (needs pg_stat_statements)
SELECT pg_stat_statements_reset()

-- [function_not_allowed] statistics: shows statements of every session (needs pg_stat_statements)
SELECT query FROM pg_stat_statements(true)

-- [function_not_allowed] statistics: common values of columns, out of their statistics
SELECT pg_mcv_list_items(NULL)

-- [function_not_allowed] maintenance-function: writes into an index
SELECT brin_summarize_new_values('booking_placed')

-- [function_not_allowed] maintenance-function: cleans an index
SELECT gin_clean_pending_list('room_search')

-- [function_not_allowed] maintenance-function: fills the catalog of collations
SELECT pg_import_system_collations('public')

-- [function_not_allowed] maintenance-function: takes a number for a catalog row
SELECT pg_nextoid('pg_class', 'oid', 'pg_class_oid_index')

-- [function_not_allowed] maintenance-function: reads a page of a table, with its removed rows (needs pageinspect)
SELECT get_raw_page('customer', 0)

-- [function_not_allowed] maintenance-function: reads removed rows out of a page (needs pageinspect)
SELECT * FROM heap_page_items(get_raw_page('audit', 0))

-- [function_not_allowed] maintenance-function: reads values out of an index (needs pageinspect)
SELECT * FROM bt_page_items('customer_pkey', 1)

-- [function_not_allowed] maintenance-function: who has locked which row (needs pgrowlocks)
SELECT * FROM pgrowlocks('customer')

-- [function_not_allowed] maintenance-function: fills the server's memory with a table (needs pg_prewarm)
SELECT pg_prewarm('customer')

-- [function_not_allowed] maintenance-function: removes a row past every lock (needs pg_surgery)
SELECT heap_force_kill('audit'::regclass, ARRAY['(0,1)']::tid[])

-- [function_not_allowed] maintenance-function: throws a map away (needs pg_visibility)
SELECT pg_truncate_visibility_map('customer')

-- [function_not_allowed] maintenance-function: reads the log record by record (needs pg_walinspect)
SELECT * FROM pg_get_wal_records_info_till_end_of_wal((SELECT redo_lsn FROM pg_control_checkpoint()))

-- [function_not_allowed] maintenance-function: reads a whole table by its name (needs pgstattuple)
SELECT * FROM pgstattuple('customer')

-- [function_not_allowed] user-function: writes a row
SELECT note_visit('me')

-- [function_not_allowed] user-function: with its schema
SELECT public.note_visit('me')

-- [function_not_allowed] user-function: schema and name quoted
SELECT "public"."note_visit"('me')

-- [function_not_allowed] user-function: in FROM
SELECT * FROM visits('me')

-- [function_not_allowed] user-function: in FROM, with columns
SELECT v.who FROM public.visits('me') AS v (a, who, c)

-- [function_not_allowed] user-function: given a row of a table
SELECT note_visit(c) FROM customer AS c

-- [function_not_allowed] user-function: named argument
SELECT note_visit(who => 'me')

-- [function_not_allowed] user-function: runs any statement
SELECT run('DROP TABLE booking CASCADE')

-- [function_not_allowed] user-function: an aggregate that writes
SELECT noting_sum(id) FROM customer

-- [function_not_allowed] user-function: an aggregate as a window function
SELECT noting_sum(id) OVER (ORDER BY id) FROM customer

-- [function_not_allowed] user-function: an aggregate with all its trimmings
SELECT public.noting_sum(DISTINCT id ORDER BY id) FILTER (WHERE id < 3) FROM customer

-- [function_not_allowed] user-function: a harmless name in another schema
SELECT public.upper(mood) FROM customer WHERE id = 1

-- [function_not_allowed] user-function: the name of an aggregate in another schema
SELECT archive.count('me')

-- [function_not_allowed] user-function: the name of an aggregate in another schema, in unicode escapes
SELECT U&"\0061rchive".count('me')

-- [function_not_allowed] user-function: a schema called almost like the engine's
SELECT "PG_CATALOG".lower('A')

-- [function_not_allowed] user-function: in a condition
SELECT id FROM customer WHERE note_visit(name) > 0

-- [function_not_allowed] user-function: hidden in an index's own expression, which is harmless, and beside it
SELECT lower(name) FROM customer WHERE lower(name) = 'ada' AND run('ANALYZE') IS NOT NULL

-- [function_not_allowed] user-function: what the operator is made of
SELECT plus_noting(1, 2)

-- [function_not_allowed] user-function: in a lateral join
SELECT * FROM customer AS c CROSS JOIN LATERAL visits(c.name) AS v

-- [function_not_allowed] user-function: a set for each row
SELECT id, visits(name) FROM customer

-- [function_not_allowed] user-function: fields of the set
SELECT (visits(name)).* FROM customer WHERE id = 1

-- [function_not_allowed] user-function: in the seed of a sample
SELECT * FROM customer TABLESAMPLE BERNOULLI (10) REPEATABLE (note_visit('me'))

-- [operator_not_allowed] operator: writes through an operator of the schema public
SELECT 1 OPERATOR(public.+) 2

-- [operator_not_allowed] operator: the schema quoted
SELECT 1 OPERATOR("public".+) 2

-- [operator_not_allowed] operator: the schema in unicode escapes
SELECT 1 OPERATOR(U&"\0070ublic".+) 2

-- [operator_not_allowed] operator: before its operand
SELECT OPERATOR(public.!#!) 2

-- [operator_not_allowed] operator: with ANY
SELECT 1 OPERATOR(public.<<<) ANY (ARRAY[1, 2])

-- [operator_not_allowed] operator: with ALL of a subquery
SELECT 1 OPERATOR(public.<<<) ALL (SELECT id FROM customer)

-- [operator_not_allowed] operator: in a row comparison of a subquery
SELECT (1) OPERATOR(public.<<<) (SELECT 2)

-- [operator_not_allowed] operator: comments round the dot
SELECT 1 OPERATOR(public /* . */ . +) 2

-- [operator_not_allowed] operator: in a condition
SELECT id FROM customer WHERE id OPERATOR(public.<<<) 2

-- [operator_not_allowed] operator: in the condition of a join
SELECT a.id FROM customer AS a JOIN customer AS b ON a.id OPERATOR(public.<<<) b.id

-- [operator_not_allowed] operator: the engine has none of this name
SELECT 1 <+> 2

-- [operator_not_allowed] operator: the engine has none of this name, before its operand
SELECT !#! id FROM customer

-- [operator_not_allowed] operator: the engine has none of this name, with ANY
SELECT 1 <<< ANY (ARRAY[1, 2])

-- [operator_not_allowed] operator: the engine has none of this name, between columns without spaces
SELECT id<+>"select" FROM customer

-- [relation_not_allowed] catalog: password hashes
SELECT rolname, rolpassword FROM pg_authid

-- [relation_not_allowed] catalog: password hashes, another view
SELECT usename, passwd FROM pg_shadow

-- [relation_not_allowed] catalog: with its schema
SELECT * FROM pg_catalog.pg_authid

-- [relation_not_allowed] catalog: quoted
SELECT * FROM "pg_authid"

-- [relation_not_allowed] catalog: schema and name quoted
SELECT * FROM "pg_catalog"."pg_authid"

-- [relation_not_allowed] catalog: mixed case
SELECT * FROM Pg_Catalog.PG_AuthID

-- [relation_not_allowed] catalog: unicode escapes
SELECT * FROM U&"pg\005fauthid"

-- [relation_not_allowed] catalog: unicode escapes in the schema, another escape character
SELECT * FROM U&"pg!005fcatalog" UESCAPE '!' . pg_authid

-- [relation_not_allowed] catalog: the database's own name before the schema
SELECT * FROM inn.pg_catalog.pg_authid

-- [relation_not_allowed] catalog: comments round the dot
SELECT * FROM pg_catalog/**/./**/pg_authid

-- [relation_not_allowed] catalog: TABLE
TABLE pg_authid

-- [relation_not_allowed] catalog: TABLE of one table without its heirs
TABLE ONLY pg_catalog.pg_shadow

-- [relation_not_allowed] catalog: with its heirs, by a star
SELECT rolname FROM pg_authid *

-- [relation_not_allowed] catalog: without its heirs, in parentheses
SELECT rolname FROM ONLY (pg_authid)

-- [relation_not_allowed] catalog: under a harmless alias with other columns
SELECT c.b FROM pg_shadow AS customer (a), LATERAL (SELECT customer.passwd AS b) AS c

-- [relation_not_allowed] catalog: a sample
SELECT * FROM pg_authid TABLESAMPLE BERNOULLI (100)

-- [relation_not_allowed] catalog: the right side of a join
SELECT c.name, a.rolpassword FROM customer AS c LEFT JOIN pg_authid AS a ON true

-- [relation_not_allowed] catalog: a natural join
SELECT * FROM pg_authid NATURAL JOIN (SELECT 'postgres'::name AS rolname) AS t

-- [relation_not_allowed] catalog: joins in parentheses
SELECT * FROM (customer AS c CROSS JOIN (room AS r CROSS JOIN pg_authid AS a))

-- [relation_not_allowed] catalog: a scalar subquery
SELECT (SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres')

-- [relation_not_allowed] catalog: a condition that guesses character by character
SELECT EXISTS (SELECT FROM pg_authid WHERE rolpassword LIKE 'S%')

-- [relation_not_allowed] catalog: an array
SELECT ARRAY(SELECT rolpassword FROM pg_authid)

-- [relation_not_allowed] catalog: a whole row
SELECT a FROM pg_authid AS a

-- [relation_not_allowed] catalog: a whole row as JSON
SELECT to_jsonb(a) FROM pg_authid AS a

-- [relation_not_allowed] catalog: an aggregate of it
SELECT json_agg(pg_authid) FROM pg_authid

-- [relation_not_allowed] catalog: a lateral subquery
SELECT * FROM customer AS c, LATERAL (SELECT rolpassword FROM pg_authid LIMIT 1) AS a

-- [relation_not_allowed] catalog: the second half of a union
SELECT name FROM customer UNION ALL SELECT rolpassword FROM pg_authid

-- [relation_not_allowed] catalog: a half of a union by TABLE
SELECT id, name FROM archive.customer EXCEPT (SELECT oid::integer, rolname FROM (TABLE pg_authid) AS t)

-- [relation_not_allowed] catalog: in the order
SELECT 1 ORDER BY (SELECT rolpassword FROM pg_authid LIMIT 1)

-- [relation_not_allowed] catalog: as the limit
SELECT 1 LIMIT (SELECT count(*) FROM pg_authid)

-- [relation_not_allowed] catalog: in a common table expression
WITH t AS (SELECT rolpassword FROM pg_authid) SELECT * FROM t

-- [relation_not_allowed] catalog: a common table expression of the same name does not stand for the qualified one
WITH pg_authid AS (SELECT 1 AS a) SELECT b.rolpassword FROM pg_authid AS a, pg_catalog.pg_authid AS b

-- [relation_not_allowed] catalog: a common table expression of the same name holds further in only
SELECT rolpassword FROM (WITH pg_authid AS (SELECT 1) SELECT 1) AS t, pg_authid

-- [relation_not_allowed] catalog: a common table expression of the same name that reads the real one
WITH pg_authid AS (SELECT * FROM pg_authid) SELECT * FROM pg_authid

-- [relation_not_allowed] catalog: a common table expression of the same name comes later
WITH a AS (SELECT rolpassword FROM pg_authid), pg_authid AS (SELECT 1) SELECT * FROM a

-- [relation_not_allowed] catalog: in VALUES
VALUES ((SELECT rolpassword FROM pg_authid LIMIT 1))

-- [relation_not_allowed] catalog: in the filter of an aggregate
SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM pg_authid WHERE rolsuper)) FROM customer

-- [relation_not_allowed] catalog: in CASE
SELECT CASE WHEN (SELECT rolpassword FROM pg_authid LIMIT 1) < 'T' THEN 1 END

-- [relation_not_allowed] catalog: by a quantifier
SELECT 'x' = ANY (SELECT rolpassword FROM pg_authid)

-- [relation_not_allowed] catalog: settings of roles, where applications keep secrets
SELECT rolname, rolconfig FROM pg_roles

-- [relation_not_allowed] catalog: the same of users
SELECT usename, useconfig FROM pg_user

-- [relation_not_allowed] catalog: settings of roles and databases
SELECT setconfig FROM pg_db_role_setting

-- [relation_not_allowed] catalog: the server's settings
SELECT name, setting FROM pg_settings

-- [relation_not_allowed] catalog: the server's settings, file by file
SELECT * FROM pg_file_settings

-- [relation_not_allowed] catalog: who may connect from where
SELECT * FROM pg_hba_file_rules

-- [relation_not_allowed] catalog: which names of the system are which roles (pg15+)
SELECT * FROM pg_ident_file_mappings

-- [relation_not_allowed] catalog: how the server was built and where it lies
SELECT * FROM pg_config

-- [relation_not_allowed] catalog: common values of every column
SELECT tablename, attname, most_common_vals, histogram_bounds FROM pg_stats

-- [relation_not_allowed] catalog: common values of every column, raw
SELECT stavalues1::text FROM pg_statistic

-- [relation_not_allowed] catalog: common values of several columns
SELECT most_common_vals FROM pg_stats_ext

-- [relation_not_allowed] catalog: common values of expressions (pg14+)
SELECT * FROM pg_stats_ext_exprs

-- [relation_not_allowed] catalog: common values of several columns, raw
SELECT stxddependencies FROM pg_statistic_ext_data

-- [relation_not_allowed] catalog: what is too long for the statistics table
SELECT chunk_data FROM pg_toast.pg_toast_2619

-- [relation_not_allowed] catalog: what is too long for the statistics table, quoted
SELECT encode(chunk_data, 'escape') FROM "pg_toast"."pg_toast_2619"

-- [relation_not_allowed] catalog: what is too long for the roles' table
TABLE pg_toast.pg_toast_1260

-- [relation_not_allowed] catalog: large objects, page by page
SELECT loid, convert_from(data, 'LATIN1') FROM pg_largeobject

-- [relation_not_allowed] catalog: large objects there are
SELECT oid FROM pg_largeobject_metadata

-- [relation_not_allowed] catalog: passwords for other servers
SELECT umoptions FROM pg_user_mapping

-- [relation_not_allowed] catalog: passwords for other servers, the view
SELECT srvname, usename, umoptions FROM pg_user_mappings

-- [relation_not_allowed] catalog: passwords for other servers, as the standard shows them
SELECT option_name, option_value FROM information_schema.user_mapping_options

-- [relation_not_allowed] catalog: as the standard shows them, quoted
SELECT * FROM "information_schema"."user_mapping_options"

-- [relation_not_allowed] catalog: as the standard shows them, what is below
SELECT umoptions FROM information_schema._pg_user_mappings

-- [relation_not_allowed] catalog: addresses of other servers
SELECT srvname, srvoptions FROM pg_foreign_server

-- [relation_not_allowed] catalog: addresses of other servers, as the standard shows them
SELECT * FROM information_schema.foreign_server_options

-- [relation_not_allowed] catalog: where foreign tables come from
SELECT ftoptions FROM pg_foreign_table

-- [relation_not_allowed] catalog: connection strings of publishers
SELECT subname, subconninfo FROM pg_subscription

-- [relation_not_allowed] catalog: what every session runs
SELECT usename, client_addr, query FROM pg_stat_activity

-- [relation_not_allowed] catalog: who is connected how
SELECT * FROM pg_stat_ssl

-- [relation_not_allowed] catalog: who is connected how, by Kerberos
SELECT * FROM pg_stat_gssapi

-- [relation_not_allowed] catalog: who has locked what
SELECT * FROM pg_locks

-- [relation_not_allowed] catalog: prepared transactions
SELECT * FROM pg_prepared_xacts

-- [relation_not_allowed] catalog: statements the caller before prepared
SELECT statement FROM pg_prepared_statements

-- [relation_not_allowed] catalog: cursors the caller before opened
SELECT statement FROM pg_cursors

-- [relation_not_allowed] catalog: who follows this server
SELECT * FROM pg_stat_replication

-- [relation_not_allowed] catalog: whom this server follows, with its connection string
SELECT conninfo FROM pg_stat_wal_receiver

-- [relation_not_allowed] catalog: slots
SELECT * FROM pg_replication_slots

-- [relation_not_allowed] catalog: how far each follower is
SELECT * FROM pg_stat_subscription

-- [relation_not_allowed] catalog: labels of security extensions
SELECT * FROM pg_seclabels

-- [relation_not_allowed] catalog: the server's memory
SELECT * FROM pg_shmem_allocations

-- [relation_not_allowed] catalog: this session's memory (pg14+)
SELECT * FROM pg_backend_memory_contexts

-- [relation_not_allowed] catalog: how busy other databases are
SELECT datname, xact_commit FROM pg_stat_database

-- [relation_not_allowed] catalog: what a long command of another session does
SELECT * FROM pg_stat_progress_copy

-- [relation_not_allowed] catalog: what may be installed from the server's disk
SELECT * FROM pg_available_extensions

-- [relation_not_allowed] catalog: statements of every session with their literals (needs pg_stat_statements)
SELECT query, calls FROM pg_stat_statements

-- [relation_not_allowed] catalog: the same, in the schema it was installed in (needs pg_stat_statements)
SELECT query FROM public.pg_stat_statements

-- [relation_not_allowed] catalog: what is in the server's memory (needs pg_buffercache)
SELECT * FROM pg_buffercache LIMIT 10

-- [relation_not_allowed] catalog: temporary tables of another caller
SELECT * FROM pg_temp.left_behind

-- [relation_not_allowed] catalog: temporary tables of another session
SELECT * FROM pg_temp_3.left_behind

-- [bad_character] character: a NUL cuts the text for whoever counts to it (escaped)
SELECT 1\x00; DELETE FROM audit

-- [bad_character] character: a NUL within a literal (escaped)
SELECT 'a\x00b'

-- [bad_character] character: a control character that looks like nothing (escaped)
SELECT 1 \x01 AS a

-- [bad_character] character: a vertical tab, white space to some parsers only (escaped)
SELECT\x0b1

-- [bad_character] character: a backspace rubs out what a reader of the log sees (escaped)
SELECT pg_sleep\x08\x08\x08\x08\x08\x08\x08\x08lower('A')

-- [bad_character] character: an escape sequence hides the rest from a reader of the log (escaped)
SELECT 1 /* \x1b[8m */ + 1

-- [bad_character] character: a delete character (escaped)
SELECT 1 AS a\x7f

-- [bad_character] character: a next-line character, a line break to some parsers only (escaped)
SELECT 1 --\u0085 + 1

-- [bad_character] character: a byte-order mark at the start (escaped)
\ufeffSELECT 1

-- [bad_character] character: a byte-order mark within a word (escaped)
SELECT pg\ufeff_sleep(1)

-- [bad_character] character: text that is shown from right to left, so that a comment looks like code (escaped)
SELECT 1 /* \u202e ;1 TCELES */

-- [bad_character] character: text that is shown in another order by an isolate (escaped)
SELECT 'a\u2066 FROM audit\u2069 b'

-- [bad_character] character: text that is shown in another order by an embedding (escaped)
SELECT 1 AS "\u202bsdrawkcab\u202c"

-- [bad_character] character: half of a surrogate pair, which has no encoding (escaped)
SELECT '\ud83d'

-- [empty] empty: nothing but white space, which a wrapper would make into something else (escaped)
 \x09\x0a

-- [empty] empty: nothing but a comment, which closes the wrapper's line
-- SELECT 1

-- [empty] empty: nothing but semicolons
;;;

-- [empty] empty: nothing but a block comment
/* SELECT 1 */;

-- [parameter] parameter: no value stands for it, and a driver would take the next argument
SELECT * FROM customer WHERE id = $1

-- [parameter] parameter: two, given out of order
SELECT $2::text, $1::integer

-- [parameter] parameter: as the limit
SELECT * FROM customer LIMIT $1

-- [parameter] parameter: as an argument of a harmless function in FROM
SELECT * FROM generate_series(1, $1)

-- [parameter] parameter: a field of it
SELECT ($1).rolpassword

-- [too_large] parser-bomb: a literal larger than any statement (escaped)
SELECT '\{70000:a\}'

-- [too_large] parser-bomb: a comment larger than any statement (escaped)
SELECT 1 /*\{70000: \}*/

-- [too_large] parser-bomb: white space larger than any statement (escaped)
SELECT\{70000: \}1

-- [too_large] parser-bomb: characters of several bytes (escaped)
SELECT '\{30000:\u20ac\}'

-- [too_large] parser-bomb: eight thousand nested derived tables, which crash a parser (escaped)
SELECT * FROM \{8000:(SELECT * FROM \}customer\{8000:) t\}

-- [too_large] parser-bomb: a list of values (escaped)
SELECT 1 WHERE 1 IN (1\{30000:, 1\})

-- [too_complex] parser-bomb: arrays in arrays, which double a parser's time at each level (escaped)
SELECT \{30:ARRAY[\}1\{30:]\}

-- [too_complex] parser-bomb: brackets one level too deep
SELECT ARRAY[ARRAY[ARRAY[ARRAY[ARRAY[ARRAY[ARRAY[1]]]]]]]

-- [too_complex] parser-bomb: arrays without the word (escaped)
SELECT ARRAY\{30:[\}1\{30:]\}

-- [too_complex] parser-bomb: subscripts in subscripts (escaped)
SELECT 1 FROM customer WHERE id = \{30:tags[id + \}1\{30:]\}

-- [too_complex] parser-bomb: arrays and parentheses by turns (escaped)
SELECT \{20:ARRAY[(\}1\{20:)]\}

-- [too_complex] parser-bomb: parentheses (escaped)
SELECT \{60:(\}1\{60:)\}

-- [too_complex] parser-bomb: parentheses by the thousand (escaped)
SELECT \{20000:(\}1\{20000:)\}

-- [too_complex] parser-bomb: parentheses that are never closed (escaped)
SELECT \{60000:(\}

-- [too_complex] parser-bomb: parenthesised queries (escaped)
\{60:(\}SELECT 1\{60:)\}

-- [too_complex] parser-bomb: derived tables (escaped)
SELECT * FROM \{60:(SELECT * FROM \}customer\{60:) AS t\}

-- [too_complex] parser-bomb: scalar subqueries (escaped)
SELECT \{60:(SELECT \}1\{60:)\}

-- [too_complex] parser-bomb: common table expressions in each other (escaped)
\{60:WITH t AS (\}SELECT 1\{60:) SELECT * FROM t\}

-- [too_complex] parser-bomb: casts that look like functions, which double a parser's time at each level (escaped)
SELECT \{40:float8(\}1\{40:)\}

-- [too_complex] parser-bomb: casts of several types that look like functions (escaped)
SELECT \{14:text(bool(date(\}1\{14:)))\}

-- [too_complex] parser-bomb: casts that look like functions, with parentheses between (escaped)
SELECT \{22:text((\}1\{22:))\}

-- [too_complex] parser-bomb: casts that look like functions of two arguments (escaped)
SELECT \{40:daterange(NULL, \}NULL\{40:)\}

-- [too_complex] parser-bomb: function calls (escaped)
SELECT \{60:lower(\}'A'\{60:)\}

-- [too_complex] parser-bomb: additions (escaped)
SELECT 1\{30000:+1\}

-- [too_complex] parser-bomb: concatenations (escaped)
SELECT 'a'\{5000:||'a'\}

-- [too_complex] parser-bomb: negations (escaped)
SELECT \{3000:NOT \}true

-- [too_complex] parser-bomb: negations by the ten thousand (escaped)
SELECT \{15000:NOT \}true

-- [too_complex] parser-bomb: minus signs (escaped)
SELECT \{30000:- \}1

-- [too_complex] parser-bomb: signs without spaces, which cost a scanner the square of their number (escaped)
SELECT 1\{15000:+-\}1

-- [too_complex] parser-bomb: casts (escaped)
SELECT 1\{10000:::int\}

-- [too_complex] parser-bomb: branches within branches (escaped)
SELECT \{2000:CASE WHEN true THEN \}1\{2000: END\}

-- [too_complex] parser-bomb: branches within the last branch (escaped)
SELECT \{900:CASE WHEN true THEN 1 ELSE \}1\{900: END\}

-- [too_complex] parser-bomb: unions (escaped)
SELECT 1\{2900: UNION ALL SELECT 1\}

-- [too_complex] parser-bomb: joins (escaped)
SELECT 1 FROM customer\{2900: CROSS JOIN customer\}

-- [too_complex] parser-bomb: columns of subqueries that are written out four times at each level (escaped)
SELECT x FROM \{7:(SELECT x + x + x + x AS x FROM \}(SELECT id AS x FROM customer) AS q\{7:) AS q\}

-- [too_complex] parser-bomb: columns written out, as parts of a whole row (escaped)
SELECT x FROM \{7:(SELECT ROW(q, q, q.*, (q).x) AS x FROM \}(SELECT id AS x FROM customer) AS q\{7:) AS q\}

-- [too_complex] parser-bomb: columns written out by a chain of WITH clauses
WITH a (x) AS (SELECT id FROM customer), b AS (SELECT greatest(x, x, x, x, x, x) AS x FROM a),
c AS (SELECT greatest(x, x, x, x, x, x) AS x FROM b), d AS (SELECT greatest(x, x, x, x, x, x) AS x FROM c),
e AS (SELECT greatest(x, x, x, x, x, x) AS x FROM d), f AS (SELECT greatest(x, x, x, x, x, x) AS x FROM e)
SELECT x FROM f

-- [too_complex] parser-bomb: columns written out by LATERAL
SELECT f.x FROM customer AS a, LATERAL (SELECT id + id + id + id + id + id AS x) AS b,
LATERAL (SELECT b.x + b.x + b.x + b.x + b.x + b.x AS x) AS c, LATERAL (SELECT c.x + c.x + c.x + c.x + c.x + c.x AS x) AS d,
LATERAL (VALUES (d.x + d.x + d.x + d.x + d.x + d.x)) AS e (x)
CROSS JOIN LATERAL (SELECT e.x + e.x + e.x + e.x + e.x + e.x AS x) AS f

-- [too_complex] parser-bomb: queries written out by WITH clauses that are not materialized
WITH a AS NOT MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT p.x FROM a AS p, a AS q),
c AS NOT MATERIALIZED (SELECT p.x FROM b AS p, b AS q), d AS NOT MATERIALIZED (SELECT p.x FROM c AS p, c AS q),
e AS NOT MATERIALIZED (SELECT p.x FROM d AS p, d AS q), f AS NOT MATERIALIZED (SELECT p.x FROM e AS p, e AS q),
g AS NOT MATERIALIZED (SELECT p.x FROM f AS p, f AS q), h AS NOT MATERIALIZED (SELECT p.x FROM g AS p, g AS q),
i AS NOT MATERIALIZED (SELECT p.x FROM h AS p, h AS q) SELECT x FROM i

-- [too_complex] parser-bomb: joins whose conditions all come at the end (escaped)
SELECT 1 FROM \{1400:customer JOIN \}customer\{1400: ON true\}

-- [too_complex] parser-bomb: conditions that are tested one after another (escaped)
SELECT 1\{5000: IS NULL\}

-- [too_complex] parser-bomb: words (escaped)
SELECT 1\{15000:, 1\}

-- [too_complex] parser-bomb: rows of values (escaped)
VALUES (1)\{7000:, (1)\}

-- [too_complex] parser-bomb: common table expressions one after another (escaped)
WITH a AS (SELECT 1)\{2000:, a AS (SELECT 1)\} SELECT 1

-- [too_complex] parser-bomb: comments in comments, which cost a scanner the square of their number (escaped)
SELECT 1 \{10000:/*\}\{10000:*/\}

-- [too_complex] parser-bomb: comments in comments that are never closed (escaped)
SELECT 1 \{20000:/*\}

-- [too_complex] parser-bomb: grouping sets in grouping sets (escaped)
SELECT 1 GROUP BY \{60:GROUPING SETS (\}()\{60:)\}

-- [too_complex] parser-bomb: rows in rows (escaped)
SELECT \{60:ROW(1, \}1\{60:)\}

-- [too_complex] parser-bomb: joins in parentheses (escaped)
SELECT 1 FROM \{60:(\}customer\{60: CROSS JOIN room)\}
