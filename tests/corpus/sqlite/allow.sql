-- Real work on SQLite that must pass, run, and give the very rows it gives without the server between.
-- See ../README.md for the format.

-- [ok] basics: one column of a table
SELECT name FROM customer ORDER BY id

-- [ok] basics: every column
SELECT * FROM customer

-- [ok] basics: every column of one table of two
SELECT c.*, b.amount FROM customer AS c, booking AS b WHERE b.customer_id = c.id ORDER BY b.id

-- [ok] basics: the schema before the table
SELECT main.customer.name, customer.id FROM main.customer ORDER BY customer.id

-- [ok] basics: no table at all
SELECT 1 + 1 AS two, 'text' AS word, NULL AS none, TRUE AS yes

-- [ok] basics: two columns of the same name
SELECT 1 AS a, 2 AS a, name, name FROM customer WHERE id = 1

-- [ok] basics: columns without names keep the text that made them
SELECT 1+1, upper( 'a' ), (SELECT 2), count(*), 'x'||'y', -id, +id, max(id,2), CAST(1 AS TEXT) FROM customer

-- [ok] basics: a view
SELECT * FROM guest ORDER BY id

-- [ok] basics: a view over a join
SELECT kind, sum(amount) AS total FROM stay GROUP BY kind ORDER BY kind

-- [ok] basics: the row's number by each of its names
SELECT rowid, oid, _rowid_, customer.rowid FROM customer ORDER BY rowid

-- [ok] basics: a computed column
SELECT number, floor FROM room ORDER BY number

-- [ok] basics: a table without row numbers
SELECT * FROM reading WHERE sensor = 'north' ORDER BY at LIMIT 3

-- [ok] basics: distinct rows
SELECT DISTINCT city FROM customer ORDER BY city

-- [ok] basics: conditions of every kind
SELECT id FROM customer WHERE id BETWEEN 2 AND 4 AND id NOT IN (3) AND name IS NOT NULL AND NOT "delete" OR id == 5 ORDER BY 1

-- [ok] basics: NULL in every spelling
SELECT city ISNULL, city NOTNULL, city NOT NULL, city IS NULL, city IS NOT NULL, city IS 'Bern', city IS NOT 'Bern' FROM customer ORDER BY id

-- [ok] basics: distinct from (sqlite3.39+)
SELECT id FROM customer WHERE city IS NOT DISTINCT FROM NULL OR city IS DISTINCT FROM 'Bern' ORDER BY id

-- [ok] basics: operators of all kinds
SELECT 7 / 2, 7 % 2, 7 / 2.0, 5 & 3, 5 | 3, ~5, 1 << 3, 16 >> 2, - -1, +'a', 1 = 1, 1 == 1, 1 <> 2, 1 != 2, 'a' || 'b', NOT 1, 3 > 2 > 1

-- [ok] basics: row values
SELECT (1, 2) < (1, 3), (1, 2) = (1, 2), (1, 2) IN (SELECT 1, 2), (id, name) = (1, 'Ada') FROM customer ORDER BY id

-- [ok] basics: empty and single lists
SELECT 1 IN (), 1 NOT IN (), 1 IN (1), id IN (1, 2) FROM customer ORDER BY id

-- [ok] basics: conditional expressions
SELECT CASE id WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END, CASE WHEN balance < 0 THEN 'owes' END, coalesce(city, '-'), ifnull(city, '-'), nullif(id, 3), iif(id > 2, 'big', 'small') FROM customer ORDER BY id

-- [ok] basics: a closing semicolon
SELECT 1 AS one;

-- [ok] basics: closing semicolons and white space
SELECT 1 AS one ; ;

-- [ok] basics: mixed case
sElEcT Id, NaMe FrOm CuStOmEr OrDeR bY iD

-- [ok] basics: a bare column beside an aggregate
SELECT name, max(balance) FROM customer

-- [ok] ordering: nulls first and last, up and down, by position
SELECT id, city FROM customer ORDER BY city DESC NULLS LAST, 1 ASC

