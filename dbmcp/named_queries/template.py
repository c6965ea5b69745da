"""The SQL of a named query: its parameters, optional parts and choices; every text that they make. No I/O.

`:name` is a parameter. `/*[*/ … /*]*/` is an optional part: it stays when every optional parameter in it was given.
`/*name[*/ … /*]*/` is the place of a choice. As these marks are comments, the file runs as it stands in any editor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from dbmcp.errors import did_you_mean
from dbmcp.named_queries.front_matter import FrontMatter
from dbmcp.named_queries.lexer import FAULTS, Token, tokens_of
from dbmcp.named_queries.model import Flaw, Variant, VariantKey
from dbmcp.named_queries.variants import MAX_VARIANTS, Writer, kept_together

# How a placeholder is written: PostgreSQL's own, and the one of SQLite that has a number.
SIGNS = {"postgresql": "$", "sqlite": "?"}


@dataclass(slots=True)
class Part:
    """A stretch of SQL: always there, optional, or (with `choice`) the place of a choice parameter."""

    start: int
    optional: bool = False
    choice: str | None = None
    tokens: list[Token] = field(default_factory=list)
    end: int = 0

    @property
    def names(self) -> list[str]:
        """Return the parameters named in it."""
        return [token.text for token in self.tokens if token.kind == "parameter"]


@dataclass(frozen=True, slots=True)
class Fragment:
    """One option of a choice as it is put into a text: its tokens, and where in the file it stands."""

    text: str
    tokens: Sequence[Token]
    place: int


class Template:
    """The SQL of one file, taken apart; `flaws` has everything that is wrong with it."""

    def __init__(self, text: str, matter: FrontMatter, dialect: str) -> None:
        self.text = text
        self.flaws: list[Flaw] = []
        self._matter = matter
        self._parameters = matter.parameters
        self._dialect = dialect
        self._parts: list[Part] = []
        # Choices whose place is within another part: that is told, and no more.
        self._misplaced: set[str] = set()
        # Every name that stands in the SQL and in options.
        self._used: set[str] = set()
        tokens = list(tokens_of(text, matter.body, dialect))
        self._end = next(
            (token.end for token in reversed(tokens) if token.kind not in ("blank", "semicolon")), matter.body
        )
        self._start = next((token.start for token in tokens if token.kind != "blank"), self._end)
        self._take_apart([token for token in tokens if self._start <= token.start < self._end])
        self._fragments: dict[str, dict[str, Fragment]] = {}

    def _take_apart(self, tokens: Sequence[Token]) -> None:
        part = Part(self._start)
        inner = 0
        for token in tokens:
            if token.kind == "fault":
                self.flaws.append(Flaw(token.start, token.text, FAULTS[token.text]))
            elif token.kind == "open":
                if part.optional or part.choice:
                    self.flaws.append(Flaw(token.start, "A part stands within another part.", "Close the first one."))
                    inner += 1
                    self._misplaced.add(token.text)
                    continue
                self._add(part, token.start)
                part = Part(token.end, optional=not token.text, choice=token.text or None)
            elif token.kind == "close":
                if inner:
                    # It closes the part that should not have begun.
                    inner -= 1
                    continue
                if not (part.optional or part.choice):
                    self.flaws.append(Flaw(token.start, "/*]*/ closes no part.", "Open one with /*[*/ or /*name[*/."))
                    continue
                self._add(part, token.start)
                part = Part(token.end)
            else:
                part.tokens.append(token)
        if part.optional or part.choice:
            self.flaws.append(Flaw(part.start, "The part is not closed.", "Close it with /*]*/."))
        self._add(part, self._end)

    def _add(self, part: Part, end: int) -> None:
        part.end = end
        self._parts.append(part)

    def check(self) -> list[Flaw]:
        """Return the flaws, with what does not fit between the SQL and the parameters declared."""
        for name, parameter in self._parameters.items():
            if parameter.type == "choice":
                self._fragments[name] = {
                    option: self._fragment(name, option, sql) for option, sql in parameter.options.items()
                }
        self._used = {name for part in self._parts for name in part.names}
        self._used |= {part.choice for part in self._parts if part.choice} | self._misplaced
        self._used |= {token.text for item in self._all_fragments() for token in item.tokens if _is_name(token)}
        for item in self._all_fragments():
            for token in filter(_is_name, item.tokens):
                self._check_name(token.text, item.place)
            self._check_or(item.text, item.tokens, item.place)
        for part in self._parts:
            self._check_part(part)
            if part.optional:
                self._check_or(self.text, part.tokens, 0)
        self._check_use()
        return self.flaws

    def _check_use(self) -> None:
        """Note each parameter that the SQL does not use, and each claim that it may leave out."""
        always = {name for part in self._parts if not (part.optional or part.choice) for name in part.names}
        for name, parameter in self._parameters.items():
            if name not in self._used:
                # One that is there with a slip in its name is told at that place.
                if not any(self._is_meant(name, used) for used in self._used - self._parameters.keys()):
                    written = f"/*{name}[*/ … /*]*/" if parameter.type == "choice" else f":{name}"
                    message = f"The SQL does not use the parameter {name!r}."
                    self._add_flaw(name, message, f"Write {written}, or leave it out here.")
            elif parameter.claim is not None and name not in always:
                message = f"The parameter {name!r}, which a claim fills, stands in parts alone that may drop out."
                self._add_flaw(name, message, "Use it outside of them, for it guards every call.")

    def _add_flaw(self, name: str, message: str, hint: str) -> None:
        self.flaws.append(Flaw(self._matter.offset("parameters", name), message, hint))

    def _is_meant(self, name: str, used: str) -> bool:
        """Say whether the fault of an undeclared name will ask for this parameter."""
        hint = self._name_meant(used) or ""
        return did_you_mean(used, [name]) is not None and name in hint.rstrip("?").split()

    def _name_meant(self, used: str) -> str | None:
        """Return the question for what was meant by a name that is not declared: one that is not used, if there is."""
        unused = [name for name in self._parameters if name not in self._used]
        return did_you_mean(used, unused) or did_you_mean(used, self._parameters)

    def _all_fragments(self) -> Iterator[Fragment]:
        return (item for options in self._fragments.values() for item in options.values())

    def _fragment(self, name: str, option: str, sql: str) -> Fragment:
        place = self._matter.offset("parameters", name, "options", option)
        tokens = list(tokens_of(sql, 0, self._dialect))
        if why := _no_fragment(tokens):
            self.flaws.append(Flaw(place, f"The option {option!r} of {name} {why}."))
        found = self.text.find(sql, place)
        return Fragment(sql, tokens, found if found >= 0 else place)

    def _check_part(self, part: Part) -> None:
        for token in part.tokens:
            if token.kind == "parameter":
                self._check_name(token.text, token.start)
        if part.optional and not any(self._may_be_missing(name) for name in part.names):
            message = "An optional part must name an optional parameter: else it never drops out."
            self.flaws.append(Flaw(part.start, message, "Set optional = true for one, or take the marks away."))
        if part.choice is not None:
            self._check_choice(part, part.choice)

    def _check_or(self, sql: str, tokens: Sequence[Token], shift: int) -> None:
        """Note an OR that would let rows past a claim beside it, for AND binds first."""
        claimed = next((name for name, parameter in self._parameters.items() if parameter.claim is not None), None)
        if claimed is not None and (found := _bare_or(sql, tokens)) is not None:
            message = f"OR stands here without parentheses: rows may pass by the claim that fills {claimed!r}."
            self.flaws.append(Flaw(shift + found, message, "Put parentheses round the condition: AND binds first."))

    def _may_be_missing(self, name: str) -> bool:
        parameter = self._parameters.get(name)
        return parameter is not None and parameter.optional and parameter.default is None

    def _check_name(self, name: str, offset: int) -> None:
        parameter = self._parameters.get(name)
        if parameter is None:
            hint = self._name_meant(name) or f"Declare it as [parameters.{name}]."
            self.flaws.append(Flaw(offset, f"The parameter {name!r} is not declared.", hint))
        elif parameter.type == "choice":
            hint = f"Write /*{name}[*/ one of its options /*]*/."
            self.flaws.append(Flaw(offset, f"{name!r} is a choice: it stands for SQL, and not for a value.", hint))

    def _check_choice(self, part: Part, name: str) -> None:
        parameter = self._parameters.get(name)
        if parameter is None or parameter.type != "choice":
            known = [item.name for item in self._parameters.values() if item.type == "choice"]
            near = did_you_mean(name, [item for item in known if item not in self._used]) or did_you_mean(name, known)
            hint = near or f'Declare it as [parameters.{name}] with type = "choice".'
            self.flaws.append(Flaw(part.start, f"There is no choice parameter {name!r}.", hint))
            return
        if self._option_here(part) is None:
            shown = "; ".join(f"{option} = {_plain(sql)}" for option, sql in parameter.options.items())
            message = f"What stands here is no option of {name!r}."
            self.flaws.append(Flaw(part.start, message, f"Its options are: {shown[:500]}."))

    def _option_here(self, part: Part) -> str | None:
        """Return the option whose fragment stands in the file at the place of a choice; blanks make no difference."""
        here = _pieces(self.text, part.tokens)
        fragments = self._fragments[part.choice or ""]
        return next((option for option, item in fragments.items() if _pieces(item.text, item.tokens) == here), None)

    @property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Return for each optional part the optional parameters that it needs."""
        return tuple(frozenset(filter(self._may_be_missing, part.names)) for part in self._parts if part.optional)

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the choice parameters, in the order of their first places."""
        return tuple(dict.fromkeys(part.choice for part in self._parts if part.choice))

    def variants(self) -> dict[VariantKey, Variant]:
        """Return every text that a call can ask for; call it on a template without flaws.

        Too many of them are a flaw, and none is returned.
        """
        kept = kept_together(self.needs)
        options = [list(self._fragments[name]) for name in self.choices]
        count = len(kept)
        for names in options:
            count *= len(names)
        if count > MAX_VARIANTS or not kept:
            shown = f"{count:,}" if kept else "far too many"
            message = f"The optional parts and choices make {shown} texts; at most {MAX_VARIANTS} are allowed."
            self.flaws.append(Flaw(self._start, message, "Make several queries of it."))
            return {}
        return {(parts, chosen): self._render(parts, chosen) for parts in kept for chosen in product(*options)}

    def _render(self, kept: Sequence[bool], chosen: Sequence[str]) -> Variant:
        writer = Writer(SIGNS[self._dialect])
        options = dict(zip(self.choices, chosen, strict=True))
        staying = iter(kept)
        for part in self._parts:
            if part.choice is not None and self._option_here(part) != options[part.choice]:
                fragment = self._fragments[part.choice][options[part.choice]]
                writer.write(fragment.text, fragment.tokens, 0, len(fragment.text), fragment.place)
            elif (not part.optional or next(staying)) and part.end > part.start:
                writer.write(self.text, part.tokens, part.start, part.end)
        return writer.variant()


def _is_name(token: Token) -> bool:
    return token.kind == "parameter"


def _bare_or(sql: str, tokens: Sequence[Token]) -> int | None:
    """Return where an OR stands that is in no parentheses and in no CASE."""
    depth = 0
    for token in tokens:
        word = sql[token.start : token.end].casefold()
        if token.kind == "word" and word == "or" and depth <= 0:
            return token.start
        depth += {"(": 1, "case": 1, ")": -1, "end": -1}.get(word, 0) if token.kind in ("word", "sign") else 0
    return None


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _pieces(sql: str, tokens: Sequence[Token]) -> list[str]:
    """Return the tokens of a stretch of SQL as they are written, without the blanks between them."""
    return [sql[token.start : token.end] for token in tokens if token.kind != "blank"]


def _no_fragment(tokens: Sequence[Token]) -> str | None:
    """Say why a text is no fragment of SQL that can stand between others; None when it is one."""
    for token in tokens:
        if token.kind == "fault":
            return f"is no piece of SQL ({token.text.rstrip('.').lower()})"
        if token.kind in ("comment", "open", "close", "semicolon"):
            return "holds a comment" if token.kind != "semicolon" else "holds a semicolon"
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if depth < 0:
            break
    return "has a parenthesis that is not paired" if depth else None
