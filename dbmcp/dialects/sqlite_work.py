"""How long a value may be for one statement on SQLite, so that no call of a function is long at work.

SQLite looks at its deadline between the rows, and not within a function. Some functions hold every byte of one value
against every byte of another, which for two values of 4 MB takes them minutes or hours; a path of JSON or a full-text
query of a megabyte overflows the stack. So what a statement calls decides how long its values may be: all its calls
together, once each, must be done in about a second. A short literal to look for costs next to nothing; what is
computed, or read from a column, may be as long as any value.

What a call looks for is seen in the text, and how often it is made in the program that SQLite compiles: an expression
of a subquery is computed anew wherever its name stands. There are few lengths to choose from, because under a policy
an error for a value that is too long tells that it is there.
The weights were measured on SQLite 3.40 in November 2026. What views of the file look for is not seen.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_VALUE_BYTES = 4_194_304
_LENGTHS = (MAX_VALUE_BYTES, 1_048_576, 262_144, 16_384)
# For LIKE and GLOB; SQLite's own limit is 50,000.
MAX_PATTERN_BYTES = 250
# Each step of a JSON path that json_set makes, and each operator of a full-text query, is a level of the stack.
_MAX_RECURSIVE_BYTES = _LENGTHS[-1]
_BUDGET_NS = 1e9
_CALL_NS = 5.0

# By function: the argument that is looked for, nanoseconds for a byte of the value and a byte of a literal, and
# nanoseconds for the square of a byte where it is none.
_LOOKED_FOR = {
    "instr": (1, 0.1, 0.01),
    "replace": (1, 0.1, 0.01),
    **dict.fromkeys(("trim", "ltrim", "rtrim", "unhex"), (1, 3.0, 1.5)),
    **dict.fromkeys(("json_patch", "jsonb_patch"), (1, 0.15, 0.07)),
}
_PATTERN_NS = 3.0
_PATHS = frozenset({"json_set", "json_insert", "json_array_insert", "jsonb_set", "jsonb_insert", "jsonb_array_insert"})
_FULL_TEXT = frozenset({"bm25", "highlight", "matchinfo", "offsets", "snippet"})
_CLAUSES = frozenset("select from where on using group order having limit window union intersect except".split())

# The words and signs of a statement, each in a group that says of what kind it is; blanks and comments in none.
TOKEN = re.compile(
    r"""\s+|--[^\n]*|/\*.*?(?:\*/|\Z)
    |(?P<literal>(?<![.])[xX]?'(?:[^']|'')*'?|\d[\w.]*)
    |(?P<name>"(?:[^"]|"")*"?|'(?:[^']|'')*'?|`(?:[^`]|``)*`?|\[[^\]]*\]?|[^\W\d][\w$]*)
    |(?P<mark>\|\||.)""",
    re.VERBOSE | re.DOTALL,
)
# Statements without one of these call nothing.
_CALLS = re.compile(r"\(|\|\||\b(?:like|glob|match)\b", re.IGNORECASE)
_CALLING = frozenset({"Function", "PureFunc", "Concat"})


def calls_anything(sql: str) -> bool:
    """Say whether a statement's text may call a function, or name a full-text table in an expression."""
    return _CALLS.search(sql) is not None


def calls_of(program: Iterable[Sequence[Any]]) -> Counter[str]:
    """Return how often each function is called in a program, as EXPLAIN lists it."""
    return Counter(str(row[5]).partition("(")[0] for row in program if row[1] in _CALLING)


@dataclass(slots=True)
class _Call:
    """What stands between two parentheses: who is called, the length of each argument, None where it is computed."""

    name: str = ""
    clause: str = ""
    lengths: list[int | None] = field(default_factory=lambda: [0])

    def add(self, length: int | None) -> None:
        known = self.lengths[-1]
        self.lengths[-1] = None if length is None or known is None else known + length


