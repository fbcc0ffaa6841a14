"""The derivative of a function as a callable: compiled on first use for the kinds it is given, then cached."""

from __future__ import annotations

import functools
import inspect
import threading
import types
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tangent_like.backend.load import Loaded, Watched, load, watch
from tangent_like.backend.notes import noted
from tangent_like.errors import NOWHERE, Place, RequestError, UnsupportedError, place_at
from tangent_like.frontend.source import from_function
from tangent_like.kinds.kind import Kind, kind_of_annotation, kind_of_value, sizes_of_value
from tangent_like.pipeline import Derivative as Derived
from tangent_like.pipeline import deeply, differentiate
from tangent_like.request import Request

Function = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Compiled:
    """One compilation: the function, and the sizes for which its text is right."""

    derived: Derived
    loaded: Loaded
    call: Function
    fits: Function  # of the arguments: do they keep the assumptions?
    reads: tuple[Watched, ...]  # what the function finds outside

    def is_for(self, values: tuple[Any, ...]) -> bool:
        """Is it right for these arguments, and for the globals as they are now?"""
        try:
            fits = bool(self.fits(*values))
        except (AttributeError, IndexError, TypeError):
            fits = False
        return fits and not self.outdated()

    def outdated(self) -> bool:
        return any(read.changed() for read in self.reads)


