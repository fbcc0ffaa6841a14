"""Jacobians and Hessians: as many products as there are inputs (forward) or outputs (reverse).

The Jacobian of a result of shape ``s`` with respect to an argument of shape ``t`` has shape ``s + t``.
With several arguments in ``argnums`` it is a tuple of these; of a tuple of results, a tuple of those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.api.gradients import grad, plain_argnums, plain_jit
from tangent_like.api.products import pushed, vjp
from tangent_like.api.trees import tangent_like_value
from tangent_like.errors import RequestError
from tangent_like.request import Request
from tangent_like.runtime import isolate


class Matrix:
    """A function of ``f``'s arguments; ``source_for(*args)`` is the text that it calls, column or row."""

    def __init__(
        self, f: Function, argnums: Any, mode: str, tidy: bool, store: str, name: str, jit: Any = False
    ) -> None:
        self.argnums = plain_argnums(argnums)
        self.single = not isinstance(self.argnums, tuple)
        self.driver = DerivativeFunction(f, Request(self.argnums, "jvp", tidy, store=store, jit=plain_jit(jit)))
        self.mode, self.tidy, self.store, self.name, self.jit = mode, tidy, store, name, jit
        self.__name__ = f"{name}_{getattr(f, '__name__', 'f')}"
        self.__doc__ = f.__doc__

    def __repr__(self) -> str:
        return f"<{self.name} of {self.driver.__name__} with respect to {self.argnums!r}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        values = self.driver.in_order(args, kwargs)
        if (self.mode or self._cheaper(values)) == "forward":
            return self._columns(values)
        return self._rows(args, kwargs, values)

    def source_for(self, *args: Any, **kwargs: Any) -> str:
        """The text of the product that the columns (or rows) are made by, for the kinds of these arguments."""
        if self.mode == "reverse":
            request = Request(0, "vjp", self.tidy, store=self.store, jit=plain_jit(self.jit))
            return DerivativeFunction(self.driver.function, request).source_for(*args, **kwargs)
        return self.driver.source_for(*args, **kwargs)

    def _wanted(self, values: tuple[Any, ...]) -> dict[str, Any]:
        """The arguments asked for, by name; each a number or an array of floats."""
        names = self.driver.names
        found: dict[str, Any] = {}
        for wanted in self.argnums if isinstance(self.argnums, tuple) else (self.argnums,):
            if isinstance(wanted, str) and wanted not in names:
                raise RequestError(f"{self.driver.__name__} has no argument {wanted!r}")
            if isinstance(wanted, int) and not -len(names) <= wanted < len(names):
                raise RequestError(f"{self.driver.__name__} has no argument number {wanted}")
            name = wanted if isinstance(wanted, str) else names[wanted]
            value = dict(zip(names, values, strict=True))[name]
            if isinstance(value, tuple | list | dict) or np.asarray(value).dtype.kind != "f":
                raise RequestError(
                    f"the argument {name!r} is a {type(value).__name__}, and a {self.name} is by numbers and arrays",
                    hint="pass 2.0 and not 2, or an array",
                )
            found[name] = value
        return found

    def _cheaper(self, values: tuple[Any, ...]) -> str:
        inputs = sum(np.size(v) for v in self._wanted(values).values())
        args = isolate(values)
        outputs = sum(np.size(v) for v in _flat(_call(self.driver, args)))
        return "forward" if inputs <= outputs else "reverse"

    def _columns(self, values: tuple[Any, ...]) -> Any:
        wanted = self._wanted(values)
        per_argument = []
        for name, value in wanted.items():
            rest = {n: tangent_like_value(None, v, n) for n, v in wanted.items() if n != name}
            columns, outputs = [], None
            for unit in units(value):
                outputs, column = pushed(self.driver, values, {**rest, name: tangent_like_value(unit, value, name)})
                columns.append(column)
            if outputs is None:  # an argument with no entries
                outputs = _call(self.driver, isolate(values))
            per_argument.append(stacked(outputs, columns, np.shape(value)))
        return self._arranged(per_argument)

    def _rows(self, args: tuple[Any, ...], kwargs: dict[str, Any], values: tuple[Any, ...]) -> Any:
        wanted = self._wanted(values)
        value, pullback = vjp(self.driver.function, *args, tidy=self.tidy, store=self.store, jit=self.jit, **kwargs)
        given = tuple(self.driver.signature.bind(*args, **kwargs).arguments)
        for name in wanted:
            if name not in given:
                raise RequestError(f"the argument {name!r} is left to its default: pass it")
        flat = _flat(value)
        per_output = []
        for k, item in enumerate(flat):
            rows = []
            for unit in units(item):
                seeds = [np.zeros(np.shape(v)) for v in flat]
                seeds[k] = unit
                bars = pullback(tuple(seeds) if isinstance(value, tuple) else seeds[0])
                rows.append([bars[given.index(n)] for n in wanted])
            per_output.append(
                [stacked_rows(item, [r[j] for r in rows], np.shape(v)) for j, v in enumerate(wanted.values())]
            )
        per_argument = [
            tuple(row[j] for row in per_output) if isinstance(value, tuple) else per_output[0][j]
            for j in range(len(wanted))
        ]
        return self._arranged(per_argument)

    def _arranged(self, per_argument: list[Any]) -> Any:
        """By result first, then by argument."""
        if self.single:
            return per_argument[0]
        if isinstance(per_argument[0], tuple):
            return tuple(zip(*per_argument, strict=True))
        return tuple(per_argument)


