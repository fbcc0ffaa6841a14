"""What Numba takes in other words only.

Before                                           After

    y_bar[...] += t                                  y_bar[:] += t
    x[[0, 2]]                                        x[np.array([0, 2])]
    x[1 + i], x[i - 1 + 2]                           x[i + 1], x[i + 1]
    np.add.at(x_bar, np.s_[:, k], t)                 add_at(x_bar, (slice(None), k), t)
    np.array(x), np.asarray(x)                       x.copy(), x
    np.array([[1, 0], [0, c]])                       np.array([[1.0, 0.0], [0.0, c]])
    np.array([x, y])                                 np.stack((x, y))
    np.zeros(n, dtype=int)                           np.zeros(n, dtype=np.int64)
    (x > 0) @ y                                      (x > 0).astype(np.float64) @ y
    np.clip(c, 0, 1)                                 np.minimum(np.maximum(c, 0), 1)
    np.concatenate([x, [a]])                         np.concatenate((x, np.array([a])))
    np.full_like(x, row)                             np.zeros_like(x) + row
    np.block([[A, B], [C, D]])                       np.vstack((np.hstack((A, B)), np.hstack((C, D))))
    np.meshgrid(x, y, indexing="ij")                 mesh((x, y), "ij")
    pieces(z_bar, [x, y])                            pieces(z_bar, (x, y))
    xs, ys = [], []                                  xs = []; ys = []
    z_bar / sum((x == z, y == z))                    z_bar * (1.0 / sum((x == z, y == z)))
    np.add.at(x_bar, idx, t)                         add_at(x_bar, idx, t)
    with np.errstate(divide="ignore"):               t = np.log(x)
        t = np.log(x)

Compiled code warns of nothing, and so has nothing to be silent about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import MappingProxyType

import numpy as np

from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref, np_call, numpy_ref
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Compare,
    Const,
    Expr,
    Function,
    Index,
    Item,
    Library,
    List,
    Name,
    Ref,
    Slice,
    Stmt,
    Tuple,
    With,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import expressions, key, names, rebuild, with_body
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar, Sequence, is_list
from tangent_like.kinds.operands import literal
from tangent_like.native.as_functions import as_einsum, as_function, with_tuples
from tangent_like.native.nests import plus
from tangent_like.runtime import (
    add_at,
    isolate,
    joined_parts,
    pieces,
    stored,
    tensordot_left,
    tensordot_right,
    unhstack,
)
from tangent_like.transform.runtime_refs import helper

JOINING: frozenset[object] = frozenset(
    {np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack, np.dstack, np.linalg.multi_dot}
)
NAMED = MappingProxyType(
    {
        "int": "int64", "float": "float64", "bool": "bool_", "complex": "complex128", "float64": "float64",
        "float32": "float32", "int64": "int64", "int32": "int32",
    }
)  # fmt: skip
FILLED: frozenset[object] = frozenset({np.zeros, np.ones, np.empty})
CUTTING: frozenset[object] = frozenset({pieces, joined_parts, unhstack})
CONTRACTING: frozenset[object] = frozenset({np.tensordot, tensordot_left, tensordot_right, np.moveaxis})


def spelled(function: Function, typing: Typing) -> Function:
    """The function in Numba's words; facts are known of the new statements too."""

    def block(body: Block) -> Block:
        return tuple(new for stmt in body for new in statement(stmt))

    def statement(stmt: Stmt) -> tuple[Stmt, ...]:
        inner = with_blocks(stmt, block)
        if isinstance(inner, With) and all(map(_silences, inner.items)):
            return inner.body
        env = typing.before.get(stmt)
        if isinstance(inner, Assign) and len(inner.values) > 1 and any(v == () for v in map(_items_of, inner.values)):
            if not {n for v in inner.values for n in names(v)} & set(inner.targets) and env is not None:
                ones = [Assign((t,), (v,), inner.origin) for t, v in zip(inner.targets, inner.values, strict=True)]
                for one in ones:  # of an empty list in a tuple Numba does not find out what it holds
                    typing.before[one] = env
                return tuple(new for one in ones for new in statement(one))
        if env is not None:
            made = _kept(inner, rewrite(inner, lambda e: _said(e, typing, env), lambda n: n))
        else:
            made = inner
        if made is not stmt:
            for table in (typing.before, typing.after):
                if stmt in table:
                    table[made] = table[stmt]  # type: ignore[assignment]
        return (made,)

    return with_body(function, block(function.body))


