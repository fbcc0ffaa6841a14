"""``scipy.special`` in compiled text: its functions of numbers by their forms in C, and the sums of exponentials.

Numba knows nothing of SciPy. A form in C is named to LLVM with its address, so that what Numba keeps in files calls it
by its name in another process as well.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import llvmlite.binding
import numba
import numpy as np
from numba import types
from numba.extending import get_cython_function_address, overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.lacking.axes import by_float, maximum, reduced, total
from tangent_like.backend.lacking.kinds import is_none, literal, made, stand_in
from tangent_like.native.special import FORMS, c_forms


def narrow(x, *given):
    """A result in double precision, as single where all that it is computed from is."""
    raise NotImplementedError


@overload(narrow)
def _narrow(x, *given):
    if all(g == types.float32 for g in given):
        return lambda x, *given: np.float32(x)
    return lambda x, *given: x


def by_its_form(ufunc: np.ufunc, form: str) -> Any:
    """The function for numbers and arrays, which broadcast as ever."""
    symbol = f"scipy_special_{form}"
    llvmlite.binding.add_symbol(symbol, get_cython_function_address(FORMS, form))
    number = types.float64
    call = types.ExternalFunction(symbol, number(*[number] * ufunc.nin, types.int32))
    args = ", ".join(f"x{k}" for k in range(ufunc.nin))
    kernel = made(args, [f"return narrow(call({args}, 0), {args})"], call=call, narrow=narrow)
    kernel.__name__ = ufunc.__name__
    return numba.vectorize(kernel)


def log_of_exponentials(row):
    """Less the greatest of them, as SciPy has it."""
    best = row.dtype.type(-np.inf)
    for v in row:
        if v != v:
            return v
        best = max(best, v)
    if not np.isfinite(best):
        return best
    total = row.dtype.type(0)
    for v in row:
        total += np.exp(v - best)
    return best + np.log(total)


def of_exponentials(special: Any) -> tuple[Any, ...]:
    """Stand-ins for those of SciPy's functions in Python that add exponentials up."""
    logsumexp, softmax, log_softmax = map(stand_in, (special.logsumexp, special.softmax, special.log_softmax))

    @overload(logsumexp, prefer_literal=True)
    def _logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False):
        if not by_float(a) or not is_none(b) or literal(return_sign) is not False:
            return None
        head = "a, axis=None, b=None, keepdims=False, return_sign=False"
        return reduced(a, axis, keepdims, log_of_exponentials, head)

    def less_the_greatest(last):
        def told(x, axis=None):
            along = literal(axis)
            if not by_float(x) or along is NotImplemented:
                return None
            lines = [
                f"less = x - most(x, {along!r}, True)",
                "e = np.exp(less)",
                f"sums = total(e, {along!r}, True)",
                f"return {last}",
            ]
            return made("x, axis=None", lines, np=np, most=maximum, total=total)

        return told

    overload(softmax, prefer_literal=True)(less_the_greatest("e / sums"))
    overload(log_softmax, prefer_literal=True)(less_the_greatest("less - np.log(sums)"))
    return logsumexp, softmax, log_softmax


def ratio_for_numbers(erfcx: Any, log_ndtr: Any) -> Any:
    """``runtime.normal_ratio`` of one number: one of its two formulas is computed."""
    lines = [
        "if x < -1.0:",
        "    return narrow((2 / np.pi) ** 0.5 / erfcx(-x / 2**0.5), x)",
        "return narrow(np.exp(-0.5 * x**2 - log_ndtr(x)) / (2 * np.pi) ** 0.5, x)",
    ]
    return numba.vectorize(made("x", lines, np=np, narrow=narrow, erfcx=erfcx, log_ndtr=log_ndtr))


# B(2j) / (2j)!, of the formula of Euler and Maclaurin
CORRECTIONS = (1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600)


@register_jitable
def hurwitz(s, q):
    """The sum of ``(q + k) ** -s`` over all ``k``: the first, and the rest by an integral (DLMF 2.10.1)."""
    if s <= 1 or (q <= 0 and (q == np.floor(q) or s != np.floor(s))):
        return np.inf if s == 1 or (s > 1 and q == np.floor(q)) else np.nan
    if np.isinf(s):  # the first is all, which no count of terms comes to
        return np.nan if q > 1 else q**-s
    total, a = 0.0, q * 1.0
    while a < 12.0 + s:
        total += a**-s
        a += 1.0
    total += a ** (1.0 - s) / (s - 1.0) + 0.5 * a**-s
    term = s * a ** (-s - 1.0)
    for j in range(7):
        total += CORRECTIONS[j] * term
        term *= (s + 2 * j + 1) * (s + 2 * j + 2) / (a * a)
    return total


def by_zeta(special: Any, psi: Any) -> dict[Any, Any]:
    """``zeta`` of two arguments, and ``polygamma`` by it (DLMF 25.11.12)."""
    zeta = made("s, q", ["return hurwitz(s * 1.0, q * 1.0)"], hurwitz=hurwitz)
    lines = ["if n == 0:", "    return psi(x * 1.0)"]
    lines += ["return (-1.0) ** (n + 1) * math.gamma(n + 1.0) * hurwitz(n + 1.0, x * 1.0)"]
    polygamma = made("n, x", lines, hurwitz=hurwitz, psi=psi, math=math)
    return {special.zeta: numba.vectorize(zeta), special.polygamma: numba.vectorize(polygamma)}


@functools.cache
def standing() -> Mapping[object, Any]:
    """What stands for SciPy's functions of numbers, asked for where a program has imported them."""
    import scipy.special

    by_form = {ufunc: by_its_form(ufunc, form) for ufunc, form in c_forms().items()}
    ratio = ratio_for_numbers(by_form[scipy.special.erfcx], by_form[scipy.special.log_ndtr])
    in_python = {f.__wrapped__: f for f in of_exponentials(scipy.special)}
    zetas = by_zeta(scipy.special, by_form[scipy.special.psi])
    return MappingProxyType({**by_form, **in_python, **zetas, runtime.normal_ratio: ratio})
