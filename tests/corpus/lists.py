"""Lists whose length is not known before the program runs: grown in loops, taken from, joined, nested."""

import math

import numpy as np

from case import Case, mat, num, takes, vec, whole


def squares_summed(x):
    out = []
    for v in x:
        out.append(v * v)
    return sum(out)


def filtered(x, a):
    out = []
    for v in x:
        if v > 0.0:
            out.append(a * v * v)
    return sum(out)


def filtered_empty(x, a):
    out = []
    for v in x:
        if v > 1e9:
            out.append(a * v)
    return sum(out) + a * x[0]


def never_filled(x, a):
    out = []
    for i in range(len(x) - len(x)):
        out.append(a * x[i])
    return a * a + sum(out)


def built_from_range(x, n):
    terms = []
    for i in range(n):
        terms.append(math.sin(x * i) / (i + 1))
    return sum(terms) * x


def sum_with_start(x, a):
    out = []
    for v in x:
        out.append(v * a)
    return sum(out, a * a)


def compensated(x):
    out = []
    for v in x:
        out.append(v * 1e8)
        out.append(v)
        out.append(-v * 1e8)
    return sum(out)


def fsum_of_list(x, a):
    out = []
    for v in x:
        out.append(v * v * a)
    return math.fsum(out)


def sum_of_array(x):
    y = x * x
    return sum(y)


def sum_of_rows(X):
    y = sum(X * X)
    return np.sum(y * X[0])


def sum_of_arrays(x, n):
    ys = []
    for k in range(n):
        ys.append(x * k)
    y = sum(ys)
    return np.sum(y * y)


def sum_of_display(x, a):
    return sum([a * x[0], x[1], a]) + sum((a, x[2]))


def sum_of_displays_of_arrays(x, y):
    z = sum([x, y, x * y])
    return np.sum(z * z)


def greatest(x):
    ys = []
    for v in x:
        ys.append(v * v)
    return max(ys) * min(ys)


def to_array(x):
    ys = []
    for i in range(len(x)):
        ys.append(x[i] ** 3)
    y = np.array(ys)
    return np.sum(y * y)


def to_array_twice(x):
    ys = []
    for v in x:
        ys.append(v * v)
    y = np.array(ys)
    z = np.asarray(ys)
    return np.sum(y * z) + ys[0]


def to_array_of_mixed(x, a):
    ys = [1, a]
    for v in x:
        ys.append(v)
    y = np.array(ys)
    return np.sum(y * y)


def numpy_of_list(x, a):
    ys = []
    for v in x:
        ys.append(v * a)
    return np.sum(ys) + np.mean(ys) + np.max(np.sqrt(np.abs(ys))) + np.dot(ys, x)


def list_times_array(x, a):
    ys = []
    for v in x:
        ys.append(v * a)
    return np.sum(ys * x) + np.sum(x - ys)


def numpy_of_display(a, b):
    return np.sum(np.exp([a, b, a * b]))


def stacked(W, h, n):
    hs = []
    for k in range(n):
        h = np.tanh(W @ h)
        hs.append(h)
    S = np.stack(hs)
    return np.sum(S * S)


def stacked_last_axis(x, n):
    hs = []
    for k in range(n):
        hs.append(x * (k + 1.0) * x)
    S = np.stack(hs, axis=1)
    return np.sum(S @ S.T)


def joined_arrays(x, n):
    parts = []
    for k in range(n):
        parts.append(x[k:] * x[0])
    y = np.concatenate(parts)
    return np.sum(y * y)


def array_of_arrays(x, n):
    rows = []
    for k in range(n):
        rows.append(np.sin(x * k))
    M = np.array(rows)
    return np.sum(M @ x)


def trajectory(h, W, n):
    states = [h]
    for k in range(n):
        states.append(np.tanh(W @ states[-1]))
    loss = 0.0
    for k in range(1, n + 1):
        loss += np.sum((states[k] - states[k - 1]) ** 2)
    return loss


def recurrence(a, n):
    u = [a, 2.0 * a]
    for k in range(n):
        u.append(math.sin(u[-1]) * u[-2])
    return u[-1]


def recurrence_rebound(a, n):
    u = [a]
    for k in range(n):
        u = u + [u[-1] * u[0]]
    return u[-1] + u[1]


def stack_machine(x):
    st = []
    for v in x:
        st.append(v)
        if len(st) > 2:
            a = st.pop()
            b = st.pop()
            st.append(a * b)
    t = 0.0
    while st:
        v = st.pop()
        t += v * v
    return t


