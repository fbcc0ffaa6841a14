"""``with``: contexts of libraries are left as they are, those of the user's classes are followed."""

from __future__ import annotations

from dataclasses import replace

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.managers import managed
from tangent_like.ir.nodes import (
    Attribute,
    Call,
    Compare,
    Const,
    Expr,
    Index,
    Item,
    Library,
    Name,
    Opaque,
    Ref,
    Return,
    UserFunction,
    With,
)
from tangent_like.ir.walk import statements
from tangent_like.kinds.kind import Plain
from tangent_like.specialize import attributes, generators, operators, paths, protocols
from tangent_like.specialize.attempts import context_of
from tangent_like.specialize.classes import class_of_global
from tangent_like.specialize.operands import operands
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.values import Bound, Fn, Frame, Handle, Leaf, Value, none


def with_(s: Spec, stmt: With, frame: Frame) -> None:
    """The contexts are what they are, those of the user's classes do what these say; the body is specialized."""
    first, *rest = stmt.items
    if (given := given_by_none(first.context)) is not None:
        found = s.evaluate(given, frame, first.name)
        if first.name:
            s.tools.bind(s, first.name, found, frame)
        if rest:
            with_(s, replace(stmt, items=tuple(rest)), frame)
        else:
            s.tools.run(s, stmt.body, frame)
        return
    if (function := yielding(s, first.context, frame)) is not None:
        mark, position = s.mark(), len(s.out)
        try:
            around(s, stmt, function, first, rest, frame)
        except UnsupportedError as refused:
            s.go_back(mark)
            del s.out[position:]
            try:
                opaque(s, stmt, frame)
            except UnsupportedError:
                raise refused from None
        return
    if users_context(s, first.context, frame, False) is not None:
        mark, position = s.mark(), len(s.out)
        try:
            followed(s, stmt, first, rest, frame)
        except UnsupportedError:  # entered once, as what is not known, if it is given no derivatives
            s.go_back(mark)
            del s.out[position:]
        else:
            return
    opaque(s, stmt, frame)


def given_by_none(expr: Expr) -> Expr | None:
    """What ``contextlib.nullcontext(x)`` gives, which does nothing else."""
    match expr:
        case Call(Ref(target=Library("contextlib", "nullcontext")), (given,), ()):
            return given
        case _:
            return None


def followed(s: Spec, stmt: With, first: Item, rest: list[Item], frame: Frame) -> None:
    """The body between what ``__enter__`` and ``__exit__`` do."""
    holder = users_context(s, first.context, frame)
    assert holder is not None
    entered = operators.special(s, "__enter__", holder, first.context)
    if first.name:
        s.tools.bind(s, first.name, entered, frame)
    if paths.has_break(stmt.body):
        raise s.refuse("a way out of a with", "leave the loop behind it", getattr(first.context, "at", None))
    if rest:
        with_(s, replace(stmt, items=tuple(rest)), frame)
    else:
        s.tools.run(s, stmt.body, frame)
    exit_ = attributes.get(s, holder, "__exit__", Attribute(Const(None), "__exit__"))
    if hangs_on_the_exception(exit_) or not protocols.lets_pass(s.call(exit_, [none(), none(), none()])):
        what = "a context manager that may keep an exception to itself"
        raise s.refuse(what, "let __exit__ return None", getattr(first.context, "at", None))


def hangs_on_the_exception(exit_: Value) -> bool:
    """Does ``__exit__`` give something that may be another for an exception than for none?

    ``return kind is ValueError``; what is false for each, ``return kind is None``, keeps none to itself.
    """
    if not isinstance(exit_, Bound) or not isinstance(exit_.function, Fn):
        return False
    for stmt in statements(exit_.function.function.body):
        if not isinstance(stmt, Return) or stmt.value is None:
            continue
        match stmt.value:
            case Const():
                pass
            case Compare(Name(), ("is",), (Const(None),)):
                pass
            case _:
                return True
    return False


