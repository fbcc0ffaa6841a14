"""What reads names that the text does not say, or makes texts of numbers: refused, since the derivative would be lost."""

import builtins

import numpy as np
import pytest

import tangent_like as tl


def by_eval(x):
    return eval("x * 2")


def by_its_other_name(x):
    run = builtins.eval
    return run("x * 2")


def by_exec(x):
    names = {"x": x}
    exec("y = x * 2", names)
    return names["y"]


def by_locals(x):
    y = x * 2
    return locals()["y"] + y


def by_vars(x):
    return vars()["x"] * 2


def in_a_helper(x):
    return by_eval(x) + x


@pytest.mark.parametrize("f", [by_eval, by_its_other_name, by_exec, by_locals, by_vars, in_a_helper])
def test_names_read_unseen_are_refused(f):
    with pytest.raises(tl.UnsupportedError, match="may read any name here"):
        tl.grad(f)(3.0)


def through_text(x):
    return float(np.array(x).astype(str)) * 2


def test_numbers_made_texts_are_refused():
    with pytest.raises(tl.UnsupportedError, match="makes texts of numbers"):
        tl.grad(through_text)(3.0)
