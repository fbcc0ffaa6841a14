"""Gradients of what may be a list of numbers as well as an array, and is followed as an array.

    x_bar = np.zeros(len(x))        # and not ``np.zeros_like(x)``: a list may hold whole numbers
    for i in range(len(x) - 1, -1, -1):
        x_bar[i] += 2 * x[i]
    return like(x_bar, x)           # a list of a list

That is so where the whole text reads such an ``x`` item by item, and asks how long it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tangent_like.analysis.used import unpacked_by
from tangent_like.errors import DifferentiationError
from tangent_like.ir.build import builtin_ref, np_call
from tangent_like.ir.nodes import (
    Block,
    Call,
    Clause,
    Comprehension,
    Each,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Opaque,
    Ref,
    Return,
    Slice,
    Tuple,
)
from tangent_like.ir.walk import binds, children, expressions, names, rebuild, statements
from tangent_like.kinds.dims import Assumption
from tangent_like.transform.forms import is_zeros
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.stages import Stage, Watch, unwatched
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions

Made = TypeVar("Made")


class NotByItemsError(Exception):
    """The text of a derivative asks more of an argument than a list of numbers answers."""


def or_not_by_items(by_items: Callable[[Watch], Made], plain: Callable[[Watch], Made], watch: Watch) -> Made:
    """What ``by_items`` makes; where that is refused, or asks more of a list, what ``plain`` does."""
    seen: list[Stage] = []
    try:
        made = by_items(watch if watch is unwatched else seen.append)
    except (DifferentiationError, NotByItemsError):
        return plain(watch)
    for stage in seen:
        watch(stage)
    return made


def with_list_gradients(function: Function, lists: Sequence[str]) -> Function:
    """A gradient's function whose results are lists where ``lists``, of its arguments, are."""
    if not lists:
        return function

    def change(expr: Expr, returned: bool) -> Expr:
        match expr:
            case Call(args=(Name(id) as name,), keywords=()) if id in lists and is_zeros(expr):
                zeros = np_call("zeros", Call(builtin_ref("len"), (name,)))
                return Call(helper("like"), (zeros, name)) if returned else zeros
            case _:
                return rebuild(expr, lambda e: change(e, returned))

    def block(body: Block) -> Block:
        return tuple(
            with_expressions(change_blocks(stmt, block), lambda e, s=stmt: change(e, isinstance(s, Return)))  # type: ignore[misc]
            for stmt in body
        )

    return with_body(function, block(function.body))


def check_by_items(
    function: Function, lists: Sequence[str], assumptions: Callable[[], Sequence[Assumption]]
) -> None:
    if lists and not read_by_items(function, lists, assumptions()):
        raise NotByItemsError


def read_by_items(function: Function, lists: Sequence[str], assumptions: Sequence[Assumption]) -> bool:
    """Does it read each of them item by item alone, ask how long it is, and make a gradient like it?"""
    if any(f"{name}.shape" in str(one) for name in lists for one in assumptions):
        return False

    def fits(expr: Expr) -> bool:
        match expr:
            case Name(id):
                return id not in lists
            case Index(Name(), index):
                return not isinstance(index, Slice | Tuple) and fits(index)
            case Call(Ref(target=Library("builtins", "len")), (Name(),), ()):
                return True
            case Call(Ref(target=Library("tangent_like.runtime", "like")), (bar, Name()), ()):
                return fits(bar)
            case Comprehension(_, element, None, (Clause(target, Name(), ()),)):
                return all(map(fits, (element, target)))
            case Opaque():
                return not names(expr) & set(lists)
            case _:
                return all(map(fits, children(expr)))

    for stmt in statements(function.body):
        if set(binds(stmt)) & set(lists):
            return False
        if not (isinstance(stmt, Each) or unpacked_by(stmt)) and not all(map(fits, expressions(stmt))):
            return False
    return True