-- [ok] ordering: nulls first, in a collation
SELECT name FROM customer ORDER BY city COLLATE NOCASE ASC NULLS FIRST, name COLLATE BINARY DESC

-- [ok] ordering: limit and offset of every form
SELECT id FROM customer ORDER BY id LIMIT 2 OFFSET 1

-- [ok] ordering: the offset first
SELECT id FROM customer ORDER BY id LIMIT 1, 2

-- [ok] ordering: no limit
SELECT id FROM customer ORDER BY id LIMIT -1 OFFSET 3

-- [ok] ordering: a limit that is computed
SELECT id FROM customer ORDER BY -id LIMIT (SELECT count(*) / 2 FROM customer)

-- [ok] ordering: by an expression and an alias
SELECT length(name) AS chars, id FROM customer ORDER BY chars, id % 2, id

-- [ok] joins: inner, left and cross
SELECT c.name, b.id FROM customer AS c LEFT OUTER JOIN booking AS b ON b.customer_id = c.id CROSS JOIN (SELECT 1) ORDER BY c.id, b.id

-- [ok] joins: right and full (sqlite3.39+)
SELECT r.number, b.id FROM booking AS b RIGHT JOIN room AS r ON r.number = b.number FULL OUTER JOIN (SELECT 999 AS n) AS x ON x.n = r.number ORDER BY 1, 2

-- [ok] joins: by columns of the same name
SELECT number, b.id, kind FROM booking AS b JOIN room AS r USING (number) ORDER BY b.id

-- [ok] joins: natural
SELECT number, count(*) FROM booking NATURAL JOIN room GROUP BY number ORDER BY number

-- [ok] joins: natural left, and a comma
SELECT count(*) FROM booking NATURAL LEFT JOIN room, employee

-- [ok] joins: in parentheses
SELECT c.name, r.kind FROM (customer AS c JOIN (booking AS b JOIN room AS r USING (number)) ON b.customer_id = c.id) ORDER BY b.id

-- [ok] joins: with itself
SELECT e.name, m.name AS manager FROM employee AS e LEFT JOIN employee AS m ON m.id = e.manager_id ORDER BY e.id

-- [ok] joins: by an index, and by none
SELECT a.id, b.id FROM customer AS a INDEXED BY customer_city JOIN booking AS b NOT INDEXED ON b.customer_id = a.id WHERE a.city IS NOT NULL AND a.city = 'Bern' ORDER BY 1, 2

-- [ok] joins: many, none with a condition
SELECT count(*) FROM customer AS a JOIN room AS b LEFT JOIN (SELECT 1) AS c JOIN (SELECT 2) AS d INNER JOIN (SELECT 3) AS e CROSS JOIN (SELECT 4) AS f NATURAL JOIN (SELECT 5) AS g

-- [ok] subqueries: scalar, correlated
SELECT name, (SELECT count(*) FROM booking AS b WHERE b.customer_id = c.id) AS bookings FROM customer AS c ORDER BY c.id

-- [ok] subqueries: EXISTS and NOT EXISTS
SELECT id FROM customer AS c WHERE EXISTS (SELECT 1 FROM booking AS b WHERE b.customer_id = c.id) AND NOT EXISTS (SELECT * FROM booking WHERE customer_id = c.id AND amount > 400) ORDER BY id

-- [ok] subqueries: IN, of rows and of a table
SELECT id FROM booking WHERE (customer_id, number) IN (SELECT customer_id, number FROM booking WHERE amount > 200) AND id NOT IN (SELECT 6) ORDER BY id

-- [ok] subqueries: IN of a whole table
WITH wanted (id) AS (VALUES (1), (3)) SELECT name FROM customer WHERE id IN wanted ORDER BY id

-- [ok] subqueries: derived tables four levels down, with and without names
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT id FROM customer) AS a)) AS c ORDER BY id

