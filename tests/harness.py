"""Is the derivative of this program right, refused, or wrong? Asked through the public interface alone.

Nothing here knows how derivatives are made: what is compared is numbers, bytes, dtypes and memory. The measure
is the central difference, extrapolated, at several steps; a point where the difference itself has not converged
says nothing and is passed over, but a case where every point is passed over is a failure of the case.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import io
import math
import signal
import traceback
import types
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from case import Case

from tangent_like import DifferentiationError, RequestError

RTOL = 2e-6
NOISE = 1e-9
STEPS = (1e-3, 1e-4, 1e-5, 1e-2, 1e-6)
FINER = (1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14)
DIRECTIONS = 2
FLOAT32_RTOL = 3e-4


class Wrong(Exception):
    """The derivative broke a promise; the message says which, with both numbers."""


class Fault(Exception):
    """The case itself is no good: its primal fails, or no difference quotient converges."""


class TooLong(BaseException):
    """Not an Exception: no `except Exception` of anybody's may swallow it."""


@dataclass
class Verdict:
    kind: str  # "right", "refused", "wrong", "crashed", "fault"
    message: str = ""
    source: str = ""
    error: BaseException | None = None
    notes: list[str] = field(default_factory=list)

    def fits(self, expect: str) -> bool:
        return self.kind == expect or (expect == "either" and self.kind in ("right", "refused"))


# -- structures: tuples, lists, dicts, named tuples, dataclasses and objects of numbers ---------------------

Path = tuple[Any, ...]


def is_float(leaf: Any) -> bool:
    if isinstance(leaf, np.ndarray):
        return leaf.dtype.kind in "fc"
    return isinstance(leaf, (float, np.floating)) or is_complex(leaf)


def is_complex(leaf: Any) -> bool:
    return isinstance(leaf, (complex, np.complexfloating)) or getattr(leaf, "dtype", np.dtype(float)).kind == "c"


def children(value: Any) -> list[tuple[Any, Any]] | None:
    """The parts of a container by key, or None for a leaf."""
    if isinstance(value, (tuple, list)):
        return list(enumerate(value))
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, (type, types.FunctionType, types.ModuleType, types.BuiltinFunctionType)):
        return None
    if dataclasses.is_dataclass(value):
        return [(f.name, getattr(value, f.name)) for f in dataclasses.fields(value)]
    if type(value).__module__ in ("functools", "builtins", "numpy"):
        return None
    slots = [name for cls in type(value).__mro__ for name in vars(cls).get("__slots__", ())]
    if (hasattr(value, "__dict__") or slots) and not isinstance(value, np.ndarray | np.generic):
        return [*getattr(value, "__dict__", {}).items(), *((n, getattr(value, n)) for n in slots if hasattr(value, n))]
    return None


def is_structured(args: Sequence[Any]) -> bool:
    """Is one of them more than a number or an array?"""
    return any(children(arg) for arg in args)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    parts = children(value)
    if parts is None:
        yield path, value
        return
    for key, part in parts:
        yield from leaves(part, (*path, key))


def float_leaves(value: Any) -> list[tuple[Path, Any]]:
    return [(path, leaf) for path, leaf in leaves(value) if is_float(leaf)]


def replaced(value: Any, change: Callable[[Path, Any], Any], path: Path = ()) -> Any:
    """The same structure with every leaf changed. Lists, dicts and objects are filled in place: who else holds them sees it."""
    parts = children(value)
    if parts is None:
        return change(path, value)
    new = {key: replaced(part, change, (*path, key)) for key, part in parts}
    if isinstance(value, list):
        value[:] = new.values()
        return value
    if isinstance(value, dict):
        value.update(new)
        return value
    if isinstance(value, tuple):
        return type(value)(*new.values()) if hasattr(value, "_fields") else tuple(new.values())
    for key, part in new.items():
        object.__setattr__(value, key, part)
    return value


def at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key] if isinstance(value, (tuple, list, dict)) else getattr(value, key)
    return value


def image(value: Any) -> Any:
    """What can be compared to the bit: structure, dtypes, shapes, bytes."""
    result = []
    for path, leaf in leaves(value):
        if isinstance(leaf, np.ndarray):
            result.append((path, leaf.dtype.str, leaf.shape, leaf.tobytes()))
        elif isinstance(leaf, (bool, int, float, complex, np.generic)):
            number = np.asarray(leaf)
            result.append((path, number.dtype.str, (), number.tobytes()))
        else:
            result.append(
                (path, "", (), repr(leaf) if isinstance(leaf, (str, bytes, type(None))) else None)
            )
    return result


def vector(value: Any) -> np.ndarray:
    """All the real numbers in it: of a complex one its parts."""
    parts = [numbers(leaf) for _, leaf in float_leaves(value)]
    return np.concatenate(parts) if parts else np.zeros(0)


def covector(value: Any) -> np.ndarray:
    """As adjoints weigh a ``vector``: that of z = x + i y is dL/dx - i dL/dy."""
    parts = [numbers(np.conj(leaf)) for _, leaf in float_leaves(value)]
    return np.concatenate(parts) if parts else np.zeros(0)


def numbers(leaf: Any) -> np.ndarray:
    if is_complex(leaf):
        flat = np.asarray(leaf, dtype=complex).ravel()
        return np.concatenate([flat.real, flat.imag])
    return np.asarray(leaf, dtype=float).ravel()


