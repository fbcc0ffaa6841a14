"""Where a Jacobian has entries, found by products with it.

The columns go into p buckets by ``j % p``. Of each bucket two products are taken, with random weights w_j and with
j w_j: where a row has one entry in the bucket, the quotient of the two is its column. Neighbours never share a
bucket, so a band or a stencil is found with the first p; what a p leaves open waits for the next. A product with
a random vector says which rows are complete (as Freivalds checks a product of matrices). What no p resolves, a
full row among sparse ones, is taken as a row, by reverse mode.

An entry that happens to be zero at the point is not seen. So the point is moved a little at random first, and each
matrix that is computed from a pattern is held against a product: see ``sparse``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent_like.errors import ResultError

Product = Callable[[np.ndarray], np.ndarray]

FULL_ROWS = 200
# What a product may be off by, in units of the rounding of one operation.
ROUNDING = 1e5


@dataclass(frozen=True, eq=False)
class Operator:
    """A Jacobian of ``shape`` as products: ``push`` with a tangent, ``pull`` with an adjoint; ``eps`` of its dtype."""

    shape: tuple[int, int]
    push: Product
    pull: Product
    eps: float


def found_pattern(jacobian: Operator, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns of the entries that are not zero, in no order.

    Raises ``ResultError`` where a product is not finite.
    """
    m, n = jacobian.shape
    keys = np.zeros(0, np.int64)  # i * n + j of the entries found
    values = np.zeros(0)
    if not m or not n:
        return keys, keys
    open_ = np.ones(m, bool)
    probe = rng.uniform(0.5, 1.5, n)
    whole = finite(jacobian.push(probe))
    p, spent = 3, 0
    while spent + 2 * p < n and np.count_nonzero(open_) > min(FULL_ROWS, spent):
        i, j, a, full = _by_buckets(jacobian, p, open_, rng, (*np.divmod(keys, n), values))
        keys, first = np.unique(np.concatenate([keys, i * n + j]), return_index=True)
        values = np.concatenate([values, a])[first]
        rows, columns = np.divmod(keys, n)
        sums = np.bincount(rows, values * probe[columns], m)
        sizes = np.bincount(rows, np.abs(values * probe[columns]), m)
        open_ = np.abs(sums - whole) > ROUNDING * jacobian.eps * np.maximum(sizes, np.abs(whole))
        spent += 2 * p
        # as many buckets as twice the entries of a row, by what is full; neighbours of neighbours fall apart by odd p
        entries = -p * np.log1p(-min(full, 0.95))
        p = int(min(max(1.3 * p, 1.5 * entries), 4 * p)) | 1
    rows, columns = np.divmod(keys, n)
    found = [(rows[~open_[rows]], columns[~open_[rows]])]
    left = np.flatnonzero(open_)
    found.extend(_rows(jacobian, left) if len(left) <= n else _columns(jacobian, open_))
    rows, columns = (np.concatenate(part) for part in zip(*found, strict=True))
    return rows, columns


def _by_buckets(
    jacobian: Operator,
    p: int,
    open_: np.ndarray,
    rng: np.random.Generator,
    known: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Rows, columns and values of entries alone in their bucket, what is known taken out, in the open rows.

    Also the share of the buckets that are not empty.
    """
    m, n = jacobian.shape
    rows, columns, values = (part[open_[known[0]]] for part in known)
    where = np.arange(n)
    weights = rng.uniform(0.5, 1.5, n) * rng.choice([-1.0, 1.0], n)
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    hits = 0
    for b in range(p):
        masked = np.where(where % p == b, weights, 0.0)
        first = finite(jacobian.push(masked))
        own = columns % p == b
        terms = values[own] * masked[columns[own]]
        sizes = np.bincount(rows[own], np.abs(terms), m)
        first -= np.bincount(rows[own], terms, m)
        hits += int(np.count_nonzero((first != 0) & open_))
        hit = np.flatnonzero((np.abs(first) > ROUNDING * jacobian.eps * sizes) & open_)
        if not len(hit):
            continue
        second = finite(jacobian.push(masked * where)) - np.bincount(rows[own], terms * columns[own], m)
        quotient = second[hit] / first[hit]
        column = np.rint(quotient)
        # of several entries the quotient is some number between, and with random weights no whole one
        loss = 1 + sizes[hit] / np.abs(first[hit])
        room = np.minimum(64 * jacobian.eps * (1 + np.abs(column)) * loss + 1e-9, 0.25)
        single = (np.abs(quotient - column) <= room) & (column >= 0) & (column < n)
        single &= np.where(single, column, 0).astype(np.int64) % p == b
        j = column[single].astype(np.int64)
        found.append((hit[single], j, first[hit[single]] / weights[j]))
    none = np.zeros(0, np.int64)
    i, j, a = (np.concatenate(part) for part in zip(*found, strict=True)) if found else (none, none, np.zeros(0))
    return i, j, a, hits / max(1, p * int(np.count_nonzero(open_)))


def _rows(jacobian: Operator, rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for i in rows:
        unit = np.zeros(jacobian.shape[0])
        unit[i] = 1.0
        j = np.flatnonzero(finite(jacobian.pull(unit)))
        yield np.full(len(j), i), j


def _columns(jacobian: Operator, open_: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for j in range(jacobian.shape[1]):
        unit = np.zeros(jacobian.shape[1])
        unit[j] = 1.0
        i = np.flatnonzero((finite(jacobian.push(unit)) != 0) & open_)
        yield i, np.full(len(i), j)


def finite(product: Any) -> np.ndarray:
    found: np.ndarray = np.asarray(product, float)
    if not np.isfinite(found).all():
        raise ResultError(
            "the pattern of the Jacobian is not found: it is not finite here", hint="pass the pattern: sparsity=..."
        )
    return found
