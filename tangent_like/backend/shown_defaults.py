"""Lambdas that are defaults of parameters: shown in a signature as their text.

Before, as it is lowered                     After

    a function of its own for the default        def grad_fit(x, loss=lambda r: r ** 2):
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.backend.emit import expression
from tangent_like.ir.nodes import Function, Lambda, Opaque, Ref, Return
from tangent_like.ir.walk import subexpressions


def with_shown_defaults(function: Function) -> Function:
    if not any(isinstance(p.default, Lambda) for p in function.params):
        return function
    params = (replace(p, default=as_text(p.default)) if isinstance(p.default, Lambda) else p for p in function.params)
    return replace(function, params=tuple(params))


def as_text(written: Lambda) -> Opaque:
    """Verbatim, and with what it takes from outside, which is imported for it."""
    (last,) = written.function.body
    assert isinstance(last, Return) and last.value is not None
    names = []
    for param in written.function.params:
        default = "" if param.default is None else f"={expression(param.default, lambda ref: ref.spelling)}"
        names.append(f"{param.star}{param.name}{default}")
    refs = tuple(e for e in subexpressions(last.value) if isinstance(e, Ref))
    body = expression(last.value, lambda ref: ref.spelling)
    return Opaque(f"lambda {', '.join(names)}: {body}" if names else f"lambda: {body}", (), refs)
