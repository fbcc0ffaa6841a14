"""Arrays and lists that the module has, or a cached function keeps: read by other names, and never written."""

from functools import cache, lru_cache
from math import comb

import numpy as np

from case import Case, listed, vec

CASES: list[Case] = []
case = listed(CASES)
three = vec(3, 0.3, 1.3)

TABLE = np.array([1.0, 2.0, 3.0])
FIRST = [1.0, 2.0]
GROWN = [1.0, 2.0]
WRITTEN = np.array([1.0, 2.0, 3.0])
LAYERS = [np.ones(3), np.zeros(3)]
SCALED = [np.ones(3), np.zeros(3)]
CONFIG = {"w": np.array([1.0, 2.0]), "steps": 3}
NOTES = {"calls": 0}


class Held:
    scale = np.ones(3)

    def scaled(self, x):
        w = self.scale
        w *= 2.0
        return np.sum(w * x)


HELD = Held()
HELD.w = np.array([1.0, 2.0, 3.0])


def put_first(w, x):
    w[0] = x[0]


def itself(w):
    return w


@case(three, expect="refused")
def written_by_another_name(x):
    w = WRITTEN
    w[0] = x[0]
    return np.sum(w * x)


@case(three, expect="refused")
def written_through_a_view(x):
    w = WRITTEN[1:]
    w += x[1:]
    return np.sum(w * x[:2])


@case(three, expect="refused")
def given_to_a_writer(x):
    put_first(WRITTEN, x)
    return np.sum(WRITTEN * x)


@case(three, expect="refused")
def an_attribute_by_another_name(x):
    w = HELD.w
    w[0] = x[0]
    return np.sum(w * x)


@case(three, expect="refused")
def an_item_of_a_dict_by_another_name(x):
    m = CONFIG["w"][:1]
    m -= x[0]
    return np.sum(m)


@case(three, expect="refused")
def items_of_a_list_gone_through(x):
    for w in SCALED:
        w *= x[0]
    return np.sum(x)


@case(three, expect="refused")
def on_one_of_two_paths(x):
    w = WRITTEN if x[0] > 0 else x.copy()
    w *= 2.0
    return np.sum(w)


@case(three, expect="refused")
def held_by_a_list_of_its_own(x):
    ws = [WRITTEN, x.copy()]
    ws[0] *= 2.0
    return np.sum(ws[0])


@case(three, expect="refused")
def a_list_that_grows(x):
    values = GROWN
    values.append(x[0])
    return sum(values)


@case(three, expect="refused")
def handed_back_by_a_helper(x):
    w = itself(np.asarray(WRITTEN))
    w *= 2.0
    return np.sum(x * w)


@case(three, expect="refused")
def sorted_in_place(x):
    w = WRITTEN
    w.sort()
    return np.sum(w * x)


@case(three, expect="refused")
def out_of_a_ufunc(x):
    w = WRITTEN
    np.multiply(x, 2.0, out=w)
    return np.sum(w * x)


@case(three, expect="refused")
def an_array_of_the_class(x):
    return HELD.scaled(x)


@case(three, expect="refused")
def a_copied_list_of_the_same_arrays(x):
    ws = list(SCALED)
    ws[0] += x
    return np.sum(ws[0] * x)


@case(three)
def a_name_that_is_taken_again(x):
    w = TABLE
    w = w * 2.0
    w += x
    return np.sum(w * w)


@case(three)
def the_first_of_a_list_that_grows(x):
    rows = [TABLE]
    for _ in range(3):
        rows.append(rows[-1] * x)
    return np.sum(rows[-1])


@case(three)
def copies_are_written(x):
    ws = [w.copy() for w in LAYERS]
    ws[0] += x
    values = FIRST[:]
    values.append(x[0])
    out = TABLE.copy()
    out[0] = x[1]
    return np.sum(ws[0] * x * out) + sum(values)


@case(three)
def items_of_a_dict_bound_anew(x):
    state = {"m": TABLE, "v": TABLE}
    state["m"] = 0.9 * state["m"] + x
    state["v"] = state["v"] + x * x
    state["m"] *= 2.0
    return np.sum(state["m"] * state["v"])


@case(three)
def written_after_the_names_changed_places(x):
    a = TABLE
    b = x.copy()
    a, b = b, a
    a += 1.0
    return np.sum(a * b)


# -- cached functions ------------------------------------------------------------------------------------


