"""What emitted code may call: plain NumPy functions that know no compiler.

A standalone module gets the text of those it uses, so each is short and says its shapes.
"""

from tangent_like.runtime.arrange import (
    broadcast_each,
    mesh,
    positions,
    scatter,
    unbroadcast_each,
    unmesh,
    unpad,
    unpad_edges,
    unroll_axis,
    unselect,
    untake,
    untake_along,
)
from tangent_like.runtime.banded import (
    banded_outer,
    banded_product,
    banded_transposed,
    into_bins,
    lagged,
    out_of_bins,
    root_slopes,
)
from tangent_like.runtime.broadcast import (
    fitting,
    like,
    matching,
    to_shape,
    unbroadcast,
    unrepeat,
    untile,
    untranspose,
    widen,
    zeros_like,
)
from tangent_like.runtime.checkpoints import (
    between,
    check_slots,
    checkpoint,
    checkpointed,
    choose,
    extra_turns,
    first_advance,
    first_run,
    keep_online,
    revolve,
)

# One name a line, this file would be too long to read.
# isort: off
from tangent_like.runtime.contract import (
    convolve_full, convolve_left, correlate_full, correlate_left, correlate_right, cross_adjoint, einsum_adjoint,
    einsum_labels, einsum_tangent, kron_blocks, kron_left, kron_right, tensordot_axes, tensordot_left,
    tensordot_right,
)
from tangent_like.runtime.cosines import back_by_cosines, by_cosines
from tangent_like.runtime.densities import (
    convolved_full, convolved_part, convolved_slices, normal_covariance, normal_weights,
)
from tangent_like.runtime.draws import (
    beta_bend,
    beta_bend_across,
    beta_bend_along,
    change_of,
    gamma_bend,
    gamma_bend_along,
    precision_of,
    beta_series, beta_slope, dirichlet_adjoint, dirichlet_slopes, dirichlet_tangent, gamma_quantile, gamma_series,
    gamma_slope, multivariate_adjoint, multivariate_tangent, normal_factors, normal_sum, normal_turning, psi_of,
)
from tangent_like.runtime.factors import (
    along_diagonals, block_of, corner, in_blocks, lu_adjoint, lu_parts, lu_product_adjoint, lu_product_tangent,
    lu_tangent, only_block, pivoted, squared_adjoint, squared_tangent, toeplitz_sums, triangle, unpivoted,
    without_first,
)
# isort: on
from tangent_like.runtime.filters import (
    analytic_weights,
    bordered,
    cells,
    filtered_twice,
    laplace_weights,
    mapped,
    mapped_slopes,
    sobel_weights,
    unbordered,
    unfiltfilt,
    unmapped,
)
from tangent_like.runtime.fourier import cut_or_padded, mirrored_twice, unirfftn, unrfftn
from tangent_like.runtime.hermitian import (
    adjoint_matrix,
    complex_pinv_adjoint,
    complex_pinv_tangent,
    from_hermitian_triangle,
    hermitian_cholesky_adjoint,
    hermitian_cholesky_tangent,
    onto_hermitian_triangle,
    without_phases,
)
from tangent_like.runtime.higher import (
    from_diagonal,
    nonzero_exponent,
    others_slope,
    placed,
    polygamma,
    sinc_higher,
)
from tangent_like.runtime.join import (
    as_lists,
    best_items,
    block_again,
    each_item,
    each_less,
    each_over,
    each_times,
    joined_parts,
    nesting,
    other_items,
    rejoined,
    sum_of_products,
    unblock,
    unhstack,
)
from tangent_like.runtime.linear import (
    as_rows,
    cholesky_adjoint,
    cholesky_tangent,
    cofactors,
    condition_slope,
    divided,
    each_matrix,
    from_triangle,
    gaps,
    is_spectral,
    lstsq_left,
    lstsq_rest,
    lstsq_rest_left,
    lstsq_tangents,
    matrix_power_adjoint,
    multi_dot_adjoint,
    norm_bends,
    norm_slope,
    onto_triangle,
    outer_columns,
    pinv_adjoint,
    pinv_tangent,
    qr_adjoint,
    qr_from_q,
    qr_from_r,
    qr_tangents,
    replaced,
    singular_weights,
    solve_left,
    solve_tangent,
    solve_transposed,
    spectral_bend,
    svd_from_u,
    svd_from_vh,
    svd_inner,
    svd_left,
    svd_right,
    vector_norm_slope,
)
from tangent_like.runtime.lists import (
    added,
    filled,
    grown,
    like_list,
    put_masked,
    with_room,
)
from tangent_like.runtime.odes import (
    adaptive_odeint,
    continuous_odeint,
    dopri_step,
    error_norm,
    first_step,
    odeint,
    runge_kutta_step,
)
from tangent_like.runtime.order import (
    entry_weights,
    interp_knots,
    interp_slope,
    interp_values,
    interpolation,
    order_of,
    quantile_ranks,
    quantile_slopes,
    quantile_tangent,
    quantile_weights,
    rearranged,
    running_places,
    unplace,
    unquantile,
    unsort,
)
from tangent_like.runtime.own import of_shape, spreads_to
from tangent_like.runtime.products import (
    dot_left,
    dot_right,
    inner_left,
    inner_right,
    matmul_adjoint,
    matmul_left,
    matmul_right,
    outer_left,
    outer_right,
)
from tangent_like.runtime.reduce import (
    mean_count,
    on_diagonal,
    others_product,
    spread,
    ties,
    undiff,
)
from tangent_like.runtime.result import (
    one_number,
    refuse_kept,
)
from tangent_like.runtime.reversing import refuse_drift, refuse_inverse, reversible
from tangent_like.runtime.rotations import rotation, rotation_slopes
from tangent_like.runtime.scalars import (
    digamma,
    in_any_order,
    lowered,
    quotient,
    safe_log,
    share,
    sign,
    sinc_slope,
    stop_gradient,
)
from tangent_like.runtime.scans import (
    bessel_i1,
    cumprod_tangent,
    log_of_sums,
    polyval_slope,
    running_adjoint,
    running_tangent,
    slopes_of,
    trapezoid_gaps,
    trapezoid_weights,
    uncumprod,
    ungradient,
    unpolyval,
)
from tangent_like.runtime.scipy_solvers import (
    accelerated_fixed_point,
    bracketed_root,
    came_back,
    flow,
    half_integral,
    implicit,
    integral,
    least_number,
    line_integral,
    newton_root,
    stiff_flow,
    stiff_flow_back,
    unit_integral,
)
from tangent_like.runtime.shape_only import SHAPE_ONLY
from tangent_like.runtime.smoothing import unfiltered, ungaussian, unsavgol
from tangent_like.runtime.solutions import (
    converged,
    fixed_point,
    in_shape,
    like_start,
    linear_solve,
    minimize,
    root,
    size_of,
    solve_linear,
    tolerance,
)
from tangent_like.runtime.spectra import eigenvector_adjoint, eigenvector_tangents, eigenvectors, greatest_entries
from tangent_like.runtime.splines import cubic_spline, spline_integral, spline_slope, uncubic_spline
from tangent_like.runtime.store import (
    add_at,
    copy_overlapping,
    isolate,
    pieces,
    refuse_array,
    refuse_complex,
    refuse_held,
    refuse_integers,
    refuse_overlap,
    refuse_rank,
    refuse_repeating,
    refuse_smear,
    refuse_strided,
    refuse_whole,
    same_view,
    stored,
    unstack,
)
from tangent_like.runtime.structure import like_object, like_sequence, zeros_or_none

