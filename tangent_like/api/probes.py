"""A function run with its operations watched: which lines are evaluated at a kink, and which lose digits.

Before                                   As it is run

    y = np.abs(x - m)                        y = probe(2, np.abs)(probe(2, sub)(x, m))
    if y[0] > 0.0:                           if probe(3, gt)(y[0], 0.0):

Functions of the user's are watched inside as well; those of libraries are taken as they are.
"""

from __future__ import annotations

import ast
import functools
import inspect
import operator
import textwrap
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tangent_like.api.cuts import function_of
from tangent_like.frontend.live import is_library
from tangent_like.rules.at_kinks import AT_KINKS, AT_KINKS_OF_METHODS, COMPARED
from tangent_like.rules.table import RULES
from tangent_like.show.diagnosis import Note, Spot

OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Sub: operator.sub, ast.Add: operator.add, ast.Mod: operator.mod, ast.Pow: operator.pow,
    ast.Div: operator.truediv,
}  # fmt: skip
IN_PLACE: Mapping[type[ast.AST], Callable[..., Any]] = {ast.Sub: operator.isub, ast.Add: operator.iadd}
COMPARISONS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
BY_MATRIX = (np.linalg.solve, np.linalg.inv, np.linalg.lstsq, np.linalg.pinv, np.linalg.det, np.linalg.slogdet)
PROBE = "_probe_of_tangent_like"


