"""Which functions of the user's hand out functions, or have no name: they are written out where they are called.

    def activation(name):                  what is called with the result stands at the call, as if it had been
        if name == "relu":                 named there
            return relu
        return getattr(np, name)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tangent_like.errors import DifferentiationError
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Bind,
    Call,
    Choose,
    Comprehension,
    Define,
    Dict,
    Expr,
    Function,
    Global,
    Index,
    Lambda,
    Library,
    List,
    Logic,
    Name,
    Ref,
    Return,
    Store,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import base_name, statements
from tangent_like.kinds.structure import is_one_of_a_kind
from tangent_like.specialize.modules import is_module
from tangent_like.specialize.values import is_builtin

FEW = 8  # statements of a function without a name that is written out
READERS = ("get", "pop", "setdefault", "copy")  # methods of tables that return what they hold


@dataclass(frozen=True, eq=False)
class FunctionMakers:
    read: Callable[[UserFunction], Function]
    found: dict[UserFunction, bool] = field(default_factory=dict)

    def hands(self, target: UserFunction) -> bool:
        """Is it called for a function, or by no name: may a function or module be, or be in, what it returns?

        So is one that takes a module where it is not given it, and a short one without a name in any module.
        """
        if target not in self.found:
            self.found[target] = False  # while it is found out: a recursive call alone hands out nothing
            with suppress(DifferentiationError):  # refused where it matters, with its place
                function = self.read(target)
                self.found[target] = self.returns_one(function) or is_nameless(target, function)
        return self.found[target]

    def returns_one(self, function: Function) -> bool:
        held: set[str] = set()
        before = -1
        while len(held) != before:  # a name may be bound to another that is bound below
            before = len(held)
            for stmt in statements(function.body):
                match stmt:
                    case Define(name):
                        held.add(name)
                    case Assign(targets, values) if len(targets) == len(values):
                        held.update(t for t, v in zip(targets, values, strict=True) if self.is_one(v, held))
                    case Assign(targets, (value,)) if self.is_one(value, held):
                        held.update(targets)
                    case Bind(Name(id), _, value) if self.is_one(value, held):
                        held.add(id)
                    case Store(target, _, value) if self.is_one(value, held):
                        held.add(base_name(target) or "")
                    case _:
                        pass
        returned = [s.value for s in statements(function.body) if isinstance(s, Return) and s.value is not None]
        return any(is_module(p.default) for p in function.params) or any(self.is_one(v, held) for v in returned)

    def is_one(self, expr: Expr, held: set[str]) -> bool:
        """Is it a function, or what holds some?"""
        match expr:
            case Lambda():
                return True
            case Name(id):
                return id in held
            case Ref(target=UserFunction()):
                return True
            case Ref(target=Library(obj=obj) | Global(value=obj)):
                return holds_function(obj)
            case Choose(_, body, orelse):
                return self.is_one(body, held) or self.is_one(orelse, held)
            case Logic(_, items) | Tuple(items) | List(items):
                return any(self.is_one(item, held) for item in items)
            case Dict(_, values):
                return any(self.is_one(value, held) for value in values)
            case Index(value, _) | Comprehension("dict", _, value) | Comprehension(_, value):
                return value is not None and self.is_one(value, held)
            case Call(Attribute(value, name), args) if name in READERS:
                return any(self.is_one(part, held) for part in (value, *args))
            case Call(Ref() as ref, args) if is_builtin(ref, "getattr"):
                return is_module(args[0]) or any(self.is_one(part, held) for part in args)
            case Call(Ref(target=Library(_, "partial"))):
                return True
            case Call(Ref(target=UserFunction() as target)):
                return self.hands(target)
            case _:
                return False


def is_nameless(target: UserFunction, function: Function) -> bool:
    """Is it a short one that no module has a name for, as what a decorator hides? No text could call it."""
    if target.qualname.endswith("<lambda>"):
        return True
    hidden = "<locals>" in target.qualname
    module = sys.modules.get(getattr(target.source, "__module__", None) or "")
    if module is not None and "." not in target.qualname:
        hidden = vars(module).get(target.qualname, target.source) is not target.source
    return hidden and sum(1 for _ in statements(function.body)) <= FEW


def holds_function(value: object) -> bool:
    """Is it a function, or a table with one? A class is none: what it makes is not called for being made."""
    if isinstance(value, dict):
        return any(map(holds_function, value.values()))
    if type(value) in (list, tuple):
        return any(map(holds_function, value))  # type: ignore[call-overload]
    return isinstance(value, UserFunction) or (is_one_of_a_kind(value) and not isinstance(value, type))
