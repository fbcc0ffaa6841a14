"""What helpers return, in all its forms: tuples of one and of several, lists, through names and other helpers."""

import numpy as np

from case import Case, mat, num, takes, vec


def single(u):
    return (u * 2.0,)


def single_by_name(u):
    found = (u * 2.0,)
    return found


def single_early(u, n):
    if n > 2:
        return (u * n,)
    return (u * u,)


def single_again(u, n):
    if n == 0:
        return (u,)
    (v,) = single_again(u * u, n - 1)
    return (v + u,)


def pair(u):
    return u * 2.0, u * u


def pair_by_name(u):
    both = (u * 2.0, u * u)
    return both


def pair_through(u):
    return pair(u * u)


def pair_or_other(u, n):
    return (u, u * 2.0) if n > 2 else (u * u, u)


def nothing(u):
    return ()


def listed(u):
    return [u * 2.0, u * u]


def listed_by_name(u):
    found = []
    found.append(u * 2.0)
    found.append(u * u)
    return found


def listed_in_place(u):
    found = [0.0] * 2
    found[0] = u * 2.0
    found[1] = u * u
    return found


def a_tuple_of_one(x):
    (y,) = single(x)
    q = single_by_name(x)
    (r,) = single_early(x, 3)
    (s,) = single_early(x, 1)
    (t,) = single_again(x, 3)
    return np.sum(y * q[0] + r * s + t)


def a_tuple_of_one_in_turns(x):
    total = 0.0
    for v in x:
        (y,) = single(v)
        (z,) = single_by_name(v)
        total += y * z
    return total


def a_tuple_of_none(x):
    return np.sum(x * x) * (1 + len(nothing(x)))


def tuples_added(x):
    y, z, w = pair(x) + single(x)
    return np.sum(y * z * w)


def a_tuple_by_name(x):
    q = pair_by_name(x)
    y, z = pair_by_name(x * q[0])
    return np.sum(q[1] * y * z)


def a_tuple_of_a_helper_of_a_helper(x):
    y, z = pair_through(x)
    return np.sum(y * z) + np.sum(pair_through(x)[1])


def a_tuple_spread_out(x):
    return np.dot(*pair_through(x)) + np.sum(np.stack(pair(x)))


def a_tuple_gone_through(x):
    total = 0.0
    for part in pair_through(x):
        total += np.sum(part * part)
    return total + sum(np.sum(v) for v in pair(x)) + max(pair(x[0]))


def a_tuple_summed(x):
    return sum(pair_by_name(np.sum(x))) + sum(pair(x[1]))


def a_choice_of_tuples(x):
    y, z = pair_or_other(x, len(x))
    return np.sum(y * z)


def a_list_of_tuples(x):
    return sum(a * b for a, b in [pair(v) for v in x])


def a_list_unpacked(x):
    y, z = listed(x)
    p, q = listed_by_name(x)
    first, *rest = listed_in_place(x)
    return np.sum(y * z + p * q + first * rest[0])


def a_list_unpacked_in_turns(x):
    total = 0.0
    k = 0
    while k < 3:
        y, z = listed_in_place(x[k])
        total = total + y * z
        k += 1
    return total


def lists_and_tuples_gone_through(x):
    total = 0.0
    for y, z in [listed(x), listed_by_name(x), pair(x)]:
        total += np.sum(y * z)
    return total


def arrays_of_what_helpers_return(x):
    return np.array(listed(x[0])) @ np.array(pair(x[1]))


PROGRAMS = [
    a_tuple_of_one,
    a_tuple_of_one_in_turns,
    a_tuple_of_none,
    tuples_added,
    a_tuple_by_name,
    a_tuple_of_a_helper_of_a_helper,
    a_tuple_spread_out,
    a_tuple_gone_through,
    a_tuple_summed,
    a_choice_of_tuples,
    a_list_of_tuples,
    a_list_unpacked,
    a_list_unpacked_in_turns,
    lists_and_tuples_gone_through,
    arrays_of_what_helpers_return,
]


CASES = [Case(program, takes(vec(5))) for program in PROGRAMS]


def loss_and_slope(x, k):
    e = np.exp(x - np.max(x))
    p = e / np.sum(e)
    slope = p.copy()
    slope[k] -= 1.0
    return -np.log(p[k]), slope


def rectified(x):
    out = np.maximum(x, 0.1 * x)
    cache = x
    return out, cache


def second_result_dropped(x):
    loss, _ = loss_and_slope(np.tanh(x), 1)
    return loss


def first_result_dropped(x):
    _, slope = loss_and_slope(np.tanh(x), 1)
    return np.sum(slope * x)


def each_result_where_it_is_wanted(x):
    loss, _ = loss_and_slope(x * x, 0)
    _, slope = loss_and_slope(np.sin(x), 2)
    other, both = loss_and_slope(x * 0.5, 1)
    return loss * np.sum(slope**2) + other * both[0]


def caches_of_layers(x, A):
    caches = []
    for _ in range(3):
        x, cache = rectified(A @ x)
        caches.append(cache)
    return np.sum(x * x) + len(caches)


def underscore_that_is_read(x):
    loss, _ = loss_and_slope(np.tanh(x), 1)
    return loss * np.sum(_ * _)


def last_cache_read(x, A):
    for _ in range(2):
        x, cache = rectified(A @ x)
    return np.sum(x * cache)


CASES += [
    Case(second_result_dropped, takes(vec(3))),
    Case(first_result_dropped, takes(vec(3))),
    Case(each_result_where_it_is_wanted, takes(vec(3))),
    Case(caches_of_layers, takes(vec(3), mat(3, 3)), wrt=(0, 1)),
    Case(underscore_that_is_read, takes(vec(3))),
    Case(last_cache_read, takes(vec(3), mat(3, 3)), wrt=(0, 1)),
]


def fee_until_a_level_is_passed(s, growth, level):
    paid = 0.0
    for g in growth:
        s = s * (1 + g)
        paid += 0.1 * s
        if s > level:
            return paid + (s - level)
    return paid


def gradients_added_where_they_are_returned(X, Y, g):
    near = np.exp(-g * np.sum((X[:, None] - X[None]) ** 2, axis=-1))
    far = np.exp(-g * np.sum((X[:, None] - Y[None]) ** 2, axis=-1))
    return np.mean(near) - 2 * np.mean(far)


CASES += [
    Case(fee_until_a_level_is_passed, takes(num(0.8, 1.2), vec(5, 0.0, 0.3), num(1.2, 3.5)), wrt=(0, 1, 2), seeds=6),
    Case(gradients_added_where_they_are_returned, takes(mat(3, 2), mat(4, 2), num(0.4, 0.9)), wrt=(0, 1, 2)),
]
