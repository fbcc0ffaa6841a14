"""The adjoint of what is read at places of an array, by its index.

    y = x[1:, k]                             x_bar[1:, k] += y_bar
    y = x[x > 0]                             x_bar[x > 0] += y_bar
    y = x[[0, 2, 0]]                         np.add.at(x_bar, [0, 2, 0], y_bar)
    y = r[r > 0]                             r_bar += np.sum(y_bar)

In the last, ``r`` is a number of NumPy's, which is read as often as the condition holds: once, or not at all.
"""

from __future__ import annotations

from typing import Protocol

from tangent_like.analysis.views import may_be_copied
from tangent_like.errors import UnsupportedError
from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Binary, Call, Compare, Expr, Index, List, Tuple, Unary
from tangent_like.ir.walk import subexpressions
from tangent_like.kinds.indexing import sort_of_index
from tangent_like.kinds.kind import TEXT, ListOf, Scalar, Sequence, dims_of
from tangent_like.transform.fitting import Fits, in_full, spread_over
from tangent_like.transform.reading import index_value


class Places(Fits, Protocol):
    """What is asked of the plan of a statement."""

    def back(self, expr: Expr, g: Expr) -> None: ...

    def contribute(self, path: Expr, value: Expr, fancy: Expr | None = None) -> None: ...

    def is_view_path(self, expr: Expr) -> bool: ...

    def open_up(self, expr: Expr) -> None: ...

    def want(self, expr: Expr) -> None: ...


def back_index(plan: Places, expr: Index, g: Expr) -> None:
    if plan.is_view_path(expr):
        plan.contribute(expr, g)
        return
    kind_of = plan.kind_of
    if isinstance(kind_of(expr.value), Scalar):
        whole = in_full(plan, g, g, expr) if dims_of(kind_of(g)) is not None else spread_over(plan, g, expr, None)
        plan.back(expr.value, np_call("sum", whole))
        return
    sort = sort_of_index(expr.index, kind_of)
    listed = isinstance(kind_of(expr.value), ListOf | Sequence)
    text = kind_of(expr.index) == TEXT
    if sort == "unknown" and (text or (isinstance(expr.index, Tuple) and listed)):
        hint = "annotate the index, or call with real arguments"
        raise UnsupportedError("what kind of index this is cannot be told", plan.place(expr), hint)
    if sort == "basic" or may_be_copied(expr.value, kind_of) or not plan.is_view_path(expr.value):
        plan.open_up(expr.value)
        return
    if sort == "mask" or (sort == "unknown" and listed):  # a list takes numbers, an array whatever it may be
        plan.contribute(expr, g)
    else:
        plan.contribute(expr.value, g, index_value(expr.index))
    for item in subexpressions(expr.index):
        if isinstance(item, Call | Binary | Unary | Compare | List):
            plan.want(item)
