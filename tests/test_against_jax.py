"""Functions of NumPy and SciPy against JAX: what flows back and forward, on random shapes, axes, dtypes and keywords.

Independent of the table of rules and of differences: each line below is one program, read by both. `python
tests/test_against_jax.py -n 20` draws more of each and prints how many functions are right, refused and wrong.
"""

from __future__ import annotations

import argparse
import importlib
import linecache
import re
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import tangent_like as tl  # noqa: E402

jax = pytest.importorskip("jax")
jax.config.update("jax_enable_x64", True)
jnp = jax.numpy

# -- what is drawn -----------------------------------------------------------------------------------

SHAPES = [(), (3,), (2, 3), (2, 1, 3), (0,), (1,)]
REAL, POSITIVE, UNIT, ABOVE_ONE, MIDDLE = (-2.0, 2.0), (0.2, 3.0), (-0.9, 0.9), (1.1, 3.0), (0.1, 0.9)

# Programs by text. `x:2,3` is an argument of that shape; `x` alone has any shape; `[a|b]` is one of the texts.
# Of one argument, elementwise, on an interval:
UNARY: dict[tuple[float, float], str] = {
    REAL: "sin cos tanh arctan sinh cosh arcsinh exp exp2 expm1 square negative positive absolute abs fabs deg2rad rad2deg "
    "degrees radians sign cbrt sinc floor ceil trunc rint round atan asinh fix real conj conjugate nan_to_num ravel "
    "copy asarray atleast_1d atleast_2d isfinite i0",
    POSITIVE: "sqrt log log2 log10 log1p reciprocal",
    UNIT: "arcsin arccos arctanh tan asin acos atanh",
    ABOVE_ONE: "arccosh acosh",
}
BINARY = {
    REAL: "add subtract multiply maximum minimum fmax fmin arctan2 atan2 hypot logaddexp logaddexp2 copysign heaviside",
    POSITIVE: "divide true_divide power pow float_power mod remainder fmod floor_divide",
}
PROGRAMS = """
x + y * x - x / (3 + y)
-x + +x
abs(x) ** 1.5
(2.0 ** x) * (x ** 3)
np.where(x > y, x * y, x - y)
np.clip(x, [-0.5|None|y - 1], [0.5|y])
np.clip(x, min=-0.5, max=0.7)
np.select([x > 0.5, x > 0], [x ** 3, x ** 2], x)
np.sum(x:2,3,4, axis=[None|0|-1|(0, 2)|(1,)], keepdims=[True|False])
np.sum(x:2,3, axis=[None|0|1], where=x:2,3 > 0)
np.sum(x:2,3, initial=[2.0|0.0])
np.mean(x:2,3,4, axis=[None|0|-1|(0, 2)], keepdims=[True|False])
np.mean(x:2,3, axis=1, where=np.array([[True, False, True], [True, True, True]]))
np.prod(x:2,3,4, axis=[None|0|-1|(0, 2)], keepdims=[True|False])
np.[max|min|amax|amin](x:2,3,4, axis=[None|0|-1|(0, 2)], keepdims=[True|False])
np.max(x:2,3, axis=[0|1|None], initial=[-9.0|0.1])
np.[var|std](x:2,3,4, axis=[None|0|-1|(0, 2)], ddof=[0|1], keepdims=[True|False])
np.[var|std](x:2,5, axis=1, correction=[0|1])
np.[nansum|nanmean|nanmax|nanmin|nanvar|nanstd|nanprod](x:2,3, axis=[None|0|-1], keepdims=[True|False])
np.ptp(x:2,3, axis=[None|0|1], keepdims=[True|False])
np.average(x:2,3, axis=[None|0|1])
np.average(x:2,3, weights=np.exp(y:2,3), axis=[None|0|1])
np.median(x:2,5, axis=[None|0|-1], keepdims=[True|False])
np.[quantile|nanquantile](x:2,5, [0.3|0.61|np.array([0.2, 0.9])], axis=[None|0|-1], keepdims=[True|False])
np.[percentile|nanpercentile](x:2,5, [30|61.5], axis=[None|0|-1])
np.[cumsum|cumprod|nancumsum|nancumprod](x:2,3, axis=[None|0|-1])
np.[cumulative_sum|cumulative_prod](x:2,3, axis=[0|1])
np.cumulative_sum(x:4, include_initial=[True|False])
np.add.reduce(x:2,3, axis=[0|1|None])
np.multiply.reduce(x:2,3, axis=[0|1])
np.logaddexp.reduce(x:2,3, axis=[0|1])
np.maximum.reduce(x:2,3, axis=[0|1])
np.trapezoid(x:2,4, [None|np.array([0.0, 0.3, 0.9, 1.0])], axis=-1)
np.trapezoid(x:4, np.cumsum(np.exp(y:4)))
np.trapezoid(x:3,2, dx=0.3, axis=0)
np.diff(x:3,4, n=[1|2], axis=[0|-1])
np.diff(x:4, prepend=y:1, append=0.5)
np.ediff1d(x:4, to_begin=y:2)
np.gradient(x:6, [0.5|np.array([0.0, 0.3, 1.0, 1.2, 2.0, 2.2])])
np.gradient(x:4,5, axis=[0|1])
np.gradient(x:4,5)[[0|1]]
np.cov(x:3,5, ddof=[0|1])
np.corrcoef(x:3,5)
np.bincount(np.array([0, 2, 2, 1]), weights=x:4)
np.histogram(np.array([0.1, 0.2, 0.7, 0.9]), bins=3, weights=x:4)[0]
np.reshape(x:2,3,4, [(6, 4)|(-1, 2)|24|-1|(2, 12)])
np.reshape(x:2,3, (3, -1), order=[\"C\"|\"F\"])
x:2,3.reshape(3, 2) * 2
x:2,3.reshape((3, -1)) * 2
x:2,3.ravel() * 2
x:2,3.flatten() * 2
x:2,3.T * 2
x:2,3,4.transpose(2, 0, 1) * 2
x:2,3.[sum|mean|prod|max|min|std|var|cumsum|cumprod](axis=[0|1|None]) * 2
x:2,3.dot(y:3)
x:2,3.swapaxes(0, 1) * 2
x:1,3.squeeze() * 2
x:2,3.clip(-0.5, 0.5) * 2
x:3.repeat(2) * 2
x:3,3.trace() * 2
x:3,3.diagonal() * 2
x:3.take(np.array([0, 0, 2])) * 2
x:2,3.astype([float|np.float64]) * 2
np.transpose(x:2,3,4, [None|(1, 2, 0)|(0, -1, 1)])
np.permute_dims(x:2,3,4, (1, 2, 0))
np.matrix_transpose(x:2,3,4)
np.swapaxes(x:2,3,4, 0, -1)
np.moveaxis(x:2,3,4, [0|(0, 1)], [-1|(1, 2)]) if False else np.moveaxis(x, 0, -1)
np.rollaxis(x:2,3,4, [1|2|-1], [0|1])
np.squeeze(x:2,1,3, axis=[None|1|-2])
np.expand_dims(x:2,3, [0|-1|(0, 2)])
np.broadcast_to(x:3, [(2, 3)|(4, 2, 3)])
np.broadcast_arrays(x:3, y:2,1)[[0|1]]
np.[concatenate|concat]([x:2,3, y:2,3, x * y], axis=[0|-1|None])
np.stack([x:2,3, y:2,3], axis=[0|1|-1])
np.[vstack|hstack|dstack]([x:2,3, y:2,3 * 2, x])
np.[vstack|hstack|column_stack|dstack]([x:3, y:3, x * y])
np.block([[x:2,2, y:2,3], [y * 2, x * 3]])
np.append(x:2,3, y:2,3, axis=[None|0|1])
np.[split|array_split](x:6, [3|[1, 4]])[1]
np.hsplit(x:2,6, 3)[1] * np.vsplit(x, 2)[0][:, :2]
np.tile(x:2,3, [2|(2, 1)|(3, 1, 2)])
np.repeat(x:2,3, [2|3], axis=[None|0|1])
np.pad(x:3,4, [1|((1, 2), (0, 1))], mode=[\"constant\"|\"edge\"|\"reflect\"|\"wrap\"|\"symmetric\"])
np.pad(x:3, 2, constant_values=1.5)
np.roll(x:3,4, [1|-2|(1, 2)], axis=[(0, 1)|None]) if False else np.roll(x, 2, axis=1)
np.roll(x:3,4, [1|-2|5], axis=[None|0|1])
np.flip(x:3,4, axis=[None|0|-1|(0, 1)])
np.[flipud|fliplr](x:3,4)
np.rot90(x:3,4, [1|2|3|-1])
np.insert(x:4, [1|2], y:1[0])
np.delete(x:5, [1|-1|np.array([0, 3])])
np.resize(x:5, [(2, 4)|3])
np.meshgrid(x:3, y:2, indexing=[\"xy\"|\"ij\"])[[0|1]]
np.full((2, 3), x:3)
np.full_like(y:2,3, x:1[0])
np.linspace(x:1[0], y:1[0], [4|1], endpoint=[True|False])
np.logspace(x:1[0], y:1[0], 4)
np.geomspace(np.exp(x:1[0]), np.exp(y:1[0]), 4)
np.vander(x:3, [None|2|4], increasing=[True|False])
np.diag(x:3, [0|1|-1])
np.diag(x:3,4, [0|1|-1])
np.diagflat(x:2,2)
np.diagonal(x:2,3,4, [0|1], [0|1], 2)
np.trace(x:3,4, [0|1|-1])
np.trace(x:2,3,4, 0, 1, 2)
np.[tril|triu](x:3,4, [0|1|-1])
np.unstack(x:3,2, axis=[0|1])[1]
x:4[[1|-1]] * 2
x:2,3,4[[1, :, 2|..., 1|:, None, 0|::-1, 1:|1, ..., ::2]] * 2
x:4[np.array([0, 0, 3])] * 2
x:3,4[np.array([0, 2]), np.array([1, 1])] * 2
x:3,4[:, [0, 2, 0]] * 2
x:3,4[np.array([True, False, True])] * 2
np.take(x:3,4, np.array([0, 2, 0]), axis=[None|0|1])
np.take_along_axis(x:3,4, np.argsort(x, axis=1), axis=1)
np.sort(x:3,4, axis=[None|0|-1])
np.sort(np.partition(x:6, 2)[:2])
x:5[np.argsort(x)] * np.arange(5.0)
np.[dot|matmul](x:[3|2,3], y:[3|3,4])
np.dot(x:2,3, y:4,3,2)
np.matmul(x:5,2,3, y:[3|3,4|5,3,2|1,3,2])
x:2,3 @ y:3
x:[3|5,2,3] @ y:3
np.inner(x:2,3, y:[3|4,3])
np.outer(x:[2|2,3], y:3)
np.vdot(x:2,3, y:2,3)
np.[vecdot|linalg.vecdot](x:2,3, y:[3|2,3])
np.matvec(x:2,3, y:3)
np.tensordot(x:2,3,4, y:[3,4,5|3,4]) if False else np.tensordot(x, x, [0|3|([0, 1], [0, 1])|((2,), (2,))])
np.einsum([\"ij,jk->ik\"|\"ij,jk\"|\"ij,jk->\"|\"...j,jk->k...\"|\"ij,jk->kji\"], x:2,3, y:3,4)
np.einsum([\"ii->i\"|\"ii\"|\"ij->j\"|\"ij->\"|\"ij->ji\"], x:3,3)
np.einsum(\"bij,bjk,k->bi\", x:2,3,4, y:2,4,3, y[0, 0])
np.kron(x:[2|2,3], y:[2,2|3])
np.cross(x:[3|4,3], y:3)
np.[convolve|correlate](x:[5|3], y:[3|4], mode=[\"full\"|\"same\"|\"valid\"])
np.polyval(x:4, y:[3|2,3])
np.interp(x:5, np.array([-1.5, -0.2, 0.4, 1.7]), y:4)
np.interp(np.array([0.1, 0.7]), np.cumsum(np.exp(x:3)) - 1, y:3)
np.unwrap(x:5 * 3)
np.[polyadd|polysub|polymul](x:3, y:3)
np.polyder(x:4)
np.polyint(x:3)
np.polyfit(np.arange(5.0), x:5, [1|2])
np.linalg.inv(x:[3,3|2,3,3])
np.linalg.solve(x:[3,3|2,3,3], y:3,2)
np.linalg.solve(x:3,3, y:3)
np.linalg.det(x:[3,3|2,3,3])
np.linalg.slogdet(x:[3,3|2,3,3])[1]
np.linalg.cholesky(x:3,3 @ x.T + np.eye(3))
np.linalg.eigh(x:3,3 @ x.T + np.diag(np.arange(3.0)))[0]
np.abs(np.linalg.eigh(x:3,3 @ x.T + np.diag(np.arange(3.0)))[1])
np.linalg.eigvalsh(x:3,3 @ x.T)
np.abs(np.linalg.qr(x:[4,3|3,3])[[0|1]])
np.linalg.svd(x:4,3, compute_uv=False)
np.abs(np.linalg.svd(x:4,3, full_matrices=False)[[0|2]])
np.linalg.svdvals(x:4,3)
np.linalg.pinv(x:4,3)
np.linalg.lstsq(x:4,3, y:4)[0]
np.linalg.norm(x:[3|2,3])
np.linalg.norm(x:3, [1|2|3|np.inf|-np.inf])
np.linalg.norm(x:2,3, [\"fro\"|\"nuc\"|1|2|np.inf|-1|-2])
np.linalg.norm(x:2,3, axis=[0|1|-1|(0, 1)], keepdims=[True|False])
np.linalg.norm(x:2,3, [1|2|3|np.inf], axis=1)
np.linalg.vector_norm(x:2,3, axis=[None|0|1], keepdims=[True|False])
np.linalg.matrix_norm(x:2,3, ord=[\"fro\"|\"nuc\"])
np.linalg.cond(x:3,3)
np.linalg.matrix_power(x:3,3, [0|1|3|-2])
np.linalg.multi_dot([x:2,3, y:3,4, y.T @ y])
np.linalg.tensorsolve(x:2,3,6, y:2,3)
np.linalg.tensorinv(x:4,6,8,3) if False else np.linalg.tensorinv(x:6,2,3, ind=1)
np.linalg.[trace|diagonal|matrix_transpose](x:2,3,3)
np.linalg.outer(x:2, y:3)
np.linalg.matmul(x:2,3, y:3,2)
np.linalg.cross(x:4,3, y:4,3)
np.apply_along_axis(lambda t: t * t[0], [0|1], x:2,3)
np.piecewise(x:4, [x < 0, x >= 0], [lambda t: t ** 2, lambda t: t ** 3])
np.vectorize(lambda t: t * t)(x:2,3)
np.extract(np.array([True, False, True]), x:3)
np.compress(np.array([True, False, True]), x:3,2, axis=0)
np.choose(np.array([0, 1, 0]), [x:3, y:3])
np.ix_(np.array([0, 2]))[0] * x:2
np.array([x:3, y:3 * 2]) * 2
np.array([x:1[0], y:1[0], 2.0])
np.astype(x:3, float) * 2
special.[erf|erfc|expit|ndtr|log_ndtr|i0|i1|i0e|i1e|exp1|expi|spence|sinc|gammaln|digamma](np.abs(x:[3|2,3]) + 0.3)
special.[gamma|factorial](np.abs(x:3) + 0.3)
special.[logit|erfinv|ndtri|entr](np.tanh(np.abs(x:3)) * 0.8 + 0.1)
special.log_softmax(x:2,3, axis=[0|1|-1])
special.softmax(x:2,3, axis=[0|1|-1])
special.logsumexp(x:2,3, axis=[None|0|1], keepdims=[True|False])
special.logsumexp(x:2,3, axis=1, b=np.exp(y:2,3))
special.[xlogy|xlog1py|rel_entr|kl_div|betaln|beta](np.exp(x:3), np.exp(y:3))
special.polygamma([1|2], np.exp(x:3))
special.gammainc(np.array([0.5, 1.5, 2.5]), np.exp(x:3))
special.gammaincc(np.array([0.5, 1.5, 2.5]), np.exp(x:3))
special.betainc(np.array([0.5, 1.5, 2.5]), np.array([1.5, 0.7, 1.1]), np.tanh(np.abs(x:3)))
special.zeta(np.exp(x:3) + 1.1, 1.5) if False else special.zeta(2.5, np.exp(x:3) + 0.5)
special.multigammaln(np.exp(x:1[0]) + 3, 2)
special.poch(np.exp(x:3), 1.5)
stats.norm.[logpdf|pdf|cdf|logcdf|sf|logsf](x:3, y:3, np.exp(y))
stats.norm.ppf(np.tanh(np.abs(x:3)) * 0.8 + 0.1, y:3, 1.5)
stats.t.logpdf(x:3, 3.5, y:3, 1.2)
stats.gamma.logpdf(np.exp(x:3), np.exp(y:3))
stats.beta.logpdf(np.tanh(np.abs(x:3)) * 0.8 + 0.1, np.exp(y:3), 1.5)
stats.[expon|laplace|cauchy|logistic|uniform].logpdf(np.abs(x:3) * 0.3, 0.0, np.exp(y:3) + 1)
stats.chi2.logpdf(np.exp(x:3), 3.5)
stats.poisson.logpmf(np.array([0, 1, 4]), np.exp(x:3))
stats.bernoulli.logpmf(np.array([0, 1, 1]), np.tanh(np.abs(x:3)) * 0.8 + 0.1)
stats.multivariate_normal.logpdf(x:3, y:3, np.eye(3) + np.outer(y, y))
stats.dirichlet.logpdf(np.array([0.2, 0.3, 0.5]), np.exp(x:3))
linalg.expm(x:3,3)
linalg.[inv|det](x:3,3)
linalg.solve(x:3,3, y:3)
linalg.cholesky(x:3,3 @ x.T + np.eye(3), lower=[True|False])
linalg.solve_triangular(x:3,3 + 3 * np.eye(3), y:3, lower=[True|False], trans=[0|1])
linalg.cho_solve(linalg.cho_factor(x:3,3 @ x.T + np.eye(3)), y:3)
linalg.lu_solve(linalg.lu_factor(x:3,3), y:3)
linalg.toeplitz(x:3, y:3)
linalg.block_diag(x:2,3, y:1,2)
linalg.svd(x:3,2, compute_uv=False)
linalg.eigh(x:3,3 @ x.T)[0]
signal.[convolve|fftconvolve|correlate](x:5, y:3, mode=[\"full\"|\"same\"|\"valid\"])
signal.detrend(x:5)
""".strip().splitlines()


