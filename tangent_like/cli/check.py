"""Compare the gradient of a function with central differences, at a point that you give.

The file is imported, as when it is run with its folder on the path. The status is 0 if the two
agree, 1 if they do not."""

from __future__ import annotations

import argparse
import copy
import importlib
import inspect
import math
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from tangent_like.cli.points import apart, pairs, values
from tangent_like.cli.target import UsageError, find, names_or_numbers, split
from tangent_like.errors import DifferentiationError
from tangent_like.kinds.structure import children_of

HELP = "compare the gradient with central differences"
EPILOG = """\
examples:
  tangent-like check model.py:loss --at "x=np.ones(3)" --at "n=5"
  tangent-like check model.py:loss --at "W=np.eye(2)" --at "b=0.1" --wrt W,b
  tangent-like check model.py:loss --at "params={'W': np.eye(2), 'b': 0.1}"

An expression after `=` may use np, math, the names of the file, and arguments given before it.
"""
DIRECTIONS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.py:FUNCTION", help="the function to check")
    parser.add_argument(
        "--at",
        metavar="NAME=EXPR",
        action="append",
        default=[],
        help="the value of an argument; once for each that has no default",
    )
    parser.add_argument(
        "--wrt",
        metavar="NAMES",
        action="append",
        help="the arguments to check: names or numbers, separated by commas (default: the first)",
    )


def run(options: argparse.Namespace) -> int:
    import tangent_like

    file, name = split(options.target)
    find(file, name)  # what reading alone tells
    wanted = names_or_numbers(options.wrt)
    points = apart(options.at)
    module = load(file)
    f: Any = module
    for part in name.split("."):
        f = getattr(f, part, None)
    if not isinstance(inspect.unwrap(f) if callable(f) else f, FunctionType):
        raise UsageError(f"{file}: {name!r} is {type(f).__name__} once the file has run, not a function")
    arguments = point(f, points, module)
    order = list(arguments)
    names = [argument_named(f, order, w) for w in wanted]
    if len(set(names)) < len(names):
        raise UsageError(f"--wrt {','.join(options.wrt)}: names an argument twice")
    gradient = tangent_like.grad(f, tuple(names))
    bars = guarded(f"the gradient of {name}", lambda: call(gradient, f, arguments))
    value = guarded(name, lambda: call(f, f, arguments))
    print(f"{options.target} = {float(np.asarray(value).reshape(())):.10g}")
    agree = True
    for argument, bar in zip(names, bars, strict=True):
        rows = compare(f, arguments, argument, bar)
        agree = agree and all(row.agrees for row in rows)
        _show(argument, arguments[argument], rows)
    print("the gradient agrees with central differences" if agree else "the gradient DOES NOT AGREE")
    return 0 if agree else 1


# -- the point -----------------------------------------------------------------


def point(f: FunctionType, given: list[tuple[str, str]], module: ModuleType) -> dict[str, Any]:
    """The arguments in the order of the parameters, from ``--at`` and the defaults."""
    params = inspect.signature(f).parameters
    found = values(pairs(given, f.__name__, list(params)), {"np": np, "math": math, **vars(module)})
    missing = [n for n, p in params.items() if n not in found and p.default is p.empty]
    if missing:
        raise UsageError(f'{f.__name__} needs a value for {missing[0]!r}: --at "{missing[0]}=..."')
    return {n: found.get(n, p.default) for n, p in params.items()}


def argument_named(f: FunctionType, order: list[str], wanted: int | str) -> str:
    if isinstance(wanted, str) and wanted in order:
        return wanted
    if isinstance(wanted, int) and -len(order) <= wanted < len(order):
        return order[wanted]
    what = f"argument {wanted!r}" if isinstance(wanted, str) else f"argument number {wanted}"
    raise UsageError(f"{f.__name__} has no {what}; it has {', '.join(order)}")


# -- running the user's file ---------------------------------------------------


def load(file: str) -> ModuleType:
    """Import a file, with the folder on the path that it would be imported from."""
    folder, base = os.path.split(os.path.abspath(file))
    parts = [base.removesuffix(".py")]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    sys.path.insert(0, folder)
    sys.path.insert(1, os.path.dirname(os.path.abspath(file)))
    name = ".".join(parts)
    known = sys.modules.get(name)
    if known is not None and not _is_from(known, file):  # one of ours or of Python's has that name
        del sys.modules[name]
    try:
        module = importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # SystemExit too: a script without a main guard
        raise UsageError(f"{_where(error, file)}: importing it raised {_named(error)}") from None
    if not _is_from(module, file):
        raise UsageError(f"{file}: importing {name} gives another file, {getattr(module, '__file__', None)}")
    return module


def _is_from(module: ModuleType, file: str) -> bool:
    own = getattr(module, "__file__", None)
    return isinstance(own, str) and os.path.exists(own) and os.path.samefile(own, file)


