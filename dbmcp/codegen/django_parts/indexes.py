"""Indexes, and unique ones as constraints, as far as Django can say them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.codegen.django_parts.conditions import Known, condition
from dbmcp.codegen.python_source import Bracketed, Source, call, literal, several

if TYPE_CHECKING:
    from dbmcp.catalog.parts import Index, IndexPart
    from dbmcp.codegen.django_parts.relations import Shape
    from dbmcp.codegen.plan import Plan

_METHODS = {
    "btree": "models.Index",
    "gin": "pg_indexes.GinIndex",
    "gist": "pg_indexes.GistIndex",
    "brin": "pg_indexes.BrinIndex",
    "hash": "pg_indexes.HashIndex",
    "spgist": "pg_indexes.SpGistIndex",
}
_FUNCTIONS = {"lower": "Lower", "upper": "Upper", "length": "Length", "btrim": "Trim", "trim": "Trim", "abs": "Abs"}
_CALLED = re.compile(r"\(*(lower|upper|length|btrim|trim|abs)\(\(?(\"(?:[^\"]|\"\")+\"|\w+)\)?(?:::text)?\)\)*")
_LONGEST = 30


class Indexes:
    """Writes the indexes of one plan. `long` are the classes of those whose names are longer than Django's own."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._is_postgresql = plan.catalog.dialect == "postgresql"

    def index(self, shape: Shape, index: Index, name: str, known: dict[str, Known]) -> Source | None:
        """Return an index; None for one that Django cannot say, which is noted."""
        shown = f"{index.name} of {self._plan.shown_name(shape.model.relation.key)}"
        head = _METHODS.get(index.method if self._is_postgresql else "btree")
        said = condition(index.predicate, known, is_check=False) if index.predicate else None
        parts = [self._part(shape, part, known) for part in index.parts]
        is_named = index.unique or not (name[:1] == "_" or name[:1].isdigit())
        is_lost = None in parts or not index.valid or not is_named or (index.predicate and said is None)
        if head is None or is_lost or (index.unique and index.method != "btree" and self._is_postgresql):
            self._plan.leave_out("indexes", shown)
            return None
        if self._is_postgresql and " WITH (" in index.definition:
            self._plan.leave_out("storage parameters of indexes", shown)
        if index.comment:
            self._plan.leave_out("comments on indexes", shown)
        if not index.unique and len(name) > _LONGEST:
            head = f"Long{head.partition('.')[2]}"
        plain = [self._plain(shape, part, is_unique=index.unique) for part in index.parts]
        fields = None if None in plain else several(literal(each) for each in plain if each is not None)
        return call(
            "models.UniqueConstraint" if index.unique else head,
            *([] if fields is not None else [part for part in parts if part is not None]),
            fields=fields,
            name=literal(name),
            condition=said,
            opclasses=self._classes(index) if fields is not None else None,
            include=several(literal(shape.field_name(column)) for column in index.include) if index.include else None,
            nulls_distinct="False" if index.nulls_not_distinct else None,
        )

    def _classes(self, index: Index) -> Source | None:
        classes = [part.operator_class for part in index.parts]
        return several(literal(each) for each in classes if each is not None) if any(classes) else None

    def _plain(self, shape: Shape, part: IndexPart, *, is_unique: bool) -> str | None:
        """Return a part as Django names it in a list of fields, where all others may be so, too."""
        if part.column is None or part.collation is not None or (part.descending and is_unique):
            return None
        if part.operator_class is not None and self._mixed(shape, part):
            return None
        if part.nulls_first != part.descending and self._is_postgresql:
            return None
        return f"-{shape.field_name(part.column)}" if part.descending else shape.field_name(part.column)

    def _mixed(self, shape: Shape, part: IndexPart) -> bool:
        """Say whether an index has operator classes for some of its parts alone: a list has one for each."""
        index = next(each for each in shape.model.relation.indexes if part in each.parts)
        return any(each.operator_class is None for each in index.parts)

    def _part(self, shape: Shape, part: IndexPart, known: dict[str, Known]) -> Source | None:
        """Return a part as an expression."""
        found = self._root(shape, part, known)
        if found is None:
            return None
        if part.collation is not None:
            if not re.fullmatch(r"[\w.-]+|\"\w+\"", part.collation):
                return None
            found = call("functions.Collate", found, literal(part.collation.strip('"')))
        if part.operator_class is not None:
            found = call("pg_indexes.OpClass", found, name=literal(part.operator_class))
        if part.descending:
            last = "nulls_last=True" if self._is_postgresql and not part.nulls_first else ""
            return Bracketed(found.head, found.parts, found.brackets, f".desc({last})")
        is_first = part.nulls_first and self._is_postgresql
        return Bracketed(found.head, found.parts, found.brackets, ".asc(nulls_first=True)") if is_first else found

    def _root(self, shape: Shape, part: IndexPart, known: dict[str, Known]) -> Bracketed | None:
        """Return the column or the function of one that a part is."""
        if part.column is not None:
            return call("models.F", literal(shape.attribute(part.column)))
        match = _CALLED.fullmatch(part.expression or "")
        column = match and (match[2][1:-1].replace('""', '"') if match[2][0] == '"' else match[2])
        if match is None or column not in known or column is None:
            return None
        return call(f"functions.{_FUNCTIONS[match[1]]}", literal(known[column].field))
