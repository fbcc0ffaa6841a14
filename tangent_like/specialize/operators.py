"""The operators and special methods that classes of the user's define."""

from __future__ import annotations

from types import FunctionType

from tangent_like.ir.nodes import Compare, Const, Expr, Logic, Unary
from tangent_like.kinds.kind import Array, Scalar, numeric
from tangent_like.specialize import assume, attributes, slice_parts, sparse
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import readable
from tangent_like.specialize.values import UNSET, Bound, Either, Leaf, Seq, Value

OPERATORS = {
    "+": ("__add__", "__radd__"), "-": ("__sub__", "__rsub__"), "*": ("__mul__", "__rmul__"),
    "/": ("__truediv__", "__rtruediv__"), "//": ("__floordiv__", "__rfloordiv__"), "%": ("__mod__", "__rmod__"),
    "**": ("__pow__", "__rpow__"), "@": ("__matmul__", "__rmatmul__"), "&": ("__and__", "__rand__"),
    "|": ("__or__", "__ror__"), "^": ("__xor__", "__rxor__"), "<<": ("__lshift__", "__rlshift__"),
    ">>": ("__rshift__", "__rrshift__"),
}  # fmt: skip
COMPARISONS = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__", "==": "__eq__", "!=": "__ne__"}


REFLECTED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
# What ``functools.total_ordering`` writes for a class, by the names it has there: the comparison that the class says
# itself, whether its answer is turned round, and what is asked besides.
ORDERED = {
    "_gt_from_lt": ("<", True, "and", "!="), "_le_from_lt": ("<", False, "or", "=="),
    "_ge_from_lt": ("<", True, "", ""), "_gt_from_le": ("<=", True, "", ""),
    "_ge_from_le": ("<=", True, "or", "=="), "_lt_from_le": ("<=", False, "and", "!="),
    "_lt_from_gt": (">", True, "and", "!="), "_ge_from_gt": (">", False, "or", "=="),
    "_le_from_gt": (">", True, "", ""), "_lt_from_ge": (">=", True, "", ""),
    "_le_from_ge": (">=", True, "or", "=="), "_gt_from_ge": (">=", False, "and", "!="),
}  # fmt: skip


def operator(s: Spec, name: str, value: Value, args: tuple[Value, ...], expr: Expr) -> Value:
    """The method ``name`` that an operator stands for."""
    cls = attributes.class_of(s, value)
    member = None if cls is None else cls.member(name)
    if member is None or member.form not in ("method", "inherited") or not member.can_be_called:
        raise s.refuse(f"this operation ({name}) on what is not a number", "", getattr(expr, "at", None))
    given = [slice_parts.as_object(args[0]), *args[1:]] if name in ("__getitem__", "__setitem__") else list(args)
    return s.call(Bound(attributes.Method(s, member), value), given, [], expr)


def binary(s: Spec, op: str, left: Value, right: Value, expr: Expr) -> Value:
    forward, backward = OPERATORS.get(op, ("", ""))
    order = [(forward, left, right), (backward, right, left)]
    one, two = attributes.class_of(s, left), attributes.class_of(s, right)
    if one is not None and two is not None and one.type is not two.type and issubclass(two.type, one.type):
        theirs, ours = two.member(backward), one.member(backward)
        if theirs is not None and (ours is None or theirs.owner.type is not ours.owner.type):
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
            found = operator(s, name, holder, (other,), expr)
            if not is_not_implemented(s, found):
                return found
    for value in (left, right):
        readable(s, value, getattr(expr, "at", None))
    raise s.refuse(f"{op} of these", "", getattr(expr, "at", None))


def own_method(cls: ClassInfo | None, name: str) -> bool:
    """Does a class of the user's say what a special method does?"""
    member = None if cls is None else cls.member(name)
    return member is not None and member.can_be_called


def is_not_implemented(s: Spec, value: Value) -> bool:
    """Does a method say by ``NotImplemented`` that the other operand is to be asked?"""
    if isinstance(value, Either) and any(is_not_implemented(s, v) for v in value.options):
        raise s.refuse("NotImplemented, where only the run tells whether it is,", "test the class before")
    return isinstance(value, Leaf) and value.known is NotImplemented


