"""The two sweeps put together: a gradient in one function, or the halves of one in two."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from tangent_like.analysis.live import Memory, keep_live
from tangent_like.analysis.surely import surely_read
from tangent_like.errors import ResultError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import definitely_bound
from tangent_like.ir.build import ONE, builtin_ref, is_number, np_call, simplify
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Const,
    Do,
    Expr,
    Function,
    Library,
    List,
    Name,
    Param,
    Push,
    Ref,
    Return,
    Stmt,
    Tuple,
)
from tangent_like.ir.walk import binds, blocks, last_return, names, reads, same, statements, substitute
from tangent_like.kinds.kind import (
    SOME_COMPLEX,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    Unknown,
    as_real,
    dims_of,
    is_complex,
    is_float,
    item_of,
)
from tangent_like.transform.accumulate import State, contribute, is_double, is_fresh, zero
from tangent_like.transform.call_plan import CallPlan
from tangent_like.transform.contribution import Contribution
from tangent_like.transform.derive import Prepared, bound_to_nothing
from tangent_like.transform.flat import copies
from tangent_like.transform.in_numbers import in_numbers
from tangent_like.transform.reverse import backward_block, forward_block
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.stages import Stage, Swept
from tangent_like.transform.sure_floats import add_zero, is_sure_float, sure_floats
from tangent_like.transform.sweep import quoted


def gradient(p: Prepared, name: str, with_value: bool, single: bool, held: Container[str] = ()) -> Function:
    """``grad_f(args)``: forward what is needed, back from a seed of 1, the adjoints asked for.

    ``held``: the arrays that the text holds to real floating-point numbers, of whatever precision, on entry.
    """
    check_result(p)
    state = State()
    back: list[Stmt] = []
    back.extend(returned_flow(p, {p.returned.seeds[0]: ONE}, state) if p.returned.seeds else [])
    back.extend(backward_block(p.body, state, p.sweep))
    p, early = before_writes(p, state)
    results = tuple(
        early.get(n) or (of_its_dtype(n, state, p, back) if n in held else final(n, state, p)) for n in p.wrt
    )
    forward = list(forward_block(p.body, p.sweep))
    mixed = [isinstance(k := p.typing.params.get(n), Scalar) and k.mixed for n in p.wrt]
    if any(mixed):
        sure = sure_floats([*forward, *back])
        results = tuple(
            add_zero(r) if any_type and not is_sure_float(r, sure) else r
            for r, any_type in zip(results, mixed, strict=True)
        )
    gradients: Expr = results[0] if single else Tuple(results)
    ending: list[Stmt] = []
    front: list[Stmt] = []
    value: Expr = p.result
    check = not isinstance(p.typing.result[-1], Scalar) and not _one_entry(p)
    if with_value:
        value, keep = kept_value(p, back)
        front.extend(keep)
    if check:
        front.append(Do(Call(helper("one_number"), (value,))))
    if with_value:
        ending.append(Return(Tuple((value, gradients))))
    else:
        ending.append(Return(gradients))
    return finish(p, name, [*forward, *front], [*back, *ending], p.function.params)


def _one_entry(p: Prepared) -> bool:
    dims = dims_of(p.typing.result[-1])
    return dims is not None and all(p.typing.sizes.is_one(d) for d in dims)


def check_result(p: Prepared) -> None:
    """A gradient is of one number."""
    kind = p.typing.result[-1]
    place = place_of(next(s.origin for s in p.body if isinstance(s, Return)) or p.function.origin)
    if isinstance(kind, Sequence | ListOf):
        what = "a list" if isinstance(kind, ListOf) else f"{len(kind.items)} values"
        raise ResultError(
            f"the result of {p.function.name} is {what}, and grad takes one number",
            place,
            "use vjp, or return one number",
        )
    if is_complex(kind):
        raise ResultError(
            f"the result of {p.function.name} is complex, and grad takes a real number",
            place,
            "use vjp, or return its size (np.abs) or one of its parts",
        )
    if not is_float(kind):
        what = kind.type if isinstance(kind, Scalar) else getattr(kind, "what", getattr(kind, "dtype", "?"))
        raise ResultError(
            f"the result of {p.function.name} is of kind {what}, not floating point",
            place,
            "return a float",
        )
    dims = dims_of(kind)
    if dims is not None and any(p.typing.sizes.is_one(d) is False for d in dims):
        raise ResultError(
            f"the result of {p.function.name} is an array, and grad takes one number",
            place,
            "use vjp or jacobian, or return a sum",
        )


def returned_flow(p: Prepared, table: dict[str, Expr], state: State) -> list[Stmt]:
    """What the result's adjoint gives to the names in the returned expression."""
    out: list[Stmt] = []
    last = last_return(p.body)
    for name, expr in p.returned.temps:
        out.append(Assign((name,), (value := simplify(substitute(expr, table)),)))
        # 1.0 times a whole number is that number by now
        p.returned.env[name] = p.typing.kind(value, p.returned.env)  # type: ignore[index]
    for part in p.returned.parts:
        value = simplify(substitute(part.value, table))
        if is_number(value, 0):
            continue
        value = in_numbers(value, lambda e: p.typing.kind(e, p.returned.env), part.kind, part.value)
        kind = p.typing.kind(value, p.returned.env)
        out.extend(contribute(Contribution(part.path, value, part.kind, kind, part.fancy), state, p.sweep))
    return [*quoted(last.origin), *out] if out and not isinstance(last.value, Name) else out


