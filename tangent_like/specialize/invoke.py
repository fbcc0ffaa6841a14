"""Calls: which function it is, what its parameters are bound to, in place or as a call of the core."""

from __future__ import annotations

import types
from dataclasses import replace
from typing import Any

from tangent_like.frontend.live import cached_function, function_target, is_derivative
from tangent_like.frontend.unbound import reads_unasked, with_names_asked_for
from tangent_like.ir.leaves import is_solution
from tangent_like.ir.nodes import (
    Attribute,
    Augment,
    Block,
    Call,
    Const,
    Define,
    Expr,
    Function,
    Global,
    Index,
    Ref,
    Return,
    Starred,
    UserFunction,
)
from tangent_like.ir.walk import binds, names, statements
from tangent_like.ir.yields import YIELD
from tangent_like.kinds.kind import Scalar, is_list
from tangent_like.kinds.structure import children_of
from tangent_like.rules.draws import DRAWN
from tangent_like.specialize import (
    as_they_are,
    assume,
    attributes,
    builtins,
    cached_results,
    construct,
    containers,
    dispatched,
    generators,
    inherited,
    inner,
    iterables,
    library_objects,
    methods,
    modules,
    outers,
    shapes,
    sparse,
    starred,
    supers,
    taking,
    texts,
    words,
)
from tangent_like.specialize.asked import VMAPPED
from tangent_like.specialize.defaults import default
from tangent_like.specialize.either import by_options
from tangent_like.specialize.flats import HELD
from tangent_like.specialize.given_functions import beside_others
from tangent_like.specialize.lifting import lifted, read_later
from tangent_like.specialize.operands import is_data, operands, run_here
from tangent_like.specialize.spec import MOST_COUNTED, MOST_INLINED, Spec
from tangent_like.specialize.state import frame_key, leaves_in
from tangent_like.specialize.turns import needs_turns
from tangent_like.specialize.values import (
    UNSET,
    Bound,
    Class,
    Content,
    Derived,
    Either,
    Fn,
    Frame,
    Given,
    Handle,
    Kept,
    Keywords,
    Lazy,
    Leaf,
    Longest,
    Mixed,
    Outer,
    Partial,
    Pullback,
    Seq,
    Value,
    is_builtin,
    is_none,
    none,
)


def call(s: Spec, expr: Call, frame: Frame, hint: str) -> Value:
    """A call as it is written."""
    if isinstance(expr.func, Ref) and is_builtin(expr.func, "super"):
        return supers.super_of(s, frame, expr)
    if isinstance(expr.func, Ref) and is_builtin(expr.func, "next"):
        return taking.following(s, expr, frame)
    if isinstance(expr.func, Attribute) and (not isinstance(expr.func.value, Ref) or is_data(s, expr.func.value)):
        receiver = s.evaluate(expr.func.value, frame)
        receiver = sparse.receiver(s, library_objects.asked(receiver, expr.func.name), expr.func.name)
        named_so = receiver, expr.func.name, expr.func.at
        if (held := modules.member(*named_so) or library_objects.method_of(*named_so)) is not None:
            args, keywords = arguments(s, expr, frame)
            return apply(s, held, args, keywords, expr, hint)
        if isinstance(receiver, Leaf):
            if receiver.part is not None and expr.func.name not in assume.ARRAY_ATTRIBUTES | DRAWN:
                assume.by_method(s, receiver.part, expr.func)
            asked, shape = shapes.in_one(s, expr, frame)
            assert isinstance(asked.func, Attribute)
            args, keywords = arguments(s, asked, frame)
            args = [*args, *shape]
            if isinstance(receiver.known, str):
                args = [words.in_words(s, a, expr) for a in args]
                keywords = [(n, words.in_words(s, v, expr)) for n, v in keywords]
            if (text := texts.method(s, receiver, expr.func.name, args, keywords)) is not None:
                return text
            listed = methods.of_core_list(s, receiver, expr.func.name, args, keywords, expr)
            if listed is not None:
                return listed
            if expr.func.name == "view" and not args and not keywords:
                return Leaf(Index(receiver.expr, Const(...), expr.at))
            exprs = tuple(s.materialize(a) for a in args)
            named = tuple((n, s.materialize(v)) for n, v in keywords)
            same = all(a is b for a, b in zip(exprs, expr.args, strict=False)) and len(exprs) == len(expr.args)
            same = same and all(a[1] is b[1] for a, b in zip(named, expr.keywords, strict=False))
            if same and receiver.expr is expr.func.value:
                return Leaf(expr)
            return Leaf(Call(replace(asked.func, value=receiver.expr), exprs, named, expr.at))
        if has_plain_methods(s, receiver, expr.func.name):
            args, keywords = arguments(s, expr, frame)
            return plain_method(s, receiver, args, keywords, expr)
        if isinstance(receiver, Kept) or (isinstance(receiver, Outer) and children_of(receiver.value) is not None):
            form = (children_of(receiver.value) or ("",))[0]
            if form != "object":
                args, keywords = arguments(s, expr, frame)
                return outers.method(s, receiver, expr.func.name, args, expr, keywords)
        function = attributes.get(s, receiver, expr.func.name, expr.func)
    else:
        expr, shape = shapes.in_one(s, expr, frame)
        if shape:
            return apply(s, s.evaluate(expr.func, frame), list(shape), [], expr, hint)
        function = s.evaluate(expr.func, frame)
    if starred.is_zip_of_rows(expr):
        (star,) = expr.args
        assert isinstance(star, Starred)
        rows = s.part(star.value, frame)
        found = iterables.columns_of(s, rows, expr)
        if found is None and star.count is None:
            found = starred.transposed(s, rows, star, frame, expr.at)
        return apply(s, function, starred.spread(s, rows, star), [], expr, hint) if found is None else found
    args, keywords = arguments(s, expr, frame, function)
    return apply(s, function, args, keywords, expr, hint)


