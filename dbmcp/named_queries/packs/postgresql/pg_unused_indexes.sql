/*
title = "Unused indexes"
description = "Indexes that hardly any statement used since the counts were set back, largest first, with what each costs in space and in writes. Indexes that keep a rule (primary key, unique, exclusion, replica identity) are left out. Each server counts for itself: look at the standbys too before one is dropped."
tags = ["operations", "indexes"]
search_hint = "unused index, drop index, index usage"

[parameters.scans]
type = "integer"
description = "used at most so often"
minimum = 0
default = 0

[parameters.at_least_mb]
type = "number"
description = "only indexes of this size and more, in MiB"
minimum = 0
default = 1
*/
SELECT
    s.schemaname AS schema,
    s.relname AS "table",
    s.indexrelname AS index,
    s.idx_scan AS scans,
    pg_size_pretty(pg_relation_size(s.indexrelid)) AS size,
    t.n_tup_ins + t.n_tup_upd + t.n_tup_del AS writes_to_table,
    d.stats_reset AS counted_since,
    pg_get_indexdef(s.indexrelid) AS definition
FROM pg_stat_user_indexes AS s
JOIN pg_index AS i ON i.indexrelid = s.indexrelid
JOIN pg_stat_user_tables AS t ON t.relid = s.relid
JOIN pg_stat_database AS d ON d.datname = current_database()
WHERE s.idx_scan <= :scans
    AND NOT (i.indisunique OR i.indisexclusion OR i.indisreplident)
    AND pg_relation_size(s.indexrelid) >= :at_least_mb::numeric * 1048576
ORDER BY pg_relation_size(s.indexrelid) DESC, s.indexrelid
