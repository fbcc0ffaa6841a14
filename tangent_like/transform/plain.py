"""Helpers of the runtime said in plain NumPy where kinds allow: ``spread(y_bar, x)`` is often just ``y_bar``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tangent_like.ir.build import ONE, builtin_ref, is_number, math_ref, mul, neg, np_call
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Hole,
    Index,
    Library,
    Logic,
    Name,
    Ref,
    Tuple,
)
from tangent_like.ir.walk import children, rebuild, same, subexpressions
from tangent_like.kinds.dims import ONE as SIZE_ONE
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.kind import Array, Kind, Scalar, dims_of, is_complex, is_open, is_scalar, is_sparse
from tangent_like.kinds.operands import literal
from tangent_like.rules.settle import answered
from tangent_like.transform import plain_arranged, plain_fourier, plain_linear, plain_order
from tangent_like.transform.between import both_shares, is_double, share
from tangent_like.transform.defaults import without_defaults
from tangent_like.transform.plain_order import WHOLE, is_none
from tangent_like.transform.plain_stacks import of_stacks

KindOf = Callable[[Expr], Kind]
Plainer = Callable[[tuple[Expr, ...], KindOf, Sizes], "Expr | None"]


def plainly(expr: Expr, kind_of: KindOf, sizes: Sizes) -> Expr:
    """``expr`` with each helper replaced for which the kinds of its operands give a plain form."""
    if isinstance(expr, Choose):  # the arm that is not taken is not looked at: no size is asked for
        test = plainly(expr.test, kind_of, sizes)
        if isinstance(test, Const):
            return plainly(expr.body if test.value else expr.orelse, kind_of, sizes)
    expr = rebuild(expr, lambda child: plainly(child, kind_of, sizes))
    if isinstance(expr, Binary) and (within := both_shares(expr)) is not None:
        return within
    if isinstance(expr, Compare | Choose | Logic):
        return answered(expr, kind_of)
    match expr:
        case Index(Call(Ref(target=Library("numpy", "shape")), (whole,), ()), Const(int(k))):
            dims = dims_of(kind_of(whole))
            return expr if not dims else size_of(whole, (k % len(dims),), kind_of, sizes) or expr
        case Binary("-", x, Call(Ref(target=Library("numpy", "mean")), (of,), keywords) as mean) if same(x, of):
            return Binary("-", x, _without_kept(mean, keywords, kind_of(x)))
        case _:
            pass
    if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Library):
        target = expr.func.target
        if target.module == "numpy.fft" or target.qualname.startswith("fft."):
            return answered(expr, kind_of)  # without the keywords that say no more than the defaults
        if target.module.startswith("tangent_like"):
            form = FORMS.get(target.qualname)
            plain = form(expr.args, kind_of, sizes) if form is not None and not expr.keywords else None
            return plain or without_defaults(expr, target.obj)
        if target.module.startswith("scipy") or target.qualname in ("tril", "triu"):
            return without_defaults(expr, target.obj)
        if target.module == "numpy" and target.qualname in plain_order.FORMS:
            return plain_order.FORMS[target.qualname](expr, kind_of, sizes) or expr
        if target.module == "numpy" and target.qualname == "matrix_transpose":
            return plain_linear.matrix_transpose(expr.args, kind_of, sizes) or expr
        if target.module == "numpy" and target.qualname in ("ndim", "linspace"):
            return answered(expr, kind_of)
        if target.module == "numpy" and target.qualname == "negative" and isinstance(kind_of(expr.args[0]), Scalar):
            return neg(expr.args[0])
        if target.module == "numpy" and target.qualname == "roll" and len(expr.args) == 3 and is_none(expr.args[2]):
            return Call(expr.func, expr.args[:2], expr.keywords, expr.at)
        if target.module == "numpy" and target.qualname in ("shape", "size") and len(expr.args) == 1:
            if isinstance(kind_of(expr.args[0]), Array) and cheap_to_read(expr.args[0]):
                return Attribute(expr.args[0], target.qualname)
        if target.qualname in ("conj", "conjugate", "real"):
            kind = kind_of(expr.args[0])
            known = isinstance(kind, Scalar | Array) and not is_complex(kind) and not is_open(kind)
            return expr.args[0] if known else expr
        if target.module == "numpy" and target.qualname == "sign" and isinstance(kind_of(expr.args[0]), Scalar):
            return _sign(expr.args, kind_of, sizes) or expr
    return expr


def _without_kept(mean: Call, keywords: tuple[tuple[str, Expr], ...], kind: Kind) -> Call:
    """The mean of what it is taken from: of leading axes, or all, it is spread over them without being told to."""
    given = {n: literal(e) for n, e in keywords}
    if not isinstance(kind, Array) or not kind.rank or given.get("keepdims") is not True or "axis" not in given:
        return mean
    if given.keys() != {"axis", "keepdims"}:
        return mean
    axis = given["axis"]
    if axis is None:
        return Call(mean.func, mean.args, (), mean.at)
    axes = axes_given(dict(keywords)["axis"], kind.rank)
    if axes is None or axes != tuple(range(len(axes))):
        return mean
    return Call(mean.func, mean.args, tuple((n, e) for n, e in keywords if n == "axis"), mean.at)


def shape_of(expr: Expr, kind_of: KindOf) -> Expr:
    """The shape of a value of the program's own: of its text nothing is said in other words."""
    if isinstance(kind_of(expr), Array) and cheap_to_read(expr):
        return Attribute(expr, "shape")
    return np_call("shape", expr)


