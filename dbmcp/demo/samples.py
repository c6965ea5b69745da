"""The sample named queries on the demo database, and who calls them there."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

# Sive Lacey, an account manager: what `my_accounts` takes the caller's identity for.
CLAIMS: Mapping[str, int] = MappingProxyType({"employee": 9})


def folder() -> Path:
    """Return the folder of the sample queries: in a wheel it lies here, in a checkout at its top as `queries`."""
    here = Path(__file__).parent
    packed = here / "queries"
    return packed if packed.is_dir() else here.parents[1] / "queries"
