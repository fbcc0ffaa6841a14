"""Emitted functions compiled by Numba: eagerly, for the types of one call, and what it cannot take as our error.

Numba looks names up in the globals of a function, so all that a function calls is compiled with it: the other
emitted functions, those of the runtime, and helpers of the user's that carry no derivative.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tangent_like.backend.jit_files import kept_file
from tangent_like.backend.load import Loaded
from tangent_like.errors import NOWHERE, Place, UnsupportedError
from tangent_like.frontend.live import is_library
from tangent_like.frontend.lower import place_of
from tangent_like.request import Jit

Function = Callable[..., Any]
EMPTY = "cannot compute fingerprint of empty list"
HINT = 'jit="auto" runs in Python what Numba does not take'


@dataclass(eq=False)
class Native:
    """A function compiled by Numba: called as it is called, compiled anew only for types not seen before.

    The types of a compilation of ours are those of the arguments up to their layout in memory.
    """

    dispatcher: Any
    loaded: Loaded
    auto: bool = False  # runs in Python where Numba refuses

    def __post_init__(self) -> None:
        self.__name__: str = self.dispatcher.__name__
        self.__code__: types.CodeType = self.dispatcher.py_func.__code__

    def __call__(self, *args: Any) -> Any:
        try:
            if not self.dispatcher.overloads:
                self.prepare(args)
            return self.dispatcher(*args)
        except TypeError:
            if not self.prepare(args):
                raise
        except (ValueError, UnsupportedError) as error:
            if EMPTY not in str(error) and not (self.auto and isinstance(error, UnsupportedError)):
                raise
            return self.loaded.functions[self.__name__](*args)  # of what would be in the list nothing is known
        except NotImplementedError:
            return self.loaded.functions[self.__name__](*args)  # Numba's ``reshape`` looks at the layout as it runs
        return self.dispatcher(*args)

    def prepare(self, args: tuple[Any, ...]) -> bool:
        """Compile for the types of these arguments; False if that has been done already."""
        from numba import typeof

        with said_by_us(self.loaded):
            return self.compile(tuple(map(typeof, args)))

    def compile(self, signature: tuple[Any, ...]) -> bool:
        if signature in self.dispatcher.overloads:
            return False
        with said_by_us(self.loaded):
            self.dispatcher.disable_compile(False)
            self.dispatcher.compile(signature)
            self.dispatcher.disable_compile()
        return True

    @property
    def returns(self) -> Any:
        """Numba's type of the result, for the signature compiled first."""
        return next(iter(self.dispatcher.overloads.values())).signature.return_type


@contextlib.contextmanager
def said_by_us(loaded: Loaded) -> Iterator[None]:
    """Numba's errors as ours, with the user's line; its advice about speed is not for our caller."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UnsupportedError:
        raise
    except Exception as error:  # whatever stops Numba, the program is refused
        raise UnsupportedError(f"Numba does not compile this: {reason(error)}", where(error, loaded), HINT) from error


def reason(error: Exception) -> str:
    """The part of Numba's message that says what it does not take, on one line."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("Failed in", "Overload", "There are", "-"))]
    said = [line for line in lines if not line.startswith(("During", "File", "raised from", "Rejected", "With arg"))]
    short = " ".join(said[:2]) or type(error).__name__
    return short if len(short) <= 240 else short[:237] + "..."


def where(error: Exception, loaded: Loaded) -> Place:
    """The user's statement that the compiled line comes from."""
    found = re.findall(r'File "([^"]+)", line (\d+)', str(error))
    lines = [int(line) for file, line in found if file == loaded.file]
    loc = getattr(error, "loc", None)
    if loc is not None and loc.filename == loaded.file:
        lines.append(loc.line)
    for line in lines:
        if 0 < line <= len(loaded.origins) and loaded.origins[line - 1] is not None:
            return place_of(loaded.origins[line - 1])
    return place_of(loaded.entry) if loaded.entry is not None else NOWHERE


def natively(loaded: Loaded, compiled: Mapping[str, str], jit: Jit) -> dict[str, Function]:
    """The functions, those named in ``compiled`` by Numba."""
    try:
        import numba  # noqa: F401
    except ImportError as error:
        raise UnsupportedError("jit needs Numba", NOWHERE, "pip install 'tangent_like[jit]'") from error
    if jit.has("cache"):
        loaded = in_file(loaded, jit, compiled)
    options = {n: set(v) if isinstance(v, frozenset) else v for n, v in jit.options}
    work = Work(options, loaded.file, {f.__code__: compiled.get(n, "") for n, f in loaded.functions.items()})
    made: dict[str, Function] = dict(loaded.functions)
    for name in loaded.functions:
        if name in compiled:
            made[name] = Native(work.compiled(loaded.functions[name]), loaded, jit.auto)
    for fn in loaded.functions.values():  # what stays in Python calls what is compiled
        if fn.__name__ not in compiled:
            fn.__globals__.update({n: made[n] for n in compiled})
    return made


