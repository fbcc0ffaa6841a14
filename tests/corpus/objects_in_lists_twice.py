"""Objects that a list has twice, or two lists have, where their number only the run tells; written while read."""

from __future__ import annotations

from case import Case, num, takes, vec


class P:
    def __init__(self, u, v=1.0):
        self.u, self.v = u, v

    def pull(self, other):
        d = other.u - self.u
        self.v += d * other.u
        other.v -= d * self.u
        return self


def made(x, k):
    return [P(a, a * k) for a in x if a > 0.2]


def ranked(ps):
    return sum((i + 1) * p.u**2 for i, p in enumerate(ps))


def grown(p, k):
    p.u = p.u * k
    return p.u


def both(p, d):
    return p.u**2 + d * p.v


def read_behind_a_write_in_an_argument(x, k):
    ps, s = made(x, k), 0.0
    for p in ps:
        for q in ps:
            s += both(p, grown(q, 1.1)) + p.u * grown(q, k)
    return s + sum(p.u for p in ps)


def the_greatest_is_added_to_all(x, k):
    ps, best = made(x, k), None
    for p in ps:
        if best is None or p.u > best.u:
            best = p
    for p in ps:
        p.u += best.u
    return sum(p.u**2 for p in ps)


def the_greatest_and_the_least_change(x, k):
    ps, best, worst = made(x, k), None, None
    for p in ps:
        if best is None or p.u > best.u:
            best = p
        if worst is None or p.u < worst.u:
            worst = p
    best.u, worst.u = worst.u * 2, best.u**2
    best.pull(worst)
    return sum(p.v * p.u for p in ps)


def some_of_them(x, k):
    qs = [p for p in made(x, k)[1:] if p.u > 0.5]
    for q in qs:
        q.u *= k
    return ranked(qs)


def backwards(x, k):
    qs = [p for p in reversed(made(x, k))]
    for q in qs:
        q.u *= k
    return ranked(qs)


def counted(x, k):
    ps = made(x, k)
    qs = [ps[i] for i in range(len(ps)) if i != 1]
    for q in qs:
        q.u *= k
    return ranked(qs)


def extended_by_new_ones(x, k):
    ps = made(x, k)
    for _ in range(2):
        ps.extend([P(a * k) for a in x if a > 0.4])
        for p in ps:
            p.u *= k
    for p in ps:
        p.u *= k
    return ranked(ps)


def every_one_twice(x, k):
    ps = made(x, k)
    qs = [ps[i // 2] for i in range(len(ps))]
    for q in qs:
        q.u *= k
    return ranked(qs)


def each_for_each(x, k):
    ps = made(x, k)
    qs = [q for p in ps for q in ps]
    for q in qs:
        q.u *= k
    return ranked(qs)


def one_many_times(x, k):
    ps = made(x, k)
    first = ps[0]
    qs = [first for p in ps]
    for q in qs:
        q.u *= k
    return ranked(qs)


def all_and_again(x, k):
    ps = made(x, k)
    qs = ps + ps
    for q in qs:
        q.u *= k
    return ranked(qs)


def some_and_all(x, k):
    ps = made(x, k)
    qs = ps[1:] + ps
    for q in qs:
        q.u *= k
    return ranked(qs)


def put_in_order_with_themselves(x, k):
    ps = made(x, k)
    qs = sorted(ps + ps, key=lambda p: p.u)
    for q in qs:
        q.u *= k
    return ranked(qs)


def in_pairs(x, k):
    ps = made(x, k)
    qs = [p for pair in zip(ps, ps) for p in pair]
    for q in qs:
        q.u *= k
    return ranked(qs)


def in_rounds(x, k):
    ps = made(x, k)
    for _ in range(2):
        ps = [ps[i // 2] for i in range(len(ps))]
        for p in ps:
            p.u *= k
    for p in ps:
        p.u *= k
    return ranked(ps)


def of_the_list_before(x, k):
    ps = made(x, k)
    first, ps = ps[0], [P(x[1])]
    for a in x:
        if a > 0.4:
            ps.append(first)
    for p in ps:
        p.u *= k
    return ranked(ps)


def from_the_end(x, k):
    ps = made(x, k)
    qs = [ps[i] for i in range(-1, len(ps))]
    for q in qs:
        q.u *= k
    return ranked(qs)


def extended_by_some_of_others(x, k):
    ps, qs = made(x, k), made(x, 2 * k)
    ps.extend([q for q in qs if q.u > 0.3])
    for q in qs:
        q.u *= k
    return ranked(qs) + sum(p.u for p in ps)


ARGS = takes(vec(5, 0.3, 1.5), num(0.6, 0.9))
RIGHT = (
    read_behind_a_write_in_an_argument, the_greatest_is_added_to_all, the_greatest_and_the_least_change,
    some_of_them, backwards, counted, extended_by_new_ones,
)  # fmt: skip
TWICE = (
    every_one_twice, each_for_each, one_many_times, all_and_again, some_and_all, put_in_order_with_themselves,
    in_pairs, in_rounds, of_the_list_before, from_the_end, extended_by_some_of_others,
)  # fmt: skip
CASES = [
    *[Case(f, ARGS, wrt=(0, 1)) for f in RIGHT],
    *[Case(f, ARGS, wrt=(0, 1), tags=("dead lines",)) for f in TWICE],
]
