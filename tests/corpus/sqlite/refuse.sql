-- What a read-only server must refuse to send to SQLite. See ../README.md for the format.
-- Each is an attack that works where nothing stops it; the note says what it does.

-- [many_statements] many-statements: deletes after the read
SELECT 1; DELETE FROM audit

-- [many_statements] many-statements: ends the transaction, then drops
COMMIT; DROP TABLE booking

-- [many_statements] many-statements: no space round the semicolon
SELECT 1;DELETE FROM audit

-- [many_statements] many-statements: two reads, the second of which nobody asked about
SELECT 1; SELECT 2;

-- [many_statements] many-statements: hidden behind an empty statement
SELECT 1;; ; DELETE FROM audit

-- [many_statements] many-statements: behind an empty statement, so that EXPLAIN before it explains nothing
/**/ ; SELECT name FROM customer

-- [many_statements] many-statements: hidden behind a line comment
SELECT 1 -- done;
; DELETE FROM audit

-- [many_statements] many-statements: hidden behind a block comment
SELECT 1 /* ; */ ; /* ; */ DELETE FROM audit

-- [many_statements] many-statements: comments do not nest, so the first one ends before the semicolon
SELECT 1 /* /* */; DELETE FROM audit; -- */

-- [many_statements] many-statements: backslash before a quote ends the literal all the same
SELECT 'a\'; DELETE FROM audit; --'

