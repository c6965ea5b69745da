-- What the role of a session may do beyond reading: rows of code, number, and JSON (examples, or what the code means).
-- Everything comes as text, whatever the session's codecs. A superuser is judged alone: it is a member of every role.
-- Functions are qualified and both sides of every operator have its types: where others may create in a schema of the
-- search path, a nearer match of theirs would run instead.
WITH reachable AS MATERIALIZED (
    SELECT r.*, r.rolname IN (current_user, session_user) AS own FROM pg_catalog.pg_roles r
    WHERE r.rolname IN (current_user, session_user)
    OR NOT EXISTS (SELECT FROM pg_catalog.pg_roles s WHERE s.rolsuper AND s.rolname IN (current_user, session_user))
    AND (pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER') OR pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER'))
), grantees AS MATERIALIZED (
    SELECT oid, false AS everyone FROM reachable UNION ALL SELECT 0::oid, true
), schemas AS MATERIALIZED (
    SELECT n.oid, n.nspname, n.nspacl, n.nspowner IN (SELECT oid FROM reachable) AS owned,
        EXISTS (SELECT FROM reachable r WHERE pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')) AS usable,
        EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) x
            WHERE x.grantee = 0::oid AND x.privilege_type = 'USAGE') AS open
    FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_(toast|temp)'
), relations AS MATERIALIZED (
    SELECT c.oid, c.relacl, c.relkind = 'S' AS is_sequence, c.relname, s.nspname, s.usable, s.open,
        c.relowner IN (SELECT oid FROM reachable) AS owned
    FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND s.nspname NOT IN ('pg_catalog', 'information_schema')
), acl AS (
    SELECT r.oid, x.grantee, x.privilege_type AS privilege, '' AS place
    FROM relations r, pg_catalog.aclexplode(r.relacl) x
    UNION ALL
    SELECT a.attrelid, x.grantee, x.privilege_type, pg_catalog.format(' (%I)', a.attname)
    FROM pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl) x
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
), writable AS MATERIALIZED (
    SELECT r.*, a.privilege, a.place, g.everyone
    FROM acl a JOIN relations r ON r.oid = a.oid JOIN grantees g ON g.oid = a.grantee
    WHERE a.privilege = ANY (CASE WHEN r.is_sequence THEN '{USAGE,UPDATE}'::text[]
        ELSE '{INSERT,UPDATE,DELETE,TRUNCATE,TRIGGER,MAINTAIN}'::text[] END)
), creatable AS MATERIALIZED (
    SELECT s.nspname, s.owned, g.everyone
    FROM schemas s, pg_catalog.aclexplode(s.nspacl) x JOIN grantees g ON g.oid = x.grantee
    WHERE x.privilege_type = 'CREATE'
), large_objects AS MATERIALIZED (
    SELECT l.oid::text AS name, l.lomowner IN (SELECT oid FROM reachable) AS owned, g.everyone
    FROM pg_catalog.pg_largeobject_metadata l, pg_catalog.aclexplode(l.lomacl) x JOIN grantees g ON g.oid = x.grantee
    WHERE x.privilege_type = 'UPDATE'
), database AS MATERIALIZED (
    SELECT d.datname, d.datdba IN (SELECT oid FROM reachable) AS owned, x.privilege_type AS privilege, g.everyone
    FROM pg_catalog.pg_database d,
        pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) x
        JOIN grantees g ON g.oid = x.grantee
    WHERE d.datname = pg_catalog.current_database()
), objects AS (
    SELECT d.classid, d.objid, pg_catalog.row_number() OVER (
        ORDER BY d.classid <> 'pg_catalog.pg_database'::regclass::oid,
            d.classid <> 'pg_catalog.pg_namespace'::regclass::oid,
            d.classid <> 'pg_catalog.pg_class'::regclass::oid, d.objid) AS place
    FROM pg_catalog.pg_shdepend d LEFT JOIN pg_catalog.pg_class c
        ON d.classid = 'pg_catalog.pg_class'::regclass::oid AND c.oid = d.objid AND d.dbid <> 0::oid
    WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass::oid AND d.refobjid IN (SELECT oid FROM reachable)
    AND d.deptype = 'o' AND d.dbid IN (0::oid,
        (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
    AND c.relpersistence IS DISTINCT FROM 't'
), found(code, name) AS (
    SELECT h.code, CASE WHEN pg_catalog.bool_or(r.own) OVER (PARTITION BY h.code) THEN NULL ELSE r.rolname::text END
    FROM reachable r, LATERAL (VALUES ('superuser', r.rolsuper), ('bypass_rls', r.rolbypassrls),
        ('replication', r.rolreplication), ('create_role', r.rolcreaterole), ('create_database', r.rolcreatedb)
    ) h(code, held) WHERE h.held
    UNION ALL SELECT rolname::text, NULL FROM reachable WHERE rolname ~ '^pg_'
    UNION ALL SELECT 'owner', CASE WHEN o.place <= 5 THEN (SELECT i.type || ' ' || i.identity
        FROM pg_catalog.pg_identify_object(o.classid, o.objid, 0) i) END FROM objects o
    UNION ALL SELECT CASE WHEN w.is_sequence THEN 'use_sequence' ELSE 'write_table' END,
        pg_catalog.format('%I.%I: %s', w.nspname, w.relname,
            pg_catalog.string_agg(DISTINCT w.privilege || w.place, ', ' ORDER BY w.privilege || w.place))
        FROM writable w WHERE w.usable AND NOT w.owned GROUP BY w.oid, w.is_sequence, w.nspname, w.relname
    UNION ALL SELECT DISTINCT 'write_large_object', name FROM large_objects WHERE NOT owned
    UNION ALL SELECT DISTINCT 'create_in_schema', pg_catalog.quote_ident(nspname) FROM creatable WHERE NOT owned
    UNION ALL SELECT DISTINCT CASE privilege WHEN 'CREATE' THEN 'create_schema' ELSE 'temporary' END, NULL
        FROM database WHERE NOT owned AND privilege IN ('CREATE', 'TEMPORARY')
    UNION ALL SELECT 'security_definer', pg_catalog.format('%I.%I(%s)', s.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
        FROM pg_catalog.pg_proc p JOIN schemas s ON s.oid = p.pronamespace
        WHERE p.prosecdef AND p.provolatile = 'v' AND p.prokind IN ('f', 'p') AND s.usable
        AND s.nspname NOT IN ('pg_catalog', 'information_schema') AND p.proowner NOT IN (SELECT oid FROM reachable)
        AND p.prorettype NOT IN ('trigger'::regtype::oid, 'event_trigger'::regtype::oid)
        AND EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) x
            JOIN grantees g ON g.oid = x.grantee WHERE x.privilege_type = 'EXECUTE')
    UNION ALL SELECT 'large_objects', CASE WHEN pg_catalog.current_setting('lo_compat_privileges') = 'on'
            THEN 'and write every other, as lo_compat_privileges is on' END
        WHERE EXISTS (SELECT FROM reachable r, (VALUES ('lo_creat(integer)'), ('lo_create(oid)'),
            ('lo_from_bytea(oid,bytea)')) f(name)
            WHERE pg_catalog.has_function_privilege(r.oid, 'pg_catalog.' || f.name, 'EXECUTE'))
    UNION ALL SELECT DISTINCT 'future_writes', pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.defaclrole))
        FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) x JOIN grantees g ON g.oid = x.grantee
        WHERE d.defaclrole NOT IN (SELECT oid FROM reachable) AND x.privilege_type = ANY (CASE d.defaclobjtype
            WHEN 'r' THEN '{INSERT,UPDATE,DELETE,TRUNCATE,TRIGGER,MAINTAIN}'::text[]
            WHEN 'S' THEN '{USAGE,UPDATE}'::text[] WHEN 'n' THEN '{CREATE}'::text[] ELSE '{}'::text[] END)
), public(kind, schema, name, privileges, usable) AS (
    SELECT 'DATABASE', NULL::text, datname::text, '{CREATE}'::text[], true
        FROM database WHERE everyone AND privilege = 'CREATE'
    UNION ALL SELECT 'SCHEMA', NULL, nspname::text, '{CREATE}'::text[], true FROM creatable WHERE everyone
    UNION ALL SELECT CASE WHEN is_sequence THEN 'SEQUENCE' ELSE 'TABLE' END, nspname::text, relname::text,
        pg_catalog.array_agg(DISTINCT privilege ORDER BY privilege), open
        FROM writable WHERE everyone GROUP BY oid, is_sequence, nspname, relname, open
    UNION ALL SELECT 'LARGE OBJECT', NULL, name, '{UPDATE}'::text[], true FROM large_objects WHERE everyone
)
SELECT code, pg_catalog.count(*)::text,
    (pg_catalog.json_agg(name ORDER BY place) FILTER (WHERE place <= 5 AND name IS NOT NULL))::text
FROM (SELECT code, name, pg_catalog.row_number() OVER (PARTITION BY code ORDER BY name) AS place FROM found) f
GROUP BY code
UNION ALL SELECT 'role', '0', pg_catalog.to_json(current_user::text)::text
UNION ALL SELECT 'public', pg_catalog.count(*)::text, (pg_catalog.json_agg(
    pg_catalog.json_build_array(kind, schema, name, privileges, usable) ORDER BY kind, schema, name))::text FROM public
