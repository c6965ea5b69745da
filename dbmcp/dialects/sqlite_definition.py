"""What SQLite says of a table or index only in the text of its definition: constraints, expressions, options.

The text was accepted by SQLite, so its grammar (sqlite.org/lang_createtable.html) holds; what is not understood is left
out. Expressions come back as they are written, without comments and line ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*')
    |(?P<word>[^\W\d][\w$]*)
    |(?P<other>[\w.]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_CONSTRAINTS = frozenset(
    "constraint primary not null unique check default collate references generated as foreign".split()
)
_ACTIONS = {"cascade": "cascade", "restrict": "restrict", "set": "set", "no": None}


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or sign; `gap` says that something stood before it that was left out."""

    kind: str
    text: str
    gap: bool

    @property
    def word(self) -> str:
        """Return a bare word in lower case; nothing for a name in quotes, which is never a keyword."""
        return self.text.lower() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """Return the name that the token writes."""
        if self.kind != "name":
            return self.text
        mark = "]" if self.text[0] == "[" else self.text[0]
        return self.text[1:-1].replace(mark * 2, mark)


@dataclass(slots=True)
class Key:
    """A constraint: its kind as Constraint has it, and what it says."""

    kind: str
    name: str = ""
    columns: list[str] = field(default_factory=list)
    expression: str | None = None
    target: str | None = None
    target_columns: list[str] = field(default_factory=list)
    on_update: str | None = None
    on_delete: str | None = None
    deferrable: bool = False
    deferred: bool = False
    is_descending: bool = False
    has_autoincrement: bool = False


@dataclass(slots=True)
class TableDefinition:
    """What a CREATE TABLE says: constraints, and of columns, by lower-case name, the collation and what computes it."""

    constraints: list[Key] = field(default_factory=list)
    collations: dict[str, str] = field(default_factory=dict)
    generated: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)


@dataclass(slots=True)
class IndexDefinition:
    """What a CREATE INDEX says: of each part the name or expression, the collation, and whether it descends."""

    parts: list[tuple[str | None, str | None, str | None, bool]] = field(default_factory=list)
    predicate: str | None = None


def table_definition(sql: str) -> TableDefinition:
    """Return what a CREATE TABLE says."""
    words = _Words(_tokens(sql))
    found = TableDefinition()
    words.skip_to("(")
    for item in words.items():
        if item.peek() in _CONSTRAINTS - {"as", "generated", "default", "collate", "not", "null", "references"}:
            while item.left():
                _table_constraint(item, found)
        elif item.left():
            _column(item, found)
    found.options = [" ".join(token.word for token in part.tokens) for part in words.rest_by_comma() if part.tokens]
    return found


def index_definition(sql: str) -> IndexDefinition:
    """Return what a CREATE INDEX says."""
    words = _Words(_tokens(sql))
    found = IndexDefinition()
    words.skip_to("on")
    words.skip_to("(")
    for item in words.items():
        tokens = item.tokens
        descending = bool(tokens) and tokens[-1].word == "desc"
        if tokens and tokens[-1].word in ("asc", "desc"):
            tokens = tokens[:-1]
        collation = None
        if len(tokens) > 2 and tokens[-2].word == "collate":
            collation, tokens = tokens[-1].name, tokens[:-2]
        is_name = len(tokens) == 1 and tokens[0].kind in ("name", "word")
        found.parts.append(
            (tokens[0].name if is_name else None, None if is_name else _text(tokens), collation, descending)
        )
    if words.take("where"):
        found.predicate = _text(words.rest())
    return found


def names_in(expression: str) -> set[str]:
    """Return the words and names of an expression."""
    return {token.name for token in _tokens(expression) if token.kind in ("word", "name") and token.text[0] != "'"}


def _tokens(sql: str) -> list[_Token]:
    found: list[_Token] = []
    gap = False
    for match in _TOKEN.finditer(sql):
        if match.lastgroup == "space":
            gap = True
        else:
            found.append(_Token(str(match.lastgroup), match.group(), gap))
            gap = False
    return found


def _text(tokens: list[_Token]) -> str:
    return "".join(f" {token.text}" if token.gap and place else token.text for place, token in enumerate(tokens))