def popped_in_expression(x):
    st = []
    for v in x:
        st.append(v * v)
    t = st.pop() * st.pop()
    return t + st.pop() * t


def popped_for_nothing(x):
    st = []
    for v in x:
        st.append(v * v)
    st.pop()
    return sum(st)


def popped_first(x):
    q = []
    for v in x:
        q.append(v * v)
    t = 0.0
    while len(q) > 1:
        v = q.pop(0)
        t += v * q[0]
    return t


def queue(x, n):
    q = [x[0], x[1]]
    total = 0.0
    for k in range(n):
        v = q.pop(0)
        q.append(v * q[-1])
        total += v
    return total + q[0]


def inserted(x, a):
    q = [a]
    for v in x:
        q.insert(0, v * q[0])
    q.insert(2, a)
    return q[0] * q[2] + q[-1] * q[1]


def extended(x, a):
    q = [a]
    for k in range(2):
        more = []
        for v in x:
            more.append(v * a)
        q.extend(more)
        q += [a * a]
    q.extend([a, x[0] * a])
    return sum(q) * q[3]


def extended_by_array(x, a):
    q = [a]
    q.extend(x)
    q.extend(x * x)
    return sum(q) * q[-1]


def reversed_list(x, a):
    q = [a]
    for v in x:
        q.append(v * q[-1])
    q.reverse()
    p = q[::-1]
    return q[0] * p[1] * q[2]


def cleared(x, a):
    q = []
    t = a
    for v in x:
        q.append(v * t)
        if len(q) > 1:
            t = t + sum(q)
            q.clear()
    return t + sum(q)


def table(x, n):
    t = [0.0] * n
    for i in range(n):
        t[i] = x[i] * x[i]
    for i in range(1, n):
        t[i] += t[i - 1] * x[i]
    return t[n - 1] * t[0]


def table_of_parameter(a, n):
    t = [a] * n
    for i in range(1, n):
        t[i] *= t[i - 1]
        t[i] -= a
    return t[-1] * t[1]


def table_of_two(a, b, n):
    t = [a, b * b] * n
    return t[0] * t[1] + t[2] * t[3]


def table_of_arrays(x, n):
    t = [x] * n
    t[1] = x * t[0]
    for i in range(2, n):
        t[i] = t[i - 1] * t[i - 2]
    return np.sum(t[-1] * t[1])


def dynamic_program(x, n):
    best = [0.0] * (n + 1)
    for i in range(1, n + 1):
        take = best[i - 1] + x[i - 1] ** 2
        skip = best[i - 2] + 2.0 * x[i - 1] if i > 1 else 0.0
        if take > skip:
            best[i] = take
        else:
            best[i] = skip
    return best[n]


def overwritten_slot(x, a):
    xs = [a, a * x[0], x[1]]
    v = xs[1]
    xs[1] = 2.0 * v * xs[0]
    xs[0] = v
    return xs[0] * xs[1] * xs[2]


def swapped(x, a):
    xs = [a, a * x[0], x[1] * a]
    xs[0], xs[2] = xs[2], xs[0]
    return xs[0] * xs[0] + xs[2] ** 3


def arrays_in_place(x, n):
    xs = []
    for k in range(n):
        xs.append(x * (k + 1.0))
    for k in range(1, n):
        xs[k][0] = xs[k - 1][1] * xs[k][2]
    return np.sum(xs[-1] * xs[0])


def arrays_added_in_place(x, n):
    xs = []
    for k in range(n):
        xs.append(x * (k + 1.0))
    for k in range(1, n):
        xs[k] += xs[k - 1] * x
    return np.sum(xs[-1] * xs[1])


def filled_then_listed(x, n):
    rows = []
    for k in range(n):
        buf = np.zeros(len(x))
        for i in range(len(x)):
            buf[i] = x[i] * x[k]
        rows.append(buf)
    t = 0.0
    for row in rows:
        t += np.sum(row * row)
    return t


def written_before_listed(x, n):
    rows = []
    y = x * 1.0
    for k in range(n):
        y[0] = y[1] * y[0]
        rows.append(y.copy())
        y[1] = y[0] * 0.5
    return np.sum(rows[0] * rows[-1])


def written_after_listed(x):
    rows = []
    y = x * 1.0
    rows.append(y)
    y[0] = 5.0
    return np.sum(rows[0] * x)


def written_from_list(x):
    rows = [x * 2.0, x * 3.0]
    v = rows[0]
    v[0] = x[1]
    return np.sum(rows[0] * rows[1])


def one_array_twice(x):
    y = x * 2.0
    rows = [y, y]
    rows[0][0] = x[1]
    return np.sum(rows[1] * x)


