"""What is read, and asked, before a value or a test that changes it."""

import numpy as np

from case import Case, takes, vec


class Gauge:
    def __init__(self, level):
        self.held = level
        self.gain = 1.0

    @property
    def level(self):
        return self.held[1:]

    @level.setter
    def level(self, level):
        self.held[1:] = level * self.gain

    def raised(self):
        self.gain = self.gain * 1.5
        return self.gain


def properties_of_arrays(x):
    gauge = Gauge(x * x)
    gauge.level *= x[0]
    gauge.gain = x[1]
    gauge.level -= x[1:]
    return np.sum(gauge.held**2)


class Meter:
    def __init__(self, readings):
        self.readings = readings
        self.total = readings[0]

    @property
    def first(self):
        return self.readings[0]

    @first.setter
    def first(self, reading):
        self.readings[0] = reading

    def __getitem__(self, k):
        return self.readings[k]

    def __setitem__(self, k, reading):
        self.readings[k] = reading

    def doubled(self):
        self.readings[0] = 2.0 * self.readings[0]
        self.total = 2.0 * self.total
        return self.total


def read_before_the_value(x):
    meter = Meter([x[0], x[1]])
    meter.first += meter.doubled()
    meter[0] *= x[2] + meter.doubled()
    meter.total -= meter.doubled()
    return meter[0] + meter.total * x[3]


def read_before_the_value_of_one_of_two(x):
    one, two = Meter([x[0], x[1]]), Meter([x[2], x[3]])
    left, right = [x[0]], [x[1]]
    for v in x:
        meter = one if v > 0.2 else two
        meter.first += v * meter.doubled()
        meter.total *= v + meter.doubled()
        items = left if v > 0.2 else right
        items[0] += v * first_doubled(items)
    return one[0] * two[0] + one.total * two.total + left[0] * right[0]


def first_doubled(items):
    items[0] = 2.0 * items[0]
    return items[0]


def items_are_changed_where_they_are(x):
    meter = Meter([x * 1.0, x * 2.0])
    first = meter[0]
    meter[0] += x[1] * meter[1]
    meter.first *= x[2]
    return np.sum(meter[0] * first)


def a_chain_that_skips_calls(x):
    gauge = Gauge(x * x)
    kept = 0.0
    for v in x:
        if -0.5 < v < gauge.raised() < gauge.raised() * gauge.gain:
            kept += v * gauge.gain
    return kept + gauge.gain * np.sum(x)


CASES = [
    Case(properties_of_arrays, takes(vec(4))),
    Case(a_chain_that_skips_calls, takes(vec(4))),
    Case(read_before_the_value, takes(vec(4))),
    Case(read_before_the_value_of_one_of_two, takes(vec(4)), seeds=4),
    Case(items_are_changed_where_they_are, takes(vec(4))),
]
