"""Derivatives by differences, without a compiler: the yardstick of ``tl.grad`` and ``tl.jacobian``.

``method``:

- "forward": ``(f(x + h) - f(x)) / h``, with half of the digits;
- "central": ``(f(x + h) - f(x - h)) / 2h``, with two thirds of them;
- "richardson": central differences extrapolated to ``h = 0`` (Ridders 1982), with nearly all where ``f`` is smooth;
- "complex": ``Im f(x + ih) / h``, with all, where ``f`` is analytic and takes complex numbers (Squire & Trapp 1998):
  one direction is held against central differences, since ``abs`` and its like drop the imaginary part;
- "scipy": ``scipy.optimize.approx_fprime``.

``step`` is relative to the size of each entry (to 1, where that is smaller); by default what balances the error of the
method against that of rounding, for the dtype of the argument.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tangent_like.api.replay import replay
from tangent_like.api.trees import built
from tangent_like.errors import RequestError
from tangent_like.kinds.structure import children_of

METHODS = ("forward", "central", "richardson", "complex", "scipy")
Function = Callable[..., Any]


def grad(f: Function, argnums: Any = 0, *, method: str = "central", step: float | None = None) -> Function:
    """The gradient of ``f``, whose result is one number, by differences; called as ``tl.grad(f, argnums)``.

    Of the shape, or structure, of each argument that ``argnums`` names (indices or names, in a tuple: a tuple); None
    for what holds no floats in a dict, list, tuple or object. Arguments that ``f`` writes into stay as they are. Raises
    ``tl.DifferentiationError`` for an argument that holds no floats, another result, or an unknown method.
    """
    whole = jacobian(f, argnums, method=method, step=step)

    def gradient(*args: Any, **kwargs: Any) -> Any:
        draws = replay(f, (args, kwargs))
        value = f(*_copied(args), **_copied(kwargs))
        draws.rewind()
        if np.size(value) != 1:
            raise RequestError(f"numeric.grad of a result of shape {np.shape(value)}", hint="numeric.jacobian")
        found = whole(*args, **kwargs)
        dims = np.ndim(value)
        return tuple(_first(p, dims) for p in found) if isinstance(found, tuple) else _first(found, dims)

    return gradient


def _first(part: Any, dims: int) -> Any:
    found = children_of(part)
    if found is not None:
        form, cls, items = found
        return built(form, cls, [(key, _first(item, dims)) for key, item in items])
    if part is None:
        return None
    part = np.asarray(part)
    part = part.reshape(part.shape[dims:])
    return part if part.ndim else float(part)


def jacobian(f: Function, argnums: Any = 0, *, method: str = "central", step: float | None = None) -> Function:
    """The Jacobian of ``f`` by differences, of the shape of the result, then that of the argument; see ``grad``."""
    if method not in METHODS:
        raise RequestError(f"numeric: the method is {', '.join(METHODS[:-1])} or {METHODS[-1]}, not {method!r}")
    wanted = argnums if isinstance(argnums, tuple | list) else (argnums,)

    def matrix(*args: Any, **kwargs: Any) -> Any:
        bound = inspect.signature(f).bind(*args, **kwargs)
        names = list(bound.arguments)
        draws = replay(f, (args, kwargs))

        def part(name: str) -> Any:
            def at(x: Any) -> Any:
                bound.arguments[name] = x
                draws.rewind()
                return f(*_copied(bound.args), **_copied(bound.kwargs))

            x = bound.arguments[name]
            try:
                found = _by_parts(at, x, method, step)
            finally:
                bound.arguments[name] = x
            if all(leaf is None for leaf in _leaves(found)):
                raise RequestError(f"numeric: the argument {name!r} holds no floats", hint="pass 2.0 and not 2")
            return found

        found = tuple(part(_named(w, names)) for w in wanted)
        return found if isinstance(argnums, tuple | list) else found[0]

    return matrix


def _named(wanted: Any, names: list[str]) -> str:
    if isinstance(wanted, str) and wanted in names:
        return wanted
    if isinstance(wanted, int) and -len(names) <= wanted < len(names):
        return names[wanted]
    raise RequestError(f"numeric: there is no argument {wanted!r}", hint=f"arguments: {', '.join(names)}")


def _copied(value: Any) -> Any:
    """A value whose arrays, dicts, lists and objects are its own."""
    if isinstance(value, np.ndarray):
        return value.copy()
    found = children_of(value)
    if found is None:
        return value
    form, cls, items = found
    if form != "object":
        return built(form, cls, [(key, _copied(item)) for key, item in items])
    made = copy.copy(value)
    for key, item in items:
        object.__setattr__(made, str(key), _copied(item))
    return made


def _leaves(value: Any) -> Iterator[Any]:
    found = children_of(value)
    if found is None:
        yield value
    else:
        for _, item in found[2]:
            yield from _leaves(item)


def _by_parts(f: Function, x: Any, method: str, step: float | None) -> Any:
    """By one argument, or each part of one; None for what holds no floats."""
    found = children_of(x)
    if found is None:
        return _jacobian(f, x, method, step) if np.asarray(x).dtype.kind == "f" else None
    form, cls, items = found

    def by(key: Any, item: Any) -> Any:
        def at(new: Any) -> Any:
            return f(built(form, cls, [(k, new if k == key else v) for k, v in items]))

        return _by_parts(at, item, method, step)

    return built(form, cls, [(key, by(key, item)) for key, item in items])


def _jacobian(f: Function, x: Any, method: str, step: float | None) -> Any:
    """By one argument, entry after entry."""
    base = np.asarray(x)
    eps = float(np.finfo(base.dtype).eps)
    relative = step or {"forward": eps**0.5, "central": eps ** (1 / 3), "richardson": 0.02}.get(method, 1e-25)

    def moved(k: int, by: Any) -> Any:
        if isinstance(x, np.ndarray):
            other = base.astype(np.result_type(base, by) if isinstance(by, complex) else base.dtype)
            other.flat[k] += by
            return other
        return type(x)(x + by) if not isinstance(by, complex) else x + by

    if method == "scipy":
        from scipy import optimize

        def flat(v: Any) -> Any:
            return np.ravel(f(v.reshape(base.shape).astype(base.dtype) if isinstance(x, np.ndarray) else type(x)(v[0])))

        found = optimize.approx_fprime(base.ravel().astype(float), flat, step or eps**0.5)
        return np.reshape(found, (*np.shape(f(x)), *base.shape))
    columns = []
    for k in range(base.size):
        entry = float(base.flat[k])
        h = relative * max(1.0, abs(entry))
        if method == "complex":
            columns.append(np.imag(f(moved(k, complex(0.0, h)))) / h)
        elif method == "forward":
            ahead = moved(k, h)
            columns.append((np.asarray(f(ahead)) - f(x)) / (np.asarray(ahead).flat[k] - base.flat[k]))
        else:
            columns.append(_extrapolated(f, moved, k, h, 8 if method == "richardson" else 1))
    if method == "complex" and columns:
        _held_against_differences(f, x, columns, eps)
    value = np.shape(f(x)) if not columns else np.shape(columns[0])
    whole = np.zeros((*value, 0)) if not columns else np.stack(columns, axis=-1)
    found = whole.reshape((*value, *base.shape))
    return found if found.ndim else float(found)


def _held_against_differences(f: Function, x: Any, columns: list[Any], eps: float) -> None:
    """Refuse a complex step that differs from central differences, where those agree with each other."""
    base = np.asarray(x)
    along = (np.maximum(1.0, np.abs(base)) * np.resize([1.0, -0.7, 0.4], base.shape)).astype(base.dtype)

    def at(h: float) -> Any:
        moved = x + h * along
        return np.asarray(f(moved if isinstance(x, np.ndarray) else type(x)(moved)))

    with np.errstate(all="ignore"):
        found = [(at(h) - at(-h)) / (2.0 * h) for h in (eps ** (1 / 3), 0.3 * eps ** (1 / 3))]
        ours = sum(float(v) * c for v, c in zip(along.flat, columns, strict=True))
        scale = sum(abs(float(v) * c) for v, c in zip(along.flat, columns, strict=True)) + np.abs(found[0])
        apart = np.abs(found[0] - ours) > eps**0.25 * scale
        agree = np.abs(found[0] - found[1]) < 0.1 * np.abs(found[0] - ours)
    if np.any(apart & agree):
        k = np.argmax(np.ravel(apart & agree))
        said, wanted = float(np.ravel(ours)[k]), float(np.ravel(found[0])[k])
        raise RequestError(
            f"numeric: a complex step says {said:.3g} where differences say {wanted:.3g}: the function is not analytic",
            hint="abs, max, real and comparisons are not: pass method='central'",
        )


def _extrapolated(f: Function, moved: Function, k: int, h: float, rows: int) -> Any:
    """Central differences for steps that shrink, extrapolated; the entry of the table that changes least."""
    before: list[Any] = []
    best: Any = None
    least: Any = None
    for row in range(rows):
        ahead, behind = moved(k, h), moved(k, -h)
        width = np.asarray(ahead).flat[k] - np.asarray(behind).flat[k]
        line = [(np.asarray(f(ahead)) - f(behind)) / width]
        for level in range(1, row + 1):
            scale = 4.0**level
            line.append((scale * line[level - 1] - before[level - 1]) / (scale - 1))
            error = np.maximum(np.abs(line[level] - line[level - 1]), np.abs(line[level] - before[level - 1]))
            if least is None:
                best, least = line[level], error
            else:
                best, least = np.where(error < least, line[level], best), np.minimum(error, least)
        before, h = line, 0.5 * h
    return before[0] if best is None else best
