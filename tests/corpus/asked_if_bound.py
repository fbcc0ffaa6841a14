"""Functions written out in loops that read a name where they may not have bound it, and the name of a turn before."""

import math

import numpy as np

from case import Case, takes, vec


class Walk:
    def __init__(self, scale=1.0, most=3):
        self.scale = scale
        self.most = most

    def last(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return v * v

    def last_or_scale(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return v * v if n > 0 else self.scale

    def last_by_conditions(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        if n > 0 and v > 0.5:
            return v * 3.0
        elif n > 1 and v > -1.0:
            return v
        return x[0]

    def steps(self, x, n):
        s = 0.0
        for k in range(n):
            if k > 0:
                s = s + before * before
            before = x[k] * 2.0
        return s

    def total(self, x, n):
        for i in range(n):
            if i == 0:
                t = x[i]
            else:
                t += x[i]
        return t

    def root(self, u):
        for it in range(20):
            step = (u * u - 2.0) / (2.0 * u)
            u = u - step
            if abs(step) < 1e-10:
                break
        return u + step + it * 0.0

    def settled(self, u):
        while True:
            step = (u * u - 2.0) / (2.0 * u)
            u = u - step
            if abs(step) < 1e-10:
                break
        return u + step

    def turns(self, u):
        for _ in range(self.most):
            z = u * u
            u = z * 0.5 + 0.1
        return z

    def tried(self, x, n):
        i = 0
        while i < n:
            r = x[i]
            i += 1
        try:
            return r * math.sqrt(x[1] * x[1])
        except UnboundLocalError:
            return 0.5

    def weighted(self, x, n):
        for i in range(n):
            w = x[i]
        return sum([w * u for u in x])

    def first(self, x, n):
        for u in x[:n]:
            if u > 0.3:
                best = u
                break
        else:
            best = x[0] * 0.1
        return best * best


def down_to_no_turn(x):
    walk = Walk(2.0)
    s = 0.0
    for k in range(3, -1, -1):
        s += walk.last(x, k)
    return s


def anew_down_to_no_turn(x):
    s = 0.0
    for k in range(3):
        s += Walk(float(k)).last(x, 2 - k)
    return s


def or_something_else(x):
    walk = Walk(2.0)
    s = 0.0
    for k in range(4):
        s += walk.last_or_scale(x, k) + walk.last_by_conditions(x, k)
    return s


def of_the_turn_before(x):
    walk = Walk()
    s = 0.0
    for k in range(4):
        s += walk.steps(x, k)
    return s


def added_to_in_later_turns(x):
    walk = Walk()
    s = 0.0
    for k in range(1, 5):
        s += walk.total(x, k) * k
    return s


def caught_by_the_caller(x):
    walk = Walk()
    s = 0.0
    for k in range(3, -1, -1):
        try:
            s += walk.total(x, k) * walk.last(x, k)
        except UnboundLocalError:
            s += x[0] * x[1]
    return s


def caught_among_others(x):
    walk = Walk()
    s = 0.0
    for k in range(3, -1, -1):
        try:
            t = walk.total(x, k) * k
        except Exception:
            t = x[0] * x[1]
        s += t * t
    return s


def caught_inside(x):
    walk = Walk()
    s = 0.0
    for k in range(3, -1, -1):
        s += walk.tried(x, k) * (k + 1) + walk.first(x, k)
    return s


def caught_where_a_comprehension_asks(x):
    walk = Walk()
    s = 0.0
    for k in range(3, -1, -1):
        try:
            s += walk.weighted(x, k)
        except NameError:
            s += x[0] * x[1]
    return s


def surely_bound(x):
    walk = Walk()
    s = 0.0
    for u in x:
        s += walk.root(abs(u) + 0.5) * u + walk.settled(abs(u) + 1.0) * u + walk.turns(abs(u)) * u
    return s


def last_of(x, n):
    for i in range(n):
        v = x[i] * 2.0
    return v * v


def no_turn_in_the_second_call(x):
    s = last_of(x, 2)
    s += last_of(x, 0)
    return s


def before_in_its_own_loop(x):
    s = 0.0
    for k in range(len(x)):
        if k > 0:
            s = s + before * before * x[k]
        before = x[k] * 2.0
    return s


def nothing_is_no_false(x, n):
    s = 0.0
    for k in range(n):
        for i in range(k):
            hit = x[i] > 0.5
        if hit:
            s += x[0] * x[1]
        s += x[2] * s
    return s


def axis_of(x, k):
    for i in range(k):
        at = i
        x = np.sin(x)
    y = np.tanh(x)
    z = y[at] * np.sin(y)
    return np.sum(z * z)


def nothing_is_no_axis(x, n):
    s = 1.0
    for k in range(n, 3):
        s += axis_of(x, k) * axis_of(x * s, k)
    return s


def under_another_flag(x, k):
    on, s = False, 0.0
    for i in range(len(x)):
        if x[i] > k:
            on = True
            hit = i > 0
        if on or i == 2:
            if hit:
                s += x[i] ** 2
            else:
                s += x[i] ** 3
    return s


def under_its_own_flag(x, k):
    on, s = False, 0.0
    for i in range(len(x)):
        if on and (x[i] > 0.0 or not on):
            if hit:
                s += x[i] ** 2 * k
            else:
                s += x[i] ** 3
        if x[i] > k:
            on = True
            hit = i > 0
    return s


def where_a_flag_does_not_hold(x, k):
    on = x[0] > k
    if on:
        hit = x[1] > 0.0
    s = 0.0
    for i in range(len(x)):
        if not on:
            s += x[i] * x[0] if hit else x[i] ** 2
    return s


CASES = [
    Case(under_another_flag, takes(vec(4), 9.0), raises=UnboundLocalError),
    Case(under_another_flag, takes(vec(4), -9.0), name="under_another_flag_that_holds"),
    Case(under_its_own_flag, takes(vec(4), 9.0), name="under_its_own_flag_that_never_holds"),
    Case(under_its_own_flag, takes(vec(4), -9.0)),
    Case(where_a_flag_does_not_hold, takes(vec(4), 9.0), raises=UnboundLocalError),
    Case(where_a_flag_does_not_hold, takes(vec(4), -9.0), name="where_a_flag_holds"),
    Case(down_to_no_turn, takes(vec(4)), raises=UnboundLocalError),
    Case(anew_down_to_no_turn, takes(vec(4)), raises=UnboundLocalError),
    Case(caught_where_a_comprehension_asks, takes(vec(4))),
    Case(no_turn_in_the_second_call, takes(vec(4)), raises=UnboundLocalError),
    Case(nothing_is_no_false, takes(vec(4), 3), raises=UnboundLocalError),
    Case(nothing_is_no_axis, takes(vec(4), 0), raises=UnboundLocalError),
    Case(nothing_is_no_axis, takes(vec(4), 1), name="an_axis_in_turns"),
    *(
        Case(f, takes(vec(4)))
        for f in (
            or_something_else,
            of_the_turn_before,
            added_to_in_later_turns,
            caught_by_the_caller,
            caught_among_others,
            caught_inside,
            surely_bound,
            before_in_its_own_loop,
        )
    ),
]
