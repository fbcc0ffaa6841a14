"""Functions that call themselves and are given functions: like functions inside a function, which read what is around.

Before                                              After, of a call ``halve(f, a, b)``

    def halve(f, lo, hi):                               f = ...
        m = (lo + hi) / 2
        if hi - lo < 1e-6:                              def halve(lo, hi):
            return m                                        m = (lo + hi) / 2
        if f(lo) * f(m) <= 0:                               ...
            return halve(f, lo, m)                              return halve(lo, m)
        return halve(f, m, hi)                              return halve(m, hi)

As long as each call of itself passes the very function on. What is inside is lifted then (``lifting``).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace

from tangent_like.ir.calls import said_in
from tangent_like.ir.nodes import Call, Expr, Function, Name, Ref, UserFunction
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import bound_in, rebuild
from tangent_like.specialize.lifting import lifted
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.values import Fn, Leaf, Value, is_function_ref


def beside_others(
    s: Spec, target: UserFunction, function: Function, args: Sequence[Value]
) -> tuple[Leaf, list[Value]] | None:
    """The function as one that stands beside the others, and all that it is given there; None where it stays."""
    given = tuple(k for k, v in enumerate(args) if isinstance(v, Fn) or (isinstance(v, Leaf) and is_function_ref(v)))
    inside = without(function, target, given) if given else None
    if inside is None:
        return None
    names = [function.params[k].name for k in given]
    around = replace(function, params=(), body=(), own=frozenset((*names, function.name)))
    frame = s.frame(around, None, function.origin.file)
    fn = Fn(inside, frame, (), function.origin.file)
    for k, name in zip(given, names, strict=True):
        s.state.vars[frame_key(frame, name)] = args[k]
    s.state.vars[frame_key(frame, function.name)] = fn
    found = lifted(s, fn)
    return None if found is None else (Leaf(found[0]), [*found[1], *(v for k, v in enumerate(args) if k not in given)])


@functools.lru_cache(maxsize=256)  # the same function each time: it is told by its identity
def without(function: Function, target: UserFunction, given: tuple[int, ...]) -> Function | None:
    """The function without parameters that it hands on to itself as they are; None where it does not call itself so."""
    params = function.params
    if any(p.star or p.keyword_only for p in params) or given[-1] >= len(params):
        return None
    names = {params[k].name for k in given}
    own = function.own | {p.name for p in params} | bound_in(function.body)
    said = [e for e in said_in(function.body) if isinstance(e, Ref) and e.target == target]
    calls = [e for e in said_in(function.body) if isinstance(e, Call) and e.func in said]
    if not calls or len(calls) != len(said) or function.name in own or not names.isdisjoint(bound_in(function.body)):
        return None
    for call in calls:
        passed = [call.args[k] for k in given if k < len(call.args)]
        if call.keywords or [getattr(p, "id", None) for p in passed] != [params[k].name for k in given]:
            return None

    def change(expr: Expr) -> Expr:
        expr = rebuild(expr, change)
        if isinstance(expr, Call) and isinstance(expr.func, Ref) and expr.func.target == target:
            rest = tuple(a for k, a in enumerate(expr.args) if k not in given)
            return Call(Name(function.name), rest, (), expr.at)
        return expr

    body = tuple(rewrite(stmt, change, lambda name: name) for stmt in function.body)
    return replace(
        function,
        params=tuple(p for k, p in enumerate(params) if k not in given),
        body=body,
        own=frozenset(own - names),
    )
