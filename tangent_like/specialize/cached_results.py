"""Functions under ``lru_cache`` and ``cache``, followed where they are called: what they compute runs at each call.

That is the same as long as a call does nothing but give a value, and nobody writes into that value: the next call
would give what was written. What does more is refused, and so is what writes (see ``module_objects``, ``sharing``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.analysis.views import holds_memory
from tangent_like.frontend.live import cached_function
from tangent_like.frontend.of_module import may_write_module
from tangent_like.ir.nodes import Attribute, Block, Call, Expr, Name, Ref
from tangent_like.ir.walk import binds, expressions, statements, subexpressions
from tangent_like.rules.draws import drawn_by
from tangent_like.specialize.module_objects import written_through
from tangent_like.specialize.operands import called_bodies
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import reached_from
from tangent_like.specialize.values import Fn, Leaf, Seq, Value


def is_cached(fn: Fn) -> bool:
    return fn.cached or (fn.target is not None and cached_function(fn.target.source) is not None)


def called(s: Spec, fn: Fn, make: Callable[[], Value]) -> Value:
    """What a function gives that is followed; what a cached one gave is marked as what nobody may write."""
    if not is_cached(fn):
        return make()
    refuse_effects(s, fn.name, fn.function.body)
    before, position = s.state.copy(), len(s.out)
    result = make()
    body = tuple(s.out[position:])
    own = {n for stmt in statements(body) for n in binds(stmt)}
    if not s.state.same_as(before) or any(written_through(s, stmt) - own for stmt in statements(body)):
        raise _refusal(s, fn.name)
    shown, hint = f"what {fn.name} keeps", f"{fn.name}_value".strip("<>")
    made = reached_from([result], s.state.heap)
    result = in_own_names(s, result, hint, shown)
    for id_ in made:
        content = s.state.heap[id_]
        items = tuple((k, in_own_names(s, v, hint, shown)) for k, v in content.items)
        s.state.heap[id_] = replace(content, items=items, of_module=(shown, items))
    return result


def in_own_names(s: Spec, value: Value, hint: str, shown: str) -> Value:
    """The value with new names for its arrays: by those that the function gave them it has written them."""
    match value:
        case Leaf(expr, known, part) if holds_memory(s.kind(expr)):
            name = s.fresh(hint)
            s.assign(name, expr)
            s.cached[name] = shown
            return Leaf(Name(name), known, part)
        case Leaf():
            return s.in_names(value, hint)
        case Seq(items, cls):
            return Seq(tuple(in_own_names(s, v, hint, shown) for v in items), cls)
        case _:
            return value


def refuse_effects(s: Spec, name: str, body: Block) -> None:
    """It would do once what it does here at each call: writing outside, and drawing from what is not its own."""
    exprs = [e for stmt in statements(body) for e in expressions(stmt)]
    for inner in (body, *called_bodies(s, exprs)):
        for stmt in statements(inner):
            parts = (e for top in expressions(stmt) for e in subexpressions(top))
            if may_write_module(stmt) or any(draws_outside(e) for e in parts):
                raise _refusal(s, name)


def draws_outside(expr: Expr) -> bool:
    match expr:
        case Call(Attribute(value)) if drawn_by(expr):
            return isinstance(value, Ref)
        case Call(Ref()):
            return bool(drawn_by(expr))
        case _:
            return False


def _refusal(s: Spec, name: str) -> Exception:
    what = f"{name}, which is cached, and draws or changes what is outside it: that happens once for each argument,"
    return s.refuse(what, "call the function without the cache")
