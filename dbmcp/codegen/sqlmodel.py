"""SQLModel: a class for each table that is SQLAlchemy's and Pydantic's at once, with relationships."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.python_names import python_style
from dbmcp.codegen.python_source import Bracketed, Source, assignment, call, literal
from dbmcp.codegen.sqlalchemy_parts.module import Flavour, Module
from dbmcp.codegen.sqlalchemy_parts.names import MEMBERS, MODULE, is_outside
from dbmcp.codegen.sqlalchemy_parts.relationships import relationship
from dbmcp.codegen.sqlmodel_parts import texts

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.catalog.types import DataType
    from dbmcp.codegen.base import Choices, Generated
    from dbmcp.codegen.links import Link
    from dbmcp.codegen.plan import Field, Model
    from dbmcp.codegen.sqlalchemy_parts.columns import ColumnSource

DESCRIPTION = "SQLModel classes: SQLAlchemy's tables and Pydantic's models at once"

_IMPORTS = {
    "TYPE_CHECKING": ("typing", "TYPE_CHECKING"),
    "ClassVar": ("typing", "ClassVar"),
    "Self": ("typing", "Self"),
    "Field": ("sqlmodel", "Field"),
    "Relationship": ("sqlmodel", "Relationship"),
    "SQLModel": ("sqlmodel", "SQLModel"),
    "IPvAnyInterface": ("pydantic", "IPvAnyInterface"),
    "IPvAnyNetwork": ("pydantic", "IPvAnyNetwork"),
}
# What SQLModel and BaseModel have, of any 2.x: a field of such a name would hide it.
TAKEN = MEMBERS | frozenset(
    """construct copy dict from_orm json model_computed_fields model_config model_construct model_copy model_dump
    model_dump_json model_extra model_fields model_fields_set model_json_schema model_parametrized_name model_post_init
    model_rebuild model_validate model_validate_json model_validate_strings parse_file parse_obj parse_raw schema
    schema_json sqlmodel_update update_forward_refs validate""".split()
)
# What drivers give as addresses, and take as texts, too.
_ADDRESSES = {"inet": "IPvAnyInterface", "cidr": "IPvAnyNetwork"}
_FLAVOUR = Flavour("SQLModel", class_keywords=", table=True", imports=_IMPORTS)


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    style = python_style(choices, module=MODULE | {*_IMPORTS}, members=TAKEN, needs_identity=True, joins=True)
    return _Module(plans.build(catalog, choices, style), _FLAVOUR).generated()


class _Module(Module):
    """One writing: SQLAlchemy's, with fields in place of mapped columns."""

    def _start(self) -> str:
        text = texts.BASE.format(base=self._base)
        if any(is_outside(item.relation) for item in self._plan.models):
            text += f"\n\n\n{texts.READ_ONLY.format(base=self._base)}"
        return text

    def _field(self, model: Model, item: Field) -> str:
        found = self._columns.source(model, item.column)
        annotation = self._annotation(item.column.data_type, found.annotation)
        made = call(
            "Field",
            default="None" if found.is_nullable or found.has_default else None,
            **dict(self._said(item)),
            sa_column=self._sa_column(item, found),
        )
        return assignment(item.name, f"{annotation} | None" if found.is_nullable else annotation, made, 1)

    def _said(self, item: Field) -> Iterator[tuple[str, Source]]:
        """Return what Pydantic is told; SQLite holds no value to its length."""
        data_type = item.column.data_type
        if item.name != item.column.name:
            yield "validation_alias", literal(item.column.name)
        if self._plan.catalog.dialect != "postgresql":
            return
        if data_type.kind in ("text", "char") and data_type.length is not None:
            yield "max_length", str(data_type.length)
        precision, scale = data_type.precision, data_type.scale or 0
        if data_type.kind == "decimal" and precision is not None and 0 <= scale <= precision:
            yield "max_digits", str(precision)
            yield "decimal_places", str(scale)

    def _sa_column(self, item: Field, found: ColumnSource) -> Source:
        name = [literal(item.column.name)] if item.name != item.column.name else []
        is_said = any(str(each).startswith(("nullable=", "primary_key=")) for each in found.arguments)
        nullable = ["nullable=False"] if self._plan.is_needed(item.column) and not is_said else []
        return call("sa.Column", *name, *found.arguments, *nullable)

    def _annotation(self, item: DataType, known: str) -> str:
        """Return what Pydantic takes for a type, `known` being what SQLAlchemy says of its values."""
        base = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        if base is not None and base.kind == "domain":
            return self._annotation(base.data_type, known)
        if item.kind == "array" and item.element is not None:
            inner = self._annotation(item.element, self._types.written(item.element).annotation)
            return "list[Any]" if inner == "Any" else f"list[{inner} | None]"
        return _ADDRESSES.get(item.name, known) if item.reference is None else known

    def _link(self, model: Model, link: Link) -> str:
        more = {} if link.is_list or link.is_owner else {"uselist": "False"}
        annotation, made = relationship(self._plan, model, link, **more)
        target = literal(self._plan.by_relation[link.target].name)
        made = Bracketed(made.head, (target, *made.parts), made.brackets, made.tail)
        return assignment(link.name, annotation, call("Relationship", sa_relationship=made), 1)