@dataclass(eq=False)
class Work:
    options: dict[str, Any]
    file: str
    models: Mapping[types.CodeType, str]  # how a division by 0 ends
    done: dict[types.FunctionType, Any] = field(default_factory=dict)

    def compiled(self, fn: types.FunctionType) -> Any:
        """The dispatcher for a function, whose globals hold dispatchers for what it calls."""
        import numba

        from tangent_like.backend.lacking.numpy_module import seen_compiled
        from tangent_like.backend.overloads import OVERLOADED

        if fn in self.done:
            return self.done[fn]
        space = dict(fn.__globals__)
        twin = types.FunctionType(fn.__code__, space, fn.__name__, fn.__defaults__, fn.__closure__)
        twin.__module__ = __name__  # what Numba keeps names a module that can be imported
        options: dict[str, Any] = {"error_model": self.models.get(fn.__code__) or ours_or_theirs(fn), **self.options}
        if fn.__code__.co_filename != self.file:
            options["cache"] = False  # part of what calls it
        dispatcher = numba.njit(**options)(twin)
        self.done[fn] = dispatcher
        for name in names_in(fn.__code__):
            if name not in space:
                continue
            value = space[name] = seen_compiled(space[name])
            if isinstance(value, types.FunctionType) and takes_compiled(value) and value not in OVERLOADED:
                space[name] = self.compiled(value)
        return dispatcher


def ours_or_theirs(fn: types.FunctionType) -> str:
    """How a function divides that is not of the emitted text: the user's as Python, ours as NumPy."""
    return "numpy" if (fn.__module__ or "").startswith("tangent_like.runtime") else "python"


def takes_compiled(fn: types.FunctionType) -> bool:
    """Is it a function of the user's, or ours?"""
    module = fn.__module__ or ""
    return module.startswith("tangent_like") or not is_library(module)


def names_in(code: types.CodeType) -> frozenset[str]:
    found = set(code.co_names)
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            found |= names_in(const)
    return frozenset(found)


# -- across processes ----------------------------------------------------------------------------------


def in_file(loaded: Loaded, jit: Jit, compiled: Mapping[str, str]) -> Loaded:
    """The same functions as text of a file, which Numba keeps its machine code beside.

    The name of the file holds all that the machine code depends on: the text, what the text finds outside, and
    the options, which Numba does not compare itself.
    """
    some = next(iter(loaded.functions.values()))
    space = some.__globals__
    outside = sorted((n, v) for n, v in space.items() if n not in loaded.functions and not n.startswith("__"))
    told = hashlib.sha256(loaded.source.encode())
    told.update(repr((jit.options, sorted(compiled.items()))).encode())
    for name, value in outside:
        told.update(f"{name}={fingerprint(value)};".encode())
    file = kept_file(told.hexdigest(), loaded.source)
    code = compile(loaded.source, str(file), "exec", dont_inherit=True)
    namespace = dict(space)
    exec(code, namespace)  # noqa: S102 - our own text
    functions = {n: namespace[n] for n in loaded.functions}
    for name, fn in functions.items():
        fn.__module__ = loaded.functions[name].__module__
    return replace(loaded, functions=functions, file=str(file))


def fingerprint(value: object) -> str:
    """What of a value from outside becomes part of the machine code."""
    match value:
        case bool() | int() | float() | complex() | str() | None:
            return repr(value)
        case np.generic():
            return f"{value.dtype} {value!r}"
        case np.ndarray():
            return hashlib.sha256(value.tobytes()).hexdigest() + str((value.dtype, value.shape))
        case types.ModuleType():
            return value.__name__
        case types.FunctionType():
            called: Mapping[str, Any] = value.__globals__
            inner = {n: called.get(n) for n in sorted(names_in(value.__code__)) if n != value.__name__}
            parts = [f"{n}={fingerprint(v)}" for n, v in inner.items() if n in called]
            return f"{code_print(value.__code__)} {value.__defaults__!r} {parts}"
        case _:
            return f"{type(value).__module__}.{type(value).__qualname__} {getattr(value, '__qualname__', '')}"


def code_print(code: types.CodeType) -> str:
    consts = [code_print(c) if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts]
    return hashlib.sha256(code.co_code + repr((consts, code.co_names, code.co_varnames)).encode()).hexdigest()


