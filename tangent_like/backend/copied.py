"""Text of the user's that a standalone module takes along: functions and constants.

The text stays as it was written, comments too, except for annotations, which nothing reads at run
time and whose names need not be there, and for names that had to give way to others.
"""

from __future__ import annotations

import ast
import builtins
import copy
import inspect
import re
import symtable
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tangent_like import runtime
from tangent_like.errors import DifferentiationError, Place, SourceError, UnsupportedError
from tangent_like.frontend.live import function_target, is_library, is_program
from tangent_like.frontend.resolve import FileScope, is_module
from tangent_like.ir.nodes import Global, Library, Target, Unresolved, UserFunction

At = tuple[int, int]  # line from 1, column in bytes
Edit = tuple[At, At, str]
NameOf = Callable[[Target, str], str]


@dataclass(frozen=True, eq=False)
class Use:
    """A name from outside, dotted where it leads through a user's module: ``helpers.rate``."""

    node: ast.expr
    target: Target
    wanted: str

    @property
    def root(self) -> str:
        node = self.node
        while isinstance(node, ast.Attribute):
            node = node.value
        return node.id if isinstance(node, ast.Name) else ""


@dataclass(frozen=True, eq=False)
class Snippet:
    """A function, or the statement that gives constants their values."""

    targets: tuple[Target, ...]  # what it defines
    text: str
    tree: ast.stmt
    uses: tuple[Use, ...]
    builtins: frozenset[str]  # the names of Python's own that it reads
    local: frozenset[str]  # names that it binds for itself
    place: Place
    scope: FileScope | None = None  # None: a helper of the runtime
    end: int = 0  # its last line in the user's file

    @property
    def is_function(self) -> bool:
        return isinstance(self.tree, ast.FunctionDef)

    def at(self, node: ast.AST) -> Place:
        """Where a node of it stands in the user's file."""
        line = self.place.line + getattr(node, "lineno", 1) - 1
        lines = () if self.scope is None else self.scope.lines
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        return Place(self.place.file, line, getattr(node, "col_offset", 0) + 1, text)

    def render(self, name_of: NameOf) -> str:
        """The text, with what it defines and reads under its names in the module."""
        renamed: dict[ast.AST, str] = {}
        for use in self.uses:
            name = name_of(use.target, use.wanted)
            if name != ast.unparse(use.node):
                if name in self.local or use.root in self.local:
                    raise DifferentiationError(
                        f"{use.wanted!r} would have to be called {name!r}, which is local here",
                        self.at(use.node),
                        "rename one of them",
                    )
                renamed[use.node] = name
        edits: list[Edit] = []
        if isinstance(self.tree, ast.FunctionDef):
            name = name_of(self.targets[0], self.tree.name)
            if name != self.tree.name:
                edits.append(_rename_def(self.text, self.tree, name))
        else:
            for node in ast.walk(self.tree):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    for target in self.targets:
                        if isinstance(target, Global) and target.name == node.id:
                            name = name_of(target, node.id)
                            if name != node.id:
                                renamed[node] = name
        edits.extend(_edits(self.tree, renamed))
        return edited(self.text, edits)


def function_snippet(scope: FileScope, name: str) -> Snippet:
    """The text of a function at the top of a file."""
    node = scope.definition(name)
    assert node is not None, name
    return _snippet(scope, node, (UserFunction(scope.file, name, scope),))


def constant_snippet(scope: FileScope, name: str) -> Snippet:
    """The statement that gives a global variable its value."""
    node = scope.bindings[name][-1].node
    names = [n for n, found in scope.bindings.items() if found[-1].node is node]
    return _snippet(scope, node, tuple(Global(scope.file, n, None, scope) for n in names))


def helper_snippet(name: str) -> Snippet:
    """The text of a function of the runtime."""
    fn: Callable[..., object] = getattr(runtime, name)
    return _of_ours(fn, Library("tangent_like.runtime", name, fn))


def program_snippet(target: UserFunction) -> Snippet:
    """The text of a function of ours that says what a library does in several steps."""
    assert is_program(target.source)
    return _of_ours(target.source, target)


def _of_ours(fn: Callable[..., object], own: Target) -> Snippet:
    text = inspect.getsource(fn).rstrip("\n")
    free, local, tree = _outside(text)
    outside: dict[str, object] = fn.__globals__
    uses: list[Use] = []
    own_names: set[str] = set()
    for node in free:
        value = outside.get(node.id)
        if node.id not in outside:
            own_names.add(node.id)
        elif inspect.ismodule(value):
            uses.append(Use(node, Library(value.__name__, "", value), node.id))
        elif is_program(value):
            uses.append(Use(node, function_target(value), node.id))
        else:
            uses.append(Use(node, Library("tangent_like.runtime", node.id, value), node.id))
    return Snippet((own,), text, tree, tuple(uses), frozenset(own_names), local, Place("", 0, 0, ""))


