"""Rules of the user's: in both modes, at second order, in loops and branches, for functions with and without text."""

from __future__ import annotations

import ctypes
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

F = Callable[..., Any]
X = np.array([0.3, -1.2, 2.0, 0.7])
# functions without text: as a C extension has them
c_root = np.frompyfunc(math.sqrt, 1, 1)
c_hypot = math.hypot


class Compiled:
    """A callable that shows no text, and refuses to carry anything."""

    __slots__ = ("fn",)

    def __init__(self, fn: F) -> None:
        self.fn = fn

    @property
    def __call__(self) -> F:
        return self.fn


c_soft: Any = Compiled(lambda x: np.log1p(np.exp(x)))
c_mirror: Any = Compiled(lambda x: x[::-1] * 2.0)
c_scan: Any = Compiled(lambda x, k=1.0: np.cumsum(x) * k)


@tl.rule.elementwise(c_soft)
def soft_rule(y, x):  # type: ignore[no-untyped-def]
    e = np.exp(-x)
    return 1 / (1 + e)


@tl.rule.linear(c_mirror, kind="first")
def mirror_rule(y_bar, y, x):  # type: ignore[no-untyped-def]
    return 2.0 * y_bar[::-1]


@tl.rule(c_scan, of=("x", "k"))
def scan_rule(y, x, k=1.0):  # type: ignore[no-untyped-def]
    def jvp(x_dot, k_dot):  # type: ignore[no-untyped-def]
        return np.cumsum(x_dot) * k + np.cumsum(x) * k_dot

    def vjp(y_bar):  # type: ignore[no-untyped-def]
        return np.cumsum(y_bar[::-1])[::-1] * k, np.sum(y_bar * np.cumsum(x))

    return jvp, vjp


def softplus(x: Any) -> Any:
    if np.ndim(x) == 0:
        return math.log1p(math.exp(x))
    return np.log1p(np.exp(x))


@tl.rule.elementwise(softplus)
def softplus_rule(y, x):  # type: ignore[no-untyped-def]
    return 1 / (1 + np.exp(-x))


@tl.custom_vjp
def scaled(x, w):  # type: ignore[no-untyped-def]
    return np.tanh(x) * w


@scaled.defvjp
def scaled_vjp(y_bar, y, x, w):  # type: ignore[no-untyped-def]
    t = np.tanh(x)
    return y_bar * (1 - t**2) * w, np.sum(y_bar * t)


@scaled.defjvp
def scaled_jvp(x_dot, w_dot, y, x, w):  # type: ignore[no-untyped-def]
    t = np.tanh(x)
    return (1 - t**2) * x_dot * w + t * w_dot


def uses_soft(x: np.ndarray) -> float:
    return np.sum(c_soft(x) * x)


def uses_mirror(x: np.ndarray) -> float:
    y = c_mirror(x * x)
    return np.sum(y[1:] * x[:-1])


def uses_scan(x: np.ndarray, k: float) -> float:
    return np.sum(c_scan(x, k=k) ** 2) + np.sum(c_scan(x))


def in_a_loop(x: np.ndarray, k: float) -> float:
    total = 0.0
    h = x
    for i in range(3):
        if i == 1:
            h = c_soft(h) * k
        else:
            h = softplus(h) - k
        total += np.sum(h * h)
    return total


def of_numbers(x: np.ndarray, k: float) -> float:
    total = 0.0
    for i in range(len(x)):
        total += softplus(x[i] * k) * x[i]
    return total


def of_scaled(x: np.ndarray, w: float) -> float:
    return np.sum(scaled(x, w) * x) + np.sum(scaled(x * x, 2.0))


def helper(x: np.ndarray, w: float) -> np.ndarray:
    return scaled(x, w) + c_soft(x)


def through_a_helper(x: np.ndarray, w: float) -> float:
    return np.sum(helper(x, w) * helper(x, 1.5))


def through_a_dict(x: np.ndarray, w: float) -> float:
    fs = {"s": softplus, "c": lambda v: scaled(v, w)}
    return sum(np.sum(f(x) * x) for f in fs.values())


