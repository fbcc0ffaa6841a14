"""What is written, taken or drawn where a value is wanted: in conditions, arguments, texts and messages."""

import numpy as np

from case import Case, takes, vec


def inserts_or_appends(x):
    held = []
    for v in x:
        held.insert(0, v * v) if v > 0.1 else held.append(v)
    return held[0] * held[-1] + len(held) * held[1]


def turns_and_clears(x):
    held, s = [], 0.0
    for k in range(len(x)):
        held.append(x[k])
        k % 2 == 1 and held.reverse()
        len(held) > 2 and held.clear()
        s = s + sum(held) * len(held) + (held[0] if held else 1.0)
    return s


def inserts_in_a_comprehension(x):
    held = [x[0]]
    given = [held.insert(k, v * v) for k, v in enumerate(x)]
    return held[0] * held[-1] * held[1] + len(given)


def by_its_class(x):
    held, table = [], {"a": x[0]}
    put = list.append
    for v in x:
        list.append(held, v * v)
        put(held, v)
    list.reverse(held)
    dict.update(table, {"b": held[0] * x[1]}, c=list.pop(held))
    return held[0] * held[-1] + table["b"] * table["c"] * np.ndarray.sum(x * x) + len(table)


def into_the_chosen_one(x):
    low, high = [1.0], [1.0]
    for v in x:
        (low if v < 0.2 else high).append(v * v)
        (high if len(low) > 1 else low).extend([v, 2.0 * v])
    return low[-1] * len(low) + high[-1] * high[0] * len(high)


def within_texts(x):
    held = [x[0], x[1], x[2]]
    label = f"{held.pop():.3f} of {len(held)}"
    print(held.insert(0, x[1] * x[2]), f"{held[0]!r:>8}", end=f"{held.append(x[0])}\n")
    return held[0] * held[-1] * len(held) + len(label.split())


def within_messages(x):
    held = [x[0], x[1], x[2]]
    assert len(held) == 3, held.pop()
    try:
        assert len(held) == 2, held[0]
    except AssertionError:
        held[0] = x[1] * x[2]
    return held[0] * held[-1] * len(held)


def draws_for_a_text(x):
    rng = np.random.default_rng(3)
    label = f"{rng.normal():.2f}"
    print(rng.normal(), (n := len(label)))
    return np.sum(x**2) * rng.normal() + x[0] * min(n, 1)


def stops_at_the_first(x):
    if any((w := v) > 0.1 for v in x):
        return w * w * x[0]
    return x[0]


def stores_by_name(x):
    y, table = x * 1.0, {"a": x[0]}
    y.__setitem__(0, x[1] * x[2])
    table.__setitem__("b", y[0] * x[0])
    table.__delitem__("a")
    return y[0] * table["b"] * len(table)


def stores_by_the_name_of_a_class(x):
    y = [x[0], x[1]]
    list.__setitem__(y, 0, x[1] * x[2])
    return y[0] * y[1]


def adds_by_the_name_of_an_operator(x):
    y = x * 1.0
    z = y.__iadd__(x * x)
    return z[0] * y[1]


def sorts_if_it_must(x):
    y = x * 1.0
    y.sort() if x[0] > x[1] else y.fill(x[2])
    return y[0] * y[1] ** 2


def sampled(rng, x):
    return rng.normal(x[0], 1.0)


def draws_twice_in_helpers(x):
    rng = np.random.default_rng(3)
    y = np.zeros(3)
    s = np.sin(sampled(rng, x)) * np.exp(sampled(rng, x))
    for k in range(2):
        y[int(sampled(rng, x) > 99.0)] += x[k] * s
    print(f"{sampled(rng, x):.1f}")
    return y[0] * rng.normal()


def draws_only_if(x):
    rng = np.random.default_rng(5)
    a = x[0] + (rng.normal() if x[0] > 0.1 else 2.0) * rng.normal()
    if a < 99.0 < rng.normal() < sampled(rng, x):
        a = a * 2.0
    rng.normal()
    kept = 1.0 * (a > 99.0 and rng.normal() > 0.0) + rng.normal()
    return a * kept * x[1]


def shown(held, v):
    held.append(v * v)
    return len(held)


class Teller:
    def tell(self, held, v):
        held.insert(0, v * v)
        return len(held)


TELLER = Teller()


def acts_in_texts(x):
    held = [x[0]]
    label = f"{len(held)} {shown(held, x[1])} {len(held)}"
    print(f"{TELLER.tell(held, x[2])} {len(label)}", shown(held, x[1]))
    return held[0] * held[-1] * len(held) * sum(held)


def grows(held, v):
    held += [v, v * v]
    return len(held)


def grown_by_a_helper(x):
    held = [x[0]]
    for k in range(2):
        if x[k] > 0.1 or grows(held, x[k]) > 2:
            grows(held, x[2])
    return held[0] * held[-1] * len(held) + sum(held)


def turns_until(x):
    held = [[x[0], x[1], x[2] * x[0]]]
    found = any((held[0].reverse() or v) > 0.0 for v in (1.0, 2.0))
    return held[0][0] * held[0][1] ** 2 * found


CASES = [
    Case(inserts_or_appends, takes(vec(3))),
    Case(turns_and_clears, takes(vec("n"))),
    Case(inserts_in_a_comprehension, takes(vec("n"))),
    Case(by_its_class, takes(vec("n"))),
    Case(into_the_chosen_one, takes(vec("n"))),
    Case(within_texts, takes(vec(3)), tags=("dead lines",)),
    Case(within_messages, takes(vec(3))),
    Case(draws_for_a_text, takes(vec(3)), tags=("dead lines",)),
    Case(stops_at_the_first, takes(vec(2)), seeds=8),
    Case(stores_by_name, takes(vec(3))),
    Case(stores_by_the_name_of_a_class, takes(vec(3))),
    Case(adds_by_the_name_of_an_operator, takes(vec(3)), expect="refused"),
    Case(sorts_if_it_must, takes(vec(3))),
    Case(draws_twice_in_helpers, takes(vec(3))),
    Case(draws_only_if, takes(vec(3)), tags=("dead lines",)),
    Case(acts_in_texts, takes(vec(3))),
    Case(grown_by_a_helper, takes(vec(3))),
    Case(turns_until, takes(vec(3))),
]
