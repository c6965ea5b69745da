-- Every part of PostgreSQL's catalog, a SELECT each; dbmcp.catalog.reader says what its rows hold.
-- @ stands for pg_catalog. and {…} for what postgresql_catalog.py puts in, by version and by what is asked for.
-- `wanted` are the relations that are asked for, `facts` what belongs to an extension or is a column's own sequence.

-- [wanted]
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition,
  @has_schema_privilege(n.oid, 'USAGE') AS reachable,
  @has_schema_privilege(n.oid, 'USAGE') AND @has_table_privilege(c.oid, 'SELECT') AS readable
FROM @pg_class c JOIN @pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND {named}

-- [member]
SELECT d.classid, d.objid, x.extname FROM @pg_depend d JOIN @pg_extension x ON x.oid = d.refobjid
WHERE d.deptype = 'e' AND d.refclassid = '@pg_extension'::@regclass

-- [relations]
SELECT @json_build_array(
  c.oid::@int8, w.nspname, w.relname,
  CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
    WHEN 'p' THEN 'partitioned table' ELSE 'table' END,
  CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::@int8 END,
  s.description,
  CASE WHEN c.relkind IN ('v', 'm') THEN @pg_get_viewdef(c.oid) END,
  w.readable OR w.reachable AND @has_any_column_privilege(c.oid, 'SELECT'),
  c.relpersistence = 'u', c.reloptions, m.extname,
  CASE WHEN c.relrowsecurity THEN CASE WHEN c.relforcerowsecurity THEN 'forced' ELSE 'enabled' END
    WHEN c.relforcerowsecurity THEN 'forced when enabled' END,
  CASE p.partstrat WHEN 'l' THEN 'list' WHEN 'r' THEN 'range' WHEN 'h' THEN 'hash' END,
  @pg_get_partkeydef(p.partrelid),
  (SELECT @json_agg(a.attname ORDER BY k.n) FROM @unnest(p.partattrs::@int2[]) WITH ORDINALITY k(attnum, n)
   LEFT JOIN @pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.attnum),
  CASE WHEN c.relispartition THEN @pg_get_expr(c.relpartbound, c.oid) END,
  (SELECT @json_agg(@json_build_array(pn.nspname, pc.relname) ORDER BY i.inhseqno) FROM @pg_inherits i
   JOIN @pg_class pc ON pc.oid = i.inhparent JOIN @pg_namespace pn ON pn.oid = pc.relnamespace
   WHERE i.inhrelid = c.oid),
  f.srvname, f.ftoptions)
FROM wanted w JOIN @pg_class c ON c.oid = w.oid
LEFT JOIN @pg_description s ON s.classoid = '@pg_class'::@regclass AND s.objoid = c.oid AND s.objsubid = 0
LEFT JOIN member m ON m.classid = '@pg_class'::@regclass AND m.objid = c.oid
LEFT JOIN @pg_partitioned_table p ON p.partrelid = c.oid
LEFT JOIN (SELECT ft.ftrelid, ft.ftoptions, fs.srvname FROM @pg_foreign_table ft
  JOIN @pg_foreign_server fs ON fs.oid = ft.ftserver) f ON f.ftrelid = c.oid
ORDER BY w.nspname, w.relname

-- [neighbours]
SELECT @json_build_array(c.oid::@int8, n.nspname, c.relname, 'table', NULL, NULL, NULL, true)
FROM @pg_class c JOIN @pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid NOT IN (SELECT oid FROM wanted) AND c.oid IN (
  SELECT conrelid FROM @pg_constraint WHERE contype = 'f' AND confrelid IN (SELECT oid FROM wanted))
  AND @has_schema_privilege(n.oid, 'USAGE') AND @has_any_column_privilege(c.oid, 'SELECT')
  AND NOT c.relispartition

-- [columns]
SELECT @json_build_array(w.oid::@int8, @json_agg(@json_build_array(
  a.attname, (a.atttypid::@int8 << 32) + a.atttypmod, a.attnotnull,
  -- A default names no column: without its table it is printed a hundred times faster where that has many.
  CASE WHEN a.attgenerated = '' THEN @pg_get_expr(d.adbin, 0) END, s.description,
  CASE WHEN a.attidentity <> '' OR a.attgenerated <> '' OR o.oid IS NOT NULL OR a.attfdwoptions IS NOT NULL
      OR NOT w.readable THEN @json_build_array(
    CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
    CASE WHEN a.attgenerated <> '' THEN @pg_get_expr(d.adbin, d.adrelid) END, a.attgenerated <> 'v',
    w.readable OR w.reachable AND @has_column_privilege(w.oid, a.attnum, 'SELECT'),
    on_.nspname, o.collname, a.attfdwoptions, NULL) END) ORDER BY a.attnum))
