"""What a module's statements say about its names: where each gets its value, what is written into.

Only the text is read. Where it does not settle which value a name has, that is not guessed.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tangent_like.frontend.aliased import ANYTHING, by_other_names, dotted
from tangent_like.frontend.told import by_imports, settled

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"

# Methods that write into what they are called on.
IN_PLACE_METHODS = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update", "fill"}
    | {"put", "itemset", "resize", "partition", "setfield", "setflags", "setdefault", "add"}
    | {"discard", "popitem", "byteswap", "at"}
)
SETTERS = frozenset(
    {"setattr", "delattr", "setitem", "delitem", "__setattr__", "__delattr__", "__setitem__", "__delitem__"}
)
# Functions of NumPy that write into their first argument.
IN_PLACE_FUNCTIONS = frozenset({"copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask", "shuffle"})


@dataclass(frozen=True, slots=True)
class Binding:
    """One place where a module gives a name its value.

    ``kind``: "function", "class", "constant" (an assignment), "import" or "other" (a loop's
    variable, ``+=``).
    ``sure`` if the statement stands in the module itself, so that it runs exactly once.
    """

    name: str
    kind: str
    node: ast.stmt
    sure: bool
    source: tuple[str, str | None] = (
        "",
        None,
    )  # of an import: the module, and the attribute taken from it

    @property
    def line(self) -> int:
        return self.node.lineno


def bindings(tree: ast.Module) -> dict[str, list[Binding]]:
    """Every binding of every global name, in order of the text; ``*`` are the star imports."""
    found: dict[str, list[Binding]] = {}
    for binding in _bindings(list(settled(tree.body, by_imports(tree))), True):
        found.setdefault(binding.name, []).append(binding)
    for name, node in _rebound_in_functions(tree):
        found.setdefault(name, []).append(Binding(name, "other", node, False))
    return found


def as_def(name: str, node: ast.Lambda, around: ast.AST) -> ast.FunctionDef:
    """A lambda as the function that it is, at the place of ``around``."""
    body = ast.copy_location(ast.Return(node.body), node.body)
    made = ast.parse(f"def {name}(): ...").body[0]
    assert isinstance(made, ast.FunctionDef)
    made.args, made.body = node.args, [body]
    return ast.copy_location(made, around)


def _bindings(body: list[ast.stmt], sure: bool) -> Iterator[Binding]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield Binding(node.name, "function", node, sure)
            case ast.ClassDef():
                yield Binding(node.name, "class", node, sure)
            case ast.Import():
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    module = alias.name if alias.asname else bound
                    yield Binding(bound, "import", node, sure, (module, None))
            case ast.ImportFrom():
                module = "." * node.level + (node.module or "")
                for alias in node.names:
                    yield Binding(alias.asname or alias.name, "import", node, sure, (module, alias.name))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
                yield Binding(name, "function", as_def(name, value, node), sure)
            case ast.Assign():
                for target in node.targets:
                    yield from (Binding(n, "constant", node, sure) for n in _stored_names(target))
            case ast.AnnAssign() if node.value is not None:
                yield from (Binding(n, "constant", node, sure) for n in _stored_names(node.target))
            case ast.If():
                if not _is_name_test(node.test, "__name__"):
                    if not _is_name_test(node.test, "TYPE_CHECKING"):  # never runs
                        yield from _bindings(node.body, False)
                    yield from _bindings(node.orelse, sure and _is_name_test(node.test, "TYPE_CHECKING"))
            case ast.Try():
                yield from _of_try(node)
            case ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith() | ast.Match():
                yield from (Binding(n, "other", node, False) for n in _stored_names(node))
                for inner in ast.walk(node):
                    if isinstance(inner, ast.FunctionDef | ast.ClassDef):
                        yield Binding(inner.name, "other", node, False)
                    elif isinstance(inner, ast.Import | ast.ImportFrom):
                        yield from (Binding(b.name, "other", node, False) for b in _bindings([inner], False))
            case _:
                yield from (Binding(n, "other", node, False) for n in _stored_names(node))
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) and node.value is not None:
            yield from (Binding(n, "other", node, False) for n in _stored_names(node.value))  # by :=


def _of_try(node: ast.Try) -> Iterator[Binding]:
    """``try: import x`` with another way in ``except``: which of the two runs can be found out."""
    modules = [name for stmt in node.body for name in _imported_modules(stmt)]
    if all(isinstance(stmt, ast.Import | ast.ImportFrom) for stmt in node.body) and all(
        name.partition(".")[0] in sys.stdlib_module_names or name.partition(".")[0] in ("numpy", "scipy", "numba")
        for name in modules
    ):
        if all(importlib.util.find_spec(name.partition(".")[0]) is not None for name in modules):
            yield from _bindings(node.body, True)
            yield from _bindings(node.orelse, False)
        elif len(node.handlers) == 1:
            yield from _bindings(node.handlers[0].body, True)
    else:
        yield from _bindings(node.body, False)
        for handler in node.handlers:
            yield from _bindings(handler.body, False)
        yield from _bindings(node.orelse, False)
    yield from _bindings(node.finalbody, False)


def _imported_modules(stmt: ast.stmt) -> list[str]:
    if isinstance(stmt, ast.Import):
        return [alias.name for alias in stmt.names]
    if isinstance(stmt, ast.ImportFrom):
        return [stmt.module or "." if not stmt.level else "."]
    return []


def _is_name_test(test: ast.expr, name: str) -> bool:
    if isinstance(test, ast.Compare):
        test = test.left
    return name in (getattr(test, "id", ""), getattr(test, "attr", ""))


def _stored_names(node: ast.AST) -> Iterator[str]:
    """The names that a statement or a target binds, those of functions in it left out."""
    stack: list[ast.AST] = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store | ast.Del):
            yield inner.id
        elif isinstance(inner, ast.MatchAs | ast.MatchStar) and inner.name is not None:
            yield inner.name
        if inner is not node and isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(inner, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
            continue
        stack.extend(reversed(list(ast.iter_child_nodes(inner))))


def _rebound_in_functions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """What functions declare ``global``, and bind."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = list(ast.walk(function))
            bound = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store | ast.Del)}
            bound |= {n.name for n in inside if isinstance(n, ast.FunctionDef | ast.ClassDef)}
            imports = (n for n in inside if isinstance(n, ast.Import | ast.ImportFrom))
            bound |= {a.asname or a.name for n in imports for a in n.names}
            said = (n for n in inside if isinstance(n, ast.Global))
            yield from ((name, node) for node in said for name in node.names if name in bound)


