"""``check_rule``: the test that our own rules pass, for a rule of the user's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tangent_like.api.check import Check, check_grads, is_float, leaves
from tangent_like.api.cuts import function_of
from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.products import jvp, vjp
from tangent_like.api.rules import Rules, given_rules
from tangent_like.errors import NOWHERE, DifferentiationError, RequestError, RuleError
from tangent_like.frontend.own_text import inner_params
from tangent_like.request import Request
from tangent_like.rules.attached import rule_on
from tangent_like.rules.rule import Rule, signature_of
from tangent_like.runtime import isolate

MODES = ("rev", "fwd")


class WrongRuleError(RuleError, AssertionError):
    """A rule that is not the derivative of its function, at the rule's line."""


def check_rule(
    fn: Any, *args: Any, rules: Rules | None = None, order: int = 2, rtol: float = 1e-5, atol: float = 1e-7
) -> None:
    """Hold a rule of yours against its function at ``args``: raises at the rule's line where they disagree.

    ``fn`` is the function (its rule is attached, or given by ``rules=``), or the rule itself. Checked are: each
    partial, adjoint and tangent against central differences; <y_bar, J x_dot> against <J^T y_bar, x_dot>; that no
    argument is changed, and shapes and dtypes kept; float32; of an elementwise rule also numbers, arrays of rank 0,
    empty and broadcast ones; and the derivative of the derivative, through the rule's text (``order=2``). A mode that
    the rule does not say is not checked.

    Raises ``tl.RuleError``, which is an ``AssertionError`` too, with what is wrong: which argument, by how much.
    """
    target, rule, given = _rule_of(fn, rules)
    place = NOWHERE if rule.own is None else rule.own.place
    if rule.form == "constant":
        raise RequestError(f"{_name(target)} has a rule that it carries no derivative: nothing is to be checked")
    try:
        for what, variant in _variants(rule, args):
            try:
                with np.errstate(all="ignore"):
                    value = target(*isolate(variant))
            except Exception:
                if variant is args:
                    raise
                continue
            _one(target, rule, variant, given, what, (rtol, atol), value)
        if order > 1 and any(is_float(v) for v in leaves(target(*isolate(args)))):
            _second(target, rule, args, given, order, (rtol, atol))
    except (AssertionError, ValueError, RuleError) as error:
        reason = error.reason if isinstance(error, DifferentiationError) else str(error)
        raise WrongRuleError(f"the rule of {_name(target)} is wrong: {reason}", place) from None


def _name(target: Any) -> str:
    return getattr(target, "__name__", None) or type(target).__name__


def _rule_of(fn: Any, rules: Rules | None) -> tuple[Any, Rule, Rules | None]:
    """The function, its rule, and ``rules=`` by which the drivers know it."""
    if isinstance(fn, Rule):
        if not fn.targets:
            raise RequestError("this rule is for no function", hint="tl.check_rule(f, *args, rules={f: the_rule})")
        return fn.targets[0], fn, [fn]
    for held, made in given_rules(rules):
        if held.obj is fn and isinstance(made, Rule):
            return fn, made, rules
    found = rule_on(fn)
    if found is None:
        raise RequestError(f"{_name(fn)} has no rule of yours", hint="pass the rule, or rules={f: the_rule}")
    return fn, found, rules


def _modes(rule: Rule) -> tuple[str, ...]:
    """Those of the two modes that the rule says."""
    if rule.own is None or rule.form in ("elementwise", "linear"):
        return MODES
    texts = rule.own.texts
    said = {name for name in texts if name}
    if "" in texts:
        said = {name for name in ("vjp", "jvp") if inner_params(texts[""], name) is not None}
    return tuple(mode for mode, name in zip(MODES, ("vjp", "jvp"), strict=True) if name in said)


