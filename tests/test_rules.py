"""Every rule of the table: called with numbers, and held against differences of what it derives.

``test_rule`` takes a rule that carries a derivative, ``test_constant`` one that says there is none.
Where a rule is tried: an elementwise rule on its domain, in several shapes, and on its cases; any
other on its cases.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import inspect
import itertools
import linecache
import math
import operator
import statistics
import sys
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like import runtime
from tangent_like.rules import cmath_functions, complex_made, fourier, spectra, table
from tangent_like.rules.cases import case, draw
from tangent_like.rules.kinks import KINKS, Kink
from tangent_like.rules.rule import Domain, Rule, constant, elementwise, known, linear
from tangent_like.rules.solutions import SOLUTIONS
from tangent_like.rules.table import METHODS, RULES, TABLE, assemble
from tangent_like.runtime import digamma, polygamma, unbroadcast
from tangent_like.runtime.opened import OPENED

# The result is not float32 though the operand is: it is a Python float, or said to be float64.
WIDENED = {np.float64, np.float_power, np.linspace}
# Of functions of SciPy: those that it computes in float64, and those of which a result has a sign that
# neighbouring matrices do not share.
WIDENED_NAMES = {"scipy.linalg.expm", "scipy.linalg.logm", "scipy.linalg.sqrtm"}
ANY_SIGN = {"scipy.linalg.eigh", "scipy.linalg.eigh_tridiagonal"}
# SciPy takes no neighbours that are not symmetric, or not of leading ones: tried in the corpus.
NO_NEIGHBOURS = {
    "scipy.linalg.solve_continuous_are", "scipy.linalg.solve_discrete_are", "scipy.signal.sosfilt", "scipy.signal.sosfiltfilt",
}


def named(target: Any) -> str:
    if isinstance(getattr(target, "__self__", None), np.ufunc):
        return f"np.{target.__self__.__name__}.{target.__name__}"
    module = getattr(target, "__module__", None) or "np"
    return f"{module.removeprefix('_')}.{getattr(target, '__name__', target)}"


def optional_rules() -> Iterator[tuple[str, Any, Rule]]:
    """The rules about packages that are installed here, by the names a user writes."""
    for package in table.OPTIONAL:
        try:
            found = importlib.import_module(package)
        except ImportError:
            continue
        names: dict[Any, str] = {}
        for n, v in vars(found).items():
            if callable(v) and not isinstance(v, type):
                with contextlib.suppress(TypeError):
                    names.setdefault(v, n)
            if (package == "scipy.stats" and hasattr(v, "logpdf")) or hasattr(v, "logpmf"):
                names |= {getattr(v, m): f"{n}.{m}" for m in dir(v) if not m.startswith("_") and callable(getattr(v, m))}
        rules = table.optional_table()
        for f, rule in [*rules.rules.items(), *((f, r) for f, rs in rules.more.items() for r in rs)]:
            if f in names:
                yield f"{package}.{names[f]}", ungrouped(f, rule), rule


def ungrouped(f: Any, rule: Rule) -> Any:
    """A function that takes its first arguments together as a tuple, taking them one by one."""
    if not rule.grouped:
        return f
    count = len(rule.grouped)
    return lambda *args, **kwargs: f(args[:count], *args[count:], **kwargs)


def of_method(name: str) -> Any:
    def call(x: Any, *args: Any, **kwargs: Any) -> Any:
        attribute = getattr(np.asarray(x), name)
        return attribute(*args, **kwargs) if callable(attribute) else attribute

    call.__name__ = f"ndarray.{name}"
    return call


CALLABLES = [
    *((named(f), f, rule) for f, rule in RULES.items()),
    *((f"{named(f)}, more {k}", f, rule) for f, more in TABLE.more.items() for k, rule in enumerate(more)),
    *((f"ndarray.{name}", of_method(name), rule) for name, rule in METHODS.items()),
    *optional_rules(),
]
# What makes complex numbers is tested in test_complex.py.
OVER_COMPLEX = frozenset(table.rules_of((complex_made, fourier, cmath_functions, spectra)))
REAL_TRANSFORMS = frozenset({"dct", "idct", "dst", "idst", "dctn", "idctn", "dstn", "idstn", "fftshift", "ifftshift"})


def over_complex(rule: Rule) -> bool:
    """Does it make complex numbers, by NumPy or by SciPy?"""
    families = ("rules.fourier", "rules.scipy_fft", "rules.scipy_complex", "rules.spectra", "rules.scipy_analytic", "rules.scipy_short")
    of_scipy = rule.fn.__module__.endswith(families)
    return rule in OVER_COMPLEX or (of_scipy and rule.fn.__name__ not in REAL_TRANSFORMS)


DERIVED = [pytest.param(f, r, id=n) for n, f, r in CALLABLES if r.form != "constant" and not over_complex(r)]
CONSTANT = [pytest.param(f, r, id=n) for n, f, r in CALLABLES if r.form == "constant"]


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(request.node.name.encode()))


# -- where a rule is tried -------------------------------------------------------------------------


def takes_arrays(f: Any) -> bool:
    numbers = (builtins.float, builtins.max, builtins.min, digamma, polygamma)
    return not (getattr(f, "__module__", "") == "math" or f in numbers)


def shapes_of(f: Any, count: int) -> list[tuple[tuple[int, ...], ...]]:
    """Shapes for the operands of an elementwise function: alike, broadcast, 0-d, empty."""
    if not takes_arrays(f):
        return [((),) * count]
    alike = [((),) * count, ((3,),) * count, ((2, 3),) * count, ((0,),) * count, ((2, 0),) * count]
    each = [(), (2, 1), (3,), (1, 1, 3), (1,)]
    return alike + (list(itertools.permutations(each, count)) if count > 1 else [])


def drawn(domain: Domain, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    if domain.integer:
        value = rng.integers(int(domain.low), int(domain.high), shape)
        return value if shape else int(value)
    value = rng.uniform(domain.low, domain.high, shape)
    return value if shape else float(value)


def calls(f: Any, rule: Rule, rng: np.random.Generator) -> Iterator[tuple[tuple[Any, ...], dict]]:
    """The calls that a rule is tried on; it must name some."""
    if rule.form == "elementwise":
        domains = rule.domain
        assert domains, "an elementwise rule needs a domain for each operand"
        if len(domains) == len(rule.operands):
            for shapes in shapes_of(f, len(domains)):
                yield tuple(map(drawn, domains, shapes, itertools.repeat(rng))), {}
        else:
            assert rule.cases, f"{len(domains)} domains for the operands {rule.operands}, no cases"
    else:
        assert rule.cases, "a rule that is not elementwise needs cases"
    for make in rule.cases:
        args, kwargs = make(rng)
        if getattr(f, "__name__", "").startswith("ndarray."):
            if kwargs.keys() - {"axis", "keepdims", "ddof"}:
                continue  # the method calls them otherwise
            if f.__name__ == "ndarray.T" and (kwargs or len(args) > 1):
                continue
        yield args, kwargs


# -- flat numbers in, flat numbers out -------------------------------------------------------------


def leaves(value: Any) -> list[np.ndarray]:
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in leaves(item)]
    return [np.asarray(value)]


def bare(value: Any) -> list[Any]:
    """The items of a nested list as they are."""
    return [leaf for item in value for leaf in bare(item)] if isinstance(value, list | tuple) else [value]


def flat(value: Any) -> np.ndarray:
    return np.concatenate([np.zeros(0), *(leaf.ravel().astype(float) for leaf in leaves(value))])


def like(numbers: np.ndarray, value: Any) -> Any:
    """``numbers`` in the shapes of ``value``."""
    if isinstance(value, list | tuple):
        parts, at = [], 0
        for item in value:
            size = flat(item).size
            parts.append(like(numbers[at : at + size], item))
            at += size
        return parts if isinstance(value, list) else tuple(parts)
    shape = np.shape(value)
    return numbers.reshape(shape) if shape else float(numbers[0])


class Bound:
    """One call of ``f``, and its derivative by each differentiable operand that is a float."""

    def __init__(self, f: Any, rule: Rule, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        before = {"linear": 2, "definition": 0}.get(rule.form, max(1, len(rule.results)))
        signature = inspect.signature(rule.fn)
        parameters = list(signature.parameters.values())[before:]
        arguments = signature.replace(parameters=parameters).bind(*args, **kwargs)
        self.f, self.rule, self.args, self.kwargs = f, rule, args, kwargs
        self.given = dict(arguments.arguments)
        arguments.apply_defaults()
        self.operands = arguments.arguments
        self.active = [
            name
            for name in rule.differentiable
            if all(leaf.dtype.kind == "f" for leaf in leaves(self.operands[name])) and name in self.given
        ]
        self.y = f(*args, **kwargs)

    def moved(self, values: dict[str, Any]) -> Any:
        args = self.positional({**self.given, **values})[: len(self.args)]
        return self.f(*args, **{k: values.get(k, v) for k, v in self.kwargs.items()})

    def positional(self, values: dict[str, Any]) -> list[Any]:
        """Arguments by position: those of an operand that takes any number, one by one."""
        kinds = inspect.signature(self.rule.fn).parameters
        args: list[Any] = []
        for name, value in values.items():
            args += value if kinds[name].kind is inspect.Parameter.VAR_POSITIONAL else [value]
        return args

    def jacobian(self, name: str) -> np.ndarray:
        x = self.operands[name]
        numbers, step = flat(x), 1e-6
        columns = [
            (
                flat(self.moved({name: like(numbers + e, x)}))
                - flat(self.moved({name: like(numbers - e, x)}))
            )
            / (2 * step)
            for e in np.eye(numbers.size) * step
        ]
        return np.array(columns).reshape(numbers.size, flat(self.y).size).T

    def call_rule(self, *first: Any, **changed: Any) -> Any:
        parameters = inspect.signature(self.rule.fn).parameters
        values = {**self.operands, **changed}
        by_name = {k for k, p in parameters.items() if p.kind is p.KEYWORD_ONLY}
        rest = {k for k, p in parameters.items() if p.kind is p.VAR_POSITIONAL}
        args = [v for k, v in values.items() if k not in by_name | rest]
        args += [v for k in rest for v in values[k]]
        return self.rule.fn(*first, *args, **{k: v for k, v in values.items() if k in by_name})

    def adjoints(self, y_bar: Any, y: Any = None) -> dict[str, Any]:
        """What flows back to each differentiable operand, as the compiler puts it together."""
        y = self.y if y is None else y
        if self.rule.form == "linear":
            parts = self.call_rule(y_bar, y)
        elif self.rule.each:
            items = self.operands[self.rule.each]
            vjp = self.call_rule(y)[1]
            parts = [vjp(y_bar, k) for k in range(len(items))]
            if len(self.rule.differentiable) > 1:
                still = self.operands[self.rule.but]
                by_item = [0 * x if k == still else part[-1] for k, (x, part) in enumerate(zip(items, parts, strict=True))]
                parts = [*parts[0][:-1], type(items)(by_item)]
        elif self.rule.form == "rule":
            results, bars = (y, y_bar) if self.rule.results else ((y,), (y_bar,))
            parts = self.call_rule(*results)[1](*bars)
        else:
            parts = self.call_rule(y)
        single = len(self.rule.differentiable) == 1
        named_parts = dict(
            zip(self.rule.differentiable, (parts,) if single else parts, strict=True)
        )
        if self.rule.form == "elementwise":
            return {k: unbroadcast(y_bar * named_parts[k], self.operands[k]) for k in self.active}
        return {k: named_parts[k] for k in self.active}

    def tangent(self, dots: dict[str, Any]) -> Any:
        """What flows forward, zeros for operands that do not move."""
        zeros = {k: like(np.zeros_like(flat(self.operands[k])), self.operands[k]) for k in self.rule.differentiable
                 if self.operands[k] is not None}  # fmt: skip
        moved = {**zeros, **dots}
        if self.rule.form == "linear":
            return self.moved(moved)
        if self.rule.each:
            jvp = self.call_rule(self.y)[0]
            *others, items = moved.values()
            if not others:
                return sum(jvp(x_dot, k) for k, x_dot in enumerate(items))
            still = self.operands[self.rule.but]
            (first,) = others
            return jvp(first, items[0], 0)[0] + sum(
                jvp(first, x_dot, k)[1] for k, x_dot in enumerate(items) if k != still
            )
        if self.rule.form == "rule":
            results = self.y if self.rule.results else (self.y,)
            return self.call_rule(*results)[0](*(moved.get(k) for k in self.rule.differentiable))
        parts = self.call_rule(self.y)
        parts = (parts,) if len(self.rule.differentiable) == 1 else parts
        by_name = dict(zip(self.rule.differentiable, parts, strict=True))
        return sum((by_name[k] * dot for k, dot in dots.items()), 0.0 * np.asarray(self.y))


def same_shapes(x_bar: Any, x: Any) -> bool:
    if isinstance(x, list | tuple):
        return len(x_bar) == len(x) and all(map(same_shapes, x_bar, x))
    return np.shape(x_bar) == np.shape(x)


# -- the test over the table -----------------------------------------------------------------------


# Single precision hides a step of 1e-6: tried below.
STEADY = [p for p in DERIVED if p.id not in ANY_SIGN | NO_NEIGHBOURS and p.values[0] is not np.float32]


@pytest.mark.parametrize(("f", "rule"), STEADY)
def test_rule(f: Any, rule: Rule, rng: np.random.Generator) -> None:
    assert set(rule.differentiable) <= set(rule.operands)
    tried: set[str] = set()
    for args, kwargs in calls(f, rule, rng):
        bound = Bound(f, rule, args, kwargs)
        tried.update(bound.active)
        if rule.form == "definition":
            np.testing.assert_allclose(flat(bound.call_rule()), flat(bound.y), rtol=1e-12, atol=1e-13)
            assert same_shapes(bound.call_rule(), bound.y), (args, kwargs)
            continue
        y_bar = like(rng.normal(size=flat(bound.y).size), bound.y)
        adjoints = bound.adjoints(y_bar)
        for name in bound.active:
            x = bound.operands[name]
            x_bar = adjoints[name]
            assert same_shapes(x_bar, x), (name, args, kwargs)
            jacobian = bound.jacobian(name)
            np.testing.assert_allclose(
                flat(x_bar), flat(y_bar) @ jacobian, rtol=2e-6, atol=2e-7, err_msg=f"{name} {args}"
            )
            # <y_bar, J x_dot> = <J^T y_bar, x_dot>, to rounding
            numbers = rng.normal(size=flat(x).size)
            y_dot = bound.tangent({name: like(numbers, x)})
            assert same_shapes(y_dot, bound.y)
            here, there = flat(y_bar) @ flat(y_dot), flat(x_bar) @ numbers
            assert math.isclose(here, there, rel_tol=1e-11, abs_tol=1e-11), (name, args, kwargs)
    assert tried == set(rule.differentiable), "operands that no case makes a float"


# What carries no derivative, or is called by other helpers alone.
NEED_NONE = {"add_at", "copy_overlapping", "if_converged", "matmul_adjoint", "one_number", "rebuilt",
             "sparse_factors", "widen"}  # fmt: skip
# Called within the helpers that have rules, never beside them: the rules speak of the outer ones.
WITHIN = {
    "as_lists", "convolve_full", "convolved_slices", "correlate_full", "einsum_labels", "kron_blocks", "nesting",
    "tensordot_axes", "beta_series", "beta_tail", "gamma_quantile", "gamma_series", "gamma_tail", "normal_factors",
    "normal_turning", "psi_of", "block_shapes", "change_of", "is_spectral", "precision_of", "cells", "unfiltered", "pad_option", "pad_ends", "pad_pairs",
    "end_weights", "window_of", "others_along", "window_shares",
}  # fmt: skip
# What Numba compiles in the place of a function, once all is derived.
COMPILED = {"log_of_sums"}
# A derivative through them is refused by name: fifth derivatives of products, third ones of p-norms, second ones of
# Carlson's elliptic integrals and of
# solutions of several results, of ``np.einsum`` where no ranks are known, and of draws by what only an implicit
# equation tells, and third ones of others.
REFUSED = {
    "beta_bend", "carlson_slope", "last_carlson_slope", "beta_bend_across", "beta_bend_along", "dirichlet_adjoint", "dirichlet_slopes", "dirichlet_tangent",
    "gamma_bend", "gamma_bend_along", "multivariate_adjoint",
    "multivariate_tangent", "mapped_bends", "rotation_slopes",
    "grown", "in_any_order", "like_list", "like_object", "like_sequence",
    "norm_bends", "others_twist", "put_masked", "replaced",
    "with_room", "zeros_or_none",
}  # fmt: skip


def test_every_helper_of_the_runtime_has_a_rule() -> None:
    """Derivatives of derivatives: what emitted text calls is differentiated too, by a rule or by its own text."""
    helpers = {n: getattr(runtime, n) for n in runtime.__all__ if callable(getattr(runtime, n))}
    assert not [n for n in runtime.__all__ if inspect.ismodule(getattr(runtime, n))], "a file of the name of a helper"
    assert helpers.keys() >= OPENED
    assert not [n for n in OPENED if helpers[n] in RULES], "one or the other"
    ruled = {*RULES, *table.optional_table().rules}  # of helpers by SciPy beside its own functions
    without = {n for n, f in helpers.items() if f not in ruled and n not in OPENED and not n.startswith("refuse_")}
    own = ("solutions", "scipy_solvers", "checkpoints", "odes", "reversing")  # known to the compiler by what they are given
    solvers = {n for n in without if helpers[n].__module__.rpartition(".")[2] in own}
    assert solvers >= SOLUTIONS.keys()  # and what these call themselves
    assert without - solvers == NEED_NONE | WITHIN | COMPILED | REFUSED, "give them rules in rules/runtime_rules.py"


# -- through the compiler --------------------------------------------------------------------------


class Spelled:
    """A call as a program: what may move becomes parameters, the rest is written out."""

    def __init__(self, f: Any, bound: Bound) -> None:
        self.values: list[Any] = []
        self.world: dict[str, Any] = {"np": np, "numpy": np, "math": math, "builtins": builtins, "operator": operator}
        self.world |= {"tangent_like": tl, "scipy": sys.modules.get("scipy"), "statistics": statistics}
        args = bound.positional({k: self.text(v, k, bound) for k, v in self.split(bound).items()})
        keywords = [f"{k}={self.text(v, k, bound)}" for k, v in bound.kwargs.items()]
        name = named(f).removeprefix("builtins.")
        if f.__name__.startswith("ndarray."):
            call = f"{args.pop(0)}.{f.__name__.removeprefix('ndarray.')}"
            plain = f.__name__.removeprefix("ndarray.") in ("T", "mT", "real", "imag")
            call += "" if plain else f"({', '.join(args + keywords)})"
        else:
            call = f"{SPELLED.get(f, name)}({', '.join(args + keywords)})"
        count = len(bound.y) if isinstance(bound.y, list | tuple) else 1
        self.names = [f"r{k}" for k in range(count)]
        results = ", ".join(self.names)
        self.source = f"    {results} = {call}\n" + "    return RESULT\n"
        self.primal = self.program(results)

    def program(self, result: str) -> Any:
        """The call in a function with source, of which the values that move are the parameters."""
        head = f"def primal({', '.join(f'a{k}' for k in range(len(self.values)))}):\n"
        text = head + self.source.replace("RESULT", result)
        module = f"<rule {next(COUNTER)}>"
        linecache.cache[module] = (len(text), None, text.splitlines(keepends=True), module)
        world = dict(self.world)
        exec(compile(text, module, "exec"), world)
        return world["primal"]

    def weighed(self, y_bar: Any) -> Any:
        """The results times ``y_bar``, summed: a function of which there is a gradient."""
        weights = y_bar if isinstance(y_bar, list | tuple) else [y_bar]
        self.world.update({f"w{k}": w for k, w in enumerate(weights)})
        return self.program(" + ".join(f"np.sum({name} * w{k})" for k, name in enumerate(self.names)))

    def split(self, bound: Bound) -> dict[str, Any]:
        return {k: v for k, v in bound.given.items() if k not in bound.kwargs}

    def text(self, value: Any, name: str, bound: Bound) -> Any:
        kind = inspect.signature(bound.rule.fn).parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            return [self.one(item, name in bound.active) for item in value]
        return self.one(value, name in bound.active)

    def one(self, value: Any, moves: bool) -> str:
        if isinstance(value, list):
            return f"[{', '.join(self.one(item, moves) for item in value)}]"
        if isinstance(value, tuple):
            return f"({''.join(self.one(item, moves) + ', ' for item in value)})"
        if moves:
            self.values.append(value)
            return f"a{len(self.values) - 1}"
        if isinstance(value, np.ndarray) or hasattr(value, "tocsc"):
            self.world[f"c{len(self.world)}"] = value
            return f"c{len(self.world) - 1}"
        if isinstance(value, float) and math.isinf(value):
            return f"{'-' * (value < 0)}np.inf"
        return f"np.{np.dtype(value).name}" if isinstance(value, type) and issubclass(value, np.generic) else repr(value)


COUNTER = itertools.count()
SPELLED = {getattr(operator, n): f"operator.{n}" for n in operator.__all__}
SPELLED |= {f: name for name, f, _ in optional_rules()}


@pytest.mark.parametrize(("f", "rule"), STEADY)
def test_a_rule_through_the_compiler(f: Any, rule: Rule, rng: np.random.Generator) -> None:
    """Each call as a program, compiled for its arguments: what flows back is what differences say."""
    seen: set[str] = set()
    if rule.grouped:
        return  # the corpus has programs
    for args, kwargs in calls(f, rule, rng):
        bound = Bound(f, rule, args, kwargs)
        program = Spelled(f, bound)
        y_bar = like(rng.normal(size=flat(bound.y).size), bound.y)
        if isinstance(y_bar, list):
            y_bar = tuple(y_bar)
        key = program.source + str([(np.ndim(v), type(v)) for v in program.values])
        if f.__name__.startswith("ndarray.") and not np.shape(program.values[0]):
            continue  # a number has no methods
        wide = rule.form in ("elementwise", "definition")
        if not program.values or (wide and key in seen):
            continue
        seen.add(key)
        if wide and len(seen) > 6 and len(seen) % 7:
            continue  # of many operands: numbers beside arrays in every way would take minutes
        values = program.values
        value, pullback = tl.vjp(program.primal, *values)
        np.testing.assert_allclose(flat(value), flat(bound.y), rtol=1e-13, atol=1e-14)
        dots = [like(rng.normal(size=flat(v).size), v) for v in values]
        value, tangent = tl.jvp(program.primal, values, dots)
        np.testing.assert_array_equal(flat(value), flat(program.primal(*values)))
        if isinstance(value, tuple):  # of a whole number there is none
            tangent = tuple(0.0 * np.asarray(v) if t is None else t for t, v in zip(tangent, value, strict=True))
        assert same_shapes(tangent, value), program.source
        both = float(flat(y_bar) @ flat(tangent))
        back = sum(float(flat(x_bar) @ flat(dot)) for x_bar, dot in zip(pullback(y_bar), dots, strict=True))
        assert math.isclose(both, back, rel_tol=1e-9, abs_tol=1e-9), program.source
        for k, x_bar in enumerate(pullback(y_bar)):
            assert same_shapes(x_bar, values[k]), program.source
            columns = []
            for e in np.eye(flat(values[k]).size) * 1e-6:
                there, here = list(values), list(values)
                there[k] = like(flat(values[k]) + e, values[k])
                here[k] = like(flat(values[k]) - e, values[k])
                columns.append((flat(program.primal(*there)) - flat(program.primal(*here))) / 2e-6)
            expected = [float(flat(y_bar) @ column) for column in columns]
            np.testing.assert_allclose(flat(x_bar), expected, rtol=2e-6, atol=2e-7, err_msg=program.source)
            if len(values) == 1 or (k + len(seen)) % len(values):
                continue  # of one argument it has been asked; of several, of one at a time, in turn
            # forward, the same to rounding
            dots = [None if j != k else like(rng.normal(size=flat(v).size), v) for j, v in enumerate(values)]
            same_value, y_dot = tl.jvp(program.primal, tuple(values), tuple(dots))
            np.testing.assert_array_equal(flat(same_value), flat(value), err_msg=program.source)
            if isinstance(y_dot, tuple):  # of whole numbers there is no tangent
                y_dot = [np.zeros(np.shape(v)) if d is None else d for d, v in zip(y_dot, value, strict=True)]
            there, here = flat(y_bar) @ flat(y_dot), flat(x_bar) @ flat(dots[k])
            assert math.isclose(there, here, rel_tol=1e-10, abs_tol=1e-11), program.source


@pytest.mark.parametrize(("f", "rule"), [p for p in DERIVED if p.values[1].form != "elementwise"])
def test_a_rule_for_what_is_not_known(f: Any, rule: Rule, rng: np.random.Generator) -> None:
    """The text for arguments of which nothing is known: the same gradient, or refused."""
    seen: set[str] = set()
    if rule.grouped:
        return  # the corpus has programs
    for args, kwargs in calls(f, rule, rng):
        bound = Bound(f, rule, args, kwargs)
        program = Spelled(f, bound)
        method = f.__name__.startswith("ndarray.") and not np.shape(program.values[0])
        y_bar = like(rng.normal(size=flat(bound.y).size), bound.y)
        key = program.source + str([np.ndim(v) for v in program.values])
        if method or not program.values or key in seen:
            continue
        seen.add(key)
        total = program.weighed(y_bar)
        every = tuple(range(len(program.values)))
        known = tl.grad(total, argnums=every)(*program.values)
        try:
            text = tl.grad(total, argnums=every).source
        except tl.DifferentiationError:
            continue
        world = dict(program.world)
        exec(text, world)
        try:
            found = world["grad_primal"](*program.values)
        except ValueError as error:
            if "this derivative is for" in str(error) or "this is differentiated for" in str(error):
                continue  # refused by what the text asks
            raise
        for a, b in zip(found, known, strict=True):
            assert same_shapes(a, b), text
            np.testing.assert_allclose(flat(a), flat(b), rtol=1e-10, atol=1e-11, err_msg=text)


@pytest.mark.parametrize(
    ("f", "rule"),
    [
        p
        for p in DERIVED
        if takes_arrays(p.values[0]) and p.values[0] not in WIDENED and p.id not in WIDENED_NAMES
    ],
)
def test_float32_stays_float32(f: Any, rule: Rule, rng: np.random.Generator) -> None:
    """With every float operand an array of float32; a bare 1.0 as seed widens nothing either."""
    narrowed: dict[int, Any] = {}

    def narrow(value: Any) -> Any:
        narrowed[id(value)] = new = narrower(value)
        return new

    def narrower(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(narrow(item) for item in value)
        if isinstance(value, np.ndarray) and id(value.base) in narrowed and value.base is not None:
            return narrowed[id(value.base)].reshape(value.shape)  # a view of another operand stays one
        if np.asarray(value).dtype.kind == "f":
            return np.asarray(value, np.float32)[()]
        return value

    for args, kwargs in calls(f, rule, rng):
        args = tuple(map(narrow, args))
        kwargs = {k: narrow(v) for k, v in kwargs.items()}
        bound = Bound(f, rule, args, kwargs)
        if rule.form == "definition" or any(leaf.dtype != np.float32 for leaf in leaves(bound.y)):
            continue  # NumPy itself has widened it
        if isinstance(bound.y, list | tuple):
            seeds = [[np.ones_like(item) for item in bound.y]]
        elif bound.y.shape:
            seeds = [np.ones_like(bound.y)]
        else:
            seeds = [np.float32(1)] + [1.0] * any(isinstance(x, list) or np.ndim(x) for x in args)
        for y_bar in seeds:
            for name, x_bar in bound.adjoints(y_bar).items():
                for leaf in bare(x_bar):
                    assert isinstance(leaf, float) or leaf.dtype == np.float32, (name, args)


@pytest.mark.parametrize(("f", "rule"), DERIVED)
def test_a_rule_changes_nothing(f: Any, rule: Rule, rng: np.random.Generator) -> None:
    for args, kwargs in calls(f, rule, rng):
        bound = Bound(f, rule, args, kwargs)
        if rule.form == "definition":
            continue
        y_bar = like(np.ones(flat(bound.y).size), bound.y)
        before = [flat(bound.operands[k]) for k in rule.differentiable if k in bound.active]
        before += [flat(bound.y), flat(y_bar)]
        bound.adjoints(y_bar)
        after = [flat(bound.operands[k]) for k in rule.differentiable if k in bound.active]
        after += [flat(bound.y), flat(y_bar)]
        for a, b in zip(before, after, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("f", "rule"),
    [p for p in DERIVED if p.values[1].form == "elementwise" and len(p.values[1].domain) == 2],
)
def test_second_order(f: Any, rule: Rule, rng: np.random.Generator) -> None:
    """Partials of partials commute: the slopes of a rule's partials are symmetric."""
    x = [drawn(domain, (), rng) for domain in rule.domain]
    at = [k for k, name in enumerate(rule.operands) if name in rule.differentiable]
    step = 1e-6
    slopes = np.zeros((len(at), len(at)))
    for column, k in enumerate(at):
        ahead, behind = list(x), list(x)
        ahead[k] += step
        behind[k] -= step
        up, down = rule.fn(f(*ahead), *ahead), rule.fn(f(*behind), *behind)
        slopes[:, column] = (flat(up) - flat(down)) / (2 * step)
    np.testing.assert_allclose(slopes, slopes.T, rtol=1e-5, atol=1e-7)