FROM wanted w JOIN @pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN @pg_type t ON t.oid = a.atttypid
LEFT JOIN @pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN @pg_description s ON s.classoid = '@pg_class'::@regclass AND s.objoid = a.attrelid AND s.objsubid = a.attnum
LEFT JOIN @pg_collation o ON o.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN @pg_namespace on_ ON on_.oid = o.collnamespace
GROUP BY w.oid

-- [constraints]
SELECT @json_build_array(k.conrelid::@int8, @json_agg(@json_build_array(
  k.conname, CASE k.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign' WHEN 'c' THEN 'check'
    ELSE 'exclusion' END,
  (SELECT @json_agg(a.attname ORDER BY i.n) FROM @unnest(k.conkey) WITH ORDINALITY i(attnum, n)
   JOIN @pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.attnum),
  CASE WHEN k.contype = 'c' THEN @pg_get_expr(k.conbin, k.conrelid) END, s.description,
  CASE WHEN k.contype = 'f' THEN @json_build_array(fn.nspname, f.relname,
    (SELECT @json_agg(a.attname ORDER BY i.n) FROM @unnest(k.confkey) WITH ORDINALITY i(attnum, n)
     JOIN @pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = i.attnum),
    CASE k.confmatchtype WHEN 'f' THEN 'full' WHEN 'p' THEN 'partial' END,
    CASE k.confupdtype WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
      WHEN 'd' THEN 'set default' END,
    CASE k.confdeltype WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
      WHEN 'd' THEN 'set default' END,
    {set_columns}) END,
  CASE WHEN k.contype = 'x' OR {is_temporal} OR x.indnatts > x.indnkeyatts OR k.condeferrable OR NOT k.convalidated
      OR {constraint_nulls_not_distinct} OR k.contype = 'c' AND k.connoinherit OR NOT {is_enforced}
      OR k.conparentid <> 0 THEN @json_build_array(
    CASE WHEN k.contype = 'x' OR {is_temporal} THEN @pg_get_constraintdef(k.oid) END,
    (SELECT @json_agg(a.attname ORDER BY i.n) FROM @unnest(x.indkey::@int2[]) WITH ORDINALITY i(attnum, n)
     JOIN @pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.attnum WHERE i.n > x.indnkeyatts),
    k.condeferrable, k.condeferred, k.convalidated, {constraint_nulls_not_distinct},
    k.contype = 'c' AND k.connoinherit, {is_enforced}, k.conparentid <> 0) END)
  ORDER BY k.contype <> 'p', k.conname))
FROM @pg_constraint k
LEFT JOIN @pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN @pg_class f ON f.oid = k.confrelid LEFT JOIN @pg_namespace fn ON fn.oid = f.relnamespace
LEFT JOIN @pg_constraint parent ON parent.oid = k.conparentid
LEFT JOIN @pg_description s ON s.classoid = '@pg_constraint'::@regclass AND s.objoid = k.oid
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
  AND {of_wanted}
  -- A key to a partitioned table has a copy for each partition.
  AND parent.conrelid IS DISTINCT FROM k.conrelid
GROUP BY k.conrelid

-- [indexes]
SELECT @json_build_array(i.indrelid::@int8, @json_agg(@json_build_array(
  c.relname, @pg_get_indexdef(i.indexrelid), i.indisunique, m.amname, i.indisvalid, {nulls_not_distinct},
  (SELECT @json_agg(@json_build_array(
     CASE WHEN k.attnum <> 0 THEN a.attname END,
     CASE WHEN k.attnum = 0 THEN @pg_get_indexdef(i.indexrelid, k.n::@int4, true) END,
     i.indoption[k.n::@int4 - 1] & 1 = 1, i.indoption[k.n::@int4 - 1] & 2 = 2,
     CASE WHEN NOT oc.opcdefault THEN oc.opcname END,
     CASE WHEN co.oid <> a.attcollation OR k.attnum = 0 AND co.collname <> 'default' THEN co.collname END) ORDER BY k.n)
   FROM @unnest(i.indkey::@int2[]) WITH ORDINALITY k(attnum, n)
   LEFT JOIN @pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
   LEFT JOIN @pg_opclass oc ON oc.oid = i.indclass[k.n::@int4 - 1]
   LEFT JOIN @pg_collation co ON co.oid = i.indcollation[k.n::@int4 - 1]
   WHERE k.n <= i.indnkeyatts),
  CASE WHEN i.indnatts > i.indnkeyatts THEN
    (SELECT @json_agg(a.attname ORDER BY k.n) FROM @unnest(i.indkey::@int2[]) WITH ORDINALITY k(attnum, n)
     JOIN @pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.n > i.indnkeyatts) END,
  @pg_get_expr(i.indpred, i.indrelid), s.description) ORDER BY c.relname))
FROM wanted w JOIN @pg_index i ON i.indrelid = w.oid
JOIN @pg_class c ON c.oid = i.indexrelid JOIN @pg_am m ON m.oid = c.relam
LEFT JOIN @pg_description s ON s.classoid = '@pg_class'::@regclass AND s.objoid = i.indexrelid AND s.objsubid = 0
WHERE i.indexrelid IN (
  SELECT indexrelid FROM @pg_index EXCEPT SELECT conindid FROM @pg_constraint WHERE contype IN ('p', 'u', 'x'))
