-- Real work on PostgreSQL that must pass, run, and give the very rows it gives without the server between.
-- See ../README.md for the format.

-- [ok] basics: one column of a table
SELECT name FROM customer ORDER BY id

-- [ok] basics: every column
SELECT * FROM customer ORDER BY id

-- [ok] basics: every column of one table of two
SELECT c.*, b.amount FROM customer AS c, booking AS b WHERE b.customer_id = c.id ORDER BY b.id

-- [ok] basics: the schema before the table, the table before the column
SELECT public.customer.name, customer.id FROM public.customer ORDER BY customer.id

-- [ok] basics: another schema
SELECT * FROM archive.customer ORDER BY id

-- [ok] basics: no table at all
SELECT 1 + 1 AS two, 'text' AS word, NULL AS nothing, true AS yes

-- [ok] basics: no column at all
SELECT FROM customer

-- [ok] basics: two columns of the same name
SELECT 1 AS a, 2 AS a, name, name FROM customer WHERE id = 1

-- [ok] basics: columns without names
SELECT 1, 'a', now() IS NOT NULL, (SELECT 2), ARRAY[1], CASE WHEN true THEN 1 END

-- [ok] basics: a view
SELECT * FROM guest ORDER BY id

-- [ok] basics: a view over a join
SELECT kind, sum(amount) AS total FROM stay GROUP BY kind ORDER BY kind

-- [ok] basics: a stored view
SELECT * FROM revenue ORDER BY number

-- [ok] basics: a partitioned table and one of its partitions
SELECT count(*) FROM reading UNION ALL SELECT count(*) FROM reading_north

-- [ok] basics: a table without its heirs, and with them
SELECT (SELECT count(*) FROM ONLY reading), (SELECT count(*) FROM reading *)

-- [ok] basics: a sequence can be looked at
SELECT last_value, is_called FROM ticket_number

-- [ok] basics: distinct rows
SELECT DISTINCT mood FROM customer ORDER BY mood NULLS FIRST

-- [ok] basics: ALL is the default
SELECT ALL count(ALL id) FROM customer

-- [ok] basics: the first of each group
SELECT DISTINCT ON (department) department, name, salary FROM employee ORDER BY department, salary DESC, id

-- [ok] basics: conditions of every kind
SELECT id FROM customer WHERE id BETWEEN 2 AND 4 AND id NOT IN (3) AND name IS NOT NULL AND NOT "delete" OR id = 5 ORDER BY 1

-- [ok] basics: BETWEEN SYMMETRIC
SELECT id FROM customer WHERE id BETWEEN SYMMETRIC 4 AND 2 ORDER BY id

-- [ok] basics: three-valued truth
SELECT (NULL = 1) IS UNKNOWN, (1 = 1) IS TRUE, (1 = 2) IS NOT FALSE, NULL IS NOT DISTINCT FROM NULL, 1 ISNULL, 1 NOTNULL

-- [ok] basics: row comparisons
SELECT (1, 2) < (1, 3), ROW(1, NULL) IS NULL, ROW(NULL, NULL) IS NULL, (1, 'a') = (1, 'a'), (1, 2) IN ((1, 2), (3, 4))

-- [ok] basics: quantifiers
SELECT 3 = ANY (ARRAY[1, 2, 3]), 3 > ALL (SELECT id FROM archive.customer WHERE id < 0), 'a' LIKE ANY (ARRAY['b%', 'a%']), 2 < SOME ('{1,3}'::int[])

-- [ok] basics: an operator with its schema
SELECT 2 OPERATOR(pg_catalog.*) 3, 'a' OPERATOR(pg_catalog.||) 'b', - OPERATOR(pg_catalog.-) 1

-- [ok] basics: operators of all kinds on numbers
SELECT 7 / 2, 7 % 2, 2 ^ 3, |/ 16.0, ||/ 27.0, @ -5, 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 3, 16 >> 2, -(-1), +1

-- [ok] basics: conditional expressions
SELECT CASE id WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END, COALESCE(email, 'none'), NULLIF(id, 3), GREATEST(id, 2), LEAST(id, 2) FROM customer ORDER BY id

-- [ok] basics: a case in a case
SELECT CASE WHEN balance < 0 THEN 'owes' WHEN balance = 0 THEN CASE WHEN "delete" THEN 'gone' ELSE 'even' END ELSE 'has' END AS state FROM customer ORDER BY id

-- [ok] basics: a closing semicolon
SELECT 1 AS one;

-- [ok] basics: closing semicolons and white space
SELECT 1 AS one ; ;

-- [ok] basics: small letters
select id, name from customer where id > 1 order by id desc limit 2 offset 1

-- [ok] basics: mixed case
SeLeCt Id, NaMe FrOm CuStOmEr OrDeR bY iD

-- [ok] basics: FOR READ ONLY locks nothing
SELECT id FROM customer ORDER BY id FOR READ ONLY

-- [ok] ordering: nulls first and last, up and down, by position and by expression
SELECT id, mood FROM customer ORDER BY mood DESC NULLS LAST, 1 ASC, length(name)

-- [ok] ordering: by an operator
SELECT id FROM customer ORDER BY id USING >

-- [ok] ordering: by a column that is not shown
SELECT name FROM customer ORDER BY born NULLS FIRST, id

-- [ok] ordering: by an alias
SELECT length(name) AS chars, id FROM customer ORDER BY chars, id

-- [ok] ordering: in a collation
SELECT name FROM customer ORDER BY name COLLATE "C"

-- [ok] ordering: limit and offset of every form
SELECT id FROM customer ORDER BY id LIMIT ALL OFFSET 1 ROWS

-- [ok] ordering: offset before limit
SELECT id FROM customer ORDER BY id OFFSET 1 LIMIT 2

-- [ok] ordering: the standard's limit
SELECT id FROM customer ORDER BY id OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY

-- [ok] ordering: the standard's limit of one
SELECT id FROM customer ORDER BY id FETCH FIRST ROW ONLY

-- [ok] ordering: with ties
SELECT name, salary FROM employee ORDER BY salary FETCH FIRST 2 ROWS WITH TIES

-- [ok] ordering: a limit that is computed
SELECT id FROM customer ORDER BY id LIMIT (SELECT count(*) / 2 FROM customer) OFFSET 3 - 2

-- [ok] ordering: no limit by NULL
SELECT id FROM customer ORDER BY id LIMIT NULL

-- [ok] ordering: of an aggregate's input
SELECT string_agg(name, ', ' ORDER BY name COLLATE "C" DESC), array_agg(DISTINCT mood ORDER BY mood) FROM customer

-- [ok] joins: inner, left, right, full and cross
SELECT c.name, b.id, r.kind FROM customer AS c LEFT JOIN booking AS b ON b.customer_id = c.id FULL OUTER JOIN room AS r ON r.number = b.number ORDER BY c.id, b.id, r.number

-- [ok] joins: right
SELECT r.number, b.id FROM booking AS b RIGHT JOIN room AS r ON r.number = b.number ORDER BY 1, 2

-- [ok] joins: by columns of the same name
SELECT number, b.id, r.kind FROM booking AS b JOIN room AS r USING (number) ORDER BY b.id

-- [ok] joins: by columns of the same name, with an alias for them (pg14+)
SELECT j.number, b.id FROM booking AS b JOIN room AS r USING (number) AS j ORDER BY b.id

-- [ok] joins: natural
SELECT * FROM (SELECT 1 AS a, 2 AS b) AS x NATURAL JOIN (SELECT 1 AS a, 3 AS c) AS y

-- [ok] joins: natural left
SELECT * FROM (VALUES (1), (2)) AS x (a) NATURAL LEFT JOIN (VALUES (2, 'b')) AS y (a, c) ORDER BY a

-- [ok] joins: cross, in two spellings
SELECT count(*) FROM customer CROSS JOIN room, employee

-- [ok] joins: in parentheses, with an alias
SELECT j.name, j.kind FROM (customer AS c JOIN (booking AS b JOIN room AS r USING (number)) ON b.customer_id = c.id) AS j (a, name) ORDER BY 1, 2

-- [ok] joins: with itself
SELECT e.name, m.name AS manager FROM employee AS e LEFT JOIN employee AS m ON m.id = e.manager_id ORDER BY e.id

-- [ok] joins: by an inequality
SELECT a.id, b.id FROM customer AS a JOIN customer AS b ON a.id < b.id AND a.mood = b.mood ORDER BY 1, 2

-- [ok] joins: a lateral subquery
SELECT c.name, latest.placed FROM customer AS c, LATERAL (SELECT b.placed FROM booking AS b WHERE b.customer_id = c.id ORDER BY b.placed DESC, b.id DESC LIMIT 1) AS latest ORDER BY c.id

-- [ok] joins: a lateral left join
SELECT r.number, b.* FROM room AS r LEFT JOIN LATERAL (SELECT id, amount FROM booking WHERE number = r.number ORDER BY amount DESC, id LIMIT 2) AS b ON true ORDER BY r.number, b.id

