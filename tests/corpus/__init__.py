"""The public corpora: statements that must be refused and statements that must pass, as data. README.md says how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
KINDS = ("allow", "refuse")

_HEADER = re.compile(r"-- \[(?P<code>[a-z_]+)\] (?P<klass>[a-z0-9-]+): (?P<note>\S.*)")
_MARK = re.compile(r"\(([a-z0-9.+ -]+)\)")
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(\\)|\{(\d+):(.*?)\\\})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """One statement: the code of its refusal (or "ok"), its class, a note, its text, and where it stands."""

    code: str
    klass: str
    note: str
    text: str
    line: int
    file: str

    @property
    def place(self) -> str:
        """Where the case stands, as an editor opens it."""
        return f"{self.file}:{self.line}"

    @property
    def marks(self) -> frozenset[str]:
        """What the note says in parentheses: `volatile`, `pg16+`, `needs xml` and the like."""
        return frozenset(_MARK.findall(self.note))


def statements(dialect: str, kind: str) -> list[Case]:
    """Return the cases of one file, in its order.

    Raises:
        ValueError: a line that looks like the head of a case is none, or a case has no text.
    """
    path = FOLDER / dialect / f"{kind}.sql"
    file = path.relative_to(FOLDER.parents[1]).as_posix()
    return parse(path.read_bytes().decode(), file)


def schema(dialect: str) -> str:
    """Return the statements that make the database that the cases are about."""
    return (FOLDER / dialect / "schema.sql").read_text(encoding="utf-8")


def parse(text: str, file: str) -> list[Case]:
    """Return the cases of a file's text; what stands before the first of them is the file's own comment.

    Raises:
        ValueError: as `statements` does.
    """
    cases: list[Case] = []
    lines = text.split("\n")
    heads = [number for number, line in enumerate(lines) if line.startswith("-- [")]
    for number, following in zip(heads, [*heads[1:], len(lines)], strict=True):
        head = _HEADER.fullmatch(lines[number])
        body = "\n".join(lines[number + 1 : following]).strip("\n")
        if head is None:
            raise ValueError(f"{file}:{number + 1}: write `-- [code] class: note`")
        if not body:
            raise ValueError(f"{file}:{number + 1}: there is no statement below")
        case = Case(head["code"], head["klass"], head["note"], body, number + 1, file)
        cases.append(case if "escaped" not in case.marks else _unescaped(case))
    return cases


def _unescaped(case: Case) -> Case:
    r"""Return the case with \xHH, \uHHHH, \UHHHHHHHH, \\ and \{times:text\} replaced by what they stand for."""
    text = _ESCAPE.sub(_escape, case.text)
    return Case(case.code, case.klass, case.note, text, case.line, case.file)


def _escape(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        return chr(int(code, 16))
    return "\\" if found[4] else _ESCAPE.sub(_escape, found[6]) * int(found[5])
