"""SQL text → quotes, comments, words and signs: enough to find parameters and marks, and no more. No I/O.

The guard judges what the text means; this only knows where a `:name` is one, for PostgreSQL and for SQLite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["blank", "comment", "open", "close", "parameter", "quote", "word", "sign", "semicolon", "fault"]

# What is wrong with a token of kind "fault", and what would mend it.
FAULTS = {
    "The quote is not closed.": "Close it, or double a quote that belongs to the text.",
    "The comment is not closed.": "Close it with */.",
    "A placeholder of the database stands here.": "Write a parameter as :name.",
}
_QUOTE, _COMMENT, _PLACEHOLDER = FAULTS

_SHARED = r"""
    (?P<blank>\s+)
  | (?P<line>--[^\n]*)
  | (?P<block>/\*)
  | (?P<quote>'(?:[^']|'')*' | "(?:[^"]|"")*")
  | (?P<colons>::|:=)
  | (?<![\w)\]"'])(?P<parameter>:[^\W\d]\w*)
  | (?P<semicolon>;)
"""
# E'' has backslashes, dollar quotes have tags; ? is an operator of PostgreSQL, and a placeholder of SQLite.
_PATTERNS = {
    "postgresql": rf"""
    (?P<escaped>[eE]'(?:[^'\\]|''|\\.)*')
  | (?P<dollar>\$(?P<tag>(?:[^\W\d]\w*)?)\$)
  | (?P<placeholder>\$\d+)
  | {_SHARED}
  | (?P<word>[^\W\d][\w$]*|\d\w*)
  | (?P<open_quote>['"])
  | (?P<sign>.)
""",
    "sqlite": rf"""
    (?P<bracket>\[[^\]]*\] | `(?:[^`]|``)*`)
  | (?P<placeholder>\?\d* | [@$][^\W\d]\w*)
  | {_SHARED}
  | (?P<word>[^\W\d][\w$]*|\d\w*)
  | (?P<open_quote>['"`\[])
  | (?P<sign>.)
""",
}
_LEXERS = {name: re.compile(pattern, re.VERBOSE | re.DOTALL) for name, pattern in _PATTERNS.items()}
_MARK = re.compile(r"/\*\s*(?:(?P<name>\w*)\s*(?P<open>\[)|\])\s*\*/")
_KINDS: dict[str, Kind] = {
    "blank": "blank", "line": "comment", "quote": "quote", "escaped": "quote", "bracket": "quote", "colons": "sign",
    "word": "word", "semicolon": "semicolon", "sign": "sign",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of SQL. `text` is the name of a parameter or of a choice's mark, the sign, or what is wrong."""

    kind: Kind
    start: int
    end: int
    text: str = ""


def tokens_of(text: str, start: int, dialect: str) -> Iterator[Token]:
    """Yield the tokens from an offset on; after something that is not closed there are no more."""
    lexer = _LEXERS[dialect]
    at = start
    while at < len(text):
        found = lexer.match(text, at)
        if found is None:  # pragma: no cover  (the last alternative takes any character)
            return
        token = _token(found, text, dialect)
        yield token
        if token.kind == "fault" and token.text != _PLACEHOLDER:
            return
        at = token.end


def _token(found: re.Match[str], text: str, dialect: str) -> Token:
    name = found.lastgroup or "sign"
    start, end = found.span()
    if name == "parameter":
        return Token("parameter", start, end, text[start + 1 : end])
    if name == "placeholder":
        return Token("fault", start, end, _PLACEHOLDER)
    if name == "open_quote":
        return Token("fault", start, len(text), _QUOTE)
    if name == "block":
        return _comment(text, start, nests=dialect == "postgresql")
    if name in ("dollar", "tag"):
        closing = text.find(found["dollar"], end)
        if closing < 0:
            return Token("fault", start, len(text), _QUOTE)
        return Token("quote", start, closing + len(found["dollar"]))
    return Token(_KINDS[name], start, end, text[start:end] if name == "sign" else "")


def _comment(text: str, start: int, *, nests: bool) -> Token:
    """Return a comment, or the mark that it is; PostgreSQL's nest, and SQLite's do not."""
    if mark := _MARK.match(text, start):
        kind: Kind = "open" if mark["open"] else "close"
        return Token(kind, start, mark.end(), mark["name"] or "")
    depth, at = 1, start + 2
    while depth:
        closing = text.find("*/", at)
        if closing < 0:
            return Token("fault", start, len(text), _COMMENT)
        opening = text.find("/*", at, closing) if nests else -1
        depth, at = (depth + 1, opening + 2) if opening >= 0 else (depth - 1, closing + 2)
    return Token("comment", start, at)