def world(numpy: Any, package: str) -> dict[str, Any]:
    """The names that a program reads: NumPy and SciPy, or what JAX has of them."""
    found: dict[str, Any] = {"np": numpy}
    for name in ("special", "stats", "linalg", "signal"):
        found[name] = importlib.import_module(f"{package}.{name}")
    if package == "jax.scipy":
        nn = jax.nn
        special = argparse.Namespace(**{n: getattr(found["special"], n) for n in dir(found["special"])})
        special.softmax, special.log_softmax = nn.softmax, nn.log_softmax
        found["special"] = special
    return found


Draw = tuple[str, tuple[str, ...], list[Any]]


def chosen(text: str, rng: np.random.Generator) -> str:
    """The text with one of each `[a|b]`; the innermost first, and brackets without a bar left alone."""
    while True:
        end = text.find("|")
        if end < 0:
            return text
        depth, start = 0, end
        while depth >= 0:
            start -= 1
            depth += (text[start] in ")]") - (text[start] in "[(")
        stop, depth, bars = start + 1, 0, []
        while depth >= 0:
            if text[stop] == "|" and depth == 0:
                bars.append(stop)
            depth += (text[stop] in "[(") - (text[stop] in ")]")
            stop += 1
        parts = [text[a + 1 : b] for a, b in zip([start, *bars], [*bars, stop - 1], strict=True)]
        part = parts[rng.integers(len(parts))]
        text = text[:start] + part + text[stop:]


