/*
title = "Trace a green lot"
description = "Where a lot of green coffee went: every roast it was in, with its share of the roast and what was left of the lot afterwards."
tags = ["traceability", "quality"]
output = "structured"

[parameters.lot_code]
type = "string"
description = "the code stencilled on the sacks, such as COL-230412"
pattern = '[A-Z]{3}-[0-9]{6}'

[parameters.since]
type = "date"
description = "only roasts on this day or later"
optional = true

[[examples]]
arguments = { lot_code = "COL-221223" }
rows = 44

[[examples]]
name = "The last of it"
arguments = { lot_code = "COL-221223", since = "2023-06-15" }
rows = 16
*/
WITH use AS (
    SELECT
        b.batch_id,
        b.roasted_on,
        b.product_id,
        u.kg,
        u.kg / b.green_kg AS share,
        -- What is left is counted over all roasts: the condition on the day comes after it.
        g.bought_kg - sum(u.kg) OVER (ORDER BY b.roasted_on, b.batch_id) AS left_kg
    FROM green_lot AS g
    JOIN batch_lot AS u ON u.lot_id = g.lot_id
    JOIN roast_batch AS b ON b.batch_id = u.batch_id
    WHERE g.lot_code = :lot_code
)
SELECT
    use.batch_id,
    use.roasted_on,
    p.sku,
    round(use.kg, 1) AS kg,
    round(100 * use.share) AS percent_of_roast,
    round(use.left_kg, 1) AS left_kg
FROM use
JOIN product AS p ON p.product_id = use.product_id
WHERE true
    /*[*/ AND use.roasted_on >= :since /*]*/
ORDER BY use.roasted_on, use.batch_id
