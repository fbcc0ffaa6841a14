"""Tangents of vectors that a matrix does not say, which are nan: where the result has them, they are refused.

Before                                                After

    Q_dot = qr_full_tangents(A_dot, Q, R)[0]              Q_dot = qr_full_tangents(A_dot, Q, R)[0]
    return f(Q), g(Q_dot)                                 return f(Q), determined(g(Q_dot))

The way back raises where an adjoint reaches such columns. Only what ends in the result is asked: the first columns may
be used without the others.
"""

from __future__ import annotations

from collections.abc import Iterable

from tangent_like.ir.nodes import Block, Call, Const, Expr, Function, Library, Ref, Return, Stmt, Tuple
from tangent_like.ir.walk import expressions, statements, subexpressions, with_body
from tangent_like.kinds.operands import literal
from tangent_like.request import Request
from tangent_like.transform.forward import Carrying, forward_function
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.tidy.blocks import change_blocks

FURTHER = ("qr_full_tangents", "svd_left", "svd_right", "complex_svd_tangents", "complex_qr_tangents")


def pushed_function(carrying: Carrying, name: str, request: Request, others: Iterable[Function]) -> Function:
    """A function of value and tangent, which may call the others; see ``forward_function``."""
    made = forward_function(carrying, name, request.mode)
    if request.mode != "jvp" or request.flat or not any(map(may_be_undetermined, (*others, made))):
        return made

    def block(body: Block) -> Block:
        return tuple(change_blocks(returned(stmt), block) for stmt in body)

    return with_body(made, block(made.body))


def returned(stmt: Stmt) -> Stmt:
    match stmt:
        case Return(Tuple((value, tangent))) if not isinstance(tangent, Const):
            return Return(Tuple((value, Call(helper("determined"), (tangent,)))), stmt.origin)
        case _:
            return stmt


def may_be_undetermined(function: Function) -> bool:
    """Does it make tangents of the vectors of a factorization that has more of them than the matrix says?"""
    said = [e for s in statements(function.body) for top in expressions(s) for e in subexpressions(top)]
    made = {called(e) for e in said}
    return "qr_full_tangents" in made or (not made.isdisjoint(FURTHER) and any(map(is_whole, said)))


def called(expr: Expr) -> str:
    match expr:
        case Call(Ref(target=Library(qualname=name))):
            return name.rpartition(".")[2]
        case _:
            return ""


def is_whole(expr: Expr) -> bool:
    """``np.linalg.svd(a)`` with as many vectors as there may be."""
    if not isinstance(expr, Call) or called(expr) != "svd":
        return False
    asked = dict(expr.keywords).get("full_matrices", expr.args[1] if len(expr.args) > 1 else None)
    return asked is None or literal(asked) is not False
