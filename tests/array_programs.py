"""Programs of nested expressions of whole arrays, also written in place: `python tests/array_programs.py [COUNT] [--seed N]`.

    A -= x / (1.5 + x**2)
    v1 = A.T @ np.where(w > 0.1, w, 0.0)
    r = v1[::-1]
    r[1:] *= np.sum(v1**2)
    return np.sum(A * A) + np.dot(x, v1)

Three vectors or matrices of one size at any time, and names that are views of others: where adjoints are put together
in fewer steps, and where what is kept for the way back, and whose memory an adjoint has, hangs on all that is around.
Some call helpers of such statements, which may get one array twice, and write it. Both modes against differences. A million a day on one core: most of what was wrong here showed once in thousands.
"""

from __future__ import annotations

import linecache
import math
import re
import sys
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from straight_programs import tried

import tangent_like as tl

NUMBERS = ("0.5", "2", "2.0", "-1.5", "3", "0.25", "1", "-2")
# By what they are: a number, a vector, a matrix. "{n}" is one of NUMBERS, "{s}", "{v}" and "{m}" are one of these.
EXPRESSIONS = {
    "s": (
        "({s} + {s})", "({s} * {s})", "({s} - {s})", "np.sum({v})", "np.mean({v})", "np.dot({v}, {v})", "({v} @ {v})",
        "np.sum({m})", "math.sin({s})", "{v_}[0]", "{v_}[-1]", "np.linalg.norm({v} + 2)", "({s} / (2.5 + {s} ** 2))",
        "np.max({v})", "np.sum({v} ** 2)",
    ),
    "v": (
        "({v} + {v})", "({v} - {v})", "({v} * {v})", "({n} * {v})", "({v} * {s})", "({v} / (1.5 + {v} ** 2))",
        "np.sin({n} * {v})", "np.exp({n} * {v} * 0.3)", "np.tanh({v})", "({m} @ {v})", "({m}.T @ {v})",
        "np.sum({m}, axis=0)", "np.sum({m}, axis=1)", "np.sum({m}, -1)", "np.where({v} > 0.1, {v}, {v})",
        "np.where({v} > 0.1, {v}, 0.0)", "np.maximum({v}, 0.1)", "({v} - np.mean({v}))", "({v} ** 2)", "({v} ** 3)",
        "np.sqrt({v} ** 2 + 0.5)", "(-{v})", "np.mean({m}, axis=0)", "np.full_like({v_}, {s})",
        "({n} / (2.0 + {v} ** 2))",
    ),
    "m": (
        "({m} + {m})", "({m} - {m})", "({m} * {m})", "np.outer({v}, {v})", "({m} * {v})", "({m} * {v}[:, None])",
        "({m} @ {m})", "{m}.T", "({n} * {m})", "({m} - np.mean({m}, axis=0, keepdims=True))", "np.tanh({m} * 0.3)",
        "({m} / (2.0 + np.sum({m} ** 2, axis=1, keepdims=True)))", "({v}[:, None] * {v}[None, :])",
    ),
}  # fmt: skip
# "{+v}" is a new name, "{v_}" one that there is.
STATEMENTS = (
    "{+v} = {v}", "{+v} = {v}", "{+m} = {m}", "{+s} = {s}", "{+s} = {s}", "{v_} += {v}", "{v_} -= {s}", "{v_} *= {v}",
    "{v_} = {v}", "{m_} -= {m}", "{m_} *= {v}", "{s_} = {s}", "{v_}[1:] *= {s}", "{v_}[0] = {s}", "{v_}[-1] += {s}",
    "{v_}[:] = {v}", "{m_}[:] = {m}", "{v_}[...] = {s}", "{v_}[1:] = 0.5 * {v_}[:-1] * {v_}[1:]",
    "{m_}[:, 1] *= {v}", "{m_}[0] = {v}", "{m_}[-1] -= {v}", "{+v} = {v_}", "{+v} = {v_}[::-1]", "{+v} = {m_}[0]",
    "{+v} = {m_}[:, 1]", "{+m} = {m_}.T", "{+m} = {m_}",
    "if np.sum({v_}) > 0.3:\n    {v_} = {v}\nelse:\n    {v_} *= {v}",
    "for k in range(3):\n    {v_} = {v}\n    {v_}[k] += {s}\n    {s_} = {s}",
)  # fmt: skip
# In some programs: what they call, and what that gives back. A helper's parameters are two vectors, p and q, a matrix
# and a number, of which some are bound anew.
HELPED = 0.3
HELPERS = {"put": "", "made": "v", "told": "s"}
BINDINGS = ("p = q", "q = p", "p, q = q, p", "p = p[::-1]", "q = B[0]", "B = B.T", "q = q * t")
CALLS = (
    "put({v_}, {v_}, {m_}, {s})", "put({m_}[0], {v_}, {m_}, {s})", "{+v} = made({v_}, {v_}, {m_}, {s})",
    "{v_} = made({v_}, {v}, {m_}, {s})", "{+v} = made({v_}[::-1], {v_}, {m_}, {s})", "{s_} = told({v_}, {v_}, {m_}, {s})",
    "for r in {m_}:\n    put(r, {v_}, {m_}, {s})",
)  # fmt: skip
RESULTS = ("np.sum({v})", "np.sum({m})", "{s}", "np.sum({v_} ** 2)", "np.sum({m_} * {m_})")
DEEP = 3


