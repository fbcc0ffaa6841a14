"""Calls that write their arguments become stores: what follows knows one way to write memory.

Before                                   After

    np.multiply(a, b, out=c)                 c[...] = np.multiply(a, b)
    x[1:].fill(0.0)                          x[1:] = 0.0
    np.copyto(a, b, where=m)                 a[...] = np.where(m, b, a)
    np.nan_to_num(a, copy=False)             a[...] = np.nan_to_num(a)
    return np.sum(np.exp(x, out=y))          y[...] = np.exp(x)
                                             return np.sum(y)

A call inside an expression is taken out of it, and what Python evaluates before it is taken out with it.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import numpy as np

from tangent_like.errors import UnsupportedError, place_at
from tangent_like.frontend.expressions import IN_PLACE_METHODS, METHODS, WRITERS
from tangent_like.frontend.taking import Taker, Taking
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref, np_call, numpy_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Call,
    Const,
    Do,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Origin,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import base_name, expressions, names, statements, stored_in, subexpressions, with_body
from tangent_like.runtime.store import add_at, put_along

HINT = "assign to a place in the array"
# Written in C, and without a signature before NumPy 2.4.
UNSIGNED: dict[object, int] = {np.dot: 2, np.concatenate: 2}


def written_out(function: Function, namer: Namer) -> Function:
    """The function with stores in the place of NumPy calls that write."""
    function = shuffled(function)
    worker = _Writer(function.origin.file)
    taking = Taking(namer, function.origin.file, writes_array, worker.spelled, worker.whole)
    for stmt in statements(function.body):
        if isinstance(stmt, Do) and isinstance(stmt.value, Call) and isinstance(stmt.value.func, Attribute):
            if not writes_array(stmt.value):
                what = f"the method .{stmt.value.func.name}() called for its effect"
                raise worker.refuse(stmt.value, what, "assign the result to a name")
    if not any(taking.holds(stmt) for stmt in statements(function.body)):
        return function
    return with_body(function, taking.block(function.body))


def shuffled(function: Function) -> Function:
    """The function with ``rng.shuffle(x)`` as ``x[:] = x[rng.permutation(len(x))]``, which draws the same numbers."""

    def change(stmt: Stmt) -> Stmt:
        match stmt:
            case Do(Call(Attribute(generator, "shuffle"), (Name() | Index() as whole,), ()) as call):
                permutation: Expr = Attribute(generator, "permutation")
            case Do(Call(Ref(target=Library("numpy.random", "shuffle")), (Name() | Index() as whole,), ()) as call):
                permutation = numpy_ref("random.permutation")
            case _:
                return with_blocks(stmt, lambda body: tuple(map(change, body)))
        places = Call(permutation, (Call(builtin_ref("len"), (whole,)),), (), call.at)
        return Store(Index(whole, Slice(None, None, None)), "", Index(whole, places, call.at), stmt.origin)

    if not any(isinstance(s, Do) for s in statements(function.body)):
        return function
    return with_body(function, tuple(map(change, function.body)))


def writes_array(expr: Expr) -> bool:
    """Is it a NumPy call that writes an array it is given?"""
    if not isinstance(expr, Call):
        return False
    if isinstance(expr.func, Attribute):
        return expr.func.name in METHODS or _out(expr) is not None
    if not isinstance(expr.func, Ref) or not isinstance(expr.func.target, Library):
        return False
    return _is_writer(expr.func.target) or _out(expr) is not None or _is_own(expr)


def written_in(block: Block) -> set[str]:
    """The names through which memory may be written in a block, by calls that are no stores yet and views too."""
    found = stored_in(block)
    for stmt in statements(block):
        if isinstance(stmt, Store) and base_name(stmt.target) is None:  # ``x.reshape(2, 2)[0, 1] = v``
            found |= names(stmt.target)
        for part in (e for expr in expressions(stmt) for e in subexpressions(expr) if isinstance(e, Call)):
            method = part.func.name if isinstance(part.func, Attribute) else ""
            if writes_array(part) or method in IN_PLACE_METHODS:
                found |= names(part)
    return found


def _is_writer(target: Library) -> bool:
    if target.obj is add_at:
        return True
    tail = target.qualname.rpartition(".")[2]
    of_ufunc = tail == "at" and isinstance(getattr(target.obj, "__self__", None), np.ufunc)
    return target.module.partition(".")[0] == "numpy" and (tail in WRITERS or of_ufunc)


def _is_own(call: Call) -> bool:
    """Does ``np.nan_to_num`` write what it is given?"""
    of_nan = isinstance(call.func, Ref) and getattr(call.func.target, "obj", None) is np.nan_to_num
    return of_nan and any(n == "copy" and isinstance(v, Const) and not v.value for n, v in call.keywords)


def _out(call: Call) -> Expr | None:
    """The argument ``out`` of a library's function, by keyword or by position."""
    for name, value in call.keywords:
        if name == "out":
            return None if isinstance(value, Const) and value.value is None else value
    target = call.func.target if isinstance(call.func, Ref) else None
    if not isinstance(target, Library) or not target.module.startswith(("numpy", "scipy")):
        return None
    position = out_position(target.obj)
    if position is None or len(call.args) <= position:
        return None
    value = call.args[position]
    return None if isinstance(value, Const) and value.value is None else value


