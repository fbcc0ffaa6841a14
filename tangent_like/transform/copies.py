"""Parts of expressions that get a name, as copies: what they are views of may be written before the name is read.

Before                                   After (L is written later)

    s = np.sum(np.log(np.diag(L)))           a = np.diag(L).copy()
                                             s = np.sum(np.log(a))

Whether such a value is a view often depends on how the array lies in memory. Here nobody asks: no one writes
through it, for nothing but the expression around it has it.
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.views import may_share, memory_of
from tangent_like.ir.nodes import Attribute, Binary, Call, Compare, Expr, Index, Library, Ref, Unary
from tangent_like.ir.walk import children
from tangent_like.kinds.kind import Array, Kind
from tangent_like.rules.apply import application

KindOf = Callable[[Expr], Kind]


def wants_copy(part: Expr, roots: tuple[Expr, ...], kind_of: KindOf, aliases: Aliases) -> bool:
    """May a part of what a statement evaluates be memory that is written, and that the rest of it does not hand on?"""
    base = part
    while isinstance(base, Index):
        base = base.value
    if not isinstance(base, Call) or not isinstance(kind_of(part), Array):
        return False
    match base.func:
        case Ref(target=Library(obj=target)):
            pass
        case Attribute(_, target):
            pass
        case _:
            return False
    if not may_share(target, base.args, base.keywords):
        return False
    written = {aliases.class_of.get(n, n) for n in memory_of(part, kind_of, lambda _: True)} & set(aliases.written)
    return bool(written) and not any(hands_on(root, part, kind_of) for root in roots)


def hands_on(expr: Expr, part: Expr, kind_of: KindOf) -> bool:
    """May the value of ``expr`` be memory of ``part`` in it?"""
    match expr:
        case _ if expr is part:
            return True
        case Index(value) | Attribute(value):
            return hands_on(value, part, kind_of)
        case Binary() | Unary() | Compare():
            return False
        case Call(Ref(target=Library(obj=target)), args, keywords):
            if not may_share(target, args, keywords) and application(expr, kind_of) is not None:
                return False
        case _:
            pass
    return any(hands_on(child, part, kind_of) for child in children(expr))
