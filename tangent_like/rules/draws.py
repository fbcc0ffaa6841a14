"""Random draws, by the parameters of their distributions: reparameterized, for the very numbers that were drawn.

A rule reads the draw itself: nothing is drawn again, so derivatives take from a generator exactly what the program
does. ``np.random.Generator.normal`` stands for the method of any generator. Kingma & Welling, "Auto-encoding
variational Bayes" (2014); where the distribution function has no inverse in formulas, Figurnov, Mohamed & Mnih,
"Implicit reparameterization gradients" (2018).
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import random as python_random

import numpy as np

from tangent_like.ir.nodes import Attribute, Call, Expr, Function, Global, Library, Ref
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.kinds.kind import Kind, Plain
from tangent_like.rules.rule import constant, rule
from tangent_like.runtime import (
    beta_slope,
    dirichlet_adjoint,
    dirichlet_tangent,
    gamma_slope,
    multivariate_adjoint,
    multivariate_tangent,
    normal_sum,
    to_shape,
    unbroadcast,
)


def of(name):
    """The function ``name`` of all generators: those of NumPy's, old and new, and the one of ``np.random``."""
    owners = (np.random.Generator, np.random.RandomState, np.random)
    return tuple(getattr(owner, name) for owner in owners if hasattr(owner, name))


@rule(*of("normal"), kind="drawn", of=("loc", "scale"), inactive=("size",))
def normal(y, loc=0.0, scale=1.0, size=None):
    def jvp(loc_dot, scale_dot):
        return to_shape(loc_dot, y) + scale_dot * ((y - loc) / scale)

    def vjp(y_bar):
        return unbroadcast(y_bar, loc), unbroadcast(y_bar * ((y - loc) / scale), scale)

    return jvp, vjp


@rule(*of("laplace"), *of("gumbel"), *of("logistic"), kind="drawn", of=("loc", "scale"), inactive=("size",))
def located(y, loc=0.0, scale=1.0, size=None):
    def jvp(loc_dot, scale_dot):
        return to_shape(loc_dot, y) + scale_dot * ((y - loc) / scale)

    def vjp(y_bar):
        return unbroadcast(y_bar, loc), unbroadcast(y_bar * ((y - loc) / scale), scale)

    return jvp, vjp


@rule(*of("lognormal"), kind="drawn", of=("mean", "sigma"), inactive=("size",))
def lognormal(y, mean=0.0, sigma=1.0, size=None):
    def jvp(mean_dot, sigma_dot):
        return mean_dot * y + sigma_dot * (y * (np.log(y) - mean) / sigma)

    def vjp(y_bar):
        return unbroadcast(y_bar * y, mean), unbroadcast(y_bar * (y * (np.log(y) - mean) / sigma), sigma)

    return jvp, vjp


@rule(*of("uniform"), kind="drawn", of=("low", "high"), inactive=("size",))
def uniform(y, low=0.0, high=1.0, size=None):
    def jvp(low_dot, high_dot):
        return low_dot * ((high - y) / (high - low)) + high_dot * ((y - low) / (high - low))

    def vjp(y_bar):
        part = (y - low) / (high - low)
        return unbroadcast(y_bar * (1 - part), low), unbroadcast(y_bar * part, high)

    return jvp, vjp


@rule(*of("exponential"), *of("rayleigh"), kind="drawn", of=("scale",), inactive=("size",))
def scaled(y, scale=1.0, size=None):
    def jvp(scale_dot):
        return scale_dot * (y / scale)

    def vjp(y_bar):
        return unbroadcast(y_bar * (y / scale), scale)

    return jvp, vjp


@rule(*of("weibull"), *of("power"), kind="drawn", of=("a",), inactive=("size",))
def power(y, a, size=None):
    def jvp(a_dot):
        return a_dot * (-y * np.log(y) / a)

    def vjp(y_bar):
        return unbroadcast(y_bar * (-y * np.log(y) / a), a)

    return jvp, vjp


@rule(*of("pareto"), kind="drawn", of=("a",), inactive=("size",))
def pareto(y, a, size=None):
    def jvp(a_dot):
        return a_dot * (-(1 + y) * np.log1p(y) / a)

    def vjp(y_bar):
        return unbroadcast(y_bar * (-(1 + y) * np.log1p(y) / a), a)

    return jvp, vjp


@rule(*of("gamma"), kind="drawn", of=("shape", "scale"), inactive=("size",))
def gamma(y, shape, scale=1.0, size=None):
    def jvp(shape_dot, scale_dot):
        return shape_dot * (scale * gamma_slope(shape, y / scale)) + scale_dot * (y / scale)

    def vjp(y_bar):
        shape_bar = y_bar * scale * gamma_slope(shape, y / scale)
        return unbroadcast(shape_bar, shape), unbroadcast(y_bar * (y / scale), scale)

    return jvp, vjp


@rule(*of("standard_gamma"), kind="drawn", of=("shape",), inactive=("size",))
def standard_gamma(y, shape, size=None):
    def jvp(shape_dot):
        return shape_dot * gamma_slope(shape, y)

    def vjp(y_bar):
        return unbroadcast(y_bar * gamma_slope(shape, y), shape)

    return jvp, vjp


