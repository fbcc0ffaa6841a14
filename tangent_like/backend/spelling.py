"""What names from outside are called in the emitted text: the user's spelling, never colliding."""

from __future__ import annotations

import builtins
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType

from tangent_like import runtime
from tangent_like.backend.imports import Import, import_lines
from tangent_like.frontend.live import is_opened, is_program
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.leaves import plain
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Emitted,
    Expr,
    For,
    Function,
    Global,
    Library,
    Name,
    Opaque,
    Ref,
    Target,
    UserFunction,
)
from tangent_like.ir.outside_calls import is_object_called
from tangent_like.ir.walk import binds, expressions, statements, subexpressions

BUILTINS = Library("builtins", "", builtins)
RANGE = builtin_ref("range")


@dataclass(eq=False)
class Spelling:
    """Roots by what they refer to: ``np`` for the module numpy, ``rate`` for a global of the user's.

    ``home``: the names where the text will stand, if that is known. None of them is given another meaning.
    """

    namer: Namer
    roots: dict[Target, str] = field(default_factory=dict)
    helpers: dict[str, None] = field(default_factory=dict)
    home: Mapping[str, object] | None = None

    def __call__(self, ref: Ref) -> str:
        target = plain(ref.target)
        if isinstance(target, Emitted):
            return target.name
        if isinstance(target, Library) and target.module.startswith("tangent_like"):
            return self.helper(target.qualname)
        if isinstance(target, UserFunction) and is_opened(target.source):
            return self.helper(target.qualname)
        root = plain(ref.root) if ref.root is not None else target
        if isinstance(root, Emitted):
            return root.name
        if isinstance(root, Library) and root.module == "builtins":
            spelled, name = ref.spelling, ref.spelling.partition(".")[0]
            at_home = self.home is not None and name in self.home and is_at_home(root, name, self.home)
            if not at_home and not hasattr(builtins, name) and isinstance(target, Library):
                spelled = target.qualname  # the user's other name of it stays in the module
                name = spelled.partition(".")[0]
            if self.home is None or name not in self.home or is_at_home(root, name, self.home):
                return spelled
            return f"{self.name_of(BUILTINS, 'builtins')}.{spelled}"  # the module means something else by it
        if isinstance(root, Library) and "." in root.qualname:  # of what can be imported
            head, _, tail = root.qualname.partition(".")
            held = Library(root.module, head, getattr(sys.modules.get(root.module), head, None))
            return f"{self.name_of(held, head)}.{tail}"
        head, dot, tail = ref.spelling.partition(".")
        reached = isinstance(root, Global) and not isinstance(root.value, type)  # a class stays where it is
        if isinstance(root, Global) and reached and dot and (root.value is None or not isinstance(target, Global)):
            # something of the user's module, reached through it: known under a name of its own
            root, head, dot, tail = target, tail.rpartition(".")[2], "", ""
        return self.name_of(root, head) + dot + tail

    def name_of(self, root: Target, wanted: str) -> str:
        if root not in self.roots:
            name = self.namer.fresh(wanted)
            while self.home is not None and name in self.home and not is_at_home(root, name, self.home):
                name = self.namer.fresh(wanted)
            self.roots[root] = name
        return self.roots[root]

    def imports(self) -> list[str]:
        """The import statements for what the text names."""
        found: list[Import] = []
        for target, name in self.roots.items():
            if isinstance(target, Global) and isinstance(target.value, ModuleType) and not self.is_there(target, name):
                package, _, last = target.value.__name__.rpartition(".")
                found.append((package, last, name) if package else (last, "", name))
            elif isinstance(target, UserFunction) and is_program(target.source):
                found.append((target.source.__module__, target.qualname, name))
            elif isinstance(target, Global | UserFunction) and (module := self.elsewhere(target, name)) is not None:
                found.append((module, target.name if isinstance(target, Global) else target.qualname, name))
            if not isinstance(target, Library) or (target.module == "builtins" and target is not BUILTINS):
                continue
            package, _, last = target.module.rpartition(".")
            if target.module.startswith("tangent_like"):
                found.append(("tangent_like.runtime", target.qualname, name))
            elif not target.qualname and package and last == name:
                found.append((package, name, name))
            else:
                found.append((target.module, target.qualname, name))
        return import_lines(found)

    def is_there(self, target: Global | UserFunction, name: str) -> bool:
        return self.home is not None and is_at_home(target, name, self.home)

    def elsewhere(self, target: Global | UserFunction, name: str) -> str | None:
        """The module that has what the text names so, where the module in which it will stand has not."""
        if self.home is None or self.is_there(target, name):
            return None
        value = target.value if isinstance(target, Global) else target.source
        named = target.name if isinstance(target, Global) else target.qualname
        owner = target.owner if isinstance(target, Global) else getattr(value, "__module__", "")
        module = sys.modules.get(owner) if owner != "__main__" else None
        return owner if module is not None and vars(module).get(named, self) is value else None

    def constants(self) -> list[str]:
        """What the text names that no module has: numbers and texts that only closures hold."""
        found: list[str] = []
        for target, name in self.roots.items():
            if self.home is None or not isinstance(target, Global) or is_at_home(target, name, self.home):
                continue
            if self.elsewhere(target, name) is None and (text := text_of_constant(target.value)) is not None:
                found.append(f"{name} = {text}")
        return found

    def helper(self, name: str) -> str:
        """What a function of the runtime is called: its name, unless the user's program has that."""
        target = Library("tangent_like.runtime", name, getattr(runtime, name))
        if target not in self.roots:
            self.helpers[name] = None
        return self.name_of(target, name)