GROUP BY i.indrelid

-- [triggers]
SELECT @json_build_array(t.tgrelid::@int8, @json_agg(@json_build_array(t.tgname, @pg_get_triggerdef(t.oid),
  CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END,
  s.description) ORDER BY t.tgname))
FROM wanted w JOIN @pg_trigger t ON t.tgrelid = w.oid AND NOT t.tgisinternal AND t.tgparentid = 0
LEFT JOIN @pg_description s ON s.classoid = '@pg_trigger'::@regclass AND s.objoid = t.oid
GROUP BY t.tgrelid

-- [policies]
SELECT @json_build_array(p.polrelid::@int8, @json_agg(@json_build_array(p.polname, p.polpermissive,
  CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete'
    ELSE 'all' END,
  (SELECT @json_agg(@pg_get_userbyid(r) ORDER BY 1) FROM @unnest(p.polroles) r WHERE r <> 0),
  @pg_get_expr(p.polqual, p.polrelid), @pg_get_expr(p.polwithcheck, p.polrelid), s.description) ORDER BY p.polname))
FROM wanted w JOIN @pg_policy p ON p.polrelid = w.oid
LEFT JOIN @pg_description s ON s.classoid = '@pg_policy'::@regclass AND s.objoid = p.oid
GROUP BY p.polrelid

