"""A sample of the programs of ``array_programs.py``: as many as a few seconds take."""

from __future__ import annotations

import pytest
from array_programs import problem, programs

import tangent_like as tl

SEED = 1
SAMPLE = list(programs(200, SEED))


@pytest.mark.parametrize("k", range(0, len(SAMPLE), 20))
def test_programs_of_arrays_are_right_or_refused(k: int) -> None:
    for j, body in enumerate(SAMPLE[k : k + 20]):
        try:
            found = problem(body, f"<array {SEED}:{k + j}>", k + j)
        except tl.DifferentiationError:
            continue
        assert found is None, f"{found}\n{body}"
