"""What dbmcp must know of one database product. A dialect is one file; `dialects/__init__.py` lists them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

if TYPE_CHECKING:
    from dbmcp.errors import DbmcpError
    from dbmcp.plans import Plan
    from dbmcp.policy import Policy, Shown
    from dbmcp.results import Bounds, Description, Estimate, ResultSet
    from dbmcp.shapes import Statistics

# What may fill a placeholder of a statement: None is NULL, and a list an array of the engine.
Scalar = str | int | float | Decimal | bool | date | datetime | time | UUID
ArgumentValue = Scalar | list[Scalar] | None

# What a dialect keeps of statements it has met, for one database.
Memory = MutableMapping[Any, Any]

# Parts of the catalog with a row of each, as dbmcp.catalog.reader documents them; it goes through them on a thread.
CatalogRows = Iterable[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Session:
    """How a connection is opened: where to, and the limits that the engine itself enforces on it."""

    url: str
    seconds: float = 30.0
    wait_seconds: float = 5.0
    connect_seconds: float = 5.0
    search_path: str | None = None
    policy: Policy | None = None
    # Functions that the operator allows beyond the reviewed list, in lower case.
    functions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Argument:
    """A value that is bound to a placeholder, and the name of the parameter it came by. A datetime is in UTC.

    `is_hidden` says that it is of the caller's identity: callers are not told of the parameter.
    """

    name: str
    value: ArgumentValue
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that was approved, as a dialect runs it.

    `columns_may_change` says that the columns come from the tables (a star), so that what was learnt of them grows old.
    """

    text: str
    columns_may_change: bool = True
    # A WITH clause of policy views that the text refers to; empty without a policy.
    prelude: str = ""
    # For each placeholder of the text its value, the first for `$1` or `?1`.
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnCode:
    """Code of the database's own that a statement may reach without naming it: what the guard must know of it.

    `attributes` are functions of one value, with whether that may be a row: `(x).f` and `t.f` may call them. `volatile`
    are the names of functions that may have effects: one may be called like one of the engine's own. `operators` are
    the signs of operators. What belongs to an extension and was reviewed is in none of the last two.
    """

    attributes: Mapping[str, bool] = field(default_factory=dict)
    volatile: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()


class Dialect(ABC):
    """One product: its URLs, its read-only session, its values, its errors, and facts for guard and catalog.

    `connect` returns the driver's own connection; the pool that holds it is SQLAlchemy's, in `database`.
    What a dialect's read-only session does not stop is said in the dialect's module.
    """

    name: ClassVar[str]
    schemes: ClassVar[tuple[str, ...]]
    sqlglot_name: ClassVar[str]
    sqlalchemy_url: ClassVar[str]
    default_schema: ClassVar[str]
    # Whether a policy is written into the statement's text by the guard; else the connection enforces it itself.
    policy_in_text: ClassVar[bool] = False
    # First words of statements that are no queries, and what to do instead.
    instead_of: ClassVar[Mapping[str, str]] = {}
    # Keywords that may stand before a parenthesis; everything else there is a function's name.
    words_before_parenthesis: ClassVar[frozenset[str]] = frozenset()

    @property
    @abstractmethod
    def functions(self) -> frozenset[str]:
        """Return the lower-case names of the functions a statement may call."""

    @property
    @abstractmethod
    def functions_held_back(self) -> Mapping[str, str]:
        """Return the functions held back on purpose, each with its reason."""

    @property
    def operators(self) -> frozenset[str]:
        """Return the operators a statement may use; empty where a product has none of its users' own."""
        return frozenset()

    @abstractmethod
    def relation_held_back(self, schema: str, name: str) -> str | None:
        """Return why a relation of the engine's own may not be read, or None when it may."""

    @abstractmethod
    def check_url(self, url: str) -> str:
        """Return the URL in the form the driver takes.

        Raises:
            ConfigError: it names no database, or one that cannot be there.
        """

    @abstractmethod
    async def connect(self, session: Session) -> Any:
        """Open a read-only connection with the engine's own limits on it.

        Raises:
            DatabaseUnavailable: the engine cannot be reached or refuses.
        """

    async def check_role(self, connection: Any, name: str) -> None:  # noqa: B027  (a product without roles has none)
        """Refuse a role that may do more than read; `name` is the database's in the settings.

        Raises:
            ConfigError: saying what it may do, with the script that makes a fit one.
        """

    @abstractmethod
    async def fetch(self, connection: Any, read: Read, bounds: Bounds, memory: Memory) -> ResultSet:
        """Run one statement and return its rows as text.

        `memory` outlives the connection: what was learnt of a statement is kept there, by its text.

        Raises:
            DatabaseError: as `translate` makes it.
        """

    @abstractmethod
    async def explain(self, connection: Any, read: Read, bounds: Bounds, memory: Memory) -> Estimate:
        """Return the engine's plan of the statement as it would run; nothing is run."""

    @abstractmethod
    async def plan(self, connection: Any, read: Read, *, measured: bool) -> Plan:
        """Return how the engine means to run the statement as it is written; `measured` has it run, without its rows.

        Raises:
            InvalidParameter: the engine cannot measure a plan.
        """

    async def statistics(self, connection: Any, relation: tuple[str, str]) -> Statistics | None:  # noqa: ARG002
        """Return what the engine has counted of a relation's columns; None where it has nothing, or nothing of use.

        They are of all rows and values, past every policy.
        """
        return None

    @abstractmethod
    async def describe(self, connection: Any, read: Read) -> Description:
        """Return the types of the placeholders and of the columns; the statement is prepared, and no row is read.

        `read.arguments` name the parameters; their values make no difference.
        """

    @abstractmethod
    async def read_catalog(self, connection: Any) -> CatalogRows:
        """Return the rows of every part of the catalog, all of one moment."""

    async def read_relations(self, connection: Any, names: Iterable[str]) -> CatalogRows | None:  # noqa: ARG002
        """Return the rows of the relations of these names alone, in one statement.

        None where reading everything is as cheap.
        """
        return None

    async def own_code(self, connection: Any) -> OwnCode:  # noqa: ARG002
        """Return the code of the database's own that a statement may reach without naming it; here there is none."""
        return OwnCode()

    @abstractmethod
    async def fingerprint(self, connection: Any) -> str:
        """Return a text that changes whenever the catalog does."""

    @abstractmethod
    async def reset(self, connection: Any) -> None:
        """Leave nothing of one caller to the next; raises when the connection is not fit to be lent again."""

    @abstractmethod
    async def ping(self, connection: Any) -> None:
        """Raise when the connection is dead."""

    @abstractmethod
    async def cancel(self, connection: Any) -> None:
        """End what still runs on the connection when its caller was cancelled or ran out of time."""

    @abstractmethod
    async def close(self, connection: Any) -> None:
        """Close the connection."""

    def view_of(self, relation: tuple[str, str], shown: Shown, hash_key: str) -> str:
        """Return the SELECT that stands for a governed table: the columns shown, masked, of the rows shown."""
        raise NotImplementedError

    @abstractmethod
    def translate(self, error: BaseException, text: str | None = None) -> DbmcpError:
        """Return ours for a driver's error, with nothing in it that a caller should not see."""

    @abstractmethod
    def is_lost(self, error: BaseException) -> bool:
        """Say whether the error means that the connection is gone, so that a read may be tried on another."""
