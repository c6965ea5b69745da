/*
title = "Missing indexes"
description = "Where an index may be missing: large tables that are often read from end to end, and foreign keys without an index, for which each delete and each update of a key in the other table reads the whole table. Hints: what the statements look for is for pg_slow_statements to tell."
tags = ["operations", "indexes"]
search_hint = "sequential scans, full table scan, unindexed foreign key"

[parameters.rows]
type = "integer"
description = "leave out tables with fewer rows"
minimum = 0
default = 10000
*/
WITH read_whole AS (
    SELECT
        t.relid,
        format('read from end to end %s times, %s rows each time; %s times by an index',
            t.seq_scan, t.seq_tup_read / t.seq_scan, coalesce(t.idx_scan, 0)) AS why,
        t.seq_tup_read AS weight
    FROM pg_stat_user_tables AS t
    WHERE t.seq_scan > coalesce(t.idx_scan, 0)
        AND t.seq_tup_read > 10 * t.n_live_tup
),
unindexed_key AS (
    SELECT
        k.conrelid AS relid,
        format('the foreign key %s (%s) to %s has no index', k.conname,
            (
                SELECT string_agg(a.attname, ', ' ORDER BY key.place)
                FROM unnest(k.conkey) WITH ORDINALITY AS key (number, place)
                JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = key.number
            ),
            k.confrelid::regclass) AS why,
        0 AS weight
    FROM pg_constraint AS k
    WHERE k.contype = 'f'
        AND NOT EXISTS (
            SELECT 1
            FROM pg_index AS i
            WHERE i.indrelid = k.conrelid
                AND i.indpred IS NULL
                -- The key's columns come first, in whatever order.
                AND string_to_array(i.indkey::text, ' ')::smallint[] @> k.conkey
                AND (string_to_array(i.indkey::text, ' ')::smallint[])[1:cardinality(k.conkey)] <@ k.conkey
        )
)
SELECT
    t.schemaname AS schema,
    t.relname AS "table",
    t.n_live_tup AS rows,
    pg_size_pretty(pg_relation_size(t.relid)) AS size,
    found.why
FROM (SELECT * FROM read_whole UNION ALL SELECT * FROM unindexed_key) AS found
JOIN pg_stat_user_tables AS t ON t.relid = found.relid
WHERE t.n_live_tup >= :rows
ORDER BY found.weight DESC, t.n_live_tup DESC, t.relid, found.why
