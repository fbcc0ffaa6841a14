"""Helpers of linear algebra said in plain NumPy: for one matrix most of them are a line of a textbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from string import ascii_letters

from tangent_like import runtime
from tangent_like.ir.build import mul, neg, np_call, numpy_ref
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import Array, Kind, Scalar, dims_of, is_complex, is_open
from tangent_like.kinds.linear import einsum_letters, longer
from tangent_like.kinds.operands import literal

KindOf = Callable[[Expr], Kind]


def runtime_call(name: str, *args: Expr) -> Call:
    target = Library("tangent_like.runtime", name, getattr(runtime, name))
    return Call(Ref(name, target, None, target), args)


def _rank(expr: Expr, kind_of: KindOf) -> int | None:
    dims = dims_of(kind_of(expr))
    return None if dims is None else len(dims)


def matrix_transpose(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    (x,) = args
    if not isinstance(kind_of(x), Array):
        return None
    name = "T" if _rank(x, kind_of) == 2 else "mT"
    return x.value if isinstance(x, Attribute) and x.name == name else Attribute(x, name)


def _each_matrix(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    (g,) = args
    rank = _rank(g, kind_of)
    if rank is None:
        return None
    return Index(g, Tuple((Const(...), Const(None), Const(None)))) if rank else g


def _as_rows(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    (w,) = args
    rank = _rank(w, kind_of)
    if rank is None:
        return None
    return w if rank == 1 else Index(w, Tuple((Const(...), Const(None), Slice(None, None, None))))


def _transposed(x: Expr) -> Expr:
    return x.value if isinstance(x, Attribute) and x.name == "T" else Attribute(x, "T")


def _solve_transposed(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    a, x_bar, b = args
    if _rank(a, kind_of) == 2 and _rank(b, kind_of) in (1, 2) and isinstance(kind_of(x_bar), Array):
        return np_call("linalg.solve", _transposed(a), x_bar)
    return None


def _solve_left(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    lam, x, a, b = args
    if _rank(a, kind_of) != 2:
        return None
    match _rank(b, kind_of):
        case 1:
            return neg(np_call("outer", lam, x))
        case 2:
            return neg(Binary("@", lam, _transposed(x)))
        case _:
            return None


def _entries_of(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    u, v, rows, columns, *around = args
    bare = all(isinstance(a, Const) and a.value is None for a in around)
    if not bare or _rank(u, kind_of) != 1 or _rank(v, kind_of) != 1:
        return None
    return Binary("*", Index(u, rows), Index(v, columns))


def _up_to_axes(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    x_bar, x, most = args
    rank, allowed = _rank(x, kind_of), literal(most)
    return x_bar if rank is not None and isinstance(allowed, int) and rank <= allowed else None


def _from_axes(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    x_bar, x, least = args
    rank, needed = _rank(x, kind_of), literal(least)
    return x_bar if rank is not None and isinstance(needed, int) and rank >= needed else None


def _of_real(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """Only Python's own numbers become complex by themselves."""
    kind = kind_of(args[1])
    return args[0] if isinstance(kind, Array) and kind.dtype is not None and not is_complex(kind) else None


