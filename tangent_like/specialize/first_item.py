"""``next(generator, default)``: the first item of a generator, or something else where it has none.

Before                                          After

    s = next((v for v in x if v > y), 0.0)          first = 0.0
                                                    for v in x:
                                                        if v > y:
                                                            first = v
                                                            break
                                                    s = first
"""

from __future__ import annotations

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Block,
    Break,
    Call,
    Compare,
    Comprehension,
    Const,
    Expr,
    Function,
    If,
    Index,
    Logic,
    Loop,
    Name,
    Origin,
    Param,
    Return,
)
from tangent_like.ir.walk import names
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Lazy, Leaf, Value, is_none


def first_or(s: Spec, generator: Lazy, default: Value, expr: Expr) -> Value:
    """Called as the function that one would write it as: what it finds in the frame around stays where it is."""
    origin = s.origin
    if generator.form == "filter" and origin is not None:
        test = Name("item") if is_none(generator.parts[0]) else Call(Name("test"), (Name("item"),))
        found: Block = (Assign(("first",), (Name("item"),), origin), Break(origin))
        turn = If((Arm(test, found, origin),), (), origin)
        body = (Loop(Name("item"), Name("among"), (turn,), origin), Return(Name("first"), origin))
        given = {"test": generator.parts[0], "among": generator.parts[1], "first": default}
        return called(s, body, given, ("item",), expr)
    written, frame = generator.comprehension, generator.frame
    assert written is not None and frame is not None
    origin = origin or frame.function.origin
    function = Fn(as_function(written, origin), frame.parent, (), frame.file)
    return s.call(function, [generator.parts[0], default], [], expr)


def nth_or(s: Spec, items: Value, k: int | Name, default: Value, expr: Expr) -> Value:
    """``items[k] if len(items) > k else default``, as the function that one would write it as."""
    origin = s.origin
    assert origin is not None
    at = Name("at") if isinstance(k, Name) else Const(k)
    longer = Compare(Call(builtin_ref("len"), (Name("among"),)), (">",), (at,))
    taken = Assign(("first",), (Index(Name("among"), at),), origin)
    body = (If((Arm(longer, (taken,), origin),), (), origin), Return(Name("first"), origin))
    given = {"at": Leaf(k)} if isinstance(k, Name) else {}
    return called(s, body, {"among": items, "first": default, **given}, (), expr)


def called(s: Spec, body: Block, given: dict[str, Value], others: tuple[str, ...], expr: Expr) -> Value:
    """A function of these parameters, and of further names of its own."""
    assert s.origin is not None
    own = frozenset({*given, *others})
    function = Function("first_of", tuple(map(Param, given)), body, s.origin, own=own)
    return s.call(Fn(function, None, ()), list(given.values()), [], expr)


def as_function(written: Comprehension, origin: Origin) -> Function:
    namer = Namer({*written.names, *names(written)})
    among, first = namer.fresh("among"), namer.fresh("first")
    found = namer.fresh("found") if len(written.clauses) > 1 else ""  # ends the loops around the innermost one

    def loop(k: int) -> Block:
        if k == len(written.clauses):
            element = written.element
            told = (Assign((found,), (Const(True),), origin),) if found else ()
            return (Assign((first,), (element,), origin), *told, Break(origin))
        clause = written.clauses[k]
        body = loop(k + 1)
        if found and k + 1 < len(written.clauses):
            body = (*body, If((Arm(Name(found), (Break(origin),), origin),), (), origin))
        if clause.conditions:
            test = clause.conditions[0] if len(clause.conditions) == 1 else Logic("and", clause.conditions)
            body = (If((Arm(test, body, origin),), (), origin),)
        return (Loop(clause.target, clause.iterable if k else Name(among), body, origin),)

    begun = (Assign((found,), (Const(False),), origin),) if found else ()
    block = (*begun, *loop(0), Return(Name(first), origin))
    own = frozenset({among, first, *((found,) if found else ()), *written.names})
    return Function("first_of", (Param(among), Param(first)), block, origin, own=own)
