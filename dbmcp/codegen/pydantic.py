"""Pydantic 2: a model of the rows of each table and view, and one of what an INSERT takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.base import Generated
from dbmcp.codegen.pydantic_parts import checks, texts
from dbmcp.codegen.pydantic_parts.types import Types
from dbmcp.codegen.python_names import class_name, python_style
from dbmcp.codegen.python_source import Imports, columns, file_text, laid_out, literal, prefixed, several

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.catalog.parts import Column
    from dbmcp.codegen.base import Choices
    from dbmcp.codegen.plan import Field, Model
    from dbmcp.codegen.python_source import Source

DESCRIPTION = "Pydantic 2 models that check rows and JSON, with variants for INSERT"

_MODULE = frozenset(
    """AliasChoices Annotated Any BaseModel BeforeValidator Composite ConfigDict Field Generic IPvAnyInterface
    IPvAnyNetwork JsonValue Literal Multirange Range TypeAlias TypeAliasType TypeVar model_validator""".split()
)
# What BaseModel has, of any 2.x: a field of such a name would hide it.
MEMBERS = frozenset(
    """construct copy dict from_orm json model_computed_fields model_config model_construct model_copy model_dump
    model_dump_json model_extra model_fields model_fields_set model_json_schema model_parametrized_name model_post_init
    model_rebuild model_validate model_validate_json model_validate_strings parse_file parse_obj parse_raw schema
    schema_json update_forward_refs validate""".split()
)


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    style = python_style(choices, module=_MODULE, members=MEMBERS, needs_identity=False, joins=False)
    return _Module(plans.build(catalog, choices, style)).generated()


class _Module:
    """One writing: what is imported is known when everything else has been written."""

    def __init__(self, plan: plans.Plan) -> None:
        self._plan = plan
        self._imports = Imports()
        self._types = Types(plan, self._imports)
        self._aliases: dict[tuple[str, ...], str] = {}
        self._alias_blocks: list[str] = []

    def generated(self) -> Generated:
        """Return the files."""
        base = self._plan.choices.base
        written = [item for item in self._plan.models if item.role != "part"]
        for item in self._plan.models:
            if item.role == "part":
                self._plan.leave_out("partitions, whose rows the whole has", self._plan.shown_name(item.relation.key))
        models = [block for item in written for block in self._models(item)]
        types = list(self._types.blocks())
        self._imports.name("pydantic", "BaseModel", "ConfigDict", "model_validator")
        self._imports.name("typing", "Any")
        blocks = [texts.base(base, "What all models have in common.")]
        if any(item.kind == "composite" for _, item in self._plan.types):
            blocks.append(texts.composite(base))
        if self._types.has_ranges:
            self._imports.name("pydantic", "AliasChoices", "Field")
            self._imports.name("typing", "Generic", "TypeVar")
            blocks.append(texts.ranges(base))
        if self._types.has_multiranges:
            self._imports.name("pydantic", "BeforeValidator")
            self._imports.name("typing", "Annotated")
            self._imports.name("typing_extensions", "TypeAliasType")
            blocks.append(texts.MULTIRANGES)
        text = file_text(texts.header(self._plan), self._imports, [*blocks, *types, *self._alias_blocks, *models])
        counts = {"models": len(models), "tables": len(written), "enums": len(self._plan.enums)}
        return Generated({"models.py": text}, counts, self._plan.left_out)

    def _models(self, model: Model) -> Iterator[str]:
        item = model.relation
        shown = self._plan.shown_name(item.key)
        bounds = self._bounds(model)
        fields = [self._field(model, each, bounds, is_insert=False) for each in model.fields]
        yield self._class(model.name, item.comment or f"A row of {shown}.", fields)
        if model.is_view or not model.fields:
            return
        fields = [
            self._field(model, each, bounds, is_insert=True) for each in model.fields if not plans.is_given(each.column)
        ]
        name = self._plan.names.take(f"{model.name}Insert", f"{model.name}InsertRow")
        yield self._class(name, f"What an INSERT into {shown} takes; model_dump(exclude_unset=True) gives it.", fields)

    def _class(self, name: str, doc: str, fields: list[str]) -> str:
        lines = [f"class {name}({self._plan.choices.base}):", texts.docstring(doc, 1)]
        return "\n".join([*lines, *(["", *fields] if fields else [])])

    def _field(self, model: Model, item: Field, bounds: dict[str, checks.Limits], *, is_insert: bool) -> str:
        column = item.column
        # SQLite's number of a row is never null, and nobody says so; a view's outer join makes nulls of any domain.
        is_needed = column.not_null if model.is_view else self._plan.is_needed(column) or column.identity is not None
        is_required = is_needed and not (is_insert and self._plan.has_default(column))
        found = bounds.get(column.name, checks.Limits())
        annotation = self._types.annotation(column.data_type)
        labels = found.labels or (column.labels if self._may_be_labels(column) else ())
        arguments: dict[str, Source] = {**dict(self._types.lengths(column.data_type)), **found.bounds}
        if labels:
            annotation, arguments = self._literal(model, item, labels), {}
        for value in arguments.values():
            self._types.use(str(value))
        whole = annotation if is_required else f"{annotation} | None"
        written = texts.Attribute(item.name, whole, column.name, column.comment, is_required, arguments)
        return texts.field_line(self._imports, written)

    def _may_be_labels(self, column: Column) -> bool:
        # PostgreSQL's checks are read whole; these labels come of checks that may say "or", too.
        return (
            self._plan.choices.constraints
            and self._plan.catalog.dialect != "postgresql"
            and column.data_type.kind == "text"
            and column.data_type.reference is None
            and column.collation is None
        )

    def _literal(self, model: Model, item: Field, labels: tuple[str, ...]) -> str:
        self._imports.name("typing", "Literal")
        parts = list(map(literal, labels))
        inline = f"Literal[{', '.join(parts)}]"
        if columns(f"    {item.name}: {inline} | None = Field(") <= 88 and not item.column.comment:
            return inline
        key = (model.name, *labels)
        if key not in self._aliases:
            self._imports.name("typing", "TypeAlias")
            name = self._plan.names.take(f"{model.name}{class_name(item.column.name) or 'Value'}")
            self._aliases[key] = name
            value = prefixed(f"{name}: TypeAlias = Literal", several(parts))
            self._alias_blocks.append(laid_out(value))
        return self._aliases[key]

    def _bounds(self, model: Model) -> dict[str, checks.Limits]:
        """Return what the checks of a table say of single columns, and note those that say more."""
        item = model.relation
        found: dict[str, checks.Limits] = {}
        kinds = {column.name: column.data_type.kind for column in item.columns}
        labelled = {column.name for column in item.columns if column.labels and self._may_be_labels(column)}
        for check in item.constraints:
            if check.kind != "check" or not check.validated or not check.enforced or not self._plan.choices.constraints:
                continue
            said = checks.Limits(is_whole=False)
            if len(check.columns) == 1 and check.expression and self._plan.catalog.dialect == "postgresql":
                name = check.columns[0]
                said = checks.limits(check.expression, name, kinds.get(name, "other"))
                before = found.setdefault(name, checks.Limits())
                if before.bounds.keys() & said.bounds.keys():
                    said.is_whole = False
                before.bounds = {**said.bounds, **before.bounds}
                before.labels = before.labels or said.labels
            if not said.is_whole and not set(check.columns) <= labelled:
                name = check.name or "one without a name"
                self._plan.leave_out("checks", f"{name} of {self._plan.shown_name(item.key)}")
        return found
