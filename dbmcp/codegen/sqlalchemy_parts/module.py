"""Whole modules: the classes and tables of a plan, put together as one file or as a package of a file for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.base import Generated
from dbmcp.codegen.python_names import python_style
from dbmcp.codegen.python_source import (
    Source,
    assignment,
    call,
    keyword,
    laid_out,
    literal,
    mapping,
    prefixed,
    several,
)
from dbmcp.codegen.sqlalchemy_parts import around, files, left_out
from dbmcp.codegen.sqlalchemy_parts.columns import Columns, ColumnSource
from dbmcp.codegen.sqlalchemy_parts.constraints import TableArguments
from dbmcp.codegen.sqlalchemy_parts.keys import late_keys
from dbmcp.codegen.sqlalchemy_parts.names import MEMBERS, MODULE, is_outside, table_variable
from dbmcp.codegen.sqlalchemy_parts.relationships import relationship
from dbmcp.codegen.sqlalchemy_parts.types import Types

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.codegen.base import Choices
    from dbmcp.codegen.links import Link
    from dbmcp.codegen.plan import Field, Model


@dataclass(frozen=True, slots=True)
class Flavour:
    """What tells SQLAlchemy's targets apart: the bases of Base, and whether its classes are dataclasses."""

    bases: str
    is_dataclass: bool = False
    class_keywords: str = ""
    # What the files import besides, where its name is used: name → module and what it is there.
    imports: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def keywords(self) -> str:
        """Return what every class says; type checkers do not take it from a base."""
        return ", kw_only=True" if self.is_dataclass else self.class_keywords


def generate(catalog: Catalog, choices: Choices, flavour: Flavour) -> Generated:
    """Return the files of a target over SQLAlchemy."""
    style = python_style(choices, module=MODULE, members=MEMBERS, needs_identity=True, joins=True)
    plan = plans.build(catalog, choices, style)
    return Module(plan, flavour).generated()


class Module:
    """One writing: first the blocks of everything, then the files that hold them."""

    def __init__(self, plan: plans.Plan, flavour: Flavour) -> None:
        self._plan = plan
        self._flavour = flavour
        self._types = Types(plan)
        self._columns = Columns(plan, self._types)
        self._table_arguments = TableArguments(plan)
        self._base = plan.choices.base

    def generated(self) -> Generated:
        """Return the files."""
        left_out.note(self._plan)
        # What joins classes stands before them, so that type checkers know it there.
        ordered = sorted(self._plan.models, key=lambda item: item.role != "join")
        models = [(item, self._class(item) if item.role == "class" else self._table(item)) for item in ordered]
        arounds = around.Around(self._plan, self._columns, self._base)
        late = "\n".join(laid_out(each) for item in self._plan.models for each in self._late(item))
        blocks = files.Blocks(
            types=[*self._types.enum_blocks(), *self._types.type_blocks()],
            base=[
                self._start(),
                *arounds.sequences(),
                *arounds.before(),
            ],
            models=models,
            further=[late, *arounds.after()],
            imports=self._flavour.imports,
        )
        # Asked for when all columns have been written.
        shared = self._types.names | {self._base, "ReadOnly", "_made_below"}
        header = self._plan.header("Models", "What SQLAlchemy cannot say is left out")
        write = files.package if self._plan.choices.is_package else files.one_file
        return Generated(write(header, blocks, shared), self._counts(), self._plan.left_out)

    def _start(self) -> str:
        return around.base(self._base, self._flavour.bases, self._flavour.keywords, self._plan)

    def _counts(self) -> dict[str, int]:
        plan = self._plan
        return {
            "classes": len(plan.classes),
            "tables": len(plan.models) - len(plan.classes),
            "relationships": sum(len(item.links) for item in plan.classes),
            "enums": len(plan.enums),
        }

    def _late(self, model: Model) -> Sequence[Source]:
        return [] if is_outside(model.relation) else late_keys(self._plan, model.relation, f"{self._base}.metadata")

    def _class(self, model: Model) -> str:
        parent = "ReadOnly" if is_outside(model.relation) else self._base
        lines = [
            f"class {model.name}({parent}{self._flavour.keywords}):",
            f"    __tablename__ = {literal(model.relation.name)}",
        ]
        arguments = self._table_arguments.of(model)
        options = self._table_arguments.options(model)
        if arguments:
            parts = [*arguments, mapping(options)] if options else arguments
            lines.append(laid_out(prefixed("__table_args__ = ", several(parts, "()")), 1))
        elif options:
            lines.append(laid_out(prefixed("__table_args__ = ", mapping(options)), 1))
        if not model.relation.primary_key and not is_outside(model.relation):
            names = several(literal(model.attributes[column]) for column in model.identity)
            lines.append(laid_out(prefixed("__mapper_args__ = ", mapping({"primary_key": names})), 1))
        lines += ["", *(self._field(model, item) for item in model.fields)]
        links = [self._link(model, link) for link in model.links]
        return "\n".join([*lines, *(["", *links] if links else [])])

    def _field(self, model: Model, item: Field) -> str:
        found = self._columns.source(model, item.column)
        annotation = f"{found.annotation} | None" if found.is_nullable else found.annotation
        name = [literal(item.column.name)] if item.name != item.column.name else []
        more = _dataclass_field(found) if self._flavour.is_dataclass else []
        made = call("mapped_column", *name, *found.arguments, *more)
        return assignment(item.name, f"Mapped[{annotation}]", made, 1)

    def _link(self, model: Model, link: Link) -> str:
        # Set together with its column, a relationship that is None would win over the column.
        more = {"init": "False", "repr": "False"} if self._flavour.is_dataclass else {}
        annotation, made = relationship(self._plan, model, link, **more)
        return assignment(link.name, f"Mapped[{annotation}]", made, 1)

    def _table(self, model: Model) -> str:
        metadata = "ReadOnly.metadata" if is_outside(model.relation) else f"{self._base}.metadata"
        columns = [self._column(model, item) for item in model.fields]
        options = [keyword(name, value) for name, value in self._table_arguments.options(model).items()]
        made = call(
            "sa.Table",
            literal(model.relation.name),
            metadata,
            *columns,
            *self._table_arguments.of(model),
            *options,
        )
        return laid_out(prefixed(f"{table_variable(model)} = ", made))

    def _column(self, model: Model, item: Field) -> Source:
        found = self._columns.source(model, item.column)
        arguments = [each for each in found.arguments if not str(each).startswith("nullable=")]
        nullable = ["nullable=False"] if self._columns.is_shown_needed(item.column) and not model.is_view else []
        return call("sa.Column", literal(item.column.name), *arguments, *nullable)


def _dataclass_field(found: ColumnSource) -> Iterator[Source]:
    """Return what a field is in the dataclass: none for what the database gives, optional for what it may give."""
    if found.is_generated:
        yield "init=False"
    elif found.is_nullable or found.has_default:
        yield "default=None"
