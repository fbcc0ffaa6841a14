"""A sample of the programs of ``chains.py``: as many as a few seconds take."""

from __future__ import annotations

import pytest
from chains import problem, programs

SEED = 3
SAMPLE = list(programs(120, SEED))


@pytest.mark.parametrize("k", range(0, len(SAMPLE), 10))
def test_straight_programs_of_whole_arrays(k: int) -> None:
    for j, body in enumerate(SAMPLE[k : k + 10]):
        found = problem(body, f"<chain {SEED}:{k + j}>", SEED)
        assert found is None, f"{found}\n{body}"
