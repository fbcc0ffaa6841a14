"""Whose memory a value may be: views, and what NumPy may return as it was given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tangent_like.errors import DifferentiationError
from tangent_like.frontend.live import cached_function
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Const,
    Expr,
    Global,
    Index,
    Library,
    List,
    Logic,
    Name,
    Ref,
    Ruled,
    Slice,
    Tuple,
    UserFunction,
)
from tangent_like.kinds.indexing import sort_of_index
from tangent_like.kinds.kind import Array, DictOf, Kind, ListOf, Plain, Scalar, Sequence, Unknown
from tangent_like.kinds.lists import list_parts
from tangent_like.rules.apply import application
from tangent_like.rules.dtypes import dtype_named
from tangent_like.runtime import (
    added,
    best_items,
    each_less,
    each_over,
    each_times,
    filled,
    pieces,
    same_view,
    stop_gradient,
    to_shape,
    unbroadcast,
    unstack,
    untranspose,
    zeros_like,
)

BY_DTYPE, BY_LAYOUT = (np.asarray, np.asanyarray), (np.ascontiguousarray, np.asfortranarray)
NONE = Const(None)
# The result is a view of the first argument, whatever its layout: the same call makes the view of its adjoint.
ALWAYS_VIEWS = frozenset(
    {
        np.transpose, np.permute_dims, np.matrix_transpose, np.squeeze, np.swapaxes, np.moveaxis, np.rollaxis,
        np.expand_dims, np.flip, np.fliplr, np.flipud, np.rot90, np.atleast_1d, np.atleast_2d, np.atleast_3d,
        np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, same_view,
    }
)  # fmt: skip
# It may be memory of an argument, or not.
MAYBE_VIEWS = frozenset(
    {
        np.reshape, np.ravel, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray,
        np.asarray_chkfinite, np.require, np.lib.stride_tricks.sliding_window_view,
        np.diag, np.real, np.imag, np.real_if_close, np.nan_to_num,
        np.broadcast_arrays, np.ix_, np.einsum, np.linalg.matrix_power, np.linalg.matrix_transpose, np.linalg.diagonal,
        np.diagonal, np.broadcast_to,
        getattr(np, "unstack", None), pieces, stop_gradient, to_shape, unbroadcast, unstack, untranspose,
        np.trim_zeros, np.meshgrid, np.lib.stride_tricks.sliding_window_view, np.lib.stride_tricks.as_strided,
        np.float64, np.float32, np.float16, np.complex64, np.complex128,  # of an array of the type, itself
    }
)  # fmt: skip
VIEW_FUNCTIONS = ALWAYS_VIEWS | MAYBE_VIEWS
# What follows the first argument says how, and is no memory of the result.
OF_THE_FIRST = (ALWAYS_VIEWS - {np.atleast_1d, np.atleast_2d, np.atleast_3d}) | {
    np.reshape, np.ravel, np.broadcast_to, np.diagonal, np.diag, same_view, to_shape, unbroadcast, untranspose,
}  # fmt: skip
ALWAYS_VIEW_METHODS = frozenset(["transpose", "squeeze", "swapaxes", "T", "mT"])
VIEW_METHODS = ALWAYS_VIEW_METHODS | {"diagonal", "reshape", "ravel", "view", "real", "imag", "flat", "base", "data"}
VIEW_METHODS |= {"conj", "conjugate"}  # of real numbers these are the array itself
VIEW_METHODS |= {"tocsr", "tocsc", "tocoo", "todia", "tobsr", "todok", "tolil", "asformat"}  # as are these of its form


COMPLEX_DTYPES = ("complex64", "complex128")


@dataclass(frozen=True)
class Converted:
    """A call that makes an array of a dtype: of what, and whether that is itself the result.

    ``np.asarray(x, dtype=float)`` is ``x`` where that is of float64; so is ``x.astype(float, copy=False)``. None where
    dtypes do not tell, or the layout decides.
    """

    value: Expr
    same: bool | None


def converted(expr: Expr, kind_of: Callable[[Expr], Kind]) -> Converted | None:
    """Such a call, if it is one; None for one with further arguments."""
    match expr:
        case Call(Ref(target=Library(obj=obj)), (value, *rest), keywords) if obj in (*BY_DTYPE, *BY_LAYOUT):
            given = dict(keywords)
        case Call(Attribute(value, "astype"), rest, (*front, ("copy", Const(False)))):
            given, obj = dict(front), None
        case _:
            return None
    kind = kind_of(value)
    if len(rest) > 1 or given.keys() - {"dtype"} or not isinstance(kind, Array):
        return None
    asked = rest[0] if rest else given.get("dtype", NONE)
    same: bool | None = True
    if not isinstance(asked, Const) or asked.value is not None:
        wanted = dtype_named(asked, kind_of)
        same = None if None in (wanted, kind.dtype) else wanted == kind.dtype
    return Converted(value, same and None if obj in BY_LAYOUT else same)


def is_always_view(target: object) -> bool:
    return _hashable(target) and target in ALWAYS_VIEWS


def may_share(target: object, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...]) -> bool:
    """May the result of a function, or a method by its name, be memory of what it is given?"""
    if any(name == "copy" and not (isinstance(v, Const) and v.value is True) for name, v in keywords):
        return True
    if target is np.diff:  # of no order, what it is given
        order = [v for name, v in keywords if name == "n"] + list(args[1:2])
        return any(not (isinstance(n, Const) and isinstance(n.value, int) and n.value > 0) for n in order)
    if target is np.einsum and len(args) > 2:
        return not (isinstance(args[0], Const) and isinstance(args[0].value, str))  # of one operand it may be a view
    if isinstance(target, str):
        return target in VIEW_METHODS
    return _hashable(target) and target in VIEW_FUNCTIONS


def is_assembled(target: Library, args: tuple[Expr, ...]) -> bool:
    """Is it a sparse matrix of entries by their places, which it sorts, and adds up, in memory of its own?"""
    name = target.qualname.rpartition(".")[2]
    compressed = target.module.startswith("scipy.sparse") and name.startswith(("csr_", "csc_"))
    match args:
        case (Tuple((_, Tuple((_, _)))), *_):
            return compressed and isinstance(target.obj, type)
        case _:
            return False


def holds_memory(kind: Kind) -> bool:
    """May a value of this kind be memory that someone else writes? Scalars are values."""
    if isinstance(kind, Plain):
        return kind.what not in ("str", "None", "shape", "slice", "dtype", "comparison", "builtin_function_or_method")
    return not isinstance(kind, Scalar)


# What the runtime makes of lists holds new numbers and arrays.
NEW_LISTS = frozenset({added, best_items, each_less, each_over, each_times, filled, zeros_like})
# What Python makes of items holds the items, and those of an array are views of it.
OF_ITEMS = frozenset(
    ["list", "tuple", "sorted", "reversed", "enumerate", "zip", "iter", "next", "map", "filter", "max", "min", "dict"]
)


def is_of_items(expr: Expr) -> bool:
    match expr:
        case Call(Ref(target=Library("builtins", name))):
            return name in OF_ITEMS
        case _:
            return False


def memory_of(
    expr: Expr,
    kind_of: Callable[[Expr], Kind],
    returns_argument: Callable[[UserFunction], bool],
    lists: bool = False,
    outside: bool = False,
) -> set[str]:
    """The names whose memory the value of ``expr`` may share; empty for fresh memory and scalars.

    ``lists``: through lists, too. Without, what a list holds is nobody else's: ``sharing`` sees to that.
    ``outside``: so are names of the module, and what cached functions give.
    """

    def of(part: Expr, lists: bool = lists) -> set[str]:
        return memory_of(part, kind_of, returns_argument, lists, outside)

    kind = kind_of(expr)
    made = converted(expr, kind_of)
    if isinstance(kind, Scalar) or (made is not None and made.same is False):
        return set()
    if isinstance(kind, ListOf):
        if not lists:
            return set()
        parts = list_parts(expr)
        if parts is not None:  # a new list, of the same items
            if isinstance(kind.item, Scalar | None):
                return set()
            return {n for p in parts for n in of(p, True)}
    match expr:
        case Name(id):
            return {id} if holds_memory(kind) else set()
        case _ if outside and (name := name_outside(expr)) and holds_memory(kind):
            return {name}
        case Index(value, index):
            if not holds_memory(kind) or sort_of_index(index, kind_of) in (
                "mask",
                "fancy",
            ):
                return set()
            # an item of a list that has no name, ``list(y)[0]``, is not seen by ``sharing``
            return of(value, lists or isinstance(value, Call))
        case Attribute(value, name):
            held = name in VIEW_METHODS or isinstance(kind_of(value), Plain)  # an object's
            return of(value) if held else set()
        case Choose(_, body, orelse):
            return {n for arm in (body, orelse) for n in of(arm)}
        case Logic(values=items) | Tuple(items) | List(items):
            return {n for item in items for n in of(item)}
        case Binary("+" | "*", left, right) if isinstance(kind, Sequence):  # of lists: they hold the same items
            return {n for part in (left, right) for n in of(part)}
        case Call(Ref(target=Ruled(origin=UserFunction() as target) | (UserFunction() as target))):
            arguments = (*expr.args, *(v for _, v in expr.keywords))
            new = _hashable(target.source) and target.source in NEW_LISTS
            if new or not holds_memory(kind_of(expr)) or not returns_argument(target):
                return set()
            return {n for a in arguments for n in of(a)}
        case Call(Attribute(value, "conj" | "conjugate"), (), ()) if getattr(kind, "dtype", None) in COMPLEX_DTYPES:
            return set()  # of complex numbers it is new
        case Call(Attribute(value, name), args, keywords):
            return of(value) if may_share(name, args, keywords) else set()
        case Call(Ref(target=Library() as target), args, keywords):
            if _hashable(target.obj) and target.obj in NEW_LISTS:
                return set()
            if isinstance(target.obj, np.ufunc) and len(args) <= target.obj.nin and "out" not in dict(keywords):
                return set()
            if target.obj is np.diag and args and isinstance(first := kind_of(args[0]), Array) and first.rank == 1:
                return set()  # a matrix of its own
            views = may_share(target.obj, args, keywords)
            if is_of_items(expr) and (lists or isinstance(kind, Unknown) or target.qualname in ("max", "min")):
                given = [a for a in args if not isinstance(kind_of(a), DictOf)]  # of a dict they take the keys
                return {n for a in given for n in of(a, True)}
            known = application_or_none(expr, kind_of)
            if not views and (known or target.module in ("math", "builtins")):
                return set()
            if not views and is_assembled(target, args):
                return set()
            if not views and target.obj in (
                np.array,
                np.zeros,
                np.ones,
                np.empty,
                np.ndarray,
                np.full,
                np.arange,
            ):
                return set()
            arguments = (*args, *(v for _, v in keywords))
            if args and _hashable(target.obj) and target.obj in OF_THE_FIRST:
                arguments = args[:1]
            return {n for a in arguments for n in of(a)}
        case _:
            return set()


def name_outside(expr: Expr) -> str:
    """What is the module's, or kept by a cached function, and may be written: its name; "" for anything else."""
    match expr:
        case Ref(spelling, Global()):
            return spelling
        case Call(Ref(spelling, UserFunction(source=source))) if cached_function(source) is not None:
            return f"{spelling}(...)"
        case _:
            return ""


def application_or_none(expr: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    try:
        return application(expr, kind_of) is not None
    except DifferentiationError:
        return False


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def is_view_path(expr: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """A chain of basic indices and transposes on a name: its adjoint is the same view of the adjoint."""
    match expr:
        case Name():
            return True
        case Index(value) if isinstance(kind_of(value), DictOf):
            return is_view_path(value, kind_of)
        case Index(value, index):
            kept = not may_be_copied(value, kind_of) and is_view_path(value, kind_of)
            return kept and sort_of_index(index, kind_of) == "basic"
        case Attribute(value, "T"):
            return is_view_path(value, kind_of)
        case _:
            return False


def may_be_copied(expr: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """Is it a part of a list or a tuple, or of what may be one? What is written into that is lost."""
    sliced = isinstance(expr, Index) and isinstance(expr.index, Slice)
    return sliced and isinstance(kind_of(expr), ListOf | Sequence | Unknown)