def has_plain_methods(s: Spec, receiver: Value, name: str) -> bool:
    """Is it a list, a dict, a set or a tuple, or one of several of those?"""
    match receiver:
        case Handle():
            return s.content(receiver).form != "object"
        case Lazy(form=form):
            return form == "row" or (form == "slice" and name == "indices")
        case Seq(cls=cls):
            return name in ("_replace", "_asdict", "index", "count") and not (cls is not None and cls.says(name))
        case Either(options=options):
            return any(has_plain_methods(s, o, name) for o in options)
        case _:
            return False


def plain_method(
    s: Spec, receiver: Value, args: list[Value], keywords: list[tuple[str, Value]], expr: Call
) -> Value:
    assert isinstance(expr.func, Attribute)
    name = expr.func.name
    if isinstance(receiver, Either):
        given = [s.in_names(a, "held") for a in args]
        return by_options(s, receiver, lambda v: plain_method(s, v, given, keywords, expr), "", name)
    if isinstance(receiver, Lazy) or (isinstance(receiver, Handle) and s.content(receiver).form != "object"):
        return methods.method(s, receiver, name, args, keywords, expr)
    if isinstance(receiver, Seq) and has_plain_methods(s, receiver, name):
        return tuple_method(s, receiver, name, args, keywords, expr)
    return apply(s, attributes.get(s, receiver, name, expr.func), args, keywords, expr)


def arguments(
    s: Spec, expr: Call, frame: Frame, function: Value | None = None
) -> tuple[list[Value], list[tuple[str, Value]]]:
    """The arguments, evaluated in order, starred ones spread out."""
    plain = [*expr.args, *(v for _, v in expr.keywords)]

    def one(k: int) -> Value:
        item = plain[k]
        return s.part(item.value if isinstance(item, Starred) else item, frame)

    values = operands(s, len(plain), one)
    args: list[Value] = []
    for k, (item, value) in enumerate(zip(expr.args, values, strict=False)):
        if not isinstance(item, Starred):
            args.append(value)
            continue
        joined = starred.all_in_one(s, expr.args[k:], values[k : len(expr.args)])
        last = joined is not None or (item is expr.args[-1] and isinstance(value, Leaf))
        taking = function if last else None
        args.extend(starred.spread(s, joined or value, item, taking, len(args), bool(expr.keywords)))
        if joined is not None:
            break
    keywords: list[tuple[str, Value]] = []
    for (name, _), value in zip(expr.keywords, values[len(expr.args) :], strict=True):
        if name == "**":
            keywords.extend((str(k), v) for k, v in containers.dict_items(s, value).items())
        else:
            keywords.append((name, value))
    return args, keywords


