/*
title = "Top customers"
description = "Customers ranked by revenue, number of orders or most recent order in a period. Revenue is in euros, after discounts, without cancelled orders."
tags = ["customers", "revenue"]
cache_seconds = 300
always_load = true
search_hint = "best biggest customers ranking revenue orders"

[parameters.since]
type = "date"
description = "first day of the period"
default = "2025-01-01"

[parameters.until]
type = "date"
description = "last day of the period"
default = "today"

[parameters.kinds]
type = "enum"
array = true
min_items = 1
values = ["cafe", "restaurant", "hotel", "grocer", "office"]
description = "only these lines of business"
optional = true

[parameters.rank_by]
type = "choice"
description = "what comes first"
default = "revenue"
options = { revenue = "revenue_eur DESC", orders = "orders DESC, revenue_eur DESC", newest = "last_order_on DESC" }

[parameters.top]
type = "integer"
description = "how many customers"
default = 10
minimum = 1
maximum = 100

[[examples]]
name = "The ten best customers of 2025"
arguments = { until = "2025-12-31" }
rows = 10

[[examples]]
name = "The hotels that ordered most often in 2024"
arguments = { since = "2024-01-01", until = "2024-12-31", kinds = ["hotel"], rank_by = "orders" }
rows = 7
*/
SELECT
    c.customer_id,
    c.name,
    c.kind,
    c.city,
    count(DISTINCT o.order_id) AS orders,
    round(sum(l.total_cents) / 100.0, 2) AS revenue_eur,
    max(o.ordered_on) AS last_order_on
FROM customer AS c
JOIN sales_order AS o ON o.customer_id = c.customer_id
JOIN order_line AS l ON l.order_id = o.order_id
WHERE o.status <> 'cancelled'
    AND o.ordered_on BETWEEN :since AND :until
    /*[*/ AND c.kind IN (SELECT value FROM json_each(:kinds)) /*]*/
GROUP BY c.customer_id, c.name, c.kind, c.city
-- A tie needs an end too: the same question gives the same rows.
ORDER BY /*rank_by[*/ revenue_eur DESC /*]*/, c.customer_id
LIMIT :top
