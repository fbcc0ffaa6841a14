"""A derivative compiled by Numba for the arguments at hand: what is passed to its parts, and what comes back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tangent_like.api.trees import tangent_like_value
from tangent_like.backend.jit import Native, natively
from tangent_like.backend.load import Loaded
from tangent_like.errors import RequestError
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.pipeline import Derivative
from tangent_like.request import Jit, Request

Function = Callable[..., Any]


class GivenError(Exception):
    """What a compiled function is about to be called with."""


def native_functions(
    derived: Derivative, loaded: Loaded, request: Request, names: tuple[str, ...], values: tuple[Any, ...]
) -> dict[str, Function]:
    """The functions of the text, compiled for arguments like ``values``; an error where Numba refuses."""
    assert request.jit is not None
    made = natively(loaded, derived.compiled, request.jit)
    native = {n: f for n, f in made.items() if isinstance(f, Native)}
    ends = derived.functions[-2:] if request.mode == "vjp" else derived.functions[-1:]
    first = ends[0].name
    given = dict(zip(names, values, strict=True))
    if request.is_forward:
        asked = derived.wrt if derived.special is None else derived.asked
        dots = [p.name for p in ends[0].params if p.name not in given]
        given |= {d: tangent_like_value(None, given[n], n) for d, n in zip(dots, asked, strict=True)}
    if first in native or any(n.startswith(f"{first}_compiled") for n in native):
        kernel, args = called_with(first, loaded, native, ends[0].params, given)
        kernel.prepare(args)
        if request.mode == "vjp":
            prepare_reverse(kernel, native, ends[1].name)
    # else it calls solvers, in Python, and what they call is compiled when it is called
    if request.mode in ("grad", "value_and_grad"):
        made[first] = in_form(made[first], request, derived, given)
    if request.mode != "grad":
        made[first] = with_value_in_form(made[first], request, derived)
    return made


def called_with(
    name: str, loaded: Loaded, native: Mapping[str, Native], params: Any, given: Mapping[str, Any]
) -> tuple[Native, tuple[Any, ...]]:
    """The compiled function behind an entry, and its arguments if the entry is called with those given."""
    plain = [given[p.name] for p in params if not p.keyword_only and not p.star]
    for p in params:
        if p.star == "*":
            plain.extend(given[p.name])
    named = {p.name: given[p.name] for p in params if p.keyword_only and not p.star}
    for p in params:
        if p.star == "**":
            named.update(given[p.name])
    if name in native:
        return native[name], tuple(plain)
    outer = loaded.functions[name]
    space = outer.__globals__
    kept = {n: space[n] for n in native}
    found: list[str] = []

    def telling(inner: str) -> Function:
        def tell(*args: Any) -> Any:
            found.append(inner)
            raise GivenError(args)

        return tell

    space.update({n: telling(n) for n in native})
    try:
        outer(*plain, **named)
    except GivenError as error:
        return native[found[0]], error.args[0]
    finally:
        space.update(kept)
    raise AssertionError(f"{name} calls nothing that is compiled")


def prepare_reverse(forward: Native, native: Mapping[str, Native], name: str) -> None:
    """Compile the reverse half for what the forward half returns, and seeds like its results."""
    from numba import types

    if name not in native:
        return  # it takes constants, which are seen when it is called
    returned = forward.returns
    parts = list(getattr(returned, "types", [returned] * getattr(returned, "count", 0)))
    seeds: list[Any] = []
    for part in parts[:-1]:
        if isinstance(part, types.Array):
            seeds.append(types.Array(part.dtype, part.ndim, "C") if isinstance(part.dtype, types.Float) else None)
        elif isinstance(part, types.Float):
            seeds.append(types.float64)
    wanted = native[name].__code__.co_argcount - 1
    seeds = [s for s in seeds if s is not None]
    if parts and len(seeds) == wanted:
        native[name].compile((parts[-1], *seeds))


# -- results in the form of the arguments ------------------------------------------------------------------


def in_form(call: Function, request: Request, derived: Derivative, given: Mapping[str, Any]) -> Function:
    """The function with results of the right dtypes: Numba knows no NumPy scalars, and computes in float64.

    Itself, where nothing is to be done: for Python floats, and arrays of float64.
    """
    if derived.special is not None and derived.asked != derived.wrt:
        return call
    forms = [form(given[n]) for n in derived.wrt if n in given]
    odd = any(f is not None for f in forms)
    single = request.single and len(forms) == 1
    if request.mode == "grad":
        if not odd:
            return call
        if single:
            (only,) = forms
            assert only is not None
            return lambda *args: only(call(*args))
        return lambda *args: tuple(r if f is None else f(r) for f, r in zip(forms, call(*args), strict=True))
    if not odd:
        return call

    def both(*args: Any) -> Any:
        value, found = call(*args)
        bars = (found,) if single else found
        bars = tuple(r if f is None else f(r) for f, r in zip(forms, bars, strict=True))
        return value, bars[0] if single else bars

    return both


def with_value_in_form(call: Function, request: Request, derived: Derivative) -> Function:
    """The function with values of the dtypes that they have in Python; itself, where that is known to be so."""
    forms = [dtype_of(kind) for kind in derived.results]
    if not any(forms):
        return call
    if request.mode == "vjp":

        def forward(*args: Any, **named: Any) -> Any:
            *results, saved = call(*args, **named)
            return (*map(of_dtype, results, forms), saved)

        return forward
    several = derived.tupled or len(forms) > 1

    def value_of(value: Any) -> Any:
        return tuple(map(of_dtype, value, forms)) if several else of_dtype(value, forms[0])

    if request.mode == "value":
        return lambda *args, **named: value_of(call(*args, **named))

    def both(*args: Any, **named: Any) -> Any:
        value, found = call(*args, **named)
        return value_of(value), found

    return both


def dtype_of(kind: Kind) -> np.dtype[Any] | None:
    """The dtype of NumPy scalars and arrays of less than double precision; None for all others."""
    dtype = kind.dtype if isinstance(kind, Array | Scalar) else None
    found = None if dtype is None else np.dtype(dtype)
    return found if found in (np.float32, np.complex64) else None


def of_dtype(value: Any, dtype: np.dtype[Any] | None) -> Any:
    """The same numbers: Numba computes what float32 meets a number of Python's in, in float64."""
    if dtype is None:
        return value
    return value.astype(dtype) if isinstance(value, np.ndarray) else dtype.type(value)