def kept_value(p: Prepared, back: list[Stmt]) -> tuple[Expr, list[Stmt]]:
    """The primal's value as it was, whatever the way back restores."""
    overwritten = {n for s in statements(tuple(back)) for n in binds(s)}
    result = p.result
    kind = p.typing.result[-1]
    if isinstance(result, Name) and isinstance(kind, Scalar) and result.id not in overwritten:
        return result, []
    if isinstance(result, Const):
        return result, []
    name = p.namer.fresh("value")
    value: Expr = result
    if not isinstance(kind, Scalar):
        value = Call(helper("isolate"), (result,))
    return Name(name), [Assign((name,), (value,), None)]


def before_writes(p: Prepared, state: State) -> tuple[Prepared, dict[str, Name]]:
    """Zeros for what no result depends on, made before it is written: what is of unknown kind may get longer."""
    written = [n for n in p.wrt if n in p.copied and n not in state.owned and not p.sweep.is_shadow(n)]
    unknown = [n for n in written if isinstance(p.typing.overall.get(n, UNKNOWN), Unknown)]
    early = {n: Name(p.namer.fresh(f"{n}_bar")) for n in unknown}
    made = [Assign((bar.id,), (Call(helper("zeros_or_none"), (Name(n),)),)) for n, bar in early.items()]
    return replace(p, entry=(*made, *p.entry)), early


def final(name: str, state: State, p: Prepared) -> Expr:
    """The gradient for a parameter: its own memory, its own dtype and shape."""
    own, given = p.typing.overall.get(name, UNKNOWN), p.typing.params.get(name)
    if p.sweep.is_shadow(name):
        return Name(p.sweep.shadows[name])
    if name not in state.owned:
        if isinstance(own, Sequence):
            return Call(helper("like_list"), (zero(name, own), Name(name)))
        if isinstance(own, Array) and isinstance(given, Array) and given.dtype not in (None, own.dtype):
            return np_call("zeros_like", Name(name), dtype=Const(given.dtype))  # the name may be of another by then
        return zero(name, own)
    bar: Expr = Name(p.sweep.bar(name))
    if rebound_as_complex(name, p):
        own, bar = as_real(p.typing.params[name]), np_call("real", bar)
    if isinstance(own, Array) and isinstance(given, Array) and own.dtype != given.dtype in ("float32", "float64"):
        if given.rank:  # as after x = x.astype(np.float32)
            return Call(Attribute(bar, "astype"), (Const(given.dtype),))
    if isinstance(own, Array) and (own.dtype in (None, SOME_COMPLEX) or own.rank is None):
        own = own if given is None else given
    if isinstance(own, Array) and own.dtype in (None, SOME_COMPLEX):
        return Call(helper("matching" if is_complex(own) else "like"), (bar, Name(name)))
    if isinstance(own, Array):
        if own.rank == 0:
            kept = {"dtype": Const(own.dtype)} if own.dtype not in (None, "float64") else {}
            return np_call("array", bar, **kept)
        if own.dtype not in (None, "float64", "complex128"):
            return Call(Attribute(bar, "astype"), (Const(own.dtype),))
        return bar if state.owned[name] and isinstance(bar, Name) else Call(Attribute(bar, "copy"), ())
    if isinstance(own, ListOf | Sequence):
        whole = helper("matching" if is_complex(own) else "like_list")
        return bar if exact_items(own, p) else Call(whole, (bar, Name(name)))
    if isinstance(own, Scalar):
        mixed = any(getattr(k, "dtype", None) in ("float32", "float16", "complex64") for k in p.typing.overall.values())
        if own.dtype is not None and (own.dtype != "float64" or mixed):
            return np_call(own.dtype, bar)
        if is_complex(own):
            return Call(builtin_ref("complex"), (bar,))
        return Call(builtin_ref("float"), (bar,)) if mixed else bar
    return Call(helper("matching" if is_complex(own) else "like"), (bar, Name(name)))


