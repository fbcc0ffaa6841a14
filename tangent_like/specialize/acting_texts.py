"""Functions of the user's that are called within text, and do more than give a value: what they do is followed.

    print(f"{sample(rng):.2f}, {steps.count(1)}")

Others stay in the text, whatever they are made of: it is the user's.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Bind, Block, Call, Do, Function, Global, Opaque, Ref, UserFunction
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.rules.draws import drawn_by
from tangent_like.specialize.classes import is_users_object
from tangent_like.specialize.operands import called_bodies
from tangent_like.specialize.spec import Spec


def is_object(ref: Ref) -> bool:
    """Is it an object of the module, whose methods may do anything?"""
    return isinstance(ref.target, Global) and is_users_object(ref.target.value)


def calls_object(expr: Opaque) -> bool:
    return any(is_object(ref) and f"{ref.spelling}." in expr.text for ref in expr.refs)


def acting(s: Spec, expr: Opaque) -> set[str]:
    """The names in a text that are called for more than a value."""
    return {ref.spelling for ref in expr.refs if (is_object(ref) and calls_object(expr)) or acts(s, ref)}


def acts(s: Spec, ref: Ref) -> bool:
    if not isinstance(ref.target, UserFunction):
        return False
    return s.library.may_write(ref.target) or any(map(does_more, called_bodies(s, [Call(ref, ())])))


def does_more(body: Block) -> bool:
    """Does it draw, tell, or write outside of the program?"""
    stmts = tuple(statements(body))
    if any(isinstance(stmt, Do | Bind) for stmt in stmts):
        return True
    return any(drawn_by(e) for stmt in stmts for top in expressions(stmt) for e in subexpressions(top))


def called_in_texts(function: Function) -> set[UserFunction]:
    """The functions of the user's that are named within texts of a function."""
    parts = (e for stmt in statements(function.body) for top in expressions(stmt) for e in subexpressions(top))
    refs = (ref for e in parts if isinstance(e, Opaque) for ref in e.refs)
    return {ref.target for ref in refs if isinstance(ref.target, UserFunction)}
