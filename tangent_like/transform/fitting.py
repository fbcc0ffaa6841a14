"""From the shape of a result to the shapes of its operands: broadcasting undone by name where sizes tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np

from tangent_like.analysis.seen import At, Env
from tangent_like.analysis.typing import Typing
from tangent_like.errors import DifferentiationError, Place
from tangent_like.ir.build import mul, negative, np_call, signed
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Name, Tuple, Unary
from tangent_like.ir.walk import names, same
from tangent_like.kinds.dims import Dim
from tangent_like.kinds.kind import NONE, UNKNOWN, Array, ListOf, Scalar, Sequence, dims_of, is_complex
from tangent_like.kinds.operands import broadcast_kinds
from tangent_like.rules.rule import Rule
from tangent_like.transform.factors import apart, joined
from tangent_like.transform.plain import shape_of, size_of
from tangent_like.transform.reading import small
from tangent_like.transform.runtime_refs import helper

Dims = tuple[Dim | None, ...] | None
# A condition, and whether it is where it holds or where it does not that entries count.
Mask: TypeAlias = "tuple[Expr, bool] | None"


class Knows(Protocol):
    """What fitting asks of the plan that it is part of."""

    typing: Typing
    env: Env  # the kinds of the names that it reads

    @property
    def kind_of(self) -> At: ...

    def want_shape(self, expr: Expr) -> None: ...

    @property
    def place(self) -> Callable[[Expr], Place]: ...


class Fits(Knows, Protocol):
    """What is asked where an adjoint is summed."""

    filling: Expr | None  # what is stored: its adjoint is read from the place, and so of its whole size

    def same_shape(self, a: Expr, b: Expr) -> bool: ...

    def masked(self, g: Expr, mask: Mask) -> Expr: ...


def elementwise_operands(knows: Knows, expr: Expr) -> list[Expr] | None:
    """The operands of an elementwise expression (``np.where`` apart); None for anything else."""
    if not isinstance(expr, Unary | Binary | Call | Attribute) or isinstance(knows.kind_of(expr), ListOf | Sequence):
        return None
    try:
        found = knows.kind_of.application(expr)
    except DifferentiationError:
        return None
    if found is None or found.rule.form != "elementwise" or np.where in found.rule.targets:
        return None
    return list(found.operands.values())


def _alike(a: Expr, b: Expr) -> bool:
    return small(a) and small(b) and same(a, b)


def alike(knows: Knows, expr: Expr) -> Expr:
    """An operand of the same shape as ``expr``, as far down as scalars are all that is combined with it."""
    while True:
        operands = elementwise_operands(knows, expr)
        if operands is None:
            return expr
        arrays = [o for o in operands if not isinstance(knows.kind_of(o), Scalar) and knows.kind_of(o) != NONE]
        if not arrays or any(not _alike(a, arrays[0]) for a in arrays[1:]):
            return expr
        expr = arrays[0]


def alike_zeros(knows: Knows, expr: Expr) -> Expr:
    """What zeros for ``expr`` are made like: of the real part of complex numbers they are real."""
    found = alike(knows, expr)
    return found if is_complex(knows.kind_of(expr)) or not is_complex(knows.kind_of(found)) else expr


def fitted_or_none(knows: Fits, value: Expr, operand: Expr, node: Expr) -> Expr | None:
    """``value``, of the shape of ``node``, summed to the shape of ``operand``; None where that is not known."""
    if isinstance(knows.kind_of(node), Scalar):
        return value
    operands = elementwise_operands(knows, node) or []
    others = [o for o in operands if o is not operand and not _alike(o, operand)]
    if operands and len(others) < len(operands):
        if all(isinstance(knows.kind_of(o), Scalar) or knows.kind_of(o) == NONE for o in others):
            return value
    return fit_dims(knows, value, node, dims_of(knows.kind_of(operand)), dims_of(knows.kind_of(node)))


def fit_dims(knows: Fits, value: Expr, node: Expr, target: Dims, whole: Dims) -> Expr | None:
    """``value`` summed from the sizes ``whole`` to the sizes ``target``; None where they do not tell how."""
    if whole == ():
        return value
    if target is None or whole is None or len(target) > len(whole):
        return None
    sizes = knows.typing.sizes
    lead = len(whole) - len(target)
    ones: list[int] = []
    for k, size in enumerate(target):
        equal = sizes.spans(size, whole[lead + k])
        if equal is None:
            return None
        if not equal:
            ones.append(lead + k)
    axes = [*range(lead), *ones]
    if not axes:
        return value
    own = dims_of(knows.kind_of(value))
    if own is None:
        return None
    skipped = len(whole) - len(own)
    lazy = [a for a in axes if a < skipped or not sizes.spans(own[a - skipped], whole[a])]
    if node is knows.filling and not skipped:
        lazy = []  # of this node alone: what is summed in it may be spread without having been
    if lazy:
        count = size_of(node, tuple(lazy), knows.kind_of, sizes)
        if count is None or any(a >= skipped for a in lazy):
            value, own, skipped, lazy = np_call("broadcast_to", value, np_call("shape", node)), whole, 0, []
        else:
            value = mul(value, count)
    left = [a - skipped for a in axes if a not in lazy]
    front = [a for a in left if a < lead - skipped]
    kept = [a for a in left if a >= lead - skipped]
    return summed_along(knows, value, own, front, kept)


def in_full(knows: Fits, g: Expr, value: Expr, node: Expr, result: Expr | None = None) -> Expr:
    """``value``, made of the adjoint ``g`` of ``node``, in the shape of ``node``: a number may stand for all entries.

    Where an operand's size is not known, what was broadcast is summed by what the value is seen to have. ``result``
    says where the value of ``node`` stands.
    """
    own, whole = dims_of(knows.kind_of(g)), dims_of(knows.kind_of(node))
    if own is None or whole is None:
        return value
    sizes = knows.typing.sizes
    less = len(own) < len(whole) or any(
        sizes.is_one(a) and not sizes.is_one(b) for a, b in zip(own, whole, strict=False)
    )
    return spread_over(knows, value, node, result) if less and not knows.same_shape(value, node) else value


def as_taken(knows: Fits, rule: Rule, g: Expr, mask: Mask, node: Expr, result: Expr | None) -> Expr:
    """The adjoint of ``node`` as a rule that is not elementwise takes it: of its shape, or a number if that will do."""
    perhaps_a_list = rule.kind == "slopes" and not isinstance(knows.kind_of(node), Array)
    less = rule.kind in TAKES_LESS or (perhaps_a_list and isinstance(g, Name))
    if not (less or isinstance(knows.kind_of(node), Sequence) or knows.same_shape(g, node)):
        g = spread_over(knows, g, node, result)
    g = knows.masked(g, mask)
    if not dims_of(knows.kind_of(g)) or knows.same_shape(g, node):
        return g
    return in_full(knows, g, g, node, result)  # a number that is masked has the sizes of the mask


def spread_over(knows: Knows, value: Expr, node: Expr, result: Expr | None) -> Expr:
    """``value`` broadcast to the shape of ``node``; ``result`` says where that stands."""
    if result is None:
        knows.want_shape(node)
    return np_call("broadcast_to", value, shape_of(node if result is None else result, knows.kind_of))


def summed_along(knows: Knows, value: Expr, own: tuple[Dim | None, ...], front: list[int], kept: list[int]) -> Expr:
    """The sum over the axes ``front``, which are then gone, and ``kept``, which are then of size 1."""
    parted = apart(knows.kind_of, value, own, front, kept)
    if parted is not None:
        inner, before, behind = parted  # what went outside is the same along these axes: the rest has their sizes
        return joined(summed_along(knows, inner, own, front, kept), before, behind)
    if front and not kept and len(front) == len(own):
        return summed(knows, value)
    if front:
        value = np_call("sum", value, axis=_axes(front))
        kept = [a - len(front) for a in kept]
    if kept:
        value = np_call("sum", value, axis=_axes(kept), keepdims=Const(True))
    return value


def fitting_guard(
    knows: Knows, guard: tuple[Expr, bool] | None, value: Expr, result: Expr | None
) -> tuple[Expr, bool] | None:
    """The guard, where its condition has an answer for each entry of ``value``, and no more than that.

    Where that is not known, the text asks. ``result`` says where the value stands.
    """
    if guard is None:
        return None
    for name in names(guard[0]):  # the statement itself need not read it
        knows.env.setdefault(name, knows.typing.overall.get(name, UNKNOWN))
    condition = knows.typing.kind(guard[0], knows.typing.overall)
    own = knows.kind_of(value)
    if isinstance(condition, Scalar):
        return guard
    dims, whole = dims_of(own), dims_of(broadcast_kinds([condition, own], knows.typing.sizes))
    if dims is not None and whole is not None:
        answers = [knows.typing.sizes.same(a, b) for a, b in zip(dims, whole, strict=False)]
        if len(dims) != len(whole) or False in answers:
            return None
        if None not in answers:
            return guard
    like = alike(knows, value)
    if not isinstance(like, Name) and result is not None:
        like = result
    knows.want_shape(like)
    asked, side = guard
    return Call(helper("fitting"), (asked, like, Const(side))), side


def summed(knows: Knows, value: Expr) -> Expr:
    """The sum of all entries; of a product of two vectors it is their inner product."""
    body, sign = negative(value)
    if isinstance(body, Binary) and body.op == "*":
        left, right = knows.kind_of(body.left), knows.kind_of(body.right)
        one, two = dims_of(left) or (), dims_of(right) or ()
        if isinstance(left, Array) and isinstance(right, Array) and len(one) == len(two) == 1:
            if left.dtype == right.dtype == "float64" and knows.typing.sizes.same(one[0], two[0]):
                return signed(Binary("@", body.left, body.right), sign)
    return signed(np_call("sum", body), sign)


def _axes(axes: list[int]) -> Expr:
    return Const(axes[0]) if len(axes) == 1 else Tuple(tuple(Const(a) for a in axes))


# Rules of these kinds take an adjoint that is still to be broadcast to the shape of the result; lists of the results
# are among these ("slopes" may be one).
TAKES_LESS = frozenset({"reduction", "extreme", "first_axis_reduction", "floating_reduction", "matmul", "dot", "inner",
                        "outer", "conjugated", "split", "split_columns", "split_depth", "unstacked",
                        "meshed"})  # fmt: skip
