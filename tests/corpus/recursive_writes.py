"""Functions that call themselves, or one another, and write their arguments; helpers that are lent buffers."""

import numpy as np

from case import Case, mat, takes, vec


def smooth(u, n):
    if n == 0:
        return
    for i in range(1, len(u) - 1):
        u[i] = 0.5 * u[i] * u[i] + 0.25 * (u[i - 1] + u[i + 1])
    smooth(u, n - 1)


def smoothed(u, n):
    if n == 0:
        return u
    u[1:-1] = 0.5 * u[1:-1] * u[1:-1] + 0.25 * (u[:-2] + u[2:])
    return smoothed(u, n - 1)


def haar(u, n):
    if n == 1:
        return
    h = n // 2
    s = u[:n:2] + u[1:n:2]
    d = u[:n:2] - u[1:n:2]
    u[:h] = s / 2
    u[h:n] = d / 2
    haar(u, h)


def quicksort(u, low, high):
    if low >= high:
        return
    pivot = u[high]
    i = low
    for j in range(low, high):
        if u[j] < pivot:
            u[i], u[j] = u[j], u[i]
            i += 1
    u[i], u[high] = u[high], u[i]
    quicksort(u, low, i - 1)
    quicksort(u, i + 1, high)


def mergesort(u, buffer, low, high):
    if high - low <= 1:
        return
    middle = (low + high) // 2
    mergesort(u, buffer, low, middle)
    mergesort(u, buffer, middle, high)
    i, j = low, middle
    for k in range(low, high):
        if j >= high or (i < middle and u[i] <= u[j]):
            buffer[k] = u[i]
            i += 1
        else:
            buffer[k] = u[j]
            j += 1
    u[low:high] = buffer[low:high]


def even(u, n):
    if n == 0:
        return
    u[n] = u[n] * u[n - 1]
    odd(u, n - 1)


def odd(u, n):
    if n == 0:
        return
    u[n] += u[n - 1] ** 2
    even(u, n - 1)


