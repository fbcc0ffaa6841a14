"""The derivative of a function as a callable: compiled on first use for the kinds it is given, then cached."""

from __future__ import annotations

import functools
import inspect
import operator
import sys
import threading
import types
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tangent_like.analysis.annotated import live_sizes, shape_of_live, type_hints
from tangent_like.api.dispatch import ASKING, Check, make_check, make_entry, still
from tangent_like.api.native import calls_of_ours, native_functions, plain_jit
from tangent_like.api.pages import keep_pages
from tangent_like.api.real_results import real_only
from tangent_like.api.subjects import Subject, subject_of
from tangent_like.backend.load import Loaded, Watched, load, watch
from tangent_like.backend.notes import noted
from tangent_like.backend.spelling import make_spelling
from tangent_like.errors import (
    NOWHERE,
    AliasError,
    DifferentiationError,
    Place,
    RequestError,
    UnsupportedError,
    place_at,
)
from tangent_like.frontend.source import from_function
from tangent_like.ir.deep import deeply
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.kind import BOOL
from tangent_like.kinds.structure import Known, Shape, listed_items, repeated, shape_of_value, structure_sizes
from tangent_like.pipeline import Derivative as Derived
from tangent_like.pipeline import differentiate
from tangent_like.request import STORES, Request
from tangent_like.rules.attached import Attached, rule_on
from tangent_like.rules.rule import Rule
from tangent_like.show.stages import Journey, stages_text
from tangent_like.transform.stages import Watch, or_others, unwatched

Function = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Compiled:
    """One compilation: the function, and the sizes for which its text is right."""

    derived: Derived
    loaded: Loaded
    call: Function
    check: Check  # of the arguments: is it right for them, and for the globals as they are now?
    reads: tuple[Watched, ...]  # what the function finds outside
    functions: Mapping[str, Function]  # by name, as they are called: compiled by Numba, maybe
    number: int  # of its making

    def is_for(self, values: tuple[Any, ...]) -> bool:
        """Is it right for these arguments, and for the globals as they are now?"""
        try:
            return bool(self.check.fits(*values))
        except ASKING:
            return False

    def outdated(self) -> bool:
        return any(read.changed() for read in self.reads) or any(
            not still(now(), then) for now, then in self.derived.reads
        )


