"""A schema of names that end, change or forge what they are written into: SQL, Mermaid, XML, a terminal."""

from __future__ import annotations

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint

_WORDS = """A a Ab end END class style classDef subgraph one many to u zero erDiagram title pk PK fk Uk * *a* __init__ -
a-b { } [x] ::: a:b style:#x; ( ) , . ' ` ~ a~b~c # #35; a#b; a;b 0+ 1+ 1 1st }o |o ||--o{ %% a%b %%{init:{}}%%
a\\b ² ª ﬂ°°35¶ß
😀 ünï 日本語 العربية toString __proto__ constructor <b> </svg><script>alert(1)</script> ]]> --> &lt; && a.b""".split()
NAMES = (
    *_WORDS,
    "",
    " ",
    "a b",
    'a"b',
    'a["b"]',
    "zero or one",
    "x direction LR y",
    "DIRECTION\tRL",
    "accTitle: x",
    "accDescr {",
    "classDef x:#f;",
    "x\ny",
    "a" * 63,
    "\x00",
    "\x1b[2J",
    "\x7f",
    "\xa0",
    "\u2028",
    "\u202e",
    "\ud83d",
    "\ufeff",
    "\ufffe",
    "\uffff",
)


def hostile() -> Catalog:
    """Return each name as table, column, type, comment and schema's table, with a key from each table to the next."""
    relations = [
        Relation(
            schema,
            name,
            "view" if place % 7 == 0 else "table",
            comment=name,
            columns=tuple(Column(other, other, comment=name) for other in NAMES),
            constraints=(
                Constraint("key", "primary", (name,)),
                Constraint("next", "foreign", (name,), (schema, NAMES[place - 1]), (NAMES[place - 1],)),
            ),
        )
        for schema in ("public", 'a "b".c')
        for place, name in enumerate(NAMES)
    ]
    # The same text for a table with a dot in its name and for one in a schema.
    return Catalog((*relations, Relation("x.y", "z", "table"), Relation("x", "y.z", "table")))
