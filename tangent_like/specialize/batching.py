"""``tl.vmap(f)``: a loop that calls ``f`` for each entry along an axis.

Before                                   After

    y = tl.vmap(f, (0, None))(x, w)          y = np.empty(x.shape[0])
                                             for k in range(x.shape[0]):
                                                 y[k] = f(x[k], w)

Where only the run tells how large a result is, the results go into a list, and are stacked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tangent_like.ir.build import builtin_ref, np_call, numpy_ref
from tangent_like.ir.nodes import (
    Arm,
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    If,
    Index,
    List,
    Name,
    Pass,
    Push,
    Raise,
    Slice,
    Store,
    Tuple,
)
from tangent_like.kinds.dims import Dim, assumption
from tangent_like.kinds.kind import INT, Array, Kind, Scalar, Unknown
from tangent_like.specialize import containers, iterate
from tangent_like.specialize.asked import VMAPPED
from tangent_like.specialize.outlines import Container, Outline, in_parts, leaves, outline, rebuilt
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Handle, Keywords, Lazy, Leaf, Outer, Partial, Seq, Value, is_none

# The axis of a parameter that has a default: 0 if it is given an array.
IF_ARRAY = "if it is an array"
ALL = Slice(None, None, None)


def vmap(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``tl.vmap(f, in_axes, out_axes)``; how it is compiled is for what stands around it to say."""
    del hint
    named = {n: v for n, v in keywords if n != "jit"}
    given = [*args, *(named[n] for n in ("in_axes", "out_axes")[max(len(args) - 1, 0) :] if n in named)]
    known = set(named) <= {"in_axes", "out_axes"}
    if not args or len(given) != len(args) + len(named) or len(args) > 3 or not known:
        raise s.refuse("this tl.vmap", "pass the function, in_axes and out_axes", getattr(expr, "at", None))
    in_axes = args[1] if len(args) > 1 else named.get("in_axes", Leaf(Const(0), 0))
    out_axes = args[2] if len(args) > 2 else named.get("out_axes", Leaf(Const(0), 0))
    return Partial(Leaf(VMAPPED), (args[0], in_axes, out_axes), ())


@dataclass(frozen=True, slots=True)
class ByKey:
    """Axes within a dict; as a part of a key they are compared and hashed."""

    pairs: tuple[tuple[object, object], ...]

    def __repr__(self) -> str:
        return repr(dict(self.pairs))


