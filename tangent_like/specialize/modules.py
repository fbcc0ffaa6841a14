"""A module of a library as a value: ``xp = np``, ``def f(x, xp=np)``, ``getattr(np, name)``."""

from __future__ import annotations

from types import ModuleType

from tangent_like.frontend.live import live_target
from tangent_like.frontend.resolve import attribute_of
from tangent_like.ir.nodes import At, Expr, Library, Ref
from tangent_like.specialize.values import Leaf, Value


def is_module(expr: Expr | None) -> bool:
    match expr:
        case Ref(target=Library(obj=ModuleType())):
            return True
        case _:
            return False


def module_of(value: Value) -> Ref | None:
    """The module of a library that a value is; None for anything else."""
    return value.expr if isinstance(value, Leaf) and isinstance(value.expr, Ref) and is_module(value.expr) else None


def member(value: Value, name: str, at: At) -> Leaf | None:
    """``value.name`` of a module, spelled so; None where there is nothing of the name, or that is no module."""
    module = module_of(value)
    found = None if module is None else attribute_of(module.target, name)
    if module is None or not isinstance(found, Library):
        return None
    return Leaf(Ref(f"{module.spelling}.{name}", found, at, module.root or module.target), found.obj)


def of_library(found: object) -> Leaf | None:
    """What a value that was found outside is, where it is a module of a library."""
    target = live_target("", "", found) if isinstance(found, ModuleType) else None
    if not isinstance(target, Library):
        return None
    spelling = "np" if target.module == "numpy" else target.module.rpartition(".")[2]
    return Leaf(Ref(spelling, target, None, target), found)