def of_its_dtype(name: str, state: State, p: Prepared, back: list[Stmt]) -> Expr:
    """As ``final``, for an array of known rank that is known to be of real floating-point numbers."""
    if name not in state.owned or p.sweep.is_shadow(name) or not isinstance(p.typing.overall.get(name), Array):
        return final(name, state, p)
    bar = Name(p.sweep.bar(name))
    bound = [s for s in statements(tuple(back)) if isinstance(s, Assign) and bar.id in s.targets]
    start = zero(name, p.typing.overall[name])
    if state.owned[name] and all(len(s.values) == 1 and same(s.values[0], start) for s in bound):
        return bar
    dtype = Attribute(Name(name), "dtype")
    return Call(Attribute(bar, "astype"), (dtype,), (("copy", Const(False)),) if state.owned[name] else ())


def exact_items(kind: Kind, p: Prepared) -> bool:
    """Are the items of the adjoint of a list certain to be of the types of its own?"""
    item = kind.item if isinstance(kind, ListOf) else None
    while isinstance(item, ListOf):
        item = item.item
    if isinstance(item, Array):
        return item.dtype == "float64"
    if p.sweep.flat and is_double(item):  # NumPy's or Python's: the next derivative does not ask
        return True
    kinds = p.typing.overall.values()
    python = all(isinstance(k, Scalar | ListOf | Plain) and getattr(k, "dtype", None) is None for k in kinds)
    return isinstance(item, Scalar) and item.dtype is None and not item.mixed and python


def lists(p: Prepared) -> list[Stmt]:
    """The lists that values wait in, empty."""
    return [Assign((slot.name,), (List(()),)) for slot in p.sweep.lists.values()]


def finish(p: Prepared, name: str, front: list[Stmt], back: list[Stmt], params: tuple[Param, ...]) -> Function:
    """One function of a forward and a reverse part, without what nobody needs."""
    live: set[str] = set()
    memory, back_memory = memories(p, front)
    back_kept = keep_live(tuple(back), live, back_memory, p.outside.has_effects)
    sizing = [n for n in sized_by(back_kept) if n in live]
    front = [*lists(p), *p.entry, *front]
    front_kept = keep_live(tuple(front), live, memory, p.outside.has_effects)
    watch_sweeps(p, name, (tuple(front), tuple(back)), (front_kept, back_kept))
    empty = unset(sizing, front_kept, p, [])
    return Function(name, params, (*empty, *front_kept, *back_kept), p.function.origin, "", "")


def watch_sweeps(p: Prepared, name: str, before: tuple[Block, Block], after: tuple[Block, Block]) -> None:
    kept = {slot.name: value for (value, _), slot in p.sweep.lists.items()}
    kept |= {slot.name: value for (_, value, _), slot in p.sweep.singles.items()}
    saved = frozenset(plan.saved for plan in p.sweep.plans.of.values() if isinstance(plan, CallPlan))
    swept = Swept(before, *after, p.typing, kept, saved, dict(p.sweep.bars))
    function = Function(name, p.function.params, (*after[0], *after[1]), p.function.origin)
    p.outside.watch(Stage("live", function, p.given, swept))


