"""Every program of the corpus: right or refused, as it says, and never wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import corpus
import pytest
from case import Case
from harness import explain, verify

CASES, _ = corpus.load()
HERE = Path(__file__).resolve().parent


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_right_or_refused(case: Case) -> None:
    verdict = verify(case, every=False)  # all of it: corpus_report.py
    assert verdict.fits(case.expect), explain(case, verdict)


PRINT_SOURCES = """
import sys
sys.path[:0] = [{tests!r}, {root!r}]
import corpus, tangent_like as tl
for case in corpus.load()[0][::{every}]:
    if case.expect != "right" or case.raises or case.diverges:
        continue
    try:
        text = tl.grad(case.f, case.wrt).source_for(*case.make(0))
    except tl.DifferentiationError:  # the result is no number: vjp's business
        continue
    print("#", case.id)
    print(text)
"""


def test_text_does_not_depend_on_the_hash_seed() -> None:
    script = PRINT_SOURCES.format(tests=str(HERE), root=str(HERE.parent), every=17)
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        for seed in ("1", "2024")
    ]
    one, two = (run.communicate()[0] for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    assert one == two
    assert one.count("# ") > 30
