"""Products and solutions with sparse matrices whose entries move, as the user wrote them: nothing flows there any more.

Before                                         After

    y = sparse_product(A, x, data, rows, cols)     y = A @ x
    u = sparse_solution(A, b, data, rows, cols)    u = spsolve(A, b)
"""

from __future__ import annotations

from tangent_like.frontend.live import live_target
from tangent_like.ir.nodes import Attribute, Binary, Block, Call, Const, Expr, Function, Library, Ref
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions

SAID = (
    "sparse_product", "transposed_product", "sparse_solution", "transposed_solution", "factored_solution",
    "sparse_array", "solution_at", "constant_solution_at",
)  # fmt: skip


def as_products(function: Function) -> Function:
    """The function with what the user wrote; all that was given beside it is not read."""
    tops = (e for s in statements(function.body) for e in expressions(s))
    if not any(_name(e) in SAID for top in tops for e in subexpressions(top)):
        return function

    def block(body: Block) -> Block:
        return tuple(with_expressions(change_blocks(stmt, block), _plain) for stmt in body)

    return with_body(function, block(function.body))


def _name(expr: Expr) -> str:
    match expr:
        case Call(Ref(target=Library("tangent_like.runtime", name))):
            return name
        case _:
            return ""


def _plain(expr: Expr) -> Expr:
    expr = rebuild(expr, _plain)
    return _said(_name(expr), expr.args) or expr if isinstance(expr, Call) else expr


def _said(name: str, args: tuple[Expr, ...]) -> Expr | None:
    match name, args:
        case "sparse_product", (a, x, *_):
            return Binary("@", a, x)
        case "transposed_product", (a, x, *_):
            return Binary("@", Attribute(a, "T"), x)
        case "sparse_solution", (a, b, *_):
            return Call(_solve(), (a, b))
        case "transposed_solution", (a, b, *_):
            return Call(_solve(), (Attribute(a, "T"), b))
        case "factored_solution", (factors, b, trans, *_):
            return Call(helper("solve_factored"), (factors, b) if is_default(trans) else (factors, b, trans))
        case "solution_at" | "constant_solution_at", (x, *_):
            return x
        case "sparse_array", (a, *_):
            return Call(Attribute(a, "toarray"), ())
        case _:
            return None


def _solve() -> Ref:
    from scipy.sparse.linalg import spsolve  # it is there where such a program is

    return Ref("spsolve", live_target("", "spsolve", spsolve))


def is_default(trans: Expr) -> bool:
    return isinstance(trans, Const) and trans.value == "N"
