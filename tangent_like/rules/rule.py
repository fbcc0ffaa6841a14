"""What a rule is: an ordinary Python function, called by the tests and read by the compiler.

Four kinds, and one for what carries no derivative:

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

    @definition(np.ptp)                   # it says the same as other functions together
    def ptp(x, axis=None):
        return np.max(x, axis=axis) - np.min(x, axis=axis)

    constant(np.sign, reason="piecewise constant")

A function of several results names them (``results=``): they come first, as their adjoints do in ``vjp``,
which is then a sum of terms, each linear in one of them. A function of any number of operands,
``*operands`` or a list of them, says so (``each=``): ``jvp(x_dot, k)`` is the tangent by operand number k
alone, ``vjp(z_bar, k)`` its adjoint. Operands beside them come first: ``jvp(w_dot, x_dot, k)``, ``vjp(z_bar, k)``,
which then return a part for each.

Nothing here registers anything: ``rules.table`` collects the rules of the families it names.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from tangent_like.errors import Place
from tangent_like.frontend.source import FunctionSource


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

# Of a function of the user's with source: the kind of its result is found in its body.
CALLED = "called"

Accepts = Mapping[str, tuple[object, ...]]
Cases = tuple[Callable[..., object], ...]
ANYTHING: Accepts = MappingProxyType({})
ANYTHING_ELSE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Own:
    """What a rule of the user's has beside ours; its errors stand at its own ``place``.

    ``signature`` is that of the operands, under the rule's names, as the function is called. ``texts`` are the
    functions that say it: under "" one that says it all, else "vjp" and "jvp", each for its mode. ``parts`` are the
    operands whose partials or adjoints it returns, in order.
    """

    name: str
    place: Place
    signature: inspect.Signature
    texts: Mapping[str, FunctionSource]
    parts: tuple[str, ...] = ()
    options: Any = None  # what was said beside the text

    @property
    def where(self) -> str:
        """The place as the emitted text may say it: the same on every machine."""
        return f"{os.path.basename(self.place.file)}:{self.place.line}"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule for the callables in ``targets``.

    ``form`` is "elementwise", "linear", "rule", "definition" or "constant". ``kind`` names the shared function of
    ``kinds.results`` that says the kind of the result. ``operands`` are the parameters of ``fn`` that
    stand for the primitive's own positional and keyword arguments, in order; ``differentiable`` those
    that can carry derivatives. ``cases`` are calls for the test over the table where ``domain`` is
    not enough: each a function of a random generator that returns (args, kwargs). ``accepts`` are the
    literals that an operand may be given as, where a rule holds for some values alone; ``aliases`` other
    names that NumPy has for an operand; ``inactive`` are operands whose derivative is zero (one that is
    neither differentiable nor inactive is refused where it carries a derivative). With ``more`` the rule is
    for the calls of a function that its other rule does not know. ``results`` are the names of the results
    where there are several; ``each`` is the operand that stands for any number of them,
    and ``but`` the one that says the number of one of which only the shape matters; ``grouped`` are the
    first operands, where the function takes them together as a tuple. ``ranks``: of more axes than these, which the
    function may take for stacks, the rule does not know; nor of fewer than ``fewest``, which it may take for something
    small. ``own``: it is a rule of the user's.
    """

    targets: tuple[object, ...]
    form: str
    fn: Callable[..., object]
    kind: str
    operands: tuple[str, ...]
    differentiable: tuple[str, ...]
    domain: tuple[Domain, ...] = (REAL,)
    cases: Cases = ()
    reason: str = ""
    methods: tuple[str, ...] = field(default=())  # ndarray methods and attributes: "sum", "T"
    accepts: Accepts = field(default_factory=lambda: ANYTHING)
    aliases: Mapping[str, str] = field(default_factory=lambda: ANYTHING_ELSE)
    inactive: tuple[str, ...] = ()
    more: bool = False
    results: tuple[str, ...] = ()
    each: str = ""
    grouped: tuple[str, ...] = ()
    but: str = ""
    ranks: Mapping[str, int] = field(default_factory=dict)
    fewest: Mapping[str, int] = field(default_factory=dict)
    own: Own | None = None

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self.fn(*args, **kwargs)


Decorator = Callable[[Callable[..., object]], Rule]


def elementwise(
    *targets: object,
    kind: str = "elementwise",
    of: tuple[str, ...] = (),
    inactive: tuple[str, ...] = (),
    domain: Domain | tuple[Domain, ...] = REAL,
    cases: Cases = (),
    methods: tuple[str, ...] = (),
    accepts: Accepts = ANYTHING,
    aliases: Mapping[str, str] = ANYTHING_ELSE,
    more: bool = False,
) -> Decorator:
    """A rule by partials: ``fn(y, *operands)`` returns dy/dx for each operand not in ``inactive``.

    Where not every partial is known, ``of`` lists those that are.
    """
    rest = (_domains(domain), cases, "", methods, accepts, aliases, inactive, more)
    return lambda fn: _made(targets, "elementwise", fn, kind, 1, of or None, rest)