@lru_cache(maxsize=None)
def stencil(order):
    h = np.zeros(order + 1)
    for i in range(order + 1):
        h[i] = (-1) ** i * comb(order, i)
    return h


@lru_cache(maxsize=None)
def ramp(n):
    return np.arange(1.0, n + 1)


@cache
def settings(n):
    return {"w": np.arange(1.0, n + 1), "n": n}


@cache
def changed_settings(n):
    return {"w": np.arange(1.0, n + 1), "n": n}


@cache
def noted(n):
    NOTES["calls"] += 1
    return 2.0 * n


@cache
def noted_value(v):
    NOTES["calls"] += 1
    return v * v


class Grid:
    def __init__(self, x):
        self.x = x

    @lru_cache(maxsize=8)
    def nodes(self, n):
        g = np.zeros(n)
        for i in range(n):
            g[i] = i * 0.5
        return g

    @staticmethod
    @lru_cache
    def weights(n):
        return np.linspace(0.0, 1.0, n)

    @classmethod
    @cache
    def twice(cls, n):
        return 2.0 * n


@case(three, expect="refused")
def what_a_cache_keeps_scaled(x):
    w = ramp(3)
    w *= 2.0
    return np.sum(ramp(3) * x)


@case(three, expect="refused")
def what_a_cache_keeps_given_to_a_writer(x):
    put_first(ramp(3), x)
    return np.sum(ramp(3) * x)


@case(three, expect="refused")
def a_dict_that_a_cache_keeps(x):
    p = changed_settings(3)
    p["w"] = p["w"] * x
    return np.sum(p["w"])


@case(three, expect="refused")
def what_a_cached_method_keeps(x):
    w = Grid(x).nodes(2)
    w += x[:2]
    return np.sum(w * Grid(x).nodes(2))


@case(three, expect="refused")
def what_a_cached_closure_keeps(x):
    @cache
    def powers(i):
        return [x[0], x[1] * i]

    a = powers(2)
    a[0] = 3.0
    return sum(powers(2))


@case(three, expect="refused")
def a_cached_closure_that_counts(x):
    n = 0

    @cache
    def scaled(i):
        nonlocal n
        n += 1
        return x[0] * i

    return scaled(1) + scaled(1) + n


@case(three, expect="refused")
def a_cached_closure_that_notes(x):
    log = []

    @cache
    def scaled(i):
        log.append(i)
        return x[0] * i

    return scaled(1) + scaled(1) + len(log)


@case(three, expect="refused")
def a_cached_function_of_an_argument_that_notes(x):
    return noted_value(x[0]) * noted_value(x[1])


@case(three)
def a_cached_function_of_numbers_that_notes(x):
    return noted(3) * x[0] + noted(3) * x[1]


@case(three)
def what_caches_keep_is_read(x):
    p = settings(3)
    grid = Grid(x)
    return (
        np.sum(np.convolve(x, stencil(2)) ** 2)
        + np.sum(p["w"] * x) * p["n"]
        + np.sum(grid.nodes(3) * grid.weights(3) * x) * Grid.twice(2)
    )


@case(three)
def cached_closures(x):
    @lru_cache(maxsize=None)
    def price(i, j):
        if i == 3:
            return x[0] * 1.1**j
        return 0.5 * (price(i + 1, j) + price(i + 1, j + 1)) * x[1]

    @cache
    def both(i):
        return x * i, x + i

    a, b = both(2)
    a = a + b
    return price(0, 0) + np.sum(a * both(2)[1])


class Layer:
    def __init__(self, w=TABLE * 2.0):
        self.w = w

    def written(self, x):
        self.w[0] = x[0]
        return np.sum(self.w * x)

    def grown(self, x):
        self.w = self.w * x
        return np.sum(self.w * x)


@case(three)
def defaults_are_read(x):
    one, other = Layer(), Layer()
    return other.grown(x) * np.sum(one.w * x)


@case(three, expect="refused")
def a_default_is_written_by_another_name(x):
    one = Layer()
    return one.written(x) + np.sum(Layer().w * x)


def default_itself(k, w=TABLE * 2.0):
    return w * k if k > 2 else w


@case(three, expect="refused")
def a_default_that_is_returned_is_written(x):
    w = default_itself(1)
    w[0] = x[0]
    return np.sum(default_itself(1) * x)


@case(three)
def a_default_that_is_returned_is_read(x):
    w = default_itself(1)
    return np.sum(default_itself(3) * x * w)
