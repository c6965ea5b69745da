"""The text of one file → a NamedQuery, or everything that is wrong with it. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dbmcp import guard
from dbmcp.errors import InvalidParameter, StatementRejected, did_you_mean
from dbmcp.limits import Limits
from dbmcp.named_queries import front_matter, parameters
from dbmcp.named_queries.folders import File
from dbmcp.named_queries.front_matter import FrontMatter
from dbmcp.named_queries.model import DATABASE_ARGUMENT, Flaw, Home, NamedQuery, Parameter, Variant
from dbmcp.named_queries.template import Template
from dbmcp.named_queries.values import is_relative

if TYPE_CHECKING:
    from dbmcp.guard import ApprovedQuery


class QueryReader:
    """Reads the text of one file; every step adds its flaws, and the guard is asked when there are none yet."""

    def __init__(self, file: File, name: str, text: str, homes: Mapping[str, Home], limits: Limits) -> None:
        self._file = file
        self._name = name
        self._text = text
        self._homes = homes
        self._limits = limits
        self._flaws: list[Flaw] = []

    def read(self, *, approve: bool = True) -> tuple[NamedQuery | None, list[Flaw]]:
        """Return the query, and everything that is wrong with it; None where there is something.

        Without `approve` the guard is not asked, and the query has no variants: none of it can be run.
        """
        matter, self._flaws = front_matter.read(self._text)
        if matter is None:
            return None, self._flaws
        databases = self._databases(matter)
        self._check_limits(matter)
        self._check_examples(matter)
        if not databases:
            return None, self._flaws
        dialect = self._homes[databases[0]].dialect
        template = Template(self._text, matter, dialect)
        self._flaws += template.check()
        if self._flaws:
            return None, self._flaws
        variants = template.variants() if approve else {}
        self._flaws += template.flaws
        approved = {key: self._approved(variant, databases) for key, variant in variants.items()}
        header = matter.header
        query = NamedQuery(
            name=self._name,
            file=self._file.shown,
            group=self._file.group,
            description=header.description,
            databases=databases,
            text=self._text,
            title=header.title,
            tags=tuple(header.tags),
            parameters=matter.parameters,
            parts=template.needs,
            choices=template.choices,
            variants=approved,
            limits=matter.limits,
            cache_seconds=header.cache_seconds,
            rate=header.rate,
            scopes=tuple(header.scopes),
            output=header.output,
            deprecated=header.deprecated,
            always_load=header.always_load,
            search_hint=header.search_hint,
            examples=tuple(matter.examples()),
        )
        return query, self._flaws

    def _add(self, offset: int, message: str, hint: str | None = None) -> None:
        self._flaws.append(Flaw(offset, message, hint))

    def _databases(self, matter: FrontMatter) -> tuple[str, ...]:
        """Return the databases that a query may run on; none, with a flaw, where that cannot be said."""
        offset = matter.offset("database")
        named = matter.header.database
        if named is None:
            pack = self._file.pack
            of_pack = [name for name, home in self._homes.items() if pack is not None and pack.is_for(home)]
            names = of_pack or list(self._homes)
            if not names:
                self._add(0, "There is no database that the query could run on.", "Configure one.")
            elif len(names) > 1 and not of_pack:
                self._add(0, "There are several databases.", f'Write database = "{names[0]}" or another of theirs.')
                return ()
        else:
            names = list(dict.fromkeys([named] if isinstance(named, str) else named))
            for name in names:
                if name not in self._homes:
                    known = f"Known are {', '.join(self._homes)}." if self._homes else "None is configured."
                    hint = did_you_mean(name, self._homes) or known
                    self._add(offset, f"There is no database {name!r}.", hint)
                    return ()
        if len({self._homes[name].dialect for name in names}) > 1:
            self._add(offset, "The databases of a query must be of one dialect.", "Write a file for each dialect.")
            return ()
        if len(names) > 1 and DATABASE_ARGUMENT in matter.parameters:
            message = "The query runs on several databases, and callers name one by the argument database."
            self._add(matter.offset("parameters", DATABASE_ARGUMENT), message, "Give the parameter another name.")
        return tuple(names)

    def _check_limits(self, matter: FrontMatter) -> None:
        for key, most, setting in (
            ("rows", self._limits.max_rows, "limits.max_rows"),
            ("bytes", self._limits.bytes, "limits.bytes"),
            ("seconds", self._limits.seconds, "limits.seconds"),
        ):
            asked = getattr(matter.limits, key)
            if asked is not None and asked > most:
                message = f"limits.{key} is {asked:,.12g}, and the server's {setting} is {most:,.12g}."
                self._add(matter.offset("limits", key), message, "Lower the one or raise the other.")

    def _check_examples(self, matter: FrontMatter) -> None:
        shown = {name: _without_moving_bounds(item) for name, item in matter.parameters.items() if not item.is_hidden}
        for at, example in enumerate(matter.examples()):
            try:
                given = {name: value for name, value in example.arguments.items() if name != DATABASE_ARGUMENT}
                parameters.read(shown, given, {}, datetime.now(UTC))
            except InvalidParameter as error:
                self._add(matter.offset("examples", at, "arguments"), error.message, error.hint)

    def _approved(self, variant: Variant, databases: Sequence[str]) -> Variant:
        """Return a variant with the guard's verdict for each database; a refusal is a flaw at its place in the file."""
        pack = self._file.pack
        verdicts: dict[Home, ApprovedQuery] = {}
        for home in dict.fromkeys(self._homes[name] for name in databases):
            try:
                verdicts[home] = guard.approve(
                    variant.text,
                    home.dialect,
                    max_bytes=self._limits.statement_bytes,
                    extras=pack.extras(home.extras) if pack is not None else home.extras,
                    parameters=len(variant.names),
                )
            except StatementRejected as refusal:
                self._add(
                    variant.offset_in_file(_offset(variant.text, refusal)),
                    f"{refusal.message.rstrip('.')}.",
                    refusal.hint,
                )
                return variant
        return replace(variant, approved={name: verdicts[self._homes[name]] for name in databases})


def _without_moving_bounds(parameter: Parameter) -> Parameter:
    """Return a parameter without bounds relative to the call: a good file must not go bad with time alone.

    A live check, which runs the examples, tells of one that has grown old.
    """
    least, most = (None if is_relative(bound) else bound for bound in (parameter.minimum, parameter.maximum))
    return replace(parameter, minimum=least, maximum=most)


def _offset(text: str, refusal: StatementRejected) -> int:
    if refusal.line is None or refusal.column is None:
        return 0
    start = 0
    for _ in range(refusal.line - 1):
        start = text.index("\n", start) + 1
    return start + refusal.column - 1
