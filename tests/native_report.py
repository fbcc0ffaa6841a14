"""The corpus compiled by Numba: `python tests/native_report.py [SUBSTRING ...] [--every N] [--modes grad,vjp,...]`.

A script for the hand: Numba takes seconds for each program. What is compiled is held against what runs in Python,
at every seed; what Numba does not take must be refused by name. One line for each case, then the counts.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import corpus  # noqa: E402
from case import Case  # noqa: E402
from harness import image, leaves, one_number, quietly, seed_for, vector  # noqa: E402

import tangent_like as tl  # noqa: E402

SINGLE = (np.float32, np.complex64)


def answers(case: Case, mode: str, jit: Any, made: Any, seed: int) -> Any:
    """Everything that a driver says at one point."""
    args = case.make(seed)
    rng = np.random.default_rng([seed, 5])
    if mode in ("grad", "value_and_grad"):
        return quietly(lambda: made(*args))
    if mode == "vjp":
        (value, pullback), printed = quietly(lambda: tl.vjp(case.f, *args, jit=jit))
        bar = seed_for(value, rng)
        bars, _ = quietly(lambda: pullback(bar))
        return (value, bars), printed
    dots = [seed_for(a, rng) if k in case.wrt else None for k, a in enumerate(args)]
    return quietly(lambda: tl.jvp(case.f, args, dots, jit=jit))


def examine(case: Case, mode: str) -> tuple[str, str]:
    """The verdict on one program: compiled, python (by name), wrong, crashed, or none of our business."""
    argnums: Any = case.wrt if len(case.wrt) > 1 else case.wrt[0]
    plain = fast = None
    if mode in ("grad", "value_and_grad"):
        driver = getattr(tl, mode)
        plain, fast = driver(case.f, argnums), driver(case.f, argnums, jit=True)
    for seed in range(case.seeds):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                expected = answers(case, mode, False, plain, seed)
        except Exception as error:  # what it says is held by the corpus itself
            return "skipped", type(error).__name__
        args = case.make(seed)
        before = image(args)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                warnings.filterwarnings("ignore", category=RuntimeWarning, message=".*encountered.*")
                found = answers(case, mode, True, fast, seed)
        except tl.DifferentiationError as error:
            if not error.line or not error.text:
                return "crashed", f"a refusal without its place: {error}"
            return "refused", f"{error.reason} | {error.text}"
        except Exception as error:
            return "crashed", f"seed {seed}: {type(error).__name__}: {error}"
        if found[1] != expected[1]:
            return "wrong", f"seed {seed}: printed {found[1]!r} against {expected[1]!r}"
        a, b = vector(found[0]), vector(expected[0])
        room = 1e-9 * float(np.max(np.abs(b[np.isfinite(b)]), initial=0)) + 1e-13
        loose = any(getattr(x, "dtype", None) in SINGLE for x in (*args, *(leaf for _, leaf in leaves(expected[0]))))
        if a.shape != b.shape or not np.allclose(a, b, rtol=1e-4 if loose else 1e-9, atol=room, equal_nan=True):
            return "wrong", f"seed {seed}: {a} against {b}"
        if [(i[0], i[1], i[2]) for i in image(found[0])] != [(i[0], i[1], i[2]) for i in image(expected[0])]:
            return "wrong", f"seed {seed}: the form {image(found[0])} against {image(expected[0])}"
        if image(args) != before:
            return "wrong", "changed the arguments"
    return "compiled", ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("substrings", nargs="*")
    parser.add_argument("--every", type=int, default=1, help="only every N-th case")
    parser.add_argument("--from", type=int, default=0, dest="first", help="beginning with this one")
    parser.add_argument("--modes", default="")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    cases, _ = corpus.load()
    cases = [c for c in cases if not options.substrings or any(s in c.id for s in options.substrings)]
    for case in cases[options.first :: options.every]:
        if case.expect == "refused" or case.raises or case.diverges:
            continue
        try:
            scalar = one_number(quietly(lambda case=case: case.f(*case.make(0)))[0])
        except Exception:
            continue
        for mode in options.modes.split(",") if options.modes else ["grad" if scalar else "vjp"]:
            if not scalar and mode in ("grad", "value_and_grad"):
                continue
            started = time.perf_counter()
            verdict, why = examine(case, mode)
            counts[verdict] += 1
            if verdict == "refused":
                reasons[why.partition("|")[0][:90]] += 1
            spent = time.perf_counter() - started
            print(f"{verdict:9} {mode:5} {case.id:44} {spent:6.1f} s  {' '.join(why.split())[:260]}", flush=True)
    for reason, count in reasons.most_common(40):
        print(f"{count:5} {reason}")
    print(", ".join(f"{count} {kind}" for kind, count in counts.most_common()))
    return 1 if counts["wrong"] or counts["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
