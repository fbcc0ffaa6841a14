"""A sparse matrix of SciPy's in a program whose entries move: what it was made of is held beside it.

Read by the compiler (``specialize/sparse.py``) as if it were a class of the program's. The matrix is
``left @ C @ right``, where ``C`` has ``data[k]`` at ``rows[k], columns[k]``, and what does not move is left out.
What is not said here is asked of the matrix itself; a derivative that would have to flow through it is refused.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from tangent_like.runtime import (
    factored_solution,
    solution_at,
    sparse_array,
    sparse_product,
    sparse_solution,
    transposed_product,
)


@dataclass(frozen=True, eq=False)
class SparseMatrix:
    matrix: Any
    entries: Any
    rows: Any
    columns: Any
    left: Any
    right: Any
    on_left: bool = False
    on_right: bool = False
    __array_ufunc__ = None

    def with_matrix(self, matrix):
        return replace(self, matrix=matrix)

    def with_data(self, matrix, entries):
        return replace(self, matrix=matrix, entries=entries)

    # -- the same in another form --

    def tocsr(self, copy=False):
        return self.with_matrix(self.matrix.tocsr())

    def tocsc(self, copy=False):
        return self.with_matrix(self.matrix.tocsc())

    def tocoo(self, copy=False):
        return self.with_matrix(self.matrix.tocoo())

    def todia(self, copy=False):
        return self.with_matrix(self.matrix.todia())

    def asformat(self, format, copy=False):
        return self.with_matrix(self.matrix.asformat(format))

    def copy(self):
        return self.with_matrix(self.matrix.copy())

    @property
    def T(self):
        return self.transpose()

    def transpose(self, axes=None, copy=False):
        left = self.right.T if self.on_right else None
        right = self.left.T if self.on_left else None
        return SparseMatrix(
            self.matrix.T, self.entries, self.columns, self.rows, left, right, self.on_right, self.on_left
        )

    # -- sums and multiples --

    def __neg__(self):
        return self.negative(-self.matrix)

    def __truediv__(self, number):
        return self.with_data(self.matrix / number, self.entries / number)

    def scaled(self, number, matrix):
        return self.with_data(matrix, self.entries * number)

    def negative(self, matrix):
        return self.with_data(matrix, -self.entries)

    # -- products and solutions --

    def times(self, x):
        return sparse_product(self.matrix, x, self.entries, self.rows, self.columns, self.left, self.right)

    def behind(self, x):
        return transposed_product(
            self.matrix, x.T, self.entries, self.rows, self.columns, self.left, self.right
        ).T

    def dot(self, other):
        return self @ other

    def with_right(self, matrix, other):
        right = self.right @ other if self.on_right else other
        return replace(self, matrix=matrix, right=right, on_right=True)

    def with_left(self, matrix, other):
        left = other @ self.left if self.on_left else other
        return replace(self, matrix=matrix, left=left, on_left=True)

    def part_by_rows(self, matrix, left):
        return replace(self, matrix=matrix, left=left, on_left=True)

    def part_by_columns(self, matrix, right):
        return replace(self, matrix=matrix, right=right, on_right=True)

    def solution(self, b):
        return sparse_solution(self.matrix, b, self.entries, self.rows, self.columns, self.left, self.right)

    def found(self, x, b):
        return solution_at(x, self.matrix, b, self.entries, self.rows, self.columns, self.left, self.right)

    def by_factors(self, factors, b, trans="N"):
        return factored_solution(
            factors, b, trans, self.entries, self.rows, self.columns, self.left, self.right
        )

    def toarray(self):
        return sparse_array(self.matrix, self.entries, self.rows, self.columns, self.left, self.right)


def added(a, b, matrix):
    """The sum of two that move: all their entries side by side."""
    data = np.concatenate([a.entries, b.entries])
    if not (a.on_left or b.on_left or a.on_right or b.on_right):
        rows, columns = np.concatenate([a.rows, b.rows]), np.concatenate([a.columns, b.columns])
        return SparseMatrix(matrix, data, rows, columns, None, None)
    one, two = left_of(a), left_of(b)
    three, four = right_of(a), right_of(b)
    rows = np.concatenate([a.rows, b.rows + one.shape[1]])
    columns = np.concatenate([a.columns, b.columns + three.shape[0]])
    left, right = sparse.hstack([one, two], format="csr"), sparse.vstack([three, four], format="csr")
    return SparseMatrix(matrix, data, rows, columns, left, right, True, True)


def left_of(a):
    return a.left if a.on_left else sparse.identity(a.matrix.shape[0], format="csr")


def right_of(a):
    return a.right if a.on_right else sparse.identity(a.matrix.shape[1], format="csr")


def moved_by(a, matrix, down, along, shape):
    """The matrix as a block of a larger one, so many rows further down and columns further along."""
    if not (a.on_left or a.on_right):
        return SparseMatrix(matrix, a.entries, a.rows + down, a.columns + along, None, None)
    left = sparse.eye(shape[0], a.matrix.shape[0], k=-down, format="csr") @ left_of(a)
    right = right_of(a) @ sparse.eye(a.matrix.shape[1], shape[1], k=along, format="csr")
    return SparseMatrix(matrix, a.entries, a.rows, a.columns, left, right, True, True)


def outer_places(ends):
    """The row of each entry of a matrix by rows: as many as lie between the ends of each."""
    return np.repeat(np.arange(len(ends) - 1), np.diff(ends))


def along_diagonal(matrix, line):
    places = np.arange(len(line))
    return SparseMatrix(matrix, line, places, places, None, None)


def above_diagonal(matrix, line, step):
    places = np.arange(len(line))
    return SparseMatrix(matrix, line, places, places + step, None, None)


def below_diagonal(matrix, line, step):
    places = np.arange(len(line))
    return SparseMatrix(matrix, line, places + step, places, None, None)


def of_one_number(matrix, number, below, above):
    places = np.arange(min(matrix.shape[0] - below, matrix.shape[1] - above))
    return SparseMatrix(matrix, np.full(len(places), number), places + below, places + above, None, None)


def as_far_as_there(matrix, line, below, above):
    """Of a diagonal that is longer than there is room the first entries, and of one entry all."""
    count = min(matrix.shape[0] - below, matrix.shape[1] - above)
    places = np.arange(count)
    return SparseMatrix(
        matrix, np.broadcast_to(line[:count], (count,)), places + below, places + above, None, None
    )


def of_array(matrix, a):
    """Of all entries of an array: those that are 0 move, too."""
    m, n = np.shape(a)
    return SparseMatrix(matrix, np.ravel(a), np.repeat(np.arange(m), n), np.tile(np.arange(n), m), None, None)


def constant_times(matrix, number, product):
    entries = matrix.tocoo()
    return SparseMatrix(product, number * entries.data, entries.row, entries.col, None, None)


def constant_over(matrix, number, quotient):
    entries = matrix.tocoo()
    return SparseMatrix(quotient, entries.data / number, entries.row, entries.col, None, None)


def by_factors_of(held, factors, b, trans="N"):
    return held.by_factors(factors, b, trans)
