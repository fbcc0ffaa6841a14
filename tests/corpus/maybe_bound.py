"""Names, and objects, that only some paths have bound where others read, keep or write them."""

import numpy as np

from case import Case, mat, num, takes, vec, whole


def handed_on_under_a_flag(x, k):
    c, z = k % 2 == 0, k > 1
    if c:
        a = x[0]
        b = x[:2] * 1.0
    if c and z:
        t = a * x[1]
        w = b * t
        if c:
            a2 = t
        if c:
            b2 = w
    else:
        if c:
            a2 = a
        if c:
            b2 = b
    if c and z:
        t = a2 * x[1]
        w = b2 * t
        if c:
            a3 = t
        if c:
            b3 = w
    else:
        if c:
            a3 = a2
        if c:
            b3 = b2
    if c and z:
        t = a3 * x[1]
        w = b3 * t
        if c:
            a4 = t
        if c:
            b4 = w
    else:
        if c:
            a4 = a3
        if c:
            b4 = b3
    return a4 + np.sum(b4) if c else x[2]


def bound_thrice_in_arms(x, k):
    z = k > 0
    a = x[0]
    w = x * 2.0
    if z:
        t = a * x[1]
        w = w * t
    if z:
        t = t * x[2]
        w = w * t
    if z:
        t = t * t
        w = w * t
    return np.sum(w)


def read_by_a_loop_that_may_not_run(x, k):
    s = x[0]
    if k > 0:
        t = x[1] * s
    for _ in range(k):
        s = s + t * t
    if k < 2:
        t = s * x[2]
    return t * t + s


def read_in_a_try(x, k):
    if k > 0:
        t = x[1] * x[2]
        if k > 1:
            t = x[0] + t * t
    q = x * 1.0
    w = x[0]
    try:
        for _ in range(k):
            w = x[1] * x[2]
            q = x * t
    finally:
        t = w
    return t * t + np.sum(q)


def read_in_a_turn_and_bound_before(x, k):
    w = x[2]
    if k > 0:
        s = x[1] * x[1]
        u = x[2] * s
    else:
        s = x[0]
    for j in range(3):
        if k > 0:
            s = u * x[1]
        else:
            u = 0.5 * s
        if j > 1:
            u = u * s
        w = w + x[2] * s
    return u * u + w


def bound_by_a_loop_in_a_turn(x, k):
    w = x[0]
    for i in range(3):
        if i == 1:
            p = x[1] * w
        for j in range(i):
            t = 0.5 * w + j
            w = w * t
        if i > k:
            t = w * x[2]
            w = np.sin(t)
        if i > 1:
            w = w + p
    return w


def either_dict_written(x, k):
    old = {"a": x[0], "b": x[1]}
    if k > 1:
        d = {"a": x[2] * 2.0, "b": x[0] * x[0]}
    else:
        d = old
    if k % 2:
        pass
    else:
        d["a"] = d["a"] * x[1] * 3.0
    return d["a"] * d["b"] + old["a"]


def one_of_two_made_with_care(x, k):
    old = {"a": x[0], "b": x[1]}
    d = old if k > 1 else {"a": x[1] * 2.0, "b": x[5] if x.size > 5 else x[3]}
    if k % 2:
        d["b"] = d["a"] * x[2]
    else:
        d["a"] = d["a"] * x[1] * 3.0
    return d["a"] * d["b"] + old["a"]


def two_names_of_either(x, k):
    c, z = k % 2 == 0, k > 1
    old = {"a": x[0], "b": x[:2]}
    if c:
        d = {"a": x[2] * 2.0, "b": x[1:3] * 2.0}
        if z:
            d["b"] = x[1:2]
        else:
            old = d
    else:
        d = old
    for j in range(3):
        if z:
            d["a"] = d["a"] * x[j]
        else:
            old["a"] = old["a"] * x[1] * 3.0
            old["b"] = old["b"] * x[j]
    return d["a"] * np.sum(d["b"]) + old["a"]


def dict_of_one_path(x, k):
    c, z = k % 2 == 0, k > 1
    if c:
        d = {"a": x[0], "b": x[:2]}
    for _ in range(2):
        if c and z:
            d["a"] = d["a"] * x[1]
            d["b"] = d["b"] * d["a"]
    if c:
        d["a"] = d["a"] * x[2]
    if c:
        return d["a"] + np.sum(d["b"])
    return x[0]


