"""Generated SQLAlchemy models at work: imported, created, compared with a database, read through."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session, aliased, configure_mappers, selectinload

from dbmcp.codegen.base import Generated

# Names that SQLAlchemy's reflection, or alembic, cannot read back: a schema with quotes, a key to a column with a dot,
# one that leads nowhere.
UNREADABLE = ('Odd "Schema".😀', "orders", "to_nowhere")


@contextmanager
def imported(generated: Generated, folder: Path) -> Iterator[ModuleType]:
    """Import generated files, every warning an error, and configure their mappers; forget them afterwards."""
    for name, text in generated.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    is_package = "__init__.py" in generated.files
    path = folder / ("__init__.py" if is_package else next(iter(generated.files)))
    spec = spec_from_file_location(
        "generated_models", path, submodule_search_locations=[str(folder)] if is_package else None
    )
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["generated_models"] = module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            spec.loader.exec_module(module)
            configure_mappers()
        yield module
    finally:
        module.Base.registry.dispose()
        for name in [name for name in sys.modules if name.partition(".")[0] == "generated_models"]:
            del sys.modules[name]


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """Connect to a database by a driver that alembic takes."""
    is_postgresql = url.startswith("postgres")
    engine = sa.create_engine(
        "postgresql+psycopg" + url[url.index("://") :] if is_postgresql else f"sqlite:///{url}", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        yield connection


def differences(url: str, metadata: sa.MetaData, *, defaults: bool = False) -> list[Any]:
    """Return what alembic would change in a database to make it like the models."""

    def is_read(name: str | None, kind: str, _: object) -> bool:
        return kind not in ("schema", "table") or name not in UNREADABLE

    def is_compared(item: Any, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or (item.schema not in UNREADABLE and name not in UNREADABLE)

    with connected(url) as connection, warnings.catch_warnings():
        # Reflection warns of types, and alembic of indexes and computed columns, that they cannot read.
        warnings.simplefilter("ignore")
        options = {
            "include_schemas": connection.dialect.name == "postgresql",
            "compare_server_default": defaults,
            "include_name": is_read,
            "include_object": is_compared,
        }
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def create(url: str, metadata: sa.MetaData) -> None:
    """Create all tables in one go, and again, which changes nothing."""
    with connected(url) as connection:
        metadata.create_all(connection)
        metadata.create_all(connection)
        connection.commit()


def read_through(url: str, module: ModuleType) -> int:
    """Select a row of every class, load and join every relationship; return how many there were."""
    count = 0
    with connected(url) as connection, Session(connection) as session:
        for mapper in module.Base.registry.mappers:
            class_ = mapper.class_
            session.execute(sa.select(class_).limit(1)).scalars().all()
            for link in mapper.relationships:
                attribute = getattr(class_, link.key)
                session.execute(sa.select(class_).options(selectinload(attribute)).limit(1)).scalars().all()
                other = aliased(link.mapper.class_)
                session.execute(sa.select(class_).join(other, attribute).limit(1)).scalars().all()
                count += 1
            session.expunge_all()
    return count


def tables(module: ModuleType) -> list[sa.Table]:
    """Return every table of the models, those that can only be read as well."""
    read_only = getattr(module, "ReadOnly", None)
    every = [*module.Base.metadata.tables.values()]
    return every + ([*read_only.metadata.tables.values()] if read_only else [])