class _Words:
    """Tokens, and the place up to which they were read."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self._at = 0

    def left(self) -> int:
        return len(self.tokens) - self._at

    def peek(self) -> str:
        return (self.tokens[self._at].word or self.tokens[self._at].text) if self.left() else ""

    def next(self) -> _Token:
        self._at += 1
        return self.tokens[self._at - 1]

    def take(self, *wanted: str) -> bool:
        """Read over these words when they are next."""
        found = [token.word or token.text for token in self.tokens[self._at : self._at + len(wanted)]]
        if found != list(wanted):
            return False
        self._at += len(wanted)
        return True

    def skip_to(self, wanted: str) -> None:
        """Read on to a word, but not over it; over it when it is no parenthesis."""
        while self.left() and self.peek() != wanted:
            self._at += 1
        if wanted != "(":
            self._at += 1

    def rest(self) -> list[_Token]:
        return self.tokens[self._at :]

    def group(self) -> list[_Token]:
        """Return what stands in the parentheses that are next."""
        start, depth = self._at + 1, 0
        while self.left():
            token = self.next()
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                break
        return self.tokens[start : self._at - 1]

    def items(self) -> list[_Words]:
        """Return what stands between the commas in the parentheses that are next."""
        return _Words(self.group()).rest_by_comma()

    def rest_by_comma(self) -> list[_Words]:
        found: list[list[_Token]] = [[]]
        depth = 0
        for token in self.rest():
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "," and depth == 0:
                found.append([])
            elif token.text != ";" or depth:
                found[-1].append(token)
        return [_Words(item) for item in found]

    def names(self) -> list[str]:
        """Return the first name of each item in the parentheses that are next."""
        return [item.tokens[0].name for item in self.items() if item.tokens]


def _table_constraint(words: _Words, found: TableDefinition) -> None:
    name = words.next().name if words.take("constraint") else ""
    if words.take("primary", "key"):
        found.constraints.append(Key("primary", name, words.names()))
    elif words.take("unique"):
        found.constraints.append(Key("unique", name, words.names()))
    elif words.take("check"):
        found.constraints.append(Key("check", name, expression=_text(words.group())))
    elif words.take("foreign", "key"):
        key = Key("foreign", name, words.names())
        words.take("references")
        _target(words, key)
        found.constraints.append(key)
    elif words.left():
        words.next()
    if words.take("on", "conflict"):
        words.next()


def _column(words: _Words, found: TableDefinition) -> None:
    column = words.next().name
    while words.left() and words.peek() not in _CONSTRAINTS:
        # The type, which may have a length in parentheses.
        words.next()
    name = ""
    while words.left():
        if words.take("constraint"):
            name = words.next().name
            continue
        if key := _column_constraint(words, column, found):
            key.name = name
            found.constraints.append(key)
        name = ""


def _column_constraint(words: _Words, column: str, found: TableDefinition) -> Key | None:
    if words.take("primary", "key"):
        key = Key("primary", columns=[column], is_descending=words.take("desc"))
        words.take("asc")
        if words.take("on", "conflict"):
            words.next()
        key.has_autoincrement = words.take("autoincrement")
        return key
    if words.take("unique"):
        return Key("unique", columns=[column])
    if words.take("check"):
        return Key("check", expression=_text(words.group()))
    if words.take("references"):
        key = Key("foreign", columns=[column])
        _target(words, key)
        return key
    if words.take("collate"):
        found.collations[column.lower()] = words.next().name
    elif words.take("as"):
        found.generated[column.lower()] = _text(words.group())
    elif words.take("default") and words.peek() == "(":
        words.group()
    elif words.left():
        words.next()
    return None


def _target(words: _Words, key: Key) -> None:
    """Read what follows REFERENCES."""
    key.target = words.next().name if words.left() else None
    if words.peek() == "(":
        key.target_columns = words.names()
    while words.left():
        if words.take("on", "delete"):
            key.on_delete = _action(words)
        elif words.take("on", "update"):
            key.on_update = _action(words)
        elif words.take("match"):
            words.next()
        elif words.take("not", "deferrable"):
            key.deferrable = False
        elif words.take("deferrable"):
            key.deferrable = True
        elif words.take("initially", "deferred"):
            key.deferred = key.deferrable
        elif not words.take("initially", "immediate"):
            break


def _action(words: _Words) -> str | None:
    word = words.next().word
    if word == "set":
        return f"set {words.next().word}"
    if word == "no":
        words.next()
    return _ACTIONS.get(word)
