"""The table of rules: assembled once from the families named here, and never changed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from types import MappingProxyType, ModuleType

from tangent_like.rules import (
    arithmetic,
    constants,
    diagonals,
    math_functions,
    products,
    reductions,
    select,
    shapes,
    ufuncs,
)
from tangent_like.rules.rule import Rule

FAMILIES: tuple[ModuleType, ...] = (
    arithmetic,
    math_functions,
    ufuncs,
    reductions,
    products,
    shapes,
    diagonals,
    select,
    constants,
)


def rules_of(families: Iterable[ModuleType]) -> Iterator[Rule]:
    """Yield the rules of the families, in the order in which they are written."""
    for family in families:
        for value in vars(family).values():
            if isinstance(value, Rule):
                yield value


def assemble(rules: Iterable[Rule]) -> tuple[Mapping[object, Rule], Mapping[str, Rule]]:
    """Return the rules by what they differentiate, and by the ndarray methods they stand for."""
    by_target: dict[object, Rule] = {}
    by_method: dict[str, Rule] = {}
    for rule in rules:
        for target in rule.targets:
            # A function that this Python or this NumPy has not got stands as None.
            if target is None or not isinstance(target, Hashable):
                continue
            if by_target.setdefault(target, rule) is not rule:
                raise ValueError(f"two rules for {target!r}")
        for method in rule.methods:
            if by_method.setdefault(method, rule) is not rule:
                raise ValueError(f"two rules for the method {method!r}")
    return MappingProxyType(by_target), MappingProxyType(by_method)


RULES, METHODS = assemble(rules_of(FAMILIES))
