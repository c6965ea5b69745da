"""Statements that are meant to keep a parser busy, or to kill it: every construct nested and repeated, up to 64 KiB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

LARGEST = 65_536


@dataclass(frozen=True, slots=True)
class Construct:
    """`head`, then `opening` many times, `middle`, `closing` as many times, `tail`."""

    name: str
    opening: str
    closing: str = ""
    head: str = "SELECT "
    middle: str = "1"
    tail: str = ""

    def text(self, size: int) -> str:
        """Return the statement in at most `size` bytes of UTF-8."""
        fixed = len((self.head + self.middle + self.tail).encode())
        times = max((size - fixed) // len((self.opening + self.closing).encode()), 1)
        return f"{self.head}{self.opening * times}{self.middle}{self.closing * times}{self.tail}"


_FROM = "SELECT * FROM "
_NESTED = (
    ("parentheses", "(", ")"), ("array", "ARRAY[", "]"), ("array selects", "ARRAY(SELECT ", ")"),
    ("case", "CASE WHEN 1 THEN ", " END"),
    ("case else", "CASE WHEN a THEN b ELSE ", " END"), ("case of", "CASE ", " WHEN 1 THEN 1 END"),
    ("calls", "abs(", ")"),
    ("coalesce", "coalesce(1,", ")"), ("rows", "ROW(", ")"), ("tuples", "(1,", ")"), ("exists", "EXISTS(SELECT ", ")"),
    ("scalars", "(SELECT ", ")"), ("any", "a = ANY(", ")"), ("in", "a IN (", ")"), ("casts", "CAST(", " AS int)"),
    ("not", "NOT(", ")"),
    ("not words", "NOT ", ""), ("minus", "- ", ""), ("plus", "+ ", ""), ("tight plus", "+", ""),
    ("minus plus", "-+", ""), ("tilde", "~", ""),
    ("tight minus", "-(", ")"), ("xml", "xmlelement(name a,", ")"), ("json", "json_object('a':", ")"),
    ("over", "sum(1) OVER (ORDER BY ", ")"),
    ("filter", "count(*) FILTER (WHERE ", ")"), ("extract", "extract(year FROM ", ")"),
    ("trim", "trim(both 'x' from ", ")"),
    ("interval", "interval ", ""), ("comments", "/*", "*/"), ("comment signs", "/*", ""), ("comment plus", "/*+", ""),
    ("brackets", "[", "]"),
    ("braces", "{", "}"), ("subscripts", "a[", "]"), ("distinct", "DISTINCT ", ""), ("select words", "SELECT ", ""),
    ("all words", "ALL ", ""),
    ("cast words", "CAST(", ""), ("exists words", "EXISTS ", ""), ("parameters", "$", ""),
    ("between", "a BETWEEN 1 AND ", ""),
    ("attribute", "(", ").a"), ("slices", "(", ")[1:2]"), ("collations", "(", ")COLLATE x"),
    ("position", "position('a' in ", ")"),
    ("like", "a LIKE ", ""), ("is", "a IS ", ""), ("double casts", "(", ")::int"), ("lambda", "f(x -> ", ")"),
    ("named", "f(a => ", ")"),
)  # fmt: skip
_REPEATED = (
    ("commas", "1,"), ("names", "a,"), ("aliases", "1 a,"), ("quoted aliases", '1 "a",'), ("sums", "1+"),
    ("ors", "a OR "), ("ands", "a AND "),
    ("concatenations", "'a'||"), ("dots", "a."), ("strings", "'a',"), ("nulls", "NULL,"),
    ("intervals", "interval '1' day,"),
    ("stars", "*,"), ("table stars", "t.*,"), ("windows", "sum(a) OVER (PARTITION BY b),"),
    ("filters", "count(*) FILTER(WHERE a),"),
    ("calls", "abs(1),"), ("selects", "(SELECT 1),"), ("exists", "EXISTS(SELECT 1) AND "),
    ("cases", "CASE WHEN a THEN 1 END,"),
    ("equals", "a="), ("powers", "1^"), ("less", "1<"), ("quotes", "''"), ("doubled quotes", '""'), ("dollars", "$$"),
    ("tags", "$a$"),
    ("different tags", "$a$ $b$ "), ("tag openings", "$a"), ("dashes", "--\n"), ("hashes", "#"), ("at", "@"),
    ("colons", ":"), ("questions", "?"),
    ("pipes", "|"), ("slashes", "/ "), ("backslashes", "\\"), ("digits", "1"), ("letters", "a"), ("unicode", "ä"),
    ("emoji", "🎉"),
    ("underscores", "1_0"), ("exponents", "1e"), ("hex", "0x1,"), ("escapes", "E'\\n',"),
    ("unicode escapes", "U&'\\0061',"),
    ("unicode names", 'U&"\\0061",'), ("bits", "B'1',"), ("continued", "'a'\n"), ("empty comments", "/**/"),
    ("comma comments", "1/**/,"),
    ("line comments", "1--\n,"), ("blanks", " "), ("lines", "\n"), ("form feeds", "\f"), ("semicolons", ";"),
    ("statements", "1;SELECT "),
    ("closing", ")"), ("closing brackets", "]"), ("when", "CASE WHEN "), ("and between", "a BETWEEN 1 AND 2 AND "),
    ("array of one", "ARRAY[1],"),
    ("subscripts", "a[1],"), ("tight casts", "a::int,"), ("at zone", "a AT TIME ZONE 'x',"),
    ("collate", 'a COLLATE "C",'), ("json", "a->'b',"),
    ("rows", "(1,2),"), ("in", "a IN (1) AND "), ("is", "a IS NULL AND "), ("not is", "NOT a IS NOT NULL AND "),
    ("like", "a LIKE b AND "),
    ("typed", "int '1',"), ("dates", "date '2024-01-01',"), ("regclass", "'a'::regclass,"), ("plus minus", "+-"),
    ("long operators", "@#"),
)  # fmt: skip
_ELSEWHERE = (
    Construct("in list", "1,", head="SELECT 1 WHERE 1 IN (", tail=")"),
    Construct("values", "(1),", head="VALUES ", middle="(1)"),
    Construct("unions", "SELECT 1 UNION ALL ", head="", middle="SELECT 1"),
    Construct("tables", "TABLE a UNION ", head="", middle="TABLE a"),
    Construct("excepts", "(SELECT 1) EXCEPT ", head="", middle="SELECT 1"),
    Construct("cross", "t,", head=_FROM, middle="t"),
    Construct("joins", " JOIN t USING(a)", head=_FROM + "t", middle=""),
    Construct("natural", " NATURAL JOIN t", head=_FROM + "t", middle=""),
    Construct("join nests", "t JOIN ", " ON 1", head=_FROM, middle="t"),
    Construct("bare joins", "t JOIN ", head=_FROM, middle="t"),
    Construct("a select behind joins", "->'a'", head=_FROM + "t JOIN " * 13 + "SELECT a", middle=""),
    Construct("join parentheses", "(t JOIN ", " ON 1)", head=_FROM, middle="t"),
    Construct("laterals", ",LATERAL (SELECT 1) a", head=_FROM + "t", middle=""),
    Construct("derived", _FROM + "(", ") a", head="", middle="SELECT 1"),
    Construct("derived list", "(SELECT 1) a,", head=_FROM, middle="t"),
    Construct("withs", "WITH a AS (", ") SELECT 1", head="", middle="SELECT 1"),
    Construct("with words", "WITH ", head=""),
    Construct("with list", "a AS (SELECT 1),", head="WITH ", middle="a AS (SELECT 1) SELECT 1"),
    Construct("union nests", "(SELECT 1 UNION ", ")", head="", middle="SELECT 1"),
    Construct("recursive", "WITH RECURSIVE a AS (SELECT 1 UNION ", ") SELECT 1", head="", middle="SELECT 1"),
    Construct("orders", "a,", head="SELECT 1 ORDER BY ", middle="a"),
    Construct("groups", "(a),", head="SELECT 1 GROUP BY GROUPING SETS (", middle="(a)", tail=")"),
    Construct("cubes", "CUBE(a),", head="SELECT 1 GROUP BY ", middle="a"),
    Construct("group sets", "GROUPING SETS(", ")", head="SELECT 1 GROUP BY ", middle="a"),
    Construct("window list", "w AS (),", head="SELECT 1 WINDOW ", middle="w AS ()"),
    Construct("limits", " LIMIT 1", head="SELECT 1", middle=""),
    Construct("subscript chain", "[1]", head="SELECT a", middle=""),
    Construct("cast chain", "::int", head="SELECT 1", middle=""),
    Construct("arrow chain", "->'a'", head="SELECT a", middle=""),
    Construct("is chain", " IS NULL", head="SELECT a", middle=""),
    Construct("zone chain", " AT TIME ZONE 'x'", head="SELECT a", middle=""),
    Construct("collate chain", ' COLLATE "C"', head="SELECT a", middle=""),
    Construct("like chain", " LIKE a", head="SELECT a", middle=""),
    Construct("in chain", " IN (1)", head="SELECT a", middle=""),
    Construct("escape chain", " LIKE a ESCAPE 'b'", head="SELECT a", middle=""),
    Construct("attributes", ".a", head="SELECT (a)", middle=""),
    Construct("between chain", " BETWEEN 1 AND 2", head="SELECT a", middle=""),
    Construct("whens", "WHEN a THEN b ", head="SELECT CASE ", middle="", tail="END"),
    Construct("rows from", "abs(1),", head=_FROM + "ROWS FROM (", middle="abs(1)", tail=") a"),
    Construct("distinct on", "a,", head="SELECT DISTINCT ON (", middle="a", tail=") 1"),
    Construct("string", "a", head="SELECT '", middle="", tail="'"),
    Construct("quoted name", "a", head='SELECT "', middle="", tail='"'),
    Construct("open string", "a'b", head="SELECT '", middle=""),
    Construct("dollar string", "a$", head="SELECT $$", middle="", tail="$$"),
    Construct("escaped string", "\\\\", head="SELECT E'", middle="", tail="'"),
    Construct("json string", '{"a":', "}", head="SELECT '", middle="1", tail="'"),
    Construct("alias list", "a,", head=_FROM + "t AS t(", middle="a", tail=")"),
    Construct("definitions", "a int,", head=_FROM + "f() AS t(", middle="a int", tail=")"),
    Construct("xml columns", "a int PATH 'b',", head=_FROM + "XMLTABLE('/a' PASSING b COLUMNS ", middle="a int",
    tail=") x"),
    Construct("json columns", "a int,", head=_FROM + "JSON_TABLE(a,'$' COLUMNS (", middle="a int", tail=")) x"),
    Construct("json nests", "NESTED PATH '$' COLUMNS (", ")", head=_FROM + "JSON_TABLE(a,'$' COLUMNS (",
    middle="a int", tail=")) x"),
    Construct("type arrays", "[]", head="SELECT a::int", middle=""),
    Construct("type names", "a.", head="SELECT 1::", middle="a"),
    Construct("table names", "a.", head=_FROM, middle="a"),
    Construct("numeric", "1,", head="SELECT 1::numeric(", middle="1", tail=")"),
    Construct("samples", " TABLESAMPLE system(1)", head=_FROM + "t", middle=""),
    Construct("locks", " FOR UPDATE OF t", head=_FROM + "t", middle=""),
    Construct("whole parentheses", "(", ")", head="", middle="SELECT 1"),
    Construct("bare parentheses", "(", head="", middle=""),
)  # fmt: skip

CONSTRUCTS: tuple[Construct, ...] = (
    *(Construct(f"nested {name}", opening, closing) for name, opening, closing in _NESTED),
    *(Construct(f"repeated {name}", opening) for name, opening in _REPEATED),
    *_ELSEWHERE,
)

# A few hundred levels, the token limit of every construct that comes near it, and the largest text.
SIZES = (200, 400, 1_000, 2_000, 4_000, 8_000, 16_000, 24_000, 36_000, 48_000, LARGEST)


def bomb(random: Random) -> str:
    """Return one construct in a random size, or two of them combined, sometimes cut short."""
    text = random.choice(_COMBINATIONS)(random)
    return text if random.random() < 0.8 else text[: random.randrange(1, len(text))]


def _one(random: Random) -> str:
    return random.choice(CONSTRUCTS).text(_size(random))


def _one_within_another(random: Random) -> str:
    """Put one construct in the middle of another."""
    outer, inner = random.choice(CONSTRUCTS), random.choice(CONSTRUCTS)
    size = _size(random)
    middle = inner.text(random.choice((size // 2, min(size // 2, 300))))
    if random.random() < 0.5:
        middle = middle.removeprefix("SELECT ")
    outside = Construct(outer.name, outer.opening, outer.closing, outer.head, middle, outer.tail)
    return outside.text(size)


def _units_in_turn(random: Random) -> str:
    """Repeat the units of several constructs in turn."""
    chosen = [random.choice(CONSTRUCTS) for _ in range(random.randrange(2, 5))]
    mixed = Construct(
        "mixed", "".join(each.opening for each in chosen), "".join(each.closing for each in reversed(chosen))
    )
    return mixed.text(_size(random))


def _size(random: Random) -> int:
    return random.choice(SIZES) if random.random() < 0.5 else random.randrange(100, LARGEST + 1)


_COMBINATIONS: tuple[Callable[[Random], str], ...] = (_one, _one_within_another, _units_in_turn)
