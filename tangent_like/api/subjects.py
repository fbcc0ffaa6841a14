"""What is differentiated: a function, or a method, a decorated function, a partial or an object that is called.

Of what is not a plain function the derivative is that of a function that calls it:

    def loss(self, x):
        return self.loss(x)
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent_like.errors import RequestError
from tangent_like.frontend.live import is_library, is_matrix, live_target
from tangent_like.frontend.one_name import OneName
from tangent_like.frontend.source import FunctionSource, from_function, from_text
from tangent_like.ir.nodes import Library, Target
from tangent_like.rules.apply import rule_for
from tangent_like.rules.attached import rule_on
from tangent_like.rules.rule import Rule

Function = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Subject:
    """``signature`` is how it is called; ``bound`` what comes before the arguments (the object of a method)."""

    source: Callable[[], FunctionSource]
    signature: inspect.Signature
    watched: tuple[types.FunctionType, ...]
    bound: tuple[Any, ...] = ()


def subject_of(f: Any, ruled: Rule | None = None) -> Subject:
    """How ``f`` is differentiated; an error for what has no source. With a rule it is called, and not opened."""
    if isinstance(f, types.MethodType) and isinstance(f.__func__, types.FunctionType):
        own = inspect.signature(f.__func__)
        first = next(iter(own.parameters), "")
        if not first:
            what = f"{f.__qualname__} has no parameter for its object"
            raise RequestError(what, hint="differentiate a plain function")
        return _calling(f"{first}.{f.__name__}", own, f.__name__, None, (f.__func__,), (f.__self__,))
    if (of_library := library_call(f)) is not None:
        return of_library
    if isinstance(f, types.FunctionType):
        name = f.__name__ if f.__name__.isidentifier() else "f"
        signature = inspect.signature(f)

        def called() -> Subject:
            return _calling(name, signature, name, live_target("", name, f), (f,))

        if hasattr(f, "__wrapped__"):
            return called()
        return Subject(lambda: called().source() if ruled or rule_on(f) else from_function(f), signature, (f,))
    if ruled is not None:
        name = getattr(f, "__name__", "f")
        assert ruled.own is not None
        return _calling(name, ruled.own.signature, name, live_target("", name, f), ())
    wrapped = getattr(f, "__wrapped__", None) or getattr(f, "py_func", None)
    if type(f).__name__ == "_lru_cache_wrapper" or (hasattr(f, "py_func") and isinstance(wrapped, types.FunctionType)):
        return subject_of(wrapped)
    if is_matrix(f):
        base = (f.base,) if isinstance(f.base, types.FunctionType) else ()
        return _calling("f", f.driver.signature, f.__name__, live_target("", "f", f), base)
    if isinstance(f, functools.partial):
        inner = f.func
        watched = (inner,) if isinstance(inner, types.FunctionType) else ()
        name = getattr(inner, "__name__", "f")
        signature = inspect.signature(f)
        kept = [p for p in signature.parameters.values() if p.name not in f.keywords]
        return _calling("f", signature.replace(parameters=kept), name, live_target("", "f", f), watched)
    call = next((vars(c)["__call__"] for c in type(f).__mro__ if "__call__" in vars(c)), None)
    if isinstance(call, types.FunctionType) and not is_library(type(f).__module__ or "") and not isinstance(f, type):
        own = inspect.signature(call)
        first = next(iter(own.parameters), "self")
        return _calling(first, own, type(f).__name__.lower(), None, (call,), (f,))
    source = from_function(f)  # says why there is none
    return Subject(lambda: source, inspect.signature(f), ())


PLAIN = inspect.Parameter.POSITIONAL_OR_KEYWORD
BESIDES = (
    inspect.Parameter("more", inspect.Parameter.VAR_POSITIONAL),
    inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD),
)


def library_call(f: Any) -> Subject | None:
    """A function of NumPy, SciPy or Python itself, which is known by its rule: called with what it must have.

    What it may have besides is passed on as it is given.
    """
    if isinstance(f, type) or (isinstance(f, types.FunctionType) and not is_library(f.__module__ or "")):
        return None
    name = getattr(f, "__name__", "")
    target = live_target("", name, f) if name.isidentifier() else None
    if not isinstance(target, Library) or target.module.partition(".")[0] == "tangent_like" or not rule_for(target):
        return None
    if isinstance(f, np.ufunc):
        names = ["x"] if f.nin == 1 else [f"x{k + 1}" for k in range(f.nin)]
        return _calling(name, inspect.Signature([inspect.Parameter(n, PLAIN) for n in names]), name, target, ())
    try:
        params = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return None
    needed = [p for p in params if p.kind in (p.POSITIONAL_ONLY, PLAIN) and p.default is p.empty]
    made = [inspect.Parameter(p.name, PLAIN) for p in needed]
    return _calling(name, inspect.Signature([*made, *BESIDES]), name, target, ())


def _calling(
    spelled: str,
    signature: inspect.Signature,
    name: str,
    target: Target | None,
    watched: tuple[types.FunctionType, ...],
    bound: tuple[Any, ...] = (),
) -> Subject:
    """A function that calls something, with its parameters."""
    name = name if name.isidentifier() else "f"
    params = list(signature.parameters.values())
    given = []
    shown = []
    starred = False
    for param in params:
        if param.kind is param.KEYWORD_ONLY and not starred:
            shown.append("*")
            starred = True
        mark = "*" if param.kind is param.VAR_POSITIONAL else "**" if param.kind is param.VAR_KEYWORD else ""
        starred = starred or param.kind is param.VAR_POSITIONAL
        shown.append(f"{mark}{param.name}")
        given.append(f"{param.name}={param.name}" if param.kind is param.KEYWORD_ONLY else f"{mark}{param.name}")
    arguments = ", ".join(given[len(bound) :])
    lines = (f"def {name}({', '.join(shown)}):", f"    return {spelled}({arguments})")
    code = watched[0].__code__ if watched else None
    at = ("<call>", 1) if code is None else (code.co_filename, code.co_firstlineno)
    scope = OneName(spelled, target)
    # read when it is asked for: a second call of ``tl.vjp`` has no need of it
    return Subject(functools.cache(lambda: from_text(lines, name, scope, *at)), signature, watched, bound)