def alias_appended(x, a):
    xs = [a]
    ys = xs
    ys.append(a * x[0])
    return sum(xs)


def alias_read_only(x, a):
    xs = [a, a * x[0]]
    ys = xs
    return ys[0] * xs[1]


def alias_then_rebound(x, a):
    xs = [a]
    for v in x:
        ys = xs
        xs = []
        for u in ys:
            xs.append(u * v)
    return sum(xs)


def layers(x, ws, n):
    layer = []
    for v in x:
        layer.append(v)
    for k in range(n):
        new = []
        for v in layer:
            new.append(math.tanh(v * ws[k]))
        layer = new
    return sum(layer)


def append_while_iterated(x, a):
    xs = [a]
    for v in xs:
        if len(xs) < 4:
            xs.append(v * a)
    return sum(xs)


def nested(x, n):
    rows = []
    for i in range(n):
        row = []
        for v in x:
            row.append(v * v * i)
        rows.append(row)
    s = 0.0
    for row in rows:
        for v in row:
            s += v * v
    return s


def nested_indexed(x, n):
    A = []
    for i in range(n):
        A.append([0.0] * n)
    for i in range(n):
        for j in range(n):
            A[i][j] = x[i] * x[j] + i
    t = 0.0
    for i in range(n):
        for j in range(n):
            t += A[i][j] * A[j][i]
    return t


def nested_to_array(x, n):
    A = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append(x[i] * x[j])
        A.append(row)
    M = np.array(A)
    return np.sum(M @ M)


def buckets(x):
    b = [[], []]
    for v in x:
        b[0].append(v * v)
    return sum(b[0])


def halves(x, a):
    xs = []
    for v in x:
        xs.append(v * a)
    m = len(xs) // 2
    left, right = xs[:m], xs[m:]
    s = 1.0
    for v in left:
        s *= v
    return s + sum(right)


def concatenated(x, a):
    xs = [a]
    ys = []
    for v in x:
        xs.append(v * a)
        ys.append(v)
    zs = xs + ys
    return zs[0] * zs[-1] + sum(zs) * zs[1]


def concatenated_twice(x, a):
    xs = [a]
    for v in x:
        xs.append(v * a)
    zs = xs + xs
    return zs[0] * zs[-1] + sum(xs + [a] + zs)


def copied(x, a):
    xs = [a]
    for v in x:
        xs.append(v * xs[-1])
    ys = xs.copy()
    zs = list(xs)
    ys.append(a)
    zs.pop()
    return sum(ys) * zs[-1] + xs[-1]


def list_of_array(x, a):
    xs = list(x)
    xs.append(a)
    return xs[0] * xs[-1] * xs[1]


def to_list(x, a):
    xs = x.tolist()
    xs.append(a)
    return xs[0] * xs[-1] * xs[1]


def returned(x, a):
    out = []
    for v in x:
        out.append(v * a)
    return out


def returned_arrays(x, n):
    out = []
    for k in range(n):
        out.append(x * k * x)
    return out


def returned_display(x, a):
    return [x[0] * a, a, x[1]]


def helper_makes(x, a):
    out = []
    for v in x:
        out.append(v * v * a)
    return out


def from_callee(x, a):
    out = helper_makes(x, a)
    out.append(a)
    return sum(out) * out[0]


def helper_takes(vs, a):
    t = a
    for v in vs:
        t = t * v + a
    return t


def to_callee(x, a):
    vs = [a]
    for v in x:
        vs.append(v * v)
    return helper_takes(vs, a) + helper_takes([a, a * a], vs[1])


def merge(xs, a):
    if len(xs) < 2:
        return xs
    m = len(xs) // 2
    left = merge(xs[:m], a)
    right = merge(xs[m:], a)
    out = []
    for v in left:
        out.append(v * a)
    for v in right:
        out.append(v)
    return out


def recursive(x, a):
    xs = []
    for v in x:
        xs.append(v * v)
    ys = merge(xs, a)
    return ys[0] * ys[-1] + sum(ys)


def helper_appends(xs, a):
    xs.append(a)
    return a


def callee_writes(x, a):
    xs = [a]
    b = helper_appends(xs, a * a)
    return sum(xs) * b


def whole_numbers(x, n):
    ks = []
    for k in range(n):
        if x[k] > 0:
            ks.append(k)
    t = 0.0
    for k in ks:
        t += x[k] * x[k]
    return t + x[0]


def index_lists(x, n):
    ks = []
    for k in range(n):
        ks.append(k)
        ks.append(0)
    return np.sum(x[ks] ** 2)