def _variants(rule: Rule, args: tuple[Any, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The arguments, and others of their sort on which a rule of this form has to hold."""
    yield "", args
    if any(isinstance(a, np.ndarray) and a.dtype == np.float64 for a in args):
        yield " (float32)", tuple(a.astype(np.float32) if _is_array(a) else a for a in args)
    if rule.form != "elementwise":
        return
    floats = [k for k, a in enumerate(args) if is_float(a)]

    def of(change: Callable[[int, Any], Any]) -> tuple[Any, ...]:
        return tuple(change(floats.index(k), a) if k in floats else a for k, a in enumerate(args))

    yield " (numbers)", of(lambda _, a: float(np.ravel(a)[0]) if np.size(a) else 0.5)
    yield " (rank 0)", of(lambda _, a: np.array(np.ravel(a)[0] if np.size(a) else 0.5))
    yield " (empty)", of(lambda _, a: np.zeros(0) + 0 * np.size(a))
    if len(floats) > 1:
        first = [np.resize(np.asarray(args[k], float), (2, 3) if j % 2 == 0 else (3,)) for j, k in enumerate(floats)]
        yield " (broadcast)", of(lambda j, _: first[j])


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == np.float64


def _one(
    target: Function,
    rule: Rule,
    args: tuple[Any, ...],
    given: Rules | None,
    what: str,
    room: tuple[float, float],
    value: Any,
) -> None:
    modes = _modes(rule)
    narrow = "float32" in what
    kept = isolate(args)
    if all(np.size(v) for v in leaves(value)) and not narrow:
        check = Check(target, args, modes, 3, *room, 0, given)
        for k in _differentiable(target, rule, args, given):
            for direction in range(3):
                try:
                    check.one(k, direction, check.along_like(k))
                except AssertionError as error:  # noqa: PERF203
                    raise AssertionError(f"{error}{what}") from None
    if "rev" in modes:
        result, pullback = vjp(target, *args, rules=given)
        bars = pullback(_ones_like(result))
        for k in _differentiable(target, rule, args, given):
            same = np.shape(bars[k]) == np.shape(args[k]) and np.asarray(bars[k]).dtype == np.asarray(args[k]).dtype
            assert same, f"the adjoint of argument number {k} has another shape or dtype{what}"
    if "fwd" in modes:
        dots = [_ones_like(a) if k in _differentiable(target, rule, args, given) else None for k, a in enumerate(args)]
        result, tangent = jvp(target, args, dots, rules=given)
        for r, t in zip(leaves(result), leaves(tangent), strict=True):
            assert t is None or np.shape(t) == np.shape(r), f"the tangent has another shape than the result{what}"
    for before, after in zip(leaves(kept), leaves(args), strict=True):
        assert np.array_equal(before, after, equal_nan=is_float(before)), f"an argument is changed{what}"


def _differentiable(target: Function, rule: Rule, args: tuple[Any, ...], given: Rules | None) -> list[int]:
    """The arguments of floats that the rule differentiates, by position."""
    driver = DerivativeFunction(target, Request(0, "vjp", rules=given_rules(given)))
    ours = {o: t for t, o in rule.aliases.items()}
    wanted = {*rule.differentiable, *(ours.get(n, n) for n in rule.differentiable)}  # called as either calls them
    positional = [n for n, p in signature_of(rule).parameters.items() if p.kind is not p.KEYWORD_ONLY]
    wanted |= {their for their, own in zip(driver.names, positional, strict=False) if own in rule.differentiable}
    return [k for k, n in enumerate(driver.names[: len(args)]) if n in wanted and is_float(args[k])]


def _ones_like(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(_ones_like(v) for v in value)
    if not is_float(value):
        return None
    return np.ones_like(value) if isinstance(value, np.ndarray) else type(value)(1.0)


def _second(
    target: Function, rule: Rule, args: tuple[Any, ...], given: Rules | None, order: int, room: tuple[float, float]
) -> None:
    """The derivatives of a number that is made of the result, with weights, to the ``order``."""
    modes = _modes(rule)
    if "rev" not in modes:
        return
    value = target(*isolate(args))
    names = [f"x{k}" for k in range(len(args))]
    items = list(leaves(value))
    rng = np.random.default_rng(0)
    weights = {f"w{k}": rng.normal(size=np.shape(v)) for k, v in enumerate(items)}
    unpacked = ", ".join(f"y{k}" for k in range(len(items))) if isinstance(value, tuple) else "y0"
    total = " + ".join(f"np.sum(w{k} * y{k} * y{k})" for k in range(len(items)))
    text = f"def total({', '.join(names)}):\n    {unpacked} = fn({', '.join(names)})\n    return {total}\n"
    made = function_of(text, "total", {"np": np, "fn": target, "rule": rule, **weights})
    moving = tuple(_differentiable(target, rule, args, given))
    modes = MODES if len(modes) == 2 else ("rev",)
    options: dict[str, Any] = {"modes": modes, "order": order, "rtol": 10 * room[0], "atol": 10 * room[1]}
    try:
        check_grads(made, args, moving, rules=given, **options)
    except AssertionError as error:
        raise AssertionError(f"at order {order}, {str(error).partition('; first wrong')[0]}") from None
