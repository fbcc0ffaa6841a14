"""What changes the numbers of an emitted function by rounding, in order: before ``tidy``, which changes none.

And at its end, when names stand for no more than they must.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import Function
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind
from tangent_like.transform.added_once import added_once
from tangent_like.transform.adopted import adopted
from tangent_like.transform.along_one_axis import along_one_axis
from tangent_like.transform.aside import without_zeros_aside
from tangent_like.transform.begun import begun
from tangent_like.transform.brief_values import brief_values
from tangent_like.transform.by_rows import by_rows
from tangent_like.transform.calls_once import calls_once
from tangent_like.transform.cholesky_systems import cholesky_systems
from tangent_like.transform.copied_along import copied_along
from tangent_like.transform.cross_entropies import cross_entropies
from tangent_like.transform.divided_where import divided_where
from tangent_like.transform.entropies import entropies
from tangent_like.transform.equal_terms import equal_terms
from tangent_like.transform.filled_vectors import filled_vectors
from tangent_like.transform.folded_margins import folded_margins
from tangent_like.transform.gathered import gathered
from tangent_like.transform.kept_by_user import kept_by_user
from tangent_like.transform.made_again import made_again
from tangent_like.transform.means import means
from tangent_like.transform.multiples_once import multiples_once
from tangent_like.transform.named_by_kept import named_by_kept
from tangent_like.transform.numbers_inside import numbers_inside
from tangent_like.transform.one_inverse import one_inverse
from tangent_like.transform.outer_entries import outer_entries
from tangent_like.transform.outer_sums import outer_sums
from tangent_like.transform.over_numbers import over_numbers
from tangent_like.transform.picked import picked
from tangent_like.transform.said_earlier import said_earlier
from tangent_like.transform.shapes_alone import shapes_alone
from tangent_like.transform.shared_factors import shared_factors
from tangent_like.transform.shared_terms import shared_terms
from tangent_like.transform.shortened import shortened
from tangent_like.transform.sliced_once import sliced_once
from tangent_like.transform.sparse_products import as_products
from tangent_like.transform.spread_numbers import spread_numbers
from tangent_like.transform.standardized import standardized
from tangent_like.transform.steady_systems import steady_systems
from tangent_like.transform.tidy.calls import Pure
from tangent_like.transform.turned import turned
from tangent_like.transform.undone_factors import undone_factors
from tangent_like.transform.unspread import unspread


def each_in_fewer_steps(
    functions: tuple[Function, ...],
    kinds: Mapping[Function, Mapping[str, Kind]],
    plain: bool,
    sizes: Sizes,
    keep: bool,
    pure: Pure,
) -> tuple[tuple[Function, ...], dict[Function, Mapping[str, Kind]]]:
    """The functions, those in fewer steps of whose names ``kinds`` tell; and what is known of these by now.

    ``plain``: as they are differentiated again, or compiled. ``keep``: all that is kept stays so (``store="all"``).
    ``pure``: the functions that do nothing but compute.
    """
    out: list[Function] = []
    known: dict[Function, Mapping[str, Kind]] = {}
    for function in functions:
        new = function
        if function in kinds:
            new, of = fewer_steps(function, kinds[function], plain, sizes, keep, pure)
            known[new] = of
        out.append(new)
    return tuple(out), known


def fewer_steps(
    function: Function, kinds: Mapping[str, Kind], plain: bool, sizes: Sizes, keep: bool, pure: Pure
) -> tuple[Function, Mapping[str, Kind]]:
    """A function after what changes numbers by rounding, and the kinds of its names by now."""
    function = without_zeros_aside(adopted(function, kinds), kinds)
    if plain:
        sizes.plain = sizes.own_counts = True
        return function, kinds
    function = as_products(function)
    function = spread_numbers(turned(function, kinds, sizes))
    function, kinds = outer_entries(function, kinds, sizes)
    function, kinds = sliced_once(*unspread(function, kinds, sizes), sizes)
    function, kinds = folded_margins(function, kinds, sizes)
    function, kinds = cross_entropies(shortened(function, kinds, sizes), kinds, sizes)
    plainer = function
    function = picked(entropies(function, kinds, sizes), kinds, sizes)
    function = standardized(means(function, kinds, sizes), kinds, sizes)
    sizes.own_counts |= function is not plainer  # these divide by counts, the user's among them
    function = shortened(function, kinds, sizes, outer=True)
    function = filled_vectors(begun(function, kinds, sizes), kinds, sizes)
    function, kinds = steady_systems(*one_inverse(*cholesky_systems(function, kinds)))
    function = along_one_axis(shared_factors(gathered(function, kinds), kinds), kinds)
    function = by_rows(function, kinds, sizes)
    function = function if keep else made_again(kept_by_user(function, kinds, sizes), kinds, pure)
    function = named_by_kept(function, kinds, pure)
    return multiples_once(over_numbers(numbers_inside(function, kinds), kinds), kinds)


def last_steps(
    function: Function, kinds: Mapping[str, Kind], sizes: Sizes, users: frozenset[str], pure: Pure, whole: bool
) -> Function:
    """A tidy function after what shows only in it; ``whole``: not by single passes, of which none changes numbers.

    ``pure``: the functions that do nothing but compute.
    """
    function = by_rows(shapes_alone(function, kinds, sizes, users), kinds, sizes)
    if not whole:
        return function
    function = copied_along(brief_values(function, kinds, users), kinds)
    function = added_once(outer_sums(divided_where(function, kinds, sizes), kinds, sizes), kinds, pure)
    function = shared_terms(undone_factors(over_numbers(equal_terms(function, kinds), kinds), kinds), kinds, sizes)
    return said_earlier(calls_once(function, kinds, users), kinds, users)
