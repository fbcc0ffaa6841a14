"""Is a compilation right for these arguments, and for the globals as they are now? One expression that says so.

    lambda x, y: x.ndim == 1 and x.dtype is float64 and x.shape[0] == y.shape[0] and namespace.get("np") is numpy

It is asked at every call: what it looks up is bound beforehand. ``make_entry`` puts several of them into the function
that a call runs, with the parameters of the function that was differentiated.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent_like.api.structures import structure_tests
from tangent_like.backend.load import MISSING, Loaded, Watched, current_cells, namespace_of, strongly
from tangent_like.backend.notes import noted
from tangent_like.ir.names import Namer
from tangent_like.kinds.structure import opened_key, shape_key
from tangent_like.pipeline import Derivative
from tangent_like.rules.attached import RULE, rule_on

# Of values of these types nothing but the type matters, sizes apart.
PLAIN = (int, float, complex, np.generic)
# What the question may raise of arguments that it was not made for.
ASKING = (KeyError, AttributeError, IndexError, TypeError)


@dataclass(frozen=True, eq=False)
class Check:
    """The question as text, with what its names are bound to, and as a function of the arguments."""

    text: str
    bound: Mapping[str, Any]
    fits: Callable[..., bool]


def make_check(
    names: Sequence[str],
    values: Sequence[Any],
    derived: Derivative,
    reads: Sequence[Watched],
    number: int = 0,
    opened: bool = False,
) -> Check:
    """Types first, such that what follows may ask them. What it binds is told from other checks by ``number``."""
    namer = Namer(names)
    key_of = opened_key if opened else shape_key
    bound: dict[str, Any] = {key_of.__name__: key_of, "still": still, "type": type}
    namer.take(bound)

    def hold(value: object, wanted: str) -> str:
        name = namer.fresh(f"{wanted}{number}")
        bound[name] = value
        return name

    tests = [f"type({name}) is {hold(type(value), 'class')}" for name, value in zip(names, values, strict=True)]
    structured: list[tuple[str, Any]] = []
    for name, value in zip(names, values, strict=True):
        if type(value) is np.ndarray:
            dtype = hold(value.dtype, "dtype")
            tests.append(f"{name}.ndim == {value.ndim} and ({name}.dtype is {dtype} or {name}.dtype == {dtype})")
        elif isinstance(value, bool | str):
            tests.append(f"{name} == {hold(value, 'value')}")
        elif value is not None and not isinstance(value, PLAIN):
            structured.append((name, value))
    inside = structure_tests(structured, hold, lambda: namer.fresh(f"item{number}"), opened)
    if inside is None or not question(names, inside, bound)(*values):  # dtypes of one name may differ
        one = together(structured)
        inside = [f"{key_of.__name__}({text}) == {hold(key_of(value), 'key')}" for text, value in one]
    tests += inside
    for read in reads:
        tests.extend(unchanged(read, hold))
    tests += [f"still({hold(now, 'now')}(), {hold(then, 'then')})" for now, then in derived.reads]
    tests += [f"({a})" for a in derived.sizes.used]
    text = " and ".join(tests) or "True"
    return Check(text, bound, question(names, tests, bound))


def question(names: Sequence[str], tests: Sequence[str], bound: dict[str, Any]) -> Callable[..., bool]:
    """Do all the tests hold? As a function of the arguments."""
    made: Callable[..., bool] = eval(f"lambda {', '.join(names)}: {' and '.join(tests) or True}", bound)  # noqa: S307
    return made


def together(structured: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The arguments as one, for one key: what is in several of them matters."""
    if len(structured) > 1:
        return [(f"({', '.join(n for n, _ in structured)})", tuple(v for _, v in structured))]
    return list(structured)


