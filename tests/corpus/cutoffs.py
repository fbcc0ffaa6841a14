"""Branches that leave nothing to be added behind them: pairs beyond a cutoff, terms that are switched off."""

import math

import numpy as np

from case import Case, mat, num, takes, vec


def lennard_jones(x, cutoff):
    energy = 0.0
    for i in range(len(x)):
        for j in range(i):
            r2 = 0.0
            for k in range(x.shape[1]):
                d = x[i, k] - x[j, k]
                r2 += d * d
            if r2 < cutoff * cutoff:
                s = 1.0 / (r2 * r2 * r2 + 0.1)
                energy += 4.0 * (s * s - s)
    return energy


def beyond_is_first(x, cutoff):
    energy = 0.0
    for i in range(len(x)):
        for j in range(i):
            r2 = np.sum((x[i] - x[j]) ** 2)
            if r2 > cutoff:
                continue
            energy += (cutoff - r2) ** 2 * x[i, 0]
    return energy


def two_that_are_switched(x, w, limit):
    total = 0.0
    for i in range(len(x)):
        a = x[i] * w[i]
        b = x[i] + w[i] * a
        if a > limit:
            total += a * a * b
        total += b
    return total


def read_behind(x, limit):
    total = 0.0
    y = 1.0
    for i in range(len(x)):
        z = x[i] * y
        if z > limit:
            total += z * z
        y = x[i] + 0.3 * y
    return total * y


def in_a_chain(x, limit):
    total = 0.0
    for i in range(len(x)):
        a = x[i] * x[i]
        b = a * 1.5 + x[i]
        c = b * a
        if c > limit:
            total += np.exp(-c)
        elif c > 0.5 * limit:
            total += c
    return total


def truncated(v, z, kappa, xi):
    """Where the variance is below 0 the root of what is left of it, 0, has an infinite slope, and nothing moves."""
    for i in range(len(z)):
        vp = np.maximum(v, 0.0)
        v = v + kappa * (0.3 - vp) * 0.1 + xi * np.sqrt(vp * 0.1) * z[i]
    return np.sum(v)


def angles(u, w):
    total = np.sum(np.arccos(np.clip(u * w, -1, 1)) * u)
    for a in u:
        total += math.asin(max(-1.0, min(1.0, 1.5 * a)))
        d = a if a > 0 else 0.0
        total += math.sqrt(d) + max(w[0], 0) ** 0.75
    return total


CASES = [
    Case(truncated, takes(np.array([0.3, -0.2, 0.04]), np.array([0.4, -3.0, 2.0]), num(0.5, 1), num(0.4, 0.8)), wrt=(0, 1)),
    Case(angles, takes(np.array([0.9, -0.4, -1.6]), np.array([-1.3, 0.8, 1.7])), wrt=(0, 1)),
    Case(lennard_jones, takes(mat(4, 3, -1, 1), num(1.2, 1.6)), wrt=(0,)),
    Case(beyond_is_first, takes(mat(4, 2, -1, 1), num(0.8, 1.5)), wrt=(0, 1)),
    Case(two_that_are_switched, takes(vec(5), vec(5), 0.1), wrt=(0, 1)),
    Case(read_behind, takes(vec(5), 0.1)),
    Case(in_a_chain, takes(np.array([0.5, 0.9, 0.2, -0.4]), 0.3)),
]


def near_pairs(x, k, cutoff):
    energy = 0.0
    for i in range(len(x)):
        for j in range(i):
            d = x[i] - x[j]
            r2 = d @ d
            if r2 < cutoff:
                s = (k / (r2 + 0.5)) ** 2
                energy += s * s - s
            else:
                s = k * r2
                energy -= s * s
    return energy


def kept_in_one_arm_of_three(x, k):
    total = 0.0
    for i in range(len(x)):
        y = x[i] * k
        if y > 1.0:
            e = np.exp(-y)
            total += e * e * y
        elif y < -1.0:
            e = np.sin(y)
            total += e * e
        total += y * y
    return total


def asked_before_it_changes(x, k):
    total = 0.0
    for i in range(len(x)):
        y = x[i]
        if y > 0.0:
            e = np.exp(-y)
            total += e * e * k
        y = y * k - 1.0
        total += y * y
    return total


def read_behind_the_branch(x, k):
    total = 0.0
    e = 1.0
    for i in range(len(x)):
        if x[i] > 0.0:
            e = math.exp(-k * x[i])
            total += e * e
        total += e * x[i]
    return total


def written_on_the_way(x, k):
    y = x * k
    total = 0.0
    for i in range(len(x)):
        if y[i] > 0.0:
            e = np.exp(-y[i])
            total += e * e * k
            y[i] = e
    return total + np.sum(y * x)


CASES += [
    Case(near_pairs, takes(mat(4, 2, -1, 1), num(), num(0.8, 1.5)), wrt=(0, 1), seeds=2),
    Case(kept_in_one_arm_of_three, takes(vec(6, -3.0, 3.0), num(1.0, 1.5)), wrt=(0, 1), seeds=2),
    Case(asked_before_it_changes, takes(vec(5, -2.0, 2.0), num()), wrt=(0, 1), seeds=2),
    Case(read_behind_the_branch, takes(vec(5, -2.0, 2.0), num()), wrt=(0, 1), seeds=2),
    Case(written_on_the_way, takes(vec(5, -2.0, 2.0), num()), wrt=(0, 1), seeds=2),
]


def begun_anew_by_the_loop_around(x, n):
    # an inner turn reads the one before it, an outer one does not
    total = 0.0
    for i in range(len(x)):
        before = x[i]
        for k in range(n):
            q = x[i] * math.sin(k + 1)
            d = q - before
            total += d * d * d
            before = q
    return total


def steps_along_curves(P, n):
    total = 0.0
    for i in range(1, len(P) - 1):
        before = P[i]
        for k in range(1, n + 1):
            t = k / n
            q = P[i] * (1.0 - t) + P[i + 1] * t * t + P[i - 1] * t * (1.0 - t)
            d = q - before
            total += np.sqrt(d @ d + 0.01)
            before = q
    return total


CASES += [
    Case(begun_anew_by_the_loop_around, takes(vec(3), 3), seeds=1),
    Case(steps_along_curves, takes(mat(4, 2), 3), seeds=1),
]