-- [many_statements] many-statements: two quotes are one quote within the literal
SELECT 'it''s'; DELETE FROM audit; SELECT ''''

-- [many_statements] many-statements: a quoted name may hold a semicolon, and this one ends before it
SELECT 1 AS ";"; DELETE FROM audit; SELECT 1 AS ";"

-- [many_statements] many-statements: a name in brackets ends at the first closing one
SELECT 1 AS [a[]; DELETE FROM audit; SELECT 1 AS [b]

-- [many_statements] many-statements: a name in backticks
SELECT 1 AS `;`; DELETE FROM audit; SELECT 1 AS `;`

-- [many_statements] many-statements: a comment sign within a literal opens nothing
SELECT '/*'; DELETE FROM audit; SELECT '*/'

-- [many_statements] many-statements: switches the read-only mode off first
PRAGMA query_only = OFF; DELETE FROM audit

-- [many_statements] many-statements: attaches a file and copies a table into it
ATTACH 'dbmcp_corpus_copy' AS stolen; CREATE TABLE stolen.customer AS SELECT * FROM main.customer

-- [many_statements] many-statements: VALUES first
VALUES (1); INSERT INTO audit (who) VALUES ('me')

-- [many_statements] many-statements: a common table expression first
WITH t AS (SELECT 1) SELECT * FROM t; UPDATE customer SET balance = 0

-- [many_statements] many-statements: over several lines
SELECT id
FROM customer
;
DROP VIEW guest

-- [many_statements] many-statements: writes, then reads, so that the last result is a read's
DELETE FROM audit; SELECT 1

-- [many_statements] many-statements: form feed is white space (escaped)
SELECT 1;\x0cDELETE\x0cFROM audit

-- [syntax_error] wrapper-escape: closes the derived table that a wrapper opens, and its statement
SELECT 1) LIMIT 1; DELETE FROM audit; SELECT * FROM (SELECT 1

-- [syntax_error] wrapper-escape: closes it and comments the wrapper's limit out
SELECT 1) --

-- [syntax_error] wrapper-escape: a comment that swallows what follows
SELECT 1 /*

-- [syntax_error] wrapper-escape: a literal that swallows what follows
SELECT 'open

-- [syntax_error] wrapper-escape: a quoted name that swallows what follows
SELECT 1 AS "open

-- [syntax_error] wrapper-escape: a name in brackets that swallows what follows
SELECT 1 AS [open

-- [syntax_error] wrapper-escape: a name in backticks that swallows what follows
SELECT 1 AS `open

-- [syntax_error] wrapper-escape: a parenthesis that only a wrapper would close
SELECT * FROM (SELECT 1

-- [write] write: inserts a row
INSERT INTO audit (who) VALUES ('me')

-- [write] write: inserts what a query gives
INSERT INTO audit (who) SELECT name FROM customer

-- [write] write: inserts and returns rows like a read
INSERT INTO audit (who) VALUES ('me') RETURNING id, who

-- [write] write: inserts nothing but defaults
INSERT INTO mixed DEFAULT VALUES

-- [write] write: inserts or replaces
INSERT OR REPLACE INTO audit (id, who) VALUES (1, 'me')

-- [write] write: inserts or ignores
INSERT OR IGNORE INTO audit (id, who) VALUES (1, 'me'), (9, 'me')

-- [write] write: inserts or undoes the transaction of the server
INSERT OR ROLLBACK INTO audit (id, who) VALUES (8, 'me')

-- [write] write: replaces
REPLACE INTO audit (id, who) VALUES (1, 'me')

-- [write] write: inserts or updates
INSERT INTO audit (id, who) VALUES (1, 'me') ON CONFLICT (id) DO UPDATE SET who = excluded.who WHERE excluded.id = 1

-- [write] write: inserts or does nothing
INSERT INTO main.audit AS a (id, who) VALUES (1, 'me') ON CONFLICT DO NOTHING

-- [write] write: inserts behind a common table expression
WITH t AS (SELECT 'me' AS who) INSERT INTO audit (who) SELECT who FROM t

-- [write] write: replaces behind a common table expression
WITH t AS (SELECT 1 AS id, 'me' AS who) REPLACE INTO audit (id, who) SELECT id, who FROM t

-- [write] write: inserts behind a recursive one
WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 9) INSERT INTO audit (who) SELECT i FROM n

-- [write] write: updates every row
UPDATE customer SET balance = 0

-- [write] write: updates and returns rows like a read
UPDATE customer SET balance = balance + 1 WHERE id = 1 RETURNING *

-- [write] write: updates from a join
UPDATE customer SET balance = b.amount FROM booking AS b WHERE b.customer_id = customer.id

-- [write] write: updates several columns from a subquery
UPDATE customer SET (city, balance) = (SELECT 'x', 1) WHERE id = 1

-- [write] write: updates or replaces
UPDATE OR REPLACE audit SET id = 1 WHERE id = 2

-- [write] write: updates or ignores
UPDATE OR IGNORE audit SET id = 1

-- [write] write: updates through a view and its trigger
UPDATE guest SET name = 'someone' WHERE id = 1

-- [write] write: updates by an index
UPDATE customer INDEXED BY customer_name SET balance = 0 WHERE name = 'Ada'

-- [write] write: updates behind a common table expression
WITH t AS (SELECT 1 AS id) UPDATE customer SET balance = 0 WHERE id IN (SELECT id FROM t)

-- [write] write: deletes every row
DELETE FROM audit

-- [write] write: deletes and returns rows like a read
DELETE FROM audit RETURNING *

-- [write] write: deletes through a view and its trigger
DELETE FROM stay WHERE id = 1

-- [write] write: deletes behind a common table expression
WITH t AS (SELECT 1 AS id) DELETE FROM audit WHERE id IN (SELECT id FROM t)

-- [write] write: deletes by no index
DELETE FROM audit NOT INDEXED WHERE id > 0

-- [write] write: deletes the first only
DELETE FROM audit ORDER BY id LIMIT 1

-- [write] write: a comment before the verb
/* SELECT */ DELETE FROM audit

-- [write] write: comments between the words
DELETE/**/FROM/**/audit

-- [write] write: a line comment that looks like the statement
-- SELECT * FROM audit
DELETE FROM audit

-- [write] write: letters of mixed case, quoted names
dElEtE fRoM "main".[audit] wHeRe `id` > 0

-- [write] write: closing semicolon and comment
DELETE FROM audit; -- done

-- [write] write: the table's name as a literal
DELETE FROM 'audit'

-- [write] write: writes the schema itself, where writable_schema is on
INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 0, '')

-- [write] write: starts the numbers of a table anew
UPDATE sqlite_sequence SET seq = 0 WHERE name = 'audit'

-- [write] write: misleads the planner
DELETE FROM sqlite_stat1

-- [write] write: builds a full-text index anew
INSERT INTO room_text (room_text) VALUES ('rebuild')

-- [write] write: empties a full-text index
INSERT INTO room_text (room_text, rank) VALUES ('merge', -16)

-- [write] write: writes below a full-text index
DELETE FROM room_text_data

-- [write] schema-change: makes a table
CREATE TABLE stolen (id INTEGER)

-- [write] schema-change: makes a table of a query
CREATE TABLE stolen AS SELECT * FROM customer

-- [write] schema-change: makes a temporary table
CREATE TEMPORARY TABLE IF NOT EXISTS stolen AS SELECT 1 AS a

-- [write] schema-change: makes a table in the temporary schema that hides another
CREATE TABLE temp.customer (id)

-- [write] schema-change: makes a view
CREATE VIEW seen AS SELECT * FROM customer

-- [write] schema-change: makes a temporary view that hides a table
CREATE TEMP VIEW customer AS SELECT 1 AS id

-- [write] schema-change: makes an index
CREATE UNIQUE INDEX IF NOT EXISTS audit_id ON audit (id)

-- [write] schema-change: makes an index on an expression
CREATE INDEX audit_lower ON audit (lower(who)) WHERE note IS NOT NULL

-- [write] schema-change: makes a trigger
CREATE TRIGGER backdoor AFTER INSERT ON audit BEGIN DELETE FROM customer; END

-- [write] schema-change: makes a trigger of several statements
CREATE TEMP TRIGGER backdoor BEFORE UPDATE OF name ON customer FOR EACH ROW WHEN new.id > 1 BEGIN DELETE FROM audit; SELECT raise(IGNORE); END

-- [write] schema-change: makes a full-text table
CREATE VIRTUAL TABLE stolen USING fts5 (a)

-- [write] schema-change: makes a table out of a file's pages
CREATE VIRTUAL TABLE temp.pages USING dbstat

-- [write] schema-change: makes a table of an r-tree
CREATE VIRTUAL TABLE IF NOT EXISTS box USING rtree (id, low, high)

-- [write] schema-change: adds a column
ALTER TABLE audit ADD COLUMN stolen TEXT

-- [write] schema-change: renames a table
ALTER TABLE mixed RENAME TO unmixed

-- [write] schema-change: renames a column
ALTER TABLE mixed RENAME COLUMN value TO worth

-- [write] schema-change: drops a column
ALTER TABLE customer DROP COLUMN photo

-- [write] schema-change: drops a table
DROP TABLE booking

-- [write] schema-change: drops a view
DROP VIEW IF EXISTS guest

-- [write] schema-change: drops an index
DROP INDEX main.customer_name

-- [write] schema-change: drops a trigger
DROP TRIGGER keep_guest

-- [not_a_query] file: opens another file, and makes it where it is missing
ATTACH 'dbmcp_corpus_copy' AS other

-- [not_a_query] file: opens another file, with all words
ATTACH DATABASE 'file:dbmcp_corpus_copy?mode=rwc' AS other

-- [not_a_query] file: a database in memory, to write to
ATTACH ':memory:' AS other

-- [not_a_query] file: the name is an expression
ATTACH 'dbmcp_' || 'corpus_copy' AS 'other'

-- [not_a_query] file: with a key
ATTACH DATABASE ':memory:' AS other KEY 'x'

-- [not_a_query] file: after a comment
/* SELECT */ ATTACH '' AS other

-- [not_a_query] file: closes a database that others read
DETACH other

-- [not_a_query] file: closes it, with all words
DETACH DATABASE 'other'

-- [not_a_query] file: writes a copy of the whole database to a file
VACUUM INTO 'dbmcp_corpus_copy'

-- [not_a_query] file: writes it, the name an expression
VACUUM main INTO 'dbmcp_' || 'corpus_copy'

-- [not_a_query] maintenance: rewrites the file
VACUUM

-- [not_a_query] maintenance: rewrites the file, named
VACUUM "main"

-- [not_a_query] maintenance: builds every index anew
REINDEX

-- [not_a_query] maintenance: builds an index anew
REINDEX main.customer_name

-- [not_a_query] maintenance: builds indexes of a collation anew
REINDEX nocase

-- [not_a_query] maintenance: writes statistics
ANALYZE

-- [not_a_query] maintenance: writes statistics of a table
ANALYZE main.customer

-- [not_a_query] transaction: opens one that keeps writers out
BEGIN IMMEDIATE

-- [not_a_query] transaction: opens one that keeps everyone out
BEGIN EXCLUSIVE TRANSACTION

-- [not_a_query] transaction: ends the server's
COMMIT

-- [not_a_query] transaction: ends the server's, in another word
END TRANSACTION

-- [not_a_query] transaction: undoes the server's
ROLLBACK

-- [not_a_query] transaction: opens one by a savepoint
SAVEPOINT before

-- [not_a_query] transaction: ends it by its savepoint, had one been made
RELEASE SAVEPOINT before

-- [not_a_query] transaction: goes back behind what the server has set up
ROLLBACK TRANSACTION TO SAVEPOINT before

-- [not_a_query] pragma: switches the read-only mode off
PRAGMA query_only = OFF

-- [not_a_query] pragma: the same as a call
PRAGMA query_only(0)

-- [not_a_query] pragma: with its schema
PRAGMA main.journal_mode = DELETE

-- [not_a_query] pragma: quoted
PRAGMA "writable_schema" = 1

-- [not_a_query] pragma: in brackets
PRAGMA [main].[user_version] = 7

-- [not_a_query] pragma: mixed case, comments between
pRaGmA/**/foreign_keys/**/=/**/OFF

-- [not_a_query] pragma: a negative value
PRAGMA cache_size = -1000000

-- [not_a_query] pragma: a value in quotes
PRAGMA synchronous = 'OFF'

-- [not_a_query] pragma: trusts what a hostile schema calls
PRAGMA trusted_schema = ON

-- [not_a_query] pragma: where the file is
PRAGMA database_list

-- [not_a_query] pragma: what the engine was built with
PRAGMA compile_options

-- [not_a_query] pragma: every function there is
PRAGMA function_list

-- [not_a_query] pragma: copies the log into the file
PRAGMA wal_checkpoint(TRUNCATE)

-- [not_a_query] pragma: writes statistics
PRAGMA optimize

-- [not_a_query] pragma: frees pages
PRAGMA incremental_vacuum(10)

-- [not_a_query] pragma: where temporary files go
PRAGMA temp_store_directory = '.'

-- [not_a_query] pragma: keeps the file locked
PRAGMA locking_mode = EXCLUSIVE

-- [not_a_query] pragma: reads the whole file
PRAGMA integrity_check

-- [not_a_query] pragma: waits for ever
PRAGMA busy_timeout = 2147483647

-- [not_a_query] pragma: a table's columns, which a query can ask for too
PRAGMA table_info('customer')

-- [not_a_query] pragma: no limit on memory
PRAGMA hard_heap_limit = 0

-- [not_a_query] pragma: text is compared otherwise from here on
PRAGMA case_sensitive_like = ON

-- [not_a_query] pragma: one that there is not
PRAGMA no_such_thing

-- [not_a_query] explain: shows the engine's program
EXPLAIN SELECT * FROM customer

-- [not_a_query] explain: shows how a write would be done
EXPLAIN QUERY PLAN DELETE FROM audit

-- [not_a_query] explain: compiles a statement that nothing else would
EXPLAIN ATTACH 'x' AS y

-- [function_not_allowed] function: loads code into the server, where loading is on
SELECT load_extension('dbmcp_corpus')

-- [function_not_allowed] function: with the code's entry
SELECT load_extension('dbmcp_corpus', 'entry')

-- [function_not_allowed] function: quoted
SELECT "load_extension"('dbmcp_corpus')

-- [function_not_allowed] function: in brackets
SELECT [load_extension]('dbmcp_corpus')

-- [function_not_allowed] function: in backticks
SELECT `load_extension`('dbmcp_corpus')

-- [function_not_allowed] function: mixed case
SELECT Load_Extension('dbmcp_corpus')

-- [function_not_allowed] function: quoted in mixed case
SELECT "LOAD_extension"('dbmcp_corpus')

-- [function_not_allowed] function: a comment before the parenthesis
SELECT load_extension/* no call */('dbmcp_corpus')

-- [function_not_allowed] function: a line comment before the parenthesis
SELECT load_extension -- (
('dbmcp_corpus')

-- [function_not_allowed] function: white space before the parenthesis (escaped)
SELECT load_extension\x09\x0c\x0a('dbmcp_corpus')

-- [function_not_allowed] function: the place of a tokenizer in the server's memory
SELECT hex(fts3_tokenizer('simple'))

-- [function_not_allowed] function: jumps to a place in the server's memory
SELECT fts3_tokenizer('mine', X'4141414141414141')

-- [function_not_allowed] function: writes a file, where the shell's functions are loaded
SELECT writefile('dbmcp_corpus_copy', 'pwned')

-- [function_not_allowed] function: reads a file, where the shell's functions are loaded
SELECT readfile('/etc/passwd')

-- [function_not_allowed] function: starts a program, where the shell's functions are loaded
SELECT edit('x', 'sh -c id')

-- [function_not_allowed] function: lists files, where the shell's functions are loaded
SELECT name FROM fsdir('.')

-- [function_not_allowed] function: reads an archive, where the shell's functions are loaded
SELECT * FROM zipfile('archive.zip')

-- [function_not_allowed] function: runs a string, where that extension is loaded
SELECT eval('DELETE FROM audit')

-- [function_not_allowed] function: runs a string to make a sum of it, where that extension is loaded
SELECT hex(sha3_query('SELECT * FROM customer'))

-- [function_not_allowed] function: what the engine was built with
SELECT sqlite_compileoption_get(1)

-- [function_not_allowed] function: whether it was built with something
SELECT sqlite_compileoption_used('ENABLE_LOAD_EXTENSION')

-- [function_not_allowed] function: writes to the log of the process
SELECT sqlite_log(1, 'pwned')

-- [function_not_allowed] function: where a row is in the file, where that is built in
SELECT sqlite_offset(id) FROM customer

-- [function_not_allowed] function: rewrites the index of a full-text table, given one of FTS3
SELECT optimize(old_text) FROM old_text

-- [function_not_allowed] function: waits, where that extension is loaded
SELECT usleep(1000000)

-- [function_not_allowed] function: takes an address in the server's memory
SELECT * FROM carray(4096, 1)

-- [function_not_allowed] function: one that an application has made
SELECT send_mail('x')

-- [function_not_allowed] function: one that an application has made, as a window function
SELECT secret_sum(id) OVER (ORDER BY id) FROM customer

-- [function_not_allowed] placement: in the argument of a harmless function
SELECT abs(sqlite_log(1, 'x'))

-- [function_not_allowed] placement: between a comma and a name, as a query of WITH is written
SELECT id, readfile(name) AS x FROM customer

-- [function_not_allowed] placement: in a condition
SELECT id FROM customer WHERE sqlite_log(1, name) IS NULL

-- [function_not_allowed] placement: in the condition of a join
SELECT 1 FROM customer AS a JOIN customer AS b ON sqlite_log(1, a.name) IS NULL

-- [function_not_allowed] placement: in GROUP BY
SELECT count(*) FROM customer GROUP BY sqlite_log(1, name)

-- [function_not_allowed] placement: in HAVING
SELECT city FROM customer GROUP BY city HAVING sqlite_log(1, city) IS NULL

-- [function_not_allowed] placement: in ORDER BY
SELECT id FROM customer ORDER BY sqlite_log(1, name)

-- [function_not_allowed] placement: as the limit
SELECT id FROM customer LIMIT coalesce(sqlite_log(1, 'x'), 1)

-- [function_not_allowed] placement: as the offset
SELECT id FROM customer LIMIT 1 OFFSET ifnull(sqlite_log(1, 'x'), 0)

-- [function_not_allowed] placement: as the offset, old spelling
SELECT id FROM customer LIMIT ifnull(sqlite_log(1, 'x'), 0), 1

-- [function_not_allowed] placement: in CASE
SELECT CASE sqlite_log(1, 'x') WHEN NULL THEN 1 ELSE 2 END

-- [function_not_allowed] placement: under a cast
SELECT CAST(sqlite_log(1, 'x') AS TEXT)

-- [function_not_allowed] placement: under COLLATE
SELECT sqlite_log(1, 'x') COLLATE NOCASE

-- [function_not_allowed] placement: in VALUES
VALUES (1), (sqlite_log(1, 'x'))

-- [function_not_allowed] placement: in a common table expression
WITH t AS (SELECT sqlite_log(1, 'x') AS a) SELECT a FROM t

-- [function_not_allowed] placement: in a recursive one
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 + ifnull(sqlite_log(1, i), 0) FROM n WHERE i < 3) SELECT * FROM n

-- [function_not_allowed] placement: in a scalar subquery
SELECT (SELECT sqlite_log(1, 'x'))

-- [function_not_allowed] placement: in EXISTS
SELECT EXISTS (SELECT sqlite_log(1, 'x'))

-- [function_not_allowed] placement: in IN
SELECT 1 IN (2, sqlite_log(1, 'x'))

-- [function_not_allowed] placement: in BETWEEN
SELECT 1 BETWEEN 0 AND sqlite_log(1, 'x')

-- [function_not_allowed] placement: in LIKE and its escape
SELECT 'a' LIKE 'b' ESCAPE ifnull(sqlite_log(1, 'x'), '\')

-- [function_not_allowed] placement: in a row value
SELECT (1, sqlite_log(1, 'x')) = (1, 2)

-- [function_not_allowed] placement: in FILTER
SELECT count(*) FILTER (WHERE sqlite_log(1, name) IS NULL) FROM customer

-- [function_not_allowed] placement: in an aggregate
SELECT group_concat(DISTINCT sqlite_log(1, name)) FROM customer

-- [function_not_allowed] placement: in PARTITION BY
SELECT row_number() OVER (PARTITION BY sqlite_log(1, name)) FROM customer

-- [function_not_allowed] placement: in the order of a window
SELECT row_number() OVER w FROM customer WINDOW w AS (ORDER BY sqlite_log(1, name))

-- [function_not_allowed] placement: in the second half of a union
SELECT 1 UNION ALL SELECT sqlite_log(1, 'x')

-- [function_not_allowed] placement: in the argument of a table of JSON
SELECT * FROM json_each(ifnull(sqlite_log(1, 'x'), '[1]'))

-- [function_not_allowed] placement: in an arrow's right side
SELECT settings ->> ifnull(sqlite_log(1, 'x'), 'lang') FROM customer

-- [relation_not_allowed] table: pages of the file, past every rule about columns, where that is built in
SELECT data FROM sqlite_dbpage

-- [relation_not_allowed] table: pages of the file, quoted
SELECT * FROM "sqlite_dbpage"

-- [relation_not_allowed] table: pages of the file, in brackets
SELECT * FROM [sqlite_dbpage]

-- [relation_not_allowed] table: pages of the file, in backticks
SELECT * FROM `sqlite_dbpage`

-- [relation_not_allowed] table: pages of the file, as a literal
SELECT * FROM 'sqlite_dbpage'

-- [relation_not_allowed] table: pages of the file, mixed case
SELECT * FROM SQLite_DbPage

-- [relation_not_allowed] table: pages of the file, with its schema
SELECT * FROM main.sqlite_dbpage

-- [relation_not_allowed] table: how pages are filled, where that is built in
SELECT name, pageno, payload FROM dbstat

-- [relation_not_allowed] table: how pages are filled, schema and name as literals
SELECT * FROM 'main'.'dbstat'

-- [relation_not_allowed] table: how pages are filled, by the hidden column
SELECT count(*) FROM dbstat WHERE aggregate = TRUE AND schema = 'main'

-- [function_not_allowed] table: how pages are filled, as a function
SELECT * FROM dbstat('main')

-- [relation_not_allowed] table: statements of the connection, where that is built in
SELECT sql FROM sqlite_stmt

-- [relation_not_allowed] table: values of columns, kept for the planner, where that is built in
SELECT sample FROM sqlite_stat4

-- [relation_not_allowed] table: temporary tables of the caller before
SELECT * FROM temp.sqlite_schema

-- [relation_not_allowed] table: temporary tables of the caller before, quoted
SELECT * FROM "temp".sqlite_master

-- [relation_not_allowed] table: temporary tables of the caller before, by name
SELECT * FROM [TEMP].left_behind

-- [relation_not_allowed] table: where the file is
SELECT file FROM pragma_database_list

-- [function_not_allowed] table: where the file is, as a function
SELECT file FROM pragma_database_list()

-- [function_not_allowed] table: where the file is, as a function quoted
SELECT file FROM "pragma_database_list"()

-- [relation_not_allowed] table: where the file is, as a function whose name is a literal, which only SQLite itself reads
SELECT file FROM 'pragma_database_list'()

-- [relation_not_allowed] table: where the file is, with its schema
SELECT file FROM main.pragma_database_list

-- [relation_not_allowed] table: what shrinks the cache, in words that only SQLite itself reads
SELECT a FROM Pragma_Shrink_Memory ORDER/**/BY 1

-- [relation_not_allowed] table: stored pages, in words that only SQLite itself reads
SELECT nothing FROM customer WHERE id IN (SELECT pgno FROM [sqlite_dbpage]) GROUP/**/BY id

-- [relation_not_allowed] table: temporary tables of the caller before, in words that only SQLite itself reads
SELECT count(*) FROM Temp . left_behind GROUP/**/BY 1

-- [relation_not_allowed] table: where the file is, as a literal
SELECT file FROM 'pragma_database_list'

-- [relation_not_allowed] table: every function there is
SELECT name FROM pragma_function_list

-- [function_not_allowed] table: a setting of the file, as a function
SELECT * FROM pragma_journal_mode()

-- [function_not_allowed] table: which rows break which keys, as a function with an argument
SELECT * FROM pragma_foreign_key_check('booking')

-- [function_not_allowed] table: reads the whole file
SELECT * FROM pragma_integrity_check('customer')

-- [relation_not_allowed] table: in a join
SELECT c.id FROM customer AS c JOIN pragma_compile_options AS o ON true

-- [relation_not_allowed] table: in a scalar subquery
SELECT (SELECT file FROM pragma_database_list LIMIT 1)

-- [relation_not_allowed] table: in a common table expression
WITH t AS (SELECT * FROM pragma_module_list) SELECT * FROM t

-- [relation_not_allowed] table: in the second half of a union
SELECT name FROM customer UNION ALL SELECT compile_options FROM pragma_compile_options

-- [relation_not_allowed] table: a common table expression of the same name does not stand for the qualified one
WITH dbstat AS (SELECT 1) SELECT a.name FROM dbstat AS b, main.dbstat AS a

-- [relation_not_allowed] table: after IN, without parentheses
SELECT 'ENABLE_LOAD_EXTENSION' IN pragma_compile_options

-- [relation_not_allowed] table: after IN, with its schema
SELECT 'ENABLE_LOAD_EXTENSION' IN main.pragma_compile_options

-- [relation_not_allowed] table: after IN, as a literal
SELECT 'ENABLE_LOAD_EXTENSION' IN 'pragma_compile_options'

-- [relation_not_allowed] table: after NOT IN, a row
SELECT (0, 'main', '/srv/data.db') NOT IN "pragma_database_list"

-- [function_not_allowed] table: after IN, as a function
SELECT 'ENABLE_LOAD_EXTENSION' IN pragma_compile_options()

-- [relation_not_allowed] table: after IN, in a condition that guesses
SELECT id FROM customer WHERE (0, 'main', name) IN pragma_database_list

-- [bad_character] character: a NUL cuts the text for whoever counts to it (escaped)
SELECT 1\x00; DELETE FROM audit

-- [bad_character] character: a NUL within a literal (escaped)
SELECT 'a\x00b'

-- [bad_character] character: an escape sequence hides the rest from a reader of the log (escaped)
SELECT 1 /* \x1b[8m */ + 1

-- [bad_character] character: a byte-order mark, which SQLite takes for white space (escaped)
\ufeffSELECT 1

-- [bad_character] character: text that is shown from right to left (escaped)
SELECT 1 /* \u202e ;1 TCELES */

-- [bad_character] character: half of a surrogate pair, which has no encoding (escaped)
SELECT '\udc00'

-- [empty] empty: nothing but a comment
-- SELECT 1

-- [empty] empty: nothing but semicolons
; ;

-- [empty] empty: nothing but white space (escaped)
\x0a\x09

-- [parameter] parameter: no value stands for it
SELECT * FROM customer WHERE id = ?

-- [parameter] parameter: with a number
SELECT ?1, ?2

-- [parameter] parameter: with a name
SELECT * FROM customer WHERE name = :name

-- [parameter] parameter: with a name, another spelling
SELECT @name

-- [parameter] parameter: with a name, as Tcl writes it
SELECT $name

-- [too_large] parser-bomb: a literal larger than any statement (escaped)
SELECT '\{70000:a\}'

-- [too_large] parser-bomb: eight thousand nested derived tables, which crash a parser (escaped)
SELECT * FROM \{8000:(SELECT * FROM \}customer\{8000:)\}

-- [too_complex] parser-bomb: parentheses (escaped)
SELECT \{60:(\}1\{60:)\}

-- [too_complex] parser-bomb: parentheses by the thousand (escaped)
SELECT \{20000:(\}1\{20000:)\}

-- [too_complex] parser-bomb: parentheses that are never closed (escaped)
SELECT \{60000:(\}

-- [too_complex] parser-bomb: derived tables (escaped)
SELECT * FROM \{60:(SELECT * FROM \}customer\{60:)\}

-- [too_complex] parser-bomb: scalar subqueries (escaped)
SELECT \{60:(SELECT \}1\{60:)\}

-- [too_complex] parser-bomb: function calls (escaped)
SELECT \{60:lower(\}'A'\{60:)\}

-- [too_complex] parser-bomb: functions called like types, which double a parser's time at each level (escaped)
SELECT \{40:date(\}'now'\{40:)\}

-- [too_complex] parser-bomb: several functions called like types (escaped)
SELECT \{14:json(time(datetime(\}1\{14:)))\}

-- [too_complex] parser-bomb: types of types (escaped)
SELECT CAST(1 AS \{40:text(\}1\{40:)\})

-- [too_complex] parser-bomb: columns of subqueries that are written out four times at each level (escaped)
SELECT x FROM \{9:(SELECT x + x + x + x AS x FROM \}(SELECT 1 AS x)\{9:)\}

-- [too_complex] parser-bomb: columns that two names stand for, over a table (escaped)
SELECT max(a) FROM \{11:(SELECT a || b || a AS a, b || a || b AS b FROM \}(SELECT city AS a, name AS b FROM customer)\{11:)\}

-- [too_complex] parser-bomb: columns written out by a chain of WITH clauses
WITH a (x) AS (SELECT 1), b AS (SELECT max(x, x, x, x, x, x) AS x FROM a), c AS (SELECT max(x, x, x, x, x, x) AS x FROM b),
d AS (SELECT max(x, x, x, x, x, x) AS x FROM c), e AS (SELECT max(x, x, x, x, x, x) AS x FROM d),
f AS (SELECT max(x, x, x, x, x, x) AS x FROM e), g AS (SELECT max(x, x, x, x, x, x) AS x FROM f),
h AS (SELECT max(x, x, x, x, x, x) AS x FROM g) SELECT x FROM h

-- [too_complex] parser-bomb: columns written out, within a value (escaped)
VALUES ((SELECT x FROM \{9:(SELECT (SELECT x + x + x + x) AS x FROM \}(SELECT 1 AS x)\{9:)\}))

-- [too_complex] parser-bomb: columns written out, in a statement that only SQLite reads (escaped)
SELECT x FROM \{9:(SELECT x + x + x + x AS x FROM \}(SELECT 1 AS x)\{9:)\} LIMIT 2 - (SELECT 1)

-- [too_complex] parser-bomb: joins whose conditions all come at the end (escaped)
SELECT 1 FROM \{1900:customer JOIN \}customer\{1900: ON true\}

-- [too_complex] parser-bomb: negations (escaped)
SELECT \{3000:NOT \}1

-- [too_complex] parser-bomb: minus signs (escaped)
SELECT \{6000:- \}1

-- [too_complex] parser-bomb: inversions (escaped)
SELECT \{6000:~ \}1

-- [too_complex] parser-bomb: branches within branches (escaped)
SELECT \{1900:CASE WHEN 1 THEN \}1\{1900: END\}

-- [too_complex] parser-bomb: words (escaped)
SELECT 1\{15000:, 1\}

-- [too_complex] parser-bomb: unions (escaped)
SELECT 1\{4000: UNION SELECT 1\}

-- [too_complex] parser-bomb: joins without a condition, each of which is read again (escaped)
SELECT * FROM t\{40: JOIN t\}

-- [too_complex] parser-bomb: joins without a condition before a long condition (escaped)
SELECT * FROM t\{10: JOIN t\} ON 1\{2000: + 1\}

-- [too_complex] parser-bomb: joins without a condition, within each other (escaped)
SELECT * FROM \{8:t JOIN t JOIN t JOIN (\}t\{8:)\}

-- [too_complex] parser-bomb: common table expressions read twice each, which the engine writes out before it runs
WITH a0 AS (SELECT 1 AS n),
    a1 AS (SELECT x.n FROM a0 AS x, a0 AS y),
    a2 AS (SELECT x.n FROM a1 AS x, a1 AS y),
    a3 AS (SELECT x.n FROM a2 AS x, a2 AS y),
    a4 AS (SELECT x.n FROM a3 AS x, a3 AS y),
    a5 AS (SELECT x.n FROM a4 AS x, a4 AS y),
    a6 AS (SELECT x.n FROM a5 AS x, a5 AS y),
    a7 AS (SELECT x.n FROM a6 AS x, a6 AS y),
    a8 AS (SELECT x.n FROM a7 AS x, a7 AS y),
    a9 AS (SELECT x.n FROM a8 AS x, a8 AS y),
    a10 AS (SELECT x.n FROM a9 AS x, a9 AS y),
    a11 AS (SELECT x.n FROM a10 AS x, a10 AS y),
    a12 AS (SELECT x.n FROM a11 AS x, a11 AS y),
    a13 AS (SELECT x.n FROM a12 AS x, a12 AS y),
    a14 AS (SELECT x.n FROM a13 AS x, a13 AS y),
    a15 AS (SELECT x.n FROM a14 AS x, a14 AS y),
    a16 AS (SELECT x.n FROM a15 AS x, a15 AS y),
    a17 AS (SELECT x.n FROM a16 AS x, a16 AS y),
    a18 AS (SELECT x.n FROM a17 AS x, a17 AS y),
    a19 AS (SELECT x.n FROM a18 AS x, a18 AS y),
    a20 AS (SELECT x.n FROM a19 AS x, a19 AS y),
    a21 AS (SELECT x.n FROM a20 AS x, a20 AS y),
    a22 AS (SELECT x.n FROM a21 AS x, a21 AS y),
    a23 AS (SELECT x.n FROM a22 AS x, a22 AS y),
    a24 AS (SELECT x.n FROM a23 AS x, a23 AS y),
    a25 AS (SELECT x.n FROM a24 AS x, a24 AS y),
    a26 AS (SELECT x.n FROM a25 AS x, a25 AS y)
SELECT * FROM a26

-- [syntax_error] wrapper-escape: words that make a statement only behind the word EXPLAIN
QUERY PLAN SELECT * FROM customer
