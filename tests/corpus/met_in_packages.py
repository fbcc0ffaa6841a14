"""Shapes met in packages: attributes by their names, attributes that a ``try`` writes last, arrays as they are."""

import math

import numpy as np

from case import Case, listed, mat, num, vec, whole

CASES: list[Case] = []
case = listed(CASES)


class Quote:
    fee = 0.25

    def __init__(self, spot, strike, **options):
        for name in ["call", "put", "vega"]:
            self.__dict__[name] = None
        self.__dict__.update(options)
        self.spot = spot
        self.strike = strike
        self.__dict__["call"] = spot * strike

    def checked(self):
        for name in ("spot", "strike", "call"):
            if self.__getattribute__(name) is None:
                raise ValueError(name)
        return self.spot * self.__dict__["strike"] + self.call * self.scale

    def moved(self, by):
        for name in ("spot", "strike"):
            self.__dict__[name] += by
        table = self.__dict__
        table["call"] = self.spot * 2
        self.strike = self.strike * 3
        known = 1.0 if "vega" in table else 0.0
        return table["strike"] * table["call"] + known * self.spot + (0.0 if "rate" in self.__dict__ else by)


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1))
def attributes_set_by_name(a, b):
    return Quote(a, b, scale=a * 2).checked()


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1))
def table_of_attributes_with_two_names(a, b):
    quote = Quote(a, b, scale=2.0)
    return quote.moved(0.1) + quote.moved(a) * quote.spot


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1))
def vars_of_an_object(a, b):
    quote = Quote(a, b, scale=2.0)
    vars(quote).update({"spot": b, "strike": a * 3})
    own = quote.__dict__.get("fee", 1.0) + quote.__dict__.get("spot")
    return quote.spot * quote.strike + vars(quote)["call"] + own + quote.fee


@case(num(0.5, 2), num(0.5, 2), whole(0, 4), wrt=(0, 1))
def attributes_by_name_in_a_loop(a, b, n):
    quote = Quote(a, b, scale=2.0)
    for _ in range(n):
        quote.__dict__["spot"] = quote.spot * a
        quote.__setattr__("strike", quote.strike + b)
    return quote.spot * quote.strike


class Behind:
    def __init__(self, level):
        self._level = level

    @property
    def level(self):
        return self._level * 2


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1))
def attribute_by_name_behind_a_property(a, b):
    behind = Behind(a)
    behind.__dict__["level"] = b
    return behind.level * b


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1), expect="either")
def all_attributes_one_by_one(a, b):
    quote = Quote(a, b, scale=2.0)
    total = 0.0
    for value in quote.__dict__.values():
        if value is not None:
            total = total + value
    return total


class Meter:
    def __init__(self, a, b):
        self.level = a * b
        self.misses = 0

    def read(self, a):
        try:
            self.level = math.log(a) * self.level
        except ValueError:
            self.misses += 1
        return self.level

    def reset(self, a):
        try:
            new = math.log(a) * self.level
            self.level = new
            self.misses = 3
            return
        except ValueError:
            pass
        self.level = self.level * a


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1))
def attribute_written_last_in_a_try(a, b):
    meter = Meter(a, b)
    return meter.read(a) * meter.read(a - 5) + meter.misses * a


@case(num(0.5, 1.4), num(0.5, 2), wrt=(0, 1), seeds=6)
def attribute_written_in_a_try_in_a_loop(a, b):
    meter = Meter(a, b)
    for i in range(3):
        meter.read(a - i * 0.4)
    return meter.level + meter.misses * a


@case(num(0.5, 1.4), num(0.5, 2), wrt=(0, 1), seeds=6)
def return_behind_the_attribute_of_a_try(a, b):
    meter = Meter(a, b)
    for i in range(3):
        meter.reset(a - i * 0.4)
    return meter.level + meter.misses * a


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1))
def attribute_of_a_try_by_another_name(a, b):
    meter = Meter(a, b)
    same = meter
    level = meter.level
    try:
        meter.level = math.log(a - 3) + level
    except ValueError:
        same.misses = same.level * 2
    return same.level + meter.misses + level


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1))
def attribute_that_an_exception_follows(a, b):
    meter = Meter(a, b)
    try:
        meter.level = a * 3
        meter.misses = math.log(a - 5)
    except ValueError:
        meter.misses = 1.0
    return meter.level * meter.misses


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1), expect="refused")
def attribute_that_a_block_may_follow(a, b):
    meter = Meter(a, b)
    try:
        going = a > 0
        meter.level = a * 3
        if going:
            meter.misses = math.log(a - 5)
    except ValueError:
        pass
    return meter.level * b + meter.misses