def cast(x: Any) -> Any:
    return np.float32(x) * np.float32(3.0) + x


def test_cast_to_single_precision() -> None:
    assert tl.grad(cast)(0.7) == 4.0
    assert tl.jvp(cast, (0.7,), (2.0,))[1] == 8.0
    assert tl.grad(tl.grad(cast))(0.7) == 0.0


@pytest.mark.parametrize(("f", "rule"), CONSTANT)
def test_constant(f: Any, rule: Rule) -> None:
    assert callable(f)
    assert len(rule.reason) > 10
    assert rule.fn() is None


# Those that take one number or array, and a point where a derivative would show.
@pytest.mark.parametrize(
    "f",
    [
        np.sign, np.floor, np.ceil, np.rint, np.trunc, np.round, np.around, round, int, bool,
        math.floor, math.ceil, math.trunc, np.isfinite, np.isnan, np.isinf, np.signbit, np.ndim,
        np.size, np.shape, np.any, np.all, np.argmax, np.argsort, np.zeros_like, np.ones_like,
    ],
)  # fmt: skip
def test_a_constant_is_constant(f: Any) -> None:
    assert RULES[f].form == "constant"
    for x in (0.3, -1.7, 2.6):
        np.testing.assert_array_equal(f(x - 1e-3), f(x + 1e-3))


