/*
title = "Revenue"
description = "Revenue of a period in euros, after discounts, without cancelled orders: by month, product, roast, channel or line of business, each with its share of the whole."
tags = ["revenue"]
cache_seconds = 300
search_hint = "sales turnover by month product channel"

[parameters.by]
type = "choice"
description = "what a row stands for"
default = "month"
options = { month = "substr(o.ordered_on, 1, 7)", product = "p.name", roast = "p.roast", channel = "o.channel", line_of_business = "c.kind" }

[parameters.since]
type = "date"
description = "first day"
default = "2023-01-01"

[parameters.until]
type = "date"
description = "last day"
default = "today"

[parameters.customer_id]
type = "integer"
description = "of one customer only"
optional = true
minimum = 1

[[examples]]
name = "Month by month in 2024"
arguments = { since = "2024-01-01", until = "2024-12-31" }
rows = 12

[[examples]]
name = "How orders come in"
arguments = { by = "channel" }
rows = 3
*/
SELECT
    /*by[*/ substr(o.ordered_on, 1, 7) /*]*/ AS what,
    count(DISTINCT o.order_id) AS orders,
    sum(l.quantity) AS bags,
    round(sum(l.total_cents) / 100.0, 2) AS revenue_eur,
    -- A window over the groups: the sum of all their sums.
    round(100.0 * sum(l.total_cents) / sum(sum(l.total_cents)) OVER (), 1) AS percent_of_all
FROM sales_order AS o
JOIN order_line AS l ON l.order_id = o.order_id
JOIN product AS p ON p.product_id = l.product_id
JOIN customer AS c ON c.customer_id = o.customer_id
WHERE o.status <> 'cancelled'
    AND o.ordered_on BETWEEN :since AND :until
    /*[*/ AND o.customer_id = :customer_id /*]*/
-- By its place: the expression stands in one place only, so a choice has one place only.
GROUP BY 1
ORDER BY 1
