"""What emitted code may call: plain NumPy functions that know no compiler.

A standalone module gets the text of those it uses, so each is short and says its shapes.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tangent_like.runtime.broadcast import (
    like,
    to_shape,
    unbroadcast,
    unrepeat,
    untile,
    untranspose,
    widen,
    zeros_like,
)
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
from tangent_like.runtime.result import one_number
from tangent_like.runtime.scalars import (
    digamma,
    lowered,
    quotient,
    safe_log,
    share,
    sign,
    sinc_slope,
)
from tangent_like.runtime.store import (
    add_at,
    copy_overlapping,
    isolate,
    pieces,
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

__all__ = [
    "SHAPE_ONLY",
    "add_at",
    "copy_overlapping",
    "digamma",
    "dot_left",
    "dot_right",
    "inner_left",
    "inner_right",
    "isolate",
    "like",
    "lowered",
    "matmul_adjoint",
    "matmul_left",
    "matmul_right",
    "mean_count",
    "on_diagonal",
    "one_number",
    "others_product",
    "outer_left",
    "outer_right",
    "pieces",
    "quotient",
    "refuse_overlap",
    "refuse_rank",
    "refuse_repeating",
    "refuse_smear",
    "refuse_strided",
    "refuse_whole",
    "safe_log",
    "same_view",
    "share",
    "sign",
    "sinc_slope",
    "spread",
    "stored",
    "ties",
    "to_shape",
    "unbroadcast",
    "undiff",
    "unrepeat",
    "unstack",
    "untile",
    "untranspose",
    "widen",
    "zeros_like",
]

# Parameters of which only the shape and the dtype are read: the values need not be kept.
SHAPE_ONLY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dot_left": ("x",),
        "dot_right": ("y",),
        "inner_left": ("x",),
        "inner_right": ("y",),
        "matmul_adjoint": ("x", "y"),
        "matmul_left": ("x",),
        "matmul_right": ("y",),
        "mean_count": ("x",),
        "on_diagonal": ("x",),
        "outer_left": ("x",),
        "outer_right": ("y",),
        "pieces": ("arrays",),
        "spread": ("x",),
        "to_shape": ("x",),
        "unbroadcast": ("x",),
        "undiff": ("x",),
        "unrepeat": ("x",),
        "untile": ("x",),
        "widen": ("like",),
        "zeros_like": ("x",),
    }
)