-- [ok] joins: a lateral function
SELECT c.id, t.tag FROM customer AS c CROSS JOIN LATERAL unnest(c.tags) AS t (tag) ORDER BY c.id, t.tag

-- [ok] joins: a function that is lateral without saying so
SELECT c.id, k FROM customer AS c, jsonb_object_keys(c.settings) AS k ORDER BY c.id, k

-- [ok] joins: on a range that overlaps
SELECT a.id, b.id FROM booking AS a JOIN booking AS b ON a.id < b.id AND a.nights && b.nights ORDER BY 1, 2

-- [ok] subqueries: scalar, correlated
SELECT name, (SELECT count(*) FROM booking AS b WHERE b.customer_id = c.id) AS bookings FROM customer AS c ORDER BY c.id

-- [ok] subqueries: EXISTS and NOT EXISTS
SELECT id FROM customer AS c WHERE EXISTS (SELECT FROM booking AS b WHERE b.customer_id = c.id) AND NOT EXISTS (SELECT 1 FROM booking WHERE customer_id = c.id AND amount > 400) ORDER BY id

-- [ok] subqueries: IN, NOT IN, of rows
SELECT id FROM booking WHERE (customer_id, number) IN (SELECT customer_id, number FROM booking WHERE amount > 200) AND id NOT IN (SELECT 6) ORDER BY id

-- [ok] subqueries: as an array
SELECT ARRAY(SELECT name FROM employee WHERE department = 'kitchen' ORDER BY id)

-- [ok] subqueries: of a row
SELECT (SELECT (id, name) FROM customer WHERE id = 1), (2, 'x') < (SELECT id, name FROM customer WHERE id = 2)

-- [ok] subqueries: derived tables with columns renamed
SELECT t.x, t.y FROM (SELECT id, name FROM customer) AS t (x, y) ORDER BY x

-- [ok] subqueries: derived tables four levels down
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT id FROM customer) AS a) AS b) AS c ORDER BY id

-- [ok] subqueries: in ORDER BY and LIMIT
SELECT id FROM customer AS c ORDER BY (SELECT count(*) FROM booking WHERE customer_id = c.id) DESC, id LIMIT (SELECT 3)

-- [ok] subqueries: a derived table without a name (pg16+)
SELECT * FROM (SELECT 1 AS a)

-- [ok] subqueries: parenthesised more than needed
(((SELECT id FROM customer WHERE ((id) = ((1))))))

-- [ok] subqueries: parenthesised with an order outside
(SELECT id FROM customer) ORDER BY id DESC LIMIT 2

-- [ok] sets: union, with and without doubles
SELECT id FROM customer UNION SELECT id FROM archive.customer UNION ALL SELECT 1 ORDER BY id

-- [ok] sets: intersect and except, with and without doubles
SELECT 1 UNION ALL SELECT 1 INTERSECT ALL SELECT 1 EXCEPT ALL SELECT 2

-- [ok] sets: distinct, said aloud
SELECT id FROM customer EXCEPT DISTINCT SELECT 1 ORDER BY 1

-- [ok] sets: parenthesised halves with limits of their own
(SELECT id FROM customer ORDER BY id LIMIT 1) UNION ALL (SELECT id FROM customer ORDER BY id DESC LIMIT 1) ORDER BY id

-- [ok] sets: of a table, of values and of a query
(TABLE archive.customer) UNION ALL (VALUES (1, 'x', NULL::date)) ORDER BY id

-- [ok] sets: columns take their names from the first
SELECT 1 AS first UNION SELECT 2 AS second ORDER BY first

-- [ok] values: alone
VALUES (1, 'one'), (2, 'two'), (3, NULL)

-- [ok] values: in order, limited
VALUES (3), (1), (2) ORDER BY column1 LIMIT 2

-- [ok] values: as a table
SELECT v.n, v.word FROM (VALUES (1, 'one'), (2, 'two')) AS v (n, word) ORDER BY v.n

-- [ok] values: in IN
SELECT id FROM customer WHERE id IN (VALUES (1), (5)) ORDER BY id

-- [ok] values: with expressions and subqueries
VALUES (1 + 1, lower('A'), (SELECT max(id) FROM customer))

-- [ok] table: alone
TABLE archive.customer ORDER BY id

-- [ok] table: limited
TABLE employee ORDER BY id LIMIT 3 OFFSET 1

-- [ok] table: in parentheses
(TABLE revenue) ORDER BY 1

-- [ok] ctes: one after another
WITH big AS (SELECT * FROM booking WHERE amount > 150), per_room AS (SELECT number, count(*) AS n FROM big GROUP BY number) SELECT * FROM per_room ORDER BY number

-- [ok] ctes: columns renamed, materialized and not
WITH a (x) AS MATERIALIZED (SELECT id FROM customer), b AS NOT MATERIALIZED (SELECT x FROM a) SELECT x FROM b ORDER BY x

-- [ok] ctes: named like a table, and reading that table
WITH customer AS (SELECT id, name FROM customer WHERE id < 3) SELECT * FROM customer ORDER BY id

-- [ok] ctes: within each other
WITH a AS (WITH b AS (SELECT 1 AS n) SELECT n + 1 AS n FROM b) SELECT (WITH c AS (SELECT n FROM a) SELECT n FROM c) AS n

-- [ok] ctes: before VALUES and before TABLE
WITH t AS (VALUES (1), (2)) TABLE t

-- [ok] ctes: named like functions and verbs
WITH "delete" AS (SELECT 1 AS "update"), pg_sleep (nextval) AS (SELECT 2) SELECT "delete"."update", pg_sleep.nextval FROM "delete", pg_sleep

-- [ok] ctes: named in mixed case
WITH "My Guests" AS (SELECT id FROM customer), "ÄÖ" AS (TABLE "My Guests") SELECT id FROM "ÄÖ" ORDER BY id

-- [ok] ctes: recursive, numbers
WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT sum(i), count(*) FROM n

-- [ok] ctes: recursive, a tree
WITH RECURSIVE under AS (SELECT id, name, 1 AS level FROM employee WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, u.level + 1 FROM employee AS e JOIN under AS u ON u.id = e.manager_id) SELECT * FROM under ORDER BY level, id

-- [ok] ctes: recursive, without doubles
WITH RECURSIVE seen (i) AS (SELECT 1 UNION SELECT (i * 2) % 7 FROM seen) SELECT i FROM seen ORDER BY i

-- [ok] ctes: recursive, depth first (pg14+)
WITH RECURSIVE under AS (SELECT id, manager_id, name FROM employee WHERE manager_id IS NULL UNION ALL SELECT e.id, e.manager_id, e.name FROM employee AS e JOIN under AS u ON u.id = e.manager_id) SEARCH DEPTH FIRST BY id SET place SELECT name FROM under ORDER BY place

-- [ok] ctes: recursive, breadth first (pg14+)
WITH RECURSIVE under AS (SELECT id, manager_id, name FROM employee WHERE manager_id IS NULL UNION ALL SELECT e.id, e.manager_id, e.name FROM employee AS e JOIN under AS u ON u.id = e.manager_id) SEARCH BREADTH FIRST BY id SET place SELECT name, place FROM under ORDER BY place

-- [ok] ctes: recursive, minding cycles (pg14+)
WITH RECURSIVE walk (a, b) AS (SELECT 1, 2 UNION ALL SELECT b, a FROM walk) CYCLE a, b SET looped USING path SELECT a, b, looped, path FROM walk ORDER BY path

-- [ok] ctes: recursive, cycles with marks of one's own (pg14+)
WITH RECURSIVE walk (a) AS (SELECT 1 UNION ALL SELECT a % 3 + 1 FROM walk) CYCLE a SET looped TO 'yes' DEFAULT 'no' USING path SELECT a, looped FROM walk ORDER BY path

-- [ok] aggregates: of every common kind
SELECT count(*), count(email), count(DISTINCT mood), sum(balance), avg(id), min(name), max(born), bool_and("delete"), bool_or("delete"), every(id > 0) FROM customer

-- [ok] aggregates: statistics
SELECT stddev(amount), variance(amount), corr(amount, id), regr_slope(amount, id), covar_pop(amount, id), bit_and(id), bit_or(id) FROM booking

-- [ok] aggregates: filtered
SELECT count(*) FILTER (WHERE mood = 'happy') AS happy, sum(balance) FILTER (WHERE balance > 0) AS credit FROM customer

-- [ok] aggregates: percentiles
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY amount), mode() WITHIN GROUP (ORDER BY number) FROM booking

-- [ok] aggregates: percentiles by group, filtered
SELECT number, percentile_cont(0.9) WITHIN GROUP (ORDER BY amount DESC) FILTER (WHERE amount > 0) FROM booking GROUP BY number ORDER BY number

-- [ok] aggregates: where a value would stand
SELECT rank(300) WITHIN GROUP (ORDER BY amount), dense_rank(300) WITHIN GROUP (ORDER BY amount), percent_rank(300) WITHIN GROUP (ORDER BY amount), cume_dist(300) WITHIN GROUP (ORDER BY amount) FROM booking

