"""The clients to test with, each test with a home of its own, and a small shop on each engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.clients import ROOT, Clients, Model, fault, playing

SHOP = """
CREATE TABLE item (item_id integer PRIMARY KEY, name text NOT NULL, note text);
INSERT INTO item VALUES (1, 'Åsa "the" Ek', 'first
second'), (2, 'Bo, jr', NULL), (3, '日本 😀', '');
"""


@pytest.fixture(scope="session")
def modules() -> Path:
    """Return the folder of the clients' packages; absent unless someone has run scripts/install_clients.sh."""
    named = os.environ.get("DBMCP_TEST_CLIENTS_DIR")
    folder = Path(named).resolve() if named else ROOT / ".clients"
    found = fault(folder)
    if found is not None:
        # Also in CI: they are large, and another's to install. Who names a folder wants them tested.
        (pytest.fail if named else pytest.skip)(f"{found}: run scripts/install_clients.sh")
    return folder / "node_modules"


@pytest.fixture
def model() -> Iterator[Model]:
    """Play a model that has nothing to do, and see that the clients ask nothing of anyone."""
    model = Model()
    with playing(model):
        yield model
    assert model.strays == []


@pytest.fixture
def clients(modules: Path, model: Model, tmp_path: Path) -> Clients:
    """Return the clients, with a new home."""
    return Clients(modules, tmp_path, model.url)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shop_url(request: pytest.FixtureRequest, modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the shop's URL on each engine."""
    if request.param == "sqlite":
        yield str(engines.build_sqlite_file(tmp_path_factory.mktemp("shop") / "shop.sqlite", SHOP))
        return
    with engines.fresh_postgresql_database(request.getfixturevalue("postgresql_from_wheel")) as database:
        database.run(SHOP)
        database.grant_reader()
        yield database.reader_url
