"""Division by zero: an exception between Python's numbers, ``inf`` or ``nan`` between NumPy's.

Numba keeps the two apart by the function and not by the numbers. A function in which Python's numbers divide is
compiled to raise, and there NumPy's are divided by name:

Before                                   After

    t = a / b                                t = a / b
    y[i] /= y[j]                             y[i] = np.divide(y[i], y[j])
"""

from __future__ import annotations

from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Augment, Binary, Block, Expr, Function, Index, Stmt, Store
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.kind import Kind, Scalar
from tangent_like.kinds.operands import literal

NAMES = {"/": "divide", "//": "floor_divide", "%": "remainder"}


def raises(function: Function, typing: Typing) -> bool:
    """Do Python's numbers divide in it, by what may be 0?"""
    for stmt in statements(function.body):
        env = typing.before.get(stmt)
        if env is None:
            continue
        for expr in expressions(stmt):
            for node in subexpressions(expr):
                if isinstance(node, Binary) and node.op in NAMES and not _sure(node.right):
                    if _python(typing.kind(node.left, env)) and _python(typing.kind(node.right, env)):
                        return True
        if isinstance(stmt, Augment) and stmt.op in NAMES and not _sure(stmt.value):
            if _python(env.get(stmt.target)) and _python(typing.kind(stmt.value, env)):
                return True
    return False


def _sure(divisor: Expr) -> bool:
    """Is it a number that is not 0?"""
    return literal(divisor) not in (NotImplemented, 0)


def _python(kind: Kind | None) -> bool:
    return isinstance(kind, Scalar) and (kind.dtype is None or kind.mixed)


def by_name(function: Function, typing: Typing) -> Function:
    """The function with NumPy's numbers divided by functions of NumPy; facts are known of the new statements too."""

    def block(body: Block) -> Block:
        return tuple(map(statement, body))

    def statement(stmt: Stmt) -> Stmt:
        inner = with_blocks(stmt, block)
        env = typing.before.get(stmt)
        if env is not None and inner is stmt:
            inner = _divided(stmt, typing, env)
        if inner is not stmt:
            for table in (typing.before, typing.after):
                if stmt in table:
                    table[inner] = table[stmt]  # type: ignore[assignment]
        return inner

    return with_body(function, block(function.body))


def _divided(stmt: Stmt, typing: Typing, env: Env) -> Stmt:
    changed = False

    def numpys(left: Expr, right: Expr) -> bool:
        kinds = typing.kind(left, env), typing.kind(right, env)
        return all(isinstance(k, Scalar) for k in kinds) and any(
            isinstance(k, Scalar) and k.dtype is not None and not k.mixed and k.type == "float" for k in kinds
        )

    def change(expr: Expr) -> Expr:
        nonlocal changed
        divides = isinstance(expr, Binary) and expr.op in NAMES and numpys(expr.left, expr.right)
        new = rebuild(expr, change)
        if divides:
            assert isinstance(new, Binary)
            changed = True
            return np_call(NAMES[new.op], new.left, new.right)
        return new

    if isinstance(stmt, Store) and stmt.op in NAMES and numpys(stmt.target, stmt.value):
        target = stmt.target
        assert isinstance(target, Index)
        stmt = Store(target, "", np_call(NAMES[stmt.op], target, stmt.value), stmt.origin)
        changed = True
    new = rewrite(stmt, change, lambda name: name)
    return new if changed else stmt
