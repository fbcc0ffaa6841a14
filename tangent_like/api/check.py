"""``check_grads``: derivatives against differences, and both modes against each other."""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent_like.api.cuts import first_statement
from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.gradients import grad
from tangent_like.api.inverses import check_reversible
from tangent_like.api.products import jvp, vjp
from tangent_like.api.replay import replay
from tangent_like.api.rules import Rules
from tangent_like.errors import DifferentiationError, RequestError
from tangent_like.runtime import isolate, like_object

STEPS = (1e-3, 1e-4, 1e-2, 1e-5, 1e-6)


def check_grads(
    f: Function,
    args: tuple[Any, ...],
    argnums: Any = None,
    *,
    modes: str | tuple[str, ...] = ("fwd", "rev"),
    order: int = 1,
    directions: int = 3,
    rtol: float = 1e-5,
    atol: float = 1e-7,
    seed: int = 0,
    rules: Rules | None = None,
) -> None:
    """Hold the derivatives of ``f`` at ``args`` against central differences along random directions.

    Of each argument on its own, in each of the ``modes`` ("fwd", "rev"): <y_bar, J x_dot> for random
    ``y_bar`` and ``x_dot`` by ``jvp``, by ``vjp``, and by differences, extrapolated over several steps. With
    ``order=2`` the gradient is held against differences in its turn (of a function that returns one number, or of
    its product with a random direction), and so on.

    Raises ``AssertionError`` with the argument, the direction, both numbers, and how far they are apart; with the
    slopes on either side where there is a kink; with the step that is not taken back by its inverse (see
    ``tl.check_reversible``); and with file and line of the first statement whose derivative is
    wrong, where the function can be cut there. ``rules``: see ``tl.grad``.
    """
    modes = (modes,) if isinstance(modes, str) else tuple(modes)
    unknown = set(modes) - {"fwd", "rev"}
    if unknown or not modes:
        raise RequestError(f'modes are "fwd" and "rev", not {", ".join(map(repr, sorted(unknown))) or "none"}')
    if order < 1:
        raise RequestError(f"the order is 1 or more, not {order}")
    try:
        check = Check(f, tuple(args), modes, directions, rtol, atol, seed, rules)
        check.run(argnums)
    except (AssertionError, ArithmeticError):
        if "rev" in modes:
            with suppress(DifferentiationError):  # there may be no text to look into
                check_reversible(f, *args)  # says so where a step is not taken back by its inverse
        raise
    if order > 1:
        moving = tuple(check.positions(argnums))
        options: dict[str, Any] = {"directions": directions, "rtol": rtol, "atol": atol, "seed": seed, "rules": rules}
        if one_number(check.value):
            gradient, given = grad(f, moving if len(moving) > 1 else moving[0], rules=rules), tuple(args)
        else:  # of its part along a random direction; the arguments are one, a tuple
            given = (tuple(args[k] for k in moving),)
            gradient, moving = grad(contracted(f, check.value_bar, tuple(args), moving), 0, rules=rules), (0,)
        try:
            check_grads(gradient, given, moving, modes=modes, order=order - 1, **options)
        except AssertionError as error:
            raise AssertionError(f"of the gradient: {error}") from None


def contracted(
    f: Function, bar: Any, args: tuple[Any, ...], moving: tuple[int, ...]
) -> Callable[[tuple[Any, ...]], Any]:
    """The inner product of ``bar`` and what ``f`` returns of a tuple of arguments: an array, or a tuple of arrays."""
    places = tuple(moving.index(k) if k in moving else -1 for k in range(len(args)))
    if isinstance(bar, tuple):
        flowing = [(k, b) for k, b in enumerate(bar) if is_float(b)]
        if not flowing or any(parts(b) is not None for b in bar):
            what = "an order above 2 is for functions of numbers and arrays"
            raise RequestError(what, hint="check it along a line: a function of t that calls it at x + t * v")

        def along_each(given: tuple[Any, ...]) -> Any:
            found = f(*[given[k] if k >= 0 else arg for k, arg in zip(places, args, strict=True)])
            total = 0.0
            for k, b in flowing:
                total = total + np.sum(b * found[k])
            return total

        return along_each
    if not is_float(bar):
        what = "an order above 1 is for a function that returns numbers and arrays"
        raise RequestError(what, hint="check a sum of its results")

    def along(given: tuple[Any, ...]) -> Any:
        return np.sum(bar * f(*[given[k] if k >= 0 else arg for k, arg in zip(places, args, strict=True)]))

    return along


