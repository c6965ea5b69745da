/*
title = "Cupping scores"
description = "Roasts whose tasting score is below a bar, each with the average of the five roasts of that coffee before it."
tags = ["quality"]

[parameters.below]
type = "number"
description = "the bar, of 100"
minimum = 60
maximum = 100
default = 81.5

[parameters.machines]
type = "string"
array = true
max_items = 5
max_length = 30
description = "only roasts of these machines, such as Pip"
optional = true

[parameters.decaf]
type = "boolean"
description = "true: only decaffeinated coffee; false: none of it"
optional = true

[parameters.since]
type = "date"
default = "2025-01-01"

[[examples]]
rows = 7

[[examples]]
arguments = { machines = ["Pip"], below = 83, decaf = false }
rows = 3
*/
WITH scored AS (
    SELECT
        b.batch_id,
        b.roasted_on,
        b.machine,
        p.name,
        p.is_decaf,
        b.cupping_score,
        avg(b.cupping_score) OVER (
            PARTITION BY b.product_id
            ORDER BY b.roasted_on, b.batch_id
            ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING
        ) AS usual
    FROM roast_batch AS b
    JOIN product AS p ON p.product_id = b.product_id
    WHERE b.cupping_score IS NOT NULL
)
SELECT batch_id, roasted_on, machine, name, cupping_score, round(usual, 1) AS usual_score
FROM scored
WHERE cupping_score < :below
    AND roasted_on >= :since
    /*[*/ AND machine IN (SELECT value FROM json_each(:machines)) /*]*/
    /*[*/ AND is_decaf = :decaf /*]*/
ORDER BY roasted_on, batch_id
