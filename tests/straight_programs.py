"""Programs of a few steps on whole arrays, put together from tables: `python tests/straight_programs.py [COUNT] [--seed N]`.

    y = A @ B                                            # one of MADE
    z = y / np.sqrt(np.sum(y ** 2, axis=-1, ...) + 0.5)  # one of CHANGED
    u = z * np.mean(y)                                   # one of AGAIN
    return np.sum(u * w)                                 # one of RESULTS

Straight, each name read once or twice: where sums, products and quotients of adjoints are put together in fewer
steps. Both modes against differences, the value to the bit. Lists of arrays, whose items have names, too.
"""

from __future__ import annotations

import argparse
import linecache
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

import tangent_like as tl

MADE = (
    "y = A", "y = A * w", "y = A + v", "y = A @ B", "y = np.exp(A * 0.3)", "y = np.sum(A * B, axis=1)",
    "y = A - np.sum(B, axis=0)", "y = C @ A", "y = C * A", "y = np.outer(v, v * w)", "y = np.maximum(A, B)",
    "y = A.T @ B", "y = np.concatenate([A, B], axis=1)", "y = np.where(A > B, A * w, B)", "y = v * w", "y = np.diag(v)",
    "y = (A[:, None, :] - B[None, :, :]) ** 2", "y = np.einsum('ij,kj->ik', A, B)", "y = np.cumsum(v * A[0])",
    "y = np.stack([v, v * w])", "y = np.broadcast_to(v, (3, 4)) * w", "y = v[:, None] - A[0]", "y = A[:, 1] * w",
    "y = A.copy()\ny[0] = v * w", "y = np.zeros(4)\nfor i in range(4):\n    y[i] = v[i] * A[i, 3 - i]",
)  # fmt: skip
CHANGED = (
    "z = y", "z = y - np.mean(y, axis=0)", "z = y - np.mean(y, axis=-1, keepdims=True)", "z = y / np.linalg.norm(y)",
    "z = y / np.sqrt(np.sum(y ** 2, axis=-1, keepdims=True) + 0.5)", "z = y / np.sqrt(np.sum(y * y) + 1.0)",
    "z = (y - np.mean(y, axis=0)) / (np.std(y, axis=0) + 0.1)", "z = np.log(np.sum(np.exp(y), axis=-1))",
    "z = (y - np.mean(y, axis=-1, keepdims=True)) / np.sqrt(np.var(y, axis=-1, keepdims=True) + 0.01)",
    "e = np.exp(y - np.max(y, axis=-1, keepdims=True))\nz = e / np.sum(e, axis=-1, keepdims=True)", "z = np.tanh(y)",
    "z = y * (1.0 / (1.0 + np.exp(-y)))", "z = y * y + y", "z = y.T", "z = np.sum(y, axis=0)", "z = y / (1.0 + y * y)",
    "z = y / np.sum(np.abs(y))", "z = y[::-1]", "z = y[1:] - y[:-1]", "z = y[[0, 1, 0]]", "z = y.copy()\nz *= w",
    "z = np.maximum(y, 0.3)", "z = y.reshape(-1, 1)", "z = -y", "z = y / 2.0",
)  # fmt: skip
AGAIN = (
    "u = z", "u = z * w + 0.5", "u = z ** 2", "u = z * np.mean(y)", "u = np.cumsum(z, axis=0)", "u = 1.0 - z",
    "u = np.abs(z)", "u = z * z * w",
)  # fmt: skip
RESULTS = (
    "np.sum(u)", "np.mean(u)", "np.sum(u * np.arange(u.size).reshape(u.shape))", "np.sqrt(np.sum(u * u) + 1.0)",
    "np.max(u) + np.min(u)", "np.sum(np.mean(u, axis=0) ** 2)", "np.sum(np.max(u, axis=-1))", "np.std(u) + u.sum()",
    "-np.mean(np.log(np.abs(u) + 0.5))", "np.mean((u - 0.3) ** 2) + 0.1 * np.sum(z ** 2)", "np.var(u) * np.sum(y)",
    "u.flat[0] * np.sum(u)", "u.ravel() @ u.ravel()", "sum([np.sum(q) for q in u])",
)  # fmt: skip
LISTS = (
    "h = []\nfor i in range(3):\n    h.append({})", "h = [{} for i in range(3)]", "i = 1\nh = [{}, v - w, {}]",
    "i = 1\nh = {{0: {}, 1: v * w, 2: {}}}", "i = 2\nh = ({}, v * w, {})",
    "h = [None] * 3\nfor i in range(3):\n    h[i] = {}",
)  # fmt: skip
ITEMS = ("v + w", "np.array([w, v[0] * i, v[1]])", "np.outer(v, v) * w")
USES = (
    "c = h[1]\nreturn np.sum(c)", "c = h[1]\nreturn np.mean(c) + np.mean(h[0])", "t = h[0] + h[2]\nreturn np.sum(t)",
    "c = h[0]\nd = h[2]\nreturn np.sum(c) * np.sum(d)", "c = h[1]\nd = c * c\nreturn np.sum(d) + np.sum(c)",
    "c = h[1] if w > 0 else h[0]\nreturn np.sum(c)", "c = h[2]\nk = 2.0 * c\nreturn np.mean(k) + np.sum(k)",
    "c = h[1]\ne = c\nreturn np.sum(e) + np.mean(c)", "c = h[2]\nreturn np.max(c) * np.sum(h[0])",
)  # fmt: skip


