"""Functions that write their arguments: by one name or two, through views, in loops, two calls deep."""

import numpy as np

from case import Case, array, flag, mat, num, takes, vec, whole


def set_first(u, a):
    u[0] = a * u[1]


def step(u, new, dt):
    for i in range(1, len(u) - 1):
        new[i] = u[i] + dt * (u[i - 1] * u[i] - 2 * u[i] + u[i + 1])


def relax(u):
    u[1:-1] = 0.25 * (u[:-2] + 2 * u[1:-1] + u[2:])


def scale(u, k):
    u *= k
    return u


def add_to(a, b):
    a += b
    return a


def tail_of(u, k):
    u[0] = k
    return u[1:]


def both(u, v, k):
    u[0], v[0] = k * v[0], k * u[0]
    return np.sum(u), v, u


def swap(u, v):
    t = u.copy()
    u[:] = v
    v[:] = t


def clear(u):
    u[:] = 0.0


def fill_in(u, k):
    u.fill(k)


def accumulate(total, x):
    np.add(total, x * x, out=total)


def scatter(a, i, v):
    np.add.at(a, i, v)


def early_out(u, k):
    if k < 0:
        return
    u[0] = k * u[0]
    if u[0] > 0.5:
        u[1] *= k
        return
    u[2] = u[1] * k


def path_of(u, v, c):
    w = u if c else v
    w[0] = 2.0 * w[1]


def rows_of(X, k):
    for row in X:
        row[0] = k * row[1]


def by_view(u, k):
    v = u[1:]
    v[0] = k * u[0]
    w = v[::-1]
    w *= u[0]


def rebinds(u, k):
    u[0] = k
    u = u * 2.0
    u[1] = k * k
    return np.sum(u)


def rebinds_later(u, v, k):
    u[0] = k * v[0]
    u = v
    u[1] = k * u[0]


def writes_local(u):
    t = u * 1.0
    t[0] = 5.0
    return t


def keeps(h):
    return np.sum(h * h * h)


def outer(u, v, k):
    set_first(u, k)
    w = u[1:]
    set_first(w, v[0])
    v *= w[0]
    return np.sum(w)


def third(u, v, k):
    s = outer(v, u, k)
    set_first(u, s)
    return s


def counts(n):
    n[0] += 1
    n[1] *= 2


def counts_and_uses(n, u):
    n[0] += 1
    u[n[0] % 3] *= 2.0


def scratch(x, buffer):
    buffer[:] = x * x
    buffer[0] *= buffer[1]
    return np.sum(buffer)


def recursive(u, n):
    if n > 0:
        u[n] = u[n - 1] * 2.0
        recursive(u, n - 1)


def with_default(u, buffer=np.zeros(3)):  # noqa: B008
    buffer[:] = u[:3]
    return np.sum(buffer)


def raises(u, k):
    u[0] = k
    if k > 100.0:
        raise ValueError("too much")
    u[1] = k * u[0]


def says(u):
    print("first", len(u))


def keyword(u, *, k, out):
    out[:] = k * u


def zero_d(a, k):
    a[()] = a * k


def augment_scalar(s, u):
    s += u[0]
    u[0] = s
    return s


def sum_and_scale(p, q, r):
    p[::-1] += np.sin(q * 0.56)
    return np.sum(r[:-1]) * q


def by_ravel(u, k):
    v = u.ravel()
    v[0] = k * v[1]


# -- callers ------------------------------------------------------------------------------------------------


def one(x, k):
    y = x * 1.0
    s = np.sum(y * y)
    set_first(y, k)
    return s * np.sum(y * x)


def of_argument(x, k):
    set_first(x, k)
    return np.sum(x * x)


def of_argument_read_before(x, k):
    s = np.sum(x * x)
    set_first(x, k)
    set_first(x[1:], s)
    return s * np.sum(x)


def time_steps(x, dt):
    u = x * 1.0
    new = u.copy()
    for _ in range(3):
        step(u, new, dt)
        u, new = new, u
    return np.sum(u * u)


def time_steps_without_swap(x, dt):
    u = x * 1.0
    new = u.copy()
    for _ in range(3):
        step(u, new, dt)
        u[:] = new
    return np.sum(u * u)


def time_steps_no_turn(x, n):
    u = x * 1.0
    for _ in range(n):
        relax(u)
    return np.sum(u * u * x)


def two_ways(x, dt):
    u = x * 1.0
    v = np.zeros_like(u)
    step(u, v, dt)
    step(v, u, dt)
    return np.sum(u * v)


def same_twice(x, dt):
    step(x, x, dt)
    return np.sum(x * x)


