"""What must hold of the guard's answer to any text. The engines' own parsers judge, not the guard's code."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pgparse

from dbmcp.dialects.functions import load
from dbmcp.dialects.relations import held_back_relations
from dbmcp.errors import StatementRejected
from dbmcp.guard import ApprovedQuery, approve
from tests.fuzz import sqlite_reads
from tests.fuzz.inputs import ALLOW, REFUSE, SECRET, Input

SLOW_S = 0.25
# A refusal is read by a model: the fault, a hint and a line of the statement.
LONGEST_REFUSAL = 700

_FORBIDDEN = frozenset({"intoClause", "lockingClause", "LockingClause", "IntoClause", "ParamRef", "CurrentOfExpr"})
_COMMENT_SIGNS = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Observed:
    """The guard's answer to one input: `approved` or the refusal's code, its time, and what is wrong with it."""

    verdict: str
    seconds: float
    fault: str | None = None


def observe(given: Input, *, twice: bool = True) -> Observed:
    """Give the input to the guard, and return its answer with the first property that does not hold."""
    began = time.thread_time()
    answer = _answer(given)
    seconds = time.thread_time() - began
    # In processor time, and the least of three: a busy machine is no fault of the guard's.
    for _ in range(2):
        if seconds > SLOW_S:
            began = time.thread_time()
            _answer(given)
            seconds = min(seconds, time.thread_time() - began)
    verdict = "approved" if isinstance(answer, ApprovedQuery) else getattr(answer, "code", type(answer).__name__)
    fault = f"slow: it took over {SLOW_S * 1e3:.0f} ms" if seconds > SLOW_S else _fault(given, answer)
    if fault is None and twice and not _is_same(answer, _answer(given)):
        fault = "undetermined: the second answer is another"
    return Observed(verdict, seconds, fault)


def _answer(given: Input) -> ApprovedQuery | BaseException:
    try:
        return approve(given.text, given.dialect)
    except Exception as error:  # noqa: BLE001 - what it raised is what is looked at
        return error


def _is_same(one: ApprovedQuery | BaseException, other: ApprovedQuery | BaseException) -> bool:
    if isinstance(one, ApprovedQuery):
        return one == other
    return type(one) is type(other) and str(one) == str(other)


def _fault(given: Input, answer: ApprovedQuery | BaseException) -> str | None:
    if isinstance(answer, StatementRejected):
        return _fault_of_refusal(given, answer)
    if not isinstance(answer, ApprovedQuery):
        return f"raised: {type(answer).__name__}"
    if given.expected == REFUSE:
        return "approved: a write was approved"
    if not given.text.startswith(answer.text) or is_more(given.text[len(answer.text) :], given.dialect):
        return "changed: the approved text is not the caller's"
    return postgresql_fault(answer) if given.dialect == "postgresql" else sqlite_fault(answer)


def is_more(text: str, dialect: str) -> bool:
    """Say whether what was left off behind a statement is more than semicolons, blanks and comments."""
    while text := text.lstrip("; \t\n\r\f"):
        if text.startswith("--"):
            text = text.partition("\n")[2]
        elif text.startswith("/*"):
            depth = 0
            for sign in _COMMENT_SIGNS.finditer(text):
                depth += 1 if sign[0] == "/*" else -1
                # On SQLite comments do not nest.
                if depth == 0 or (dialect == "sqlite" and sign[0] == "*/"):
                    text = text[sign.end() :]
                    break
            else:
                return dialect != "sqlite"
        else:
            return True
    return False


def _fault_of_refusal(given: Input, refusal: StatementRejected) -> str | None:
    text = str(refusal)
    if len(text) > LONGEST_REFUSAL:
        return "wordy: the refusal is too long to read"
    if given.may_hold_secrets and SECRET in text.lower():
        return "leak: the refusal repeats a literal"
    if given.expected == ALLOW and _engine_takes(given) and refusal.code != "too_complex":
        return f"refused: a read, as {refusal.code}: {re.sub(r'[0-9]+', '0', refusal.message)[:60]}"
    return None


def _engine_takes(given: Input) -> bool:
    try:
        if given.dialect == "postgresql":
            return len(pgparse.parse(given.text)) == 1
        _Engine.shared().compile(given.text)
    except (pgparse.PGQueryError, RecursionError, sqlite3.Error):
        return False
    return True


# ---- PostgreSQL ----


def postgresql_fault(approved: ApprovedQuery) -> str | None:
    """Return what PostgreSQL's own parser sees in an approved statement that is no read, or None."""
    try:
        statements = pgparse.parse(approved.text)
        wrapped = pgparse.parse(f"SELECT * FROM (\n{approved.text}\n) AS _q LIMIT 2")
    except (pgparse.PGQueryError, RecursionError) as error:
        return f"unparsed: PostgreSQL does not parse it: {type(error).__name__}"
    if len(statements) != 1 or len(wrapped) != 1:
        return "several: there is more than one statement"
    (root, tree) = next(iter(statements[0]["stmt"].items()))
    if root != "SelectStmt":
        return f"root: it is a {root}"
    inner = wrapped[0]["stmt"]["SelectStmt"]["fromClause"][0]["RangeSubselect"]["subquery"]["SelectStmt"]
    if not _are_alike(inner, tree):
        return "wrapped: within a derived table it means something else"
    return next(filter(None, (_fault_of_part(name, part) for name, part in _parts(tree))), None) or _fault_of_names(
        tree, approved
    )