@dataclass(eq=False)
class Check:
    f: Function
    args: tuple[Any, ...]
    modes: tuple[str, ...]
    directions: int
    rtol: float
    atol: float
    seed: int
    rules: Rules | None = None

    def __post_init__(self) -> None:
        self.names = names_of(self.f)
        self.rng = np.random.default_rng(self.seed)
        self.draws = replay(self.f, self.args)
        self.value = self.f(*isolate(self.args))
        self.value_bar = random_like(self.value, self.rng)
        self.pulled: tuple[Any, ...] | None = None
        if "rev" in self.modes:
            self.draws.rewind()
            self.pulled = vjp(self.f, *self.args, rules=self.rules)[1](self.value_bar)

    def positions(self, argnums: Any) -> list[int]:
        """The arguments to check: those asked for, or all that hold floats."""
        if argnums is None:
            return [k for k, arg in enumerate(self.args) if any(is_float(v) for v in leaves(arg))]
        wanted = argnums if isinstance(argnums, tuple | list) else (argnums,)
        return [self.names.index(w) if isinstance(w, str) else range(len(self.args))[int(w)] for w in wanted]

    def run(self, argnums: Any) -> None:
        if not self.positions(argnums):
            raise RequestError("no argument holds floats, so that there is nothing to check", hint="pass 2.0 and not 2")
        for k in self.positions(argnums):
            for direction in range(self.directions):
                try:
                    self.one(k, direction, random_like(self.args[k], self.rng))
                except AssertionError as error:  # noqa: PERF203
                    raise AssertionError(f"{error}{self.first_wrong(k)}") from None

    def one(self, k: int, direction: int, x_dot: Any) -> None:
        measured, doubt = slope(self.along(k, x_dot))
        claims: dict[str, float] = {}
        if "fwd" in self.modes:
            self.draws.rewind()
            tangents = [x_dot if j == k else None for j in range(len(self.args))]
            claims["forward mode"] = inner(self.value_bar, jvp(self.f, self.args, tangents, rules=self.rules)[1])
        if self.pulled is not None:
            claims["reverse mode"] = inner(self.pulled[k], x_dot)
        name = self.names[k] if k < len(self.names) else str(k)
        where = f"argument {name!r}, direction {direction}"
        room = self.atol * max(1.0, abs(measured)) + (min(doubt, 1e-3 * abs(measured)) if doubt < math.inf else 0.0)
        for mode, found in claims.items():
            if not np.isclose(found, measured, rtol=self.rtol, atol=room):
                off = f"off by {abs(found - measured):.3g}"
                raise AssertionError(
                    f"{where}: the derivative is {found!r} by {mode}, central differences give {measured!r} ({off})"
                    f"{kink(self.along(k, x_dot))}"
                )
        if len(claims) == 2:
            one, two = claims.values()
            rounding = 100 * self.epsilon()
            if not np.isclose(one, two, rtol=max(1e-2 * self.rtol, rounding), atol=max(1e-2 * room, rounding)):
                raise AssertionError(f"{where}: <y_bar, J x_dot> is {one!r}, and <J^T y_bar, x_dot> is {two!r}")

    def epsilon(self) -> float:
        """How far apart numbers of the narrowest dtype are that is computed with, if that is not double precision."""
        dtypes = [np.asarray(v).dtype for v in (*leaves(self.args), *leaves(self.value)) if is_float(v)]
        return max((float(np.finfo(d).eps) for d in dtypes if d not in (np.float64, np.complex128)), default=0.0)

    def along_like(self, k: int) -> Any:
        """A random direction for an argument."""
        return random_like(self.args[k], self.rng)

    def along(self, k: int, x_dot: Any) -> Callable[[float], float]:
        def s(t: float) -> float:
            moved = list(isolate(self.args))  # f may write its arguments
            moved[k] = moved_by(moved[k], t, x_dot)
            self.draws.rewind()
            return inner(self.value_bar, self.f(*moved))

        return s

    # -- where --

    def first_wrong(self, k: int) -> str:
        """The first statement after which something that it binds has a wrong derivative, with its file and line."""

        def is_wrong(cut: Function) -> bool | None:
            try:
                check = Check(cut, self.args, self.modes, 1, self.rtol, self.atol, self.seed, self.rules)
                check.one(k, 0, random_like(self.args[k], check.rng))
            except AssertionError:
                return True
            except Exception:  # noqa: BLE001 - what cannot be asked says nothing
                return None
            return False

        found = first_statement(self.f, is_wrong)
        return "" if found is None else f"; first wrong at {found.file}:{found.line}: {found.text}"