def one_number(value: Any) -> bool:
    """What `grad` takes for a result."""
    if isinstance(value, bool) or children(value) is not None:
        return False
    return is_float(value) and not is_complex(value) and np.size(value) == 1


# -- the measure -------------------------------------------------------------------------------------------


def slope(s: Callable[[float], float]) -> tuple[float, float]:
    """The derivative of s at 0, and how far two estimates of it are apart (inf where none can be had)."""
    best, doubt = math.nan, math.inf
    for step in STEPS:
        try:
            outer = (s(step) - s(-step)) / (2 * step)
            inner = (s(step / 2) - s(-step / 2)) / step
        except (ArithmeticError, ValueError, IndexError, AssertionError):
            continue  # outside the domain at this distance
        if not (math.isfinite(outer) and math.isfinite(inner)):
            continue
        apart = abs(outer - inner)
        if apart < doubt:
            best, doubt = (4 * inner - outer) / 3, apart
        if doubt <= RTOL / 20 * abs(best):
            break
    return best, doubt


def settled(s: Callable[[float], float], measured: float, claimed: float) -> bool:
    """Does the quotient stay by what was measured as the step shrinks, or does it go over to what is claimed?

    What oscillates faster than the steps looks smooth to them: only smaller ones can tell. A kink says no more than
    that a slope is between those of its two sides, and chaos nothing.
    """
    found: list[float] = []
    for step in FINER:
        try:
            right, here, left = s(step), s(0.0), s(-step)
        except (ArithmeticError, ValueError, IndexError, AssertionError):
            continue
        one, other = sorted(((right - here) / step, (here - left) / step))
        found.append((right - left) / (2 * step))
        if abs(found[-1] - claimed) < 0.1 * abs(measured - claimed):
            return False
        if step == FINER[0] and other - one > abs(measured - claimed) and one <= claimed <= other:
            return False
    few = found[:3]  # steps that rounding leaves alone: what is chaos has another slope at each
    return not few or max(few) - min(few) <= max(map(abs, few)) / 2 or max(map(abs, few)) > abs(claimed)


def promoted(value: Any) -> Any:
    """float32 has too few digits for differences; they are taken in float64."""

    def change(_: Path, leaf: Any) -> Any:
        return (
            leaf.astype(complex if is_complex(leaf) else float)
            if is_float(leaf) and not isinstance(leaf, float) and leaf.dtype != float
            and not isinstance(leaf, complex)
            else leaf
        )

    return replaced(value, change)


class Point:
    """A case at one seed: arguments made afresh as often as asked, and the measure along directions."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.seed = seed
        self.rng = np.random.default_rng([seed, 77])
        args = case.make(seed)
        before = image(args)
        self.single = any(getattr(leaf, "dtype", None) in (np.float32, np.complex64) for _, leaf in leaves(args))
        try:
            value, self.printed = quietly(lambda: case.f(*args))
        except Exception as error:
            raise Fault(
                f"seed {seed}: the primal raised {type(error).__name__}: {error}"
            ) from error
        self.value = copy.deepcopy(value)
        self.writes = image(args) != before
        self.groups, self.outside = self.shared()

    def args(self) -> tuple[Any, ...]:
        return self.case.make(self.seed)

    def shared(self) -> tuple[list[tuple[int, ...]], set[int]]:
        """The arguments asked for, those that are one array in one group; and which share memory with others outside it."""
        args = self.args()
        groups: list[list[int]] = []
        for k in self.case.wrt:
            for group in groups:
                if same_memory(args[k], args[group[0]]):
                    group.append(k)
                    break
            else:
                groups.append([k])
        arrays = [[leaf for _, leaf in leaves(arg) if isinstance(leaf, np.ndarray)] for arg in args]
        outside = {
            k
            for group in groups
            for k in group
            for j, theirs in enumerate(arrays)
            if j not in group and any(np.shares_memory(a, b) for a in arrays[k] for b in theirs)
        }
        return [tuple(group) for group in groups], outside

    def along(
        self, directions: dict[int, dict[Path, Any]], together: bool
    ) -> Callable[[float], Any]:
        """The primal as a function of one number. `together`: an array held twice moves once, for all who hold it."""

        def moved(t: float) -> Any:
            args = list(promoted(list(self.args())) if self.single else self.args())
            done: set[int] = set()
            for k, paths in directions.items():

                def change(path: Path, leaf: Any, paths: dict[Path, Any] = paths) -> Any:
                    if path not in paths:
                        return leaf
                    if isinstance(leaf, np.ndarray):
                        if not together or not leaf.flags.writeable:
                            leaf = leaf.copy()
                        if id(leaf) not in done:
                            done.add(id(leaf))
                            leaf += t * paths[path]
                        return leaf
                    return type(leaf)(leaf + t * paths[path])

                args[k] = replaced(args[k], change)
            with contextlib.redirect_stdout(io.StringIO()):
                return self.case.f(*args)

        return moved

    def direction(self, k: int) -> dict[Path, Any]:
        return {path: random_like(leaf, self.rng) for path, leaf in float_leaves(self.args()[k])}

    def where(self, k: int) -> str:
        return f"seed {self.seed}, argument {k} ({parameters(self.case.f)[k]})"


def random_like(leaf: Any, rng: np.random.Generator) -> Any:
    """Random numbers in the shape of a leaf, complex where it is."""
    found = rng.normal(size=np.shape(leaf)) if np.ndim(leaf) else float(rng.normal())
    if not is_complex(leaf):
        return found
    return found + 1j * (rng.normal(size=np.shape(leaf)) if np.ndim(leaf) else float(rng.normal()))


def same_memory(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a is b or (
            a.size > 0
            and (a.ctypes.data, a.shape, a.strides) == (b.ctypes.data, b.shape, b.strides)
        )
    return a is b and any(isinstance(leaf, np.ndarray) for _, leaf in leaves(a))


def parameters(f: Callable[..., Any]) -> list[str]:
    code = getattr(f, "__code__", None)
    if code is None:
        return [f"argument{k}" for k in range(20)]
    names = list(code.co_varnames[: code.co_argcount])
    return names + [f"*{k}" for k in range(20)]


def pairing(bar: Any, direction: dict[Path, Any]) -> tuple[float, float]:
    """<bar, direction>, and the sum of the sizes of its terms."""
    total = size = 0.0
    for path, move in direction.items():
        terms = np.real(np.asarray(at(bar, path)) * move)
        total += float(np.sum(terms))
        size += float(np.sum(np.abs(terms)))
    return total, size


def quietly(call: Callable[[], Any]) -> tuple[Any, str]:
    """Call it; what it prints is caught. Floating-point warnings are the user's program's own affair, others are errors."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", RuntimeWarning)
        value = call()
    return value, out.getvalue()


