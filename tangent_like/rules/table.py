"""The table of rules: assembled once from the families named here, and never changed."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from tangent_like.rules import (
    arithmetic,
    cmath_functions,
    complex_made,
    constants,
    contract,
    diagonals,
    draws,
    factors,
    fourier,
    gather,
    grids,
    items,
    joins,
    linear,
    math_functions,
    nan_functions,
    order,
    polynomials,
    products,
    reductions,
    runtime_arranged,
    runtime_cosines,
    runtime_draws,
    runtime_filters,
    runtime_grids,
    runtime_joined,
    runtime_own,
    runtime_picks,
    runtime_products,
    runtime_rotations,
    runtime_rules,
    runtime_splines,
    scans,
    select,
    shapes,
    spectra,
    statistics,
    tables_of_pairs,
    ufuncs,
)
from tangent_like.rules.rule import Rule

FAMILIES: tuple[ModuleType, ...] = (
    arithmetic,
    complex_made,
    cmath_functions,
    math_functions,
    items,
    ufuncs,
    reductions,
    nan_functions,
    order,
    statistics,
    polynomials,
    tables_of_pairs,
    products,
    contract,
    linear,
    factors,
    fourier,
    spectra,
    shapes,
    joins,
    gather,
    grids,
    scans,
    diagonals,
    select,
    constants,
    runtime_rules,
    runtime_arranged,
    runtime_cosines,
    runtime_draws,
    runtime_filters,
    runtime_grids,
    runtime_own,
    runtime_picks,
    runtime_joined,
    runtime_products,
    runtime_rotations,
    runtime_splines,
)

# Of what emitted text calls, not a user.
OF_HELPERS = (
    runtime_rules,
    runtime_arranged,
    runtime_cosines,
    runtime_draws,
    runtime_filters,
    runtime_grids,
    runtime_own,
    runtime_picks,
    runtime_joined,
    runtime_products,
    runtime_rotations,
    runtime_splines,
)


def rules_of(families: Iterable[ModuleType]) -> Iterator[Rule]:
    """Yield the rules of the families, in the order in which they are written."""
    for family in families:
        for value in vars(family).values():
            if isinstance(value, Rule):
                yield value


@dataclass(frozen=True, slots=True)
class Table:
    """Rules by what they differentiate, and by the ndarray methods that they stand for.

    ``more`` are those for calls that the first rule of a function does not know, in order.
    """

    rules: Mapping[object, Rule]
    methods: Mapping[str, Rule]
    more: Mapping[object, tuple[Rule, ...]]
    more_methods: Mapping[str, tuple[Rule, ...]]


def assemble(rules: Iterable[Rule]) -> Table:
    first: dict[object, Rule] = {}
    methods: dict[str, Rule] = {}
    more: dict[object, tuple[Rule, ...]] = {}
    more_methods: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for target in rule.targets:
            # A function that this Python or this NumPy has not got stands as None.
            if target is None or not isinstance(target, Hashable):
                continue
            if rule.more:
                more[target] = (*more.get(target, ()), rule)
            elif first.setdefault(target, rule) is not rule:
                raise ValueError(f"two rules for {target!r}")
        for method in rule.methods:
            if rule.more:
                more_methods[method] = (*more_methods.get(method, ()), rule)
            elif methods.setdefault(method, rule) is not rule:
                raise ValueError(f"two rules for the method {method!r}")
    return Table(
        MappingProxyType(first), MappingProxyType(methods), MappingProxyType(more), MappingProxyType(more_methods)
    )


# What draws random numbers: the same call gives another number each time, so it is tested on its own.
DRAWS = (draws,)

TABLE = assemble(rules_of(FAMILIES))
DRAWN = assemble(rules_of(DRAWS)).rules
RULES, METHODS = TABLE.rules, TABLE.methods

# Families about packages that need not be there: each is read once the user's program has imported its package.
OPTIONAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "statistics": ("statistics_functions",),
        "scipy.special": ("scipy_special", "scipy_bessel", "scipy_further", "scipy_complex"),
        "scipy.spatial.distance": ("scipy_distance",),
        "scipy.linalg": ("scipy_linalg", "scipy_factors", "scipy_spectra", "scipy_matrices", "scipy_systems"),
        "scipy.stats": (
            "scipy_stats", "scipy_summaries", "scipy_tests",
            "scipy_densities", "scipy_more_densities", "scipy_quantiles", "scipy_moments", "scipy_log_chances",
        ),
        "scipy.fft": ("scipy_fft",),
        "scipy.signal": ("scipy_signal", "scipy_analytic", "scipy_spectral", "scipy_short", "scipy_medians"),
        "scipy.integrate": ("scipy_integrate",),
        "scipy.ndimage": ("scipy_ndimage", "scipy_filters", "scipy_picks"),
        "scipy.sparse": ("sparse_entries",),
        "scipy.sparse.linalg": ("scipy_sparse",),
        "scipy.interpolate": ("scipy_interpolate",),
    }
)


def optional_table() -> Table:
    """The rules about the packages that are there, and imported by now."""
    return _optional(tuple(name for name in OPTIONAL if name in sys.modules))


@functools.cache
def _optional(loaded: tuple[str, ...]) -> Table:
    return table_of(tuple(family for name in loaded for family in OPTIONAL[name]))


@functools.cache
def table_of(families: tuple[str, ...]) -> Table:
    """The rules of these modules, which are read when somebody asks."""
    return assemble(rules_of(importlib.import_module(f"tangent_like.rules.{family}") for family in families))
