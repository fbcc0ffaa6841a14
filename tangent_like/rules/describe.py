"""What is known about a function, in words: for ``tangent-like rules`` and for docs/functions.md."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from tangent_like.rules.kinks import KINKS
from tangent_like.rules.rule import Rule
from tangent_like.rules.table import FAMILIES, OF_HELPERS, OPTIONAL, TABLE, optional_table, rules_of

OPERATORS = {
    "neg": "-x", "pos": "+x", "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%",
    "pow": "**", "matmul": "@", "and_": "&", "or_": "|", "xor": "^", "invert": "~", "lshift": "<<",
    "rshift": ">>", "lt": "<", "le": "<=", "eq": "==", "ne": "!=", "ge": ">=", "gt": ">", "not_": "not",
    "abs": "abs", "is_": "is", "is_not": "is not", "contains": "in",
}  # fmt: skip


def called(target: object) -> str:
    """What a user writes for it; empty for what this Python or this NumPy has not got, and for helpers of ours."""
    if target is None:
        return ""
    name = getattr(target, "__name__", str(target))
    owner = getattr(target, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"np.{owner.__name__}.{name}"
    if isinstance(target, np.ufunc) and getattr(np, name, None) is not target:
        return f"scipy.special.{name}"
    if type(owner).__module__.startswith("scipy.stats"):
        return f"scipy.stats.{getattr(owner, 'name', '') or type(owner).__name__.removesuffix('_gen')}.{name}"
    module = getattr(target, "__module__", None) or ""
    if module.startswith("tangent_like.runtime"):
        return ""
    if module in ("_operator", "operator"):
        return OPERATORS.get(name, f"operator.{name}")
    if module == "builtins":
        return name
    if module.startswith("scipy") and name == "__call__":  # of an object, as of a spline
        owner = getattr(target, "__qualname__", "").partition(".")[0]
        return f"{_public(module)}.{owner.removeprefix('_').removesuffix('Base')}.{name}"
    if module.startswith("scipy"):
        return f"{_public(module)}.{name}"
    if module.startswith("numpy.polynomial."):
        return f"np.{module.removeprefix('numpy.')}.{name}"
    if module.startswith("numpy.") and "._" not in module and module.split(".")[1] in ("linalg", "fft", "random"):
        return f"np.{module.split('.')[1]}.{name}"
    return f"{module if module in ('math', 'cmath') else 'np'}.{name}"


def _public(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[: next((k for k, part in enumerate(parts) if part.startswith("_")), len(parts))])


@dataclass(frozen=True, slots=True)
class Known:
    """A function's name, its family, and its rules: the first is for the common call."""

    name: str
    family: str
    rules: tuple[Rule, ...]

    @property
    def is_constant(self) -> bool:
        return self.rules[0].form == "constant"


def _imported() -> tuple[ModuleType, ...]:
    """The families about packages that need not be there, those that are now imported."""
    found: dict[str, ModuleType] = {}
    for package, families in OPTIONAL.items():
        try:
            importlib.import_module(package)
        except ImportError:
            continue
        found |= {name: importlib.import_module(f"tangent_like.rules.{name}") for name in families}
    return tuple(found.values())


def known_functions() -> tuple[Known, ...]:
    """Everything in the table, in the order in which it is written, and what is known of packages that are there."""
    of_packages = _imported()
    optional = optional_table()
    more_methods = {**TABLE.more_methods, **optional.more_methods}
    more = {**TABLE.more, **optional.more}
    found: dict[str, Known] = {}
    for family in (*FAMILIES, *of_packages):
        if family in OF_HELPERS:
            continue
        title = family.__name__.rpartition(".")[2].replace("_", " ").replace("scipy", "SciPy")
        for rule in rules_of([family]):
            if rule.more:
                continue
            for target in rule.targets:
                name = called(target)
                if name:
                    found.setdefault(name, Known(name, title, (rule, *more.get(target, ()))))
            for method in rule.methods:
                found.setdefault(f".{method}", Known(f".{method}", title, (rule, *more_methods.get(method, ()))))
    return tuple(found.values())


def looked_up(name: str) -> Iterator[Known]:
    """The functions that a user means by ``name``: ``np.sum``, ``numpy.sum``, ``sum`` (and then all of them)."""
    wanted = name.removeprefix("numpy.") if name.startswith("numpy.") else name
    wanted = f"np.{wanted}" if name.startswith("numpy.") else wanted
    known = known_functions()
    exact = [k for k in known if k.name in (wanted, f"scipy.{wanted}")]
    alias = [k for k in known if k.name == _other_name(wanted)]
    yield from exact or alias or [k for k in known if k.name.rpartition(".")[2] == wanted.lstrip(".")]


def _other_name(name: str) -> str:
    """Another name of NumPy's for the same function: ``np.absolute`` for ``np.abs``."""
    value: object = np
    for part in name.split(".")[1:]:
        value = getattr(value, part, None)
    return called(value) if name.startswith("np.") else ""


FORMS = {
    "elementwise": "entry by entry, by its partial derivatives",
    "linear": "linear, by its transpose",
    "rule": "by a tangent and an adjoint",
    "definition": "as what it says in other words",
    "constant": "carries no derivative",
}


def signature(rule: Rule) -> str:
    """The arguments that the rule knows, with their defaults."""
    parameters = [p for p in inspect.signature(rule.fn).parameters.values() if p.name in rule.operands]
    return str(inspect.Signature(parameters))


def restrictions(rule: Rule) -> Iterable[str]:
    """What an argument may be, where it may not be anything."""
    for name, values in rule.accepts.items():
        yield f"{name} = {' or '.join(map(repr, values))}"
    for name, most in rule.ranks.items():
        yield f"{name}: one {('number', 'vector', 'matrix')[most]}"


def kinks_of(name: str) -> Iterator[str]:
    for kink in KINKS:
        if called(kink.function) == name:
            raised = isinstance(kink.gradient, type)
            answer = kink.gradient.__name__ if raised else kink.gradient
            yield f"at {kink.args} it is {answer}: {kink.why}"


def lines(known: Known) -> Iterator[str]:
    """A paragraph about a function."""
    yield f"{known.name}  ({known.family})"
    for rule in known.rules:
        if rule.form == "constant":
            yield f"  carries no derivative: {rule.reason}"
            continue
        yield f"  {known.name.lstrip('.') if len(known.name) > 3 else known.name}{signature(rule)}"
        yield f"    differentiated in {', '.join(rule.differentiable)}: {FORMS[rule.form]}"
        if rule.inactive:
            yield f"    derivative 0 in {', '.join(rule.inactive)}"
        for restriction in restrictions(rule):
            yield f"    known only for {restriction}"
        yield from (f"    {line}" for line in _text(rule))
    for kink in kinks_of(known.name):
        yield f"  {kink}"


def _text(rule: Rule) -> list[str]:
    """The rule as it is written, from its ``def`` on."""
    source = inspect.getsource(rule.fn).splitlines()
    start = next(k for k, line in enumerate(source) if line.startswith("def "))
    return source[start:]