def programs(count: int, seed: int) -> Iterator[str]:
    """The bodies of so many programs; a third of them with lists."""
    rng = np.random.default_rng(seed)
    listed = list(product(LISTS, ITEMS, USES))
    for k in range(count):
        if k % 3 == 2:
            made, item, use = listed[rng.integers(len(listed))]
            yield f"{made.format(*[item] * made.count('{}'))}\n{use}"
        else:
            steps = [table[rng.integers(len(table))] for table in (MADE, CHANGED, AGAIN, RESULTS)]
            yield "\n".join([*steps[:3], f"return {steps[3]}"])


def loaded(body: str, name: str) -> Any:
    """The program as a function of a file that is nowhere but in memory."""
    lines = ["import numpy as np", "", "", "def f(A, B, C, v, w):", *(f"    {line}" for line in body.split("\n")), ""]
    text = "\n".join(lines)
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": "straight"}
    exec(compile(text, name, "exec"), space)
    return space["f"]


def arguments(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    return (*rng.normal(size=(2, 4, 4)), rng.normal(size=(2, 4, 4)), rng.normal(size=4) + 1.1, 0.6)


def problem(body: str, name: str, seed: int) -> str | None:
    """What is wrong with the derivatives of a program; None where all is right, or the program itself fails."""
    f, args = loaded(body, name), arguments(seed)
    rng = np.random.default_rng(seed + 1)
    along = tuple(rng.normal(size=np.shape(a)) if np.ndim(a) else float(rng.normal()) for a in args)

    def moved(t: float) -> float:
        return float(f(*(a + t * d for a, d in zip(args, along, strict=True))))

    try:
        value = f(*args)
        slope = (moved(1e-6) - moved(-1e-6)) / 2e-6
    except (ValueError, TypeError, IndexError):
        return None
    try:
        ours, gradients = tl.value_and_grad(f, tuple(range(len(args))))(*args)
        ahead = float(tl.jvp(f, args, along)[1])
    except tl.DifferentiationError:
        raise
    except Exception as error:  # whatever it is, it is ours
        return f"{type(error).__name__}: {error}"
    back = sum(float(np.sum(g * d)) for g, d in zip(gradients, along, strict=True))
    if ours != value:
        return f"value {ours!r}, and the program's is {value!r}"
    if any(np.shape(g) != np.shape(a) for g, a in zip(gradients, args, strict=True)):
        return "a gradient of another shape"
    room = 1e-5 * max(1.0, abs(slope))
    return None if max(abs(back - slope), abs(ahead - slope)) < room else f"{back!r}, {ahead!r} for {slope!r}"


def tried(
    words: str, programs: Callable[[int, int], Iterator[str]], problem_of: Callable[[str, int, int], str | None]
) -> int:
    """As many programs as the command line asks for: what is wrong or refused, and how many are.

    ``problem_of`` is asked with the program, the seed and the program's number.
    """
    parser = argparse.ArgumentParser(description=words.partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    tally: Counter[str] = Counter()
    for k, body in enumerate(programs(told.count, told.seed)):
        try:
            found = problem_of(body, told.seed, k)
        except tl.DifferentiationError as error:
            tally["refused"] += 1
            print(f"-- {told.seed}:{k} refused: {error}\n{body}\n")
            continue
        tally["right" if found is None else "wrong"] += 1
        if found is not None:
            print(f"-- {told.seed}:{k} wrong: {found}\n{body}\n", flush=True)
    print(", ".join(f"{n} {kind}" for kind, n in tally.items()))
    return int(tally["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(tried(__doc__ or "", programs, lambda body, seed, k: problem(body, f"<straight {seed}:{k}>", seed)))
