"""The user's own rules: ``tl.rule`` and its kinds, ``tl.custom_vjp`` and ``tl.custom_jvp``.

A rule is an ordinary Python function, and its text is written into the derivative. It is attached to the function
that it is for. A function of C carries nothing: of that the rule holds in the module that has a name for it,
and where it is given (``rules={f: its_rule}``).
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from tangent_like.errors import NOWHERE, Place, RequestError, RuleError, place_at
from tangent_like.frontend.live import is_library
from tangent_like.frontend.source import FunctionSource, from_function
from tangent_like.request import Same
from tangent_like.rules.attached import RULE, callee_of
from tangent_like.rules.own import Callee, Options, own_constant, own_rule
from tangent_like.rules.rule import Own, Rule

F = TypeVar("F", bound=Callable[..., Any])
Maker = Callable[[Callable[..., Any]], Rule]
Rules = Mapping[Any, Rule] | Sequence[Rule]


@dataclass(frozen=True)
class RuleMaker:
    """``tl.rule``: rules for functions that you name, by what you know of them.

    ``@tl.rule.elementwise(f)``: you write the partials, ``def r(y, x): return dy/dx``.
    ``@tl.rule.linear(f)``: you write the transpose, ``def r(y_bar, y, x): return x_bar``; the tangent is ``f`` itself.
    ``@tl.rule(f)``: both modes, ``def r(y, x):`` with ``jvp(x_dot)`` and ``vjp(y_bar)`` inside, and
    ``return jvp, vjp``.
    ``tl.rule.constant(f, reason="...")``: ``f`` carries no derivative.

    The operands are the arguments of ``f`` in order; one value is returned for each, None for one without a
    derivative (or name those with one: ``of=("x",)``). ``results=("w", "v")`` names several results; they come
    first, and their adjoints do in ``vjp``. ``kind`` says what the result is where ``f`` has no source
    ("elementwise", "first": like the first operand, "scalar", "reduction"; else the text finds out when it runs).
    ``accepts={"mode": ("same",)}`` are the literals for which the rule holds. Without a function, as in
    ``@tl.rule.linear()``, the rule is for ``rules=`` alone. The rule that comes back can be called: its
    mathematics is tested without the compiler. Raises ``tl.RuleError`` at the rule's line for what does not fit.
    """

    def __call__(self, *fns: Any, **options: Any) -> Maker:
        return _maker("rule", fns, options)

    def elementwise(self, *fns: Any, **options: Any) -> Maker:
        """You write the partials, one an operand: ``def r(y, x, w): return dy/dx, dy/dw``."""
        return _maker("elementwise", fns, options)

    def linear(self, *fns: Any, **options: Any) -> Maker:
        """You write the transpose: ``def r(y_bar, y, x): return x_bar``, for a function linear in ``x``."""
        return _maker("linear", fns, options)

    def constant(self, *fns: Any, reason: str = "") -> Rule:
        """``fns`` carry no derivative; ``reason`` says why."""
        if not fns or not all(callable(f) for f in fns):
            raise RequestError("tl.rule.constant takes the functions that carry no derivative")
        place = _caller()
        made = [own_constant(replace(callee_of(f), targets=fns), reason, place) for f in fns]
        for fn in fns:
            _attach(fn, made[0])
        return made[0]


rule = RuleMaker()


def _maker(form: str, fns: tuple[Any, ...], options: dict[str, Any]) -> Maker:
    known = set(Options.__dataclass_fields__)
    for name in options:
        if name not in known:
            raise RequestError(f"a rule has no option {name!r}", hint=f"known: {', '.join(sorted(known))}")
    for fn in fns:
        if not callable(fn):
            raise RequestError(f"a rule is for functions, not for {fn!r}")
        if fn is np.where:
            raise RequestError("np.where has no rule but its own")
    given = {n: (v,) if n in ("of", "inactive", "results") and isinstance(v, str) else v for n, v in options.items()}
    plain: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
    options_ = Options(**plain)

    def make(text: Callable[..., Any]) -> Rule:
        if not isinstance(text, types.FunctionType):
            raise RequestError(f"a rule is a function with text, not {text!r}")
        callees = [callee_of(f) for f in fns] or [Callee(text.__name__)]
        source = from_function(text)
        made = [own_rule(form, {"": source}, replace(c, targets=fns), options_) for c in callees]
        for fn in fns:
            _attach(fn, made[0])
        return made[0]

    return make


def _attach(fn: Any, made: Rule) -> None:
    """The rule onto the function, if it is the user's and can carry it."""
    if not _is_of_library(fn):
        with suppress(AttributeError, TypeError):
            setattr(fn, RULE, made)


