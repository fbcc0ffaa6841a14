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

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Block,
    Break,
    Comprehension,
    Const,
    Expr,
    Function,
    If,
    Logic,
    Loop,
    Name,
    Origin,
    Param,
    Return,
)
from tangent_like.ir.walk import names
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Lazy, Value


def first_or(s: Spec, generator: Lazy, default: Value, expr: Expr) -> Value:
    """Called as the function that one would write it as: what it finds in the frame around stays where it is."""
    written, frame = generator.comprehension, generator.frame
    assert written is not None and frame is not None
    origin = s.origin or frame.function.origin
    function = Fn(as_function(written, origin), frame.parent, (), frame.file)
    return s.call(function, [generator.parts[0], default], [], expr)


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