-- [ok] aggregates: into arrays, text and JSON
SELECT array_agg(id ORDER BY id), string_agg(name, '; ' ORDER BY id), json_agg(mood ORDER BY id), jsonb_object_agg(id, name ORDER BY id) FROM customer

-- [ok] aggregates: of whole rows
SELECT json_agg(e ORDER BY e.id) FROM employee AS e WHERE e.department = 'kitchen'

-- [ok] aggregates: of ranges (pg14+)
SELECT range_agg(nights ORDER BY id), range_intersect_agg(nights) FROM booking WHERE number = 102

-- [ok] aggregates: any value (pg16+)
SELECT department, any_value(department) FROM employee GROUP BY department ORDER BY department

-- [ok] grouping: by expression, position and alias
SELECT date_trunc('month', placed) AS month, number / 100 AS floor, count(*) FROM booking GROUP BY month, 2 HAVING count(*) > 0 ORDER BY month, floor

-- [ok] grouping: by nothing
SELECT count(*) FROM booking GROUP BY () HAVING count(*) > 1

-- [ok] grouping: sets
SELECT department, salary > 5000 AS much, count(*), GROUPING(department, salary > 5000) FROM employee GROUP BY GROUPING SETS ((department, salary > 5000), (department), ()) ORDER BY 4, 1, 2

-- [ok] grouping: rollup
SELECT number, customer_id, sum(amount) FROM booking GROUP BY ROLLUP (number, customer_id) ORDER BY number NULLS LAST, customer_id NULLS LAST, 3

-- [ok] grouping: cube
SELECT department, extract(year FROM hired) / 4 AS years, count(*) FROM employee GROUP BY CUBE (department, extract(year FROM hired) / 4) ORDER BY 1, 2, 3

-- [ok] grouping: cube and sets together
SELECT number, customer_id, count(*) FROM booking GROUP BY number, GROUPING SETS (CUBE (customer_id), ()) ORDER BY 1, 2, 3

-- [ok] grouping: without doubles (pg14+)
SELECT department, count(*) FROM employee GROUP BY DISTINCT ROLLUP (department), ROLLUP (department) ORDER BY 1

-- [ok] grouping: by the key alone
SELECT c.id, c.name, c.balance, count(b.id) FROM customer AS c LEFT JOIN booking AS b ON b.customer_id = c.id GROUP BY c.id ORDER BY c.id

-- [ok] windows: rank and its kin
SELECT name, rank() OVER w, dense_rank() OVER w, row_number() OVER (w ROWS UNBOUNDED PRECEDING), percent_rank() OVER w, cume_dist() OVER w, ntile(2) OVER w FROM employee WINDOW w AS (PARTITION BY department ORDER BY salary) ORDER BY id

-- [ok] windows: neighbours
SELECT sensor, at, lag(value) OVER w, lead(value, 2, -1) OVER w, first_value(value) OVER w, last_value(value) OVER w, nth_value(value, 3) OVER w FROM reading WINDOW w AS (PARTITION BY sensor ORDER BY at) ORDER BY sensor, at

-- [ok] windows: running total
SELECT id, amount, sum(amount) OVER (ORDER BY id) AS so_far FROM booking ORDER BY id

-- [ok] windows: moving average
SELECT at, avg(value) OVER (ORDER BY at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM reading_north ORDER BY at

-- [ok] windows: by range of time
SELECT at, count(*) OVER (ORDER BY at RANGE BETWEEN '2 hours' PRECEDING AND '1 hour' FOLLOWING) FROM reading_south ORDER BY at

-- [ok] windows: by groups
SELECT salary, array_agg(id) OVER (ORDER BY salary GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM employee ORDER BY salary, id

-- [ok] windows: excluding rows
SELECT id, sum(id) OVER (ORDER BY salary ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW), sum(id) OVER (ORDER BY salary RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES), sum(id) OVER (ORDER BY salary ROWS 2 PRECEDING EXCLUDE GROUP), count(*) OVER (ROWS 1 PRECEDING EXCLUDE NO OTHERS) > 0 FROM employee ORDER BY id

-- [ok] windows: filtered aggregate over a window
SELECT id, count(*) FILTER (WHERE salary > 5000) OVER (PARTITION BY department) FROM employee ORDER BY id

-- [ok] windows: a window built on another
SELECT id, sum(salary) OVER (base ORDER BY id) FROM employee WINDOW base AS (PARTITION BY department), unused AS (ORDER BY name) ORDER BY id

-- [ok] windows: over groups
SELECT department, sum(salary), rank() OVER (ORDER BY sum(salary) DESC) FROM employee GROUP BY department ORDER BY department

-- [ok] windows: the latest of each group by a derived table
SELECT sensor, at, value FROM (SELECT r.*, row_number() OVER (PARTITION BY sensor ORDER BY at DESC) AS n FROM reading AS r) AS t WHERE n = 1 ORDER BY sensor

-- [ok] sets-of-rows: a series of numbers
SELECT n FROM generate_series(1, 10, 3) AS n ORDER BY n

-- [ok] sets-of-rows: a series of days
SELECT day::date FROM generate_series('2024-02-27'::timestamp, '2024-03-02', interval '1 day') AS day ORDER BY day

-- [ok] sets-of-rows: a calendar joined with what there is
SELECT d::date, count(b.id) FROM generate_series(timestamp '2024-03-01', '2024-03-10', '1 day') AS g (d) LEFT JOIN booking AS b ON b.placed::date = d::date GROUP BY d ORDER BY d

-- [ok] sets-of-rows: in the select list
SELECT id, generate_series(1, id) AS n FROM customer WHERE id < 4 ORDER BY id, n

-- [ok] sets-of-rows: unnest with ordinality
SELECT c.id, t.tag, t.place FROM customer AS c, unnest(c.tags) WITH ORDINALITY AS t (tag, place) ORDER BY c.id, t.place

-- [ok] sets-of-rows: unnest of several arrays
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) AS t (n, c) ORDER BY c

-- [ok] sets-of-rows: ROWS FROM
SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) WITH ORDINALITY AS t (n, c, place) ORDER BY place

-- [ok] sets-of-rows: ROWS FROM with a column list
SELECT * FROM ROWS FROM (json_to_record('{"a": 1, "b": "x"}') AS (a integer, b text), generate_series(1, 2)) AS t (a, b, n) ORDER BY n

-- [ok] sets-of-rows: subscripts of an array
SELECT s FROM generate_subscripts('{a,b,c}'::text[], 1) AS s ORDER BY s

-- [ok] sets-of-rows: a scalar function in FROM
SELECT * FROM lower('ABC') AS t (word), current_database() AS d

-- [ok] sets-of-rows: a cast in FROM
SELECT * FROM CAST('1' AS integer) AS n

-- [ok] sets-of-rows: parts of a text
SELECT part FROM regexp_split_to_table('a,b;c', '[,;]') AS part ORDER BY part

-- [ok] sets-of-rows: parts of a text, by a plain separator (pg14+)
SELECT part FROM string_to_table('a|b||c', '|', '') AS part

-- [ok] sample: by blocks, all of them
SELECT count(*) FROM customer TABLESAMPLE SYSTEM (100)

-- [ok] sample: by rows, repeatable
SELECT count(*) FROM customer AS c TABLESAMPLE BERNOULLI (100) REPEATABLE (42)

-- [ok] sample: some rows (volatile)
SELECT id FROM booking TABLESAMPLE bernoulli (50)

-- [ok] names: columns called like verbs
SELECT "delete", "select", update_date, "delete" AS "drop", id AS "truncate" FROM customer ORDER BY id

-- [ok] names: aliases that are keywords
SELECT 1 AS select, 2 AS from, 3 AS table, 4 AS delete, 5 AS into, 6 AS update

-- [ok] names: aliases without AS
SELECT id number, name title, 1 value FROM customer c ORDER BY number

-- [ok] names: quoted, with spaces, dots, emoji and quotes
SELECT "column with spaces", "dot.column", "emoji 🎉", "UPPER", "from", "quote""d", "insert" FROM "Weird table" ORDER BY "column with spaces"

-- [ok] names: a quoted table, qualified
SELECT w."dot.column", "Weird table"."from" FROM public."Weird table" AS w, "Weird table" WHERE w."column with spaces" = "Weird table"."column with spaces" ORDER BY 1

-- [ok] names: in unicode escapes
SELECT U&"n\0061me", U&"\0069d" AS U&"d!0061ta" UESCAPE '!' FROM U&"custom\+000065r" ORDER BY id

-- [ok] names: aliases called like functions that are held back
SELECT 1 AS pg_sleep, 2 AS nextval, 3 AS set_config, 4 AS lo_import, 5 AS dblink, 6 AS pg_read_file

-- [ok] names: columns of a derived table called like functions that are held back
SELECT t.system, t.dblink, t.setval FROM (SELECT 'linux' AS system, 'x' AS dblink, 1 AS setval) AS t

