"""``check_grads``: derivatives against differences, and both modes against each other."""

from __future__ import annotations

import ast
import inspect
import itertools
import linecache
import math
import textwrap
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.gradients import grad
from tangent_like.api.products import jvp, vjp
from tangent_like.errors import RequestError
from tangent_like.runtime import isolate

STEPS = (1e-3, 1e-4, 1e-2, 1e-5, 1e-6)


def check_grads(
    f: Function,
    args: tuple[Any, ...],
    argnums: Any = None,
    *,
    modes: tuple[str, ...] = ("fwd", "rev"),
    order: int = 1,
    directions: int = 3,
    rtol: float = 1e-5,
    atol: float = 1e-7,
    seed: int = 0,
) -> None:
    """Hold the derivatives of ``f`` at ``args`` against central differences along random directions.

    Of each argument on its own, in each of the ``modes`` ("fwd", "rev"): <y_bar, J x_dot> for random
    ``y_bar`` and ``x_dot`` by ``jvp``, by ``vjp``, and by differences, extrapolated over several steps. With
    ``order=2`` the gradient is held against differences in its turn (for a function that returns one number).

    Raises ``AssertionError`` with the argument, the direction, both numbers, and where it can be told
    the first statement whose derivative is wrong.
    """
    unknown = set(modes) - {"fwd", "rev"}
    if unknown or not modes:
        raise RequestError(f'modes are "fwd" and "rev", not {", ".join(map(repr, sorted(unknown))) or "none"}')
    if order < 1:
        raise RequestError(f"the order is 1 or more, not {order}")
    check = _Check(f, tuple(args), tuple(modes), directions, rtol, atol, seed)
    check.run(argnums)
    if order > 1:
        if not _one_number(check.value):
            what = "an order above 1 is for a function that returns one number"
            raise RequestError(what, hint="check a sum of its results")
        moving = tuple(check.positions(argnums))
        inner = grad(f, moving if len(moving) > 1 else moving[0])
        options: dict[str, Any] = {"directions": directions, "rtol": rtol, "atol": atol, "seed": seed}
        try:
            check_grads(inner, args, moving, modes=modes, order=order - 1, **options)
        except AssertionError as error:
            raise AssertionError(f"of the gradient: {error}") from None


@dataclass(eq=False)
class _Check:
    f: Function
    args: tuple[Any, ...]
    modes: tuple[str, ...]
    directions: int
    rtol: float
    atol: float
    seed: int

    def __post_init__(self) -> None:
        found = self.f.signature if isinstance(self.f, DerivativeFunction) else inspect.signature(self.f)
        self.names = tuple(found.parameters)
        self.rng = np.random.default_rng(self.seed)
        self.value = self.f(*isolate(self.args))
        self.value_bar = _random_like(self.value, self.rng)
        self.pulled: tuple[Any, ...] | None = None
        if "rev" in self.modes:
            self.pulled = vjp(self.f, *self.args)[1](self.value_bar)

    def positions(self, argnums: Any) -> list[int]:
        """The arguments to check: those asked for, or all that hold floats."""
        if argnums is None:
            return [k for k, arg in enumerate(self.args) if any(_is_float(v) for v in _leaves(arg))]
        wanted = argnums if isinstance(argnums, tuple | list) else (argnums,)
        return [self.names.index(w) if isinstance(w, str) else range(len(self.args))[int(w)] for w in wanted]

    def run(self, argnums: Any) -> None:
        for k in self.positions(argnums):
            for direction in range(self.directions):
                try:
                    self.one(k, direction, _random_like(self.args[k], self.rng))
                except AssertionError as error:  # noqa: PERF203
                    raise AssertionError(f"{error}{self.first_wrong(k)}") from None

    def one(self, k: int, direction: int, x_dot: Any) -> None:
        measured, doubt = slope(self.along(k, x_dot))
        claims: dict[str, float] = {}
        if "fwd" in self.modes:
            tangents = [x_dot if j == k else None for j in range(len(self.args))]
            claims["forward mode"] = _inner(self.value_bar, jvp(self.f, self.args, tangents)[1])
        if self.pulled is not None:
            claims["reverse mode"] = _inner(self.pulled[k], x_dot)
        name = self.names[k] if k < len(self.names) else str(k)
        where = f"argument {name!r}, direction {direction}"
        room = self.atol * max(1.0, abs(measured)) + (min(doubt, 1e-3 * abs(measured)) if doubt < math.inf else 0.0)
        for mode, found in claims.items():
            if not np.isclose(found, measured, rtol=self.rtol, atol=room):
                off = f"off by {abs(found - measured):.3g}"
                raise AssertionError(
                    f"{where}: the derivative is {found!r} by {mode}, central differences give {measured!r} ({off})"
                )
        if len(claims) == 2:
            one, two = claims.values()
            if not np.isclose(one, two, rtol=1e-2 * self.rtol, atol=1e-2 * room):
                raise AssertionError(f"{where}: <y_bar, J x_dot> is {one!r}, and <J^T y_bar, x_dot> is {two!r}")

    def along(self, k: int, x_dot: Any) -> Callable[[float], float]:
        def s(t: float) -> float:
            moved = list(isolate(self.args))  # f may write its arguments
            moved[k] = _moved(moved[k], t, x_dot)
            return _inner(self.value_bar, self.f(*moved))

        return s

    # -- where --

    def first_wrong(self, k: int) -> str:
        """The first statement at the top of the function after which something has a wrong derivative."""
        for line, text, cut in prefixes(self.f):
            try:
                check = _Check(cut, self.args, self.modes, 1, self.rtol, self.atol, self.seed)
                check.one(k, 0, _random_like(self.args[k], check.rng))
            except AssertionError:  # noqa: PERF203
                return f"; first wrong at line {line}: {text}"
            except Exception:  # noqa: BLE001 - what cannot be asked says nothing
                continue
        return ""