@pytest.mark.parametrize("kink", KINKS, ids=lambda k: f"{named(k.function)}{k.args}")
def test_kink(kink: Kink) -> None:
    bound = Bound(kink.function, RULES[kink.function], kink.args, {})
    y_bar = np.ones(np.shape(bound.y))[()]
    if isinstance(kink.gradient, type):
        with pytest.raises(kink.gradient):
            bound.adjoints(1.0)
        return
    for found, expected in zip(bound.adjoints(y_bar).values(), kink.gradient, strict=True):
        np.testing.assert_array_equal(found, expected)
        assert np.shape(found) == np.shape(expected)


# -- the table itself ------------------------------------------------------------------------------


def test_a_rule_without_cases_fails() -> None:
    @linear(np.sort, kind="first")
    def sort(y_bar: Any, y: Any, x: Any) -> Any:
        return y_bar

    @elementwise(np.heaviside, domain=())
    def heaviside(z: Any, x: Any, y: Any) -> Any:
        return 0.0, 1.0

    for f, rule in ((np.sort, sort), (np.heaviside, heaviside)):
        with pytest.raises(AssertionError):
            test_rule(f, rule, np.random.default_rng(0))


def test_a_wrong_rule_fails() -> None:
    @linear(np.flip, kind="first", cases=(case(draw(3)),))
    def flip(y_bar: Any, y: Any, x: Any) -> Any:
        return y_bar

    @elementwise(np.sin)
    def sin(y: Any, x: Any) -> Any:
        return np.sin(x)

    for f, rule in ((np.flip, flip), (np.sin, sin)):
        with pytest.raises(AssertionError):
            test_rule(f, rule, np.random.default_rng(0))