def list_in_condition(x, a):
    xs = []
    for v in x:
        if not xs:
            xs.append(v * a)
        elif len(xs) < 3:
            xs.append(xs[-1] * v)
    if xs and len(xs) > 1:
        t = xs[1]
    else:
        t = a
    return t * t


def one_arm_reads(x, a):
    xs = [a]
    t = 0.0
    for v in x:
        xs.append(v * xs[-1])
        if v > 0:
            t += xs[-2] * a
    return t


def read_in_one_arm_only(x, a):
    xs = []
    for v in x:
        xs.append(v * a)
    if a > 0:
        t = sum(xs)
    else:
        t = a
    return t * a


def emptied_in_one_arm(x, a):
    xs = [a]
    for v in x:
        if v > 0:
            xs = []
        xs.append(v * a)
    return sum(xs)


def pop_in_one_arm(x, a):
    xs = [a, a * a]
    for v in x:
        if v > 0 and len(xs) > 1:
            xs.pop()
        else:
            xs.append(v * xs[-1])
    return sum(xs)


def written_again_later(x, a):
    xs = [a]
    for v in x:
        xs.append(xs[-1] * v)
    t = xs[1] * xs[-1]
    xs[1] = t * t
    xs.append(t)
    xs[-1] *= xs[0]
    return t * xs[1] + xs[-1]


def float32_items(x, n):
    xs = []
    for k in range(n):
        xs.append(x[k] * x[0])
    return np.sum(np.array(xs) ** 2)


def float32_arrays(x, n):
    xs = []
    for k in range(n):
        xs.append(x * x[k])
    return np.sum(np.stack(xs) ** 2)


def sizes_differ(x, n):
    parts = []
    for k in range(n):
        parts.append(x[: k + 1] * x[k])
    t = 0.0
    for part in parts:
        t += np.sum(part * part)
    return t


def name_used_twice(x, a):
    xs = []
    for v in x:
        xs.append(v * a)
    xs = np.array(xs)
    return np.sum(xs * xs)


def tuples_in_list(x, a):
    pairs = []
    for v in x:
        pairs.append((v, v * a))
    t = 0.0
    for p in pairs:
        t += p[0] * p[1]
    return t


def unpacked(x, a):
    xs = [a]
    for v in x[:2]:
        xs.append(v * a)
    p, q, r = xs
    return p * q * r


def removed(x, a):
    xs = [a, x[0]]
    xs.remove(a)
    return xs[0]


def sorted_list(x, a):
    xs = [a, x[0]]
    xs.sort()
    return xs[0]


def deleted(x, a):
    xs = [a, x[0]]
    del xs[0]
    return xs[0]


def numbers_and_arrays(x, a):
    xs = [a]
    xs.append(x)
    return xs[0] * np.sum(xs[1])


def windowed(x, n):
    w = []
    t = 0.0
    for v in x:
        w.append(v)
        if len(w) > n:
            w.pop(0)
        t += max(w) * sum(w)
    return t


def names_collide(xs_bar, xs):
    ys = []
    for v in xs:
        ys.append(v * xs_bar)
    popped = ys.pop()
    return popped * sum(ys)


def newton_history(a, n):
    xs = [a]
    for k in range(n):
        x = xs[-1]
        xs.append(x - (x * x - 2.0) / (2.0 * x))
    return xs[-1] * xs[1] - xs[0]


def early(x, a):
    xs = []
    for v in x:
        xs.append(v * a)
    if len(xs) > 100:
        return a
    return sum(xs)


f32 = lambda draw: np.array(draw.rng.normal(size=4) + 2.0, dtype=np.float32)  # noqa: E731