class Work:
    """What the calls of a statement look for, by its text. What is not understood counts as computed."""

    def __init__(self, sql: str, virtual: Collection[str] = ()) -> None:
        """Read the text; `virtual` are the file's virtual tables, in lower case."""
        self._tokens = [(str(found.lastgroup), found.group()) for found in TOKEN.finditer(sql) if found.lastgroup]
        self._virtual = virtual
        # The heaviest of each function's calls: nanoseconds for a byte of a value, and for the square of one.
        self._weights: dict[str, tuple[float, float]] = {}
        self._is_recursive = False
        self._calls = [_Call()]
        for index, (kind, text) in enumerate(self._tokens):
            if kind == "literal":
                self._calls[-1].add(len(text))
            elif kind == "name":
                self._look_at_name(index, plain(text))
            else:
                self._look_at_mark(index, text)

    def longest_value(self, calls: Counter[str]) -> int:
        """Return the most bytes of a value for which the calls of the program are within the budget, 0 for none."""
        weights = [(number, *self._weights.get(name, (_CALL_NS, 0.0))) for name, number in calls.items()]
        linear = sum(number * for_byte for number, for_byte, _ in weights)
        square = sum(number * for_square for number, _, for_square in weights)
        # The positive root of square · n² + linear · n = budget.
        root = 2 * _BUDGET_NS / (linear + math.sqrt(linear**2 + 4 * square * _BUDGET_NS) + 1e-9)
        most = _MAX_RECURSIVE_BYTES if self._is_recursive else MAX_VALUE_BYTES
        return next((length for length in _LENGTHS if length <= min(most, root)), 0)

    def _text(self, index: int) -> str:
        return self._tokens[index][1].lower() if 0 <= index < len(self._tokens) else ""

    def _look_at_mark(self, index: int, text: str) -> None:
        call = self._calls[-1]
        if text == "(":
            is_named = index > 0 and self._tokens[index - 1][0] == "name"
            name = plain(self._text(index - 1)) if is_named else ""
            # A join in parentheses stands where its tables would.
            is_part = name in ("", "from", "join")
            self._calls.append(_Call("" if is_part else name, call.clause if is_part else ""))
        elif text == ")" and len(self._calls) > 1:
            self._weigh(self._calls.pop())
            self._calls[-1].add(_length_of(call))
        elif text == ",":
            call.lengths.append(0)
        elif text != "||":
            call.add(None)

    def _look_at_name(self, index: int, name: str) -> None:
        call, following = self._calls[-1], self._text(index + 1)
        if name in ("like", "glob", "match") and following != "(":
            self._weigh_pattern(name, self._pattern_after(index))
        elif name in _CLAUSES or name == "join":
            call.clause = "from" if name == "join" else name
        elif name in self._virtual and not self._is_plain(index, call):
            # The name of a full-text table is that of a column, too: whatever it is compared with is a query.
            self._is_recursive = True
        if following != "(":
            call.add(None)

    def _is_plain(self, index: int, call: _Call) -> bool:
        """Say whether the name of a virtual table is a table's here, or is met by a query that is weighed."""
        following = self._text(index + 1)
        if following == "=":
            return (self._pattern_after(index + 1) or _MAX_RECURSIVE_BYTES) < _MAX_RECURSIVE_BYTES
        is_first = call.name in _FULL_TEXT and len(call.lengths) == 1 and following in (",", ")")
        return (call.clause == "from" and following != "(") or following in (".", "match") or is_first

    def _pattern_after(self, index: int) -> int | None:
        """Return the length of the literals that LIKE, GLOB or MATCH is followed by; None for anything else."""
        length = 0
        for place in range(index + 1, len(self._tokens), 2):
            kind, text = self._tokens[place]
            if kind != "literal":
                return None
            length += len(text)
            if self._text(place + 1) != "||":
                return length
        return None

    def _weigh(self, call: _Call) -> None:
        lengths = call.lengths
        if call.name in ("like", "glob", "match"):
            self._weigh_pattern(call.name, lengths[0])
        elif call.name in _PATHS:
            is_long = any(length is None or length > _MAX_RECURSIVE_BYTES for length in lengths[1::2])
            self._is_recursive = self._is_recursive or is_long
        elif call.name in _LOOKED_FOR:
            place, for_byte, for_square = _LOOKED_FOR[call.name]
            length = lengths[place] if place < len(lengths) else 0
            self._note(call.name, for_byte * (length or 0), for_square if length is None else 0.0)

    def _weigh_pattern(self, name: str, length: int | None) -> None:
        if name == "match":
            self._is_recursive = self._is_recursive or length is None or length > _MAX_RECURSIVE_BYTES
        else:
            self._note(name, _PATTERN_NS * min(length or MAX_PATTERN_BYTES, MAX_PATTERN_BYTES), 0.0)

    def _note(self, name: str, for_byte: float, for_square: float) -> None:
        linear, square = self._weights.get(name, (0.0, 0.0))
        self._weights[name] = (max(linear, _CALL_NS + for_byte), max(square, for_square))


def plain(name: str) -> str:
    """Return a name as SQLite compares it: without its quotes, in lower case."""
    return name.strip("\"'`[]").replace('""', '"').lower()


def _length_of(call: _Call) -> int | None:
    """Return the length of what a call gives, where it is a short text: char(…), or a literal in parentheses."""
    if call.name == "char":
        return 4 * len(call.lengths)
    return call.lengths[0] if not call.name and len(call.lengths) == 1 else None
