"""Names to what they refer to. Two sources, live objects and parsed files, and one result: ``ir`` targets."""

from __future__ import annotations

import ast
import builtins
import enum
import importlib
import os
import sys
import tokenize
import types
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from tangent_like.errors import Place, SourceError
from tangent_like.frontend.aliased import ANYTHING
from tangent_like.frontend.bindings import Binding, as_def, bindings, written, written_parameters
from tangent_like.frontend.live import DERIVED, function_target, is_library, is_opened, live_target, opens
from tangent_like.frontend.module_names import module_called
from tangent_like.frontend.parsed import (
    TRANSPARENT,
    Decorated,
    NotFollowedError,
    class_of_text,
    has_structure,
    made_of_text,
    named_tuple_of_text,
    value_of_text,
)
from tangent_like.frontend.private_names import with_private_names
from tangent_like.frontend.told import chosen
from tangent_like.ir.nodes import Global, Library, Target, Unresolved, UserFunction


class Scope(Protocol):
    """Where a function looks up the names that are not its own."""

    def lookup(self, name: str) -> Target: ...

    def attribute(self, target: Target, name: str) -> Target: ...

    def imported(self, module: str, attribute: str | None, name: str) -> Target:
        """What an import inside the function binds ``name`` to: a module, or an attribute of it."""
        ...




# -- live objects ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class LiveScope:
    """The globals, closure and builtins of a live function, read when asked."""
    fn: types.FunctionType

    def lookup(self, name: str) -> Target:
        code = self.fn.__code__
        module = DERIVED if self.fn.__module__ == DERIVED else self.fn.__globals__.get("__name__")  # past ``wraps``
        owner = module if module and module != DERIVED else code.co_filename
        if name in code.co_freevars:
            cell = (self.fn.__closure__ or ())[code.co_freevars.index(name)]
            try:
                value = cell.cell_contents
            except ValueError:
                return Unresolved(name, "a closure variable that has no value yet")
            return live_target(f"{owner}:{self.fn.__qualname__}#{id(cell)}", name, value, lambda: cell.cell_contents)
        if name in self.fn.__globals__:
            namespace = self.fn.__globals__
            if opens(module) and is_opened(namespace[name]):
                return function_target(namespace[name])
            return live_target(owner, name, namespace[name], lambda: namespace.get(name))
        if hasattr(builtins, name):
            return Library("builtins", name, getattr(builtins, name))
        own, found = module_called(self.fn)
        return live_target(owner, name, found) if name == own else Unresolved(name)

    def attribute(self, target: Target, name: str) -> Target:
        return attribute_of(target, name)

    def imported(self, module: str, attribute: str | None, name: str) -> Target:
        try:
            found = importlib.import_module(module, self.fn.__globals__.get("__package__"))
        except (ImportError, TypeError):  # TypeError: relative, outside of any package
            return Unresolved(name, f"module {module!r} is not installed")
        if attribute is None:
            return live_target(found.__name__, name, found)
        try:
            value = getattr(found, attribute)
        except AttributeError:
            try:
                value = importlib.import_module(f"{found.__name__}.{attribute}")
            except ImportError:
                return Unresolved(name, f"{found.__name__} has no {attribute}")
        if is_library(found.__name__) and not isinstance(value, types.ModuleType):
            return Library(found.__name__, attribute, value)
        return live_target(found.__name__, attribute, value, lambda: getattr(found, attribute, value))


def attribute_of(target: Target, name: str) -> Target:
    """``target.name`` for a module, a library object or a value of the user's."""
    if isinstance(target, Library):
        qualname = f"{target.qualname}.{name}" if target.qualname else name
        try:
            obj = getattr(target.obj, name)
        except AttributeError:
            return Unresolved(qualname, f"{target.module} has no {qualname}")
        if isinstance(obj, types.ModuleType) and not target.qualname:
            return Library(obj.__name__, "", obj)
        return Library(target.module, qualname, obj)
    if isinstance(target, Global) and isinstance(target.value, types.ModuleType):
        if not hasattr(target.value, name):
            return Unresolved(name, f"{target.value.__name__} has no {name}")
        module = target.value
        return live_target(module.__name__, name, getattr(module, name), lambda: getattr(module, name, None))
    if isinstance(target, Global) and isinstance(target.definition, FileScope):
        return target.definition.member(name)
    if isinstance(target, Global) and target.value is not None and hasattr(target.value, name):
        return Global(target.owner, f"{target.name}.{name}", getattr(target.value, name))
    return Unresolved(name, "an attribute of something that is not known before the program runs")