def out_position(obj: object) -> int | None:
    """Which positional argument of a function is ``out``."""
    if isinstance(obj, np.ufunc):
        return obj.nin
    if not callable(obj):
        return None
    try:
        params = list(inspect.signature(obj).parameters.values())
    except (TypeError, ValueError):
        return UNSIGNED.get(obj)
    if any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in params):
        return None
    names = [p.name for p in params if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    return names.index("out") if "out" in names else None


@dataclass(frozen=True)
class _Writer:
    file: str

    def refuse(self, expr: Expr, what: str, hint: str = HINT) -> UnsupportedError:
        return UnsupportedError(f"{what} is not differentiated", place_at(self.file, getattr(expr, "at", None)), hint)

    def whole(self, stmt: Do | Assign, plain: Call, call: Call, taker: Taker) -> list[Stmt] | None:
        value = self.spelled(plain, call, taker)
        if isinstance(stmt, Do) or (isinstance(value, Name) and stmt.targets == (value.id,)):
            return []
        return [Assign(stmt.targets, (value,), stmt.origin)]

    def spelled(self, call: Call, _: Call, taker: Taker) -> Expr:
        """The statements that do what the call does; what stands for its value."""
        if isinstance(call.func, Attribute) and _out(call) is None:
            taker.out.extend(self.method(call, call.func, taker))
            return Const(None)
        if isinstance(call.func, Ref) and isinstance(call.func.target, Library) and _is_writer(call.func.target):
            taker.out.extend(self.writer(call, call.func.target, taker))
            return Const(None)
        if _is_own(call) and call.args:
            place = self.array(call.args[0], taker)
            keywords = tuple((n, v) for n, v in call.keywords if n != "copy")
            value = Call(call.func, (place, *call.args[1:]), keywords, call.at)
            taker.out.append(self.store(place, value, taker.origin))
            return place
        return self.into_out(call, taker)

    def target(self, expr: Expr, taker: Taker) -> Expr:
        """The array that is written, as a place: what is none gets a name."""
        if isinstance(expr, Index | Attribute | Name) and base_name(expr) is not None:
            return expr
        if isinstance(expr, Ref) or (isinstance(expr, Index | Attribute) and not isinstance(_bottom(expr), Call)):
            raise self.refuse(expr, "a write to a global", "write into an array of the function's own")
        return taker.name(expr, "a")

    def store(self, place: Expr, value: Expr, origin: Origin | None) -> Stmt:
        """Into the whole of the place."""
        if isinstance(place, Index) and any(isinstance(i, Slice) for i in _items(place.index)):
            return Store(place, "", value, origin)
        return Store(Index(place, Const(...), getattr(place, "at", None)), "", value, origin)

    def into_out(self, call: Call, taker: Taker) -> Expr:
        out = _out(call)
        assert out is not None
        if isinstance(out, Tuple) and len(out.items) == 1:
            out = out.items[0]
        if isinstance(out, Tuple):
            raise self.refuse(call, "out= of several arrays", "assign the results to names")
        keywords = tuple((n, v) for n, v in call.keywords if n != "out")
        position = len(call.args)
        if isinstance(call.func, Ref) and not any(n == "out" for n, _ in call.keywords):
            assert isinstance(call.func.target, Library)
            position = out_position(call.func.target.obj) or position
        place = self.target(out, taker)
        if not isinstance(place, Name) and not isinstance(place, Index):
            place = taker.name(place, "a")
        args = call.args[:position]
        if any(not (isinstance(a, Const) and a.value is None) for a in call.args[position + 1 :]):
            raise self.refuse(call, "out= among other positional arguments", "name the arguments")
        mask: Expr | None = None
        if isinstance(call.func, Ref) and isinstance(getattr(call.func.target, "obj", None), np.ufunc):
            mask = next((v for n, v in keywords if n == "where"), None)
            keywords = tuple((n, v) for n, v in keywords if n != "where")
        value: Expr = Call(call.func, args, keywords, call.at)
        if mask is not None and not (isinstance(mask, Const) and mask.value is True):
            value = np_call("where", mask, value, place)
        taker.out.append(self.store(place, value, taker.origin))
        return place

    def bound(self, call: Call, names: tuple[str, ...]) -> dict[str, Expr]:
        """The arguments of a call by name; an error for one that is not among ``names``."""
        found = dict(zip(names, call.args, strict=False))
        for name, value in call.keywords:
            if name not in names or name in found:
                raise self.refuse(call, f"the argument {name}= of {_called(call)}")
            found[name] = value
        if len(call.args) > len(names):
            raise self.refuse(call, f"{_called(call)} with {len(call.args)} arguments")
        return found

    def method(self, call: Call, func: Attribute, taker: Taker) -> list[Stmt]:
        place = self.target(func.value, taker)
        match func.name:
            case "fill":
                given = self.bound(call, ("value",))
                return [self.store(place, given["value"], taker.origin)]
            case "sort":
                if isinstance(place, Index | Attribute):
                    place = taker.name(place, "a")
                value = Call(np_call("sort").func, (place, *call.args), call.keywords, call.at)
                return [self.store(place, value, taker.origin)]
            case _:
                return self.put(self.bound(call, ("ind", "v")), place, taker)

    def writer(self, call: Call, target: Library, taker: Taker) -> list[Stmt]:
        name = target.qualname.rpartition(".")[2]
        if name in ("at", "add_at"):
            return self.at(call, target, taker)
        match name:
            case "copyto":
                given = self.bound(call, ("dst", "src", "", "where"))
                place = self.target(given["dst"], taker)
                mask = given.get("where")
                value = given["src"] if mask is None else np_call("where", mask, given["src"], place)
                return [self.store(place, value, taker.origin)]
            case "putmask":
                given = self.bound(call, ("a", "mask", "values"))
                place = self.array(given["a"], taker)
                mask, values = taker.name(given["mask"], "mask"), taker.name(given["values"], "values")
                taker.check("refuse_repeating", values, place)
                chosen = np_call("where", np_call("not_equal", mask, Const(0)), values, place)
                return [self.store(place, chosen, taker.origin)]
            case "place":
                given = self.bound(call, ("arr", "mask", "vals"))
                place = self.array(given["arr"], taker)
                mask, values = taker.name(given["mask"], "mask"), taker.name(given["vals"], "values")
                truth = taker.name(np_call("not_equal", mask, Const(0)), "mask")
                if not isinstance(values, Const):  # again and again from the first, as often as there are places
                    values = np_call("resize", values, np_call("count_nonzero", truth))
                return [Store(Index(place, truth), "", values, taker.origin)]
            case "put_along_axis":
                given = self.bound(call, ("arr", "indices", "values", "axis"))
                place = self.target(given["arr"], taker)
                where, values = taker.name(given["indices"], "where"), taker.name(given["values"], "values")
                taker.check("refuse_twice", where, place, given["axis"])
                made = Library("tangent_like.runtime", "put_along", put_along)
                value = Call(Ref("put_along", made, None, made), (place, where, values, given["axis"]), (), call.at)
                return [self.store(place, value, taker.origin)]
            case "put":
                given = self.bound(call, ("a", "ind", "v"))
                return self.put(given, given["a"], taker)
            case _:
                given = self.bound(call, ("a", "val"))
                place = self.array(given["a"], taker)
                taker.check("refuse_rank", place, Const(2))
                size = Call(builtin_ref("min"), (Attribute(place, "shape"),))
                where = taker.fresh(np_call("arange", size), "k")
                return [Store(Index(place, Tuple((where, where))), "", given["val"], taker.origin)]

    def array(self, expr: Expr, taker: Taker) -> Expr:
        """A name for the array that is written."""
        place = self.target(expr, taker)
        return place if isinstance(place, Name) else taker.name(place, "a")

    def put(self, given: dict[str, Expr], array: Expr, taker: Taker) -> list[Stmt]:
        """``np.put`` counts in the flattened array and repeats the values: one axis, and a value a place."""
        place = self.array(array, taker)
        where, values = taker.name(given["ind"], "where"), taker.name(given["v"], "values")
        taker.check("refuse_rank", place, Const(1))
        taker.check("refuse_repeating", values, where)
        return [Store(Index(place, where), "", values, taker.origin)]

    def at(self, call: Call, target: Library, taker: Taker) -> list[Stmt]:
        ufunc = getattr(target.obj, "__self__", None)
        op = "+" if ufunc is np.add or target.obj is add_at else "-" if ufunc is np.subtract else None
        if op is None or len(call.args) != 3 or call.keywords:
            raise self.refuse(call, f"{_called(call)}, which writes in place,")
        array, where, value = call.args
        place = self.target(array, taker)
        return [Store(Index(place, where, call.at), op, value, taker.origin, each=True)]


def _called(call: Call) -> str:
    return call.func.spelling if isinstance(call.func, Ref) else f".{getattr(call.func, 'name', '?')}()"


def _items(index: Expr) -> tuple[Expr, ...]:
    return index.items if isinstance(index, Tuple) else (index,)


def _bottom(expr: Expr) -> Expr:
    while isinstance(expr, Index | Attribute):
        expr = expr.value
    return expr