def overlapping_views(x, dt):
    y = x * x
    step(y[1:], y[:-1], dt)
    return np.sum(y * x)


def views_in_loop(x, dt):
    y = x * x
    for i in range(2):
        step(y[i:], y[: len(y) - i], dt)
        set_first(y[i:], y[0])
    return np.sum(y * x)


def handed_back(x, y):
    z = add_to(x, y)
    z = add_to(z, z)
    return np.sum(z * x)


def handed_back_in_expression(x, k):
    y = x * 1.0
    return np.sum(scale(y, k) * y) + y[0]


def handed_back_nested(x, k):
    y = x * 1.0
    z = scale(scale(y, k), y[0])
    z[1] = k
    return np.sum(y * z)


def handed_back_view(x, k):
    y = x * 1.0
    t = tail_of(y, k)
    t[0] *= y[0]
    t2 = tail_of(y, t[1])
    t2 *= k
    return np.sum(y * x)


def handed_back_both(x, k):
    y = x * 1.0
    z = x * x
    s, a, b = both(y, z, k)
    a[1] = s
    b[2] = a[0]
    return np.sum(y * z)


def two_levels(x, k):
    y = x * 1.0
    z = x * x
    s = outer(y, z, k)
    t = outer(z, y, s)
    return s * t + np.sum(y * z)


def two_levels_one_array(x, k):
    y = x * 1.0
    return outer(y, y, k) + np.sum(y) * y[0]


def three_levels(x, k):
    y = x * 1.0
    z = y[1:]
    return third(y, z, k) * np.sum(y * x)


def three_levels_in_loop(x, k):
    y = x * 1.0
    z = x * x
    s = 0.0
    for _ in range(2):
        s += third(y, z, k)
        y, z = z, y
    return s + np.sum(y * z)


def kept_by_callee(x, k):
    h = x * 1.0
    s = 0.0
    for _ in range(3):
        s += keeps(h)
        h[:] = k * h
        set_first(h, k)
    return s


def swapped(x, y):
    a, b = x * 1.0, y * y
    s = np.sum(a * b * b)
    swap(a, b)
    return s + np.sum(a * x * a) + np.sum(b)


def swapped_halves(x, k):
    y = x * k
    swap(y[:2], y[2:4])
    return np.sum(y * x)


def cleared(x, k):
    y = x * k
    s = np.sum(y * y)
    clear(y)
    y[0] = s
    clear(y[1:])
    return np.sum(y * x)


def filled(x, k):
    y = x * 1.0
    fill_in(y[1:], k * y[1])
    return np.sum(y * y)


def accumulated(x, k):
    total = np.zeros(x.shape)
    for i in range(3):
        accumulate(total, x * k)
        accumulate(total[1:], total[:-1])
    return np.sum(total)


def scattered(x, k):
    a = np.zeros(3)
    i = np.array([0, 2, 0, 1])
    scatter(a, i, x)
    scatter(a, [0, 0], k * a[2])
    return np.sum(a * a)


def left_early(x, k):
    y = x * 1.0
    early_out(y, k)
    early_out(y[1:], y[0])
    return np.sum(y * y * x)


def one_of_two(x, c):
    y, z = x * 1.0, x * x
    path_of(y, z, c)
    path_of(z, y, not c)
    return np.sum(y * z)


def by_rows(X, k):
    Y = X * 1.0
    rows_of(Y, k)
    rows_of(Y.T, k)
    return np.sum(Y * X)


def through_views(x, k):
    y = x * 1.0
    by_view(y, k)
    by_view(y[1:], k)
    return np.sum(y * x)


def rebound_inside(x, k):
    y = x * 1.0
    s = rebinds(y, k)
    return s * np.sum(y * x)


def rebound_to_other(x, k):
    y, z = x * 1.0, x * x
    rebinds_later(y, z, k)
    return np.sum(y * z)


def not_written(x, k):
    y = x * 1.0
    t = writes_local(y)
    return np.sum(t * y) * k


def inactive_counter(x):
    n = np.array([0, 1])
    s = 0.0
    for i in range(3):
        counts(n)
        s += n[0] * x[n[1] % 3]
    return s


def counter_and_active(x):
    n = np.array([0, 1])
    y = x * 1.0
    for i in range(4):
        counts_and_uses(n, y)
        y[0] = y[n[0] % 3] * y[1]
    return np.sum(y * n[0])


def with_scratch(x, k):
    b = np.empty(x.shape)
    s = scratch(x, b)
    t = scratch(x * k, b)
    return s * t * b[0]


def scratch_not_read(x):
    b = np.empty_like(x)
    return scratch(x, b) * scratch(x[::-1], b)


