"""What a turn keeps in two places is in one list where a second name is enough for that."""

from __future__ import annotations

import numpy as np
import pytest

import tangent_like as tl


def powers(A, v, n):
    for _ in range(n):
        w = A @ v
        r = np.sqrt(w @ w)
        v = w / r
    return np.sum(v**3)


def gated(W, h, c, n):
    for _ in range(n):
        f = np.tanh(W @ h)
        g = np.sin(h)
        c = f * c + g
        a = np.tanh(c)
        h = f * a
    return np.sum(h * c)


def early(A, v, n):
    """It may end behind what is kept first."""
    total = 0.0
    for _ in range(n):
        w = A @ v
        r = np.sqrt(w @ w)
        total = total + r * r
        v = w / r
        if r > 2.5:
            break
        v = v * np.cos(r)
    return total * np.sum(v)


def nested(A, v, n):
    for _ in range(n):
        for _ in range(2):
            w = A @ v
            r = np.sqrt(w @ w)
            v = w / r + 0.1 * v
        v = v * v
    return np.sum(v)


def second(v_2, A, v, n):
    """A name of the user's that the second one would have."""
    for _ in range(n):
        w = A @ v
        r = np.sqrt(w @ w)
        v = w / r
    return np.sum(v * v_2)


A = np.array([[1.2, 0.4], [0.3, 0.9]])
V = np.array([0.7, -0.4])
CALLS = [
    (powers, (A, V), True),
    (gated, (A, V, 0.3 * V), True),
    (early, (A, V), False),
    (nested, (A, V), False),
    (second, (0.5 + V, A, V), True),
]


@pytest.mark.parametrize(("f", "args", "one"), CALLS, ids=lambda x: getattr(x, "__name__", ""))
def test_there_is_one_list_and_the_gradient_is_right(f, args, one) -> None:
    gradient = tl.grad(f, tuple(range(len(args))))
    text = gradient.source_for(*args, 4)
    assert not one or text.count("= []") == 1, text
    for n in (0, 1, 2, 5):
        tl.check_grads(f, (*args, n))
        whole = gradient(*args, n)
        plain = tl.grad(f, tuple(range(len(args))), tidy=False)(*args, n)
        for mine, right in zip(whole, plain, strict=True):
            np.testing.assert_allclose(mine, right, rtol=1e-10, atol=1e-12)
