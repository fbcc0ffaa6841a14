"""``scipy.linalg.qr`` as it is called without a mode: the whole factor, of which most programs read a part."""

import numpy as np
from scipy.linalg import qr

from case import Case, listed, mat

CASES: list[Case] = []
case = listed(CASES)


@case(mat(4, 3))
def triangle_of_a_tall_matrix(A):
    _, r = qr(A)
    return np.sum(np.abs(r))


@case(mat(4, 3))
def leading_columns_of_the_factor(A):
    q, r = qr(A)
    return np.sum(q[:, :3] ** 3) + np.sum(r)


@case(mat(3, 4))
def factors_of_a_wide_matrix(A):
    q, r = qr(A)
    return np.sum(q**3) + np.sum(r**2)


@case(mat(2, 2))
def square_root_update(P):
    whole = qr(np.hstack([np.array([[1.0, 0.1], [0.0, 1.0]]) @ P, 0.3 * np.eye(2)]).T)[1]
    return np.sum(whole[:2, :2].T ** 2)