def _call(driver: DerivativeFunction, values: tuple[Any, ...]) -> Any:
    plain = len(values) - len(driver.keyword_only)
    return driver.function(*values[:plain], **dict(zip(driver.keyword_only, values[plain:], strict=True)))


def _flat(value: Any) -> list[Any]:
    return [v for item in value for v in _flat(item)] if isinstance(value, tuple) else [value]


def units(value: Any) -> Iterator[Any]:
    """The unit tangents of a number or an array, in the order of its entries."""
    for k in range(np.size(value)):
        unit = np.zeros(np.size(value), np.asarray(value).dtype)
        unit[k] = 1
        yield unit.reshape(np.shape(value))


def stacked(value: Any, columns: list[Any], shape: tuple[int, ...]) -> Any:
    """Columns side by side: of the shape of the value, then that of the argument."""
    if isinstance(value, tuple):
        return tuple(stacked(v, [c[k] for c in columns], shape) for k, v in enumerate(value))
    if np.asarray(value).dtype.kind not in "fc":
        return None
    whole = np.zeros((*np.shape(value), int(np.prod(shape))), np.asarray(value).dtype)
    for k, column in enumerate(columns):
        whole[..., k] = column
    whole = whole.reshape(np.shape(value) + shape)
    return float(whole) if whole.ndim == 0 and type(value) is float else whole


def stacked_rows(value: Any, rows: list[Any], shape: tuple[int, ...]) -> Any:
    if np.asarray(value).dtype.kind not in "fc":
        return None
    dtype = np.asarray(rows[0]).dtype if rows else float
    whole = np.zeros((len(rows), *shape), dtype)
    for k, row in enumerate(rows):
        whole[k] = row
    whole = whole.reshape(np.shape(value) + shape)
    return float(whole) if whole.ndim == 0 and type(value) is float else whole


def jacfwd(
    f: Function, argnums: Any = 0, *, tidy: bool = True, store: str = "auto", jit: Any = False
) -> Callable[..., Any]:
    """The Jacobian of ``f``, column by column: one pass for each entry of the arguments ``argnums``."""
    return Matrix(f, argnums, "forward", tidy, store, "Jacobian", jit)


def jacrev(
    f: Function, argnums: Any = 0, *, tidy: bool = True, store: str = "auto", jit: Any = False
) -> Callable[..., Any]:
    """The Jacobian of ``f``, row by row: one way back for each entry of the result."""
    return Matrix(f, argnums, "reverse", tidy, store, "Jacobian", jit)


def jacobian(
    f: Function, argnums: Any = 0, *, tidy: bool = True, store: str = "auto", jit: Any = False
) -> Callable[..., Any]:
    """The Jacobian of ``f``: by columns where there are no more inputs than outputs, else by rows."""
    return Matrix(f, argnums, "", tidy, store, "Jacobian", jit)


def hessian(
    f: Function, argnums: Any = 0, *, tidy: bool = True, store: str = "auto", jit: Any = False
) -> Callable[..., Any]:
    """The second derivatives of ``f``, whose result is one number: forward over reverse.

    Of an argument of shape ``t``, of shape ``t + t``; with several in ``argnums``, a tuple of tuples.
    """
    return Matrix(grad(f, argnums, tidy=tidy, store=store), argnums, "forward", tidy, store, "Hessian", jit)


def hvp(
    f: Function, argnums: Any = 0, *, tidy: bool = True, store: str = "auto", jit: Any = False
) -> Callable[..., Any]:
    """``hvp(f)(*args, v)``: the Hessian of ``f`` with respect to ``argnums`` times ``v``, without the matrix.

    ``v`` is like the argument (with a tuple for ``argnums``: a tuple like the arguments).
    """
    gradient = grad(f, argnums, tidy=tidy, store=store)
    driver = DerivativeFunction(gradient, Request(plain_argnums(argnums), "jvp", tidy, store=store, jit=plain_jit(jit)))
    names = driver.names

    def product(*args: Any, **kwargs: Any) -> Any:
        if not args:
            raise RequestError("hvp takes the arguments of the function, then the vector")
        *given, vector = args
        values = driver.in_order(tuple(given), kwargs)
        wanted = driver.request.wanted
        chosen = [w if isinstance(w, str) else names[w] for w in wanted]
        vectors = vector if not driver.request.single else (vector,)
        if len(vectors) != len(chosen):
            raise RequestError(f"hvp by {len(chosen)} arguments takes as many vectors, not {len(vectors)}")
        by_name = dict(zip(names, values, strict=True))
        dots = {n: tangent_like_value(v, by_name[n], n) for n, v in zip(chosen, vectors, strict=True)}
        return pushed(driver, values, dots)[1]

    product.__name__ = f"hvp_{getattr(f, '__name__', 'f')}"
    product.source_for = driver.source_for  # type: ignore[attr-defined]
    return product
