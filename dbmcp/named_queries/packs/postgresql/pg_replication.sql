/*
title = "Replication"
description = "How far behind each standby and each replication slot of this server is, in bytes of the log and in time; and whether this server is a standby itself. A slot that is not active keeps the log for ever."
tags = ["operations", "replication"]
search_hint = "replication lag, standby, slots, WAL"
*/
WITH here AS (
    SELECT
        pg_is_in_recovery() AS is_standby,
        -- A standby has no log position of its own to write at.
        CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END AS lsn
)
SELECT
    'this server' AS what,
    CASE WHEN here.is_standby THEN 'a standby' ELSE 'a primary' END AS name,
    NULL AS state,
    CASE WHEN here.is_standby THEN pg_wal_lsn_diff(here.lsn, pg_last_wal_replay_lsn()) END AS bytes_behind,
    -- While nothing is written there is nothing to replay: then the time only tells when there was.
    CASE WHEN here.is_standby THEN date_trunc('milliseconds', clock_timestamp() - pg_last_xact_replay_timestamp()) END
        AS time_behind
FROM here
UNION ALL
SELECT
    'a standby of this server',
    r.application_name,
    coalesce(r.state || ', ' || r.sync_state, 'hidden: the role is no member of pg_read_all_stats'),
    pg_wal_lsn_diff(here.lsn, r.replay_lsn),
    date_trunc('milliseconds', r.replay_lag)
FROM pg_stat_replication AS r
CROSS JOIN here
UNION ALL
SELECT
    s.slot_type || ' slot',
    s.slot_name,
    CASE WHEN s.active THEN 'active' ELSE 'not active' END || coalesce(', log ' || s.wal_status, ''),
    pg_wal_lsn_diff(here.lsn, coalesce(s.confirmed_flush_lsn, s.restart_lsn)),
    NULL
FROM pg_replication_slots AS s
CROSS JOIN here
ORDER BY what DESC, bytes_behind DESC NULLS LAST, name
