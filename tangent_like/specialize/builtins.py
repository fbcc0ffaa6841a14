"""Builtins and the standard library, where they are given functions or what has structure."""

from __future__ import annotations

from dataclasses import replace

from tangent_like.frontend.live import is_matrix
from tangent_like.frontend.method_calls import is_unbound
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Library, List, Ref, UserFunction
from tangent_like.kinds.kind import Array, ListOf, Scalar, Sequence, Unknown
from tangent_like.rules.solutions import SOLUTIONS
from tangent_like.specialize import (
    asked_by_name,
    attributes,
    attributes_by_name,
    batching,
    checkpoints,
    collected,
    comprehensions,
    construct,
    containers,
    copies,
    getters,
    groups,
    inherited,
    iterables,
    iterate,
    library_objects,
    local_classes,
    matrices,
    object_lists,
    object_places,
    operator_functions,
    operators,
    ordering,
    outside_tables,
    protocols,
    records,
    reversing,
    sets,
    setting,
    special_methods,
    tables,
    texts,
    types_asked,
    words,
)
from tangent_like.specialize.by_functions import BY_FUNCTIONS
from tangent_like.specialize.either import by_options
from tangent_like.specialize.every_item import every_item
from tangent_like.specialize.extremes import extreme, keys_of_dict
from tangent_like.specialize.in_steps import IN_STEPS
from tangent_like.specialize.library_objects import is_distribution
from tangent_like.specialize.odes import PROGRAMS
from tangent_like.specialize.scipy_solvers import SCIPY_HANDLERS
from tangent_like.specialize.solutions import solver
from tangent_like.specialize.sparse import HANDLERS as SPARSE
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import (
    UNSET,
    Class,
    Content,
    Either,
    Fn,
    Handle,
    Kept,
    Keywords,
    Lazy,
    Leaf,
    Maybe,
    Outer,
    Partial,
    Seq,
    Value,
    none,
    object_of,
)

LEN = builtin_ref("len")


def call(
    s: Spec, ref: Ref, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str
) -> Value | None:
    """A call of something of a library; None where it is a call of the core."""
    target = ref.target
    assert isinstance(target, Library) or not isinstance(target, UserFunction)
    if not isinstance(target, Library):
        return None
    name = f"{target.module}.{target.qualname}"
    handler = HANDLERS.get(name) or HANDLERS.get(f"{target.module.lstrip('_')}.{target.qualname}")
    if is_matrix(target.obj):
        return matrices.live(s, ref, args, keywords, expr, hint)
    if (found := inherited.call(s, target.obj, args, keywords, expr, hint)) is not None:
        return found
    if is_unbound(target.obj) and args:  # ``put = list.append; put(xs, x)``
        method = target.qualname.rpartition(".")[2]
        asked = Attribute(Const(None), method, getattr(expr, "at", None))
        return s.call(attributes.get(s, args[0], method, asked), args[1:], keywords, expr, hint)
    if is_distribution(target):
        return library_objects.frozen(s, ref, args, keywords, expr)
    if name in ("builtins.max", "builtins.min"):
        args = [a.items if isinstance(a, Maybe) else a for a in args]
    return None if handler is None else handler(s, args, keywords, expr, hint)


def length(s: Spec, args: list[Value], _: Keywords, expr: Expr | None, __: str) -> Value | None:
    if isinstance(value := args[0].items if isinstance(args[0], Maybe) else args[0], Either):
        return by_options(s, value, lambda v: length(s, [v], [], expr, "") or Leaf(Call(LEN, (s.materialize(v),))))
    if isinstance(value, Kept):
        return outside_tables.length(s, value)
    if isinstance(value, Leaf):
        return Leaf(Const(len(value.known)), len(value.known)) if isinstance(value.known, str) else None
    if isinstance(value, Handle) and s.content(value).form == "object":
        return operators.special(s, "__len__", value, expr)
    members = protocols.enum_members(value) if isinstance(value, Class) else None
    if members is not None:
        return Leaf(Const(len(members)), len(members))
    found = containers.length(s, value) if (held := object_of(value)) is None else counted_attributes(s, held)
    if found is None and isinstance(value, Lazy) and value.form == "range":
        return Leaf(Call(LEN, (Call(builtin_ref("range"), tuple(map(s.materialize, value.parts))),)))
    if found is None:
        raise s.refuse("len of this", "", getattr(expr, "at", None))
    return found