def vmapped(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """A call of ``tl.vmap(f)``."""
    f, in_axes, out_axes, *rest = args
    batching = Batching(s, f, getattr(expr, "at", None), hint or "y")
    return batching.run(axes_of(s, in_axes), axes_of(s, out_axes), rest, keywords)


def axes_of(s: Spec, value: Value) -> object:
    """Axes as Python has them: an int, None, or a tuple of such, or those by key."""
    if isinstance(value, Seq):
        return tuple(axes_of(s, v) for v in value.items)
    if isinstance(value, Handle) and s.content(value).form in ("dict", "list"):
        content = s.content(value)
        found_by_key = tuple((key, axes_of(s, v)) for key, v in content.items)
        return ByKey(found_by_key) if content.form == "dict" else tuple(axis for _, axis in found_by_key)
    if is_none(value):
        return None
    found = containers.constant_key(s, value)
    if isinstance(found, int | str | tuple) and not isinstance(found, bool):
        return found
    raise s.refuse("tl.vmap along axes that are not written out", "write in_axes and out_axes as numbers")


@dataclass(eq=False)
class Made:
    """What becomes of one result: an array that is filled, or a list that is stacked."""

    name: str
    axis: int
    stacked: bool


@dataclass(eq=False)
class Batching:
    """One call; ``count`` is the number of entries."""

    s: Spec
    function: Value
    at: tuple[int, int] | None
    hint: str
    count: Expr | None = None
    size: Dim | None = None
    shape: Outline = None  # of the result

    def run(self, in_axes: object, out_axes: object, args: list[Value], keywords: Keywords) -> Value:
        s = self.s
        if isinstance(in_axes, tuple) and len(in_axes) != len(args):
            what = f"tl.vmap of {len(args)} arguments with {len(in_axes)} in_axes"
            raise s.refuse(what, "give one for each", self.at)
        axes = in_axes if isinstance(in_axes, tuple) else (in_axes,) * len(args)
        given = [self.batch(a, axis) for a, axis in zip(args, axes, strict=True)]
        named = [(n, self.batch(v, IF_ARRAY)) for n, v in keywords]
        if self.count is None:
            raise s.refuse("tl.vmap along no axis", "let one of in_axes be a number", self.at)
        count = self.count

        def result(k: Expr) -> Value:
            entries = [entry(k) for entry in given]
            return in_parts(s, s.call(self.function, entries, [(n, entry(k)) for n, entry in named], None, self.hint))

        made = self.prepared(result, out_axes)

        def turn(k: Value) -> None:
            assert isinstance(k, Leaf)
            for leaf, place in zip(list(leaves(s, result(k.expr))), made, strict=True):
                self.put(place, leaf, k.expr)

        shape = self.shape
        iterate.over(s, Lazy("range", (Leaf(count),)), turn)
        done = iter([self.finished(m) for m in made])
        return rebuilt(s, shape, lambda: next(done))

    # -- arguments --

    def batch(self, value: Value, axis: object) -> Callable[[Expr], Value]:
        """An argument as its entry number ``k``."""
        s = self.s
        if axis is None:
            held = s.in_names(value, "shared")
            return lambda _: held
        if isinstance(axis, ByKey) or (isinstance(axis, tuple) and isinstance(value, Handle)):
            return self.by_key(value, axis)
        if isinstance(axis, tuple):
            if not isinstance(value, Seq) or len(value.items) != len(axis):
                raise s.refuse("tl.vmap with in_axes of another structure than the arguments", "", self.at)
            items = [self.batch(v, a) for v, a in zip(value.items, axis, strict=True)]
            cls = value.cls
            return lambda k: Seq(tuple(item(k) for item in items), cls)
        if isinstance(value, Outer):
            value = Leaf(value.expr)
        match value:
            case Leaf():
                return self.entries(value, axis)
            case Seq(items_, cls):
                parts = [self.batch(v, axis) for v in items_]
                return lambda k: Seq(tuple(p(k) for p in parts), cls)
            case Handle():
                content = s.content(value)
                rows = [(key, self.batch(v, axis)) for key, v in content.items]
                if content.form == "object":
                    raise s.refuse("tl.vmap over an object", "pass its arrays, or share it: in_axes=None", self.at)
                return lambda k: s.allocate(
                    replace(content, items=tuple((key, row(k)) for key, row in rows), borrowed=False, shared=False)
                )
            case _:
                raise s.refuse("tl.vmap over this argument", "share it: in_axes=None", self.at)

    def by_key(self, value: Value, axis: ByKey | tuple[object, ...]) -> Callable[[Expr], Value]:
        """A dict, or a list, of which each item has an axis of its own."""
        s = self.s
        content = s.content(value) if isinstance(value, Handle) else None
        axes: dict[object, object] = dict(axis.pairs if isinstance(axis, ByKey) else enumerate(axis))
        form = "dict" if isinstance(axis, ByKey) else "list"
        if content is None or content.form != form or {key for key, _ in content.items} != axes.keys():
            raise s.refuse("tl.vmap with in_axes of another structure than the arguments", "", self.at)
        rows = [(key, self.batch(v, axes[key])) for key, v in content.items]
        return lambda k: s.allocate(
            replace(content, items=tuple((key, row(k)) for key, row in rows), borrowed=False, shared=False)
        )

    def entries(self, value: Leaf, axis: object) -> Callable[[Expr], Value]:
        s = self.s
        kind = s.kind(value.expr)
        if not isinstance(kind, Array | Unknown) or (isinstance(kind, Array) and kind.rank == 0):
            if axis == IF_ARRAY:
                shared = s.in_names(value, "shared")
                return lambda _: shared
            raise s.refuse("tl.vmap over an argument that is no array", "share it: in_axes=None for it", self.at)
        whole = s.in_names(value, "batch")
        assert isinstance(whole, Leaf)
        number = 0 if axis == IF_ARRAY else axis
        rank = kind.rank if isinstance(kind, Array) else None
        assert isinstance(number, int)
        if rank is not None and not -rank <= number < rank:
            raise s.refuse(f"tl.vmap along axis {number} of an array of {rank} axes", "", self.at)
        if number < 0:
            if rank is None:
                what = "tl.vmap along a last axis, of an array of unknown rank,"
                raise s.refuse(what, "count from the first", self.at)
            number += rank
        dim = kind.dims[number] if isinstance(kind, Array) and kind.dims is not None else None
        self.as_many(Index(Attribute(whole.expr, "shape"), Const(number)), dim)
        return lambda k: Leaf(Index(whole.expr, at_axis(number, k)))

    def as_many(self, count: Expr, dim: Dim | None) -> None:
        """All arguments have as many entries."""
        s = self.s
        if self.count is None:
            self.count, self.size = count, dim
            return
        same = s.typing.sizes.same(self.size, dim)
        if same is False:
            raise s.refuse("tl.vmap of arguments with unequal numbers of entries", "", self.at)
        if same is None:
            error = Raise(Call(builtin_ref("ValueError"), (Const("vmap: unequal numbers of entries"),)), s.origin)
            s.out.append(If((Arm(Compare(count, ("!=",), (self.count,)), (error,), s.origin),), (Pass(),), s.origin))
        elif self.size is not None and dim is not None and self.size != dim:
            s.pins.append(assumption(self.size, True, dim))

    # -- results --

    def prepared(self, result: Callable[[Expr], Value], out_axes: object) -> list[Made]:
        """Memory for the results, whose kinds a trial tells."""
        s = self.s
        mark = s.mark()
        position = s.fresh("k")
        s.state.kinds[position] = INT
        with s.block():
            found = result(Name(position))
            kinds = [s.kind(leaf.expr) for leaf in leaves(s, found)]
            self.shape = outline(s, found)
        s.go_back(mark)
        axes = spread(s, out_axes, self.shape, self.at)
        if len(axes) != len(kinds):
            raise s.refuse("tl.vmap with out_axes of another structure than the results", "", self.at)
        wanted = [self.hint] if len(kinds) == 1 else [f"{self.hint}{j}" for j in range(len(kinds))]
        return [self.memory(kind, axis, name) for kind, axis, name in zip(kinds, axes, wanted, strict=True)]

    def memory(self, kind: Kind, axis: int, wanted: str) -> Made:
        s = self.s
        name = s.fresh(wanted)
        rank = 0 if isinstance(kind, Scalar) else kind.rank if isinstance(kind, Array) else None
        if rank is not None and not -rank - 1 <= axis <= rank:
            raise s.refuse(f"tl.vmap with out_axes {axis} of results with {rank} axes", "", self.at)
        if axis < 0 and rank is not None:
            axis += rank + 1
        lengths = self.lengths(kind)
        dtype = dtype_of(kind)
        if lengths is None or dtype is None or self.count is None:
            s.assign(name, List(()))
            s.state.kinds[name] = s.kind(List(()))
            return Made(name, axis, True)
        lengths.insert(axis, self.count)
        shape: Expr = lengths[0] if len(lengths) == 1 else Tuple(tuple(lengths))
        s.assign(name, np_call("empty", shape) if dtype == "float64" else np_call("empty", shape, numpy_ref(dtype)))
        return Made(name, axis, False)

    def lengths(self, kind: Kind) -> list[Expr] | None:
        """The lengths of the axes of a result, as the arguments tell them; None where they do not."""
        if isinstance(kind, Scalar):
            return []
        if not isinstance(kind, Array) or kind.dims is None:
            return None
        found = [None if d is None else self.length(d) for d in kind.dims]
        return None if any(f is None for f in found) else [f for f in found if f is not None]

    def length(self, dim: Dim) -> Expr | None:
        if dim.known is not None:
            return Const(dim.known)
        for name, kind in self.s.state.kinds.items():
            match kind:
                case Array(dims=tuple() as dims):
                    for axis, own in enumerate(dims):
                        if own is not None and own.steady and own.terms == dim.terms:
                            return plus(Index(Attribute(Name(name), "shape"), Const(axis)), dim.const - own.const)
                case Scalar(type="int", value=Dim() as own) if own.steady and own.terms == dim.terms:
                    return plus(Name(name), dim.const - own.const)
        return None

    def put(self, place: Made, leaf: Leaf, k: Expr) -> None:
        s = self.s
        if place.stacked:
            s.emit(Push(place.name, leaf.expr, s.origin))
        else:
            s.emit(Store(Index(Name(place.name), at_axis(place.axis, k)), "", leaf.expr, s.origin))

    def finished(self, place: Made) -> Value:
        if not place.stacked:
            return Leaf(Name(place.name))
        stack = np_call("stack", Name(place.name))
        return Leaf(stack if place.axis == 0 else replace(stack, args=(*stack.args, Const(place.axis))))


def plus(expr: Expr, number: int) -> Expr:
    if not number:
        return expr
    return Binary("+" if number > 0 else "-", expr, Const(abs(number)))


def at_axis(axis: int, k: Expr) -> Expr:
    """The index of entry ``k`` along an axis."""
    return k if axis == 0 else Tuple((*(ALL for _ in range(axis)), k))


def dtype_of(kind: Kind) -> str | None:
    match kind:
        case Array(dtype=dtype):
            return "bool_" if dtype == "bool" else dtype
        case Scalar(dtype=str() as dtype, mixed=False):
            return "bool_" if dtype == "bool" else dtype
        case Scalar(type=type_):
            return {"float": "float64", "int": "int64", "bool": "bool_", "complex": "complex128"}[type_]
        case _:
            return None


def spread(s: Spec, axes: object, shape: Outline, at: tuple[int, int] | None) -> list[int]:
    """One axis for each leaf of a result."""
    match shape:
        case Leaf():
            return []
        case Container(items):
            parts = axes if isinstance(axes, tuple) else (axes,) * len(items)
            if len(parts) != len(items):
                raise s.refuse("tl.vmap with out_axes of another structure than the results", "", at)
            return [axis for a, (_, v) in zip(parts, items, strict=True) for axis in spread(s, a, v, at)]
        case None:
            if not isinstance(axes, int):
                raise s.refuse("tl.vmap with out_axes that are no number", "give the axis of the entries", at)
            return [axes]


HANDLERS = {"tangent_like.vmap": vmap, "tangent_like.vmapped": vmapped}
