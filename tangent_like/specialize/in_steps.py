"""Calls that stand for several others, said as programs (``rules/programs.py``) or as other calls.

Before                                              After

    np.average(x, weights=w, returned=True)         average = np.average(x, None, w)
                                                    total = np.sum(w)
    np.einsum(A, [0, 1], x, [1], [0])               np.einsum("ab,b->a", A, x)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_letters

from tangent_like import runtime
from tangent_like.ir.build import builtin_ref, np_call
from tangent_like.ir.nodes import Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple
from tangent_like.rules import heaps, programs
from tangent_like.specialize import containers, object_lists
from tangent_like.specialize.library_objects import runtime_ref
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Handle, Keywords, Leaf, Seq, Value, of_rules


def polydiv(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    del hint
    given = dict(zip(("u", "v"), args, strict=False)) | dict(keywords)
    if given.keys() != {"u", "v"} or len(args) > 2:
        raise s.refuse("this np.polydiv", "pass two arrays of coefficients", getattr(expr, "at", None))
    arrays = [s.in_names(Leaf(np_call("asarray", s.materialize(given[n]))), n) for n in "uv"]
    return s.call(of_rules(programs.divided_polynomials), arrays)


def average(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """With ``returned=True``: two results."""
    del hint
    given = dict(zip(("a", "axis", "weights", "returned"), args, strict=False)) | dict(keywords)
    returned = given.pop("returned", None)
    if not isinstance(returned, Leaf) or returned.known is not True:
        return None
    if not given.keys() <= {"a", "axis", "weights"} or "a" not in given:
        raise s.refuse("np.average with these arguments", "pass a, axis and weights alone", getattr(expr, "at", None))
    x = s.in_names(Leaf(np_call("asarray", s.materialize(given["a"]))), "x")
    axis = given.get("axis", Leaf(Const(None)))
    weights = given.get("weights")
    if weights is None or (isinstance(weights, Leaf) and isinstance(weights.expr, Const)):
        return s.call(of_rules(programs.averaged_evenly), [x, axis])
    if containers.static_items(s, axis) is not None:
        what = "np.average with returned=True over several axes"
        raise s.refuse(what, "sum the weights apart", getattr(expr, "at", None))
    weights = s.in_names(Leaf(np_call("asarray", s.materialize(weights))), "weights")
    return s.call(of_rules(programs.averaged), [x, axis, weights])


def einsum(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """With lists of axes, one behind each array: the same by letters."""
    del hint
    if len(args) < 2 or not isinstance(expr, Call) or not lists_axes(expr):
        return None
    places = [containers.static_items(s, a) for a in (*args[1::2], *(args[-1:] if len(args) % 2 else ()))]
    subscripts = [None if items is None else [containers.known_int(v) for v in items] for items in places]
    words: list[str] = []
    for numbers in subscripts:
        if numbers is None or any(k is None or not 0 <= k < len(ascii_letters) for k in numbers):
            raise s.refuse("np.einsum by these lists of axes", "write them out as numbers, or by letters", expr.at)
        words.append("".join(ascii_letters[k] for k in numbers if k is not None))
    out = f"->{words.pop()}" if len(args) % 2 else ""
    arrays = [s.materialize(a) for a in args[: 2 * len(words) : 2]]
    named = tuple((n, s.materialize(v)) for n, v in keywords)
    return Leaf(Call(expr.func, (Const(",".join(words) + out), *arrays), named, expr.at))


def lfilter(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """With ``zi``: two results, which are parts of one."""
    del hint
    at = getattr(expr, "at", None)
    given = dict(zip(("b", "a", "x", "axis", "zi"), args, strict=False)) | dict(keywords)
    zi = given.get("zi")
    if zi is None or (isinstance(zi, Leaf) and isinstance(zi.expr, Const)):
        return None
    axis = containers.known_int(given.get("axis", Leaf(Const(-1), -1)))
    if axis not in (0, -1) or not {"b", "a", "x"} <= given.keys():
        raise s.refuse("lfilter with zi= along this axis", "filter row by row", at)
    b, a, x, state = (s.in_names(Leaf(np_call("asarray", s.materialize(given[n]))), n) for n in ("b", "a", "x", "zi"))
    both = Call(runtime_ref(runtime.filtered_and_state), tuple(map(s.materialize, (b, a, x, state))), (), at)
    found, count = s.materialize(s.settled(Leaf(both), "filtered")), Call(builtin_ref("len"), (s.materialize(x),))
    return Seq((Leaf(Index(found, Slice(None, count, None))), Leaf(Index(found, Slice(count, None, None)))))


def of_a_heap(program: Callable[..., object]) -> Handler:
    """What does to a list what ``heapq`` does, where the list is no local name of which it is known what is read."""

    def handler(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
        as_objects(s, args)
        return s.call(of_rules(program), args, keywords, expr, hint)

    return handler


def as_objects(s: Spec, args: list[Value]) -> None:
    """A list of objects, known one by one, whose order only the run tells: then it is one of the run."""
    content = s.content(args[0]) if args and isinstance(args[0], Handle) else None
    if content is None or content.form != "list" or content.site is None or content.borrowed:
        return
    first = object_lists.sample(s.state.heap, [*content.values, *args[1:]])
    if first is not None:
        s.facts.learn_objects(content.site, first)


def of_objects(program: Callable[..., object]) -> Handler:
    """``bisect`` of objects, whose class says which is less."""

    def handler(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        if len(args) != 2 or keywords or not isinstance(args[1], Handle) or s.content(args[1]).form != "object":
            return None
        as_objects(s, args)
        return s.call(of_rules(program), args, [], expr, hint)

    return handler


def lists_axes(expr: Call) -> bool:
    """Is it ``np.einsum`` with a list of axes behind its first array?"""
    return len(expr.args) > 1 and isinstance(expr.args[1], List | Tuple)


def in_steps(expr: Call) -> bool:
    """Is it a call that is said otherwise?"""
    target = expr.func.target if isinstance(expr.func, Ref) else None
    if not isinstance(target, Library):
        return False
    match f"{target.module}.{target.qualname}":
        case "numpy.polydiv":
            return True
        case name if name in HEAPS:
            return True
        case "numpy.average":
            return len(expr.args) > 3 or any(name == "returned" for name, _ in expr.keywords)
        case "numpy.einsum":
            return lists_axes(expr)
        case "scipy.signal.lfilter" | "scipy.signal._signaltools.lfilter":
            return len(expr.args) > 4 or any(name == "zi" for name, _ in expr.keywords)
        case _:
            return False


HEAPS: Mapping[str, Handler] = {
    f"{module}.{program.__name__}": of_a_heap(program)
    for module in ("_heapq", "heapq")
    for program in heaps.PROGRAMS
}
IN_STEPS: Mapping[str, Handler] = {
    **HEAPS,
    **{f"{module}.bisect_left": of_objects(heaps.bisect_left) for module in ("_bisect", "bisect")},
    **{f"{module}.bisect_right": of_objects(heaps.bisect_right) for module in ("_bisect", "bisect")},
    "numpy.polydiv": polydiv,
    "numpy.average": average,
    "numpy.einsum": einsum,
    "scipy.signal.lfilter": lfilter,
}
