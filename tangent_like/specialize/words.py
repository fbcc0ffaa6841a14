"""Text that stays as it is, and what of the program's is in it: ``print``, f-strings, ``str(kernel)``.

Before                                             After

    print(f"{self.kernel}: {self.layers[0].n} units")  n = layer_n
                                                       kernel = f"RBF({kernel_width})"
                                                       print(f"{kernel}: {n} units")

An object of the user's is there by the text that its class gives for it.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Index, Name, Opaque, Ref, Tuple
from tangent_like.ir.walk import substitute
from tangent_like.kinds.kind import TEXT
from tangent_like.specialize import attributes, operators, protocols, texts
from tangent_like.specialize.acting_texts import acting, is_object
from tangent_like.specialize.object_numbers import FORM
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.values import Bound, Class, Fn, Frame, Handle, Leaf, Seq, Value

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**"}


def opaque(s: Spec, expr: Opaque, frame: Frame) -> Value:
    """Text kept as it is, with its names as they are called now."""
    table: dict[str, Expr] = {}
    homes = {name: s.state.vars.get(frame_key(frame.home(name) or frame, name)) for name in expr.reads}
    if expr.is_text:
        known = {name: value for name, value in homes.items() if isinstance(value, Leaf)}
        text = texts.formatted(s, expr, known) if len(known) == len(homes) else None
        if text is not None:
            return Leaf(Const(text), text)
    there = ((name, value) for name, value in homes.items() if value is not None)
    objects = {name for name, value in there if is_named(value) or holds_object(s, value)}
    objects |= (called := acting(s, expr))
    made: frozenset[str] = frozenset()
    if objects and not expr.is_block:
        expr, made = _Parts(s, expr, objects, frame, bool(called)).done()
    for name in expr.reads:
        if name in made:
            continue
        value = s.evaluate(Name(name, expr.at), frame)
        if isinstance(value, Leaf) and isinstance(value.expr, Name):
            if value.expr.id != name:
                table[name] = value.expr
            continue
        home = frame.home(name)
        if isinstance(value, Leaf):
            held = s.fresh(name)
            s.assign(held, value.expr)
            table[name] = Name(held)
        elif home is not None and home.id == 1 and name in {p.name for p in home.function.params}:
            continue  # the argument itself, as it was given
        else:
            held = s.fresh(name)
            s.assign(held, s.materialize(value, expr))
            table[name] = Name(held)
    return Leaf(substitute(expr, table) if table else expr)


def is_named(value: Value) -> bool:
    """Is it a function or a class, of which a text may show the name?"""
    return isinstance(value, Fn | Bound | Class)


def holds_object(s: Spec, value: Value) -> bool:
    """Is it an object of the user's, or a container with one in it?"""
    match value:
        case Handle():
            content = s.content(value)
            return content.form in ("object", FORM) or any(holds_object(s, v) for v in content.values if v is not value)
        case Seq(items):
            return any(holds_object(s, v) for v in items)
        case _:
            return False


def in_words(s: Spec, value: Value, expr: Expr | None, special: str = "__str__") -> Value:
    """The value, where it is an object the text that its class gives for it; of a tuple each item."""
    if isinstance(value, Seq):
        return Seq(tuple(in_words(s, v, expr) for v in value.items), value.cls)
    if not isinstance(value, Handle) or s.content(value).form != "object":
        return value
    for name in (special, "__repr__"):
        if protocols.has(s, value, name):
            return operators.special(s, name, value, expr)
    cls = attributes.class_of(s, value)
    what = f"the text of an object of class {'' if cls is None else cls.name}, which has no __str__ of its own,"
    raise s.refuse(what, "show its attributes", getattr(expr, "at", None))


def remainder(s: Spec, left: Value, right: Value, expr: Expr | None) -> Leaf | None:
    """``"%s of %d" % (kernel, n)``; None where ``left`` is no text."""
    if not isinstance(left, Leaf) or isinstance(right, Leaf):
        return None
    if not isinstance(left.known, str) and s.kind(left.expr) != TEXT:
        return None
    return Leaf(Binary("%", left.expr, s.materialize(in_words(s, right, expr))))


