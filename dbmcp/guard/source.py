"""A statement's text before any parser sees it: size, characters (GUARD rule 2). No I/O."""

from __future__ import annotations

import re

from dbmcp.errors import Place, StatementRejected
from dbmcp.guard.reasons import Reason

# A scanner looks at a run of signs again for every sign in it; rulers in comments are shorter than this.
_SIGN = "[-+*/<>=~!@#%^&|`?]"
_SIGNS = re.compile(f"(?:(?!--){_SIGN}){{256}}")
# Finds out nine times as fast that there are none.
_MAYBE_SIGNS = re.compile(f"{_SIGN}{_SIGN}{{255}}")

# Tab, line feed, form feed and carriage return are white space in SQL; every other control character, the
# byte-order mark, the bidirectional overrides and lone surrogates only serve to make text look like other text.
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


_LONGEST_MESSAGE = 300


def reject(
    reason: Reason, message: str, text: str, offset: int | None, *, hint: str | None = None
) -> StatementRejected:
    """Make the refusal for the character at `offset` of the text, or for the whole when it is None.

    A message is cut where a name of the statement makes it too long to read.
    """
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[:_LONGEST_MESSAGE]}…"
    if offset is None:
        return StatementRejected(reason, message, hint=hint)
    return StatementRejected(reason, message, hint=hint, place=place_of(text, offset))


# What an excerpt never repeats: texts and numbers of more than three digits; quoted names are no literals.
_LITERAL = re.compile(r"'(?:[^']|'')*'?|\$(\w*)\$.*?(?:\$\1\$|$)|(?<![\w.])\d[\d.]{3,}", re.DOTALL)
# The same for an eye that knows comments, quoted names and backslashes; the text may be of either kind of SQL.
_LITERAL_OR_NOT = re.compile(
    r"""--[^\n]*|/\*.*?(?:\*/|$)|"(?:[^"]|"")*"?"""
    r"""|([eE]'(?:[^'\\]|\\.|'')*'?|'(?:[^']|'')*'?|\$(\w*)\$.*?(?:\$\2\$|$))""",
    re.DOTALL,
)
_EXCERPT = 36
_BLANK = "·"


def place_of(text: str, offset: int) -> Place:
    """Return the place of a character, with what stands around it in its line."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    first = max(start, offset - _EXCERPT)
    last = min(len(text) if end < 0 else end, offset + _EXCERPT)
    plain = _LITERAL.sub(_blanked, text)[first:last]
    knowing = _LITERAL_OR_NOT.sub(lambda found: _blanked(found) if found[1] else found[0], text)[first:last]
    # What either takes for a literal is one.
    both = (_BLANK if _BLANK in pair else pair[0] for pair in zip(plain, knowing, strict=True))
    shown = "".join(sign if sign.isprintable() else " " for sign in both)
    caret = " " * (offset - first) + "^"
    return Place(text.count("\n", 0, offset) + 1, offset - start + 1, f"{shown}\n{caret}")


def _blanked(found: re.Match[str]) -> str:
    return "\n".join(_BLANK * len(line) for line in found[0].split("\n"))


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
    if _MAYBE_SIGNS.search(text) and (found := _SIGNS.search(text)):
        message = "The statement holds a run of more than 255 signs"
        raise reject(Reason.TOO_COMPLEX, message, text, found.start(), hint="Put spaces between operators.")
