"""Derivatives inside a function that is differentiated: the inner one is made first, and is a function then.

Before                                           After

    def f(x, y):                                     def f(x, y):
        g = tl.grad(lambda z: x + z * z)                 return x * grad_g(y, x)
        return x * g(y)

    value, pull = tl.vjp(h, x)                       value, x_kept = h_forward(x)
    (x_bar,) = pull(v)                               x_bar = h_reverse(x_kept, v)

What the inner function reads from around it becomes an argument of its derivative, so that the outer derivative
goes through it as through any other (no perturbation is confused with another).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tangent_like.frontend.in_place import written_out
from tangent_like.frontend.listed import list_statements
from tangent_like.frontend.live import is_derivative
from tangent_like.ir.nodes import Assign, Call, Expr, Function, Name, Param, Ref, Return, Tuple, UserFunction
from tangent_like.ir.walk import binds, expressions, names, statements
from tangent_like.kinds.kind import Kind, is_float
from tangent_like.specialize import containers
from tangent_like.specialize.asked import Gradient
from tangent_like.specialize.outlines import (
    Container,
    Outline,
    beside,
    by_leaves,
    count,
    in_parts,
    is_plain,
    outline,
    rebuilt,
)
from tangent_like.specialize.outlines import leaves as tree_leaves
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Derived, Fn, Keywords, Leaf, Pullback, Seq, Value, is_none, none


def call(s: Spec, derived: Derived, args: list[Value], keywords: Keywords, expr: Expr | None) -> Value:
    """A call of the derivative of a function known here."""
    at = getattr(expr, "at", None)
    if not all(isinstance(a, Leaf) for a in args):
        return of_structure(s, derived, args, keywords, at)
    given = leaves(s, args, keywords, "this call of a derivative", expr)
    function, captured, kinds = lifted(s, derived.function, given)
    wanted = derived.argnums if isinstance(derived.argnums, tuple) else (derived.argnums,)
    order = [p.name for p in function.params[: len(given)]]
    own = names_to_ask(s, derived.function)
    wrt = []
    for one in wanted:
        k = own.index(one) if isinstance(one, str) and one in own else one
        if not isinstance(k, int) or not -len(order) <= k < len(order):
            raise s.refuse(f"a derivative by {one!r}, which is no argument here,", "", at)
        if not is_float(kinds[order[k]]):
            raise s.refuse(f"a derivative by {one!r}, which is no float,", "", at)
        wrt.append(order[k])
    mode = "value_and_grad" if derived.with_value else "grad"
    asked = Gradient(tuple(wrt), not isinstance(derived.argnums, tuple), mode)
    made = s.library.derivative(function, kinds, asked, s.place(at))
    return s.call(Leaf(replace(made.refs[0], at=at)), [*args, *(Leaf(Name(n)) for n in captured)])


def of_structure(
    s: Spec, derived: Derived, args: list[Value], keywords: Keywords, at: tuple[int, int] | None
) -> Value:
    """A call with tuples, dicts and objects: the derivative by their numbers and arrays, put into their structure."""
    if keywords:
        raise s.refuse("this call of a derivative", "pass its arguments in order", at)
    passed = Passed.of(s, args)
    shapes, given = passed.shapes, passed.given
    function, captured, kinds = lifted(s, derived.function, list(given), None, lambda found: passed.whole(s, found))
    params = iter([p.name for p in function.params[: len(given)]])
    own = [[next(params) for _ in range(count(shape))] for shape in shapes]
    asked: list[int] = []
    for one in derived.argnums if isinstance(derived.argnums, tuple) else (derived.argnums,):
        named = names_to_ask(s, derived.function)
        k = named.index(one) if isinstance(one, str) and one in named else one
        if not isinstance(k, int) or not -len(args) <= k < len(args):
            raise s.refuse(f"a derivative by {one!r}, which is no argument here,", "", at)
        asked.append(k % len(args))
    wrt = tuple(dict.fromkeys(n for k in asked for n in own[k] if is_float(kinds[n])))
    if not wrt:
        raise s.refuse("a derivative by what holds no float", "", at)
    mode = "value_and_grad" if derived.with_value else "grad"
    made = s.library.derivative(function, kinds, Gradient(wrt, len(wrt) == 1, mode), s.place(at))
    call_ = s.call(Leaf(replace(made.refs[0], at=at)), [*map(Leaf, given), *(Leaf(Name(n)) for n in captured)])
    found = in_parts(s, call_)
    value = None
    if derived.with_value:
        assert isinstance(found, Seq)
        value, found = found.items
    bars = found.items if isinstance(found, Seq) and len(wrt) > 1 else (found,)
    by_name = dict(zip(wrt, bars, strict=True))
    gradients: list[Value] = []
    for k in asked:
        each = iter([by_name.get(n, none()) for n in own[k]])
        gradients.append(rebuilt(s, shapes[k], lambda each=each: next(each), none()))  # type: ignore[misc]
    result = Seq(tuple(gradients)) if isinstance(derived.argnums, tuple) else gradients[0]
    return result if value is None else Seq((value, result))


def vjp(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``tl.vjp(f, *args)``: the value, and what is called with its adjoint."""
    del hint
    at = getattr(expr, "at", None)
    if not args:
        raise s.refuse("tl.vjp without a function", "", at)
    if keywords:
        raise s.refuse("this tl.vjp", "pass the arguments in order", at)
    passed = Passed.of(s, args[1:])
    results: list[Outline] = []
    function, captured, kinds = passed.lifted(s, args[0], results)
    order = [p.name for p in function.params[: len(passed.given)]]
    wrt = tuple(n for n in order if is_float(kinds[n]))
    if not wrt:
        raise s.refuse("tl.vjp by no floating-point argument", "pass floats", at)
    made = s.library.derivative(function, kinds, Gradient(wrt, False, "vjp"), s.place(at))
    called_ = (e.id if isinstance(e, Name) else n for n, e in zip(order, passed.given, strict=True))
    flows = tuple(f"{own}_bar" if n in wrt else "" for n, own in zip(order, called_, strict=True))
    all_ = (*passed.given, *(Name(n) for n in captured))
    shape = outline_of(function, results)
    if len(made.refs) == 1:
        named = [s.in_names(Leaf(e), "given") for e in all_]
        held = tuple(v.expr for v in named if isinstance(v, Leaf))
        value = s.in_names(s.call(args[0], passed.whole(s, [Leaf(e) for e in held[: len(order)]])), "value")
        return Seq((value, Pullback(made.refs[0], held, made.flowing, flows, shape, passed.shapes)))
    forward, reverse = made.refs
    found = called_for(s, forward, all_, (*("value" for _ in made.flowing), *made.kept))
    values, kept = found[: len(made.flowing)], found[len(made.flowing) :]
    pullback = Pullback(reverse, tuple(v.expr for v in kept), made.flowing, flows, shape, passed.shapes)
    return Seq((refilled(s, shape, values), pullback))


