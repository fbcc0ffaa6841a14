"""Interpolators of SciPy's that a file makes: ``FLOW = CubicSpline(OPENING, RATES)``."""

from __future__ import annotations

import ast

from tangent_like.ir.nodes import Library, Target


def interpolator_class(call: ast.Call, target: Target | None) -> type | None:
    """The class of which a call makes an object; ``target`` is what is called. None of anything else."""
    obj = target.obj if isinstance(target, Library) and target.module.startswith("scipy.interpolate") else None
    at_ends = any(k.arg in ("ext", None) for k in call.keywords)  # which may stay as it is there
    return obj if isinstance(obj, type) and not at_ends else None