class _Watching(ast.NodeTransformer):
    """Puts a probe around what is called; ``functions`` are those that operators stand for."""

    def __init__(self, functions: list[Callable[..., Any]]) -> None:
        self.functions = functions

    def probe(self, node: Any, what: ast.expr) -> ast.Call:
        return ast.Call(ast.Name(PROBE, ast.Load()), [ast.Constant(node.lineno), what], [])

    def function(self, fn: Callable[..., Any]) -> ast.expr:
        if fn not in self.functions:
            self.functions.append(fn)
        return ast.Name(f"{PROBE}_{self.functions.index(fn)}", ast.Load())

    def visit_Call(self, node: ast.Call) -> Any:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("super", "locals", "vars", "eval", "exec"):
            return node
        node.func = ast.copy_location(self.probe(node, node.func), node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        self.generic_visit(node)
        fn = OPERATORS.get(type(node.op))
        if fn is None:
            return node
        return ast.copy_location(ast.Call(self.probe(node, self.function(fn)), [node.left, node.right], []), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        self.generic_visit(node)
        fn = IN_PLACE.get(type(node.op))
        if fn is None or not isinstance(node.target, ast.Name):
            return node
        read = ast.Name(node.target.id, ast.Load())
        value = ast.Call(self.probe(node, self.function(fn)), [read, node.value], [])
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_Compare(self, node: ast.Compare) -> Any:
        self.generic_visit(node)
        fn = COMPARISONS.get(type(node.ops[0])) if len(node.ops) == 1 else None
        if fn is None:
            return node
        right = node.comparators[0]
        return ast.copy_location(ast.Call(self.probe(node, self.function(fn)), [node.left, right], []), node)


@dataclass(eq=False)
class Found:
    what: str
    times: int
    first: int


@dataclass(eq=False)
class Probes:
    """What the probes saw, by place and by what it is."""

    kinks: dict[tuple[str, int, str], Found] = field(default_factory=dict)
    losses: dict[tuple[str, int, str], Found] = field(default_factory=dict)
    calls: dict[tuple[str, int, object], int] = field(default_factory=dict)
    known: dict[types.FunctionType, Callable[..., Any]] = field(default_factory=dict)
    texts: dict[tuple[str, int], str] = field(default_factory=dict)

    def watched(self, f: Any) -> Callable[..., Any]:
        """``f`` with probes, if it is a function of the user's whose text can be had; else itself."""
        if isinstance(f, types.MethodType) and isinstance(f.__func__, types.FunctionType):
            inner = self.watched(f.__func__)
            return f if inner is f.__func__ else types.MethodType(inner, f.__self__)
        if not isinstance(f, types.FunctionType) or is_library(f.__module__ or ""):
            return f  # type: ignore[no-any-return]
        if f not in self.known:
            self.known[f] = self.made(f) or f
        return self.known[f]

    def made(self, f: types.FunctionType) -> Callable[..., Any] | None:
        cells = dict(zip(f.__code__.co_freevars, f.__closure__ or (), strict=True))
        if "__class__" in cells or hasattr(f, "__wrapped__") or f.__name__ == "<lambda>":
            return None
        try:
            lines, start = inspect.getsourcelines(f)
            node = ast.parse(textwrap.dedent("".join(lines))).body[0]
            held = {n: c.cell_contents for n, c in cells.items()}
        except (OSError, SyntaxError, TypeError, ValueError):
            return None
        if not isinstance(node, ast.FunctionDef):
            return None
        if any(isinstance(n, ast.Nonlocal | ast.Global) for n in ast.walk(node)):
            return None
        file = f.__code__.co_filename
        for k, line in enumerate(lines):
            self.texts[file, start + k] = line.strip()
        node.decorator_list = []
        functions: list[Callable[..., Any]] = []
        body = _Watching(functions)
        node.body = [body.visit(s) for s in node.body]
        names: dict[str, Any] = {PROBE: functools.partial(self.probe, file, start - 1)}
        names |= {f"{PROBE}_{k}": fn for k, fn in enumerate(functions)}
        text = ast.unparse(ast.fix_missing_locations(ast.Module([node], [])))
        made = function_of(text, f.__name__, {**f.__globals__, **held, **names})
        made.__defaults__, made.__kwdefaults__ = f.__defaults__, f.__kwdefaults__
        if f.__name__ in cells:  # it calls itself
            made.__globals__[f.__name__] = f
        return made

    def probe(self, file: str, before: int, line: int, fn: Any) -> Any:
        inner = self.watched(fn)
        if inner is not fn:
            return inner
        if not self.asks(fn):
            return fn

        def call(*args: Any, **kwargs: Any) -> Any:
            scale = largest(args[0]) if fn in IN_PLACE.values() else 0.0
            result = fn(*args, **kwargs)
            key = (file, before + line, getattr(fn, "__name__", ""))
            time = self.calls[key] = self.calls.get(key, -1) + 1
            with np.errstate(all="ignore"):
                self.note(self.kinks, (file, before + line, kink(fn, result, args, kwargs)), time)
                self.note(self.losses, (file, before + line, loss(fn, result, args, kwargs, scale)), time)
            return result

        return call

    @staticmethod
    def note(table: dict[tuple[str, int, str], Found], key: tuple[str, int, str], time: int) -> None:
        if key[2]:
            table.setdefault(key, Found(key[2], 0, time)).times += 1

    @staticmethod
    def asks(fn: Any) -> bool:
        if isinstance(fn, types.BuiltinMethodType) and isinstance(fn.__self__, np.ndarray | np.generic):
            return fn.__name__ in AT_KINKS_OF_METHODS or fn.__name__ == "sum"
        try:
            rule = RULES.get(fn)
        except TypeError:
            return False
        listed = fn in AT_KINKS or fn in COMPARISONS.values() or fn in IN_PLACE.values() or fn in BY_MATRIX
        return listed or fn is np.sum or (rule is not None and rule.form == "elementwise")

    def notes(self, table: dict[tuple[str, int, str], Found]) -> tuple[Note, ...]:
        return tuple(
            Note(Spot(file, line, self.texts.get((file, line), "")), what, found.times, found.first)
            for (file, line, what), found in sorted(table.items())
        )


def kink(fn: Any, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What kind of kink a call is at; empty where it is at none."""
    if fn in COMPARISONS.values():
        left, right = np.asarray(args[0]), np.asarray(args[1])
        if "f" not in (left.dtype.kind, right.dtype.kind):
            return ""
        return told(COMPARED, left == right)
    entry = AT_KINKS.get(fn)
    operands = args
    if entry is None and isinstance(fn, types.BuiltinMethodType):
        entry = AT_KINKS_OF_METHODS.get(fn.__name__)
        operands = (fn.__self__, *args)
    if entry is not None:
        if not any(is_float(v) for v in (*operands, result)):
            return ""
        try:
            return told(entry[0], entry[1](result, *operands, **kwargs))
        except (TypeError, ValueError):
            return ""
    found = partials(fn, result, args, kwargs)
    if found == "pole":
        return "a pole: the slope is infinite"
    for partial in found or ():
        if is_float(partial):
            if np.any(np.isinf(partial)) and np.all(np.isfinite(result)):
                return told("a pole: the slope is infinite", np.isinf(partial))
    return ""


def told(what: str, at: Any) -> str:
    count = int(np.count_nonzero(at))
    return "" if not count else what if np.size(at) == 1 else f"{what}, in {count} of {np.size(at)} entries"


def loss(fn: Any, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any], scale: float) -> str:
    """Where the relative error of the result is more than 1/sqrt(eps) times that of an operand; else empty.

    The condition number of the operation (Higham, Accuracy and Stability of Numerical Algorithms, section 1.6).
    """
    numbers = [v for v in args if is_float(v)]
    if not numbers:
        numbers = [fn.__self__] if isinstance(fn, types.BuiltinMethodType) and is_float(fn.__self__) else []
    if not numbers or any(np.size(v) == 0 for v in numbers):
        return ""
    limit = float(np.finfo(np.result_type(*numbers)).eps) ** -0.5
    if fn in BY_MATRIX:
        of_matrix = float(np.max(np.linalg.cond(np.asarray(args[0]))))
        return f"a matrix of condition {of_matrix:.1e}" if of_matrix > limit else ""
    condition: Any
    if fn in (operator.sub, operator.add, np.subtract, np.add, *IN_PLACE.values()):
        if not is_float(result):
            return ""
        small = np.abs(np.asarray(result))
        if fn in IN_PLACE.values():
            condition = np.where(small > 0, scale / small, 0.0)
        else:
            condition = np.where(small > 0, np.maximum(np.abs(args[0]), np.abs(args[1])) / small, 0.0)
        what = "cancellation"
    elif fn is np.sum or getattr(fn, "__name__", "") == "sum":
        x = numbers[0]
        total = np.abs(np.asarray(fn(x) if fn is np.sum else result))
        condition = np.where(total > 0, np.sum(np.abs(x)) / total, 0.0) if total.ndim == 0 else np.zeros(())
        what = "cancellation in a sum"
    else:
        found = partials(fn, result, args, kwargs)
        if not found or found == "pole":
            return ""
        condition, what = np.zeros(()), "an ill-conditioned step"
        for partial, x in zip(found, args, strict=False):
            if is_float(partial) and is_float(x) and is_float(result):
                y = np.abs(np.asarray(result))
                amplified = np.where(y > 0, np.abs(np.asarray(x) * np.asarray(partial)) / y, 0.0)
                condition = np.maximum(condition, np.where(np.isfinite(amplified), amplified, 0.0))
    worst = float(np.max(np.where(np.isfinite(condition), condition, 0.0), initial=0.0))
    return f"{what}: an error grows {worst:.0e} times" if worst > limit else ""


def partials(fn: Any, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The partial derivatives of an elementwise function, by its rule; "pole" where Python divides by zero."""
    if isinstance(fn, types.BuiltinMethodType) and not isinstance(fn.__self__, types.ModuleType):
        return ()
    rule = RULES.get(fn)
    if rule is None or rule.form != "elementwise" or kwargs or not any(is_float(v) for v in args):
        return ()
    try:
        found = rule(result, *args)
    except ZeroDivisionError:
        return "pole"
    except (TypeError, ValueError, OverflowError):
        return ()
    return found if isinstance(found, tuple) else (found,)


def is_float(value: Any) -> bool:
    return isinstance(value, float | np.floating) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


def largest(value: Any) -> float:
    return float(np.max(np.abs(value), initial=0.0)) if is_float(value) else 0.0
