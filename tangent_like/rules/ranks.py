"""The numbers of axes that a rule is for: what is known to have others is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tangent_like.ir.nodes import Expr
from tangent_like.kinds.kind import Kind, ListOf, Sequence, dims_of
from tangent_like.kinds.operands import array_of
from tangent_like.rules.problems import Problem, called
from tangent_like.rules.rule import Rule


def other_ranks(
    rule: Rule, operands: Mapping[str, Expr], expr: Expr, kind_of: Callable[[Expr], Kind]
) -> Problem | None:
    """Of more axes than ``Rule.ranks``, or of fewer than ``Rule.fewest``."""
    for name, most in rule.ranks.items():
        kind = kind_of(operands[name])
        if len(dims_of(_whole(kind)) or ()) > most or (most == 0 and isinstance(kind, Sequence | ListOf)):
            several = f"several, in the argument {name!r} of {called(expr)}, are not differentiated"
            return Problem(several, "call it in a loop, for one after the other")
    for name, least in rule.fewest.items():
        dims = dims_of(_whole(kind_of(operands[name])))
        if dims is not None and len(dims) < least:
            fewer = f"fewer than {least} axes, in the argument {name!r} of {called(expr)}, are not differentiated"
            return Problem(fewer, f"make an array of them: np.reshape(x, {(1,) * least})")
    return None


def _whole(kind: Kind) -> Kind:
    """Of a list, the array that it makes."""
    return array_of(kind) if isinstance(kind, Sequence | ListOf) else kind
