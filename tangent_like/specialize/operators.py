"""The operators and special methods that classes of the user's define."""

from __future__ import annotations

from tangent_like.ir.nodes import Compare, Const, Expr, Unary
from tangent_like.kinds.kind import Array, Scalar, numeric
from tangent_like.specialize import assume, attributes
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import UNSET, Bound, Leaf, Seq, Value

OPERATORS = {
    "+": ("__add__", "__radd__"), "-": ("__sub__", "__rsub__"), "*": ("__mul__", "__rmul__"),
    "/": ("__truediv__", "__rtruediv__"), "//": ("__floordiv__", "__rfloordiv__"), "%": ("__mod__", "__rmod__"),
    "**": ("__pow__", "__rpow__"), "@": ("__matmul__", "__rmatmul__"), "&": ("__and__", "__rand__"),
    "|": ("__or__", "__ror__"), "^": ("__xor__", "__rxor__"), "<<": ("__lshift__", "__rlshift__"),
    ">>": ("__rshift__", "__rrshift__"),
}  # fmt: skip
COMPARISONS = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__", "==": "__eq__", "!=": "__ne__"}


REFLECTED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def operator(s: Spec, name: str, value: Value, args: tuple[Value, ...], expr: Expr) -> Value:
    """The method ``name`` that an operator stands for."""
    cls = attributes.class_of(s, value)
    member = None if cls is None else cls.member(name)
    if member is None or member.form not in ("method", "inherited") or not member.can_be_called:
        raise s.refuse(f"this operation ({name}) on what is not a number", "", getattr(expr, "at", None))
    return s.call(Bound(attributes.Method(s, member), value), list(args), [], expr)


def binary(s: Spec, op: str, left: Value, right: Value, expr: Expr) -> Value:
    forward, backward = OPERATORS.get(op, ("", ""))
    order = [(forward, left, right), (backward, right, left)]
    one, two = attributes.class_of(s, left), attributes.class_of(s, right)
    if one is not None and two is not None and one.type is not two.type and issubclass(two.type, one.type):
        theirs, ours = two.member(backward), one.member(backward)
        if theirs is not None and (ours is None or theirs.value is not ours.value):
            order.reverse()  # a subclass that says more is asked first
    if isinstance(left, Leaf) and two is not None and not isinstance(numeric(s.kind(left.expr)), Scalar):
        given = two.member("__array_ufunc__")
        plain = given is not None and given.value is None
        if not plain and (isinstance(s.kind(left.expr), Array) or not assume.is_number(s, left)):
            # NumPy would take the object for an item
            raise s.refuse(f"{op} of an array and an object of class {two.name}", "put the object first")
    for name, holder, other in order:
        cls = attributes.class_of(s, holder)
        member = None if cls is None else cls.member(name)
        if member is not None and member.can_be_called:
            return operator(s, name, holder, (other,), expr)
    raise s.refuse(f"{op} of these", "", getattr(expr, "at", None))


def own_method(cls: ClassInfo | None, name: str) -> bool:
    """Does a class of the user's say what a special method does?"""
    member = None if cls is None else cls.member(name)
    return member is not None and member.can_be_called


def comparison(s: Spec, op: str, left: Value, right: Value, expr: Compare) -> Value | None:
    """A comparison that a class defines; None where its items are compared."""
    cls = attributes.class_of(s, left)
    member = None if cls is None or op not in COMPARISONS else cls.member(COMPARISONS[op])
    if member is not None and member.can_be_called:
        return operator(s, COMPARISONS[op], left, (right,), expr)
    if op in REFLECTED and (other := attributes.class_of(s, right)) is not None:  # b > a asks a < b
        member = other.member(COMPARISONS[REFLECTED[op]])
        if member is not None and member.can_be_called:
            return operator(s, COMPARISONS[REFLECTED[op]], right, (left,), expr)
    if cls is not None and cls.compares(op):
        raise s.refuse(f"a comparison of objects of class {cls.name}", "compare their attributes", expr.at)
    if op == "!=" and cls is not None and (equal := cls.member("__eq__")) is not None and equal.can_be_called:
        same = operator(s, "__eq__", left, (right,), expr)
        known = same.known if isinstance(same, Leaf) else UNSET
        return Leaf(Const(not known), not known) if isinstance(known, bool) else Leaf(Unary("not", s.materialize(same)))
    if cls is not None and op in ("==", "!=", "<", "<=", ">", ">=") and not isinstance(left, Seq):
        raise s.refuse(f"a comparison of objects of class {cls.name}", "compare their attributes", expr.at)
    return None


def in_place(s: Spec, op: str, value: Value, other: Value, expr: Expr) -> Value | None:
    """``value op= other`` where the class defines it."""
    cls = attributes.class_of(s, value)
    name = OPERATORS.get(op, ("", ""))[0].replace("__", "__i", 1)
    member = None if cls is None else cls.member(name)
    if member is None or not member.can_be_called:
        return None
    return s.call(Bound(attributes.Method(s, member), value), [other], [], expr)


def special(s: Spec, name: str, value: Value, expr: Expr | None) -> Value:
    """A special method of an object, called without arguments."""
    cls = attributes.class_of(s, value)
    member = None if cls is None else cls.member(name)
    if member is None or not member.can_be_called:
        raise s.refuse(f"{name} of this", "", getattr(expr, "at", None))
    return s.call(Bound(attributes.Method(s, member), value), [], [], expr)
