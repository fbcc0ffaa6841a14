"""Imports point one way: DESIGN section 3, read off the text of the package.

Imports inside functions count like those at the top: a layer that reaches upwards only when it is called
reaches upwards all the same.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "tangent_like"

# Those on one line know nothing of one another. `__init__` is the face of `api`, for `cli` too.
LAYERS = (
    ("errors", "request"),
    ("runtime",),
    ("ir",),
    ("frontend", "kinds"),
    ("rules",),
    ("analysis",),
    ("specialize",),
    ("transform",),
    ("native",),
    ("backend",),
    ("pipeline",),
    ("show",),
    ("api",),
    ("__init__",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
LONGEST = 500
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff"}


@cache
def modules() -> dict[str, Path]:
    """The files of the package by the name they are imported by."""
    found = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def layer(module: str) -> str:
    """The folder (or file) at the top of the package that a module belongs to."""
    return module.split(".")[1] if "." in module else "__init__"


def imported(module: str) -> Iterator[tuple[str, int]]:
    """The modules that a module imports anywhere in its text, ours and others', each with the line."""
    path = modules()[module]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module if path.stem == "__init__" else module.rpartition(".")[0]
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            for alias in node.names:
                # `from package import module` names a module, `from module import name` does not
                inner = f"{base}.{alias.name}"
                yield (inner if inner in modules() else base), node.lineno


@cache
def ours() -> dict[str, dict[str, int]]:
    """Who of the package imports whom, with the line of the first such import."""
    graph: dict[str, dict[str, int]] = {name: {} for name in modules()}
    for name in modules():
        for other, line in imported(name):
            if other.partition(".")[0] == PACKAGE:
                assert other in modules(), f"{name}:{line} imports {other}, which is no module"
                graph[name].setdefault(other, line)
    return graph


def at(module: str, line: int) -> str:
    return f"{modules()[module].relative_to(ROOT)}:{line}"


def test_every_module_has_a_layer() -> None:
    assert {layer(name) for name in modules()} == set(RANK)


def test_imports_point_down() -> None:
    wrong = [
        f"{at(name, line)} imports {other}"
        for name, others in ours().items()
        for other, line in others.items()
        if layer(other) != layer(name) and RANK[layer(other)] >= RANK[layer(name)]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = ours()
    reachable = {name: set(others) for name, others in graph.items()}
    for middle in graph:  # by way of `middle` too
        for found in reachable.values():
            if middle in found:
                found |= reachable[middle]
    cycles = {
        frozenset([name, *(o for o in reachable[name] if name in reachable[o])])
        for name in graph
        if name in reachable[name]
    }
    assert not cycles, "\n".join(" <-> ".join(sorted(cycle)) for cycle in cycles)


def test_runtime_knows_numpy_alone() -> None:
    """What emitted code calls can be copied into a file that runs without us; solvers load SciPy when they run."""
    allowed = {"numpy", *sys.stdlib_module_names}

    def loaded_late(name: str, other: str, line: int) -> bool:
        text = modules()[name].read_text(encoding="utf-8").splitlines()[line - 1]
        return other.partition(".")[0] == "scipy" and text.startswith("    ")

    wrong = [
        f"{at(name, line)} imports {other}"
        for name in modules()
        if layer(name) == "runtime"
        for other, line in imported(name)
        if other.partition(".")[0] not in allowed
        and not loaded_late(name, other, line)
        and not other.startswith(f"{PACKAGE}.runtime")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("library", "reader"), [("gast", "tangent_like.frontend"), ("astor", "tangent_like.backend.emit")]
)
def test_one_reader_of_gast_and_one_user_of_astor(library: str, reader: str) -> None:
    users = {
        name: at(name, line)
        for name in modules()
        for other, line in imported(name)
        if other.partition(".")[0] == library
    }
    assert any(name.startswith(reader) for name in users), f"nobody imports {library}"
    assert not [place for name, place in users.items() if not f"{name}.".startswith(f"{reader}.")]


def test_files_are_short_enough_to_read() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules().values()
    }
    assert not {file: lines for file, lines in lengths.items() if lines > LONGEST}


def test_names_say_what_is_inside() -> None:
    parts = {part for name in modules() for part in name.split(".")}
    assert not parts & NAMES_THAT_SAY_NOTHING
