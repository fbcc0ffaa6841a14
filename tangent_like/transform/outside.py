"""Factors that are the same all along an axis, outside the sum along it; and what two terms share, outside of those.

Before                                           After

    t_bar = z_bar / s                            mu_bar = -np.sum(z_bar, axis=0) / s
    mu_bar = np.sum(-t_bar, axis=0)              r_bar = k * (e - y)
    r_bar = k * e - k * y                        p = w * e / c
    p = w * e / c                                z_bar = p_bar * p * z
    z_bar = p_bar / c * w * e * z

Whole arrays are then multiplied once less for each of them. A part of ``shortened``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tangent_like.ir.build import negative, np_call, signed
from tangent_like.ir.nodes import Assign, Binary, Call, Const, Expr, Name
from tangent_like.ir.walk import same
from tangent_like.kinds.dims import ONE, Dim
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.forms import Dims, sizes_left, spread_together

DimsOf = Callable[[Expr], "Dims | None"]


def outside(
    call: Call,
    whole: Expr,
    axis: int | None,
    keeps: bool,
    dims_of: DimsOf,
    taken: Callable[[Expr], Expr],
    definition: Callable[[str], Expr | None],
    said: Sequence[Expr],
    held: Callable[[Expr], Expr],
) -> Expr | None:
    """The sum ``call`` of ``whole`` with what is the same along the axis behind it; None where nothing is.

    ``taken`` says which product a name stands for that nobody else reads, ``definition`` what any name was bound to:
    that counts where ``said``, what is computed anyway, has the sum that is left then. ``held`` is the name of a value.
    """
    spread = dims_of(whole)

    def defined(expr: Expr) -> Expr:
        dims = dims_of(expr)
        if not isinstance(expr, Name) or dims is None or spread is None or steady(dims, spread, axis, keeps):
            return expr
        value = definition(expr.id)
        return expr if value is None or not is_product(value) else value

    found = _outside(call, whole, axis, keeps, dims_of, defined)
    if found is None or not any(same(found[0], e) for e in said):
        found = _outside(call, whole, axis, keeps, dims_of, taken)
    if found is None:
        return None
    first, behind, sign = found
    total: Expr = held(first)
    for op, factor in behind:
        front = op == "*" and isinstance(factor, Const)
        total = Binary("*", factor, total) if front else held(Binary(op, total, factor))
    return signed(total, sign)


def _outside(
    call: Call, whole: Expr, axis: int | None, keeps: bool, dims_of: DimsOf, taken: Callable[[Expr], Expr]
) -> tuple[Expr, list[Factor], bool] | None:
    """The sum that is left, what stands behind it, and the sign."""
    parts, sign = flat(whole, taken)
    inside: list[Factor] = []
    behind: list[Factor] = []
    total: Dims | None = ()
    summed: Dims | None = ()
    for _, factor in parts:
        dims = dims_of(factor)
        total = None if total is None or dims is None else spread_together(total, dims)
        if dims is None or total is None:
            return None
    assert total is not None
    if not total:
        return None
    for op, factor in parts:
        dims = dims_of(factor)
        assert dims is not None and summed is not None
        if steady(dims, total, axis, keeps):
            behind.append((op, factor))
        else:
            inside.append((op, factor))
            summed = spread_together(summed, dims)
    left = None if not inside or summed is None else sizes_left(summed, axis, keeps)
    own = sizes_left(total, axis, keeps)
    if left is None or own is None or (not behind and not sign):
        return None
    alike = summed == total if axis is None else _along(summed or (), axis, total) == _along(total, axis, total)
    if not alike:
        return None
    for _, factor in behind:
        more = spread_together(left, dims_of(factor) or ())
        if more is None:
            return None
        left = more
    if left != own:
        return None
    behind.sort(key=lambda part: part[0] == "*")  # what it is divided by comes first
    first = replace(call, args=(chained(inside),))
    return first, behind, sign


def is_product(value: Expr) -> bool:
    """Is it a product, or a name, but for the sign?"""
    body = negative(value)[0]
    return isinstance(body, Name) or (isinstance(body, Binary) and body.op in ("*", "/"))


def flat(expr: Expr, taken: Callable[[Expr], Expr]) -> tuple[list[Factor], bool]:
    """The factors of a product, of those that have a name of their own, too; and its sign."""
    body, sign = negative(expr)
    found: list[Factor] = []
    for op, factor in factors(body, True):
        inner, minus = negative(factor)
        sign = sign != minus
        value = taken(inner) if op == "*" and isinstance(inner, Name) else inner
        if value is inner:
            found.append((op, inner))
        else:
            more, minus = flat(value, taken)
            found += more
            sign = sign != minus
    return found, sign


def choice(c: Expr, a: Expr, b: Expr, dims_of: DimsOf, named: Callable[[Expr], Expr]) -> Expr:
    """``np.where(c, k * a, k * b)`` as ``k * np.where(c, a, b)``, of a number ``k``."""
    one, minus = negative(a)
    two, flipped = negative(b)
    rest, others = ([(sort, named(factor)) for sort, factor in factors(e, True)] for e in (one, two))
    numbers = _common(rest, others, lambda part: part[0] == "*" and dims_of(part[1]) == ())
    if not numbers or any(not parts or parts[0][0] == "/" or _is_number(parts, dims_of) for parts in (rest, others)):
        return np_call("where", c, a, b)
    whole = np_call("where", c, signed(chained(rest), minus), signed(chained(others), flipped))
    return chained([*numbers, ("*", whole)])


def _common(one: list[Factor], two: list[Factor], fits: Callable[[Factor], bool]) -> list[Factor]:
    """The factors that both products have and that fit, taken out of both."""
    found: list[Factor] = []
    for part in tuple(one):
        match = next((p for p in two if p[0] == part[0] and same(p[1], part[1])), None)
        if match is not None and fits(part):
            one.remove(part)
            two.remove(match)
            found.append(part)
    return found


def _is_number(parts: list[Factor], dims_of: DimsOf) -> bool:
    return all(dims_of(factor) == () for _, factor in parts)


def through(
    expr: Expr, made: Sequence[Assign], taken: Callable[[Expr], Expr], named: Callable[[Expr], Expr]
) -> tuple[Assign, Expr] | None:
    """A product with one of those that ``made`` bind, where all factors of that are among its own."""
    parts, sign = flat(expr, taken)
    own = [(op, named(factor)) for op, factor in parts]
    for stmt in sorted(made, key=lambda s: -len(factors(s.values[0], True))):
        left = list(range(len(own)))  # by their places: a factor may be there twice
        value, minus = negative(stmt.values[0])
        for op, factor in factors(value, True):
            found = next((k for k in left if own[k][0] == op and same(own[k][1], named(factor))), None)
            if found is None:
                break
            left.remove(found)
        else:
            if any(own[k][0] == "*" for k in left):
                # where the first that it is multiplied by stands: numbers that it is divided by may come before
                first = min(k for k, (op, _) in enumerate(own) if k not in left and op == "*")
                before, behind = ([own[k] for k in left if (k < first) == so] for so in (True, False))
                return stmt, signed(chained([*before, ("*", Name(stmt.targets[0])), *behind]), sign != minus)
    return None


def _along(dims: Dims, axis: int, whole: Dims) -> Dim | None:
    """The size along an axis of ``whole``, which ``dims`` are spread to."""
    k = axis % len(whole) - (len(whole) - len(dims))
    return dims[k] if k >= 0 else None


def steady(dims: Dims, whole: Dims, axis: int | None, keeps: bool) -> bool:
    if not dims:
        return True
    if axis is None or not -len(whole) <= axis < len(whole):
        return False
    k = axis % len(whole)
    own = k - (len(whole) - len(dims))
    if keeps:
        return own < 0 or dims[own] == ONE != whole[k]
    return own < 0 and k == 0  # else it stands beside other axes than those that are left


def shared(first: Expr, op: str, second: Expr, dims_of: DimsOf, named: Callable[[Expr], Expr]) -> Expr | None:
    """``k * a - k * b`` as ``k * (a - b)``, of arrays of one shape; None where they share no factor.

    Of a number ``k`` also where ``a`` is spread along ``b``. ``named`` is another name for the same.
    """
    one, minus = negative(first)
    two, flipped = negative(second)
    rest, others = ([(sort, named(factor)) for sort, factor in factors(e, True)] for e in (one, two))
    common = _common(rest, others, lambda _: True)
    if not common or not rest or not others or rest[0][0] == "/" or others[0][0] == "/":
        return None
    a, b = chained(rest), chained(others)
    whole, other = dims_of(a), dims_of(b)
    if whole != other and whole and other and all(dims_of(factor) == () for _, factor in common):
        whole = other = spread_together(whole, other)
        if whole not in (dims_of(a), dims_of(b)):
            return None
    elif dims_of(one) != whole or dims_of(two) != whole:
        return None
    if not whole or other != whole:
        return None
    if all(isinstance(factor, Const) for _, factor in common) and not (rest == [rest[0]] and others == [others[0]]):
        return None
    plus = (op == "+") == (minus == flipped)
    if minus and not plus:
        a, b, minus = b, a, False
    inner = Binary("+" if plus else "-", a, b)
    before = [part for part in common if part[0] == "*"]
    behind = [part for part in common if part[0] == "/"]
    return signed(chained([*before, ("*", inner), *behind]), minus)
