-- Copper Hare Coffee, a made-up wholesale roastery in Cork, Ireland.
--
-- The books run from 2023-01-02 to 2025-12-31: take 2025-12-31 as today.
-- Money is whole cents of the euro (INTEGER, names end in _cents), days are ISO text (YYYY-MM-DD, names end in _on),
-- weights are kilograms (REAL, names end in kg), yes/no is 1/0.
--
-- SQLite keeps the text of each CREATE statement, comments included, so comments are where the documentation lives:
-- the first comment inside the brackets is about the table or view, the one behind a column is about that column.

CREATE TABLE employee (
    -- Staff past and present, with who reports to whom.
    employee_id  INTEGER PRIMARY KEY, -- staff number
    full_name    TEXT NOT NULL, -- first and last name
    email        TEXT NOT NULL UNIQUE, -- work address
    role         TEXT NOT NULL CHECK (role IN ('director', 'head_roaster', 'roaster', 'head_of_sales', 'account_manager', 'finance', 'warehouse')), -- what they do
    manager_id   INTEGER REFERENCES employee (employee_id), -- whom they report to, NULL for the director
    hired_on     TEXT NOT NULL, -- first working day
    left_on      TEXT, -- last working day, NULL while employed
    salary_cents INTEGER NOT NULL CHECK (salary_cents > 0), -- confidential: gross pay per year
    CHECK (left_on IS NULL OR left_on > hired_on)
);

CREATE TABLE producer (
    -- Farms, cooperatives and others who sell us green coffee.
    producer_id INTEGER PRIMARY KEY, -- our number for the producer
    name        TEXT NOT NULL UNIQUE, -- trading name
    kind        TEXT NOT NULL CHECK (kind IN ('estate', 'cooperative', 'washing_station', 'decaffeinator')), -- what sort of business
    country     TEXT NOT NULL, -- country of origin, in English
    region      TEXT NOT NULL, -- growing region
    process     TEXT NOT NULL CHECK (process IN ('washed', 'natural', 'honey', 'wet_hulled', 'water_decaf')), -- how the cherries are treated
    altitude_m  INTEGER CHECK (altitude_m BETWEEN 0 AND 3000), -- metres above sea level, NULL if not a farm
    is_organic  BOOLEAN NOT NULL DEFAULT 0 CHECK (is_organic IN (0, 1)) -- 1 if certified organic
);

CREATE TABLE green_lot (
    -- One purchase of green (unroasted) coffee from a producer.
    lot_id             INTEGER PRIMARY KEY, -- our number for the lot
    lot_code           TEXT NOT NULL UNIQUE, -- stencilled on the sacks, such as COL-230412
    producer_id        INTEGER NOT NULL REFERENCES producer (producer_id), -- who grew it
    arrived_on         TEXT NOT NULL, -- day it reached the roastery
    bought_kg          REAL NOT NULL CHECK (bought_kg > 0), -- weight bought
    price_cents_per_kg INTEGER NOT NULL CHECK (price_cents_per_kg > 0), -- price paid, freight included
    cup_score          REAL CHECK (cup_score BETWEEN 0 AND 100) -- tasting score of 100, NULL if not tasted
);

CREATE TABLE product (
    -- A coffee as sold: blend or single origin in one bag size.
    product_id       INTEGER PRIMARY KEY, -- our number for the product
    sku              TEXT NOT NULL UNIQUE, -- code on the price list, such as HARE-1KG
    name             TEXT NOT NULL, -- name on the bag
    roast            TEXT NOT NULL CHECK (roast IN ('light', 'medium', 'dark')), -- roast level
    bag_grams        INTEGER NOT NULL CHECK (bag_grams IN (250, 1000)), -- net weight of a bag
    is_decaf         BOOLEAN NOT NULL DEFAULT 0 CHECK (is_decaf IN (0, 1)), -- 1 if decaffeinated
    list_price_cents INTEGER NOT NULL CHECK (list_price_cents > 0), -- price of a bag today, before discount
    recipe           TEXT NOT NULL CHECK (json_valid(recipe)), -- JSON object: percent of green coffee by producer_id
    launched_on      TEXT NOT NULL, -- first day on sale
    retired_on       TEXT, -- last day on sale, NULL while sold
    UNIQUE (name, bag_grams),
    CHECK (retired_on IS NULL OR retired_on > launched_on)
);