CASES = [
    Case(squares_summed, takes(vec())),
    Case(filtered, takes(vec(), num()), wrt=(0, 1)),
    Case(filtered_empty, takes(vec(), num()), wrt=(0, 1)),
    Case(never_filled, takes(vec(), num()), wrt=(0, 1)),
    Case(built_from_range, takes(num(), whole(0, 5))),
    Case(sum_with_start, takes(vec(), num()), wrt=(0, 1)),
    Case(compensated, takes(vec(3, 1.0, 2.0)), exact=lambda _: (np.ones(3),)),
    Case(fsum_of_list, takes(vec(), num()), wrt=(0, 1)),
    Case(sum_of_array, takes(vec())),
    Case(sum_of_rows, takes(mat())),
    Case(sum_of_arrays, takes(vec(), whole(1, 4))),
    Case(sum_of_display, takes(vec(3), num()), wrt=(0, 1)),
    Case(sum_of_displays_of_arrays, takes(vec(), vec()), wrt=(0, 1)),
    Case(greatest, takes(vec())),
    Case(to_array, takes(vec())),
    Case(to_array_twice, takes(vec())),
    Case(to_array_of_mixed, takes(vec(), num()), wrt=(0, 1)),
    Case(numpy_of_list, takes(vec(low=0.5), num(0.5, 2.0)), wrt=(0, 1)),
    Case(list_times_array, takes(vec(), num()), wrt=(0, 1)),
    Case(numpy_of_display, takes(num(), num()), wrt=(0, 1)),
    Case(stacked, takes(mat(3, 3), vec(3), whole(1, 4)), wrt=(0, 1)),
    Case(stacked_last_axis, takes(vec(), whole(1, 3))),
    Case(joined_arrays, takes(vec(), whole(1, 3))),
    Case(array_of_arrays, takes(vec(3), 3)),
    Case(trajectory, takes(vec(3), mat(3, 3), whole(0, 4)), wrt=(0, 1), expect="either"),
    Case(recurrence, takes(num(), whole(0, 5))),
    Case(recurrence_rebound, takes(num(), whole(1, 5))),
    Case(stack_machine, takes(vec())),
    Case(popped_in_expression, takes(vec())),
    Case(popped_for_nothing, takes(vec())),
    Case(popped_first, takes(vec())),
    Case(queue, takes(vec(), whole(0, 5))),
    Case(inserted, takes(vec(), num()), wrt=(0, 1)),
    Case(extended, takes(vec(), num()), wrt=(0, 1)),
    Case(extended_by_array, takes(vec(), num()), wrt=(0, 1)),
    Case(reversed_list, takes(vec(), num()), wrt=(0, 1)),
    Case(cleared, takes(vec(), num()), wrt=(0, 1)),
    Case(table, takes(vec(5), whole(1, 5))),
    Case(table_of_parameter, takes(num(), whole(2, 5))),
    Case(table_of_two, takes(num(), num(), 2), wrt=(0, 1)),
    Case(table_of_arrays, takes(vec(), whole(2, 4))),
    Case(dynamic_program, takes(vec(5), 5)),
    Case(overwritten_slot, takes(vec(), num()), wrt=(0, 1)),
    Case(swapped, takes(vec(), num()), wrt=(0, 1)),
    Case(arrays_in_place, takes(vec(), whole(1, 4))),
    Case(arrays_added_in_place, takes(vec(), whole(2, 4))),
    Case(filled_then_listed, takes(vec(), whole(1, 3))),
    Case(written_before_listed, takes(vec(), whole(1, 4))),
    Case(written_after_listed, takes(vec())),
    Case(written_from_list, takes(vec())),
    Case(one_array_twice, takes(vec())),
    Case(alias_appended, takes(vec(), num()), wrt=(0, 1)),
    Case(alias_read_only, takes(vec(), num()), wrt=(0, 1)),
    Case(alias_then_rebound, takes(vec(), num()), wrt=(0, 1)),
    Case(layers, takes(vec(), vec(3), whole(0, 3)), wrt=(0, 1)),
    Case(append_while_iterated, takes(vec(), num()), wrt=(0, 1), expect="refused"),
    Case(nested, takes(vec(), whole(0, 3))),
    Case(nested_indexed, takes(vec(4), whole(0, 4)), expect="either"),
    Case(nested_to_array, takes(vec(4), whole(1, 4))),
    Case(buckets, takes(vec()), expect="either"),
    Case(halves, takes(vec(), num()), wrt=(0, 1)),
    Case(concatenated, takes(vec(), num()), wrt=(0, 1)),
    Case(concatenated_twice, takes(vec(), num()), wrt=(0, 1)),
    Case(copied, takes(vec(), num()), wrt=(0, 1)),
    Case(list_of_array, takes(vec(), num()), wrt=(0, 1)),
    Case(to_list, takes(vec(), num()), wrt=(0, 1)),
    Case(returned, takes(vec(), num()), wrt=(0, 1)),
    Case(returned_arrays, takes(vec(), whole(0, 3))),
    Case(returned_display, takes(vec(), num()), wrt=(0, 1)),
    Case(from_callee, takes(vec(), num()), wrt=(0, 1)),
    Case(to_callee, takes(vec(), num()), wrt=(0, 1)),
    Case(recursive, takes(vec(), num()), wrt=(0, 1)),
    Case(callee_writes, takes(vec(), num()), wrt=(0, 1), expect="either"),
    Case(whole_numbers, takes(vec(5), whole(0, 5))),
    Case(index_lists, takes(vec(5), whole(1, 5))),
    Case(list_in_condition, takes(vec(), num()), wrt=(0, 1)),
    Case(one_arm_reads, takes(vec(), num()), wrt=(0, 1)),
    Case(read_in_one_arm_only, takes(vec(), num()), wrt=(0, 1)),
    Case(emptied_in_one_arm, takes(vec(), num()), wrt=(0, 1), expect="either"),
    Case(pop_in_one_arm, takes(vec(), num()), wrt=(0, 1)),
    Case(written_again_later, takes(vec(), num()), wrt=(0, 1)),
    Case(float32_items, takes(f32, whole(1, 4))),
    Case(float32_arrays, takes(f32, whole(1, 4))),
    Case(sizes_differ, takes(vec(4), whole(0, 4))),
    Case(name_used_twice, takes(vec(), num()), wrt=(0, 1)),
    Case(tuples_in_list, takes(vec(), num()), wrt=(0, 1), expect="either"),
    Case(unpacked, takes(vec(), num()), wrt=(0, 1)),
    Case(removed, takes(vec(), num()), wrt=(0, 1)),
    Case(sorted_list, takes(vec(), num()), wrt=(0, 1)),
    Case(deleted, takes(vec(), num()), wrt=(0, 1)),
    Case(numbers_and_arrays, takes(vec(), num()), wrt=(0, 1), expect="either"),
    Case(windowed, takes(vec(), whole(1, 3))),
    Case(names_collide, takes(num(), vec()), wrt=(0, 1)),
    Case(newton_history, takes(num(1.0, 2.0), whole(1, 4))),
    Case(early, takes(vec(), num()), wrt=(0, 1)),
]


