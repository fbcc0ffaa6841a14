"""Sums whose terms may be added up in any order: one addition that may, where the function as a whole may not."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

from numba import types
from numba.extending import intrinsic, overload

from tangent_like import runtime

HELPERS = (runtime.in_any_order,)


@intrinsic
def added_in_any_order(typingctx, total, term):
    """``fadd reassoc``: https://llvm.org/docs/LangRef.html#fast-math-flags."""

    def generate(context, builder, signature, args):
        return builder.fadd(*args, flags=("reassoc", "nsz"))

    return total(total, term), generate


@overload(runtime.in_any_order)
def _in_any_order(total, term):
    if total == term and isinstance(total, types.Float):
        return lambda total, term: added_in_any_order(total, term)  # noqa: PLW0108 - Numba wants the same parameters
    return lambda total, term: total + term