def becomes_active(x, k):
    b = np.ones(x.shape)
    relax(b)
    set_first(b, k)
    relax(b)
    return np.sum(b * b)


def inactive_then_read(x, k):
    b = np.arange(1.0, 1.0 + len(x))
    s = np.sum(x * b)
    relax(b)
    b[0] = 7.0
    set_first(b, 2.0)
    t = np.sum(x * b * k)
    clear(b)
    return s * t


def recursion(x):
    y = x * 1.0
    recursive(y, 2)
    return np.sum(y * x)


def default_written(x):
    return with_default(x) * with_default(x * x)


def may_raise(x, k):
    y = x * 1.0
    raises(y, k)
    return np.sum(y * y)


def prints(x):
    says(x)
    return np.sum(x * x)


def by_keyword(x, k):
    y = np.empty_like(x)
    keyword(out=y, u=x, k=k)
    keyword(x * y, out=y, k=y[0])
    return np.sum(y * x)


def of_rank_0(x, k):
    a = np.array(x[0])
    zero_d(a, k)
    zero_d(a, a * 1.0)
    return float(a) * x[1]


def scalar_parameter(x, k):
    y = x * 1.0
    t = augment_scalar(k, y)
    return t * k * np.sum(y)


def in_condition(x, k):
    y = x * 1.0
    if np.sum(scale(y, k)) > 0.0:
        y[0] = 3.0 * y[1]
    return np.sum(y * x)


def in_while(x, k):
    y = x * 1.0
    while np.sum(scale(y, 0.5)) > 0.3:
        y[0] = 0.9 * y[0]
    return np.sum(y)


def in_branches(x, k):
    y = x * 1.0
    for i in range(3):
        if y[i] > 0:
            set_first(y[i:] if i < 2 else y, k)
        else:
            relax(y)
    return np.sum(y * x)


def in_branches_plain(x, k):
    y = x * 1.0
    for i in range(3):
        if y[i] > 0:
            set_first(y, k)
        else:
            relax(y)
        y[i] = y[i] * k
    return np.sum(y * x)


def operand_read_before(x, k):
    y = x * 1.0
    return y[0] * np.sum(scale(y, k)) + y[0]


def view_read_before(x, k):
    y = x * 1.0
    return np.sum(y[:2] * scale(y, k)[:2])


def result_into_place(x, k):
    y = x * 1.0
    y[1] = outer(y[:3], y[3:], k)
    return np.sum(y * x)


def copy_passed(x, k):
    y = x * 1.0
    set_first(y.copy(), k)
    z = scale(y + 0.0, k)
    return np.sum(y * z)


def list_of_arrays(x, k):
    y = [x * 1.0, x * x]
    set_first(y[0], k)
    return np.sum(y[0] * y[1])


def returned(x, k):
    y = x * 1.0
    return scale(y, k)


def returned_pair(x, k):
    y = x * 1.0
    z = scale(y, k)
    return y, z[1:]


def column(X, k):
    Y = X * 1.0
    set_first(Y[:, 1], k)
    set_first(Y[1], Y[0, 0])
    relax(Y[:, 0])
    return np.sum(Y * X)


def value_kept_by_name(x, k):
    y = x * 1.0
    a = y[0]
    v = y[1:3]
    t = np.sum(v * v)
    set_first(y, k)
    relax(v)
    return a * t * np.sum(v) * y[0]


def integer_array(x):
    n = np.zeros(3, dtype=int)
    set_first(n, 2)
    n[1] = 3
    set_first(n, 2)
    return x[n[0] % 3] * np.sum(x)


def float32_written(x, k):
    y = x * np.float32(1.0)
    scale(y, np.float32(2.0))
    set_first(y, k)
    return np.sum(y * x)


def empty_loop(x, k):
    y = x * 1.0
    for i in range(0):
        set_first(y, k)
    return np.sum(y * y)


def alias_of_argument(x, k):
    y = x
    set_first(y, k)
    return np.sum(x * x)


def alias_by_path(x, k, c):
    y = x if c else x.copy()
    set_first(y, k)
    relax(y)
    return np.sum(x * x) + np.sum(y)


def written_twice_in_one(x, k):
    y = x * 1.0
    t = np.sum(scale(y, k)) * np.sum(scale(y, y[0]))
    return t + np.sum(y)



def result_over_argument(x, k):
    x = sum_and_scale(x, x, r=x)
    return 1.2 * np.sum(x**2) * k


def result_over_argument_in_loop(x, k):
    y = x * 1.0
    for i in range(2):
        y = sum_and_scale(y, y, r=y) * k
    return np.sum(y * y)