def butterflies(u):
    n = len(u)
    if n <= 1:
        return
    evens, odds = u[::2], u[1::2]
    butterflies(evens)
    butterflies(odds)
    t = odds.copy()
    odds[:] = evens[: n // 2] - t * t
    evens[: n // 2] += t


def halves(u):
    n = len(u)
    if n <= 1:
        return
    halves(u[: n // 2])
    halves(u[n // 2 :])
    t = u[n // 2 :].copy()
    u[n // 2 :] = u[: n // 2] - t * t
    u[: n // 2] += t


def to_and_fro(a, b, n):
    if n == 0:
        return a[0] * b[0]
    a[n] = b[n - 1] * a[n - 1]
    b[n] = a[n] + b[n]
    return to_and_fro(b, a, n - 1) + a[n]


def fill(grid, i, j, v):
    if i < 0 or j < 0 or i >= grid.shape[0] or j >= grid.shape[1]:
        return
    if grid[i, j] > 2.5:
        return
    grid[i, j] = 3.0 + v * grid[i, j]
    fill(grid, i + 1, j, v)
    fill(grid, i, j + 1, v * 0.5)


def factorize(M):
    if len(M) == 1:
        return
    M[1:, 0] /= M[0, 0]
    M[1:, 1:] -= np.outer(M[1:, 0], M[0, 1:])
    factorize(M[1:, 1:])


def factorized(M, k=0):
    if k == len(M):
        return M
    M[k + 1 :, k] /= M[k, k]
    M[k + 1 :, k + 1 :] -= np.outer(M[k + 1 :, k], M[k, k + 1 :])
    return factorized(M, k + 1)


def orders(u, k, out):
    if k == len(u):
        out[0] += u[0] * u[1] ** 2
        return
    for i in range(k, len(u)):
        u[k], u[i] = u[i], u[k]
        orders(u, k + 1, out)
        u[k], u[i] = u[i], u[k]


def cycle(u, f, level):
    for _ in range(2):
        u[1:-1] = 0.5 * (u[:-2] + u[2:] + f[1:-1])
    if level > 0:
        r = f.copy()
        r[1:-1] = f[1:-1] - (2 * u[1:-1] - u[:-2] - u[2:])
        rough = r[::2].copy()
        found = np.zeros(len(rough))
        cycle(found, rough, level - 1)
        u[::2] += found
    return u


def through_a_buffer(u, buffer):
    buffer[:] = u * u
    u[:] = buffer * 2.0


def smoothed_in_place(x):
    y = x * x
    smooth(y, 3)
    return np.sum(y * y)


def smoothed_and_returned(x):
    y = x * x
    z = smoothed(y, 3)
    return np.sum(z * y) + np.sum(smoothed(x * x, 2) * x)


def wavelet(x):
    y = np.concatenate([x, x[:3]])
    haar(y, 8)
    return np.sum(y**3)


def sorted_quickly(x):
    y = x.copy()
    quicksort(y, 0, len(y) - 1)
    return np.sum(y * y * np.arange(5.0))


def sorted_by_merging(x):
    y = x * 1.0
    mergesort(y, np.zeros(len(x)), 0, len(x))
    return np.sum(y * y * np.arange(5.0))


def one_calls_the_other(x):
    y = x * 1.0
    even(y, 4)
    odd(y, 3)
    return np.sum(y * y)


def views_of_views(x):
    y = np.concatenate([x, x[:3]])
    butterflies(y)
    z = np.concatenate([x[:3], x])
    halves(z)
    return np.sum(y**3) + np.sum(z * z)


def two_arrays_in_turns(x):
    a = x * 1.0
    b = x[::-1] * 2.0
    r = to_and_fro(a, b, 3)
    return r + np.sum(a * b)


def one_array_as_both(x):
    a = x * 1.0
    return to_and_fro(a, a, 3) + np.sum(a)


def filled_from_a_corner(A):
    grid = A * 0.9
    fill(grid, 0, 0, A[0, 1])
    return np.sum(grid * grid)


def factors(A):
    M = A @ A.T + 3 * np.eye(3)
    factorize(M)
    N = factorized(A @ A.T + 3 * np.eye(3))
    return np.sum(M * M) + np.sum(N**3)


def sum_over_orders(x):
    u = x[:3] * 1.0
    out = np.zeros(1)
    orders(u, 0, out)
    return out[0]


def multigrid(x):
    f = np.concatenate([x, x[:4]])
    u = cycle(np.zeros(9), f, 2)
    return np.sum(u * u)


def a_buffer_lent(x):
    y = x * 1.0
    through_a_buffer(y, np.zeros(5))
    buffer = np.empty(5)
    through_a_buffer(y, buffer)
    return np.sum(y)


def halved(k, x):
    if k == 0:
        return x * x
    return raised(k - 1, x) * 0.5


def raised(k, x):
    if k <= 0:
        return x[0] * 1.0
    return halved(k - 1, x) + 2.0


def one_asked_ahead_of_the_other(x):
    s = np.sum(halved(4, x) ** 2)
    t = raised(5, x)
    return t @ t * s


def one_shared_and_written(x):
    s = np.sum(halved(4, x) ** 2)
    t = raised(5, x)
    u = t
    t *= 2.0
    return np.sum(t * u) * s


CASES = [
    Case(one_asked_ahead_of_the_other, takes(vec(3))),
    Case(one_shared_and_written, takes(vec(3)), expect="refused"),
    *(
        Case(program, takes(vec(5)))
        for program in (
            smoothed_in_place,
            smoothed_and_returned,
            wavelet,
            sorted_quickly,
            sorted_by_merging,
            one_calls_the_other,
            views_of_views,
            two_arrays_in_turns,
            one_array_as_both,
            sum_over_orders,
            multigrid,
            a_buffer_lent,
        )
    ),
    Case(filled_from_a_corner, takes(mat(3, 3))),
    Case(factors, takes(mat(3, 3))),
]
