"""``tl.reversible`` as it is read: a call of a step, with what takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Param,
    Ref,
    Return,
    Stmt,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import bound_in, children
from tangent_like.specialize.asked import Undoing
from tangent_like.specialize.inner import lifted, name_of, parameter_names, returned
from tangent_like.specialize.outlines import is_fixed, leaves, outline
from tangent_like.specialize.plain_names import with_plain_names
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.stepped import Stepped, has_parts
from tangent_like.specialize.values import Fn, Handle, Keywords, Leaf, Partial, Seq, Value, is_none

REVERSIBLE = Ref("reversible", Library("tangent_like", "reversible", None))
STEP = Ref("reversible", Library("tangent_like", "run_reversible", None))
WITH_INVERSE = Ref("reversible", Library("tangent_like", "run_with_inverse", None))
HINT = "return the numbers and arrays that take the place of the first arguments, one or a tuple"


def reversible(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``tl.reversible(step, inverse)``; without a step what a decorator calls."""
    del hint
    named = dict(keywords)
    if len(args) > 2 or set(named) - {"step", "inverse"}:
        raise s.refuse("this tl.reversible", "pass a step, and what takes it back", getattr(expr, "at", None))
    given = [*args, *(named[n] for n in ("step", "inverse")[len(args) :] if n in named)]
    if "step" not in named and not args:
        return Partial(Leaf(REVERSIBLE), (), tuple(keywords))
    if len(given) == 1 or is_none(given[1]):
        return Partial(Leaf(STEP), (given[0],), ())
    return Partial(Leaf(WITH_INVERSE), tuple(given), ())