def raveled(X, k):
    Y = X * 1.0
    by_ravel(Y, k)
    return np.sum(Y * X)


def raveled_transpose(X, k):
    Y = X * 1.0
    by_ravel(Y.T, k)
    return np.sum(Y * X)


def raised(u):
    u[u > 0] += 1.0
    return np.sum(u)


def array_in_a_list_of_the_callers(held):
    raised(held[0])
    return np.sum(np.sin(held[1]))


def halved(p):
    p[0] *= 0.5
    return p[1] ** 2


def calls_of_which_nobody_takes_the_result(x, k):
    y = k * x * x
    rows = [y[:2], y[2:]]
    list(map(halved, rows))
    (halved(y), len([halved(y[1:]), 1.0]))
    w = [halved(y[2:]), k][1] + {"a": halved(y), "b": k}["b"]
    if [halved(y)] and halved(y) is not None:
        w += 1.0
    return np.sum(np.sin(y)) * w


def row_of_a_list_given_to_a_writer(A, k):
    B = A * k
    rows = [row for row in B]
    scale(rows[0], k)
    return np.sum(np.sin(B))


def writer_in_a_text(x, k):
    y = x * k
    print(f"{halved(y)}")
    return np.sum(np.sin(y))


def writer_asked_for_a_set(x, k):
    y = x * k
    found = {halved(row) for row in (y[:2], y[2:])}
    return np.sum(np.sin(y)) + len(found)


CASES = [
    Case(array_in_a_list_of_the_callers, lambda rng: ([rng.normal(size=3), rng.normal(size=3)],)),
    *[
        Case(f, takes(vec(), num()), wrt=(0, 1))
        for f in (
            one, of_argument, of_argument_read_before, time_steps, time_steps_without_swap, two_ways, same_twice, overlapping_views,
            handed_back_in_expression, handed_back_nested, handed_back_view, handed_back_both, two_levels, two_levels_one_array,
            three_levels_in_loop, kept_by_callee, cleared, filled, accumulated, through_views, rebound_inside,
            rebound_to_other, not_written, with_scratch, becomes_active, inactive_then_read, may_raise, by_keyword,
            scalar_parameter, in_condition, in_branches_plain, operand_read_before, view_read_before, copy_passed, returned,
            value_kept_by_name, empty_loop, alias_of_argument, written_twice_in_one, result_over_argument, result_over_argument_in_loop,
        )
    ],
    *[Case(f, takes(vec(5), num()), wrt=(0, 1)) for f in (three_levels, views_in_loop, swapped_halves, left_early)],
    Case(result_into_place, takes(vec(6), num()), wrt=(0, 1)),
    Case(left_early, takes(vec(4), num()), wrt=(0, 1), seeds=6, name="left_early_other_ways"),
    *[Case(f, takes(vec(), vec()), wrt=(0, 1)) for f in (handed_back, swapped)],
    Case(time_steps_no_turn, takes(vec(), whole(0, 3)), seeds=5),
    Case(scattered, takes(vec(4), num()), wrt=(0, 1)),
    Case(one_of_two, takes(vec(), flag()), seeds=5),
    *[Case(f, takes(mat("m", "n"), num()), wrt=(0, 1)) for f in (by_rows, column)],
    *[Case(f, takes(vec(3))) for f in (inactive_counter, counter_and_active, scratch_not_read, prints, integer_array)],
    Case(alias_by_path, takes(vec(), num(), flag()), wrt=(0, 1), seeds=5),
    *[Case(f, takes(mat(), num()), wrt=(0, 1)) for f in (raveled,)],
    *[Case(f, takes(mat(), num()), wrt=(0, 1), expect="either") for f in (raveled_transpose,)],
    Case(of_rank_0, takes(vec(), num()), wrt=(0, 1)),
    Case(in_branches, takes(vec(), num()), wrt=(0, 1)),
    Case(returned_pair, takes(vec(), num()), wrt=(0, 1)),
    Case(float32_written, takes(array("n", dtype=np.float32), num())),
    Case(recursion, takes(vec(3))),
    Case(default_written, takes(vec(3)), expect="refused"),
    Case(in_while, takes(vec(), num())),
    Case(list_of_arrays, takes(vec(), num()), expect="either"),
    Case(calls_of_which_nobody_takes_the_result, takes(vec(4), num()), wrt=(0, 1), tags=("dead lines",)),
    Case(row_of_a_list_given_to_a_writer, takes(mat(2, 3), num()), wrt=(0, 1), expect="refused"),
    Case(writer_in_a_text, takes(vec(4), num()), wrt=(0, 1)),
    Case(writer_asked_for_a_set, takes(vec(4), num()), wrt=(0, 1)),
]
