/*
title = "My accounts"
description = "The customers that the caller looks after: what they ordered in the last year of the books, and since when they have been quiet."
tags = ["customers"]

# Filled from who is calling: it is in no schema, and no argument can change it.
[parameters.me]
type = "integer"
claim = "employee"

[parameters.quiet_since]
type = "date"
description = "only those without an order since this day"
optional = true

[[examples]]
rows = 15

[[examples]]
name = "Whom to call"
arguments = { quiet_since = "2025-12-01" }
rows = 5
*/
SELECT
    c.customer_id,
    c.name,
    c.city,
    count(o.order_id) FILTER (WHERE o.ordered_on >= '2025-01-01') AS orders_in_2025,
    max(o.ordered_on) AS last_order_on
FROM customer AS c
LEFT JOIN sales_order AS o ON o.customer_id = c.customer_id AND o.status <> 'cancelled'
WHERE c.account_manager_id = :me
    AND c.closed_on IS NULL
GROUP BY c.customer_id, c.name, c.city
HAVING true
    /*[*/ AND coalesce(max(o.ordered_on), '') < :quiet_since /*]*/
ORDER BY last_order_on, c.customer_id
