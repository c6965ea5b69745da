-- A small inn: what the allowed statements read and the refused ones would damage. SQLite 3.38 and later, with FTS5.
-- Everything is fixed: no clock, no random values, so that two runs give the same rows.

CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE,
    email TEXT,
    city TEXT,
    tags TEXT NOT NULL DEFAULT '[]',
    settings TEXT NOT NULL DEFAULT '{}',
    born TEXT,
    created_at TEXT NOT NULL,
    update_date TEXT,
    balance NUMERIC NOT NULL DEFAULT 0,
    photo BLOB,
    "delete" INTEGER NOT NULL DEFAULT 0,
    "select" INTEGER
);
INSERT INTO customer VALUES
    (1, 'Ada', 'ada@example.org', 'Bern', '["vip","math"]',
     '{"theme":"dark","lang":"en","limits":{"day":5,"week":20},"devices":[{"os":"linux"},{"os":"ios"}]}',
     '1815-12-10', '2024-01-01 10:00:00', '2024-03-01 08:30:00', 120.5, X'DEADBEEF', 0, 1),
    (2, 'Børge', 'borge@example.org', 'Oslo', '["math"]', '{"theme":"light","lang":"da","limits":{"day":2},"devices":[]}',
     '1909-01-03', '2024-01-02 11:00:00', '2024-03-02 09:00:00', -3.2, NULL, 0, 2),
    (3, '李雷', 'lilei@example.org', 'Bern', '[]', '{}', NULL, '2024-01-03 12:00:00', NULL, 0, X'00FF10', 1, NULL),
    (4, 'O''Neil', NULL, NULL, '["vip","two words"]', '{"theme":null,"lang":"ga","a.b":1}',
     '1960-02-29', '2024-02-01 00:00:00', '2024-02-29 23:59:59', 99999.99, NULL, 0, 4),
    (5, 'zoë', 'zoe@example.org', 'Zürich', '["new"]', '{"lang":"de","score":7.5}',
     '2000-06-15', '2024-02-02 10:00:00', '2024-05-05 05:05:05', 7, X'', 0, 5);
CREATE INDEX customer_name ON customer (name);
CREATE INDEX customer_city ON customer (city) WHERE city IS NOT NULL;

CREATE TABLE room (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    price REAL NOT NULL,
    description TEXT NOT NULL,
    floor INTEGER AS (number / 100)
);
INSERT INTO room (number, kind, price, description) VALUES
    (101, 'single', 80.0, 'A quiet room with a garden view'),
    (102, 'double', 120.0, 'A double room, the garden close by'),
    (201, 'suite', 300.0, 'The quietest suite, with two gardens'),
    (202, 'single', 75.5, 'A small room; loud street');
CREATE VIRTUAL TABLE room_text USING fts5 (number UNINDEXED, description, tokenize = 'porter');
INSERT INTO room_text SELECT number, description FROM room;

CREATE TABLE booking (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer,
    number INTEGER NOT NULL REFERENCES room,
    first_night TEXT NOT NULL,
    nights INTEGER NOT NULL,
    amount REAL NOT NULL,
    placed TEXT NOT NULL
);
INSERT INTO booking VALUES
    (1, 1, 101, '2024-04-01', 2, 160.0, '2024-03-01 09:00:00'),
    (2, 1, 201, '2024-05-01', 1, 300.0, '2024-03-01 09:05:00'),
    (3, 2, 102, '2024-04-02', 4, 453.6, '2024-03-05 18:30:00'),
    (4, 3, 101, '2024-04-10', 2, 160.0, '2024-03-07 00:00:00'),
    (5, 4, 202, '2024-06-01', 33, 0.0, '2024-03-09 23:59:59'),
    (6, 5, 102, '2024-04-06', 1, 105.3, '2024-03-10 12:00:00'),
    (7, 5, 102, '2024-07-06', 3, 315.9, '2024-03-10 12:01:00');
CREATE INDEX booking_customer ON booking (customer_id, placed DESC);

CREATE TABLE employee (
    id INTEGER PRIMARY KEY,
    manager_id INTEGER REFERENCES employee,
    name TEXT NOT NULL,
    department TEXT NOT NULL,
    salary INTEGER NOT NULL,
    hired TEXT NOT NULL
);
INSERT INTO employee VALUES
    (1, NULL, 'Grace', 'house', 9000, '2010-01-01'), (2, 1, 'Edsger', 'kitchen', 7000, '2011-02-02'),
    (3, 1, 'Barbara', 'house', 7500, '2012-03-03'), (4, 2, 'Tony', 'kitchen', 5000, '2013-04-04'),
    (5, 2, 'Niklaus', 'kitchen', 5000, '2014-05-05'), (6, 3, 'Donald', 'house', 5500, '2015-06-06'),
    (7, 6, 'Margaret', 'house', 4000, '2016-07-07');

CREATE TABLE reading (sensor TEXT NOT NULL, at TEXT NOT NULL, value REAL, PRIMARY KEY (sensor, at)) WITHOUT ROWID;
WITH RECURSIVE hours (hour) AS (VALUES (0) UNION ALL SELECT hour + 1 FROM hours WHERE hour < 11)
INSERT INTO reading
SELECT sensor, datetime('2024-01-01', hour || ' hours'), CASE WHEN hour = 5 THEN NULL ELSE start + hour % 4 END
FROM (SELECT 'north' AS sensor, 10.5 AS start UNION ALL SELECT 'south', 20), hours;

CREATE TABLE "Weird table" (
    "column with spaces" INTEGER,
    "dot.column" TEXT,
    "emoji 🎉" TEXT,
    "UPPER" TEXT,
    "from" TEXT,
    "quote""d" INTEGER,
    [insert] TEXT,
    `load_extension` TEXT
);
INSERT INTO "Weird table" VALUES
    (1, 'a', '🎉', 'U', '2024-01-01', 11, 'DROP TABLE customer', 'x'),
    (2, 'b', '👩‍🚀', 'u', '2024-01-02', 22, '; DELETE FROM customer; --', 'y');

CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL, note TEXT);
INSERT INTO audit (who, note) VALUES ('schema', 'made'), ('schema', 'filled');

-- One column that holds a number, a real, a text, a blob and nothing.
CREATE TABLE mixed (id INTEGER PRIMARY KEY, value);
INSERT INTO mixed VALUES
    (1, 1), (2, 1.5), (3, 'text'), (4, X'0102'), (5, NULL), (6, 9223372036854775807), (7, -0.0), (8, 1e300), (9, 9e999),
    (10, 0.1), (11, 1e15), (12, 123456789012345678), (13, 'ünï'), (14, ''), (15, 1e-7);

CREATE VIEW guest AS SELECT id, name, city, born FROM customer WHERE NOT "delete";
CREATE VIEW stay (id, guest, kind, nights, amount) AS
    SELECT b.id, c.name, r.kind, b.nights, b.amount
    FROM booking AS b JOIN customer AS c ON c.id = b.customer_id JOIN room AS r USING (number);

-- ---- what a hostile statement would reach for ----

CREATE TRIGGER keep_guest INSTEAD OF UPDATE ON guest BEGIN
    UPDATE customer SET name = new.name WHERE id = new.id;
END;
CREATE TRIGGER drop_stay INSTEAD OF DELETE ON stay BEGIN
    DELETE FROM booking WHERE id = old.id;
END;
CREATE TRIGGER note_change AFTER UPDATE ON customer BEGIN
    INSERT INTO audit (who, note) VALUES (new.name, 'changed');
END;
ANALYZE;
