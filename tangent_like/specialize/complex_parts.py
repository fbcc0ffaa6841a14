"""``z.real = x`` and ``z.imag += x`` of complex arrays, as stores of whole numbers: ``z[...] = x + 1j * z.imag``."""

from __future__ import annotations

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Attribute, Binary, Const, Expr, Index, Name, Slice, Store, Tuple, Unary
from tangent_like.ir.walk import rebuild, subexpressions
from tangent_like.kinds.kind import Array, is_complex
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Leaf, Value

PARTS = ("real", "imag")


def stored(s: Spec, holder: Value, name: str, op: str, new: Value) -> bool:
    """Store into the real or imaginary parts of an array, if ``holder`` is a complex one."""
    if name not in PARTS or not isinstance(holder, Leaf) or not is_complex_array(s, holder.expr):
        return False
    place = Index(holder.expr, Const(...))
    s.emit(Store(place, "", whole(holder.expr, name, op, s.materialize(new)), s.origin))
    return True


def of_whole(s: Spec, store: Store) -> Store:
    """``z.imag[i] = v`` as ``z[i] = np.real(z[i]) + 1j * v``."""
    match store:
        case Store(Index(Attribute(holder, "real" | "imag" as name), index, at), op, value, origin, False):
            told = all(isinstance(e, Name | Const | Slice | Tuple | Binary | Unary) for e in subexpressions(index))
            if told and is_complex_array(s, holder):
                place = Index(holder, index, at)
                return Store(place, "", whole(place, name, op, value), origin)
    return store


def is_complex_array(s: Spec, expr: Expr) -> bool:
    kind = s.kind(expr)
    return isinstance(kind, Array) and is_complex(kind)


def whole(place: Expr, name: str, op: str, value: Expr) -> Expr:
    """What is in ``place`` with its part ``name`` changed."""
    parts: dict[str, Expr] = {n: np_call(n, place) for n in PARTS}
    given = read_by_functions(value)
    parts[name] = Binary(op, parts[name], given) if op else given
    return Binary("+", parts["real"], Binary("*", Const(1j), parts["imag"]))


def read_by_functions(expr: Expr) -> Expr:
    """``np.real(z)`` for ``z.real``: it may be read in the statement that writes into ``z``."""
    match expr:
        case Attribute(value, "real" | "imag" as name):
            return np_call(name, read_by_functions(value))
        case _:
            return rebuild(expr, read_by_functions)
