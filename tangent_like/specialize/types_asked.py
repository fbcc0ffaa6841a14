"""``isinstance``, ``issubclass`` and ``type``: known from the structure, else questions for the run."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import MappingView
from dataclasses import replace
from types import UnionType

import numpy as np

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Attribute, Call, Comprehension, Const, Dict, Expr, Library, List, Ref, SetOf, Slice
from tangent_like.kinds.kind import Array, Plain, Scalar, is_list, rank_of
from tangent_like.specialize import assume, attributes, containers, tables
from tangent_like.specialize.classes import ClassInfo, is_users_class
from tangent_like.specialize.either import by_options
from tangent_like.specialize.sorts import sort_of
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import readable
from tangent_like.specialize.values import (
    UNSET,
    Bound,
    Class,
    Either,
    Fn,
    Handle,
    Keywords,
    Lazy,
    Leaf,
    Outer,
    Partial,
    Seq,
    Value,
    is_builtin,
    is_function_ref,
    is_none,
)


def instance(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``isinstance``: known from the structure, else a question for the run."""
    del keywords, hint
    wanted = in_union(args[1]) or containers.sequence(s, args[1])
    if isinstance(args[0], Either):
        return by_options(s, args[0], lambda v: instance(s, [v, args[1]], [], expr, "") or _unknown(s, expr))
    classes = wanted if wanted is not None else (args[1],)
    answers = [_is_instance(s, args[0], w) for w in classes]
    if isinstance(args[0], Leaf) and sort_of(s, args[0]) == "deque":
        asked = [w.known if isinstance(w, Leaf) else None for w in classes]
        answers = [isinstance(t, type) and issubclass(deque, t) for t in asked]
    elif isinstance(args[0], Leaf) and is_list(s.kind(args[0].expr)):  # a list, or a tuple in the place of one
        types = {w.known for w in classes if isinstance(w, Leaf) and isinstance(w.known, type)}
        if len(types) == len(answers) and (types >= {list, tuple} or types.isdisjoint({list, tuple, object})):
            answers = [list in types]
    if any(a is True for a in answers):
        return Leaf(Const(True), True)
    if all(a is False for a in answers):
        return Leaf(Const(False), False)
    if isinstance(args[0], Leaf):
        return None
    raise s.refuse("isinstance of this", "", getattr(expr, "at", None))


# What a number may be an instance of: Python's, and NumPy's of every size.
NUMBERS = (float, int, bool, complex, *(t for t in np.sctypeDict.values() if issubclass(t, np.number | np.bool_)))


