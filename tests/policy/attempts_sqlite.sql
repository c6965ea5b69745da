-- What is tried on SQLite, one statement a line. Beginning with a mark for each part:
-- [seen] is answered, with exactly the rows of a database that holds nothing hidden;
-- [refused] is refused; [either] may be answered or not. All tell nothing that is hidden, by rows or by errors.

-- [seen]
-- every way to write the name
SELECT * FROM person
SELECT * FROM "person"
SELECT * FROM [person]
SELECT * FROM `PERSON`
SELECT * FROM 'person'
SELECT * FROM /* main. */ Person -- FROM main.person
SELECT person.*, p.note FROM person JOIN person AS p USING (id)
SELECT * FROM person NOT INDEXED
-- through names of WITH clauses
WITH person AS (SELECT 1 AS id) SELECT id FROM person
WITH x AS (WITH person AS (SELECT 5 AS id) SELECT * FROM person) SELECT x.id, person.id FROM x, person
WITH RECURSIVE t (n, e) AS (SELECT 1, email FROM person UNION ALL SELECT n + 1, e FROM t WHERE n < 3) SELECT * FROM t
WITH p AS MATERIALIZED (SELECT * FROM person) SELECT * FROM p, p AS q WHERE p.id = q.id
WITH animal AS (SELECT 1 AS id) SELECT count(*) FROM animal
WITH temp AS (SELECT * FROM person) SELECT email FROM temp
-- aliases, casts, expressions
SELECT email AS name, note AS id FROM person ORDER BY name, id
SELECT hex(note), CAST(email AS BLOB), unicode(city), length(phone), typeof(salary), quote(note) FROM person
SELECT json_group_array(json_object('n', note, 's', salary, 'e', email)) FROM person
SELECT group_concat(note), group_concat(email, ';') FROM person
SELECT coalesce(salary, 0) + 1, salary IS NULL, max(note, email), iif(note = '***', email, phone) FROM person
SELECT value, key FROM person, json_each(json_array(note, email, phone)) ORDER BY person.id, key
-- guesses at what is masked
SELECT id FROM person WHERE note LIKE 'q%' OR salary > 7000000 OR email LIKE '%@%' OR phone GLOB '0-q*' OR city = 'Pqzx'
SELECT id FROM person ORDER BY salary, note, phone, email, city, id
SELECT city, count(*) FROM person GROUP BY city HAVING max(note) > 'a'
SELECT count(DISTINCT salary), min(salary), max(email), total(salary) FROM person
SELECT id, rank() OVER (ORDER BY salary), ntile(2) OVER (ORDER BY note, id) FROM person
SELECT id FROM person WHERE note IN ('qz', '***') AND (email, note) > ('', '')
SELECT id, name FROM person WHERE name BETWEEN 'a' AND 'r' OR note BETWEEN 'q' AND 'r'
-- more than one reading of it
SELECT a.email, b.note FROM person a JOIN person b ON a.id = b.id
SELECT id, note FROM person NATURAL JOIN (SELECT id FROM person)
SELECT email FROM person UNION SELECT note FROM person
SELECT email FROM person EXCEPT SELECT email FROM person WHERE id = 1
SELECT (SELECT max(note) FROM person WHERE person.id >= purchase.person_id) FROM purchase
VALUES ((SELECT max(email) FROM person), (SELECT count(*) FROM person))
SELECT id, first_value(note) OVER w, lag(email) OVER w FROM person WINDOW w AS (ORDER BY id DESC)
SELECT id FROM person ORDER BY id LIMIT 1 OFFSET (SELECT count(*) - 1 FROM person)
SELECT p.email FROM purchase, (SELECT * FROM person) AS p WHERE p.id = purchase.person_id
-- hidden rows counted, joined to, left out
SELECT count(*), min(id), max(id), sum(amount), count(DISTINCT tenant) FROM person
SELECT count(*) FROM person
SELECT 1 FROM person
SELECT id, tenant FROM person WHERE id > 100 OR tenant <> 'a' OR name LIKE 'q%' OR 1
SELECT purchase.id, p.name FROM purchase LEFT JOIN person p ON p.id = purchase.person_id
SELECT p.id, q.total FROM person p FULL JOIN purchase q ON q.person_id = p.id
SELECT id FROM purchase WHERE person_id NOT IN (SELECT id FROM person)
SELECT 101 IN (SELECT id FROM person), EXISTS (SELECT 1 FROM person WHERE tenant = 'b')
SELECT (100, 'qz' || 'x-hundred') IN shelf
SELECT * FROM shelf
SELECT count(*) FROM shelf
SELECT 'x' FROM shelf
SELECT EXISTS (SELECT 1 FROM shelf), (SELECT count(*) FROM shelf WHERE id > 99)
SELECT b.what FROM shelf a, shelf b
SELECT max(id), min(what) FROM shelf
-- what fails on hidden rows alone: does it fail?
SELECT json(doc), json_extract(doc, '$.a') FROM person
SELECT id FROM person WHERE json_extract(doc, '$.a') IS NULL
SELECT id FROM person WHERE tenant = 'b' AND json(doc) <> ''
SELECT id FROM person ORDER BY json_array_length(doc), id
SELECT json_extract(doc, '$') FROM person GROUP BY 1
SELECT json_extract('{"a": 1}', path) FROM person
SELECT doc -> path, doc ->> '$.a' FROM person
SELECT abs(amount) FROM person
SELECT id FROM person WHERE abs(amount) > 1
SELECT sum(amount), count(*) FILTER (WHERE abs(amount) > 1) FROM person
SELECT p.id FROM person p JOIN purchase q ON abs(p.amount) = q.person_id OR q.id = p.id
SELECT max(abs(amount)) OVER (ORDER BY json(doc)) FROM person
SELECT person.id, value FROM person, json_each(person.doc)
SELECT id FROM person WHERE CASE WHEN tenant = 'b' THEN json('{') ELSE 1 END
SELECT (SELECT json(p.doc) FROM purchase LIMIT 1) FROM person p
SELECT json(what) FROM shelf WHERE id > 99
SELECT id FROM shelf WHERE id < 100 OR json(what) ORDER BY json_valid(what), id
SELECT DISTINCT json(doc) FROM person
SELECT id FROM person WHERE id IN (SELECT id FROM person WHERE json(doc) IS NOT NULL)
-- joins that SQLite makes the comparisons for by itself
SELECT p.id, total, note FROM person p JOIN purchase USING (id)
SELECT note, id FROM person NATURAL LEFT JOIN (SELECT 1 AS id, '***' AS note)
SELECT count(*) FROM animal NATURAL JOIN (SELECT 'qz' || 'x-keeper' AS keeper)
SELECT total FROM main.purchase JOIN (SELECT 1 AS id) USING (id)
-- tables masked alone, and those that are not under the policy
SELECT * FROM animal
SELECT count(*) FROM animal
SELECT 1 FROM animal
SELECT EXISTS (SELECT 1 FROM animal), (SELECT count(*) FROM animal WHERE keeper LIKE 'q%')
SELECT p.id FROM purchase p, animal
SELECT a.name FROM animal a LEFT JOIN animal b ON false
SELECT (1, 'cat', 'qz' || 'x-keeper', 'kj' || 'y-chip') IN animal
SELECT * FROM "Odd ""Table"
SELECT o."Sécret Cölumn" FROM [Odd "Table] AS o ORDER BY 1
SELECT * FROM "Überblick"
SELECT count(*) FROM "Überblick"
SELECT * FROM spent
SELECT * FROM purchase
SELECT * FROM main.purchase
SELECT * FROM dear
-- full-text tables that hold nothing hidden, and a table called like a part of one that does
SELECT * FROM memo_log
SELECT * FROM leaflet
SELECT body, person FROM leaflet WHERE leaflet MATCH 'open'
SELECT highlight(leaflet, 1, '<', '>'), rank < 0 FROM leaflet WHERE body MATCH 'wo*'
SELECT term, doc FROM leaflet_words
SELECT c0, c1 FROM leaflet_content
-- [refused]
-- what is denied whole, in every scope
SELECT * FROM vault
SELECT * FROM main.vault
SELECT count(*) FROM "vault"
SELECT 1 FROM [VAULT]
SELECT EXISTS (SELECT 1 FROM vault)
SELECT (SELECT max(content) FROM vault) FROM purchase
SELECT max(rowid) FROM vault
WITH vault AS (SELECT * FROM vault) SELECT * FROM vault
WITH x AS (WITH vault AS (SELECT 1) SELECT * FROM vault) SELECT * FROM x, vault
WITH a AS (SELECT * FROM main.vault), vault AS (SELECT 1) SELECT * FROM a
SELECT 'a' IN secret_plan
SELECT 'a' IN main.secret_plan
-- past the policy's view
SELECT * FROM main.person
SELECT * FROM "main"."person"
SELECT * FROM [main].[PERSON]
SELECT * FROM 'main'.'person'
SELECT count(*) FROM main.person
SELECT 1 FROM main.person AS animal
SELECT EXISTS (SELECT 1 FROM main.person WHERE 1)
SELECT max(rowid) FROM main.person
SELECT (1, 'cat', 'qz', 'x') IN main.animal
SELECT rowid FROM main.animal
WITH person AS (SELECT * FROM main.person) SELECT * FROM person
WITH "_0" AS (SELECT * FROM main.person) SELECT * FROM "_0"
SELECT * FROM main.person NOT INDEXED
SELECT * FROM main.person INDEXED BY person_name WHERE name > ''
SELECT main.person.email FROM person
SELECT * FROM temp.person
SELECT * FROM "temp"."person"
SELECT * FROM 'TEMP'.person
-- joins whose columns SQLite does not ask about: by equality, and shown by a FULL JOIN
SELECT count(*) FROM main.person NATURAL JOIN (SELECT 'qz' || 'x ann' AS note)
SELECT count(*) FROM main.animal JOIN (SELECT 'qz' || 'x-keeper' AS keeper) USING (keeper)
SELECT count(*) FROM [main]."ANIMAL"nAtUrAl/**/join(SELECT 'qz' || 'x-keeper' AS keeper)
SELECT id FROM purchase JOIN vault USING (id)
SELECT id FROM purchase NATURAL JOIN "VAULT"
SELECT 1 IN (SELECT id FROM purchase JOIN [vault] USING (id))
SELECT keeper FROM main.animal FULL JOIN (SELECT 'x' AS keeper) USING (keeper)
SELECT note FROM 'main'.'person' FULL JOIN (SELECT 'x' AS note) USING (note)
SELECT note FROM (SELECT 'x' AS note) RIGHT JOIN main . /* a */ person USING (note)
SELECT content FROM vault FULL JOIN (SELECT 'x' AS content) USING (content)
SELECT content FROM (SELECT 'x' AS content) NATURAL FULL OUTER JOIN `vault`
WITH v AS (SELECT content FROM 'vault' FULL JOIN (SELECT 'x' AS content) USING (content)) SELECT * FROM v
SELECT geheim FROM main."Überblick" FULL JOIN (SELECT 'x' AS geheim) USING (geheim)
SELECT "Sécret Cölumn" FROM main."Odd ""Table" NATURAL FULL JOIN (SELECT 'x' AS "Sécret Cölumn")
SELECT "Sécret Cölumn" FROM main.[Odd "Table] NATURAL FULL JOIN (SELECT 'x' AS "Sécret Cölumn")
SELECT c0 FROM memo_content FULL JOIN (SELECT 'x' AS c0) USING (c0)
SELECT seq FROM sqlite_sequence FULL JOIN (SELECT 1 AS seq) USING (seq)
SELECT sql FROM sqlite_schema FULL JOIN (SELECT 'x' AS sql) USING (sql)
SELECT name FROM sqlite_temp_schema FULL JOIN (SELECT 'x' AS name) USING (name)
SELECT dflt_value FROM pragma_table_info('person', 'main') FULL JOIN (SELECT 'x' AS dflt_value) USING (dflt_value)
SELECT id FROM vault_joined
SELECT count(*) FROM main.vault_joined_far
-- views of the file
SELECT * FROM person_view
SELECT count(*) FROM main.person_far
SELECT n FROM person_count
SELECT 1 FROM person_there
SELECT count(*) FROM person_there
SELECT * FROM vault_there
SELECT keeper FROM animal_view
SELECT total FROM main.spent
-- virtual tables, the tables they keep their data in, and those that list their words
SELECT * FROM memo
SELECT rowid FROM memo WHERE memo MATCH 'q*'
SELECT count(*) FROM main.memo WHERE body MATCH 'qz' || 'x'
SELECT 1 FROM memo
SELECT EXISTS (SELECT 1 FROM memo WHERE rank < 0)
SELECT highlight(memo, 0, '', ''), snippet(memo, 0, '', '', '', 9), bm25(memo) FROM memo WHERE memo MATCH 'memo'
SELECT body FROM memo_view
SELECT * FROM memo_content
SELECT c0 FROM "main"."MEMO_Content"
SELECT count(*) FROM memo_docsize
SELECT 1 FROM memo_docsize
SELECT hex(block) FROM memo_data
SELECT hex(term) FROM [memo_idx]
SELECT v FROM memo_config
SELECT EXISTS (SELECT 1 FROM main.memo_content WHERE c0 LIKE 'q%')
SELECT (1, 'x') IN memo_content
WITH memo AS (SELECT c0 FROM main.memo_content) SELECT * FROM memo
SELECT term FROM memo_words
SELECT doc, col, offset FROM memo_words WHERE term >= 'q'
SELECT count(*) FROM memo_words
SELECT 1 FROM memo_words
SELECT snippet(old_memo), offsets(old_memo), hex(matchinfo(old_memo)) FROM old_memo WHERE old_memo MATCH 'memo'
SELECT docid FROM old_memo
SELECT * FROM old_memo_content
SELECT hex(block) FROM old_memo_segments
SELECT hex(root) FROM old_memo_segdir
SELECT count(*) FROM old_memo_docsize
SELECT hex(value) FROM old_memo_stat
SELECT term, documents FROM old_words
SELECT count(*) FROM old_words
SELECT 1 FROM old_words
SELECT * FROM place WHERE low < 7 AND high > 1
SELECT name FROM place
SELECT hex(data) FROM place_node
SELECT a0 FROM place_rowid
SELECT count(*) FROM place_rowid
SELECT * FROM place_parent
SELECT * FROM person_index
SELECT rowid FROM person_index WHERE person_index MATCH 'q*'
SELECT count(*) FROM person_index WHERE note MATCH 'ann'
SELECT count(*) FROM person_index
SELECT 1 FROM person_index
SELECT highlight(person_index, 0, '', '') FROM person_index WHERE person_index MATCH 'ann'
SELECT hex(block) FROM person_index_data
SELECT hex(term) FROM person_index_idx
SELECT id FROM main.person_index_docsize
SELECT term FROM person_words
SELECT count(*) FROM person_words
SELECT docid FROM view_index WHERE view_index MATCH 'ann'
SELECT note FROM view_index
SELECT count(*) FROM view_index
SELECT hex(root) FROM view_index_segdir
-- columns that are denied
SELECT ssn FROM person
SELECT person.ssn FROM person
SELECT loud FROM person
SELECT id FROM person WHERE ssn = 'ssn-1'
SELECT id FROM person ORDER BY ssn
SELECT * FROM person JOIN purchase USING (ssn)
SELECT q.id FROM purchase q JOIN person p ON p.ssn = q.ssn
SELECT geheim FROM "Überblick"
-- the policy's own function, and what is not a read
SELECT dbmcp_hash('kjy-chip')
SELECT "dbmcp_hash"(note) FROM person
PRAGMA table_info(person)
EXPLAIN QUERY PLAN SELECT * FROM person
EXPLAIN SELECT * FROM vault
ATTACH 'x.db' AS x
SELECT load_extension('x')
SELECT readfile('x')
-- where SQLite keeps values and the names of views
SELECT * FROM sqlite_stat4
SELECT * FROM sqlite_temp_schema
SELECT * FROM sqlite_temp_master
SELECT count(*) FROM "sqlite_temp_schema"
SELECT * FROM temp.sqlite_schema
SELECT * FROM temp.sqlite_master
SELECT * FROM pragma_table_list
SELECT name FROM pragma_table_list()
SELECT (1, 2, 3, 4, 5, 6) IN pragma_table_list
SELECT * FROM sqlite_dbpage
SELECT * FROM dbstat
SELECT * FROM pragma_integrity_check
SELECT * FROM pragma_foreign_key_check('badge')
-- [either]
-- by the number of a row
SELECT rowid FROM person
SELECT _rowid_ FROM animal
SELECT oid, id FROM shelf
SELECT max(rowid) FROM person
-- how many rows there are, the hidden ones with them
SELECT * FROM sqlite_stat1
SELECT stat FROM main.sqlite_stat1 WHERE tbl = 'vault'
SELECT seq FROM sqlite_sequence
SELECT (SELECT max(seq) FROM main.sqlite_sequence) > 400
-- values in definitions
SELECT sql FROM sqlite_schema
SELECT sql FROM main.sqlite_master WHERE name = 'person'
SELECT group_concat(sql) FROM "sqlite_schema"
SELECT * FROM definitions
SELECT dflt_value FROM pragma_table_info('person', 'main')
SELECT * FROM pragma_table_xinfo('person', 'main')
SELECT p.* FROM sqlite_schema s, pragma_table_xinfo(s.name, 'main') p
SELECT * FROM pragma_index_xinfo('person_name')
-- names alone, and what SQLite makes of a name in quotes that is no column
SELECT name FROM sqlite_schema ORDER BY name
SELECT * FROM pragma_table_info('person')
SELECT * FROM pragma_foreign_key_list('badge')
SELECT "ssn" FROM person
WITH a AS (SELECT email FROM person), person AS (SELECT 1 AS id) SELECT a.email, person.id FROM a, person
WITH person AS (SELECT 1 AS id) SELECT count(*) FROM person
WITH vault AS (SELECT 1 AS id) SELECT count(*) FROM vault
WITH RECURSIVE person AS (SELECT * FROM person) SELECT * FROM person
SELECT changes(), last_insert_rowid(), total_changes()