PROGRAMS: list[tuple[F, tuple[Any, ...]]] = [
    (uses_soft, (X,)),
    (uses_mirror, (X,)),
    (uses_scan, (X, 1.3)),
    (in_a_loop, (X, 0.7)),
    (of_numbers, (X, 0.7)),
    (of_scaled, (X, 0.4)),
    (through_a_helper, (X, 0.4)),
    (through_a_dict, (X, 0.4)),
]


@pytest.mark.parametrize(("f", "args"), PROGRAMS, ids=lambda p: getattr(p, "__name__", ""))
def test_both_modes_and_second_order(f: F, args: tuple[Any, ...]) -> None:
    tl.check_grads(f, args)
    tl.check_grads(f, args, order=2)


@pytest.mark.parametrize(("f", "args"), PROGRAMS, ids=lambda p: getattr(p, "__name__", ""))
def test_of_unknown_kinds(f: F, args: tuple[Any, ...]) -> None:
    """The text from annotations alone says the same."""
    argnums = tuple(range(len(args)))
    names: dict[str, Any] = dict(f.__globals__)
    exec(tl.grad(f, argnums).source, names)
    found = names[f"grad_{f.__name__}"](*args)
    for a, b in zip(found if len(args) > 1 else (found[0] if isinstance(found, tuple) else found,),
                    tl.grad(f, argnums)(*args), strict=True):
        np.testing.assert_allclose(a, b)


def test_the_text_of_a_rule_is_written_into_the_derivative() -> None:
    assert "c_soft" in tl.grad(uses_soft).source_for(X)
    assert "(1 + np.exp(-x))" in tl.grad(uses_soft).source_for(X)
    text = tl.grad(lambda x: np.sum(scaled(x, 2.0))).source_for(X)
    assert "np.tanh" in text
    assert "scaled_vjp" not in text


def test_a_rule_with_more_to_say_is_called() -> None:
    @tl.custom_vjp
    def same(x: Any) -> Any:
        return x

    @same.defvjp  # type: ignore[attr-defined]
    def same_vjp(y_bar, y, x):  # type: ignore[no-untyped-def]
        total = 0.0
        for v in y_bar:
            total += v * v
        return y_bar / math.sqrt(total) if total > 1.0 else y_bar

    def f(x: np.ndarray) -> float:
        return np.sum(3.0 * same(x) ** 2)

    found = tl.grad(f)(X)
    np.testing.assert_allclose(found, 6 * X / np.linalg.norm(6 * X))
    assert "same_vjp(" in tl.grad(f).source_for(X)

    def first(x: np.ndarray) -> float:
        return tl.grad(f)(x)[0]

    def plainly(x: np.ndarray) -> float:
        return x[0] / np.sqrt(np.sum(x * x))

    np.testing.assert_allclose(tl.grad(first)(X), tl.grad(plainly)(X))


def test_the_function_itself_is_differentiated_by_its_rule() -> None:
    np.testing.assert_allclose(tl.grad(softplus)(0.3), 1 / (1 + math.exp(-0.3)))
    np.testing.assert_allclose(tl.vjp(scaled, X, 2.0)[1](np.ones(4))[0], (1 - np.tanh(X) ** 2) * 2)
    assert "tanh" in tl.grad(lambda x: np.sum(scaled(x, 2.0))).source_for(X)


def test_rules_for_one_call() -> None:
    @tl.rule.elementwise()
    def wrong_on_purpose(y, x):  # type: ignore[no-untyped-def]
        return 7.0 + 0.0 * x

    def f(x: np.ndarray) -> float:
        return np.sum(softplus(x))

    found = tl.grad(f, rules={softplus: wrong_on_purpose})(X)
    np.testing.assert_allclose(found, np.full(4, 7.0))
    np.testing.assert_allclose(tl.grad(f)(X), 1 / (1 + np.exp(-X)))
    _, pullback = tl.vjp(f, X, rules={softplus: wrong_on_purpose})
    np.testing.assert_allclose(pullback(1.0)[0], np.full(4, 7.0))
    np.testing.assert_allclose(tl.jvp(f, (X,), (X,), rules={softplus: wrong_on_purpose})[1], 7 * np.sum(X))
    np.testing.assert_allclose(tl.grad(lambda x: np.sum(np.abs(x)), rules={np.abs: wrong_on_purpose})(X), np.full(4, 7.0))


