/*
title = "The database in figures"
description = "This database since its counts were set back: size, sessions, transactions, cache hits, what was written to temporary files, deadlocks and conflicts."
tags = ["operations", "performance"]
*/
SELECT
    d.datname AS database,
    pg_size_pretty(pg_database_size(d.datid)) AS size,
    d.numbackends AS sessions,
    d.xact_commit AS commits,
    d.xact_rollback AS rollbacks,
    round(100.0 * d.blks_hit / nullif(d.blks_hit + d.blks_read, 0), 2) AS cache_hit_percent,
    d.temp_files,
    pg_size_pretty(d.temp_bytes) AS temp_written,
    d.deadlocks,
    d.conflicts,
    d.stats_reset AS counted_since
FROM pg_stat_database AS d
WHERE d.datname = current_database()