def _fills(expr: Expr, typing: Typing, env: Env) -> bool:
    """Is it filled with an array? Numba fills with numbers."""
    assert isinstance(expr, Call)
    like, value = (typing.kind(a, env) for a in expr.args)
    same = isinstance(like, Array) and isinstance(value, Array) and like.dtype == value.dtype == "float64"
    return same and isinstance(value, Array) and value.dims != ()


def _clipped(new: Call, old: Call, typing: Typing, env: Env) -> Expr | None:
    """``np.clip(x, a, b)`` of numbers, of which Numba clips arrays alone."""
    if not isinstance(new.func, Ref) or not isinstance(new.func.target, Library) or new.func.target.obj is not np.clip:
        return None
    whole = (*old.args, *(value for _, value in old.keywords))
    kinds = [typing.kind(e, env) for e in whole if not (isinstance(e, Const) and e.value is None)]
    if not all(isinstance(kind, Scalar) for kind in kinds):
        return None
    given = dict(zip(("x", "min", "max"), new.args, strict=False)) | {n.removeprefix("a_"): v for n, v in new.keywords}
    if not given.keys() <= {"x", "min", "max"}:
        return None
    made = given["x"]
    for name, function in (("min", "maximum"), ("max", "minimum")):
        bound = given.get(name)
        if bound is not None and not (isinstance(bound, Const) and bound.value is None):
            made = np_call(function, made, bound)
    return made


def _without_axes(new: Expr, old: Expr, kind_of: Callable[[Expr], Kind]) -> Expr:
    """``top[..., None]`` of a number, as an array of one; beside an array that has its axes, as the number."""
    match new, old:
        case Binary(op, left, right), Binary(left=a, right=b) if op != "@":
            kept = [_number_of(s) if _rank_of(kind_of(o)) >= _axes_made(t, kind_of) > 0 else s
                    for s, t, o in ((left, a, b), (right, b, a))]  # fmt: skip
            return new if kept[0] is left and kept[1] is right else Binary(op, kept[0], kept[1], new.at)
        case Index(value), Index() if _axes_made(old, kind_of):
            made: Expr = value
            for _ in range(_axes_made(old, kind_of)):
                made = List((made,))
            return np_call("array", made)
        case _:
            return new


def _number_of(expr: Expr) -> Expr:
    """The number in ``np.array([top])``."""
    if isinstance(expr, Call):
        expr = expr.args[0]
        while isinstance(expr, List):
            (expr,) = expr.items
    return expr


def _axes_made(expr: Expr, kind_of: Callable[[Expr], Kind]) -> int:
    """How many axes ``expr`` gives a number; 0 if it is anything else."""
    if not isinstance(expr, Index):
        return 0
    items = expr.index.items if isinstance(expr.index, Tuple) else (expr.index,)
    if not all(isinstance(i, Const) and (i.value is None or i.value is ...) for i in items):
        return 0
    kind = kind_of(expr.value)
    if not isinstance(kind, Scalar) and not (isinstance(kind, Array) and kind.dims == ()):
        return 0
    return sum(isinstance(i, Const) and i.value is None for i in items)


def _rank_of(kind: Kind) -> int:
    return kind.rank or 0 if isinstance(kind, Array) else 0


def _items_of(expr: Expr) -> tuple[Expr, ...] | None:
    return expr.items if isinstance(expr, List) else None


def _kept(stmt: Stmt, made: Stmt) -> Stmt:
    """The statement itself where none of its expressions is said otherwise: facts are known of it."""
    before, after = expressions(stmt), expressions(made)
    same = all(a is b or key(a) == key(b) for a, b in zip(before, after, strict=True))
    return stmt if same else made


def _silences(item: Item) -> bool:
    match item.context:
        case Call(Ref(target=Library(obj=obj))):
            return obj is np.errstate and not item.name
        case _:
            return False