def form(value: Any) -> Callable[[Any], Any] | None:
    """How a gradient with respect to ``value`` is brought to its dtype; None if it has that already."""
    if isinstance(value, np.ndarray):
        dtype, shape = value.dtype, value.shape
        if dtype == np.float64 and shape:
            return None
        return lambda bar: np.array(bar, dtype=dtype).reshape(np.shape(bar))
    if isinstance(value, np.generic) and value.dtype != np.float64:
        return value.dtype.type
    return None


def calls_of_ours() -> int:
    """How many calls of ours stand between a warning and the code of the user's that it is for."""
    depth = 1
    frame = sys._getframe(1)  # noqa: SLF001 - there is no other way to walk the calls
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith("tangent_like."):
        frame = frame.f_back
        depth += 1
    return depth


def plain_jit(jit: Any) -> Jit | None:
    """``True``, ``"auto"`` or a dict of Numba's options; nothing else is taken."""
    if jit is False or jit is None:
        return None
    if jit is True or jit == "auto":
        return Jit((), jit == "auto")
    if isinstance(jit, dict) and all(isinstance(name, str) for name in jit):
        options = {n: frozenset(v) if isinstance(v, set | list) else v for n, v in jit.items()}
        return Jit(tuple(sorted(options.items())))
    raise RequestError(f"jit takes True, False, 'auto' or a dict of Numba's options, not {jit!r}")
