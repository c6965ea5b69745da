"""PostgreSQL's catalog in bulk: one statement for each part, columns as dbmcp.catalog.reader documents them.

Only relations that the role may read are listed. Row counts are the planner's estimates: sizes on disk would make a
list several times slower.
"""

from __future__ import annotations

from typing import Any

_READABLE = """
    n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND has_schema_privilege(n.oid, 'USAGE')
    AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
"""

STATEMENTS: dict[str, str] = {
    "relations": f"""
SELECT n.nspname, c.relname,
  CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
  CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::bigint END,
  obj_description(c.oid, 'pg_class'),
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_READABLE} AND NOT c.relispartition
ORDER BY 1, 2
""",
    "columns": f"""
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
  CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
  a.attgenerated <> '' OR a.attidentity <> '',
  col_description(c.oid, a.attnum),
  (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)::text FROM pg_enum e WHERE e.enumtypid = a.atttypid)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND {_READABLE} AND NOT c.relispartition
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY 1, 2, a.attnum
""",
    "keys": f"""
SELECT n.nspname, c.relname, k.conname,
  CASE k.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' ELSE 'foreign' END,
  (SELECT json_agg(a.attname ORDER BY i.n)::text FROM unnest(k.conkey) WITH ORDINALITY i(attnum, n)
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.attnum),
  fn.nspname, f.relname,
  (SELECT json_agg(a.attname ORDER BY i.n)::text FROM unnest(k.confkey) WITH ORDINALITY i(attnum, n)
   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = i.attnum)
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE k.contype IN ('p', 'u', 'f') AND {_READABLE} AND NOT c.relispartition
  AND (f.oid IS NULL OR NOT f.relispartition)
ORDER BY 1, 2, k.contype <> 'p', 3
""",
    "indexes": f"""
SELECT n.nspname, c.relname, ic.relname, pg_get_indexdef(i.indexrelid), i.indisunique
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class ic ON ic.oid = i.indexrelid
WHERE NOT i.indisprimary AND {_READABLE} AND NOT c.relispartition
ORDER BY 1, 2, 3
""",
    # What `(x).f` may call, and whether with a row: functions that take one value, of the database's own.
    "functions": """
SELECT p.proname, bool_or(p.provariadic <> 0 OR t.typtype = 'c' OR t.typtype = 'p')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_type t ON t.oid = p.proargtypes[0]
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND p.pronargs > 0 AND (p.pronargs - p.pronargdefaults <= 1 OR p.provariadic <> 0)
GROUP BY 1
""",
    # A view on what it reads, and a parent on its children, whose rows it shows.
    "dependencies": """
SELECT vn.nspname, v.relname, tn.nspname, t.relname
FROM pg_depend d
JOIN pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
JOIN pg_class v ON v.oid = w.ev_class JOIN pg_namespace vn ON vn.oid = v.relnamespace
JOIN pg_class t ON d.refclassid = 'pg_catalog.pg_class'::regclass AND t.oid = d.refobjid
JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE v.oid <> t.oid AND vn.nspname NOT IN ('pg_catalog', 'information_schema')
  AND tn.nspname NOT IN ('pg_catalog', 'information_schema')
UNION
SELECT pn.nspname, p.relname, cn.nspname, c.relname
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND p.relkind IN ('r', 'p', 'f')
""",
    # A partition or child, and what it is one of.
    "children": """
SELECT cn.nspname, c.relname, pn.nspname, p.relname
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND p.relkind IN ('r', 'p', 'f')
""",
}

# What a bare name finds on the session's own search_path: asked before that is emptied.
VISIBLE = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND pg_catalog.pg_table_is_visible(c.oid)
"""

# The database's name, and the schemas of its own that hold anything to read.
SCHEMAS = """
SELECT pg_catalog.current_database()::text, coalesce(pg_catalog.json_agg(nspname ORDER BY nspname), '[]')::text
FROM pg_catalog.pg_namespace n
WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_'
  AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))
"""

_BOOLEANS = {"columns": (4, 6), "indexes": (4,), "functions": (1,)}


def typed(parts: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the parts with booleans and numbers as Python's: the session hands every value over as text."""
    made = dict(parts)
    for part, places in _BOOLEANS.items():
        made[part] = [
            tuple(value == "t" if at in places else value for at, value in enumerate(row)) for row in parts[part]
        ]
    made["relations"] = [(*row[:3], None if row[3] is None else int(row[3]), *row[4:]) for row in parts["relations"]]
    return made


# oid and xmin of a row change with every change of it; ANALYZE writes pg_class in place and changes neither.
FINGERPRINT = """
WITH parts (id, sub, version) AS (
  SELECT oid, 0, xmin FROM pg_catalog.pg_class
  UNION ALL SELECT oid, -4, xmin FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
  UNION ALL SELECT attrelid, attnum, xmin FROM pg_catalog.pg_attribute
  UNION ALL SELECT oid, -1, xmin FROM pg_catalog.pg_constraint
  UNION ALL SELECT objoid, objsubid - 10000, xmin FROM pg_catalog.pg_description
  UNION ALL SELECT oid, -2, xmin FROM pg_catalog.pg_enum
  UNION ALL SELECT oid, -3, xmin FROM pg_catalog.pg_attrdef
  UNION ALL SELECT oid, -5, xmin FROM pg_catalog.pg_proc WHERE oid >= 16384
)
SELECT pg_catalog.sum(pg_catalog.hashint8(id::bigint * 4294967291 + sub * 65537 + version::text::bigint))::text
FROM parts
"""
