"""The books of the demo's coffee roastery: orders, shipments, bills and batches, drawn from one seed."""

import json
import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from sqlite3 import Connection, Row

_FIRST_DAY, _LAST_DAY = date(2023, 1, 2), date(2025, 12, 31)
_DAYS = [_FIRST_DAY + timedelta(days=count) for count in range((_LAST_DAY - _FIRST_DAY).days + 1)]

_DEMAND = (28, 22, 14, 9, 12, 9, 8, 15, 11, 5, 8, 6, 6, 30)  # by product, in order of product_id
_MONTHS_ON_SALE = {"COLD-1KG": range(5, 10), "LAMP-250": range(10, 13)}  # the others sell all year
_LOSS = {"light": 131, "medium": 150, "dark": 176}  # weight lost in roasting, per thousand
_TASTE = {2: 6, 6: -5, 7: 1, 8: 2}  # what a roaster's hand adds to a tasting score, in tenths
_BAD_SEALS = ("LARK-1KG", "2025-02-17", "2025-05-09")  # a faulty roll of bags

# Green coffee by producer, in order of producer_id: lot codes, cents per kg in early 2023, tasting score in
# tenths, and sacks of 60 kg in a lot.
_LOT_CODES = ("BRA", "COL", "GTM", "PER", "ETH", "KEN", "RWA", "IDN", "VNM", "MEX")
_KG_CENTS = (495, 640, 655, 610, 790, 905, 735, 590, 330, 760)
_GREEN_SCORES = (829, 853, 848, 836, 876, 881, 862, 831, 796, 824)
_GREEN_SACKS = (44, 36, 26, 24, 14, 8, 10, 26, 24, 18)
# The world market by half-year, in percent of early 2023. List prices follow late, and only in part.
_MARKET = {2022: (104, 102), 2023: (100, 96), 2024: (109, 131), 2025: (168, 157)}
_PRICE_RISES = ((date(2025, 4, 1), 120), (date(2024, 9, 2), 107), (date(2023, 1, 1), 100))

_ALL_YEAR = (88, 90, 96, 98, 100, 102, 98, 92, 100, 106, 122, 130)
_HABITS = {  # by kind: days between orders, bags on a line, taste for 250 g bags and season in percent
    "cafe": (41, 14, 30, _ALL_YEAR),
    "restaurant": (54, 8, 20, _ALL_YEAR),
    "hotel": (47, 18, 10, (58, 64, 78, 94, 112, 128, 146, 148, 116, 92, 78, 92)),
    "grocer": (41, 24, 400, _ALL_YEAR),
    "office": (56, 9, 60, (106, 104, 104, 100, 100, 94, 76, 62, 106, 112, 110, 78)),
}
_BIG_DISCOUNT = 15  # who has it orders more, and more often
_LAST_ORDER = {6: "2025-03-20", 14: "2025-06-12", 18: "2024-10-11"}  # by customer
# By customer, the days after the due date in which they pay. The others pay about on time.
_PAYS_LATE = {11: (22, 52), 16: (14, 44), 18: (45, 110), 23: (30, 75), 26: (6, 24), 36: (9, 34)}
_VAN_CITIES = {"Cork", "Cobh", "Kinsale"}
_WESTERN_CITIES = {"Galway", "Westport", "Dingle", "Tralee", "Ennis", "Killarney", "Sligo", "Athlone"}
_NOTES = ("Ground for filter, please", "Leave with the shop next door", "Ring first", "New menu from Monday")

_LINES = "SELECT * FROM order_line JOIN product USING (product_id) WHERE order_id = ? ORDER BY line_no"
# What moves bags besides roasting and counting: day, kind, number of the shipment or return, product, bags.
_MOVES = """
    SELECT shipped_on, 'sale', shipment_id, product_id, -quantity FROM shipment JOIN order_line USING (order_id)
    UNION ALL SELECT returned_on, 'return', return_id, product_id, r.quantity FROM product_return AS r
    JOIN order_line USING (order_id, line_no) WHERE restocked ORDER BY 1, 2, 3, 4
"""


class _Dice(random.Random):
    """Draws made of random() alone: of all methods, only its sequence is promised never to change."""

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def weighted(self, weights: list[int]) -> int:
        """Return an index, each as likely as its weight."""
        marks = list(accumulate(weights))
        return bisect_right(marks, self.random() * marks[-1])