-- [types]
SELECT @json_build_array(t.oid::@int8, n.nspname, t.typname,
  CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'composite' END, s.description,
  CASE WHEN t.typtype = 'e' THEN
    (SELECT @json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM @pg_enum e WHERE e.enumtypid = t.oid) END,
  CASE WHEN t.typtype = 'c' THEN
    (SELECT @json_agg(@json_build_array(a.attname, (a.atttypid::@int8 << 32) + a.atttypmod, an.nspname, ao.collname,
       ad.description) ORDER BY a.attnum)
     FROM @pg_attribute a JOIN @pg_type at ON at.oid = a.atttypid
     LEFT JOIN @pg_collation ao ON ao.oid = a.attcollation AND a.attcollation <> at.typcollation
     LEFT JOIN @pg_namespace an ON an.oid = ao.collnamespace
     LEFT JOIN @pg_description ad ON ad.classoid = '@pg_class'::@regclass AND ad.objoid = a.attrelid
       AND ad.objsubid = a.attnum
     WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END,
  CASE t.typtype WHEN 'd' THEN (t.typbasetype::@int8 << 32) + t.typtypmod WHEN 'r' THEN (r.rngsubtype::@int8 << 32) - 1
    END,
  t.typnotnull, CASE WHEN t.typtype = 'd' THEN @pg_get_expr(t.typdefaultbin, 0) END,
  on_.nspname, o.collname,
  CASE WHEN t.typtype = 'd' THEN
    (SELECT @json_agg(@json_build_array(k.conname, @pg_get_expr(k.conbin, 0), k.convalidated, ks.description)
       ORDER BY k.conname)
     FROM @pg_constraint k
     LEFT JOIN @pg_description ks ON ks.classoid = '@pg_constraint'::@regclass AND ks.objoid = k.oid
     WHERE k.contypid = t.oid AND k.contype = 'c') END,
  CASE WHEN t.typtype = 'r' THEN @json_build_array(
    CASE WHEN NOT rc.opcdefault THEN @quote_ident(rn.nspname) || '.' || @quote_ident(rc.opcname) END,
    CASE WHEN r.rngsubdiff <> 0 THEN
      (SELECT @quote_ident(pn.nspname) || '.' || @quote_ident(p.proname) FROM @pg_proc p
       JOIN @pg_namespace pn ON pn.oid = p.pronamespace WHERE p.oid = r.rngsubdiff) END,
    {multirange}) END)
FROM @pg_type t JOIN @pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN @pg_class c ON c.oid = t.typrelid
LEFT JOIN @pg_range r ON r.rngtypid = t.oid
LEFT JOIN @pg_opclass rc ON rc.oid = r.rngsubopc LEFT JOIN @pg_namespace rn ON rn.oid = rc.opcnamespace
LEFT JOIN @pg_type b ON b.oid = coalesce(r.rngsubtype, nullif(t.typbasetype, 0))
LEFT JOIN @pg_collation o ON o.oid = coalesce(r.rngcollation, t.typcollation) AND o.oid <> b.typcollation
LEFT JOIN @pg_namespace on_ ON on_.oid = o.collnamespace
LEFT JOIN member m ON m.classid = '@pg_type'::@regclass AND m.objid = t.oid
LEFT JOIN @pg_description s ON s.objsubid = 0 AND (
  s.classoid = '@pg_type'::@regclass AND s.objoid = t.oid)
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND m.extname IS NULL
  AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c') AND {used}
ORDER BY n.nspname, t.typname

-- [datatypes]
SELECT @json_build_array(
  (u.oid::@int8 << 32) + u.typmod, @format_type(u.oid, u.typmod), @format_type(u.oid, NULL), n.nspname, t.typname,
  CASE WHEN t.typtype = 'c' AND c.relkind <> 'c' THEN 'row' ELSE t.typtype::@text END, t.typcategory, u.typmod,
  CASE WHEN t.typcategory = 'A' AND t.typtype = 'b' AND t.typelem <> 0 THEN (t.typelem::@int8 << 32) + u.typmod END)
FROM (
  SELECT u.oid, u.typmod FROM used u
  UNION SELECT t.typelem, u.typmod FROM used u JOIN @pg_type t ON t.oid = u.oid
  WHERE t.typcategory = 'A' AND t.typtype = 'b' AND t.typelem <> 0
) u JOIN @pg_type t ON t.oid = u.oid JOIN @pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN @pg_class c ON c.oid = t.typrelid

-- [used]
SELECT a.atttypid AS oid, a.atttypmod AS typmod FROM wanted w JOIN @pg_attribute a ON a.attrelid = w.oid
WHERE a.attnum > 0 AND NOT a.attisdropped
UNION SELECT a.atttypid, a.atttypmod FROM @pg_class c JOIN @pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'c' AND c.oid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
UNION SELECT typbasetype, typtypmod FROM @pg_type WHERE typtype = 'd' AND oid >= 16384
UNION SELECT rngsubtype, -1 FROM @pg_range WHERE rngtypid >= 16384

-- [sequences]
SELECT @json_build_array(n.nspname, c.relname, @format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin,
  q.seqmax, q.seqcache, q.seqcycle, s.description, o.refobjid::@int8, tn.nspname, t.relname, a.attname,
  o.deptype = 'i')
FROM @pg_sequence q JOIN @pg_class c ON c.oid = q.seqrelid JOIN @pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN member m ON m.classid = '@pg_class'::@regclass AND m.objid = c.oid
LEFT JOIN @pg_depend o ON o.classid = '@pg_class'::@regclass AND o.objid = c.oid
  AND o.refclassid = '@pg_class'::@regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
LEFT JOIN @pg_class t ON t.oid = o.refobjid LEFT JOIN @pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN @pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
LEFT JOIN @pg_description s ON s.classoid = '@pg_class'::@regclass AND s.objoid = c.oid AND s.objsubid = 0
WHERE c.relpersistence <> 't' AND m.extname IS NULL AND {owned}
ORDER BY n.nspname, c.relname

-- [schemas]
SELECT @json_build_array(n.nspname, s.description, m.extname)
FROM @pg_namespace n
LEFT JOIN member m ON m.classid = '@pg_namespace'::@regclass AND m.objid = n.oid
LEFT JOIN @pg_description s ON s.classoid = '@pg_namespace'::@regclass AND s.objoid = n.oid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname

-- [extensions]
SELECT @json_build_array(x.extname, n.nspname, x.extversion, s.description)
FROM @pg_extension x JOIN @pg_namespace n ON n.oid = x.extnamespace
LEFT JOIN @pg_description s ON s.classoid = '@pg_extension'::@regclass AND s.objoid = x.oid
ORDER BY x.extname

-- [functions]
SELECT @json_build_array(n.nspname, p.proname,
  CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' WHEN 'p' THEN 'procedure' ELSE 'function' END,
  @pg_get_function_identity_arguments(p.oid), @pg_get_function_result(p.oid),
  CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END, l.lanname,
  CASE WHEN p.prokind <> 'a' THEN @pg_get_functiondef(p.oid)
    WHEN a.aggkind = 'n' THEN @format('CREATE AGGREGATE %I.%I(%s) (%s)', n.nspname, p.proname,
      CASE WHEN p.pronargs = 0 THEN '*' ELSE @pg_get_function_identity_arguments(p.oid) END,
      @concat_ws(', ', 'SFUNC = ' || a.aggtransfn, 'STYPE = ' || @format_type(a.aggtranstype, NULL),
        'SSPACE = ' || nullif(a.aggtransspace, 0), 'FINALFUNC = ' || nullif(a.aggfinalfn, 0::@regproc),
        CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
        'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0::@regproc), 'SERIALFUNC = ' || nullif(a.aggserialfn, 0::@regproc),
        'DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0::@regproc), 'INITCOND = ' || @quote_literal(a.agginitval),
        'MSFUNC = ' || nullif(a.aggmtransfn, 0::@regproc), 'MINVFUNC = ' || nullif(a.aggminvtransfn, 0::@regproc),
        'MSTYPE = ' || @format_type(nullif(a.aggmtranstype, 0), NULL),
        'MFINALFUNC = ' || nullif(a.aggmfinalfn, 0::@regproc), 'MINITCOND = ' || @quote_literal(a.aggminitval),
        CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END)) END,
  s.description)
FROM @pg_proc p JOIN @pg_namespace n ON n.oid = p.pronamespace JOIN @pg_language l ON l.oid = p.prolang
LEFT JOIN @pg_aggregate a ON a.aggfnoid = p.oid
LEFT JOIN member m ON m.classid = '@pg_proc'::@regclass AND m.objid = p.oid
LEFT JOIN @pg_depend i ON i.classid = '@pg_proc'::@regclass AND i.objid = p.oid AND i.deptype = 'i'
LEFT JOIN @pg_description s ON s.classoid = '@pg_proc'::@regclass AND s.objoid = p.oid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND m.extname IS NULL
  -- The functions that make values of a range type come with it.
  AND i.objid IS NULL
ORDER BY n.nspname, p.proname, @pg_get_function_identity_arguments(p.oid)

-- [objects]
SELECT @json_build_array('collation', n.nspname, o.collname, NULL, @format('CREATE COLLATION %I.%I (%s)', n.nspname,
    o.collname, @concat_ws(', ', 'PROVIDER = ' || CASE o.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'
      ELSE 'libc' END, {locale}, CASE WHEN NOT o.collisdeterministic THEN 'DETERMINISTIC = false' END)), s.description)
FROM @pg_collation o JOIN @pg_namespace n ON n.oid = o.collnamespace
LEFT JOIN member m ON m.classid = '@pg_collation'::@regclass AND m.objid = o.oid
LEFT JOIN @pg_description s ON s.classoid = '@pg_collation'::@regclass AND s.objoid = o.oid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND m.extname IS NULL
UNION ALL
SELECT @json_build_array('foreign data wrapper', NULL, w.fdwname, NULL, @format('CREATE FOREIGN DATA WRAPPER %I%s%s',
    w.fdwname, ' HANDLER ' || nullif(w.fdwhandler, 0)::@regproc, ' VALIDATOR ' || nullif(w.fdwvalidator, 0)::@regproc),
  s.description)
FROM @pg_foreign_data_wrapper w
LEFT JOIN member m ON m.classid = '@pg_foreign_data_wrapper'::@regclass AND m.objid = w.oid
LEFT JOIN @pg_description s ON s.classoid = '@pg_foreign_data_wrapper'::@regclass AND s.objoid = w.oid
WHERE m.extname IS NULL
UNION ALL
SELECT @json_build_array('server', NULL, f.srvname, NULL, @format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I',
    f.srvname, ' TYPE ' || @quote_literal(f.srvtype), ' VERSION ' || @quote_literal(f.srvversion), w.fdwname),
  s.description)