def comparison(s: Spec, op: str, left: Value, right: Value, expr: Compare) -> Value | None:
    """A comparison that a class defines; None where its items are compared."""
    if op not in REFLECTED:
        return None
    one, two = attributes.class_of(s, left), attributes.class_of(s, right)
    order = [(op, left, right), (REFLECTED[op], right, left)]
    if one is not None and two is not None and one.type is not two.type and issubclass(two.type, one.type):
        order.reverse()  # a subclass is asked first
    asked = False
    for said, holder, other in order:
        cls = attributes.class_of(s, holder)
        if cls is not None and cls.compares(said):
            raise s.refuse(f"a comparison of objects of class {cls.name}", "compare their attributes", expr.at)
        if cls is None or not says(cls, said):
            continue
        found, asked = compared_by(s, cls, said, holder, other, expr), True
        if found is not None:
            return found
    if asked and op in ("==", "!=") and (one is None or two is None):  # nobody knows: they are not the same
        return Leaf(Const(op == "!="), op == "!=")
    if asked or (one is not None and not isinstance(left, Seq)):
        names = " and ".join(dict.fromkeys(cls.name for cls in (one, two) if cls is not None))
        raise s.refuse(f"a comparison of objects of class {names}", "compare their attributes", expr.at)
    return None


def says(cls: ClassInfo, op: str) -> bool:
    """Does a class of the user's say what a comparison of its objects does?"""
    return own_method(cls, COMPARISONS[op]) or completed(cls, op) is not None or (op == "!=" and says(cls, "=="))


def completed(cls: ClassInfo, op: str) -> tuple[str, bool, str, str] | None:
    """What ``functools.total_ordering`` made of the class says of the operator."""
    member = cls.member(COMPARISONS[op])
    made = member.value if member is not None else None
    if not isinstance(made, FunctionType) or made.__module__ != "functools":
        return None
    return ORDERED.get(made.__code__.co_name)


def compared_by(s: Spec, cls: ClassInfo, op: str, left: Value, right: Value, expr: Compare) -> Value | None:
    """What the class of ``left`` says; None where that is ``NotImplemented``."""
    if own_method(cls, COMPARISONS[op]):
        found = operator(s, COMPARISONS[op], left, (right,), expr)
        return None if is_not_implemented(s, found) else found
    steps = completed(cls, op)
    if steps is None:  # != is what == is not
        same = compared_by(s, cls, "==", left, right, expr)
        return None if same is None else turned(s, same)
    root, turns, joined, besides = steps
    first = compared_by(s, cls, root, left, right, expr)
    if first is None:
        return None
    first = turned(s, first) if turns else first
    if not joined or (isinstance(first, Leaf) and first.known is (joined == "or")):
        return first
    second = comparison(s, besides, left, right, Compare(expr.left, (besides,), expr.rights, expr.at))
    if second is None or (isinstance(first, Leaf) and isinstance(first.known, bool)):
        return second
    return Leaf(Logic(joined, (s.materialize(first), s.materialize(second)), expr.at))


def turned(s: Spec, value: Value) -> Leaf:
    known = value.known if isinstance(value, Leaf) else UNSET
    return Leaf(Const(not known), not known) if isinstance(known, bool) else Leaf(Unary("not", s.materialize(value)))


def in_place(s: Spec, op: str, value: Value, other: Value, expr: Expr) -> Value | None:
    """``value op= other`` where the class defines it."""
    sparse.refuse_in_place(s, op, value, expr)
    cls = attributes.class_of(s, value)
    name = OPERATORS.get(op, ("", ""))[0].replace("__", "__i", 1)
    member = None if cls is None else cls.member(name)
    if member is None or not member.can_be_called:
        return None
    found = s.call(Bound(attributes.Method(s, member), value), [other], [], expr)
    return None if is_not_implemented(s, found) else found


def special(s: Spec, name: str, value: Value, expr: Expr | None) -> Value:
    """A special method of an object, called without arguments."""
    cls = attributes.class_of(s, value)
    member = None if cls is None else cls.member(name)
    if member is None or not member.can_be_called:
        raise s.refuse(f"{name} of this", "", getattr(expr, "at", None))
    return s.call(Bound(attributes.Method(s, member), value), [], [], expr)
