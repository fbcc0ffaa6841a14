"""Sums of products over named axes, written as the loops that they are; and their adjoints."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import (
    dtype_of,
    is_array,
    is_number,
    is_tuple,
    is_vector,
    literal,
    made,
    stand_in,
)

einsum, tensordot, inner, vdot, kron = map(stand_in, (np.einsum, np.tensordot, np.inner, np.vdot, np.kron))
matmul, cross, dot = map(stand_in, (np.matmul, np.cross, np.dot))

OF_PRODUCTS = (einsum, tensordot, inner, vdot, kron, matmul, cross, dot)
HELPERS = (
    runtime.einsum_adjoint, runtime.einsum_tangent, runtime.tensordot_left, runtime.tensordot_right,
    runtime.kron_left, runtime.kron_right, runtime.inner_left, runtime.inner_right, runtime.dot_left,
    runtime.dot_right, runtime.outer_left, runtime.outer_right, runtime.matmul_left, runtime.matmul_right,
    runtime.cross_adjoint,
)  # fmt: skip

Labels = Sequence[object]


def summed(head: str, before: list[str], factors: list[tuple[str, Labels]], result: Labels, shapes: Any) -> Any:
    """``out[result] = sum of the product of the factors``, each at its labels; a result without labels is a number.

    An axis of one entry goes with any. ``shapes`` says what has the shape of the result, if that is not that of the
    factors together.
    """
    order = [*dict.fromkeys(result), *dict.fromkeys(n for _, own in factors for n in own if n not in result)]
    name = {label: f"i{k}" for k, label in enumerate(order)}
    lines, known = list(before), set()
    for text, own in (*factors, *shapes):
        for axis, label in enumerate(own):
            size, length = f"n_{name[label]}", f"{text}.shape[{axis}]"
            if label not in known:
                known.add(label)
                lines.append(f"{size} = {length}")
            else:
                lines.append(f"{size} = {length} if {size} == 1 else {size}")
                lines.append(f"if {length} != {size} and {length} != 1:")
                lines.append('    raise ValueError("the sizes of axes that are multiplied differ")')
    for text, own in (*factors, *shapes):
        lines += [f"s_{text}_{axis} = 0 if {text}.shape[{axis}] == 1 else 1" for axis in range(len(own))]
    product = " * ".join(text + _places(text, [name[n] for n in own]) for text, own in factors)
    outer = [n for n in order if n in result]
    like = shapes[0][0] if shapes else ""
    if result:
        sizes = [f"{like}.shape[{_axis(shapes, n)}]" if like else f"n_{name[n]}" for n in result]
        lines.append(f"out = np.zeros(({', '.join(sizes)},), dtype)")
    depth = ""
    for label in outer:
        lines.append(f"{depth}for {name[label]} in range(n_{name[label]}):")
        depth += "    "
    lines.append(f"{depth}total = 0.0")
    inside = depth
    for label in order[len(outer) :]:
        lines.append(f"{inside}for {name[label]} in range(n_{name[label]}):")
        inside += "    "
    lines.append(f"{inside}total += {product}")
    if result:
        spots = [f"{name[n]} * s_{like}_{_axis(shapes, n)}" if like else name[n] for n in result]
        lines.append(f"{depth}out{_at(spots)} += total")
    lines.append("return out" if result else "return total")
    return head, lines


def _axis(shapes: Any, label: object) -> int:
    """The axis that has a label, in what has the shape of the result."""
    return list(shapes[0][1]).index(label) if shapes else 0


def _places(text: str, names: list[str]) -> str:
    return _at([f"{n} * s_{text}_{axis}" for axis, n in enumerate(names)])


def _at(names: list[str]) -> str:
    return f"[{', '.join(names)}]" if names else ""


def written(found: tuple[str, list[str]], dtype: Any) -> Any:
    return made(found[0], found[1], np=np, dtype=dtype)


def are_factors(operands: Any) -> bool:
    return all(is_array(o) or is_number(o) for o in operands) and any(map(is_array, operands))


def labels_of(subscripts: Any, operands: Any) -> tuple[list[Any], list[Any]] | None:
    """The labels of each operand and of the result; None where it does not come out even."""
    if not isinstance(subscripts, str) or not are_factors(operands) or subscripts.count("...") > 2:
        return None
    ranks = [np.empty((1,) * getattr(o, "ndim", 0)) for o in operands]
    try:
        labels, result = runtime.einsum_labels(subscripts, ranks)
    except ValueError:
        return None
    even = all(len(own) == r.ndim for own, r in zip(labels, ranks, strict=True))
    return (labels, result) if even else None


@overload(einsum, prefer_literal=True)
def _einsum(subscripts, *operands):
    if len(operands) == 1 and is_tuple(operands[0]):
        operands = tuple(operands[0])
    found = labels_of(literal(subscripts), operands)
    if found is None:
        return None
    labels, result = found
    head = "subscripts, *operands"
    dtype = dtype_of(*operands)
    fast = as_product(labels, result, operands)
    if fast is not None:
        return made(head, [f"return {fast}"], np=np)
    factors = [(f"x{k}", own) for k, own in enumerate(labels)]
    before = [f"x{k} = operands[{k}]" for k in range(len(labels))]
    return written(summed(head, before, factors, result, ()), dtype)


def as_product(labels: list[Any], result: list[Any], operands: Any) -> str | None:
    """Two matrices that are multiplied: BLAS knows how."""
    if len(labels) != 2 or any(len(set(own)) != 2 or len(own) != 2 for own in (*labels, result)):
        return None
    a, b = operands
    if not (a.dtype == b.dtype and isinstance(a.dtype, types.Float)):
        return None
    shared = set(labels[0]) & set(labels[1])
    if len(shared) != 1 or shared & set(result):
        return None
    (over,) = shared
    left = "operands[0]" if labels[0][1] == over else "operands[0].T"
    right = "operands[1]" if labels[1][0] == over else "operands[1].T"
    (first,) = set(labels[0]) - shared
    return f"np.dot({left}, {right})" if result[0] == first else f"np.dot({left}, {right}).T"


@overload(runtime.einsum_adjoint, prefer_literal=True)
def _einsum_adjoint(y_bar, k, subscripts, operands):
    which = literal(k)
    if not is_tuple(operands) or not isinstance(which, int):
        return None
    found = labels_of(literal(subscripts), tuple(operands))
    if found is None or not is_array(operands[which]):
        return None
    labels, result = found
    if getattr(y_bar, "ndim", 0) != len(result):
        return None
    own = labels[which]
    others = [(f"x{n}", labels[n]) for n in range(len(labels)) if n != which]
    before = [f"x{n} = operands[{n}]" for n in range(len(labels))]
    shape = [(f"x{which}", own)]
    dtype = dtype_of(y_bar, *operands)
    head = "y_bar, k, subscripts, operands"
    return written(spread_back(head, before, [("y_bar", result), *others], own, shape), dtype)


def spread_back(head: str, before: list[str], factors: list[tuple[str, Labels]], own: Labels, shapes: Any) -> Any:
    """As ``summed`` into a result that may have a label twice, or one that no factor has."""
    once = list(dict.fromkeys(own))
    if len(once) == len(own):
        return summed(head, before, factors, own, shapes)
    _, lines = summed(head, before, factors, once, shapes)
    name = {label: f"i{k}" for k, label in enumerate(once)}
    lines[-1:] = [f"whole = np.zeros({shapes[0][0]}.shape, dtype)"]
    depth = ""
    for label in once:
        lines.append(f"{depth}for {name[label]} in range(n_{name[label]}):")
        depth += "    "
    lines.append(f"{depth}whole{_at([name[n] for n in own])} = out{_at([name[n] for n in once])}")
    return head, [*lines, "return whole"]


@overload(runtime.einsum_tangent, prefer_literal=True)
def _einsum_tangent(x_dot, k, subscripts, operands):
    which = literal(k)
    if not is_tuple(operands) or not isinstance(which, int):
        return None
    given = [x_dot if n == which else o for n, o in enumerate(operands)]
    found = labels_of(literal(subscripts), given)
    if found is None:
        return None
    labels, result = found
    before = [f"x{n} = {'x_dot' if n == which else f'operands[{n}]'}" for n in range(len(labels))]
    factors = [(f"x{n}", own) for n, own in enumerate(labels)]
    return written(summed("x_dot, k, subscripts, operands", before, factors, result, ()), dtype_of(*given))


# -- tensordot, inner, kron ---------------------------------------------------------------------------------


def axes_summed(x: Any, y: Any, axes: Any) -> tuple[list[str], list[str], list[str]] | None:
    """The labels of ``np.tensordot(x, y, axes)``: of ``x``, of ``y``, of the result."""
    over = literal(axes)
    if not is_array(x) or not is_array(y):
        return None
    if isinstance(over, int):
        pairs = [(x.ndim - over + n, n) for n in range(over)]
    elif isinstance(over, tuple) and len(over) == 2:
        left, right = (side if isinstance(side, tuple | list) else (side,) for side in over)
        if len(left) != len(right) or not all(isinstance(n, int) for n in (*left, *right)):
            return None
        pairs = [(a % x.ndim, b % y.ndim) for a, b in zip(left, right, strict=True)]
    else:
        return None
    mine, theirs = [f"a{n}" for n in range(x.ndim)], [f"b{n}" for n in range(y.ndim)]
    for a, b in pairs:
        theirs[b] = mine[a]
    rest = [n for n in mine if n not in theirs] + [n for n in theirs if n not in mine]
    return mine, theirs, rest


def contracted(head: str, x: Any, y: Any, labels: Any) -> Any:
    if labels is None:
        return None
    mine, theirs, rest = labels
    dtype = dtype_of(x, y)
    fast = as_product([mine, theirs], rest, (x, y))
    if fast is not None:
        return made(head, [f"operands = ({head.partition(', axes')[0]})", f"return {fast}"], np=np)
    names = [n.strip() for n in head.split(",")[:2]]
    return written(summed(head, [], [(names[0], mine), (names[1], theirs)], rest, ()), dtype)


def contracted_back(head: str, z_bar: Any, x: Any, y: Any, labels: Any, left: bool) -> Any:
    """The adjoint of a factor."""
    if labels is None:
        return None
    mine, theirs, rest = labels
    dtype = dtype_of(z_bar, x, y)
    given = ("z_bar", rest) if is_array(z_bar) else ("z_bar", ())
    if is_array(z_bar) and z_bar.ndim != len(rest):
        return None
    if left:
        return written(summed(head, [], [given, ("y", theirs)], mine, [("x", mine)]), dtype)
    return written(summed(head, [], [given, ("x", mine)], theirs, [("y", theirs)]), dtype)


@overload(tensordot, prefer_literal=True)
def _tensordot(a, b, axes=2):
    return contracted("a, b, axes=2", a, b, axes_summed(a, b, axes))


@overload(runtime.tensordot_left, prefer_literal=True)
def _tensordot_left(z_bar, x, y, axes=2):
    return contracted_back("z_bar, x, y, axes=2", z_bar, x, y, axes_summed(x, y, axes), True)


@overload(runtime.tensordot_right, prefer_literal=True)
def _tensordot_right(z_bar, x, y, axes=2):
    return contracted_back("z_bar, x, y, axes=2", z_bar, x, y, axes_summed(x, y, axes), False)


def of_inner(x: Any, y: Any) -> Any:
    return axes_summed(x, y, ((x.ndim - 1,), (y.ndim - 1,))) if is_array(x) and is_array(y) else None


@overload(inner)
def _inner(a, b):
    return contracted("a, b", a, b, of_inner(a, b))


def _back_of(left: Any, right: Any, axes_of: Any) -> None:
    """The adjoints of both factors of a product, by the axes that it sums."""

    def of_left(z_bar, x, y):
        return contracted_back("z_bar, x, y", z_bar, x, y, axes_of(x, y), True)

    def of_right(z_bar, x, y):
        return contracted_back("z_bar, x, y", z_bar, x, y, axes_of(x, y), False)

    overload(left)(of_left)
    overload(right)(of_right)


_back_of(runtime.inner_left, runtime.inner_right, of_inner)


def of_dot(x: Any, y: Any) -> Any:
    if not is_array(x) or not is_array(y):
        return None
    return axes_summed(x, y, ((x.ndim - 1,), (max(y.ndim - 2, 0),)))


def for_blas(a: Any, b: Any) -> bool:
    """Matrices and vectors of floats of one precision."""
    both = is_array(a) and is_array(b) and max(a.ndim, b.ndim) <= 2
    return both and a.dtype == b.dtype and isinstance(a.dtype, types.Float)


def np_dot(a, b):
    return np.dot(a, b)


@overload(dot)
def _dot(a, b):
    if for_blas(a, b):
        return np_dot
    if is_number(a) or is_number(b):
        return lambda a, b: a * b
    return contracted("a, b", a, b, of_dot(a, b))


_back_of(runtime.dot_left, runtime.dot_right, of_dot)


@overload(vdot)
def _vdot(a, b):
    if not is_array(a) or not is_array(b):
        return None

    def impl(a, b):
        if a.size != b.size:
            raise ValueError("there are as many entries in both")
        x, y, total = a.flatten(), b.flatten(), 0.0
        for k in range(x.size):
            total += x[k] * y[k]
        return total

    return impl


@overload(runtime.outer_left)
def _outer_left(z_bar, x, y):
    return _outer_back("z_bar, x, y", z_bar, x, y, True)


@overload(runtime.outer_right)
def _outer_right(z_bar, x, y):
    return _outer_back("z_bar, x, y", z_bar, x, y, False)


def _outer_back(head: str, z_bar: Any, x: Any, y: Any, left: bool) -> Any:
    if not is_vector(x) or not is_vector(y):
        return None
    return contracted_back(head, z_bar, x, y, (["a"], ["b"], ["a", "b"]), left)


def of_kron(x: Any, y: Any) -> int | None:
    return x.ndim if is_array(x) and is_array(y) and x.ndim == y.ndim else None


@overload(kron)
def _kron(a, b):
    rank = of_kron(a, b)
    if rank is None:
        return None
    shape = ", ".join(f"a.shape[{k}] * b.shape[{k}]" for k in range(rank))
    lines = _kron_loops(rank, f"np.empty(({shape},), dtype)", "out[at] = a[p] * b[q]", "a", "b")
    return made("a, b", lines, np=np, dtype=dtype_of(a, b))


@overload(runtime.kron_left)
def _kron_left(z_bar, x, y):
    rank = of_kron(x, y)
    if rank is None or not is_array(z_bar):
        return None
    lines = _kron_loops(rank, "np.zeros(x.shape, dtype)", "out[p] += z_bar[at] * y[q]")
    return made("z_bar, x, y", lines, np=np, dtype=dtype_of(z_bar, x, y))


@overload(runtime.kron_right)
def _kron_right(z_bar, x, y):
    rank = of_kron(x, y)
    if rank is None or not is_array(z_bar):
        return None
    lines = _kron_loops(rank, "np.zeros(y.shape, dtype)", "out[q] += z_bar[at] * x[p]")
    return made("z_bar, x, y", lines, np=np, dtype=dtype_of(z_bar, x, y))


def _kron_loops(rank: int, start: str, inner: str, x: str = "x", y: str = "y") -> list[str]:
    at = ", ".join(f"p[{k}] * {y}.shape[{k}] + q[{k}]" for k in range(rank))
    loops = [f"for p in np.ndindex({x}.shape):", f"    for q in np.ndindex({y}.shape):", f"        at = ({at},)"]
    return [f"out = {start}", *loops, f"        {inner}", "return out"]


# -- stacks of matrices, vectors in space -------------------------------------------------------------------


def of_matmul(x: Any, y: Any) -> Any:
    """Labels of ``x @ y``, where stacks are along the same axes or only one of the two is a stack."""
    if not is_array(x) or not is_array(y):
        return None
    if x.ndim > 2 and y.ndim > 2 and x.ndim != y.ndim:
        return None
    stack = [f"s{k}" for k in range(max(x.ndim, y.ndim) - 2)]
    mine = ["k"] if x.ndim == 1 else [*(stack if x.ndim > 2 else []), "i", "k"]
    theirs = ["k"] if y.ndim == 1 else [*(stack if y.ndim > 2 else []), "k", "j"]
    return mine, theirs, [*stack, *(["i"] if x.ndim > 1 else []), *(["j"] if y.ndim > 1 else [])]


@overload(matmul)
def _matmul(a, b):
    if for_blas(a, b):
        return lambda a, b: a @ b
    return contracted("a, b", a, b, of_matmul(a, b))


def are_matrices(*given: Any) -> bool:
    return all(isinstance(a, types.Array) and a.ndim == 2 and a.dtype == types.float64 for a in given)


@overload(runtime.matmul_left)
def _matmul_left(z_bar, x, y):
    if are_matrices(x, y) and (are_matrices(z_bar) or isinstance(z_bar, types.Float)):

        def impl(z_bar, x, y):
            whole = np.empty((x.shape[0], y.shape[1]))
            whole[:, :] = z_bar
            return whole @ y.T

        return impl
    return contracted_back("z_bar, x, y", z_bar, x, y, of_matmul(x, y), True)


@overload(runtime.matmul_right)
def _matmul_right(z_bar, x, y):
    if are_matrices(x, y) and (are_matrices(z_bar) or isinstance(z_bar, types.Float)):

        def impl(z_bar, x, y):
            whole = np.empty((x.shape[0], y.shape[1]))
            whole[:, :] = z_bar
            return x.T @ whole

        return impl
    return contracted_back("z_bar, x, y", z_bar, x, y, of_matmul(x, y), False)


@overload(cross)
def _cross(a, b, axis=-1):
    if not is_vector(a) or not is_vector(b):
        return _crossed_rows(a, b, literal(axis), "a, b, axis=-1")
    check = ["if a.size != 3 or b.size != 3:", f"    {NOT_SPACE}"]
    return made("a, b, axis=-1", [*check, f"return np.array([{_turned('a', 'b', '')}])"], np=np)


NOT_SPACE = 'raise ValueError("np.cross is differentiated for vectors of three entries")'


def _turned(a: str, b: str, row: str) -> str:
    pairs = ((1, 2), (2, 0), (0, 1))
    return ", ".join(f"{a}[{row}{i}] * {b}[{row}{j}] - {a}[{row}{j}] * {b}[{row}{i}]" for i, j in pairs)


def _crossed_rows(a: Any, b: Any, axis: Any, head: str) -> Any:
    """Of the rows of two matrices."""
    if not (is_array(a) and is_array(b) and a.ndim == b.ndim == 2 and axis in (-1, 1)):
        return None
    one, two = (n.strip() for n in head.split(",")[:2])
    lines = [
        f"if {one}.shape[1] != 3 or {two}.shape[1] != 3 or {one}.shape[0] != {two}.shape[0]:",
        f"    {NOT_SPACE}",
        f"out = np.empty({one}.shape, dtype)",
        f"for k in range({one}.shape[0]):",
        f"    out[k, 0], out[k, 1], out[k, 2] = {_turned(one, two, 'k, ')}",
        "return out",
    ]
    return made(head, lines, np=np, dtype=dtype_of(a, b))


@overload(runtime.cross_adjoint, prefer_literal=True)
def _cross_adjoint(z_bar, y, x, axis=-1):
    if not is_array(z_bar) or not is_array(x) or getattr(y, "ndim", 0) != x.ndim or z_bar.ndim != x.ndim:
        return None
    if x.ndim == 1:
        check = ["if y.size != 3 or z_bar.size != 3:", f"    {NOT_SPACE}"]
        return made("z_bar, y, x, axis=-1", [*check, f"return np.array([{_turned('y', 'z_bar', '')}])"], np=np)
    inside = _crossed_rows(y, z_bar, literal(axis), "y, z_bar, axis=-1")
    if inside is None:
        return None
    called = register_jitable(inside)
    return lambda z_bar, y, x, axis=-1: called(y, z_bar)
