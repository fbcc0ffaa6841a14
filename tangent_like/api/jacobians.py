"""Jacobians and Hessians: as many products as there are inputs (forward) or outputs (reverse).

The Jacobian of a result of shape ``s`` with respect to an argument of shape ``t`` has shape ``s + t``.
With several arguments in ``argnums`` it is a tuple of these; of a tuple of results, a tuple of those. It has the
structure of the result (tuples, lists, dicts, objects), and in each place of it that of the arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent_like.api.batch import FEW, columns_together
from tangent_like.api.derivative import DerivativeFunction, Function, spread
from tangent_like.api.gradients import grad, plain_argnums, plain_tidy
from tangent_like.api.native import plain_jit
from tangent_like.api.patterns import Operator
from tangent_like.api.products import jvp, pushed, slope, vjp
from tangent_like.api.replay import Replay, replay
from tangent_like.api.rules import Rules, given_rules
from tangent_like.api.sparse import Sparse
from tangent_like.api.trees import carriers, refilled, tangent_like_value
from tangent_like.api.turned import source_of_product
from tangent_like.errors import RequestError, ResultError
from tangent_like.request import Request
from tangent_like.runtime import isolate


class Matrix:
    """A function of ``f``'s arguments; ``source_for(*args)`` is the text that it calls, column or row."""

    is_matrix = True  # for the layers below, which meet it as a value

    def __init__(
        self,
        f: Function,
        argnums: Any,
        mode: str,
        tidy: Any,
        store: str,
        name: str,
        jit: Any = False,
        rules: Rules | None = None,
        sparsity: Any = None,
    ) -> None:
        self.argnums = plain_argnums(argnums)
        self.single = not isinstance(self.argnums, tuple)
        self.rules, self.given_rules = given_rules(rules), rules
        self.tidy = tidy = plain_tidy(tidy)
        request = Request(self.argnums, "jvp", tidy, store=store, jit=plain_jit(jit), rules=self.rules)
        self.driver = DerivativeFunction(f, request)
        self.base = self.driver.base
        self.sparse = checked_sparsity(sparsity, self.argnums, name)
        self.mode, self.store, self.name, self.jit = mode, store, name, jit
        self.alone = False  # the tangents are not taken together
        self.__name__ = f"{name}_{getattr(f, '__name__', 'f')}"
        self.__doc__ = f.__doc__

    def __repr__(self) -> str:
        return f"<{self.name} of {self.driver.__name__} with respect to {self.argnums!r}>"

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        values = self.driver.in_order(args, kwargs)
        draws = replay(self.driver.function, values)
        if self.sparse:
            return self._sparse(args, kwargs, values, draws)
        if (self.mode or self._cheaper(values, draws)) == "forward":
            return self._columns(values, draws)
        return self._rows(args, kwargs, values)

    def source_for(self, /, *args: Any, **kwargs: Any) -> str:
        """The text of the product that the columns (or rows) are made by, for the kinds of these arguments."""
        if self.mode == "reverse":
            request = Request(0, "vjp", self.tidy, store=self.store, jit=plain_jit(self.jit), rules=self.rules)
            return DerivativeFunction(self.driver.function, request).source_for(*args, **kwargs)
        return source_of_product(jvp, self.driver, args, kwargs)

    def _wanted(self, values: tuple[Any, ...]) -> dict[str, Any]:
        """The arguments asked for, by name; in each a number or an array of floats."""
        names = self.driver.names
        found: dict[str, Any] = {}
        for name in self.wanted_names():
            value = dict(zip(names, values, strict=True))[name]
            leaves = carriers(value)
            if any(map(np.iscomplexobj, leaves)):
                raise RequestError(
                    f"the argument {name!r} is complex, and a {self.name} is by real numbers",
                    hint="take it by real and imaginary parts, or its products by tl.jvp and tl.vjp",
                )
            if not leaves or (self.sparse and leaves[0] is not value):
                what = "a sparse matrix is by a number or an array" if leaves else "holds no floats"
                whole = f"the argument {name!r} is a {type(value).__name__}, and {what}"
                hint = "concatenate what it holds" if leaves else "pass 2.0 and not 2, or an array"
                raise RequestError(whole, hint=hint)
            found[name] = value
        return found

    def wanted_names(self) -> tuple[str, ...]:
        names = self.driver.names
        found = []
        for wanted in self.driver.request.wanted:
            if isinstance(wanted, str) and wanted not in names:
                raise RequestError(f"{self.driver.__name__} has no argument {wanted!r}")
            if isinstance(wanted, int) and not -len(names) <= wanted < len(names):
                raise RequestError(f"{self.driver.__name__} has no argument number {wanted - len(self.driver.bound)}")
            found.append(wanted if isinstance(wanted, str) else names[wanted])
        return tuple(found)

    def _cheaper(self, values: tuple[Any, ...], draws: Replay) -> str:
        wanted = self._wanted(values)
        if not wanted.keys().isdisjoint(self.driver.names[: len(self.driver.bound)]):
            return "forward"  # a pullback of a method has no adjoint of its object
        inputs = sum(np.size(v) for v in carriers(tuple(wanted.values())))
        args = isolate(values)
        outputs = sum(np.size(v) for v in carriers(_call(self.driver, args)))
        draws.rewind()
        return "forward" if inputs <= outputs else "reverse"

    def _columns(self, values: tuple[Any, ...], draws: Replay) -> Any:
        wanted = self._wanted(values)
        per_leaf: list[list[Any]] = []
        outputs: Any = None
        for name, value in wanted.items():
            rest = {n: tangent_like_value(None, v, n) for n, v in wanted.items() if n != name}
            few = not isinstance(value, np.ndarray) or value.size < FEW
            if not (self.alone or self.jit or few or draws):
                found, faster = columns_together(self.driver, values, rest, name, value)
                self.alone = not faster  # from the next call on
                if found is not None:
                    outputs = found[(..., *(0,) * value.ndim)]
                    per_leaf.append([found])
                    continue
            leaves = carriers(value)
            for k, leaf in enumerate(leaves):
                columns = []
                for unit in units(leaf):
                    along = refilled(value, (unit if j == k else None for j in range(len(leaves))))
                    draws.rewind()
                    dots = {**rest, name: tangent_like_value(along, value, name)}
                    outputs, column = pushed(self.driver, values, dots)
                    columns.append(carriers(outputs, column))
                if outputs is None:  # an argument with no entries
                    draws.rewind()
                    outputs = _call(self.driver, isolate(values))
                shape = np.shape(leaf)
                made = [stacked(v, [c[j] for c in columns], shape) for j, v in enumerate(carriers(outputs))]
                per_leaf.append(made)
        return self._arranged(outputs, per_leaf, wanted)

    def _sparse(self, args: tuple[Any, ...], kwargs: dict[str, Any], values: tuple[Any, ...], draws: Replay) -> Any:
        """A SciPy matrix an argument: of the entries of the result by those of the argument, both laid out in a row."""
        wanted = self._wanted(values)
        made = []
        for kept, (name, value) in zip(self.sparse, wanted.items(), strict=True):
            draws.rewind()
            outputs = _call(self.driver, isolate(values))
            if isinstance(outputs, tuple | list | dict) or np.asarray(outputs).dtype.kind != "f":
                what = f"a sparse {self.name} is that of one array or number of floats"
                raise ResultError(what, hint="concatenate the results")
            dtype = np.result_type(np.asarray(outputs), np.asarray(value))
            place = Point(self, args, kwargs, name, np.size(outputs), float(np.finfo(dtype).eps), draws)
            made.append(kept.matrix(place.operator(values), place.near(values), dtype))
        return made[0] if self.single else tuple(made)

    def pull_at(self, args: tuple[Any, ...], kwargs: dict[str, Any], names: Iterable[str]) -> Any:
        """Value and pullback, and where in what it gives the adjoints of ``names`` stand."""
        options: dict[str, Any] = {"tidy": self.tidy, "store": self.store, "jit": self.jit, "rules": self.given_rules}
        pulled = vjp(self.driver.function, *args, **options, **kwargs)
        bound = self.driver.bound
        given = tuple(self.driver.signature.bind(*bound, *args, **kwargs).arguments)[len(bound) :]
        for name in names:
            if name in self.driver.names[: len(bound)]:
                what = f"{self.name} by the object of a method, row by row"
                raise RequestError(what, hint="tl.jacfwd, or tl.jacobian")
            if name not in given:
                raise RequestError(f"the argument {name!r} is left to its default: pass it")
        return (*pulled, given)

    def _rows(self, args: tuple[Any, ...], kwargs: dict[str, Any], values: tuple[Any, ...]) -> Any:
        wanted = self._wanted(values)
        value, pullback, given = self.pull_at(args, kwargs, wanted)
        flat = carriers(value)
        leaves = carriers(tuple(wanted.values()))
        per_leaf: list[list[Any]] = [[] for _ in leaves]
        for k, item in enumerate(flat):
            rows = []
            for unit in units(item):
                seeds = [np.zeros(np.shape(v)) for v in flat]

                def row(seed: Any, k: int = k, seeds: list[Any] = seeds) -> list[Any]:
                    seeds[k] = seed
                    bars = pullback(refilled(value, iter(seeds)))
                    return carriers(tuple(wanted.values()), tuple(bars[given.index(n)] for n in wanted))

                found = row(unit)
                if np.iscomplexobj(item):  # of real arguments: a pullback gives the real part of seed times slope
                    found = [a + 1j * b for a, b in zip(found, row(-1j * unit), strict=True)]
                rows.append(found)
            for j, leaf in enumerate(leaves):
                per_leaf[j].append(stacked_rows(item, [r[j] for r in rows], np.shape(leaf)))
        return self._arranged(value, per_leaf, wanted)

    def _arranged(self, outputs: Any, per_leaf: list[list[Any]], wanted: dict[str, Any]) -> Any:
        """By result first, then by argument: what is given is a list a leaf of the arguments, with an item a result."""
        if not carriers(outputs):
            what = f"the result of {self.driver.__name__} holds no floating-point number"
            raise ResultError(what, hint="return a float or an array of floats")
        asked = next(iter(wanted.values())) if self.single else tuple(wanted.values())
        return refilled(outputs, (refilled(asked, iter(blocks)) for blocks in zip(*per_leaf, strict=True)))