FROM @pg_foreign_server f JOIN @pg_foreign_data_wrapper w ON w.oid = f.srvfdw
LEFT JOIN @pg_description s ON s.classoid = '@pg_foreign_server'::@regclass AND s.objoid = f.oid
UNION ALL
SELECT @json_build_array('text search dictionary', n.nspname, d.dictname, NULL, @format(
    'CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)', n.nspname, d.dictname, tn.nspname, t.tmplname,
    ', ' || d.dictinitoption), s.description)
FROM @pg_ts_dict d JOIN @pg_namespace n ON n.oid = d.dictnamespace
JOIN @pg_ts_template t ON t.oid = d.dicttemplate JOIN @pg_namespace tn ON tn.oid = t.tmplnamespace
LEFT JOIN member m ON m.classid = '@pg_ts_dict'::@regclass AND m.objid = d.oid
LEFT JOIN @pg_description s ON s.classoid = '@pg_ts_dict'::@regclass AND s.objoid = d.oid
WHERE d.oid >= 16384 AND m.extname IS NULL
UNION ALL
SELECT @json_build_array('text search configuration', n.nspname, c.cfgname, NULL, @concat(
    @format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, c.cfgname, pn.nspname, p.prsname),
    (SELECT @string_agg(@format(E';\nALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s',
        n.nspname, c.cfgname, k.alias, k.dictionaries), '' ORDER BY k.tokid)
      FROM (SELECT y.tokid, y.alias, @string_agg(@format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY g.mapseqno)
          AS dictionaries
        FROM @pg_ts_config_map g JOIN @ts_token_type(c.cfgparser) y ON y.tokid = g.maptokentype
        JOIN @pg_ts_dict d ON d.oid = g.mapdict JOIN @pg_namespace dn ON dn.oid = d.dictnamespace
        WHERE g.mapcfg = c.oid GROUP BY y.tokid, y.alias) k)), s.description)
FROM @pg_ts_config c JOIN @pg_namespace n ON n.oid = c.cfgnamespace
JOIN @pg_ts_parser p ON p.oid = c.cfgparser JOIN @pg_namespace pn ON pn.oid = p.prsnamespace
LEFT JOIN member m ON m.classid = '@pg_ts_config'::@regclass AND m.objid = c.oid
LEFT JOIN @pg_description s ON s.classoid = '@pg_ts_config'::@regclass AND s.objoid = c.oid
WHERE c.oid >= 16384 AND m.extname IS NULL
UNION ALL
SELECT @json_build_array('statistics', n.nspname, t.stxname, @json_build_array(w.nspname, w.relname),
  @pg_get_statisticsobjdef(t.oid), s.description)
