"""Writes what the pages show: run it after a change to the compiler, and read the diff.

    python docs/regenerate.py            # rewrite the blocks that are shown
    python docs/regenerate.py --check    # exit with 1 if a page is out of date

A block is what follows a line ``<!-- shown: NAME -->``: a fenced block, or lines up to ``<!-- end -->``.
In docs/language.md the last two cells of each row that says "refused" are written too, the words of
the refusal, and a known gap that is closed is taken out. tests/test_docs.py holds the pages against
what is made here.
"""

# ruff: noqa: INP001, T201, E402

from __future__ import annotations

import contextlib
import functools
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
for place in (str(ROOT), str(HERE)):
    if place not in sys.path:
        sys.path.insert(0, place)

import functions
import journey
import language
from pages import load

README = ROOT / "README.md"
PAGES = (journey.PAGE, language.PAGE, functions.PAGE, README)


def regenerated(page: Path) -> str:
    """The page with its blocks, and the words of its refusals, made anew."""
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"^<!-- shown: (\S+) -->$", text, re.MULTILINE):
        marker = f"<!-- shown: {name} -->"
        new = block(name).rstrip("\n") + "\n"
        fenced = re.compile(f"({re.escape(marker)}\n```\\w*\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)
        plain = re.compile(f"({re.escape(marker)}\n)(.*?)(^<!-- end -->$)", re.DOTALL | re.MULTILINE)
        pattern = fenced if fenced.search(text) else plain
        text, count = pattern.subn(lambda m, new=new: m[1] + new + m[3], text)
        if count != 1:
            raise ValueError(f"{page}: {marker} stands {count} times")
    return language.with_refusals(language.without_closed_gaps(text)) if page == language.PAGE else text


@functools.cache
def block(name: str) -> str:
    return BLOCKS[name]()


def example() -> str:
    """What the first program of the README prints."""
    text = README.read_text(encoding="utf-8")
    found = re.search(r"^## An example\n+```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        load(found[1], "example")
    return printed.getvalue()


BLOCKS: dict[str, Callable[[], str]] = {**journey.BLOCKS, **language.BLOCKS, **functions.BLOCKS, "example": example}


def main() -> int:
    stale = 0
    for page in PAGES:
        new = regenerated(page)
        if new != page.read_text(encoding="utf-8"):
            stale += 1
            print(f"{page.relative_to(ROOT)}: {'out of date' if '--check' in sys.argv else 'rewritten'}")
            if "--check" not in sys.argv:
                page.write_text(new, encoding="utf-8")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
