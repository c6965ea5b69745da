"""The family of dialects: all that dbmcp must know of one database product, one file each."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dbmcp.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from dbmcp.dialects.base import Dialect

# Name → module and class: a driver is imported only by those who use it.
DIALECTS: dict[str, str] = {
    "postgresql": "dbmcp.dialects.postgresql:PostgreSQL",
    "sqlite": "dbmcp.dialects.sqlite:SQLite",
}

SCHEMES: dict[str, str] = {
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "sqlite": "sqlite",
    "file": "sqlite",
}

# A URL that was cut or put in quotes, one of another program's, or a driver's keywords: it may hold a password.
_LIKE_A_LOGIN = re.compile(r"://|^[^/\\]*:[^/\\]*@|/[^/\\:]*:[^/\\]*@|\bpassword\s*=", re.IGNORECASE)


@cache
def dialect_named(name: str) -> Dialect:
    """Return the dialect of this name.

    Raises:
        ConfigError: there is none.
    """
    target = DIALECTS.get(name)
    if target is None:
        hint = did_you_mean(name, DIALECTS) or f"Known are {', '.join(sorted(DIALECTS))}."
        raise ConfigError(f"There is no dialect {name!r}.", hint=hint)
    module, _, attribute = target.partition(":")
    dialect: Dialect = getattr(import_module(module), attribute)()
    return dialect


def dialect_of(url: str) -> Dialect:
    """Return the dialect a URL or a plain file path belongs to. Never repeats the URL: it may hold a password.

    Raises:
        ConfigError: the scheme is not known or not there, or the URL holds an unexpanded variable.
    """
    if "${" in url:
        name = url.partition("${")[2].partition("}")[0]
        raise ConfigError(
            f"The database URL holds ${{{name}}}, which was not expanded.",
            hint=f"Set the environment variable {name} where the server is started.",
        )
    scheme = url_scheme(url)
    if scheme is None:
        if _LIKE_A_LOGIN.search(url):
            raise ConfigError(
                "The database URL begins with no scheme that is known.",
                hint="Write postgresql://user:password@host:port/database, without quotes or blanks around it.",
            )
        return dialect_named("sqlite")
    if scheme in SCHEMES:
        return dialect_named(SCHEMES[scheme])
    known = ", ".join(f"{name}://" for name in SCHEMES)
    hint = did_you_mean(scheme, SCHEMES) or f"Known are {known} and plain paths of SQLite files."
    raise ConfigError(f"No dialect answers to {scheme}:// URLs.", hint=hint)


def url_scheme(url: str) -> str | None:
    """Return the scheme of a URL in lower case, less a driver's name, or None when the text is a path."""
    scheme, separator, _ = url.partition(":")
    # One letter is a drive of Windows, not a scheme.
    if not separator or len(scheme) < 2 or not scheme.replace("+", "").replace("-", "").replace(".", "").isalnum():
        return None
    if not (url.startswith(f"{scheme}://") or scheme.lower() in SCHEMES):
        return None
    return urlsplit(f"{scheme}://").scheme.partition("+")[0] or scheme.lower()
