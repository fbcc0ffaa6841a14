"""Which operands of a rule are lists, and which are arrays even if they are given as lists."""

from __future__ import annotations

import functools

import numpy as np

from tangent_like.rules.rule import Rule

# Operands of rules that take a list, and give back one: of adjoints, an item each.
LIST_OPERANDS = frozenset({"arrays", "bars", "values", "choices", "choicelist"})
POINTS = frozenset({"p", "q"})  # of ``math.dist``; what NumPy calls so are coefficients


@functools.cache
def takes_arrays(rule: Rule) -> bool:
    """Is it a function of NumPy's or SciPy's, which makes an array of a list (but for those in ``LIST_OPERANDS``)?"""
    if rule.kind == "array":
        return False
    return any(isinstance(getattr(t, "__self__", t), np.ufunc) or _is_numeric(t) for t in rule.targets)


def list_operands(rule: Rule) -> frozenset[str]:
    """The operands that stay lists."""
    return LIST_OPERANDS if takes_arrays(rule) else LIST_OPERANDS | POINTS


def _is_numeric(target: object) -> bool:
    module = getattr(target, "__module__", None)
    return isinstance(module, str) and module.startswith(("numpy", "scipy"))