# -- lists as arguments --------------------------------------------------------------------------------------


def floats(size="n"):
    return lambda draw: [float(v) for v in draw.rng.normal(size=draw.size(size))]


def arrays(count, *sizes):
    return lambda draw: [draw.rng.normal(size=tuple(map(draw.size, sizes))) for _ in range(draw.size(count))]


def ragged(count):
    return lambda draw: [draw.rng.normal(size=k + 1) for k in range(count)]


def grid(rows, columns):
    return lambda draw: [[float(v) for v in row] for row in draw.rng.normal(size=(draw.size(rows), draw.size(columns)))]


def argument_summed(xs, a):
    t = 0.0
    for v in xs:
        t += v * v * a
    return t + sum(xs)


def argument_indexed(xs):
    return xs[0] * xs[1] * xs[-1]


def argument_to_array(xs):
    x = np.array(xs)
    return np.sum(x * x * x)


def argument_of_numpy(xs, ys):
    return np.dot(xs, ys) + np.sum(np.exp(xs))


def argument_appended(xs, a):
    xs.append(a)
    xs[0] = xs[1] * a
    return sum(xs) * xs[-1] + xs[0] * xs[0]


def argument_untouched(xs, a):
    return a * a * len(xs)


def argument_returned(xs, a):
    return xs


def argument_mapped(xs, a):
    out = []
    for v in xs:
        out.append(v * v * a)
    return out


def network(ws, bs, x):
    for k in range(len(ws)):
        x = np.tanh(ws[k] @ x + bs[k])
    return np.sum(x * x)


def network_by_item(ws, x):
    for w in ws:
        x = np.tanh(w @ x)
    return np.sum(x * x)


def arrays_of_all_sizes(ws):
    t = 0.0
    for w in ws:
        t += np.sum(w * w) * w[0]
    return t


def matrix_of_lists(A, n):
    t = 0.0
    for i in range(len(A)):
        for j in range(n):
            t += A[i][j] * A[i][j - 1]
    return t


def matrix_made_array(A):
    M = np.array(A)
    return np.sum(M @ M.T)


def item_written(ws):
    ws[0][0] = 3.0
    return np.sum(ws[0] * ws[1])


def item_of_copy_written(ws):
    w = ws[0].copy()
    w[0] = w[1] * w[1]
    return np.sum(w * ws[1])


def one_list_twice(xs, ys):
    ys.append(xs[0] * 2.0)
    return sum(xs) + sum(ys) * xs[1]


def fixed_shapes(params, x):
    y = np.tanh(params[0] @ x + params[1])
    return np.sum(y * params[1])


def empty_or_not(xs, a):
    t = a
    for v in xs:
        t = t * v
    return t * a


def through_helper(xs, a):
    return helper_takes(xs, a) * sum(helper_makes(xs, a))


