"""What flows to a transpose or to ``x[:, None]``, turned round: it goes to the whole of ``x``.

Before                                   After

    V_bar.T[...] += U.T @ g                  V_bar += g.T @ U
    c_bar[:, None] += B_bar[:-1, -1:]                c_bar += B_bar[:-1, -1]
    w_bar[:, None] += np.sum(g, axis=1, keepdims=True)
                                             w_bar += np.sum(g, axis=1)
    U_bar = g @ V.T.T                        U_bar = g @ V
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import index, negative, np_call, signed
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Index, Library, Ref, Slice, Tuple
from tangent_like.ir.walk import rebuild, subexpressions
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal

KindOf = Callable[[Expr], Kind]


def straight(path: Expr, value: Expr, kind_of: KindOf) -> tuple[Expr, Expr]:
    """The place and what flows to it, both without transposes and new axes around the name of the place."""
    while True:
        rank = _rank(path, kind_of)
        if rank is None or _rank(value, kind_of) != rank:
            return path, value
        match path:
            case Attribute(inner, "T"):
                path, value = inner, turned(value, kind_of)
            case Index(inner, items) if _only_new_axes(items):
                shorter = _without_axes(value, items)
                if shorter is None:
                    return path, value
                path, value = inner, shorter
            case _:
                return path, value


def _rank(expr: Expr, kind_of: KindOf) -> int | None:
    kind = kind_of(expr)
    return kind.rank if isinstance(kind, Array) else None


def turned(value: Expr, kind_of: KindOf) -> Expr:
    """The transpose of a value, said in the operands of a product."""
    body, sign = negative(value)
    match body:
        case Attribute(inner, "T"):
            return signed(inner, sign)
        case Binary("@", left, right) if _rank(left, kind_of) == _rank(right, kind_of) == 2:
            return signed(Binary("@", turned(right, kind_of), turned(left, kind_of)), sign)
        case Call(Ref(target=Library("numpy", "outer")), (left, right), ()):
            return signed(np_call("outer", right, left), sign)
        case _:
            return signed(Attribute(body, "T"), sign)


def _items(index_: Expr) -> tuple[Expr, ...]:
    return index_.items if isinstance(index_, Tuple) else (index_,)


def _is_slice(item: Expr) -> bool:
    return isinstance(item, Slice) and item.step is None


def _only_new_axes(index_: Expr) -> bool:
    """Full slices and ``None``: nothing but axes of size one are added."""
    items = _items(index_)
    whole = all(
        (isinstance(i, Slice) and i.lower is i.upper is i.step is None) or (isinstance(i, Const) and i.value is None)
        for i in items
    )
    return whole and any(isinstance(i, Const) for i in items)


def _without_axes(value: Expr, index_: Expr) -> Expr | None:
    """The value without the axes that the index adds."""
    items = _items(index_)
    added = [k for k, i in enumerate(items) if isinstance(i, Const)]
    body, sign = negative(value)
    match body:
        case Call(Ref(target=Library("numpy", "sum")), args, (("axis", axis), ("keepdims", Const(True)))):
            if added == [literal(axis)]:
                return signed(Call(body.func, args, (("axis", axis),), body.at), sign)
        case Index(inner, Tuple(slices)) if len(slices) > max(added) and all(map(_is_slice, slices)):
            # of a slice of one entry that entry: y[:-1, -1], not y[:-1, -1:][:, 0]
            one = [getattr(s, "lower", None) or Const(0) if k in added else s for k, s in enumerate(slices)]
            return signed(index(inner, *one), sign)
    return signed(index(body, *(Const(0) if k in added else i for k, i in enumerate(items))), sign)


def untwisted(expr: Expr) -> Expr:
    """``x.T.T`` is ``x``."""
    if not any(isinstance(e, Attribute) and e.name == "T" for e in subexpressions(expr)):
        return expr
    return _untwisted(expr)


def _untwisted(expr: Expr) -> Expr:
    expr = rebuild(expr, _untwisted)
    match expr:
        case Attribute(Attribute(inner, "T"), "T"):
            return inner
        case _:
            return expr
