"""Sparse Jacobians and Hessians: a handful of products in place of one a column.

The pattern is given, or found (``patterns``). Columns (for forward mode) or rows (for reverse mode) that have nothing
in common are coloured alike (``colouring``), one product is taken a colour, and one more with a random vector, against
which the matrix is held: an entry outside of the pattern is an error, and never a wrong number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tangent_like.api.colouring import coloured
from tangent_like.api.patterns import Operator, found_pattern
from tangent_like.errors import RequestError, ResultError


@dataclass(frozen=True, eq=False)
class Plan:
    """How the matrix of one pattern is computed: by columns or by rows, in so many colours."""

    pattern: Any  # CSR, its entries in order
    rows: np.ndarray
    columns: np.ndarray
    colours: np.ndarray  # of each column, or of each row
    forward: bool
    count: int


def plan_of(pattern: Any) -> Plan:
    """The cheaper of the two colourings; a way back is taken to cost two ways forward."""
    by_columns, by_rows = pattern.tocsc(), pattern.T.tocsc()
    # a full row takes a colour for each of its columns, so the less full way is coloured first
    at_least = [int(np.diff(p.indptr).max(initial=0)) for p in (by_rows, by_columns)]
    forward = at_least[0] <= 2 * at_least[1]
    colours = coloured(by_columns if forward else by_rows)
    cost = _count(colours) * (1 if forward else 2)
    if at_least[forward] * (2 if forward else 1) < cost:
        other = coloured(by_rows if forward else by_columns)
        if _count(other) * (2 if forward else 1) < cost:
            colours, forward = other, not forward
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    return Plan(pattern, rows, pattern.indices, colours, forward, _count(colours))


def _count(colours: np.ndarray) -> int:
    return int(colours.max(initial=-1)) + 1


@dataclass(eq=False)
class Sparse:
    """The matrices of one function by one argument. ``given`` is the user's pattern, or None: found at the first call.

    A pattern that was found at one point and turns out too small at another is found again there, and joined.
    """

    given: Any
    name: str
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    plans: dict[tuple[int, int], Plan] = field(default_factory=dict)

    def matrix(self, here: Operator, nearby: Callable[[float], Operator], dtype: Any) -> Any:
        """The matrix at a point; ``nearby(h)`` is the operator at a point moved by about h, to look for the pattern."""
        plan = self.plans.get(here.shape)
        if plan is None:
            pattern = self._given(here.shape) if self.given is not None else self._found(here, nearby)
            plan = self.plans[here.shape] = plan_of(pattern)
        made = self._computed(plan, here)
        if not self._fits(made, here):
            if self.given is not None:
                raise ResultError(
                    f"the {self.name} has entries outside of the pattern that is given for it",
                    hint='give the whole pattern, or sparsity="auto"',
                )
            plan = self.plans[here.shape] = plan_of(_joined(plan.pattern, self._found(here, lambda _: here)))
            made = self._computed(plan, here)
            if not self._fits(made, here):
                raise ResultError(
                    f"the pattern of the {self.name} is not found: products with it are not those of its entries",
                    hint="pass the pattern: sparsity=...",
                )
        return made.astype(dtype)

    def _given(self, shape: tuple[int, int]) -> Any:
        from scipy import sparse

        pattern = sparse.csr_array(self.given)
        if pattern.shape != shape:
            raise RequestError(f"the pattern has shape {pattern.shape}, the {self.name} has {shape}")
        return _ones(pattern)

    def _found(self, here: Operator, nearby: Callable[[float], Operator]) -> Any:
        """The entries at a point nearby, where none is zero by chance; at the point itself where there is none."""
        from scipy import sparse

        for h in (1e-2, 1e-5):
            try:
                with np.errstate(all="ignore"):
                    rows, columns = found_pattern(nearby(h), self.rng)
                break
            except (ArithmeticError, ValueError, ResultError):  # out of where the function is defined
                continue
        else:
            rows, columns = found_pattern(here, self.rng)
        ones = np.ones(len(rows), bool)
        return _ones(sparse.csr_array(sparse.coo_array((ones, (rows, columns)), here.shape)))

    def _computed(self, plan: Plan, here: Operator) -> Any:
        from scipy import sparse

        data = np.zeros(len(plan.columns))
        own = plan.colours[plan.columns if plan.forward else plan.rows]
        order = np.argsort(own, kind="stable")
        ends = np.searchsorted(own[order], np.arange(plan.count + 1))
        for colour in range(plan.count):
            entries = order[ends[colour] : ends[colour + 1]]
            seed = (plan.colours == colour).astype(float)
            product = here.push(seed) if plan.forward else here.pull(seed)
            data[entries] = product[(plan.rows if plan.forward else plan.columns)[entries]]
        return sparse.csr_array((data, plan.columns, plan.pattern.indptr), here.shape)

    def _fits(self, made: Any, here: Operator) -> bool:
        """Does a product with a random vector say the same?"""
        if 0 in here.shape:
            return True
        probe = self.rng.uniform(0.5, 1.5, here.shape[1])
        product = np.asarray(here.push(probe))
        sizes = abs(made) @ probe
        finite = np.isfinite(sizes) & np.isfinite(product)
        off = np.abs(product - made @ probe)[finite]
        room = np.sqrt(here.eps) * sizes[finite] + here.eps * np.max(sizes[finite], initial=0.0)
        return bool(np.all(off <= room)) and bool(np.all(np.isfinite(product) <= np.isfinite(sizes)))


def _ones(pattern: Any) -> Any:
    """A pattern in CSR, its entries in order, each once."""
    from scipy import sparse

    found = sparse.csr_array((np.ones(pattern.nnz), pattern.indices, pattern.indptr), pattern.shape)
    found.sum_duplicates()
    return found


def _joined(a: Any, b: Any) -> Any:
    return _ones((a + b).tocsr())
