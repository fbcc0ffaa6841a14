"""``super()``: the class to look behind, and the object."""

from __future__ import annotations

from tangent_like.ir.nodes import Call
from tangent_like.specialize import attributes
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.values import Frame, Handle, Super, Value


def super_of(s: Spec, frame: Frame, expr: Call) -> Value:
    around: Frame | None = frame
    top = frame
    while around is not None and around.cls is None:
        top, around = around, around.parent
    if not expr.keywords and around is None and (method := as_method(s, top)) is not None:
        return method
    if around is None or around.cls is None or around.receiver is None or expr.keywords:
        raise s.refuse("super() here", "", expr.at)
    return Super(around.cls, around.receiver)


def as_method(s: Spec, frame: Frame) -> Super | None:
    """What ``super()`` is in ``Model.loss`` where that is differentiated itself: its object tells the class."""
    function = frame.function
    first = function.params[0].name if function.params else ""
    receiver = s.state.vars.get(frame_key(frame, first))
    cls = attributes.class_of(s, receiver) if isinstance(receiver, Handle) else None
    for base in () if cls is None else cls.bases:
        code = getattr(vars(base).get(function.name), "__code__", None)
        if code is not None and (code.co_filename, code.co_firstlineno) == (function.origin.file, function.origin.line):
            return Super(ClassInfo(base), receiver)  # type: ignore[arg-type]
    return None