def names_of(f: Any) -> tuple[str, ...]:
    """The names of the arguments, as far as a callable tells them."""
    if isinstance(f, DerivativeFunction):
        return f.names
    try:
        return tuple(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        return ()


# -- numbers, and structures of them -----------------------------------------------------------------


def slope(s: Callable[[float], float]) -> tuple[float, float]:
    """The derivative of ``s`` at 0 by central differences, extrapolated; and how far two estimates are apart."""
    best, doubt = math.nan, math.inf
    for step in STEPS:
        try:
            outer = (s(step) - s(-step)) / (2 * step)
            closer = (s(step / 2) - s(-step / 2)) / step
        except (ArithmeticError, ValueError, IndexError, AssertionError):
            continue  # outside the domain at this distance
        if math.isfinite(outer) and math.isfinite(closer) and abs(outer - closer) < doubt:
            best, doubt = (4 * closer - outer) / 3, abs(outer - closer)
        if doubt <= 1e-9 * abs(best):
            break
    return best, doubt


def kink(s: Callable[[float], float], step: float = 1e-6) -> str:
    """What to say of slopes that differ to the left and to the right."""
    try:
        left, right = (s(0.0) - s(-step)) / step, (s(step) - s(0.0)) / step
    except (ArithmeticError, ValueError, IndexError, AssertionError):
        return ""
    if not abs(left - right) > 1e-3 * max(abs(left), abs(right)):
        return ""
    return f"; there is a kink: the slope is {left:.6g} to the left and {right:.6g} to the right"


def leaves(value: Any) -> Iterator[Any]:
    """The numbers and arrays of a structure, in order."""
    found = parts(value)
    if found is None:
        yield value
        return
    for item in found[1]:
        yield from leaves(item)


def parts(value: Any) -> tuple[Callable[[list[Any]], Any], list[Any]] | None:
    """How a container is made of its items, and these; None for a number or an array."""
    if isinstance(value, dict):
        return (lambda items: dict(zip(value, items, strict=True))), list(value.values())
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return (lambda items: type(value)(*items)), list(value)
    if isinstance(value, tuple | list):
        return type(value), list(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [f.name for f in dataclasses.fields(value)]
        return (lambda items: like_object(value, **dict(zip(names, items, strict=True)))), [
            getattr(value, n) for n in names
        ]
    return None


def is_float(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return bool(value.dtype.kind in "fc")
    return isinstance(value, float | complex | np.inexact)


def one_number(value: Any) -> bool:
    return is_float(value) and bool(np.size(value) == 1) and not np.iscomplexobj(value)


def random_like(value: Any, rng: np.random.Generator) -> Any:
    found = parts(value)
    if found is not None:
        make, items = found
        return make([random_like(v, rng) for v in items])
    if not is_float(value):
        return None
    drawn: Any = rng.normal(size=np.shape(value))
    if np.iscomplexobj(value):
        drawn = drawn + 1j * rng.normal(size=np.shape(value))
    if isinstance(value, np.ndarray):
        return drawn
    return complex(drawn) if np.iscomplexobj(value) else float(drawn)


def inner(bar: Any, value: Any) -> float:
    """<bar, value> over all numbers of two structures; of complex ones the real part (see decision 33)."""
    found = parts(bar)
    if found is not None:
        others = parts(value)
        assert others is not None or value is None
        return 0.0 if others is None else sum(inner(b, v) for b, v in zip(found[1], others[1], strict=True))
    return 0.0 if bar is None or value is None else float(np.sum(np.real(np.asarray(bar) * np.asarray(value))))


def moved_by(value: Any, t: float, by: Any) -> Any:
    found, along = parts(value), parts(by)
    if found is not None and along is not None:
        make, items = found
        return make([moved_by(v, t, b) for v, b in zip(items, along[1], strict=True)])
    if by is None:
        return value
    if isinstance(value, np.ndarray):
        single = value.dtype in (np.float32, np.complex64)
        return value + t * by if single else (value + t * by).astype(value.dtype)
    return type(value)(value + t * by)
