"""The pages say what is: their samples are run, and what they show is what the compiler makes today."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))
pages = importlib.import_module("regenerate")
sys.path.remove(str(ROOT / "docs"))
language = pages.language

SAMPLES = language.Samples(language.PAGE.read_text(encoding="utf-8"))


def rows(*verdicts: str) -> list[Any]:
    return [pytest.param(r, id=r.id) for r in SAMPLES.rows if r.verdict in verdicts]


@pytest.mark.parametrize("row", rows("supported"))
def test_supported(row: Any) -> None:
    SAMPLES.examine(row)


@pytest.mark.parametrize("row", rows("refused", "refused call"))
def test_refused(row: Any) -> None:
    error = SAMPLES.refusal(row)
    assert error is not None, "it is not refused: is it right by now?"
    words, hint = (cell.replace("\\|", "|") for cell in row.cells[2:4])
    assert steady(f'"{error.reason}"') == steady(words), "run python docs/regenerate.py"
    assert error.hint == hint, "run python docs/regenerate.py"
    if row.verdict == "refused":
        assert error.file.endswith(".py")
        assert error.line > 0
        assert error.text


def steady(words: str) -> str:
    """Without what Python itself says, which changes from version to version."""
    return re.sub(r" \([^()]*source code[^()]*\)", "", words)


# What these blocks list depends on the Python and the NumPy that are there.
LISTS = {
    "families": language.PAGE, "methods": language.PAGE, "constants": language.PAGE,
    "functions": language.PAGE.with_name("functions.md"),
}  # fmt: skip


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_pages_show_what_is_made(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert comparable(text) == comparable(pages.regenerated(page)), "run python docs/regenerate.py"


def comparable(text: str) -> str:
    for name in LISTS:
        text = re.sub(rf"<!-- shown: {name} -->.*?<!-- end -->", "", text, flags=re.DOTALL)
    return "\n".join(steady(line) if line.startswith("|") else line for line in text.split("\n"))


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="other Pythons and SciPys have other functions")
@pytest.mark.parametrize("name", LISTS)
def test_lists_of_functions(name: str) -> None:
    text = LISTS[name].read_text(encoding="utf-8")
    found = re.search(rf"<!-- shown: {name} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert found is not None
    shown, made = (set(re.findall(r"`([^`]+)`", part)) for part in (found[1], pages.block(name)))
    assert not made - shown, "run python docs/regenerate.py"
    assert all(not there(n) for n in shown - made), "run python docs/regenerate.py"


def there(name: str) -> bool:
    """Has this Python, or this NumPy, a function of that name?"""
    try:
        eval(name.partition("(")[0], {"np": np, "math": __import__("math")})
    except (AttributeError, NameError, SyntaxError):
        return False
    return True


LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, _ in LINK.findall(page.read_text(encoding="utf-8")):
        assert target.startswith("http") or (page.parent / target).exists(), target


SET_UP = (
    "python -m pip install . && tangent-like grad examples/heat_rod.py:misfit --wrt conductivity",
    'python -m pip install -e ".[test]" && python -m pytest',
)


@pytest.mark.parametrize("command", SET_UP)
def test_readme_has_the_commands(command: str) -> None:
    assert f"\n{command}\n" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*.py")), ids=lambda file: file.stem)
def test_examples_have_a_page_a_golden_and_a_picture(file: Path) -> None:
    golden = f"tests/goldens/accepted_{file.stem}.py"
    page = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    assert f"`examples/{file.name}`; the " in page
    assert f"`{golden}`" in page
    assert (ROOT / golden).exists()
    assert "savefig(sys.argv[1])" in file.read_text(encoding="utf-8")