-- [ok] subqueries: in ORDER BY and LIMIT
SELECT id FROM customer AS c ORDER BY (SELECT count(*) FROM booking WHERE customer_id = c.id) DESC, id LIMIT (SELECT 3)

-- [ok] sets: union, with and without doubles
SELECT id FROM customer UNION SELECT number FROM room UNION ALL SELECT 1 ORDER BY 1

-- [ok] sets: intersect and except
SELECT id FROM customer INTERSECT SELECT id FROM employee EXCEPT SELECT 2 ORDER BY id DESC

-- [ok] sets: of derived tables with limits of their own
SELECT * FROM (SELECT id FROM customer ORDER BY id LIMIT 1) UNION ALL SELECT * FROM (SELECT id FROM customer ORDER BY id DESC LIMIT 1)

-- [ok] sets: with VALUES
SELECT 1, 'a' UNION ALL VALUES (2, 'b'), (3, 'c')

-- [ok] values: alone
VALUES (1, 'one'), (2, 'two'), (3, NULL)

-- [ok] values: as a table
SELECT column1, column2 FROM (VALUES (2, 'two'), (1, 'one')) ORDER BY column1

-- [ok] values: with expressions
VALUES (1 + 1, lower('A'), (SELECT max(id) FROM customer))

-- [ok] ctes: one after another
WITH big AS (SELECT * FROM booking WHERE amount > 150), per_room AS (SELECT number, count(*) AS n FROM big GROUP BY number) SELECT * FROM per_room ORDER BY number

-- [ok] ctes: materialized and not
WITH a (x) AS MATERIALIZED (SELECT id FROM customer), b AS NOT MATERIALIZED (SELECT x FROM a) SELECT x FROM b ORDER BY x

-- [ok] ctes: named like a table, and within each other
WITH customer AS (SELECT id, name FROM main.customer WHERE id < 3) SELECT (WITH c AS (SELECT count(*) AS n FROM customer) SELECT n FROM c) AS n, name FROM customer ORDER BY id

-- [ok] ctes: named like functions and verbs
WITH "delete" AS (SELECT 1 AS "update"), load_extension (readfile, lower) AS (SELECT 2, 3) SELECT "delete"."update", load_extension.readfile, lower FROM "delete", load_extension

-- [ok] ctes: named like a verb, in words that only SQLite itself reads
WITH "update" AS (SELECT city AS "delete" FROM customer) SELECT "delete", count(*) FROM "update" GROUP/**/BY "delete" ORDER/**/BY 1

-- [ok] ctes: with lists of columns, materialized and not
WITH a (x) AS MATERIALIZED (SELECT id FROM customer), b (y) AS NOT MATERIALIZED (SELECT x FROM a) SELECT y FROM b ORDER BY y

-- [ok] ctes: recursive, numbers
WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT sum(i), count(*) FROM n

-- [ok] ctes: recursive without the word
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5) SELECT i FROM n

-- [ok] ctes: recursive, a tree in depth
WITH RECURSIVE under (id, name, level) AS (SELECT id, name, 0 FROM employee WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, u.level + 1 FROM employee AS e JOIN under AS u ON e.manager_id = u.id ORDER BY 3 DESC, 1) SELECT substr('..........', 1, level * 2) || name FROM under

-- [ok] ctes: recursive, a calendar
WITH RECURSIVE day (d) AS (VALUES ('2024-02-27') UNION ALL SELECT date(d, '+1 day') FROM day WHERE d < '2024-03-02') SELECT d, strftime('%w', d) FROM day

-- [ok] ctes: before VALUES
WITH t AS (SELECT 1) VALUES (1), (2)

-- [ok] aggregates: of every common kind
SELECT count(*), count(city), count(DISTINCT city), sum(balance), total(id), avg(id), min(name), max(born), group_concat(id), group_concat(id, '; ') FROM customer

-- [ok] aggregates: filtered
SELECT count(*) FILTER (WHERE city = 'Bern') AS bern, sum(balance) FILTER (WHERE balance > 0) FROM customer

