"""What people would otherwise pick, each on the same program: its text, with the rival's module for NumPy."""

from __future__ import annotations

import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Gradient = Callable[..., Any]
MOST_BY_DIFFERENCES = 500
MOST_OPERATIONS = 2_000


@dataclass(frozen=True)
class Task:
    """``f`` with respect to the arguments ``wrt``; ``primal`` of the program, helpers of its file included."""

    f: Callable[..., Any]
    wrt: tuple[int, ...]
    args: tuple[Any, ...]


class CannotError(Exception):
    """Why a rival does not run a program."""


@dataclass(frozen=True)
class Rival:
    name: str
    compiled: bool  # is it held against our compiled gradient, and not against that in Python?
    make: Callable[[Task], Gradient]
    tolerance: float = 1e-9


def installed() -> tuple[list[Rival], list[str]]:
    """The rivals that are there, and the names of those that are not."""
    found: list[Rival] = []
    missing: list[str] = []
    for name, make in MAKERS.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.extend(make())
        except ImportError:  # noqa: PERF203 - there are six
            missing.append(name)
    return found, missing


def with_modules(f: Any, numpy: Any, math: Any, done: dict[Any, Any] | None = None) -> Any:
    """The function, and those of its package that it calls, with other modules under ``np`` and ``math``."""
    done = {} if done is None else done
    if f not in done:
        space = dict(f.__globals__)
        done[f] = types.FunctionType(f.__code__, space, f.__name__, f.__defaults__, f.__closure__)
        for name in f.__code__.co_names:
            value = space.get(name)
            if isinstance(value, types.FunctionType) and package_of(value) == package_of(f):
                space[name] = with_modules(value, numpy, math, done)
        space["np"], space["math"] = numpy, math
    return done[f]


def package_of(f: Any) -> str:
    return str(f.__module__).partition(".")[0]


def autograd_() -> list[Rival]:
    import autograd
    import autograd.numpy

    def make(task: Task) -> Gradient:
        traced = with_modules(task.f, autograd.numpy, autograd.numpy)
        return autograd.grad(traced, argnum=task.wrt)

    return [Rival("autograd", False, make)]


def jax_() -> list[Rival]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def gradient(task: Task) -> Gradient:
        return jax.grad(with_modules(task.f, jnp, jnp), argnums=task.wrt)

    def eager(task: Task) -> Gradient:
        made = gradient(task)
        return lambda *args: jax.block_until_ready(made(*args))

    def jitted(task: Task) -> Gradient:
        whole = tuple(k for k, a in enumerate(task.args) if isinstance(a, int))
        count = len(jax.make_jaxpr(gradient(task), static_argnums=whole)(*task.args).eqns)
        if count > MOST_OPERATIONS:  # its compiler recurses over them
            raise CannotError(f"loops written out are more than {MOST_OPERATIONS} operations")
        made = jax.jit(gradient(task), static_argnums=whole)
        return lambda *args: jax.block_until_ready(made(*args))

    return [Rival("JAX", False, eager), Rival("jax.jit", True, jitted)]


def torch_() -> list[Rival]:
    import torch

    torch.set_num_threads(1)

    def make(task: Task) -> Gradient:
        traced = with_modules(task.f, torch, torch)

        def gradient(*args: Any) -> Any:
            given = [a if isinstance(a, int | str) else torch.tensor(a, dtype=torch.float64) for a in args]
            asked = [given[k].requires_grad_() for k in task.wrt]
            return tuple(g.numpy() for g in torch.autograd.grad(traced(*given), asked))

        return gradient

    return [Rival("PyTorch", False, make)]


def tangent_() -> list[Rival]:
    import tangent

    return [Rival("tangent-ad", False, lambda task: tangent.grad(task.f, wrt=task.wrt))]


def casadi_() -> list[Rival]:
    import casadi

    def total(x: Any) -> Any:
        return casadi.sum2(casadi.sum1(x))

    names = ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "fabs", "sinh", "cosh")
    space = types.SimpleNamespace(**{n: getattr(casadi, n) for n in names}, sum=total, abs=casadi.fabs, pi=np.pi)

    def make(task: Task) -> Gradient:
        if any(isinstance(a, int) and a > MOST_OPERATIONS // 10 for a in task.args):
            raise CannotError(f"more than {MOST_OPERATIONS // 10} turns, which are written out")
        symbols = [
            a if isinstance(a, int | str) else casadi.SX.sym(f"a{k}", *(np.shape(a) or (1,)))
            for k, a in enumerate(task.args)
        ]
        if any(np.ndim(a) > 2 or np.size(a) > 20_000 for a in task.args):
            raise CannotError("arrays of more than two axes, or of more than 20,000 numbers")
        value = with_modules(task.f, space, space)(*symbols)
        kept = [k for k, a in enumerate(task.args) if not isinstance(a, int | str)]
        slopes = [casadi.gradient(value, symbols[k]) for k in task.wrt]
        function = casadi.Function("g", [symbols[k] for k in kept], slopes)

        def gradient(*args: Any) -> Any:
            found = function(*(args[k] for k in kept))
            found = found if isinstance(found, tuple) else (found,)
            return tuple(np.array(g).reshape(np.shape(args[k])) for k, g in zip(task.wrt, found, strict=True))

        return gradient

    return [Rival("CasADi", True, make)]


def scipy_() -> list[Rival]:
    from scipy.optimize import approx_fprime

    def make(task: Task) -> Gradient:
        if sum(np.size(task.args[k]) for k in task.wrt) > MOST_BY_DIFFERENCES:
            raise CannotError(f"more than {MOST_BY_DIFFERENCES} numbers")

        def gradient(*args: Any) -> Any:
            out = []
            for k in task.wrt:
                shape = np.shape(args[k])

                def along(x: np.ndarray, k: int = k, shape: tuple[int, ...] = shape) -> Any:
                    moved = x.reshape(shape) if shape else float(x[0])
                    return task.f(*args[:k], moved, *args[k + 1 :])

                out.append(approx_fprime(np.ravel(args[k]), along).reshape(shape))
            return tuple(out)

        return gradient

    return [Rival("differences", False, make, 1e-3)]


MAKERS: dict[str, Callable[[], list[Rival]]] = {
    "autograd": autograd_,
    "jax": jax_,
    "torch": torch_,
    "tangent-ad": tangent_,
    "casadi": casadi_,
    "scipy": scipy_,
}