def apply(
    s: Spec, function: Value, args: list[Value], keywords: list[tuple[str, Value]], expr: Expr | None, hint: str = ""
) -> Value:
    """Call a value."""
    at = getattr(expr, "at", None)
    match function:
        case Given(take):
            return take(args[0])
        case Leaf(Ref(target=UserFunction() as target) as ref):
            ruled = s.library.ruled(target)
            if ruled is not target:
                return library_call(s, replace(ref, target=ruled), args, keywords, expr, hint)
            return user_call(s, ref, target, args, keywords, expr, hint)
        case Leaf(Ref() as ref):
            return library_call(s, ref, args, keywords, expr, hint)
        case Fn() if generators.is_generator(function.function):
            return generators.begun(s, function, args, keywords)
        case Fn():
            beside = lifted(s, function)
            if beside is None:
                return cached_results.called(s, function, lambda: inline(s, function, args, keywords, hint))
            ref, around = beside
            assert isinstance(ref.target, UserFunction)
            return user_call(s, ref, ref.target, [*around, *args], keywords, expr, hint)
        case Bound(method, receiver):
            return apply(s, method, [receiver, *args], keywords, expr, hint)
        case Partial(called, first, named):
            library_objects.refuse_more(s, called, [*first, *args], expr)
            given = {**dict(named), **dict(keywords)}
            return apply(s, called, [*first, *args], list(given.items()), expr, hint)
        case Class():
            return construct.construct(s, function, args, keywords, expr, hint)
        case Derived():
            return inner.call(s, function, args, keywords, expr)
        case Pullback():
            return inner.pull(s, function, args, keywords, expr)
        case Outer():
            return outers.called(s, function, args, keywords, expr, hint)
        case Handle() | Seq():
            return attributes.get_call(s, function, args, keywords, expr)
        case Either():
            given_ = [s.in_names(a, "held") for a in args]
            named_ = [(n, s.in_names(v, n)) for n, v in keywords]
            return by_options(s, function, lambda f: apply(s, f, given_, named_, expr, hint), hint)
        case Mixed(what):
            raise s.refuse(f"a call of {what}", "", at)
        case _:
            raise s.refuse("a call of this", "call a function by its name", at)


# -- functions of the user's ----------------------------------------------------------------------


def user_call(
    s: Spec, ref: Ref, target: UserFunction, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str
) -> Value:
    """A call of the core where all arguments are its values, else in place; a solver has no text to be put in place."""
    if is_solution(target):
        exprs, named = tuple(map(s.materialize, args)), tuple((n, s.materialize(v)) for n, v in keywords)
        return run_here(s, target, Call(ref, exprs, named, getattr(expr, "at", None)), expr)
    if generators.calls_generator(s, target):
        written = s.library.read(target, s.place(getattr(expr, "at", None)))
        return generators.begun(s, Fn(written, None, (), written.origin.file, None, target), args, keywords)
    if (one := dispatched.chosen(s, target, args, getattr(expr, "at", None))) is not None:
        return apply(s, one, args, keywords, expr, hint)
    if (as_it_is := as_they_are.called(s, ref, target, args, keywords, expr)) is not None:
        return as_it_is
    if cached_function(target.source) is not None:
        cached_results.refuse_effects(s, target.qualname, s.library.read(target, s.place()).body)
    values = [*args, *(v for _, v in keywords)]
    told = any(isinstance(v, Leaf) and v.part is not None for v in values) and s.library.shows_structure(target)
    if not told and all(isinstance(v, Leaf) and not _not_given(v) for v in values):
        kinds = tuple(s.kind(v.expr) for v in values if isinstance(v, Leaf))
        known = tuple(_fixed(v) for v in values if isinstance(v, Leaf))
        shape = (len(args), tuple(n for n, _ in keywords))
        core = s.library.core(target, shape, kinds, known, s.place(getattr(expr, "at", None)))
        if core is not None:
            exprs = tuple(s.materialize(a) for a in args)
            named = tuple((n, s.materialize(v)) for n, v in keywords)
            held = [k for k in kinds if not isinstance(k, Scalar)]
            if len(held) > 1 and s.flats.hold(*exprs, *(v for _, v in named)):  # another may be the array, and written
                raise s.refuse(*HELD)
            if isinstance(expr, Call) and core is target and expr.func is ref:
                if len(expr.args) == len(exprs) and all(a is b for a, b in zip(exprs, expr.args, strict=True)):
                    if all(a[1] is b[1] for a, b in zip(named, expr.keywords, strict=True)):
                        return run_here(s, target, expr, expr)
            root = core if ref.root == target else ref.root
            spelled = ref if core is target else s.library.spelled(core) or Ref(ref.spelling, core, ref.at, root)
            return run_here(s, target, Call(spelled, exprs, named, getattr(expr, "at", None)), expr)
    if inner.is_derived(target):  # what is read below is the function that it is the derivative of
        return apply(s, live_derivative(s, target.source, expr), args, keywords, expr, hint)
    function = s.library.read(target, s.place(getattr(expr, "at", None)))
    if not keywords and (beside := beside_others(s, target, function, args)) is not None:
        return apply(s, *beside, [], expr, hint)
    fn = Fn(function, None, (), function.origin.file, None, target)
    return cached_results.called(s, fn, lambda: inline(s, fn, args, keywords, hint))