-- [ok] aggregates: in an order (sqlite3.44+)
SELECT group_concat(name, ', ' ORDER BY id DESC), string_agg(name, '-' ORDER BY name) FROM customer

-- [ok] aggregates: into JSON
SELECT json_group_array(id), json_group_object(id, name) FROM customer WHERE id < 3

-- [ok] aggregates: of nothing
SELECT sum(id), total(id), count(*), group_concat(name) FROM customer WHERE id > 99

-- [ok] grouping: by expression, position and alias
SELECT substr(placed, 1, 7) AS month, number / 100, count(*) FROM booking GROUP BY month, 2 HAVING count(*) > 0 ORDER BY month, 2

-- [ok] grouping: with a condition on the group
SELECT city, count(*) AS n FROM customer GROUP BY city HAVING n > 1 OR city IS NULL ORDER BY n

-- [ok] windows: rank and its kin
SELECT name, rank() OVER w, dense_rank() OVER w, row_number() OVER w, percent_rank() OVER w, cume_dist() OVER w, ntile(2) OVER w FROM employee WINDOW w AS (PARTITION BY department ORDER BY salary) ORDER BY id

-- [ok] windows: neighbours
SELECT sensor, at, lag(value) OVER w, lead(value, 2, -1) OVER w, first_value(value) OVER w, last_value(value) OVER w, nth_value(value, 3) OVER w FROM reading WINDOW w AS (PARTITION BY sensor ORDER BY at) ORDER BY sensor, at

-- [ok] windows: frames of every kind
SELECT id, sum(amount) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), sum(amount) OVER (ORDER BY amount RANGE BETWEEN 50 PRECEDING AND 50 FOLLOWING), sum(amount) OVER (ORDER BY number GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE TIES), count(*) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) FROM booking ORDER BY id

-- [ok] windows: a window built on another, filtered
SELECT id, count(*) FILTER (WHERE salary > 5000) OVER (base ORDER BY id), group_concat(name, '>') OVER (base ORDER BY id) FROM employee WINDOW base AS (PARTITION BY department) ORDER BY id

-- [ok] windows: over groups
SELECT department, sum(salary), rank() OVER (ORDER BY sum(salary) DESC) FROM employee GROUP BY department ORDER BY department

-- [ok] windows: the latest of each group
SELECT sensor, at, value FROM (SELECT *, row_number() OVER (PARTITION BY sensor ORDER BY at DESC) AS n FROM reading) WHERE n = 1 ORDER BY sensor

-- [ok] names: columns called like verbs
SELECT "delete", "select", update_date, "delete" AS "drop", id AS "insert" FROM customer ORDER BY id

-- [ok] names: in brackets, backticks and quotes
SELECT [name], `city`, "id", [name] AS [the name], id AS `the id` FROM [customer] AS `c` ORDER BY "c"."id"

-- [ok] names: with spaces, dots, emoji and quotes
SELECT "column with spaces", [dot.column], "emoji 🎉", `UPPER`, "from", "quote""d", [insert], load_extension FROM "Weird table" ORDER BY 1

-- [ok] names: aliases as literals
SELECT id AS 'number', name 'title' FROM customer AS 'c' ORDER BY id

-- [ok] names: tables as literals
SELECT count(*) FROM 'customer'

-- [ok] names: aliases without AS
SELECT id number, name title FROM customer c ORDER BY number

-- [ok] names: aliases called like functions that are held back
SELECT 1 AS load_extension, 2 AS readfile, 3 AS writefile, 4 AS edit, 5 AS pragma_database_list

-- [ok] names: columns called like functions that are allowed
SELECT t.lower, t.count, t.date, "t"."replace", t.abs FROM (SELECT 1 AS lower, 2 AS count, 3 AS date, 4 AS "replace", 5 AS abs) AS t