def annotated(xs: list[float], a: float) -> float:
    t = a
    for v in xs:
        t = t * v + math.sin(v)
    return t


def annotated_arrays(ws: list[np.ndarray], x: np.ndarray) -> float:
    for w in ws:
        x = np.tanh(w * x)
    return np.sum(x)


def float32_list(ws, n):
    t = ws[0]
    for k in range(1, len(ws)):
        t = t * ws[k]
    return np.sum(t)


def whole_list(ks, a):
    t = a
    for k in ks:
        t = t * k
    return t


def popped_argument(xs, a):
    t = a
    while xs:
        v = xs.pop()
        t = t * v + v
    return t


def twice(rng):
    xs = [float(v) for v in rng.normal(size=3)]
    return xs, xs


def array_twice(rng):
    x = rng.normal(size=(3, 3))
    return [x, x], rng.normal(size=3)


CASES += [
    Case(argument_summed, takes(floats(), num()), wrt=(0, 1)),
    Case(argument_indexed, takes(floats())),
    Case(argument_to_array, takes(floats())),
    Case(argument_of_numpy, takes(floats(), floats()), wrt=(0, 1)),
    Case(argument_appended, takes(floats(), num()), wrt=(0, 1)),
    Case(argument_untouched, takes(floats(), num()), wrt=(0, 1)),
    Case(argument_returned, takes(floats(), num()), wrt=(0, 1)),
    Case(argument_mapped, takes(floats(), num()), wrt=(0, 1)),
    Case(network, takes(arrays("k", 3, 3), arrays("k", 3), vec(3)), wrt=(0, 1, 2)),
    Case(network_by_item, takes(arrays("k", 3, 3), vec(3)), wrt=(0, 1)),
    Case(network_by_item, array_twice, wrt=(1,), name="one array twice in a list"),
    Case(arrays_of_all_sizes, takes(ragged(4))),
    Case(matrix_of_lists, takes(grid(3, "n"), 3)),
    Case(matrix_made_array, takes(grid("m", "n"))),
    Case(item_written, takes(arrays(2, 3))),
    Case(item_of_copy_written, takes(arrays(2, 3))),
    Case(one_list_twice, takes(floats(), floats()), wrt=(0, 1)),
    Case(one_list_twice, twice, wrt=(0, 1), name="one list for two", raises=None, expect="either"),
    Case(fixed_shapes, takes(lambda draw: [draw.rng.normal(size=(3, 3)), draw.rng.normal(size=3)], vec(3)), wrt=(0, 1)),
    Case(empty_or_not, takes(lambda _: [], num()), wrt=(0, 1)),
    Case(through_helper, takes(floats(), num()), wrt=(0, 1)),
    Case(annotated, takes(floats(), num()), wrt=(0, 1)),
    Case(annotated_arrays, takes(arrays(3, 4), vec(4)), wrt=(0, 1)),
    Case(float32_list, takes(lambda draw: [draw.rng.normal(size=3).astype(np.float32) for _ in range(3)], 3)),
    Case(whole_list, takes([1, 2, 3], num()), wrt=(1,)),
    Case(popped_argument, takes(floats(), num()), wrt=(0, 1)),
]


# -- comprehensions, and what the first attack on all this tried ---------------------------------------------


def comprehended(x, a):
    xs = [v * a for v in x if v > 0]
    ys = [u * u for u in xs]
    return sum(ys) + sum(xs)


def enumerated_and_zipped(x, a):
    xs = []
    for i, v in enumerate(x):
        xs.append(v * i)
    return sum(u * w for u, w in zip(xs, x, strict=True)) * a


def best_so_far(x, a):
    best = [a]
    for v in x:
        longer = [*best, v * a]
        if v > 0:
            best = longer
    return sum(best)


def stack_of_arrays(x, a):
    st = [x * a]
    for _ in range(3):
        v = st.pop()
        w = v * v
        w[0] = 1.0
        st.append(w)
        st.append(v + w)
    return np.sum(st[-1] * st[0])


def ring(x, a):
    xs = [a, a]
    for i in range(len(x)):
        xs[i % 2] = xs[(i + 1) % 2] * x[i] + xs[i % 2]
        if x[i] > 0:
            xs[0], xs[1] = xs[1], xs[0]
    return xs[0] * xs[1]


def lists_of_sums(x, a):
    outs = []
    for v in x:
        acc = []
        for w in x:
            if w > v:
                acc.append(w * v * a)
        outs.append(sum(acc) * a)
    return max(outs) + sum(outs)


