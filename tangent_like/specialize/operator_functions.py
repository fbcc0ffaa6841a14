"""``operator.add`` and others, of what has structure: as the operators that they are."""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import Const, Expr
from tangent_like.specialize.attributes import named
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Keywords, Leaf, Value

NAMES = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@",
    "and_": "&", "or_": "|", "xor": "^", "concat": "+",
}  # fmt: skip


def of_two(op: str) -> Handler:
    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        """None: a call of the core, of numbers and arrays."""
        del hint
        if keywords or len(args) != 2:
            return None
        one, two = (named(s, a) if isinstance(a, Leaf) else a for a in args)
        if isinstance(one, Leaf) and isinstance(two, Leaf):
            return None
        return s.tools.binary(s, op, one, two, expr or Const(0))

    return make


HANDLERS: Mapping[str, Handler] = {f"operator.{name}": of_two(op) for name, op in NAMES.items()}