FROM wanted w JOIN @pg_statistic_ext t ON t.stxrelid = w.oid JOIN @pg_namespace n ON n.oid = t.stxnamespace
LEFT JOIN @pg_description s ON s.classoid = '@pg_statistic_ext'::@regclass AND s.objoid = t.oid
UNION ALL
SELECT @json_build_array('rule', NULL, r.rulename, @json_build_array(w.nspname, w.relname), @pg_get_ruledef(r.oid),
  s.description)
FROM wanted w JOIN @pg_rewrite r ON r.ev_class = w.oid AND r.rulename <> '_RETURN'
LEFT JOIN @pg_description s ON s.classoid = '@pg_rewrite'::@regclass AND s.objoid = r.oid

-- [dependencies]
-- A view on what it reads, and a parent on its children, whose rows it shows.
SELECT @json_build_array(d.a, d.b, d.c, d.d) FROM (
SELECT vn.nspname, v.relname, tn.nspname, t.relname
FROM @pg_depend d
JOIN @pg_rewrite w ON d.classid = '@pg_rewrite'::@regclass AND w.oid = d.objid AND w.ev_type = '1'
JOIN @pg_class v ON v.oid = w.ev_class JOIN @pg_namespace vn ON vn.oid = v.relnamespace
JOIN @pg_class t ON d.refclassid = '@pg_class'::@regclass AND t.oid = d.refobjid
JOIN @pg_namespace tn ON tn.oid = t.relnamespace
WHERE v.oid <> t.oid AND t.relkind <> 'S' AND vn.nspname NOT IN ('pg_catalog', 'information_schema')
  AND tn.nspname NOT IN ('pg_catalog', 'information_schema')
UNION
SELECT pn.nspname, p.relname, cn.nspname, c.relname
FROM @pg_inherits i
JOIN @pg_class c ON c.oid = i.inhrelid JOIN @pg_namespace cn ON cn.oid = c.relnamespace
JOIN @pg_class p ON p.oid = i.inhparent JOIN @pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND p.relkind IN ('r', 'p', 'f')
) d(a, b, c, d)

-- [children]
SELECT @json_build_array(cn.nspname, c.relname, pn.nspname, p.relname)
FROM @pg_inherits i
JOIN @pg_class c ON c.oid = i.inhrelid JOIN @pg_namespace cn ON cn.oid = c.relnamespace
JOIN @pg_class p ON p.oid = i.inhparent JOIN @pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND p.relkind IN ('r', 'p', 'f')

-- [own]
-- Code of the database's own that a text may reach without naming it. What `(x).f` may call, and whether with a row:
-- functions that take one value; a domain over rows takes them too, and has their category. Volatile functions and
-- operators that are found on this search_path. Extensions put functions into pg_catalog as well, and what is not of the
-- engine's own has a number from 16384 on.
SELECT @json_build_array('attributes', p.proname, @bool_or(p.provariadic <> 0 OR t.typtype IN ('c', 'p')
  OR t.typcategory = 'C'), NULL)
FROM @pg_proc p JOIN @pg_namespace n ON n.oid = p.pronamespace LEFT JOIN @pg_type t ON t.oid = p.proargtypes[0]
WHERE (n.nspname NOT IN ('pg_catalog', 'information_schema') OR p.oid >= 16384)
  AND p.pronargs > 0 AND (p.pronargs - p.pronargdefaults <= 1 OR p.provariadic <> 0)
GROUP BY p.proname
UNION ALL
SELECT @json_build_array('volatile', p.proname, NULL, m.extname)
FROM @pg_proc p JOIN @pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN member m ON m.classid = '@pg_proc'::@regclass AND m.objid = p.oid
WHERE (n.nspname NOT IN ('pg_catalog', 'information_schema') OR p.oid >= 16384)
  AND p.prokind <> 'p' AND @pg_function_is_visible(p.oid)
  -- An aggregate is as volatile as its steps, whatever it says of itself.
  AND (p.provolatile = 'v' OR EXISTS (
    SELECT FROM @pg_aggregate a JOIN @pg_proc s ON s.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn,
      a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn) WHERE a.aggfnoid = p.oid AND s.provolatile = 'v'))
GROUP BY p.proname, m.extname
UNION ALL
SELECT @json_build_array('operators', o.oprname, NULL, m.extname)
FROM @pg_operator o LEFT JOIN member m ON m.classid = '@pg_operator'::@regclass AND m.objid = o.oid
WHERE o.oid >= 16384 AND @pg_operator_is_visible(o.oid)
GROUP BY o.oprname, m.extname

