"""The arguments that a derivative is with respect to, as a request names them."""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.errors import RequestError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import Function
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.kinds.structure import Known, Shape, Struct, has_float
from tangent_like.request import Request


def wanted_names(function: Function, request: Request, shapes: Mapping[str, Shape]) -> tuple[str, ...]:
    """The parameters that ``argnums`` means; an error for one that is not there or is not a float."""
    params = [p.name for p in function.params]
    place = place_of(function.origin)
    if request.mode == "vjp":
        return tuple(n for n in params if has_float(shapes[n]))
    found: list[str] = []
    for wanted in request.wanted:
        if isinstance(wanted, str):
            if wanted not in params:
                raise RequestError(
                    f"{function.name} has no argument {wanted!r}",
                    place,
                    f"its arguments: {', '.join(params)}",
                )
            name = wanted
        else:
            if not -len(params) <= wanted < len(params):
                raise RequestError(f"{function.name} has no argument number {wanted}", place)
            name = params[wanted]
        if name in found:
            raise RequestError(f"the argument {name!r} is asked for twice", place)
        kind = shapes[name]
        told_by_use = request.guards and isinstance(kind, Struct) and kind.form == "object"
        if not has_float(kind) and not told_by_use:
            kind = kind.kind if isinstance(kind, Known) else kind
            what = kind.type if isinstance(kind, Scalar) else getattr(kind, "what", "sequence")
            if isinstance(kind, Array):
                what = f"array of {kind.dtype}"
            hint = "pass 2.0 and not 2" if isinstance(kind, Scalar) else "pass floating-point numbers"
            raise RequestError(f"the argument {name!r} is of kind {what}, which has no derivative", place, hint)
        found.append(name)
    if not found and not request.is_forward and request.mode != "value":
        raise RequestError("argnums names no argument", place)
    return tuple(found)