def _onto_triangle(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    return runtime_call("onto_triangle", args[0]) if len(args) == 2 and literal(args[1]) == "L" else None


def _norm_slope(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """The Euclidean norm of all entries, or along the last axis: entries over norms."""
    defaults: tuple[Expr, ...] = (Const(None), Const(None), Const(False))
    x, y, ord_, axis, keepdims = (*args, *defaults[len(args) - 2 :])
    kept, along = literal(keepdims), literal(axis)
    rank = _rank(x, kind_of)
    if literal(ord_) == 1 and along is None and rank == 1 and kept is False:
        return np_call("sign", x) if not (is_complex(kind_of(x)) or is_open(kind_of(x))) else None
    euclidean = {2: rank == 1 or isinstance(along, int), "fro": rank == 2 and along is None}
    order = literal(ord_)
    if not (order is None or (isinstance(order, int | str) and euclidean.get(order))) or kept not in (True, False):
        return None
    if kept or along is None:
        return runtime_call("quotient", x, y)
    if isinstance(along, int) and rank is not None and along in (-1, rank - 1):
        over: Expr = Index(y, Tuple((Const(...), Const(None)))) if rank > 1 else y
        return runtime_call("quotient", x, over)
    return runtime_call("quotient", x, np_call("expand_dims", y, axis))


def _unbroadcast(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """Where the sizes are the same there is nothing to sum."""
    g, x = args
    own, wanted = dims_of(kind_of(g)), dims_of(kind_of(x))
    if own is None or wanted is None:
        return None
    if not wanted and isinstance(kind_of(x), Scalar):
        return np_call("sum", g) if own else g
    if not own or len(own) != len(wanted):
        return None
    return g if all(sizes.same(a, b) for a, b in zip(own, wanted, strict=True)) else None


def _einsum_adjoint(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """``np.einsum("ik,jk->ij", y_bar, B)``.

    An axis that the operand sums alone is spread by ones, an axis that it has twice is a diagonal, by the identity.
    """
    y_bar, position, subscripts, operands = args
    k = literal(position)
    if not isinstance(operands, Tuple) or not isinstance(k, int):
        return None
    ranks = [_rank(e, kind_of) for e in operands.items]
    found = einsum_letters(literal(subscripts), len(operands.items), ranks)
    if found is None:
        return None
    letters, result = found
    others = [(text, e) for j, (text, e) in enumerate(zip(letters, operands.items, strict=True)) if j != k]
    holders = [(result, y_bar), *others]
    x, own = operands.items[k], dims_of(kind_of(operands.items[k]))
    if own is None or len(own) != len(letters[k]):
        return None
    for letter, size in zip(letters[k], own, strict=True):
        there = [_size_of(letter, text, e, kind_of) for text, e in holders if letter in text]
        if not all(other is not None and sizes.same(size, other) for other in there):
            return None
    for text, e in holders:
        dims = dims_of(kind_of(e))
        if dims is None or len(dims) != len(text):
            return None
    into, free = "", [c for c in ascii_letters if not any(c in text for text, _ in holders) and c not in letters[k]]
    for axis, letter in enumerate(letters[k]):
        if letter in into:
            into += (second := free.pop())
            size_of = Index(Attribute(x, "shape"), Const(axis))
            identity = Call(numpy_ref("eye"), (size_of,), (("dtype", Attribute(x, "dtype")),))
            holders.append((letter + second, identity))
        else:
            into += letter
    if any(not any(letter in text for text, _ in holders) for letter in into):
        holders.append((into, np_call("ones_like", x)))
    if not result and isinstance(kind_of(y_bar), Scalar) and len(holders) > 1:  # of a number: it is no operand
        texts = ",".join(text for text, _ in holders[1:])
        operands_ = [e for _, e in holders[1:]]
        whole = operands_[0] if texts == into else np_call("einsum", Const(f"{texts}->{into}"), *operands_)
        return mul(y_bar, whole)
    inputs = ",".join(text for text, _ in holders)
    if len(holders) == 1 and inputs == into:
        return y_bar
    return np_call("einsum", Const(f"{inputs}->{into}"), *(e for _, e in holders))


def _multi_dot_adjoint(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """The transposed products on both sides; of a vector at an end an outer product."""
    y_bar, position, arrays = args
    k = literal(position)
    if not isinstance(arrays, List) or not isinstance(k, int):
        return None
    items = arrays.items
    ranks = [_rank(e, kind_of) for e in items]
    if None in ranks:
        return None

    def product(parts: list[Expr]) -> Expr:
        whole = parts[0]
        for part in parts[1:]:
            whole = Binary("@", whole, part)
        return whole

    before, after = list(items[:k]), list(items[k + 1 :])
    row = ranks[0] == 1 and k > 0
    column = ranks[-1] == 1 and k < len(items) - 1
    left = [_transposed(e) for e in reversed(before)] if not row else []
    right = [_transposed(e) for e in reversed(after)] if not column else []
    if row and column:
        return mul(y_bar, np_call("outer", product(before), product(after)))
    if row:
        at_end = ranks[-1] == 1 and k == len(items) - 1
        inner = product(before)
        return mul(y_bar, inner) if at_end else np_call("outer", inner, product([y_bar, *right]))
    if column:
        inner = product(after)
        return mul(y_bar, inner) if ranks[0] == 1 and k == 0 else np_call("outer", product([*left, y_bar]), inner)
    return product([*left, y_bar, *right])


def _convolve_left(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """Of all of a convolution: what it is correlated with gives as many entries as the other has.

    Of what is valid of it, another convolution, by which of the two is longer.
    """
    z_bar, x, y = args[:3]
    mode = "full" if len(args) == 3 else literal(args[3])
    kinds = [kind_of(e) for e in (z_bar, x, y)]
    if not all(isinstance(k, Array) and k.rank == 1 and k.dtype == "float64" for k in kinds):
        return None
    if mode == "full":
        return np_call("correlate", z_bar, y)
    (m,), (n,) = (dims_of(k) or (None,) for k in kinds[1:])
    if mode != "valid" or m is None or n is None:
        return None
    first, turned = longer(m, n, sizes), Index(y, Slice(None, None, Const(-1)))
    if first is None:
        return None
    return np_call("convolve", z_bar, turned) if first else np_call("convolve", turned, z_bar, mode=Const("valid"))


def _einsum_tangent(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    x_dot, position, subscripts, operands = args
    k = literal(position)
    if not isinstance(operands, Tuple) or not isinstance(k, int) or not isinstance(literal(subscripts), str):
        return None
    return np_call("einsum", subscripts, *operands.items[:k], x_dot, *operands.items[k + 1 :])


def _replaced(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """Of a display another display."""
    items, position, item = args
    k = literal(position)
    if not isinstance(items, Tuple | List) or not isinstance(k, int):
        return None
    return replace(items, items=(*items.items[:k], item, *items.items[k + 1 :]))


def _size_of(letter: str, text: str, expr: Expr, kind_of: KindOf) -> Dim | None:
    dims = dims_of(kind_of(expr))
    return dims[text.index(letter)] if dims is not None and len(dims) == len(text) else None


def _triangle(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    missing: tuple[Expr, ...] = (Const(False),) * (3 - len(args))
    a, lower, unit = (*args, *missing)
    low, inner = literal(lower), literal(unit)
    if low not in (True, False) or inner not in (True, False):
        return None
    beside = (Const(-1 if low else 1),) if inner else ()
    return np_call("tril" if low else "triu", a, *beside)


def _cross_adjoint(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    z_bar, y, x = args[:3]
    axis = literal(args[3]) if len(args) > 3 else -1
    shapes = [dims_of(kind_of(e)) for e in (z_bar, y, x)]
    first = shapes[0]
    if not first or not isinstance(axis, int) or isinstance(axis, bool) or not -len(first) <= axis < len(first):
        return None
    pairs: list[tuple[Dim | None, Dim | None]] = [(first[axis], fixed(3))]
    for other in shapes[1:]:
        if other is None or len(other) != len(first):
            return None
        pairs += zip(first, other, strict=True)
    for a, b in pairs:  # before any of it is assumed
        if a is None or b is None:
            return None
        if a != b and (sizes.evaluate(a) is None or sizes.evaluate(a) != sizes.evaluate(b)):
            return None
    if not all(sizes.same(a, b) for a, b in pairs):
        return None
    last = axis % len(first) == len(first) - 1
    return np_call("cross", y, z_bar) if last else np_call("cross", y, z_bar, axis=Const(axis))


FORMS: Mapping[str, Callable[[tuple[Expr, ...], KindOf, Sizes], Expr | None]] = {
    "each_matrix": _each_matrix, "as_rows": _as_rows, "solve_transposed": _solve_transposed,
    "solve_left": _solve_left, "up_to_axes": _up_to_axes, "from_axes": _from_axes,
    "of_real": _of_real, "onto_triangle": _onto_triangle, "norm_slope": _norm_slope,
    "unbroadcast": _unbroadcast, "einsum_adjoint": _einsum_adjoint,
    "einsum_tangent": _einsum_tangent, "replaced": _replaced, "multi_dot_adjoint": _multi_dot_adjoint,
    "triangle": _triangle, "cross_adjoint": _cross_adjoint, "convolve_left": _convolve_left,
    "entries_of": _entries_of,
}  # fmt: skip