def counted_attributes(s: Spec, held: Handle) -> Leaf:
    """``len(vars(self))``."""
    containers.refuse_open(s, held)
    count = len(containers.certain(s, held).items)
    return Leaf(Const(count), count)


def listed(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    del keywords
    if not args:
        if expr in s.facts.dynamic:
            return Leaf(Call(builtin_ref("list"), ()))
        return containers.new_list(s, [], hint, expr)
    if object_places.is_one(args[0], s):
        return object_lists.joined(s, args[:1], hint, iterate.over)
    items = containers.static_items(s, args[0])
    if items is not None and expr in s.facts.dynamic:
        return Leaf(List(tuple(s.materialize(v) for v in items)))
    if items is not None:
        return containers.new_list(s, items, hint, expr)
    if isinstance(args[0], Leaf) and isinstance(s.kind(args[0].expr), Unknown):
        return comprehensions.as_list(s, Lazy("iter", (args[0],)), hint)
    if isinstance(args[0], Lazy):
        return comprehensions.as_list(s, args[0], hint, "", expr)
    return None


def tupled(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    del keywords
    if not args:
        return Seq(())
    items = containers.static_items(s, args[0])
    if items is not None:
        return Seq(tuple(items))
    unknown = isinstance(args[0], Leaf) and isinstance(s.kind(args[0].expr), Unknown)
    if unknown or isinstance(args[0], Lazy):
        made = comprehensions.as_list(s, Lazy("iter", (args[0],)) if unknown else args[0], hint, "", expr)
        if object_places.is_one(made, s):
            return made
        if isinstance(made, Handle):
            return Seq(s.content(made).values)
        return Leaf(Call(builtin_ref("tuple"), (s.materialize(made),), (), getattr(expr, "at", None)))
    return None


def dicted(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    if expr in s.facts.dynamic:
        return tables.copied(s, args, keywords, hint, expr, iterate.over)
    table: dict[object, Value] = {}
    if args:
        items = containers.static_items(s, args[0])
        unknown = (isinstance(args[0], Leaf) and args[0].part is not None) or object_of(args[0]) is not None
        if unknown or isinstance(args[0], Outer) or (isinstance(args[0], Handle) and s.content(args[0]).form == "dict"):
            table.update(containers.dict_items(s, args[0]))
        elif items is not None or (items := every_item(s, args[0])) is not None:
            for pair in items:
                parts = containers.sequence(s, pair)
                key = containers.constant_key(s, parts[0]) if parts is not None and len(parts) == 2 else UNSET
                if parts is None or key is containers.MISSING:
                    if parts is not None and s.facts.tables:
                        s.facts.learn_table(expr)
                    raise s.refuse("a dict with keys that only the run tells", "use constant keys")
                table[key] = parts[1]
        elif s.facts.tables and isinstance(args[0], Handle | Lazy | Leaf):
            s.facts.learn_table(expr)
        else:
            raise s.refuse("a dict of this", "use constant keys")
    table.update(keywords)
    return s.settled(s.allocate(Content("dict", tuple(table.items()), None, hint, expr)), hint)


def ordered(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``OrderedDict``: a dict that says what it is."""
    made = dicted(s, args, keywords, expr, hint)
    if isinstance(made, Handle) and s.content(made).form == "dict":
        s.state.heap[made.id] = replace(s.content(made), made_as="OrderedDict")
    return made


def from_keys(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``dict.fromkeys``: one value for all of the keys."""
    if expr in s.facts.dynamic:
        table = tables.copied(s, [], [], hint, expr, iterate.over)
        held = s.in_names(args[1], hint or "value") if len(args) > 1 else none()
        iterate.over(s, args[0], lambda k: tables.store(s, table, k, "", held))
        return table
    keys = every_item(s, args[0]) if args else None
    known = [containers.constant_key(s, k) for k in keys or ()]
    if keys is None or keywords or any(k is containers.MISSING for k in known):
        if args and not keywords and s.facts.tables:
            s.facts.learn_table(expr)
        raise s.refuse("a dict with keys that only the run tells", "use constant keys", getattr(expr, "at", None))
    value = s.settled(args[1], hint) if len(args) > 1 else none()
    return s.allocate(Content("dict", tuple((k, value) for k in dict.fromkeys(known)), None, hint, expr))


def reduced(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``functools.reduce`` of a function known by name."""
    del keywords
    items = containers.static_items(s, args[1])
    if items is None and isinstance(args[1], Lazy) and not (len(args) > 2 and isinstance(args[2], Leaf)):
        args[1] = comprehensions.as_list(s, args[1], hint or "terms")
        items = containers.static_items(s, args[1])
    if items is None:
        return comprehensions.fold(s, args[0], args[1], args[2] if len(args) > 2 else None, hint)
    rest = list(items)
    if len(args) > 2:
        total = args[2]
    elif rest:
        total = rest.pop(0)
    else:
        raise s.refuse("reduce of nothing", "give it a first value", getattr(expr, "at", None))
    for item in rest:
        total = s.call(args[0], [total, item])
    return total


def summed(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``sum`` of what is known item by item where the items are objects or tuples; else that of the core."""
    args[0] = value = keys_of_dict(s, args[0])
    items = containers.static_items(s, value) if not isinstance(value, Leaf) else None
    made: Value | None = None
    start = args[1] if len(args) > 1 else dict(keywords).get("start")
    of_objects = isinstance(start, Handle) and attributes.has(s, start, "__add__")
    if items is None and start is not None and (of_objects or containers.sequence(s, start) is not None):
        items = s.tools.every_item(s, value)
        if items is None:
            what, how = ("objects", "add them up") if of_objects else ("lists", "extend a list")
            raise s.refuse(f"sum of {what}", f"{how} in a loop", getattr(expr, "at", None))
    if isinstance(value, Lazy) and items is None:
        made = comprehensions.as_list(s, value, hint or "terms")
        rest = () if start is None else (s.materialize(start),)
        if isinstance(made, Leaf):
            no_objects(s, made, expr)
            return Leaf(Call(builtin_ref("sum"), (made.expr, *rest), (), getattr(expr, "at", None)))
        items = containers.static_items(s, made)
    if items is None:
        no_objects(s, value, expr)
        return None
    if all(isinstance(v, Leaf) for v in items) and (start is None or isinstance(start, Leaf)):
        if not items and start is None:
            return Leaf(Const(0), 0)
        if all(isinstance(s.kind(v.expr), Scalar) for v in items if isinstance(v, Leaf)):
            if made is not None:  # what a generator does is done
                args[0] = made
            return None  # compensated from Python 3.12 on: the call itself is kept
    total: Value = start if start is not None else Leaf(Const(0), 0)
    for k, item in enumerate(items):
        if k == 0 and start is None and isinstance(item, Leaf):
            total = Leaf(Binary("+", Const(0), item.expr))
            continue
        total = s.tools.binary(s, "+", total, item, expr or Const(0))
    return total


def no_objects(s: Spec, value: Value, expr: Expr | None) -> None:
    """Nothing of a class that says itself what ``+`` is: of those only the run tells how many there are."""
    kind = s.kind(value.expr) if isinstance(value, Leaf) else None
    if isinstance(kind, ListOf) and isinstance(kind.item, Sequence) and kind.item.of is not None:
        raise s.refuse("sum of named tuples", "add them up in a loop", getattr(expr, "at", None))


def quantified(name: str) -> Handler:
    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        del keywords, expr, hint
        if isinstance(args[0], Lazy):
            return comprehensions.quantified(s, name, args[0])
        return None

    return make


def is_callable(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    del keywords, expr, hint
    value = args[0]
    if isinstance(value, Leaf):
        kind = s.kind(value.expr)
        known = value.known
        answer = isinstance(value.expr, Ref) and callable(known) if known is not UNSET else None
        if isinstance(kind, Scalar | Array) or known is None:
            answer = False
        if isinstance(value.expr, Ref) and isinstance(value.expr.target, UserFunction):
            answer = True
        return None if answer is None else Leaf(Const(answer), answer)
    answer = not isinstance(value, Seq) and (not isinstance(value, Handle) or attributes.has(s, value, "__call__"))
    return Leaf(Const(answer), answer)


def partial(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    del expr
    settled = [s.settled(a, hint or "held") for a in args[1:]]
    return Partial(args[0], tuple(settled), tuple((n, s.settled(v, n)) for n, v in keywords))


def wraps(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``functools.wraps(f)`` changes names only."""
    del s, keywords, expr, hint
    return Partial(Leaf(WRAPPED), tuple(args[:1]), ())


def wrapped(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """What ``functools.wraps(f)`` makes of a function: it goes by the name of ``f``."""
    del s, keywords, expr, hint
    named, inner = args[0], args[-1]
    return replace(inner, named=named.name) if isinstance(named, Fn) and isinstance(inner, Fn) else inner


def shown(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``tqdm(xs, desc="training")``: the bar is not drawn in a derivative, what it is drawn for is gone through."""
    del hint
    given = [*args, *(v for n, v in keywords if n == "iterable")]
    if len(given) != 1:
        raise s.refuse("a progress bar of no iterable", "pass what is gone through", getattr(expr, "at", None))
    return given[0]


def counted(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``trange(n)`` is ``tqdm(range(n))``."""
    del keywords
    return s.call(Leaf(builtin_ref("range")), args, [], expr, hint)


BARS = ("tqdm", "tqdm.std", "tqdm.auto", "tqdm.notebook")


def cached(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``lru_cache`` and ``lru_cache(maxsize=...)``, ``cache``: the function, followed as ``cached_results`` says."""
    del keywords, expr, hint
    match args:
        case [Fn() as fn]:
            return replace(fn, cached=True)
        case [found] if not isinstance(found, Leaf) or isinstance(found.expr, Ref):  # others may call it without
            raise s.refuse("a cache put on a function here", "put it on the def")
        case _:
            return Partial(Leaf(CACHE), (), ())


def text(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``str`` of what is known, and of objects."""
    del keywords, hint
    if len(args) == 1 and (shown_ := words.text_of(s, args[0], expr)) is not None:
        return shown_
    found = texts.constant(s, args[0]) if len(args) == 1 and isinstance(args[0], Leaf) else UNSET
    return None if found is UNSET else Leaf(Const(str(found)), str(found))


def printed(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    del s, args, keywords, expr, hint
    return None


CACHE = Ref("cache", Library("functools", "cache", None))
WRAPPED = Ref("wraps", Library("tangent_like", "wrapped", None))

HANDLERS: dict[str, Handler] = {
    **iterables.HANDLERS,
    "builtins.sorted": ordering.in_order,
    "collections.deque": collected.deque,
    "collections.defaultdict": collected.default_dict,
    "collections.OrderedDict": ordered,
    "collections.Counter": collected.counter,
    "builtins.len": length,
    "builtins.list": listed,
    "builtins.str": text,
    "builtins.tuple": tupled,
    "builtins.dict": dicted,
    "builtins.dict.fromkeys": from_keys,
    "builtins.sum": summed,
    "builtins.min": extreme("min"),
    "builtins.max": extreme("max"),
    "builtins.any": quantified("any"),
    "builtins.all": quantified("all"),
    "builtins.isinstance": types_asked.instance,
    "builtins.type": types_asked.type_of,
    "builtins.getattr": asked_by_name.attribute,
    "builtins.setattr": asked_by_name.set_attribute,
    "builtins.hasattr": asked_by_name.has_attribute,
    "builtins.delattr": setting.deleted,
    "builtins.object.__setattr__": asked_by_name.set_past,
    "builtins.object.__getattribute__": asked_by_name.attribute,
    "builtins.object.__new__": construct.new,
    "builtins.issubclass": types_asked.subclass,
    "numpy.isscalar": types_asked.scalar,
    "numpy.ndim": types_asked.rank,
    "builtins.callable": is_callable,
    **special_methods.HANDLERS,
    **attributes_by_name.HANDLERS,
    "functools.partial": partial,
    "functools.reduce": reduced,
    "functools.wraps": wraps,
    "functools.cache": cached,
    "functools.lru_cache": cached,
    "tangent_like.wrapped": wrapped,
    **{f"{module}.tqdm": shown for module in BARS},
    **{f"{module}.trange": counted for module in BARS},
    **dict.fromkeys(("tqdm.asyncio.tqdm_asyncio", "tqdm.notebook.tqdm_notebook"), shown),
    **copies.HANDLERS,
    **local_classes.HANDLERS,
    **sets.HANDLERS,
    "tangent_like.grad": matrices.derivative(False),
    "tangent_like.value_and_grad": matrices.derivative(True),
    **matrices.HANDLERS,
    **checkpoints.HANDLERS,
    **getters.HANDLERS, **groups.HANDLERS, **operator_functions.HANDLERS,
    **reversing.HANDLERS,
    **batching.HANDLERS,
    **PROGRAMS,
    **{f"{module}.{name}": solver(name) for name in SOLUTIONS for module in ("tangent_like", "tangent_like.runtime")},
    **records.HANDLERS,
    **SCIPY_HANDLERS, **BY_FUNCTIONS, **IN_STEPS, **library_objects.HANDLERS, **SPARSE,
}
