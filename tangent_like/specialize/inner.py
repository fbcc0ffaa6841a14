"""``tl.grad`` inside a function that is differentiated: the inner derivative is made first, and is a function then.

Before                                           After

    def f(x, y):                                     def f(x, y):
        g = tl.grad(lambda z: x + z * z)                 return x * grad_g(y, x)
        return x * g(y)

What the inner function reads from around it becomes an argument of its derivative, so that the outer derivative
goes through it as through any other (no perturbation is confused with another).
"""

from __future__ import annotations

from tangent_like.ir.nodes import Expr, Function, Name, Param, Ref, Return
from tangent_like.ir.walk import binds, expressions, names, statements
from tangent_like.kinds.kind import is_float
from tangent_like.specialize.spec import Gradient, Spec
from tangent_like.specialize.values import Derived, Fn, Leaf, Value


def call(
    s: Spec, derived: Derived, args: list[Value], keywords: list[tuple[str, Value]], expr: Expr | None
) -> Value:
    """A call of the derivative of a function known here, with numbers and arrays."""
    at = getattr(expr, "at", None)
    if keywords or not all(isinstance(a, Leaf) for a in args):
        raise s.refuse("this call of a derivative", "call it with numbers and arrays, in order", at)
    given = [a.expr for a in args if isinstance(a, Leaf)]
    function, captured = lifted(s, derived.function, given)
    kinds = {p.name: s.kind(e) for p, e in zip(function.params, given, strict=False)}
    kinds |= {name: s.state.kinds[name] for name in captured if name in s.state.kinds}
    wanted = derived.argnums if isinstance(derived.argnums, tuple) else (derived.argnums,)
    order = [p.name for p in function.params[: len(given)]]
    own = parameter_names(derived.function)
    wrt = []
    for one in wanted:
        k = own.index(one) if isinstance(one, str) and one in own else one
        if not isinstance(k, int) or not -len(order) <= k < len(order):
            raise s.refuse(f"a derivative by {one!r}, which is no argument here,", "", at)
        if not is_float(kinds[order[k]]):
            raise s.refuse(f"a derivative by {one!r}, which is no float,", "", at)
        wrt.append(order[k])
    asked = Gradient(tuple(wrt), not isinstance(derived.argnums, tuple), derived.with_value)
    target = s.library.gradient(function, kinds, asked, s.place(at))
    return s.call(Leaf(Ref(target.qualname, target, at, target)), [*args, *(Leaf(Name(n)) for n in captured)])


def parameter_names(function: Value) -> list[str]:
    return [p.name for p in function.function.params] if isinstance(function, Fn) else []


def lifted(s: Spec, function: Value, args: list[Expr]) -> tuple[Function, list[str]]:
    """The inner function as one of the core, and the names around it that it reads."""
    mark = s.mark()
    own = parameter_names(function)
    params = [s.fresh(own[k] if k < len(own) else "x") for k in range(len(args))]
    for name, arg in zip(params, args, strict=True):
        s.state.kinds[name] = s.kind(arg)
    with s.block() as out:
        result = s.materialize(s.call(function, [Leaf(Name(p)) for p in params]))
    s.go_back(mark)
    body = (*out, Return(result, s.origin))
    bound = {n for stmt in statements(body) for n in binds(stmt)} | set(params)
    read = [n for stmt in statements(body) for e in expressions(stmt) for n in sorted(names(e))]
    captured = [n for n in dict.fromkeys(read) if n not in bound]
    name = function.function.name if isinstance(function, Fn) else "f"
    assert s.origin is not None
    return Function(name, tuple(Param(n) for n in (*params, *captured)), body, s.origin), captured
