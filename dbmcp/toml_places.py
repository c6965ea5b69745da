"""Where each key of a TOML text stands: tomllib tells values, and not their places. No I/O."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from contextlib import suppress

# Names of tables and keys, and the index of each item of an array.
Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)  # basic and literal strings, of several lines first (TOML 1.0, "String")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_HEADER_END = re.compile(r"[ \t]*\]{1,2}")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")


def places(text: str) -> dict[Path, int]:
    """Return the offset of every key and array item of a text that tomllib has read; a table's is that of its header.

    A table that is written key by key (`a.b = 1`), or only as part of another's header, has the place of the first.
    Nothing after a place that is not understood is found.
    """
    scanner = _Scanner(text)
    with suppress(ValueError):
        scanner.scan()
    return scanner.found


def nearest(found: dict[Path, int], path: Sequence[str | int]) -> int | None:
    """Return the offset of a path, or of the innermost thing around it that has a place; None when nothing has."""
    return next((found[part] for end in range(len(path), 0, -1) if (part := tuple(path[:end])) in found), None)


class _Scanner:
    """One walk over a valid text; `at` is the offset of what is looked at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}

    def scan(self) -> None:
        """Find everything, from the beginning to the end."""
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            start = self.at
            if self.text.startswith("[", self.at):
                is_item = self.text.startswith("[[", self.at)
                self.at += 2 if is_item else 1
                table = self._header(self._key(), is_item=is_item)
                for end in range(1, len(table) + 1):
                    self.found.setdefault(table[:end], start)
                self._skip(_HEADER_END)
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self, names: Path, *, is_item: bool) -> Path:
        """Return the path of a table: a name that is an array of tables means its last item."""
        path: Path = ()
        for name in names[:-1]:
            path = self._last_of((*path, name))
        path = (*path, names[-1])
        if is_item:
            self._lengths[path] = self._lengths.get(path, 0) + 1
            self.found.setdefault(path, self.at)
        return self._last_of(path)

    def _last_of(self, path: Path) -> Path:
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: Path) -> None:
        start = self.at
        names = self._key()
        for end in range(1, len(names) + 1):
            self.found.setdefault((*table, *names[:end]), start)
        self._skip(_EQUALS)
        self._value((*table, *names))

    def _value(self, path: Path) -> None:
        sign = self.text[self.at : self.at + 1]
        if sign == "[":
            self.at += 1
            self._items(path, "]")
        elif sign == "{":
            self.at += 1
            self._items(path, "}")
        elif not self._skip(_STRING):
            self._skip(_SCALAR)

    def _items(self, path: Path, closing: str) -> None:
        count = 0
        self._skip(_BLANK)
        before = -1
        while self.at < len(self.text) and self.text[self.at] != closing:
            if self.at == before:
                raise ValueError(f"no value at {before}")
            before = self.at
            if closing == "}":
                self._pair(path)
            else:
                self.found[*path, count] = self.at
                self._value((*path, count))
            count += 1
            self._skip(_BLANK)
            if self.text[self.at : self.at + 1] == ",":
                self.at += 1
                self._skip(_BLANK)
        self.at += 1

    def _key(self) -> Path:
        self._skip(_BLANK)
        names = [self._name()]
        while self._skip(_DOT):
            names.append(self._name())
        return tuple(names)

    def _name(self) -> str:
        start = self.at
        if self._skip(_BARE_KEY):
            return self.text[start : self.at]
        if not self._skip(_STRING):
            raise ValueError(f"no key at {start}")
        name: str = tomllib.loads(f"key = {self.text[start : self.at]}")["key"]
        return name

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Step over what the pattern matches here; say whether there was anything."""
        match = pattern.match(self.text, self.at)
        if match is None or not match.group():
            return False
        self.at = match.end()
        return True
