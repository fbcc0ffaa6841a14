"""One of two modules whose functions and globals have the same names."""

CONSTANT = 2.0


def inner(x):
    return x * 5.0


def scaled(x):
    return inner(x) * CONSTANT


def with_constant(x):
    return x + CONSTANT