@dataclass(eq=False)
class Cache:
    """The compilations of one function for one request, by the kinds of the arguments."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    by_types: dict[tuple[type, ...], list[Compiled]] = field(default_factory=dict)
    made: int = 0  # compilations ever
    specialized: list[Compiled] = field(default_factory=list)  # whose text checks its arguments itself; the latest
    # derivatives whose calls ask the latest compilations first, by how many arguments they are bound to
    entries: dict[int, type] = field(default_factory=dict)


MOST_OPENED = 64  # items of lists in arguments, where the text has to be for lists as long as these
ASKED = 4  # compilations that are asked in the call itself, the latest first

Chain = tuple[Request, ...]  # of a derivative of a derivative: the innermost first
_CACHES: weakref.WeakKeyDictionary[Function, dict[Chain, Cache]] = weakref.WeakKeyDictionary()
_CACHES_LOCK = threading.Lock()


def _cache(f: Function, chain: Chain) -> Cache:
    with _CACHES_LOCK:
        try:
            return _CACHES.setdefault(f, {}).setdefault(chain, Cache())
        except TypeError:  # an object that cannot be referred to weakly, or compares by value
            return Cache()


class DerivativeFunction:
    """The derivative of ``f``: called as ``f`` is called, compiled on first use for the kinds it is given.

    ``source`` is its text for the kinds known from annotations, ``source_for(*args)`` that for the kinds
    of these arguments, ``specialize(*args)`` the bare compiled function for them.
    """

    __name__: str
    is_derivative = True  # for the layers below, which meet it as a value

    def __init__(self, f: Function, request: Request) -> None:
        mode = request.mode if request.axes is None else "vmap"
        if not callable(f):
            raise RequestError(f"{mode} takes a function, not {type(f).__name__}")
        if request.store not in STORES:
            raise RequestError(f"store is {', '.join(map(repr, STORES[:-1]))} or {STORES[-1]!r}, not {request.store!r}")
        functools.update_wrapper(self, f)  # first: of a derivative it takes all that follows
        self.inner: DerivativeFunction | None = None
        if isinstance(f, DerivativeFunction):
            self.inner = f if request.mode != "value" else None
            self.base: Function = f.base
        else:  # a method is another object each time it is taken: it is known by its function
            self.base = getattr(f, "__func__", f)
        self.subject: Subject = self.opened(f, request) if self.inner is None else self.inner.subject
        self.function = f
        self.label = getattr(f, "__qualname__", None) or type(f).__name__
        self.asked = request
        self.request = request = behind(request, len(self.subject.bound))
        # by the indices as they are meant: what is called as a method shares its function with what is not
        self.chain: Chain = (*(f.chain if isinstance(f, DerivativeFunction) else ()), request)
        self.signature: inspect.Signature = self.subject.signature
        self.defaults = defaults_of(self.base)
        self.bound = self.subject.bound
        self.names = tuple(self.signature.parameters)
        params = self.signature.parameters.values()
        self.keyword_only = tuple(p.name for p in params if p.kind is inspect.Parameter.KEYWORD_ONLY)
        # as many arguments as can be taken as they come; else ``in_order`` puts them in order
        self.plain = -1 if self.keyword_only or self.bound else len(self.names)
        self.starred = any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in params)
        if self.starred:
            self.plain = -1
        self.turned: dict[object, DerivativeFunction] = {}  # of a gradient: how it is pushed where that is refused
        self._cache = _cache(self.base, self.chain)
        self.enter()

    def asking(self, request: Request) -> DerivativeFunction:
        """What another request asks of the same function: its signature is not looked at again."""
        made = DerivativeFunction.__new__(DerivativeFunction)
        moved = behind(request, len(self.bound))
        chain = (*self.chain[:-1], moved)
        own = {"chain": chain, "asked": request, "request": moved, "_cache": _cache(self.base, chain)}
        made.__dict__.update({**self.__dict__, **own})
        made.enter()
        return made

    def opened(self, f: Function, request: Request) -> Subject:
        """What is differentiated."""
        return subject_of(f, own_rule_of(f, request))

    def __repr__(self) -> str:
        return f"<{self.request.mode} of {self.label} with respect to {self.request.argnums!r}>"

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> Any:
        module = inspect.getmodule(self.function)
        found: Any = module
        for part in self.function.__qualname__.split("."):
            found = getattr(found, part, None)
        if found is self:  # made by a decorator: the name means the derivative
            return self.function.__qualname__
        return (DerivativeFunction if self.entered else type(self)), (self.function, self.asked)

    # -- calling --

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != self.plain:
            args = self.in_order(args, kwargs)
        compiled = self.compiled(args)
        try:
            return compiled.call(*args)
        except Exception as error:
            noted(error, compiled.loaded)
            raise

    def in_order(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """The arguments in the order of the parameters, defaults filled in."""
        args = (*self.bound, *args)
        self.look_again()
        if self.starred:
            bound = self.signature.bind(*args, **kwargs)
            bound.apply_defaults()
            return tuple(bound.arguments.values())
        if not kwargs and len(args) == len(self.names) and not self.keyword_only:
            return args
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def look_again(self) -> None:
        """The defaults of a function may be other ones by now."""
        now = defaults_of(self.base)
        if len(now) == len(self.defaults) and all(map(operator.is_, now, self.defaults)):
            return
        self.defaults = now
        new = inspect.signature(self.base).parameters
        old = self.signature.parameters.values()
        changed = [p.replace(default=new[p.name].default) if p.name in new else p for p in old]
        self.signature = self.signature.replace(parameters=changed)

    def compiled(self, values: tuple[Any, ...]) -> Compiled:
        key = tuple(map(type, values))
        compiled = self._known(key, values)
        if compiled is None:
            with self._cache.lock:
                compiled = self._known(key, values)  # another thread may have been first
                if compiled is None:
                    compiled = self._compile(self.request, values)
                    fresh = [c for c in self._cache.by_types.get(key, []) if not c.outdated()]
                    self._cache.by_types[key] = [*fresh, compiled]
                    self._cache.made += 1
                    self.ask_first()
        elif len(self.bound) not in self._cache.entries:
            self.ask_first()  # what is bound to more or less arguments shares the compilations, not the calls
        self.enter()
        return compiled

    # -- calls that ask what is compiled without a detour --

    entered = False

    @property
    def can_enter(self) -> bool:
        taken = not self.keyword_only and not self.starred
        return taken and (self.entered or type(self) is DerivativeFunction)

    def ask_first(self) -> None:
        """Calls of derivatives that share the cache ask the latest compilations, in a function made for that."""
        if not self.can_enter or any(p.kind is p.POSITIONAL_ONLY for p in self.signature.parameters.values()):
            return
        known = [c for same_types in self._cache.by_types.values() for c in same_types]
        latest = sorted(known, key=lambda c: c.number, reverse=True)[:ASKED]
        asked = [(c.check, c.call, c.loaded) for c in latest]
        entry = make_entry(self.label, self.names, asked, DerivativeFunction.__call__, len(self.bound))
        own = self._cache.entries.get(len(self.bound))
        if own is None:
            own = type("DerivativeFunction", (DerivativeFunction,), {"__call__": entry, "entered": True})
            self._cache.entries[len(self.bound)] = own
        else:
            own.__call__ = entry  # type: ignore[method-assign]

    def enter(self) -> None:
        entry = self._cache.entries.get(len(self.bound))
        if entry is not None and not self.entered and self.can_enter:
            self.__class__ = entry

    def knows(self, values: tuple[Any, ...]) -> bool:
        """Has it been compiled for arguments like these?"""
        return self._known(tuple(map(type, values)), values) is not None

    def _known(self, key: tuple[type, ...], values: tuple[Any, ...]) -> Compiled | None:
        return next((c for c in self._cache.by_types.get(key, ()) if c.is_for(values)), None)

    def kinds(self, values: tuple[Any, ...], opened: bool = False) -> tuple[dict[str, Shape], dict[str, int]]:
        """The kinds of the arguments, and the sizes in them; ``opened``: of lists item by item."""
        shared = repeated(values)
        shapes = {n: shape_of_value(v, n, 0, shared, opened) for n, v in zip(self.names, values, strict=True)}
        sizes: dict[str, int] = {}
        for name, value in zip(self.names, values, strict=True):
            sizes.update(structure_sizes(value, name, opened))
        return shapes, sizes

    def derive_for(self, request: Request, values: tuple[Any, ...], watch: Watch = unwatched) -> tuple[Derived, bool]:
        """The derivative for live arguments; was it found with lists item by item, as many as these have?"""

        def attempt(opened: bool, see: Watch) -> tuple[Derived, bool]:
            return self.derive(request, *self.kinds(values, opened), see), opened

        def of_these_flags(see: Watch) -> tuple[Derived, bool]:
            shapes, sizes = self.kinds(values)
            flags = {n: Known(v, BOOL) for n, v in zip(self.names, values, strict=True) if isinstance(v, bool)}
            return self.derive(request, {**shapes, **flags}, sizes, see), False

        def others(refused: DifferentiationError) -> Iterator[Callable[[Watch], tuple[Derived, bool]]]:
            if isinstance(refused, UnsupportedError | AliasError):
                if any(isinstance(v, bool) for v in values):
                    yield of_these_flags
                if 0 < sum(map(listed_items, values)) <= MOST_OPENED:
                    yield functools.partial(attempt, True)

        return or_others(functools.partial(attempt, False), others, watch)

    def _compile(self, request: Request, values: tuple[Any, ...]) -> Compiled:
        try:
            return deeply(lambda: self._compile_now(request, values))
        except DifferentiationError as error:
            if sys.flags.dev_mode:  # python -X dev: for whoever looks for the fault in here
                raise
            raise error.with_traceback(None) from error.__cause__  # what it says is said of the user's line

    def _compile_now(self, request: Request, values: tuple[Any, ...]) -> Compiled:
        if request.jit is None or not request.jit.auto:
            return self._compile_as_asked(request, values)
        try:
            return self._compile_as_asked(request, values)
        except UnsupportedError as error:
            plain = self._compile_as_asked(replace(request, jit=None), values)  # or the same again
            message = f"{self.label} is differentiated in Python: {error}"
            warnings.warn(message, RuntimeWarning, stacklevel=calls_of_ours())
            return plain

    def _compile_as_asked(self, request: Request, values: tuple[Any, ...]) -> Compiled:
        keep_pages()
        # first: what changes meanwhile counts as changed
        reads = tuple(w for fn in self.subject.watched for w in watch(fn))
        derived, opened = self.derive_for(request, values)
        reads = (*reads, *(w for fn in (*derived.attached.texts, *derived.methods) for w in watch(fn)))
        loaded = load(derived.text(), derived.spelling, f"{request.mode} {self.label}")
        functions: Mapping[str, Function] = loaded.functions
        if derived.compiled and request.jit is not None:
            functions = native_functions(derived, loaded, request, self.names, values)
        target = functions[derived.name]
        call: Function = target
        if (self.keyword_only or self.starred) and request.mode in ("grad", "value_and_grad", "value"):
            call = _by_keyword(target, self.signature)
        if request.mode in ("grad", "value_and_grad"):
            call = real_only(call, derived.functions, values)
        number = self._cache.made
        check = make_check(self.names, values, derived, reads, number, opened)
        return Compiled(derived, loaded, call, check, reads, functions, number)

    def derive(
        self,
        request: Request,
        kinds: dict[str, Shape],
        sizes: dict[str, int],
        watch: Watch = unwatched,
        stated: Mapping[str, Dim] | None = None,
        within: tuple[object, ...] = (),
    ) -> Derived:
        roots = tuple(fn.__globals__ for fn in self.subject.watched)
        if self.inner is None:
            own = Attached(request.rules, roots, within)  # type: ignore[arg-type]
            return differentiate(self.subject.source(), request, kinds, sizes, watch, own, stated)
        # the derivative below, as text, is a program like any other
        flat = replace(self.inner.request, flat=True, jit=None)
        below = self.inner.derive(flat, kinds, sizes, stated=stated, within=within)
        if len(below.wrt) and self.inner.request.mode == "vjp":
            raise RequestError("a pullback is differentiated by differentiating value_and_grad")
        loaded = load(below.text(), below.spelling, f"{self.inner.request.mode} {self.label}")
        source = from_function(loaded.functions[below.name])
        attached = Attached((*request.rules, *below.attached.below()), roots, within)  # type: ignore[arg-type]
        derived = differentiate(source, request, kinds, sizes, watch, attached, stated)
        derived.sizes.used.update(below.sizes.used)
        reads, methods = (*derived.reads, *below.reads), (*derived.methods, *below.methods)
        return replace(derived, reads=reads, methods=methods)

    def nested(self, kinds: dict[str, Shape], sizes: Sizes, within: tuple[object, ...]) -> Function:
        """The derivative as a function of text, for a program that calls it; ``sizes`` are the program's."""
        request = replace(self.request, guards=False, flat=True, jit=None)
        derived = self.derive(request, kinds, dict(sizes.values), within=within)
        sizes.used.update(derived.sizes.used)
        loaded = load(derived.text(), derived.spelling, f"{self.request.mode} {self.label}")
        return loaded.functions[derived.name]

    # -- looking --

    @property
    def source(self) -> str:
        """The derivative's text for the kinds that annotations and defaults tell."""
        return deeply(lambda: module_text(self.annotated(unwatched), self.base))

    @property
    def stages(self) -> str:
        """The program after each stage of the compiler, with what the stage found out; for annotated kinds."""
        return deeply(lambda: self._stages(self.annotated))

    def stages_for(self, /, *args: Any, **kwargs: Any) -> str:
        """As ``stages``, for the kinds of these arguments."""
        values, request = self.in_order(args, kwargs), replace(self.request, guards=True)
        return deeply(lambda: self._stages(lambda watch: self.derive_for(request, values, watch)[0]))

    def _stages(self, derive: Callable[[Watch], Derived]) -> str:
        journey = Journey()
        text = module_text(derive(journey), self.base)
        return stages_text(journey, text)

    def annotated(self, watch: Watch) -> Derived:
        """The derivative for the kinds that annotations tell."""
        kinds: dict[str, Shape] = {}
        hints = self.hints()
        notes = {name: hints.get(name, param.annotation) for name, param in self.signature.parameters.items()}
        for name, note in notes.items():
            kinds[name] = shape_of_live(note, name, type_hints)
        return self.derive(replace(self.request, guards=True), kinds, {}, watch, live_sizes(notes))

    def hints(self) -> Mapping[str, Any]:
        """The annotations of the parameters."""
        return type_hints(self.base) if self.inner is None else self.inner.hints()

    def source_for(self, /, *args: Any, **kwargs: Any) -> str:
        """The derivative's text for the kinds of these arguments; with ``jit=True`` as Numba compiles it."""
        return deeply(lambda: module_text(self.compiled_for(args, kwargs).derived, self.base))

    def specialize(self, /, *args: Any, **kwargs: Any) -> Function:
        """The compiled function for the kinds of these arguments: no dispatch at all. Of a method, for its object."""
        compiled = self.compiled_for(args, kwargs)
        made = compiled.functions[compiled.derived.name]
        return types.MethodType(made, *self.bound) if self.bound else made

    def compiled_for(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Compiled:
        """Checked by the text itself. ``jit=`` is the request's own, but of a function that has such a parameter."""
        if "jit" in kwargs and "jit" not in self.names and not self.starred:
            others = {name: value for name, value in kwargs.items() if name != "jit"}
            return self.asking(replace(self.asked, jit=plain_jit(kwargs["jit"]))).compiled_for(args, others)
        values, known = self.in_order(args, dict(kwargs)), self._cache.specialized
        with self._cache.lock:
            found = next((c for c in known if c.is_for(values) and not c.outdated()), None)
            if found is None:
                found = self._compile(replace(self.request, guards=True), values)
                known[:] = [found, *known[: ASKED - 1]]
        return found


def own_rule_of(f: Any, request: Request) -> Rule | None:
    """The rule of the user's for ``f`` itself: given for this derivative, or attached to it."""
    given = next((made for fn, made in request.rules if fn.obj is f), None)
    return given if isinstance(given, Rule) else rule_on(f)


def behind(request: Request, bound: int) -> Request:
    """The request with its indices counted from behind what is bound: the object of a method."""
    if not bound:
        return request
    moved = tuple(w + bound if isinstance(w, int) and w >= 0 else w for w in request.wanted)
    return replace(request, argnums=moved[0] if request.single else moved)


def module_text(derived: Derived, f: Any) -> str:
    """The text with the imports that it needs, as it may stand beside ``f``: no name of its module's means another."""
    fn = getattr(f, "__func__", f)
    if isinstance(fn, types.FunctionType):
        home = fn.__globals__
        derived = replace(derived, spelling=make_spelling(list(derived.functions), home=home))
    parts = ["\n".join(lines) for lines in (derived.spelling.imports(), derived.spelling.constants()) if lines]
    head = "\n\n".join(parts) + "\n\n\n" if parts else ""
    return head + str(derived.text())


def _place(f: Any) -> Place:
    """Where a function is defined, as far as it knows."""
    code = getattr(f, "__code__", None)
    return place_at(code.co_filename, (code.co_firstlineno, 1)) if code else NOWHERE


def defaults_of(base: Function) -> list[Any]:
    """The values, of which each is compared as itself: an array, too."""
    by_name = getattr(base, "__kwdefaults__", None) or {}
    return [*(getattr(base, "__defaults__", None) or ()), *by_name.values()]


def _by_keyword(target: Function, signature: inspect.Signature) -> Function:
    """A function of the values in order, for one that takes some of them by keyword or spread out."""
    params = tuple(signature.parameters.values())

    def call(*values: Any) -> Any:
        args, kwargs = spread(params, values)
        return target(*args, **kwargs)

    return call


def spread(params: tuple[inspect.Parameter, ...], values: tuple[Any, ...]) -> tuple[list[Any], dict[str, Any]]:
    """Values in the order of the parameters, as they are passed."""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for param, value in zip(params, values, strict=True):
        if param.kind is param.VAR_POSITIONAL:
            args.extend(value)
        elif param.kind is param.VAR_KEYWORD:
            kwargs.update(value)
        elif param.kind is param.KEYWORD_ONLY:
            kwargs[param.name] = value
        else:
            args.append(value)
    return args, kwargs
