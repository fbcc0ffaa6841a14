"""Jacobians, Hessians and their products inside a function that is differentiated: by columns, each a ``tl.jvp``.

Before                               After

    H = tl.hessian(f)(x)                 columns = []
                                         for k in range(len(x)):
                                             along = np.zeros_like(x)
                                             along[k] = 1.0
                                             columns.append(tl.jvp(tl.grad(f), (x,), (along,))[1])
                                         H = np.stack(columns, axis=-1)
    p = tl.hvp(f)(x, v)                  p = tl.jvp(tl.grad(f), (x,), (v,))[1]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tangent_like.frontend.live import function_target, live_target
from tangent_like.ir.nodes import Const, Expr, Library, Ref
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.runtime.columns import columns_of, columns_of_any, slope_of
from tangent_like.specialize import containers, inner
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Derived, Fn, Keywords, Leaf, Partial, Seq, Value, none

PUSH = Ref("jvp", Library("tangent_like", "jvp", None))


def derivative(with_value: bool) -> Handler:
    """``tl.grad(f, argnums)``, and ``tl.grad(argnums=1)``, which is given the function later."""
    name = "value_and_grad" if with_value else "grad"

    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        del hint
        named = dict(keywords)
        asked = named.get("argnums", args[1] if len(args) > 1 else Leaf(Const(0), 0))
        argnums = containers.constant_key(s, asked)
        plain = argnums if isinstance(argnums, tuple) else (argnums,)
        if set(named) - {"argnums"} or not all(isinstance(a, int | str) for a in plain):
            raise s.refuse("this derivative inside a function", "write argnums out", getattr(expr, "at", None))
        if not args:  # ``@tl.grad(argnums=1)``
            return Partial(Leaf(Ref(name, Library("tangent_like", name, None))), (), tuple(keywords))
        return Derived(args[0], argnums, with_value)  # type: ignore[arg-type]

    return make


def matrix(of_gradient: bool, product: bool) -> Handler:
    """``tl.jacobian(f)``, ``tl.hessian(f)`` and ``tl.hvp(f)``, to be called."""

    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
        del hint
        named = dict(keywords)
        asked = named.get("argnums", args[1] if len(args) > 1 else Leaf(Const(0), 0))
        argnums = containers.constant_key(s, asked)
        own = inner.names_to_ask(s, args[0]) if args else []
        k = own.index(argnums) if isinstance(argnums, str) and argnums in own else argnums
        if set(named) - {"argnums"} or not args or len(args) > 2 or type(k) is not int or k < 0:
            raise s.refuse("this derivative inside a function", "write one argnums out", getattr(expr, "at", None))
        f = Derived(args[0], k, False) if of_gradient else args[0]
        called = Ref("called", Library("tangent_like", "product_of" if product else "matrix_of", None))
        return Partial(Leaf(called), (f, Leaf(Const(k), k)), ())

    return make


def called(product: bool) -> Handler:
    def call(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
        f, place, *given = args
        at = getattr(expr, "at", None)
        along = [given.pop()] if product and given else []
        k = containers.known_int(place)
        if keywords or k is None or k >= len(given) or (product and not along):
            raise s.refuse("this call of a derivative", "pass its arguments in order", at)
        x = given[k]
        kind = s.kind(x.expr) if isinstance(x, Leaf) else None
        if not isinstance(x, Leaf) or (not product and isinstance(kind, Array) and kind.rank not in (None, 0, 1)):
            raise s.refuse("a Jacobian inside a function by an array of several axes", "pass a vector", at)
        before, behind = given[:k], given[k + 1 :]
        still, rest = (Seq(tuple(none() for _ in some)) for some in (before, behind))
        parts: list[Value] = [Leaf(PUSH), f, Seq(tuple(before)), x, Seq(tuple(behind)), still]
        if not product and (isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank == 0)):
            along = [Leaf(Const(1.0))]
        by_columns = columns_of if isinstance(kind, Array) and kind.rank == 1 else columns_of_any
        return written(s, slope_of if along else by_columns, [*parts, *along, rest], expr, hint)

    return call


def live(s: Spec, ref: Ref, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """A call of what ``tl.jacobian`` or ``tl.hessian`` returned outside."""
    made: Any = ref.target.obj  # type: ignore[union-attr]
    of = made.driver.function
    k = made.argnums
    if isinstance(k, str) and k in made.driver.names:
        k = made.driver.names.index(k)
    if made.sparse or made.rules or made.jit or type(k) is not int or k < 0 or made.driver.bound:
        raise s.refuse("a call of this Jacobian", "make it inside, by one argument", getattr(expr, "at", None))
    f = Leaf(Ref(made.driver.label, live_target("", made.driver.label, of)))
    return called(False)(s, [f, Leaf(Const(k), k), *args], keywords, expr, hint)


def written(s: Spec, text: Callable[..., object], args: list[Value], expr: Expr | None, hint: str) -> Value:
    target = function_target(text)  # type: ignore[arg-type]
    function = s.library.read(target, s.place(getattr(expr, "at", None)))
    return s.call(Fn(function, None, (), function.origin.file, None, target), args, [], None, hint)


NAMED = {"jacobian": (False, False), "jacfwd": (False, False), "jacrev": (False, False), "hessian": (True, False)}
HANDLERS: dict[str, Handler] = {
    "tangent_like.vjp": inner.vjp,
    "tangent_like.jvp": inner.jvp,
    **{f"tangent_like.{name}": matrix(*how) for name, how in NAMED.items()},
    "tangent_like.hvp": matrix(True, True),
    "tangent_like.matrix_of": called(False),
    "tangent_like.product_of": called(True),
}
