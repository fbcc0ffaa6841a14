"""Which states of a loop of unknown length are kept, as Numba compiles it."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

import numpy as np
from numba.extending import overload

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import is_matrix

HELPERS = (runtime.keep_online,)
NEVER = np.iinfo(np.int64).max  # the level of the first state, which stays


@overload(runtime.keep_online)
def _keep_online(kept, turn, slots):
    """The algorithm of Wang, Moin & Iaccarino (2009), as in ``runtime.keep_online``."""
    if not is_matrix(kept):
        return None

    def impl(kept, turn, slots):
        if slots < 1:
            raise ValueError("checkpointed: without slots nothing is kept to begin again from: 1 is the least")
        count = kept.shape[0]
        gone, level, slot = count, 0, count
        if count == 0:
            level = NEVER
        elif count > slots:
            gone, highest = -1, kept[count - 1, 2]
            for row in range(count - 2, -1, -1):
                if kept[row, 2] < highest:
                    gone = row
                highest = max(highest, kept[row, 2])
            if gone < 0:
                if count == 1:
                    return kept
                gone, level = count - 1, kept[count - 1, 2] + 1
            slot = kept[gone, 0]
        rows = np.empty((min(gone, count) + max(count - gone - 1, 0) + 1, 3), np.int64)
        rows[:gone] = kept[:gone]
        rows[gone:-1] = kept[gone + 1 :]
        rows[-1, 0], rows[-1, 1], rows[-1, 2] = slot, turn, level
        return rows

    return impl