def prefixes(f: Function) -> Iterator[tuple[int, str, Function]]:
    """The function cut after each statement at its top, returning what that statement binds."""
    if not isinstance(f, types.FunctionType):
        return
    try:
        lines, first = inspect.getsourcelines(f)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, SyntaxError):
        return
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef):
        return
    cells = zip(f.__code__.co_freevars, f.__closure__ or (), strict=True)
    namespace = {**f.__globals__, **{n: c.cell_contents for n, c in cells}}
    for k, stmt in enumerate(node.body):
        if any(isinstance(inner, ast.Return) for inner in ast.walk(stmt)):
            return
        for name in dict.fromkeys(_bound(stmt)):
            body = [*node.body[: k + 1], ast.Return(ast.Name(name, ast.Load()))]
            cut = ast.FunctionDef(node.name, node.args, body, [])
            cut.type_params = []  # type: ignore[attr-defined]
            text = ast.unparse(ast.fix_missing_locations(ast.Module([cut], [])))
            yield first + stmt.lineno - 1, ast.unparse(stmt).partition("\n")[0], _function(text, node.name, namespace)


_NUMBERS = itertools.count()


def _function(text: str, name: str, namespace: dict[str, Any]) -> Function:
    file = f"<tangent_like cut {next(_NUMBERS)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    own = dict(namespace)
    exec(compile(text, file, "exec"), own)  # noqa: S102 - the user's own function, cut short
    found: Function = own[name]
    return found


def _bound(stmt: ast.stmt) -> Iterator[str]:
    for node in ast.walk(stmt):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            yield node.value.id


# -- numbers, and structures of them -----------------------------------------------------------------


def slope(s: Callable[[float], float]) -> tuple[float, float]:
    """The derivative of ``s`` at 0 by central differences, extrapolated; and how far two estimates are apart."""
    best, doubt = math.nan, math.inf
    for step in STEPS:
        try:
            outer = (s(step) - s(-step)) / (2 * step)
            inner = (s(step / 2) - s(-step / 2)) / step
        except (ArithmeticError, ValueError, IndexError, AssertionError):
            continue  # outside the domain at this distance
        if math.isfinite(outer) and math.isfinite(inner) and abs(outer - inner) < doubt:
            best, doubt = (4 * inner - outer) / 3, abs(outer - inner)
        if doubt <= 1e-9 * abs(best):
            break
    return best, doubt


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _is_float(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return bool(value.dtype.kind == "f")
    return isinstance(value, float | np.floating)


def _one_number(value: Any) -> bool:
    return _is_float(value) and bool(np.size(value) == 1)


def _random_like(value: Any, rng: np.random.Generator) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(_random_like(v, rng) for v in value)
    if not _is_float(value):
        return None
    drawn = rng.normal(size=np.shape(value))
    return drawn if isinstance(value, np.ndarray) else float(drawn)


def _inner(bar: Any, value: Any) -> float:
    if isinstance(bar, tuple | list):
        return sum(_inner(b, v) for b, v in zip(bar, value, strict=True))
    return 0.0 if bar is None or value is None else float(np.sum(np.asarray(bar, float) * np.asarray(value, float)))


def _moved(value: Any, t: float, by: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(_moved(v, t, b) for v, b in zip(value, by, strict=True))
    if by is None:
        return value
    if isinstance(value, np.ndarray):
        return value + t * by if value.dtype == np.float32 else (value + t * by).astype(value.dtype)
    return type(value)(value + t * by)


