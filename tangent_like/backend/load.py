"""Emitted text to functions: compiled, registered with linecache, in a namespace of exactly what it names."""

from __future__ import annotations

import builtins
import dis
import hashlib
import linecache
import types
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tangent_like import runtime
from tangent_like.backend.emit import Text
from tangent_like.backend.spelling import Spelling
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.live import DERIVED, is_derivative, is_library, is_matrix
from tangent_like.ir.nodes import Emitted, Global, Library, Origin, UserFunction
from tangent_like.rules.attached import rule_on


@dataclass(frozen=True, eq=False)
class Loaded:
    """``functions`` by name; ``origins[file]``: for each line the statement of the user's."""

    functions: Mapping[str, types.FunctionType]
    source: str
    file: str
    origins: tuple[Origin | None, ...]

    @property
    def entry(self) -> Origin | None:
        """Where the user's function begins."""
        return next((o for o in reversed(self.origins) if o is not None and o.text.startswith("def ")), None)



def load(text: Text, spelling: Spelling, label: str) -> Loaded:
    """Compile ``text`` so that tracebacks, ``pdb`` and ``inspect.getsource`` show it."""
    source = str(text)
    digest = hashlib.sha256(source.encode()).hexdigest()[:10]
    file = f"<tangent_like {label} {digest}>"
    namespace: dict[str, object] = {"__name__": f"tangent_like.derived.{label}"}
    for target, name in spelling.roots.items():
        match target:
            case Library(module=module, qualname=qualname) if module.startswith("tangent_like"):
                namespace[name] = getattr(runtime, qualname)
            case Library():
                namespace[name] = target.obj
            case Global():
                namespace[name] = target.value
            case UserFunction():
                namespace[name] = target.source
            case Emitted():
                pass
            case _:
                raise UnsupportedError(f"{name} is not known when the derivative runs")
    code = compile(source, file, "exec", dont_inherit=True)
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(code, namespace)  # noqa: S102 - our own text
    functions = {
        name: value
        for name, value in namespace.items()
        if isinstance(value, types.FunctionType) and value.__code__.co_filename == file
    }
    for fn in functions.values():
        fn.__module__ = DERIVED
    return Loaded(functions, source, file, tuple(text.origins))


# -- is it still right? ------------------------------------------------------------------------------

MISSING = object()


@dataclass(frozen=True, eq=False)
class Watched:
    """What a function (or a module) has under some names; held weakly, so that nothing lives on for it."""

    owner: Callable[[], types.FunctionType | types.ModuleType | None]  # a weak reference
    code: types.CodeType | None
    found: Mapping[str, object]  # a weak reference for what may itself refer to the owner
    cells: tuple[object, ...]
    rule: object = None  # of the user's, on a function
    defaults: object = None  # of a function's parameters
    keyword_defaults: object = None

    def changed(self) -> bool:
        owner = self.owner()
        if owner is None or getattr(owner, "__code__", None) is not self.code:
            return True
        if isinstance(owner, types.FunctionType):
            if rule_on(owner) is not self.rule or owner.__defaults__ is not self.defaults:
                return True
            if owner.__kwdefaults__ is not self.keyword_defaults:
                return True
        namespace = namespace_of(owner)
        return any(namespace.get(name, MISSING) is not strongly(kept) for name, kept in self.found.items()) or any(
            now is not strongly(kept) for now, kept in zip(_cells(owner), self.cells, strict=True)
        )


def watch(fn: types.FunctionType) -> tuple[Watched, ...]:
    """What ``fn``, and the functions of the user's that it calls, find under the names from outside.

    The text of a derivative is right for these, and for no others: the helper that a name meant is
    written into it, and of a number it knows the kind.
    """
    done: dict[object, Watched] = {}
    pending: list[tuple[types.FunctionType | types.ModuleType, frozenset[str]]] = [(fn, frozenset())]
    while pending:
        owner, names = pending.pop()
        if (owner, names) in done:
            continue
        code = None if isinstance(owner, types.ModuleType) else owner.__code__
        attributes = names
        wanted = set(names)
        for part in _all(code):
            attributes |= frozenset(part.co_names)
            wanted.update(i.argval for i in dis.get_instructions(part) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
        namespace = namespace_of(owner)
        found = {
            n: namespace.get(n, MISSING)
            for n in sorted(wanted)
            if n in namespace or (code is not None and hasattr(builtins, n))
        }
        cells = _cells(owner)
        done[owner, names] = Watched(
            weakref.ref(owner),
            code,
            {n: _weakly(v) for n, v in found.items()},
            tuple(map(_weakly, cells)),
            rule_on(owner),
            getattr(owner, "__defaults__", None),
            getattr(owner, "__kwdefaults__", None),
        )
        for value in (*found.values(), *cells):
            if is_derivative(value) or is_matrix(value):
                value = getattr(value, "base", None)  # noqa: PLW2901 - what it is the derivative of
            if isinstance(value, types.FunctionType) and not is_library(value.__module__ or ""):
                pending.append((value, frozenset()))
            elif isinstance(value, types.ModuleType) and not is_library(value.__name__):
                pending.append((value, attributes))
    return tuple(done.values())


def _all(code: types.CodeType | None) -> Iterator[types.CodeType]:
    """The code of a function and of those inside it."""
    if code is not None:
        yield code
        for const in code.co_consts:
            if isinstance(const, types.CodeType):
                yield from _all(const)


def namespace_of(owner: types.FunctionType | types.ModuleType) -> Mapping[str, object]:
    return owner.__globals__ if isinstance(owner, types.FunctionType) else vars(owner)


def _cells(owner: types.FunctionType | types.ModuleType) -> tuple[object, ...]:
    return tuple(map(_content, getattr(owner, "__closure__", None) or ()))


def current_cells(owner: types.FunctionType | types.ModuleType | None, kept: tuple[object, ...]) -> bool:
    """Does a closure still hold what it held?"""
    if owner is None:
        return False
    return all(now is strongly(then) for now, then in zip(_cells(owner), kept, strict=True))


def _content(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING  # not bound yet


def _weakly(value: object) -> object:
    return weakref.ref(value) if isinstance(value, types.FunctionType | types.ModuleType) else value


def strongly(kept: object) -> object:
    return kept() if type(kept) is weakref.ref else kept
