"""Counters, logs and notes in dicts and lists of the module, of a closure, and of objects and classes there."""

import collections

import numpy as np

from case import Case, takes, vec

STATS = {"calls": 0, "last": None, "parts": {"even": 0}, "seen": []}
LOG = []
SIGNS = collections.defaultdict(int)
LENGTHS = {}


def counted(v):
    STATS["calls"] += 1
    LOG.append(float(v))
    return v * v


def counts_in_a_dict(x):
    before = STATS["calls"]
    y = 1.0
    for v in x:
        y = y * counted(v) + np.sin(counted(0.5 * v))
        STATS["last"] = float(y)
    return y * (STATS["calls"] - before)


def logs_in_a_list(x):
    before, y = len(LOG), x[0]
    for k, v in enumerate(x):
        y = y + v * v
        LOG.append((k, float(y))) if v > 0.1 else None
    LOG.append({"n": len(x), "x": x.copy()})
    log = LOG
    log.append("done")
    return y * (len(LOG) - before > 1)


def counts_by_key(x):
    before = SIGNS["all"]
    for v in x:
        SIGNS["up" if v > 0.1 else "down"] += 1
        SIGNS["all"] += 1
    return np.sum(x**2) * (SIGNS["all"] - before)


def asks_which_are_there(x):
    if len(x) not in LENGTHS:
        LENGTHS[len(x)] = 1
    LENGTHS["n"] = LENGTHS.get("n", 0) + 1
    LENGTHS.update(of="x")
    STATS.update(last=float(x[0]))
    return np.sum(x**2) * LENGTHS[len(x)] * min(LENGTHS["n"], 1)


def in_parts(x):
    before = STATS["parts"]["even"]
    for k in range(len(x)):
        if k % 2 == 0:
            STATS["parts"]["even"] += 1
        STATS["seen"].append(k)
    STATS["seen"].clear()
    return np.prod(x) * (STATS["parts"]["even"] - before)


class Fit:
    table = {"n": 0}

    def __init__(self):
        self.history = []

    def loss(self, x):
        y = np.sum(np.exp(-x))
        self.history.append(float(y))
        Fit.table["n"] += 1
        return y * x[0]


FIT = Fit()


def of_an_object(x):
    return FIT.loss(x) * FIT.loss(2.0 * x)


def recorded():
    history, count = [], {"n": 0}

    def loss(x):
        y = np.sum(np.sin(x) * x)
        history.append(float(y))
        count["n"] += 1
        return y

    return loss


of_a_closure = recorded()


def what_varies(x):
    STATS["last"] = float(x[0])
    return x[1] * STATS["last"]


def keeps_twice(x):
    STATS["scale"] = 2.0 * x[0]
    return x


def scaled(x):
    return x * STATS["scale"]


def what_varies_elsewhere(x):
    STATS["scale"] = 1.0
    keeps_twice(x)
    return np.sum(scaled(x))


def may_be_written_later(x):
    y = 2.0 * x
    LOG.append(y)
    y[0] = 1.0
    return np.sum(y * x)


def as_a_whole(x):
    for v in x:
        LOG.append(float(v))
    return np.sum(x**2) * sum(LOG[-3:])


def beside_a_counter(x):
    STATS["calls"] += 1
    STATS["seen"].append(float(x[0]))
    STATS["parts"]["even"] += 1
    STATS["parts"] = {"even": 1}
    return np.sum(x**2) * STATS["parts"]["even"]


CASES = [
    Case(counts_in_a_dict, takes(vec("n"))),
    Case(logs_in_a_list, takes(vec("n"))),
    Case(counts_by_key, takes(vec("n"))),
    Case(asks_which_are_there, takes(vec("n")), tags=("dead lines",)),  # the first call of all writes
    Case(in_parts, takes(vec("n"))),
    Case(of_an_object, takes(vec("n"))),
    Case(of_a_closure, takes(vec("n"))),
    Case(beside_a_counter, takes(vec("n")), expect="refused"),
    Case(what_varies, takes(vec("n")), expect="refused"),
    Case(what_varies_elsewhere, takes(vec("n")), expect="refused"),
    Case(may_be_written_later, takes(vec("n")), expect="refused"),
    Case(as_a_whole, takes(vec("n")), expect="refused"),
]


ORDERS = {0: 1, 1: 2, 2: 5}
FACTORS = {"a": np.array([1.0, 2.0, 0.5]), "b": np.array([0.3, -1.0, 2.0])}
STEPS = {0.5, 0.25}


def over_whole_numbers(x):
    total = 0.0
    for k in ORDERS:
        total += np.sum(x**3) * k
    return total


def over_names(x):
    for k in FACTORS:
        x = np.sin(x * FACTORS[k])
    return np.sum(x)


def over_a_table_of_another_name(x):
    table = FACTORS
    total = 0.0
    for k in table:
        total += np.sum(np.sin(x * table[k]))
    return total


def over_a_set(x):
    for k in STEPS:
        x = x + k * np.sin(x)
    return np.sum(x)


gone_through = over_whole_numbers, over_names, over_a_table_of_another_name, over_a_set
CASES += [Case(f, takes(vec(3)), seeds=1) for f in gone_through]