def either_under_a_second_name(x, k):
    t = x[2]
    o = {"a": x[1], "b": x * 1.5}
    if k > 0:
        d = {"a": t * x[2], "b": x * t}
        if k > 2:
            o = d
    o["b"] = x * t
    d = o
    return t * t + d["a"] * np.sum(d["b"]) + o["a"]


def copied_in_some_turns(x, k):
    d = {"a": x[0] * 1.0, "b": x[1:]}
    first = d
    for e in [1.0, 2.0, 3.0, 4.0]:
        d["a"] = d["a"] * e
        if k == 3:
            pass
        elif e > k + 1.0:
            d = d.copy()
            d["b"] = d["b"] * d["a"]
    return d["a"] * d["b"][0] + first["a"] * np.sum(first["b"])


def copied_after_a_list(x, k):
    d = {"a": x[0], "b": x[1:]}
    first = d
    for e in [0.2, 1.0, 4.0, 9.0]:
        d["a"] = d["a"] * e
        if k == 3:
            pass
        elif sum(map(np.cosh, d["b"])) > e * (k + 1):
            d = d.copy()
    return d["a"] + first["a"] * np.sum(first["b"])


def item_by_one_of_another_shape(xs):
    xs[0] = np.sum(xs[0])
    return xs[0] * np.sum(xs[1])


def sum_put_into_a_list(x, xs):
    xs.append(np.sum(x))
    return xs[-1] * xs[0]


def bound_anew_after_an_unread_change(A, x):
    B = np.minimum(A.T, 0.5)
    s = np.max(B)
    B += np.sin(A.T)
    B = np.outer(x, x[:-1])
    return np.sin(s) + B[0, 1]


def transposed_after_an_unread_change(x, A):
    A += np.sin(A[-2, -1])
    A = A.T
    return np.sum(np.sin(x))


def item_by_what_it_repeats(xs):
    xs = [xs[0].copy() * 1.5] * 2
    return 0.25 * np.sum(xs[-1] ** 2) + 1.5 * np.sum(xs[0] ** 2)


def scaled(u):
    return u * 1.15


def bound_to_itself_in_an_arm(x, b):
    if scaled(np.cos(x[3])) > b:
        x = x
    else:
        x[-4] = np.sin(b)
    return np.sum(x * x)


class Two:
    def __init__(self, u, v):
        self.u = u
        self.v = v


def dict_in_turns_until_returned(x, k):
    for e in [x[0] ** 2, np.arctan(x[1])]:
        if k > 0:
            c = {"u": e, "w": np.sin(x[2])}
            if x[0] > 0:
                return c["w"] * 0.32 + e * c["u"]
        elif x[0] > 0:
            continue
    return np.sin(x[0])


def tuple_in_turns_until_left(x, k):
    for e in [x[0] ** 2, np.arctan(x[1])]:
        if k > 1:
            c = (e, np.sin(x[2]))
        elif x[1] > 0:
            c = (e * 2, x[0])
            if k == 1:
                break
    if k > 1 or x[1] > 0:
        return np.sin(x[0]) + c[0] * c[1]
    return x[0] * x[1]


def object_in_turns_until_left(x, k):
    for e in [x[0] ** 2, np.arctan(x[1])]:
        if k > 1:
            c = Two(e, np.sin(x[2]))
            d = c.v
        elif x[1] > 0:
            c = Two(e * 2, x[0])
            d = c.u
            if k == 1:
                break
    if k > 1 or x[1] > 0:
        return np.sin(x[0]) + c.u * c.v + d
    return x[0] * x[1]


def object_of_a_turn_made_again(x, k):
    for e in x:
        if k > 1:
            c = Two(e, np.sin(x[2]))
        else:
            if k == 1:
                if x[0] > 0:
                    break
        if e > 0.3 and k > 1:
            c = Two(c.u * e, c.v)
    if k > 1:
        return np.sin(x[0]) + c.u * c.v
    return x[0] * x[1]


def tuple_of_one_path_met_again(x, k):
    if k > 0:
        c = (x[0], x[1])
    if x[2] > 0:
        x = x * 2.0
    else:
        x = x + 1.0
    if x[0] > 0:
        if k > 0:
            c = (c[0] * x[1], x[2])
    if x[1] > 0:
        if k > 0:
            c = (c[0] * x[2], c[1] * x[0])
    return c[0] * c[1] if k > 0 else x[0] * x[1]


