"""Calls that make something to iterate over, or an index: ``zip``, ``enumerate``, ``itertools.product``, ``slice``."""

from __future__ import annotations

from tangent_like.ir.nodes import Call, Const, Expr, Index, Library, Ref, Unary
from tangent_like.kinds.kind import Array, ListOf, Sequence
from tangent_like.rules.problems import NDITER
from tangent_like.specialize import columns, containers, protocols, tables
from tangent_like.specialize.getters import taking
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.turns import needs_turns
from tangent_like.specialize.values import Keywords, Lazy, Leaf, Seq, Value, is_used_up, none


def lazy(form: str) -> Handler:
    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        del hint
        parts = [*args, *(v for n, v in keywords if n == "start")]
        if len(parts) != len(args) + len(keywords):
            other = [n for n, _ in keywords if n not in ("start", "strict")]
            if other:
                raise s.refuse(f"{form}({other[0]}=...)", "", getattr(expr, "at", None))
        if any(n == "strict" and not (isinstance(v, Leaf) and v.known is False) for n, v in keywords):
            known = containers.static_columns(s, tuple(args)) if not any(map(is_used_up, args)) else None
            counted = all(isinstance(a, Leaf) or containers.static_items(s, a) is not None for a in args)
            if known is None and counted and any(isinstance(a, Leaf) for a in args):
                columns.same_lengths(s, [s.materialize(a) for a in args])
            elif known is None or len({len(c) for c in known}) > 1:
                what = "zip(strict=True) of what is not known to be of one length"
                raise s.refuse(what, "assert the lengths, and leave strict out", getattr(expr, "at", None))
        return Lazy(form, tuple(parts))

    return make


def columns_of(s: Spec, rows: Value, expr: Call) -> Value | None:
    """``zip(*rows)`` of a list of pairs whose length only the run tells: a list of what comes first, and of the rest.

    For ``qs, ps = zip(*path)``::

        if not path:
            raise ValueError(...)
        qs = []                             ps = []
        for item in path:                   for item in path:
            qs.append(item[0])                  ps.append(item[1])
    """
    kind = s.kind(rows.expr) if isinstance(rows, Leaf) else None
    item = kind.item if isinstance(kind, ListOf) else None
    count = len(item.items) if isinstance(item, Sequence) else None
    if isinstance(item, Array) and item.dims and item.dims[0] is not None:
        count = item.dims[0].known
    if count is None or not isinstance(rows, Leaf):
        return None
    held = s.held(rows, "rows")
    columns.stop(s, Unary("not", held.expr), "zip(*rows) of no rows has no columns to unpack")
    takers = [taking(s, [k], False, expr.at) for k in range(count)]
    return Seq(tuple(s.tools.as_list(s, Lazy("map", (take, held)), "column") for take in takers))


def of_itertools(form: str, most: int) -> Handler:
    """``itertools.product(a, b)``: what is iterated over; ``most`` arguments, by position."""

    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        del hint
        named = dict(keywords)
        at = getattr(expr, "at", None)
        if form in ("product", "repeat"):  # what comes again and again is one thing
            args = [s.in_names(a, "again") for a in args]
        if form == "product" and "repeat" in named:
            times = containers.known_int(named.pop("repeat"))
            if times is None:
                raise needs_turns(s, "itertools.product as many times as only the run tells", "write the loops out")
            args = args * times
        if form == "accumulate":
            function = args[1] if len(args) > 1 else named.pop("func", none())
            args = [args[0], function, named.pop("initial", none())]
        if form in ("combinations", "permutations", "with_replacement") and "r" in named:
            args = [*args, named.pop("r")]
        if form == "longest":
            args = [s.in_names(named.pop("fillvalue", none()), "fill"), *args]
        if form == "count":
            first = args[0] if args else named.pop("start", Leaf(Const(0), 0))
            args = [first, *(args[1:] or [named.pop("step", Leaf(Const(1), 1))])]
        if named or len(args) > most:
            raise s.refuse(f"this call of itertools.{form}", "write the loop out", at)
        return Lazy(form, tuple(args))

    return make


def refused(what: str, hint: str) -> Handler:
    """What is not followed, and what to write instead."""

    def refuse(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, _: str) -> Value | None:
        del args, keywords
        raise s.refuse(what, hint, getattr(expr, "at", None))

    return refuse