def test_a_local_function_of_c_is_given_its_rule() -> None:
    local: Any = ctypes.CDLL(None).cbrt
    local.restype, local.argtypes = ctypes.c_double, [ctypes.c_double]

    def f(x: float) -> float:
        return local(x) * x

    with pytest.raises(tl.NoRuleError, match="rules="):
        tl.grad(f)(0.3)

    @tl.rule.elementwise()
    def cube_root(y, x):  # type: ignore[no-untyped-def]
        return 1 / (3 * y**2)

    rules = [tl.rule.elementwise(local)(cube_root.fn)]
    np.testing.assert_allclose(tl.grad(f, rules=rules)(0.3), 4 / 3 * 0.3 ** (1 / 3))
    second = tl.grad(tl.grad(f, rules=rules))
    np.testing.assert_allclose(second(0.3), 4 / 9 * 0.3 ** (-2 / 3))
    np.testing.assert_allclose(tl.grad(f)(0.3), 4 / 3 * 0.3 ** (1 / 3))


def test_constants() -> None:
    steps: Any = Compiled(np.floor)
    made = tl.rule.constant(steps, reason="piecewise constant")
    found = tl.grad(lambda x: np.sum(steps(x) * x), rules={steps: made})(X)
    np.testing.assert_allclose(found, np.floor(X))
    with pytest.raises(tl.RuleError, match="reason"):
        tl.rule.constant(steps)


def test_several_results() -> None:
    parts: Any = Compiled(lambda x: (np.sin(x), np.cos(x)))

    @tl.rule(parts, results=("s", "c"))
    def parts_rule(s, c, x):  # type: ignore[no-untyped-def]
        def jvp(x_dot):  # type: ignore[no-untyped-def]
            return c * x_dot, -s * x_dot

        def vjp(s_bar, c_bar):  # type: ignore[no-untyped-def]
            return np.stack([s_bar, c_bar])[0] * c - c_bar * s

        return jvp, vjp

    def f(x: np.ndarray) -> float:
        s, c = parts(x)
        return np.sum(s * s * c)

    def first(x: np.ndarray) -> float:
        s, _ = parts(x)
        return np.sum(s * s)

    for g, want in ((f, 2 * np.sin(X) * np.cos(X) ** 2 - np.sin(X) ** 3), (first, np.sin(2 * X))):
        np.testing.assert_allclose(tl.grad(g, rules={parts: parts_rule})(X), want)
        np.testing.assert_allclose(tl.jvp(g, (X,), (X,), rules={parts: parts_rule})[1], np.sum(want * X))


def test_only_one_operand_carries_a_derivative() -> None:
    power: Any = Compiled(lambda x, n: x**n)

    @tl.rule(power, kind="first")
    def power_rule(y, x, n):  # type: ignore[no-untyped-def]
        def jvp(x_dot):  # type: ignore[no-untyped-def]
            return n * x ** (n - 1) * x_dot

        def vjp(y_bar):  # type: ignore[no-untyped-def]
            return n * x ** (n - 1) * y_bar, None

        return jvp, vjp

    rules = {power: power_rule}
    np.testing.assert_allclose(tl.grad(lambda x: np.sum(power(x, 3)), rules=rules)(X), 3 * X**2)
    np.testing.assert_allclose(tl.jvp(lambda x: power(x, 3), (X,), (X,), rules=rules)[1], 3 * X**3)
    with pytest.raises(tl.DifferentiationError, match="'exact'"):
        tl.grad(lambda x: np.sum(power(x, 3, exact=True)), rules=rules)(X)


# -- what does not fit is said at the rule's line -----------------------------------------------------


def line_of(text: str) -> int:
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(k for k, line in enumerate(lines, 1) if text in line)


def check_place(error: tl.DifferentiationError, text: str) -> None:
    assert error.file == __file__
    assert error.line == line_of(text)


