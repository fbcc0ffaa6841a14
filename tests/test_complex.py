"""Every rule that is said to hold for complex numbers: calls of its functions, held against differences.

The operands of a rule's own cases are made complex, and moved along the real and the imaginary axis; each
call is a program of its own, so that the real parts which the compiler takes are there too.
"""

from __future__ import annotations

import builtins
import importlib.util
import linecache
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from case import Case
from harness import explain, verify

import tangent_like as tl
from tangent_like.rules import cmath_functions, complex_made, fourier, spectra
from tangent_like.rules.over_complex import COMPLEX, HOLD, complex_rules, holds
from tangent_like.rules.rule import Rule
from tangent_like.rules.table import METHODS, RULES, TABLE, optional_table, rules_of

MOST = 2  # cases of a rule
# Programs of the corpus: what is asked for a dtype, and vectors whose phases nothing may depend on.
ELSEWHERE = frozenset({"astype", "full_like", "eigh", "svd"})
COSINES = {f"{way}{name}" for way in ("", "i") for name in ("dct", "dst", "dctn", "dstn")}
REAL_ONLY = frozenset({"csd", "stft", "hilbert", "transform", "product", "unproduct", "uninverse", "rect", "rfft", "ihfft", "rfftn", "rfft2"} | COSINES)


def rules() -> list[Rule]:
    found = {*HOLD, *rules_of((complex_made, fourier, cmath_functions, spectra)), *COMPLEX.rules.values(), *COMPLEX.methods.values()}
    found |= {r for more in COMPLEX.more.values() for r in more}
    helpers = {r for r in found if r.targets and (getattr(r.targets[0], "__module__", None) or "").startswith("tangent_like")}
    derived = (r for r in found - helpers if r.form != "constant" and r.fn.__name__ not in ELSEWHERE)
    return sorted(derived, key=lambda r: r.fn.__qualname__)


def scipy_rules() -> list[Rule]:
    """The transforms of SciPy and what else it makes complex numbers of, where it is there."""
    if importlib.util.find_spec("scipy") is None:
        return []
    families = ("scipy_fft", "scipy_complex", "scipy_spectra", "scipy_analytic", "scipy_short", "scipy_complex_linear")
    found = rules_of(importlib.import_module(f"tangent_like.rules.{name}") for name in families)
    return [r for r in found if r.fn.__name__ not in ELSEWHERE]