-- [ok] names: tables aliased like tables that are held back
SELECT dbstat.id FROM customer AS dbstat JOIN customer AS sqlite_stmt USING (id) ORDER BY dbstat.id

-- [ok] names: windows called like functions
SELECT sum(id) OVER load_extension FROM customer WINDOW load_extension AS (ORDER BY id)

-- [ok] names: in other scripts
SELECT 1 AS größe, 2 AS "名前", 3 AS имя, id AS 'é', 4 AS a$b FROM customer LIMIT 0

-- [ok] names: things that could be called
SELECT 1 AS "load_extension('x')", 2 AS [; DROP TABLE customer; --], 3 AS `/*`, 4 AS "--"

-- [ok] names: keywords that are names where they can be
SELECT abort, key, plan, "order" FROM (SELECT 1 AS abort, 2 AS key, 3 AS plan, 4 AS "order")

-- [ok] literals: verbs within
SELECT 'DROP TABLE customer', '; DELETE FROM customer; --', 'it''s', '', 'PRAGMA x', 'C:\new\', x'', X'00ff'

-- [ok] literals: found in the data
SELECT "column with spaces" FROM "Weird table" WHERE [insert] = 'DROP TABLE customer' OR [insert] LIKE '%; DELETE%' ORDER BY 1

-- [ok] literals: numbers
SELECT 0x1F, 0XfF, 1e3, .5, 5., 1.5E-10, 9223372036854775807, 9223372036854775808, -9223372036854775808, 00012

-- [ok] literals: numbers with separators (sqlite3.46+)
SELECT 1_000_000

-- [ok] literals: a name in quotes that is no column is a text, as SQLite has it
SELECT "no such column" FROM customer LIMIT 1

-- [ok] literals: line breaks and tabs within (escaped)
SELECT 'a\x0ab\x0d\x0ac\x09d'

-- [ok] literals: an emoji of several characters, and marks of direction that texts need (escaped)
SELECT '\U0001f469\u200d\U0001f680' AS woman, 'שלום\u200f!' AS hello, 'a\u00a0b' AS space

-- [ok] literals: truth and the clock's words
SELECT TRUE, FALSE, true IS TRUE, 2 IS TRUE, typeof(CURRENT_DATE), typeof(current_timestamp), length(CURRENT_TIME)

-- [ok] comments: before, between and behind
/* one */ SELECT /* two /* */ 1 -- three; DELETE FROM audit
AS /* four; DROP TABLE customer */ a -- five

-- [ok] comments: at the very end, without a line break
SELECT 1 AS a --

-- [ok] comments: quotes within
SELECT 1 /* it's "quoted" [ ` */ AS a -- it's "quoted"

-- [ok] comments: comment signs within literals and names
SELECT '--' AS "/*", '/*' AS [--], 5 - -1 AS `*/`

-- [ok] comments: behind the semicolon
SELECT 1 AS a; -- done

-- [ok] comments: a line that ends with a carriage return alone goes on (escaped)
SELECT 1 AS a --\x0d, 2 AS b

-- [ok] space: tabs, form feeds, carriage returns (escaped)
\x0aSELECT\x091\x0cAS\x0d\x0aa\x0a

-- [ok] space: none where none is needed
SELECT(1)AS"a",'b'AS[c],id FROM"customer"WHERE(id)IN(1,2)ORDER BY(id)

-- [ok] json: members and paths
SELECT json_extract(settings, '$.limits.day'), settings -> 'limits', settings ->> 'theme', settings -> '$.devices[0].os', settings ->> '$.limits.week', json_extract(settings, '$.lang', '$."a.b"') FROM customer ORDER BY id

-- [ok] json: taken apart
SELECT c.id, e.key, e.value, e.type, e.atom, e.fullkey FROM customer AS c, json_each(c.settings) AS e ORDER BY c.id, e.id

-- [ok] json: taken apart at a path
SELECT c.id, d.value ->> 'os' FROM customer AS c JOIN json_each(c.settings, '$.devices') AS d ORDER BY 1, 2

