"""gast in, the small language out: statements. Together with ``expressions`` the only reader of gast."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable
from typing import Any

import gast

from tangent_like.errors import Place, UnsupportedError
from tangent_like.frontend.asked_for_next import as_for
from tangent_like.frontend.compound import attempt, context, deleted, given, in_other_words, looped, yields_as_values
from tangent_like.frontend.default_values import default_now
from tangent_like.frontend.expressions import Expressions
from tangent_like.frontend.in_place import writes_array
from tangent_like.frontend.later import arm
from tangent_like.frontend.local_classes import local_class
from tangent_like.frontend.nested import rich, target, zipped
from tangent_like.frontend.of_module import of_module
from tangent_like.frontend.patterns import match_statement
from tangent_like.frontend.protected import protects
from tangent_like.frontend.resolve import FileScope
from tangent_like.frontend.scopes import assigned_names, every_node, local_imports, nonlocals, parameters
from tangent_like.frontend.source import FunctionSource, on_one_line
from tangent_like.frontend.surgery import SetAside, set_aside, surgery
from tangent_like.frontend.told import known, settled
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assert,
    Assign,
    Attribute,
    Augment,
    Binary,
    Bind,
    Block,
    Break,
    Call,
    Const,
    Continue,
    Define,
    Do,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Lambda,
    Library,
    Loop,
    Name,
    Origin,
    Param,
    Pass,
    Raise,
    Ref,
    Return,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import base_name
from tangent_like.ir.yields import YIELD, yields

OPERATORS = {
    gast.Add: "+", gast.Sub: "-", gast.Mult: "*", gast.Div: "/", gast.FloorDiv: "//", gast.Mod: "%",
    gast.Pow: "**", gast.MatMult: "@", gast.BitAnd: "&", gast.BitOr: "|", gast.BitXor: "^",
    gast.LShift: "<<", gast.RShift: ">>",
}  # fmt: skip

REFUSED = {
    gast.AsyncFunctionDef: ("async", "differentiate plain functions"),
    gast.AsyncFor: ("async", "differentiate plain functions"),
    gast.AsyncWith: ("async", "differentiate plain functions"),
    gast.Global: ("global", "return the value instead"),
}

def lower(source: FunctionSource) -> tuple[Function, Namer]:
    """The function in the small language, and a namer that knows every name it uses."""
    return _Lowerer(source).function()


def lower_value(scope: FileScope, name: str, value: ast.expr) -> Expr:
    """The expression that gives a constant of a parsed file its value."""
    source = FunctionSource(scope.file, 1, scope.lines, None, name, name, scope)
    return Expressions(source, set(), {})(gast.ast_to_gast(value))


class _Lowerer:
    def __init__(self, source: FunctionSource, node: Any = None, around: _Lowerer | None = None) -> None:
        self.source = source
        self.node = node = source.tree if node is None else node
        self.params = parameters(source, node)
        body = [] if isinstance(node, gast.Lambda) else node.body
        self.nodes = every_node(node)
        kinds = set(map(type, self.nodes))
        imports = local_imports(source, body) if kinds & {gast.Import, gast.ImportFrom} else {}
        set_aside(source, body, {**(around.expr.imports if around is not None else {}), **imports})
        if kinds & {gast.With, gast.Import, gast.ImportFrom}:  # some may be set aside, or left out
            self.nodes = every_node(node)
        self.outer = nonlocals(body) if gast.Nonlocal in kinds else set()
        self.own = ({p.name for p in self.params} | assigned_names(body)) - self.outer
        self.around = around
        if around is None:
            self.locals = set(self.own)
            taken = self.own | {n.id for n in self.nodes if isinstance(n, gast.Name)}
            self.namer = Namer(taken | set(imports))
        else:
            self.locals = around.expr.locals | self.own
            self.namer = around.namer
            imports = {**around.expr.imports, **imports}
        self.expr: Expressions = Expressions(source, self.locals, imports, self.wider)
        self.last_line = 0
        self.broke: list[str | None] = []  # for each loop around: what says that it was left by a break

    def wider(self, node: Any, expr: Expressions, at: tuple[int, int]) -> Expr | None:
        if isinstance(node, gast.Lambda):
            inside = _Lowerer(self.source, node, self._seen_by(expr))
            return Lambda(inside.function()[0], at)
        return rich(node, expr, at)

    def _seen_by(self, expr: Expressions) -> _Lowerer:
        """This function as a lambda inside a comprehension sees it, whose names are local there."""
        if expr is self.expr:
            return self
        seen = copy.copy(self)
        seen.expr = expr
        return seen

    def function(self) -> tuple[Function, Namer]:
        node = self.node
        if isinstance(node, gast.AsyncFunctionDef):
            raise self.refuse(node, "an async function", "differentiate plain functions")
        params = tuple(
            Param(p.name, self.default(p.name, p.default), p.annotation, p.keyword_only, p.star) for p in self.params
        )
        own, outer = frozenset(self.own), frozenset(self.outer)
        if isinstance(node, gast.Lambda):
            body: Block = (Return(self.expr(node.body), self.origin(node.body)),)
            name = self.source.name if self.around is None else "f"
            return Function(name, params, body, self.origin(node), "", "", own, outer), self.namer
        for inner in yields_as_values(self.nodes):
            raise self.refuse(inner, "a generator that is sent something", "return a list or an array")
        statements = list(node.body)
        doc = ""
        if statements and _is_docstring(statements[0]):
            doc = statements.pop(0).value.value
        self.last_line = node.lineno
        body = self.block(statements)
        own = frozenset({*own, YIELD}) if yields(body) else own
        returns = self.source.segment(node.returns) if node.returns is not None else ""
        function = Function(node.name, params, body, self.origin(node), doc, returns, own, outer)
        return function, self.namer

    def default(self, name: str, node: Any) -> Expr | None:
        """A default was evaluated when the function was made: what its text says may be something else by now."""
        if node is None:
            return None
        now = default_now(self.source.obj, name, node) if self.source.obj is not None and self.around is None else None
        if now is not None:
            return now
        return self.expr.outside(node, self.wider) if self.around is None else self.around.expr(node)

    # -- where things stand --

    def origin(self, node: Any) -> Origin:
        first = node.lineno
        end = node.end_lineno
        inner = getattr(node, "body", None) or getattr(node, "cases", None)
        text = on_one_line(self.source.segment(node))
        if isinstance(inner, list) and inner:
            text = _header(text)
        comments, blank = self.above(first)
        self.last_line = end if not (isinstance(inner, list) and inner) else first
        line = self.source.first + first - 1
        return Origin(self.source.file, line, node.col_offset + 1, text, comments, blank)

    def above(self, line: int) -> tuple[tuple[str, ...], bool]:
        """The comment lines between the previous statement and ``line``, and whether a line was blank."""
        comments: list[str] = []
        blank = False
        if not self.source.comments:
            previous = self.source.lines[line - 2] if line >= 2 else "x"
            return (), line - 1 > self.last_line and not previous.strip()
        for at in range(self.last_line + 1, line):
            if at in self.source.comments:
                comments.append(self.source.comments[at])
            elif not self.source.lines[at - 1].strip() and not comments:
                blank = True
        return tuple(comments), blank

    def refuse(self, node: Any, what: str, hint: str = "") -> UnsupportedError:
        return UnsupportedError(f"{what} is not differentiated", self.source.place(node), hint)

    # -- statements --

    def block(self, nodes: list[Any]) -> Block:
        return tuple(stmt for node in self.running(nodes) for stmt in self.statement(node))

    def running(self, nodes: list[Any]) -> Iterable[Any]:
        made = self.own - {p.name for p in self.params}  # what is passed the caller goes on with
        return (n for n in settled(nodes, self.expr.module_of) if not protects(n, made, self.nodes))

    def statement(self, node: Any) -> list[Stmt]:
        match node:
            case gast.Assign():
                return self.assign(node, node.targets, node.value)
            case gast.AnnAssign():
                return [] if node.value is None else self.assign(node, [node.target], node.value)
            case gast.AugAssign():
                return self.augment(node)
            case gast.If():
                return [self.branch(node)]
            case gast.For() | gast.While():
                return looped(as_for(node, self, self.nodes), self)
            case gast.Break():
                broke = self.broke[-1]
                said = [] if broke is None else [Assign((broke,), (Const(True),))]
                return [*said, Break(self.origin(node))]
            case gast.Continue():
                return [Continue(self.origin(node))]
            case gast.With():
                return [context(node, self)]
            case gast.Try():
                return [attempt(node, self)]
            case gast.Match():
                return match_statement(node, self)
            case gast.Delete():
                return [deleted(t, self) for t in node.targets]
            case gast.Return():
                origin = self.origin(node)
                return [Return(None if node.value is None else self.expr(node.value), origin)]
            case gast.Expr(value=gast.Yield() | gast.YieldFrom()):
                return [given(node, self)]
            case gast.Expr():
                return self.expression(node)
            case gast.Assert():
                message = None if node.msg is None else self.expr(node.msg)
                return [Assert(self.expr(node.test), message, self.origin(node))]
            case gast.Raise():
                error, cause = (None if e is None else self.expr.told(e) for e in (node.exc, node.cause))
                return [Raise(error, self.origin(node), cause)]
            case SetAside():
                return [surgery(node.node, self)]
            case gast.Pass():
                return [Pass(self.origin(node))]
            case gast.FunctionDef():
                return [self.define(node)]
            case gast.ClassDef():
                return local_class(node, self.expr, self.inside, self.origin, self.refuse)
            case gast.Import() | gast.ImportFrom() | gast.Nonlocal():
                return []
            case gast.Global() if not self.own & {*node.names}:
                return []  # they are read alone
            case _:
                what, hint = REFUSED.get(type(node), (type(node).__name__.lower(), ""))
                raise self.refuse(node, what, hint)

    def expression(self, node: Any) -> list[Stmt]:
        value = node.value
        if isinstance(value, gast.Constant):
            return []  # a string used as a comment
        if (told := in_other_words(node, self)) is not None:
            return told
        lowered = self.expr.effect(value)
        if isinstance(lowered, Call):
            self.check_effect(node, lowered)
        return [Do(lowered, self.origin(node))]

    def check_effect(self, node: Any, call: Call) -> None:
        """A call made for its effect: printing passes through, what may write arrays does not."""
        func = call.func
        if writes_array(call):
            return  # a store is made of it
        if isinstance(func, Ref) and isinstance(func.target, Library):
            target = func.target
            if target.module == "builtins" and target.qualname == "print":
                return
            if target.module == "numpy.random" and target.qualname in ("seed", "shuffle"):
                return
            if f"{target.module}.{target.qualname}".startswith("numpy.linalg."):
                return  # tried out: these write nowhere
            if target.module.partition(".")[0] in ("numpy", "scipy", "operator"):
                raise self.refuse(
                    node,
                    f"{func.spelling} called for its effect",
                    "assign the result to a name or a slice",
                )

    def assign(self, node: Any, targets: list[Any], value_node: Any) -> list[Stmt]:
        origin = self.origin(node)
        if len(targets) > 1:
            return self.chained(targets, value_node, origin)
        target = targets[0]
        if isinstance(target, gast.Name):
            return [Assign((target.id,), (self.expr(value_node),), origin)]
        if isinstance(target, gast.Subscript):
            return self.store(target, "", self.expr(value_node), origin)
        if isinstance(target, gast.Tuple | gast.List):
            return self.unpack(target, value_node, origin)
        return [Bind(self.pattern(target), "", self.expr(value_node), origin)]

    def pattern(self, node: Any) -> Expr:
        return target(node, self.expr)

    def define(self, node: Any) -> Define:
        origin = self.origin(node)
        decorators = tuple(self.expr(d) for d in node.decorator_list)
        return Define(node.name, self.inside(node), decorators, origin)

    def inside(self, node: Any) -> Function:
        """A function inside this one."""
        return _Lowerer(self.source, node, self).function()[0]

    def written(self, node: Any, out: list[Stmt], origin: Origin) -> Index:
        """The place that a store writes: in an array that has a name of the function's own, or gets one."""
        place = self.expr.place(node)
        if base_name(place) is not None:
            return place
        if self.expr.is_outside(_bottom(node)):
            if of_module(place):  # done where it stands: see specialize/outside_tables.py
                return place
            raise self.refuse(node, "a write to a global", "write into an array of the function's own")
        name = self.namer.fresh("a")
        self.locals.add(name)

        def based(expr: Expr) -> Expr:
            match expr:
                case Index(value, index):
                    return Index(based(value), index, expr.at)
                case Attribute(value, attribute):
                    return Attribute(based(value), attribute, expr.at)
                case _:
                    out.append(Assign((name,), (expr,), origin))
                    return Name(name)

        named = based(place)
        assert isinstance(named, Index)
        return named

    def store(self, node: Any, op: str, value: Expr, origin: Origin) -> list[Stmt]:
        out: list[Stmt] = []
        place = self.written(node, out, origin)
        return [*out, Store(place, op, value, origin)]

    def chained(self, targets: list[Any], value_node: Any, origin: Origin) -> list[Stmt]:
        """``a = b = e``: Python assigns from the left, every target the same object."""
        value = self.expr(value_node)
        out: list[Stmt] = []
        if not isinstance(value, Const | Name):
            if isinstance(targets[0], gast.Name):
                name, targets = targets[0].id, targets[1:]
            else:
                name = self.namer.fresh("held")
                self.locals.add(name)
                self.own.add(name)
            out.append(Assign((name,), (value,), origin))
            value = Name(name)
        for each in targets:
            if isinstance(each, gast.Name):
                out.append(Assign((each.id,), (value,), origin))
            elif isinstance(each, gast.Subscript):
                out.extend(self.store(each, "", value, origin))
            else:
                out.append(Bind(self.pattern(each), "", value, origin))
        return out

    def own_name(self, wanted: str) -> str:
        name = self.namer.fresh(wanted)
        self.locals.add(name)
        self.own.add(name)
        return name

    def unpack(self, target: Any, value_node: Any, origin: Origin) -> list[Stmt]:
        elements = target.elts
        if any(isinstance(e, gast.Starred | gast.Tuple | gast.List | gast.Attribute) for e in elements):
            return [Bind(self.pattern(target), "", self.expr(value_node), origin)]
        literal = isinstance(value_node, gast.Tuple | gast.List) and not any(
            isinstance(e, gast.Starred) for e in value_node.elts
        )
        if literal and len(value_node.elts) != len(elements):
            raise self.refuse(target, "an assignment of unequal lengths")
        if all(isinstance(e, gast.Name) for e in elements):
            said = [e.id for e in elements]  # of ``n, _, m, _`` the last of each stays
            names = tuple(n if n not in said[k + 1 :] else self.own_name("unused") for k, n in enumerate(said))
            if literal:
                return [Assign(names, tuple(self.expr(v) for v in value_node.elts), origin)]
            if len(names) == 1:
                return [Assign(names, (Index(self.expr(value_node), Const(0)),), origin)]
            return [Assign(names, (self.expr(value_node),), origin)]
        if not literal:
            return [Bind(self.pattern(target), "", self.expr(value_node), origin)]
        # the right side is evaluated whole before the first store
        out: list[Stmt] = []
        held: list[Expr] = []
        for element, value in zip(elements, value_node.elts, strict=True):
            wanted = element.id if isinstance(element, gast.Name) else "held"
            name = self.own_name(f"{wanted}_new" if isinstance(element, gast.Name) else wanted)
            out.append(Assign((name,), (self.expr(value),), origin))
            held.append(Name(name))
        for element, name_ in zip(elements, held, strict=True):
            if isinstance(element, gast.Name):
                out.append(Assign((element.id,), (name_,), origin))
            elif isinstance(element, gast.Subscript):
                out.extend(self.store(element, "", name_, origin))
            else:
                raise self.refuse(element, "unpacking into this place", "unpack into names first")
        return out

    def augment(self, node: Any) -> list[Stmt]:
        origin = self.origin(node)
        op = OPERATORS[type(node.op)]
        value = self.expr(node.value)
        if isinstance(node.target, gast.Name):
            return [Augment(node.target.id, op, value, origin)]
        if isinstance(node.target, gast.Subscript):
            return self.store(node.target, op, value, origin)
        return [Bind(self.pattern(node.target), op, value, origin)]

    def branch(self, node: Any) -> If:
        first = self.origin(node)
        arms: list[Arm] = []
        origin = first
        while True:
            test = self.expr(node.test)
            arms.append(Arm(test, arm(node.body, self), origin))
            rest = node.orelse
            if len(rest) == 1 and isinstance(rest[0], gast.If) and self.is_elif(rest[0]):
                node, origin = rest[0], self.origin(rest[0])
                continue
            return If(tuple(arms), arm(rest, self), first)

    def is_elif(self, node: Any) -> bool:
        line: str = self.source.lines[node.lineno - 1].lstrip()
        return line.startswith("elif") and known(node.test, self.expr.module_of) is None

    def while_loop(self, node: Any) -> Stmt:
        origin = self.origin(node)
        return While(self.expr(node.test), self.block(node.body), origin)


    def loop(self, node: Any) -> Stmt:
        origin = self.origin(node)
        iterable = self.expr(node.iter)
        if not isinstance(node.target, gast.Name):
            bound = self.pattern(node.target)
            return Loop(bound, zipped(bound, iterable), self.block(node.body), origin)
        if isinstance(iterable, Call) and _is_builtin(iterable.func, "range"):
            if iterable.keywords or not 1 <= len(iterable.args) <= 3:
                raise self.refuse(node, "this call of range")
            return For(node.target.id, iterable.args, self.block(node.body), origin)
        called = iterable.func if isinstance(iterable, Call) else None
        ours = isinstance(called, Ref) and isinstance(called.target, Library) and called.target.module == "builtins"
        if ours or not isinstance(iterable, Name | Index | Attribute | Binary | Ref | Call):
            return Loop(Name(node.target.id), iterable, self.block(node.body), origin)
        return Each(node.target.id, iterable, self.block(node.body), origin)


def _bottom(node: Any) -> Any:
    while isinstance(node, gast.Subscript | gast.Attribute):
        node = node.value
    return node


def _is_docstring(node: Any) -> bool:
    return isinstance(node, gast.Expr) and isinstance(node.value, gast.Constant) and isinstance(node.value.value, str)


def _is_builtin(expr: Expr, name: str) -> bool:
    return isinstance(expr, Ref) and expr.target == Library("builtins", name, None)


def _header(text: str) -> str:
    """The first logical line of a compound statement: up to the colon that ends it, outside brackets."""
    depth, quote = 0, ""
    for position, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == ":" and depth == 0:
            return text[: position + 1]
    return text


def place_of(origin: Origin | None) -> Place:
    """The place of a statement, for an error."""
    if origin is None:
        return Place("<unknown>", 0, 0, "")
    return Place(origin.file, origin.line, origin.column, origin.text)