def each_its_own(front: Iterable[Stmt]) -> frozenset[str]:
    """The stacks of lists that are made anew where they are kept: no two entries are one list."""
    own: set[str] = set()
    others: set[str] = set()

    def walk(block: Block) -> None:
        made = {s.targets[0] for s in block if isinstance(s, Assign) and isinstance(s.values[0], List)}
        for stmt in block:
            if isinstance(stmt, Push):
                kept = stmt.value.id if isinstance(stmt.value, Name) else ""
                (own if kept in made and stmt.list not in own else others).add(stmt.list)
            for inner in blocks(stmt):
                walk(inner)

    walk(tuple(front))
    return frozenset(own - others)


def memories(p: Prepared, front: Iterable[Stmt]) -> tuple[Memory, Memory]:
    """What shares memory on the way forward, and on the way back, where lists kept one by one are told apart."""
    memory, apart = memory_of_sweeps(p), each_its_own(front)
    return memory, memory_of_sweeps(p, apart) if apart else memory


def memory_of_sweeps(p: Prepared, apart: frozenset[str] = frozenset()) -> Memory:
    """Shadows of one class share memory as their names do; slots ``apart`` do not with what was taken from them."""
    class_of = dict(p.aliases.linked_of)
    members = dict(p.aliases.linked)
    shared = p.aliases.shared_links()
    for name, shadow in p.sweep.shadows.items():
        own = class_of.get(name, name)
        class_of[shadow] = f"shadow of {own}"
        members[f"shadow of {own}"] = (*members.get(f"shadow of {own}", ()), shadow)
        shared.add(f"shadow of {own}")
    kept = {(name, slot.name) for (name, what), slot in p.sweep.lists.items() if not what}
    kept |= {(name, slot.name) for (_, name, _), slot in p.sweep.singles.items()}
    for name, slot_name in sorted(kept):
        if p.aliases.is_written(name) and slot_name not in apart:  # what is kept is memory: a write is seen there
            own = p.aliases.link(name)
            class_of[slot_name] = own
            members[own] = (*members.get(own, (name,)), slot_name)
    for plan in p.sweep.plans.of.values():
        if isinstance(plan, CallPlan):  # what a callee keeps may be memory that is put back later
            held = plan.reads.memory | plan.reads.returned
            shared |= {p.aliases.link(n) for n in held if p.aliases.is_written(n)}
    return Memory(class_of, members, frozenset(shared))


@dataclass(frozen=True, eq=False)
class Halves:
    forward: Function
    reverse: Function
    owned: tuple[bool, ...]
    results: int
    flowing: tuple[bool, ...]
    mirrors: tuple[tuple[str, str, bool], ...]
    keeps: bool


