"""Is `a[i] = v` in a loop as dear at every size? `python benchmarks/elements.py`: time an element, in ratios.

Each program writes or reads an array element by element. A copy of the whole array a turn would show at once: the
time an element would grow with the size. Reported is the time an element of the gradient against that of the primal
at the same size, and against that of the gradient at the smallest size; never bare seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tangent_like as tl

SIZES = (1_000, 10_000, 100_000)


def stored(x):
    y = np.zeros(len(x))
    for i in range(1, len(x)):
        y[i] = 0.5 * y[i - 1] + x[i] * x[i - 1]
    return np.sum(y * y)


def overwritten(x):
    y = x * 1.0
    for i in range(1, len(x)):
        y[i] = np.sin(y[i]) * y[i - 1]
    return np.sum(y)


def augmented(x):
    y = x * 1.0
    for i in range(1, len(x)):
        y[i] *= 0.5 + y[i - 1] * x[i]
    return np.sum(y)


def read(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    return s


def through_view(x):
    y = x * 1.0
    v = y[1:]
    for i in range(len(v)):
        v[i] = 0.5 * v[i] * y[i]
    return np.sum(y)


def put(y, i, a):
    y[i] = y[i] * a


def by_callee(x):
    y = x * 1.0
    for i in range(1, len(x)):
        put(y, i, 0.5 + y[i - 1])
    return np.sum(y)


def added_at(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        np.add.at(y, i, x[i] * x[i])
    return np.sum(y * y)


PROGRAMS = (stored, overwritten, augmented, read, through_view, by_callee, added_at)


def seconds(call: Callable[[], object], repeats: int) -> float:
    """The best of several runs, of the time that the processor spent: others may have it in between."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return float(best)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    options = parser.parse_args()
    sizes: list[int] = options.sizes
    heads = [f"n={n:,}".rjust(24) for n in sizes]
    print(" " * 14, *heads)
    print(" " * 14, *["/primal  /smallest".rjust(24) for _ in sizes])
    steady = True
    for f in PROGRAMS:
        cells: list[str] = []
        first = 0.0
        for n in sizes:
            x = np.random.default_rng(0).uniform(0.1, 0.9, size=n)
            df = tl.grad(f)
            df(x)  # compiled
            each = seconds(lambda df=df, x=x: df(x), options.repeats) / n
            primal = seconds(lambda f=f, x=x: f(x), options.repeats) / n
            first = first or each
            cells.append(f"{each / primal:8.2f} {each / first:9.2f}".rjust(24))
            steady = steady and each < 3 * first
        print(f"{f.__name__:14}", *cells, flush=True)
    print("the same an element at every size" if steady else "NOT the same an element at every size")
    return 0 if steady else 1


if __name__ == "__main__":
    sys.exit(main())
