"""``tl.vmap``: a function for each entry along an axis of its arguments, as a loop that is emitted."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.native import plain_jit
from tangent_like.api.subjects import Subject
from tangent_like.errors import RequestError
from tangent_like.frontend.live import is_derivative, live_target
from tangent_like.frontend.one_name import OneName
from tangent_like.frontend.source import from_text
from tangent_like.ir.nodes import Library
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.structure import Shape
from tangent_like.request import Request
from tangent_like.specialize.batching import IF_ARRAY, ByKey


def vmap(f: Function, in_axes: Any = 0, out_axes: Any = 0, *, jit: Any = False) -> DerivativeFunction:
    """``f`` for each entry along an axis of its arguments: a loop, compiled with ``jit=True`` (see ``tl.grad``).

    ``in_axes``: the axis of every argument that holds the entries, or a tuple with one for each argument; None where
    all entries share the argument; of a tuple, a list or a dict, one of these with an axis for each of its items, or
    one axis for all. Within tuples, lists and dicts the arrays are taken along the axis; an argument
    that has a default is shared unless it is an array. ``out_axes``: where the axis of the entries stands in the
    results, or a tuple of these. The result has the structure of the result of ``f``, with an array for each number
    or array.

    ``f`` may be a derivative, ``tl.vmap(tl.grad(f))``, and what is returned is differentiated as any function is:
    ``tl.grad(lambda x: np.sum(tl.vmap(f)(x)))``. ``source_for(*args)`` is the loop as text.

    Raises ``tl.DifferentiationError`` for arguments that have no such axis, for unequal numbers of entries, and for
    what ``f`` does that the compiler does not take; ``ValueError`` where there is no entry, and only the run would
    tell how large a result is.
    """
    return Vmapped(f, Request((), "value", jit=plain_jit(jit), axes=(plain_axes(in_axes), plain_axes(out_axes))))


def plain_axes(axes: Any) -> Any:
    """Axes as a part of a key: a tuple where a list was given."""
    if isinstance(axes, tuple | list):
        return tuple(map(plain_axes, axes))
    if isinstance(axes, dict):
        return ByKey(tuple((key, plain_axes(axis)) for key, axis in axes.items()))
    if axes is None or (isinstance(axes, int) and not isinstance(axes, bool)):
        return axes
    raise RequestError(f"axes are numbers, None, and tuples and dicts of these, not {axes!r}")


class Vmapped(DerivativeFunction):
    """A function mapped over an axis: compiled and cached as derivatives are."""

    def opened(self, f: Function, request: Request) -> Subject:
        assert request.axes is not None
        in_axes, out_axes = request.axes
        if type(f).__module__.startswith("tangent_like.") and not is_derivative(f):
            what = "vmap maps text, and tl.jacobian and tl.hessian return none: a call decides how often it runs"
            raise RequestError(what, hint="np.stack([h(x) for x in X]), or map tl.grad(f)")
        label = getattr(f, "__name__", "f")
        name = label if label.isidentifier() else "f"
        if is_derivative(f):
            name = f"{'vmap' if f.request.mode == 'value' else f.request.mode}_{name}"  # type: ignore[attr-defined]
        signature = signature_of(f)
        params = list(signature.parameters.values())
        if not isinstance(f, types.FunctionType | types.MethodType | functools.partial | DerivativeFunction):
            params = [p for p in params if p.default is p.empty]  # the options of a ufunc
        axes = in_axes_of(in_axes, params, name)
        shown: list[str] = []
        given: list[str] = []
        for param in params:
            mark = "*" if param.kind is param.VAR_POSITIONAL else "**" if param.kind is param.VAR_KEYWORD else ""
            if param.kind is param.KEYWORD_ONLY and not any(s.startswith("*") for s in shown):
                shown.append("*")
            shown.append(f"{mark}{param.name}")
            given.append(f"{param.name}={param.name}" if param.kind is param.KEYWORD_ONLY else f"{mark}{param.name}")
        called = f"vmap({name}, {axes!r}, {out_axes!r})({', '.join(given)})"
        lines = (f"def vmap_{name}({', '.join(shown)}): return {called}",)  # one line: errors name that of ``f``
        plain = getattr(f, "__func__", f)
        own = f.subject.watched if isinstance(f, DerivativeFunction) else ()
        watched = (plain,) if isinstance(plain, types.FunctionType) else own
        code = watched[0].__code__ if watched else None
        at = ("<call>", 1) if code is None else (code.co_filename, code.co_firstlineno)
        scope = OneName(name, live_target("", name, f), {"vmap": Library("tangent_like", "vmap", vmap)})
        source = from_text(lines, f"vmap_{name}", scope, *at)
        unnoted = [p.replace(annotation=p.empty) for p in params]
        whole = signature.replace(parameters=unnoted, return_annotation=signature.empty)
        return Subject(lambda: source, whole, watched)

    def hints(self) -> Mapping[str, Any]:
        """Annotations are those of the entries: they tell nothing of what holds them."""
        return {}

    def nested(self, kinds: dict[str, Shape], sizes: Sizes, within: tuple[object, ...]) -> Function:
        return super().nested(kinds, sizes, within[:-1])  # what it maps is not differentiated by that


def signature_of(f: Callable[..., Any]) -> inspect.Signature:
    if isinstance(f, np.ufunc):  # that it takes ``out`` and ``where``, too, NumPy tells since 2.4
        names = ["x"] if f.nin == 1 else [f"x{k + 1}" for k in range(f.nin)]
        return inspect.Signature([inspect.Parameter(n, inspect.Parameter.POSITIONAL_ONLY) for n in names])
    try:
        return inspect.signature(f)
    except (TypeError, ValueError):
        hint = "map a def or a lambda that calls it"
        raise RequestError(f"the parameters of {f!r} are not known", hint=hint) from None


def in_axes_of(in_axes: Any, params: list[inspect.Parameter], name: str) -> Any:
    """One axis for each argument that is passed by position, where they are known one by one."""
    plain = [p for p in params if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if any(p.kind is p.VAR_POSITIONAL for p in params):
        if isinstance(in_axes, tuple):
            raise RequestError(f"{name} takes any number of arguments", hint="in_axes is one number then")
        return in_axes
    if not isinstance(in_axes, tuple):
        return tuple(IF_ARRAY if p.default is not p.empty and in_axes == 0 else in_axes for p in plain)
    needed = sum(p.default is p.empty for p in plain)
    if not needed <= len(in_axes) <= len(plain):
        raise RequestError(f"{name} takes {len(plain)} arguments, and in_axes tells of {len(in_axes)}")
    return (*in_axes, *(None for _ in plain[len(in_axes) :]))