# -- the promises ------------------------------------------------------------------------------------------


def check_form(bar: Any, arg: Any, where: str) -> None:
    """A gradient has the structure, shapes and dtypes of what it is the gradient of, and can be written into."""
    for path, leaf in float_leaves(arg):
        spot = where + "".join(f"[{key!r}]" for key in path)
        try:
            part = at(bar, path)
        except (LookupError, AttributeError, TypeError) as error:
            raise Wrong(
                f"{spot}: no gradient there: {type(error).__name__}: {error}, in {bar!r}"
            ) from error
        if part is None or isinstance(part, (bool, int)) or not is_float(part):
            raise Wrong(
                f"{spot}: gradient {part!r} of type {type(part).__name__} for {type(leaf).__name__}"
            )
        if np.shape(part) != np.shape(leaf):
            raise Wrong(
                f"{spot}: gradient of shape {np.shape(part)} for an argument of shape {np.shape(leaf)}"
            )
        if np.asarray(part).dtype != np.asarray(leaf).dtype:
            raise Wrong(
                f"{spot}: gradient of dtype {np.asarray(part).dtype} for {np.asarray(leaf).dtype}"
            )
        if np.ndim(leaf) and type(part) is not np.ndarray:
            raise Wrong(f"{spot}: gradient is a {type(part).__name__}, not an array")
        if not isinstance(leaf, np.ndarray) and isinstance(part, np.ndarray):
            raise Wrong(f"{spot}: gradient is an array of rank 0 for a {type(leaf).__name__}")
        if isinstance(part, np.ndarray) and not part.flags.writeable:
            raise Wrong(f"{spot}: the gradient is read-only")


def check_apart(bars: Sequence[Any], others: dict[str, Any], value: Any = None) -> None:
    """No gradient shares memory with an argument, the value, the seed, or another gradient.

    Tangents of a result may be one array where the value's are: a list that holds an array twice.
    """
    arrays = [
        (f"gradient {k}{list(path)}", path, leaf)
        for k, bar in enumerate(bars)
        for path, leaf in leaves(bar)
        if isinstance(leaf, np.ndarray)
    ]
    for i, (name, place, a) in enumerate(arrays):
        for other_name, other_place, b in arrays[:i]:
            if np.shares_memory(a, b) and not (
                value is not None and np.shares_memory(at(value, place), at(value, other_place))
            ):
                raise Wrong(f"{name} shares memory with {other_name}")
        for other_name, holder in others.items():
            for path, leaf in leaves(holder):
                if isinstance(leaf, np.ndarray) and np.shares_memory(a, leaf):
                    raise Wrong(f"{name} shares memory with {other_name}{list(path)}")


def check_close(
    s: Callable[[float], float],
    measured: float,
    doubt: float,
    claimed: float,
    size: float,
    scale: float,
    rtol: float,
    where: str,
) -> bool:
    """False if the difference quotient says nothing here; an error if it says that the gradient is wrong."""
    if not math.isfinite(measured):
        return False
    allowed = rtol * max(abs(measured), min(size, 1e6 * (abs(measured) + scale))) + NOISE * max(
        1.0, scale
    )
    if doubt > allowed:
        return False
    if not math.isfinite(claimed) or abs(measured - claimed) > 3 * allowed:
        if math.isfinite(claimed) and not settled(s, measured, claimed):
            return False
        raise Wrong(
            f"{where}: {claimed!r} claimed, {measured!r} by central differences (in doubt by {doubt:.1e})"
        )
    return True


