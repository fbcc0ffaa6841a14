"""Programs for arguments of any ranks, by one text without kinds: `python tests/rank_programs.py [COUNT] [--seed N]`.

    w += np.sum(x, axis=-1)
    if np.ndim(a) > 1:
        a = np.cumsum(a.T, axis=-1)
    return np.sum(np.inner(x, w)) + np.sum(np.square(a[..., None]))

Numbers of Python's and of NumPy's, arrays without axes, vectors, matrices and stacks, drawn for each argument until
the program takes them: what holds for arrays of some axes need not hold for numbers, and the other way round. The
text, and what is compiled for the kinds of the arguments, against differences.
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

# "{e}" is one of these again, "{v}" a name.
EXPRESSIONS = (
    "np.sin({e})", "np.tanh({e})", "np.exp(0.3 * {e})", "({e} * {e})", "({e} + {e})", "({e} - {e})", "{v}", "{v}",
    "({e} / ({e} ** 2 + 1.0))", "1.5", "np.sum({e})", "np.mean({e})", "np.max({e})", "np.sum({e}, axis=-1)",
    "np.sum({e}, axis=0)", "np.mean({e}, axis=-1, keepdims=True)", "np.max({e}, axis=-1)", "{v}.T", "{v}[..., None]",
    "{v}[None]", "{v}[0]", "{v}[-1]", "{v}[1:]", "{v}[..., 0]", "{v}[..., 1:]", "{v}[..., ::-1]", "np.dot({e}, {e})",
    "({e} @ {e})", "np.outer({e}, {e})", "np.where({v} > 0.1, {e}, {e})", "np.maximum({e}, {e})", "np.atleast_1d({e})",
    "np.atleast_2d({e})", "np.ravel({e})", "np.abs({e})", "np.clip({e}, -0.5, 0.7)", "np.cumsum({e})",
    "np.cumsum({e}, axis=-1)", "np.prod({e} + 1.3)", "np.square({e})", "np.linalg.norm({e} + 2.0)",
    "np.var({e}, axis=0)", "np.ones_like({e})", "np.zeros_like({v})", "{v}.sum()", "{v}.mean(axis=0)", "{v}.copy()",
    "np.transpose({e})", "np.stack([{e}, {e}])", "np.expand_dims({e}, 0)", "np.squeeze({e})", "np.reshape({e}, -1)",
    "np.concatenate([np.atleast_1d({e}), np.atleast_1d({e})])", "np.logaddexp({e}, {e})", "np.sqrt({e} ** 2 + 0.5)",
    "({e} if np.sum({v}) > 0.1 else {e})", "np.tensordot({e}, {e}, axes=1)", "np.diff({e})", "np.average({e})",
    "np.broadcast_to({e}, np.shape({v}))", "np.einsum('...i,...i->...', {e}, {e})", "np.einsum('...i->...', {e})",
    "np.flip({e})", "np.roll({e}, 1)", "np.sort({e})", "np.array([{e}, {e}])", "np.min({e})", "np.hypot({e}, 1.2)",
    "-{e}", "np.float64(0.5) * {e}", "np.trace({e})", "np.asarray({e})", "np.multiply({e}, {e})", "np.inner({e}, {e})",
    "h({e}, {e})", "g({e})", "np.median({e})", "np.swapaxes({e}, 0, -1)", "np.vdot({e}, {e})", "np.repeat({e}, 2)",
    "np.hstack([{e}, {e}])", "np.linalg.norm({e} + 2.0, axis=-1)", "np.argmax({e}) * {e}", "len({v}) * {e}",
    "np.size({v}) * {e}", "np.shape({v})[0] * {e}", "np.ndim({v}) * {e}", "{v}.size * {e}", "sum({v})", "abs({e})",
)  # fmt: skip
# "{o}" is a name for memory of the program's own.
STATEMENTS = (
    "{v} = {e}", "{v} = {e}", "{v} = {e}", "{o}[...] = {e}", "{o}[0] = {e}", "{o}[..., 0] = {e}", "{o} *= {e}",
    "{o} += {e}", "{o} -= np.mean({v})", "{o}[1:] *= {e}", "if np.sum({v}) > 0.1:\n    {v} = {e}",
    "if np.ndim({v}) > 1:\n    {v} = {e}\nelse:\n    {v} = {e}", "for k in range(2):\n    {v} = {e}",
    "for k in range(len({v})):\n    {v} = {v} * {v}[k]", "if np.max({v}) > 0.6:\n    return np.sum({e})",
    "if np.isscalar({v}):\n    {v} = {e}",
)  # fmt: skip
HELPERS = """
def h(p, q):
    if np.sum(p) > 0.0:
        return p * q
    return np.sin(p) + q

def g(p):
    p = p * 1.5
    p += 0.5
    return p * np.sum(p)