__all__ = [
    "SHAPE_ONLY", "accelerated_fixed_point", "adaptive_odeint", "add_at", "added", "adjoint_matrix", "along_diagonals",
    "analytic_weights", "as_lists", "as_rows", "back_by_cosines", "banded_outer", "banded_product", "banded_transposed",
    "bessel_i1", "best_items", "beta_bend", "beta_bend_across", "beta_bend_along", "beta_series", "beta_slope",
    "between", "block_again", "block_of", "bordered", "bracketed_root", "broadcast_each", "by_cosines", "came_back",
    "cells", "change_of", "check_slots", "checkpoint", "checkpointed", "cholesky_adjoint", "cholesky_tangent", "choose",
    "cofactors", "complex_pinv_adjoint", "complex_pinv_tangent", "condition_slope", "continuous_odeint", "converged",
    "convolve_full", "convolve_left", "convolved_full", "convolved_part", "convolved_slices", "copy_overlapping",
    "corner", "correlate_full", "correlate_left", "correlate_right", "cross_adjoint", "cubic_spline", "cumprod_tangent",
    "cut_or_padded", "digamma", "dirichlet_adjoint", "dirichlet_slopes", "dirichlet_tangent", "divided", "dopri_step",
    "dot_left", "dot_right", "each_item", "each_less", "each_matrix", "each_over", "each_times", "eigenvector_adjoint",
    "eigenvector_tangents", "eigenvectors", "einsum_adjoint", "einsum_labels", "einsum_tangent", "entry_weights",
    "error_norm", "extra_turns", "filled", "filtered_twice", "first_advance", "first_run", "first_step", "fitting",
    "fixed_point", "flow", "from_diagonal", "from_hermitian_triangle", "from_triangle", "gamma_bend",
    "gamma_bend_along", "gamma_quantile", "gamma_series", "gamma_slope", "gaps", "greatest_entries", "grown",
    "half_integral", "hermitian_cholesky_adjoint", "hermitian_cholesky_tangent", "implicit", "in_any_order",
    "in_blocks", "in_shape", "inner_left", "inner_right", "integral", "interp_knots", "interp_slope", "interp_values",
    "interpolation", "into_bins", "is_spectral", "isolate", "joined_parts", "keep_online", "kron_blocks", "kron_left",
    "kron_right", "lagged", "laplace_weights", "least_number", "like", "like_list", "like_object", "like_sequence",
    "like_start", "line_integral", "linear_solve", "log_of_sums", "lowered", "lstsq_left", "lstsq_rest",
    "lstsq_rest_left", "lstsq_tangents", "lu_adjoint", "lu_parts", "lu_product_adjoint", "lu_product_tangent",
    "lu_tangent", "mapped", "mapped_slopes", "matching", "matmul_adjoint", "matmul_left", "matmul_right",
    "matrix_power_adjoint", "mean_count", "mesh", "minimize", "mirrored_twice", "multi_dot_adjoint",
    "multivariate_adjoint", "multivariate_tangent", "nesting", "newton_root", "nonzero_exponent", "norm_bends",
    "norm_slope", "normal_covariance", "normal_factors", "normal_sum", "normal_turning", "normal_weights", "odeint",
    "of_shape", "on_diagonal", "one_number", "only_block", "onto_hermitian_triangle", "onto_triangle", "order_of",
    "other_items", "others_product", "others_slope", "out_of_bins", "outer_columns", "outer_left", "outer_right",
    "pieces", "pinv_adjoint", "pinv_tangent", "pivoted", "placed", "polygamma", "polyval_slope", "positions",
    "precision_of", "psi_of", "put_masked", "qr_adjoint", "qr_from_q", "qr_from_r", "qr_tangents", "quantile_ranks",
    "quantile_slopes", "quantile_tangent", "quantile_weights", "quotient", "rearranged", "refuse_array",
    "refuse_complex", "refuse_drift", "refuse_held", "refuse_integers", "refuse_inverse", "refuse_kept",
    "refuse_overlap", "refuse_rank", "refuse_repeating", "refuse_smear", "refuse_strided", "refuse_whole", "rejoined",
    "replaced",
    "reversible", "revolve", "root", "root_slopes", "rotation", "rotation_slopes", "runge_kutta_step",
    "running_adjoint", "running_places", "running_tangent", "safe_log", "same_view", "scatter", "share", "sign",
    "sinc_higher", "sinc_slope", "singular_weights", "size_of", "slopes_of", "sobel_weights", "solve_left",
    "solve_linear",
    "solve_tangent", "solve_transposed", "spectral_bend", "spline_integral", "spline_slope", "spread", "spreads_to",
    "squared_adjoint", "squared_tangent", "stiff_flow", "stiff_flow_back", "stop_gradient", "stored", "sum_of_products",
    "svd_from_u", "svd_from_vh", "svd_inner", "svd_left", "svd_right", "tensordot_axes", "tensordot_left",
    "tensordot_right", "ties", "to_shape", "toeplitz_sums", "tolerance", "trapezoid_gaps", "trapezoid_weights",
    "triangle", "unblock", "unbordered", "unbroadcast", "unbroadcast_each", "uncubic_spline", "uncumprod", "undiff",
    "unfiltered", "unfiltfilt", "ungaussian", "ungradient", "unhstack", "unirfftn", "unit_integral", "unmapped",
    "unmesh", "unpad", "unpad_edges", "unpivoted", "unplace", "unpolyval", "unquantile", "unrepeat", "unrfftn",
    "unroll_axis", "unsavgol", "unselect", "unsort", "unstack", "untake", "untake_along", "untile", "untranspose",
    "vector_norm_slope", "widen", "with_room", "without_first", "without_phases", "zeros_like", "zeros_or_none",
]  # fmt: skip