def says_less(expr: Expr) -> bool:
    """Is there a helper in it of which the plain form has not all the entries?"""
    return any(
        isinstance(e, Ref) and isinstance(e.target, Library) and e.target.qualname == "spread"
        for e in subexpressions(expr)
    )


def cheap_to_read(expr: Expr) -> bool:
    return isinstance(expr, Name | Attribute) or (isinstance(expr, Index) and isinstance(expr.value, Name))


def donor(expr: Expr, dims: tuple[Dim | None, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """A name in ``expr`` of an array with sizes ``dims``: its ``.size`` can be read without computing ``expr``."""
    stack = [expr]
    while stack:
        node = stack.pop(0)
        if cheap_to_read(node):
            own = dims_of(kind_of(node))
            if own and len(own) == len(dims) and all(sizes.joins(a, b) for a, b in zip(own, dims, strict=True)):
                return node
        if not isinstance(node, Attribute | Index):
            stack.extend(children(node))
    return None


def held(expr: Expr) -> Expr:
    """The name that a part is of."""
    while isinstance(expr, Index):
        expr = expr.value
    return expr


def size_of(expr: Expr, axes: tuple[int, ...] | None, kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """How many entries ``expr`` has (along ``axes``), read off it or off a name of the same sizes."""
    dims = dims_of(kind_of(expr))
    if dims is None:
        return None
    chosen = tuple(range(len(dims))) if axes is None else axes
    known = [dims[k].known if dims[k] is not None else None for k in chosen]  # type: ignore[union-attr]
    total = 1
    for size in known:
        if size is None:
            break
        total *= size
    else:
        return Const(total)
    if len(chosen) == 1 and isinstance(expr, Index) and (whole := held(expr)) != expr:
        own = dims_of(kind_of(whole)) or ()
        for k, dim in enumerate(own):  # the rows of A[:, :3] are those of A
            if dim is not None and dim == dims[chosen[0]]:
                return Attribute(whole, "size") if len(own) == 1 else Index(Attribute(whole, "shape"), Const(k))
    match expr:
        case Attribute(x, "T") if len(chosen) == 1:
            return size_of(x, (len(dims) - 1 - chosen[0],), kind_of, sizes)
        case Call(Ref(target=Library("numpy", "ravel")), (x,), ()) if cheap_to_read(x):
            return Attribute(x, "size")
        case _:
            source = expr if cheap_to_read(expr) else donor(expr, dims, kind_of, sizes)
    if source is None:
        return _long(expr, dims[chosen[0]], kind_of) if len(chosen) == 1 else None
    if len(chosen) == len(dims):
        return Attribute(source, "size")
    product: Expr = ONE
    for k in chosen:
        product = mul(product, Index(Attribute(source, "shape"), Const(k)))
    return product


def _long(expr: Expr, dim: Dim | None, kind_of: KindOf) -> Expr | None:
    """A size as that of an axis of a name in ``expr``: of ``np.sum(x * w, axis=0)`` it is ``x.shape[1]``."""
    for name in subexpressions(expr):
        own = dims_of(kind_of(name)) if isinstance(name, Name) and dim is not None else None
        for k, size in enumerate(own or ()):
            if size == dim:
                return Call(builtin_ref("len"), (name,)) if k == 0 else Index(Attribute(name, "shape"), Const(k))
    return None


def axes_given(axis: Expr, rank: int) -> tuple[int, ...] | None:
    value = literal(axis)
    if value is None:
        return tuple(range(rank))
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,)
    if isinstance(value, tuple) and all(isinstance(v, int) and -rank <= v < rank for v in value):
        return tuple(sorted(v % rank for v in value))
    return None


def _spread(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """The adjoint of a sum: broadcasting does it, if the axes that are left line up."""
    y_bar, x, axis, keepdims = (*args, Const(None), Const(False))[:4]
    dims = dims_of(kind_of(x))
    if dims == ():
        return y_bar  # of a number, whatever the axis
    if dims is None or (any(d is None for d in dims) and not (is_none(axis) and isinstance(kind_of(y_bar), Scalar))):
        return None
    axes = axes_given(axis, len(dims))
    keep = literal(keepdims)
    if axes is None or keep not in (True, False):
        return None
    own = dims_of(kind_of(y_bar))
    if own == () or keep or axes == tuple(range(len(axes))):
        return y_bar  # a scalar stands for all entries
    if own is None or len(own) != len(dims) - len(axes):
        return None
    if axes == (len(dims) - 1,):
        return Index(y_bar, Tuple((Const(...), Const(None))))
    return Index(y_bar, Tuple(tuple(Const(None) if k in axes else WHOLE for k in range(len(dims)))))


def _mean_count(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    x, axis = (*args, Const(None))[:2]
    dims = dims_of(kind_of(x))
    if dims is None:
        return None
    axes = axes_given(axis, len(dims))
    return None if axes is None else size_of(x, axes, kind_of, sizes)


def _rank(kind: Kind) -> int | None:
    dims = dims_of(kind)
    return None if dims is None else len(dims)


def _matmul_left(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    z_bar, x, y = args
    ranks = (_rank(kind_of(x)), _rank(kind_of(y)))
    if max(r or 0 for r in ranks) > 2:
        return of_stacks(args, kind_of, sizes, 0)
    if not _full_product(z_bar, ranks, kind_of):
        if not _one_number(z_bar, (x, y), kind_of):
            return None
        along = mul(z_bar, np_call("sum", y, axis=Const(1)) if ranks[1] == 2 else y)
        return np_call("broadcast_to", along, shape_of(x, kind_of)) if ranks[0] == 2 else along
    match ranks:
        case (2, 2):
            return Binary("@", z_bar, transposed(y))
        case (2, 1):
            return np_call("outer", z_bar, y)
        case (1, 2):
            return Binary("@", y, z_bar)
        case (1, 1):
            return mul(z_bar, y)
        case _:
            return None


def _matmul_right(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    z_bar, x, y = args
    if is_sparse(kind_of(x)) and _rank(kind_of(z_bar)) == _rank(kind_of(y)) and _rank(kind_of(y)):
        return Binary("@", transposed(x), z_bar)
    ranks = (_rank(kind_of(x)), _rank(kind_of(y)))
    if max(r or 0 for r in ranks) > 2:
        return of_stacks(args, kind_of, sizes, 1)
    if not _full_product(z_bar, ranks, kind_of):
        if not _one_number(z_bar, (x, y), kind_of):
            return None
        along = mul(z_bar, np_call("sum", x, axis=Const(0)) if ranks[0] == 2 else x)
        if ranks[1] == 1:
            return along
        return np_call("broadcast_to", Index(along, Tuple((WHOLE, Const(None)))), shape_of(y, kind_of))
    match ranks:
        case (2, 2) | (2, 1):
            return Binary("@", transposed(x), z_bar)
        case (1, 2):
            return np_call("outer", x, z_bar)
        case (1, 1):
            return mul(z_bar, x)
        case _:
            return None


def transposed(x: Expr) -> Expr:
    if isinstance(x, Attribute) and x.name == "T":
        return x.value
    return Attribute(x, "T")


def _full_product(z_bar: Expr, ranks: tuple[int | None, int | None], kind_of: KindOf) -> bool:
    """Has ``z_bar`` the rank of the product? A lazily broadcast one must be spread first."""
    if None in ranks:
        return False
    left, right = ranks
    assert left is not None and right is not None
    if not left or not right:
        return False
    wanted = left + right - 2
    kind = kind_of(z_bar)
    return _rank(kind) == wanted and not (wanted and any(d is None or d.known == 1 for d in dims_of(kind) or ()))


def _one_number(z_bar: Expr, factors: tuple[Expr, Expr], kind_of: KindOf) -> bool:
    """Is the adjoint one number, for all entries of a product of vectors and matrices that is no number?"""
    kinds = [kind_of(e) for e in factors]
    ranks = [_rank(k) for k in kinds]
    plain = all(isinstance(k, Array) and not is_sparse(k) for k in kinds)
    return plain and ranks in ([2, 2], [2, 1], [1, 2]) and isinstance(kind_of(z_bar), Scalar)


def _dot_left(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    return _dot(args, kind_of, sizes, _matmul_left, 1)


def _dot_right(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    return _dot(args, kind_of, sizes, _matmul_right, 0)


def _dot(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes, form: Plainer, side: int) -> Expr | None:
    z_bar, x, y = args
    if is_scalar(kind_of(x)) and is_scalar(kind_of(y)):
        return mul(z_bar, (x, y)[side])
    if (_rank(kind_of(y)) or 0) > 2:  # which np.dot does not take for a stack
        return None
    return form(args, kind_of, sizes)


def _outer_left(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    z_bar, _, y = args
    return Binary("@", z_bar, y) if _of_outer(args, kind_of, sizes) else None


def _outer_right(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    z_bar, x, _ = args
    return Binary("@", x, z_bar) if _of_outer(args, kind_of, sizes) else None


def _of_outer(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> bool:
    """Two vectors, and an adjoint that has all the entries of their product."""
    rows, columns = dims_of(kind_of(args[1])), dims_of(kind_of(args[2]))
    whole = dims_of(kind_of(args[0]))
    if rows is None or columns is None or whole is None or (len(rows), len(columns), len(whole)) != (1, 1, 2):
        return False
    return bool(sizes.same(whole[0], rows[0]) and sizes.same(whole[1], columns[0]))


def _sign(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    (x,) = args
    kind = kind_of(x)
    if isinstance(kind, Scalar) and not is_complex(kind):
        if not isinstance(x, Name):
            return None
        positive = Compare(x, (">",), (Const(0),))
        return Binary("-", positive, Compare(x, ("<",), (Const(0),)))
    return np_call("sign", x) if isinstance(kind, Array) else None


def _lowered(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    (y,) = args
    value = literal(y)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Const(value - 1 if value else 1)
    kind = kind_of(y)
    less = Binary("-", y, Const(1))
    if isinstance(kind, Scalar) and kind.type == "int" and isinstance(y, Hole | Name):
        if kind.value is not None and any(map(sizes.surely_counts, (kind.value - SIZE_ONE, -kind.value - SIZE_ONE))):
            return less  # it is never 0
        if kind.value is not None and sizes.surely_counts(kind.value):
            return Call(builtin_ref("max"), (less, Const(0)))
        return Choose(y, less, Const(1))
    if isinstance(kind, Scalar) and isinstance(y, Name):
        return Choose(y, less, Const(1))
    if isinstance(kind, Array) and kind.rank and not is_sparse(kind) and isinstance(y, Hole | Name):
        return np_call("where", Compare(y, ("==",), (Const(0),)), Const(1), less)
    return None


def _quotient(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """Of numbers: ``x / y if y else 0.0``. A product that is divided by is asked for its first factor."""
    x, y = args
    asked = y
    while isinstance(asked, Binary) and asked.op == "*" and not is_number(asked.left):
        asked = asked.left
    if not isinstance(asked, Hole | Name) or not all(isinstance(kind_of(e), Scalar) for e in args):
        return None
    return Choose(asked, Binary("/", x, y), Const(0.0))


def _safe_log(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    (x,) = args
    value = literal(x)
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return Call(math_ref("log"), (x,))
    return None


def _share(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """Of numbers, and of arrays in double precision, which ``np.where`` would make of any other."""
    first, second = args
    if is_none(first):
        return Const(0.0)
    if is_none(second):
        return Const(1.0)
    kinds = [kind_of(e) for e in args]
    if not all(map(_is_short, args)) or not all(map(is_double, kinds)):
        return None
    return share(first, second, all(map(is_scalar, kinds)))


def _is_short(expr: Expr) -> bool:
    return isinstance(expr, Hole) or cheap_to_read(expr) or type(literal(expr)) in (int, float)


def _unstack(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    y_bar, axis = (*args, Const(0))[:2]
    rank, along = _rank(kind_of(y_bar)) or 0, literal(axis)
    if not isinstance(along, int) or not -rank <= along < rank:
        return None
    if along % rank == 0:
        return y_bar
    return Attribute(y_bar, "T") if rank == 2 else np_call("moveaxis", y_bar, axis, Const(0))


def _untranspose(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    y_bar, axes = (*args, Const(None))[:2]
    rank = _rank(kind_of(y_bar))
    if rank == 0:
        return y_bar
    if is_none(axes):
        return Attribute(y_bar, "T") if rank else None
    given = literal(axes)
    if not isinstance(given, tuple) or not all(type(k) is int for k in given) or rank not in (None, len(given)):
        return None
    back = np.argsort([k % len(given) for k in given]).tolist()
    return np_call("transpose", y_bar, Tuple(tuple(map(Const, back))))


def _ties(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """Equal shares for the entries that are the extremum: ``chosen / np.sum(chosen)``."""
    x, y, axis, keepdims = (*args, Const(None), Const(False))[:4]
    kind, along, kept = kind_of(x), literal(axis), literal(keepdims)
    if not isinstance(kind, Array) or not kind.rank or kind.dtype != "float64" or kept not in (True, False):
        return None
    if along is None:
        chosen = np_call("where", Compare(x, ("==",), (y,)), Const(1.0), Const(0.0))
        return Binary("/", chosen, np_call("sum", chosen))
    axes = axes_given(axis, kind.rank)
    if axes is None:
        return None
    if not kept and axes != (0,):
        y = Index(y, Tuple(tuple(Const(None) if k in axes else WHOLE for k in range(kind.rank))))
    chosen = np_call("where", Compare(x, ("==",), (y,)), Const(1.0), Const(0.0))
    return Binary("/", chosen, np_call("sum", chosen, axis=axis, keepdims=Const(True)))


def _on_diagonal(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """The main diagonal of a square matrix."""
    d_bar, x, *places = args
    kind = kind_of(x)
    if not isinstance(kind, Array) or kind.rank != 2 or kind.dims is None or kind.dtype != "float64":
        return None
    if [literal(e) for e in places] != [0, 0, 1][: len(places)] or not sizes.same(*kind.dims):
        return None
    if isinstance(kind_of(d_bar), Scalar):
        side = size_of(x, (0,), kind_of, sizes)
        return None if side is None else mul(d_bar, np_call("eye", side))
    own = kind_of(d_bar)
    return np_call("diag", d_bar) if isinstance(own, Array) and own.rank == 1 and own.dtype == "float64" else None


FORMS: Mapping[str, Plainer] = {
    "on_diagonal": _on_diagonal, "ties": _ties,
    "spread": _spread, "mean_count": _mean_count, "matmul_left": _matmul_left,
    "matmul_right": _matmul_right, "dot_left": _dot_left, "dot_right": _dot_right, "outer_left": _outer_left,
    "outer_right": _outer_right, "sign": _sign, "lowered": _lowered, "quotient": _quotient,
    "safe_log": _safe_log, "share": _share, "unstack": _unstack, "untranspose": _untranspose,
    **plain_arranged.FORMS, **plain_linear.FORMS, **plain_fourier.FORMS,
}  # fmt: skip