CREATE TABLE customer (
    -- Businesses that buy from us.
    customer_id        INTEGER PRIMARY KEY, -- account number
    name               TEXT NOT NULL UNIQUE, -- trading name
    kind               TEXT NOT NULL CHECK (kind IN ('cafe', 'restaurant', 'hotel', 'grocer', 'office')), -- line of business
    city               TEXT NOT NULL, -- where we deliver
    email              TEXT, -- personal data: who gets the invoices, NULL if sent by post
    account_manager_id INTEGER REFERENCES employee (employee_id), -- who looks after them, NULL for small accounts
    terms_days         INTEGER NOT NULL DEFAULT 30 CHECK (terms_days IN (14, 30, 45)), -- days to pay an invoice
    discount_percent   INTEGER NOT NULL DEFAULT 0 CHECK (discount_percent BETWEEN 0 AND 30), -- agreed discount on list prices
    opened_on          TEXT NOT NULL, -- account opened
    closed_on          TEXT, -- account closed, NULL while open (even if they no longer order)
    CHECK (closed_on IS NULL OR closed_on > opened_on)
);

CREATE TABLE sales_order (
    -- An order by a customer, from 2023-01-02 to 2025-12-31. Its coffees are in order_line.
    order_id       INTEGER PRIMARY KEY, -- order number
    customer_id    INTEGER NOT NULL REFERENCES customer (customer_id), -- who ordered
    ordered_on     TEXT NOT NULL, -- day the order came in
    status         TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'shipped', 'delivered', 'cancelled')), -- how far it has got
    channel        TEXT NOT NULL CHECK (channel IN ('web', 'email', 'phone')), -- how it came in
    delivery_cents INTEGER NOT NULL DEFAULT 0 CHECK (delivery_cents >= 0), -- delivery charge, 0 if free
    note           TEXT -- what the customer asked for, NULL mostly
);

CREATE TABLE order_line (
    -- One coffee on an order. Revenue is total_cents over orders that are not cancelled.
    order_id         INTEGER NOT NULL REFERENCES sales_order (order_id), -- the order
    line_no          INTEGER NOT NULL CHECK (line_no > 0), -- position on the order, from 1
    product_id       INTEGER NOT NULL REFERENCES product (product_id), -- the coffee
    quantity         INTEGER NOT NULL CHECK (quantity > 0), -- bags ordered
    unit_price_cents INTEGER NOT NULL CHECK (unit_price_cents > 0), -- list price of a bag that day
    discount_percent INTEGER NOT NULL DEFAULT 0 CHECK (discount_percent BETWEEN 0 AND 30), -- discount given
    total_cents      INTEGER GENERATED ALWAYS AS ((quantity * unit_price_cents * (100 - discount_percent) + 50) / 100) VIRTUAL, -- price of the line after discount
    PRIMARY KEY (order_id, line_no),
    UNIQUE (order_id, product_id)
);

CREATE TABLE shipment (
    -- The parcel run that took an order to the customer, one per order.
    shipment_id  INTEGER PRIMARY KEY, -- our number for the shipment
    order_id     INTEGER NOT NULL UNIQUE REFERENCES sales_order (order_id), -- the order sent
    carrier      TEXT NOT NULL CHECK (carrier IN ('own_van', 'Swift Parcel', 'Western Couriers')), -- who carried it
    tracking     TEXT UNIQUE, -- tracking number, NULL for our own van
    shipped_on   TEXT NOT NULL, -- day it left the roastery
    delivered_on TEXT, -- day it arrived, NULL while on the way
    CHECK (delivered_on IS NULL OR delivered_on >= shipped_on),
    CHECK ((carrier = 'own_van') = (tracking IS NULL))
);

CREATE TABLE invoice (
    -- The bill for a shipped order. What is still owed is in the view invoice_balance.
    invoice_id  INTEGER PRIMARY KEY, -- our number for the invoice
    number      TEXT NOT NULL UNIQUE, -- number printed on it, such as 2024-0117
    order_id    INTEGER NOT NULL UNIQUE REFERENCES sales_order (order_id), -- the order billed
    issued_on   TEXT NOT NULL, -- day it was sent
    due_on      TEXT NOT NULL, -- last day to pay on time
    total_cents INTEGER NOT NULL CHECK (total_cents > 0), -- amount billed, delivery included
    status      TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'part_paid', 'paid', 'written_off')), -- written_off: we gave up
    CHECK (due_on > issued_on)
);

