/*
title = "Duplicate indexes"
description = "Indexes that another one makes superfluous: it has the same columns in the same order, alone or followed by more. The other one stays."
tags = ["operations", "indexes"]
search_hint = "redundant index, overlapping index"
*/
WITH index AS (
    SELECT
        i.indexrelid,
        i.indrelid,
        i.indisunique,
        i.indisunique OR i.indisexclusion OR i.indisreplident AS keeps_a_rule,
        c.relam,
        i.indnatts = i.indnkeyatts AS includes_nothing,
        -- As texts that end with a blank, so that one is the beginning of another by whole numbers.
        i.indkey::text || ' ' AS columns,
        i.indclass::text || ' ' AS classes,
        i.indcollation::text || ' ' AS collations,
        i.indoption::text || ' ' AS options,
        coalesce(pg_get_expr(i.indexprs, i.indrelid), '') AS expressions,
        coalesce(pg_get_expr(i.indpred, i.indrelid), '') AS condition
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indisvalid
),
pair AS (
    -- Of all that make an index superfluous, the one with the most columns: no other makes that one superfluous.
    SELECT DISTINCT ON (superfluous.indexrelid)
        superfluous.indexrelid AS superfluous,
        superfluous.indrelid,
        kept.indexrelid AS kept,
        kept.columns = superfluous.columns AS is_the_same
    FROM index AS superfluous
    JOIN index AS kept
        ON kept.indrelid = superfluous.indrelid
        AND kept.indexrelid <> superfluous.indexrelid
        AND kept.relam = superfluous.relam
        AND starts_with(kept.columns, superfluous.columns)
        AND starts_with(kept.classes, superfluous.classes)
        AND starts_with(kept.collations, superfluous.collations)
        AND starts_with(kept.options, superfluous.options)
        AND kept.expressions = superfluous.expressions
        AND kept.condition = superfluous.condition
    JOIN pg_am AS method ON method.oid = kept.relam
    WHERE superfluous.includes_nothing
        AND NOT superfluous.keeps_a_rule
        -- Only in a B-tree does the order of the columns count.
        AND (method.amname = 'btree' OR kept.columns = superfluous.columns)
        -- Of two that are the same the one that keeps a rule stays, else the older one.
        AND (kept.columns <> superfluous.columns OR kept.keeps_a_rule OR kept.indexrelid < superfluous.indexrelid)
    ORDER BY superfluous.indexrelid, length(kept.columns) DESC, kept.keeps_a_rule DESC, kept.indexrelid
)
SELECT
    t.schemaname AS schema,
    t.relname AS "table",
    pair.superfluous::regclass AS superfluous,
    pg_size_pretty(pg_relation_size(pair.superfluous)) AS size,
    pair.kept::regclass AS kept,
    CASE WHEN pair.is_the_same THEN 'the same' ELSE 'begins the same' END AS how,
    pg_get_indexdef(pair.superfluous) AS definition,
    pg_get_indexdef(pair.kept) AS definition_kept
FROM pair
JOIN pg_stat_user_tables AS t ON t.relid = pair.indrelid
ORDER BY pg_relation_size(pair.superfluous) DESC, pair.superfluous
