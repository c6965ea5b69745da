"""A statement's text before any parser sees it: size, characters, nesting (GUARD rule 2). No I/O."""

from __future__ import annotations

import re
from itertools import pairwise

from dbmcp.errors import Place, StatementRejected
from dbmcp.guard.reasons import Reason

MAX_NESTING = 50
# sqlglot doubles its time with each level of ARRAY[ARRAY[…: six levels are more than any real array has.
MAX_BRACKETS = 6
MAX_TOKENS = 12_000
MAX_JOINS = 100
MAX_SUBSCRIPTS = 20

# Tab, line feed, form feed and carriage return are white space in SQL; every other control character, the
# byte-order mark, the bidirectional overrides and lone surrogates only serve to make text look like other text.
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def reject(
    reason: Reason, message: str, text: str, offset: int | None, *, hint: str | None = None
) -> StatementRejected:
    """Make the refusal for the character at `offset` of the text, or for the whole when it is None."""
    if offset is None:
        return StatementRejected(reason, message, hint=hint)
    return StatementRejected(reason, message, hint=hint, place=place_of(text, offset))


# What an excerpt never repeats: texts and numbers of more than three digits; quoted names are no literals.
_LITERAL = re.compile(r"'(?:[^']|'')*'?|\$(\w*)\$.*?(?:\$\1\$|$)|(?<![\w.])\d[\d.]{3,}", re.DOTALL)
_EXCERPT = 36


def place_of(text: str, offset: int) -> Place:
    """Return the place of a character, with what stands around it in its line."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    blanked = _LITERAL.sub(lambda found: re.sub(r"[^\n]", "·", found.group()), text)
    first = max(start, offset - _EXCERPT)
    shown = "".join(
        sign if sign.isprintable() else " "
        for sign in blanked[first : min(len(text) if end < 0 else end, offset + _EXCERPT)]
    )
    caret = " " * (offset - first) + "^"
    return Place(text.count("\n", 0, offset) + 1, offset - start + 1, f"{shown}\n{caret}")


def check_text(text: str, max_bytes: int) -> None:
    """Refuse text that no parser should be given.

    Raises:
        StatementRejected: the text is empty, too large, or holds a character that SQL has no use for.
    """
    if len(text) > max_bytes or len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise StatementRejected(
            Reason.TOO_LARGE,
            f"The statement is larger than {max_bytes:,} bytes",
            hint="Send a shorter statement: join to a table or a range instead of listing values.",
        )
    if not text.strip():
        raise StatementRejected(Reason.EMPTY, "The statement is empty", hint="Send one SELECT statement.")
    if found := _BAD_CHARACTER.search(text):
        raise reject(
            Reason.BAD_CHARACTER,
            f"The statement holds the character U+{ord(found.group()):04X}, which SQL has no use for",
            text,
            found.start(),
            hint="Remove it.",
        )
    if found := _SIGNS.search(text):
        message = "The statement holds a run of more than 255 signs"
        raise reject(Reason.TOO_COMPLEX, message, text, found.start(), hint="Put spaces between operators.")


# A type's name before a parenthesis is read twice, as a type and as a function: sqlglot doubles its time with each.
MAX_TYPE_CALLS = 6

TYPE_CALL = "TYPE("
# A scanner looks at a run of signs again for every sign in it; rulers in comments are shorter than this.
_SIGNS = re.compile(r"(?:(?!--)[-+*/<>=~!@#%^&|`?]){256}")

_LIMITS = {
    "L_PAREN": (MAX_NESTING, "parentheses"),
    "L_BRACKET": (MAX_BRACKETS, "brackets"),
    TYPE_CALL: (MAX_TYPE_CALLS, "types written like functions"),
}
_CLOSING = {"R_PAREN": ("L_PAREN", TYPE_CALL), "R_BRACKET": ("L_BRACKET",)}


def check_nesting(kinds: list[tuple[str, int]], text: str) -> None:
    """Refuse what could keep a parser busy for ever.

    `kinds` are token kinds with their offsets; a parenthesis after a type's name has the kind TYPE_CALL.

    Raises:
        StatementRejected: too many tokens, or too deep a nesting.
    """
    if len(kinds) > MAX_TOKENS:
        raise StatementRejected(
            Reason.TOO_COMPLEX,
            f"The statement has more than {MAX_TOKENS:,} words and signs",
            hint="Join to a table or a range instead of listing values.",
        )
    joins = [offset for kind, offset in kinds if kind == "JOIN"]
    if len(joins) > MAX_JOINS:
        message = f"The statement has more than {MAX_JOINS} joins"
        raise reject(Reason.TOO_COMPLEX, message, text, joins[MAX_JOINS], hint="Ask in several statements.")
    _check_subscripts(kinds, text)
    opened: list[str] = []
    depth = dict.fromkeys(_LIMITS, 0)
    for kind, offset in kinds:
        if kind in _LIMITS:
            opened.append(kind)
            depth[kind] += 1
            limit, what = _LIMITS[kind]
            if depth[kind] > limit or len(opened) > MAX_NESTING:
                message = f"The statement nests {what} deeper than {limit} levels"
                raise reject(Reason.TOO_COMPLEX, message, text, offset, hint="Name the inner parts in a WITH clause.")
        elif kind in _CLOSING and opened and opened[-1] in _CLOSING[kind]:
            depth[opened.pop()] -= 1


def _check_subscripts(kinds: list[tuple[str, int]], text: str) -> None:
    """Refuse a long chain a[1][1][1]…: each costs a parser a look at all before it."""
    chain = 0
    for (kind, _), (following, offset) in pairwise(kinds):
        if kind == "R_BRACKET":
            chain = chain + 1 if following == "L_BRACKET" else 0
        if chain > MAX_SUBSCRIPTS:
            raise reject(Reason.TOO_COMPLEX, f"There are more than {MAX_SUBSCRIPTS} subscripts in a row", text, offset)
