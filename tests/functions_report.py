"""Which functions of a list have rules, by priority: `python tests/functions_report.py LIST.csv [-v]`.

The list has the columns priority, group and name; a name may say more than a function (`np.pad edge`, `np.where`,
`x[i]`). What is more than a name is looked up among FEATURES, small programs that are differentiated.
"""

from __future__ import annotations

import argparse
import csv
import functools
import importlib
import linecache
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import tangent_like as tl  # noqa: E402
from tangent_like.rules.table import METHODS, RULES, optional_table  # noqa: E402
from tangent_like.specialize.builtins import HANDLERS  # noqa: E402

# Programs of a vector `x` of six numbers, for names that are no function's or that name one use of it.
FEATURES = {
    "+": "x + x", "-": "x - x[0]", "*": "x * x", "/": "x / (2 + x)", "**const": "x ** 3", "**var": "2.0 ** x",
    "unary -": "-x", "unary +": "+x", "abs()": "abs(x)", "%": "x % 2.0", "//": "x // 2.0 + x",
    "@": "x.reshape(2, 3) @ x[:3]", "sum()": "sum(x)", "max()": "max(x[0], x[1])", "min()": "min(x[0], x[1])",
    "pow()": "pow(x[0], 2)", "float()": "float(x[0])", "int()": "int(x[0]) * x", "round()": "round(2.7) * x",
    "divmod()": "q, r = divmod(x, 0.7); q + r", "x[i]": "x[1]", "slice": "x[1:]", "neg step": "x[::-1]",
    "ellipsis": "x[..., 1]", "int array": "x[[0, 0, 2]]", "bool mask": "x[x > 0.2]", "mixed": "x.reshape(2, 3)[0, [0, 2]]",
    "nonzero idx": "x[np.flatnonzero(x > 0.2)]", "argmax idx": "x[np.argmax(x)]", "newaxis": "x[:, None] * x",
    "searchsorted idx": "x[np.searchsorted(np.array([0.1, 0.5]), 0.3)]", "isfinite guard": "np.where(np.isfinite(x), x, 0.0)",
    "math.log(x,b)": "math.log(x[0], 3.0)", "sum(axis,keepdims)": "np.sum(x.reshape(2, 3), axis=1, keepdims=True)",
    "sum(where=)": "np.sum(x, where=x > 0.2)", ".reshape": "x.reshape(2, -1)", ".flatten": "x.flatten()",
    "np.isfinite guard": "np.where(np.isfinite(x), x, 0.0)", "np.array([...])": "np.array([x[0], 1.0])",
    "np.astype": "x.astype(float)", ".T": "x.reshape(2, 3).T", "np.pad const": "np.pad(x, 1)",
    "np.pad edge": "np.pad(x, 1, mode='edge')", "np.pad reflect": "np.pad(x, 1, mode='reflect')",
    "np.pad wrap": "np.pad(x, 1, mode='wrap')", "np.diag v->M": "np.diag(x)", "np.diag M->v": "np.diag(x.reshape(2, 3))",
    "np.bincount(weights)": "np.bincount(np.array([0, 1, 1, 0, 2, 2]), x)", "np.polyval at x": "np.polyval([1.0, 2.0], x)",
    "np.interp x": "np.interp(x, [0.0, 0.5, 1.0], [1.0, 2.0, 0.5])",
    "np.interp fp": "np.interp(np.array([0.2, 0.3]), np.array([0.0, 0.5, 1.0]), x[:3])",
    "np.interp xp": "np.interp(0.5, np.sort(x), np.arange(6.0))",
    "np.histogram(weights)": "np.histogram(np.arange(6.0), weights=x)[0]", "np.vectorize": "np.vectorize(lambda t: t * t)(x)",
    "np.piecewise": "np.piecewise(x, [x > 0.5], [lambda t: t, lambda t: -t])",
    "complex real/imag": "(x * 1j).imag", "complex abs": "np.abs(x * 1j + 1)", "complex angle": "np.angle(x + 1j)",
    "complex conj": "np.conj(x * 1j).imag", "complex exp": "np.exp(x * 1j).real", "complex complex @": "(x @ (x * 1j)).imag",
    "np.linalg.norm fro": "np.linalg.norm(x.reshape(2, 3))", "np.linalg.norm 2 vec": "np.linalg.norm(x)",
    "np.linalg.norm axis": "np.linalg.norm(x.reshape(2, 3), axis=1)", "np.linalg.norm 1": "np.linalg.norm(x, 1)",
    "np.linalg.norm inf": "np.linalg.norm(x, np.inf)", "np.linalg.norm nuc": "np.linalg.norm(x.reshape(2, 3), 'nuc')",
    "sparse A@x": "sparse.csc_matrix(np.eye(6)) @ x", "sparse.linalg.spsolve": "linalg.spsolve(sparse.csc_matrix(np.eye(6) * 2), x)",
    "linalg.cho_factor/cho_solve": "dense.cho_solve(dense.cho_factor(np.eye(6) * (2 + x)), x)",
    "spatial.transform.Rotation.as_matrix": "transform.Rotation.from_rotvec(x[:3]).as_matrix() @ x[3:]",
    "np.dot mm": "np.dot(x.reshape(2, 3), x.reshape(3, 2))", "np.matmul batch": "np.matmul(x.reshape(1, 2, 3), x.reshape(1, 3, 2))",
}  # fmt: skip