def generations(x, a):
    total = 0.0
    cur = [a]
    for v in x:
        nxt = []
        for u in cur:
            nxt.append(u * v)
            if len(nxt) < 3:
                nxt.append(u + v)
        cur = nxt
        total += sum(cur)
    return total


def view_held(x, a):
    hist = []
    y = x * a
    hist.append(y[1:])
    y[2] = 7.0
    return np.sum(hist[0] * hist[0])


def buffer_held(x, a):
    buf = np.zeros(3)
    hist = []
    for _ in range(3):
        buf = buf + x[:3] * a
        hist.append(buf)
        buf[0] = 0.0
    return np.sum(hist[0]) + np.sum(hist[2])


def written_in_place_and_copied(x, a):
    hs = []
    h = x * 1.0
    for _ in range(3):
        h *= a
        hs.append(h.copy())
        h += hs[0]
    return np.sum(hs[0] * hs[1] * h)


def window_of_states(x, a):
    h = x * a
    hs = [h]
    for _ in range(3):
        h = h * 0.5 + hs[-1] * hs[0]
        hs.append(h)
        if len(hs) > 2:
            hs.pop(0)
    return np.sum(hs[0] * h)


def found_while_jumping(x, a):
    xs = []
    k = 0
    while True:
        if k >= len(x):
            break
        if x[k] < 0:
            k += 1
            continue
        xs.append(x[k] * a)
        k += 1
    t = 1.0
    for v in reversed(xs):
        t = t * v + a
    return t


def parts_stored(x, a):
    xs = []
    for t in x:
        xs.append(t * a)
    for k in range(2):
        xs[k : k + 2] = [xs[k] * xs[k + 1]]
        xs[k + 1 :] = [t * a for t in xs[k:]]
    xs[-1:] = [xs[0] * a, xs[1]]
    xs[5:1] = [a * xs[1]]
    xs[::2] = [t * t for t in xs[::2]]
    return sum(p * q for p, q in zip(xs, xs[::-1]))


def tuples_of_several_sizes(x, a):
    held = []
    for k in range(1, len(x)):
        held.append((x[:k] * a, x[k] ** 2))
    s = 0.0
    for item in held:
        p = item[0]
        q = item[1]
        s += np.sum(p**2) * q
    return s


def diagonal_before_it_is_written(x, a):
    L = np.outer(x, x) + np.eye(len(x))
    s = np.sum(np.log(np.diag(L)) * np.sin(L.reshape(-1)[: len(x)]))
    L[0, 0] = 5.0 * a
    return s * np.sum(L**2)


def item_written_once_its_name_is_read(x, a):
    xs = [x * a, x * 2]
    t = xs[0]
    s = np.sum(t**3)
    xs[0] *= 3.0
    return s * a + np.sum(xs[0]) * np.sum(xs[1])


def list_changed_once_its_name_is_read(x, a):
    now = [x[0] * a, x[1] * 1.0]
    s = 0.0
    for _ in range(3):
        old = now
        s += old[0] ** 3 * old[1]
        now[0] = now[0] * a
        now[1] = now[1] * now[0]
        now.append(s)
    return s * a + sum(now) ** 2


def argument_that_flows_to_an_item_first(x, a):
    c = [x * 2.0, x * x[0]]
    u = c[1][1] * c[0][0] * a
    return np.sum(c[0] * x) + u


def scale(row, k):
    row *= k


def item_of_a_shallow_copy_given_to_what_writes_it(x, a):
    c = [x * 2.0, x * a]
    d = c.copy()
    scale(d[0], a)
    return np.sum(c[0] * x) + c[1][1] * c[0][0] + d[0] @ x


CASES += [
    Case(f, takes(vec(4), num()), wrt=(0, 1), expect=expect)
    for f, expect in (
        (item_written_once_its_name_is_read, "either"),
        (list_changed_once_its_name_is_read, "right"),
        (tuples_of_several_sizes, "right"),
        (diagonal_before_it_is_written, "right"),
        (parts_stored, "right"),
        (comprehended, "right"),
        (enumerated_and_zipped, "right"),
        (best_so_far, "either"),
        (stack_of_arrays, "right"),
        (ring, "right"),
        (lists_of_sums, "right"),
        (generations, "right"),
        (view_held, "right"),
        (buffer_held, "refused"),
        (written_in_place_and_copied, "right"),
        (window_of_states, "right"),
        (found_while_jumping, "right"),
        (argument_that_flows_to_an_item_first, "right"),
        (item_of_a_shallow_copy_given_to_what_writes_it, "right"),
    )
]
