"""Lists and dicts of the module that grow between two calls of a derivative."""

import math

import tangent_like as tl
from tangent_like.api.derivative import DerivativeFunction

WEIGHTS = [1.0, 2.0]
TABLE = {"a": 1.0}


def weighed(x):
    return sum(w * x for w in WEIGHTS)


def weighed_by_name(x):
    return sum(v * x for v in TABLE.values()) + TABLE.get("more", 0.0) * x


def counted(x):
    total = 0.0
    for w in WEIGHTS:
        total += w * x
    return total * len(WEIGHTS)


def test_what_grows_is_seen():
    gradients = [tl.grad(f) for f in (weighed, weighed_by_name, counted)]
    assert [g(1.0) for g in gradients] == [3.0, 1.0, 6.0]
    WEIGHTS.append(5.0)
    TABLE["more"] = 2.0
    try:
        assert [g(1.0) for g in gradients] == [8.0, 5.0, 24.0]
    finally:
        WEIGHTS.pop()
        del TABLE["more"]
    assert [g(1.0) for g in gradients] == [3.0, 1.0, 6.0]


ACTS = {"sine": math.sin, "tangent": math.tanh}
ROADS = {0: {1: 0.5, 2: 0.25}, 1: {2: 2.0}, 2: {0: 1.0}}


def by_name(x, k):
    name = "sine" if k > 0 else "tangent"
    return ACTS[name](x)


def along(x, n):
    total, u = 0.0, 0
    for _ in range(n):
        for v, length in ROADS[u].items():
            total += x[v] * length
        u = (u + 1) % 3
    return total


def test_a_table_that_stays_is_not_compiled_for_again(monkeypatch):
    cases = [(by_name, (0.3, 1)), (along, ([1.0, 2.0, 3.0], 4))]
    gradients = [(tl.grad(f), args) for f, args in cases]
    first = [g(*args) for g, args in gradients]
    monkeypatch.setattr(DerivativeFunction, "_compile_now", None)
    assert [g(*args) for g, args in gradients] == first


def test_a_table_is_asked_for_its_kinds_once(monkeypatch):
    from tangent_like.specialize import constant_tables

    gradient, asked = tl.grad(along), []
    kind_of_data = constant_tables.kind_of_data
    gradient([1.0, 2.0, 3.0], 2)
    monkeypatch.setattr(constant_tables, "kind_of_data", lambda table: asked.append(table) or kind_of_data(table))
    assert gradient([1.0, 2.0, 3.0], 2) == [0.0, 0.5, 2.25]
    assert len(asked) == 1