CREATE TABLE payment (
    -- Money received for an invoice, sometimes in two parts.
    payment_id   INTEGER PRIMARY KEY, -- our number for the payment
    invoice_id   INTEGER NOT NULL REFERENCES invoice (invoice_id), -- the invoice paid
    paid_on      TEXT NOT NULL, -- day the money arrived
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0), -- amount received
    method       TEXT NOT NULL CHECK (method IN ('bank_transfer', 'direct_debit', 'card')) -- how they paid
);

CREATE TABLE product_return (
    -- Bags a customer sent back. The credit is taken off the invoice.
    return_id    INTEGER PRIMARY KEY, -- our number for the return
    order_id     INTEGER NOT NULL, -- the order they came from
    line_no      INTEGER NOT NULL, -- the line of that order
    returned_on  TEXT NOT NULL, -- day they came back
    quantity     INTEGER NOT NULL CHECK (quantity > 0), -- bags returned
    reason       TEXT NOT NULL CHECK (reason IN ('damaged', 'bag_seal', 'stale', 'wrong_item', 'over_ordered')), -- why, bag_seal: it leaked air
    restocked    BOOLEAN NOT NULL CHECK (restocked IN (0, 1)), -- 1 if good enough to sell again
    credit_cents INTEGER NOT NULL CHECK (credit_cents >= 0), -- amount credited
    UNIQUE (order_id, line_no),
    FOREIGN KEY (order_id, line_no) REFERENCES order_line (order_id, line_no)
);

CREATE TABLE roast_batch (
    -- One run of a roasting machine, making bags of one product.
    batch_id      INTEGER PRIMARY KEY, -- our number for the batch
    product_id    INTEGER NOT NULL REFERENCES product (product_id), -- what was made
    roasted_on    TEXT NOT NULL, -- day of roasting
    machine       TEXT NOT NULL CHECK (machine IN ('Big Bertha', 'Pip')), -- Pip is the small one
    roaster_id    INTEGER NOT NULL REFERENCES employee (employee_id), -- who roasted
    green_kg      REAL NOT NULL CHECK (green_kg > 0), -- weight of green coffee in
    roasted_kg    REAL NOT NULL CHECK (roasted_kg > 0), -- weight of roasted coffee out, always less
    bags          INTEGER NOT NULL CHECK (bags > 0), -- bags filled
    cupping_score REAL CHECK (cupping_score BETWEEN 0 AND 100), -- tasting score of 100, NULL if not tasted
    CHECK (roasted_kg < green_kg)
);

CREATE TABLE batch_lot (
    -- Which green lots went into which roast batch, and how much of each.
    batch_id INTEGER NOT NULL REFERENCES roast_batch (batch_id) ON DELETE CASCADE, -- the batch
    lot_id   INTEGER NOT NULL REFERENCES green_lot (lot_id), -- the lot
    kg       REAL NOT NULL CHECK (kg > 0), -- green coffee taken from the lot
    PRIMARY KEY (batch_id, lot_id)
) WITHOUT ROWID;

CREATE TABLE stock_movement (
    -- Every change to the bags in the warehouse. Stock on hand is the sum of quantity.
    movement_id INTEGER PRIMARY KEY, -- our number for the movement, in order of time
    product_id  INTEGER NOT NULL REFERENCES product (product_id), -- the coffee
    moved_on    TEXT NOT NULL, -- day of the movement
    kind        TEXT NOT NULL CHECK (kind IN ('roast', 'sale', 'return', 'count')), -- count: put right after stocktaking
    quantity    INTEGER NOT NULL CHECK (quantity <> 0), -- bags, + in and - out
    batch_id    INTEGER UNIQUE REFERENCES roast_batch (batch_id), -- the batch, for kind roast only
    shipment_id INTEGER REFERENCES shipment (shipment_id), -- the shipment, for kind sale only
    return_id   INTEGER UNIQUE REFERENCES product_return (return_id), -- the return, for kind return only
    CHECK ((kind = 'roast') = (batch_id IS NOT NULL)),
    CHECK ((kind = 'sale') = (shipment_id IS NOT NULL)),
    CHECK ((kind = 'return') = (return_id IS NOT NULL))
);