def live_derivative(s: Spec, value: Any, expr: Expr | None) -> Value:
    """What ``tl.grad`` or ``tl.vmap`` returned, as if it were written where it is called."""
    if not is_derivative(value):
        if isinstance(value, types.FunctionType):
            return Leaf(outers.function_ref(value, function_target(value)))
        return Outer(Ref("function", Global("argument", "function", value)), value, lambda: value)
    request = value.request
    of = live_derivative(s, value.function, expr)
    if request.mode == "value":
        return Partial(Leaf(VMAPPED), (of, *(constant(a) for a in request.axes)), ())
    if request.mode not in ("grad", "value_and_grad") or request.rules:
        at = getattr(expr, "at", None)
        raise s.refuse("a call of this derivative", "call it with numbers and arrays, in order", at)
    back = len(value.bound)
    wanted = tuple(w - back if isinstance(w, int) and w >= 0 else w for w in request.wanted)
    return Derived(of, wanted[0] if request.single else wanted, request.mode == "value_and_grad")


def constant(value: object) -> Value:
    """What Python code would have written out."""
    return Seq(tuple(map(constant, value))) if isinstance(value, tuple) else Leaf(Const(value), value)


def _not_given(value: Leaf) -> bool:
    """Is it a function, a module, or a deque that forgets, which a function of the core is not given?"""
    obj = getattr(value.expr.target, "obj", None) if isinstance(value.expr, Ref) else None
    return isinstance(value.known, Longest) or callable(obj) or isinstance(obj, types.ModuleType)


def _fixed(value: Leaf) -> object:
    return value.known if value.known is None or isinstance(value.known, bool | str | int) else UNSET


def inline(
    s: Spec, fn: Fn, args: list[Value], keywords: Keywords, hint: str = "", given: Given | None = None
) -> Value:
    """The body of a function in place of its call, its locals under new names; ``given``: what is yielded to."""
    if s.inlined >= MOST_INLINED or (s.facts.counted and s.frames > MOST_COUNTED):
        s.facts.learn_counted()
        what = f"a recursion of {fn.function.name} through arguments that are not numbers or arrays"
        raise needs_turns(s, what, "pass arrays, or what gets smaller with every call")
    key = id(fn.function)
    function = s.normalized.get((key, False))
    if function is None:
        function = s.normalized[key, False] = s.library.normalize(fn.function, s.namer)
    if s.catching or any(e.start is None for e in s.exits):  # from the second turn of a loop on it finds names bound
        if s.catching and reads_unasked(function):
            what = f"{fn.function.name}, which may read a name that it has not bound, in a try that would catch that,"
            raise s.refuse(what, "bind the name first")
        function = s.normalized.get((key, True)) or with_names_asked_for(function)
        s.normalized[key, True] = function  # one: what is learnt of the functions inside it is learnt of these
    bound = bound_arguments(s, fn, function, args, keywords)
    frame = s.frame(function, fn.frame, fn.file or function.origin.file)
    frame.cls = fn.cls
    if given is not None:
        s.state.vars[frame_key(frame, YIELD)] = given
    makes_closures = any(isinstance(x, Define) for x in statements(function.body)) or function.outer
    later = read_later(function)
    mark, position = s.mark(), len(s.out)
    s.inlined += 1
    try:
        passed: dict[str, Value] = {}
        for k, param in enumerate(function.params):
            value = bound[param.name]
            if k == 0:
                frame.receiver = value
            if isinstance(value, Leaf) and is_list(s.kind(value.expr)) and only_grown(function, param.name):
                pass  # the caller's, whatever it is called
            elif is_none(value):
                pass  # it has no variable: another thing may get the name (``out = x if out is None else out``)
            elif param.name in frame.multiple and isinstance(value, Leaf) and not attributes.is_callable_leaf(value):
                s.tools.bind(s, param.name, value, frame)
                continue
            if makes_closures or param.name in later or (id(fn.function), param.name) in s.facts.changed:
                value = s.settled(value, param.name)
            else:
                value = passed[param.name] = s.in_names(value, param.name)
            s.state.vars[frame_key(frame, param.name)] = value
        first = len(s.out)
        with s.at(function.body[0].origin if function.body else None):
            *body, last = function.body
            s.tools.run(s, tuple(body), frame)
            assert isinstance(last, Return)
            with s.at(last.origin):
                result = none() if last.value is None else s.evaluate(last.value, frame, hint)
        changed = changed_arguments(passed, tuple(s.out[first:]))
        if not changed:
            s.state.forget(frame.id, result)
            return result
    finally:
        s.inlined -= 1
    # the body changes a variable that an argument was: from now on it gets one of its own
    s.facts.changed.update({(id(fn.function), name): fn.function for name in changed})
    s.go_back(mark)
    del s.out[position:]
    return inline(s, fn, args, keywords, hint, given)