def check_slopes(point: Point, bars: Sequence[Any], seed_bar: Any, where: str) -> set[int]:
    """<seed_bar, J x_dot> by differences against <bar, x_dot>; the arguments for which a comparison was possible."""
    case = point.case
    rtol = FLOAT32_RTOL if point.single else RTOL
    weights = covector(seed_bar)
    by_argument = dict(zip(case.wrt, bars, strict=True))
    asked: list[tuple[tuple[int, ...], bool]] = []
    for group in point.groups:
        if not point.outside.intersection(group):
            asked.append((group, True))
        if (len(group) > 1 or point.outside.intersection(group)) and not point.writes:
            # What nobody writes may as well be two arrays: each has a partial derivative of its own.
            asked.extend(((k,), False) for k in group)
    seen: set[int] = set()
    for group, together in asked:
        for _ in range(DIRECTIONS):
            first = point.direction(group[0])
            if not any(np.size(move) for move in first.values()):
                seen.update(group)  # nothing to move: there is only the form to check
                continue
            directions = dict.fromkeys(group, first)
            moved = point.along(directions, together)
            scale = 0.0

            def s(t: float, moved: Callable[[float], Any] = moved) -> float:
                nonlocal scale
                with np.errstate(all="ignore"):
                    result = vector(moved(t))
                if result.shape != weights.shape:
                    raise ValueError("the result changed its shape")
                total = float(result @ weights)
                scale = (
                    max(scale, float(np.abs(result) @ np.abs(weights)))
                    if math.isfinite(total)
                    else scale
                )
                return total

            measured, doubt = slope(s)
            claimed = size = 0.0
            for k in group:
                part, part_size = pairing(by_argument[k], first)
                claimed, size = claimed + part, size + part_size
            spot = where + ", " + " with ".join(point.where(k) for k in group)
            if check_close(s, measured, doubt, claimed, size, scale, rtol, spot):
                seen.update(group)
    return seen


def check_stated(point: Point, bars: Sequence[Any]) -> None:
    """Against the gradients that the case states, where it does."""
    if point.case.exact is None:
        return
    stated = point.case.exact(*point.args())
    for k, bar, truth in zip(point.case.wrt, bars, stated, strict=True):
        for (path, claimed), (_, true) in zip(float_leaves(bar), leaves(truth), strict=True):
            if not np.allclose(claimed, true, rtol=1e-9, atol=1e-12):
                raise Wrong(
                    f"{point.where(k)}{list(path)}: {brief(claimed)} claimed, {brief(true)} stated"
                )


def check_same(one: Any, two: Any, what: str, rtol: float | None = None) -> None:
    """To the bit; or with `rtol`, the numbers only, and that near."""
    if rtol is None:
        if image(one) == image(two):
            return
    else:
        a, b = vector(one), vector(two)
        room = rtol * float(np.max(np.abs(b[np.isfinite(b)]), initial=0))
        if a.shape == b.shape and np.allclose(a, b, rtol=rtol, atol=room, equal_nan=True):
            return
    raise Wrong(f"{what}: {brief(one)} against {brief(two)}")


def adding(point: Point) -> float:
    """Of tidied text equal terms are together, and turns add from the first; no pass changes a number by a bit."""
    return 1e-6 if point.single else 1e-13


def near(point: Point) -> float | None:
    """None: to the bit. A copy has no gaps in its memory: BLAS may add up an array with gaps in another order.

    Where that shows more than rounding does, in loops that magnify it, so much more is let pass.
    """
    arrays = [leaf for arg in point.args() for _, leaf in leaves(arg) if isinstance(leaf, np.ndarray)]
    if not any(np.copy(a).strides != a.strides for a in arrays if a.size):
        return None
    filled = replaced(point.args(), lambda _, leaf: np.copy(leaf) if isinstance(leaf, np.ndarray) else leaf)
    one, two = vector(point.value), vector(quietly(lambda: point.case.f(*filled))[0])
    if one.shape != two.shape or not np.all(np.isfinite(one)):
        return 1e-12
    apart = float(np.max(np.abs(one - two), initial=0)) / max(float(np.max(np.abs(one), initial=0)), 1e-300)
    return min(max(1e-12, 10 * apart), 1e-6)


def brief(value: Any) -> str:
    text = repr(value).replace("\n", "")
    return text if len(text) < 300 else text[:300] + "..."


def clone(f: Any) -> Any:
    """A second function of the same text, which no cache has seen."""
    if not isinstance(f, types.FunctionType):
        return f
    twin = types.FunctionType(f.__code__, f.__globals__, f.__name__, f.__defaults__, f.__closure__)
    twin.__kwdefaults__ = f.__kwdefaults__
    twin.__annotations__ = f.__annotations__
    twin.__qualname__ = f.__qualname__
    twin.__module__ = f.__module__
    twin.__doc__ = f.__doc__
    twin.__dict__.update(f.__dict__)
    return twin


def seed_for(value: Any, rng: np.random.Generator) -> Any:
    """A random adjoint of the value, in its structure; a new object throughout."""

    def change(_: Path, leaf: Any) -> Any:
        if not is_float(leaf):
            return None
        found = random_like(leaf, rng)
        if isinstance(leaf, np.ndarray):
            return np.asarray(found, dtype=leaf.dtype)
        return leaf.dtype.type(found) if isinstance(leaf, np.generic) else found

    return replaced(copy.deepcopy(value), change)


def spoil(value: Any) -> None:
    """What a caller may do to arrays that are its own."""
    for _, leaf in leaves(value):
        if isinstance(leaf, np.ndarray) and leaf.flags.writeable and leaf.dtype.kind in "fiuc":
            leaf[...] = 113
    stack = [value]
    while stack:
        item = stack.pop()
        stack.extend(part for _, part in children(item) or [])
        if isinstance(item, list):
            item.clear()