def test_two_rules_for_one_function_are_refused() -> None:
    one = constant(np.sign, reason="a reason")
    two = constant(np.sign, reason="another")
    with pytest.raises(ValueError, match="two rules"):
        assemble((one, two))


def test_what_a_python_has_not_got_is_left_out() -> None:
    table = assemble([constant(None, [], np.sign, reason="a reason")])
    assert list(table.rules) == [np.sign]
    assert not table.methods


def test_the_table_is_immutable() -> None:
    with pytest.raises(TypeError):
        table.RULES[np.sin] = RULES[np.cos]  # type: ignore[index]


def test_every_rule_has_the_form_that_the_compiler_reads() -> None:
    """One return; of form "rule", two inner functions of one return each, and the return of both."""
    import ast
    import textwrap

    def one_return(body: list[ast.stmt]) -> bool:
        return len(body) == 1 and isinstance(body[0], ast.Return)

    for rule in {rule for _, _, rule in CALLABLES if rule.form != "constant"}:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(rule.fn))).body
        body = tree.body[1:] if ast.get_docstring(tree) else tree.body
        if rule.form != "rule":
            assert one_return(body), rule.fn
            continue
        jvp, vjp, last = body
        assert (jvp.name, vjp.name) == ("jvp", "vjp")
        assert len(jvp.args.args) == len(rule.differentiable) + bool(rule.each)
        for half in (jvp, vjp):
            *shared, returned = half.body
            assert all(isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name) for s in shared)
            assert one_return([returned])
        assert isinstance(last, ast.Return)


