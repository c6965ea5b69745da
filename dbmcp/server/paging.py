"""Pages of a list. A cursor holds the name shown last, so that changes in between neither repeat nor skip others."""

from __future__ import annotations

import base64
import binascii

from dbmcp.errors import InvalidParameter

_CURSOR = "after:"


def cursor_after(name: str) -> str:
    """Return the cursor that leads to what comes after a name."""
    return base64.urlsafe_b64encode(f"{_CURSOR}{name}".encode()).decode()


def name_in(cursor: str) -> str:
    """Return the name that a cursor holds.

    Raises:
        InvalidParameter: the cursor is none of ours.
    """
    try:
        text = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        text = ""
    if not text.startswith(_CURSOR):
        raise InvalidParameter("The cursor is unknown.", hint="Take the nextCursor of the page before, as it is.")
    return text.removeprefix(_CURSOR)
