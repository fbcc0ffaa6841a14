"""Which states of a long loop are kept, and what is run again between them: the binomial schedule.

Griewank & Walther, "Algorithm 799: revolve" (2000): with ``slots`` states in memory, no schedule runs fewer turns
again. Read "state ``t``" as that before turn ``t``.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools
import math

import numpy as np


def checkpoint(g):
    """Return a function that calls ``g``: in a derivative nothing of a call is kept, it runs again on the way back.

    Also as a decorator, of functions and methods: ``@tl.checkpoint``.
    """

    @functools.wraps(g)
    def again(*args, **kwargs):
        return run_again(g, *args, **kwargs)

    return again


def run_again(g, *args, **kwargs):
    """Return ``g(*args, **kwargs)``: to the compiler it is the call that runs again."""
    return g(*args, **kwargs)


def checkpointed(turns, slots):
    """Return ``turns``. In a derivative a loop over it keeps at most ``slots`` of its states at a time."""
    check_slots(slots)
    return turns


def check_slots(slots):
    """Raise a ``ValueError`` where no schedule has so few slots."""
    if not slots >= 1:
        raise ValueError(f"checkpointed: slots={slots} keeps nothing to begin again from: 1 is the least")


def first_run(n, slots):
    """Return where a first run of ``n`` turns stops to keep its state, the end included: ``[0, ..., n]``.

    The state before the last turn is kept beside the others: the way back begins with it.
    """
    check_slots(slots)
    stops, at, left = [0], 0, slots
    while n - at > 1 and left > 1:
        at += first_advance(n - at, left)
        stops.append(at)
        left -= 1
    if n - at > 1:
        stops.append(n - 1)
    return np.array([*stops, n] if n else [0], np.int64)


def revolve(n, slots):
    """Return what is done on the way back, row by row: ``(first, last, what)``.

    From the newest state that is kept, ``first``, the turns up to ``last`` are run again. There (``what``: 0) the
    state is kept, (1) turn ``last`` is run and reversed, or (2) so, and the state is dropped.
    """
    rows = np.empty((2 * n, 3), np.int32)
    count = 0
    pending = []  # stretches (first, stop, slots), the last of them on top, whose first state is kept
    at, left = 0, slots
    while n - at > 1 and left > 1:
        step = first_advance(n - at, left)
        pending.append((at, at + step, left))
        at, left = at + step, left - 1
    if n - at > 1:
        rows[count] = n - 1, n - 1, 2
        count += 1
        pending.append((at, n - 1, 1))
    elif n:
        pending.append((at, n, 1))
    while pending:
        at, stop, left = pending.pop()
        while stop - at > 1 and left > 1:
            step = first_advance(stop - at, left)
            pending.append((at, at + step, left))
            rows[count] = at, at + step, 0
            count += 1
            at, left = at + step, left - 1
        for turn in range(stop - 1, at - 1, -1):
            rows[count] = at, turn, 1 if turn > at else 2
            count += 1
    return rows[:count]


def first_advance(n, slots):
    """Return how many of ``n`` turns to run before the next state is kept, with ``slots`` of them, one kept."""
    again = 0  # how often a turn is run again at the most: the least with comb(slots + again, slots) >= n
    while math.comb(slots + again, slots) < n:
        again += 1
    least = math.comb(slots + again - 2, slots) if again > 1 else 1
    return max(1, least, n - math.comb(slots - 1 + again, slots - 1))


def extra_turns(n, slots):
    """Return the least number of turns that are run again, whatever the schedule: with none of the reversed ones."""
    again = 0
    while math.comb(slots + again, slots) < n:
        again += 1
    return again * n - math.comb(slots + again, again - 1) - (n - 1) if again else 0
