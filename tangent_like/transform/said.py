"""A rule's text said plainly: what the kinds of the operands make of its helpers, signs and ones."""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.analysis.seen import Holes
from tangent_like.analysis.typing import Typing
from tangent_like.ir.build import simplify
from tangent_like.ir.holes import fill
from tangent_like.ir.nodes import Expr, Hole
from tangent_like.ir.walk import subexpressions
from tangent_like.kinds.kind import Kind, Scalar
from tangent_like.transform.fitting import Knows, alike
from tangent_like.transform.plain import plainly, says_less
from tangent_like.transform.reading import holes_in, open_shapes


def plain_holes(knows: Knows, text: Expr, env: Mapping[str, Expr]) -> Expr:
    """The text for operands ``env``; of floats it is always the same, and said once in a function."""
    said = knows.typing.earlier.said
    kinds = tuple([knows.kind_of(env[name]) for name in holes_of(knows.typing, text).all if name in env])
    floats = all(type(kind) is Scalar and kind.type == "float" for kind in kinds)
    if floats and (text, kinds) in said:
        return said[text, kinds]
    opened: dict[str, Expr] = {}
    plain = _said(knows, text, env, opened)
    if floats and not opened:
        said[text, kinds] = plain
    return plain


def _said(knows: Knows, text: Expr, env: Mapping[str, Expr], opened: dict[str, Expr]) -> Expr:
    def kind_of(e: Expr) -> Kind:
        return knows.kind_of(fill(e, env))

    # helpers look for names to read sizes from, so they see the operands themselves
    def shaped(name: str) -> Expr:
        if name not in opened:
            opened[name] = Hole(name) if says_less(env[name]) else alike(knows, env[name])
        return opened[name]

    plain = simplify(plainly(open_shapes(text, shaped), kind_of, knows.typing.sizes))
    for name, operand in opened.items():
        if any(part is operand for part in subexpressions(plain)):
            knows.want_shape(env[name] if isinstance(operand, Hole) else operand)
    return plain


def holes_of(typing: Typing, text: Expr) -> Holes:
    """The holes in a rule's text, looked for once in a function."""
    held = typing.earlier.holes
    if text not in held:
        held[text] = holes_in(text)
    return held[text]