@dataclass(frozen=True, eq=False)
class Point:
    """Where the products of a sparse matrix by the argument ``name`` are taken."""

    matrix: Matrix
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    name: str
    outputs: int
    eps: float
    draws: Replay

    def operator(self, values: tuple[Any, ...]) -> Operator:
        driver, name = self.matrix.driver, self.name
        named = dict(zip(driver.names, values, strict=True))
        value = named[name]
        rest = {n: tangent_like_value(None, named[n], n) for n in self.matrix.wanted_names() if n != name}
        pulled: list[Any] = []

        def push(x_dot: np.ndarray) -> np.ndarray:
            self.draws.rewind()
            dot = tangent_like_value(x_dot.reshape(np.shape(value)), value, name)
            return np.ravel(pushed(driver, values, {**rest, name: dot})[1])

        def pull(y_bar: np.ndarray) -> np.ndarray:
            if not pulled:
                self.draws.rewind()
                args, kwargs = self.called_with(values)
                pulled.extend(self.matrix.pull_at(args, kwargs, (name,)))
            result, pullback, given = pulled
            return np.ravel(pullback(y_bar.reshape(np.shape(result)))[given.index(name)])

        return Operator((self.outputs, np.size(value)), push, pull, self.eps)

    def near(self, values: tuple[Any, ...]) -> Callable[[float], Operator]:
        """The operator where every entry of the argument is moved a little, at random."""

        def at(h: float) -> Operator:
            driver = self.matrix.driver
            k = driver.names.index(self.name)
            value = np.asarray(values[k])
            moved = value + h * np.random.default_rng(1).uniform(0.5, 1.0, value.shape) * np.maximum(1, np.abs(value))
            like = moved.astype(value.dtype) if isinstance(values[k], np.ndarray) else type(values[k])(moved)
            return self.operator((*values[:k], like, *values[k + 1 :]))

        return at

    def called_with(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments as they were passed, with the value of this one."""
        driver = self.matrix.driver
        bound = driver.signature.bind(*driver.bound, *self.args, **self.kwargs)
        if self.name in bound.arguments:
            bound.arguments[self.name] = dict(zip(driver.names, values, strict=True))[self.name]
        return bound.args[len(driver.bound) :], bound.kwargs


def checked_sparsity(sparsity: Any, argnums: Any, name: str) -> tuple[Sparse, ...]:
    """A keeper of patterns for each argument; none where the matrix is a full one."""
    if sparsity is None:
        return ()
    count = len(argnums) if isinstance(argnums, tuple) else 1
    try:
        import scipy.sparse  # noqa: F401 - what it returns is of SciPy
    except ImportError:
        raise RequestError(f"a sparse {name} is a matrix of SciPy, which is not installed") from None
    if isinstance(sparsity, str) and sparsity != "auto":
        raise RequestError(f'sparsity is "auto" or a pattern, not {sparsity!r}')
    if isinstance(sparsity, str):
        return tuple(Sparse(None, name) for _ in range(count))
    if not isinstance(argnums, tuple):
        return (Sparse(sparsity, name),)
    if not isinstance(sparsity, tuple | list) or len(sparsity) != count:
        raise RequestError(f"sparsity by {count} arguments is a tuple of as many patterns")
    return tuple(Sparse(None if isinstance(p, str) else p, name) for p in sparsity)


def _call(driver: DerivativeFunction, values: tuple[Any, ...]) -> Any:
    args, named = spread(tuple(driver.signature.parameters.values()), values)
    return driver.function(*args[len(driver.bound) :], **named)


def units(value: Any) -> Iterator[Any]:
    """The unit tangents of a number or an array, in the order of its entries."""
    for k in range(np.size(value)):
        unit = np.zeros(np.size(value), np.asarray(value).dtype)
        unit[k] = 1
        yield unit.reshape(np.shape(value))


def stacked(value: Any, columns: list[Any], shape: tuple[int, ...]) -> Any:
    """Columns side by side: of the shape of the value, then that of the argument."""
    whole = np.zeros((*np.shape(value), int(np.prod(shape))), np.asarray(value).dtype)
    for k, column in enumerate(columns):
        whole[..., k] = column
    whole = whole.reshape(np.shape(value) + shape)
    return as_number(whole, value)


def stacked_rows(value: Any, rows: list[Any], shape: tuple[int, ...]) -> Any:
    dtype = np.asarray(rows[0]).dtype if rows else float
    whole = np.zeros((len(rows), *shape), dtype)
    for k, row in enumerate(rows):
        whole[k] = row
    whole = whole.reshape(np.shape(value) + shape)
    return as_number(whole, value)


def as_number(whole: np.ndarray, value: Any) -> Any:
    """The derivative of one number by another: an array of no axes only where the result is one."""
    if whole.ndim or isinstance(value, np.ndarray):
        return whole
    return float(whole) if type(value) is float else whole[()]


def jacfwd(
    f: Function,
    argnums: Any = 0,
    *,
    tidy: Any = True,
    store: str = "auto",
    jit: Any = False,
    rules: Rules | None = None,
) -> Callable[..., Any]:
    """The Jacobian of ``f``, column by column: one pass for each entry of the arguments ``argnums``."""
    return Matrix(f, argnums, "forward", tidy, store, "Jacobian", jit, rules)


def jacrev(
    f: Function,
    argnums: Any = 0,
    *,
    tidy: Any = True,
    store: str = "auto",
    jit: Any = False,
    rules: Rules | None = None,
) -> Callable[..., Any]:
    """The Jacobian of ``f``, row by row: one way back for each entry of the result."""
    return Matrix(f, argnums, "reverse", tidy, store, "Jacobian", jit, rules)


def jacobian(
    f: Function,
    argnums: Any = 0,
    *,
    tidy: Any = True,
    store: str = "auto",
    jit: Any = False,
    rules: Rules | None = None,
    sparsity: Any = None,
) -> Callable[..., Any]:
    """The Jacobian of ``f``: by columns where there are no more inputs than outputs, else by rows.

    ``sparsity``: a SciPy matrix in CSR, the entries of the result by those of the argument, from as many products as
    its pattern asks for. ``"auto"`` finds the pattern at the first call; or pass it, as a matrix that is not
    zero where there may be an entry. Each call holds the matrix against one product more: entries outside of
    a pattern that you pass are ``tl.ResultError``; a pattern that was found is found again.
    """
    return Matrix(f, argnums, "", tidy, store, "Jacobian", jit, rules, sparsity)


def hessian(
    f: Function,
    argnums: Any = 0,
    *,
    tidy: Any = True,
    store: str = "auto",
    jit: Any = False,
    rules: Rules | None = None,
    sparsity: Any = None,
) -> Callable[..., Any]:
    """The second derivatives of ``f``, whose result is one number: forward over reverse.

    Of an argument of shape ``t``, of shape ``t + t``; with several in ``argnums``, a tuple of tuples.
    ``sparsity``: as for ``jacobian``, by one argument.
    """
    if sparsity is not None and isinstance(plain_argnums(argnums), tuple):
        raise RequestError("a sparse Hessian is by one argument", hint="concatenate them")
    gradient = grad(f, argnums, tidy=tidy, store=store, rules=rules)
    return Matrix(gradient, argnums, "forward", tidy, store, "Hessian", jit, rules, sparsity)


def hvp(
    f: Function,
    argnums: Any = 0,
    *,
    tidy: Any = True,
    store: str = "auto",
    jit: Any = False,
    rules: Rules | None = None,
) -> Callable[..., Any]:
    """``hvp(f)(*args, v)``: the Hessian of ``f`` with respect to ``argnums`` times ``v``, without the matrix.

    ``v`` is like the argument (with a tuple for ``argnums``: a tuple like the arguments).
    """
    gradient = grad(f, argnums, tidy=tidy, store=store, rules=rules)
    asked = plain_argnums(argnums)
    request = Request(asked, "tangent", plain_tidy(tidy), store=store, jit=plain_jit(jit), rules=given_rules(rules))
    driver = DerivativeFunction(gradient, request)
    names = driver.names

    def product(*args: Any, **kwargs: Any) -> Any:
        if not args:
            raise RequestError("hvp takes the arguments of the function, then the vector")
        *given, vector = args
        try:
            values = driver.in_order(tuple(given), kwargs)
        except TypeError as error:
            raise TypeError(f"{error}; hvp takes the arguments of the function, then the vector") from None
        wanted = driver.request.wanted
        chosen = [w if isinstance(w, str) else names[w] for w in wanted]
        vectors = vector if not driver.request.single else (vector,)
        if len(vectors) != len(chosen):
            raise RequestError(f"hvp by {len(chosen)} arguments takes as many vectors, not {len(vectors)}")
        by_name = dict(zip(names, values, strict=True))
        dots = {n: tangent_like_value(v, by_name[n], n) for n, v in zip(chosen, vectors, strict=True)}
        return slope(driver, values, dots, tuple(chosen))

    product.__name__ = f"hvp_{getattr(f, '__name__', 'f')}"
    product.source_for = lambda *args, **kwargs: source_of_product(jvp, driver, args, kwargs)  # type: ignore[attr-defined]
    return product
