-- What is tried on PostgreSQL, one statement a line. Beginning with a mark for each part:
-- [seen] is answered, with exactly the rows of a database that holds nothing hidden;
-- columns that are called like functions which tell of rows
SELECT x.pg_relation_size, (x).pg_size FROM (SELECT id AS pg_relation_size, note AS pg_size FROM person) AS x
-- [refused] is refused; [either] may be answered or not. All tell nothing that is hidden, by rows or by errors.

-- [seen]
-- every way to write the name
SELECT * FROM person
SELECT * FROM public.person
SELECT * FROM "public" . "person"
SELECT * FROM PUBLIC.PERSON
SELECT * FROM U&"p\0065rson"
SELECT * FROM /* public. */ person -- FROM public.person
TABLE person
TABLE public.person
SELECT * FROM person *
SELECT * FROM public.person *
SELECT q.* FROM public.person AS q (a, b, c)
SELECT p.id, q.email FROM public.person AS p, other.person AS q
SELECT public.person.* FROM public.person
SELECT public.person.email FROM person
SELECT public.person.note, person.salary FROM public.person WHERE public.person.id = 1
SELECT 'ééé😀', public.person.email FROM public.person GROUP BY public.person.email
SELECT '_policy_0', email FROM public.person
-- through names of WITH clauses
WITH _policy_0 AS (SELECT 'x' AS email) SELECT person.email FROM public.person
WITH person AS (SELECT * FROM person) SELECT * FROM person
WITH person AS (SELECT 1 AS id) SELECT * FROM public.person
WITH person AS (SELECT email FROM public.person) SELECT * FROM person
WITH a AS (SELECT email FROM person), person AS (SELECT 1 AS id) SELECT * FROM a, person
WITH RECURSIVE a AS (SELECT * FROM person), person AS (SELECT 1 AS id) SELECT * FROM a
WITH RECURSIVE a AS (SELECT * FROM person), b AS (SELECT * FROM a) SELECT * FROM b
WITH x AS (WITH person AS (SELECT 5 AS id) SELECT * FROM person) SELECT x.id, person.id FROM x, person
(WITH person AS (SELECT 1 AS id) SELECT id FROM person) UNION ALL SELECT id FROM person
WITH RECURSIVE t (n, e) AS (SELECT 1, email FROM person UNION ALL SELECT n + 1, e FROM t WHERE n < 3) SELECT * FROM t
WITH _policy_0 AS (SELECT * FROM person) SELECT email FROM _policy_0
-- rows as values
SELECT person FROM person
SELECT p::text FROM public.person p
SELECT row_to_json(person), to_jsonb(person) FROM person
SELECT (person).email, (person).note FROM person
SELECT (p.*)::text, ROW(p.*)::text FROM person p
SELECT array_agg(person ORDER BY id) FROM person
SELECT json_agg(p ORDER BY p.id), jsonb_object_agg(id, note), string_agg(p::text, ';' ORDER BY id) FROM person p
SELECT (SELECT p FROM person p WHERE p.id = 1)::text
SELECT a.id FROM person a, person b WHERE a = b
SELECT count(*) FROM person p WHERE p IS NOT NULL
SELECT (json_populate_record(NULL::public.purchase, row_to_json(p))).* FROM person p
-- aliases, casts, expressions
SELECT email AS name, note AS id FROM person ORDER BY name, id
SELECT email::bytea, encode(note::bytea, 'hex'), reverse(phone), salary::text, md5(email), length(note) FROM person
SELECT coalesce(salary, 0) + 1, salary IS NULL, greatest(note, email), CASE note WHEN '***' THEN email END FROM person
SELECT pg_typeof(salary), pg_typeof(note), ascii(city) FROM person
-- guesses at what is masked
SELECT id FROM person WHERE note LIKE 'q%' OR salary > 7000000 OR email LIKE '%@%' OR phone LIKE '0-q%' OR city = 'Pqzx'
SELECT id FROM person ORDER BY salary, note, phone, email, city, id
SELECT city, count(*) FROM person GROUP BY city HAVING max(note) > 'a'
SELECT note, phone, count(*) FROM person GROUP BY GROUPING SETS ((note), (phone), ()) ORDER BY 1, 2
SELECT DISTINCT ON (note) note, id FROM person ORDER BY note, id
SELECT count(DISTINCT salary), min(salary), max(email), sum(salary) FROM person
SELECT width_bucket(salary, 0, 10000000, 1000), rank() OVER (ORDER BY salary), ntile(2) OVER (ORDER BY note) FROM person
-- more than one reading of it
SELECT a.email, b.note FROM person a JOIN public.person b USING (id)
SELECT id, note FROM person a NATURAL JOIN (SELECT id FROM person) b
SELECT a.email FROM person a CROSS JOIN LATERAL (SELECT * FROM person b WHERE b.id < a.id) c
SELECT email FROM person UNION SELECT note FROM person
SELECT email FROM person EXCEPT SELECT email FROM public.person WHERE id = 1
SELECT email FROM person INTERSECT SELECT email FROM other.person
SELECT (SELECT max(note) FROM public.person), ARRAY(SELECT email FROM person ORDER BY id) FROM purchase
VALUES ((SELECT max(email) FROM person), (SELECT count(*) FROM public.person))
SELECT j.email FROM (person JOIN purchase ON person.id = purchase.person_id) AS j (a, b, c, d, email)
SELECT id, first_value(note) OVER w, lag(email) OVER w FROM person WINDOW w AS (ORDER BY id DESC)
SELECT n, id FROM ROWS FROM (generate_series(1, 2)) AS g (n), person ORDER BY n, id FETCH FIRST 3 ROWS ONLY
SELECT id FROM person ORDER BY id OFFSET (SELECT count(*) - 1 FROM person)
-- hidden rows counted, joined to, left out
SELECT count(*), min(id), max(id), sum(amount), count(DISTINCT tenant) FROM person
SELECT id, tenant FROM person WHERE id > 100 OR tenant <> 'a' OR name LIKE 'q%' OR true
SELECT purchase.id, p.name FROM purchase LEFT JOIN person p ON p.id = purchase.person_id
SELECT p.id, q.total FROM person p FULL JOIN purchase q ON q.person_id = p.id
SELECT id FROM purchase WHERE person_id NOT IN (SELECT id FROM person)
SELECT id FROM purchase q WHERE NOT EXISTS (SELECT FROM person WHERE person.id = q.person_id)
SELECT 101 IN (SELECT id FROM person), EXISTS (SELECT FROM person WHERE tenant = 'b')
SELECT * FROM event
SELECT count(*), string_agg(what, ',') FROM public.event WHERE id > 0
-- what fails on hidden rows alone: does it fail?
SELECT code::integer FROM person
SELECT id FROM person WHERE code::integer > 0
SELECT id FROM person WHERE tenant = 'b' AND code::integer > 0
SELECT id FROM person ORDER BY 1 / amount, id
SELECT 10 / amount FROM person GROUP BY 10 / amount
SELECT low + 2147480000 FROM person
SELECT id FROM person WHERE CASE WHEN tenant = 'b' THEN 1 / (id - id) > 0 ELSE true END
SELECT sum(10 / amount) FILTER (WHERE amount < 100) FROM person
SELECT p.id FROM person p JOIN purchase q ON 1 / p.amount = q.person_id OR q.id = p.id
SELECT doc::jsonb -> 'a', json_typeof(doc::json) FROM person
SELECT id FROM person WHERE 'mary' ~ pattern
SELECT regexp_replace('mary', pattern, '-'), substring('mary', pattern) FROM person
SELECT day::date, to_date(day, 'YYYY-MM-DD') FROM person WHERE day::date < '2030-01-01'
SELECT int4range(low, 10), int4range(0, low) FROM person
SELECT tags[1]::integer, tags::integer[] FROM person
SELECT id FROM person WHERE (tags::integer[])[1] = ANY (ARRAY[1, 2])
SELECT make_date(2024, amount, 1), chr(amount + 64), repeat('x', low) FROM person
SELECT format('%1$s', code), code::xid, code::money, ('0/' || code)::pg_lsn FROM person
SELECT to_tsquery(pattern || 'b') FROM person WHERE id = 3
SELECT id FROM person WHERE overlay(name PLACING 'x' FROM low) <> '' ORDER BY sqrt(100 - low * low)
SELECT (SELECT 1 FROM generate_series(1, 1) WHERE p.code::integer > 0) FROM person p
SELECT max(1 / amount) OVER (PARTITION BY code::integer) FROM person
SELECT id FROM person LIMIT (SELECT max(code::integer) FROM person)
-- what the planner tries on the values that its statistics hold
SELECT count(*) FROM person WHERE name ILIKE 'qz\'
SELECT count(*) FROM person WHERE name LIKE '%-nam\'
SELECT count(*) FROM person WHERE name NOT ILIKE 'q\' AND id > 0
SELECT count(*) FROM event WHERE what ILIKE 'qzx-\'
SELECT count(*) FROM person p JOIN purchase q ON p.id = q.person_id WHERE p.name::bytea LIKE 'qz\\'::bytea
-- other tables under the policy, and those that are not
SELECT * FROM animal
SELECT * FROM public.animal WHERE keeper IS NULL
SELECT id, code FROM tool
SELECT * FROM "Odd ""Table"
SELECT o."Sécret Cölumn" FROM public."Odd ""Table" AS o ORDER BY 1
SELECT public."Odd ""Table"."Sécret Cölumn" FROM public."Odd ""Table"
SELECT * FROM "Überblick"
SELECT * FROM tally
SELECT * FROM purchase
SELECT * FROM other.person
SELECT * FROM elsewhere
SELECT * FROM spent
SELECT * FROM toy
SELECT * FROM shelf_1
-- [refused]
-- what is denied whole, in every scope
SELECT * FROM vault
SELECT content FROM public.vault
SELECT count(*) FROM "vault"
TABLE vault
SELECT EXISTS (TABLE public.vault)
SELECT (SELECT max(content) FROM vault) FROM purchase
SELECT * FROM vault AS person
WITH vault AS (SELECT * FROM vault) SELECT * FROM vault
WITH x AS (WITH vault AS (SELECT 1) SELECT * FROM vault) SELECT * FROM x, vault
(WITH vault AS (SELECT 1 AS id) SELECT id FROM vault) UNION ALL SELECT id FROM vault
WITH a AS (SELECT * FROM vault), vault AS (SELECT 1) SELECT * FROM a
SELECT * FROM purchase p JOIN LATERAL (SELECT content FROM vault WHERE vault.id = p.id) v ON true
SELECT * FROM hr.pay
SELECT amount FROM "hr"."pay" AS person
SELECT * FROM other.secret_plan
-- what shows its rows: views at any remove, partitions, children, parents
SELECT * FROM person_view
SELECT count(*) FROM public.person_far
SELECT * FROM person_count
SELECT * FROM person_stored
SELECT * FROM event_a
SELECT * FROM public.event_b
SELECT * FROM dog
SELECT * FROM thing
SELECT * FROM ONLY person
SELECT * FROM ONLY (public.person)
SELECT * FROM ONLY animal
SELECT * FROM _policy_0
-- columns that are denied, columns of the system
SELECT (SELECT p FROM person p LIMIT 1).ssn
SELECT ssn FROM person
SELECT p.ssn FROM public.person p
SELECT public.person.ssn FROM public.person
SELECT (person).ssn FROM person
SELECT (p.*).ssn FROM person p
SELECT id FROM person WHERE ssn = 'ssn-1'
SELECT id FROM person ORDER BY ssn
SELECT count(*) FROM person GROUP BY person.ssn
SELECT * FROM person JOIN purchase USING (ssn)
SELECT q.id FROM purchase q JOIN person p ON p.ssn = q.ssn
SELECT words FROM person
SELECT id FROM person WHERE words @@ 'qzx'
SELECT loud FROM person
SELECT geheim FROM "Überblick"
SELECT ctid FROM person
SELECT p.xmin, p.cmin FROM person p
SELECT tableoid::regclass FROM person
SELECT * FROM person TABLESAMPLE SYSTEM (100)
-- names that cannot be replaced with certainty
SELECT id FROM public.person WHERE EXISTS (SELECT FROM purchase AS person WHERE public.person.id = person.person_id)
SELECT public.person.id, other.person.email FROM public.person, other.person
SELECT * FROM public/**/.person
SELECT * FROM public.U&"p\0065rson"
SELECT * FROM postgres.public.person
-- functions of the operator's own, by every notation
SELECT note_of(101)
SELECT public.note_of(101)
SELECT (101).note_of
SELECT (id).note_of FROM purchase
SELECT (NULL::person).note_of_person
SELECT (ROW(1, 'b')::public.person).note_of_person
SELECT person.note_of_person FROM person
SELECT q.peek FROM purchase q
SELECT (1).peek
SELECT x.peek FROM (SELECT 1) x
SELECT (x).peek FROM (SELECT 1) x
SELECT (q).peek FROM person q
SELECT g.note_of FROM generate_series(101, 101) AS g
SELECT generate_series.note_of FROM generate_series(101, 101)
SELECT x.note_of FROM CAST(101 AS integer) AS x
SELECT x.note_of FROM purchase q, LATERAL abs(q.person_id) AS x
SELECT (SELECT x.note_of) FROM ROWS FROM (unnest(ARRAY[101])) AS x (y)
SELECT q.note_of_purchase FROM purchase q
SELECT purchase.note_of_purchase FROM public.purchase
-- functions that tell of rows and definitions, called like a column of a function in FROM, and comments
SELECT t.pg_relation_size FROM to_regclass('public.person') AS t
SELECT t.pg_get_viewdef FROM to_regclass('public.person_view') AS t (x)
SELECT to_regclass."pg_total_relation_size" FROM pg_catalog.to_regclass('public.vault')
SELECT t.pg_stat_get_live_tuples FROM CAST('person' AS regclass) AS t
SELECT t.pg_get_functiondef FROM to_regproc('public.note_of') AS t
SELECT x.pg_get_function_arguments FROM ROWS FROM (to_regproc('public.note_of')) AS x
SELECT purchase.id FROM purchase, LATERAL to_regclass('public.vault_id_seq') AS s ORDER BY s.pg_sequence_last_value
SELECT (SELECT t.pg_get_indexdef) FROM unnest(ARRAY['person_name'::regclass]) AS t
SELECT x.pg_indexes_size FROM (coalesce('person'::regclass) AS x CROSS JOIN purchase)
SELECT t.obj_description FROM to_regclass('public.vault') AS t
SELECT col_description('person'::regclass, 10), obj_description('vault'::regclass, 'pg_class')
-- functions that run a text, or read by a name or a number
SELECT query_to_xml('SELECT * FROM person', true, true, '')
SELECT query_to_xml_and_xmlschema('TABLE person', true, true, '')
SELECT table_to_xml('person', true, true, '')
SELECT schema_to_xml('public', true, true, '')
SELECT database_to_xml(true, true, '')
SELECT * FROM ts_stat('SELECT words FROM person')
SELECT ts_rewrite('a'::tsquery, 'SELECT note::tsquery, note::tsquery FROM person')
SELECT current_query()
SELECT currtid2('person', '(0,1)')
SELECT lo_get(1)
SELECT lo_from_bytea(0, 'x')
SELECT pg_read_file('base/1/1259')
SELECT pg_read_binary_file('base/1/1259')
SELECT * FROM pg_ls_dir('base')
SELECT set_config('search_path', 'hr', false)
-- other statements
SET search_path = hr
EXPLAIN SELECT * FROM person WHERE note = 'a'
EXPLAIN ANALYZE SELECT * FROM person
COPY person TO STDOUT
SELECT * INTO copied FROM person
SELECT * FROM person FOR UPDATE
DECLARE c CURSOR FOR SELECT * FROM vault
PREPARE p AS SELECT * FROM vault
-- samples of values, kept by the engine
SELECT * FROM pg_stats
SELECT most_common_vals FROM pg_catalog.pg_stats WHERE tablename = 'person'
SELECT stavalues1::text FROM pg_statistic
SELECT * FROM pg_stats_ext
SELECT * FROM pg_stats_ext_exprs
SELECT stxdmcv FROM pg_statistic_ext_data
SELECT query FROM pg_stat_activity
SELECT * FROM pg_toast.pg_toast_2619
SELECT data FROM pg_largeobject
-- [either]
-- how many rows there are, the hidden ones with them
SELECT reltuples, relpages FROM pg_class WHERE relname = 'person'
SELECT n_live_tup, n_tup_ins FROM pg_stat_user_tables WHERE relname = 'person'
SELECT seq_tup_read > 1000 FROM pg_stat_all_tables WHERE relname = 'person'
SELECT heap_blks_read + heap_blks_hit > 100 FROM pg_statio_user_tables WHERE relname = 'person'
SELECT idx_tup_read FROM pg_stat_user_indexes WHERE relname = 'person'
SELECT pg_relation_size('person'), pg_table_size('vault')
SELECT ('person'::regclass).pg_relation_size
SELECT pg_total_relation_size('public.person'), pg_indexes_size('person')
SELECT pg_stat_get_live_tuples('person'::regclass), pg_stat_get_tuples_inserted('vault'::regclass)
SELECT last_value FROM pg_sequences WHERE sequencename = 'vault_id_seq'
SELECT pg_sequence_last_value('vault_id_seq'::regclass)
SELECT last_value FROM vault_id_seq
SELECT last_value FROM public.vault_id_seq
-- values in definitions
SELECT indexdef FROM pg_indexes WHERE tablename LIKE '%'
SELECT pg_get_indexdef('person_name'::regclass)
SELECT indpred::text FROM pg_index WHERE indpred IS NOT NULL
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'person'::regclass
SELECT conbin::text FROM pg_constraint WHERE contype = 'c' AND conrelid = 'person'::regclass
SELECT check_clause FROM information_schema.check_constraints
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
SELECT adbin::text FROM pg_attrdef WHERE adrelid = 'person'::regclass
SELECT attmissingval::text FROM pg_attribute WHERE attname = 'late'
SELECT column_default FROM information_schema.columns WHERE table_name = 'person'
SELECT pg_get_viewdef('person_view'::regclass)
SELECT definition FROM pg_views WHERE schemaname = 'public'
SELECT view_definition FROM information_schema.views WHERE table_schema = 'public'
SELECT definition FROM pg_matviews
SELECT ev_action::text FROM pg_rewrite WHERE ev_class = 'person_view'::regclass
SELECT prosrc FROM pg_proc WHERE proname = 'note_of'
SELECT routine_definition FROM information_schema.routines WHERE routine_name = 'note_of'
SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'note_of'
SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'event_b'
SELECT pg_get_partition_constraintdef('event_b'::regclass)
SELECT pg_get_statisticsobjdef(oid), pg_get_statisticsobjdef_expressions(oid) FROM pg_statistic_ext
-- names alone
SELECT 'person'::regclass::text, to_regclass('vault')::text
SELECT table_schema, table_name FROM information_schema.tables ORDER BY 1, 2
SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'purchase' ORDER BY ordinal_position
SELECT has_table_privilege('vault', 'SELECT'), has_column_privilege('person', 'ssn', 'SELECT')
SELECT NULL::person, (NULL::person).ssn IS NULL, enum_range(NULL::mood)
SELECT json_populate_record(NULL::person, '{"ssn": "a"}')
