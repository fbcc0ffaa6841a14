"""What a program writes into objects of its module: it is done where it stands, once, and carries no derivative.

    def counted(f):
        def wrapper(x):
            wrapper.calls += 1               # of a function
            Model.evaluations += 1           # of a class
            LAST.loss = loss                 # of an object
            return f(x)

The program may read what it has written: then it is read where it stands, and kept. What another function of the
program takes for a constant, and this one writes, is refused.
"""

from __future__ import annotations

import abc
import sys
from collections.abc import Mapping
from types import FunctionType, MemberDescriptorType, ModuleType

from tangent_like.frontend.module_names import name_of
from tangent_like.frontend.parsed import parsed
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Dict,
    Do,
    Expr,
    Global,
    List,
    Name,
    Ref,
    Unary,
    UserFunction,
)
from tangent_like.ir.nodes import Tuple as TupleOf
from tangent_like.kinds.kind import INT, TEXT, Plain, Scalar, is_float, numeric
from tangent_like.specialize.classes import is_users_object
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Class, Fn, Leaf, Outer, Value, named

OTHERS: Mapping[type, str] = {int: "of other kinds", str: "no text"}  # what may be written where such is now
# Each gives something new, or what nobody writes into.
NEW = (Binary, Unary, Compare, Const)
OF_PYTHON = (type, abc.ABCMeta)  # what makes classes whose attributes are set as any object's


def put(s: Spec, holder: Value, place: Expr | None, name: str, op: str, new: Value, at: tuple[int, int] | None) -> bool:
    """``holder.name op= new``; False where ``holder`` is nothing of the module's. ``place``: what a class is called."""
    if isinstance(holder, Fn):  # it ends with the program, and who reads its attribute is refused
        return True
    found = of_module(holder, place)
    if found is None:
        return False
    where, held = found
    refuse_own_setters(s, held, name, at)
    value = s.materialize(new)
    s.facts.learn_outside(held, name, not is_note(s, value))
    if not (isinstance(value, NEW) or isinstance(numeric(s.kind(value)), Scalar | Plain)):
        hint = "keep a number there, as float(...), or return it"
        raise s.refuse(f"keeping what may be an array in the attribute {name!r} of something outside", hint, at)
    note_other(s, held, name, op, value)
    slot = (where, Const(name))
    value = Binary(op, Call(builtin_ref("getattr"), slot), value) if op else value
    s.emit(Do(Call(builtin_ref("setattr"), (*slot, value), (), at), s.origin))
    return True


def got(s: Spec, holder: Value, place: Expr | None, name: str) -> Value | None:
    """``holder.name``, where the program writes that; None where it is as it was when the derivative was made."""
    found = of_module(holder, place)
    if found is None:
        return None
    where, held = found
    if not s.facts.outside.may_write(held, name):
        s.facts.outside.read[id(held), name] = held
        return None
    return asked(s, "getattr", held, name, (where, Const(name)))


def module_of(target: Global) -> ModuleType | None:
    """The module that has a name of a live program."""
    module = sys.modules.get(target.owner)
    return module if module is not None and target.read is not None and target.name in vars(module) else None


def of_name(s: Spec, ref: Ref, target: Global) -> Value | None:
    """A name of the module, where a function of the program writes that; None where it is as it was."""
    module, name = module_of(target), target.name
    if module is None or isinstance(target.value, ModuleType):
        return None
    if not s.facts.outside.may_write(module, name):
        s.facts.outside.read[id(module), name] = module
        return None
    own = name_of(module)
    known = Ref(own, found := Global(module.__name__, own, module), ref.at, found)
    return asked(s, "getattr", module, name, (known, Const(name)))


def asked(s: Spec, by: str, held: object, name: str, args: tuple[Expr, ...]) -> Value:
    """A variable with what is there now: a whole number, where it is one and nothing else is written."""
    if by == "getattr" and name in s.facts.outside.varied:
        what = f"the attribute {name!r} of something outside, which is given what may carry a derivative, and read,"
        raise s.refuse(what, "keep it in a variable as well, and read that")
    own = s.fresh(name if by == "getattr" else f"has_{name}")
    s.facts.notes.add(own)
    s.assign(own, Call(builtin_ref(by), args))
    sort = type(getattr(held, name, 0)) if by == "getattr" else None
    if sort is not None and sort in OTHERS and stays(s, held, name, sort):
        s.reads.append((lambda: type(getattr(held, name, 0)), sort))
        s.state.kinds[own] = INT if sort is int else TEXT
    return named(own)