# -- parsed files ----------------------------------------------------------------------------------


NO_ARGUMENTS = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


@dataclass(frozen=True, eq=False)
class FileScope:
    """A user's file, read and not executed.

    ``paths`` are the folders that absolute imports are looked up in, as when the first file is run.
    """

    file: str
    lines: tuple[str, ...]
    tree: ast.Module
    loaded: dict[str, FileScope] = field(default_factory=dict)  # shared by all files of one run
    paths: tuple[str, ...] = ()
    _known: dict[str, Target] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)  # being looked up: files may import each other

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        return bindings(self.tree)

    @cached_property
    def definitions(self) -> dict[str, ast.FunctionDef]:
        """The functions of the file by name; those under an ``if`` or ``try`` of the module too."""
        last = {name: found[-1].node for name, found in self.bindings.items()}
        return {name: node for name, node in last.items() if isinstance(node, ast.FunctionDef)}

    def lookup(self, name: str) -> Target:
        """What a global name of the file refers to."""
        if name in self._known:
            return self._known[name]
        if name in self._open:
            return Unresolved(name, "the files import it from each other in a circle")
        self._open.add(name)
        try:
            target = self._lookup(name)
        finally:
            self._open.discard(name)
        if not isinstance(target, Unresolved):
            self._known[name] = target
        return target

    def _lookup(self, name: str) -> Target:
        found = self.bindings.get(name)
        if not found:
            star = self.starred(name)
            if star is not None:
                return star
            if hasattr(builtins, name):
                return Library("builtins", name, getattr(builtins, name))
            return Unresolved(name)
        last = found[-1]
        imports = {b.source for b in found if b.kind == "import"}
        settled = len(found) == 1 or (len(imports) == 1 and all(b.kind == "import" for b in found))
        if not settled and not all(b.kind == "function" and b.sure for b in found):
            lines = ", ".join(str(n) for n in sorted({b.line for b in found}))
            where = f"{os.path.basename(self.file)} binds it more than once (lines {lines})"
            return Unresolved(name, f"{where}: which one holds is not known")
        match last.kind:
            case "function" if isinstance(last.node, ast.AsyncFunctionDef):
                return Unresolved(name, "an async function")
            case "function":
                assert isinstance(last.node, ast.FunctionDef)
                if any(not self.is_transparent(d) for d in last.node.decorator_list):
                    return Global(self.file, name, Decorated(self, name, last.node), self)
                return UserFunction(self.file, name, self)
            case "constant":
                return self._alias(last.node) or Global(self.file, name, self._value(name, last.node), self)
            case "import":
                return self._imported(*last.source, name)
            case "class":
                assert isinstance(last.node, ast.ClassDef)
                try:
                    return Global(self.file, name, class_of_text(self, last.node, name), self)
                except NotFollowedError as error:
                    return Unresolved(name, f"a class that is not followed because of {error}")
            case _:
                return Unresolved(name, f"what line {last.line} makes of it, only running it tells")

    def _value(self, name: str, node: ast.stmt) -> object:
        """A named tuple, what a call makes of functions, a constant that has structure; None for any other value."""
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            return None
        made = named_tuple_of_text(self, name, node.value)
        if made is not None:
            return made
        function = made_of_text(self, node.value, self.resolve)
        if function is not None:
            return function
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if not all(isinstance(t, ast.Name) for t in targets):
            return None
        found = value_of_text(self, node.value)
        return found if isinstance(found, tuple | list | dict) and has_structure(found) else None

    def definition(self, qualname: str) -> ast.FunctionDef | None:
        """A function of the file; ``Model.loss`` of a class in it, ``loss@`` without its decorators.

        ``Model.rate=`` is the setter of a property, ``<lambda 3:8>`` the lambda at that place, ``<default 3:8>`` a
        function that makes the default of a field, the call that stands there, ``<value 3:8>`` what a name is bound to.
        """
        if qualname.startswith("<lambda"):
            found_ = (n for n in ast.walk(self.tree) if isinstance(n, ast.Lambda))
            return next(as_def("f", n, n) for n in found_ if qualname == f"<lambda {n.lineno}:{n.col_offset}>")
        if qualname.startswith("<default"):
            calls = (n for n in ast.walk(self.tree) if isinstance(n, ast.Call))
            node = next(n for n in calls if qualname == f"<default {n.lineno}:{n.col_offset}>")
            return as_def("f", ast.copy_location(ast.Lambda(NO_ARGUMENTS, node), node), node)
        if qualname.startswith("<value"):
            whole = (n for n in ast.walk(self.tree) if isinstance(n, ast.expr))  # the widest first
            value = next(n for n in whole if qualname == f"<value {n.lineno}:{n.col_offset}>")
            return as_def("f", ast.copy_location(ast.Lambda(NO_ARGUMENTS, value), value), value)
        first, *rest = qualname.removesuffix("@").removesuffix("=").split(".")
        if not rest:
            return self.definitions.get(first)
        found: ast.stmt | None = self.bindings[first][-1].node if first in self.bindings else None
        for name in rest:
            if not isinstance(found, ast.ClassDef):
                return None
            named = [s for s in found.body if isinstance(s, ast.FunctionDef | ast.ClassDef) and s.name == name]
            setter = qualname.endswith("=") and name == rest[-1]
            found = next((s for s in reversed(named) if _is_setter(s) == setter), None)
        return found if isinstance(found, ast.FunctionDef) else None

    def is_transparent(self, decorator: ast.expr) -> bool:
        """Does a decorator leave what the function computes as it is?"""
        target = self.resolve(decorator.func if isinstance(decorator, ast.Call) else decorator)
        return isinstance(target, Library) and f"{target.module}.{target.qualname}" in TRANSPARENT

    def _alias(self, node: ast.stmt) -> Target | None:
        """``act = np.tanh`` names a function, and not a value of the module."""
        if not isinstance(node, ast.Assign) or not all(isinstance(t, ast.Name) for t in node.targets):
            return None
        target = self.resolve(node.value)
        if isinstance(target, UserFunction):
            return target
        if isinstance(target, Library) and target.module != "builtins" and callable(target.obj):
            return target if "." not in target.qualname else None
        return None

    def resolve(self, node: ast.AST) -> Target | None:
        """What a name or a dotted name refers to; None for anything else, attributes of values too."""
        if isinstance(node, ast.Name):
            return self.lookup(node.id)
        if isinstance(node, ast.Attribute):
            base = self.resolve(node.value)
            if isinstance(base, Library) or is_module(base):
                assert base is not None
                return self.attribute(base, node.attr)
        held = chosen(node, self.module_of) if isinstance(node, ast.IfExp | ast.Call) else None
        return None if held is None else self.resolve(held)

    def module_of(self, node: ast.AST) -> types.ModuleType | None:
        target = self.resolve(node)
        found = target.obj if isinstance(target, Library) else None
        return found if isinstance(found, types.ModuleType) else None

    def attribute(self, target: Target, name: str) -> Target:
        return attribute_of(target, name)

    def member(self, name: str) -> Target:
        """``module.name`` for this file as a module: a global of it, or a file of the package."""
        if not self._is_package or (name in self.bindings and name not in self._open):
            return self.lookup(name)  # `from . import euler` of the package itself binds its file, being looked up
        inner = self._module(os.path.join(os.path.dirname(self.file), name))
        return self.lookup(name) if inner is None else Global(self.file, name, None, inner)

    def overwritten(self) -> dict[tuple[str, str], tuple[str, int]]:
        """The constants of all files read so far that statements write into, with the place."""
        found: dict[tuple[str, str], tuple[str, int]] = {}
        for scope in list(self.loaded.values()):
            for path, line in written(scope.tree, scope.writes_arguments).items():
                if path[0] == ANYTHING[0]:
                    for name in scope.bindings:
                        _add_written(scope.lookup(name), (scope.file, line), found)
                    continue
                target: Target | None = scope.lookup(path[0])
                for name in path[1:]:
                    if not is_module(target):
                        break
                    if name == "__dict__" and isinstance(target, Global) and isinstance(target.definition, FileScope):
                        for one in target.definition.bindings:  # any of the names of the module
                            _add_written(target.definition.lookup(one), (scope.file, line), found)
                    assert target is not None
                    target = self.attribute(target, name)
                _add_written(target, (scope.file, line), found)
        return found

    def writes_arguments(self, func: ast.expr) -> bool:
        """May a function that the module calls write into what it is given?"""
        target = self.resolve(func)
        if isinstance(target, UserFunction) and isinstance(target.source, FileScope):
            definition = target.source.definitions.get(target.qualname)
            return definition is None or written_parameters(definition)
        return not isinstance(target, Library | None)  # a method is known by its name

    @property
    def _is_package(self) -> bool:
        return os.path.basename(self.file) == "__init__.py"

    # -- imports --

    def imported(self, module: str, attribute: str | None, name: str) -> Target:
        return self._imported(module, attribute, name)

    def _imported(self, module: str, attribute: str | None, name: str) -> Target:
        sibling = self.sibling(module)
        if sibling is not None:
            module_itself = Global(self.file, name, None, sibling)
            return module_itself if attribute is None else sibling.member(attribute)
        if not is_library(module):
            beside = os.path.basename(self.file)
            return Unresolved(name, f"module {module!r} was not found beside {beside}")
        try:
            obj: object = importlib.import_module(module)
            for node in ast.walk(self.tree) if attribute is None else ():
                if isinstance(node, ast.Import):  # `import scipy.special` binds `scipy`, loads both
                    for alias in node.names:
                        if alias.name.startswith(f"{module}.") and not alias.asname:
                            importlib.import_module(alias.name)
        except ImportError:
            return Unresolved(name, f"module {module!r} is not installed")
        if attribute is None:
            return Library(module, "", obj)
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            try:
                value = importlib.import_module(f"{module}.{attribute}")
            except ImportError:
                return Unresolved(name, f"{module} has no {attribute}")
        if isinstance(value, types.ModuleType):
            return Library(value.__name__, "", value)
        return Library(module, attribute, value)

    def starred(self, name: str) -> Target | None:
        """What ``from module import *`` says about a name: the last one that has it."""
        if f"*{name}" in self._open:  # files that take all of each other's names
            return None
        self._open.add(f"*{name}")
        try:
            return self._starred(name)
        finally:
            self._open.discard(f"*{name}")

    def _starred(self, name: str) -> Target | None:
        for star in reversed(self.bindings.get("*", [])):
            module = star.source[0]
            sibling = self.sibling(module)
            if sibling is not None:
                if name in sibling.exported:
                    return sibling.member(name)
                if name not in sibling.bindings and not hasattr(builtins, name):
                    found = sibling.starred(name)
                    if found is not None:
                        return found
                continue
            if not is_library(module):
                return Unresolved(name, f"module {module!r}, of which * is imported, was not found")
            found_module = importlib.import_module(module)
            plain = [n for n in vars(found_module) if not n.startswith("_")]
            public = getattr(found_module, "__all__", plain)
            if name in public:
                return self._imported(module, name, name)
        return None

    @cached_property
    def exported(self) -> frozenset[str]:
        """What ``from this import *`` takes: ``__all__``, or what has no underscore in front."""
        for binding in self.bindings.get("__all__", []):
            value = getattr(binding.node, "value", None)
            if isinstance(value, ast.List | ast.Tuple):
                return frozenset(str(e.value) for e in value.elts if isinstance(e, ast.Constant))
        return frozenset(n for n in self.bindings if not n.startswith("_") and n != "*")

    def sibling(self, module: str) -> FileScope | None:
        """The user's file for an import: relative to this one, or in one of ``paths``."""
        level = len(module) - len(module.lstrip("."))
        parts = [p for p in module.lstrip(".").split(".") if p]
        own = os.path.dirname(os.path.abspath(self.file))
        if level:
            for _ in range(level - 1):
                own = os.path.dirname(own)
            return self._module(os.path.join(own, *parts))
        for folder in self.paths or (own,):
            if is_library(parts[0]):  # a file wins over the standard library, as in a script that runs
                beside = os.path.isfile(os.path.join(folder, parts[0] + ".py"))
                if not beside or parts[0] in sys.builtin_module_names:
                    continue
            found = self._module(os.path.join(folder, *parts))
            if found is not None:
                return found
        return None

    def _module(self, base: str) -> FileScope | None:
        """The file of a module: of a package its ``__init__.py``, which need not be there."""
        package = os.path.join(base, "__init__.py")
        for path in (package, base + ".py"):
            if os.path.isfile(path):
                shown = path if os.path.isabs(self.file) else os.path.relpath(path)
                return load_file(shown, self.loaded, self.paths)
        if os.path.isdir(base) and any(n.endswith(".py") for n in os.listdir(base)):
            return FileScope(package, (), ast.Module([], []), self.loaded, self.paths)
        return None


