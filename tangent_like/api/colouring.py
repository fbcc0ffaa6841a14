"""Colours for the columns of a sparse matrix: columns of one colour have no row in common.

One product with the sum of the unit vectors of a colour then has the entries of all its columns, each in rows of
its own (Curtis, Powell, Reid, "On the estimation of sparse Jacobian matrices", 1974). The colouring is greedy, the
fullest column first (Gebremedhin, Manne, Pothen, "What color is your Jacobian?", 2005, section 3).
"""

from __future__ import annotations

from typing import Any

import numpy as np

WORD = 64


def coloured(pattern: Any) -> np.ndarray:
    """A colour for each column of a CSC matrix, counted from 0; columns with no entry have the first.

    ``taken[i]`` has the bit ``c`` of row ``i`` set where a column of the colour ``c`` has an entry in it.
    """
    rows, starts = pattern.indices, pattern.indptr
    count = pattern.shape[1]
    colours = np.zeros(count, np.intp)
    taken = np.zeros((1, pattern.shape[0]), np.uint64)
    sizes = np.diff(starts)
    order = np.argsort(-sizes, kind="stable")
    for j in order[: int(np.count_nonzero(sizes))]:
        own = rows[starts[j] : starts[j + 1]]
        colour = None
        for word in range(len(taken)):
            mask = int(np.bitwise_or.reduce(taken[word].take(own)))
            free = ~mask & (mask + 1)
            if free.bit_length() <= WORD:
                colour = word * WORD + free.bit_length() - 1
                break
        if colour is None:
            colour = len(taken) * WORD
            taken = np.concatenate([taken, np.zeros_like(taken[:1])])
        taken[colour // WORD, own] |= np.uint64(1 << colour % WORD)
        colours[j] = colour
    return colours