def drawn(text: str, low: float, high: float, dtype: Any, rng: np.random.Generator) -> Draw:
    """A program as Python: its text, the names of its arguments, and numbers for them."""
    text = chosen(text, rng)
    shapes: dict[str, tuple[int, ...]] = {}

    def shape(match: re.Match[str]) -> str:
        shapes[match[1]] = tuple(int(n) for n in match[2].split(","))
        return match[1]

    text = re.sub(r"\b([xy]):(\d+(?:,\d+)*)", shape, text)
    names = tuple(n for n in "xy" if re.search(rf"\b{n}\b", text))
    free = SHAPES[rng.integers(len(SHAPES))]
    args: list[Any] = []
    for name in names:
        value = rng.uniform(low, high, shapes.get(name, free)).astype(dtype)
        args.append(value if value.shape else float(value))
    return text, names, args


def functions(text: str, names: tuple[str, ...]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    lines = f"def f({', '.join(names)}):\n    return {text}\n"
    made = []
    for k, names_in in enumerate((world(np, "scipy"), world(jnp, "jax.scipy"))):
        file = f"<jax {k} {text}>"
        linecache.cache[file] = (len(lines), None, lines.splitlines(keepends=True), file)
        exec(compile(lines, file, "exec"), names_in)
        made.append(names_in["f"])
    return made[0], made[1]


class NoJaxError(Exception):
    """JAX does not know the function, or not so."""


def verdict(text: str, names: tuple[str, ...], args: list[Any], rng: np.random.Generator) -> str:
    """"right" or "refused"; an ``AssertionError`` where the two differ."""
    ours, theirs = functions(text, names)
    value = np.asarray(ours(*args))
    if value.dtype.kind != "f":
        raise NoJaxError
    dots = [rng.normal(size=np.shape(a)).astype(np.asarray(a).dtype) for a in args]
    y_bar = rng.normal(size=value.shape).astype(value.dtype)
    try:
        arrays = [jnp.asarray(a) for a in args]
        there, pull = jax.vjp(theirs, *arrays)
        if there.shape != value.shape:
            raise NoJaxError
        expected = pull(jnp.asarray(y_bar, there.dtype))
        expected_dot = jax.jvp(theirs, tuple(arrays), tuple(map(jnp.asarray, dots)))[1]
    except (TypeError, NotImplementedError, AttributeError, ValueError, jax.errors.JAXTypeError, jax.errors.JAXIndexError):
        raise NoJaxError from None
    narrow = any(np.asarray(a).dtype == np.float32 for a in args)
    close = {"rtol": 2e-3, "atol": 2e-3} if narrow else {"rtol": 1e-7, "atol": 1e-9}
    if lost(there, value):
        raise NoJaxError
    np.testing.assert_allclose(value, there, **close, err_msg=text)
    try:
        _, pullback = tl.vjp(ours, *args)
        found = pullback(y_bar if y_bar.shape else float(y_bar))
        _, dot = tl.jvp(ours, tuple(args), tuple(d if d.shape else float(d) for d in dots))
    except tl.DifferentiationError:
        return "refused"
    for a, own, other in zip(args, found, expected, strict=True):
        own = np.zeros(np.shape(a)) if own is None else own
        assert np.shape(own) == np.shape(a), text
        assert not narrow or np.asarray(own).dtype == np.asarray(a).dtype, f"{text}: {np.asarray(own).dtype}"
        if lost(other, own):
            raise NoJaxError
        np.testing.assert_allclose(own, other, **close, err_msg=text)
    np.testing.assert_allclose(np.zeros(value.shape) if dot is None else dot, expected_dot, **close, err_msg=text)
    return "right"


def lost(theirs: Any, ours: Any) -> bool:
    """Has JAX no number where there is one? Its dilogarithm (``spence``) has not, at some places."""
    return bool(np.any(np.isnan(np.asarray(theirs)) & np.isfinite(np.asarray(ours))))


def every() -> Iterator[tuple[str, tuple[float, float]]]:
    for interval, names in UNARY.items():
        yield from ((f"np.{name}(x)", interval) for name in names.split())
    for interval, names in BINARY.items():
        yield from ((f"np.{name}(x, y)", interval) for name in names.split())
    for text in PROGRAMS:
        yield text, REAL


CASES = list(every())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("text", "interval"), CASES, ids=[t for t, _ in CASES])
def test_as_jax_says(text: str, interval: tuple[float, float]) -> None:
    rng = np.random.default_rng(zlib.crc32(text.encode()))
    seen: Counter[str] = Counter()
    for k in range(2):
        dtype = np.float32 if k % 2 else np.float64
        program = drawn(text, *interval, dtype, rng)
        try:
            seen[verdict(*program, rng)] += 1
        except NoJaxError:
            seen["not in JAX"] += 1
    if not seen["right"] and not seen["refused"]:
        pytest.skip("JAX does not know it so")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=8, help="how many programs of each line")
    options.add_argument("-k", default="", help="only lines that hold this")
    given = options.parse_args()
    warnings.simplefilter("ignore")
    lines: Counter[str] = Counter()
    programs: Counter[str] = Counter()
    for text, interval in CASES:
        if given.k not in text:
            continue
        rng = np.random.default_rng(zlib.crc32(text.encode()))
        seen: Counter[str] = Counter()
        for k in range(given.n):
            program = drawn(text, *interval, np.float32 if k % 4 == 3 else np.float64, rng)
            try:
                seen[found := verdict(*program, rng)] += 1
            except NoJaxError:
                seen[found := "not in JAX"] += 1
            except Exception as error:
                seen[found := "wrong"] += 1
                print(f"wrong: {program[0]} {[np.shape(a) for a in program[2]]}\n    {str(error).strip()[:300]}")
            if found == "refused":
                print(f"refused: {program[0]}")
        programs.update(seen)
        if sum(programs.values()) % 64 < given.n:
            jax.clear_caches()  # what it has compiled fills the memory
        lines[next(v for v in ("wrong", "right", "refused", "not in JAX") if seen[v])] += 1
    print("functions:", ", ".join(f"{n} {v}" for v, n in sorted(lines.items())))
    print("programs:", ", ".join(f"{n} {v}" for v, n in sorted(programs.items())))


if __name__ == "__main__":
    main()