def programs(count: int, seed: int) -> Iterator[str]:
    for k in range(count):
        yield program(Random(seed * 1_000_000 + k))


def program(random: Random) -> str:
    helped = random.random() < HELPED
    helpers = [helper(name, sort, random) for name, sort in HELPERS.items() if helped]
    known = {"s": ["a", "b"], "v": ["x", "w"], "m": ["A"]}
    choices = STATEMENTS + 2 * CALLS if helped else STATEMENTS
    lines = [statement(choices, random, known) for _ in range(random.randrange(2, 8))]
    parts = [filled(random.choice(RESULTS), random, known, 0) for _ in range(random.randrange(1, 4))]
    return "\n".join([*helpers, defined("f(x, w, A, a, b)", [*lines, f"return {' + '.join(parts)}"])])


def helper(name: str, sort: str, random: Random) -> str:
    known = {"s": ["t"], "v": ["p", "q"], "m": ["B"]}
    lines = [statement(STATEMENTS, random, known) for _ in range(random.randrange(1, 4))]
    if random.random() < 0.4:
        lines.insert(random.randrange(len(lines) + 1), random.choice(BINDINGS))
    if sort:
        lines.append("return " + filled(random.choice((f"{{{sort}}}", f"{{{sort}_}}")), random, known, 1))
    return defined(f"{name}(p, q, B, t)", lines)


def defined(head: str, lines: list[str]) -> str:
    return f"def {head}:\n" + "".join(f"    {line}\n" for text in lines for line in text.split("\n"))


def statement(choices: tuple[str, ...], random: Random, known: dict[str, list[str]]) -> str:
    text = filled(random.choice(choices), random, known, 0)
    for sort in re.findall(r"\{\+(.)\}", text):
        name = f"{sort}{len(known[sort])}"
        text = text.replace(f"{{+{sort}}}", name)
        known[sort].append(name)
    return text


def filled(template: str, random: Random, known: dict[str, list[str]], depth: int) -> str:
    def one(found: re.Match[str]) -> str:
        sort = found[1]
        if sort == "n":
            return random.choice(NUMBERS)
        if sort.endswith("_") or depth >= DEEP or random.random() < 0.25:
            return random.choice(known[sort[0]])
        return filled(random.choice(EXPRESSIONS[sort]), random, known, depth + 1)

    return re.sub(r"\{([a-z]_?)\}", one, template)


def loaded(text: str, name: str) -> Any:
    """The program as a function of a file that is nowhere but in memory."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": "arrays", "np": np, "math": math}
    exec(compile(text, name, "exec"), space)
    return space["f"]


def problem(text: str, name: str, seed: int) -> str | None:
    """What is wrong with the derivatives of a program; None where all is right, or it is not smooth enough to tell."""
    f, rng = loaded(text, name), np.random.default_rng(seed)
    args = (*(rng.normal(size=n) * 0.7 for n in (3, 3, (3, 3))), *map(float, rng.normal(size=2) * 0.7))
    along = tuple(rng.normal(size=np.shape(a)) if np.ndim(a) else float(rng.normal()) for a in args)

    def given(t: float = 0.0) -> tuple[Any, ...]:
        return tuple(a + t * d for a, d in zip(args, along, strict=True))

    def slope(t: float) -> float:
        ends = [float(f(*given(k * t))) for k in (1, -1, 2, -2)]
        return (8 * (ends[0] - ends[1]) - (ends[2] - ends[3])) / (12 * t)

    with np.errstate(all="ignore"):
        try:
            value, wide, near = f(*given()), slope(1e-4), slope(3e-5)
        except (OverflowError, ValueError):
            return None
        room = 2e-5 * max(1.0, abs(wide))
        if not (abs(value) < 1e6 and abs(wide - near) < room / 2):
            return None
        try:
            ours, gradients = tl.value_and_grad(f, tuple(range(len(args))))(*given())
            ahead = float(tl.jvp(f, given(), along)[1])
        except tl.DifferentiationError:
            raise
        except Exception as error:  # whatever it is, it is ours
            return f"{type(error).__name__}: {error}"
    back = sum(float(np.sum(g * d)) for g, d in zip(gradients, along, strict=True))
    if not math.isfinite(back):
        return None  # where an exponential leaves the range of numbers, so does its slope
    if ours != value:
        return f"value {ours!r}, and the program's is {value!r}"
    if any(np.shape(g) != np.shape(a) for g, a in zip(gradients, args, strict=True)):
        return "a gradient of another shape"
    return None if max(abs(back - wide), abs(ahead - wide)) < room else f"{back!r}, {ahead!r} for {wide!r}"


if __name__ == "__main__":
    sys.exit(tried(__doc__ or "", programs, lambda text, seed, k: problem(text, f"<array {seed}:{k}>", k)))