-- [ok] json: a whole tree
SELECT fullkey, path, type, atom FROM customer, json_tree(customer.settings) WHERE customer.id = 1 ORDER BY json_tree.id

-- [ok] json: tags, one a row
SELECT t.value, count(*) FROM customer, json_each(customer.tags) AS t GROUP BY t.value ORDER BY 2 DESC, 1

-- [ok] json: made and changed, for show
SELECT json_object('id', id, 'tags', json(tags)), json_array(1, 'a', NULL), json_set(settings, '$.new', 1), json_remove(settings, '$.lang'), json_patch(settings, '{"lang":null}'), json_insert('[1]', '$[#]', 2), json_replace('{"a":1}', '$.a', 2), json_quote(name) FROM customer ORDER BY id

-- [ok] json: kinds, lengths and faults
SELECT json_type(settings, '$.limits'), json_array_length(tags), json_valid(settings), json_valid('{x') FROM customer ORDER BY id

-- [ok] json: pretty and binary (sqlite3.46+)
SELECT json_pretty('{"a":[1,2]}'), json(jsonb('[1]')), json_error_position('{"a":}')

-- [ok] full-text: matches in every spelling
SELECT number FROM room_text WHERE room_text MATCH 'garden NOT double' UNION SELECT number FROM room_text WHERE description MATCH '"loud street" OR qui*' ORDER BY number

-- [ok] full-text: by the equals sign, by column and near
SELECT number FROM room_text WHERE room_text = 'description : NEAR(small room, 2)'

-- [ok] full-text: ranked and shown
SELECT number, highlight(room_text, 1, '<b>', '</b>'), snippet(room_text, 1, '[', ']', '…', 4), bm25(room_text) < 0 FROM room_text WHERE room_text MATCH 'garden' ORDER BY rank, number

-- [ok] full-text: joined with the table it is about
SELECT r.kind, r.price FROM room_text AS t JOIN room AS r ON r.number = t.number WHERE t.description MATCH 'quiet' ORDER BY r.number

-- [ok] dates: of every form
SELECT date('2024-02-29', '+1 year'), time('12:00', '-90 minutes'), datetime('2024-01-31', 'start of month', '+1 month', '-1 day'), julianday('2024-01-01'), unixepoch('2024-01-01'), strftime('%Y-%m-%d %H:%M:%f %j %s %W', '2024-03-01 01:02:03.456'), datetime(0, 'unixepoch'), date('2024-01-01', 'weekday 0')

-- [ok] dates: computed on columns
SELECT id, julianday(placed) - julianday('2024-03-01') AS days, strftime('%Y-%m', placed) AS month, date(first_night, nights || ' days') AS leaves FROM booking ORDER BY id

-- [ok] dates: the clock (volatile)
SELECT date('now'), CURRENT_TIMESTAMP, datetime('now', 'localtime'), strftime('%s', 'now')

-- [ok] dates: the difference of two (sqlite3.43+)
SELECT timediff('2024-03-01', '2024-02-01')

-- [ok] text: common functions
SELECT upper(name), lower(name), length(name), substr(name, 2), substr(name, -2, 1), substring(name, 1, 2), trim('  a '), ltrim('xxa', 'x'), rtrim('a0', '0'), replace(name, 'a', '4'), instr(name, 'a'), hex(name), unicode(name), char(65, 66), quote(name), soundex('Robert') FROM customer ORDER BY id

-- [ok] text: printed
SELECT printf('%05.2f|%-5s|%+d|%x|%%|%Q|%w|%,d', 3.14159, 'ab', 5, 255, 'it''s', 'a"b', 1234567), format('%s is %d', name, id) FROM customer ORDER BY id

-- [ok] text: patterns
SELECT id FROM customer WHERE name LIKE 'a%' OR email LIKE '%!_%' ESCAPE '!' OR city GLOB '[BO]*' AND city NOT GLOB 'O*' OR name NOT LIKE '%o%' ORDER BY id