def note_other(s: Spec, held: object, name: str, op: str, value: Expr) -> None:
    """What is written there may be no whole number, or no text, even if that is there now."""
    is_whole = s.kind(value) == INT or (isinstance(value, Const) and type(value.value) is int)
    if not is_whole or op in ("/", "**"):
        s.facts.learn_outside(held, f"{name}, {OTHERS[int]}", False)
    if s.kind(value) != TEXT:
        s.facts.learn_outside(held, f"{name}, {OTHERS[str]}", False)


def stays(s: Spec, held: object, name: str, sort: type) -> bool:
    """Is only what is of this sort written where such is now?"""
    return not s.facts.outside.may_write(held, f"{name}, {OTHERS[sort]}")


def is_plain(s: Spec, value: Expr) -> bool:
    """Does it carry no derivative for sure?"""
    kind = s.kind(value)
    return isinstance(value, Const) or isinstance(kind, Plain) or (isinstance(kind, Scalar) and not is_float(kind))


def by_name(s: Spec, holder: Value, name: str, default: Value | None = None) -> Value | None:
    """``getattr(holder, name, default)`` of a function; None of anything else."""
    found = of_module(holder, None) if isinstance(holder, Leaf) else None
    if found is None:
        return None
    where, held = found
    if s.facts.outside.may_write(held, name):
        more = () if default is None else (s.materialize(default),)
        return asked(s, "getattr", held, name, (where, Const(name), *more))
    if default is not None and not has(s, held, name):
        return default
    s.facts.outside.read[id(held), name] = held
    return Leaf(Attribute(where, name))


def has(s: Spec, held: object, name: str) -> bool:
    """``hasattr(held, name)`` of what the program does not write."""
    s.facts.outside.read[id(held), name] = held
    there = hasattr(held, name)
    s.reads.append((lambda: hasattr(held, name), there))
    return there


def has_by_name(s: Spec, holder: Value, name: str) -> Value | None:
    """``hasattr(holder, name)`` of a function; None of anything else."""
    found = of_module(holder, None) if isinstance(holder, Leaf) else None
    if found is None:
        return None
    where, held = found
    if s.facts.outside.may_write(held, name):
        return asked(s, "hasattr", held, name, (where, Const(name)))
    there = has(s, held, name)
    return Leaf(Const(there), there)


def of_module(holder: Value, place: Expr | None) -> tuple[Expr, object] | None:
    """How something of the module is called, and what it is; None for anything else, and where a file is only read."""
    match holder:
        case Class(info) if place is not None and parsed(info.type) is None:
            return place, info.type
        case Outer(expr, value):
            return expr, value
        case Leaf(Ref(target=UserFunction(source=FunctionType() as source)) as ref):
            return ref, source
        case Leaf(Ref(target=Global(value=ModuleType() as module)) as ref):
            return ref, module
        case _:
            return None


def refuse_own_setters(s: Spec, held: object, name: str, at: tuple[int, int] | None) -> None:
    """What sets an attribute may be a function of the user's, which may write anything."""
    cls = held if isinstance(held, type) else type(held)
    plain = is_users_object(held) or isinstance(held, FunctionType | ModuleType) or type(held) in OF_PYTHON
    setter: object = cls.__setattr__
    known = plain and setter in (object.__setattr__, FunctionType.__setattr__, ModuleType.__setattr__)
    own = None if isinstance(held, type) else getattr(cls, name, None)
    if not known or (hasattr(own, "__set__") and not isinstance(own, MemberDescriptorType)):
        what = f"an assignment to the attribute {name!r} of something outside, which sets it its own way,"
        raise s.refuse(what, "return the value instead", at)


def parts_of(value: Expr) -> tuple[Expr, ...]:
    match value:
        case TupleOf(items) | List(items):
            return tuple(p for item in items for p in parts_of(item))
        case Dict(_, values):
            return tuple(p for item in values for p in parts_of(item))
        case _:
            return (value,)


def is_note(s: Spec, value: Expr) -> bool:
    """Does it carry no derivative for sure?"""
    return all(carries_none(s, part) for part in parts_of(value))


def carries_none(s: Spec, value: Expr) -> bool:
    match value:
        case Name(id) if id in s.facts.notes:
            return True
        case Binary(_, left, right):
            return carries_none(s, left) and carries_none(s, right)
        case Unary(_, operand):
            return carries_none(s, operand)
        case _:
            return is_plain(s, value)
