"""Right, refused, or wrong; and what is wrong, made smaller."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from case import Case
from harness import (
    TooLong,
    Verdict,
    Wrong,
    check_close,
    crash_site,
    leaves,
    one_number,
    quietly,
    slope,
    time_limit,
    verify,
)

import tangent_like as tl
from generator.maker import make
from generator.program import Function, Line, Program
from tangent_like import DifferentiationError


class Judge:
    """Programs are written into files of a folder of their own: derivatives are made from what a file says."""

    def __init__(self, folder: Path, second: bool = False) -> None:
        self.folder = folder
        self.second = second
        self.count = 0

    def load(self, program: Program) -> Callable[..., Any]:
        self.count += 1
        name = f"generated_{self.count}"
        path = self.folder / f"{name}.py"
        path.write_text(program.render())
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        finally:
            del sys.modules[name]
        return module.f  # type: ignore[no-any-return]

    def runs(self, program: Program, seeds: int = 2) -> bool:
        """Do its primal and everything near it stay finite? Else it says nothing."""
        try:
            case = program.case(self.load(program))
            with time_limit(5):
                for seed in range(seeds):
                    value, _ = quietly(lambda: case.f(*case.make(seed)))
                    parts = [part for _, part in leaves(value) if isinstance(part, (int, float, np.ndarray, np.generic))]
                    if not parts or not all(
                        np.all(np.isfinite(part)) and np.all(np.abs(part) < 1e4) for part in parts
                    ):
                        return False
        except TooLong:
            return False
        except (
            SyntaxError,
            ArithmeticError,
            ValueError,
            IndexError,
            TypeError,
            NameError,
            AttributeError,
            KeyError,
            np.exceptions.AxisError,
        ):
            return False
        return True

    def verdict(self, program: Program, other: Any = None, seeds: int = 2) -> Verdict:
        if self.second:
            return second_order(program.case(self.load(program)), range(seeds), program.one_array)
        light = other is None and program.number % 5 != 0
        found = verify(program.case(self.load(program)), other, seeds=range(seeds), limit=30, light=light)
        if found.kind == "crashed" and "a gradient is of one floating-point number" in found.message:
            return Verdict("fault", "a number on one path, an array on another: told so")
        if found.kind == "crashed" and "ValueError: this derivative is for" in found.message:
            return Verdict("refused", found.message, error=found.error)  # when it runs, by its own words
        if found.kind == "wrong" and found.message.endswith("gradient 0 of type int for float"):
            return Verdict("fault", "a sum of nothing is a whole number, and so is what it is the slope by")
        return found


def second_order(case: Case, seeds: Iterable[int], one_array: bool) -> Verdict:
    """Forward over reverse, by the first argument: against differences of the gradient."""
    gradient, product = tl.grad(case.f), tl.hvp(case.f)
    seen = False
    try:
        with time_limit(60):
            for seed in seeds:
                if one_array or not one_number(quietly(lambda: case.f(*case.make(seed)))[0]):
                    return Verdict("fault", "not one number")
                rng = np.random.default_rng(seed)
                v, w = (rng.normal(size=np.shape(case.make(seed)[0])) for _ in range(2))

                def s(t: float) -> float:
                    x, *rest = case.make(seed)
                    return float(w @ quietly(lambda: gradient(x + t * v, *rest))[0])

                claimed = quietly(lambda: product(*case.make(seed), v))[0]
                measured, doubt = slope(s)
                size = float(np.abs(w) @ np.abs(claimed))
                scale = abs(s(0.0))
                where = f"second order, seed {seed}"
                seen |= check_close(s, measured, doubt, float(w @ claimed), size, scale, 1e-5, where)
    except DifferentiationError as error:
        return Verdict("refused", " ".join(str(error).split()), error=error)
    except Wrong as error:
        return Verdict("wrong", str(error), gradient.source_for(*case.make(0)), error)
    except (TooLong, Exception) as error:
        return Verdict("crashed", f"{type(error).__name__}: {error}, at {crash_site(error)}", error=error)
    return Verdict("right" if seen else "fault")


@contextmanager
def judge(second: bool = False) -> Iterator[Judge]:
    with tempfile.TemporaryDirectory(prefix="generated_") as folder:
        yield Judge(Path(folder), second)


def programs(seed: int, profile: str, judging: Judge, number: int = 0) -> Iterator[Program]:
    """Those of the seed that run, in order, from a number on, without end."""
    while True:
        program = make(seed, number, profile)
        if judging.runs(program):
            program.varies = True
            program.varies = judging.runs(program, 5)
            yield program
        number += 1


def reason(verdict: Verdict) -> str:
    """The beginning of what is said, without the place of a refusal."""
    return verdict.message.split(": ", 1)[-1][:45] if verdict.kind == "refused" else verdict.message[:20]


def smaller(
    program: Program, judging: Judge, verdict: Verdict, seconds: float = 30, tl: Any = None
) -> Program:
    """The program with as few statements as still get the same kind of verdict."""
    until = time.process_time() + seconds

    def same() -> bool:
        if time.process_time() > until or not judging.runs(program):
            return False
        other = judging.verdict(program, tl)
        return other.kind == verdict.kind and reason(other) == reason(verdict)

    def attempts(body: list[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
        for k in range(len(body) - 1, -1, -1):
            if k >= len(body):
                continue
            yield body, body[:k] + body[k + 1 :]
            if k < len(body) and body[k].blocks:
                for _, inner in list(body[k].blocks):
                    yield body, body[:k] + inner + body[k + 1 :]
        for line in list(body):
            for position in range(len(line.blocks) - 1, -1, -1):
                yield from attempts(line.blocks[position][1])

    def results() -> Iterator[tuple[Function, str]]:
        terms = program.main.result.split(" + ")
        for k in range(len(terms)):
            if len(terms) > 1:
                yield program.main, " + ".join(terms[:k] + terms[k + 1 :])

    again = True
    while again and time.process_time() < until:
        again = False
        for f in program.functions():
            for body, shorter in attempts(f.body):
                old = body[:]
                body[:] = shorter
                if same():
                    again = True
                    break
                body[:] = old
        for f, result in results():
            old_result, f.result = f.result, result
            if same():
                again = True
                break
            f.result = old_result
        for k in range(len(program.helpers) - 1, -1, -1):
            helper = program.helpers.pop(k)
            if same():
                again = True
            else:
                program.helpers.insert(k, helper)
        for k in range(len(program.classes) - 1, -1, -1):
            whole = program.classes.pop(k)
            if same():
                again = True
                continue
            program.classes.insert(k, whole)
            for j in range(len(whole.methods) - 1, -1, -1):
                method = whole.methods.pop(j)
                if same():
                    again = True
                else:
                    whole.methods.insert(j, method)
    return program