def pull(s: Spec, pullback: Pullback, args: list[Value], keywords: Keywords, expr: Expr | None) -> Value:
    """A call of a pullback: a tuple with an adjoint for each argument, None where it carries none."""
    at = getattr(expr, "at", None)
    seed = args[0] if len(args) == 1 else Seq(tuple(args))
    seeds = [seed] if pullback.shape is None else beside(pullback.shape, s, seed)
    if keywords or seeds is None or len(seeds) != len(pullback.results):
        raise s.refuse("a call of a pullback with what has not the structure of the value", "", at)
    wanted = [v for v, flows in zip(seeds, pullback.results, strict=True) if flows]
    if any(v is None or is_none(v) for v in wanted):
        raise s.refuse("None for the adjoint of a result, inside a function,", "pass zeros of its shape", at)
    moving = leaves(s, [v for v in wanted if v is not None], [], "this call of a pullback", expr)
    bars = tuple(name for name in pullback.flows if name)
    found = iter(called_for(s, pullback.function, (*pullback.given, *moving), bars))
    given = iter([next(found) if name else none() for name in pullback.flows])
    return Seq(tuple(rebuilt(s, shape, lambda: next(given), none()) for shape in pullback.shapes))


def jvp(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``tl.jvp(f, args, tangents)``: the value and its slope; a tangent of None stands for zero."""
    del hint
    at = getattr(expr, "at", None)
    points, tangents_ = (containers.static_items(s, a) for a in args[1:]) if len(args) == 3 else (None, None)
    if points is None or tangents_ is None or keywords:
        raise s.refuse("this tl.jvp", "pass the arguments in a tuple, and the tangents in another", at)
    if len(points) != len(tangents_):
        raise s.refuse("tl.jvp with more arguments than tangents, or less,", "", at)
    passed = Passed.of(s, list(points))
    along: list[Value | None] = []
    for shape, tangent in zip(passed.shapes, tangents_, strict=True):
        there = beside(shape, s, tangent)
        if there is None:
            raise s.refuse("tl.jvp along what has not the structure of the argument", "", at)
        along.extend(None if v is None or is_none(v) else v for v in there)
    dots = leaves(s, [t for t in along if t is not None], [], "this tl.jvp", expr)
    results: list[Outline] = []
    function, captured, kinds = passed.lifted(s, args[0], results)
    order = [p.name for p in function.params[: len(passed.given)]]
    wrt = tuple(n for n, t in zip(order, along, strict=True) if t is not None)
    if not wrt or not all(is_float(kinds[n]) for n in wrt):
        raise s.refuse("tl.jvp along no floating-point argument", "pass floats, and None for what has none", at)
    made = s.library.derivative(function, kinds, Gradient(wrt, False, "jvp"), s.place(at))
    all_ = (*passed.given, *(Name(n) for n in captured), *dots)
    wanted = (*("value" for _ in made.flowing), *("slope" for flows in made.flowing if flows))
    found = called_for(s, made.refs[0], all_, wanted)
    values, slopes = found[: len(made.flowing)], iter(found[len(made.flowing) :])
    tangents = tuple(next(slopes) if flows else none() for flows in made.flowing)
    shape = outline_of(function, results)
    return Seq((refilled(s, shape, values), refilled(s, shape, tangents, none())))


@dataclass(frozen=True, eq=False)
class Passed:
    """Arguments of a derivative: their structure, and the numbers and arrays in it one after the other."""

    shapes: tuple[Outline, ...]
    given: tuple[Expr, ...]

    @staticmethod
    def of(s: Spec, args: list[Value]) -> Passed:
        held = [a if isinstance(a, Leaf) else s.in_names(a, "given") for a in args]
        given = tuple(leaf.expr for a in held for leaf in tree_leaves(s, a, True))
        return Passed(tuple(outline(s, a, True) for a in held), given)

    def whole(self, s: Spec, found: list[Value]) -> list[Value]:
        """The arguments, of these leaves."""
        pending = iter(found)
        return [rebuilt(s, shape, lambda: next(pending)) for shape in self.shapes]

    def lifted(self, s: Spec, f: Value, results: list[Outline]) -> tuple[Function, list[str], dict[str, Kind]]:
        """The function of these arguments as one of their leaves; ``results`` takes the outline of what it returns."""
        return lifted(
            s, f, list(self.given), None, lambda found: self.whole(s, found), lambda value: by_leaves(s, value, results)
        )


def outline_of(function: Function, results: list[Outline]) -> Outline:
    """The outline of what a lifted function returns: an array, a tuple of arrays, or what ``results`` says."""
    if results:
        return results[0]
    value = returned(function)
    return Container(tuple((None, None) for _ in value.items), None, None) if isinstance(value, Tuple) else None


def refilled(s: Spec, shape: Outline, leaves_: Sequence[Value], fixed: Value | None = None) -> Value:
    pending = iter(leaves_)
    return rebuilt(s, shape, lambda: next(pending), fixed)


def called_for(s: Spec, function: Ref, args: tuple[Expr, ...], wanted: tuple[str, ...]) -> tuple[Leaf, ...]:
    """The results of a call, each in a variable."""
    value = s.call(Leaf(function), [Leaf(a) for a in args])
    if isinstance(value, Seq):
        items = [s.in_names(v, n) for v, n in zip(value.items, wanted, strict=True)]
        return tuple(v for v in items if isinstance(v, Leaf))
    names_ = tuple(map(s.fresh, wanted))
    s.emit(Assign(names_, (s.materialize(value),), s.origin))
    return tuple(Leaf(Name(n)) for n in names_)


def leaves(s: Spec, args: list[Value], keywords: Keywords, what: str, expr: Expr | None) -> list[Expr]:
    if keywords or not all(isinstance(a, Leaf) for a in args):
        raise s.refuse(what, "call it with numbers and arrays, in order", getattr(expr, "at", None))
    return [a.expr for a in args if isinstance(a, Leaf)]


def parameter_names(function: Value) -> list[str]:
    return [p.name for p in function.function.params if not p.star] if isinstance(function, Fn) else []


def names_to_ask(s: Spec, function: Value) -> list[str]:
    """The parameters that ``argnums`` may name."""
    match function:
        case Leaf(Ref(target=UserFunction() as target, at=at)) if is_written(target):
            return [p.name for p in s.library.read(target, s.place(at)).params if not p.star]
    return parameter_names(function)


def returned(function: Function) -> Expr:
    last = function.body[-1]
    assert isinstance(last, Return) and last.value is not None
    return last.value


def lifted(
    s: Spec,
    function: Value,
    args: list[Expr],
    after: list[Value] | None = None,
    whole: Callable[[list[Value]], list[Value]] | None = None,
    apart: Callable[[Value], Value] = lambda value: value,
) -> tuple[Function, list[str], dict[str, Kind]]:
    """The inner function as one of the core, the names around it that it reads, and the kinds of both.

    ``after``: arguments that are passed behind ``args``, and are read from around it. ``whole`` puts the arguments
    together from ``args``, ``apart`` takes the result apart.
    """
    mark = s.mark()
    own = parameter_names(function)
    plain = [arg.id if isinstance(arg, Name) else "x" for arg in args]
    params = [s.fresh(own[k] if k < len(own) else plain[k]) for k in range(len(args))]
    for name, arg in zip(params, args, strict=True):
        s.state.kinds[name] = s.kind(arg)
    with s.block() as out:
        parts: list[Value] = [Leaf(Name(p)) for p in params]
        value = s.call(function, [*(parts if whole is None else whole(parts)), *(after or ())])
        if not out:
            value = opened(s, value)
        value = apart(value)
        plain_items = value.items if isinstance(value, Seq) and is_plain(value) else None
        result = s.materialize(value) if plain_items is None else Tuple(tuple(map(s.materialize, plain_items)))
    assert s.origin is not None
    written = Function("", (), (*out, Return(result, s.origin)), s.origin)
    body = written_out(list_statements(written, s.namer), s.namer).body
    s.go_back(mark)
    bound = {n for stmt in statements(body) for n in binds(stmt)} | set(params)
    read = [n for stmt in statements(body) for e in expressions(stmt) for n in sorted(names(e))]
    captured = [n for n in dict.fromkeys(read) if n not in bound]
    name = name_of(function)
    made = Function(name, tuple(Param(n) for n in (*params, *captured)), body, s.origin)
    kinds = {p: s.kind(e) for p, e in zip(params, args, strict=True)}
    kinds |= {n: s.state.kinds[n] for n in captured if n in s.state.kinds}
    return made, captured, kinds


def opened(s: Spec, value: Value) -> Value:
    """A call and nothing more: what the called function does, one level of calls less."""
    match value:
        case Leaf(Call(Ref(target=UserFunction() as target), args, keywords) as call) if is_written(target):
            function = s.library.read(target, s.place(call.at))
            fn = Fn(function, None, (), function.origin.file, None, target)
            return s.call(fn, [Leaf(a) for a in args], [(n, Leaf(v)) for n, v in keywords])
    return value


def is_written(target: UserFunction) -> bool:
    """Is it a function of the user's? Not what ``tl.grad`` returns, a solver, or what runs again on the way back."""
    return target.source is not None and not is_derived(target)


def is_derived(target: UserFunction) -> bool:
    """Is it what ``tl.grad`` returns?"""
    return is_derivative(target.source)


def name_of(function: Value) -> str:
    """What a function is called."""
    if isinstance(function, Fn):
        return function.function.name
    if isinstance(function, Leaf) and isinstance(function.expr, Ref):
        return function.expr.spelling.rpartition(".")[2]
    return "f"
