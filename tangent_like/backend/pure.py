"""Which constants of a user's module can be computed elsewhere: those of pure functions alone."""

from __future__ import annotations

import ast

from tangent_like.backend.copied import Snippet
from tangent_like.errors import SourceError
from tangent_like.frontend.bindings import IN_PLACE_METHODS
from tangent_like.ir.nodes import Global, Library, Target

MODULES = frozenset(
    {"numpy", "scipy", "math", "cmath", "operator", "itertools", "functools", "fractions"}
    | {"decimal", "numbers", "collections", "types", "typing", "string", "statistics", "dataclasses", "enum", "abc"}
)
# Of those, what reads files or draws random numbers.
IMPURE_MODULES = ("numpy.random", "scipy.io", "scipy.datasets", "scipy.stats")
IMPURE = frozenset(
    {"load", "loadtxt", "genfromtxt", "fromfile", "fromregex", "memmap", "save", "savez", "savetxt"}
    | {"savez_compressed", "DataSource", "open_memmap", "seterr", "errstate", "set_printoptions"}
)
BUILTINS = frozenset(
    {
        "abs",
        "all",
        "any",
        "bool",
        "bytes",
        "chr",
        "complex",
        "dict",
        "divmod",
        "enumerate",
        "filter",
    }
    | {
        "float",
        "format",
        "frozenset",
        "int",
        "isinstance",
        "len",
        "list",
        "map",
        "max",
        "min",
        "ord",
    }
    | {"pow", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple"}
    | {"type", "zip", "True", "False", "None", "NotImplemented", "Ellipsis"}
)
# Numbers of the machine, and loggers, of which there is one under each name.
KNOWN = {("sys", "float_info"), ("sys", "maxsize"), ("logging", "getLogger")}
METHODS_WITH_FILES = frozenset(
    {"tofile", "dump", "read", "write", "read_text", "read_bytes", "open"}
)


def check_pure(snippet: Snippet, called: frozenset[Target]) -> None:
    """Refuse a constant, or a function that one calls, whose result depends on more than its text.

    ``called`` are the functions of the user's that are checked too.
    """
    targets = {id(use.node): use.target for use in snippet.uses}
    parents = {
        id(child): node for node in ast.walk(snippet.tree) for child in ast.iter_child_nodes(node)
    }

    def refuse(node: ast.AST, what: str) -> SourceError:
        name = next((t.name for t in snippet.targets if isinstance(t, Global)), "")
        subject = f"the constant {name!r}" if name else "what a constant is computed with"
        return SourceError(
            f"{subject} cannot be copied: {what}", snippet.at(node), "pass the value as an argument"
        )

    def library(node: ast.expr) -> tuple[str, ...] | None:
        """The full dotted name of a library's attribute."""
        target = targets.get(id(node))
        if isinstance(target, Library):
            return (*target.module.split("."), *filter(None, target.qualname.split(".")))
        if isinstance(node, ast.Attribute):
            base = library(node.value)
            return None if base is None else (*base, node.attr)
        return None

    for node in ast.walk(snippet.tree):
        match node:
            case ast.Call(func=func):
                path = library(func)
                if path is not None:
                    if not _is_pure(path):
                        raise refuse(
                            node, f"{'.'.join(path)} is not known to give the same result again"
                        )
                elif isinstance(func, ast.Name) and func.id in snippet.builtins:
                    if func.id not in BUILTINS and not func.id.endswith("Error"):
                        raise refuse(node, f"it calls {func.id}()")
                elif id(func) in targets:
                    if targets[id(func)] not in called and not _is_class(targets[id(func)]):
                        raise refuse(node, f"what {ast.unparse(func)} does is not known")
                elif isinstance(func, ast.Attribute):
                    if func.attr in IN_PLACE_METHODS or func.attr in METHODS_WITH_FILES:
                        raise refuse(node, f"it calls the method .{func.attr}()")
                else:
                    raise refuse(node, f"what {ast.unparse(func)} does is not known")
            case ast.Name() | ast.Attribute() if isinstance(targets.get(id(node)), Library):
                top: ast.expr = node
                while isinstance(outer := parents.get(id(top)), ast.Attribute):
                    top = outer
                path = library(top)
                assert path is not None
                if path[0] not in MODULES and path[:2] not in KNOWN:
                    raise refuse(node, f"it reads {'.'.join(path)}")
            case ast.Global() | ast.Nonlocal() | ast.Import() | ast.ImportFrom() | ast.NamedExpr():
                raise refuse(node, "it is computed in a way that is not followed")
            case ast.Yield() | ast.YieldFrom() | ast.Await() | ast.With():
                raise refuse(node, "it is computed in a way that is not followed")
            case _:
                pass


def _is_class(target: Target) -> bool:
    """A class of the user's: its text is looked through as well."""
    return isinstance(target, Global) and isinstance(target.value, type)


def _is_pure(path: tuple[str, ...]) -> bool:
    dotted = ".".join(path)
    if path in KNOWN:
        return True
    if path[0] not in MODULES or path[-1] in IMPURE:
        return False
    return not any(dotted == m or dotted.startswith(m + ".") for m in IMPURE_MODULES)