def halves(
    p: Prepared, forward_name: str, reverse_name: str, back: frozenset[int] = frozenset(), bare: bool = False
) -> Halves:
    """``f_forward(args) -> (result, saved)`` and ``f_reverse(saved, result_bar) -> adjoints``.

    ``back``: results that are arguments handed back, of which the caller knows. ``bare``: no result is returned.
    The reverse half takes the adjoints of what is lent after those of the results; where the forward half
    binds names to views of them, it takes them, by keyword.
    """
    state = State()
    items, flowing, seeds, table = seeded(p, state, back, bare)
    steps = returned_flow(p, table, state)
    steps.extend(backward_block(p.body, state, p.sweep))
    steps[:0] = lists_of_its_own(p, seeds, steps)
    owned = tuple(state.owned.get(n, True) or p.sweep.is_shadow(n) for n in p.wrt)
    results = tuple(plain_final(n, state, p) for n in p.wrt)
    ending = [Return(results[0] if len(results) == 1 else Tuple(results))] if results or not p.lent.names else []
    live: set[str] = set()
    body = forward_block(p.body, p.sweep)
    memory, back_memory = memories(p, body)
    reverse_body = keep_live((*steps, *ending), live, back_memory, p.outside.has_effects)
    lent = {n: p.sweep.shadows[n] for n in sorted(p.lent.names) if n in p.sweep.shadows}
    used = {n for s in statements(body) for n in (*reads(s), *binds(s))}
    mirrors = tuple((n, bar, bar in used) for n, bar in lent.items() if bar in used or bar in live)
    late = [bar for _, bar, early in mirrors if not early]
    early = [bar for _, bar, early in mirrors if early]
    order = {n: k for k, n in enumerate(dict.fromkeys([*(q.name for q in p.function.params), *_order(p)]))}
    saved = sorted(live - set(seeds) - set(late), key=lambda n: (order.get(n, len(order)), n))
    saved_name = p.namer.fresh("saved")
    pack: Expr = Tuple(tuple(Name(n) for n in saved))
    origin = last_return(p.body).origin
    ends = Return(Tuple((*items, pack)) if items else pack, origin)
    front = (*lists(p), *p.entry, *body, ends)
    front_kept = keep_live(front, set(), memory, p.outside.has_effects)
    watch_sweeps(p, forward_name, (front, (*steps, *ending)), (front_kept, reverse_body))
    front_kept = (*unset(saved, front_kept, p, early), *front_kept)
    passed = tuple(Param(bar, None, "", True) for bar in early)
    forward = Function(forward_name, (*p.function.params, *passed), front_kept, p.function.origin, "", "")
    unpack: tuple[Stmt, ...] = ()
    if len(saved) == 1:
        unpack = (Assign((saved[0],), (_only(Name(saved_name)),)),)
    elif saved:
        unpack = (Assign(tuple(saved), (Name(saved_name),)),)
    params = (Param(saved_name), *(Param(s) for s in (*seeds, *late)))
    reverse = Function(reverse_name, params, (*unpack, *reverse_body), p.function.origin, "", "")
    # what is returned in memory of its own is nobody's but the caller's
    lent_out = {p.aliases.link(n) for item in items if not is_fresh(item) for n in names(item)}
    # what calls in it keep, it keeps: their arguments, and what they returned
    plans = [p.sweep.plans.of.get(stmt) for stmt in statements(p.body)]
    held = {n for plan in plans if isinstance(plan, CallPlan) for n in plan.reads.memory | plan.reads.returned}
    keeps = any(p.aliases.link(n) in lent_out for n in (*saved, *held))
    return Halves(forward, reverse, owned, len(items), flowing, mirrors, keeps)



def pulled(p: Prepared, name: str) -> Function:
    """``f_vjp(args, result_bar) -> adjoints``, in one: for what keeps lists, which are read once."""
    state = State()
    _, _, seeds, table = seeded(p, state, frozenset(), False)
    steps = returned_flow(p, table, state)
    steps.extend(backward_block(p.body, state, p.sweep))
    steps[:0] = lists_of_its_own(p, seeds, steps)
    p, early = before_writes(p, state)
    results = tuple(early.get(n) or final(n, state, p) for n in p.wrt)
    steps.append(Return(results[0] if len(results) == 1 else Tuple(results)))
    return finish(p, name, list(forward_block(p.body, p.sweep)), steps, (*p.function.params, *map(Param, seeds)))


