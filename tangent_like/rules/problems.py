"""Why a call is not differentiated, said in the user's words."""

from __future__ import annotations

from typing import NamedTuple

from tangent_like.errors import NoRuleError, Place
from tangent_like.ir.nodes import Attribute, Binary, Call, Expr, Ref, Unary

# What is known of a sparse matrix whose entries carry a derivative.
SPARSE = "known are A @ x, x @ A, spsolve, splu, cg and its kin, A.T, sums, products, blocks, slices, parts by arrays"

NDITER = "loop over x.ravel(), np.ndindex(x.shape) or np.ndenumerate(x)"


class Problem(NamedTuple):
    """Why a call is not differentiated, and what to do instead."""

    what: str
    hint: str = ""


def called(expr: Expr) -> str:
    match expr:
        case Call(Ref(spelling)):
            return spelling
        case Call(Attribute(_, name)) | Attribute(_, name):
            return f".{name}"
        case Unary(op) | Binary(op):
            return f"operator {op}"
        case _:
            return "this"


def no_rule(expr: Call, place: Place) -> NoRuleError:
    """The refusal of a call that carries derivatives and is not known."""
    if isinstance(expr.func, Ref):
        name = expr.func.spelling
        if getattr(expr.func.target, "module", "").startswith("scipy.sparse"):
            what = f"no rule for {name} where its entries move, and for what is done with it"
            return NoRuleError(what, place, SPARSE)
        if name.rpartition(".")[2] == "nditer":
            return NoRuleError(f"no rule for {name}", place, NDITER)
        hint = f"write its body in NumPy, or give it a rule (tl.rule, and rules={{{name}: its_rule}})"
        return NoRuleError(f"no rule for {name}", place, hint)
    return NoRuleError(f"no rule for the method {called(expr)}", place, "use a function of NumPy's that has one")
