"""Draw docs/demo.svg, the terminal of `dbmcp demo`: the tour is run, and what it prints is the picture.

python scripts/make_demo_picture.py           draw it
python scripts/make_demo_picture.py --check   fail when the picture is not what the demo prints now
"""

import asyncio
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.terminal_theme import MONOKAI

from dbmcp.cli.demo import _tour

PICTURE = Path(__file__).parents[1] / "docs" / "demo.svg"
WIDTH = 110
# The picture must not load a font from somebody's server; the reader's own monospaced one does as well.
_FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


class _Screen(Console):
    """A recording terminal that shows the home folder as ~, so that every machine draws the same picture."""

    def __init__(self, home: str) -> None:
        super().__init__(
            record=True, file=io.StringIO(), width=WIDTH, force_terminal=True, color_system="truecolor", highlight=False
        )
        self._home = home

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as a terminal does."""
        super().print(
            *(item.replace(self._home, "~") if isinstance(item, str) else item for item in objects), **options
        )


def draw() -> str:
    """Run the tour in a home folder of its own and return its picture as SVG."""
    with tempfile.TemporaryDirectory(prefix="dbmcp-picture-") as home:
        os.environ["HOME"] = home
        os.environ.pop("XDG_CACHE_HOME", None)
        sys.argv = ["dbmcp"]  # what the tour's last lines call the program
        screen = _Screen(home)
        asyncio.run(_tour(screen))
        svg = screen.export_svg(title="dbmcp demo", theme=MONOKAI, unique_id="demo")
    assert home not in svg
    # Trailing blanks of the terminal's lines are no part of the picture.
    return re.sub(r"[ \t]+$", "", _FONT_FACE.sub("", svg), flags=re.MULTILINE).rstrip("\n") + "\n"


def main() -> int:
    """Draw, or check, the picture."""
    check = "--check" in sys.argv[1:]
    svg = draw()
    if not check:
        PICTURE.write_text(svg, encoding="utf-8")
        print(f"{PICTURE.name}: {len(svg):,} bytes")
        return 0
    if PICTURE.is_file() and PICTURE.read_text("utf-8") == svg:
        return 0
    print(f"{PICTURE.name} is not what the demo prints now: run python scripts/{Path(__file__).name}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
