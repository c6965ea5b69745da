"""The engine's texts as SQLAlchemy takes them, without the default schema, as all names of that schema are written."""

from __future__ import annotations

import re
from functools import cache

from dbmcp.codegen.python_source import Source, call, literal

# What SQLAlchemy would take for a parameter in a text, and what for a colon that is none, whose backslash it drops.
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w+(?![:\w]))")
_NO_PARAMETER = re.compile(r"\\(?=:\w*(?![:\w]))")
# A text in quotes, which may name a sequence or another thing; a name in quotes; the schema before an operator, or
# before a name.
_NAMES = (
    r"(?P<text>'(?:[^']|'')*')(?P<cast>::reg[a-z]+)?|"
    r'"(?:[^"]|"")*"|'
    r"OPERATOR\((?:{plain}|{quoted})\.(?P<operator>[^()]+)\)|"
    r'(?<![\w.$"])(?:{plain}|{quoted})\.(?=[\w"])'
)


@cache
def _tokens(schema: str) -> re.Pattern[str]:
    return re.compile(_NAMES.format(plain=re.escape(schema), quoted=re.escape(_quoted(schema))))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def bare(text: str, schema: str) -> str:
    """Return an expression without a schema: where tables are written without it, so is all that they name."""
    if schema not in text:
        return text
    before = re.compile(rf"^'(?:{re.escape(schema)}|{re.escape(_quoted(schema))})\.")

    def shorten(found: re.Match[str]) -> str:
        if found["operator"]:
            return found["operator"]
        if found["cast"]:
            return f"{before.sub(chr(39), found['text'])}{found['cast']}"
        whole = found[0]
        is_prefix = whole.endswith(".") and whole[0] != "'"
        return "" if is_prefix else whole

    return _tokens(schema).sub(shorten, text)


def escaped(text: str) -> str:
    """Return an expression in which nothing is a parameter."""
    return _PARAMETER.sub(r"\\:", _NO_PARAMETER.sub(r"\\\\", text))


def text_of(text: str) -> Source:
    """Return `sa.text("…")`."""
    return call("sa.text", literal(escaped(text)))


def string(text: str) -> str:
    """Return a literal; one of several lines as it is, where Python can show it."""
    lines = text.split("\n")
    is_plain = all(line.isprintable() and line == line.rstrip() for line in lines)
    if len(lines) > 1 and is_plain and "\\" not in text and '"""' not in text and not text.endswith('"'):
        return f'"""{text}"""' if not text.startswith('"') else literal(text)
    return literal(text)


def split_list(text: str) -> list[str]:
    """Return the parts of a list, split at its commas, not at those in brackets or quotes."""
    parts = [""]
    depth = 0
    for sign in re.findall(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|.""", text, re.DOTALL):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def bracketed(text: str, start: int) -> tuple[str, int]:
    """Return what stands in the brackets that open at a place, and the place behind them."""
    depth = 0
    for found in re.finditer(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]""", text[start:]):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return text[start + 1 : start + found.start()], start + found.end()
    return text[start + 1 :], len(text)