def test_signatures() -> None:
    with pytest.raises(tl.RuleError, match="no argument for the operand 'z'") as found:

        @tl.rule.elementwise(softplus)
        def too_many(y, x, z):  # type: ignore[no-untyped-def]
            return x, z

    check_place(found.value, "def too_many(y, x, z)")
    with pytest.raises(tl.RuleError, match="lacks the argument 'w'") as found:

        @tl.rule(scaled)
        def too_few(y, x):  # type: ignore[no-untyped-def]
            def vjp(y_bar):  # type: ignore[no-untyped-def]
                return y_bar

            return vjp

    check_place(found.value, "def too_few(y, x)")
    with pytest.raises(tl.RuleError, match="stands where 'x' belongs"):

        @tl.rule.elementwise(scaled)
        def swapped(y, w, x):  # type: ignore[no-untyped-def]
            return w, x

    with pytest.raises(tl.RuleError, match="returns 3 values") as found:

        @scaled.defvjp
        def three(y_bar, y, x, w):  # type: ignore[no-untyped-def]
            return y_bar, w, x

    check_place(found.value, "return y_bar, w, x")
    with pytest.raises(tl.RuleError, match="takes"):
        scaled.defvjp(lambda y_bar, x, w: (y_bar, w))
    with pytest.raises(tl.RuleError, match=r"takes \(x_dot, w_dot, y, x, w\): this one takes"):
        scaled.defjvp(lambda y, x, w, x_dot, w_dot: w * x_dot)
    with pytest.raises(tl.RuleError, match="nothing"):

        @scaled.defvjp
        def nothing(y_bar, y, x, w):  # type: ignore[no-untyped-def]
            print(y_bar)

    # the rule that was there is there still
    tl.check_grads(of_scaled, (X, 0.4))


def test_shapes_known_and_found_out() -> None:
    def doubled(x: np.ndarray) -> np.ndarray:
        return 2 * x

    @tl.rule.linear(doubled)
    def wrong_shape(y_bar, y, x):  # type: ignore[no-untyped-def]
        return np.sum(y_bar) * np.ones(7)

    def f(x: np.ndarray) -> float:
        return np.sum(doubled(x) ** 2)

    with pytest.raises(tl.RuleError, match="shape") as found:
        tl.grad(f)(X)
    check_place(found.value, "def wrong_shape(y_bar, y, x)")

    @tl.rule.linear(doubled)
    def hidden_shape(y_bar, y, x):  # type: ignore[no-untyped-def]
        if len(x) > 1:
            return y_bar[:, None]
        return y_bar

    with pytest.raises(ValueError, match=f"test_own_rules.py:{line_of('def hidden_shape')}: the rule returns shape"):
        tl.grad(f)(X)

    @tl.rule.elementwise(doubled)
    def wide_partial(y, x):  # type: ignore[no-untyped-def]
        return np.full((3, 4), 2.0)

    with pytest.raises(tl.RuleError, match="partial"):
        tl.grad(f)(X)
    with pytest.raises(tl.RuleError, match="partial"):
        tl.jvp(f, (X,), (X,))

    @tl.rule(doubled)
    def wrong_tangent(y, x):  # type: ignore[no-untyped-def]
        def jvp(x_dot):  # type: ignore[no-untyped-def]
            return 2 * np.sum(x_dot)

        def vjp(y_bar):  # type: ignore[no-untyped-def]
            return 2 * y_bar

        return jvp, vjp

    np.testing.assert_allclose(tl.grad(f)(X), 8 * X)
    with pytest.raises(tl.RuleError, match="tangent"):
        tl.jvp(f, (X,), (X,))


def test_what_a_rule_does_not_say_is_refused() -> None:
    @tl.custom_vjp
    def half(x: np.ndarray) -> np.ndarray:
        return 0.5 * x

    def f(x: np.ndarray) -> float:
        return np.sum(half(x))

    with pytest.raises(tl.RuleError, match="decorator"):
        tl.grad(f)(X)
    half.defvjp(lambda y_bar, y, x: 0.5 * y_bar)  # type: ignore[attr-defined]
    np.testing.assert_allclose(tl.grad(f)(X), np.full(4, 0.5))  # and is seen where it was refused before
    np.testing.assert_allclose(tl.jvp(f, (X,), (X,))[1], 0.5 * np.sum(X))  # linear: it is turned round
    half.defvjp(lambda y_bar, y, x: np.clip(y_bar, -0.25, 0.25))  # type: ignore[attr-defined]
    np.testing.assert_allclose(tl.grad(f)(X), np.full(4, 0.25))
    with pytest.raises(tl.RuleError, match=r"not linear[^@]*defjvp"):
        tl.jvp(f, (X,), (X,))


