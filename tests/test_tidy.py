"""The passes that make emitted functions read as if written by hand: each alone, its docstring, its traps."""

from __future__ import annotations

import ast
import importlib
import re
import textwrap
import time
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.backend.emit import Text, emit_function
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Comment,
    Compare,
    Const,
    Do,
    Each,
    Emitted,
    Expr,
    For,
    Function,
    If,
    Index,
    Library,
    List,
    Name,
    Opaque,
    Origin,
    Param,
    Pass,
    Pop,
    Push,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
    While,
)
from tangent_like.kinds.kind import FLOAT, INT, Array, Kind
from tangent_like.transform.tidy import ALL, PASSES, tidied

# -- Python text to the small language, as the two sweeps would have made it ------------------------------

OPS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@",
    ast.FloorDiv: "//", ast.Mod: "%", ast.USub: "-", ast.UAdd: "+", ast.Not: "not",
    ast.Gt: ">", ast.Lt: "<", ast.GtE: ">=", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


def parse(text: str) -> Function:
    """A function of statements; what is read before it is bound are its parameters."""
    lines = textwrap.dedent(text).strip("\n").split("\n")
    quoted = [
        re.sub(r"^(\s*)#(.*)$", lambda m: f"{m[1]}comment_({m[0].strip()!r})", line)
        for line in lines
    ]
    body = block(ast.parse("\n".join(quoted)).body)
    bound: dict[str, None] = {}
    for node in ast.walk(ast.parse("\n".join(quoted))):
        if isinstance(node, ast.Name) and node.id not in ("np", "math", "comment_", "len", "range"):
            bound.setdefault(node.id)
    params = tuple(Param(n) for n in bound if not n.endswith("_reverse"))
    return Function("f", params, body, Origin("", 1, 1, ""))


def block(nodes: list[ast.stmt]) -> Block:
    return tuple(statement(n) for n in nodes)


def statement(node: ast.stmt) -> Stmt:
    match node:
        case ast.Expr(ast.Call(ast.Name("comment_"), [ast.Constant(text)])):
            return Comment(str(text), Origin("", node.lineno, 1, str(text)))
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"), [value])):
            return Push(name, expr(value))
        case ast.Assign([target], ast.Call(ast.Attribute(ast.Name(name), "pop"), [])):
            place = expr(target)
            assert isinstance(place, Name | Index)
            return Pop(place, name)
        case ast.Assign([ast.Name(name)], value):
            return Assign((name,), (expr(value),))
        case ast.Assign([ast.Tuple(names)], ast.Tuple(values)):
            return Assign(tuple(ast.unparse(n) for n in names), tuple(map(expr, values)))
        case ast.Assign([ast.Tuple(names)], value):
            return Assign(tuple(ast.unparse(n) for n in names), (expr(value),))
        case ast.Assign([ast.Subscript() as target], value):
            place = expr(target)
            assert isinstance(place, Index)
            return Store(place, "", expr(value))
        case ast.AugAssign(ast.Name(name), op, value):
            return Augment(name, OPS[type(op)], expr(value))
        case ast.AugAssign(target, op, value):
            place = expr(target)
            assert isinstance(place, Index)
            return Store(place, OPS[type(op)], expr(value))
        case ast.If(test, body, orelse):
            return If((Arm(expr(test), block(body)),), block(orelse))
        case ast.For(ast.Name(name), ast.Call(ast.Name("range"), args), body):
            return For(name, tuple(map(expr, args)), block(body))
        case ast.For(ast.Name(name), iterable, body):
            return Each(name, expr(iterable), block(body))
        case ast.While(test, body):
            return While(expr(test), block(body))
        case ast.Return(value):
            return Return(None if value is None else expr(value))
        case ast.Pass():
            return Pass()
        case ast.Expr(value):
            return Do(expr(value))
        case _:
            raise AssertionError(ast.dump(node))


