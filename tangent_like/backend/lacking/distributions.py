"""Distributions of ``scipy.stats`` in compiled text: densities and chances, by the functions of numbers in ``special``.

A distribution is an object, which Numba knows nothing of: a module with functions of the same names stands for it.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any

import numba
import numpy as np

from tangent_like.backend.lacking.kinds import made

# Of z = (x - loc) / scale and the shapes: the logarithm of the density, the chances of what is below and above, and
# their logarithms where they underflow. Where z is not within the bounds there is nothing.
Form = tuple[str, tuple[float, float], Mapping[str, str]]  # the shapes, the bounds, the texts
FORMS: Mapping[str, Form] = MappingProxyType({
    "norm": ("", (-np.inf, np.inf), {
        "logpdf": "-0.5 * z**2 - 0.9189385332046727", "cdf": "ndtr(z)", "sf": "ndtr(-z)",
        "logcdf": "log_ndtr(z)", "logsf": "log_ndtr(-z)",
    }),
    "expon": ("", (0, np.inf), {
        "logpdf": "-z", "cdf": "-math.expm1(-z)", "sf": "math.exp(-z)", "logsf": "-z",
    }),
    "uniform": ("", (0, 1), {"logpdf": "0.0 * z", "cdf": "z", "sf": "1.0 - z"}),
    "laplace": ("", (-np.inf, np.inf), {
        "logpdf": "-abs(z) - 0.6931471805599453",
        "cdf": "0.5 * math.exp(z) if z < 0 else 1.0 - 0.5 * math.exp(-z)",
        "sf": "0.5 * math.exp(-z) if z > 0 else 1.0 - 0.5 * math.exp(z)",
    }),
    "logistic": ("", (-np.inf, np.inf), {
        "logpdf": "-abs(z) - 2.0 * math.log1p(math.exp(-abs(z)))", "cdf": "expit(z)", "sf": "expit(-z)",
        "logcdf": "log_expit(z)", "logsf": "log_expit(-z)",
    }),
    "cauchy": ("", (-np.inf, np.inf), {
        "logpdf": "-math.log1p(z * z) - 1.1447298858494002", "cdf": "0.5 + math.atan(z) / math.pi",
        "sf": "0.5 - math.atan(z) / math.pi",
    }),
    "lognorm": ("s", (0, np.inf), {
        "logpdf": "-0.5 * (math.log(z) / s) ** 2 - math.log(s * z) - 0.9189385332046727 if z > 0 else -np.inf",
        "cdf": "ndtr(math.log(z) / s) if z > 0 else 0.0", "sf": "ndtr(-math.log(z) / s) if z > 0 else 1.0",
    }),
    "gamma": ("a", (0, np.inf), {
        "logpdf": "xlogy(a - 1.0, z) - z - gammaln(a)", "cdf": "gammainc(a, z)", "sf": "gammaincc(a, z)",
    }),
    "chi2": ("df", (0, np.inf), {
        "logpdf": "xlogy(0.5 * df - 1.0, z) - 0.5 * z - gammaln(0.5 * df) - 0.5 * df * 0.6931471805599453",
        "cdf": "gammainc(0.5 * df, 0.5 * z)", "sf": "gammaincc(0.5 * df, 0.5 * z)",
    }),
    "beta": ("a, b", (0, 1), {
        "logpdf": "xlog1py(b - 1.0, -z) + xlogy(a - 1.0, z) - betaln(a, b)", "cdf": "betainc(a, b, z)",
        "sf": "betainc(b, a, 1.0 - z)",
    }),
    "t": ("df", (-np.inf, np.inf), {
        "logpdf": "gammaln(0.5 * df + 0.5) - gammaln(0.5 * df) - 0.5 * math.log(df * math.pi)"
        " - 0.5 * (df + 1.0) * math.log1p(z * z / df)",
        "cdf": "stdtr(df, z)", "sf": "stdtr(df, -z)",
    }),
})  # fmt: skip
FLOOR = {"pdf": "0.0", "logpdf": "-np.inf", "cdf": "0.0", "sf": "1.0", "logcdf": "-np.inf", "logsf": "0.0"}
CEILING = {"pdf": "0.0", "logpdf": "-np.inf", "cdf": "1.0", "sf": "0.0", "logcdf": "0.0", "logsf": "-np.inf"}


@functools.cache
def standing(by_form: frozenset[tuple[str, Any]]) -> Mapping[str, ModuleType]:
    """The modules by the names of the distributions; ``by_form`` are the functions of numbers, by name."""
    special = dict(by_form)
    return MappingProxyType({name: _module(name, *form, special) for name, form in FORMS.items()})


def _module(
    name: str, shapes: str, bounds: tuple[float, float], forms: Mapping[str, str], special: Mapping[str, Any]
) -> ModuleType:
    twin = ModuleType(name)
    logpdf = forms["logpdf"]
    texts = {
        "logpdf": f"({logpdf}) - math.log(scale)", "pdf": f"math.exp({logpdf}) / scale",
        "cdf": forms["cdf"], "sf": forms["sf"],
        "logcdf": forms.get("logcdf", _logarithm(forms["cdf"], forms["sf"])),
        "logsf": forms.get("logsf", _logarithm(forms["sf"], forms["cdf"])),
    }  # fmt: skip
    given = f"x, {shapes}, " if shapes else "x, "
    positive = " and ".join(f"{p} > 0" for p in (*filter(None, shapes.split(", ")), "scale"))
    names = {"math": math, "np": np, "low": bounds[0], "high": bounds[1], **special}
    for method, text in texts.items():
        lines = [
            "z = (x - loc) / scale",
            f"if not ({positive}) or np.isnan(z):",
            "    return np.nan",
            "if z < low:",
            f"    return {FLOOR[method]}",
            "if z > high:",
            f"    return {CEILING[method]}",
            f"return {text}",
        ]
        kernel = numba.vectorize(made(f"{given}loc, scale", lines, **names))
        call = made(f"{given}loc=0.0, scale=1.0", [f"return kernel({given}loc, scale)"], kernel=kernel)
        call.__name__ = method
        setattr(twin, method, numba.njit(call))
    return twin


def _logarithm(chance: str, other: str) -> str:
    """That of a chance, by the other one where it is close to 1."""
    return f"np.log({chance}) if ({chance}) < 0.5 else math.log1p(-({other}))"