def run_reversible(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """A call of ``tl.reversible(step)``."""
    del expr, hint
    return taken(s, args[0], None, args[1:], keywords)


def run_with_inverse(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """A call of ``tl.reversible(step, inverse)``."""
    del expr, hint
    return taken(s, args[0], args[1], args[2:], keywords)


def taken(
    s: Spec, step: Value, inverse: Value | None, given: list[Value], keywords: Keywords
) -> Value:
    """A call of a function that the program around knows how to take back; of a method, the object may be the state."""
    step, theirs = _opened(s, step)
    given, keywords = _in_order(step, given, keywords)
    if parameter_names(step)[:1] != ["self"] or len(given) < 2:
        return _taken(s, step, theirs, inverse, given, keywords, 0)
    mark, before = s.mark(), len(s.out)
    try:
        return _taken(s, step, theirs, inverse, given, keywords, 1)
    except UnsupportedError:
        if not has_parts(s, given[0]):
            raise
        s.go_back(mark)
        del s.out[before:]
        with suppress(UnsupportedError):
            return _taken(s, step, theirs, inverse, given, keywords, 0)
        raise


def _taken(
    s: Spec,
    step: Value,
    theirs: set[str],
    inverse: Value | None,
    given: list[Value],
    keywords: Keywords,
    first: int,
) -> Value:
    """``first``: where the state begins among the arguments."""
    if any(leaf.part is not None for v in given if isinstance(v, Leaf) or has_parts(s, v) for leaf in leaves(s, v)):
        learn_structure(s, step, given, keywords)
    slots = [_slot(s, v, k >= first) for k, v in enumerate(given)]
    shapes = [outline(s, v, True) if isinstance(v, Seq | Handle) else None for v in given]
    written = step.function.origin if isinstance(step, Fn) else s.origin
    stepped = Stepped(s, name_of(step), written, shapes[first:])
    if slots and not isinstance(slots[first], tuple):
        what = f"the state of {name_of(step)}, which is to be reversible, holds more than numbers and arrays: it"
        raise UnsupportedError(f"{what} is not differentiated", place_of(written), HINT)
    given_parts = [part for slot in slots if isinstance(slot, tuple) for part in slot]

    def whole(found: list[Value]) -> list[Value]:
        pending = iter(found)
        stepped.held.clear()
        return [
            slot if not isinstance(slot, tuple)
            else next(pending) if shape is None else stepped.given(shape, pending)
            for slot, shape in zip(slots, shapes, strict=True)
        ]  # fmt: skip

    bound = tuple((n, s.in_names(v, n)) for n, v in keywords)
    plain = not bound and all(isinstance(slot, tuple) for slot in slots) and not any(shapes)

    def called(f: Value) -> Value:
        return f if plain and isinstance(f, Fn) else Partial(f, (), bound)

    function, captured, kinds = lifted(s, called(step), given_parts, None, whole, stepped.apart)
    result, places = stepped.result, stepped.places
    name = name_of(step)
    state = _count(function)
    what = f"{name}, which is to be reversible,"
    origin = replace(step.function.origin, comments=()) if isinstance(step, Fn) else function.origin
    if state > len(given_parts):
        raise UnsupportedError(f"{what} returns more than it is given", place_of(origin), HINT)
    back: Function | None = None
    more: list[str] = []
    if inverse is not None:
        inverse, own = _opened(s, inverse)
        back, more, known = lifted(s, called(inverse), given_parts, None, whole, stepped.apart)
        kinds = {**known, **kinds}
        if _count(back) != state:
            found = f"{_count(back)} result{'s' if _count(back) > 1 else ''}"
            raise UnsupportedError(f"{what} returns {state}, and its inverse {found}", place_of(origin), HINT)
        back = with_plain_names(replace(back, name=name_of(inverse)), own)
    extra = [n for n in more if n not in captured]
    body = (*function.body[:-1], _ending(function.body[-1], step))
    function = replace(function, name=name, origin=origin, body=body, params=(*function.params, *map(Param, extra)))
    everything = [*captured, *extra]
    passed = (*range(len(given_parts)), *(len(given_parts) + everything.index(n) for n in more))
    plain_function = with_plain_names(function, theirs)
    kinds = {p.name: kinds[q.name] for p, q in zip(plain_function.params, function.params, strict=True)}
    ref = s.library.again(plain_function, Undoing(state, kinds, back, passed))
    moved = tuple(_named(s, given_parts, k) for k in range(state))
    call = Call(ref, (*moved, *given_parts[state:], *map(Name, everything)))
    if result is None:
        return Leaf(call)
    stepped.result, stepped.places = result, places
    return stepped.whole(call, [p.name for p in function.params])


def learn_structure(s: Spec, step: Value, given: list[Value], keywords: Keywords) -> None:
    """Have the step tell by its use of arguments of which nothing is known which of them have parts."""
    mark = s.mark()
    with s.block(), suppress(UnsupportedError):
        s.call(step, given, keywords)
    s.go_back(mark)


def _ending(stmt: Stmt, step: Value) -> Stmt:
    """The ``return`` of a step, where its author wrote it."""
    last = step.function.body[-1] if isinstance(step, Fn) else None
    return replace(stmt, origin=last.origin) if isinstance(stmt, Return) and isinstance(last, Return) else stmt


def _in_order(step: Value, given: list[Value], keywords: Keywords) -> tuple[list[Value], Keywords]:
    """The arguments by position, as far as the names of the parameters tell."""
    named = dict(keywords)
    for name in parameter_names(step)[len(given) :]:
        if name not in named:
            break
        given = [*given, named.pop(name)]
    return given, list(named.items())


def _opened(s: Spec, function: Value) -> tuple[Value, set[str]]:
    """A function as it is defined, and the names in it."""
    if isinstance(function, Leaf) and isinstance(function.expr, Ref) and isinstance(function.expr.target, UserFunction):
        target = function.expr.target
        read = s.library.read(target, s.place())
        function = Fn(read, None, (), read.origin.file, None, target)
    if not isinstance(function, Fn):
        return function, set()
    params = {p.name for p in function.function.params}
    return function, params | bound_in(function.function.body)


def _slot(s: Spec, value: Value, taken_apart: bool) -> tuple[Expr, ...] | Value:
    """The numbers and arrays of an argument; or the argument itself, in names, where it holds something else."""
    if isinstance(value, Leaf) and not is_fixed(value, True):
        return (_said(s, value),)
    if taken_apart and has_parts(s, value):
        return tuple(_said(s, v) for v in leaves(s, value, True))
    return s.in_names(value, "given")


def _said(s: Spec, value: Leaf) -> Expr:
    """An argument as the way back can say it again, at no cost: else a name for it."""
    if all(isinstance(e, Name | Const | Index | Attribute | Tuple) for e in _parts(value.expr)):
        return value.expr
    named = s.in_names(value, "given")
    assert isinstance(named, Leaf)
    return named.expr


def _parts(expr: Expr) -> Iterator[Expr]:
    yield expr
    for inner in children(expr):
        yield from _parts(inner)


def _named(s: Spec, given: list[Expr], k: int) -> Expr:
    """A part of the state under a name that no other argument has: the way back binds it."""
    expr = given[k]
    others = [e for j, e in enumerate(given) if j != k]
    if isinstance(expr, Name) and not any(isinstance(e, Name) and e.id == expr.id for o in others for e in _parts(o)):
        return expr
    name = s.fresh("state")
    s.emit(Assign((name,), (expr,), s.origin))
    return Name(name)


def _count(function: Function) -> int:
    result = returned(function)
    return len(result.items) if isinstance(result, Tuple) else 1


HANDLERS = {
    "tangent_like.reversible": reversible,
    "tangent_like.runtime.reversible": reversible,
    "tangent_like.run_reversible": run_reversible,
    "tangent_like.runtime.reversing.run_reversible": run_reversible,
    "tangent_like.run_with_inverse": run_with_inverse,
    "tangent_like.runtime.reversing.run_with_inverse": run_with_inverse,
}