def _is_of_library(fn: Any) -> bool:
    """Has a library that very object under a name? Then it is not the user's to write on."""
    module = getattr(fn, "__module__", None)
    name = getattr(fn, "__qualname__", None) or getattr(fn, "__name__", None)
    if isinstance(fn, np.ufunc) or not isinstance(module, str) or not isinstance(name, str):
        return isinstance(fn, np.ufunc)
    return is_library(module) and getattr(sys.modules.get(module), name, None) is fn


def _caller() -> Place:
    """The line that calls ``tl.rule.constant``."""
    frame = inspect.currentframe()
    frame = frame.f_back.f_back if frame is not None and frame.f_back is not None else None
    return NOWHERE if frame is None else place_at(frame.f_code.co_filename, (frame.f_lineno, 1))


# -- functions with a derivative of their own ---------------------------------------------------------


def custom_vjp(f: F) -> F:
    """A function whose derivative in reverse you write yourself: ``@tl.custom_vjp`` above it, and

        @f.defvjp
        def f_vjp(y_bar, y, x, w):        # the adjoint of the result, the result, the arguments of f
            return x_bar, w_bar           # one an argument, of its shape; None for one without a derivative

    ``f`` stays the function that it is, and its body is not differentiated. Forward mode turns the vjp round, where it
    is linear and plain, and else asks for ``f.defjvp``.
    """
    return _custom(f, "custom_vjp")


def custom_jvp(f: F) -> F:
    """A function whose tangent you write yourself: ``@tl.custom_jvp`` above it, and

        @f.defjvp
        def f_jvp(x_dot, w_dot, y, x, w):  # the tangents of the arguments, the result, the arguments of f
            return y_dot                   # of the shape of the result

    ``f`` stays the function that it is, and its body is not differentiated. Reverse mode turns the jvp round, where it
    is linear and plain, and else asks for ``f.defvjp``.
    """
    return _custom(f, "custom_jvp")


def _custom(f: F, name: str) -> F:
    if not isinstance(f, types.FunctionType):
        raise RequestError(f"{name} is for a Python function", hint="for any other callable: tl.rule(f)")
    callee = callee_of(f)
    own = Own(callee.name, place_at(f.__code__.co_filename, (f.__code__.co_firstlineno, 1)), _empty(callee), {})
    made = Rule((f,), "custom", f, "called", tuple(own.signature.parameters), tuple(own.signature.parameters), own=own)
    texts: dict[str, FunctionSource] = {}

    def define(mode: str, text: Callable[..., Any]) -> Callable[..., Any]:
        source = from_function(text)
        fitting = {**texts, mode: source}
        ordered = {m: fitting[m] for m in sorted(fitting, reverse=True)}
        setattr(f, RULE, own_rule("custom", ordered, callee, Options()))
        texts[mode] = source
        return text

    setattr(f, RULE, made)
    f.defvjp = lambda text: define("vjp", text)  # type: ignore[attr-defined]
    f.defjvp = lambda text: define("jvp", text)  # type: ignore[attr-defined]
    return f


def _empty(callee: Callee) -> Any:
    assert callee.signature is not None
    params = [p for p in callee.signature.parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if len(params) != len(callee.signature.parameters):
        raise RuleError(f"{callee.name} takes any number of arguments: write them out")
    return callee.signature


# -- rules for one derivative -------------------------------------------------------------------------


def given_rules(rules: Rules | None) -> tuple[tuple[Same, object], ...]:
    """``rules=`` of a driver, as a request holds it: ``{f: its_rule}``, or the rules of functions that they name."""
    if rules is None:
        return ()
    pairs: list[tuple[Any, Any]] = []
    if isinstance(rules, Mapping):
        pairs.extend(rules.items())
    elif isinstance(rules, list | tuple):
        for made in rules:
            targets = made.targets if isinstance(made, Rule) else ()
            pairs.extend((t, made) for t in targets)
            if not targets:
                raise RequestError(f"rules= has {made!r}, which is for no function", NOWHERE, "rules={f: its_rule}")
    else:
        raise RequestError("rules= is a mapping from functions to their rules", NOWHERE, "rules={f: its_rule}")
    for fn, made in pairs:
        if not callable(fn):
            raise RequestError(f"rules= names {fn!r}, which is no function")
        if not isinstance(made, Rule):
            hint = "make it with tl.rule, tl.rule.elementwise or tl.rule.linear"
            raise RequestError(f"rules= gives {getattr(fn, '__name__', fn)} no rule, but {made!r}", NOWHERE, hint)
    return tuple((Same(fn), made) for fn, made in pairs)