CREATE INDEX employee_manager ON employee (manager_id);
CREATE INDEX green_lot_producer ON green_lot (producer_id, arrived_on);
CREATE UNIQUE INDEX customer_email ON customer (lower(email));
CREATE INDEX customer_account_manager ON customer (account_manager_id);
CREATE INDEX sales_order_customer ON sales_order (customer_id, ordered_on);
CREATE INDEX sales_order_day ON sales_order (ordered_on);
CREATE INDEX order_line_product ON order_line (product_id);
CREATE INDEX invoice_unpaid ON invoice (due_on) WHERE status IN ('open', 'part_paid');
CREATE INDEX payment_invoice ON payment (invoice_id, paid_on DESC);
CREATE INDEX roast_batch_product ON roast_batch (product_id, roasted_on);
CREATE INDEX roast_batch_roaster ON roast_batch (roaster_id);
CREATE INDEX batch_lot_lot ON batch_lot (lot_id);
CREATE INDEX stock_movement_product ON stock_movement (product_id, moved_on);
CREATE INDEX stock_movement_shipment ON stock_movement (shipment_id);

CREATE VIEW invoice_balance (
    -- Each invoice with its customer, what is still owed and how late it was or is.
    invoice_id, -- the invoice
    customer_id, -- who was billed
    due_on, -- last day to pay on time
    status, -- open, part_paid, paid or written_off
    billed_cents, -- amount of the invoice
    credited_cents, -- taken off for returns
    paid_cents, -- received so far
    balance_cents, -- still owed
    settled_on, -- day it was paid in full, NULL if it is not
    days_late -- from due_on to settled_on, or to 2025-12-31 if unpaid, negative if early
) AS
WITH received AS (
    SELECT invoice_id, sum(amount_cents) AS cents, max(paid_on) AS last_on
    FROM payment
    GROUP BY invoice_id
),
credited AS (
    SELECT order_id, sum(credit_cents) AS cents
    FROM product_return
    GROUP BY order_id
)
SELECT
    i.invoice_id,
    o.customer_id,
    i.due_on,
    i.status,
    i.total_cents,
    coalesce(c.cents, 0),
    coalesce(r.cents, 0),
    i.total_cents - coalesce(c.cents, 0) - coalesce(r.cents, 0),
    CASE WHEN i.status = 'paid' THEN r.last_on END,
    CAST(julianday(CASE WHEN i.status = 'paid' THEN r.last_on ELSE '2025-12-31' END) - julianday(i.due_on) AS INTEGER)
FROM invoice AS i
JOIN sales_order AS o ON o.order_id = i.order_id
LEFT JOIN received AS r ON r.invoice_id = i.invoice_id
LEFT JOIN credited AS c ON c.order_id = i.order_id;

CREATE VIEW monthly_sales (
    -- Sales by month ordered and product, without cancelled orders.
    month, -- year and month, such as 2024-11
    product_id, -- the coffee
    orders, -- orders with this coffee
    bags, -- bags ordered
    revenue_cents -- price after discount, without delivery
) AS
SELECT
    substr(o.ordered_on, 1, 7),
    l.product_id,
    count(*),
    sum(l.quantity),
    sum(l.total_cents)
FROM sales_order AS o
JOIN order_line AS l ON l.order_id = o.order_id
WHERE o.status <> 'cancelled'
GROUP BY substr(o.ordered_on, 1, 7), l.product_id;

CREATE VIEW stock_on_hand (
    -- Bags of each product in the warehouse now.
    product_id, -- the coffee
    sku, -- code on the price list
    bags, -- bags in stock
    last_roasted_on -- day of the newest batch
) AS
SELECT
    p.product_id,
    p.sku,
    sum(m.quantity),
    max(CASE WHEN m.kind = 'roast' THEN m.moved_on END)
FROM product AS p
JOIN stock_movement AS m ON m.product_id = p.product_id
GROUP BY p.product_id, p.sku;

CREATE TRIGGER shipment_sent AFTER INSERT ON shipment
-- The status of an order follows its shipment.
BEGIN
    UPDATE sales_order
    SET status = CASE WHEN NEW.delivered_on IS NULL THEN 'shipped' ELSE 'delivered' END
    WHERE order_id = NEW.order_id;