def expr(node: ast.expr) -> Expr:
    match node:
        case ast.Name(name) if name.endswith("_reverse"):
            return Ref(name, Emitted(name))
        case ast.Name(name) if name in ("len", "print"):
            return Ref(name, Library("builtins", name, None))
        case ast.Name(name):
            return Name(name)
        case ast.Attribute(ast.Name("np" | "math" as root), name):
            module = {"np": "numpy", "math": "math"}[root]
            return Ref(
                f"{root}.{name}",
                Library(module, name, getattr(importlib.import_module(module), name)),
            )
        case ast.Attribute(ast.Attribute(ast.Name("np"), "add"), "at"):
            return Ref("np.add.at", Library("numpy", "add.at", np.add.at))
        case ast.Constant(value):
            return Const(value)
        case ast.BinOp(left, op, right):
            return Binary(OPS[type(op)], expr(left), expr(right))
        case ast.UnaryOp(op, operand):
            return Unary(OPS[type(op)], expr(operand))
        case ast.Compare(left, ops, rights):
            return Compare(
                expr(left), tuple(OPS[type(o)] for o in ops), tuple(map(expr, rights))
            )
        case ast.IfExp(test, body, orelse):
            return Choose(expr(test), expr(body), expr(orelse))
        case ast.Call(func, args, keywords):
            named = tuple((str(k.arg), expr(k.value)) for k in keywords)
            return Call(expr(func), tuple(map(expr, args)), named)
        case ast.Attribute(value, name):
            return Attribute(expr(value), name)
        case ast.Subscript(value, index):
            return Index(expr(value), expr(index))
        case ast.Slice(lower, upper, step):
            parts = (None if p is None else expr(p) for p in (lower, upper, step))
            return Slice(*parts)
        case ast.Tuple(items):
            return Tuple(tuple(map(expr, items)))
        case ast.List(items):
            return List(tuple(map(expr, items)))
        case ast.JoinedStr():
            reads = tuple(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
            return Opaque(ast.unparse(node), reads, is_text=True)
        case _:
            raise AssertionError(ast.dump(node))


# The letters of these examples: whole numbers, numbers, vectors, matrices. Anything else may be anything.
# One letter is a name of the user's; the others are ours.
LETTERS: dict[str, Kind] = {
    **dict.fromkeys("ijn", INT),
    **dict.fromkeys("xyzw", FLOAT),
    **dict.fromkeys("kpq", Array((None,), "float64")),
    **dict.fromkeys("WX", Array((None, None), "float64")),
}
KINDS = {**LETTERS, **{f"{name}_bar": kind for name, kind in LETTERS.items()}}


def shown(function: Function) -> str:
    text = Text()
    emit_function(function, lambda ref: ref.spelling, True, text)
    return textwrap.dedent("\n".join(text.lines[1:]))


def tidy(
    text: str, *passes: str, kinds: dict[str, Kind] | None = None, users: str | None = None
) -> str:
    function = parse(text)
    own = {p.name for p in function.params if len(p.name) == 1}
    mine = frozenset(own if users is None else users.split())
    known = {n: k for n, k in KINDS.items() if kinds is None} if kinds is None else kinds
    new = tidied(function, mine, known, passes or ALL)
    again = tidied(new, mine, known, passes or ALL)
    assert shown(again) == shown(new), "not idempotent"
    return shown(new)


def clean(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


def stays(text: str, *passes: str, **options: Any) -> None:
    assert tidy(text, *passes, **options) == clean(text)


# -- the docstrings ------------------------------------------------------------------------------------------


def columns(doc: str) -> tuple[str, str]:
    """The two programs that stand side by side in a docstring."""
    lines = doc.split("\n")
    head = next(k for k, line in enumerate(lines) if re.match(r"Before\s+After", line))
    split = lines[head].index("After")
    rows = []
    for line in lines[head + 2 :]:
        if not line.strip():
            break
        rows.append(line)
    return clean("\n".join(r[:split].rstrip() for r in rows)), clean(
        "\n".join(r[split:] for r in rows)
    )


FILES = {"products": "algebra"}


@pytest.mark.parametrize("name", PASSES)
def test_docstring(name: str) -> None:
    module = importlib.import_module(f"tangent_like.transform.tidy.{FILES.get(name, name)}")
    assert module.__doc__ is not None
    before, after = columns(module.__doc__)
    assert tidy(before, name) == after.rstrip()


# -- random programs: the same numbers, to the bit, whatever shares memory ------------------------------------


class Random:
    """A function of arrays and numbers in which everything is ours to change, and names share memory at will."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.arrays = ["a_bar", "b_bar", "c_bar", "d_bar"]
        self.numbers = ["s_bar", "t_bar", "u_bar", "v_bar"]
        self.kept: list[str] = []

    def pick(self, *options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def number(self) -> str:
        s, t, a = self.pick(*self.numbers), self.pick(*self.numbers), self.pick(*self.arrays)
        return self.pick(
            s, s, "1.0", "0.0", "2.0", "-0.5", f"{a}[{self.pick(0, 1, -1)}]", f"-{s}",
            f"{s} * {t}", f"{s} + {t}", f"{s} - {t}", f"2 * ({s} * {t})", f"{s} / 4", f"np.sum({a})",
            f"np.sin({s})", f"{s} * ({a}[1] - {t})", f"{a}[2] if {s} > {t} else {t}", f"{s} ** 1", f"0.0 + {s}",
            "1.0 * n", f"{s} * n", f"1.0 * ({s} > {t})", f"{s} - 1.0 * n",
        )  # fmt: skip

    def array(self) -> str:
        a, b, s = self.pick(*self.arrays), self.pick(*self.arrays), self.pick(*self.numbers)
        return self.pick(
            a, a, f"{a}[::-1]", f"{a}[:]", f"{a}.copy()", f"{a} + {b}", f"{a} - {b}", f"{s} * {a}", f"{a} * {s}",
            f"2 * ({a} * {b})", f"np.sin({a})", f"np.zeros_like({a})", f"np.ones_like({a})", f"1.0 * {a}",
            f"np.ones_like({a}) * ({b} + {a})", f"np.full_like({a}, {s}) * {a}", f"-{a} * {b}", f"{a} - {s} * {b}",
            f"np.where({a} > 0, {b}, {s})", f"np.full_like({a}, {s}) + {a}", f"{s} * ({a} / 2)",
            f"{s} * ({a} > 0)", f"1.0 * ({a} > {b})", f"{a} - {s} * ({b} > 0)", f"{s} * {a}.T", f"{a}[1:3].copy()[0] * {b}",
        )  # fmt: skip

    def line(self, depth: int, loops: int) -> list[str]:
        a, b = self.pick(*self.arrays), self.pick(*self.arrays)
        s, t = self.pick(*self.numbers), self.pick(*self.numbers)
        op = self.pick("+", "-")
        kind = int(self.rng.integers(100))
        if kind < 26:
            return [f"{s} = {self.number()}"]
        if kind < 48:
            return [f"{a} = {self.array()}"]
        if kind < 54:
            return [f"{s} {op}= {self.number()}"]
        if kind < 61:
            return [f"{a} {op}= {self.array()}"]
        if kind < 67:
            return [f"{a}[{self.pick(0, 1, 2)}] {self.pick(op, '')}= {self.number()}"]
        if kind < 71:
            return [f"{a}[{self.pick('...', ':')}] {self.pick(op, '')}= {self.array()}"]
        if kind < 76:
            return ["# " + self.pick("y = x", "z = y", "w = z")]
        if kind < 78:
            return [f"np.add.at({a}, [0, 0, 1], {self.number()})"]
        if kind < 80:
            return [f"{a}, {b} = {self.array()}, {self.array()}"] if a != b else []
        if kind < 83:
            return [f"{s}, {a} = g_reverse({b}, {self.number()})"]
        if kind < 85:
            return [f"{s} = h_reverse({a}, {t})", f"{t} {op}= {s}"]
        if kind < 88:
            return [f"l_saved.append({self.pick(s, a)})"] if depth == 0 and not loops else []
        if depth < 3 and kind < 94:
            test = f"{s} > {t}"
            if_ = [f"if {test}:", *self.inner(depth, loops)]
            return if_ + (["else:", *self.inner(depth, loops)] if self.rng.random() < 0.7 else [])
        if depth < 3 and loops < 2 and kind < 98:
            i = "ij"[loops]
            return [f"for {i} in range({self.pick(0, 1, 2, 'n')}):", *self.inner(depth, loops + 1)]
        return []

    def inner(self, depth: int, loops: int) -> list[str]:
        lines = [line for _ in range(4) for line in self.line(depth + 1, loops)]
        return ["    " + line for line in [*lines, "pass"]]

    def text(self, length: int) -> str:
        lines = []
        for _ in range(length):
            for line in self.line(0, 0):
                lines.append(line)
                match = re.match(r"l_saved.append\((\w+)\)", line)
                if match:
                    self.kept.append(match[1])
            if self.kept and self.rng.random() < 0.2:
                lines.append(f"{self.taken()} = l_saved.pop()")
        results = [str(n) for n in self.rng.permutation([*self.arrays, *self.numbers])]
        return "\n".join([*lines, f"return {', '.join(results[: int(self.rng.integers(1, 8))])}"])

    def taken(self) -> str:
        same = self.arrays if self.kept.pop() in self.arrays else self.numbers
        return str(self.pick(*same))


def g_reverse(a: Any, s: Any) -> Any:
    a[0] = s
    return float(a[1]) * 0.5, a


def h_reverse(a: Any, s: Any) -> Any:
    a[1] += 0.25
    return s - float(a[2])


def run(function: Function | str) -> Any:
    text = function if isinstance(function, str) else shown(function)
    names = "a_bar b_bar c_bar d_bar s_bar t_bar u_bar v_bar n l_saved".split()
    source = f"def f({', '.join(names)}):\n" + textwrap.indent(text, "    ")
    scope: dict[str, Any] = {"np": np, "g_reverse": g_reverse, "h_reverse": h_reverse}
    exec(source, scope)
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=3) for _ in range(3)]
    with np.errstate(all="ignore"):
        found = scope["f"](*arrays, arrays[0], *map(float, rng.normal(size=4)), 2, [])
    found = found if isinstance(found, tuple) else (found,)
    return [(np.asarray(x) + 0.0).tolist() for x in (*found, *arrays)]  # -0.0 is 0.0


def check_random(seed: int) -> None:
    maker = Random(seed)
    text = maker.text(int(maker.rng.integers(4, 22)))
    function = parse(text)
    known: dict[str, Kind] = {}
    if seed % 2:
        known = {
            **dict.fromkeys(maker.numbers, FLOAT),
            **dict.fromkeys(maker.arrays, Array((None,), "float64")),
        }
    passes = ALL if seed % 3 else tuple(str(p) for p in maker.rng.permutation(ALL)[:2])
    users = frozenset(maker.pick((), (), maker.arrays[:2], maker.numbers[:2]))
    new = tidied(function, users, known, passes)
    assert str(run(shown(function))) == str(run(text)), text
    assert str(run(new)) == str(run(text)), f"{text}\n--\n{shown(new)}\n{passes}"
    again = tidied(new, users, known, passes)
    assert shown(again) == shown(new), f"{text}\n--\n{shown(new)}\n--\n{shown(again)}"


@pytest.mark.parametrize("seed", range(0, 600, 50))
def test_random_programs(seed: int) -> None:
    for k in range(seed, seed + 50):
        check_random(k)
