"""``slice`` objects and ``np.s_[...]``: indices in variables."""

from __future__ import annotations

from tangent_like.ir.nodes import Expr, Library, Ref, Slice, Tuple
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Frame, Lazy, Seq, Value, is_none, none


def is_maker(expr: Expr) -> bool:
    """``np.s_``, which gives back the index it is given."""
    target = expr.target if isinstance(expr, Ref) else None
    return isinstance(target, Library) and (target.module, target.qualname) in (("numpy", "s_"), ("numpy", "index_exp"))


def indices(s: Spec, index: Expr, frame: Frame) -> Value:
    """The index ``np.s_[...]`` as a value."""
    match index:
        case Slice(lower, upper, step):
            return Lazy("slice", tuple(none() if e is None else s.evaluate(e, frame) for e in (lower, upper, step)))
        case Tuple(items):
            return Seq(tuple(indices(s, item, frame) for item in items))
        case _:
            return s.evaluate(index, frame)


def as_slice(s: Spec, value: Lazy) -> Slice:
    """A ``slice`` object where it is an index."""
    parts = value.parts
    if len(parts) == 1:
        parts = (none(), parts[0])
    bounds = [None if is_none(v) else s.materialize(v) for v in (*parts, none(), none())[:3]]
    return Slice(bounds[0], bounds[1], bounds[2])