END;

-- The rows written by hand. seed.py writes what follows from them: orders, roasts, invoices and so on.

INSERT INTO employee (employee_id, full_name, email, role, manager_id, hired_on, left_on, salary_cents) VALUES
    (1, 'Nora Quill', 'nora.quill@copperhare.example', 'director', NULL, '2017-03-01', NULL, 8200000),
    (2, 'Tomás Reade', 'tomas.reade@copperhare.example', 'head_roaster', 1, '2017-03-01', NULL, 6150000),
    (3, 'Ingrid Sol', 'ingrid.sol@copperhare.example', 'head_of_sales', 1, '2018-09-03', NULL, 6400000),
    (4, 'Dara Finch', 'dara.finch@copperhare.example', 'finance', 1, '2019-01-14', NULL, 5200000),
    (5, 'Cormac Daly', 'cormac.daly@copperhare.example', 'warehouse', 1, '2018-05-21', NULL, 4100000),
    (6, 'Wiktor Zalewski', 'wiktor.zalewski@copperhare.example', 'roaster', 2, '2020-02-03', NULL, 4250000),
    (7, 'Joan Ferris', 'joan.ferris@copperhare.example', 'roaster', 2, '2019-06-10', '2023-11-30', 4000000),
    (8, 'Amara Obi', 'amara.obi@copperhare.example', 'roaster', 2, '2024-01-08', NULL, 3950000),
    (9, 'Sive Lacey', 'sive.lacey@copperhare.example', 'account_manager', 3, '2019-10-07', NULL, 4500000),
    (10, 'Milo Tran', 'milo.tran@copperhare.example', 'account_manager', 3, '2022-03-14', NULL, 4350000),
    (11, 'Bea Lindqvist', 'bea.lindqvist@copperhare.example', 'warehouse', 5, '2023-08-21', NULL, 3300000);

INSERT INTO producer (producer_id, name, kind, country, region, process, altitude_m, is_organic) VALUES
    (1, 'Fazenda Boa Sombra', 'estate', 'Brazil', 'Sul de Minas', 'natural', 1100, 0),
    (2, 'Finca La Golondrina', 'estate', 'Colombia', 'Huila', 'washed', 1750, 0),
    (3, 'Asociación Río Claro', 'cooperative', 'Guatemala', 'Huehuetenango', 'washed', 1700, 0),
    (4, 'Selva Alta', 'cooperative', 'Peru', 'Cajamarca', 'washed', 1650, 1),
    (5, 'Kebena Station', 'washing_station', 'Ethiopia', 'Guji', 'natural', 2050, 1),
    (6, 'Muthithi Ridge', 'washing_station', 'Kenya', 'Nyeri', 'washed', 1850, 0),
    (7, 'Rukara Hill', 'cooperative', 'Rwanda', 'Nyamasheke', 'honey', 1900, 0),
    (8, 'Lembah Biru', 'cooperative', 'Indonesia', 'Gayo', 'wet_hulled', 1400, 0),
    (9, 'Đồi Sương', 'estate', 'Vietnam', 'Đắk Lắk', 'natural', 600, 0),
    (10, 'Aguas Claras', 'decaffeinator', 'Mexico', 'Veracruz', 'water_decaf', NULL, 0);