-- [ok] names: columns called like functions that are allowed
SELECT t.lower, t.count, t.left, t."right", t.date, t.text FROM (SELECT 1 AS lower, 2 AS count, 3 AS left, 4 AS "right", 5 AS date, 6 AS text) AS t

-- [ok] names: tables aliased like functions and catalogs
SELECT pg_authid.id, lower.name, count.id FROM customer AS pg_authid JOIN customer AS lower USING (id) JOIN customer AS count USING (id) WHERE pg_authid.id = 1

-- [ok] names: in other scripts
SELECT 1 AS größe, 2 AS "名前", 3 AS имя, 'é' AS café

-- [ok] names: with dollars and digits
SELECT 1 AS a$b, 2 AS _c3, 3 AS d$$e

-- [ok] names: a comment on the names of things that could be called
SELECT 1 AS "pg_sleep(1)", 2 AS "; DROP TABLE customer; --", 3 AS "--", 4 AS "/*"

-- [ok] names: a whole row by the table's name
SELECT customer.id, archive_customer FROM customer, archive.customer AS archive_customer WHERE customer.id = 1 ORDER BY archive_customer.id

-- [ok] literals: verbs within
SELECT 'DROP TABLE customer', '; DELETE FROM customer; --', 'it''s', '', E'\'', 'SELECT pg_sleep(1)'

-- [ok] literals: found in the data
SELECT "column with spaces" FROM "Weird table" WHERE "insert" = 'DROP TABLE customer' OR "insert" LIKE '%; DELETE%' ORDER BY 1

-- [ok] literals: E with every escape
SELECT E'tab\t, line\n, quote \', backslash \\, hex \x41, octal \101, \u00e9, \U0001F389'

-- [ok] literals: a backslash is nothing without the E
SELECT 'C:\new\table\', 'a\', length('\')

-- [ok] literals: an E literal that holds what looks like the next statement
SELECT E'a\'; DELETE FROM audit; --'

-- [ok] literals: dollar quotes
SELECT $$it's$$, $tag$ $$ ; DELETE FROM audit $$ $tag$, $a$ $b$ $A$ $a$, $_1$x$_1$, $é$y$é$

-- [ok] literals: unicode escapes
SELECT U&'d\0061t\+000061', U&'!0441!043B' UESCAPE '!', U&'\\'

-- [ok] literals: over several lines
SELECT 'one '
    'two '

    'three'

-- [ok] literals: bits, bytes and numbers
SELECT B'1010', X'1F', '\xdeadbeef'::bytea, 'a\\000b'::bytea, 1e3, .5, 5., 1.5e-10, 12345678901234567890, 007

-- [ok] literals: numbers of other bases (pg16+)
SELECT 0x1F, 0o17, 0b101, 1_000_000, 0xdead_beef

-- [ok] literals: national
SELECT N'text'

-- [ok] literals: not a number and beyond every number
SELECT 'NaN'::float8, 'Infinity'::float8, '-Infinity'::float8, 'NaN'::numeric, 'infinity'::date, '-infinity'::timestamp

-- [ok] literals: line breaks and tabs within (escaped)
SELECT 'a\x0ab\x0d\x0ac\x09d'

-- [ok] literals: an emoji of several characters, and marks of direction that texts need (escaped)
SELECT '\U0001f469\u200d\U0001f680' AS woman, 'שלום\u200f!' AS hello, 'a\u00a0b' AS space, '\u2028' AS line

-- [ok] comments: before, between, behind and within each other
/* one /* two */ three */ SELECT /* four */ 1 -- five
AS /* six */ a -- seven; DELETE FROM audit
/* eight; DROP TABLE customer */

-- [ok] comments: at the very end, without a line break
SELECT 1 AS a --

-- [ok] comments: quotes within
SELECT 1 /* it's "quoted" $$ */ AS a -- it's "quoted" $$

-- [ok] comments: what MySQL would run
SELECT 1 /*! + 1 */ AS a /*+ hint */

-- [ok] comments: a comment that is open to whoever does not nest them
SELECT 1 AS a /* /* */; DELETE FROM audit; -- */

-- [ok] comments: comment signs within literals and names
SELECT '--' AS "/*", '/*' AS "--", 5 - -1 AS "*/", 1 - - 1

-- [ok] comments: behind the semicolon
SELECT 1 AS a; -- done; really

-- [ok] comments: many lines
-- What we owe and what is owed to us
--   by mood
SELECT mood, /* signed */ sum(balance)
FROM customer -- everyone
GROUP BY mood -- NULL is a group
ORDER BY mood

-- [ok] space: none where none is needed
SELECT(1)AS"a",'b'AS"c",id,(2)FROM"customer"WHERE(id)IN(1,2)ORDER BY(id)

-- [ok] space: tabs, form feeds, carriage returns (escaped)
\x0aSELECT\x091\x0cAS\x0d\x0aa\x0a

-- [ok] json: members and paths
SELECT settings -> 'limits' -> 'day', settings ->> 'theme', settings #> '{limits,week}', settings #>> ARRAY['devices', '0', 'os'], settings -> 'devices' -> -1 FROM customer ORDER BY id

-- [ok] json: subscripts (pg14+)
SELECT settings['limits']['day'], settings['devices'][0]['os'] FROM customer ORDER BY id

-- [ok] json: questions
SELECT id, settings ? 'theme', settings ?| ARRAY['a.b', 'score'], settings ?& ARRAY['theme', 'lang'], settings @> '{"lang": "en"}', '{"lang": "en"}' <@ settings FROM customer ORDER BY id

-- [ok] json: changes that are only shown
SELECT settings || '{"new": 1}', settings - 'lang', settings - ARRAY['lang', 'theme'], settings #- '{limits,day}' FROM customer ORDER BY id

-- [ok] json: functions that change a value and nothing else
SELECT jsonb_set(settings, '{limits,day}', '9'), jsonb_insert(settings, '{devices,0}', '"x"'), jsonb_strip_nulls(settings), jsonb_pretty(settings) FROM customer WHERE id = 1

-- [ok] json: taken apart
SELECT c.id, e.key, e.value, t.value AS text FROM customer AS c, jsonb_each(c.settings) AS e, jsonb_each_text(c.settings) AS t WHERE e.key = t.key ORDER BY 1, 2

-- [ok] json: elements
SELECT r.number, b.value FROM room AS r, json_array_elements_text(r.raw -> 'beds') WITH ORDINALITY AS b (value, place) ORDER BY r.number, b.place

-- [ok] json: as records
SELECT * FROM jsonb_to_recordset('[{"a": 1, "b": "x"}, {"a": 2}]') AS t (a integer, b text) ORDER BY a

-- [ok] json: as a record of a type
SELECT (jsonb_populate_record(NULL::address, '{"street": "Elm 9", "city": "Bern"}')).*

-- [ok] json: as records of a table
SELECT id, name FROM json_populate_recordset(NULL::archive.customer, '[{"id": 5, "name": "x"}]')

-- [ok] json: made
SELECT json_build_object('id', id, 'tags', tags), jsonb_build_array(id, name, NULL), to_jsonb(c.home), row_to_json(ROW(1, 'a')), array_to_json(tags) FROM customer AS c ORDER BY id

-- [ok] json: of a whole row
SELECT to_jsonb(e) - 'salary' FROM employee AS e ORDER BY id

-- [ok] json: kinds and lengths
SELECT jsonb_typeof(settings -> 'devices'), jsonb_array_length(settings -> 'devices'), json_typeof('null') FROM customer WHERE settings ? 'devices' ORDER BY id

-- [ok] json: paths
SELECT settings @? '$.devices[*] ? (@.os == "linux")', settings @@ '$.limits.day > 2', jsonb_path_query_array(settings, '$.devices[*].os') FROM customer ORDER BY id

-- [ok] json: paths with variables, methods and regular expressions
SELECT jsonb_path_query_first('[1, 2.5, "a"]', '$[*] ? (@.type() == "number" && @ > $x)', '{"x": 1}'), jsonb_path_exists('{"a": "xyz"}', 'strict $.a ? (@ like_regex "^X" flag "i")'), jsonb_path_match('{"a": [1, 2]}', 'exists($.a[*] ? (@ > 1))')

-- [ok] json: rows out of a path
SELECT q.value ->> 'os' FROM customer AS c, jsonb_path_query(c.settings, 'lax $.devices[*]') AS q (value) ORDER BY 1

-- [ok] json: aggregates
SELECT jsonb_agg(DISTINCT department ORDER BY department), json_object_agg(name, salary ORDER BY id) FROM employee

-- [ok] sql-json: constructors (pg16+)
SELECT json_object('a': 1, 'b' VALUE NULL ABSENT ON NULL), json_array(1, 'x', NULL NULL ON NULL RETURNING jsonb), json_array(SELECT id FROM customer ORDER BY id), json_object()

-- [ok] sql-json: aggregates (pg16+)
SELECT json_objectagg(id: name WITH UNIQUE KEYS), json_arrayagg(name ORDER BY id ABSENT ON NULL RETURNING jsonb) FROM customer

