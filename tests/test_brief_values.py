"""Brief values of ours are said where they are read, and only where a sign or a quotient goes in without more work."""

from __future__ import annotations

import pytest
from test_tidy import parse, shown

from tangent_like.kinds.dims import symbol
from tangent_like.kinds.kind import FLOAT, Array
from tangent_like.transform.brief_values import brief_values

N, M = symbol("n"), symbol("m")
VECTOR, MATRIX = Array((N,), "float64"), Array((N, M), "float64")
KINDS = dict.fromkeys(("x", "y", "z", "v_bar"), VECTOR) | {"A": MATRIX, "k": FLOAT}

SAID = {
    "t_bar = 1.0 / len(x)\nx_bar = t_bar * x\ny_bar = t_bar * y - x": "x_bar = 1.0 / len(x) * x\ny_bar = 1.0 / len(x) * y - x",
    "v_bar = -y\nk_bar = np.sum(v_bar)\nz_bar = v_bar + x": "k_bar = -np.sum(y)\nz_bar = x - y",
    "v_bar = -y\nz_bar = x - v_bar * z - v_bar": "z_bar = x + y * z + y",
    "a = A.T\nS = x @ a\nu_bar = y @ a.T": "S = x @ A.T\nu_bar = y @ A",
    "v_bar = -y\nk_bar = np.sum(v_bar)\nv_bar = v_bar + x\nz_bar = v_bar": "k_bar = -np.sum(y)\nv_bar = x - y\nz_bar = v_bar",
}
STAY = [
    "v_bar = -y\nz_bar = v_bar - x * z + v_bar * x",  # all of it has the sign then
    "v_bar = -y\nz_bar = np.exp(v_bar)\nk_bar = np.sum(v_bar)",  # which takes no sign
    "v_bar = -y\nz_bar = v_bar * x\nx_bar = v_bar * z",  # twice the sign of an array
    "v_bar = -y\nk_bar = np.sum(v_bar)\nv_bar += x",  # in place: it holds the sizes together
    "v_bar = -y\ny = x * y\nk_bar = np.sum(v_bar)\nz_bar = v_bar + x",  # of another array by then
    "v_bar = -y\ny[0] = k\nk_bar = np.sum(v_bar)\nz_bar = v_bar + x",
    "t_bar = 1.0 / len(x)\nfor i in range(3):\n    x_bar = t_bar * x\n    y_bar = t_bar * y",  # in each turn
    "v_bar = -y\nk_bar = np.sum(v_bar)\nif k > 0.0:\n    v_bar = x\nz_bar = v_bar + x",
]


@pytest.mark.parametrize("text", SAID)
def test_said(text: str) -> None:
    assert shown(brief_values(parse(text), KINDS, frozenset())) == shown(parse(SAID[text]))


@pytest.mark.parametrize("text", STAY)
def test_stays(text: str) -> None:
    function = parse(text)
    assert brief_values(function, KINDS, frozenset()) is function


def test_names_of_the_users_stay() -> None:
    function = parse("v = -y\nk_bar = np.sum(v)\nz_bar = v + x")
    assert brief_values(function, KINDS, frozenset({"v"})) is function
