"""einsum, tensordot, kron, cross, convolutions: sums of products over named axes."""

import numpy as np

from case import Case, array, mat, num, takes, vec, whole


def attention(Q, K, V):
    s = np.einsum("id,jd->ij", Q, K) / np.sqrt(Q.shape[1])
    w = np.exp(s - np.max(s, axis=1, keepdims=True))
    w = w / np.sum(w, axis=1, keepdims=True)
    return np.sum(np.einsum("ij,jd->id", w, V) ** 2)


def bilinear(x, A, y):
    return np.einsum("i,ij,j->", x, A, y)


def implicit(A, B):
    return np.sum(np.einsum("ij,jk", A, B) ** 2)


def implicit_sorted(A):
    return np.sum(np.einsum("ba", A) * np.arange(6.0).reshape(3, 2))


def trace(A):
    return np.einsum("ii", A) ** 2


def diagonal(A):
    return np.sum(np.einsum("ii->i", A) ** 3)


def diagonal_written(A):
    B = A * 2.0
    d = np.einsum("ii->i", B)
    d[0] = 5.0
    return np.sum(B * B)


def transposed_written(A):
    B = np.einsum("ij->ji", A)
    B[0] = 2 * B[1]
    return np.sum(A * A) + np.sum(B)


def product_written(A, x):
    y = np.einsum("ij,j->i", A, x)
    y[0] = 3 * y[1]
    return np.sum(y * y)


def repeated_across(A, B):
    return np.sum(np.einsum("ii,ij->ij", A, B) ** 2)


def summed_alone(A, x):
    return np.einsum("ij,k->k", A, x) @ x


def ellipsis(A, B):
    return np.sum(np.einsum("...ij,...jk->...ik", A, B) ** 2)


def ellipsis_broadcast(A, B):
    return np.sum(np.einsum("...i,...i->...", A, B) ** 2)


def same_operand(x):
    return np.sum(np.einsum("i,j->ij", x, x) ** 2)


def same_operand_thrice(x):
    return np.einsum("i,i,i->", x, x, x)


def optimized(A, B, C):
    return np.sum(np.einsum("ij,jk,kl->il", A, B, C, optimize=True) ** 2)


def subscripts_in_name(A, x):
    s = "ij,j->i"
    return np.sum(np.einsum(s, A, x) ** 2)


def scalar_operand(a, x):
    return np.sum(np.einsum(",i->i", a, x) ** 2)


def broadcast_of_one(A, B):
    return np.sum(np.einsum("ij,ij->ij", A, B) ** 2)


def einsum_in_loop(A, x, n):
    for _ in range(n):
        x = np.tanh(np.einsum("ij,j->i", A, x))
    return np.sum(x)


def lists_of_axes(A, x):
    return np.sum(np.einsum(A, [0, 1], x, [1]))


def tensordot_of_one(A, B):
    return np.sum(np.tensordot(A, B, 1) ** 2)


def tensordot_of_lists(A, B):
    return np.sum(np.tensordot(A, B, axes=([0, 1], [1, 0])) ** 2)


def tensordot_of_all(A, B):
    return np.tensordot(A, B) ** 2


def tensordot_outer(x, y):
    return np.sum(np.tensordot(x, y, axes=0) ** 3)


def kronecker(A, B):
    return np.sum(np.kron(A, B) ** 2 * 0.5) + np.sum(np.kron(B, np.eye(2)))


def torque(r, F):
    return np.sum(np.cross(r, F) ** 2)


def torques(r, F, w):
    return np.sum(np.cross(np.cross(w, r), F)[:, 2] * r[:, 0])


def cross_of_plane(a, b):
    return np.cross(a, b)


def smoothed(x, k):
    return np.sum(np.convolve(x, k, "same") ** 2) + np.sum(np.convolve(x, k) ** 3)


def valid(x, k):
    return np.sum(np.convolve(x, k, mode="valid") ** 2)


def valid_twice(x, k):
    y = np.convolve(x, k, "valid")
    return np.sum(np.convolve(k, y, "valid") ** 3) + y[0]


def valid_beside(x, k, t):
    return np.sum((np.convolve(x, k, "valid") - t) ** 2)


