"""Which arms of the branch behind a ``try`` run where its body did not run to its end.

Before                     Found

    try:
        y_new = log(x)
    except ValueError:
        failed = True
    if failed:             this one: what the body has bound is read by the other only
        y = 0.0
    else:
        y = y_new
"""

from __future__ import annotations

from tangent_like.ir.nodes import Compare, Const, If, Name, Stmt, Try, Unary


def failing_arms(stmt: Stmt, behind: Stmt | None) -> tuple[int, ...]:
    """The numbers of those arms of the next statement, if it asks how the ``try`` went; else none."""
    if not isinstance(stmt, Try) or not stmt.failed or stmt.final or not isinstance(behind, If):
        return ()
    others = tuple(range(1, len(behind.arms) + 1))
    match behind.arms[0].test:
        case Unary("not", Name(stmt.failed)) | Compare(Name(stmt.failed), ("==",), (Const(0),)):
            return others
        case Name(stmt.failed):
            return (0,)
        case Compare(Name(stmt.failed), ("==",), (Const(int()),)):
            return tuple(range(len(behind.arms)))  # by the kind of the exception; else there was none
        case _:
            return ()