@case(num(0.5, 2), num(0.2, 2), wrt=(0, 1), seeds=6)
def none_until_a_try(a, b, bound=None):
    if bound is None:
        try:
            bound = math.log(b - 1) * a
        except ValueError:
            bound = 1e-8
    return a * b + bound**2


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1), expect="refused")
def name_of_a_try_that_a_function_reads(a, b):
    bound = None

    def seen():
        return 1.0 if bound is None else bound * 2

    try:
        bound = math.log(a)
        rest = math.log(a - 5)
    except ValueError:
        rest = 1.0
    return seen() * rest + b


@case(mat(3, 3))
def array_as_it_is(A):
    M = np.array(A, dtype=np.float64, copy=False)[:2, :2]
    return M[0, 1] * M[1, 1]


@case(mat(3, 3))
def array_as_it_is_is_written(A):
    B = A * 2
    M = np.array(B, copy=False)
    M[0, 0] = A[1, 1] ** 2
    return np.sum(B**2)


@case(vec(4))
def array_that_is_a_copy_is_written(x):
    w = np.array(x, copy=True)
    w[0] = x[1] ** 2
    return np.sum(w * x)


def is_positive(C):
    try:
        np.linalg.cholesky(C)
        return True
    except np.linalg.LinAlgError:
        return False


@case(mat(3, 3))
def lifted_until_positive(A):
    k = 1
    C = A + A.T
    while not is_positive(C):
        C = C + np.eye(3) * (0.5 * k + A[0, 0] ** 2)
        k += 1
    return np.sum(C**2)


def tried_covariance(x):
    x = np.atleast_2d(x)
    try:
        np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        raise ValueError("not positive definite") from None
    return x


@case(mat(3, 3))
def covariance_that_is_tried_out(A):
    C = tried_covariance(A @ A.T + 0.1 * np.eye(3))
    return np.sum(np.linalg.inv(C))


@case(mat(2, 2), raises=ValueError)
def covariance_that_is_not_positive(A):
    return np.sum(tried_covariance(-A @ A.T) ** 2)


@case(mat(4, 3), vec(4), wrt=(0, 1))
def rows_of_a_list_as_a_matrix(B, w):
    rows = []
    for row in B:
        rows.append(row[:2] ** 2)
    H = np.atleast_2d(rows)
    mean = np.dot(w, H)
    y = H - mean[np.newaxis, :]
    P = np.dot(y.T, np.dot(np.diag(w), y))
    S = P
    P += np.eye(2) * w[0]
    return np.sum(S * P)


@case(vec(4))
def matrix_of_a_vector_is_written(v):
    u = v * 2
    V = np.atleast_2d(u)
    W = V
    V[0, 0] = v[1] ** 2
    V += v[2]
    return np.sum(u**2) + np.sum(W**3)


@case(vec(4))
def at_least_so_many_axes(v):
    x = np.array(v, ndmin=1).flatten()
    y = np.array(v, ndmin=2, copy=False)
    z = np.array(3.0 * v[0], ndmin=2)
    return np.sum(x**2) + np.sum(y @ y.T) * z[0, 0] + np.sum(np.atleast_3d(v) ** 3)


@case(mat(3, 3))
def quaternion_put_together(C):
    e = np.array([C[1, 2] - C[2, 1], C[2, 0] - C[0, 2], C[0, 1] - C[1, 0]]) / 4
    if C[0, 0] > 0:
        e *= -1
    q = np.array([C[0, 0], *e])
    return np.sum(q / np.linalg.norm(q) * np.arange(4.0))


@case(vec(4), num(), wrt=(0, 1))
def arrays_among_numbers(x, a):
    row = np.asarray([*x, a, *(x * a), 1.0, *[a, 2.0]])
    rows = np.array((*np.outer(x, x), x * a))
    return np.sum(row**2 * np.arange(len(row))) + np.sum(rows[1:] ** 3)


def padded(x, pad, kernel=None):
    p = pad
    if isinstance(p, int):
        p = (p, p)
    if isinstance(p, tuple):
        y = np.pad(x, p)
    if p == "same" and kernel is not None:
        p = (kernel // 2, kernel - kernel // 2)
        y, p = padded(x, p)
    return y, p


@case(vec(4))
def padding_by_a_number_a_pair_or_a_word(x):
    y, p = padded(x, 1, 3)
    z, q = padded(x, (0, 2))
    w, r = padded(x, "same", 3)
    return np.sum(y[:-1] ** 2) * p[0] + np.sum(z[1:] ** 3) * q[1] + np.sum(w[2:]) * r[0]