class Examination:
    """All that is asked of one case."""

    def __init__(self, case: Case, tl: Any, seeds: Sequence[int], light: bool = False, every: bool = True) -> None:
        self.case = case
        self.light = light
        self.every = every
        self.tl = tl
        self.seeds = seeds
        self.argnums: Any = case.wrt if len(case.wrt) > 1 else case.wrt[0]
        self.covered: set[int] = set()
        self.source = ""

    def bars(self, result: Any) -> tuple[Any, ...]:
        if len(self.case.wrt) == 1:
            return (result,)
        if not isinstance(result, tuple) or len(result) != len(self.case.wrt):
            raise Wrong(f"{len(self.case.wrt)} gradients asked for, not {brief(result)}")
        return result

    def is_turn(self, of: int, rest: int = 0) -> bool:
        """What takes a compilation more is asked of one case in so many, of each always the same; all of it if `every`."""
        return self.every or zlib.crc32(self.case.id.encode()) // 5 % of == rest

    def rounding(self, point: Point) -> float:
        """Texts that differ may add in another order."""
        return 1e-4 if point.single else 1e-10

    def run(self) -> None:
        case, tl = self.case, self.tl
        if case.raises or case.diverges:
            return self.run_raising()
        points = [Point(case, seed) for seed in self.seeds]
        scalar = one_number(points[0].value) and not self.light
        kept = tl.grad(case.f, self.argnums) if scalar else None
        both = tl.value_and_grad(case.f, self.argnums) if scalar and self.is_turn(3) else None
        for position, point in enumerate(points):
            if scalar:
                bars = self.check_grad(point, kept, both)
                check_stated(point, bars)
                if case.exact is None:
                    self.covered |= check_slopes(point, bars, 1.0, "grad")
            if (position == 0 and self.is_turn(3, 1)) or not scalar:  # the value of each in forward mode, too
                self.check_pullback(point, bars if scalar else None)
            if hasattr(tl, "jvp"):
                check_forward(case, tl, point, bars if scalar else None, position == 0 and not self.light, untidy=self.is_turn(8))
        if scalar:
            self.check_text(points[0], kept)
        elif not self.light:
            check_untidy_pullback(case, tl, points[0])
        if case.exact is None and not self.covered.issuperset(case.wrt):
            missing = sorted(set(case.wrt) - self.covered)
            raise Fault(f"no difference quotient converged for arguments {missing}")

    def check_grad(self, point: Point, kept: Any, both: Any) -> tuple[Any, ...]:
        where = f"seed {point.seed}"
        args = point.args()
        before = image(args)
        result, printed = quietly(lambda: kept(*args))
        bars = self.bars(result)
        if not self.source and self.is_turn(8):
            self.source = text_for(kept, point)
        if image(args) != before:
            raise Wrong(f"{where}: grad changed its caller's arguments")
        for k, bar in zip(self.case.wrt, bars, strict=True):
            check_form(bar, args[k], "grad, " + point.where(k))
        check_apart(bars, {"argument ": args})
        if printed != point.printed:
            raise Wrong(f"{where}: grad printed {printed!r}, the primal {point.printed!r}")

        if both is None:
            args = point.args()
            spoil(quietly(lambda: kept(*args))[0])
            check_same(self.bars(quietly(lambda: kept(*point.args()))[0]), bars, f"{where}: a further call", 0.0)
            return bars
        args = point.args()
        (value, result), printed = quietly(lambda: both(*args))
        if image(args) != before:
            raise Wrong(f"{where}: value_and_grad changed its caller's arguments")
        check_same(value, point.value, f"{where}: value of value_and_grad against the primal's", near(point))
        check_same(
            self.bars(result), bars, f"{where}: value_and_grad against grad", self.rounding(point)
        )
        check_apart(self.bars(result), {"argument ": args, "the value ": value})
        if printed != point.printed:
            raise Wrong(
                f"{where}: value_and_grad printed {printed!r}, the primal {point.printed!r}"
            )
        # A caller may write into what it was given; the next call must not see that.
        spoil(result)
        spoil(value)
        args = point.args()
        check_same(
            self.bars(quietly(lambda: both(*args))[0][1]),
            bars,
            f"{where}: a second call",
            self.rounding(point),
        )
        return bars

    def check_pullback(self, point: Point, known: tuple[Any, ...] | None) -> None:
        case, tl = self.case, self.tl
        where = f"vjp, seed {point.seed}"
        args = point.args()
        before = image(args)
        (value, pullback), printed = quietly(lambda: tl.vjp(case.f, *args))
        check_same(value, point.value, f"{where}: value against the primal's", near(point))
        if printed != point.printed:
            raise Wrong(f"{where}: printed {printed!r}, the primal {point.printed!r}")
        seed_bar = seed_for(point.value, point.rng)
        seed_before = image(seed_bar)
        first, _ = quietly(lambda: pullback(seed_bar))
        if image(args) != before:
            raise Wrong(f"{where}: changed its caller's arguments")
        if image(seed_bar) != seed_before:
            raise Wrong(f"{where}: the pullback changed its seed")
        if not isinstance(first, tuple) or len(first) != len(args):
            raise Wrong(f"{where}: the pullback gave {brief(first)} for {len(args)} arguments")
        bars = tuple(first[k] for k in case.wrt)
        for k, bar in zip(case.wrt, bars, strict=True):
            check_form(bar, args[k], f"{where}, " + point.where(k))
        check_apart(
            [bar for bar in first if bar is not None],
            {"argument ": args, "the value ": value, "the seed ": seed_bar},
        )
        if known is None:
            self.covered |= check_slopes(point, bars, seed_bar, "vjp")
        elif case.exact is None:
            # A scalar result: linear in the seed, and grad has been measured already.
            whole = float(vector(seed_bar)[0]) * vector(known)
            scale = 1e-4 if point.single else 1e-8
            size = float(np.max(np.abs(vector(point.value)), initial=1))  # what may have cancelled
            room = scale * float(np.max(np.abs(whole), initial=0)) + 1e-3 * scale * size
            if not np.allclose(vector(bars), whole, rtol=scale, atol=room, equal_nan=True):
                raise Wrong(
                    f"{where}: {brief(vector(bars))} is not the seed times grad, {brief(whole)}"
                )
        held = image(first)
        second, _ = quietly(lambda: pullback(seed_bar))
        check_same(second, first, f"{where}: the pullback called twice")
        check_apart([bar for bar in second if bar is not None], {"the first answer ": first})
        # Arguments, value and answers are the caller's: whatever becomes of them, the pullback answers the same.
        spoil(args)
        spoil(value)
        spoil(first)
        third, _ = quietly(lambda: pullback(seed_bar))
        if image(third) != held:
            raise Wrong(
                f"{where}: the pullback after its arguments were changed: {brief(third)} against {brief(second)}"
            )

    def check_text(self, point: Point, kept: Any) -> None:
        """Of the first point, whose text ``check_grad`` kept: two compilations print one text, Python, that answers alike."""
        case, tl = self.case, self.tl
        one = self.source
        twin = tl.grad(clone(case.f), self.argnums)
        if one and self.is_turn(24) and one != (two := text_for(twin, point)):
            raise Wrong(f"two compilations print two texts:\n{one}\n-- and\n{two}")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                compile(one, "<derivative>", "exec")
            except SyntaxError as error:
                raise Wrong(f"the source is not Python: {error}") from error
        # The first point again, after all the others: nothing may have been kept from them.
        tidied = self.bars(quietly(lambda: kept(*point.args()))[0])
        if self.is_turn(8):
            bare = kept.specialize(*point.args())
            check_same(tidied, self.bars(quietly(lambda: bare(*point.args()))[0]), "specialize", self.rounding(point))
        if not self.is_turn(8):
            return
        plain = self.bars(
            quietly(lambda: tl.grad(case.f, self.argnums, tidy=False)(*point.args()))[0]
        )
        for k, bar in zip(case.wrt, plain, strict=True):
            check_form(bar, point.args()[k], "tidy=False, " + point.where(k))
        check_same(plain, tidied, "tidy=False", adding(point))

    def run_raising(self) -> None:
        case = self.case
        for seed in self.seeds:
            args = case.make(seed)
            words = None
            if case.raises:
                try:
                    quietly(lambda: case.f(*args))
                except case.raises as error:
                    words = str(error)
                else:
                    raise Fault(f"seed {seed}: the primal did not raise {case.raises.__name__}")
            expected = case.raises or case.diverges
            assert expected
            drivers = [self.tl.value_and_grad, self.tl.grad]
            if "may vanish" in case.tags:
                # Arithmetic that only the value needs is not in grad, and what it would have raised neither.
                drivers.pop()
            calls = [lambda d=d: d(case.f, self.argnums)(*case.make(seed)) for d in drivers]
            if hasattr(self.tl, "jvp"):
                dots = [tangent_for(a, np.random.default_rng(seed)) if k in case.wrt else None for k, a in enumerate(args)]
                calls.append(lambda: self.tl.jvp(case.f, case.make(seed), dots))
            for call in calls:
                try:
                    result, _ = quietly(call)
                except expected as error:
                    if isinstance(error, self.tl.DifferentiationError):
                        raise
                    # Which name was not bound is told by the name in the derivative.
                    if (
                        words is not None
                        and str(error) != words
                        and not isinstance(error, NameError)
                    ):
                        raise Wrong(
                            f"seed {seed}: raised {str(error)!r}, the primal {words!r}"
                        ) from error
                else:
                    raise Wrong(
                        f"seed {seed}: {expected.__name__} expected, the derivative gave {brief(result)}"
                    )


