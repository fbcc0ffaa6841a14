"""Functions of files under decorators of the user's: the decorators are applied, as where the file is run."""

from __future__ import annotations

import ast

from tangent_like.errors import Place, UnsupportedError
from tangent_like.frontend.bindings import written_outside
from tangent_like.frontend.lower import lower_value
from tangent_like.frontend.parsed import APPLIED, Decorated
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.nodes import Expr, Library, UserFunction
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Frame, Value


def decorated(s: Spec, found: Decorated, expr: Expr) -> Value:
    """What the name of a decorated function means."""
    del expr
    scope = found.scope
    assert isinstance(scope, FileScope)
    target = UserFunction(scope.file, f"{found.name}@", scope)
    function = s.library.read(target, s.place())
    return applied(s, found, Fn(function, None, (), scope.file, None, target))


def applied(s: Spec, found: Decorated, function: Fn) -> Value:
    """What the decorators make of a function."""
    scope = found.scope
    assert isinstance(scope, FileScope)
    value: Value = function
    for decorator in reversed(found.node.decorator_list):
        if scope.is_transparent(decorator):
            continue
        check(found, scope, decorator)
        lowered = lower_value(scope, found.name, decorator)
        outside = Frame(0, function.function, None, scope.file, frozenset())
        value = s.call(s.evaluate(lowered, outside), [value])
    return value


def check(found: Decorated, scope: FileScope, decorator: ast.expr) -> None:
    """Refuse a decorator that is not the user's, or that keeps something from call to call."""
    line = decorator.lineno
    place = Place(scope.file, line, decorator.col_offset + 1, scope.lines[line - 1])
    target = scope.resolve(decorator.func if isinstance(decorator, ast.Call) else decorator)
    if isinstance(target, Library) and (target.module, target.qualname) in APPLIED:
        return
    definition = None
    if isinstance(target, UserFunction) and isinstance(target.source, FileScope):
        definition = target.source.definition(target.qualname)
    if definition is None:
        reason = f"{found.name} is decorated: what the decorator does is not known"
        raise UnsupportedError(reason, place, "differentiate the undecorated function")
    functions = frozenset(n.name for n in ast.walk(definition) if isinstance(n, ast.FunctionDef))
    for inner in ast.walk(definition):
        made = inner is not definition and isinstance(inner, ast.FunctionDef | ast.Lambda)
        if made and written_outside(inner, functions):  # type: ignore[arg-type]
            reason = f"{found.name} is under a decorator that keeps something from call to call"
            raise UnsupportedError(reason, place, "differentiate the undecorated function")