def yielding(s: Spec, expr: Expr, frame: Frame) -> Fn | None:
    """The function that yields once, between what is done on entry and on the way out; a method of an object, too."""
    target, owner = None, None
    match expr:
        case Call(Ref(target=found)):
            target = managed(found)
        case Call(Attribute(Name() as holder, name)):
            owner = attributes.class_of(s, s.evaluate(holder, frame))
            member = None if owner is None else owner.member(name)
            target = managed(member.target) if member is not None and member.form == "method" else None
    if target is None:
        return None
    function = s.library.read(target, s.place())
    if not generators.one_yield(function):
        return None
    return Fn(function, None, (), function.origin.file, owner, target)


def around(s: Spec, stmt: With, function: Fn, first: Item, rest: list[Item], frame: Frame) -> None:
    """The body where the function yields."""
    call = first.context
    assert isinstance(call, Call)
    if paths.has_break(stmt.body):
        raise s.refuse("a way out of a with", "leave the loop behind it", call.at)
    args = operands(s, len(call.args), lambda k: s.part(call.args[k], frame))
    if isinstance(call.func, Attribute):
        args = [s.evaluate(call.func.value, frame), *args]
    named = [(n, s.part(v, frame)) for n, v in call.keywords]

    def body(found: Value) -> None:
        if first.name:
            s.tools.bind(s, first.name, found, frame)
        if rest:
            with_(s, replace(stmt, items=tuple(rest)), frame)
        else:
            s.tools.run(s, stmt.body, frame)

    generators.run(s, generators.begun(s, function, args, named), body, around=True)


def opaque(s: Spec, stmt: With, frame: Frame) -> None:
    """Contexts that are entered as they are."""
    items = []
    for k, item in enumerate(stmt.items):
        if k > 0 and users_context(s, item.context, frame, False) is not None:
            inner = replace(stmt, items=stmt.items[k:])
            stmt = replace(stmt, body=(inner,))
            break
        context = context_of(s, item.context, frame)
        name = ""
        if item.name:
            home = frame.home(item.name) or frame
            name = s.name_of(home, item.name)
            s.state.vars[frame_key(home, item.name)] = Leaf(Name(name))
            s.state.kinds[name] = Plain("context")
        items.append(Item(context, name))
    with s.block() as out:
        s.tools.run(s, stmt.body, frame)
    s.out.append(replace(stmt, items=tuple(items), body=tuple(out)))


def returned_context(s: Spec, expr: Call, frame: Frame, make: bool) -> Value | None:
    """What a method or a function of the user's returns, where that is such an object; seen by trying it."""
    mark, position = s.mark(), len(s.out)
    try:
        found = s.evaluate(expr, frame)
        is_one = isinstance(found, Handle) and all(protocols.has(s, found, n) for n in ("__enter__", "__exit__"))
    except UnsupportedError:
        found, is_one = none(), False
    if make and is_one:
        return found
    s.go_back(mark)
    del s.out[position:]
    return none() if is_one else None


def users_context(s: Spec, expr: Expr, frame: Frame, make: bool = True) -> Value | None:
    """An object of a class of the user's that is a context; ``make`` it, or see whether it is one."""
    if isinstance(expr, Call):
        target = expr.func.target if isinstance(expr.func, Ref) else None
        if isinstance(expr.func, Attribute) or (isinstance(target, UserFunction) and managed(target) is None):
            return returned_context(s, expr, frame, make)
        info = class_of_global(target) if target is not None else None
        if info is None or not all(m is not None and m.target for m in map(info.member, ("__enter__", "__exit__"))):
            return None
        return s.evaluate(expr, frame) if make else none()
    if isinstance(expr, Opaque) and expr.reads == (expr.text,):
        expr = Name(expr.text, expr.at)
    if isinstance(expr, Name | Attribute | Index):
        found = s.evaluate(expr, frame)
        return found if protocols.has(s, found, "__enter__") and protocols.has(s, found, "__exit__") else None
    return None
