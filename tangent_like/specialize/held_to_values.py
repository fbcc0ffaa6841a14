"""Text for the very values of arguments: None, strings and functions, and bools inside of others.

A call that goes through the cache finds the text for its own. Text that leaves it says what it is for:

    if mode != 'soft':
        raise ValueError("this derivative is for mode == 'soft'")
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping

from tangent_like.ir.nodes import Attribute, Compare, Const, Expr, Function, Index, Name, UserFunction
from tangent_like.ir.walk import children, expressions, reads, statements
from tangent_like.kinds.structure import Known, Shape
from tangent_like.specialize.spec import Spec


def held_to(s: Spec, function: Function, reach: Expr | None, value: object) -> None:
    """Note what the text is right for, if the function reads the argument at all."""
    at = None if reach is None else text_of(reach)
    if at is None or not any(at[0] in reads(stmt) for stmt in statements(function.body)):
        return
    found = condition(at[1], value)
    if found is not None:
        s.conditions.append(found)


def condition(at: str, value: object) -> tuple[str, str] | None:
    """When it is not right, with what is then said; None of an object that no text tells apart."""
    if isinstance(value, enum.Enum):
        return f"getattr({at}, 'name', '') != {value.name!r}", f"this derivative is for {at} that is {value.name}"
    if value is None:
        return f"{at} is not None", f"this derivative is for {at} that is None"
    name = value.qualname if isinstance(value, UserFunction) else getattr(value, "__name__", None)
    if isinstance(name, str):
        return f"getattr({at}, '__name__', '') != {name!r}", f"this derivative is for {at} named {name}"
    if isinstance(value, bool):
        return (f"not {at}" if value else at), f"this derivative is for {at} that is {value}"
    return (f"{at} != {value!r}", f"this derivative is for {at} == {value!r}") if isinstance(value, str) else None


def unread(emitted: Function, function: Function, shapes: Mapping[str, Shape]) -> Iterator[tuple[str, str]]:
    """Of a function of the core: the values that it has been told by, where its text does not read the argument."""
    for param in function.params:
        shape = shapes.get(param.name)
        if not isinstance(shape, Known) or isinstance(shape.value, bool):
            continue
        if any(is_read(e, param.name) for e in everywhere(function)) and not any(
            is_read(e, param.name) for e in everywhere(emitted)
        ):
            found = condition(param.name, shape.value)
            if found is not None:
                yield found


def everywhere(function: Function) -> Iterator[Expr]:
    return (e for stmt in statements(function.body) for e in expressions(stmt))


def is_read(expr: Expr, name: str) -> bool:
    """Is it read otherwise than to ask whether it is None?"""
    if isinstance(expr, Compare) and expr.ops in (("is",), ("is not",)):
        return False
    return (isinstance(expr, Name) and expr.id == name) or any(is_read(e, name) for e in children(expr))


def text_of(reach: Expr) -> tuple[str, str] | None:
    """The parameter, and how a part of it is reached."""
    match reach:
        case Name(id):
            return id, id
        case Attribute(value, name):
            inner = text_of(value)
            return None if inner is None else (inner[0], f"{inner[1]}.{name}")
        case Index(value, Const(key)):
            inner = text_of(value)
            return None if inner is None else (inner[0], f"{inner[1]}[{key!r}]")
        case _:
            return None
