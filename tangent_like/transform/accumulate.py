"""Adding to adjoints: the first contribution is an assignment, the next go in place into memory that we own.

What a block's reverse sweep knows about the adjoints is a ``State``: which exist, and which of them
are memory that nothing else refers to. What does not exist is zero, and is never made to be added to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from tangent_like.ir.build import ZERO, add, builtin_ref, negative, np_call, zeros_by_key
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Choose,
    Const,
    Dict,
    Do,
    Expr,
    Index,
    Library,
    List,
    Name,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import names, rebuild, same
from tangent_like.kinds.kind import (
    SOME_COMPLEX,
    Array,
    DictOf,
    Kind,
    ListOf,
    Scalar,
    Sequence,
    Unknown,
    dims_of,
    is_complex,
    item_of,
    numeric,
)
from tangent_like.transform.contribution import Contribution
from tangent_like.transform.dicts import added_dict
from tangent_like.transform.in_tuples import item_by_item, items_of, through_lists
from tangent_like.transform.runtime_refs import helper


class Known(Protocol):
    """What accumulation asks of the sweep that it is part of. ``flat``: the text is to be differentiated again."""

    flat: bool
    namer: Namer

    def bar(self, name: str) -> str: ...

    def kind(self, name: str) -> Kind: ...

    def is_shadow(self, name: str) -> bool: ...

    def full(self, kind: Kind, place: Kind) -> bool: ...

    def lives_on(self, expr: Expr, state: State) -> bool: ...


@dataclass(eq=False)
class State:
    """``owned[name]``: the adjoint of ``name`` exists; the value says whether its memory is ours alone."""

    owned: dict[str, bool] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)  # shadows rebound already: where the later one is
    moved: set[str] = field(default_factory=set)  # adjoints that go out of use here: their memory is inherited
    sums: set[str] = field(default_factory=set)  # of unknown kind: those that arithmetic made, which are no lists

    def copy(self) -> State:
        return State(dict(self.owned), dict(self.held), sums=set(self.sums))


def zero(name: str, kind: Kind) -> Expr:
    """The adjoint of ``name`` before anything is added to it."""
    if isinstance(kind, Scalar):
        return Const(0j) if is_complex(kind) else ZERO
    if isinstance(kind, Array):
        return np_call("zeros_like", Name(name))
    if isinstance(kind, ListOf) and is_double(kind.item):
        return Binary("*", List((ZERO,)), Call(builtin_ref("len"), (Name(name),)))
    if isinstance(kind, DictOf):
        return zeros_by_key()
    return Call(helper("zeros_like"), (Name(name),))


def is_double(item: Kind | None) -> bool:
    """Is it a real number, of which the adjoint is a plain float?"""
    return isinstance(item, Scalar) and item.dtype in (None, "float64") and not item.mixed and not is_complex(item)


def is_fresh(expr: Expr) -> bool:
    """Does the expression make new memory (if it makes an array at all)?"""
    match expr:
        case Binary() | Const():
            return True
        case Unary():
            return True
        case Call(Attribute(_, "copy" | "astype" | "pop")) | Dict():
            return True
        case Index(Call() as inner, Slice()):  # a part of the memory of something new
            return is_fresh(inner)
        case Call(Ref(target=Library(module="numpy", qualname="real" | "imag" | "conj")), (inner,)):
            return is_fresh(inner)  # half of the memory of something new
        case Call(Ref(target=Library(module="numpy", qualname="einsum")), args):
            return len(args) > 2  # of one array it may be a view
        case Call(Ref(target=Library(module="numpy", qualname="array")), _, keywords):
            return all(name != "copy" for name, _ in keywords)
        case Call(Ref(target=Library(module="numpy", qualname=name))):
            return name in _FRESH or name.startswith("fft.")
        case Call(Ref(target=Library(module="numpy.fft"))):
            return True
        case Call(Ref(target=Library(obj=obj))) if obj is np.linalg.solve or obj is np.linalg.inv:
            return True
        case Call(Ref(target=Library(module, name)), _, keywords) if module.startswith("scipy.linalg"):
            return name in _FRESH_SOLVERS and not any(n.startswith("overwrite") for n, _ in keywords)
        case Call(Ref(target=Library(module=module, qualname=name)), args) if module.startswith("tangent_like"):
            return name in _FRESH_HELPERS or (name == "pieces" and is_fresh(args[0]))  # views of what is split
        case Choose(_, body, orelse):
            return is_fresh(body) and is_fresh(orelse)
        case Attribute(value, "T"):
            return is_fresh(value)
        case _:
            return False


_FRESH_HELPERS = frozenset({
    "onto_triangle", "others_product", "quotient", "scatter", "share", "spread", "stored", "ties", "uncumprod",
    "ungradient", "unpad", "unquantile", "unsort", "untake", "untake_along", "zeros_like",
    "added", "each_item", "filled", "best_items", "each_less", "each_over", "each_times", "other_items",
})  # fmt: skip
_FRESH_SOLVERS = frozenset({"solve", "solve_triangular", "cho_solve", "lu_solve", "inv"})
_FRESH = frozenset(
    [
        "sum",
        "tril",
        "triu",
        "where",
        "outer",
        "zeros_like",
        "full_like",
        "exp",
        "sin",
        "cos",
        "tan",
        "cosh",
        "sinh",
        "tanh",
        "sqrt",
        "log",
        "sign",
        "multiply",
        "dot",
        "matmul",
        "cross",
        "convolve",
        "correlate",
        "cumsum",
        "full",
        "zeros",
        "ones",
        "prod",
        "mean",
    ]
)


def mirrored(path: Expr, bar: str) -> Expr:
    """The same place in the adjoint: ``x[i].T`` gives ``x_bar[i].T``."""
    if isinstance(path, Name):
        return Name(bar)
    if isinstance(path, Index):
        return Index(mirrored(path.value, bar), path.index)
    if isinstance(path, Attribute):
        return Attribute(mirrored(path.value, bar), path.name)
    return rebuild(path, lambda e: mirrored(e, bar))


def contribute(part: Contribution, state: State, known: Known) -> list[Stmt]:
    """The statements that add one contribution."""
    name = part.name
    if isinstance(part.path, Name) and part.fancy is None:
        return whole(part, state, known)
    empty = name not in state.owned and not known.is_shadow(name)  # zeros, to be made only now
    out = ready_for_writing(name, state, known)
    place = mirrored(part.path, known.bar(name))
    if part.fancy is not None:
        if not names_once(part.fancy):
            if isinstance(known.kind(name), Unknown):  # it may be a list
                out.append(Do(Call(helper("add_at"), (place, part.fancy, part.value))))
            else:
                out.append(Do(np_call("add.at", place, part.fancy, part.value)))
            return out
        place = Index(place, part.fancy)
    if isinstance(place, Attribute):  # x.T: the whole of it, in place
        place = Index(place, Const(...))
    assert isinstance(place, Index)
    if known.flat and isinstance(part.kind, Sequence) and isinstance(part.value, Name | List):
        out.extend(item_by_item(items_of(place, part, known.kind(name)), part.value, part.kind))
        return out
    may_be_list = isinstance(known.kind(name), Unknown | ListOf | Sequence) and isinstance(part.kind, Unknown)
    if isinstance(part.kind, ListOf | Sequence) or (may_be_list and not is_sum(part.value, state, known)):
        # a slice of a list, or a list in a list
        out.append(Store(place, "", Call(helper("added"), (place, part.value))))
        return out
    in_list = not isinstance(known.kind(name), Array)  # there a number would stand in the place of an array
    if empty and isinstance(place.value, Name) and not (in_list and smaller(part, known)):
        made = not in_list or isinstance(part.kind, Scalar) or is_fresh(part.value)
        moved = isinstance(part.value, Name) and part.value.id in state.moved
        # what is added to it later is added in place: not to a view, an argument, nor to what someone still reads
        number = in_list and isinstance(part.kind, Scalar) and isinstance(part.value_kind, Scalar)
        value = floating(part.value, part.value_kind, part.kind) if number else part.value
        out.append(Store(place, "", value if made or moved else Binary("+", value, ZERO)))
        return out
    if known.flat and in_list and not isinstance(part.kind, Scalar) and through_lists(part.path, known.kind(name)):
        # an array in a list, not written in place: the next derivative need not ask who else holds it
        out.append(Store(place, "", add(place, part.value)))
        return out
    value, sign = negative(part.value)
    out.append(Store(place, "-" if sign else "+", value))
    return out


def smaller(part: Contribution, known: Known) -> bool:
    """May the value be a number, or smaller otherwise, where the place has an array?"""
    return not isinstance(part.kind, Scalar) and not known.full(part.value_kind, part.kind)


def names_once(index: Expr) -> bool:
    """Does an index by arrays name each element at most once? It does where one of them counts upwards."""
    items = index.items if isinstance(index, Tuple) else (index,)
    counting = [
        isinstance(i, Call) and isinstance(i.func, Ref) and getattr(i.func.target, "obj", None) is np.arange
        and len(i.args) == 1 and not i.keywords
        for i in items
    ]  # fmt: skip
    return any(counting) and all(isinstance(i, Name | Const) or c for i, c in zip(items, counting, strict=True))


def ready_for_writing(name: str, state: State, known: Known) -> list[Stmt]:
    """Make sure that the adjoint exists as memory of our own, to write a part of it."""
    bar = known.bar(name)
    if known.is_shadow(name):
        return []
    if name not in state.owned:
        state.owned[name] = True
        return [Assign((bar,), (zero(name, known.kind(name)),))]
    if not state.owned[name]:
        state.owned[name] = True
        kind = known.kind(name)
        copy: Expr = Call(Attribute(Name(bar), "copy"), ()) if surely_array(kind) else np_call("array", Name(bar))
        return [Assign((bar,), (copy,))]
    return []


def kind_at(part: Contribution, known: Known) -> Kind:
    """The kind of the name that a contribution goes to: where it is of several, that which it is of there."""
    kind = known.kind(part.name)
    vague = isinstance(kind, Unknown) or (isinstance(kind, Array) and (kind.dims is None or None in kind.dims))
    return part.kind if vague and isinstance(part.path, Name) else kind


def whole(part: Contribution, state: State, known: Known) -> list[Stmt]:
    """Add to the adjoint of a name."""
    name, value = part.name, part.value
    bar = known.bar(name)
    kind = kind_at(part, known)
    if isinstance(kind, DictOf) and name in state.owned:
        return added_dict(bar, value, known.namer.fresh)
    if isinstance(kind, DictOf):
        return [first(part, state, known)]
    if isinstance(kind, ListOf | Sequence):
        if name in state.owned:
            return [Assign((bar,), (Call(helper("added"), (Name(bar), value)),))]
        return [first(part, state, known)]
    body, sign = negative(value)
    if known.is_shadow(name):
        return [Store(Index(Name(bar), Const(...)), "-" if sign else "+", body)]
    if name in state.owned:
        if same(value, Name(bar)):
            raise AssertionError("an adjoint added to itself")
        if isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank != 0 and state.owned[name]):
            return [Augment(bar, "-" if sign else "+", body)]
        state.owned[name] = not isinstance(kind, Array) or kind.rank != 0
        if isinstance(kind, Unknown) and name not in state.sums and not is_sum(value, state, known):
            return [Assign((bar,), (Call(helper("added"), (Name(bar), value)),))]  # of two lists, item by item
        state.sums.add(name)
        return [Assign((bar,), (add(Name(bar), value),))]
    state.sums.discard(name)
    if is_sum(value, state, known):
        state.sums.add(name)
    return [first(part, state, known)]


def is_sum(value: Expr, state: State, known: Known) -> bool:
    """Is an adjoint of unknown kind a number or an array, and no list for sure?"""
    match value:
        case Binary() | Unary() | Const():
            return True
        case Call(Ref(target=Library(module=module, qualname=name))):
            return module in ("numpy", "math") or name in ("unbroadcast", "spread")
        case Name(id):
            return any(known.bar(n) == id for n in state.sums)
        case _:
            return False


def surely_array(kind: Kind) -> bool:
    """What flows to one of rank 0, or of a rank that is not known, may be a number: it has no copy."""
    return isinstance(kind, Array) and bool(kind.rank)


def is_number_array(kind: Kind) -> bool:
    """An array of rank 0? What flows to it may be a number, which is no memory to write into."""
    return isinstance(kind, Array) and kind.rank == 0


def first(part: Contribution, state: State, known: Known) -> Stmt:
    """The first contribution: an assignment, filled out to the shape of the name if it is smaller."""
    name, value, value_kind = part.name, part.value, part.value_kind
    kind = kind_at(part, known)
    bar = known.bar(name)
    if isinstance(kind, ListOf | Sequence):
        return first_list(name, value, kind, state, known)
    if isinstance(kind, DictOf):
        state.owned[name] = True
        moved = isinstance(value, Name) and value.id in state.moved
        return Assign((bar,), (value if moved else Call(Attribute(value, "copy"), ()),))
    if isinstance(kind, Array) and not known.full(value_kind, kind):
        state.owned[name] = True
        if isinstance(value_kind, Scalar) or dims_of(value_kind) == ():
            if isinstance(value, Const) and value.value == 1:
                return Assign((bar,), (np_call("ones_like", Name(name)),))
            return Assign((bar,), (np_call("full_like", Name(name), value),))
        return Assign((bar,), (Binary("+", np_call("zeros_like", Name(name)), value),))
    value = floating(value, value_kind, kind)
    if not isinstance(kind, Scalar) and not is_fresh(value) and known.lives_on(value, state):
        # memory that someone still reads and that will be written
        listed = isinstance(kind, Unknown) and not is_sum(value, state, known)  # it may be a list
        plain: Expr = Call(Attribute(value, "copy"), ()) if surely_array(kind) else Binary("+", value, ZERO)
        if isinstance(kind, Array) and kind.rank is None:
            plain = np_call("array", value)
        value = Call(helper("isolate"), (value,)) if listed and isinstance(value, Call) else plain
    # of rank 0, arithmetic gives numbers: no memory to write into
    state.owned[name] = isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank != 0 and is_fresh(value))
    return Assign((bar,), (value,))


def in_place(bar: str, value: Expr, part: Contribution, known: Known) -> Stmt | None:
    """``v_bar = v_bar * w`` as ``v_bar *= w``, where that is the memory of an array of our own."""
    own, new = known.kind(part.name), part.value_kind
    if not isinstance(own, Array) or not isinstance(new, Array) or own.dims is None or None in own.dims:
        return None
    match value:
        case Binary("*" | "/" as op, Name(id), right) if id == bar and bar not in names(right):
            return Augment(bar, op, right) if alike_in_memory(own, new) else None
        case Binary("*", left, Name(id)) if id == bar and bar not in names(left):
            return Augment(bar, "*", left) if alike_in_memory(own, new) else None
        case _:
            return None


def alike_in_memory(own: Array, new: Array) -> bool:
    return bool(own.rank) and own.dims == new.dims and own.dtype == new.dtype == "float64"


def order_heirs(
    parts: list[Contribution], last: list[Contribution], heirs: Mapping[Contribution, str]
) -> tuple[list[Contribution], set[Contribution]]:
    """The parts, those that write into inherited memory last; and the heirs that need memory of their own after all.

    ``x_bar = y_bar`` and then ``x_bar[1:] -= A @ y_bar``: whatever else reads ``y_bar`` comes before.
    """
    writers = {h: [p for p in parts if p.name == h.name and p is not h] for h in heirs}
    late = [p for p in parts if any(p in w for w in writers.values())]
    order = [p for p in parts if p not in late] + late
    unsafe = set()
    for heir, seed in heirs.items():
        if writers[heir]:
            after = order[order.index(writers[heir][0]) + 1 :] + last
            if any(seed in names(p.value) for p in after):
                unsafe.add(heir)
    return order, unsafe


def first_list(name: str, value: Expr, kind: ListOf | Sequence, state: State, known: Known) -> Stmt:
    """The adjoint of a list: a list of its own, all that it holds as well."""
    state.owned[name] = True
    if not makes_list(value, kind, state):
        value = Call(helper("isolate"), (value,))
    return Assign((known.bar(name),), (value,))


def makes_list(value: Expr, kind: ListOf | Sequence, state: State) -> bool:
    """Does the expression make a list that shares nothing with anyone?"""
    numbers = isinstance(item_of(kind), Scalar | None)
    match value:
        case Call(Attribute(_, "tolist")):
            return True
        case Call(Ref(target=Library("builtins", "list")), (inner,)):
            return numbers or is_own(inner, state)
        case Call(Ref(target=Library("tangent_like.runtime", "pieces")), (inner, *_)):
            return is_own(inner, state)
        case Binary(_, List(items), _) | List(items):
            return numbers or not items
        case Binary("+", left, right):
            return makes_list(left, kind, state) and makes_list(right, kind, state)
        case Name(id):
            return id in state.moved
        case Index(Name(id), Slice()):
            return numbers or id in state.moved
        case Call():
            return is_fresh(value)
        case _:
            return False


def is_own(expr: Expr, state: State) -> bool:
    """Is it memory that nobody else reads any more, or a view of such?"""
    match expr:
        case Name(id):
            return id in state.moved
        case Attribute(value, "T") | Call(Ref(target=Library("numpy", "moveaxis")), (value, *_)):
            return is_own(value, state)
        case _:
            return is_fresh(expr)


def floating(value: Expr, value_kind: Kind, kind: Kind) -> Expr:
    """The value in the dtype of what it is the adjoint of: a comparison's is an integer, say."""
    value_kind = numeric(value_kind)
    if isinstance(kind, Scalar) and isinstance(value_kind, Scalar) and value_kind.type in ("int", "bool"):
        if isinstance(value, Const) and isinstance(value.value, int):
            return Const(float(value.value))
        return Call(builtin_ref("float"), (value,))
    if isinstance(kind, Scalar) and kind.dtype is None and not isinstance(value_kind, Scalar):
        return Call(builtin_ref("complex" if is_complex(kind) else "float"), (value,))
    if isinstance(kind, Scalar) and not isinstance(value_kind, Scalar) and dims_of(value_kind) == ():
        # of an array without axes its number: it may be a view of others' memory, or handed on as a number
        return np_call(kind.dtype, value) if kind.dtype in ("float64", "float32") else Index(value, Tuple(()))
    if isinstance(kind, Array) and is_complex(kind) and not is_complex(value_kind):
        if kind.dtype == SOME_COMPLEX:
            return Binary("+", value, Const(0j))
        return Call(Attribute(value, "astype"), (Const(kind.dtype),))
    if SOME_COMPLEX in (getattr(kind, "dtype", None), getattr(value_kind, "dtype", None)):
        return value
    if isinstance(kind, Array) and isinstance(value_kind, Array) and kind.dtype and value_kind.dtype:
        if kind.dtype != value_kind.dtype:
            return Call(Attribute(value, "astype"), (Const(kind.dtype),))
    if isinstance(value_kind, Array) and value_kind.dtype and np.dtype(value_kind.dtype).kind in "iub":
        return Binary("+", value, ZERO)  # of a dtype that is not known, but no whole numbers
    return value
