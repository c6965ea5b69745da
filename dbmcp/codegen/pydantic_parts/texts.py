"""The texts of the Pydantic target: docstrings, fields, the header, and the classes that others stand on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dbmcp.codegen.python_source import assignment, call, laid_out, literal

if TYPE_CHECKING:
    from dbmcp.codegen.plan import Plan
    from dbmcp.codegen.python_source import Imports, Source

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_REMARKS = (
    "",
    "A model takes a row as psycopg, asyncpg, sqlite3 or SQLAlchemy give it, and JSON.",
    "Keys, indexes and all else that is of more than one row is the database's to hold.",
)


def header(plan: Plan) -> list[str]:
    """Return the lines at the top of the file."""
    return plan.header("Models", "What Pydantic cannot say is left out", *_REMARKS)


def docstring(text: str, depth: int) -> str:
    """Return a text of any signs as a docstring."""
    indent = "    " * depth
    lines = [_escaped(line).rstrip() for line in _unicode(text).strip().split("\n")]
    if lines[-1].endswith('"'):
        lines[-1] = f'{lines[-1][:-1]}\\"'
    if len(lines) == 1:
        return f'{indent}"""{lines[0]}"""'
    return "\n".join([f'{indent}"""{lines[0]}', *(f"{indent}{line}".rstrip() for line in lines[1:]), f'{indent}"""'])


def _unicode(text: str) -> str:
    """Return a text without halves of signs, which SQLite may hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _escaped(line: str) -> str:
    shown = "".join(sign if sign.isprintable() and sign != "\\" else repr(sign)[1:-1] for sign in line)
    return shown.replace('"""', '\\"\\"\\"')


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a model, the column that it is, and what is said of it; `bounds` are arguments of Field."""

    name: str
    annotation: str
    column: str
    comment: str | None = None
    is_required: bool = False
    bounds: Mapping[str, Source] = field(default_factory=dict)


def field_line(imports: Imports, item: Attribute) -> str:
    """Return an attribute as it is written."""
    more: dict[str, Source | None] = {} if item.is_required else {"default": "None"}
    # Pydantic's aliases are Unicode, which no engine but SQLite asks of a name.
    if item.name != item.column and not _SURROGATE.search(item.column):
        more |= {"validation_alias": literal(item.column), "serialization_alias": literal(item.column)}
    more |= item.bounds
    if item.comment:
        more["description"] = literal(_unicode(item.comment))
    if not more.keys() - {"default"}:
        default = "" if item.is_required else " = None"
        return laid_out(f"{item.name}: {item.annotation}{default}", 1)
    imports.name("pydantic", "Field")
    return assignment(item.name, item.annotation, call("Field", **more), 1)


def base(name: str, left_out: str) -> str:
    """Return the class that all models are made from."""
    return f'''class {name}(BaseModel):
    """{left_out}"""

    model_config = ConfigDict(
        from_attributes=True,
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),
        ser_json_bytes="base64",
        val_json_bytes="base64",
        ser_json_inf_nan="strings",
    )

    @model_validator(mode="before")
    @classmethod
    def _from_row(cls, value: Any) -> Any:
        """Take rows that are no dict, but have keys, as asyncpg and sqlite3 give them."""
        keys = getattr(value, "keys", None)
        if isinstance(value, (type, dict)) or not callable(keys):
            return value
        return {{key: value[key] for key in keys()}}'''


def composite(name: str) -> str:
    """Return the class that composites are made from."""
    return f'''class Composite({name}):
    """A value with attributes of its own; a tuple of them is taken, too."""

    @model_validator(mode="before")
    @classmethod
    def _from_tuple(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            return dict(zip(cls.model_fields, value, strict=True))
        return value'''


def ranges(name: str) -> str:
    """Return the class of ranges."""
    return f'''_T = TypeVar("_T")


class Range({name}, Generic[_T]):
    """A range: its bounds, None for no bound, and whether they are part of it."""

    lower: _T | None = None
    upper: _T | None = None
    lower_inc: bool = True
    upper_inc: bool = False
    is_empty: bool = Field(
        default=False,
        validation_alias=AliasChoices("is_empty", "isempty", "empty"),
    )'''


MULTIRANGES = """Multirange = TypeAliasType(
    "Multirange",
    Annotated[list[Range[_T]], BeforeValidator(list)],
    type_params=(_T,),
)"""
