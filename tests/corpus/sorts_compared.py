"""Deques, ordered dicts, counters, views of dicts and iterators: compared by more than their items; asked by type."""

from collections import Counter, OrderedDict, defaultdict, deque

from case import Case, listed, vec

CASES: list[Case] = []
case = listed(CASES)
three = vec(3, 0.3, 1.3)


@case(three)
def deques_and_lists(x):
    d = deque([x[0], 2.0])
    a = x[0] if d == [x[0], 2.0] else x[1]
    b = x[1] if d == deque([x[0], 2.0]) else x[2]
    c = x[2] if list(d) == [x[0], 2.0] else x[0]
    e = d.copy() + d
    return a * b * c * (x[0] if e != [x[0], 2.0, x[0], 2.0] else x[1])


@case(three)
def deques_filled_in_loops(x):
    d, last = deque(), deque(maxlen=2)
    for v in x:
        d.append(v)
        last.append(v)
    a = x[0] if d == [v for v in x] else x[1]
    b = x[1] if last == [x[1], x[2]] else x[2]
    return a * b * (x[2] if isinstance(d, list) or isinstance(last, list) else x[0] * x[0])


@case(three)
def ordered_dicts(x):
    one, two = OrderedDict(a=1, b=2), OrderedDict(b=2, a=1)
    a = x[0] if one == two else x[1]
    b = x[1] if one == {"b": 2, "a": 1} else x[2]
    two.move_to_end("b")
    return a * b * (x[2] if one == two else x[0] * x[1])


@case(three)
def ordered_by_another_name(x):
    make = OrderedDict
    one, two = make(a=1, b=2), make(b=2, a=1)
    return x[0] * x[2] if one == two else x[1] * x[2] * (x[0] if isinstance(one, OrderedDict) else 2.0)


@case(three)
def keys_in_any_order(x):
    one, two = {"a": 1, "b": 2}, {"b": 3, "a": 1}
    a = x[0] if one.keys() == two.keys() else x[1]
    b = x[1] if one.keys() == ["a", "b"] else x[2]
    return a * b * (x[2] if {"a", "b"} == one.keys() else x[0] * x[1])


@case(three)
def types_of_containers(x):
    d, o, c, t = deque([x[0]]), OrderedDict(a=x[1]), Counter("aa"), defaultdict(list)
    t["a"].append(x[2])
    a = x[0] if isinstance(d, list | tuple) else x[1]
    b = x[1] if isinstance(o, OrderedDict) and isinstance(o, dict) and not isinstance({}, OrderedDict) else x[2]
    e = x[2] if isinstance(c, Counter) and isinstance(t, defaultdict) and isinstance(d, deque) else x[0]
    return a * b * e


@case(three, expect="refused")
def views_of_values(x):
    a = {"a": 1, "b": 2}
    return x[0] if a.values() == a.values() else x[1]


@case(three, expect="refused")
def an_iterator_and_a_list(x):
    g = (i for i in [1, 2])
    return x[0] if g == [1, 2] else x[1]


@case(three, expect="refused")
def counters_with_nothing_counted(x):
    return x[0] if Counter("ab") == Counter({"a": 1, "b": 1, "c": 0}) else x[1]


@case(three, expect="refused")
def a_deque_in_a_list(x):
    d = deque([1, 2])
    return x[0] if d in [[1, 2]] else x[1]
