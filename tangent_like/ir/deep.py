"""The compiler run as it has to be: recursing as deep as the user nests, and without the collector of cycles.

What a compilation makes is kept until it ends, and has hardly a cycle in it. The collector goes through all of it
again and again, and through all else that the process holds, to find nothing: a tenth of the time of a small
program, more where much is loaded beside it.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

DEPTH = 60_000
STACK = 512 * 1024 * 1024


def deeply(work: Callable[[], T]) -> T:
    """Run ``work`` where recursion may go deep, if it does not get by without."""
    try:
        return work()
    except RecursionError:
        pass
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            failure.append(error)

    limit = sys.getrecursionlimit()
    size = threading.stack_size(STACK)
    sys.setrecursionlimit(DEPTH)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
    if failure:
        raise failure[0]
    return outcome[0]


@contextmanager
def uncollected() -> Iterator[None]:
    """Cycles are not looked for meanwhile, and again afterwards if they were before."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