def autocorrelation(x):
    return np.sum(np.correlate(x, x, "full") ** 2)


def matched(x, k):
    return np.max(np.correlate(x, k)) + np.sum(np.correlate(x, k, "same") ** 2)


def moving_average(x, n):
    return np.sum(np.convolve(x, np.ones(n) / n, "valid") ** 2)


CASES = [
    Case(valid_twice, takes(vec(8), vec(3)), wrt=(0, 1)),
    Case(valid_twice, takes(vec(3), vec(7)), wrt=(0, 1), name="valid of the shorter with the longer"),
    Case(valid_beside, takes(vec(8), vec(3), vec(6)), wrt=(0, 1, 2)),
    Case(valid_beside, takes(vec(4), vec(4), vec(3)), wrt=(0, 1, 2), name="valid of as many"),
    Case(attention, takes(mat(4, 3), mat(5, 3), mat(5, 2)), wrt=(0, 1, 2)),
    Case(bilinear, takes(vec("m"), mat("m", "n"), vec("n")), wrt=(0, 1, 2)),
    Case(implicit, takes(mat(2, 3), mat(3, 4)), wrt=(0, 1)),
    Case(implicit_sorted, takes(mat(2, 3))),
    Case(trace, takes(mat(3, 3))),
    Case(diagonal, takes(mat(3, 3))),
    Case(diagonal_written, takes(mat(3, 3)), expect="either"),
    Case(transposed_written, takes(mat(3, 3)), expect="either"),
    Case(product_written, takes(mat(3, 2), vec(2)), wrt=(0, 1)),
    Case(repeated_across, takes(mat(3, 3), mat(3, 2)), wrt=(0, 1)),
    Case(summed_alone, takes(mat(2, 3), vec(4)), wrt=(0, 1)),
    Case(ellipsis, takes(array(5, 2, 3), mat(3, 4)), wrt=(0, 1)),
    Case(ellipsis, takes(mat(2, 3), array(5, 3, 4)), wrt=(0, 1), name="ellipsis_on_the_right"),
    Case(ellipsis_broadcast, takes(array(4, 1, 3), array(5, 3)), wrt=(0, 1)),
    Case(same_operand, takes(vec())),
    Case(same_operand_thrice, takes(vec())),
    Case(optimized, takes(mat(2, 3), mat(3, 4), mat(4, 2)), wrt=(0, 1, 2)),
    Case(subscripts_in_name, takes(mat(2, 3), vec(3)), wrt=(0, 1)),
    Case(scalar_operand, takes(num(), vec()), wrt=(0, 1)),
    Case(broadcast_of_one, takes(mat(1, 3), mat(2, 3)), wrt=(0, 1)),
    Case(einsum_in_loop, takes(mat(3, 3), vec(3), whole(0, 3)), wrt=(0, 1), seeds=4),
    Case(lists_of_axes, takes(mat(2, 3), vec(3)), wrt=(0, 1)),
    Case(tensordot_of_one, takes(mat(2, 3), array(3, 4, 2)), wrt=(0, 1)),
    Case(tensordot_of_lists, takes(array(2, 3, 4), array(3, 2, 5)), wrt=(0, 1)),
    Case(tensordot_of_all, takes(mat(2, 3), mat(2, 3)), wrt=(0, 1)),
    Case(tensordot_outer, takes(vec(2), mat(2, 3)), wrt=(0, 1)),
    Case(kronecker, takes(mat(2, 3), mat(2, 2)), wrt=(0, 1)),
    Case(torque, takes(vec(3), vec(3)), wrt=(0, 1)),
    Case(torques, takes(mat(4, 3), mat(4, 3), vec(3)), wrt=(0, 1, 2)),
    Case(smoothed, takes(vec(7), vec(3)), wrt=(0, 1)),
    Case(smoothed, takes(vec(3), vec(6)), wrt=(0, 1), name="smoothed_by_a_longer"),
    Case(valid, takes(vec(7), vec(3)), wrt=(0, 1)),
    Case(autocorrelation, takes(vec())),
    Case(matched, takes(vec(7), vec(3)), wrt=(0, 1)),
    Case(moving_average, takes(vec(7), whole(2, 4))),
]
