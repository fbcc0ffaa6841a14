"""Numbers that are given axes: what one writes so that a function takes rows and whole tables alike."""

import numpy as np
from case import Case, mat, num, takes, vec


def log_sum_exp(x):
    top = np.max(x, axis=-1)
    return top + np.log(np.sum(np.exp(x - top[..., None]), axis=-1))


def of_a_row(x):
    return log_sum_exp(x) * log_sum_exp(x * x)


def of_a_table(X):
    return np.sum(log_sum_exp(X) ** 2)


def leading_axis(x):
    s = np.sum(x * x)
    return np.sum(x * s[None] + s[None, ..., None])


def whole(x):
    s = np.dot(x, x)
    return s[...] * 2.0


def spread_over_rows(x, X):
    m = x.mean()
    return np.sum(X * m[None, None] + m[..., None] ** 2)


def without_axes(x):
    t = np.zeros(())
    t[...] = x[0]
    t *= x[1]
    t[()] **= 2
    t += x[0] * t
    t[...] -= x[2]
    return t.item()


def a_number_by_a_mask(a):
    y = np.float64(a)[a > 0.0]
    z = np.float64(a)
    return np.sum(y * y) * z[()]


def two_names_without_axes(x):
    y = np.array(x[0])
    y += x[1]
    z = y
    z *= x[2]
    return y * y


PAID = {"end": 0, "begin": 1}


def as_number(when):
    if isinstance(when, np.ndarray):
        return when
    try:
        return PAID[when]
    except (KeyError, TypeError):
        return [PAID[w] for w in when]


def payment(rate, n, value, when="end"):
    when = as_number(when)
    (rate, n, value, when) = map(np.array, [rate, n, value, when])
    grown = (1 + rate) ** n
    return -value * grown * rate / ((1 + rate * when) * (grown - 1))


def share(rate, per, n, value, when="end"):
    when = as_number(when)
    rate, per, n, value, when = np.broadcast_arrays(rate, per, n, value, when)
    total = payment(rate, n, value, when)
    return np.where(per > 1, total * rate, total)


def whole_numbers_handed_on(a):
    return share(0.01, 3, 12, a) + np.sum(share(0.02, np.arange(1, 4), 12, a))


def greater_of_a_number_and_one_entry(x, v):
    return np.sum(max(x, v[:1]) * np.ones(1)) + np.sum(min(v[1:2], x) ** 2)


def copied_and_written(x):
    top = np.max(x)
    out = np.copy(top)
    np.exp(top, out)
    return out * out


def copied_under_two_names(x):
    s = np.vdot(x, x)
    v = np.copy(s)
    w = v
    w *= s
    return v * w


def rolled_under_two_names(x):
    s = np.sum(x) * x[0]
    v = np.roll(s, 1)
    w = v
    w *= s
    return v * w + v


def along_a_vector(x):
    v = np.apply_along_axis(np.sum, 0, x)
    w = v
    w *= x[0]
    return v * w + v


def bessel_written(x):
    v = np.i0(np.sum(x))
    w = v[...]
    w *= x[0]
    return v * w + v


def real_part_written(x):
    v = np.array(np.fft.fft(x)[0]).real
    w = v
    w *= x[0]
    return v * w + v


def contracted_and_written(x):
    v = np.tensordot(x, x, axes=([0], [0]))
    w = v[...]
    w *= x[0]
    return v * w + v


def variance_written(x):
    v = np.cov(x)
    np.exp(x[0], out=v)
    return v * x[1]


def reshaped_number(x):
    s = np.sum(x) * x[0]
    v = np.squeeze(np.reshape(s, ()))
    w = v
    w *= s
    return v * w + v


def cleared_behind(x):
    v = np.array(np.sum(x * x))
    e = np.float64(v[...])
    v[...] = 0
    return e * e + v


def correlation_of_one(x):
    return np.corrcoef(x, rowvar=False) * np.sum(x * x)


def out_copied_twice(x):
    u = np.add(x, x, where=np.square(x) > 0.01, out=np.zeros_like(x * x))
    v = u * 1
    v[0] = u.sum()
    return np.sum(np.sin(v))


def outer_sum_of_numbers(x):
    s = np.sum(x) * x[0]
    v = np.add.outer(s, s)
    w = v[...]
    w *= s
    return v * w + v


def outer_power_of_numbers(x):
    s = np.exp(x[0])
    v = np.power.outer(np.array(s), s)
    w = v[...]
    w *= s
    return v * w + v


def conjugate_is_a_number(x):
    v = np.conj(np.array(x[0]))
    w = v[...]
    w *= x[1]
    return v * w + v


def flipped_is_a_number(x):
    v = np.flip(np.array(x[0]))
    w = v[...]
    w *= x[1]
    return v * w + v


def transposed_is_an_array(x):
    s = float(np.sum(x))
    v = np.transpose(s)
    w = v
    w *= s
    return v * w + v


def padded_is_an_array(x):
    s = np.sum(x)
    v = np.pad(s, (1, 2), constant_values=s)
    w = v[...]
    w *= s
    return v * w + v


def interpolated_is_a_number(x):
    v = np.interp(np.array(x[0]), np.array([-9.0, 0.1, 9.0]), np.array([1.0, 2.0, 7.0]))
    w = v[...]
    w *= x[1]
    return v * w + v


def polynomial_is_a_number(x):
    v = np.polyval([1.0, 2.0], np.array(x[0])) + np.polynomial.chebyshev.chebval(np.array(x[1]), x)
    u = np.polynomial.polynomial.polyval(np.array(x[1]), x)
    w = u[...]
    w *= v
    return u * w + v


def greatest_is_one_of_them(x):
    a = np.array(x[0])
    b = np.array(x[1])
    v = max(a, b)
    a *= x[2]
    return v * v + a * b


def least_is_one_of_them(x):
    a = np.array(x[0])
    v = min([a, np.array(x[1]), np.array(x[2])])
    v *= x[2]
    return v * a + v


WRITTEN = (
    copied_and_written, copied_under_two_names, rolled_under_two_names, along_a_vector, bessel_written, real_part_written,
    outer_sum_of_numbers, outer_power_of_numbers, conjugate_is_a_number, flipped_is_a_number, transposed_is_an_array,
    padded_is_an_array, interpolated_is_a_number, polynomial_is_a_number,
    contracted_and_written, variance_written, reshaped_number, cleared_behind, correlation_of_one, out_copied_twice,
)

CASES = [
    Case(greater_of_a_number_and_one_entry, takes(num(0.5, 1.5), vec(2)), wrt=(0, 1), seeds=4),
    Case(two_names_without_axes, takes(vec(3))),
    Case(whole_numbers_handed_on, takes(num(0.5, 1.5)), tags=("dead lines",)),
    Case(without_axes, takes(vec(3))),
    Case(a_number_by_a_mask, takes(num(0.5, 1.5))),
    Case(of_a_row, takes(vec())),
    Case(of_a_table, takes(mat("n", "m"))),
    Case(leading_axis, takes(vec())),
    Case(whole, takes(vec())),
    Case(spread_over_rows, takes(vec(), mat("n", "m")), wrt=(0, 1)),
    *(Case(f, takes(vec("n"))) for f in WRITTEN),
    *(Case(f, takes(vec(4)), expect="either") for f in (greatest_is_one_of_them, least_is_one_of_them)),
]
