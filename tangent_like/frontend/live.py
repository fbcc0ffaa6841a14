"""Live objects to what they refer to: a function of the user's, something of a library, a value to be read."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import TypeGuard

import numpy as np

from tangent_like.ir.nodes import Global, Library, Target, UserFunction
from tangent_like.runtime.opened import OPENED

# Packages whose functions are primitives: never opened, known by rule or refused.
LIBRARIES = frozenset({"numpy", "scipy", "tangent_like", "numba", "matplotlib", "pandas", "tqdm"})

# What emitted functions say their module is: they are differentiated like the user's own.
DERIVED = "tangent_like.derived"


# Functions of ours that are programs like the user's: what several steps of a library say, what returns functions.
SAID_AS_PROGRAMS = frozenset(
    f"tangent_like.rules.{name}" for name in ("by_functions", "programs", "quadrature", "sparse_matrices")
)
PROGRAMS = SAID_AS_PROGRAMS | {"tangent_like.runtime.expectations"}


def is_library(module: str) -> bool:
    if module == DERIVED or module in PROGRAMS:
        return False
    root = module.partition(".")[0]
    return root in LIBRARIES or root in sys.stdlib_module_names


def opens(module: str | None) -> bool:
    """Is it a function of this module to which opened helpers are functions like any other: a derivative, a helper?"""
    return module == DERIVED or (module or "").startswith("tangent_like.runtime.")


def is_opened(value: object) -> bool:
    """Is it a helper of the runtime that is differentiated by its text, like a function of the user's?"""
    name, module = getattr(value, "__name__", ""), getattr(value, "__module__", None) or ""
    return name in OPENED and module.startswith("tangent_like.runtime.")


def is_program(value: object) -> TypeGuard[types.FunctionType]:
    """Is it a function of ours that says what a library does in several steps?"""
    return isinstance(value, types.FunctionType) and value.__module__ in SAID_AS_PROGRAMS


def is_derivative(value: object) -> bool:
    """Is it what ``tl.grad`` returns? It says so itself: this layer does not know it."""
    return getattr(type(value), "is_derivative", False) is True


def is_matrix(value: object) -> bool:
    """Is it what ``tl.jacobian`` or ``tl.hessian`` returns?"""
    return getattr(type(value), "is_matrix", False) is True


def live_target(owner: str, name: str, value: object, read: Callable[[], object] | None = None) -> Target:
    """What a live value is: a function of the user's, something of a library, or a value to be read."""
    if isinstance(value, types.ModuleType):
        if is_library(value.__name__):
            return Library(value.__name__, "", value)
        return Global(owner, name, value, None, read)
    if isinstance(value, types.FunctionType) and not is_library(value.__module__ or ""):
        return function_target(value)
    cached = cached_function(value)
    if cached is not None:  # called as it is, read as what it caches
        found = function_target(cached)
        return UserFunction(found.owner, found.qualname, value)
    if is_derivative(value):
        base, chain, label = (getattr(value, n) for n in ("base", "chain", "label"))
        return UserFunction(f"{chain} of {id(base)}", f"{chain[-1].mode} of {label}", value)
    library = None if is_library_method(value) or isinstance(value, np.vectorize) else _library_object(value)
    if library is not None:
        return library
    return Global(owner, name, value, None, read)


def cached_function(value: object) -> types.FunctionType | None:
    """The function of the user's that ``functools.cache`` or ``lru_cache`` was put on."""
    wrapped = value.__wrapped__ if type(value).__name__ == "_lru_cache_wrapper" else None  # type: ignore[attr-defined]
    if not isinstance(wrapped, types.FunctionType):
        return None
    return None if is_library(wrapped.__module__ or "") else wrapped


def function_target(fn: types.FunctionType) -> UserFunction:
    """A function that is followed: its code and closure tell it apart from others of its name, made by a factory."""
    code = fn.__code__
    return UserFunction(f"{code.co_filename}:{code.co_firstlineno}:{_identity(fn)}", fn.__qualname__, fn)


def _identity(fn: types.FunctionType) -> str:
    """Functions that a factory makes share file, line and name, but not their closures and defaults."""
    return f"{fn.__module__}#{id(fn)}"


def is_library_method(value: object) -> bool:
    """A method of an object of the standard library, as ``logger.info``: called on that very object."""
    if not isinstance(value, types.MethodType) or isinstance(value.__self__, type):
        return False
    root = (type(value.__self__).__module__ or "").partition(".")[0]
    return root in sys.stdlib_module_names


def _library_object(value: object) -> Library | None:
    """A callable of a library, with the module and name by which it can be imported."""
    if isinstance(value, types.MethodType) and not isinstance(value.__self__, type):
        return _method_of_named(value)
    if not callable(value):
        return None
    module = getattr(value, "__module__", None)
    qualname = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if module is None and hasattr(value, "types") and hasattr(value, "nin"):  # a ufunc that names no module
        found_in = (m for m in ("numpy", "scipy.special") if getattr(sys.modules.get(m), str(qualname), None) is value)
        module = next(found_in, None)
    if not isinstance(module, str) or not is_library(module):
        return None
    if not isinstance(qualname, str):  # an object that a package has under a name, as scipy.stats has distributions
        return _named_object(module, value)
    parts = module.split(".")
    for candidate in (".".join(parts[: k + 1]) for k in range(len(parts))):  # the shortest that has it
        found = getattr(sys.modules.get(candidate), qualname, None)
        if found is value:
            return Library(candidate, qualname, value)
    return Library(module, qualname, value)


def _method_of_named(method: types.MethodType) -> Library | None:
    """``norm.cdf``, of an object that a package has under a name."""
    module = type(method.__self__).__module__
    holder = _named_object(module, method.__self__) if is_library(module) else None
    return None if holder is None else Library(holder.module, f"{holder.qualname}.{method.__name__}", method)


def _named_object(module: str, value: object) -> Library | None:
    if isinstance(value, types.MethodType) or module.partition(".")[0] == "numpy":
        return None
    parts = module.split(".")
    for k in range(1, len(parts)):
        package = ".".join(parts[: k + 1])
        for name, found in vars(sys.modules.get(package, types)).items():
            if found is value and not name.startswith("_"):
                return Library(package, name, value)
    return None
