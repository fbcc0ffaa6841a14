"""Whole numbers that are stepped in loops: the way back steps them back, and keeps none of them."""

import math

import numpy as np

from case import Case, listed, mat, num, takes, vec, whole

CASES: list[Case] = []
case = listed(CASES)


@case(vec(5), vec(4), wrt=(0, 1), seeds=6)
def from_both_ends(x, v):
    i = 0
    j = len(x) - 1
    s = 0.0
    while i < j:
        s += x[i] * x[j] * v[i % 4]
        if x[i] < x[j]:
            i += 1
        else:
            j -= 1
    return s * s


@case(vec(5), vec(4), wrt=(0, 1), seeds=6)
def sorted_by_insertion(x, v):
    a = x.copy()
    for i in range(1, len(a)):
        key = a[i]
        j = i - 1
        while j >= 0 and a[j] > key:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = key
    s = 0.0
    for i in range(4):
        s += v[i] * a[i] * a[i]
    return s


@case(vec(5), vec(4), wrt=(0, 1))
def stepped_around_a_break(x, v):
    k = 0
    s = 1.0
    for t in range(10):
        k += 1
        s = s * math.sin(x[k % 5] + s)
        if k > 3:
            break
        k = k + 1
        s = s + v[k % 4] * s
    return s * x[k % 5]


@case(vec(5), vec(4), wrt=(0, 1), seeds=6)
def merged_in_order(x, v):
    out = np.zeros(9)
    i = 0
    j = 0
    k = 0
    a = np.sort(x)
    b = np.sort(v)
    while i < 5 and j < 4:
        if a[i] <= b[j]:
            out[k] = a[i]
            i += 1
        else:
            out[k] = b[j]
            j += 1
        k += 1
    while i < 5:
        out[k] = a[i]
        i += 1
        k += 1
    while j < 4:
        out[k] = b[j]
        j += 1
        k += 1
    s = 0.0
    for q in range(9):
        s += (q + 1) * out[q] ** 2
    return s


@case(vec(5), whole(0, 4))
def target_of_a_loop_stepped(x, n):
    s = 1.0
    for i in range(n):
        s = s * x[i]
        i += 1
        s = s + x[i] * s * s
    return s


@case(vec(5), num(), wrt=(0, 1))
def stepped_round_a_ring(x, a):
    k = 0
    s = a
    for t in range(7):
        s = s * x[k] + math.sin(s)
        k += 2
        if k >= 5:
            k -= 5
        s = s - x[k] * s * 0.3
    return s


@case(vec(5), num(), wrt=(0, 1))
def stepped_and_set_back(x, a):
    k = 0
    s = a
    for t in range(9):
        s = s * x[k] + 0.1 * math.sin(s)
        k = k + 1
        if k == 5:
            k = 0
    return s


@case(mat(4, 4), num(), wrt=(0, 1))
def stepped_through_turns_of_turns(A, a):
    k = 0
    s = a
    for i in range(4):
        for j in range(i):
            s = s + A[i, j] * math.cos(s * (k + 1))
            k += 1
        s = s * (1 + 0.01 * k)
    return s * k


@case(vec(5), num(), wrt=(0, 1))
def looked_for_by_a_helper(x, a):
    def find(y, lo):
        k = lo
        while k < len(x) - 1 and x[k] < y:
            k += 1
        return k
    s = a
    for i in range(4):
        k = find(x[i], 0)
        s = s * x[k] + x[i]
    return s


@case(vec(5), num(), wrt=(0, 1), seeds=6)
def stepped_before_a_continue(x, a):
    s = a
    k = -1
    while k < 3:
        k += 1
        if x[k] > 0.8:
            continue
        s = s * x[k] + math.exp(-s)
    return s


@case(vec(5), num(), wrt=(0, 1))
def stepped_there_and_back(x, a):
    ys = []
    k = 0
    while k < 5:
        ys.append(x[k] * a)
        k += 2
    s = 0.0
    while k > 0:
        k -= 2
        s = s + math.sin(s + ys[k // 2]) * x[max(k, 0)]
    return s


@case(vec(5), num(), wrt=(0, 1))
def stepped_twice_in_a_turn(x, a):
    i = 0
    s = a
    while i < 4:
        s = s * x[i]
        i += 1
        i -= 1
        i += 1
        s = s * x[i] + s
    return s


def exchanged_and_overwritten(a, b, n):
    for _ in range(n):
        b, a = a, b
        b = math.cos(a) * b
    return b + a


def exchanged_then_one_lost(a, b):
    k = 0
    while k < 3:
        b, a = a, b
        unused, b = math.sin(0.25 * b), math.cos(a)
        k += 1
    return b


def three_in_turn(a, b, c, n):
    for k in range(n):
        a, b, c = b, c, a
        if k % 2 == 0:
            c = math.sin(a) * b
        else:
            a = math.cos(c) + b
    return a * b + c


CASES += [
    Case(exchanged_and_overwritten, takes(num(), num(), whole(0, 4)), wrt=(0, 1)),
    Case(exchanged_then_one_lost, takes(num(), num()), wrt=(0, 1)),
    Case(three_in_turn, takes(num(), num(), num(), whole(3, 5)), wrt=(0, 1, 2)),
]
