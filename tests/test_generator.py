"""A fixed set of random programs: right or refused, none wrong, and of the plain ones nearly all right.

Run by hand for longer, and with other seeds: `python tests/generator --seconds 600 --seed 7`.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from types import SimpleNamespace
from typing import Any

import generator
import numeric
import pytest
from harness import explain

SHARES = {"plain": 8, "alias": 4, "wild": 3, "writes": 2, "jumps": 2, "leaps": 2, "structure": 2, "shared": 2, "mixed": 2}
PLAIN_REFUSED = 0.1  # the most of them that may be refused


@pytest.mark.parametrize("seed", range(5))
def test_right_or_refused(seed: int) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    refusals = []
    with generator.judge() as judging:
        for profile, share in SHARES.items():
            for program in islice(generator.programs(seed, profile, judging), share):
                verdict = judging.verdict(program)
                counts[profile, verdict.kind] += 1
                text = f"{program.name}\n{program.render()}"
                assert verdict.kind not in ("wrong", "crashed"), text + explain(
                    program.case(judging.load(program)), verdict
                )
                if verdict.kind == "refused":
                    refusals.append(f"{program.name}: {verdict.message}")
    assert counts["plain", "refused"] <= PLAIN_REFUSED * SHARES["plain"] + 1, refusals
    assert sum(number for (_, kind), number in counts.items() if kind == "fault") <= 3, counts


def test_programs_come_from_their_seed() -> None:
    for profile in generator.PROFILES:
        for number in range(20):
            one, two = (generator.make(5, number, profile).render() for _ in range(2))
            assert one == two


def test_what_is_found_is_made_smaller() -> None:
    def vjp(f: Any, *args: Any) -> Any:
        return numeric.vjp(f, *args)

    class Derivative(numeric.Derivative):
        """Wrong for every program that reads a maximum."""

        def __call__(self, *args: Any) -> Any:
            result = super().__call__(*args)
            wrong = "maximum" in self.f.__code__.co_names and not self.with_value
            return (
                tuple(bar + 1 for bar in result) if wrong and isinstance(result, tuple) else result
            )

    tl = SimpleNamespace(
        **{**vars(numeric), "grad": lambda f, argnums=0, tidy=True: Derivative(f, argnums, False)}
    )
    with generator.judge() as judging:
        for program in islice(generator.programs(1, "plain", judging), 200):
            if "np.maximum" in program.main.render() and len(program.main.body) > 5:
                break
        else:
            pytest.fail("no program with a maximum")
        before = len(program.render())
        verdict = judging.verdict(program, tl)
        assert verdict.kind == "wrong"
        small = generator.smaller(program, judging, verdict, 10, tl)
        assert judging.verdict(small, tl).kind == "wrong"
        assert "np.maximum" in small.render()
        assert len(small.main.body) <= 2, small.render()
        assert len(small.render()) < before