def _said(expr: Expr, typing: Typing, env: Env) -> Expr:
    new = rebuild(expr, lambda e: _said(e, typing, env))
    new = as_function(new, expr, lambda e: typing.kind(e, env), typing.sizes)
    known = _without_axes(new, expr, lambda e: typing.kind(e, env))
    if known is not new:
        return known
    if isinstance(new, Call):
        new = _with_dtype(new)
    if isinstance(new, Call) and isinstance(expr, Call) and (clipped := _clipped(new, expr, typing, env)) is not None:
        return clipped
    match new:
        case Index(Ref(target=Library(obj=obj)), index) if obj is np.s_:
            return Tuple(tuple(map(_called, index.items)), new.at) if isinstance(index, Tuple) else new
        case Index(value, Const(index)) if index is ...:
            assert isinstance(expr, Index)
            return Index(value, Slice(None, None, None), new.at) if _has_axes(expr.value, typing, env) else new
        case Index(value, index):
            return Index(value, _in_order(_as_array(index, typing, env)), new.at)
        case Call(Ref(target=Library(obj=obj)) as func, (List(items) | Tuple(items), *rest), keywords) if (
            items and _joins(obj)
        ):
            parts = expr.args[0].items if isinstance(expr, Call) and isinstance(expr.args[0], List | Tuple) else items
            kinds = [typing.kind(e, env) for e in parts]
            return Call(func, (Tuple(tuple(map(partial(_part, obj), items, kinds))), *rest), keywords, new.at)
        case Call(Ref(target=Library(obj=obj)), (Call(Ref(target=Library(obj=of)), (_, Name(), *_)) as parts,), ()) if (
            obj is isolate and _among(of, CUTTING) and is_list(typing.kind(parts.args[1], env))
        ):
            return parts  # which are in memory of their own, compiled
        case Call(Ref(target=Library(obj=obj)), (), ()) if obj is int or obj is float or obj is bool:
            return Const(obj())
        case Binary("/", left, Call(Ref(target=Library(obj=obj)), (Tuple(items),), ()) as count) if (
            obj is sum and all(isinstance(i, Compare) for i in items)
        ):  # the adjoint that is divided is waited for, how many are the greatest is not
            return Binary("*", left, Binary("/", Const(1.0), count), new.at)
        case Binary("@", left, right):
            assert isinstance(expr, Binary)
            one, other = typing.kind(expr.left, env), typing.kind(expr.right, env)
            return Binary("@", _in_floats(left, one, other), _in_floats(right, other, one), new.at)
        case Call(Ref(target=Library(obj=np.ix_)) as func, args, ()):
            return Call(func, tuple(_as_array(a, typing, env) for a in args), (), new.at)
        case Call(Ref(target=Library(obj=np.block)), (List(rows),), ()):
            assert isinstance(expr, Call)
            return _block(rows, new, [typing.kind(e, env) for e in _blocks_in(expr.args[0])])
        case Call(Ref(target=Library(obj=np.take)) as func, (x, List() as index, *rest), keywords):
            return Call(func, (x, _as_array(index, typing, env), *rest), keywords, new.at)
        case Call(Ref(target=Library(obj=np.full_like)), (like, value), ()) if _fills(expr, typing, env):
            return Binary("+", np_call("zeros_like", like), value, new.at)
        case Call(Ref(target=Library(obj=np.meshgrid)), args, keywords) if all(n == "indexing" for n, _ in keywords):
            return Call(helper("mesh"), (Tuple(args), *(v for _, v in keywords)), (), new.at)
        case Call(Ref(target=Library(obj=obj)) as func, args, keywords) if _among(obj, CONTRACTING):
            if obj is not np.moveaxis and isinstance(expr, Call):
                new = as_einsum(new, expr, lambda e: typing.kind(e, env))
            if not isinstance(new, Call) or new.func is not func:
                return new
            named = tuple((n, with_tuples(v)) for n, v in keywords)
            return Call(func, tuple(map(with_tuples, args)), named, new.at)
        case Call(Ref(target=Library(obj=obj)) as func, (whole, List(items), *rest), keywords) if _among(obj, CUTTING):
            return Call(func, (whole, Tuple(items), *rest), keywords, new.at)
        case Call(Ref(target=Library(obj=obj)) as func, (whole, index, *rest), ()):
            if obj is stored or _adds(obj):
                func = func if obj is stored else helper("add_at")
                return Call(func, (whole, _as_array(index, typing, env), *rest), (), new.at)
        case Call(Ref(target=Library(obj=np.array | np.asarray | np.asanyarray as obj)), (value,), keywords):
            assert isinstance(expr, Call) and isinstance(new, Call)
            if obj is np.asanyarray:  # which Numba has not
                new = Call(numpy_ref("asarray"), new.args, new.keywords, new.at)
            if all(n == "dtype" for n, _ in keywords):
                return _made_array(new, value, expr, obj is np.array, typing, env)
        case Call(Attribute(value, "tolist"), (), ()):
            assert isinstance(expr, Call) and isinstance(expr.func, Attribute)
            kind = typing.kind(expr.func.value, env)
            if isinstance(kind, Array) and kind.rank == 1:
                return Call(builtin_ref("list"), (value,), (), new.at)
        case _:
            pass
    return new


