"""A sample of the programs of ``straight_programs.py``: as many as a few seconds take."""

from __future__ import annotations

import pytest
from straight_programs import problem, programs

SEED = 3
SAMPLE = list(programs(120, SEED))


@pytest.mark.parametrize("k", range(0, len(SAMPLE), 10))
def test_straight_programs_of_whole_arrays(k: int) -> None:
    for j, body in enumerate(SAMPLE[k : k + 10]):
        found = problem(body, f"<straight {SEED}:{k + j}>", SEED)
        assert found is None, f"{found}\n{body}"
