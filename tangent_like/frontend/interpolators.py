"""Interpolators of SciPy's that a file makes: ``FLOW = CubicSpline(OPENING, [0.0, 0.3, 0.7, 1.0])``."""

from __future__ import annotations

import ast

from tangent_like.ir.nodes import Library, Target

# Of several values at each place, if they are given such; the others have one, or say so when they are asked.
OF_VECTORS = ("CubicSpline", "PchipInterpolator", "Akima1DInterpolator", "CubicHermiteSpline", "PPoly", "BSpline")


def interpolator_class(target: Target | None) -> type | None:
    """The class of which a call of this makes an object; None of anything else."""
    obj = target.obj if isinstance(target, Library) and target.module.startswith("scipy.interpolate") else None
    return obj if isinstance(obj, type) else None


def keeps_its_name(call: ast.Call, cls: type) -> bool:
    """Does the text tell that the object gives one value at each place, and goes on, or ends, at its ends?"""
    starred = any(isinstance(a, ast.Starred) for a in call.args)
    if starred or any(k.arg in ("ext", "c", "y", None) for k in call.keywords):
        return False
    match call.args:
        case [_, ast.List(values) | ast.Tuple(values), *_]:
            return all(isinstance(v, ast.Constant | ast.UnaryOp) for v in values) or cls.__name__ not in OF_VECTORS
        case _:
            return cls.__name__ not in OF_VECTORS
