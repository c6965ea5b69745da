"""Files: the blocks of a writing as one file, or as a package of a file for each table, with what each imports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dbmcp.codegen.naming import Names
from dbmcp.codegen.python_names import BUILTINS, KEYWORDS
from dbmcp.codegen.python_source import Imports, file_text, literal
from dbmcp.codegen.sqlalchemy_parts.around import MADE_BELOW
from dbmcp.codegen.sqlalchemy_parts.names import MODULE, table_variable
from dbmcp.codegen.words import snake

if TYPE_CHECKING:
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.plan import Model


@dataclass(frozen=True, slots=True)
class Blocks:
    """The text of everything: types, the base with what the tables need, each table, what completes them.

    `imports` are names that a text asks for besides SQLAlchemy's: name → module and what it is there.
    """

    types: Sequence[str]
    base: Sequence[str]
    models: Sequence[tuple[Model, str]]
    further: Sequence[str]
    imports: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_STRINGS = re.compile(r'''"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*''')
_WORDS = re.compile(r"\w+")
_MODULES = {"_dt": "datetime", "_decimal": "decimal", "_enum": "enum", "_uuid": "uuid", "sa": "sqlalchemy"}
_NAMES = {
    "pg": ("sqlalchemy.dialects", "postgresql as pg"),
    "_event": ("sqlalchemy", "event as _event"),
    "_exc": ("sqlalchemy", "exc as _exc"),
    "Any": ("typing", "Any"),
    "TypeVar": ("typing", "TypeVar"),
    **{
        name: ("sqlalchemy.orm", name)
        for name in ("DeclarativeBase", "Mapped", "MappedAsDataclass", "mapped_column", "relationship")
    },
}


def _words_of(text: str) -> set[str]:
    """Return the words of a source, but for those in its strings."""
    return set(_WORDS.findall(_STRINGS.sub(" ", text)))


def _imports(text: str, more: Mapping[str, tuple[str, str]]) -> Imports:
    """Return what a source imports, by the names that it uses; no column's name is one of these."""
    used = _words_of(text)
    imports = Imports()
    for alias, module in _MODULES.items():
        if alias in used:
            imports.module(module, alias)
    for name, (module, what) in (_NAMES | dict(more)).items():
        if name in used:
            imports.name(module, what)
    return imports


def one_file(header: Sequence[str], blocks: Blocks, shared: set[str]) -> dict[str, str]:
    """Return everything as models.py."""
    del shared
    start = [*blocks.types, *blocks.base, *(text for _, text in blocks.models)]
    if any("_made_below(" in text for text in (*(text for _, text in blocks.models), *blocks.further)):
        start.insert(len(blocks.types), MADE_BELOW)
    everything = [text for text in (*start, *blocks.further) if text]
    return {"models.py": file_text(header, _imports("\n".join(everything), blocks.imports), everything)}


def package(header: Sequence[str], blocks: Blocks, shared: set[str]) -> dict[str, str]:
    """Return a package: base.py, a file for each table, and __init__.py with all their names."""
    # A file is an attribute of its package, as what it holds is.
    names = Names({*KEYWORDS, *BUILTINS, *MODULE, "base"}, folds_case=True)
    models = [model for model, _ in blocks.models]
    shown = [(model.name if model.role == "class" else table_variable(model)) for model in models]
    stems = {}
    for model in models:
        stem = snake(model.name) or "table"
        stems[model.relation.key] = names.take(f"{stem}_" if stem in shown else stem)
    used = set().union(*(_words_of(text) for text in (*(text for _, text in blocks.models), *blocks.further)))
    base = [*blocks.types, *([MADE_BELOW] if "_made_below" in used else []), *blocks.base]
    files = {"base.py": file_text([header[0]], _imports("\n".join(base), blocks.imports), base)}
    where = {table_variable(model): stems[model.relation.key] for model in models if model.role != "class"}
    classes = {model.relation.key: model.name for model in models}
    known = shared & _words_of("\n".join(base))
    for model, text in blocks.models:
        stem = stems[model.relation.key]
        imports = _imports(text, blocks.imports)
        others = where if model.role == "class" else {}
        _local(imports, text, known, others)
        types = _for_types(model, stems, classes, imports)
        files[f"{stem}.py"] = file_text([header[0]], imports, [*types, text])
    named = [(stems[model.relation.key], name) for model, name in zip(models, shown, strict=True)]
    files["__init__.py"] = _start(header, named, known, [text for text in blocks.further if text])
    return dict(sorted(files.items()))


def _local(imports: Imports, text: str, known: Iterable[str], where: Mapping[str, str]) -> None:
    used = _words_of(text)
    for name in known:
        if name in used:
            imports.name(".base", name)
    for name, stem in where.items():
        if name in used:
            imports.name(f".{stem}", name)


def _for_types(model: Model, stems: Mapping[Name, str], classes: Mapping[Name, str], imports: Imports) -> list[str]:
    """Return the imports of the classes that annotations name: only type checkers need them."""
    targets = {link.target for link in model.links} - {model.relation.key}
    if not targets:
        return []
    imports.name("typing", "TYPE_CHECKING")
    typed = Imports()
    for key in targets:
        typed.name(f".{stems[key]}", classes[key])
    return [f"if TYPE_CHECKING:\n{typed.text(1)}"]


def _start(header: Sequence[str], named: Sequence[tuple[str, str]], known: set[str], further: Sequence[str]) -> str:
    """Return __init__.py; `named` are pairs of a file and what it holds."""
    imports = _imports("\n".join(further), {})
    public = sorted(name for name in known if not name.startswith("_"))
    imports.name(".base", *public)
    _local(imports, "\n".join(further), known, {})
    for stem, name in named:
        imports.name(f".{stem}", name)
        public.append(name)
    listed = "\n".join(f"    {literal(name)}," for name in sorted(public))
    return file_text(header, imports, [f"__all__ = [\n{listed}\n]", *further])
