"""Functions of scipy.special in compiled derivatives: by SciPy's own code, or by loops of ours."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

special = pytest.importorskip("scipy.special")
stats = pytest.importorskip("scipy.stats")
pytest.importorskip("numba")
expit = special.expit
RNG = np.random.default_rng(11)


def regression(X: Any, w: Any, y: Any) -> Any:
    p = expit(X @ w)
    return -np.sum(special.xlogy(y, p) + special.xlog1py(1 - y, -p))


def in_a_loop(a: float, b: float) -> float:
    total = 0.0
    for i in range(10):
        total += special.erf(a * i) * special.gamma(b + i * 0.1) + special.betaln(a, b + i)
    return total


def sums_of_exponentials(x: Any) -> Any:
    rows = special.logsumexp(x, axis=1, keepdims=True)
    shares = special.softmax(x, axis=0) ** 3 + np.sin(special.log_softmax(x, axis=-1))
    return np.sum(rows**2 * x) + special.logsumexp(x) + special.logsumexp(x, axis=(0, 1)) + np.sum(shares)


def several(x: Any, a: float) -> Any:
    logs = special.log_ndtr(-x) + special.logit(x / 3) + special.entr(x)
    total = np.sum(special.j0(x) * special.i0e(x) + special.kv(1.5, x) + special.erfinv(x / 3) + logs)
    total += np.sum(special.digamma(x) * special.polygamma(2, x)) + special.zeta(2.5, a)
    for i in range(3):
        total += special.polygamma(1, a + i)
    return total


@pytest.mark.parametrize(
    ("f", "args", "argnums"),
    [
        (regression, (RNG.normal(size=(9, 3)), RNG.normal(size=3), np.arange(9) % 2), (0, 1)),
        (in_a_loop, (1.3, 0.7), (0, 1)),
        (sums_of_exponentials, (RNG.normal(size=(4, 5)),), 0),
        (several, (RNG.uniform(0.2, 2, 7), 0.7), (0, 1)),
    ],
)
def test_compiled_and_in_python_the_same(f: Any, args: tuple[Any, ...], argnums: Any) -> None:
    ours, theirs = tl.grad(f, argnums, jit=True)(*args), tl.grad(f, argnums)(*args)
    for a, b in zip(*((g if isinstance(argnums, tuple) else (g,)) for g in (ours, theirs)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-13)


def in_single_precision(x: Any) -> Any:
    return special.expit(x) * x


def test_single_precision_stays() -> None:
    x = RNG.normal(size=6).astype(np.float32)
    value, pullback = tl.vjp(in_single_precision, x, jit=True)
    assert value.dtype == pullback(x)[0].dtype == np.float32
    np.testing.assert_allclose(value, in_single_precision(x), rtol=1e-6)


def test_zeta_is_scipys() -> None:
    from tangent_like.backend.lacking.special import standing

    zeta = standing()[special.zeta]
    s, q = np.meshgrid([1.0, 1.1, 2.0, 3.0, 5.5, 20.0, 50.0, 0.5], [1e-3, 0.1, 1.0, 3.3, 15.0, 200.0, -0.5, -3.2, -2.0, 0.0])
    np.testing.assert_allclose(zeta(s, q), special.zeta(s, q), rtol=1e-13)


def likelihood(x: Any, mu: float, s: float, a: float) -> Any:
    density = 0.5 * stats.norm.pdf(x, mu, s) + 0.3 * stats.t.pdf(x, 4.0, loc=mu) + 0.2 * stats.laplace.pdf(x, scale=s)
    positive = stats.gamma.pdf(x**2, a, scale=s) + stats.expon.cdf(x**2, scale=s) * stats.beta.pdf(0.5, a, 2.0)
    return np.sum(np.log(density)) + np.sum(stats.logistic.logcdf(x, mu)) + stats.norm.cdf(mu) + np.sum(positive)


def test_densities_and_chances_compile() -> None:
    args = (RNG.normal(size=5), 0.1, 1.2, 1.7)
    ours, theirs = tl.grad(likelihood, (0, 1, 2, 3), jit=True)(*args), tl.grad(likelihood, (0, 1, 2, 3))(*args)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-13)


SHAPES = {"norm": (), "beta": (1.4, 2.5)}


@pytest.mark.parametrize("name", ["norm", "beta"])  # each takes two seconds
def test_densities_and_chances_are_scipys(name: str) -> None:
    from tangent_like.backend.lacking.numpy_module import seen_compiled

    theirs = getattr(stats, name)
    ours = seen_compiled(theirs)
    x = np.array([-np.inf, -40.0, -3.0, -1.0, -0.2, 0.0, 0.3, 0.5, 0.9, 1.0, 1.7, 8.0, np.inf, np.nan])
    for method in ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"):
        for loc, scale in ((0.0, 1.0), (0.3, 2.1), (0.0, -1.0)):
            args = (x, *SHAPES[name], loc, scale)
            with np.errstate(all="ignore"):
                expected = getattr(theirs, method)(*args)
            np.testing.assert_allclose(getattr(ours, method)(*args), expected, rtol=1e-9, atol=1e-14, err_msg=method)


SCRIPT = """
import numpy as np
from scipy import special
import tangent_like as tl

def loss(x):
    return np.sum(special.expit(x) ** 2)

x = np.linspace(-2, 2, 9)
df = tl.grad(loss, jit={"cache": True})
assert np.allclose(df(x), tl.grad(loss)(x), rtol=1e-12)
(compiled,) = next(iter(df._cache.by_types.values()))
print(sum(compiled.call.dispatcher.stats.cache_hits.values()))
"""


def test_what_is_kept_in_files_runs_in_another_process(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(SCRIPT)
    root = str(Path(tl.__file__).parent.parent)
    env = {**os.environ, "TANGENT_LIKE_CACHE": str(tmp_path / "kept"), "PYTHONPATH": root}
    outs = [
        subprocess.run([sys.executable, str(file)], env=env, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    ]
    assert outs == [["0"], ["1"]]


def distant(x: Any) -> float:
    return math.dist(x, np.array([1.0, 2.0, 3.0]))


def greatest(x: Any) -> Any:
    return np.linalg.norm(x, np.inf)


def least(x: Any) -> Any:
    return np.linalg.norm(x, -np.inf)


@pytest.mark.parametrize("f", [special.logsumexp, distant, greatest, least], ids=lambda f: f.__name__)
def test_what_is_no_number_stays_none(f: Any) -> None:
    def whole(x: Any) -> Any:
        return f(x)

    ours, theirs = tl.value_and_grad(whole, jit=True), tl.value_and_grad(whole)
    for x in ([1, np.nan, 2], [-np.inf, np.nan, -np.inf], [1.0, 2.0, np.nan], [1.0, np.inf, 2.0]):
        with np.errstate(all="ignore"):
            (value, bar), (known, slope) = ours(np.array(x)), theirs(np.array(x))
        np.testing.assert_equal(value, known)
        if f is not distant:
            np.testing.assert_equal(bar, slope)
