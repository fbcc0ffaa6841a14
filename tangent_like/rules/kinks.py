"""What a derivative is where there is none: one policy, a table, and the test that holds it.

Where the generalized gradient has a finite element, one is taken: 0 at the tip of ``abs``, of a
norm, of ``std``; among equal candidates of a maximum each an equal share. Where the slope of a
Python number is infinite, the rule divides by zero and Python says so; NumPy gives ``inf`` and
warns, as it does for the primal.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Kink:
    """At ``function(*args)`` the gradient by each differentiable operand, or the error raised."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    gradient: Any
    why: str


_TIP = "the middle of the slopes on either side"
_TIE = "equal candidates share equally"
_POLE = "the slope of a Python number is infinite"
_JUMP = "the slope beside the jump, which has none itself"

KINKS: tuple[Kink, ...] = (
    Kink(abs, (0.0,), (0.0,), _TIP),
    Kink(math.fabs, (0.0,), (0.0,), _TIP),
    Kink(np.abs, (np.zeros(2),), (np.zeros(2),), _TIP),
    Kink(math.hypot, (0.0, 0.0), (0.0, 0.0), _TIP),
    Kink(np.hypot, (np.zeros(2), np.zeros(2)), (np.zeros(2), np.zeros(2)), _TIP),
    Kink(math.copysign, (0.0, 1.0), (0.0,), _TIP),
    Kink(np.std, (np.full(3, 2.0),), (np.zeros(3),), _TIP),
    Kink(np.maximum, (1.0, 1.0), (0.5, 0.5), _TIE),
    Kink(np.minimum, (1.0, 1.0), (0.5, 0.5), _TIE),
    Kink(np.fmax, (1.0, 1.0), (0.5, 0.5), _TIE),
    Kink(np.fmin, (1.0, 1.0), (0.5, 0.5), _TIE),
    Kink(np.clip, (1.0, 1.0, 2.0), (0.5, 0.5, 0.0), _TIE),
    Kink(np.clip, (2.0, 1.0, 2.0), (0.5, 0.0, 0.5), _TIE),
    Kink(np.max, (np.array([3.0, 1.0, 3.0]),), (np.array([0.5, 0.0, 0.5]),), _TIE),
    Kink(np.min, (np.array([3.0, 1.0, 1.0]),), (np.array([0.0, 0.5, 0.5]),), _TIE),
    Kink(operator.mod, (4.0, 2.0), (1.0, -2.0), _JUMP),
    Kink(math.fmod, (4.0, 2.0), (1.0, -2.0), _JUMP),
    Kink(operator.pow, (0.0, 0.0), (0.0, 0.0), "0 ** y is 0 beside y = 0, and x ** 0 is 1"),
    Kink(operator.pow, (0.0, 1.0), (1.0, 0.0), "x ** 1 is x"),
    Kink(operator.pow, (0.0, 2.0), (0.0, 0.0), "the slope from the right"),
    Kink(operator.pow, (0.0, 0.5), ZeroDivisionError, _POLE),
    Kink(math.sqrt, (0.0,), ZeroDivisionError, _POLE),
    Kink(math.asin, (1.0,), ZeroDivisionError, _POLE),
    Kink(math.acos, (-1.0,), ZeroDivisionError, _POLE),
    Kink(math.acosh, (1.0,), ZeroDivisionError, _POLE),
    Kink(math.atan2, (0.0, 0.0), ZeroDivisionError, "an angle of no direction"),
    Kink(np.sinc, (0.0,), (0.0,), "smooth: only the formula is singular"),
    Kink(np.prod, (np.array([0.0, 2.0]),), (np.array([2.0, 0.0]),), "smooth"),
)