def is_differentiated(program: str) -> bool:
    *before, last = program.split("; ")
    lines = "".join(f"    {line}\n" for line in before)
    text = f"def program(x):\n{lines}    return np.sum({last}) + 0.0 * x[0]\n"
    linecache.cache["<feature>"] = (len(text), None, text.splitlines(keepends=True), "<feature>")
    world: dict[str, Any] = {"np": np, "math": importlib.import_module("math")}
    modules = {"sparse": "sparse", "linalg": "sparse.linalg", "dense": "linalg", "transform": "spatial.transform"}
    for name, module in modules.items():
        world[name] = importlib.import_module(f"scipy.{module}")
    exec(compile(text, "<feature>", "exec"), world)
    x = np.array([0.31, 0.13, 0.73, 0.22, 0.91, 0.42])
    try:
        found = tl.grad(world["program"])(x)
    except (tl.DifferentiationError, AttributeError):
        return False
    steps = [(world["program"](x + e) - world["program"](x - e)) / 2e-6 for e in np.eye(6) * 1e-6]
    np.testing.assert_allclose(found, steps, rtol=1e-5, atol=1e-6, err_msg=program)
    return True


@functools.cache
def modules() -> dict[str, Any]:
    found: dict[str, Any] = {"np": np, "math": importlib.import_module("math")}
    names = ("special", "linalg", "stats", "fft", "signal", "integrate", "interpolate", "optimize", "ndimage", "spatial")
    for name in names:
        try:
            found[name] = importlib.import_module(f"scipy.{name}")
        except ImportError:
            continue
    return found


def has_rule(name: str) -> bool:
    if name in FEATURES:
        return is_differentiated(FEATURES[name])
    function = name.split()[0].partition("(")[0].partition("/")[0]
    if f"scipy.{function}" in HANDLERS or function.replace("np.", "numpy.") in HANDLERS:
        return True
    if function.startswith("."):
        return function[1:] in METHODS
    first, *parts = function.split(".")
    value = modules().get(first)
    for part in parts:
        value = getattr(value, part, None)
    try:
        return value is not None and (value in RULES or value in optional_table().rules)
    except TypeError:
        return False


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("list")
    options.add_argument("-v", action="store_true", help="name those that are missing")
    given = options.parse_args()
    counts: Counter[tuple[str, bool]] = Counter()
    missing: dict[tuple[str, str], list[str]] = defaultdict(list)
    with Path(given.list).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found = has_rule(row["name"]) or has_rule(f"np.{row['name']}")
            counts[row["priority"], found] += 1
            if not found:
                missing[row["priority"], row["group"]].append(row["name"])
    for priority in sorted({p for p, _ in counts}):
        yes, no = counts[priority, True], counts[priority, False]
        print(f"priority {priority}: {yes} of {yes + no}")
    if given.v:
        for (priority, group), names in sorted(missing.items()):
            print(f"  {priority} {group}: {', '.join(names)}")


if __name__ == "__main__":
    main()