-- [ok] text: patterns as functions
SELECT like('A%', name), glob('*a', name), like('a!%', name, '!') FROM customer ORDER BY id

-- [ok] text: compared by collation
SELECT 'a' = 'A' COLLATE NOCASE, 'a ' = 'a' COLLATE RTRIM, name = 'ADA', name COLLATE BINARY = 'ADA' FROM customer ORDER BY id

-- [ok] text: joined (sqlite3.44+)
SELECT concat(name, NULL, id), concat_ws('-', id, NULL, name), octet_length(name) FROM customer ORDER BY id

-- [ok] numbers: functions
SELECT abs(-1.5), round(2.345, 2), round(2.5), max(1, 2, 3), min(1, 2), sign(-3), random() IS NOT NULL, typeof(1 / 2), 5 / 2, 5 % 3, -5 / 2, 1 / 0, 10 / 4.0

-- [ok] numbers: as the engine prints them
SELECT value, typeof(value), value + 0, value || '', CAST(value AS TEXT), quote(value) FROM mixed ORDER BY id

-- [ok] casts: to every type
SELECT CAST('1' AS INTEGER), CAST(1.9 AS INT), CAST('1e3x' AS REAL), CAST(1 AS TEXT), CAST('ab' AS BLOB), CAST('1.50' AS NUMERIC), CAST('x' AS VARCHAR(10)), CAST(NULL AS INTEGER), CAST(1 AS DECIMAL(10, 2)), CAST('2024' AS DATE)

-- [ok] casts: kinds
SELECT typeof(1), typeof(1.0), typeof('a'), typeof(x'00'), typeof(NULL), typeof(value), length(value), hex(photo) FROM mixed JOIN customer USING (id) ORDER BY id

-- [ok] catalog: the schema in SQL
SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name

-- [ok] catalog: the schema by its old name, qualified and quoted
SELECT count(*) FROM sqlite_master, main.sqlite_schema, "sqlite_master" AS m, [main].[sqlite_master] AS n

-- [ok] catalog: columns of a table
SELECT cid, name, type, "notnull", dflt_value, pk FROM pragma_table_info('customer') ORDER BY cid

-- [ok] catalog: columns of every table
SELECT m.name AS table_name, p.name AS column_name, p.type FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS p WHERE m.type = 'table' AND m.name NOT LIKE 'room_text%' ORDER BY m.name, p.cid

-- [ok] catalog: hidden and computed columns
SELECT name, hidden FROM pragma_table_xinfo('room') ORDER BY cid

-- [ok] catalog: foreign keys
SELECT m.name, f."table", f."from", f."to", f.on_delete FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table' ORDER BY m.name, f.id

-- [ok] catalog: indexes and their columns
SELECT l.name, l."unique", l.origin, i.seqno, i.name FROM pragma_index_list('booking') AS l, pragma_index_info(l.name) AS i ORDER BY l.name, i.seqno

-- [ok] catalog: rows that are counted, and sequences
SELECT tbl, idx, stat FROM sqlite_stat1 UNION ALL SELECT name, NULL, seq FROM sqlite_sequence ORDER BY 1, 2

-- [ok] catalog: the engine's version (volatile)
SELECT sqlite_version(), sqlite_source_id()

-- [ok] large: a list of three thousand values (escaped)
SELECT id FROM customer WHERE id IN (0\{3000:, 7\}, 1) ORDER BY id

-- [ok] large: three hundred rows of values (escaped)
SELECT count(*) FROM (VALUES (1)\{300:, (2)\})

-- [ok] large: a hundred conditions (escaped)
SELECT id FROM customer WHERE id > 0\{100: AND id <> 9\} ORDER BY id

-- [ok] large: a hundred unions (escaped)
SELECT 1 AS n\{100: UNION ALL SELECT 2\} ORDER BY n

-- [ok] large: a case of two hundred branches (escaped)
SELECT CASE id\{200: WHEN 7 THEN 'seven'\} ELSE 'other' END FROM customer ORDER BY id

