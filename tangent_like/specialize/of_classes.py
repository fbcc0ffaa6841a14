"""What a class had under a name when the text was made: looked up again at each call, as the program would.

    model.loss = ...                 # the object has one of its own from now on
    Model.loss = ...                 # the class has another
"""

from __future__ import annotations

import types
from collections.abc import Callable

from tangent_like.frontend.parsed import parsed
from tangent_like.specialize.classes import ClassInfo, Member
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Class, Handle, Outer, Seq, Value

MISSING = object()


def watch_lookup(s: Spec, holder: Value, name: str) -> None:
    """That ``holder``, an object or a class itself, has under ``name`` what its class has."""
    match holder:
        case Outer(read=read):
            now: Callable[[], object] = lambda: found_in(read(), name)
        case Class(info) | Seq(cls=ClassInfo() as info) if parsed(info.type) is None:
            now = lambda: found_by(info.type, name)
        case Handle() if (of := s.content(holder).cls) is not None and parsed(of.type) is None:
            now = lambda: found_by(of.type, name)
        case _:
            return
    then = now()
    s.reads.append((lambda: now() is then, True))


def watch_code(s: Spec, member: Member) -> None:
    """That the function of a class has the code that was read, and what it finds outside is what it was."""
    fn = member.target.source if member.target is not None else None
    if isinstance(fn, types.FunctionType):
        s.methods[fn] = None


def found_in(value: object, name: str) -> object:
    own: object = getattr(value, "__dict__", {}).get(name, MISSING)
    return found_by(type(value), name) if own is MISSING else own


def found_by(cls: type, name: str) -> object:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), MISSING)