def ndindex(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``np.ndindex(n, m)``, ``np.ndindex(a.shape)``."""
    del keywords, hint
    sizes = args
    if len(args) == 1 and isinstance(args[0], Leaf) and isinstance(kind := s.kind(args[0].expr), Sequence):
        shape = s.held(args[0], "shape").expr
        sizes = [Leaf(Index(shape, Const(k))) for k in range(len(kind.items))]
    elif len(args) == 1 and not isinstance(args[0], Leaf):
        sizes = containers.static_items(s, args[0]) or []
    if not sizes:
        raise s.refuse("np.ndindex of this", "loop over ranges", getattr(expr, "at", None))
    return Lazy("product", tuple(Lazy("range", (size,)) for size in sizes))


def chained(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``chain.from_iterable(rows)``."""
    del keywords, hint
    rows = containers.static_items(s, args[0])
    if rows is None:
        raise s.refuse("chain.from_iterable of this", "write two loops", getattr(expr, "at", None))
    return Lazy("chain", tuple(rows))


def sliced(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``slice(a, b)`` in a variable: an index."""
    del keywords, expr, hint
    return Lazy("slice", tuple(s.settled(a, "bound") for a in args))


def iterator(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``iter(xs)``, which gives each item once."""
    del s, keywords, expr, hint
    return args[0] if is_used_up(args[0]) else Lazy("iter", (args[0],))


def several(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``itertools.tee(xs)`` of what can be gone through again."""
    del keywords, hint
    count = containers.known_int(args[1]) if len(args) == 2 else 2
    if count is None or len(args) > 2 or is_used_up(args[0]):
        raise s.refuse("itertools.tee of this", "make a list of the items", getattr(expr, "at", None))
    return Seq(tuple(Lazy("iter", (args[0],)) for _ in range(count)))


ITERATES = frozenset(
    f"builtins.{name}"
    for name in ("enumerate", "zip", "reversed", "map", "filter", "iter", "list", "tuple", "sum", "min", "max", "any",
                 "all", "sorted")
)  # fmt: skip


def iterated(s: Spec, ref: Ref, args: list[Value], expr: Expr | None) -> list[Value]:
    """The arguments of a call, objects that it iterates over as what they give."""
    target = ref.target
    if not isinstance(target, Library):
        return args
    if target.module != "itertools" and f"{target.module}.{target.qualname}" not in ITERATES:
        return args
    if target.qualname == "sorted" and args and tables.is_table(args[0], s):
        return args
    asked = range(len(args)) if target.module == "itertools" else gone_over(target.qualname, len(args))
    found = [protocols.in_parts(s, protocols.iterable(s, a, expr)) if k in asked else a for k, a in enumerate(args)]
    return [once(s, v) for v in found] if target.qualname in CONSUMERS else found


def gone_over(name: str, count: int) -> range:
    """Which arguments of a builtin are gone over: of ``sum(vs, start)`` the first, of ``max(v, w)`` none."""
    if name in ("map", "filter"):
        return range(1, count)
    if name in ("max", "min"):
        return range(count if count == 1 else 0)
    return range(count if name == "zip" else 1)


CONSUMERS = ("list", "tuple", "sum", "min", "max", "sorted")


def once(s: Spec, value: Value) -> Value:
    """What ``map`` gives where the function is called for all of it, once: it may do more than give something."""
    items = containers.static_items(s, value) if isinstance(value, Lazy) and value.form == "map" else None
    return value if items is None else Seq(tuple(items))


HANDLERS: dict[str, Handler] = {
    "builtins.slice": sliced,
    "itertools.product": of_itertools("product", 20),
    "itertools.chain": of_itertools("chain", 100),
    "itertools.chain.from_iterable": chained,
    "itertools.combinations": of_itertools("combinations", 2),
    "itertools.combinations_with_replacement": of_itertools("with_replacement", 2),
    "itertools.permutations": of_itertools("permutations", 2),
    "itertools.pairwise": of_itertools("pairwise", 1),
    "itertools.zip_longest": of_itertools("longest", 20),
    "itertools.takewhile": of_itertools("takewhile", 2),
    "itertools.dropwhile": of_itertools("dropwhile", 2),
    "itertools.filterfalse": of_itertools("filterfalse", 2),
    "itertools.starmap": of_itertools("starmap", 2),
    "itertools.repeat": of_itertools("repeat", 2),
    "itertools.islice": of_itertools("islice", 4),
    "itertools.count": of_itertools("count", 2),
    "itertools.cycle": of_itertools("cycle", 1),
    "itertools.accumulate": of_itertools("accumulate", 3),
    "itertools.tee": several,
    "itertools.batched": refused("itertools.batched", "loop over range(0, len(xs), n)"),
    "numpy.nditer": refused("np.nditer", NDITER),
    "numpy.ndindex": ndindex,
    "numpy.ndenumerate": of_itertools("ndenumerate", 1),
    "builtins.range": lazy("range"),
    "builtins.enumerate": lazy("enumerate"),
    "builtins.zip": lazy("zip"),
    "builtins.reversed": lazy("reversed"),
    "builtins.map": lazy("map"),
    "builtins.filter": lazy("filter"),
    "builtins.iter": iterator,
}