def drawn_cases(rule: Rule) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    rng = np.random.default_rng(5)
    if rule.form == "elementwise" and not rule.cases:
        low, high = rule.domain[0].low, rule.domain[0].high
        for shapes in ([(3,)] * len(rule.operands), [(2, 3), (3,), (1, 3)][: len(rule.operands)]):
            drawn = [rng.uniform(low, high, s) for s in shapes]
            yield tuple(d > 0.5 if n in rule.inactive else d for n, d in zip(rule.operands, drawn, strict=False)), {}
        return
    step = max(1, len(rule.cases) // MOST)
    for make in rule.cases[::step][:MOST]:
        args, kwargs = make(rng)
        if not any(isinstance(v, type) for v in (*args, *kwargs.values())):  # a dtype: of real numbers
            yield args, kwargs


def is_operand(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


def spelled(target: Any) -> str:
    if isinstance(getattr(target, "__self__", None), np.ufunc):
        return f"np.{target.__self__.__name__}.{target.__name__}"
    return target.__name__ if getattr(builtins, getattr(target, "__name__", ""), None) is target else "called"


class Program:
    """``f(x0, x1)`` of one call, with the other arguments written out."""

    def __init__(self, rule: Rule, target: Any, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.operands: list[Any] = []
        moving = {*rule.differentiable, rule.each}
        self.world: dict[str, Any] = {"np": np, "called": target, "__name__": __name__}
        names = [*rule.operands, *[rule.operands[-1]] * len(args)]
        written = [self.write(a, n in moving) for a, n in zip(args, names, strict=False)]
        named = [f"{n}={self.write(v, n in moving)}" for n, v in kwargs.items()]
        if method:
            attribute = method in ("T", "mT", "real", "imag")
            call = f"{written[0]}.{method}" + ("" if attribute else f"({', '.join([*written[1:], *named])})")
        else:
            call = f"{spelled(target)}({', '.join([*written, *named])})"
        call += "[0]" if rule.fn.__name__ in ("broadcast_arrays", "meshgrid", "unstacked") else ""
        names = ", ".join(f"x{k}" for k in range(len(self.operands)))
        text = f"def program({names}):\n    return {call}\n"
        if rule.results:
            several = ", ".join(f"r{k}" for k in range(len(rule.results)))
            text = f"def program({names}):\n    {several} = {call}\n    return {several}\n"
        name = f"<{len(linecache.cache)} {call}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), self.world)
        self.f = self.world["program"]

    def write(self, value: Any, moves: bool) -> str:
        if moves and is_operand(value):
            self.operands.append(value)
            return f"x{len(self.operands) - 1}"
        if isinstance(value, list | tuple):
            items = ", ".join(self.write(v, moves) for v in value)
            return f"[{items}]" if isinstance(value, list) else f"({items},)"
        if isinstance(value, int | str | bool | type(None)):
            return repr(value)
        name = f"c{len(self.world)}"
        self.world[name] = value
        return name


def programs() -> Iterator[Any]:
    for rule in (*rules(), *scipy_rules()):
        where = [*((t, "") for t in rule.targets if t is not None), *((None, m) for m in rule.methods)]
        tables = (RULES, TABLE.more, COMPLEX.rules, optional_table().rules)
        for target, method in where[:1] + [w for w in where[1:] if w[1]]:
            assert method in {*METHODS, *TABLE.more_methods} if method else any(target in t for t in tables), rule
            yield pytest.param(rule, target, method, id=f"{rule.fn.__name__}-{method or getattr(target, '__name__', '?')}")


@pytest.mark.parametrize(("rule", "target", "method"), [*programs()])
def test_rule_over_complex(rule: Rule, target: Any, method: str) -> None:
    tried = 0
    for args, kwargs in drawn_cases(rule):
        if method and (kwargs.keys() - {"axis", "keepdims"} or np.ndim(args[0]) == 0):
            continue
        program = Program(rule, target, method, args, kwargs)
        if not program.operands:
            continue
        made = rule.fn.__name__ not in REAL_ONLY and target is not complex

        def operands(rng: np.random.Generator, program: Program = program, made: bool = made) -> tuple[Any, ...]:
            moved = [v + rng.normal(size=np.shape(v)) * (0.3j if made else 0.3) for v in program.operands]
            return tuple(type(v)(m) if np.ndim(m) == 0 and not made else m for v, m in zip(program.operands, moved, strict=True))

        case = Case(program.f, operands, tuple(range(len(program.operands))), seeds=1)
        verdict = verify(case, light=True)
        assert verdict.kind == "right", explain(case, verdict)
        tried += 1
    assert tried or method or not rule.cases, "no case was tried"


def by_phases(Z):
    v = np.linalg.eigh(Z + Z.conj().T)[1]
    return np.sum(np.imag(v))


def test_what_depends_on_a_phase_that_no_row_says_is_refused_when_it_runs() -> None:
    with pytest.raises(ValueError, match="phases of complex eigenvectors"):
        tl.grad(by_phases)(np.diag([1.0 + 0j, 3.0]))


def waves(x):
    return np.exp(1j * x) * x[0]


def squared(z):
    return z * z


def test_jacobians_of_complex_results() -> None:
    x = np.array([0.3, 0.5, 0.7])
    expected = np.diag(1j * waves(x)) + np.outer(np.exp(1j * x), [1, 0, 0])
    for jacobian in (tl.jacobian, tl.jacfwd, tl.jacrev):
        np.testing.assert_allclose(jacobian(waves)(x), expected)
    with pytest.raises(tl.RequestError, match="is complex, and a Jacobian is by real numbers"):
        tl.jacobian(squared)(x + 1j)


def test_a_complex_result_has_no_gradient() -> None:
    with pytest.raises(tl.DifferentiationError, match="the result of waves_sum is complex"):
        tl.grad(waves_sum)(np.array([0.3, 0.5]))


def waves_sum(x):
    return np.sum(waves(x))


def power(x, w):
    return np.sum(np.abs(np.fft.rfft(x * w)) ** 2) + np.sum(np.abs(np.exp(1j * x) - w))


def quartic(z):
    return np.sum(np.abs(z) ** 4 + np.real(z**3))


def test_second_derivatives() -> None:
    rng = np.random.default_rng(3)
    x, w, z = rng.normal(size=6), rng.normal(size=6), rng.normal(size=3) + 1j * rng.normal(size=3)
    tl.check_grads(power, (x, w), order=2)
    tl.check_grads(quartic, (z,), order=2)


def test_the_text_reads_as_by_hand() -> None:
    text = tl.grad(power_spectrum).source_for(np.ones(6), np.ones(6))
    assert "return np.real(np.fft.fft(2.0 * np.conj(np.fft.rfft(x * w)), x.size)) * w\n" in text


def power_spectrum(x, w):
    return np.sum(np.abs(np.fft.rfft(x * w)) ** 2)


def test_seeds_and_tangents_of_real_numbers_are_real() -> None:
    x = np.array([0.3, 0.5])
    with pytest.raises(tl.RequestError, match="is real, and so must its adjoint be"):
        tl.vjp(real_square, x)[1](1j * x)
    with pytest.raises(tl.RequestError, match="dtype complex128"):
        tl.jvp(real_square, (x,), (1j * x,))


def real_square(x):
    return x * x


@pytest.mark.parametrize("part", [np.imag, np.angle])
def test_a_part_of_what_no_rule_is_known_for(part: Any) -> None:
    """It was taken for a real number, whose imaginary part stays 0: nothing asked for the rule."""
    special = pytest.importorskip("scipy.special")

    def f(x):
        return np.sum(part(special.hankel1(1, x)))

    with pytest.raises(tl.NoRuleError, match="hankel1"):
        tl.grad(f)(np.array([0.7, 1.3]))


def test_a_part_of_what_a_rule_does_not_hold_for() -> None:
    """So was what a call gives that its rule does not know."""
    signal = pytest.importorskip("scipy.signal")

    def f(x):
        return np.sum(signal.hilbert(x, 8).imag * np.arange(8.0))

    with pytest.raises(tl.UnsupportedError, match=r"this argument 'N' of signal\.hilbert"):
        tl.grad(f)(np.array([0.7, 1.3]))


def of_a_root(k: np.ndarray, phi: float) -> float:
    a = (0.4 - phi) ** 0.5
    return float(np.sum(np.abs(k * a**2 + k**2 * a) ** 2))


def test_real_arguments_have_no_complex_derivative() -> None:
    """Python makes a complex number of a negative one to a power that is not whole."""
    k = np.array([1.0, 2.0])
    assert np.isfinite(tl.grad(of_a_root, argnums=1)(k, 0.3))
    for derivative in (tl.grad(of_a_root, argnums=(0, 1)), tl.value_and_grad(of_a_root, argnums=1)):
        with pytest.raises(ValueError, match="became complex"):
            derivative(k, 0.7)
    with pytest.raises(ValueError, match="became complex"):
        tl.jvp(of_a_root, (k, 0.7), (k, 1.0))
    with pytest.raises(ValueError, match="became complex"):
        tl.vjp(of_a_root, k, 0.7)[1](1.0)


def of_a_spread(x: np.ndarray) -> float:
    return np.var(x + 1j * x**2)


def changes_of_a_spread(x: np.ndarray) -> float:
    return tl.jvp(of_a_spread, (x,), (np.array([1.0, 2.0, 3.0]),))[1]


def test_the_tangent_of_a_real_result_of_complex_numbers_is_real() -> None:
    x = np.array([0.3, 1.2, 0.7])
    steps = [(changes_of_a_spread(x + e) - changes_of_a_spread(x - e)) / 2e-5 for e in 1e-5 * np.eye(3)]
    np.testing.assert_allclose(tl.grad(changes_of_a_spread)(x), steps, rtol=1e-7)


def test_a_method_holds_where_the_function_of_its_name_does() -> None:
    """Where the two have rules of their own, as ``x.copy()`` and ``np.copy(x)``, neither is forgotten."""
    pairs = [(METHODS[n], RULES.get(getattr(np, n, None)), n) for n in METHODS if not complex_rules(n)]
    assert [n for method, rule, n in pairs if rule is not None and holds(rule) != holds(method)] == []


def test_the_method_copy() -> None:
    z = np.arange(3.0) + 1j
    assert np.allclose(tl.grad(lambda z: np.sum(z.copy().real * z.copy().imag))(z), z.imag - 1j * z.real)
