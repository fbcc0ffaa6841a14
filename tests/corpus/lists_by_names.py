"""Lists that go by several names: through fields, arguments, displays; helpers that change the lists they are given."""

from case import Case, takes, vec


def put(items, v):
    items.append(v)


def put_twice(items, v):
    put(items, v * 2.0)
    put(items, v)


def raise_one(items, k, v):
    items[k] += v


def emptied(items):
    total = sum(items)
    items.clear()
    return total


def leaves(t, out, depth):
    if depth == 0:
        out.append(t)
        return
    leaves(t * 2.0, out, depth - 1)
    leaves(t * t, out, depth - 1)


class Log:
    def __init__(self):
        self.history = []
        self.greatest = 0.0

    def put(self, v):
        self.history.append(v)
        self.greatest = max(self.greatest, v)


class Tape:
    def __init__(self, v):
        self.values = [v]

    def push(self, v):
        self.values.append(v)
        return self

    def top(self):
        return self.values[-1]

    def pop(self):
        return self.values.pop()


def another_name(x):
    xs = []
    ys = xs
    for k in range(4):
        ys.append(x[k] * x[0])
    return sum(xs)


def another_name_in_each_turn(x, n=3.0):
    xs = []
    w = x[0]
    while w < n:
        ys = xs
        w = w + x[1] * x[1] + 0.5
        ys.append(w * w)
    return sum(xs)


def one_of_two(x):
    xs = [[], []]
    for k in range(4):
        ys = xs[k % 2]
        ys.append(x[k] * x[0])
    return sum(xs[0]) * sum(xs[1])


def by_helpers(x):
    xs = []
    for k in range(3):
        put(xs, x[k] * x[0])
        put_twice(xs, x[k])
    for k in range(3):
        raise_one(xs, k, x[1])
    return sum(v * v for v in xs)


def filled_and_emptied(x):
    xs = []
    total = 0.0
    for k in range(5):
        put(xs, v := x[k] * x[0])
        if k % 2:
            total += emptied(xs) ** 2
    return total + v


def by_recursion(x):
    out = []
    leaves(x[0], out, 2)
    return sum(out) * x[1]


def fields(x, n=4.0):
    log = Log()
    w = x[0]
    while w < n:
        w = w + x[1] * x[1] + 0.5
        log.put(w)
    return sum(log.history) * log.greatest


def a_field_bound_anew(x):
    log = Log()
    w = x[0]
    for _ in range(3):
        w = w + x[1]
        log.history.append(w)
        log.history = log.history + [w * w]
    return sum(log.history)


def chained_methods(x):
    tape = Tape(x[0])
    for k in range(6):
        tape.push(tape.top() * x[1]).push(x[2])
        if k % 3 == 2:
            tape.pop()
    return tape.top() * sum(tape.values)


def a_list_of_tuples_to_do(x):
    todo = [(x[0], 3)]
    total = 0.0
    while todo:
        v, depth = todo.pop()
        if depth == 0:
            total += v * v
        else:
            todo.append((v * x[1], depth - 1))
            todo.append((v + x[2], depth - 1))
    return total


CASES = [
    Case(program, takes(vec(5)))
    for program in (
        another_name,
        another_name_in_each_turn,
        one_of_two,
        by_helpers,
        filled_and_emptied,
        by_recursion,
        fields,
        a_field_bound_anew,
        chained_methods,
        a_list_of_tuples_to_do,
    )
]