def make_entry(
    label: str,
    names: Sequence[str],
    known: Sequence[tuple[Check, Callable[..., Any], Loaded]],
    otherwise: Callable[..., Any],
    bound_first: int = 0,
) -> Callable[..., Any]:
    """What a call runs: the first of the compilations that fits, with nothing between it and the question.

        def entry(self, x=missing, y=missing):
            call = None
            try:
                if type(x) is float and type(y) is float:
                    call = call0
            except errors:
                pass
            if call is None:
                return otherwise(self, x=x, y=y)
            try:
                return call(x, y)
            except Exception as error:
                noted(error, call)
                raise

    ``otherwise`` takes whatever fits none, arguments that are missing among it. The first arguments of a method are
    what it is bound to, ``(m,) = self.bound``.
    """
    given = names[bound_first:]
    bound: dict[str, Any] = {}
    for check, _, _ in known:
        bound.update(check.bound)
    namer = Namer({*names, *bound})
    loaded = [(call, text) for _, call, text in known]

    def note(error: Exception, called: Callable[..., Any]) -> None:
        noted(error, next(text for call, text in loaded if call is called))

    def rest(driver: object, *values: Any) -> Any:
        found = {name: value for name, value in zip(given, values, strict=True) if value is not MISSING}
        return otherwise(driver, **found)

    calls = [namer.fresh(f"call{k}") for k in range(len(known))]
    own = {"self": "", "call": "", "error": "", "missing": MISSING, "note": note, "rest": rest, "errors": ASKING}
    spelled = {name: namer.fresh(name) for name in own}
    bound.update({spelled[name]: value for name, value in own.items() if value != ""})
    bound.update(zip(calls, (call for _, call, _ in known), strict=True))
    s, call, error, gap = spelled["self"], spelled["call"], spelled["error"], spelled["missing"]
    values = ", ".join(names)
    lines = [
        f"def entry({', '.join((s, *(f'{name}={gap}' for name in given)))}):",
        *([f"    ({', '.join(names[:bound_first])},) = {s}.bound"] if bound_first else []),
        f"    {call} = None",
        "    try:",
        *(
            f"        {'elif' if k else 'if'} {check.text}:\n            {call} = {calls[k]}"
            for k, (check, _, _) in enumerate(known)
        ),
        f"    except {spelled['errors']}:",
        "        pass",
        f"    if {call} is None:",
        f"        return {spelled['rest']}({', '.join((s, *given))})",
        "    try:",
        f"        return {call}({values})",
        f"    except Exception as {error}:",
        f"        {spelled['note']}({error}, {call})",
        "        raise",
    ]
    exec("\n".join(lines), bound)  # noqa: S102 - our own text
    entry: Callable[..., Any] = bound["entry"]
    entry.__qualname__ = label
    return entry


def unchanged(read: Watched, hold: Callable[[object, str], str]) -> list[str]:
    """The text of ``not read.changed()``; the owner is held weakly, and once it is gone so is the compilation."""
    owner = read.owner()
    if owner is None:
        return ["False"]
    space = hold(namespace_of(owner), "space")
    missing = hold(MISSING, "missing")
    tests = []
    if read.code is not None:
        owner_of = hold(read.owner, "owner")
        now, rule_of = hold(None, "now"), hold(rule_on, "rule_on")
        tests.append(f"({now} := {owner_of}()).__code__ is {hold(read.code, 'code')}")
        tests.append(f"{now}.__defaults__ is {'None' if read.defaults is None else hold(read.defaults, 'defaults')}")
        if read.keyword_defaults is not None:
            tests.append(f"{now}.__kwdefaults__ is {hold(read.keyword_defaults, 'defaults')}")
        if read.rule is None:  # to look whether there is any takes less than to look whether it is its own
            tests.append(f"({RULE!r} not in {now}.__dict__ or {rule_of}({now}) is None)")
        else:
            tests.append(f"{rule_of}({now}) is {hold(read.rule, 'rule')}")
    for name, kept in read.found.items():
        value = strongly(kept)
        if isinstance(value, types.FunctionType):  # held weakly: it may refer to what owns it
            tests.append(f"{space}.get({name!r}, {missing}) is {hold(kept, 'kept')}()")
        elif value is not MISSING:
            tests.append(f"{space}.get({name!r}, {missing}) is {hold(value, 'kept')}")
        else:
            tests.append(f"{name!r} not in {space}")
    if read.cells:
        cells, kept_cells = hold(current_cells, "cells"), hold(read.cells, "contents")
        tests.append(f"{cells}({hold(read.owner, 'owner')}(), {kept_cells})")
    return tests


def still(now: object, then: object) -> bool:
    """Is what a text was made for still there?"""
    simple = isinstance(then, int | float | str | tuple) and type(now) is type(then)
    return now is then or (simple and now == then)