def test_of_several_results_each_term_is_linear_in_one() -> None:
    """Where some are not used, the terms of their adjoints are left out: a term of two would go with either."""
    import ast
    import textwrap

    def terms(e: ast.expr) -> list[ast.expr]:
        if isinstance(e, ast.BinOp) and isinstance(e.op, ast.Add | ast.Sub):
            return [*terms(e.left), *terms(e.right)]
        if isinstance(e, ast.IfExp):
            return [*terms(e.body), *terms(e.orelse)]
        return terms(e.operand) if isinstance(e, ast.UnaryOp) else [e]

    for rule in {rule for _, _, rule in CALLABLES if len(rule.results) > 1}:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(rule.fn))).body
        vjp = next(s for s in tree.body if isinstance(s, ast.FunctionDef) and s.name == "vjp")
        reads = {a.arg: {a.arg} for a in vjp.args.args[: len(rule.results)]}
        for shared in vjp.body[:-1]:
            used = [reads.get(n.id, set()) for n in ast.walk(shared.value) if isinstance(n, ast.Name)]
            reads[shared.targets[0].id] = set().union(*used)
        parts = vjp.body[-1].value
        for part in parts.elts if isinstance(parts, ast.Tuple) else [parts]:
            for term in terms(part):
                used = [reads.get(n.id, set()) for n in ast.walk(term) if isinstance(n, ast.Name)]
                assert len(set().union(*used)) <= 1, (rule.fn, ast.unparse(term))


def test_what_a_rule_reads_it_can_reach() -> None:
    """Its parameters, np, math and functions of the runtime: what a standalone module can have."""
    from tangent_like import runtime

    for rule in {rule for _, _, rule in CALLABLES if rule.form != "constant"}:
        for name in rule.fn.__code__.co_names:
            value = rule.fn.__globals__.get(name)
            if inspect.isfunction(value) and value is not known:
                assert getattr(runtime, name) is value, (rule.fn, name)
