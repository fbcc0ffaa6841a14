"""Which rule holds for complex numbers: one for them, or that for real numbers where it says the same of both.

A rule that stands in neither list is refused for complex operands: a formula that holds on the real line need not
hold beside it, and no test over real numbers would tell.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import ModuleType

from tangent_like.rules import (
    arithmetic,
    cmath_functions,
    complex_linear,
    complex_made,
    complex_numbers,
    constants,
    contract,
    diagonals,
    fourier,
    gather,
    grids,
    items,
    joins,
    linear,
    products,
    reductions,
    runtime_arranged,
    runtime_joined,
    runtime_own,
    runtime_products,
    runtime_rules,
    scans,
    select,
    shapes,
    spectra,
    statistics,
    ufuncs,
)
from tangent_like.rules.rule import Rule
from tangent_like.rules.table import assemble, rules_of, table_of

COMPLEX = assemble(rules_of((complex_numbers, complex_linear)))

# Those of packages, which are read only where they are imported.
_OPTIONAL_COMPLEX: Mapping[str, tuple[str, ...]] = {"scipy.linalg": ("scipy_complex_linear",)}


def complex_rules(target: object) -> tuple[Rule, ...]:
    """The rules for complex operands of a function, or of a method by its name, in the order in which they are asked.

    None where none is there.
    """
    if isinstance(target, str):
        return (COMPLEX.methods[target],) if target in COMPLEX.methods else ()
    tables = (COMPLEX, *(table_of(families) for name, families in _OPTIONAL_COMPLEX.items() if name in sys.modules))
    return tuple(r for t in tables if target in t.rules for r in (t.rules[target], *t.more.get(target, ())))


# Rules by holomorphic formulas, linear ones, and such as only move numbers.
_HOLD: Mapping[ModuleType, str] = {
    arithmetic: "add sub mul truediv neg pos square reciprocal",
    complex_made: "complex to_complex",
    cmath_functions: "exp log sqrt sin cos tan sinh cosh tanh atan asin acos phase",
    spectra: "eigvals eig roots",
    ufuncs: "sqrt exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arctanh",
    reductions: "sum mean prod average sum_where prod_where mean_where add_reduce multiply_reduce",
    items: "sum_items sum_from",
    products: "matmul dot inner outer",
    contract: """
        einsum tensordot linalg_tensordot kron cross linalg_cross convolve linalg_outer linalg_matmul
        linalg_matrix_transpose linalg_trace linalg_diagonal matvec
    """,
    linear: "inv det solve matrix_power multi_dot",
    shapes: """
        transpose matrix_transpose reshape array asarray contiguous astype ravel copy copy_method item
        expand_dims squeeze at_least_1 at_least_2 at_least_3 swapaxes moveaxis rollaxis flip fliplr flipud rot90 roll
        broadcast_to repeat tile
    """,
    fourier: """
        fft ifft irfft hfft fftn ifftn fft2 ifft2 irfftn irfft2 fftshift ifftshift cut_or_padded_rule
        mirrored_twice_rule
    """,
    joins: """
        concatenate stack vstack hstack dstack column_stack block append split array_split vsplit hsplit
        dsplit unstacked meshgrid broadcast_arrays
    """,
    gather: "take take_along_axis compress compressed extract choose select pad resize delete insert",
    grids: "full full_like linspace vander",
    scans: """
        cumsum cumprod diff diff_between ediff1d gradient trapezoid cumulative_sum cumulative_prod
        add_accumulate multiply_accumulate
    """,
    diagonals: "tril triu trace diagonal diag diagflat",
    select: "where",
    statistics: "polyval polyadd polysub polymul polyder polyint",
    runtime_rules: """
        quotient_rule unbroadcast_rule to_shape_rule like_rule isolate_rule spread_rule untranspose_rule
        unstack_rule undiff_rule unrepeat_rule untile_rule on_diagonal_rule from_diagonal_rule stored_rule
        placed_rule pieces_rule matmul_left_rule matmul_right_rule dot_left_rule dot_right_rule
        inner_left_rule inner_right_rule outer_left_rule outer_right_rule others_product_rule
        others_slope_rule others_curve_rule counted
    """,
    runtime_arranged: "scattered untaken untaken_along unpadded running_adjoint_rule",
    runtime_own: "of_shape_rule spreads_to_rule",
    runtime_joined: """
        joined_parts_rule rejoined_rule unhstack_rule unblock_rule block_again_rule unselect_rule
        unmesh_rule mesh_rule unbroadcast_each_rule broadcast_each_rule each_item_rule ungradient_rule
        slopes_of_rule block_of_rule only_block_rule convolved_full_rule convolved_part_rule
    """,
    runtime_products: """
        tensordot_left_rule tensordot_right_rule kron_left_rule kron_right_rule convolve_left_rule
        cofactors_rule
    """,
}

HOLD = frozenset(getattr(family, name) for family, names in _HOLD.items() for name in names.split()) | frozenset(
    rule for rule in vars(constants).values() if isinstance(rule, Rule)
)

# Of SciPy, whose families are read only where it is imported: by family and name.
_OPTIONAL: Mapping[str, str] = {
    "scipy_complex": "lambertw wofz",
    "scipy_fft": "fftshift ifftshift",
    "scipy_short": "istft back inverse uninverse unproduct",
    "spectra": "eigvals eig",
    "scipy_linalg": "inv det solve expm expm_frechet sqrtm logm solve_sylvester",
    "fourier": "fft ifft irfft hfft fft2 ifft2 irfft2 fftn ifftn irfftn fftshift ifftshift",
}
_OPTIONAL_NAMES = frozenset((family, name) for family, names in _OPTIONAL.items() for name in names.split())


def holds(rule: Rule) -> bool:
    """Does a rule hold for complex operands as it stands?"""
    return rule in HOLD or (rule.fn.__module__.rpartition(".")[2], rule.fn.__name__) in _OPTIONAL_NAMES


# Their results have the dtype of the first operand: into real numbers the real parts are all that goes.
OF_THE_FIRST = frozenset({grids.full_like, gather.insert})

# Who calls these of what nothing is known has complex numbers in mind.
ASK_FOR_PARTS = frozenset({shapes.real, shapes.imag, shapes.conjugate, shapes.angle})