def check_forward(
    case: Case,
    tl: Any,
    point: Point,
    bars: Sequence[Any] | None,
    first: bool,
    measured: bool = False,
    loose: bool = False,
    untidy: bool = True,
) -> None:
    """Forward mode: the value to the bit, the tangent by the adjoint identity, the form, and who owns what.

    `measured`: against differences and not by the identity. `loose`: only shapes of the form.
    """
    where = f"jvp, seed {point.seed}"
    args = point.args()
    before = image(args)
    rng = np.random.default_rng([point.seed, 78])
    dots: list[Any] = [None] * len(args)
    for k in case.wrt:
        dots[k] = tangent_for(args[k], rng)
    dots_before = image(dots)
    try:
        (value, tangent), printed = quietly(lambda: tl.jvp(case.f, args, dots))
    except (DifferentiationError, RequestError):
        if is_structured([*args, point.value]):
            return  # refused by name
        raise
    if image(args) != before:
        raise Wrong(f"{where}: changed its caller's arguments")
    if image(dots) != dots_before:
        raise Wrong(f"{where}: changed its caller's tangents")
    check_same(value, point.value, f"{where}: value against the primal's", near(point))
    if printed != point.printed:
        raise Wrong(f"{where}: printed {printed!r}, the primal {point.printed!r}")
    if not loose:
        check_form(tangent, value, f"{where}, result")
        check_apart([tangent], {"the value ": value}, value)
    elif [np.shape(at(tangent, path)) for path, _ in float_leaves(value)] != [np.shape(v) for _, v in float_leaves(value)]:
        raise Wrong(f"{where}: tangents of other shapes than the values: {brief(tangent)} for {brief(value)}")
    check_apart([tangent], {"argument ": args, "tangent ": dots}, value)
    seed_bar = seed_for(point.value, rng)
    if bars is None and not measured:
        pulled = quietly(lambda: tl.vjp(case.f, *point.args())[1](seed_bar))[0]
        bars = tuple(pulled[k] for k in case.wrt)
        factor = 1.0
    else:
        factor = float(vector(seed_bar)[0]) if bars is not None else 1.0
    moving = [at(tangent, path) for path, _ in float_leaves(point.value)]  # a path may give a whole number there
    ours, size = _inner(seed_bar, moving)
    if bars is not None:
        theirs = 0.0
        for k, bar in zip(case.wrt, bars, strict=True):
            part, part_size = _inner(dots[k], bar)
            theirs, size = theirs + factor * part, size + abs(factor) * part_size
        scale = 1e-4 if point.single else 1e-6 if case.exact is not None else 1e-8  # a store that rounds
        room = scale * size + scale * 1e-3 * float(np.max(np.abs(vector(point.value)), initial=1))
        if not np.isclose(ours, theirs, rtol=scale, atol=room, equal_nan=True):
            raise Wrong(f"{where}: <y_bar, J x_dot> = {ours!r}, <J^T y_bar, x_dot> = {theirs!r}")
    if case.exact is None and (first or measured):
        check_tangent(case, point, dots, tangent, where)
    if first and untidy:
        plain, _ = quietly(lambda: tl.jvp(case.f, point.args(), dots, tidy=False))
        # A product that stays transposed is summed in another order.
        check_same(plain[1], tangent, f"{where}, tidy=False", 1e-6 if point.single else 1e-13)


