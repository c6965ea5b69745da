/*
title = "What to roast next"
description = "Coffees on sale whose stock will not last: bags on hand, bags sold a week lately, weeks until none is left, and how many bags to roast."
tags = ["stock", "roasting"]
cache_seconds = 60
output = "structured"

[parameters.weeks]
type = "number"
description = "the stock must last so many weeks"
minimum = 0.5
maximum = 26
default = 4

[parameters.sold_since]
type = "date"
description = "the first of the days whose sales tell what a week needs"
default = "2025-10-01"

[parameters.sold_until]
type = "date"
description = "the last of them"
default = "2025-12-31"

[[examples]]
rows = 9

[[examples]]
name = "Before a long holiday"
arguments = { weeks = 8 }
rows = 11
*/
WITH sold AS (
    SELECT
        product_id,
        -- Sales are negative movements.
        -sum(quantity) * 7.0 / (julianday(:sold_until) - julianday(:sold_since) + 1) AS bags_a_week
    FROM stock_movement
    WHERE kind = 'sale'
        AND moved_on BETWEEN :sold_since AND :sold_until
    GROUP BY product_id
)
SELECT
    s.sku,
    p.name,
    s.bags AS on_hand,
    round(sold.bags_a_week, 1) AS bags_a_week,
    round(s.bags / sold.bags_a_week, 1) AS weeks_left,
    CAST(ceil(sold.bags_a_week * :weeks - s.bags) AS INTEGER) AS to_roast
FROM sold
JOIN stock_on_hand AS s ON s.product_id = sold.product_id
JOIN product AS p ON p.product_id = sold.product_id
WHERE p.retired_on IS NULL
    AND s.bags < sold.bags_a_week * :weeks
ORDER BY weeks_left, s.sku
