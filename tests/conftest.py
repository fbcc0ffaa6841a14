"""The tests' own modules (`case`, `harness`, `corpus`) are found from wherever pytest is started."""

import gc
import itertools
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for place in (str(HERE.parent), str(HERE)):
    if place not in sys.path:
        sys.path.insert(0, place)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`TESTS_SHARE=1/3`: of the tests this part only, so that several Pythons, or cores, share them."""
    share = os.environ.get("TESTS_SHARE")
    if not share:
        return
    part, of = map(int, share.split("/"))
    # One after the other by name: what one function tests many times, slow or fast, is in each part alike.
    own = set(sorted(i.nodeid for i in items)[part % of :: of])
    away = [i for i in items if i.nodeid not in own]
    if away:
        config.hook.pytest_deselected(items=away)
        items[:] = [item for item in items if item not in set(away)]


RUN = itertools.count(1)


def pytest_runtest_teardown() -> None:
    """What lives on from the tests before is set aside: the more there is, the longer each collection would take."""
    if next(RUN) % 100 == 0:
        gc.collect()
        gc.freeze()