-- [ok] sql-json: predicates (pg16+)
SELECT '{}' IS JSON, '[1]' IS JSON ARRAY, '{"a": 1, "a": 2}' IS JSON OBJECT WITH UNIQUE KEYS, '1' IS NOT JSON SCALAR

-- [ok] sql-json: queries (pg17+)
SELECT json_value(settings, '$.lang' DEFAULT 'none' ON EMPTY), json_query(settings, '$.devices[*].os' WITH WRAPPER), json_exists(settings, '$.limits ? (@.day > $n)' PASSING 1 AS n) FROM customer ORDER BY id

-- [ok] sql-json: tables (pg17+)
SELECT c.id, t.* FROM customer AS c, JSON_TABLE(c.settings, '$' COLUMNS (n FOR ORDINALITY, lang text PATH '$.lang' DEFAULT 'x' ON EMPTY, has boolean EXISTS PATH '$.theme', NESTED PATH '$.devices[*]' COLUMNS (os text PATH '$.os'))) AS t ORDER BY c.id, t.os

-- [ok] sql-json: parsing and serializing (pg17+)
SELECT json('{"a": 1}'), json_scalar(1.5), json_serialize(json('[1]') RETURNING text)

-- [ok] arrays: elements and slices
SELECT tags[1], tags[1:1], tags[:2], tags[2:], tags[:], tags[array_upper(tags, 1)] FROM customer ORDER BY id

-- [ok] arrays: of arrays
SELECT features[1][2], features[1:2][1:1], array_dims(features), array_ndims(features), cardinality(features) FROM room ORDER BY number

-- [ok] arrays: made in every way
SELECT ARRAY[1, 2, 3], '{1,2,NULL}'::int[], ARRAY[[1, 2], [3, 4]], ARRAY[]::text[], array_fill(0, ARRAY[2, 2]), ARRAY[1, 2] || 3, 0 || ARRAY[1], ARRAY[1] || ARRAY[[2], [3]], '[0:1]={a,b}'::text[]

-- [ok] arrays: six levels
SELECT ARRAY[ARRAY[ARRAY[ARRAY[ARRAY[ARRAY[1]]]]]], ('{{{{{{2}}}}}}'::int[])[1][1][1][1][1][1]

-- [ok] arrays: questions
SELECT id FROM customer WHERE 'vip' = ANY (tags) OR tags @> '{new}' OR tags && ARRAY['x', 'math'] OR tags <@ '{}'::text[] ORDER BY id

-- [ok] arrays: functions
SELECT array_append(tags, 'x'), array_remove(tags, 'vip'), array_replace(tags, 'math', 'maths'), array_position(tags, 'math'), array_positions(tags, 'vip'), array_to_string(tags, ',', '-'), array_length(tags, 1), array_cat(tags, tags), array_prepend('y', tags) FROM customer ORDER BY id

-- [ok] arrays: by quantifier of a subquery
SELECT 'math' = ANY (SELECT unnest(tags) FROM customer), 10 <> ALL (ARRAY(SELECT id FROM customer))

-- [ok] arrays: of composites and their fields
SELECT (ARRAY[home, ROW('x', 'y', 'z')::address])[2].city, ARRAY[home] FROM customer WHERE id = 1

-- [ok] ranges: made and asked
SELECT id, lower(nights), upper(nights), isempty(seats), lower_inc(nights), upper_inf(stay), nights @> date '2024-04-01', seats && int4range(1, 3), nights <@ daterange('2024-01-01', NULL), nights -|- daterange('2024-04-06', '2024-04-08') FROM booking ORDER BY id

-- [ok] ranges: computed
SELECT int4range(1, 5) * int4range(3, 8), int4range(1, 3) + int4range(3, 5), int4range(1, 9) - int4range(1, 2), range_merge(int4range(1, 2), int4range(8, 9)), numrange(1.5, 2.5, '[]'), tsrange('2024-01-01', NULL), '[a,b)'::text IS NOT NULL, 'empty'::int8range, tstzrange(NULL, '2024-01-01 00:00+00')

-- [ok] ranges: compared
SELECT id FROM booking WHERE nights << daterange('2024-05-01', NULL) AND NOT nights &> daterange('2024-04-05', '2024-04-06') ORDER BY nights, id

-- [ok] ranges: several in one (pg14+)
SELECT '{[1,3),[5,7)}'::int4multirange, int4multirange(int4range(1, 3), int4range(2, 6)), unnest('{[1,3),[5,7)}'::int4multirange), datemultirange(nights) @> date '2024-04-01', range_merge('{[1,2),[8,9)}'::int4multirange) FROM booking WHERE id = 1

-- [ok] ranges: several in one, gathered by group (pg14+)
SELECT number, range_agg(nights), range_agg(nights) * '{[2024-04-01,2024-05-01)}'::datemultirange FROM booking GROUP BY number ORDER BY number

-- [ok] full-text: matches in every spelling
SELECT number FROM room WHERE search @@ to_tsquery('english', 'garden & !loud') OR search @@ plainto_tsquery('english', 'loud street') OR search @@ phraseto_tsquery('english', 'small room') ORDER BY number

-- [ok] full-text: as people search the web
SELECT number, ts_rank(search, q), ts_rank_cd(search, q, 32) FROM room, websearch_to_tsquery('english', '"quiet room" or garden -loud') AS q WHERE search @@ q ORDER BY number

-- [ok] full-text: shown
SELECT ts_headline('english', description, to_tsquery('english', 'garden'), 'StartSel=<b>, StopSel=</b>, MaxWords=5, MinWords=1') FROM room ORDER BY number

-- [ok] full-text: vectors and queries computed
SELECT to_tsvector('simple', 'a b a'), setweight(to_tsvector('simple', 'a'), 'A') || to_tsvector('simple', 'b'), strip(search), length(search), 'fat & (rat | cat)'::tsquery && '!dog'::tsquery, numnode('a & b'::tsquery), querytree('a & !b'::tsquery), tsquery_phrase('a', 'b', 2), 'a <-> b'::tsquery, 'a:1A'::tsvector FROM room WHERE number = 101

-- [ok] full-text: words as the parser sees them
SELECT alias, token, lexemes FROM ts_debug('english', 'The 2 quietest rooms')

-- [ok] full-text: a vector taken apart
SELECT r.number, w.lexeme, w.positions FROM room AS r, unnest(r.search) AS w WHERE r.number < 102 ORDER BY 1, 2

-- [ok] dates: parts and truncation
SELECT date_trunc('month', placed), extract(isodow FROM placed), date_part('week', placed), EXTRACT(EPOCH FROM length), extract(century FROM born) FROM booking AS b JOIN customer AS c ON c.id = b.customer_id ORDER BY b.id

-- [ok] dates: truncation by a column's value
SELECT unit, date_trunc(unit, timestamp '2024-05-17 13:14:15.678') FROM (VALUES ('year'), ('quarter'), ('week'), ('minute')) AS u (unit) ORDER BY unit

-- [ok] dates: intervals of every form
SELECT interval '1 day 02:03:04', interval '1' year, interval '1-2' year to month, interval '3 4:05:06' day to second, interval '1.5 hours', 'P1Y2M3DT4H5M6S'::interval, interval '-1 mon +2 days', interval '10' minute, interval '1 02:03' day to minute, interval '4.5678' second(2), interval(3) '1.23456 seconds', '@ 1 day ago'::interval, interval '1 year 2 mons 3 days 4 hours'

-- [ok] dates: arithmetic
SELECT date '2024-02-28' + 2, date '2024-03-01' - date '2024-02-01', timestamp '2024-01-31' + interval '1 month', timestamp '2024-03-10' - timestamp '2024-03-01 12:00', interval '1 day' * 2.5, interval '1 hour' / 3, time '10:00' + interval '90 min', date '2024-01-01' + time '12:34', -interval '1 day'

-- [ok] dates: zones
SELECT created_at AT TIME ZONE 'Europe/Oslo', timestamp '2024-07-01 12:00' AT TIME ZONE 'America/New_York', timezone('UTC', created_at), created_at AT TIME ZONE interval '-05:00' FROM customer ORDER BY id

-- [ok] dates: a zone by the session's own (pg17+)
SELECT timestamptz '2024-07-01 12:00+00' AT LOCAL

-- [ok] dates: made from parts and from text
SELECT make_date(2024, 2, 29), make_time(1, 2, 3.5), make_timestamp(2024, 1, 2, 3, 4, 5.6), make_interval(days => 3, hours => 4), to_date('29 Feb 2024', 'DD Mon YYYY'), to_timestamp('2024-01-02 03:04', 'YYYY-MM-DD HH24:MI'), to_timestamp(0) AT TIME ZONE 'UTC'

-- [ok] dates: as text
SELECT to_char(placed, 'FMDay, DD "of" FMMonth YYYY HH12:MI:SS.MS AM TZ'), to_char(length, 'DD HH24:MI'), placed::date::text, to_char(amount, 'FM999G990D00 S') FROM booking ORDER BY id