def test_a_rule_given_later_is_seen() -> None:
    def third(x: np.ndarray) -> np.ndarray:
        return x / 3

    df = tl.grad(lambda x: np.sum(third(x)))
    np.testing.assert_allclose(df(X), np.full(4, 1 / 3))
    tl.rule.linear(third)(lambda y_bar, y, x: 5.0 * y_bar)
    np.testing.assert_allclose(df(X), np.full(4, 5.0))


def test_a_wrapper_has_not_the_rule_of_what_it_wraps() -> None:
    import functools

    @functools.wraps(softplus)
    def twice(x: Any) -> Any:
        return 2.0 * softplus(x)

    twice.__dict__.pop("__wrapped__")
    np.testing.assert_allclose(tl.grad(twice)(0.3), 2 / (1 + math.exp(-0.3)))


def test_a_result_that_is_the_argument_shares_its_memory() -> None:
    @tl.custom_vjp
    def same(x: Any) -> Any:
        return x

    same.defvjp(lambda y_bar, y, x: 3.0 * y_bar)  # type: ignore[attr-defined]

    def f(x: np.ndarray) -> float:
        y = same(x * 1.0)
        y[0] = 2.0 * y[1]
        return np.sum(y * y)

    try:
        found = tl.grad(f)(X)
    except tl.DifferentiationError:
        return
    want = np.array([0.0, 3 * (2 * X[1] + 8 * X[1]), 6 * X[2], 6 * X[3]])
    np.testing.assert_allclose(found, want)


def test_effects_of_the_function_stay(capsys: pytest.CaptureFixture[str]) -> None:
    def said(x: np.ndarray) -> np.ndarray:
        print("said")
        return 2 * x

    tl.rule.linear(said)(lambda y_bar, y, x: 2 * y_bar)
    np.testing.assert_allclose(tl.grad(lambda x: np.sum(said(x)))(X), np.full(4, 2.0))
    assert capsys.readouterr().out == "said\n"


def test_dtypes_and_shapes() -> None:
    for x in (X.astype(np.float32), np.zeros((0,)), np.ones((2, 3))):
        bar = tl.grad(uses_soft)(x)
        assert bar.dtype == x.dtype
        assert bar.shape == x.shape
    assert isinstance(tl.grad(softplus)(0.3), float)


# -- files that are only read -------------------------------------------------------------------------

MODEL = '''
import numpy as np
import tangent_like as tl
from tangent_like import custom_vjp

SLOPE = 3.0


def weight(x):
    return SLOPE * np.cos(x)


@custom_vjp
def damped(x, w):
    return np.sin(x) * w


@damped.defvjp
def damped_vjp(y_bar, y, x, w):
    return y_bar * weight(x) * w, None


def soft(x):
    return np.log1p(np.exp(x))


@tl.rule.elementwise(soft)
def soft_rule(y, x):
    return 1 / (1 + np.exp(-x))


tl.rule.constant(np.tanh, reason="for the test")


def loss(x: np.ndarray) -> float:
    return np.sum(damped(x, 2.0) * soft(x)) + np.sum(np.tanh(x))
'''


