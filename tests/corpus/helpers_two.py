"""The other of two modules whose functions and globals have the same names."""

import math

from corpus.helpers_one import scaled as scaled_of_one

CONSTANT = -3.0


def inner(x):
    return math.sin(x)


def scaled(x):
    return inner(x) + CONSTANT * x


def with_constant(x):
    return x * CONSTANT


def through_one(x):
    return scaled_of_one(x) * scaled(x)