def _parts(tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield every field of a tree, at any depth, with its value."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo.extend(node)
        elif isinstance(node, dict):
            yield from node.items()
            todo.extend(node.values())


def _fault_of_part(name: str, part: Any) -> str | None:
    if name in _FORBIDDEN:
        return f"node: it holds a {name}"
    if name.endswith("Stmt") and name != "SelectStmt":
        return f"node: it holds a {name}"
    if name == "funcname":
        words = _words(part)
        if words[-1] not in load("postgresql") or words[:-1] not in ([], ["pg_catalog"]):
            return f"function: it calls {'.'.join(words)}"
    if (
        name in {"name", "operName", "useOp"}
        and isinstance(part, list)
        and _words(part)[:-1] not in ([], ["pg_catalog"])
    ):
        return "operator: it names an operator's schema"
    return None


def _fault_of_names(tree: Any, approved: ApprovedQuery) -> str | None:
    """Hold the relations and functions that the guard reports against those in the tree."""
    ranges = [part for _, part in _parts({"root": tree}) if isinstance(part, dict) and "relname" in part]
    bodies = {part for name, part in _parts(tree) if name == "ctename"}
    for each in ranges:
        name, schema = each["relname"], each.get("schemaname", "")
        if name in bodies and not schema:
            continue
        if f"{schema or 'pg_catalog'}.{name}" in held_back_relations("postgresql"):
            return f"relation: it reads {name}"
        if (f"{schema}.{name}" if schema else name) not in approved.relations:
            return "relation: it reads one that is not reported"
    called = {_words(part)[-1] for name, part in _parts(tree) if name == "funcname"}
    attributes = {word for name, part in _parts(tree) if name == "indirection" for word in _words(part)}
    return None if called <= approved.functions <= called | attributes else "function: those reported are others"


def _words(part: Any) -> list[str]:
    return [item["String"].get("sval", "") for item in part if isinstance(item, dict) and "String" in item]


def _are_alike(one: Any, other: Any) -> bool:
    """Compare two trees, but for the places in the text."""
    todo = [(one, other)]
    while todo:
        left, right = todo.pop()
        if isinstance(left, dict) and isinstance(right, dict):
            names = [name for name in left.keys() | right.keys() if not name.endswith("location")]
            todo += [(left.get(name), right.get(name)) for name in names]
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            todo += zip(left, right, strict=True)
        elif left != right:
            return False
    return True


# ---- SQLite ----


def sqlite_fault(approved: ApprovedQuery) -> str | None:
    """Return what SQLite wants to do for an approved statement that is no reading, or None."""
    engine = _Engine.shared()
    try:
        engine.compile(approved.text)
    except (sqlite3.Warning, sqlite3.ProgrammingError) as error:
        return "several: there is more than one statement" if "one statement" in str(error) else None
    except sqlite3.Error:
        pass  # No such column, a syntax error: nothing would run.
    return f"authorizer: {engine.asked[0]}" if engine.asked else None


class _Engine:
    """A SQLite database in memory that compiles statements, and notes whatever they ask for beside reading."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.executescript(sqlite_reads.SCHEMA)
        for name in load("sqlite"):
            if name.startswith("pragma_") or name in {"json_each", "json_tree"}:
                self._connection.execute(f"SELECT 1 FROM {name} LIMIT 0").close()
        self._connection.set_authorizer(self._authorize)

    @staticmethod
    @cache
    def shared() -> _Engine:
        """Return the one of this process."""
        return _Engine()

    def compile(self, text: str) -> None:
        """Compile a statement without running it; `asked` then holds what it wanted and was denied."""
        self.asked = []
        self._connection.execute(f"EXPLAIN {text}").close()

    def _authorize(self, action: int, first: str | None, second: str | None, *_where: str | None) -> int:
        name = f"{action} {first} {second}"
        if action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE}:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (first or "").lower() not in held_back_relations("sqlite"):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in load("sqlite"):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and f"pragma_{first}" in load("sqlite"):
            return sqlite3.SQLITE_OK
        self.asked.append(name)
        return sqlite3.SQLITE_DENY
