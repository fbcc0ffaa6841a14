"""Programs put together from tables of pieces: `python tests/mixed_programs.py [COUNT] [--seed N] [--scipy] [--more] [--light]`.

    def f(a, v, c, n):                        # of ARGUMENTS, what the pieces read
        q1 = scaled(v, shift=v, by=0.2)       # a piece that makes a vector
        for x2 in q1:                         # one that others go into
            v[k] *= x2
        c.h += q1                             # one that writes
        return a + c.total() + np.sum(v)      # what is in reach at the end

Helpers, closures, containers, named tuples, dataclasses, objects, loops and views beside each other. Judged in every
mode, and the text of the command line, against differences; programs at a kink or that fail say nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import importlib.util
import io
import re
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import mixed_more as more
import numpy as np
from mixed_tables import BLOCKS, NUMBERS, OTHERS, RESULTS, SCIPY, VECTORS, WRITES
from mixed_tables import PRELUDE as FIRST

import tangent_like as tl
from tangent_like.cli.main import main as command

PRELUDE = FIRST + more.PRELUDE
ARGUMENTS = {
    "a": "s", "b": "s", "v": "v", "w": "v", "A": "m", "p": "l", "q": "r", "d": "d", "t": "t", "e": "n", "c": "c", "o": "o",
    "n": "i", "idx": "j", "mask": "k",
}  # fmt: skip
NOTES = {
    "s": "float", "v": "NDArray[np.float64]", "m": "NDArray[np.float64]", "i": "int", "l": "list[float]", "r": "list[NDArray[np.float64]]",
    "t": "tuple[float, NDArray[np.float64]]", "n": "Pair", "c": "Cell", "o": "Node", "j": "NDArray[np.int64]", "k": "NDArray[np.bool_]", "d": "Both",
}  # fmt: skip
TOKEN = re.compile(r"\$([a-zA-Z])(\d*)")


class Maker:
    """One program; ``reach`` is what is in reach, kind by kind."""

    def __init__(self, rng: np.random.Generator, scipy: bool, more: bool) -> None:
        self.rng = rng
        self.more = more
        self.scipy = scipy
        self.count = 0
        self.reach: dict[str, list[str]] = {}
        for name, kind in ARGUMENTS.items():
            self.reach.setdefault(kind, []).append(name)
        self.reach["f"] = ["math.tanh"]

    def pick(self, items: Any) -> Any:
        return items[int(self.rng.integers(len(items)))]

    def piece(self, deep: int) -> str:
        if self.more and self.rng.random() < 0.6:
            return str(self.pick(self.pick((more.NUMBERS, more.OTHERS, more.WRITES))))
        at = self.rng.random()
        if at < 0.2 and deep:
            return str(self.pick(BLOCKS))
        if at < 0.5:
            return str(self.pick(WRITES))
        if self.scipy and at < 0.7:
            return str(self.pick(SCIPY))
        return str(self.pick(self.pick((NUMBERS, VECTORS, OTHERS))))

    def filled(self, piece: str, deep: int) -> list[str]:
        """The lines of a piece, with names; what a block makes is out of reach behind it."""
        names: dict[str, str] = {}
        made: list[tuple[str, str]] = []

        def name(found: re.Match[str]) -> str:
            token, kind = found[0], found[1].lower()
            if token not in names:
                known = self.reach[kind]
                if found[1].islower():
                    recent = known[-2:] if self.rng.random() < 0.5 else known
                    names[token] = str(self.pick(recent))
                else:
                    new = kind == "f" or self.rng.random() < 0.6
                    self.count += new
                    names[token] = f"{kind}{self.count}" if new else str(self.pick([k for k in known if "." not in k]))
                    made.append((kind, names[token]))
            return names[token]

        lines: list[str] = []
        for part in piece.replace("; ", "\n").split("\n") if "'" not in piece else piece.split("\n"):
            if part.strip() == "@@":
                kept = {kind: list(known) for kind, known in self.reach.items()}
                for kind, made_name in made:
                    if made_name not in self.reach[kind]:
                        self.reach[kind].append(made_name)
                space = part[: len(part) - 2]
                for _ in range(1 + int(self.rng.integers(3))):
                    lines += [space + line for line in self.filled(self.piece(deep - 1), deep - 1)]
                self.reach = kept
            else:
                lines.append(TOKEN.sub(name, part))
        if "@@" not in piece:
            for kind, made_name in made:
                if made_name not in self.reach[kind]:
                    self.reach[kind].append(made_name)
        return lines

    def program(self, pieces: int) -> list[str]:
        lines: list[str] = []
        for _ in range(pieces):
            lines += self.filled(self.piece(2), 2)
        terms = []
        for kind, known in self.reach.items():
            for k in known:
                if "." not in k and (k not in ARGUMENTS or any(re.search(rf"\b{k}\b", line) for line in lines)):
                    if self.rng.random() < 0.6:
                        terms.append(RESULTS[kind].replace(f"${kind}", k))
        return [*lines, f"return {' + '.join(terms) or '0.5 * a'}"]


def made(seed: int, k: int, scipy: bool = False, more: bool = False) -> list[str]:
    rng = np.random.default_rng([seed, k])
    return Maker(rng, scipy, more).program(2 + int(rng.integers(5)))


def rendered(body: list[str], name: str, noted: bool) -> str:
    used = [p for p in ARGUMENTS if any(re.search(rf"(?<![.'\w]){p}\b(?!=)", line) for line in body)] or ["a"]
    said = [f"{p}: {NOTES[ARGUMENTS[p]]}" if noted and ARGUMENTS[p] in NOTES else p for p in used]
    back = " -> float" if noted else ""
    return f"\n\ndef {name}({', '.join(said)}){back}:\n" + "".join(f"    {line}\n" for line in body)


def arguments(module: Any, seed: int, size: int = 4) -> dict[str, Any]:
    rng = np.random.default_rng(seed)

    def number() -> float:
        return float(rng.normal() * 0.7 + 0.2)

    def vector() -> Any:
        return rng.normal(size=size) * 0.7 + 0.2

    return {
        "a": number(), "b": number(), "v": vector(), "w": vector(), "A": rng.normal(size=(size, size)) * 0.6, "p": [number() for _ in range(size)],
        "q": [vector() for _ in range(3)], "d": {"g": number(), "h": vector()}, "t": (number(), vector()), "e": module.Pair(number(), vector()),
        "c": module.Cell(number(), vector()), "o": module.Node(number(), vector()), "n": int(rng.integers(3)), "idx": rng.integers(0, size, 3),
        "mask": rng.random(size) > 0.4,
    }  # fmt: skip


def is_object(value: Any) -> bool:
    return hasattr(value, "__dict__") and not isinstance(value, Enum | type)


def moved(value: Any, along: Any, t: float) -> Any:
    if isinstance(value, dict):
        return {k: moved(u, along[k], t) for k, u in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(moved(u, w, t) for u, w in zip(value, along, strict=True)))
    if isinstance(value, list | tuple):
        return type(value)(moved(u, w, t) for u, w in zip(value, along, strict=True))
    if is_object(value):
        new = copy.copy(value)
        for k, u in vars(value).items():
            object.__setattr__(new, k, moved(u, getattr(along, k), t))
        return new
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value + t * along
    return value + t * along if type(value) is float else value


def direction(value: Any, rng: np.random.Generator) -> Any:
    """A tangent of the structure of ``value``: 0 where it has none."""
    if isinstance(value, dict):
        return {k: direction(u, rng) for k, u in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(direction(u, rng) for u in value))
    if isinstance(value, list | tuple):
        return type(value)(direction(u, rng) for u in value)
    if is_object(value):
        new = copy.copy(value)
        for k, u in vars(value).items():
            object.__setattr__(new, k, direction(u, rng))
        return new
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return rng.normal(size=value.shape)
    return float(rng.normal()) if type(value) is float else None


def dotted(gradient: Any, along: Any, value: Any) -> float:
    """The sum of products over a structure; the gradient is of the same structure as the argument."""
    if gradient is None:
        return 0.0
    if isinstance(value, dict):
        return sum(dotted(gradient[k], along[k], value[k]) for k in value)
    if isinstance(value, list | tuple):
        if isinstance(gradient, np.ndarray):
            gradient = list(gradient)
        return sum(dotted(g, u, w) for g, u, w in zip(gradient, along, value, strict=True))
    if is_object(value):
        return sum(dotted(getattr(gradient, k) if not isinstance(gradient, dict) else gradient[k], getattr(along, k), u) for k, u in vars(value).items())
    if along is None:
        return 0.0
    if np.shape(gradient) != np.shape(value):
        raise AssertionError(f"a gradient of shape {np.shape(gradient)} for {np.shape(value)}")
    return float(np.sum(np.asarray(gradient) * along))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(u, other[k]) for k, u in one.items())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(same(u, w) for u, w in zip(one, other, strict=True))
    if is_object(one):
        return same(vars(one), vars(other))
    return bool(np.array_equal(one, other))


def loaded(text: str, folder: Path, name: str) -> Any:
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Refused(Exception):
    pass


def commanded(folder: Path, file: str, wrt: list[str], mode: str, name: str) -> Callable[..., Any]:
    """The derivative as the command line writes it."""
    out, said = folder / f"{name}.py", io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            status = command(["grad", "--mode", mode, f"{folder / file}.py:f", "--wrt", ",".join(wrt), "-o", str(out)]) or 0
        except SystemExit as stop:
            status = int(str(stop.code or 0))
    if status:
        text = said.getvalue()
        if "Traceback" in text or "internal" in text:
            raise AssertionError(text)
        raise Refused(text)
    module = loaded(out.read_text(), folder, f"{name}_run")
    return getattr(module, "grad_f" if mode == "reverse" else "jvp_f")  # type: ignore[no-any-return]


REFUSED = (tl.DifferentiationError, Refused)


TOLD = ("this derivative is for", "annotate the argument")  # text that refuses as it runs


class Judged:
    def __init__(self, body: list[str], folder: Path, name: str, seed: int, modes: tuple[str, ...], size: int = 4, prelude: str = PRELUDE) -> None:
        self.found: dict[str, str] = {}
        self.folder, self.name = folder, name
        self.module = loaded(prelude + rendered(body, "f", False), folder, name)
        loaded(prelude + rendered(body, "f", True), folder, name + "_noted")
        f = self.f = self.module.f
        self.names = list(f.__code__.co_varnames[: f.__code__.co_argcount])
        self.make(seed, size)
        if self.told is None:
            return
        for mode in modes:
            self.attempt(mode)
        if "other sizes" in modes and not self.found:
            self.make(seed + 100, size + 1)
            if self.told is not None:
                self.attempt("auto", "auto, of other sizes")
                self.attempt("jvp", "jvp, of other sizes")

    def make(self, seed: int, size: int) -> None:
        every = arguments(self.module, seed, size)
        self.args = [every[p] for p in self.names]
        self.wrt = [k for k, p in enumerate(self.names) if ARGUMENTS[p] not in "ijk"]
        rng = np.random.default_rng(seed + 1)
        self.along = [direction(a, rng) for a in self.args]
        self.told = self.measured()

    def at(self, t: float) -> float:
        args = copy.deepcopy(self.args)
        return float(self.f(*(moved(a, d, t) if k in self.wrt else a for k, (a, d) in enumerate(zip(args, self.along, strict=True)))))

    def measured(self) -> tuple[float, float] | None:
        try:
            value = self.f(*copy.deepcopy(self.args))
            if np.ndim(value) or not np.isfinite(value) or abs(value) > 1e5:
                return None
            slopes = []
            for h in (1e-4, 3e-5):
                slopes.append((8 * (self.at(h) - self.at(-h)) - (self.at(2 * h) - self.at(-2 * h))) / (12 * h))
        except Exception:  # the program's own business
            return None
        if not np.isfinite(slopes).all() or abs(slopes[0] - slopes[1]) > 1e-6 * max(1.0, abs(slopes[0])):
            return None
        return float(value), slopes[1]

    def attempt(self, mode: str, label: str | None = None) -> None:
        assert self.told is not None
        value, slope = self.told
        args = copy.deepcopy(self.args)
        try:
            ours, got = self.asked(mode, args)
        except REFUSED as error:
            self.found[label or mode] = f"refused: {error}"
            return
        except Exception as error:  # whatever it is, it is ours
            if type(error) is ValueError and any(told in str(error) for told in TOLD):
                self.found[label or mode] = f"refused: {error}"
                return
            last = "".join(traceback.format_tb(error.__traceback__)[-3:])
            self.found[label or mode] = f"CRASH: {type(error).__name__}: {error}\n{last}"
            return
        if ours is not None and abs(ours - value) > 1e-12 * max(1.0, abs(value)):
            self.found[label or mode] = f"WRONG value {ours!r}, and the program's is {value!r}"
        elif not same(args, self.args):
            self.found[label or mode] = "WRONG: arguments are changed"
        elif not abs(got - slope) < 1e-5 * max(1.0, abs(slope)):
            self.found[label or mode] = f"WRONG {got!r} for {slope!r}"

    def back(self, gradients: Any) -> float:
        return sum(dotted(g, self.along[k], self.args[k]) for g, k in zip(gradients, self.wrt, strict=True))

    def asked(self, mode: str, args: list[Any]) -> tuple[float | None, float]:
        along = [d if k in self.wrt else None for k, d in enumerate(self.along)]
        names = [self.names[k] for k in self.wrt]
        if mode in ("auto", "all", "none"):
            value, gradients = tl.value_and_grad(self.f, tuple(self.wrt), store=mode)(*args)
            return value, self.back(gradients)
        if mode == "untidy":
            return None, self.back(tl.grad(self.f, tuple(self.wrt), tidy=False)(*args))
        if mode == "jit":
            return None, self.back(tl.grad(self.f, tuple(self.wrt), jit=True)(*args))
        if mode == "jvp":
            value, tangent = tl.jvp(self.f, tuple(args), tuple(along))
            return float(value), float(tangent)
        if mode == "twice":
            return self.twice(args)
        file = self.name + ("_noted" if mode.endswith("noted") else "")
        if mode.startswith("text"):
            gradients = commanded(self.folder, file, names, "reverse", f"{self.name}_{mode[5:]}_grad")(*args)
            return None, self.back(gradients if len(names) > 1 else [gradients])
        found = commanded(self.folder, file, names, "forward", f"{self.name}_{mode[5:]}_jvp")(*args, *(along[k] for k in self.wrt))
        return float(found[0]), float(found[1])

    def twice(self, args: list[Any]) -> tuple[float | None, float]:
        """Second derivatives by the first array or number: not against the slope, so it is made to agree where right."""
        assert self.told is not None
        kinds = [k for k in self.wrt if ARGUMENTS[self.names[k]] in "svm"]
        if not kinds:
            return None, self.told[1]
        k = kinds[0]
        gradient = tl.grad(self.f, k)
        rng = np.random.default_rng(7)
        weight = rng.normal(size=np.shape(self.args[k]))

        def g(t: float) -> float:
            moving = copy.deepcopy(self.args)
            moving[k] = moved(moving[k], self.along[k], t)
            return float(np.sum(weight * gradient(*moving)))

        h = 1e-4
        slope = (8 * (g(h) - g(-h)) - (g(2 * h) - g(-2 * h))) / (12 * h)
        tangents = [self.along[k] if j == k else None for j in range(len(args))]
        got = float(np.sum(weight * tl.jvp(gradient, tuple(args), tuple(tangents))[1]))
        if abs(got - slope) > 1e-5 * max(1.0, abs(slope)):
            raise AssertionError(f"twice: WRONG {got!r} for {slope!r}")
        return None, self.told[1]


LIGHT = ("auto", "jvp")
FULL = ("auto", "all", "none", "jvp", "text", "text noted", "push", "push noted", "other sizes")


def modes_of(k: int, light: bool) -> tuple[str, ...]:
    if light:
        return LIGHT
    more = tuple(mode for mode, every in (("twice", 3), ("untidy", 4), ("jit", 6)) if k % every == 0)
    return FULL[:-1] + more + FULL[-1:]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--scipy", action="store_true")
    parser.add_argument("--more", action="store_true")
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--refusals", action="store_true")
    told = parser.parse_args()
    warnings.simplefilter("ignore")
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        for k in range(told.start, told.start + told.count):
            body = made(told.seed, k, told.scipy, told.more)
            try:
                judged = Judged(body, Path(place), f"mixed_{told.seed}_{k}", told.seed + k, modes_of(k, told.light))
            except SyntaxError as error:
                print(f"-- SYNTAX {error}", *body, sep="\n")
                continue
            verdict = "says nothing" if judged.told is None and not judged.found else "right"
            if judged.found:
                bad = any(not told.startswith("refused") for told in judged.found.values())
                verdict = "wrong" if bad else "refused"
                if bad or told.refusals:
                    print(f"-- {verdict}: seed {told.seed} program {k}")
                    print("\n".join(f"     {line}" for line in body))
                    seen: set[str] = set()
                    for mode, text in judged.found.items():
                        if text[:120] not in seen and (told.refusals or not text.startswith("refused")):
                            print(f"   {mode}: {text[:900]}")
                        seen.add(text[:120])
                    sys.stdout.flush()
            tally[verdict] += 1
            if k % 100 == 99:
                print(k + 1, dict(tally), flush=True)
    print(", ".join(f"{n} {kind}" for kind, n in tally.items()))
    return int(tally["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