"""
NAMES = ("x", "w", "A", "a")
SHAPES: tuple[Any, ...] = ("float", "float64", (), (1,), (3,), (3,), (3, 3), (2, 3), (3, 1), (1, 3), (2, 3, 3))
POINTS = 4  # of each program, of those that it takes
TRIES = 40
# What a text says of arguments that it is not for.
REFUSED = ("this derivative is for", "was not known", "is not known", "is differentiated for")


def filled(template: str, random: Random, names: list[str], own: list[str], depth: int) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] == "e":
            chosen = random.choice(EXPRESSIONS) if depth < 3 else random.choice(("{v}", "{v}", "1.5"))
            return filled(chosen, random, names, own, depth + 1)
        return random.choice(own if found[1] == "o" else names)

    return re.sub(r"\{([evo])\}", one, template)


def program(random: Random) -> str:
    names, own, lines = list(NAMES), list[str](), list[str]()
    for k in range(random.randint(2, 5)):
        known = [s for s in STATEMENTS if own or "{o}" not in s]
        lines.append(filled(random.choice(known), random, names, own, 1))
        if random.random() < 0.5:
            lines.append(f"c{k} = 1.0 * {filled('{e}', random, names, own, 2)}")
            names.append(f"c{k}")
            own.append(f"c{k}")
    ends = " + ".join(f"np.sum({filled('{e}', random, names, own, 1)})" for _ in range(2))
    return "\n".join([*lines, f"return {ends}"])


def programs(count: int, seed: int) -> Iterator[str]:
    for k in range(count):
        yield program(Random(seed * 1_000_000 + k))


def loaded(body: str, name: str) -> Any:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    text = f"{HELPERS}def f({', '.join(NAMES)}):\n{lines}"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": "ranks", "np": np}
    exec(compile(text, name, "exec"), space)
    return space["f"]


def drawn(shape: Any, rng: np.random.Generator) -> Any:
    if shape == "float":
        return float(rng.normal() * 0.7)
    return np.float64(rng.normal() * 0.7) if shape == "float64" else np.asarray(rng.normal(size=shape) * 0.7)


def moved(value: Any, along: Any, t: float) -> Any:
    return np.asarray(value + t * along) if isinstance(value, np.ndarray) else value + t * along


def slope(f: Any, args: tuple[Any, ...], along: tuple[Any, ...], t: float) -> float:
    ends = [float(f(*(moved(a, d, k * t) for a, d in zip(args, along, strict=True)))) for k in (1, -1, 2, -2)]
    return (8 * (ends[0] - ends[1]) - (ends[2] - ends[3])) / (12 * t)


def wrong(f: Any, gradient: Any, value: Any, args: tuple[Any, ...], along: tuple[Any, ...]) -> str | None:
    """What is wrong with a gradient at a point; None where nothing is, or where differences do not tell."""
    wide, near = slope(f, args, along, 1e-4), slope(f, args, along, 3e-5)
    room = 2e-5 * max(1.0, abs(wide))
    if not (abs(value) < 1e6 and abs(wide - near) < room / 2):
        return None
    try:
        found = gradient(*args)
    except tl.DifferentiationError:
        return None
    except Exception as error:  # whatever it is, it is ours
        return None if any(words in str(error) for words in REFUSED) else f"{type(error).__name__}: {error}"
    if any(np.shape(g) != np.shape(a) for g, a in zip(found, args, strict=True)):
        return "a gradient of another shape"
    back = sum(float(np.sum(g * d)) for g, d in zip(found, along, strict=True))
    return None if not math.isfinite(back) or abs(back - wide) < room else f"{back!r} for {wide!r}"


def problem(body: str, name: str, seed: int) -> str | None:
    """What is wrong with the derivatives of a program; None where all is right or refused."""
    f, rng = loaded(body, name), np.random.default_rng(seed)
    asked = tl.grad(f, tuple(range(len(NAMES))))
    try:
        text = asked.source
    except tl.DifferentiationError:
        return None
    space = dict(f.__globals__)  # the text stands beside the program
    exec(compile(text, "<derivative>", "exec"), space)
    taken = 0
    for _ in range(TRIES):
        shapes = [SHAPES[k] for k in rng.integers(len(SHAPES), size=len(NAMES))]
        args = tuple(drawn(shape, rng) for shape in shapes)
        along = tuple(rng.normal(size=np.shape(a)) if np.ndim(a) else float(rng.normal()) for a in args)
        with np.errstate(all="ignore"):
            try:
                value = f(*args)
                slope(f, args, along, 1e-4)
            except (TypeError, ValueError, IndexError, AttributeError, OverflowError, np.linalg.LinAlgError):
                continue  # not for these
            for how, gradient in (("text", space["grad_f"]), ("call", asked)):
                found = wrong(f, gradient, value, args, along)
                if found is not None:
                    return f"{how} for {shapes}: {found}"
        taken += 1
        if taken == POINTS:
            break
    return None


if __name__ == "__main__":
    sys.exit(tried(__doc__ or "", programs, lambda text, seed, k: problem(text, f"<ranks {seed}:{k}>", k)))
