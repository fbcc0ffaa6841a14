"""Programs of the corpus with annotations: the types of their arguments, written into a copy of their file."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import numpy as np
from case import Case


def annotation(value: Any) -> str:
    """How the type of an argument is written; empty for what has structure."""
    if isinstance(value, np.ndarray):
        return f"NDArray[np.{'bool_' if value.dtype == bool else value.dtype.name}]"
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}"
    return type(value).__name__ if isinstance(value, bool | int | float | str) else ""


def annotated(cases: list[Case], path: Path) -> list[str]:
    """Write the functions of cases of one file, annotated, with all else that the file has; their names."""
    source = Path(inspect.getsourcefile(cases[0].f) or "").read_text(encoding="utf-8")
    tree = ast.parse(source)
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    edits: list[tuple[int, int, str]] = []
    done = []
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for case in cases:
        node = defined.get(getattr(case.f, "__name__", ""))
        values = case.make(0)
        if node is None or case.name or len(node.args.args) != len(values) or node.name in done:
            continue
        notes = [annotation(v) for v in values]
        result = annotation(case.f(*case.make(0)))
        if not all(notes) or not result or any(a.annotation for a in node.args.args) or node.args.kwonlyargs:
            continue
        for arg, note in zip(node.args.args, notes, strict=True):
            edits.append((starts[arg.end_lineno - 1] + arg.end_col_offset, 0, f": {note}"))
        head = source.index(")", edits[-1][0])
        for default in node.args.defaults:
            head = source.index(")", starts[default.end_lineno - 1] + default.end_col_offset)
        if source[head + 1] != ":" or not source.isascii():
            del edits[-len(notes) :]
            continue
        edits.append((head + 1, 0, f" -> {result}"))
        done.append(node.name)
    for at, _, text in sorted(edits, reverse=True):
        source = source[:at] + text + source[at:]
    first = next(n for n in ast.parse(source).body if isinstance(n, ast.Import))
    lines = source.splitlines(keepends=True)
    lines.insert(first.lineno - 1, "from numpy.typing import NDArray\n")
    path.write_text("".join(lines), encoding="utf-8")
    return done