-- [thing]
-- What DDL makes one by one, by the rows of the catalog that belong to it.
SELECT '@pg_class'::@regclass::@oid AS classid, c.oid AS objid,
  CASE c.relkind WHEN 'c' THEN 'type' ELSE 'relation' END AS kind, n.nspname, c.relname::@text AS name
FROM @pg_class c JOIN @pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND c.relpersistence <> 't'
UNION ALL
SELECT '@pg_class'::@regclass, i.indexrelid, 'relation', n.nspname, c.relname
FROM @pg_index i JOIN @pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'x'
JOIN @pg_class c ON c.oid = i.indrelid JOIN @pg_namespace n ON n.oid = c.relnamespace
UNION ALL
-- Other indexes are made after the tables, and are known by their table.
SELECT '@pg_class'::@regclass, i.indexrelid, 'index', n.nspname, c.relname
FROM @pg_index i JOIN @pg_class c ON c.oid = i.indrelid JOIN @pg_namespace n ON n.oid = c.relnamespace
WHERE i.indexrelid >= 16384 AND n.nspname !~ '^pg_' AND NOT i.indisexclusion
UNION ALL
SELECT '@pg_type'::@regclass, t.oid, CASE WHEN e.typtype = 'c' AND c.relkind <> 'c' THEN 'relation' ELSE 'type' END,
  n.nspname, e.typname
FROM @pg_type t JOIN @pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typtype = 'b' AND t.typelem <> 0 THEN t.typelem
  WHEN t.typtype = 'm' THEN {range_of_multirange} ELSE t.oid END
JOIN @pg_namespace n ON n.oid = e.typnamespace LEFT JOIN @pg_class c ON c.oid = e.typrelid
WHERE t.oid >= 16384
UNION ALL
SELECT '@pg_proc'::@regclass, p.oid, 'function', n.nspname,
  p.proname || '(' || @pg_get_function_identity_arguments(p.oid) || ')'
FROM @pg_proc p JOIN @pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384
UNION ALL
SELECT '@pg_collation'::@regclass, o.oid, 'collation', n.nspname, o.collname
FROM @pg_collation o JOIN @pg_namespace n ON n.oid = o.collnamespace WHERE o.oid >= 16384
UNION ALL
SELECT '@pg_ts_dict'::@regclass, d.oid, 'text search dictionary', n.nspname, d.dictname
FROM @pg_ts_dict d JOIN @pg_namespace n ON n.oid = d.dictnamespace WHERE d.oid >= 16384
UNION ALL
SELECT '@pg_ts_config'::@regclass, c.oid, 'text search configuration', n.nspname, c.cfgname
FROM @pg_ts_config c JOIN @pg_namespace n ON n.oid = c.cfgnamespace WHERE c.oid >= 16384
UNION ALL
SELECT '@pg_attrdef'::@regclass, d.oid, 'relation', n.nspname, c.relname
FROM @pg_attrdef d JOIN @pg_class c ON c.oid = d.adrelid JOIN @pg_namespace n ON n.oid = c.relnamespace
UNION ALL
SELECT '@pg_constraint'::@regclass, k.oid, CASE WHEN k.contypid <> 0 THEN 'type' ELSE 'relation' END, n.nspname,
  coalesce(t.typname, c.relname)
FROM @pg_constraint k JOIN @pg_namespace n ON n.oid = k.connamespace
LEFT JOIN @pg_class c ON c.oid = k.conrelid LEFT JOIN @pg_type t ON t.oid = k.contypid WHERE k.contype <> 'f'
UNION ALL
SELECT '@pg_rewrite'::@regclass, r.oid, 'relation', n.nspname, c.relname
FROM @pg_rewrite r JOIN @pg_class c ON c.oid = r.ev_class JOIN @pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename = '_RETURN' AND r.oid >= 16384

-- [needs]
SELECT @json_build_array(d.a, d.b, d.c, d.d, d.e, d.f) FROM (
SELECT DISTINCT a.kind, a.nspname, a.name, b.kind, b.nspname, b.name
FROM @pg_depend d JOIN thing a ON a.classid = d.classid AND a.objid = d.objid
JOIN thing b ON b.classid = d.refclassid AND b.objid = d.refobjid
WHERE (a.kind, a.nspname, a.name) <> (b.kind, b.nspname, b.name) AND b.kind <> 'index'
  AND (a.kind <> 'index' OR b.kind <> 'relation')
) d(a, b, c, d, e, f)

-- [bare]
SELECT @current_setting('search_path'), NULL UNION ALL
SELECT n.nspname, c.relname FROM @pg_class c JOIN @pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND @pg_table_is_visible(c.oid)

-- [emptied]
SELECT @set_config('search_path', '', true), @set_config('jit', 'off', true)