INSERT INTO product (product_id, sku, name, roast, bag_grams, is_decaf, list_price_cents, recipe, launched_on, retired_on) VALUES
    (1, 'HARE-1KG', 'Copper Hare House', 'medium', 1000, 0, 2340, '{"1": 60, "2": 40}', '2019-01-07', NULL),
    (2, 'FERRY-1KG', 'Night Ferry Espresso', 'dark', 1000, 0, 2180, '{"1": 50, "8": 30, "9": 20}', '2019-01-07', NULL),
    (3, 'LARK-1KG', 'Early Lark Breakfast', 'medium', 1000, 0, 2450, '{"3": 50, "4": 50}', '2019-01-07', NULL),
    (4, 'HUILA-1KG', 'Huila Estate', 'medium', 1000, 0, 2740, '{"2": 100}', '2020-05-04', NULL),
    (5, 'BOAT-1KG', 'Green Boat Organic', 'medium', 1000, 0, 2820, '{"4": 70, "5": 30}', '2024-09-02', NULL),
    (6, 'DOCK-1KG', 'Dockside', 'dark', 1000, 0, 1910, '{"1": 40, "9": 60}', '2019-01-07', '2024-06-28'),
    (7, 'DECAF-1KG', 'Sleeping Hare Decaf', 'medium', 1000, 1, 2870, '{"10": 100}', '2019-01-07', NULL),
    (8, 'COLD-1KG', 'Cold Tap', 'dark', 1000, 0, 2390, '{"1": 70, "7": 30}', '2021-05-03', NULL),
    (9, 'HARE-250', 'Copper Hare House', 'medium', 250, 0, 745, '{"1": 60, "2": 40}', '2019-01-07', NULL),
    (10, 'DECAF-250', 'Sleeping Hare Decaf', 'medium', 250, 1, 890, '{"10": 100}', '2020-03-02', NULL),
    (11, 'GUJI-250', 'Guji Sunrise', 'light', 250, 0, 1070, '{"5": 100}', '2021-02-01', NULL),
    (12, 'NYERI-250', 'Nyeri Blackcurrant', 'light', 250, 0, 1175, '{"6": 100}', '2021-02-01', NULL),
    (13, 'KIVU-250', 'Kivu Shore', 'light', 250, 0, 1030, '{"7": 100}', '2023-10-02', NULL),
    (14, 'LAMP-250', 'Winter Lantern', 'medium', 250, 0, 950, '{"3": 70, "5": 30}', '2019-10-01', NULL);