@rule(*of("chisquare"), kind="drawn", of=("df",), inactive=("size",))
def chisquare(y, df, size=None):
    def jvp(df_dot):
        return df_dot * gamma_slope(0.5 * df, 0.5 * y)

    def vjp(y_bar):
        return unbroadcast(y_bar * gamma_slope(0.5 * df, 0.5 * y), df)

    return jvp, vjp


@rule(*of("beta"), kind="drawn", of=("a", "b"), inactive=("size",))
def beta(y, a, b, size=None):
    def jvp(a_dot, b_dot):
        return a_dot * beta_slope(a, b, y) + b_dot * -beta_slope(b, a, 1 - y)

    def vjp(y_bar):
        return unbroadcast(y_bar * beta_slope(a, b, y), a), unbroadcast(y_bar * -beta_slope(b, a, 1 - y), b)

    return jvp, vjp


@rule(*of("dirichlet"), kind="drawn_vectors", of=("alpha",), inactive=("size",))
def dirichlet(x, alpha, size=None):
    def jvp(alpha_dot):
        return dirichlet_tangent(alpha_dot, alpha, x)

    def vjp(x_bar):
        return dirichlet_adjoint(x_bar, alpha, x)

    return jvp, vjp


METHODS_OF_NORMAL = {"method": ("svd", "eigh", "cholesky")}


@rule(
    *of("multivariate_normal"), kind="drawn_vectors", of=("mean", "cov"),
    inactive=("size", "check_valid", "tol", "method"), accepts=METHODS_OF_NORMAL,
)  # fmt: skip
def multivariate_normal(x, mean, cov, size=None, check_valid="warn", tol=1e-8, *, method="svd"):
    def jvp(mean_dot, cov_dot):
        return (mean_dot + np.zeros(np.shape(x))) + multivariate_tangent(cov_dot, x, mean, cov, method)

    def vjp(x_bar):
        return normal_sum(x_bar, mean), multivariate_adjoint(x_bar, x, mean, cov, method)

    return jvp, vjp


_NO_PARAMETERS = "its distribution has no parameters"
_WHOLE = "it draws whole numbers"

standard = constant(
    *of("random"), *of("standard_normal"), *of("standard_exponential"), *of("standard_cauchy"), *of("random_sample"),
    kind="drawn_standard", reason=_NO_PARAMETERS,
)  # fmt: skip
shaped = constant(*of("rand"), *of("randn"), kind="drawn_of_sizes", reason=_NO_PARAMETERS)
of_one = constant(*of("poisson"), *of("geometric"), *of("logseries"), *of("zipf"), kind="drawn_whole_1", reason=_WHOLE)
of_two = constant(
    *of("integers"), *of("randint"), *of("binomial"), *of("negative_binomial"), kind="drawn_whole_2", reason=_WHOLE
)
permutation = constant(*of("permutation"), kind="permutation", reason="it draws places")
choice = constant(*of("choice"), kind="choice", reason="it draws places")


# Whatever a generator draws: all that moves its state.
DRAWN = frozenset(
    name
    for owner in (np.random.Generator, np.random.RandomState)
    for name in dir(owner)
    if not name.startswith("_") and name not in ("bit_generator", "get_state")
)
OF_MODULES = ("numpy.random", "numpy.random.mtrand", "random")
OWNERS = (np.random.Generator, np.random.RandomState, python_random.Random)


# Draws among what they are given: the places are drawn, and not the values.
PLACES = frozenset({"choice", "permutation", "permuted", "shuffle"})


def draws(name: str, kind: Kind) -> bool:
    """May it be a method of a generator? Of no other object that is known to be one."""
    return name in DRAWN and (not isinstance(kind, Plain) or kind.what in ("Generator", "RandomState"))


def drawn_by(expr: Expr) -> str:
    """The name of what a call draws from a generator; empty for any other expression."""
    match expr:
        case Call(Attribute(_, name)) if name in DRAWN:
            return name
        case Call(Ref(target=Library("builtins", "getattr" | "hasattr"))):  # of what the program writes, outside
            return "getattr"
        case Call(Ref(target=Library(module=module, qualname=qualname))):
            place, _, name = f"{module}.{qualname}".rpartition(".")
            return name if place in OF_MODULES and name not in MADE else ""
        case Call(Ref(target=Global(value=value))):
            return getattr(value, "__name__", "") if isinstance(getattr(value, "__self__", None), OWNERS) else ""
        case _:
            return ""


def drawn_in(function: Function) -> str:
    """The name of what a function draws itself; empty if it draws nothing."""
    found = (drawn_by(e) for s in statements(function.body) for x in expressions(s) for e in subexpressions(x))
    return next(filter(None, found), "")


# Of those modules, what draws nothing.
MADE = frozenset(
    {"default_rng", "Generator", "RandomState", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64", "SeedSequence"}
    | {"Random", "get_state"}
)