class _Bookkeeper:
    """Writes the books stage by stage, each from the rows that the one before it wrote."""

    def __init__(self, connection: Connection) -> None:
        connection.row_factory = Row
        self.connection = connection
        self.dice = _Dice(1900)
        self.stock: Counter[int] = Counter()  # bags by product
        self.sold: Counter[tuple[int, date]] = Counter()  # bags by product and day of shipping
        self.lots: dict[int, tuple[int, int] | None] = {}  # by producer: open lot, tenths of a kg left

    def rows(self, statement: str, *values: int) -> list[Row]:
        return self.connection.execute(statement, values).fetchall()

    def add(self, table: str, *values: float | str | None) -> int:
        """Insert a row; return its number, which SQLite chooses where the first value is None."""
        marks = ", ".join("?" * len(values))
        added = self.connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - own names
        return added.lastrowid or 0

    def take_orders(self) -> None:
        """Write the orders of all customers, day by day."""
        dice, products = self.dice, self.rows("SELECT * FROM product ORDER BY product_id")
        customers = self.rows("SELECT * FROM customer ORDER BY customer_id")
        placed = [(day, row["customer_id"], row) for row in customers for day in self.order_days(row)]
        for day, customer_id, customer in sorted(placed):
            lines = list(self.order_lines(products, customer, day))
            by_web = day.weekday() >= 5 or dice.random() < 0.3 + 0.18 * (day.year - _FIRST_DAY.year)
            channel = "web" if by_web else "email" if dice.random() < 0.6 else "phone"
            goods_cents = sum(bags * price for _, bags, price in lines)
            charge = 0 if customer["city"] in _VAN_CITIES or goods_cents >= 250_00 else 9_50
            note = _NOTES[dice.between(0, len(_NOTES) - 1)] if dice.random() < 0.07 else None
            status = "cancelled" if dice.random() < 0.025 else "open"
            order_id = self.add("sales_order", None, customer_id, f"{day}", status, channel, charge, note)
            for number, line in enumerate(lines, 1):
                self.add("order_line", order_id, number, *line, customer["discount_percent"])

    def order_days(self, customer: Row) -> Iterator[date]:
        every_days, _, _, season = _HABITS[customer["kind"]]
        every_days = 16 if customer["discount_percent"] >= _BIG_DISCOUNT else every_days
        first = max(_FIRST_DAY, date.fromisoformat(customer["opened_on"]))
        day = first + timedelta(days=self.dice.between(0, every_days))
        while day <= _LAST_DAY and f"{day}" <= _LAST_ORDER.get(customer["customer_id"], "9999"):
            yield day
            gap = every_days * (60 + 80 * self.dice.random()) / season[day.month - 1]
            day += timedelta(days=max(3, int(gap)))

    def order_lines(self, products: list[Row], customer: Row, day: date) -> Iterator[tuple[int, int, int]]:
        """Yield product, bags and list price of each line of an order."""
        _, usual_bags, small_taste, season = _HABITS[customer["kind"]]
        rise = next(percent for since, percent in _PRICE_RISES if day >= since)
        appeals = [_appeal(product, small_taste, customer["customer_id"], day) for product in products]
        size = usual_bags * season[day.month - 1] / 100 * (1 + 0.08 * (day - _FIRST_DAY).days / 365)
        size *= 3.5 if customer["discount_percent"] >= _BIG_DISCOUNT else 1
        for _ in range(1 + self.dice.weighted([30, 36, 22, 12])):
            chosen = self.dice.weighted(appeals)
            appeals[chosen] = 0
            product = products[chosen]
            drawn = size * (0.5 + self.dice.random()) * (1.5 if product["bag_grams"] == 250 else 1)
            bags = max(2, int(drawn) // 6 * 6 if drawn >= 12 else int(drawn))  # a carton holds six
            price = (product["list_price_cents"] * rise // _PRICE_RISES[0][1] + 2) // 5 * 5
            yield product["product_id"], bags, price

    def ship_orders(self) -> None:
        """Send orders after a day or three; write what follows, in order of shipping."""
        planned = []
        for order in self.rows("SELECT * FROM sales_order JOIN customer USING (customer_id) ORDER BY 1"):
            ready = date.fromisoformat(order["ordered_on"]) + timedelta(days=self.dice.between(1, 3))
            planned.append((_working_day(ready), order["order_id"], order))
        for shipped, _, order in sorted(planned):
            if shipped <= _LAST_DAY and order["status"] == "open":
                delivered = self.send(order, shipped)
                credit_cents, settled = self.take_back(order, delivered)
                self.bill(order, shipped, settled, credit_cents)

    def send(self, order: Row, shipped: date) -> date:
        """Write the shipment and return the day on which it is delivered."""
        order_id, dice = order["order_id"], self.dice
        if order["city"] in _VAN_CITIES:
            carrier, tracking, days = "own_van", None, dice.between(0, 1)
        elif order["city"] in _WESTERN_CITIES:
            carrier, tracking, days = "Western Couriers", f"WC{order_id * 37 + 40_000}", dice.between(2, 4)
            days += dice.between(2, 5) if shipped.month == 12 else 0
        else:
            carrier, tracking, days = "Swift Parcel", f"SP{order_id * 41 + 700_000}", dice.between(1, 2)
        delivered = _working_day(shipped + timedelta(days=days))
        arrived = f"{delivered}" if delivered <= _LAST_DAY else None
        self.add("shipment", None, order_id, carrier, tracking, f"{shipped}", arrived)
        return delivered

    def take_back(self, order: Row, delivered: date) -> tuple[int, date]:
        """Write what the customer sends back; return the credit and the day from which they may pay."""
        dice, credit_cents, last = self.dice, 0, delivered
        sku, first_bad, last_bad = _BAD_SEALS
        is_far = order["city"] in _WESTERN_CITIES
        for line in self.rows(_LINES, order["order_id"]):
            is_faulty = line["sku"] == sku and first_bad <= order["ordered_on"] <= last_bad
            day = _working_day(delivered + timedelta(days=dice.between(2, 9)))
            if dice.random() > (0.6 if is_faulty else 0.05 if is_far else 0.025) or day > _LAST_DAY:
                continue
            drawn = dice.weighted([60 if is_far else 25, 20, 25, 15])
            reason = "bag_seal" if is_faulty else ("damaged", "stale", "wrong_item", "over_ordered")[drawn]
            bags = dice.between(1, max(1, line["quantity"] // 3))
            cents = line["total_cents"] * bags // line["quantity"]
            is_good = reason in {"wrong_item", "over_ordered"}
            fixed = (order["order_id"], line["line_no"], f"{day}", bags, reason)
            self.add("product_return", None, *fixed, is_good, cents)
            credit_cents, last = credit_cents + cents, max(last, day)
        return credit_cents, last

    def bill(self, order: Row, shipped: date, settled: date, credit_cents: int) -> None:
        """Write the invoice and what was paid of it before the books, or the account, were closed."""
        order_id, customer_id = order["order_id"], order["customer_id"]
        goods_cents = sum(line["total_cents"] for line in self.rows(_LINES, order_id))
        billed_cents = goods_cents + order["delivery_cents"]
        due = shipped + timedelta(days=order["terms_days"])
        payments = list(self.payments(order, billed_cents - credit_cents, due, settled))
        unpaid = "written_off" if order["closed_on"] else "part_paid" if payments else "open"
        status = "paid" if sum(cents for _, cents in payments) == billed_cents - credit_cents else unpaid
        fixed = (f"{shipped:%Y}-{order_id:04d}", order_id, f"{shipped}", f"{due}")
        invoice_id = self.add("invoice", None, *fixed, billed_cents, status)
        method = ("direct_debit", "bank_transfer", "card", "bank_transfer", "bank_transfer")[customer_id % 5]
        for day, cents in payments:
            self.add("payment", None, invoice_id, f"{day}", cents, method)

    def payments(self, order: Row, cents: int, due: date, settled: date) -> Iterator[tuple[date, int]]:
        dice = self.dice
        delay = dice.between(*_PAYS_LATE.get(order["customer_id"], (-7, 1)))
        delay += dice.between(5, 20) if dice.random() < 0.06 else 0
        day = _working_day(max(due + timedelta(days=delay), settled + timedelta(days=1)))
        first = cents * 6 // 10 if dice.random() < (0.3 if delay > 5 else 0.02) else cents
        for part in filter(None, (first, cents - first)):
            if day > _LAST_DAY or f"{day}" > (order["closed_on"] or "9999"):
                return
            yield day, part
            day = _working_day(day + timedelta(days=dice.between(12, 35)))

    def run_warehouse(self) -> None:
        """Roast ahead of what will be shipped, move the bags, count them every quarter."""
        moves: dict[date, list[tuple[int, str, int, int]]] = defaultdict(list)
        for text, kind, source, product_id, bags in self.rows(_MOVES):
            day = date.fromisoformat(text)
            moves[day].append((product_id, kind, bags, source))
            self.sold[product_id, day] -= bags if kind == "sale" else 0
            if day > _LAST_DAY - timedelta(days=28):  # they expect the next four weeks to be like the last
                self.sold[product_id, day + timedelta(days=28)] -= bags if kind == "sale" else 0
        products = self.rows("SELECT * FROM product ORDER BY product_id")
        for day in _DAYS:
            for product in products if day.weekday() in {0, 3} and day == _working_day(day) else ():
                self.roast_ahead(product, day)
            for move in moves[day]:
                self.move(day, *move)
            if (day + timedelta(days=1)).day == 1 and day.month % 3 == 0:
                for product_id, bags in self.stock.copy().items():
                    if bags >= 12 and self.dice.random() < 0.6:
                        self.move(day, product_id, "count", (-3, -2, -1, -1, 1)[self.dice.between(0, 4)])

    def move(self, day: date, product_id: int, kind: str, bags: int, source: int | None = None) -> None:
        self.stock[product_id] += bags
        sources = (source if kind == one else None for one in ("roast", "sale", "return"))
        self.add("stock_movement", None, product_id, f"{day}", kind, bags, *sources)

    def roast_ahead(self, product: Row, day: date) -> None:
        """Roast for four weeks once the stock does not last until the roasting day after the next."""
        number = product["product_id"]
        sold = list(accumulate(self.sold[number, day + timedelta(days=ahead)] for ahead in range(28)))
        is_short = sold[8] and self.stock[number] < sold[8] + 6
        missing = sold[-1] + self.dice.between(6, 36) - self.stock[number] if is_short else 0
        while missing > 0:
            missing -= self.roast(product, missing, day)

    def roast(self, product: Row, missing: int, day: date) -> int:
        """Write one batch and return the bags it fills; they may be fewer than are missing."""
        dice, grams, recipe = self.dice, product["bag_grams"], json.loads(product["recipe"])
        yielded = 1000 - _LOSS[product["roast"]] - dice.between(-7, 7)
        need_kg = missing * grams // yielded + 1
        machine, least, most = ("Big Bertha", 40, 120) if need_kg > 30 else ("Pip", 10, 30)
        green_kg = min(most, max(least, need_kg))
        bags: int = green_kg * yielded // grams
        helper = 7 if f"{day}" <= "2023-11-30" else 8 if f"{day}" >= "2024-01-08" else 6
        roaster = (2, 6, helper)[dice.weighted([1, 4, 4])]
        score = sum(_GREEN_SCORES[int(producer) - 1] * percent for producer, percent in recipe.items()) // 100
        tasted = (score + _TASTE[roaster] + dice.between(-9, 9)) / 10 if dice.random() < 0.75 else None
        made = (float(green_kg), green_kg * yielded // 100 / 10, bags, tasted)
        batch_id = self.add("roast_batch", None, product["product_id"], f"{day}", machine, roaster, *made)
        for producer, percent in recipe.items():
            for lot_id, tenths in self.take_green(int(producer), green_kg * percent // 10, day):
                self.add("batch_lot", batch_id, lot_id, tenths / 10)
        self.move(day, product["product_id"], "roast", bags, batch_id)
        return bags

    def take_green(self, producer: int, tenths: int, day: date) -> Iterator[tuple[int, int]]:
        """Yield the open lot and the tenths of a kilogram taken from it, then those of the next lot."""
        while tenths:
            lot_id, left = self.lots.get(producer) or self.buy_green(producer, day)
            taken = min(tenths, left)
            self.lots[producer] = (lot_id, left - taken) if left > taken else None
            tenths -= taken
            yield lot_id, taken

    def buy_green(self, producer: int, day: date) -> tuple[int, int]:
        dice, place = self.dice, producer - 1
        arrived = day - timedelta(days=dice.between(3, 25))
        price = _KG_CENTS[place] * _MARKET[arrived.year][arrived.month > 6] * dice.between(97, 103) // 10_000
        weight_kg = 60 * (_GREEN_SACKS[place] + dice.between(-4, 4))
        tasted = (_GREEN_SCORES[place] + dice.between(-12, 12)) / 10 if dice.random() < 0.9 else None
        fixed = (f"{_LOT_CODES[place]}-{arrived:%y%m%d}", producer, f"{arrived}", float(weight_kg))
        return self.add("green_lot", None, *fixed, price, tasted), weight_kg * 10


def _working_day(day: date) -> date:
    """Return this day, or the first after it that is neither weekend nor holiday."""
    while day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (12, 25), (12, 26)}:
        day += timedelta(days=1)
    return day


def _appeal(product: Row, small_taste: int, customer_id: int, day: date) -> int:
    """Return how likely the customer is to order the product that day, 0 if it is not on sale."""
    on_sale = product["launched_on"] <= f"{day}" <= (product["retired_on"] or "9999")
    if not on_sale or day.month not in _MONTHS_ON_SALE.get(product["sku"], range(1, 13)):
        return 0
    demand = _DEMAND[product["product_id"] - 1] * (small_taste if product["bag_grams"] == 250 else 100)
    return demand * 4 if (customer_id + product["product_id"]) % 4 == 0 else demand  # everyone has favourites


def keep(connection: Connection) -> None:
    """Write three years of books into tables that hold the rows written by hand; leave the transaction open."""
    bookkeeper = _Bookkeeper(connection)
    bookkeeper.take_orders()
    bookkeeper.ship_orders()
    bookkeeper.run_warehouse()