@dataclass(eq=False)
class Cache:
    """The compilations of one function for one request, by the kinds of the arguments."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    by_kinds: dict[object, list[Compiled]] = field(default_factory=dict)


Chain = tuple[Request, ...]  # of a derivative of a derivative: the innermost first
_CACHES: weakref.WeakKeyDictionary[Function, dict[Chain, Cache]] = weakref.WeakKeyDictionary()
_CACHES_LOCK = threading.Lock()


def _cache(f: Function, chain: Chain) -> Cache:
    with _CACHES_LOCK:
        return _CACHES.setdefault(f, {}).setdefault(chain, Cache())


class DerivativeFunction:
    """The derivative of ``f``: called as ``f`` is called, compiled on first use for the kinds it is given.

    ``source`` is its text for the kinds known from annotations, ``source_for(*args)`` that for the kinds
    of these arguments, ``specialize(*args)`` the bare compiled function for them.
    """

    __name__: str

    def __init__(self, f: Function, request: Request) -> None:
        if not callable(f):
            raise RequestError(f"{request.mode} takes a function, not {type(f).__name__}")
        functools.update_wrapper(self, f)  # first: of a derivative it takes all that follows
        if isinstance(f, DerivativeFunction):
            self.inner: DerivativeFunction | None = f
            self.base: Function = f.base
            self.chain: Chain = (*f.chain, request)
        else:
            check_function(f)
            self.inner, self.base, self.chain = None, f, (request,)
        self.function = f
        self.request = request
        found = f.signature if isinstance(f, DerivativeFunction) else inspect.signature(f)
        self.signature: inspect.Signature = found
        self.names = tuple(self.signature.parameters)
        params = self.signature.parameters.values()
        self.keyword_only = tuple(p.name for p in params if p.kind is inspect.Parameter.KEYWORD_ONLY)
        self._cache = _cache(self.base, self.chain)

    def __repr__(self) -> str:
        return f"<{self.request.mode} of {self.function.__qualname__} with respect to {self.request.argnums!r}>"

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> Any:
        module = inspect.getmodule(self.function)
        found: Any = module
        for part in self.function.__qualname__.split("."):
            found = getattr(found, part, None)
        if found is self:  # made by a decorator: the name means the derivative
            return self.function.__qualname__
        return DerivativeFunction, (self.function, self.request)

    # -- calling --

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        values = self.in_order(args, kwargs)
        compiled = self.compiled(values)
        try:
            return compiled.call(*values)
        except Exception as error:
            noted(error, compiled.loaded)
            raise

    def in_order(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """The arguments in the order of the parameters, defaults filled in."""
        if not kwargs and len(args) == len(self.names) and not self.keyword_only:
            return args
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def compiled(self, values: tuple[Any, ...]) -> Compiled:
        key = tuple(map(_kind_key, values))
        compiled = self._known(key, values)
        if compiled is None:
            with self._cache.lock:
                compiled = self._known(key, values)  # another thread may have been first
                if compiled is None:
                    compiled = self._compile(self.request, *self._kinds(values))
                    fresh = [c for c in self._cache.by_kinds.get(key, []) if not c.outdated()]
                    self._cache.by_kinds[key] = [*fresh, compiled]
        return compiled

    def _known(self, key: object, values: tuple[Any, ...]) -> Compiled | None:
        return next((c for c in self._cache.by_kinds.get(key, ()) if c.is_for(values)), None)

    def _kinds(self, values: tuple[Any, ...]) -> tuple[dict[str, Kind], dict[str, int]]:
        """The kinds of the arguments, and the sizes in them."""
        kinds = {n: kind_of_value(v, n) for n, v in zip(self.names, values, strict=True)}
        sizes: dict[str, int] = {}
        for name, value in zip(self.names, values, strict=True):
            sizes.update(sizes_of_value(value, name))
        return kinds, sizes

    def _compile(self, request: Request, kinds: dict[str, Kind], sizes: dict[str, int]) -> Compiled:
        return deeply(lambda: self._compile_now(request, kinds, sizes))

    def _compile_now(self, request: Request, kinds: dict[str, Kind], sizes: dict[str, int]) -> Compiled:
        assert isinstance(self.base, types.FunctionType)
        reads = watch(self.base)  # first: what changes meanwhile counts as changed
        derived = self.derive(request, kinds, sizes)
        loaded = load(derived.text(), derived.spelling, f"{request.mode} {self.function.__name__}")
        target = loaded.functions[derived.name]
        call: Function = target
        if self.keyword_only and request.mode in ("grad", "value_and_grad"):
            call = _by_keyword(target, self.names, self.keyword_only)
        assumptions = [str(a) for a in derived.sizes.used]
        text = f"lambda {', '.join(self.names)}: " + (" and ".join(f"({a})" for a in assumptions) or "True")
        return Compiled(derived, loaded, call, eval(text), reads)  # noqa: S307 - our own text, of sizes

    def derive(self, request: Request, kinds: dict[str, Kind], sizes: dict[str, int]) -> Derived:
        if self.inner is None:
            return differentiate(from_function(self.function), request, kinds, sizes)
        # the derivative below, as text, is a program like any other
        below = self.inner.derive(self.inner.request, kinds, sizes)
        if len(below.wrt) and self.inner.request.mode == "vjp":
            raise RequestError("a pullback is differentiated by differentiating value_and_grad")
        loaded = load(below.text(), below.spelling, f"{self.inner.request.mode} {self.base.__name__}")
        derived = differentiate(from_function(loaded.functions[below.name]), request, kinds, sizes)
        derived.sizes.used.update(below.sizes.used)
        return derived

    # -- looking --

    @property
    def source(self) -> str:
        """The derivative's text for the kinds that annotations and defaults tell."""
        kinds: dict[str, Kind] = {}
        for name, param in self.signature.parameters.items():
            note = param.annotation
            text = note if isinstance(note, str) else getattr(note, "__name__", "") or str(note)
            kinds[name] = kind_of_annotation("" if note is inspect.Parameter.empty else text, name)
        request = replace(self.request, guards=True)
        return deeply(lambda: module_text(self.derive(request, kinds, {})))

    def source_for(self, *args: Any, **kwargs: Any) -> str:
        """The derivative's text for the kinds of these arguments."""
        return deeply(lambda: module_text(self._specialized(args, kwargs).derived))

    def specialize(self, *args: Any, **kwargs: Any) -> Function:
        """The compiled function for the kinds of these arguments: no dispatch at all."""
        compiled = self._specialized(args, kwargs)
        return compiled.loaded.functions[compiled.derived.name]

    def _specialized(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Compiled:
        return self._compile(replace(self.request, guards=True), *self._kinds(self.in_order(args, kwargs)))


def check_function(f: Function) -> None:
    """Only plain functions have a derivative: an error that says what this is instead."""
    if isinstance(f, types.MethodType):
        raise RequestError(f"{f.__qualname__} is a method", _place(f), "differentiate a plain function")
    if not isinstance(f, types.FunctionType):
        from_function(f)  # says why there is no source
    if hasattr(f, "__wrapped__"):  # whose source this is, ``f`` itself does more
        raise UnsupportedError(
            f"{f.__qualname__} is decorated: what the decorator does is not known",
            _place(f.__wrapped__),
            "differentiate the undecorated function",
        )


def module_text(derived: Derived) -> str:
    """The text with the imports that it needs."""
    lines = derived.spelling.imports()
    head = "\n".join(lines) + "\n\n\n" if lines else ""
    return head + str(derived.text())


def _place(f: Any) -> Place:
    """Where a function is defined, as far as it knows."""
    code = getattr(f, "__code__", None)
    return place_at(code.co_filename, (code.co_firstlineno, 1)) if code else NOWHERE


def _by_keyword(target: Function, names: tuple[str, ...], keyword_only: tuple[str, ...]) -> Function:
    plain = len(names) - len(keyword_only)

    def call(*values: Any) -> Any:
        return target(*values[:plain], **dict(zip(names[plain:], values[plain:], strict=True)))

    return call


def _kind_key(value: Any) -> object:
    """What of a value the kinds depend on, sizes apart."""
    if type(value) is np.ndarray:
        return (np.ndarray, value.ndim, value.dtype)
    if value is None or isinstance(value, bool | str):
        return (type(value), value)
    if isinstance(value, tuple | list):
        return (type(value), tuple(map(_kind_key, value)))
    return type(value)
