"""What writes into an array that is protected raises a ValueError in Python: it is refused by name."""

import numpy as np
import pytest

import tangent_like as tl


def through_a_view(x):
    y = x * 2.0
    y.setflags(write=False)
    w = y[1:]
    w += 1.0
    return np.sum(y)


def shut(x):
    y = x * 2.0
    y.flags.writeable = False
    return y


def fill(y, v):
    y[0] = v


def by_functions(x):
    y = shut(x)
    fill(y, x[1])
    return np.sum(y)


class Sealed:
    def __init__(self, x):
        y = x * 2.0
        y.flags["WRITEABLE"] = False
        self.y = y

    def put(self, v):
        self.y[0] = v


def in_a_method(x):
    sealed = Sealed(x)
    sealed.put(x[1])
    return np.sum(sealed.y)


def in_a_later_turn(x):
    y = x * 2.0
    for k in range(2):
        y[k] = x[2]
        y.setflags(write=False)
    return np.sum(y)


def in_a_dict(x):
    y = x * 2.0
    y.setflags(write=False)
    d = {"y": y}
    np.add(x, x, out=d["y"])
    return np.sum(y)


def in_a_comprehension(x):
    return sum(np.sum(np.multiply(r, 2.0, out=r)) for r in [shut(x)])


@pytest.mark.parametrize("f", [through_a_view, by_functions, in_a_method, in_a_later_turn, in_a_dict, in_a_comprehension])
def test_writes_into_what_is_protected_are_refused(f):
    x = np.array([0.5, 1.5, 0.8])
    with pytest.raises(ValueError, match="read-only"):
        f(x)
    with pytest.raises(tl.DifferentiationError, match="may write into an array that is protected"):
        tl.value_and_grad(f)(x)