def _snippet(scope: FileScope, node: ast.stmt, targets: tuple[Target, ...]) -> Snippet:
    text = _own_text(scope, node)
    free, local, tree = _outside(text)
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    place = Place(scope.file, first, node.col_offset + 1, scope.lines[first - 1])
    snippet = Snippet(targets, text, tree, (), frozenset(), local, place, scope, node.end_lineno or 0)
    for inner in ast.walk(tree):
        if isinstance(inner, ast.Import | ast.ImportFrom):
            _check_import(snippet, scope, inner)
    parents = {id(n.value): n for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    chains = [_chain(snippet, scope, name, parents) for name in free]
    return replace(
        snippet,
        uses=tuple(Use(*c) for c in chains if not _is_builtin(c[1])),
        builtins=frozenset(c[2] for c in chains if _is_builtin(c[1])),
    )


def _is_builtin(target: Target) -> bool:
    return isinstance(target, Library) and target.module == "builtins"


def _check_import(snippet: Snippet, scope: FileScope, node: ast.Import | ast.ImportFrom) -> None:
    modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    inside = isinstance(node, ast.ImportFrom) and node.level
    if inside or any(scope.sibling(m) is not None or not is_library(m) for m in modules):
        raise UnsupportedError(
            "an import of a file of yours inside a function is not followed",
            snippet.at(node),
            "import at the top of the file",
        )


def _chain(
    snippet: Snippet, scope: FileScope, name: ast.Name, parents: dict[int, ast.Attribute]
) -> tuple[ast.expr, Target, str]:
    """What a name refers to; through modules of the user's, what is reached in them."""
    node: ast.expr = name
    wanted = name.id
    target = scope.lookup(name.id)
    while is_module(target):
        outer = parents.get(id(node))
        if outer is None:
            raise UnsupportedError(
                f"{ast.unparse(node)} is a module of yours, and cannot be copied as a value",
                snippet.at(node),
                "import what you need from it",
            )
        node, wanted = outer, outer.attr
        target = scope.attribute(target, outer.attr)
    if isinstance(target, Unresolved):
        reason = target.reason or "it is not defined"
        raise SourceError(f"the name {ast.unparse(node)!r} cannot be used: {reason}", snippet.at(node))
    return node, target, wanted


# -- names ---------------------------------------------------------------------


def _outside(text: str) -> tuple[list[ast.Name], frozenset[str], ast.stmt]:
    """The nodes that read global names, the names that are local, and the tree."""
    module = ast.parse(text)
    (tree,) = module.body
    tables = list(_tables(symtable.symtable(text, "<copied>", "exec")))
    bound_here = {s.get_name() for s in tables[0].get_symbols() if s.is_assigned()}
    outside: set[str] = set()
    local: set[str] = set()
    for table in tables:
        for symbol in table.get_symbols():
            name = symbol.get_name()
            if table is tables[0]:
                if symbol.is_referenced():
                    outside.add(name)
            elif symbol.is_global():
                outside.add(name)
            elif symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported():
                local.add(name)
    if not isinstance(tree, ast.FunctionDef):
        outside -= bound_here
    free = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in outside
    ]
    return free, frozenset(local), tree


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def undefined_names(text: str) -> set[str]:
    """The global names that a module reads, and neither defines nor has from Python."""
    tables = list(_tables(symtable.symtable(text, "<module>", "exec")))
    defined = {s.get_name() for s in tables[0].get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    read = {s.get_name() for s in tables[0].get_symbols() if s.is_referenced()}
    for table in tables[1:]:
        read |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return {n for n in read - defined if not hasattr(builtins, n)}


# -- text ----------------------------------------------------------------------


def _own_text(scope: FileScope, node: ast.stmt) -> str:
    """The text of a statement that stands alone, flush left, without annotations."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    if isinstance(node, ast.FunctionDef):
        line = scope.lines[node.lineno - 1].encode()[node.col_offset :].decode()
        if not line.startswith("def"):  # it was written as a lambda
            return ast.unparse(node)
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    lines = list(scope.lines[first - 1 : node.end_lineno])
    last = lines[-1].encode()
    rest = last[node.end_col_offset :].decode()
    comment = rest if re.fullmatch(r"\s*#.*", rest) and not isinstance(node, ast.FunctionDef) else ""
    lines[-1] = last[: node.end_col_offset].decode() + comment.rstrip()
    lines[0] = lines[0].encode()[node.col_offset :].decode()
    text = "\n".join(lines)
    if node.col_offset:
        pad = " " * node.col_offset
        text = "\n".join([lines[0], *(line.removeprefix(pad) for line in lines[1:])])
        if not _parses_to(text, node):  # a string over several lines: its text is not moved
            text = ast.unparse(node)
    (tree,) = ast.parse(text).body
    return edited(text, [*_annotations(text, tree), *_own_decorators(scope, tree)])


def _own_decorators(scope: FileScope, tree: ast.stmt) -> Iterator[Edit]:
    """The lines of ``@tl.custom_vjp`` above a function: what is copied is what it computes."""
    for decorator in getattr(tree, "decorator_list", ()):
        target = scope.resolve(decorator)
        if isinstance(target, Library) and target.module.partition(".")[0] == "tangent_like":
            yield (decorator.lineno, 0), ((decorator.end_lineno or decorator.lineno) + 1, 0), ""


def _parses_to(text: str, node: ast.stmt) -> bool:
    try:
        return ast.dump(ast.parse(text).body[0]) == ast.dump(node)
    except (SyntaxError, IndexError):
        return False


def _annotations(text: str, tree: ast.stmt) -> Iterator[Edit]:
    """The edits that take the annotations out."""
    lines = text.split("\n")

    def before(at: At, mark: str) -> At:
        """Where ``mark`` stands, before ``at``."""
        line, column = at
        while True:
            found = lines[line - 1].encode()[:column].rfind(mark.encode())
            if found >= 0:
                return line, len(lines[line - 1].encode()[:found].rstrip())
            line -= 1
            column = len(lines[line - 1].encode())

    fields = {s for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for s in n.body if isinstance(s, ast.AnnAssign)}
    for node in ast.walk(tree):
        if node in fields:
            continue  # of a dataclass and of a named tuple they say what there is
        if isinstance(node, ast.arg) and node.annotation is not None:
            start = (node.lineno, node.col_offset + len(node.arg.encode()))
            end = _span(node.annotation)[1]
            tail = lines[end[0] - 1].encode()[end[1] :]
            while tail.startswith(b")"):  # an annotation in parentheses of its own
                if not _parenthesized(lines, start, end):
                    break
                end, tail = (end[0], end[1] + 1), tail[1:]
            spaced = re.match(rb"\s*=\s*", tail)
            yield (start, (end[0], end[1] + len(spaced[0])), "=") if spaced else (start, end, "")
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield before(_span(node.returns)[0], "->"), _span(node.returns)[1], ""
        elif isinstance(node, ast.AnnAssign):
            start = _span(node.target)[1]
            if node.value is None:
                yield _span(node)[0], _span(node)[1], "pass"
            else:
                yield start, before(_span(node.value)[0], "="), ""


def _parenthesized(lines: list[str], start: At, end: At) -> bool:
    inner = lines[start[0] - 1].encode()[start[1] : end[1] if start[0] == end[0] else None]
    return inner.count(b"(") > inner.count(b")")


def _span(node: ast.expr | ast.stmt) -> tuple[At, At]:
    assert node.end_lineno is not None and node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _edits(node: ast.AST, renamed: dict[ast.AST, str]) -> Iterator[Edit]:
    """The edits that put the new names in; none inside another."""
    if node in renamed and isinstance(node, ast.expr):
        yield (*_span(node), renamed[node])
    elif isinstance(node, ast.JoinedStr):
        # before Python 3.12 what stands in an f-string does not know where it stands
        if any(inner in renamed for inner in ast.walk(node)):
            copies: dict[int, ast.AST] = {}
            twin = copy.deepcopy(node, copies)
            table = {copies[id(old)]: new for old, new in renamed.items() if id(old) in copies}
            yield (*_span(node), ast.unparse(_Renamer(table).visit(twin)))
    else:
        for child in ast.iter_child_nodes(node):
            yield from _edits(child, renamed)


class _Renamer(ast.NodeTransformer):
    def __init__(self, table: dict[ast.AST, str]) -> None:
        self.table = table

    def visit(self, node: ast.AST) -> ast.AST:
        if node in self.table:
            return ast.Name(self.table[node], ast.Load())
        return self.generic_visit(node)


def _rename_def(text: str, tree: ast.FunctionDef, name: str) -> Edit:
    line = text.split("\n")[tree.lineno - 1]
    found = re.compile(r"def\s+(\w+)").search(line, len(line.encode()[: tree.col_offset].decode()))
    assert found is not None
    start, end = (len(line[: found.start(1)].encode()), len(line[: found.end(1)].encode()))
    return (tree.lineno, start), (tree.lineno, end), name


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with each stretch replaced."""
    lines = [line.encode() for line in text.split("\n")]
    for (line, column), (end_line, end_column), new in sorted(edits, reverse=True):
        kept = lines[line - 1][:column] + new.encode() + lines[end_line - 1][end_column:]
        lines[line - 1 : end_line] = kept.split(b"\n")
    return b"\n".join(lines).decode()