def linear(
    *targets: object,
    kind: str,
    of: tuple[str, ...] = (),
    inactive: tuple[str, ...] = (),
    domain: Domain | tuple[Domain, ...] = REAL,
    cases: Cases = (),
    methods: tuple[str, ...] = (),
    accepts: Accepts = ANYTHING,
    aliases: Mapping[str, str] = ANYTHING_ELSE,
    more: bool = False,
) -> Decorator:
    """A rule by transpose: ``fn(y_bar, y, *operands)`` returns the adjoint of each operand in ``of``.

    ``of`` defaults to the first operand. A primitive that is linear in the operands ``of`` together.
    """
    rest = (_domains(domain), cases, "", methods, accepts, aliases, inactive, more)
    return lambda fn: _made(targets, "linear", fn, kind, 2, of, rest)


def rule(
    *targets: object,
    kind: str,
    of: tuple[str, ...] = (),
    inactive: tuple[str, ...] = (),
    domain: Domain | tuple[Domain, ...] = REAL,
    cases: Cases = (),
    methods: tuple[str, ...] = (),
    accepts: Accepts = ANYTHING,
    aliases: Mapping[str, str] = ANYTHING_ELSE,
    more: bool = False,
    results: tuple[str, ...] = (),
    each: str = "",
    grouped: tuple[str, ...] = (),
    but: str = "",
) -> Decorator:
    """A rule with both modes: ``fn(y, *operands)`` returns ``(jvp, vjp)``, two inner functions.

    ``jvp`` takes a tangent for each operand in ``of``; ``vjp(y_bar)`` returns their adjoints. Each is
    one ``return``, after assignments to names of what its parts share.
    """
    rest = (_domains(domain), cases, "", methods, accepts, aliases, inactive, more, results, each, grouped, but)
    return lambda fn: _made(targets, "rule", fn, kind, max(1, len(results)), of or ((each,) if each else ()), rest)


def definition(
    *targets: object,
    kind: str = "defined",
    of: tuple[str, ...] = (),
    inactive: tuple[str, ...] = (),
    domain: Domain | tuple[Domain, ...] = REAL,
    cases: Cases = (),
    methods: tuple[str, ...] = (),
    accepts: Accepts = ANYTHING,
    aliases: Mapping[str, str] = ANYTHING_ELSE,
    more: bool = False,
    grouped: tuple[str, ...] = (),
) -> Decorator:
    """What says the same in terms of other functions: ``fn(*operands)`` returns the value itself.

    Differentiated is what stands there. The program keeps its own call: only derivatives see the text.
    """
    rest = (_domains(domain), cases, "", methods, accepts, aliases, inactive, more, (), "", grouped)
    return lambda fn: _made(targets, "definition", fn, kind, 0, of, rest)


def _made(
    targets: tuple[object, ...],
    form: str,
    fn: Callable[..., object],
    kind: str,
    before: int,
    of: tuple[str, ...] | None,
    rest: tuple[Any, ...],
) -> Rule:
    """``before`` parameters stand for the result and its adjoint; ``of`` None: all but the inactive."""
    operands = _parameters(fn)[before:]
    inactive = rest[6]
    active = tuple(n for n in operands if n not in inactive) if of is None else of or operands[:1]
    return Rule(targets, form, fn, kind, operands, active, *rest)


def at_most(**ranks: int) -> Callable[[Rule], Rule]:
    """For arrays of so many axes, by operand: a stack of what the function takes is refused."""
    return lambda rule: replace(rule, ranks=ranks)


def at_least(**ranks: int) -> Callable[[Rule], Rule]:
    """For arrays of no fewer axes than these, by operand: a number that the function takes for a matrix is refused."""
    return lambda rule: replace(rule, fewest=ranks)


def constant(
    *targets: object, reason: str, kind: str = "unknown", methods: tuple[str, ...] = (), more: bool = False
) -> Rule:
    """What carries no derivative, with the reason why: ``explain`` prints it."""
    return Rule(targets, "constant", _no_derivative, kind, (), (), (), (), reason, methods, more=more)


def known(test: bool) -> bool:
    """In the text of a rule: is the answer known, and yes? The other arm then holds whatever the answer is."""
    return test


def _no_derivative(*args: object, **kwargs: object) -> None:
    return None


def signature_of(rule: Rule) -> inspect.Signature:
    """The parameters of a rule that stand for operands are among these, with what they default to."""
    return inspect.signature(rule.fn) if rule.own is None else rule.own.signature


def _parameters(fn: Callable[..., object]) -> tuple[str, ...]:
    return tuple(inspect.signature(fn).parameters)


def _domains(domain: Domain | tuple[Domain, ...]) -> tuple[Domain, ...]:
    return domain if isinstance(domain, tuple) else (domain,)
