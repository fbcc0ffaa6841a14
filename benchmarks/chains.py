"""Products with the Jacobian and the Hessian over the primal, on chains of elementwise arithmetic and functions.

    python benchmarks/chains.py [--size 100000] [--rounds 25]

Prints ratios: a Jacobian-vector product, a vector-Jacobian product (value and pullback together), the gradient of
the sum, and a Hessian-vector product of it, each over the function, in time of the processor. Then the Hessian of
Rosenbrock's function in 100 dimensions, beside autograd and JAX where they are installed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np
from measure import geometric_mean, interleaved, same, time_ratios

import tangent_like as tl


def sines(x: Any) -> Any:
    return np.sin(np.exp(np.tanh(x)) * np.cos(x))


def entropies(x: Any) -> Any:
    p = 1 / (1 + np.exp(-x))
    return -p * np.log(p) - (1 - p) * np.log(1 - p)


def waves(x: Any) -> Any:
    for k in range(1, 6):
        x = np.sin(k * x) + np.cos(x)
    return x


def polynomial(x: Any) -> Any:
    a = x * x + 3.0 * x
    b = a * x - 0.5
    return b * b + a * b - x


def quotients(x: Any) -> Any:
    a = 1.0 + x * x
    b = x / a
    return b / (1.0 + b * b) - a * b


def horner(x: Any) -> Any:
    y = 0.1 * x
    for k in range(8):
        y = y * x + 1.0 / (1.0 + k)
    return y


CHAINS = {"transcendental": (sines, entropies, waves), "arithmetic": (polynomial, quotients, horner)}


def ratios(f: Callable[..., Any], size: int, rounds: int) -> list[float]:
    """Of ``jvp``, ``vjp``, the gradient and ``hvp``, over the primal."""
    rng = np.random.default_rng(0)
    x, v = rng.normal(size=size), rng.normal(size=size)

    def total(x: Any) -> Any:
        return np.sum(f(x))

    def pulled(x: Any) -> Any:
        _, pullback = tl.vjp(f, x)
        return pullback(v)

    hvp, grad = tl.hvp(total), tl.grad(total)
    calls = [lambda x: tl.jvp(f, (x,), (v,)), f, pulled, grad, lambda x: hvp(x, v)]
    found = time_ratios(calls, (x,), rounds)
    return [found[0], *found[2:]]


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def hessians() -> dict[str, Callable[[Any], Any]]:
    """By name: the Hessian of Rosenbrock's function, of those who are here."""
    found: dict[str, Callable[[Any], Any]] = {"tangent_like": tl.hessian(rosenbrock)}
    try:
        import autograd
        import autograd.numpy as anp
    except ImportError:
        print("autograd: not installed")
    else:

        def for_autograd(x: Any) -> Any:
            return anp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

        found["autograd"] = autograd.hessian(for_autograd)
    try:
        import jax
    except ImportError:
        print("jax: not installed")
    else:
        jax.config.update("jax_enable_x64", True)

        def for_jax(x: Any) -> Any:
            return jax.numpy.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

        plain = jax.hessian(for_jax)
        found["jax, not compiled"] = lambda x: np.asarray(plain(x))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args()
    print(f"{'over the primal':26} {'jvp':>6} {'vjp':>6} {'grad':>6} {'hvp':>6}")
    for group, chains in CHAINS.items():
        rows = [ratios(f, options.size, options.rounds) for f in chains]
        for f, row in zip(chains, rows, strict=True):
            print(f"{group + ' ' + f.__name__:26} " + " ".join(f"{r:6.2f}" for r in row))
        means = [geometric_mean([row[k] for row in rows]) for k in range(4)]
        print(f"{group + ', mean':26} " + " ".join(f"{m:6.2f}" for m in means))
    x = np.random.default_rng(0).normal(size=100)
    found = hessians()
    own = found["tangent_like"](x)
    rounds = list(interleaved(list(found.values()), (x,), options.rounds, clock=process_time))
    print("\nHessian of Rosenbrock's function, 100 dimensions, over ours")
    for k, (name, hessian) in enumerate(found.items()):
        agrees = "" if same(hessian(x), own) else "  DIFFERS"
        print(f"{name:26} {sorted(t[k] / t[0] for t in rounds)[len(rounds) // 2]:6.2f}{agrees}")


if __name__ == "__main__":
    main()