class _Parts(ast.NodeTransformer):
    """The text with what it reads of objects in names of its own."""

    def __init__(self, s: Spec, expr: Opaque, objects: set[str], frame: Frame, every: bool) -> None:
        self.s, self.expr, self.objects, self.frame = s, expr, objects, frame
        self.every = every  # what comes first is shown as it was before what follows does something
        self.refs = {ref.spelling: ref for ref in expr.refs}
        self.made: list[str] = []

    def done(self) -> tuple[Opaque, frozenset[str]]:
        tree = self.visit(ast.parse(self.expr.text, mode="eval"))
        if not self.made:
            return self.expr, frozenset()
        left = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        reads = (*(n for n in self.expr.reads if n in left), *self.made)
        refs = tuple(ref for ref in self.expr.refs if ref.spelling in left)
        return replace(self.expr, text=ast.unparse(tree), reads=reads, refs=refs), frozenset(self.made)

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FormattedValue):
            special = "__repr__" if node.conversion == ord("r") else "__str__"
            found = self.part(node.value, special)
            if found is not None:
                node.value = found
                return node
        if isinstance(node, ast.expr) and (found := self.part(node, "__str__")) is not None:
            return found
        return self.generic_visit(node)

    def part(self, node: ast.expr, special: str) -> ast.expr | None:
        """A name for what is read of objects here; None where that is nothing, or more than can be read at once."""
        shown = self.every and not isinstance(node, ast.JoinedStr | ast.Constant)
        if not shown and not any(isinstance(n, ast.Name) and n.id in self.objects for n in ast.walk(node)):
            return None
        expr = self.lowered(node)
        if expr is None and shown:
            raise self.s.refuse("a call that writes or draws, in this text,", "call it before", self.expr.at)
        if expr is None:
            return None
        value = in_words(self.s, self.s.evaluate(expr, self.frame), self.expr, special)
        name = self.s.fresh(node.attr if isinstance(node, ast.Attribute) else "shown")
        self.s.assign(name, self.s.materialize(value, self.expr))
        self.made.append(name)
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def lowered(self, node: ast.expr) -> Expr | None:
        at = self.expr.at
        match node:
            case ast.Name(id):
                return Name(id, at) if id in self.expr.reads else self.refs.get(id)
            case ast.Constant(int() | float() | str() | None as value):
                return Const(value)
            case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as value)):
                return Const(-value)
            case ast.Attribute(value, attr):
                inner = self.lowered(value)
                outer = isinstance(inner, Ref) and not is_object(inner)
                return None if inner is None or outer else Attribute(inner, attr, at)
            case ast.Subscript(value, index):
                parts = self.all((value, index))
                return None if parts is None else Index(parts[0], parts[1], at)
            case ast.Tuple(elts):
                parts = self.all(tuple(elts))
                return None if parts is None else Tuple(parts, at)
            case ast.BinOp(left, op, right) if type(op) in OPERATORS:
                parts = self.all((left, right))
                return None if parts is None else Binary(OPERATORS[type(op)], parts[0], parts[1], at)
            case ast.Call(func, args, keywords):
                parts = self.all((func, *args))
                named = self.all(tuple(k.value for k in keywords))
                if parts is None or named is None or any(k.arg is None for k in keywords):
                    return None
                pairs = tuple((k.arg or "", e) for k, e in zip(keywords, named, strict=True))
                return Call(parts[0], parts[1:], pairs, at)
            case _:
                return None

    def all(self, nodes: tuple[ast.expr, ...]) -> tuple[Expr, ...] | None:
        found = [self.lowered(n) for n in nodes]
        known = tuple(e for e in found if e is not None)
        return known if len(known) == len(found) else None


def text_of(s: Spec, value: Value, expr: Expr | None) -> Leaf | None:
    """``str(kernel)``; None for what is no object and has none in it."""
    if not holds_object(s, value):
        return None
    found = in_words(s, value, expr)
    return found if isinstance(found, Leaf) else Leaf(Call(builtin_ref("str"), (s.materialize(found),)))


