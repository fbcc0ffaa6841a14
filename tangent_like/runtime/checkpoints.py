"""Which states of a long loop are kept, and what is run again between them: the binomial schedule.

Griewank & Walther, "Algorithm 799: revolve" (2000): with ``slots`` states in memory, no schedule runs fewer turns
again. Read "state ``t``" as that before turn ``t``.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools

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


def checkpointed(turns, slots, block=1):
    """Return ``turns``. In a derivative a loop over it keeps at most ``slots`` of its states at a time.

    ``while checkpointed(condition, slots):`` likewise. With ``block`` the states are those before every ``block`` turns
    of a ``range``, and of so many turns at once all is kept that the way back reads (Gruslys et al., "Memory-efficient
    backpropagation through time", 2016): with sqrt(n) of either, every turn runs twice.
    """
    check_slots(slots)
    if not block >= 1:
        raise ValueError(f"checkpointed: block={block} is no number of turns: 1 is the least")
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
    if n:
        stops.append(n)
    return np.array(stops, np.int64)


def revolve(n, slots):
    """Return what is done on the way back, row by row: ``(first, last, what)``.

    From the newest state that is kept, ``first``, the turns up to ``last`` are run again. There (``what``: 0) the
    state is kept, (1) turn ``last`` is run and reversed, or (2) so, and the state is dropped.
    """
    return between(first_run(n, slots)[:-1], n, slots)


def between(kept, n, slots):
    """Return the rows of ``revolve`` where the states before the turns ``kept`` are there, in this order."""
    rows = np.empty((2 * n, 3), np.int32)
    count = 0
    pending = []  # stretches (first, stop, slots), the last of them on top, whose first state is kept
    for k in range(len(kept)):
        stop = kept[k + 1] if k + 1 < len(kept) else n
        pending.append((int(kept[k]), int(stop), max(1, slots - k)))
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


def keep_online(kept, turn, slots):
    """Return which states are kept before ``turn``, where it is not known how many turns there will be.

    ``slots`` of them and that of the last turn, as in ``first_run``. Rows ``(slot, turn, level)``, by turn; the state
    before ``turn`` is kept if the last row says so. Wang, Moin & Iaccarino, "Minimal repetition dynamic checkpointing
    algorithm for unsteady adjoint calculation" (2009): a new state takes the place of one that a later one of a higher
    level makes dispensable; without such, that of the last one, whose level it exceeds by one. The first state stays.
    """
    check_slots(slots)
    if len(kept) <= slots:
        level = 0 if len(kept) else np.iinfo(np.int64).max
        return np.concatenate([kept, np.array([[len(kept), turn, level]], np.int64)])
    highest = np.maximum.accumulate(kept[::-1, 2])[::-1]
    dispensable = np.flatnonzero(kept[:-1, 2] < highest[1:])
    if dispensable.size:
        gone, level = int(dispensable[0]), 0
    elif len(kept) > 1:
        gone, level = len(kept) - 1, kept[-1, 2] + 1
    else:
        return kept
    new = np.array([[kept[gone, 0], turn, level]], np.int64)
    return np.concatenate([kept[:gone], kept[gone + 1 :], new])


def first_advance(n, slots):
    """Return how many of ``n`` turns to run before the next state is kept, with ``slots`` of them, one kept."""
    again = 0  # how often a turn is run again at the most: the least with comb(slots + again, slots) >= n
    while choose(slots + again, slots) < n:
        again += 1
    least = choose(slots + again - 2, slots) if again > 1 else 1
    return max(1, least, n - choose(slots - 1 + again, slots - 1))


def choose(n, k):
    """Return the binomial coefficient, or 2 ** 40 where it is more: no loop has so many turns."""
    found = 1
    for i in range(1, min(k, n - k) + 1):
        found = found * (n - i + 1) // i
        if found > 2**40:
            return 2**40
    return found if 0 <= k <= n else 0


def extra_turns(n, slots):
    """Return the least number of turns that are run again, whatever the schedule: with none of the reversed ones."""
    again = 0
    while choose(slots + again, slots) < n:
        again += 1
    return again * n - choose(slots + again, again - 1) - (n - 1) if again else 0