-- [ok] large: forty parentheses (escaped)
SELECT \{40:(\}id\{40:)\} FROM customer ORDER BY id

-- [ok] large: twenty calls in each other (escaped)
SELECT \{20:replace(\}name\{20:, 'a', 'b')\} FROM customer ORDER BY id

-- [ok] large: functions called like types, four deep
SELECT date(datetime(date(datetime('2024-01-01')))), json(json(json('[1]')))

-- [ok] large: a literal of fifty thousand characters (escaped)
SELECT length('\{50000:a\}')

-- [ok] large: four hundred columns (escaped)
SELECT 1\{400:, 2\}

-- [ok] analysis: share of the whole
SELECT number, sum(amount) AS total, round(100 * sum(amount) / sum(sum(amount)) OVER (), 1) AS share FROM booking GROUP BY number ORDER BY total DESC, number

-- [ok] analysis: month over month
WITH monthly AS (SELECT strftime('%Y-%m', first_night) AS month, sum(amount) AS total FROM booking GROUP BY 1) SELECT month, total, round(total - lag(total) OVER (ORDER BY month), 2) AS change FROM monthly ORDER BY month

-- [ok] analysis: gaps and islands
SELECT sensor, min(at), max(at), count(*) FROM (SELECT sensor, at, strftime('%s', at) / 3600 - row_number() OVER (PARTITION BY sensor ORDER BY at) AS island FROM reading WHERE value IS NOT NULL) GROUP BY sensor, island ORDER BY sensor, min(at)

-- [ok] analysis: turned about
SELECT department, sum(salary < 5500) AS low, sum(salary >= 5500) AS high, sum(CASE WHEN hired < '2013' THEN 1 ELSE 0 END) AS old FROM employee GROUP BY department ORDER BY department

-- [ok] analysis: a page by its key
SELECT id, placed FROM booking WHERE (placed, id) > ('2024-03-01 09:00:00', 1) ORDER BY placed, id LIMIT 3

-- [ok] analysis: median
SELECT avg(amount) FROM (SELECT amount FROM booking ORDER BY amount LIMIT 2 - (SELECT count(*) FROM booking) % 2 OFFSET (SELECT (count(*) - 1) / 2 FROM booking))

-- [ok] analysis: paths of a tree
WITH RECURSIVE chain (id, path) AS (SELECT id, name FROM employee WHERE manager_id IS NULL UNION ALL SELECT e.id, c.path || ' > ' || e.name FROM employee AS e JOIN chain AS c ON e.manager_id = c.id) SELECT path FROM chain ORDER BY path

-- [ok] analysis: pricing as TPC-H's first query has it
SELECT number, customer_id % 2 AS flag, sum(amount) AS sum_base, avg(amount) AS average, count(*) AS orders FROM booking WHERE placed <= date('2024-12-01', '-90 day') GROUP BY number, flag ORDER BY number, flag

-- [ok] analysis: quality of the data
SELECT count(*) AS n, count(*) - count(email) AS without_email, count(DISTINCT city) AS cities, sum(email NOT LIKE '%@%') AS odd, min(length(name)) || '–' || max(length(name)) AS lengths FROM customer

-- [ok] analysis: figures made of figures, step by step
WITH nights AS (SELECT customer_id, amount, amount * 0.1 AS tax FROM booking), gross AS (SELECT customer_id, amount + tax AS total, amount / nullif(amount + tax, 0) AS share FROM nights), graded AS (SELECT customer_id, CASE WHEN total > 200 THEN total * 2 WHEN total > 100 THEN total + share ELSE share END AS grade, total - share AS rest FROM gross), final AS (SELECT customer_id, round(grade + rest, 2) AS score, coalesce(grade, rest, 0) - rest AS gap FROM graded) SELECT customer_id, max(score, gap) AS most FROM final WHERE score > gap OR gap IS NULL ORDER BY customer_id, most
