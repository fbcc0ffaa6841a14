"""The user's rules in a file that is only read: who says one, in which form, for which function.

Read are the definitions and statements at the top of a file:

    @tl.custom_vjp                       @tl.rule.elementwise(soft)          tl.rule.constant(steps, reason="...")
    def clipped(x): ...                  def soft_rule(y, x): ...

    @clipped.defvjp
    def _(x_bar, result, x): ...
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tangent_like.errors import Place
from tangent_like.frontend.parsed import value_of_text
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.nodes import Library, Target

FORMS = {
    "rule": "rule",
    "rule.elementwise": "elementwise",
    "rule.linear": "linear",
    "rule.constant": "constant",
    "custom_vjp": "custom",
    "custom_jvp": "custom",
}


@dataclass(frozen=True, eq=False)
class Written:
    """``form`` is that of the rule, or "vjp" and "jvp" of a function's own; ``text`` the function that says it."""

    form: str
    callee: ast.expr  # a name, dotted or not
    options: dict[str, object]
    text: ast.FunctionDef | None
    place: Place
    name: str  # what the rule is called in the file


def written_rules(scope: FileScope) -> Iterator[Written]:
    """Yield the rules of a file, in the order of the text."""
    for node in scope.tree.body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                for found in _by(scope, decorator):
                    yield Written(found.form, found.callee, found.options, node, _place(scope, node), node.name)
        elif isinstance(node, ast.Assign | ast.Expr) and isinstance(node.value, ast.Call):
            call, name = node.value, ""
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
            for found in _by(scope, call):
                if found.form == "constant":
                    yield Written(found.form, found.callee, found.options, None, found.place, name)
            yield from _given(scope, call, name)


def _by(scope: FileScope, node: ast.expr) -> Iterator[Written]:
    """What a decorator says: ``tl.rule.linear(f, of=("x",))``, ``f.defvjp``."""
    place = _place(scope, node)
    if isinstance(node, ast.Attribute) and node.attr in ("defvjp", "defjvp"):
        yield Written(node.attr.removeprefix("def"), node.value, {}, None, place, "")
        return
    if not isinstance(node, ast.Call):
        return
    form = form_of(scope.resolve(node.func))
    if form in ("", "custom"):
        return
    options = {k.arg: value_of_text(scope, k.value) for k in node.keywords if k.arg is not None}
    for callee in node.args:
        yield Written(form, callee, options, None, place, "")


def _given(scope: FileScope, call: ast.Call, name: str) -> Iterator[Written]:
    """``f.defvjp(f_vjp)``, ``tl.rule.linear(f)(f_rule)``: the text is a function by its name."""
    if len(call.args) != 1 or not isinstance(call.args[0], ast.Name):
        return
    text = scope.definitions.get(call.args[0].id)
    if text is not None:
        for found in _by(scope, call.func):
            yield Written(found.form, found.callee, found.options, text, _place(scope, text), name)


def form_of(target: Target | None) -> str:
    if not isinstance(target, Library) or target.module.partition(".")[0] != "tangent_like":
        return ""
    return FORMS.get(target.qualname, "")


def _place(scope: FileScope, node: ast.AST) -> Place:
    line = getattr(node, "lineno", 1)
    return Place(scope.file, line, getattr(node, "col_offset", 0) + 1, scope.lines[line - 1])
