"""What carries no derivative, each with its reason: ``explain`` prints it."""

import bisect
import builtins
import math
import operator

import numpy as np

from tangent_like.rules.rule import constant

_STEPS = "it is piecewise constant: its derivative is 0 wherever it has one"
_TRUTH = "its result is true or false"
_SHAPE = "it depends on the shape, not on the values"
_WHERE = "its result is a position, which jumps or stays"
_WHOLE = "its result is a whole number"
_FRESH = "its result depends on no value of its arguments"

# From NumPy 2.1 on, these leave whole numbers as they are.
_FLOOR = "arithmetic" if np.floor(np.int64(1)).dtype.kind == "i" else "elementwise"

rounding = constant(np.floor, np.ceil, np.trunc, getattr(np, "fix", None), kind=_FLOOR, reason=_STEPS)
rounding_to_float = constant(np.rint, kind="elementwise", reason=_STEPS)
steps = constant(np.sign, operator.floordiv, np.floor_divide, kind="arithmetic", reason=_STEPS)
rounding_to = constant(np.round, np.around, kind="first", methods=("round",), reason=_STEPS)
round_number = constant(builtins.round, kind="rounded", reason=_STEPS)
to_int = constant(builtins.int, math.floor, math.ceil, math.trunc, kind="int", reason=_STEPS)
whole = constant(
    math.factorial,
    math.comb,
    math.perm,
    math.gcd,
    math.lcm,
    math.isqrt,
    operator.index,
    builtins.ord,
    builtins.hash,
    builtins.id,
    kind="int",
    reason=_WHOLE,
)
bits = constant(
    operator.and_,
    operator.or_,
    operator.xor,
    operator.invert,
    operator.lshift,
    operator.rshift,
    np.bitwise_and,
    np.bitwise_or,
    np.bitwise_xor,
    np.invert,
    np.left_shift,
    np.right_shift,
    kind="arithmetic",
    reason="it takes whole numbers or truth values apart",
)

comparisons = constant(
    operator.lt,
    operator.le,
    operator.eq,
    operator.ne,
    operator.ge,
    operator.gt,
    np.less,
    np.less_equal,
    np.equal,
    np.not_equal,
    np.greater_equal,
    np.greater,
    np.isclose,
    math.isclose,
    kind="bool",
    reason=_TRUTH,
)
tests = constant(
    np.isfinite,
    np.isnan,
    np.isinf,
    np.isneginf,
    np.isposinf,
    np.signbit,
    math.isfinite,
    math.isnan,
    math.isinf,
    np.logical_and,
    np.logical_or,
    np.logical_xor,
    np.logical_not,
    kind="bool",
    reason=_TRUTH,
)
of_all = constant(np.any, np.all, kind="truth_along", methods=("any", "all"), reason=_TRUTH)
about_all = constant(
    builtins.bool,
    operator.not_,
    np.allclose,
    np.array_equal,
    np.isscalar,
    np.shares_memory,
    np.may_share_memory,
    np.isin,
    operator.is_,
    operator.is_not,
    operator.contains,
    builtins.isinstance,
    builtins.issubclass,
    builtins.callable,
    builtins.hasattr,
    reason=_TRUTH,
)

length = constant(builtins.len, kind="length", reason=_SHAPE)
sizes = constant(np.ndim, np.size, kind="int", reason=_SHAPE)
rank = constant(np.linalg.matrix_rank, reason="a rank is a whole number: it jumps or stays")
shape = constant(np.shape, kind="shape", reason=_SHAPE)
shapes = constant(np.broadcast_shapes, reason=_SHAPE)
dtypes = constant(np.result_type, np.dtype, np.can_cast, np.iinfo, np.finfo, builtins.type, reason=_SHAPE)
positions = constant(np.argmax, np.argmin, kind="index", methods=("argmax", "argmin"), reason=_WHERE)
orders = constant(np.argsort, np.argpartition, kind="order_like", methods=("argsort", "argpartition"), reason=_WHERE)
ones_found = constant(np.flatnonzero, kind="one_axis", reason=_WHERE)
rows_found = constant(np.argwhere, kind="rows_of_positions", reason=_WHERE)
sorted_by = constant(np.lexsort, kind="order_by_keys", reason=_WHERE)
places = constant(np.nonzero, kind="nonzero", methods=("nonzero",), reason=_WHERE)
where_true = constant(np.where, kind="nonzero", more=True, reason=_WHERE)
found = constant(np.searchsorted, kind="found_places", methods=("searchsorted",), reason=_WHERE)
bisected = constant(bisect.bisect, bisect.bisect_left, bisect.bisect_right, kind="int", reason=_WHERE)
bins = constant(np.digitize, kind="bins_of", reason=_WHERE)
unraveled = constant(np.unravel_index, kind="unraveled", reason=_WHERE)
raveled = constant(np.ravel_multi_index, reason=_WHERE)
counts = constant(np.count_nonzero, kind="index", reason=_WHOLE)
ranges = constant(builtins.range, np.indices, reason="its result counts positions")
diagonals = constant(
    np.diag_indices, np.diag_indices_from, kind="diagonal_places", reason="its result counts positions"
)
triangles = constant(
    np.tril_indices,
    np.triu_indices,
    np.tril_indices_from,
    np.triu_indices_from,
    kind="vectors_of_places",
    reason="its result counts positions",
)

filled = constant(np.zeros, np.ones, np.empty, np.ndarray, kind="zeros", reason=_FRESH)
filled_like = constant(np.zeros_like, np.ones_like, np.empty_like, kind="zeros_like", reason=_SHAPE)
counted = constant(np.arange, kind="arange", more=True, reason="where it stops moves none of its numbers")
identity = constant(np.eye, np.identity, np.tri, kind="eye", reason=_FRESH)