def _inner(a: Any, b: Any) -> tuple[float, float]:
    left, right = covector(a), vector(b)
    return float(left @ right), float(np.abs(left) @ np.abs(right))


def tangent_for(arg: Any, rng: np.random.Generator) -> Any:
    """A random tangent of an argument, in its structure; None for what carries none."""
    return seed_for(arg, rng)


def check_tangent(case: Case, point: Point, dots: list[Any], tangent: Any, where: str) -> None:
    """Against differences, all arguments moved at once; where they share memory a difference says nothing."""
    if point.outside or any(len(group) > 1 for group in point.groups):
        return
    directions = {k: dict(float_leaves(dots[k])) for k in case.wrt}
    moved = point.along(directions, True)
    weights = np.random.default_rng([point.seed, 79]).normal(size=vector(tangent).shape)
    scale = 0.0

    def s(t: float) -> float:
        nonlocal scale
        with np.errstate(all="ignore"):
            result = vector(moved(t))
        if result.shape != weights.shape:
            raise ValueError("the result changed its shape")
        if np.all(np.isfinite(result)):
            scale = max(scale, float(np.abs(result) @ np.abs(weights)))
        return float(result @ weights)

    measured, doubt = slope(s)
    claimed = float(vector(tangent) @ weights)
    size = float(np.abs(vector(tangent)) @ np.abs(weights))
    check_close(s, measured, doubt, claimed, size, scale, FLOAT32_RTOL if point.single else RTOL, where)


def verify_function(case: Case, gradient: Callable[..., Any], seeds: Sequence[int]) -> Verdict:
    """The same measure for a bare function that claims to be the gradient: from a written module, or a person's."""
    try:
        seen: set[int] = set()
        for seed in seeds:
            point = Point(case, seed)
            args = point.args()
            before = image(args)
            result, printed = quietly(lambda args=args: gradient(*args))
            bars = result if len(case.wrt) > 1 else (result,)
            if not isinstance(bars, tuple) or len(bars) != len(case.wrt):
                raise Wrong(f"{len(case.wrt)} gradients asked for, not {brief(result)}")
            if image(args) != before:
                raise Wrong(f"seed {seed}: changed its caller's arguments")
            if printed != point.printed:
                raise Wrong(f"seed {seed}: printed {printed!r}, the primal {point.printed!r}")
            for k, bar in zip(case.wrt, bars, strict=True):
                check_form(bar, args[k], point.where(k))
            check_apart(bars, {"argument ": args})
            if case.exact is None:
                seen |= check_slopes(point, bars, 1.0, "gradient")
            else:
                check_stated(point, bars)
    except Fault as error:
        return Verdict("fault", str(error), error=error)
    except Wrong as error:
        return Verdict("wrong", str(error), error=error)
    except Exception as error:
        return Verdict(
            "crashed",
            f"{type(error).__name__}: {one_line(error)}, at {crash_site(error)}",
            error=error,
        )
    return Verdict("right" if case.exact or seen.issuperset(case.wrt) else "fault")


def check_untidy_pullback(case: Case, tl: Any, point: Point) -> None:
    seed_bar = seed_for(point.value, point.rng)
    answers = []
    for options in ({}, {"tidy": False}):
        try:
            (_, pullback), _ = quietly(
                lambda options=options: tl.vjp(case.f, *point.args(), **options)
            )
        except TypeError as error:
            if "tidy" in str(error):
                return  # `tidy` would be taken for an argument of f: vjp has no such switch
            raise
        answers.append(quietly(lambda pullback=pullback: pullback(seed_bar))[0])
    check_same(answers[0], answers[1], "tidy=False in vjp", adding(point))