-- [ok] dates: ages, justified and overlapping
SELECT age(timestamp '2024-03-01', born), justify_interval(interval '35 days 25 hours'), (date '2024-01-01', interval '10 days') OVERLAPS (date '2024-01-05', date '2024-02-01'), isfinite(born), date_bin('15 minutes', timestamp '2024-01-01 00:20', timestamp '2024-01-01') FROM customer ORDER BY id

-- [ok] dates: special words
SELECT date 'epoch', timestamp 'epoch', time 'allballs', 'infinity'::timestamptz > timestamptz '2024-01-01', timestamp(0) '2024-01-01 00:00:00.6', time(2) with time zone '10:00:00.123+02'

-- [ok] dates: the clock (volatile)
SELECT now(), CURRENT_DATE, CURRENT_TIME(2), CURRENT_TIMESTAMP(0), LOCALTIME, LOCALTIMESTAMP(3), clock_timestamp(), statement_timestamp(), transaction_timestamp(), timeofday(), 'today'::date

-- [ok] dates: the clock compared
SELECT id FROM customer WHERE created_at < now() - interval '1 day' AND created_at < CURRENT_DATE AND CURRENT_TIMESTAMP > 'yesterday' ORDER BY id

-- [ok] text: functions of the standard's odd grammar
SELECT substring('abcdef' FROM 2 FOR 3), substring('foobar' FROM 'o(.)b'), substring('abc' SIMILAR 'a#"b#"c' ESCAPE '#'), position('b' IN 'abc'), overlay('abcdef' PLACING 'XY' FROM 2 FOR 3), trim(BOTH 'x' FROM 'xxaxx'), trim(LEADING FROM '  a'), trim('a '), trim(TRAILING '0' FROM '100'), char_length('é'), octet_length('é'), substring('abc' FOR 2)

-- [ok] text: common functions
SELECT upper(name), lower(name), initcap(name), length(name), left(name, 2), right(name, -1), lpad(name, 8, '.'), rpad(name, 3), reverse(name), repeat('ab', 2), replace(name, 'a', '4'), translate(name, 'aeiou', '12345'), split_part(email, '@', 2), strpos(name, 'a'), ascii(name), chr(65), md5(name), btrim(name, 'A') FROM customer ORDER BY id

-- [ok] text: formatted and quoted
SELECT format('%s is %L in %I, %1$s again, %%', name, email, 'a b'), quote_ident('a b'), quote_literal('it''s'), quote_nullable(NULL), concat(name, NULL, id), concat_ws('-', id, NULL, name), concat(VARIADIC ARRAY['a', 'b']) FROM customer ORDER BY id

-- [ok] text: patterns
SELECT id FROM customer WHERE name LIKE 'A%' OR name ILIKE 'z_ë' OR name NOT LIKE '%!%%' ESCAPE '!' AND name SIMILAR TO '(Ada|B)%' OR name ^@ 'O' OR name ~~* 'li%' ORDER BY id

-- [ok] text: encodings and bytes
SELECT encode('\x00ff'::bytea, 'hex'), encode('abc', 'base64'), decode('616263', 'hex'), convert_from('\xc3a9', 'UTF8'), convert_to('é', 'LATIN1'), get_byte('\x0102'::bytea, 1), set_byte('\x0102'::bytea, 0, 9), sha256('abc'), substring('\x010203'::bytea FROM 2), '\x01'::bytea || '\x02', to_hex(255)

-- [ok] text: normal forms
SELECT normalize(U&'e\0301', NFC) = 'é', U&'e\0301' IS NFC NORMALIZED, 'a' IS NORMALIZED, unistr('\0041')

-- [ok] text: collations
SELECT 'a' < 'B' COLLATE "C", 'a' COLLATE pg_catalog."default" = 'a', collation for ('a' COLLATE "C"), max(name COLLATE "C") FROM customer

-- [ok] regex: operators and functions
SELECT name ~ '^[A-Z]', name ~* 'ADA', name !~ '\d', name !~* 'x', regexp_replace(name, '(.)(.)', '\2\1', 'g'), regexp_match(email, '^(\w+)@(.+)$'), regexp_split_to_array('a1b22c', '\d+') FROM customer ORDER BY id

-- [ok] regex: rows of matches
SELECT m[1], m[2] FROM regexp_matches('a=1, b=2', '(\w)=(\d)', 'g') AS m

-- [ok] regex: counted and found (pg15+)
SELECT regexp_count('banana', 'an'), regexp_instr('banana', 'n', 1, 2), regexp_like('Banana', '^b', 'i'), regexp_substr('a1b2', '\d', 1, 2)

-- [ok] regex: look ahead, classes and lazy repetition
SELECT 'foobar' ~ 'foo(?=bar)', 'x' ~ '[[:alpha:]]', regexp_replace('<a><b>', '<.*?>', '', ''), 'a.b' ~ 'a\.b', 'ab' ~ '(?i)AB'

-- [ok] numbers: functions
SELECT abs(-1.5), ceil(1.2), floor(-1.2), round(2.345, 2), trunc(2.349, 2), sign(-3), mod(7, 3), power(2, 10), sqrt(2), exp(1), ln(2), log(100), log(2, 8), pi(), degrees(pi()), sin(0), cbrt(27), div(7, 2), gcd(12, 18), lcm(4, 6), factorial(5), width_bucket(5, 0, 10, 4), scale(1.20), trim_scale(1.20)

-- [ok] numbers: of all sizes, as the engine prints them
SELECT 1::smallint, 2147483647, 9223372036854775807, 0.1::real, 0.1::float8, 1e-7::float8, 123456789.123456789::numeric, 1.10::numeric, '12.34'::money, 1e30::numeric, 1/3.0, 2/3::float8, -0.0::float8

-- [ok] numbers: rounding of money and shares
SELECT price, price * 2, price / 3, price::numeric, price > '100'::money FROM room ORDER BY number

-- [ok] numbers: random (volatile)
SELECT random(), gen_random_uuid(), random() < 2

-- [ok] casts: to many types
SELECT '1'::int, '1'::bigint, '1.5'::numeric(5, 2), '1'::float4, 't'::bool, 'a'::char(3), 'abc'::varchar(2), 'a'::"char", 'a'::name, '2024-01-01'::date, '10:00'::time, '10:00+02'::timetz, '1 day'::interval, '{}'::json, '{}'::jsonb, '$.a'::jsonpath, '1.2.3.4'::inet, '1.2.3.0/24'::cidr, '08:00:2b:01:02:03'::macaddr, '08:00:2b:01:02:03:04:05'::macaddr8, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, B'1'::bit(3), '101'::varbit, '\x00'::bytea, '(1,2)'::point, 'a b'::tsvector, 'a'::tsquery, '{1}'::int[], '0/16B3748'::pg_lsn, '1'::oid, '(0,1)'::tid, '1'::xid

-- [ok] casts: in standard form and as typed literals
SELECT CAST('1' AS integer), CAST(1.5 AS text), CAST(NULL AS numeric(10, 2)), int '1', float8 '1.5', text 'a', date '2024-01-01', timestamp '2024-01-01', timestamp with time zone '2024-01-01 00:00+00', bool 'yes', point '(1,2)', json '{}', bytea '\x01', double precision '1', pg_catalog.int4 '7', character varying 'x', bit varying '101'

-- [ok] casts: as functions
SELECT int4('7'), text(1.5), float8('1e3'), date('2024-01-01'), bool('f'), "numeric"('1.50'), "varchar"('a'), pg_catalog.int8('9')

-- [ok] casts: one after another
SELECT '2024-01-01'::text::date::timestamp::text, 1.7::int::text || 'x', (1::bool)::int, '{"a": 1}'::json::jsonb ->> 'a'

-- [ok] casts: names of tables, types and schemas
SELECT 'customer'::regclass, 'public.booking'::regclass::oid > 0, 'int4'::regtype, 'pg_catalog'::regnamespace, pg_typeof(1.5), 'english'::regconfig, to_regclass('nothing') IS NULL

-- [ok] casts: to types of one's own
SELECT 'happy'::mood, CAST('a@b' AS email_address), 12.5::percentage, ROW('a', 'b', 'c')::address, '(a,b,c)'::public.address, '{happy,sad}'::mood[], ARRAY['ok']::mood[]

-- [ok] types: enumerations compared and listed
SELECT name, mood > 'sad', mood = ANY ('{ok,happy}'), enum_range(NULL::mood), enum_first(mood), enum_range('ok'::mood, NULL) FROM customer WHERE mood >= 'ok' ORDER BY mood, id

-- [ok] types: fields of composites
SELECT id, (home).city, (c.home).zip, (home).street AS line, (c).name, (ROW(1, 2)::record) IS NOT NULL FROM customer AS c ORDER BY id

-- [ok] types: fields of composites in conditions
SELECT id FROM customer AS c WHERE (home).city = 'Bern' AND (c.home).zip IS NULL OR home IS NULL ORDER BY id

