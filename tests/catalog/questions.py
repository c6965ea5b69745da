"""Questions as people ask them, with the tables that answer each.

They were written before the search that is held to them, and none was changed to fit it.

`PAGILA` (PostgreSQL) and `CHINOOK` (its SQLite edition, whose names are written in capitals and small letters) are the
sample schemas, `LARGE` is the database of large.py.
"""

from __future__ import annotations

from dataclasses import dataclass

PAGILA, CHINOOK, LARGE = "pagila", "chinook", "large"


@dataclass(frozen=True)
class Question:
    """What is asked of a database, and the tables that all must be among the first ones found."""

    database: str
    asked: str
    tables: tuple[str, ...]


QUESTIONS = (
    Question(PAGILA, "who rents the most films", ("rental", "customer")),
    Question(PAGILA, "where are late payments?", ("payment",)),
    Question(PAGILA, "which movies are rated PG-13", ("film",)),
    Question(PAGILA, "movies and their actors", ("film", "actor", "film_actor")),
    Question(PAGILA, "number of clients by country", ("customer", "country")),
    Question(PAGILA, "which employees work in which shop?", ("staff", "store")),
    Question(PAGILA, "copies of a movie in stock", ("inventory", "film")),
    Question(PAGILA, "sales per film category", ("sales_by_film_category",)),
    Question(PAGILA, "langauge of a film", ("language", "film")),
    Question(PAGILA, "replacement costs", ("film",)),
    Question(PAGILA, "rentals that were never returned", ("rental",)),
    Question(PAGILA, "custmer adresses", ("customer", "address")),
    Question(PAGILA, "postcodes and telephone numbers", ("address",)),
    Question(CHINOOK, "best selling songs", ("Track", "InvoiceLine")),
    Question(CHINOOK, "bills of a client", ("Invoice", "Customer")),
    Question(CHINOOK, "albums by a band", ("Album", "Artist")),
    Question(CHINOOK, "who reports to whom?", ("Employee",)),
    Question(CHINOOK, "which staff member supports which customer", ("Employee", "Customer")),
    Question(CHINOOK, "tracks in playlists", ("Track", "Playlist", "PlaylistTrack")),
    Question(CHINOOK, "music genres", ("Genre",)),
    Question(CHINOOK, "file formats of tracks", ("MediaType", "Track")),
    Question(CHINOOK, "composers", ("Track",)),
    Question(CHINOOK, "quantities and unit prices on invoice lines", ("InvoiceLine",)),
    Question(CHINOOK, "when was an employee hired", ("Employee",)),
    Question(LARGE, "where are late payments?", ("fin.dunning_notice",)),
    Question(LARGE, "how much do our employees earn, i.e. salaries", ("hr.salary", "hr.emp")),
    Question(LARGE, "vacation days", ("hr.leave_req",)),
    Question(LARGE, "bills from suppliers", ("purchasing.VendorInvoice",)),
    Question(LARGE, "purchaseOrderLines", ("purchasing.PurchaseOrderLine",)),
    Question(LARGE, "shipmnt tracking", ("logistics.shipmentTracking",)),
    Question(LARGE, "qty on hand in each warehouse", ("warehouse.stock_level", "warehouse.warehouse")),
    Question(LARGE, "which doctor treated a patient", ("clinic.treatment", "clinic.patient", "clinic.physician")),
    Question(LARGE, "students enrolled in courses", ("school.enrollment", "school.student", "school.course")),
    Question(LARGE, "tickets that were escalated", ("support.ticket",)),
    Question(LARGE, "outages of services", ("it.INCIDENT",)),
    Question(LARGE, "flight delays by airport", ("airline.flight", "airline.airport")),
    Question(LARGE, "hotel room bookings", ("hotel.reservation", "hotel.room")),
    Question(LARGE, "Geschaeftspartner mit offenen Rechnungen", ("vertrieb.Geschäftspartner", "vertrieb.Rechnung")),
    Question(LARGE, "harvest yield by crop", ("farm.harvest", "farm.crop")),
    Question(LARGE, "disputed card transactions (chargebacks)", ("bank.chargeback", "bank.card_transaction")),
)
