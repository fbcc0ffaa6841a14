"""What is added in places that an array names along one axis of a matrix: into a view of that row or column.

Before                                   After

    np.add.at(c_bar, (i, 0), y_bar)          np.add.at(c_bar[:, 0], i, y_bar)
    np.add.at(c_bar, (k, i), y_bar)          np.add.at(c_bar[k], i, y_bar)

NumPy adds by one array of whole numbers several times as fast as by a tuple.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import Block, Call, Do, Expr, Function, Index, Library, Name, Ref, Slice, Stmt, Tuple
from tangent_like.ir.walk import statements
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.transform.tidy.blocks import change_blocks, with_body


def along_one_axis(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with views for tuples; ``kinds`` are those of its names."""
    if not any(isinstance(s, Do) for s in statements(function.body)):
        return function

    def block(body: Block) -> Block:
        return tuple(_viewed(stmt, kinds) if isinstance(stmt, Do) else change_blocks(stmt, block) for stmt in body)

    return with_body(function, block(function.body))


def _viewed(stmt: Do, kinds: Mapping[str, Kind]) -> Stmt:
    match stmt.value:
        case Call(Ref(target=Library("numpy", "add.at")), (Name(bar), Tuple((first, second)), value), ()) as call:
            pass
        case _:
            return stmt
    kind = kinds.get(bar)
    if stmt.origin is not None or not isinstance(kind, Array) or kind.rank != 2:
        return stmt
    if _is_array(first, kinds) and _is_number(second, kinds):
        place, index = Index(Name(bar), Tuple((Slice(None, None, None), second))), first
    elif _is_number(first, kinds) and _is_array(second, kinds):
        place, index = Index(Name(bar), first), second
    else:
        return stmt
    return Do(Call(call.func, (place, index, value)), stmt.origin)


def _is_array(expr: Expr, kinds: Mapping[str, Kind]) -> bool:
    kind = kinds.get(expr.id) if isinstance(expr, Name) else None
    return isinstance(kind, Array) and kind.rank == 1 and kind.dtype == "int64"


def _is_number(expr: Expr, kinds: Mapping[str, Kind]) -> bool:
    if isinstance(expr, Name):
        kind = kinds.get(expr.id)
        return isinstance(kind, Scalar) and kind.type == "int"
    return not isinstance(expr, Tuple) and type(literal(expr)) is int