def only_grown(function: Function, name: str) -> bool:
    """Is a parameter bound by nothing but ``xs += ys``, which changes a list and leaves it the one that it is?"""
    binding = [stmt for stmt in statements(function.body) if name in binds(stmt)]
    return bool(binding) and all(isinstance(stmt, Augment) and stmt.op == "+" for stmt in binding)


def changed_arguments(passed: dict[str, Value], body: Block) -> list[str]:
    """The parameters whose leaves are variables that the body assigns."""
    written = {n for stmt in statements(body) for n in binds(stmt)}
    return [name for name, value in passed.items() if any(names(v.expr) & written for v in leaves_in(value, {}))]


def defaults_of(s: Spec, function: Function, frame: Frame) -> tuple[tuple[str, Value], ...]:
    """The defaults of a nested function, evaluated where it is defined."""
    given = [(p.name, p.default) for p in function.params if p.default is not None]
    return tuple((name, s.settled(s.evaluate(expr, frame), name)) for name, expr in given)


def bound_arguments(
    s: Spec, fn: Fn, function: Function, args: list[Value], keywords: list[tuple[str, Value]]
) -> dict[str, Value]:
    """Parameters to values, as Python binds them."""
    found: dict[str, Value] = {}
    positional = [p for p in function.params if not p.keyword_only and not p.star]
    for param, value in zip(positional, args, strict=False):
        found[param.name] = value
    rest = args[len(positional) :]
    extra: dict[object, Value] = {}
    known = {p.name for p in function.params if not p.star}
    keyed = next((p for p in function.params if p.star == "**"), None)
    spread = next((p for p in function.params if p.star == "*"), None)
    for name, value in keywords:
        if name in found:
            raise s.refuse(f"a call of {function.name} that gives {name!r} twice")
        if name in known:
            found[name] = value
        elif keyed is not None:
            extra[name] = value
        else:
            raise s.refuse(f"a call of {function.name} with {name!r}, which it does not take,")
    if rest and spread is None:
        raise s.refuse(f"a call of {function.name} with more arguments than it takes")
    defaults = dict(fn.defaults)
    for param in function.params:
        if param.star == "*":
            found[param.name] = starred.all_others(rest)
        elif param.star == "**":
            found[param.name] = s.allocate(Content("dict", tuple(extra.items()), None, param.name))
        elif param.name not in found:
            found[param.name] = default(s, fn, param, defaults)
    return found


def tuple_method(
    s: Spec, value: Seq, name: str, args: list[Value], keywords: list[tuple[str, Value]], expr: Call
) -> Value:
    if name in ("index", "count") and not keywords:
        return methods.of_tuple(s, value, name, args, expr.at)
    if value.cls is None:
        raise s.refuse(f"the method .{name}() of a tuple", "", expr.at)
    table = dict(zip(value.cls.fields, value.items, strict=True))
    if name == "_asdict":
        return s.allocate(Content("dict", tuple(table.items())))
    if name == "_replace":
        table.update(keywords)
        return Seq(tuple(table[n] for n in value.cls.fields), value.cls)
    raise s.refuse(f"the method .{name}() of a tuple", "", expr.at)


def library_call(
    s: Spec, ref: Ref, args: list[Value], keywords: list[tuple[str, Value]], expr: Expr | None, hint: str
) -> Value:
    args = inherited.as_python_sees(s, ref, iterables.iterated(s, ref, args, expr))
    found = builtins.call(s, ref, args, keywords, expr, hint)
    if found is not None:
        return found
    exprs, named = tuple(s.materialize(a, expr) for a in args), tuple((n, s.materialize(v, expr)) for n, v in keywords)
    if isinstance(expr, Call) and expr.func is ref and len(expr.args) == len(exprs):
        given = (*expr.args, *(v for _, v in expr.keywords))
        if all(a is b for a, b in zip((*exprs, *(v for _, v in named)), given, strict=False)):
            return Leaf(expr)
    return Leaf(Call(ref, exprs, named, getattr(expr, "at", None)))
