"""Arrays that an object is made with, put into a list of its attribute's as they are made.

Before                                   After

    p_v = np.zeros(2)                        ps_v.append(np.zeros(2))
    ps_v.append(p_v)

The list alone holds them then, so that objects may write into them.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Assign, Attribute, Binary, Call, Expr, Library, Name, Ref, Unary
from tangent_like.ir.walk import binds, names, reads, statements, stored_in, subexpressions
from tangent_like.kinds.kind import Scalar
from tangent_like.specialize.spec import Spec

MAKERS = {"array", "zeros", "ones", "empty", "full", "copy", "zeros_like", "ones_like", "full_like", "eye"}


def as_made(s: Spec, expr: Expr, later: tuple[Expr, ...], held: bool) -> Expr:
    """What a variable was bound to, where that is an array made for it; ``later`` is what comes behind it.

    ``held``: is the object that has it reached by a name?
    """
    if not isinstance(expr, Name) or isinstance(s.kind(expr), Scalar):
        return expr
    if expr.id in s.cached:  # a default, or what a cached function returns: there is one for all calls
        return expr
    if expr.id not in s.slots and s.state.times_read(expr.id) > held:
        return expr
    made = [k for k, stmt in enumerate(s.out) if expr.id in binds(stmt)]
    stmt = s.out[made[-1]] if len(made) == 1 else None
    if not isinstance(stmt, Assign) or len(stmt.targets) != 1:
        return expr
    behind = tuple(s.out[made[0] + 1 :])
    value = stmt.values[0]
    if not is_made(value) and not isinstance(value, Name):
        return expr
    if any(expr.id in reads(inner) for inner in statements(behind)) or any(expr.id in names(e) for e in later):
        return expr
    changed = {n for inner in statements(behind) for n in binds(inner)} | stored_in(behind)
    if names(value) & changed or not all(isinstance(inner, Assign) for inner in behind):
        return expr
    if s.state.times_read(expr.id) > 1:
        return expr
    del s.out[made[0]]
    if isinstance(value, Name):  # a parameter, or a name of the user's: by that nothing else may be reached
        found = as_made(s, value, later, False)
        if found is value:
            s.out.insert(made[0], stmt)
            return expr
        return found
    return value


def is_made(value: Expr) -> bool:
    """Is it an array of its own, for sure, and nothing else done?"""
    if any(isinstance(e, Call) and not is_maker(e) for e in subexpressions(value)):
        return False
    return isinstance(value, Call | Binary | Unary)


def is_maker(call: Call) -> bool:
    match call.func:
        case Ref(target=Library("numpy", name)):
            return name in MAKERS
        case Ref(target=Library("math" | "builtins", name)):
            return name in ("sin", "cos", "sqrt", "exp", "log", "float", "int", "len", "range", "abs")
        case Attribute(_, "copy"):
            return True
        case _:
            return False