def is_at_home(target: Target, name: str, home: Mapping[str, object]) -> bool:
    """Does the name mean this where the text will stand?"""
    match target:
        case Global(owner=owner, value=value):
            return name in home and (home[name] is value or owner == home.get("__name__"))
        case UserFunction(source=source):
            return home.get(name) is source
        case Library(obj=obj):
            return home.get(name) is obj
        case _:
            return False


def text_of_constant(value: object) -> str | None:
    match value:
        case None | bool() | int() | str():
            return repr(value)
        case float():
            return repr(value) if math.isfinite(value) else f"float({str(value)!r})"
        case tuple():
            items = [text_of_constant(item) for item in value]
            return f"({', '.join(map(str, items))}{',' * (len(items) == 1)})" if None not in items else None
        case _:
            return None


def _refs_and_names(functions: Iterable[Function]) -> tuple[list[Ref], set[str]]:
    """Every reference in the functions, in order of the text, and the names that their statements read and bind."""
    found: list[Ref] = []
    local: set[str] = set()
    outside: set[str] = set()  # in annotations and defaults

    def visit(expr: Expr, local: set[str]) -> None:
        for node in subexpressions(expr):
            if isinstance(node, Ref):
                if not is_object_called(node):
                    found.append(node)
            elif isinstance(node, Name):
                local.add(node.id)
            elif isinstance(node, Opaque):
                found.extend(node.refs)
                local.update(node.reads)

    for function in functions:
        for param in function.params:
            if param.note is not None:
                visit(param.note, outside)
            if param.default is not None:
                visit(param.default, outside)
        if function.note is not None:
            visit(function.note, outside)
        for stmt in statements(function.body):
            local.update(binds(stmt))
            if isinstance(stmt, For):
                found.append(RANGE)
            for expr in expressions(stmt):
                visit(expr, local)
    return found, local


def make_spelling(
    functions: list[Function], taken: Iterable[str] = (), home: Mapping[str, object] | None = None
) -> Spelling:
    """Local names keep their spelling; names from outside give way where they would collide."""
    refs, local = _refs_and_names(functions)
    local.update(taken)
    for function in functions:
        local.add(function.name)
        local |= {p.name for p in function.params}
    for ref in refs:  # a name of Python's own that is read must go on meaning that
        root = ref.target if ref.root is None else ref.root
        if isinstance(root, Library) and root.module == "builtins":
            local.add(ref.spelling.partition(".")[0])
    spelling = Spelling(Namer(local), home=home)
    for ref in refs:  # the user's spellings first: ours give way
        if ref.at is not None:
            spelling(ref)
    for ref in refs:
        spelling(ref)
    return spelling
