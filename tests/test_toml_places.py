"""The places of keys in a TOML text."""

from __future__ import annotations

import tomllib

import pytest

from dbmcp.toml_places import nearest, places

TEXT = '''title = "x" # = no key
a.b."c d" = 1
"q\\"x" = [1, [2, 3], "]"]
[ parameters . since ]
type = "date"
options = { newest = "o.x DESC", "a b" = { z = 1 } }
multi = """
[nope]
x = 1 \\""" """
literal = \'\'\'
y = 2\'\'\'
[[examples]]
rows = 2
[examples.arguments]
store = 2
[[examples]]
arguments = { since = 2020-01-01 10:00:00, x = '1' }
list = [ # a comment, with a ]
  1, 2,
]
'''


@pytest.mark.parametrize(
    "path, line, start",
    [
        (("title",), 1, "title ="),
        (("a", "b", "c d"), 2, "a.b."),
        (('q"x', 1, 1), 3, "3]"),
        (("parameters", "since"), 4, "[ parameters"),
        (("parameters", "since", "options", "a b", "z"), 6, "z = 1"),
        (("parameters", "since", "multi"), 7, "multi ="),
        (("parameters", "since", "literal"), 10, "literal ="),
        (("examples", 0, "rows"), 13, "rows"),
        (("examples", 0, "arguments", "store"), 15, "store"),
        (("examples", 1), 16, "[[examples]]"),
        (("examples", 1, "arguments", "x"), 17, "x = '1'"),
        (("examples", 1, "list", 1), 19, "2,"),
    ],
)
def test_a_key_has_the_place_where_it_stands(path: tuple[str | int, ...], line: int, start: str) -> None:
    tomllib.loads(TEXT)
    offset = places(TEXT)[path]
    assert TEXT.count("\n", 0, offset) + 1 == line
    assert TEXT[offset:].startswith(start)


def test_what_has_no_place_of_its_own_has_that_of_what_is_around_it() -> None:
    found = places(TEXT)
    assert nearest(found, ("parameters", "since", "typ")) == found["parameters", "since"]
    assert nearest(found, ("nothing", "at", "all")) is None


@pytest.mark.parametrize(
    "text", ["", "=", "[", "a = ", "a = [,]", "a = [1", "a = {", "[[", "a = { = }", '"', "a = [,,"]
)
def test_a_text_that_is_not_toml_ends_the_search_and_nothing_else(text: str) -> None:
    places(text)
