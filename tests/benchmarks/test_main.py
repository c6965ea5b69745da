"""The command line of the benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import __main__ as command_line
from benchmarks.failures import BenchmarkError
from benchmarks.figures import Findings
from benchmarks.measures import MEASURES
from benchmarks.plan import QUICK, Plan
from benchmarks.postgres import Address

NOWHERE = Address("ann", None, "127.0.0.1", 1, "d")


async def fails(_address: Address, _plan: Plan) -> Findings:
    raise ExceptionGroup("lanes", [BenchmarkError("the server ended"), BenchmarkError("the server ended")])


async def works(_address: Address, _plan: Plan) -> Findings:
    return Findings(notes=("measured",))


async def test_a_measure_that_fails_is_reported_once_and_the_next_one_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(command_line, "MEASURES", {"start": fails, "keys": works})
    findings, failures = await command_line._measured(NOWHERE, QUICK, ["start", "keys"])
    assert findings == [Findings(notes=("measured",))]
    assert failures == ["start: not measured; the server ended"]


def test_a_database_off_this_machine_is_refused_before_anything_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command_line.main(["--url", "postgresql://ann@db.example.com/d"]) == 1
    assert "it is 'db.example.com'" in capsys.readouterr().err


def test_an_unknown_measure_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command_line.main(["--only", "start,nothing"])
    assert f"no measure 'nothing'; there are {', '.join(MEASURES)}" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_refused_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path, tmp_path / "none" / "results.json"):
        with pytest.raises(SystemExit, match="2"):
            command_line.main(["--json", str(path)])
        assert "cannot write" in capsys.readouterr().err
