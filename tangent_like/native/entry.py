"""The emitted functions of one derivative as Numba gets them, and what around them stays in Python.

Before                                   After

    def grad_f(params, x):                   def kernel(W, x, SCALE):            # compiled
        W = params["W"]                          ...
        ...                                      return W_bar
        return {"W": W_bar}
                                             def grad_f(params, x):              # in Python
                                                 W = params["W"]
                                                 return {"W": kernel(W, x, SCALE)}
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Call, Const, Emitted, Expr, Function, Index, Name, Param, Ref, Return, Tuple
from tangent_like.ir.walk import binds, reads, rebuild, rewrite, statements
from tangent_like.native.constants import with_constants


@dataclass(frozen=True, eq=False)
class NativeParts:
    """``functions`` in order, of which those named in ``compiled`` are for Numba."""

    functions: tuple[Function, ...]
    compiled: frozenset[str]


def native_parts(functions: tuple[Function, ...], entries: int, structured: bool) -> NativeParts:
    """The last ``entries`` functions are what is called from outside.

    ``structured``: around them stands what Numba does not take, the structure of arguments.
    """
    kernels, constants = with_constants(functions)
    own = {f.name for f in functions}
    ends = functions[-entries:]
    keywords = any(p.keyword_only or p.star for f in ends for p in f.params)
    if not structured and not keywords and not any(f.name in constants for f in ends):
        return NativeParts(tuple(map(_plain, kernels)), frozenset(own))
    taken = own | {n for f in kernels for s in statements(f.body) for n in (*binds(s), *reads(s))}
    taken |= {p.name for f in kernels for p in f.params}
    namer = Namer(taken)
    renamed = {f.name: namer.fresh(f"{f.name}_compiled") for f in ends}
    kernels = tuple(_renamed(_plain(f), renamed) for f in kernels)
    outer = tuple(
        _wrapper(old, kernel, constants.get(old.name, ()), namer)
        for old, kernel in zip(ends, kernels[-entries:], strict=True)
    )
    return NativeParts((*kernels, *outer), frozenset(f.name for f in kernels))


def _plain(function: Function) -> Function:
    """Numba knows no parameters that are given by keyword alone."""
    return replace(function, params=tuple(Param(p.name, p.default) for p in function.params))


def _renamed(function: Function, table: dict[str, str]) -> Function:
    """The function under its new name, and calling others by theirs."""

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Ref) and isinstance(expr.target, Emitted) and expr.target.name in table:
            name = table[expr.target.name]
            return Ref(name, Emitted(name, expr.target.params), expr.at)
        return rebuild(expr, change)

    body = tuple(rewrite(s, change, lambda name: name) for s in function.body)
    params = tuple(Param(p.name) for p in function.params)
    return replace(function, name=table.get(function.name, function.name), params=params, body=body)


def _wrapper(old: Function, kernel: Function, constants: tuple[Ref, ...], namer: Namer) -> Function:
    """``def grad_f(x): return grad_f_compiled(x, WEIGHTS)``, a tuple item by item: there is structure to be put in."""
    ref = Ref(kernel.name, Emitted(kernel.name, tuple(p.name for p in kernel.params)))
    given: tuple[Expr, ...] = tuple(Name(p.name) for p in old.params)
    call = Call(ref, (*given, *constants))
    last = old.body[-1] if old.body else None
    shape = last.value if isinstance(last, Return) else None
    if not isinstance(shape, Tuple):
        return replace(old, body=(Return(call, old.origin),))
    found = namer.fresh("found")
    body = (Assign((found,), (call,), old.origin), Return(_items(Name(found), shape), old.origin))
    return replace(old, body=body)


def _items(found: Expr, shape: Tuple) -> Tuple:
    """``(found[0], (found[1][0], found[1][1]))``."""
    parts = [(Index(found, Const(k)), item) for k, item in enumerate(shape.items)]
    return Tuple(tuple(_items(part, item) if isinstance(item, Tuple) else part for part, item in parts))