def test_a_file_that_is_only_read(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(MODEL)
    command = [sys.executable, "-m", "tangent_like", "grad", f"{file}:loss", "-o", str(tmp_path / "out.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    text = (tmp_path / "out.py").read_text()
    assert "import tangent_like" not in text
    assert "weight(x)" in text
    names: dict[str, Any] = {}
    exec(text, names)
    sigmoid = 1 / (1 + np.exp(-X))
    want = np.log1p(np.exp(X)) * 3 * np.cos(X) * 2 + np.sin(X) * 2 * sigmoid
    np.testing.assert_allclose(names["grad_loss"](X), want)


def test_a_wrong_rule_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(MODEL.replace("def soft_rule(y, x)", "def soft_rule(y, x, z)"))
    command = [sys.executable, "-m", "tangent_like", "grad", f"{file}:loss"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    line = next(k for k, t in enumerate(file.read_text().splitlines(), 1) if "soft_rule" in t)
    assert done.returncode == 2
    assert f"model.py:{line}" in done.stderr


ONE = """
import numpy as np
import tangent_like as tl
from other import total

@tl.rule.elementwise(np.spacing)
def spacing_rule(y, x):
    return 2.0 * x

def loss(x: np.ndarray) -> float:
    return np.sum(np.spacing(x)) + total(x)
"""
OTHER = """
import numpy as np
from one import spacing_rule

def total(x):
    return np.sum(np.spacing(x))
"""


def test_files_that_import_each_other_share_their_rules(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(ONE)
    (tmp_path / "other.py").write_text(OTHER)
    command = [sys.executable, "-m", "tangent_like", "grad", f"{tmp_path / 'one.py'}:loss"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    assert done.stdout.count("2.0 * x") == 2


# -- a tangent alone ----------------------------------------------------------------------------------


@tl.custom_jvp
def bent(x, w):  # type: ignore[no-untyped-def]
    return np.tanh(x) * w


@bent.defjvp
def bent_jvp(x_dot, w_dot, y, x, w):  # type: ignore[no-untyped-def]
    t = np.tanh(x)
    return (1 - t**2) * x_dot * w + t * w_dot


@tl.custom_jvp
def totalled(x):  # type: ignore[no-untyped-def]
    return np.sum(x * x) / len(x)


@totalled.defjvp
def totalled_jvp(x_dot, y, x):  # type: ignore[no-untyped-def]
    return 2.0 * np.sum(x * x_dot) / len(x)


def of_bent(x: np.ndarray, w: float) -> float:
    total = 0.0
    for i in range(2):
        x = bent(x, w * (i + 1)) + bent(x, 0.5)
        total += totalled(x)
    return total


@tl.custom_vjp
def rotated(x, w):  # type: ignore[no-untyped-def]
    return np.sin(x) * w


@rotated.defvjp
def rotated_vjp(y_bar, y, x, w):  # type: ignore[no-untyped-def]
    scaled_bar = y_bar * w
    return scaled_bar * np.cos(x), np.sum(y_bar * np.sin(x))


def of_rotated(x: np.ndarray, w: float) -> float:
    for i in range(2):
        x = rotated(x, w * (i + 1)) + x * w
    return np.sum(x * x)


def test_an_adjoint_is_taken_forward() -> None:
    tl.check_grads(of_rotated, (X, 0.4))
    tl.check_grads(of_rotated, (X, 0.4), order=2)
    tl.check_rule(rotated, X, 0.3)
    full = tl.hessian(lambda x: np.sum(rotated(x, 2.0) ** 2))(X)
    np.testing.assert_allclose(full, np.diag(8 * np.cos(2 * X)), atol=1e-12)
    assert "@" not in tl.hessian(of_rotated).source_for(X, 0.4)  # type: ignore[attr-defined]


def test_a_tangent_is_taken_backward() -> None:
    """As JAX does it: the jvp is linear in the tangents, and its transpose is the vjp."""
    tl.check_grads(of_bent, (X, 0.4))
    tl.check_grads(of_bent, (X, 0.4), order=2)
    text = tl.grad(lambda x: np.sum(bent(x, 2.0))).source_for(X)
    assert "bent_jvp" not in text
    assert "@" not in text
    np.testing.assert_allclose(tl.grad(totalled)(X), 2 * X / 4)
    tl.check_rule(bent, X, 0.3)

    @tl.custom_jvp
    def shifted(x: np.ndarray) -> np.ndarray:
        return x[1:] - x[:-1]

    shifted.defjvp(lambda x_dot, y, x: x_dot[1:] - x_dot[:-1])  # type: ignore[attr-defined]
    with pytest.raises(tl.RuleError, match="write the vjp"):
        tl.grad(lambda x: np.sum(shifted(x)))(X)


def straight(x: Any) -> Any:
    return np.abs(x) * np.sign(x)


@tl.rule.elementwise(straight)
def straight_rule(y: Any, x: Any) -> Any:
    return 1.0


def squared(x: Any) -> Any:
    return np.sqrt(np.abs(x)) ** 4


@tl.rule.elementwise(squared)
def squared_rule(y: Any, x: Any) -> Any:
    return 2.0 * x


def of_kinks(x: Any) -> Any:
    return np.sum(straight(x) * x + squared(x))


def test_kinks_that_cancel() -> None:
    """As docs/beyond-backpropagation.md has it: right at 0, where the product of slopes is not."""
    x = np.array([-1.0, 0.0, 2.0])
    plain = tl.grad(lambda x: np.sum(np.abs(x) * np.sign(x)))
    assert plain(x)[1] == 0.0
    np.testing.assert_allclose(tl.grad(of_kinks)(x), 4 * x)
    np.testing.assert_allclose(tl.hessian(of_kinks)(x), 4 * np.eye(3))


@tl.custom_vjp
def to_the(x: Any, n: Any) -> Any:
    return 1.0 if n == 0 else x * to_the(x, n - 1)


@to_the.defvjp
def to_the_vjp(y_bar: Any, y: Any, x: Any, n: Any) -> Any:
    return y_bar * n * x ** (n - 1), None


def test_a_function_that_calls_itself() -> None:
    """What it returns was asked for without end: it is told by its rule, and was taken for one that calls nothing."""
    assert tl.grad(lambda x: to_the(x, 4))(0.7) == pytest.approx(4 * 0.7**3)
    assert tl.grad(tl.grad(lambda x: to_the(x, 4)))(0.7) == pytest.approx(12 * 0.7**2)


class Clipped:
    def __init__(self, k: float) -> None:
        self.k = k

    @staticmethod
    @tl.custom_vjp
    def sine(x: Any) -> Any:
        return np.sin(x)

    @sine.__func__.defvjp  # type: ignore[attr-defined]
    def _(y_bar: Any, y: Any, x: Any) -> Any:
        return np.clip(y_bar * np.cos(x), -0.5, 0.5)

    @tl.custom_vjp
    def scaled(self, x: Any) -> Any:
        return self.k * np.sin(x)

    @scaled.defvjp  # type: ignore[attr-defined]
    def scaled_vjp(y_bar: Any, y: Any, self: Any, x: Any) -> Any:
        return None, y_bar * self.k * np.cos(x)

    def loss(self, x: Any) -> Any:
        return np.sum(self.sine(self.k * x))


TWICE = Clipped(2.0)


def test_rules_on_methods() -> None:
    x = np.array([0.1, 1.3])
    clipped = np.clip(np.cos(2 * x), -0.5, 0.5)
    np.testing.assert_allclose(tl.grad(lambda x: np.sum(Clipped.sine(2 * x)))(x), 2 * clipped)
    np.testing.assert_allclose(tl.grad(TWICE.loss)(x), 2 * clipped)
    assert "Clipped.sine(" in tl.grad(TWICE.loss).source_for(x)
    np.testing.assert_allclose(tl.grad(lambda x: np.sum(TWICE.scaled(x)))(x), 2 * np.cos(x))
    with pytest.raises(tl.DifferentiationError, match="an object of class Clipped used here"):
        tl.grad(lambda x: np.sum(Clipped(3.0).scaled(x)))(x)


def test_a_rule_on_a_method_that_is_only_read(tmp_path: Any, capsys: Any) -> None:
    """The text of the method was differentiated, whatever the rule says."""
    from tangent_like.cli.main import main

    (tmp_path / "model.py").write_text(
        "import numpy as np\nimport tangent_like as tl\n\n\nclass C:\n    @staticmethod\n    @tl.custom_vjp\n"
        "    def f(x):\n        return np.sin(x)\n\n\ndef loss(x):\n    return np.sum(C.f(x))\n"
    )
    assert main(["grad", f"{tmp_path / 'model.py'}:loss"]) == 2
    assert "a method with a rule of its own" in capsys.readouterr().err
