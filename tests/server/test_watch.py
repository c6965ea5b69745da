"""The watcher of the folders: whatever an editor, a checkout or an operator does to them is noticed."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

import anyio
import pytest

from dbmcp.server.watch import changes_in

# A safety net: a change is noticed at once, a folder that was away within a second.
NOTICED_S = 20


class Watch:
    """What was noticed so far."""

    def __init__(self) -> None:
        self._noticed = asyncio.Event()

    async def begin(self, folders: Sequence[Path]) -> None:
        """Watch until cancelled."""
        async with aclosing(changes_in(folders)) as batches:
            async for _ in batches:
                self._noticed.set()

    async def notices(self) -> None:
        """Wait until a change is noticed."""
        with anyio.fail_after(NOTICED_S):
            await self._noticed.wait()
        self._noticed.clear()


def move_away(folder: Path) -> None:
    """Move a folder to another name, and make another one in its place."""
    folder.rename(folder.with_name("old"))
    folder.mkdir()


@asynccontextmanager
async def watching(*folders: Path) -> AsyncIterator[Watch]:
    """Watch folders; the first notice, which comes when watching has begun, is awaited."""
    watch = Watch()
    task = asyncio.create_task(watch.begin(folders))
    try:
        await watch.notices()
        yield watch
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the folders ten times a second: the tests wait for it."""
    monkeypatch.setattr("dbmcp.server.watch._LOOK_EVERY_S", 0.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file in it, and one in a folder below."""
    queries = tmp_path / "queries"
    (queries / "sales").mkdir(parents=True)
    (queries / "one.sql").write_text("SELECT 1")
    (queries / "sales" / "two.sql").write_text("SELECT 2")
    return queries


async def test_files_that_are_made_changed_and_deleted_are_noticed(folder: Path) -> None:
    async with watching(folder) as watch:
        (folder / "new.sql").write_text("SELECT 3")
        await watch.notices()
        (folder / "sales" / "two.sql").write_text("SELECT 22")
        await watch.notices()
        (folder / "one.sql").unlink()
        await watch.notices()


async def test_an_editor_that_writes_by_rename_is_noticed(folder: Path) -> None:
    async with watching(folder) as watch:
        (folder / ".one.sql.swp").write_text("SELECT 11")
        os.replace(folder / ".one.sql.swp", folder / "one.sql")  # noqa: PTH105
        await watch.notices()


async def test_a_new_folder_within_is_watched_as_well(folder: Path) -> None:
    async with watching(folder) as watch:
        (folder / "stock").mkdir()
        await watch.notices()
        (folder / "stock" / "three.sql").write_text("SELECT 3")
        await watch.notices()


async def test_a_folder_that_is_deleted_and_made_anew_is_watched_on(folder: Path) -> None:
    async with watching(folder) as watch:
        shutil.rmtree(folder)
        os.mkdir(folder)  # noqa: PTH102
        await watch.notices()
        await watch.notices()  # watching has begun anew
        (folder / "new.sql").write_text("SELECT 3")
        await watch.notices()


async def test_a_folder_that_is_gone_for_long_is_watched_when_it_is_back(folder: Path) -> None:
    async with watching(folder) as watch:
        shutil.rmtree(folder)
        await watch.notices()
        await watch.notices()
        os.mkdir(folder)  # noqa: PTH102
        await watch.notices()
        await watch.notices()
        (folder / "new.sql").write_text("SELECT 3")
        await watch.notices()


async def test_a_folder_that_is_moved_away_and_replaced_is_watched_on(folder: Path) -> None:
    async with watching(folder) as watch:
        move_away(folder)
        await watch.notices()
        await watch.notices()
        (folder / "new.sql").write_text("SELECT 3")
        await watch.notices()


async def test_a_link_that_is_turned_to_another_folder_is_noticed(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "release-2").mkdir()
    link = tmp_path / "current"
    link.symlink_to(folder)
    async with watching(link) as watch:
        (tmp_path / "next").symlink_to(tmp_path / "release-2")
        (tmp_path / "next").replace(link)
        await watch.notices()
        await watch.notices()
        (tmp_path / "release-2" / "new.sql").write_text("SELECT 3")
        await watch.notices()


async def test_one_of_two_folders_that_is_missing_keeps_nobody_from_the_other(tmp_path: Path, folder: Path) -> None:
    missing = tmp_path / "missing"
    async with watching(missing, folder) as watch:
        (folder / "new.sql").write_text("SELECT 3")
        await watch.notices()
        missing.mkdir()
        await watch.notices()
        await watch.notices()
        (missing / "new.sql").write_text("SELECT 4")
        await watch.notices()


async def test_what_a_link_leads_to_is_noticed(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "far" / "below").mkdir(parents=True)
    (tmp_path / "far" / "below" / "in.sql").write_text("SELECT 1")
    (tmp_path / "alone.sql").write_text("SELECT 1")
    async with watching(folder) as watch:
        (folder / "back").symlink_to(folder)
        await watch.notices()
        for name, target in (("alone.sql", "alone.sql"), ("linked", "far"), ("lost.sql", "nothing")):
            (folder / name).symlink_to(tmp_path / target)
            await watch.notices()
            await watch.notices()  # watching has begun anew
        (tmp_path / "alone.sql").write_text("SELECT 22")
        await watch.notices()
        await watch.notices()
        (tmp_path / "alone.new").write_text("SELECT 333")
        (tmp_path / "alone.new").replace(tmp_path / "alone.sql")
        await watch.notices()
        await watch.notices()
        (tmp_path / "far" / "below" / "in.sql").write_text("SELECT 22")
        await watch.notices()
        (tmp_path / "nothing").write_text("SELECT 4")
        await watch.notices()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is a text")
async def test_a_name_that_is_no_text_does_not_end_the_watch(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The library that watches ends with it; its first change, and what comes after, are noticed all the same."""
    async with watching(folder) as watch:
        strange = os.fsencode(folder) + b"/\xff.sql"
        os.close(os.open(strange, os.O_CREAT))
        await watch.notices()
        assert "begins anew" in caplog.text
        (folder / "new.sql").write_text("SELECT 3")
        await watch.notices()
        os.unlink(strange)  # noqa: PTH108
        await watch.notices()
        (folder / "new.sql").write_text("SELECT 33")
        await watch.notices()


async def test_what_the_system_cannot_watch_is_polled_and_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The system's own refusal cannot be had without harm to others: the library's call fails in its place."""
    import watchfiles  # noqa: PLC0415 - only this test replaces its function

    real = watchfiles.awatch

    def refusing(*paths: Path, force_polling: bool | None, **options: object) -> object:
        if not force_polling:
            raise OSError("No space left on device")
        return real(*paths, force_polling=force_polling, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(watchfiles, "awatch", refusing)
    async with watching(folder) as watch:
        (folder / "new.sql").write_text("SELECT 3")
        await watch.notices()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "polled" in caplog.text
