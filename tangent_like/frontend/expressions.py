"""gast in, the small language out: expressions."""

from __future__ import annotations

import ast
import copy
import importlib
import os
import types
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias, cast

import gast
import numpy as np

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.in_texts import acts, formatted
from tangent_like.frontend.live import live_target
from tangent_like.frontend.method_calls import method_called
from tangent_like.frontend.module_names import says_another
from tangent_like.frontend.private_names import PRIVATE
from tangent_like.frontend.source import FunctionSource, on_one_line
from tangent_like.frontend.told import chosen, known
from tangent_like.ir.build import builtin_ref, numpy_ref
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Dict,
    Expr,
    Index,
    Library,
    List,
    Logic,
    Name,
    Opaque,
    Ref,
    Slice,
    Target,
    Tuple,
    Unary,
    Unresolved,
    UserFunction,
)

LINES = ('"""', "'''", "\\\n")  # a text may go on over the end of a line
RULES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "rules")

BINARY = {
    gast.Add: "+", gast.Sub: "-", gast.Mult: "*", gast.Div: "/", gast.FloorDiv: "//", gast.Mod: "%",
    gast.Pow: "**", gast.MatMult: "@", gast.BitAnd: "&", gast.BitOr: "|", gast.BitXor: "^",
    gast.LShift: "<<", gast.RShift: ">>",
}  # fmt: skip
UNARY = {gast.USub: "-", gast.UAdd: "+", gast.Not: "not", gast.Invert: "~"}
COMPARE = {
    gast.Lt: "<", gast.LtE: "<=", gast.Gt: ">", gast.GtE: ">=", gast.Eq: "==", gast.NotEq: "!=",
    gast.Is: "is", gast.IsNot: "is not", gast.In: "in", gast.NotIn: "not in",
}  # fmt: skip
REFUSED = {
    gast.Await: ("await", "differentiate plain functions"),
}


# NumPy's functions that write an argument and return nothing, and methods that write their array:
# ``in_place`` makes stores of them.
WRITERS = frozenset({"copyto", "place", "put", "put_along_axis", "putmask", "fill_diagonal"})
METHODS = frozenset({"fill", "sort", "put"})

# What reads names that the text does not say.
READ_UNSEEN = (eval, exec, locals)
# Methods that write into what they are called on: refused by name rather than ignored.
IN_PLACE_METHODS = frozenset(
    [
        "append",
        "extend",
        "insert",
        "pop",
        "remove",
        "clear",
        "sort",
        "reverse",
        "update",
        "fill",
        "put",
        "itemset",
        "resize",
        "partition",
        "setfield",
        "setflags",
        "setdefault",
        "add",
        "discard",
        "popitem",
        "byteswap",
    ]
)

# Functions that write into an argument, by their last names, and that no store stands for.
IN_PLACE_FUNCTIONS = frozenset({
    "shuffle", "setitem", "delitem", "iadd", "isub", "imul", "itruediv", "ifloordiv",
    "imod", "ipow", "imatmul", "iand", "ior", "ixor", "ilshift", "irshift", "iconcat", "setfield",
})  # fmt: skip


# Lowers an expression of the wider language; None for one that is not differentiated.
Wider: TypeAlias = "Callable[[Any, Expressions, tuple[int, int]], Expr | None]"


def displayed(node: Any, expr: Expressions, at: tuple[int, int]) -> Expr | None:
    """A dict as a default."""
    if not isinstance(node, gast.Dict) or None in node.keys:
        return None
    return Dict(tuple(expr(k) for k in node.keys), tuple(expr(v) for v in node.values), at)