-- [ok] types: all fields of a composite
SELECT id, (home).* FROM customer ORDER BY id

-- [ok] types: whole rows
SELECT c, ROW(c.*), ROW(c.id, c.name), (c).id, c IS NOT NULL FROM archive.customer AS c ORDER BY id

-- [ok] types: functions written as attributes
SELECT (name).length, ('ABC'::text).lower, (c.balance).abs FROM customer AS c ORDER BY id

-- [ok] types: functions written as attributes of values
SELECT (1.5).floor, ('{1,2}'::int[]).cardinality, (ARRAY['a', 'b']).array_to_json, ('2024-01-31'::date).isfinite, (current_date).isfinite FROM customer WHERE id = 1

-- [ok] types: fields of what functions, arrays and subqueries give
SELECT (json_each_text('{"a": "b"}')).value, (array_agg(c ORDER BY id))[1].name, (SELECT x FROM customer AS x WHERE x.id = 1).id, ((min((c).id)::text, 'x', 'y')::address).street FROM customer AS c

-- [ok] types: domains
SELECT email || '', rate * 2, upper(email) FROM customer AS c LEFT JOIN booking AS b ON b.customer_id = c.id ORDER BY c.id, b.id

-- [ok] types: addresses of the network
SELECT id, ip, host(ip), masklen(ip), network(ip), ip << '10.0.0.0/8', family(ip), inet '10.0.0.1' + 5, netmask(ip), broadcast(ip), abbrev(ip), text(ip) FROM customer WHERE ip IS NOT NULL ORDER BY ip

-- [ok] types: geometry
SELECT number, area, area(area), door, door <-> point '(0,0)', area @> door, center(area), area && box '(0,0),(1,1)', height(area), lseg(door, point '(1,1)'), circle(door, 2), diameter(circle '<(0,0),3>'), area ?# NULL, path '((0,0),(1,1))', polygon(area), npoints(path '[(0,0),(1,1)]') FROM room ORDER BY number

-- [ok] types: distances in order
SELECT number FROM room ORDER BY door <-> point(4, 4), number

-- [ok] types: bits, identifiers and places
SELECT B'1100' & B'1010', B'11' || B'00', get_bit(B'10', 0), token, token > 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', ctid IS NOT NULL, tableoid::regclass, photo, length(photo) FROM customer ORDER BY id

-- [ok] xml: made (needs xml)
SELECT xmlelement(name room, xmlattributes(number AS n, kind), xmlelement(name note, description), 'text'), xmlforest(number, kind AS "the kind"), xmlconcat('<a/>', '<b/>'), xmlcomment('c'), xmlpi(name php, 'echo'), xmlroot(xml '<a/>', version '1.0', standalone yes) FROM room ORDER BY number

-- [ok] xml: read and printed (needs xml)
SELECT xmlparse(DOCUMENT '<a>1</a>'), xmlparse(CONTENT 'a<b/>'), xmlserialize(CONTENT spec AS text), spec IS DOCUMENT, xml_is_well_formed('<a>'), '<a/>'::xml, xmlserialize(DOCUMENT xml '<a/>' AS varchar(20)) FROM room ORDER BY number

-- [ok] xml: paths (needs xml)
SELECT number, xpath('//bed/@size', spec), (xpath('/room/note/text()', spec))[1], xpath_exists('/room/note', spec), xmlexists('//note[text() = "quiet"]' PASSING BY VALUE spec), xpath('/r:room/r:bed', spec, ARRAY[ARRAY['r', 'http://example.org/r']]) FROM room ORDER BY number

-- [ok] xml: tables (needs xml)
SELECT r.number, x.* FROM room AS r, XMLTABLE('/room/bed' PASSING r.spec COLUMNS n FOR ORDINALITY, size integer PATH '@size' NOT NULL, note text PATH '../note' DEFAULT 'none') AS x ORDER BY r.number

-- [ok] xml: tables with namespaces (needs xml)
SELECT x.size FROM room, XMLTABLE(XMLNAMESPACES('http://example.org/r' AS r), '/r:room/r:bed' PASSING spec COLUMNS size integer PATH '@size') AS x

-- [ok] xml: gathered (needs xml)
SELECT xmlagg(xmlelement(name n, number) ORDER BY number DESC) FROM room

-- [ok] catalog: tables of the schema with their sizes
SELECT n.nspname, c.relname, c.relkind, c.reltuples >= -1 AS counted, pg_size_pretty(pg_total_relation_size(c.oid)) IS NOT NULL AS sized, obj_description(c.oid, 'pg_class') FROM pg_catalog.pg_class AS c LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast' AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1, 2

-- [ok] catalog: columns as psql shows them
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef AS d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef), a.attnotnull, a.attidentity, col_description(a.attrelid, a.attnum) FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = 'public.customer'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum

-- [ok] catalog: constraints and foreign keys
SELECT conname, conrelid::regclass, confrelid::regclass, contype, pg_get_constraintdef(oid, true) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f') ORDER BY conrelid::regclass::text COLLATE "C", conname

-- [ok] catalog: indexes
SELECT schemaname, tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname

-- [ok] catalog: indexes, column by column
SELECT i.indexrelid::regclass, i.indisunique, pg_get_indexdef(i.indexrelid), array_agg(a.attname ORDER BY k.n) FROM pg_index AS i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, n) LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = 'booking'::regclass GROUP BY 1, 2, 3, i.indexrelid ORDER BY 1

-- [ok] catalog: views and what they are made of
SELECT viewname, pg_get_viewdef(c.oid, true) FROM pg_views AS v JOIN pg_class AS c ON c.relname = v.viewname WHERE v.schemaname = 'public' ORDER BY viewname

-- [ok] catalog: functions
SELECT p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), l.lanname, p.provolatile FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname, 2

-- [ok] catalog: functions by their signature
SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.pronamespace = 'archive'::regnamespace

-- [ok] catalog: input functions of types
SELECT typname, typinput::regproc, typcategory FROM pg_type WHERE typname IN ('int4', 'mood', 'address') ORDER BY typname

-- [ok] catalog: values of enumerations
SELECT t.typname, e.enumlabel FROM pg_type AS t JOIN pg_enum AS e ON e.enumtypid = t.oid ORDER BY t.typname, e.enumsortorder

-- [ok] catalog: triggers and rules
SELECT tgname, tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal UNION ALL SELECT rulename, ev_class::regclass, pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename <> '_RETURN' AND ev_class = 'stay'::regclass ORDER BY 1

-- [ok] catalog: what depends on what
SELECT DISTINCT classid::regclass, deptype FROM pg_depend WHERE refobjid = 'customer'::regclass ORDER BY 1, 2

-- [ok] catalog: partitions
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef('reading'::regclass) FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = 'reading'::regclass ORDER BY 1

-- [ok] catalog: the tree of partitions
SELECT relid, parentrelid, isleaf, level FROM pg_partition_tree('reading') ORDER BY level, relid::text

-- [ok] catalog: sequences
SELECT schemaname, sequencename, start_value, increment_by FROM pg_sequences ORDER BY 1, 2

-- [ok] catalog: rights
SELECT has_table_privilege('customer', 'SELECT'), has_schema_privilege('public', 'USAGE'), has_column_privilege('customer', 'name', 'SELECT'), has_database_privilege(current_database(), 'CONNECT'), has_function_privilege('lower(text)', 'EXECUTE')

-- [ok] catalog: who may do what
SELECT grantee, privilege_type FROM information_schema.role_table_grants WHERE table_name = 'customer' AND table_schema = 'archive' ORDER BY 1, 2

-- [ok] catalog: how much is stored and when it was cleaned
SELECT relname, n_live_tup >= 0, last_vacuum IS NULL FROM pg_stat_user_tables WHERE schemaname = 'archive'

-- [ok] catalog: extensions, languages and databases
SELECT extname FROM pg_extension UNION ALL SELECT lanname FROM pg_language UNION ALL SELECT datname FROM pg_database WHERE datname = current_database() ORDER BY 1

-- [ok] catalog: the standard's tables and columns
SELECT t.table_name, t.table_type, c.column_name, c.data_type, c.udt_name, c.is_nullable, c.column_default FROM information_schema.tables AS t JOIN information_schema.columns AS c USING (table_schema, table_name) WHERE t.table_schema = 'public' ORDER BY t.table_name, c.ordinal_position

-- [ok] catalog: the standard's keys
SELECT kcu.column_name, ccu.table_name AS other FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu USING (constraint_name) JOIN information_schema.constraint_column_usage AS ccu USING (constraint_name) WHERE tc.constraint_type = 'FOREIGN KEY' ORDER BY 1, 2

-- [ok] catalog: the standard's views, routines, domains and schemas
SELECT table_name FROM information_schema.views WHERE table_schema = 'public' UNION ALL SELECT routine_name FROM information_schema.routines WHERE routine_schema = 'archive' UNION ALL SELECT domain_name FROM information_schema.domains WHERE domain_schema = 'public' UNION ALL SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('public', 'archive') ORDER BY 1