def shape_of_what_one_path_binds(x, y, u, z):
    # c is read for its shape alone on the way back, and w is as long, where it is there
    if x[0] > 0.0:
        w = np.where(y > 0.1, x[:], x * 2.0) * 1.0
        u = np.sin(w[:] ** 2)
        z = np.sin(0.5 * y)
    c = z**2 * 1.0
    return c[-1] + np.sum(np.sin(u))


def bound_by_a_path_and_anew_in_turns(x, n):
    s, a = 0.0, x * 1.1
    if x[0] > 0.0:
        w = a * x[1]
        s += w[0] * a[1]
    for _ in range(n):
        w = a * x[2]
        s += w[0] * w[1]
        a = a + w * 0.1
    return s


class Tree:
    def __init__(self, key, value):
        self.key, self.value, self.left, self.right = key, value, None, None


def insert(node, key, value):
    if node is None:
        return Tree(key, value)
    if key < node.key:
        node.left = insert(node.left, key, value)
    else:
        node.right = insert(node.right, key, value)
    return node


def weighted(node, depth):
    if node is None:
        return 0.0
    return node.value * depth + weighted(node.left, depth + 1) + weighted(node.right, depth + 1)


def tree_by_keys_of_the_run(keys, x):
    root = None
    for i in range(len(keys)):
        root = insert(root, keys[i], x[i])
    return weighted(root, 1)


CASES = [
    Case(tuple_of_one_path_met_again, takes(vec(3), whole(0, 2)), seeds=8),
    *(
        Case(f, takes(vec(3), whole(0, 3)), seeds=8)
        for f in (
            dict_in_turns_until_returned,
            tuple_in_turns_until_left,
            object_in_turns_until_left,
            object_of_a_turn_made_again,
        )
    ),
    Case(bound_by_a_path_and_anew_in_turns, takes(vec(3), whole(0, 3)), seeds=4),
    Case(handed_on_under_a_flag, takes(vec(3), whole(0, 4)), seeds=6),
    Case(bound_thrice_in_arms, takes(vec(3), whole(0, 2)), seeds=4),
    Case(read_by_a_loop_that_may_not_run, takes(vec(3), whole(0, 4)), seeds=6),
    Case(read_in_a_try, takes(vec(3), whole(0, 3)), seeds=5),
    Case(read_in_a_turn_and_bound_before, takes(vec(3), whole(0, 2)), seeds=4),
    Case(bound_by_a_loop_in_a_turn, takes(vec(3), whole(0, 3)), seeds=5),
    Case(either_dict_written, takes(vec(3), whole(0, 4)), seeds=6),
    Case(one_of_two_made_with_care, takes(vec(4), whole(0, 4)), seeds=6),
    Case(two_names_of_either, takes(vec(3), whole(0, 4)), seeds=6),
    Case(dict_of_one_path, takes(vec(3), whole(0, 4)), seeds=6),
    Case(either_under_a_second_name, takes(vec(3), whole(0, 4)), seeds=6),
    Case(copied_in_some_turns, takes(vec(3), whole(0, 4)), seeds=6),
    Case(copied_after_a_list, takes(vec(3), whole(0, 4)), seeds=6),
    Case(item_by_one_of_another_shape, takes(lambda draw: [mat(2, 3)(draw), vec(2)(draw)])),
    Case(sum_put_into_a_list, takes(vec(3), [0.4, 0.2])),
    Case(bound_anew_after_an_unread_change, takes(mat(3, 4), vec(5)), wrt=(0, 1)),
    Case(transposed_after_an_unread_change, takes(vec(3), mat(3, 4)), wrt=(0, 1)),
    Case(bound_to_itself_in_an_arm, takes(vec(4), num()), wrt=(0, 1), seeds=5),
    Case(item_by_what_it_repeats, takes(lambda draw: [vec(3)(draw), vec(2)(draw)])),
    Case(shape_of_what_one_path_binds, takes(vec(4), vec(4), vec(4), vec(4)), wrt=(0, 1, 2, 3), seeds=4),
    Case(tree_by_keys_of_the_run, takes(vec(4), vec(4)), wrt=(0, 1), seeds=6, tags=("dead lines",)),
]