def seeded(
    p: Prepared, state: State, back: frozenset[int], bare: bool
) -> tuple[tuple[Expr, ...], tuple[bool, ...], list[str], dict[str, Expr]]:
    """The results, which of them carry derivatives, and the parameters that bring their adjoints."""
    items = p.result.items if isinstance(p.result, Tuple) else (p.result,)
    table: dict[str, Expr] = {p.returned.seeds[k]: Const(0.0) for k in range(len(items)) if k in back or bare}
    wanted_seeds = p.returned.seeds
    if bare:
        items, wanted_seeds = (), ()
    kinds = [p.typing.kind(i, p.typing.before[last_return(p.body)]) for i in items]
    if any(isinstance(k, Sequence) and (not k.is_list or item_of(k) == UNKNOWN) for k in kinds):
        place = place_of(last_return(p.body).origin or p.function.origin)
        raise ResultError("a result that is a list or a nested tuple is not differentiated", place, "return arrays")
    flowing = tuple(is_float(kind) and k not in back for k, kind in enumerate(kinds))
    seeds: list[str] = []
    for item, seed, flows in zip(items, wanted_seeds, flowing, strict=True):
        if flows and isinstance(item, Name) and direct(p, item, seed):
            # the argument that brings it is called what the adjoint is called
            seeds.append(p.sweep.bar(item.id))
            state.owned[item.id] = isinstance(p.sweep.kind(item.id), Scalar | ListOf)
            table[seed] = Const(0.0)
        elif flows:
            wanted = f"{item.id}_bar" if isinstance(item, Name) else "result_bar"
            name = p.namer.fresh(wanted if wanted not in seeds else "result_bar")
            seeds.append(name)
            table[seed] = Name(name)
            p.returned.env[name] = p.typing.kind(item, p.typing.before[last_return(p.body)])  # type: ignore[index]
        else:
            table[seed] = Const(0.0)
    return items, flowing, seeds, table


def lists_of_its_own(p: Prepared, seeds: Iterable[str], steps: Iterable[Stmt]) -> list[Stmt]:
    """Copies of lists of adjoints that are written: in text that is differentiated again no argument is."""
    lists = {bar for name, bar in p.sweep.bars.items() if isinstance(p.sweep.kind(name), ListOf)}
    return copies([n for n in seeds if n in lists], tuple(steps)) if p.sweep.flat else []


def direct(p: Prepared, item: Name, seed: str) -> bool:
    """Does the incoming adjoint become that of one name, whole and alone?"""
    parts = [c for c in p.returned.parts if c.name == item.id]
    if p.sweep.is_shadow(item.id) or len(parts) != 1 or p.returned.temps:
        return False
    return isinstance(parts[0].path, Name) and isinstance(parts[0].value, Name) and parts[0].value.id == seed


def unset(saved: list[str], body: Block, p: Prepared, passed: list[str]) -> list[Stmt]:
    """What only some paths bind is None on the others: it is packed all the same, if no statement asks for it."""
    bound = definitely_bound(body, {*passed, *(q.name for q in p.function.params)}).union(*map(surely_read, p.body))
    return bound_to_nothing([n for n in saved if n not in bound], p.typing)


def sized_by(body: Block) -> list[str]:
    """The names by whose values adjoints of zero are made, in order."""
    found: dict[str, None] = {}
    for stmt in statements(body):
        for expr in stmt.values if isinstance(stmt, Assign) else ():
            match expr:
                case Call(Ref(target=Library(qualname="zeros_like")), (Name(id),)):
                    found[id] = None
                case Binary("*", List(), Call(Ref(), (Name(id),))):
                    found[id] = None
                case _:
                    pass
    return list(found)


def _only(saved: Expr) -> Expr:
    from tangent_like.ir.nodes import Index

    return Index(saved, Const(0))


def plain_final(name: str, state: State, p: Prepared) -> Expr:
    """The adjoint of a parameter as a reverse half returns it: the caller takes care of what it owns."""
    if p.sweep.is_shadow(name):
        return Name(p.sweep.shadows[name])
    if name not in state.owned:
        return zero(name, p.typing.overall.get(name, UNKNOWN))
    bar = Name(p.sweep.bar(name))
    return np_call("real", bar) if rebound_as_complex(name, p) else bar


def rebound_as_complex(name: str, p: Prepared) -> bool:
    """Is a parameter of real numbers bound to complex ones later? Its own adjoint is real."""
    own = p.typing.params.get(name)
    return own is not None and not is_complex(own) and is_complex(p.typing.overall.get(name, UNKNOWN))


def _order(p: Prepared) -> list[str]:
    out = list(p.typing.overall)
    out += [s.saved for s in statements(p.body) if isinstance(s, Assign) and s.saved]
    out += [slot.name for slot in p.sweep.lists.values()]
    out += [slot.name for slot in p.sweep.singles.values()]
    return out