def _add_written(target: Target | None, place: tuple[str, int], found: dict[tuple[str, str], tuple[str, int]]) -> None:
    """Note that a constant is written into, and those whose memory it may be."""
    if not isinstance(target, Global) or is_module(target) or (target.owner, target.name) in found:
        return
    if isinstance(target.value, type) and issubclass(target.value, enum.Enum):
        return
    found[target.owner, target.name] = place
    scope = target.definition
    if isinstance(scope, FileScope):
        for binding in scope.bindings.get(target.name, []):
            pending = [getattr(binding.node, "value", None)]
            while pending:
                node = pending.pop()
                if isinstance(node, ast.Name | ast.Attribute):
                    _add_written(scope.resolve(node), place, found)
                if node is not None and not isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare):
                    pending.extend(ast.iter_child_nodes(node))


def _is_setter(node: ast.FunctionDef | ast.ClassDef) -> bool:
    return any(isinstance(d, ast.Attribute) and d.attr in ("setter", "deleter") for d in node.decorator_list)


def is_module(target: Target | None) -> bool:
    """Is it a module of the user's?"""
    if not isinstance(target, Global):
        return False
    if isinstance(target.value, types.ModuleType):
        return True
    return isinstance(target.definition, FileScope) and target.definition.file != target.owner