def _where(error: BaseException, file: str) -> str:
    """The last line of the user's that an exception went through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "tangent_like" not in f.filename.split(os.sep)]
    ours = [f for f in frames if os.path.exists(f.filename) and os.path.samefile(f.filename, file)]
    return f"{file}:{ours[-1].lineno}" if ours else file


def _named(error: BaseException) -> str:
    text = _one_line(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _one_line(text: str) -> str:
    return " ".join(text.split())


def guarded(what: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except DifferentiationError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever the user's function raises
        raise UsageError(f"{what} raised {_named(error)}") from None


def call(g: Callable[..., Any], f: FunctionType, arguments: dict[str, Any]) -> Any:
    """Call with copies: what the function writes into is no longer the point."""
    arguments = copy.deepcopy(arguments)
    params = inspect.signature(f).parameters.values()
    plain = [arguments[p.name] for p in params if p.kind is not p.KEYWORD_ONLY]
    named = {p.name: arguments[p.name] for p in params if p.kind is p.KEYWORD_ONLY}
    return g(*plain, **named)


# -- comparing -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """The slope in one direction, by the gradient and by differences."""

    derivative: float
    differences: float
    agrees: bool

    @property
    def distance(self) -> float:
        """Relative to the greater of the two."""
        scale = max(abs(self.derivative), abs(self.differences))
        return abs(self.derivative - self.differences) / scale if scale else 0.0


def compare(f: FunctionType, arguments: dict[str, Any], name: str, bar: Any) -> list[Row]:
    """Slopes of ``f`` in directions in which one argument moves."""
    if children_of(arguments[name]) is not None:
        return compare_structure(f, arguments, name, bar)
    x = np.asarray(arguments[name])
    dtype: Any = x.dtype if x.dtype.kind == "f" else np.dtype(float)
    eps = float(np.finfo(dtype).eps)
    rng = np.random.default_rng(0)
    rows = []
    for _ in range(DIRECTIONS if x.size > 1 else x.size):
        d = rng.normal(size=x.shape) if x.size > 1 else np.ones(x.shape)
        d *= math.sqrt(d.size) / np.linalg.norm(d)
        step = eps ** (1 / 3) * max(1.0, float(np.max(np.abs(x), initial=0.0)))

        def at(t: float, d: Any = d) -> float:
            moved = (x + t * d).astype(dtype)
            value = moved if isinstance(arguments[name], np.ndarray) else type(arguments[name])(moved)
            return float(guarded(f.__name__, lambda: call(f, f, {**arguments, name: value})))

        up, down = at(step), at(-step)
        slope = (up - down) / (2 * step)
        found = float(np.sum(np.asarray(bar, dtype=float) * d))
        noise = 10 * eps * max(abs(up), abs(down)) / step  # what rounding alone does to the difference
        close = abs(found - slope) <= 10 * eps ** (1 / 3) * max(abs(found), abs(slope)) + noise
        rows.append(Row(found, slope, bool(close)))
    return rows


def compare_structure(f: FunctionType, arguments: dict[str, Any], name: str, bar: Any) -> list[Row]:
    """Slopes in directions in which all numbers and arrays of a container or an object move."""
    value = arguments[name]
    numbers = floats(value)
    if not numbers:
        raise UsageError(f"--at {name}: holds no floating-point numbers")
    bars = [np.asarray(b, dtype=float) for b in floats(value, bar)]
    eps = max(float(np.finfo(np.asarray(n).dtype).eps) for n in numbers)
    rng = np.random.default_rng(0)
    step = eps ** (1 / 3) * max(1.0, *(float(np.max(np.abs(n), initial=0.0)) for n in numbers))
    rows = []
    for _ in range(DIRECTIONS):
        directions = [rng.normal(size=np.shape(n)) for n in numbers]

        def at(t: float, directions: list[Any] = directions) -> float:
            moved = iter([n + t * d for n, d in zip(numbers, directions, strict=True)])
            given = {**arguments, name: with_floats(copy.deepcopy(value), moved)}
            return float(guarded(f.__name__, lambda: call(f, f, given)))

        up, down = at(step), at(-step)
        slope = (up - down) / (2 * step)
        found = float(sum(np.sum(b * d) for b, d in zip(bars, directions, strict=True)))
        noise = 10 * eps * max(abs(up), abs(down)) / step
        close = abs(found - slope) <= 10 * eps ** (1 / 3) * max(abs(found), abs(slope)) + noise
        rows.append(Row(found, slope, bool(close)))
    return rows


def floats(value: Any, bar: Any = None) -> list[Any]:
    """The floating-point numbers and arrays in a structure; of ``bar``, which has the same, where it is given."""
    found = children_of(value)
    if found is None:
        is_number = isinstance(value, float | np.ndarray | np.generic) and np.asarray(value).dtype.kind == "f"
        return [value if bar is None else bar] if is_number else []
    form, _, items = found
    inner: list[Any] = []
    for key, item in items:
        of_bar = None
        if bar is not None:
            named = form == "object" or (form == "tuple" and isinstance(key, str))
            of_bar = getattr(bar, str(key)) if named else bar[key]
        inner += floats(item, of_bar)
    return inner


def with_floats(value: Any, numbers: Iterator[Any]) -> Any:
    """The structure with other numbers; ``value`` is a copy of its own."""
    found = children_of(value)
    if found is None:
        if not floats(value):
            return value
        number = next(numbers)
        return number.astype(value.dtype) if isinstance(value, np.ndarray) else type(value)(number)
    form, cls, items = found
    made = [(key, with_floats(item, numbers)) for key, item in items]
    if form == "dict":
        return dict(made)
    if form in ("list", "tuple") and cls is None:
        return [item for _, item in made] if form == "list" else tuple(item for _, item in made)
    if form == "tuple":
        return type(value)(*(item for _, item in made))
    for key, item in made:
        object.__setattr__(value, str(key), item)
    return value


def _show(name: str, value: Any, rows: list[Row]) -> None:
    whole = children_of(value) is not None
    shape = "" if whole or np.ndim(value) == 0 else f"  (shape {np.shape(value)}, random directions)"
    shape = "  (all of it, random directions)" if whole else shape
    print(f"\n{name}{shape}")
    print(f"  {'derivative':>20}  {'differences':>20}  relative difference")
    for row in rows:
        mark = "" if row.agrees else "  <-"
        print(f"  {row.derivative:20.12g}  {row.differences:20.12g}  {row.distance:.1e}{mark}")
    worst = max((row.distance for row in rows), default=0.0)
    print(f"  largest relative difference: {worst:.1e}\n")
