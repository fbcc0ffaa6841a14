"""A sample of the programs of ``typed_programs.py``, and what they found that is no program of the corpus."""

from __future__ import annotations

import numpy as np
import pytest
from typed_programs import problem, programs

import tangent_like as tl

SEED = 3
SAMPLE = list(programs(12, SEED))


@pytest.mark.parametrize("k", range(0, len(SAMPLE), 6))
def test_programs_of_pieces_are_right_or_refused(k: int) -> None:
    for j, body in enumerate(SAMPLE[k : k + 6]):
        try:
            found = problem(body, f"<typed {SEED}:{k + j}>", light=True)
        except tl.DifferentiationError:
            continue
        assert found is None, f"{found}\n{body}"


def test_a_refusal_of_what_stands_in_finally_knows_its_line() -> None:
    def f(a):  # type: ignore[no-untyped-def]
        try:
            b = a * a
        finally:
            for v in [a]:
                if v > 0:
                    break
            else:
                return a
        return b

    with pytest.raises(tl.DifferentiationError, match=r"\.py:\d\d:\d+: a jump out of finally"):
        tl.grad(f)(1.0)


def test_text_without_kinds_lets_nothing_flow_into_copies() -> None:
    def f(x):  # type: ignore[no-untyped-def]
        y = x * 1.0
        y[np.argsort(y)][:1] = x[1]
        return np.sum(y * y)

    scope = {"np": np}
    exec(tl.grad(f).source, scope)
    x = np.array([0.3, 0.7, 0.9])
    np.testing.assert_array_equal(scope["grad_f"](x), 2 * x)  # type: ignore[operator]