def import_paths(file: str) -> tuple[str, ...]:
    """Where the imports of a file begin: beside it, and above the package that it belongs to."""
    folder = os.path.dirname(os.path.abspath(file))
    root = folder
    while os.path.isfile(os.path.join(root, "__init__.py")) and os.path.dirname(root) != root:
        root = os.path.dirname(root)
    here = os.getcwd()
    within = (here,) if os.path.commonpath([here, folder]) == here else ()
    return tuple(dict.fromkeys((folder, root, *within)))


def load_file(path: str, loaded: dict[str, FileScope] | None = None, paths: tuple[str, ...] = ()) -> FileScope:
    """Read and parse a file; a ``SourceError`` with its line where it does not parse."""
    loaded = {} if loaded is None else loaded
    known = loaded.get(os.path.abspath(path))
    if known is not None:
        return known
    try:
        with tokenize.open(path) as handle:  # as Python reads it: in the encoding that it declares
            text = handle.read()
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        text = f"not a text in its encoding ({error})"
        reason = error.strerror if isinstance(error, OSError) else text
        raise SourceError(f"{path}: cannot be read: {reason}") from None
    try:
        tree = with_private_names(ast.parse(text), text)
    except (SyntaxError, ValueError) as error:
        line, column = getattr(error, "lineno", 1) or 1, getattr(error, "offset", 1) or 1
        place = Place(path, line, column, getattr(error, "text", "") or "")
        raise SourceError(f"syntax error: {getattr(error, 'msg', error)}", place) from None
    # not splitlines(): a form feed ends no line of Python
    scope = FileScope(path, tuple(text.split("\n")), tree, loaded, paths or import_paths(path))
    loaded[os.path.abspath(path)] = scope
    return scope
