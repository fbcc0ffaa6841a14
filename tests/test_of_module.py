"""Lists and dicts of the module that grow between two calls of a derivative."""

import tangent_like as tl

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