-- [ok] catalog: comments, quoted and in capital letters
SELECT "description", OBJSUBID FROM "pg_catalog"."pg_description" WHERE OBJOID = 'customer'::REGCLASS ORDER BY 2

-- [ok] catalog: who I am and where
SELECT current_user, session_user, user, current_role, current_schema, current_schema(), current_schemas(false), pg_get_userbyid(10) IS NOT NULL

-- [ok] catalog: where I am, by name (volatile)
SELECT current_database(), current_catalog, version(), pg_is_in_recovery(), pg_database_size(current_database())

-- [ok] catalog: the words of the grammar
SELECT word, catdesc FROM pg_get_keywords() WHERE word IN ('select', 'delete', 'abs') ORDER BY word

-- [ok] catalog: zones
SELECT name, utc_offset FROM pg_timezone_names WHERE name = 'UTC'

-- [ok] large: a list of three thousand values (escaped)
SELECT id FROM customer WHERE id IN (0\{3000:, 7\}, 1) ORDER BY id

-- [ok] large: two thousand rows of values (escaped)
SELECT count(*) FROM (VALUES (1)\{2000:, (2)\}) AS v

-- [ok] large: three hundred conditions (escaped)
SELECT id FROM customer WHERE id > 0\{300: AND id <> 9\} ORDER BY id

-- [ok] large: two hundred alternatives (escaped)
SELECT id FROM customer WHERE id = 1\{200: OR id = 5\} ORDER BY id

-- [ok] large: a sum of two hundred (escaped)
SELECT 1\{200: + id\} AS total FROM customer ORDER BY id

-- [ok] large: a text of two hundred parts (escaped)
SELECT name\{200: || 'x'\} AS long FROM customer ORDER BY id

-- [ok] large: a hundred unions (escaped)
SELECT 1 AS n\{100: UNION ALL SELECT 2\} ORDER BY n

-- [ok] large: a dozen joins
SELECT count(*) FROM employee AS a JOIN employee AS b ON b.id = a.id JOIN employee AS c ON c.id = b.id JOIN employee AS d ON d.id = c.id JOIN employee AS e ON e.id = d.id JOIN employee AS f ON f.id = e.id JOIN employee AS g ON g.id = f.id JOIN employee AS h ON h.id = g.id JOIN employee AS i ON i.id = h.id JOIN employee AS j ON j.id = i.id JOIN employee AS k ON k.id = j.id JOIN employee AS l ON l.id = k.id

-- [ok] large: a case of two hundred branches (escaped)
SELECT CASE id\{200: WHEN 7 THEN 'seven'\} ELSE 'other' END FROM customer ORDER BY id

-- [ok] large: branches within the last branch, thirty deep (escaped)
SELECT \{30:CASE WHEN id = 7 THEN 7 ELSE \}id\{30: END\} FROM customer ORDER BY id

-- [ok] large: forty parentheses (escaped)
SELECT \{40:(\}id\{40:)\} FROM customer ORDER BY id

-- [ok] large: forty calls in each other (escaped)
SELECT \{40:replace(\}name\{40:, 'a', 'b')\} FROM customer ORDER BY id

-- [ok] large: casts that look like functions, four deep
SELECT text(text(date(text('2024-01-01')))), float8(float8(float8(1)))

-- [ok] large: twenty derived tables in each other (escaped)
SELECT * FROM \{20:(SELECT * FROM \}archive.customer\{20:) AS t\} ORDER BY id

-- [ok] large: a literal of fifty thousand characters (escaped)
SELECT length('\{50000:a\}')

-- [ok] large: lines of signs in comments and in a literal, as people draw them (escaped)
SELECT 1 AS n, '\{100:=-\}' AS line --\{200:-\}
/*\{120:*\}*/ /*\{40:=+-\}*/

-- [ok] large: four hundred columns (escaped)
SELECT 1\{400:, 2\}

-- [ok] analysis: share of the whole
SELECT number, sum(amount) AS total, round(100 * sum(amount) / sum(sum(amount)) OVER (), 1) AS share FROM booking GROUP BY number ORDER BY total DESC, number

-- [ok] analysis: month over month
WITH monthly AS (SELECT date_trunc('month', lower(stay) AT TIME ZONE 'UTC')::date AS month, sum(amount) AS total FROM booking GROUP BY 1) SELECT month, total, total - lag(total) OVER (ORDER BY month) AS change FROM monthly ORDER BY month

-- [ok] analysis: nights stayed in each month
SELECT to_char(m, 'YYYY-MM') AS month, coalesce(sum(upper(n) - lower(n)), 0) AS nights FROM generate_series(timestamp '2024-04-01', '2024-07-01', '1 month') AS m LEFT JOIN LATERAL (SELECT b.nights * daterange(m::date, (m + interval '1 month')::date) AS n FROM booking AS b WHERE NOT upper_inf(b.nights)) AS part ON NOT isempty(n) GROUP BY m ORDER BY m

-- [ok] analysis: rows with the highest value of each group, in three ways
SELECT e.name FROM employee AS e WHERE e.salary = (SELECT max(salary) FROM employee AS o WHERE o.department = e.department) AND e.id IN (SELECT DISTINCT ON (department) id FROM employee ORDER BY department, salary DESC) ORDER BY 1

-- [ok] analysis: turned about
SELECT department, count(*) FILTER (WHERE salary < 5500) AS low, count(*) FILTER (WHERE salary >= 5500) AS high, sum(CASE WHEN hired < '2013-01-01' THEN 1 ELSE 0 END) AS old FROM employee GROUP BY department ORDER BY department

-- [ok] analysis: gaps and islands
SELECT sensor, min(at), max(at), count(*) FROM (SELECT sensor, at, at - row_number() OVER (PARTITION BY sensor ORDER BY at) * interval '1 hour' AS island FROM reading WHERE value IS NOT NULL) AS t GROUP BY sensor, island ORDER BY sensor, min(at)

-- [ok] analysis: histogram
SELECT width_bucket(amount, 0, 500, 5) AS bucket, numrange(min(amount), max(amount), '[]') AS span, count(*), repeat('■', count(*)::int) AS bar FROM booking GROUP BY bucket ORDER BY bucket

-- [ok] analysis: a page by its key
SELECT id, placed FROM booking WHERE (placed, id) > (timestamp '2024-03-01 09:00', 1) ORDER BY placed, id LIMIT 3

-- [ok] analysis: what is missing
SELECT r.number FROM room AS r WHERE NOT EXISTS (SELECT FROM booking AS b WHERE b.number = r.number AND b.nights && daterange('2024-04-01', '2024-04-08')) EXCEPT SELECT 202 ORDER BY 1

-- [ok] analysis: paths of a tree as text and as arrays
WITH RECURSIVE chain AS (SELECT id, name::text AS path, ARRAY[id] AS ids FROM employee WHERE manager_id IS NULL UNION ALL SELECT e.id, c.path || ' > ' || e.name, c.ids || e.id FROM employee AS e JOIN chain AS c ON e.manager_id = c.id WHERE NOT e.id = ANY (c.ids)) SELECT path, cardinality(ids) FROM chain ORDER BY ids

-- [ok] analysis: pricing as TPC-H's first query has it
SELECT number, customer_id % 2 AS flag, sum(amount) AS sum_base, sum(amount * (1 - coalesce(rate, 0) / 100)) AS sum_discounted, avg(amount) AS average, count(*) AS orders FROM booking WHERE placed <= date '2024-12-01' - interval '90' day GROUP BY number, flag ORDER BY number, flag

-- [ok] analysis: nations as TPC-H's seventh query has it
SELECT city, kind, l_year, sum(volume) AS revenue FROM (SELECT (c.home).city AS city, r.kind, extract(year FROM b.placed) AS l_year, b.amount * (1 - b.rate / 100) AS volume FROM customer c, booking b, room r WHERE c.id = b.customer_id AND b.number = r.number AND ((r.kind = 'single' AND (c.home).city = 'Bern') OR (r.kind = 'double' AND (c.home).city LIKE 'O%')) AND b.placed BETWEEN date '2024-01-01' AND date '2024-12-31') AS shipping GROUP BY city, kind, l_year ORDER BY city, kind, l_year

-- [ok] analysis: rollup with a rank within each level, as TPC-DS has it
SELECT sum(amount) AS total, number, customer_id, grouping(number) + grouping(customer_id) AS level, rank() OVER (PARTITION BY grouping(number) + grouping(customer_id), CASE WHEN grouping(customer_id) = 0 THEN number END ORDER BY sum(amount) DESC) AS place FROM booking GROUP BY ROLLUP (number, customer_id) ORDER BY level DESC, number, place, customer_id LIMIT 100

-- [ok] analysis: quality of the data
SELECT count(*) AS rows, count(*) - count(email) AS without_email, count(DISTINCT (home).city) AS cities, num_nulls(min(ip), max(born)) AS empty, percentile_cont(ARRAY[0, 0.5, 1]) WITHIN GROUP (ORDER BY balance) AS quartiles FROM customer