def scalar(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``np.isscalar``: known from the structure, and of numbers and arrays; else a question for the run."""
    del keywords, expr, hint
    match args[0]:
        case Leaf(expr=of, known=known):
            kind = s.kind(of)
            told = known is not UNSET or is_list(kind) or isinstance(kind, Scalar | Array)
            answer = isinstance(kind, Scalar) or isinstance(known, str | bool | int | float)
            return Leaf(Const(answer), answer) if told else None
        case Seq() | Handle() | Lazy() | Fn() | Bound() | Partial() | Class():
            return Leaf(Const(False), False)
        case _:
            return None


def rank(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``np.ndim`` of an array, or a number, of which it is known; the text goes on asking."""
    del keywords, hint
    match args, expr:
        case [Leaf(of)], Call() if (axes := rank_of(s.kind(of))) is not None:
            return Leaf(replace(expr, args=(of,), keywords=()), axes)
        case _:
            return None


SORTS = {t.__name__: t for t in (list, dict, set, deque, OrderedDict, defaultdict, Counter)} | {tables.TABLE: dict}


def union(left: Value, right: Value) -> Seq | None:
    """``int | float`` of classes: all of them; None of anything else."""
    found = [in_union(v) or ((v,) if is_class(v) else ()) for v in (left, right)]
    if any(found) and all(parts or is_none(v) for parts, v in zip(found, (left, right), strict=True)):
        return Seq(tuple(v for parts in found for v in parts or (NOTHING,)))
    return None


def is_class(value: Value) -> bool:
    return isinstance(value, Class) or (isinstance(value, Leaf) and isinstance(value.known, type))


NOTHING = Leaf(Call(builtin_ref("type"), (Const(None),)), type(None))


def in_union(value: Value) -> tuple[Value, ...]:
    """The classes of a union that the module has a name for, or that has been put together here."""
    if isinstance(value, Seq) and all(map(is_class, value.items)):
        return value.items
    whole = value.value if isinstance(value, Outer) else value.known if isinstance(value, Leaf) else None
    parts = whole.__args__ if isinstance(whole, UnionType) else ()
    return tuple(Class(ClassInfo(t)) if is_users_class(t) else Leaf(Const(None), t) for t in parts)


def _unknown(s: Spec, expr: Expr | None) -> Value:
    raise s.refuse("isinstance of this", "", getattr(expr, "at", None))


def _is_instance(s: Spec, value: Value, cls: Value) -> bool | None:
    value = readable(s, value)
    if isinstance(cls, Class):
        own = attributes.class_of(s, value)
        if own is not None:
            return issubclass(own.type, cls.info.type)
        if not isinstance(value, Leaf) or isinstance(s.kind(value.expr), Scalar | Array):
            return False
        return False if assume.is_no_object(s, value) else None
    wanted: object = cls.known if isinstance(cls, Leaf) else None
    if isinstance(cls, Leaf) and isinstance(cls.expr, Ref) and is_builtin(cls.expr, "slice"):
        wanted = slice
    if not isinstance(wanted, type):
        return None
    match value:
        case Leaf(Slice()) | Lazy("slice"):
            return issubclass(slice, wanted)
        case Seq():
            return issubclass(tuple, wanted)
        case Handle():
            content = s.content(value)
            if content.cls is not None:
                return issubclass(content.cls.type, wanted)
            if content.assumed:
                raise s.refuse("isinstance of what only its use tells", assume.HINT)
            sort = SORTS.get(sort_of(s, value) or content.form)
            return None if sort is None else issubclass(sort, wanted)
        case Outer(value=found):
            return isinstance(found, wanted)
        case Fn() | Bound() | Partial() | Class():
            return False if wanted in (int, float, tuple, list, dict, str, np.ndarray) else None
        case Leaf(Ref(target=target)) if is_function_ref(value) and callable(getattr(target, "obj", callable)):
            return False if wanted in (int, float, tuple, list, dict, str, np.ndarray) else None
        case Leaf(expr, known):
            if known is None or isinstance(known, str | bool):
                return isinstance(known, wanted)
            kind = s.kind(expr)
            if isinstance(kind, Array):
                return issubclass(np.ndarray, wanted)
            if isinstance(kind, Scalar) and not any(issubclass(t, wanted) for t in NUMBERS):
                return False
            if isinstance(kind, Scalar) and kind.dtype is None and not kind.mixed and wanted in (int, float, bool):
                if kind.type == "bool":
                    return None  # of NumPy's, which are no ints, where numbers of NumPy's are compared
                plain = {"float": float, "int": int, "bool": bool}.get(kind.type)
                return None if plain is None else issubclass(plain, wanted)
            if isinstance(kind, Plain) and kind.what in ("str", "slice"):
                return wanted is {"str": str, "slice": slice}[kind.what]
            if issubclass(wanted, MappingView):  # of a dict, which is followed item by item, or refused
                return False
            usual = any(issubclass(t, wanted) for t in (*NUMBERS, np.ndarray, *PLAIN.values(), str, type(None), slice))
            return None if usual or not assume.is_no_object(s, value) else False
        case _:
            return None


def is_of_another(s: Spec, asked: Value, cls: Value) -> bool:
    """Is ``asked`` ``type(v)``, of a ``v`` that is for sure no instance of the class?"""
    match asked:
        case Leaf(Call(Ref() as ref, (of,), ())) if is_builtin(ref, "type") and is_class(cls):
            return _is_instance(s, Leaf(of), cls) is False
        case _:
            return False


def type_of(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``type(x)`` of an object of the user's, or of a tuple, list, dict or set whose items are known."""
    del keywords, hint, expr
    if len(args) != 1:
        return None
    if (cls := attributes.class_of(s, args[0])) is not None:
        return Class(cls)
    match args[0]:
        case Either(options=options) if all(attributes.class_of(s, v) is not None for v in options):
            return by_options(s, args[0], lambda v: attributes.get(s, v, "__class__", Attribute(Const(None), "")))
        case Seq():
            return Leaf(builtin_ref("tuple"), tuple)
        case Handle():  # what is called a list may have been made as a deque
            content = s.content(args[0])
            if content.form in PLAIN and content.part is None and (content.borrowed or is_plain(content.site)):
                return Leaf(builtin_ref(content.form), PLAIN[content.form])
            return None
        case Outer(value=found) if type(found) in PLAIN.values():
            return Leaf(builtin_ref(type(found).__name__), type(found))
        case _:
            return None


def is_plain(site: object) -> bool:
    """Is it made by a display, or by ``list``, ``dict``, ``set`` or ``sorted``?"""
    match site:
        case List() | Dict() | SetOf() | Comprehension() | Call(Call(Ref(target=Library("builtins", "type")))):
            return True
        case Call(Ref(target=Library("builtins", name))):
            return name in (*PLAIN, "sorted")
        case _:
            return False


PLAIN: dict[str, type] = {"tuple": tuple, "list": list, "dict": dict, "set": set}


def subclass(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``issubclass`` of classes, which are known."""
    del keywords, hint

    def type_in(value: Value) -> type:
        found = value.info.type if isinstance(value, Class) else value.known if isinstance(value, Leaf) else None
        if not isinstance(found, type):
            raise s.refuse("issubclass of this", "", getattr(expr, "at", None))
        return found

    wanted = in_union(args[1]) or containers.sequence(s, args[1])
    answer = issubclass(type_in(args[0]), tuple(map(type_in, wanted if wanted is not None else (args[1],))))
    return Leaf(Const(answer), answer)