def text_for(df: Any, point: Point) -> str:
    text = df.source_for(*point.args())
    if not isinstance(text, str) or not text.strip():
        raise Wrong(f"source_for gave {text!r}")
    return text


# -- refusals ----------------------------------------------------------------------------------------------


def check_refusal(case: Case, error: BaseException, tl: Any) -> None:
    """It knows where and what; it comes before anything ran; and it comes again, the same, when asked again."""
    text = getattr(error, "text", None) or getattr(error, "source_line", None)
    known = {
        "file": getattr(error, "file", "") not in ("", None, "<unknown>"),
        "line": (getattr(error, "line", None) or 0) >= 1,
        "column": getattr(error, "column", None) is not None,
        "text": bool(text),
    }
    if not all(known.values()):
        missing = ", ".join(name for name, there in known.items() if not there)
        raise Wrong(f"the refusal does not know its {missing}: {type(error).__name__}: {error}")
    if not str(error).strip():
        raise Wrong(f"the refusal {type(error).__name__} says nothing")
    # whether memory overlaps in a branch is known where that is taken, at some of the points
    if not any(refuses_again(case, seed, tl) for seed in range(max(case.seeds, 1))):
        raise Wrong(f"refused once ({error}), and then not")


def refuses_again(case: Case, seed: int, tl: Any) -> bool:
    argnums: Any = case.wrt if len(case.wrt) > 1 else case.wrt[0]
    args = case.make(seed)
    before = image(args)
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            if one_number(Point(case, seed).value):
                tl.grad(case.f, argnums)(*args)
                dots = [tangent_for(a, np.random.default_rng(0)) if k in case.wrt else None for k, a in enumerate(args)]
                if hasattr(tl, "jvp"):
                    tl.jvp(case.f, args, dots)  # what one mode refuses the other may know
            else:
                tl.vjp(case.f, *args)[1](seed_for(Point(case, seed).value, np.random.default_rng(0)))
    except tl.DifferentiationError:
        pass
    except Fault:
        return True
    else:
        return False
    if image(args) != before:
        raise Wrong("the arguments were changed before the refusal")
    if out.getvalue():
        raise Wrong(f"something ran before the refusal: it printed {out.getvalue()!r}")
    return True


def check_forward_alone(case: Case, tl: Any) -> None:
    """What reverse mode refuses, forward mode may do: then right."""
    if not hasattr(tl, "jvp") or case.raises or case.diverges:
        return
    for seed in range(case.seeds):
        try:
            check_forward(case, tl, Point(case, seed), None, False, measured=True)
        except (tl.DifferentiationError, Fault):
            return


# -- the verdict -------------------------------------------------------------------------------------------


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Of the processor's time: how busy the machine is has no say."""

    def ring(*_: Any) -> None:
        raise TooLong(f"more than {seconds:g} s")

    try:
        old = signal.signal(signal.SIGPROF, ring)
    except (ValueError, AttributeError):  # not the main thread, or not this system: without a limit
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)


def verify(
    case: Case, tl: Any = None, seeds: Sequence[int] | None = None, limit: float = 60, light: bool = False,
    every: bool = True,
) -> Verdict:
    """Right, refused, wrong, crashed (an exception that is no refusal), or a fault of the case itself.

    ``light``: by one pullback and one tangent at each point alone, for programs by the thousand. Without ``every``,
    what asks for further compilations (without ``tidy``, of a second time) is asked of some cases only.
    """
    if tl is None:
        import tangent_like as tl
    examination = Examination(case, tl, range(case.seeds) if seeds is None else seeds, light, every)
    try:
        with time_limit(limit):
            try:
                examination.run()
                return Verdict("right", source=examination.source)
            except tl.DifferentiationError as error:
                check_refusal(case, error, tl)
                check_forward_alone(case, tl)
                return Verdict("refused", one_line(error), error=error)
    except Fault as error:
        return Verdict("fault", str(error), examination.source, error)
    except Wrong as error:
        return Verdict("wrong", str(error), examination.source, error)
    except TooLong as error:
        return Verdict("crashed", f"took {error}: {crash_site(error)}", examination.source, error)
    except Exception as error:
        return Verdict(
            "crashed",
            f"{type(error).__name__}: {one_line(error)}, at {crash_site(error)}",
            examination.source,
            error,
        )


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def crash_site(error: BaseException) -> str:
    """The innermost frame of ours, or else of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "tangent_like" in frame.filename]
    frame = (ours or frames)[-1]
    return f"{frame.filename}:{frame.lineno} in {frame.name}"


def explain(case: Case, verdict: Verdict) -> str:
    """All that one wants to know about a verdict that was not expected."""
    parts = [f"{case.id}: {verdict.kind}, expected {case.expect}: {verdict.message}"]
    if verdict.kind == "crashed" and verdict.error is not None:
        parts.append("".join(traceback.format_exception(verdict.error))[-6000:])
    parts.append("-- primal\n" + primal_text(case.f))
    if verdict.source:
        parts.append("-- derivative\n" + verdict.source)
    return "\n".join(parts)


def primal_text(f: Any) -> str:
    import inspect

    try:
        return inspect.getsource(f)
    except (OSError, TypeError):
        return repr(f)