INSERT INTO customer (customer_id, name, kind, city, email, account_manager_id, terms_days, discount_percent, opened_on, closed_on) VALUES
    (1, 'Quay Street Coffee', 'cafe', 'Galway', NULL, 10, 14, 0, '2019-03-18', NULL),
    (2, 'Fuchsia Foods', 'grocer', 'Cork', 'accounts@fuchsia-foods.example', 3, 30, 15, '2019-05-13', NULL),
    (3, 'Half Door Café', 'cafe', 'Ennis', 'accounts@half-door-cafe.example', NULL, 14, 0, '2019-06-05', NULL),
    (4, 'Lough Arden Lodge', 'hotel', 'Killarney', 'accounts@lough-arden-lodge.example', 10, 45, 0, '2019-07-16', NULL),
    (5, 'Lantern & Loaf', 'cafe', 'Dublin', 'accounts@lantern-loaf.example', NULL, 14, 5, '2019-10-02', NULL),
    (6, 'Bramble Café', 'cafe', 'Kilkenny', 'accounts@bramble-cafe.example', 10, 14, 0, '2020-01-20', NULL),
    (7, 'Seven Sands', 'hotel', 'Sligo', NULL, 10, 45, 0, '2020-08-28', NULL),
    (8, 'The Reading Nook', 'cafe', 'Waterford', 'accounts@the-reading-nook.example', 9, 14, 0, '2020-10-20', NULL),
    (9, 'Harbour House', 'hotel', 'Cobh', 'accounts@harbour-house.example', 10, 45, 5, '2020-12-24', NULL),
    (10, 'Platform Four', 'cafe', 'Dublin', 'accounts@platform-four.example', 9, 14, 0, '2021-01-13', NULL),
    (11, 'Atlantic Crown Hotels', 'hotel', 'Galway', 'accounts@atlantic-crown-hotels.example', 3, 45, 15, '2021-03-08', NULL),
    (12, 'Bistro Marguerite', 'restaurant', 'Cork', 'accounts@bistro-marguerite.example', 9, 30, 0, '2021-05-17', NULL),
    (13, 'Perch', 'cafe', 'Cork', 'accounts@perch.example', 9, 14, 0, '2021-06-21', NULL),
    (14, 'Sole Trader', 'restaurant', 'Dublin', 'accounts@sole-trader.example', 10, 30, 0, '2021-10-04', NULL),
    (15, 'Two Gulls', 'cafe', 'Kinsale', 'accounts@two-gulls.example', 9, 14, 5, '2021-12-07', NULL),
    (16, 'Hotel Marlowe', 'hotel', 'Dublin', NULL, 10, 45, 0, '2021-12-22', NULL),
    (17, 'The Tin Whistle', 'cafe', 'Cork', 'accounts@the-tin-whistle.example', 10, 14, 0, '2022-01-13', NULL),
    (18, 'Cloud Nine Waffles', 'cafe', 'Tralee', 'accounts@cloud-nine-waffles.example', 9, 14, 0, '2022-02-14', '2024-11-29'),
    (19, 'Tidewater Insurance', 'office', 'Dublin', 'accounts@tidewater-insurance.example', 10, 30, 0, '2022-02-21', NULL),
    (20, 'Tigh Mháire', 'restaurant', 'Dingle', 'accounts@tigh-mhaire.example', NULL, 30, 0, '2022-04-06', NULL),
    (21, 'Lunchbox Union', 'office', 'Dublin', 'accounts@lunchbox-union.example', 3, 30, 15, '2022-06-01', NULL),
    (22, 'The Iron Pot', 'restaurant', 'Kilkenny', NULL, 9, 30, 0, '2022-06-27', NULL),
    (23, 'Nettle', 'restaurant', 'Dublin', 'accounts@nettle.example', 10, 30, 0, '2022-09-05', NULL),
    (24, 'Mango Tree', 'restaurant', 'Limerick', 'accounts@mango-tree.example', 9, 30, 0, '2022-09-21', NULL),
    (25, 'Hillside Larder', 'grocer', 'Wicklow', 'accounts@hillside-larder.example', 10, 30, 5, '2022-09-26', NULL),
    (26, 'Corrib Biomedical', 'office', 'Galway', 'accounts@corrib-biomedical.example', 10, 30, 0, '2023-02-27', NULL),
    (27, 'Fox & Fern', 'cafe', 'Wexford', 'accounts@fox-fern.example', 10, 14, 0, '2023-02-27', NULL),
    (28, 'Leeside Software', 'office', 'Cork', 'accounts@leeside-software.example', 10, 30, 0, '2023-03-31', NULL),
    (29, 'Moth & Moon', 'cafe', 'Dublin', 'accounts@moth-moon.example', 9, 14, 0, '2023-06-20', NULL),
    (30, 'The Drawing Room', 'cafe', 'Limerick', 'accounts@the-drawing-room.example', 9, 14, 0, '2023-07-17', NULL),
    (31, 'The Good Shelf', 'grocer', 'Limerick', NULL, NULL, 30, 5, '2023-09-12', NULL),
    (32, 'The Old Customs', 'hotel', 'Waterford', 'accounts@the-old-customs.example', 9, 45, 0, '2023-09-21', NULL),
    (33, 'The Weir House', 'hotel', 'Athlone', 'accounts@the-weir-house.example', 9, 45, 5, '2024-01-16', NULL),
    (34, 'An Cupán Beag', 'cafe', 'Dingle', 'accounts@an-cupan-beag.example', 9, 14, 5, '2024-02-28', NULL),
    (35, 'Pantry & Co', 'grocer', 'Galway', 'accounts@pantry-co.example', NULL, 30, 5, '2024-04-03', NULL),
    (36, 'Hearth & Hop', 'restaurant', 'Galway', 'accounts@hearth-hop.example', 9, 30, 0, '2024-05-09', NULL),
    (37, 'Gorse', 'restaurant', 'Westport', 'accounts@gorse.example', 9, 30, 0, '2024-05-13', NULL),
    (38, 'Saltwater Bar', 'cafe', 'Cobh', 'accounts@saltwater-bar.example', 10, 14, 0, '2024-07-26', NULL),
    (39, 'Green Gate Grocers', 'grocer', 'Dublin', 'accounts@green-gate-grocers.example', 3, 30, 15, '2024-09-09', NULL),
    (40, 'Sundry', 'grocer', 'Dublin', 'accounts@sundry.example', NULL, 30, 5, '2024-10-08', NULL),
    (41, 'Caife na Trá', 'cafe', 'Galway', 'accounts@caife-na-tra.example', 9, 14, 0, '2025-02-11', NULL),
    (42, 'Barrow Co-op', 'grocer', 'Carlow', 'accounts@barrow-coop.example', NULL, 30, 5, '2025-02-18', NULL),
    (43, 'Pixel & Plough', 'office', 'Dublin', 'accounts@pixel-plough.example', NULL, 30, 0, '2025-04-28', NULL),
    (44, 'The Oyster Shed', 'restaurant', 'Kinsale', 'accounts@the-oyster-shed.example', 10, 30, 0, '2025-04-29', NULL);
