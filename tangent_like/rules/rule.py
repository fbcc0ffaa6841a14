"""What a rule is: an ordinary Python function, called by the tests and read by the compiler.

Three kinds, and one for what carries no derivative:

    @elementwise(np.sin)                  # you write the partials dy/dx; both modes follow
    def sin(y, x):
        return np.cos(x)

    @linear(np.sum, kind="reduction")     # you write the transpose; the tangent is np.sum itself
    def sum(y_bar, y, x, axis=None, keepdims=False):
        return spread(y_bar, x, axis, keepdims)

    @rule(np.linalg.inv, kind="first")    # neither: both modes side by side
    def inv(y, x):
        def jvp(x_dot): return -(y @ x_dot @ y)
        def vjp(y_bar): return -(y.T @ y_bar @ y.T)
        return jvp, vjp

    constant(np.sign, reason="piecewise constant")

Nothing here registers anything: ``rules.table`` collects the rules of the families it names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Domain:
    """Where a rule's operands are sampled by the test over the table: one interval an operand.

    ``low`` and ``high`` bound every entry; ``integer`` operands are drawn as whole numbers.
    """

    low: float = -2.0
    high: float = 2.0
    integer: bool = False


REAL = Domain()
POSITIVE = Domain(0.1, 3.0)
UNIT = Domain(-0.9, 0.9)
ABOVE_ONE = Domain(1.1, 3.0)
ABOVE_MINUS_ONE = Domain(-0.9, 3.0)
NEGATIVE = Domain(-3.0, -0.1)
WHOLE = Domain(0, 4, integer=True)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule for the callables in ``targets``.

    ``form`` is "elementwise", "linear", "rule" or "constant". ``kind`` names the shared function of
    ``kinds.results`` that says the kind of the result. ``operands`` are the parameters of ``fn`` that
    stand for the primitive's own positional and keyword arguments, in order; ``differentiable`` those
    that can carry derivatives. ``cases`` are calls for the test over the table where ``domain`` is
    not enough: each a function of a random generator that returns (args, kwargs).
    """

    targets: tuple[object, ...]
    form: str
    fn: Callable[..., object]
    kind: str
    operands: tuple[str, ...]
    differentiable: tuple[str, ...]
    domain: tuple[Domain, ...] = (REAL,)
    cases: tuple[Callable[..., object], ...] = ()
    reason: str = ""
    methods: tuple[str, ...] = field(default=())  # ndarray methods and attributes: "sum", "T"

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self.fn(*args, **kwargs)


def elementwise(
    *targets: object,
    domain: Domain | tuple[Domain, ...] = REAL,
    kind: str = "elementwise",
    cases: tuple[Callable[..., object], ...] = (),
    methods: tuple[str, ...] = (),
    inactive: tuple[str, ...] = (),
) -> Callable[[Callable[..., object]], Rule]:
    """A rule by partials: ``fn(y, *operands)`` returns dy/dx for each operand not in ``inactive``."""

    def decorate(fn: Callable[..., object]) -> Rule:
        operands = _parameters(fn)[1:]
        active = tuple(name for name in operands if name not in inactive)
        return Rule(targets, "elementwise", fn, kind, operands, active, _domains(domain), cases, "", methods)

    return decorate


def linear(
    *targets: object,
    kind: str,
    of: tuple[str, ...] = (),
    domain: Domain | tuple[Domain, ...] = REAL,
    cases: tuple[Callable[..., object], ...] = (),
    methods: tuple[str, ...] = (),
) -> Callable[[Callable[..., object]], Rule]:
    """A rule by transpose: ``fn(y_bar, y, *operands)`` returns the adjoint of each operand in ``of``.

    ``of`` defaults to the first operand. A primitive that is linear in the operands ``of`` together.
    """

    def decorate(fn: Callable[..., object]) -> Rule:
        operands = _parameters(fn)[2:]
        return Rule(
            targets,
            "linear",
            fn,
            kind,
            operands,
            of or operands[:1],
            _domains(domain),
            cases,
            "",
            methods,
        )

    return decorate


def rule(
    *targets: object,
    kind: str,
    of: tuple[str, ...] = (),
    domain: Domain | tuple[Domain, ...] = REAL,
    cases: tuple[Callable[..., object], ...] = (),
    methods: tuple[str, ...] = (),
) -> Callable[[Callable[..., object]], Rule]:
    """A rule with both modes: ``fn(y, *operands)`` returns ``(jvp, vjp)``, two inner functions.

    ``jvp`` takes a tangent for each operand in ``of``; ``vjp(y_bar)`` returns their adjoints. Each is
    one ``return``.
    """

    def decorate(fn: Callable[..., object]) -> Rule:
        operands = _parameters(fn)[1:]
        return Rule(
            targets,
            "rule",
            fn,
            kind,
            operands,
            of or operands[:1],
            _domains(domain),
            cases,
            "",
            methods,
        )

    return decorate


def constant(*targets: object, reason: str, kind: str = "unknown", methods: tuple[str, ...] = ()) -> Rule:
    """What carries no derivative, with the reason why: ``explain`` prints it."""
    return Rule(targets, "constant", _no_derivative, kind, (), (), (), (), reason, methods)


def _no_derivative(*args: object, **kwargs: object) -> None:
    return None


def _parameters(fn: Callable[..., object]) -> tuple[str, ...]:
    return tuple(inspect.signature(fn).parameters)


def _domains(domain: Domain | tuple[Domain, ...]) -> tuple[Domain, ...]:
    return domain if isinstance(domain, tuple) else (domain,)
