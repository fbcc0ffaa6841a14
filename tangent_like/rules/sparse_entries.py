"""Products and solutions with sparse matrices whose entries move: what flows goes to the entries, and no further.

The matrix itself is given beside what it was made of, and counts for a constant (``specialize/sparse.py``).
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy.sparse import csc_array, linalg

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear, rule
from tangent_like.runtime import (
    apply_entries,
    apply_transposed,
    at_entries,
    constant_solution_at,
    entries_of,
    factored_solution,
    solution_at,
    sparse_array,
    sparse_product,
    sparse_solution,
    transposed_product,
    transposed_solution,
    with_entries,
)

_ROWS, _COLUMNS = np.array([0, 2, 1, 0, 2]), np.array([1, 0, 1, 1, 2])
_LEFT, _RIGHT = csc_array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0]]), csc_array([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])
_HELD = ("a", "rows", "columns", "left", "right")


@rule(sparse_product, kind="sparse_product", of=("x", "data"), inactive=_HELD)
def product(z, a, x, data, rows, columns, left=None, right=None):
    def jvp(x_dot, data_dot):
        return sparse_product(a, x_dot, data, rows, columns, left, right) + apply_entries(
            data_dot, x, rows, columns, len(z), left, right
        )

    def vjp(z_bar):
        return (
            transposed_product(a, z_bar, data, rows, columns, left, right),
            entries_of(z_bar, x, rows, columns, left, right),
        )

    return jvp, vjp


@rule(transposed_product, kind="sparse_product", of=("x", "data"), inactive=_HELD)
def product_of_transposed(z, a, x, data, rows, columns, left=None, right=None):
    def jvp(x_dot, data_dot):
        return transposed_product(a, x_dot, data, rows, columns, left, right) + apply_transposed(
            data_dot, x, rows, columns, len(z), left, right
        )

    def vjp(z_bar):
        return (
            sparse_product(a, z_bar, data, rows, columns, left, right),
            entries_of(x, z_bar, rows, columns, left, right),
        )

    return jvp, vjp


@rule(sparse_solution, kind="sparse_solution", of=("b", "data"), inactive=_HELD)
def solution(x, a, b, data, rows, columns, left=None, right=None):
    def jvp(b_dot, data_dot):
        return sparse_solution(a, b_dot, data, rows, columns, left, right) - sparse_solution(
            a, apply_entries(data_dot, x, rows, columns, len(x), left, right), data, rows, columns, left, right
        )

    def vjp(x_bar):
        lam = transposed_solution(a, x_bar, data, rows, columns, left, right)
        return np.reshape(lam, np.shape(b)), -entries_of(lam, x, rows, columns, left, right)

    return jvp, vjp


@rule(transposed_solution, kind="sparse_solution", of=("b", "data"), inactive=_HELD)
def solution_of_transposed(x, a, b, data, rows, columns, left=None, right=None):
    def jvp(b_dot, data_dot):
        return transposed_solution(a, b_dot, data, rows, columns, left, right) - transposed_solution(
            a, apply_transposed(data_dot, x, rows, columns, len(x), left, right), data, rows, columns, left, right
        )

    def vjp(x_bar):
        lam = sparse_solution(a, x_bar, data, rows, columns, left, right)
        return np.reshape(lam, np.shape(b)), -entries_of(x, lam, rows, columns, left, right)

    return jvp, vjp


@rule(solution_at, kind="sparse_solution", of=("b", "data"), inactive=("x", *_HELD))
def solution_found(y, x, a, b, data, rows, columns, left=None, right=None):
    def jvp(b_dot, data_dot):
        return sparse_solution(a, b_dot, data, rows, columns, left, right) - sparse_solution(
            a, apply_entries(data_dot, y, rows, columns, len(y), left, right), data, rows, columns, left, right
        )

    def vjp(y_bar):
        lam = transposed_solution(a, y_bar, data, rows, columns, left, right)
        return np.reshape(lam, np.shape(b)), -entries_of(lam, y, rows, columns, left, right)

    return jvp, vjp


@rule(constant_solution_at, kind="sparse_solution", of=("b",), inactive=("x", "a"))
def constant_solution_found(y, x, a, b):
    def jvp(b_dot):
        return linalg.spsolve(a, b_dot)

    def vjp(y_bar):
        return np.reshape(linalg.spsolve(a.T, y_bar), np.shape(b))

    return jvp, vjp


@rule(
    factored_solution,
    kind="like_b",
    of=("b", "data"),
    inactive=("factors", "rows", "columns", "left", "right"),
    accepts={"trans": ("N", "T")},
)
def solution_by_factors(x, factors, b, trans, data, rows, columns, left=None, right=None):
    def jvp(b_dot, data_dot):
        return factored_solution(factors, b_dot, trans, data, rows, columns, left, right) - factored_solution(
            factors,
            apply_entries(data_dot, x, rows, columns, len(x), left, right)
            if trans == "N"
            else apply_transposed(data_dot, x, rows, columns, len(x), left, right),
            trans,
            data,
            rows,
            columns,
            left,
            right,
        )

    def vjp(x_bar):
        lam = factored_solution(factors, x_bar, "T" if trans == "N" else "N", data, rows, columns, left, right)
        return lam, -(
            entries_of(lam, x, rows, columns, left, right)
            if trans == "N"
            else entries_of(x, lam, rows, columns, left, right)
        )

    return jvp, vjp


@rule(sparse_array, kind="unknown", of=("data",), inactive=_HELD)
def as_array(y, a, data, rows, columns, left=None, right=None):
    def jvp(data_dot):
        return with_entries(data_dot, a, rows, columns, left, right)

    def vjp(y_bar):
        return at_entries(y_bar, rows, columns, left, right)

    return jvp, vjp


# -- what of those flows on: each is linear in each of two operands --


@rule(
    entries_of,
    kind="unknown",
    of=("u", "v"),
    inactive=("rows", "columns", "left", "right"),
    cases=(
        case(draw(3), draw(3), _ROWS, _COLUMNS),
        case(draw(3, 2), draw(3, 2), _ROWS, _COLUMNS),
        case(draw(2), draw(2), _ROWS, _COLUMNS, _LEFT, _RIGHT),
    ),
)
def entries(y, u, v, rows, columns, left=None, right=None):
    def jvp(u_dot, v_dot):
        return entries_of(u_dot, v, rows, columns, left, right) + entries_of(u, v_dot, rows, columns, left, right)

    def vjp(y_bar):
        return (
            apply_entries(y_bar, v, rows, columns, len(u), left, right),
            apply_transposed(y_bar, u, rows, columns, len(v), left, right),
        )

    return jvp, vjp


_APPLIED = (
    case(draw(5), draw(3), _ROWS, _COLUMNS, 3),
    case(draw(5), draw(3, 2), _ROWS, _COLUMNS, 3),
    case(draw(5), draw(2), _ROWS, _COLUMNS, 2, _LEFT, _RIGHT),
)


@rule(
    apply_entries,
    kind="unknown",
    of=("data", "x"),
    inactive=("rows", "columns", "size", "left", "right"),
    cases=_APPLIED,
)
def applied(y, data, x, rows, columns, size, left=None, right=None):
    def jvp(data_dot, x_dot):
        return apply_entries(data_dot, x, rows, columns, size, left, right) + apply_entries(
            data, x_dot, rows, columns, size, left, right
        )

    def vjp(y_bar):
        return (
            entries_of(y_bar, x, rows, columns, left, right),
            apply_transposed(data, y_bar, rows, columns, len(x), left, right),
        )

    return jvp, vjp


@rule(
    apply_transposed,
    kind="unknown",
    of=("data", "x"),
    inactive=("rows", "columns", "size", "left", "right"),
    cases=_APPLIED,
)
def applied_transposed(y, data, x, rows, columns, size, left=None, right=None):
    def jvp(data_dot, x_dot):
        return apply_transposed(data_dot, x, rows, columns, size, left, right) + apply_transposed(
            data, x_dot, rows, columns, size, left, right
        )

    def vjp(y_bar):
        return (
            entries_of(x, y_bar, rows, columns, left, right),
            apply_entries(data, y_bar, rows, columns, len(x), left, right),
        )

    return jvp, vjp


_GRID = np.array([[0.5, 1.0, -1.0], [2.0, 0.0, 1.5], [1.0, 3.0, 0.25]])


@linear(
    at_entries,
    kind="unknown",
    of=("a",),
    inactive=("rows", "columns", "left", "right"),
    cases=(case(draw(3, 3), _ROWS, _COLUMNS), case(draw(2, 2), _ROWS, _COLUMNS, _LEFT, _RIGHT)),
)
def read(y_bar, y, a, rows, columns, left=None, right=None):
    return with_entries(y_bar, a, rows, columns, left, right)


@linear(
    with_entries,
    kind="unknown",
    of=("data",),
    inactive=("a", "rows", "columns", "left", "right"),
    cases=(
        case(draw(5), _GRID, _ROWS, _COLUMNS),
        case(draw(5), _GRID[:2, :2], _ROWS, _COLUMNS, _LEFT, _RIGHT),
    ),
)
def put(y_bar, y, data, a, rows, columns, left=None, right=None):
    return at_entries(y_bar, rows, columns, left, right)