def _in_floats(expr: Expr, kind: Kind, other: Kind) -> Expr:
    """An operand of a product, of the type of the other: NumPy multiplies truths and whole numbers with floats."""
    if not isinstance(kind, Array) or not isinstance(other, Array) or kind.dtype is None:
        return expr
    if other.dtype == "float64" and np.dtype(kind.dtype).kind in "bi":
        return Call(Attribute(expr, "astype"), (numpy_ref("float64"),), ())
    if other.dtype == "float32" and kind.dtype == "bool":
        return Call(Attribute(expr, "astype"), (numpy_ref("float32"),), ())
    return expr


def _blocks_in(expr: Expr) -> tuple[Expr, ...]:
    return tuple(e for item in expr.items for e in _blocks_in(item)) if isinstance(expr, List) else (expr,)


def _block(rows: tuple[Expr, ...], new: Expr, kinds: list[Kind]) -> Expr:
    """Rows of matrices, side by side, one below the other."""
    if not all(isinstance(row, List) and row.items for row in rows) or {_rank_of(kind) for kind in kinds} != {2}:
        return new
    lines = [np_call("hstack", Tuple(row.items)) for row in rows if isinstance(row, List)]
    return np_call("vstack", Tuple(tuple(lines)))


def _part(joins: object, item: Expr, kind: Kind) -> Expr:
    """A part of what is joined, as the array that NumPy makes of it."""
    match item:
        case List(items) | Tuple(items):
            numbers = isinstance(kind, Sequence) and all(isinstance(k, Scalar) for k in kind.items)
            if not numbers:
                return item
            return np_call("array", _as_floats(List(items))) if items else np_call("zeros", Const(0))
        case _ if joins is np.hstack and isinstance(kind, Scalar):
            return np_call("array", _as_floats(List((item,))))
        case _ if joins is np.vstack and isinstance(kind, Array) and kind.rank == 1:
            return Index(item, Tuple((Const(None), Slice(None, None, None))))
        case _:
            return item


def _made_array(new: Call, value: Expr, expr: Call, copies: bool, typing: Typing, env: Env) -> Expr:
    """``np.array`` of an array as its copy, of whole numbers among others as of floats, of arrays as a stack."""
    kind, of = typing.kind(expr, env), typing.kind(expr.args[0], env)
    if isinstance(of, Array) and of.dims:
        dtype = [v for _, v in new.keywords if not (isinstance(v, Const) and v.value is None)]
        if dtype and not (isinstance(kind, Array) and kind.dtype == of.dtype is not None):
            return Call(Attribute(value, "astype"), tuple(dtype), (), new.at)
        return Call(Attribute(value, "copy"), (), (), new.at) if copies else value
    if isinstance(of, ListOf) and isinstance(of.item, Array) and of.item.dims and not new.keywords:
        return Call(numpy_ref("stack"), (value,), (), new.at)
    if not isinstance(value, List | Tuple) or not isinstance(of, Sequence):
        return new
    if not value.items and (not new.keywords or (isinstance(kind, Array) and kind.dtype == "float64")):
        return np_call("zeros", Const(0))
    if not new.keywords and len({i.rank for i in of.items if isinstance(i, Array) and i.rank}) == 1:
        if all(isinstance(i, Array) and i.dims for i in of.items):
            return Call(numpy_ref("stack"), (Tuple(value.items),), (), new.at)
    if isinstance(kind, Array) and kind.dtype == "float64":
        return Call(new.func, (_as_floats(value),), new.keywords, new.at)
    return new


def _as_floats(expr: Expr) -> Expr:
    match expr:
        case List(items):
            return List(tuple(map(_as_floats, items)), expr.at)
        case Tuple(items):
            return Tuple(tuple(map(_as_floats, items)), expr.at)
        case Const(int(value)) if not isinstance(value, bool):
            return Const(float(value), "", expr.at)
        case _:
            return expr