# -- what is written into ------------------------------------------------------------------------


def written(tree: ast.Module, writes_arguments: Callable[[ast.expr], bool]) -> dict[tuple[str, ...], int]:
    """What statements write into, as dotted names from the root, with the line of the first.

    ``TABLE[0] = 1``, ``config.RATE = 2``, ``TABLE.sort()``, ``np.fill_diagonal(TABLE, 0)``; and
    what the module passes to a function of which ``writes_arguments`` says that it may write there.
    """
    found: dict[tuple[str, ...], int] = {}
    body = [n for n in tree.body if not (isinstance(n, ast.If) and _is_name_test(n.test, "__name__"))]
    for node in body:
        for path, line in _written(node, frozenset(), writes_arguments):
            found.setdefault(path, line)
    plain = [n for n in body if not isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    for path in by_other_names(plain, {path[0] for path in found}):
        found.setdefault(path, min(found.values()))
    called = {n.func.id for s in plain for n in ast.walk(s) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name in called:
            for path in _by_local_names(node):
                found.setdefault(path, node.lineno)
    return found


def _by_local_names(node: ast.FunctionDef) -> set[tuple[str, ...]]:
    """What a function that the module calls writes into by names of its own."""
    own = _local_names(node)
    inside = {path[0] for stmt in node.body for path, _ in _written(stmt, frozenset(), None)}
    return {path for path in by_other_names(node.body, (inside & own) - _counted(node)) if path[0] not in own}


def written_parameters(node: Function) -> bool:
    """Does a function write into what it is given, or into what it may share memory with it?"""
    inner = [w for stmt in node.body for w in _written(stmt, frozenset(), None)]
    return bool(inner)


def written_outside(node: Function | ast.Lambda, marked: frozenset[str] = frozenset()) -> bool:
    """Does a function inside another write into what is not its own, but for attributes of functions in it?"""
    if any(isinstance(inner, ast.Nonlocal | ast.Global) for inner in ast.walk(node)):
        return True
    return any(len(path) != 2 or path[0] not in marked for path, _ in _written(node, frozenset(), None))


def _written(
    node: ast.AST, local: frozenset[str], writes_arguments: Callable[[ast.expr], bool] | None, cls: str = ""
) -> Iterator[tuple[tuple[str, ...], int]]:
    paths: list[tuple[str, ...] | None] = []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        inside = [w for stmt in node.body for w in _written(stmt, frozenset(), None)]
        paths.extend((cls,) for path, _ in inside if cls and _is_class_write(node, path))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        local |= _local_names(node)
        writes_arguments, cls = None, ""
    if isinstance(node, ast.ClassDef):
        cls = node.name
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        paths.append(dotted(node))
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        paths.append((node.target.id,))
    elif isinstance(node, ast.Call):
        arguments = [*node.args, *(k.value for k in node.keywords)]
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if isinstance(node.func, ast.Attribute) and name in IN_PLACE_METHODS | SETTERS:
            paths.append(dotted(node.func.value))
            if isinstance(node.func.value, ast.Name) and node.func.value.id in ("list", "dict", "set", "bytearray"):
                paths.extend(dotted(a) for a in node.args[:1])
        if name in SETTERS:
            paths.append(_set(node))
        if name == "exec" and len(node.args) == 1:
            paths.append(ANYTHING)
        if name in IN_PLACE_FUNCTIONS or name == "at":
            paths.extend(dotted(a) for a in node.args[:1])
        elif writes_arguments is not None and writes_arguments(node.func):
            paths.extend(dotted(a) for a in arguments)
        paths.extend(dotted(k.value) for k in node.keywords if k.arg == "out")
    for path in paths:
        if path is not None and path[0] not in local:
            yield path, getattr(node, "lineno", 0)
    for child in ast.iter_child_nodes(node):
        yield from _written(child, local, writes_arguments, cls)


def _set(call: ast.Call) -> tuple[str, ...] | None:
    """What ``setattr(config, name, value)`` writes: of a module the name, or any."""
    path = dotted(call.args[0]) if call.args else None
    if path is None or len(call.args) < 2:
        return path
    name = call.args[1].value if isinstance(call.args[1], ast.Constant) else None
    return (*path, name if isinstance(name, str) else "__dict__")


def _is_class_write(node: Function, path: tuple[str, ...]) -> bool:
    """Does a method that writes ``path`` write into its class?"""
    args = [*node.args.posonlyargs, *node.args.args]
    if path[0] == "__class__" or "__class__" in path[1:2]:
        return True
    of_class = any(isinstance(d, ast.Name) and d.id == "classmethod" for d in node.decorator_list)
    return of_class and bool(args) and path[0] == args[0].arg


def _counted(node: Function) -> set[str]:
    """Names of numbers, as far as the text tells: ``total += x``."""
    return {n.target.id for n in ast.walk(node) if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)}


def _local_names(node: Function | ast.Lambda) -> frozenset[str]:
    args = node.args
    params = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    found = {p.arg for p in params if p is not None}
    if not isinstance(node, ast.Lambda):
        for stmt in node.body:
            found.update(_stored_names(stmt))
    return frozenset(found)
