/*
title = "Connections"
description = "Sessions of the whole server, counted by database, role, application and state, with the longest time in that state, and the share of the connections that the server allows."
tags = ["operations", "sessions"]
search_hint = "connection count, max_connections, idle in transaction, pool"
*/
SELECT
    coalesce(a.datname, 'none') AS database,
    a.usename AS role,
    a.application_name AS application,
    coalesce(a.state, 'hidden: the role is no member of pg_read_all_stats') AS state,
    count(*) AS sessions,
    date_trunc('seconds', max(clock_timestamp() - a.state_change)) AS longest,
    round(100.0 * sum(count(*)) OVER () / current_setting('max_connections')::int, 1) AS percent_of_allowed_in_all
FROM pg_stat_activity AS a
-- Workers of the server itself have neither.
WHERE a.usename IS NOT NULL AND a.datname IS NOT NULL
GROUP BY a.datname, a.usename, a.application_name, a.state
ORDER BY sessions DESC, database, role, application, state