-- [fingerprint]
-- oid and xmin of a row change with every change of it. ANALYZE writes pg_class in place and changes neither, but
-- TRUNCATE and REFRESH write new rows there, so of pg_class the content counts that a schema is made of.
WITH others AS MATERIALIZED (
  SELECT oid FROM @pg_class WHERE relpersistence = 't' OR relnamespace = 'pg_toast'::@regnamespace
), parts (id, sub, version) AS (
  SELECT oid::@int8, 0, @hashtext(@concat_ws('|', relname, relnamespace, relkind, relpersistence, relacl, reloptions,
    relrowsecurity, relforcerowsecurity, relispartition, reltype, relowner))::@int8
    FROM @pg_class WHERE oid >= 16384 AND relpersistence <> 't' AND relnamespace <> 'pg_toast'::@regnamespace
  UNION ALL SELECT attrelid, attnum, xmin::@text::@int8 FROM @pg_attribute
    WHERE attrelid >= 16384 AND attnum > 0 AND NOT EXISTS (SELECT FROM others o WHERE o.oid = attrelid)
  UNION ALL SELECT oid, -1, xmin::@text::@int8 FROM @pg_constraint
    WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM others o WHERE o.oid = conrelid)
  UNION ALL SELECT oid, -2, xmin::@text::@int8 FROM @pg_attrdef
    WHERE NOT EXISTS (SELECT FROM others o WHERE o.oid = adrelid)
  UNION ALL SELECT indexrelid, -3, xmin::@text::@int8 FROM @pg_index
    WHERE indexrelid >= 16384 AND NOT EXISTS (SELECT FROM others o WHERE o.oid = indexrelid)
  UNION ALL SELECT oid, -4, xmin::@text::@int8 FROM @pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
  UNION ALL SELECT oid, -5, xmin::@text::@int8 FROM @pg_proc WHERE oid >= 16384
  UNION ALL SELECT oid, -6, xmin::@text::@int8 FROM @pg_enum
  UNION ALL SELECT oid, -7, xmin::@text::@int8 FROM @pg_type
    WHERE oid >= 16384 AND typcategory <> 'A' AND NOT EXISTS (SELECT FROM others o WHERE o.oid = typrelid)
  UNION ALL SELECT rngtypid, -8, xmin::@text::@int8 FROM @pg_range WHERE rngtypid >= 16384
  UNION ALL SELECT seqrelid, -9, xmin::@text::@int8 FROM @pg_sequence
    WHERE NOT EXISTS (SELECT FROM others o WHERE o.oid = seqrelid)
  UNION ALL SELECT oid, -10, xmin::@text::@int8 FROM @pg_trigger
    WHERE NOT EXISTS (SELECT FROM others o WHERE o.oid = tgrelid)
  UNION ALL SELECT oid, -11, xmin::@text::@int8 FROM @pg_policy
  UNION ALL SELECT oid, -12, xmin::@text::@int8 FROM @pg_rewrite WHERE oid >= 16384
  UNION ALL SELECT partrelid, -13, xmin::@text::@int8 FROM @pg_partitioned_table
  UNION ALL SELECT inhrelid, -14 - inhseqno, inhparent::@int8 + xmin::@text::@int8 FROM @pg_inherits
    WHERE NOT EXISTS (SELECT FROM others o WHERE o.oid = inhrelid)
  UNION ALL SELECT ftrelid, -15, xmin::@text::@int8 FROM @pg_foreign_table
  UNION ALL SELECT oid, -16, xmin::@text::@int8 FROM @pg_foreign_server
  UNION ALL SELECT oid, -22, xmin::@text::@int8 FROM @pg_foreign_data_wrapper
  UNION ALL SELECT oid, -17, xmin::@text::@int8 FROM @pg_extension
  UNION ALL SELECT oid, -23, xmin::@text::@int8 FROM @pg_operator WHERE oid >= 16384
  UNION ALL SELECT oid, -18, xmin::@text::@int8 FROM @pg_collation WHERE oid >= 16384
  UNION ALL SELECT oid, -24, xmin::@text::@int8 FROM @pg_ts_dict WHERE oid >= 16384
  UNION ALL SELECT oid, -25, xmin::@text::@int8 FROM @pg_ts_config WHERE oid >= 16384
  UNION ALL SELECT mapcfg, -1000000 - 1000::@int8 * maptokentype - mapseqno, mapdict::@int8 + xmin::@text::@int8
    FROM @pg_ts_config_map WHERE mapcfg >= 16384
  UNION ALL SELECT oid, -19, xmin::@text::@int8 FROM @pg_statistic_ext
  UNION ALL SELECT aggfnoid::@oid, -20, xmin::@text::@int8 FROM @pg_aggregate WHERE aggfnoid::@oid >= 16384
  UNION ALL SELECT objoid, objsubid - 10000, xmin::@text::@int8 FROM @pg_description
  UNION ALL SELECT roleid::@int8 * 65536 + member::@int8, -21, xmin::@text::@int8 FROM @pg_auth_members
)
SELECT @current_setting('is_superuser') || ' ' ||
  @sum(@hashint8(id::@int8 * 4294967291 + sub * 65537 + version))::@text
FROM parts