class Expressions:
    """Lowers the expressions of one function; ``locals`` are the names that are its own."""

    def __init__(
        self,
        source: FunctionSource,
        local_names: set[str],
        imports: dict[str, tuple[str, str | None]],
        wider: Wider | None = None,
    ) -> None:
        self.source = source
        self.locals = local_names
        self.imports = imports
        self.wider = wider

    def within(self, names: Iterable[str]) -> Expressions:
        """For what stands in a scope inside, where ``names`` are local too."""
        return Expressions(self.source, self.locals.union(names), self.imports, self.wider)

    def __call__(self, node: Any) -> Expr:
        return self.lower(node)

    def lower(self, node: Any) -> Expr:
        """One expression. It calls itself by name: through ``__call__`` Python 3.12 would not go as deep."""
        at = (node.lineno, node.col_offset + 1)
        at = (self.source.first + at[0] - 1, at[1])
        match node:
            case gast.Name():
                if node.id in self.locals:
                    return Name(node.id, at)
                return self.outside_name(node, at)
            case gast.Constant():
                return Const(node.value, self.spelling(node), at)
            case gast.BinOp():
                return Binary(BINARY[type(node.op)], self.lower(node.left), self.lower(node.right), at)
            case gast.UnaryOp():
                return Unary(UNARY[type(node.op)], self.lower(node.operand), at)
            case gast.Compare():
                ops = tuple(COMPARE[type(op)] for op in node.ops)
                return Compare(self.lower(node.left), ops, tuple(self.lower(c) for c in node.comparators), at)
            case gast.BoolOp():
                op = "and" if isinstance(node.op, gast.And) else "or"
                return Logic(op, tuple(self.lower(v) for v in node.values), at)
            case gast.IfExp():
                if (held := chosen(node, self.module_of)) is not None:
                    return self.lower(held)
                return Choose(self.lower(node.test), self.lower(node.body), self.lower(node.orelse), at)
            case gast.Call():
                return self.in_other_words(node, at) or self.call(node, at)
            case gast.Attribute():
                return self.attribute(node, at)
            case gast.Subscript():
                return self.place(node)
            case gast.Slice():
                parts = (node.lower, node.upper, node.step)
                lower, upper, step = (None if part is None else self.lower(part) for part in parts)
                return Slice(lower, upper, step, at)
            case gast.Tuple():
                return Tuple(tuple(self.lower(e) for e in node.elts), at)
            case gast.List():
                return List(tuple(self.lower(e) for e in node.elts), at)
            case gast.JoinedStr():
                return formatted(node, self.lower, at) if self.acts(node) else self.verbatim(node, is_text=True)
            case _:
                found = None if self.wider is None else self.wider(node, self, at)
                if found is not None:
                    return found
                what, hint = REFUSED.get(type(node), (type(node).__name__.lower(), ""))
                raise self.refuse(node, what, hint)

    def refuse(self, node: Any, what: str, hint: str = "") -> UnsupportedError:
        return UnsupportedError(f"{what} is not differentiated", self.source.place(node), hint)

    def spelling(self, node: Any) -> str:
        """How a number was written, where that is not how Python would print it."""
        if isinstance(node.value, int | float | complex) and not isinstance(node.value, bool):
            text = self.source.segment(node)
            return text if text != repr(node.value) else ""
        return ""

    def in_other_words(self, node: Any, at: tuple[int, int]) -> Expr | None:
        """``getattr(x, "T")`` is ``x.T``."""
        match node:
            case gast.Call(func=gast.Name(id="getattr"), args=[of, gast.Constant(value=str(name))], keywords=[]):
                builtin = self.is_outside(node.func) and self.lookup("getattr") == builtin_ref("getattr").target
                if builtin and name.isidentifier():
                    plain = gast.Attribute(of, name, gast.Load())
                    return self.attribute(gast.copy_location(plain, node), at)
            case gast.Call(func=gast.Name(id="hasattr" | "getattr")) if self.is_outside(node.func):
                asked = known(node, self.module_of)
                if asked is not None:
                    return Const(asked, "", at)
                held = chosen(node, self.module_of)
                return None if held is None else self.lower(held)
        return None

    def module_of(self, node: Any) -> types.ModuleType | None:
        """The module of a library that a name, or dotted name, of the text stands for."""
        if isinstance(node, gast.Name) and not self.is_outside(node):
            return None
        if isinstance(node, gast.Attribute):
            inside = self.module_of(node.value)
            found: object = None if inside is None else getattr(inside, node.attr, None)
        else:
            target = self.lookup(node.id) if isinstance(node, gast.Name) else None
            found = target.obj if isinstance(target, Library) else None
        return found if isinstance(found, types.ModuleType) else None

    def place(self, node: Any) -> Index:
        at = (self.source.first + node.lineno - 1, node.col_offset + 1)
        return Index(self.lower(node.value), self.lower(node.slice), at)

    def call(self, node: Any, at: tuple[int, int]) -> Expr:
        self.refuse_writes(node)
        return self.plain_call(node, at)

    def plain_call(self, node: Any, at: tuple[int, int]) -> Expr:
        args = tuple(self.lower(a) for a in node.args)
        keywords = tuple((k.arg or "**", self.lower(k.value)) for k in node.keywords)
        func = self.lower(node.func)
        if isinstance(func, Ref) and isinstance(func.target, Library) and func.target.obj is vars and not node.args:
            raise self.refuse(node, "vars(), which may read any name here,", "write out what it does")
        if isinstance(func, Ref) and isinstance(func.target, Library) and func.target.obj is np.array:
            return array_called(Call(func, args, keywords, at))
        if isinstance(func, Ref) and isinstance(func.target, Library) and func.target.obj is cast and len(args) == 2:
            return args[1]  # what it says is for type checkers
        return method_called(Call(derivative_called(func) or func, args, keywords, at))

    def refuse_writes(self, node: Any, verbatim: bool = False) -> None:
        """A call that writes into its arguments: what it does there would be lost."""
        func = node.func
        for keyword in node.keywords if verbatim else ():
            if keyword.arg == "out":
                raise self.refuse(node, "the argument out= here", "make it a statement of its own")
        if verbatim and isinstance(func, gast.Attribute) and func.attr in (*IN_PLACE_FUNCTIONS, *WRITERS, "at"):
            raise self.refuse(node, f"{self.source.segment(func)}, which writes in place,", "make it a statement")
        for keyword in node.keywords:
            name = keyword.arg or ""
            no = isinstance(keyword.value, gast.Constant) and not keyword.value.value
            if (name.startswith("overwrite_") or name == "inplace") and not no and not self.is_own(func):
                raise self.refuse(node, f"{name}=", "leave it out")
            said = isinstance(keyword.value, gast.Constant) and (keyword.value.value is True or (no and not verbatim))
            if name == "copy" and not said and isinstance(func, gast.Attribute) and func.attr == "nan_to_num":
                raise self.refuse(node, "np.nan_to_num with copy=", "leave it out")
        if isinstance(func, gast.Attribute):
            if self.is_outside(func.value):
                if func.attr in IN_PLACE_FUNCTIONS:
                    name = self.source.segment(func)
                    raise self.refuse(node, f"{name}, which writes in place,", "assign to a place in the array")
        elif isinstance(func, gast.Name) and func.id not in self.locals and func.id in IN_PLACE_FUNCTIONS:
            raise self.refuse(node, f"{func.id}, which writes in place,", "assign to a place in the array")
        if isinstance(func, gast.Name) and func.id == "float" and any(isinstance(a, gast.JoinedStr) for a in node.args):
            raise self.refuse(node, "float() of a text", "use the number itself")

    def is_own(self, func: Any) -> bool:
        """Is it a function of the user's, or a method of an object of theirs? What they write is followed."""
        found = self.lower(func)
        named = isinstance(found, Ref) and isinstance(found.target, UserFunction)
        return named or isinstance(found, Attribute | Name)

    def effect(self, node: Any) -> Expr:
        """An expression statement: the arguments of ``print`` may be any Python."""
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id == "print":
            if "print" not in self.locals:
                return self.verbatim_call(node)
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr in METHODS:
            starred = any(isinstance(a, gast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)
            if not self.is_outside(node.func.value) and not starred:
                return self.plain_call(node, (self.source.first + node.lineno - 1, node.col_offset + 1))
        if isinstance(node, gast.Call) and not node.keywords and len(node.args) == 1:
            match self.lower(node.func):
                case Ref(target=Library("numpy.random", "shuffle")):  # see frontend/in_place.py
                    return self.plain_call(node, (self.source.first + node.lineno - 1, node.col_offset + 1))
        return self.lower(node)

    def called(self, func: Any) -> Target | None:
        """What from outside is called by a name, or dotted name; None of what is the function's own."""
        found = self.lower(func) if self.is_outside(func) else None
        return found.target if isinstance(found, Ref) else None

    def acts(self, node: Any) -> Any:
        """What, in text that would be kept as it is, does more than read."""
        return acts(node, self.called)

    def told(self, node: Any) -> Expr:
        """What is only told, as text; as any expression where it does something."""
        return self.lower(node) if self.acts(node) else self.verbatim(node)

    def verbatim_call(self, node: Any) -> Call:
        given = [*node.args, *(k.value for k in node.keywords)]
        part = self.lower if any(map(self.acts, given)) else self.verbatim
        args = tuple(part(a) for a in node.args)
        keywords = tuple((k.arg, part(k.value)) for k in node.keywords if k.arg is not None)
        if len(keywords) != len(node.keywords):
            raise self.refuse(node, "a call with **kwargs", "write the arguments out")
        return Call(
            self.lower(node.func),
            args,
            keywords,
            (self.source.first + node.lineno - 1, node.col_offset + 1),
        )

    def verbatim(self, node: Any, is_text: bool = False) -> Opaque:
        """Text kept as it is: it reads names, and carries no derivative."""
        bound = {n.id for n in gast.walk(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}
        bound |= {p.id for n in gast.walk(node) if isinstance(n, gast.Lambda) for p in n.args.args}
        reads: dict[str, None] = {}
        refs: dict[str, Ref] = {}
        if (inner := self.acts(node)) is not None:
            raise self.refuse(inner, "what writes, takes or draws here", "make it a statement before")
        for inner in gast.walk(node):
            if isinstance(inner, gast.NamedExpr | gast.Yield | gast.YieldFrom | gast.Await):
                raise self.refuse(inner, "this expression")
            if isinstance(inner, gast.Call):
                self.refuse_writes(inner, verbatim=True)
            if not isinstance(inner, gast.Name) or inner.id in bound:
                continue
            if inner.id in self.locals:
                reads[inner.id] = None
            else:
                found = self.outside_name(inner, None)
                refs[inner.id] = found
        written = self.source.segment(node)
        text = on_one_line(written)
        if PRIVATE.search(text) or says_another(node) or any(mark in written for mark in LINES):
            text = ast.unparse(gast.gast_to_ast(copy.deepcopy(node)))
        at = (self.source.first + node.lineno - 1, node.col_offset + 1)
        try:
            ast.parse(text, mode="eval")
        except SyntaxError:  # joined lines that only brackets around them held together
            text = f"({text})"
        return Opaque(text, tuple(reads), tuple(refs.values()), is_text, at)

    # -- names from outside the function --

    def is_outside(self, node: Any) -> bool:
        while isinstance(node, gast.Attribute):
            node = node.value
        return isinstance(node, gast.Name) and node.id not in self.locals

    def outside(self, node: Any, wider: Wider) -> Expr:
        """A default of a parameter: evaluated where the function was defined, so never a local name."""

        def shown(inner: Any, expr: Expressions, at: tuple[int, int]) -> Expr | None:
            return (wider if isinstance(inner, gast.Lambda) else displayed)(inner, expr, at)

        return Expressions(self.source, set(), self.imports, shown)(node)

    def lookup(self, name: str) -> Target:
        if name in self.imports:
            return self.source.scope.imported(*self.imports[name], name)
        return self.source.scope.lookup(name)

    def outside_name(self, node: Any, at: tuple[int, int] | None) -> Ref:
        target = self.lookup(node.id)
        if isinstance(target, Unresolved):
            reason = target.reason or "it is not defined here"
            raise UnsupportedError(f"the name {node.id!r} cannot be used: {reason}", self.source.place(node))
        self.refuse_unseen(node, target)
        if is_prange(target):
            return builtin_ref("range")
        if isinstance(target, Library) and node.id != target.qualname != "" and self.source.file.startswith(RULES):
            # one rule for many functions has a name of its own for them
            module = Library(target.module, "", importlib.import_module(target.module))
            return Ref(f"{target.module.rpartition('.')[2]}.{target.qualname}", target, at, module)
        return Ref(node.id, target, at, target)

    def refuse_unseen(self, node: Any, target: Target) -> None:
        """Names of the function are read where its text does not say so: their derivatives would be lost."""
        if isinstance(target, Library) and any(target.obj is reader for reader in READ_UNSEEN):
            raise self.refuse(node, f"{target.qualname}, which may read any name here,", "write out what it does")

    def attribute(self, node: Any, at: tuple[int, int]) -> Expr:
        value = self.lower(node.value)
        if not isinstance(value, Ref):
            return Attribute(value, node.attr, at)
        if isinstance(value.target, Library) or _is_module(value.target):
            target = self.source.scope.attribute(value.target, node.attr)
            if isinstance(target, Unresolved):
                raise UnsupportedError(
                    f"{value.spelling}.{node.attr} cannot be used: {target.reason or 'it is not defined'}",
                    self.source.place(node),
                )
            if isinstance(target, Library) and target.obj is None:
                return Const(None, "", at)  # np.newaxis
            self.refuse_unseen(node, target)
            if is_prange(target):
                return builtin_ref("range")
            return Ref(f"{value.spelling}.{node.attr}", target, at, value.root)
        return Attribute(value, node.attr, at)


def is_prange(target: Target) -> bool:
    """What is a range to Python, and to Numba one whose turns may run at the same time: see native/threads.py."""
    return isinstance(target, Library) and target.qualname == "prange" and target.module.partition(".")[0] == "numba"


def _is_module(target: Target) -> bool:
    import types

    from tangent_like.frontend.resolve import FileScope
    from tangent_like.ir.nodes import Global

    if not isinstance(target, Global):
        return False
    if isinstance(target.value, types.ModuleType):
        return True
    return isinstance(target.definition, FileScope) and target.definition.file != target.owner


def derivative_called(func: Expr) -> Expr | None:
    """``tl.grad(g, argnums=1)`` of a function that is known, where it is called: a function like others."""
    match func:
        case Call(Ref(target=Library(qualname="grad" | "value_and_grad" as name, obj=driver)), (Ref() as of, *rest)):
            module = getattr(driver, "__module__", "")
        case _:
            return None
    live = of.target.source if isinstance(of.target, UserFunction) else None
    options = [(n, constant_value(e)) for n, e in (*(("", e) for e in rest), *func.keywords)]
    if not module.startswith("tangent_like.") or not callable(live) or any(v is NotImplemented for _, v in options):
        return None
    given = [v for n, v in options if not n]
    made = driver(live, *given, **{n: v for n, v in options if n})  # type: ignore[operator]
    return Ref(f"{name}_{of.spelling.rpartition('.')[2]}", live_target("", name, made), func.at)


def constant_value(expr: Expr) -> object:
    """What a literal is, or a tuple of literals; NotImplemented for anything else."""
    if isinstance(expr, Const):
        return expr.value
    if isinstance(expr, Tuple):
        items = tuple(map(constant_value, expr.items))
        return NotImplemented if NotImplemented in items else items
    return NotImplemented


def array_called(call: Call) -> Call:
    """``np.array(x, copy=False)`` is ``np.asarray(x)``, ``np.array(x, ndmin=2)`` is ``np.atleast_2d(np.array(x))``."""
    given = dict(call.keywords)
    match given.pop("ndmin", None):
        case Const(1 | 2 as rank):
            inner = replace(call, keywords=tuple(given.items()))
            return Call(numpy_ref(f"atleast_{rank}d"), (array_called(inner),), (), call.at)
        case None:
            pass
        case _:
            return call
    match given.pop("copy", None):
        case Const(False | None) if given.keys() <= {"dtype", "order"}:
            return replace(call, func=numpy_ref("asarray"), keywords=tuple(given.items()))
    return call