def _with_dtype(call: Call) -> Call:
    """``dtype=int`` as ``dtype=np.int64``, and so for text."""
    args = call.args
    match call.func:
        case Attribute(_, "astype") if args:
            args = (_dtype(args[0]), *args[1:])
        case Ref(target=Library(obj=obj)) if len(args) == 2 and _among(obj, FILLED):
            args = (args[0], _dtype(args[1]))
        case _:
            pass
    keywords = tuple((n, _dtype(v) if n == "dtype" else v) for n, v in call.keywords)
    same = all(a is b for a, b in zip(args, call.args, strict=True))
    same = same and all(a is b for (_, a), (_, b) in zip(keywords, call.keywords, strict=True))
    return call if same else Call(call.func, args, keywords, call.at)


def _dtype(expr: Expr) -> Expr:
    match expr:
        case Ref(target=Library(module="builtins", qualname=name)) | Const(str(name)) if name in NAMED:
            return numpy_ref(NAMED[name])
        case _:
            return expr


def _in_order(index: Expr) -> Expr:
    """Sums in an index with the numbers added up and put last: so two places are seen to be neighbours."""
    match index:
        case Tuple(items, at):
            made = tuple(map(_in_order, items))
            return index if all(a is b for a, b in zip(items, made, strict=True)) else Tuple(made, at)
        case Slice(lower, upper, step):
            ends = [e if e is None else _in_order(e) for e in (lower, upper)]
            return index if ends[0] is lower and ends[1] is upper else Slice(ends[0], ends[1], step)
        case Binary("+" | "-"):
            terms = list(_terms(index, True))
            numbers = [k for k, (_, term) in enumerate(terms) if _is_whole(term)]
            rest = [term for k, term in enumerate(terms) if k not in numbers]
            if not numbers or numbers == [len(terms) - 1] or not rest or not rest[0][0]:
                return index
            total = sum(_whole(term) if positive else -_whole(term) for k in numbers for positive, term in (terms[k],))
            out = rest[0][1]
            for positive, term in rest[1:]:
                out = Binary("+" if positive else "-", out, term, index.at)
            return plus(out, total)
        case _:
            return index


def _terms(expr: Expr, positive: bool) -> Iterator[tuple[bool, Expr]]:
    """The summands of a sum, and whether each is added."""
    if isinstance(expr, Binary) and expr.op in "+-":
        yield from _terms(expr.left, positive)
        yield from _terms(expr.right, positive if expr.op == "+" else not positive)
    else:
        yield positive, expr


def _called(item: Expr) -> Expr:
    """``a:b`` outside of an index: ``slice(a, b)``."""
    if not isinstance(item, Slice):
        return item
    none = Const(None)
    parts = [none if p is None else p for p in (item.lower, item.upper, item.step)]
    given = parts[1:2] if item.lower is None and item.step is None else parts[: 2 if item.step is None else 3]
    return Call(builtin_ref("slice"), tuple(given))


def _as_array(index: Expr, typing: Typing, env: Env) -> Expr:
    """A list of whole numbers as an array of them."""
    if isinstance(index, List):
        kinds = [typing.kind(e, env) for e in index.items]
        listed = bool(kinds) and all(isinstance(k, Scalar) and k.type == "int" for k in kinds)
    else:
        listed = isinstance(index, Name) and _is_list(index, typing, env)
    return np_call("array", index) if listed else index


def _adds(obj: object) -> bool:
    return obj is add_at or obj == np.add.at


def _is_list(name: Name, typing: Typing, env: Env) -> bool:
    """Is it a list of whole numbers?"""
    kind = typing.kind(name, env)
    items: tuple[Kind | None, ...] = kind.items if isinstance(kind, Sequence) and kind.is_list else ()
    if isinstance(kind, ListOf):
        items = (kind.item,)
    return bool(items) and all(isinstance(i, Scalar) and i.type == "int" for i in items)


def _joins(obj: object) -> bool:
    return _among(obj, JOINING)


def _among(obj: object, functions: frozenset[object]) -> bool:
    return any(obj is one for one in functions)


def _is_whole(item: Expr) -> bool:
    value = literal(item)
    return isinstance(value, int) and not isinstance(value, bool)


def _whole(item: Expr) -> int:
    value = literal(item)
    assert isinstance(value, int)
    return value


def _has_axes(expr: Expr, typing: Typing, env: Env) -> bool:
    kind = typing.kind(expr, env)
    return isinstance(kind, Array) and bool(kind.dims)
