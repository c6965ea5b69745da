"""A database of 5,000 tables as large companies have them, made without chance.

What it is about stands in domains.txt. Around each entity lie the tables that grow around entities: its history, notes,
audit log and so on. Each domain writes names in a style of its own, and only some tables have a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint

TABLES = 5_000

_SHORT = {
    "account": "acct",
    "amount": "amt",
    "applicant": "appl",
    "customer": "cust",
    "department": "dept",
    "employee": "emp",
    "general": "gen",
    "history": "hist",
    "invoice": "inv",
    "machine": "mach",
    "material": "matl",
    "number": "no",
    "order": "ord",
    "payment": "pmt",
    "position": "pos",
    "quantity": "qty",
    "request": "req",
    "subscriber": "subscr",
    "transaction": "txn",
}
_STYLES: dict[str, Callable[[list[str]], str]] = {
    "snake": "_".join,
    "abbreviated": lambda words: "_".join(_SHORT.get(word, word) for word in words),
    "upper": lambda words: "_".join(words).upper(),
    "camel": lambda words: words[0] + "".join(map(str.capitalize, words[1:])),
    "pascal": lambda words: "".join(word[:1].upper() + word[1:] for word in words),
    "german": "_".join,
    "prefixed": lambda words: "tbl_" + "_".join(words),
}
# What grows around an entity: further words of the name, columns, and a comment.
_AROUND: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("history", ("changed_at", "changed_by", "old_value", "new_value"), "Earlier states of {}."),
    ("note", ("author", "body"), None),
    ("attachment", ("file_name", "mime_type", "size_bytes"), None),
    ("type", ("code", "label"), None),
    ("audit log", ("action", "actor", "happened_at"), "Who did what to {}."),
    ("tag", ("tag",), None),
    ("import", ("batch", "line_number", "error_text"), None),
    ("export queue", ("batch", "sent_at"), None),
    ("monthly summary", ("month", "entries", "total"), "Figures on {}, month by month."),
    ("translation", ("language", "label"), None),
    ("merge", ("kept_id", "merged_id"), None),
    ("archive", ("archived_at", "payload"), None),
    ("permission", ("role", "may_read", "may_write"), None),
    ("status", ("code", "label"), None),
    ("assignment", ("assignee", "assigned_at"), None),
)
_ENTITY = re.compile(r"(?P<words>[^(]+?) \((?P<columns>.*?)\)(?: -- (?P<comment>.+))?")
_COLUMN = re.compile(r"(?P<name>\w+)(?:>(?P<target>[^{]+))?(?:\{(?P<labels>.+)\})?")


@dataclass(frozen=True)
class _Entity:
    schema: str
    style: str
    words: str
    columns: tuple[str, ...]
    comment: str | None

    def name(self, *more: str) -> str:
        return _STYLES[self.style]([*self.words.split(), *(word for text in more for word in text.split())])


def large_catalog() -> Catalog:
    """Return the snapshot of the database."""
    entities = list(_entities())
    made = [_table(entity, number) for number, entity in enumerate(entities)]
    for words, columns, comment in _AROUND:
        made += [_around(entity, words, columns, comment, number) for number, entity in enumerate(entities)]
    if len(made) < TABLES:
        raise AssertionError(f"domains.txt is good for {len(made)} tables alone")
    return Catalog(tuple(sorted(made[:TABLES], key=lambda item: item.key)))


def _entities() -> Iterator[_Entity]:
    text = (Path(__file__).parent / "domains.txt").read_text("utf-8")
    for paragraph in text.split("\n\n")[1:]:
        head, *lines = paragraph.strip().splitlines()
        schema, style = head.split()
        for line in lines:
            found = _ENTITY.fullmatch(line)
            if found is None:
                raise AssertionError(f"domains.txt: {line}")
            columns = tuple(re.findall(r"[^,{]+(?:\{[^}]*\})?", found["columns"]))
            yield _Entity(schema, style, found["words"], tuple(map(str.strip, columns)), found["comment"])


def _table(entity: _Entity, number: int) -> Relation:
    columns = [_key(entity)]
    keys = [Constraint("pk", "primary", (columns[0].name,))]
    for text in entity.columns:
        found = _COLUMN.fullmatch(text)
        if found is None:
            raise AssertionError(f"domains.txt: {text}")
        name, labels = found["name"], tuple((found["labels"] or "").split(",")) if found["labels"] else ()
        if found["target"]:
            name = _STYLES[entity.style]([*name.split("_"), "id"]).removeprefix("tbl_")
            target = _Entity(entity.schema, entity.style, found["target"], (), None)
            keys.append(
                Constraint(f"fk_{name}", "foreign", (name,), (entity.schema, target.name()), (_key(target).name,))
            )
        else:
            name = _STYLES[entity.style](name.split("_")).removeprefix("tbl_")
        columns.append(Column(name, "bigint" if found["target"] else "text", labels=labels))
    columns += [Column(name, "timestamptz", not_null=True) for name in ("created_at", "updated_at")]
    rows = 37 * number**2 % 90_001
    return Relation(
        entity.schema, entity.name(), "table", rows, entity.comment, columns=tuple(columns), constraints=tuple(keys)
    )


def _around(entity: _Entity, words: str, names: tuple[str, ...], comment: str | None, number: int) -> Relation:
    own = _Entity(entity.schema, entity.style, f"{entity.words} {words}", (), None)
    parent = _key(entity)
    columns = [_key(own), Column(parent.name, "bigint", not_null=True), *(Column(name, "text") for name in names)]
    keys = [
        Constraint("pk", "primary", (columns[0].name,)),
        Constraint("fk", "foreign", (parent.name,), (entity.schema, entity.name()), (parent.name,)),
    ]
    told = comment.format(entity.words) if comment and number % 3 == 0 else None
    return Relation(own.schema, own.name(), "table", 11 * number, told, columns=tuple(columns), constraints=tuple(keys))


def _key(entity: _Entity) -> Column:
    return Column(entity.name("id").removeprefix("tbl_"), "bigint", not_null=True)
