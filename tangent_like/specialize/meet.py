"""Where paths meet: one structure on all of them, and a variable for each leaf in which they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tangent_like.analysis.seen import Env
from tangent_like.ir.nodes import Arm, Const, Expr, If, Index, Name, Pass, Ref, Tuple, UserFunction
from tangent_like.ir.paths import unlike
from tangent_like.ir.walk import bound_in, names, subexpressions
from tangent_like.ir.walk import key as text_key
from tangent_like.kinds.kind import ListOf
from tangent_like.specialize import maybe, object_lists, object_numbers, object_places, table_paths
from tangent_like.specialize.begun import of_class
from tangent_like.specialize.paths import Path, leaves_here
from tangent_like.specialize.spec import Spec, item_name
from tangent_like.specialize.state import State, leaves_in, reached_from
from tangent_like.specialize.turns import known_together, needs_turns, of_the_core
from tangent_like.specialize.unwritten import is_unwritten
from tangent_like.specialize.values import (
    Born,
    Bound,
    Class,
    Content,
    Either,
    Fn,
    Handle,
    Lazy,
    Leaf,
    Mixed,
    Outer,
    Partial,
    Row,
    Seq,
    Value,
    is_function_ref,
)

Thunk = Callable[[], "Value | None"]


def branch(s: Spec, arms: list[tuple[Expr | None, Thunk]], hint: str = "") -> Value:
    """An ``if`` that gives a value: that of the arm taken."""
    value = branches(s, arms, hint)
    assert value is not None
    if isinstance(value, Mixed):
        s.facts.learn_chosen(value.choice)
    return value


def branches(
    s: Spec, arms: list[tuple[Expr | None, Thunk]], hint: str = "", early: bool = False
) -> Value | None:
    """Emit an ``if`` with an arm for each test, the one without a test last, and meet after it."""
    if arms[-1][0] is not None:
        arms = [*arms, (None, lambda: None)]
    base = s.state
    paths: list[Path] = []
    for _, thunk in arms:
        s.state = base.copy()
        with s.block() as out:
            value = thunk()
            if isinstance(value, Leaf):
                value = Leaf(value.expr, value.known)
        paths.append(Path(s.state, out, value))
    alive = [p for p in paths if not leaves_here(p.out)]
    result: Value | None = None
    if alive:
        values = [p.value for p in alive]
        if all(v is not None for v in values):
            for p in alive:
                p.state.vars[-1, hint] = p.value  # type: ignore[assignment]  # it counts as one that holds it
            result = meet_values(s, values, alive, hint)  # type: ignore[arg-type]
            for p in alive:
                del p.state.vars[-1, hint]
        s.state = met(s, alive)
    else:
        s.state = base
    bodies = [tuple(p.out) for p in paths]
    conditions = [test for test, _ in arms[:-1]]
    made = tuple(
        Arm(test, block or (Pass(),), s.origin) for test, block in zip(conditions, bodies[:-1], strict=True) if test
    )
    if any(bodies) or any(may_write(test) for test in conditions if test is not None):
        s.out.append(If(made, bodies[-1], s.origin, "", early))
    return result


def may_write(test: Expr) -> bool:
    """Does asking do something besides: a call of a function of the user's, which may write what it is given?"""
    return any(isinstance(e, Ref) and isinstance(e.target, UserFunction) for e in subexpressions(test))


def met(s: Spec, paths: list[Path]) -> State:
    """The state after the paths have met."""
    if len(paths) == 1:
        return paths[0].state
    out = State(absent=frozenset.intersection(*(p.state.absent for p in paths)))
    keys = {k: None for p in paths for k in p.state.vars}
    for var in keys:
        present = [p for p in paths if var in p.state.vars]
        values = [p.state.vars[var] for p in present]
        out.vars[var] = meet_values(s, values, present, var[1])
    out.pairs = frozenset().union(*(p.state.pairs for p in paths))
    ids = {k: None for p in paths for k in p.state.heap}
    for id_ in ids:
        present = [p for p in paths if id_ in p.state.heap]
        there = [p for p in present if id_ not in p.state.absent] or present
        if len(present) < len(paths):
            tell_made(s, id_, paths)
        out.heap[id_] = meet_contents(s, id_, there)
    for p in paths:  # what meeting handles has made
        for id_, content in p.state.heap.items():
            out.heap.setdefault(id_, content)
    first, *others = (p.state.kinds for p in paths)
    out.kinds = Env(dict(first))
    here_and_there: set[str] = set()
    for kinds in others:
        here_and_there |= first.keys() ^ kinds.keys()
        for name in unlike(out.kinds, kinds):
            known, kind = out.kinds.get(name), kinds.get(name)
            if kind is not None and known != kind:
                out.kinds[name] = kind if known is None else s.typing.join(known, kind)
    out.unsure = frozenset(here_and_there.union(*(p.state.unsure for p in paths)))
    return out


def meet_contents(s: Spec, id_: int, paths: list[Path]) -> Content:
    contents = [p.state.heap[id_] for p in paths]
    first = contents[0]
    if all(c is first for c in contents):
        return first
    keys = [k for k, _ in first.items]
    if any(c.row is not first.row for c in contents):  # put into a list of objects on one path alone
        gone = Mixed(f"{first.hint or 'an object'!r}, which only some paths put into a list,")
        return replace(first, items=tuple((k, gone) for k in keys))
    certain = all(c.certain for c in contents)
    if any([k for k, _ in c.items] != keys for c in contents):
        if first.form == "list":
            unknown_length(s, contents, [p.state for p in paths])
        certain = False
        keys = list({k: None for c in contents for k, _ in c.items})
    born = tuple(b for b in first.born if all(b in c.born for c in contents))
    told = born[-1] if born else None
    for path in paths:
        path.told = told if told is not None and told.which else None
    items = []
    sometimes = frozenset().union(*(c.sometimes for c in contents))
    for key in keys:
        found = [c.get(key) or of_class(s, c, key) for c in contents]
        name = item_name(first.hint, key)
        if any(v is None for v in found) and first.form == "object" and told is None:
            there = [(v, p) for v, p in zip(found, paths, strict=True) if v is not None]
            items.append((key, meet_values(s, [v for v, _ in there], [p for _, p in there], name)))
            sometimes |= {key}
        elif any(v is None for v in found):
            items.append((key, Mixed(f"{key!r}, which only some paths set,")))
        elif told is not None and not told.which and differing(found):
            items.append((key, Mixed(f"{name!r}, which only some paths have made,", choice=told.place)))
        else:
            items.append((key, meet_values(s, found, paths, name)))  # type: ignore[arg-type]
    for path in paths:
        path.told = None
    return replace(first, items=tuple(items), certain=certain, born=born, sometimes=sometimes)


def differing(values: Sequence[Value | None]) -> bool:
    first = values[0]
    if all(isinstance(v, Leaf) for v in values):
        return len({text_key(v.expr) for v in values if isinstance(v, Leaf)}) > 1
    return any(v is not first for v in values)


def tell_made(s: Spec, id_: int, paths: list[Path]) -> None:
    """Of what only some of the paths have made: a variable says whether it is there, where that is asked for."""
    content = next(p.state.heap[id_] for p in paths if id_ in p.state.heap)
    known = [b for b in content.born if all(b.which in p.state.kinds for p in paths)]
    if not known:
        place = None if s.origin is None else (s.origin.file, s.origin.line, s.origin.column, content.hint, "made")
        known = [Born("", (), place)]
        if place in s.facts.chosen:
            known = [Born(s.fresh("made"), (1,))]
            for path in paths:
                path.assign(s, known[0].which, Const(int(id_ in path.state.heap)))
    for path in paths:
        if id_ in path.state.heap:
            path.state.heap[id_] = replace(path.state.heap[id_], born=tuple(known))


def unknown_length(
    s: Spec, contents: list[Content], states: Sequence[State] = (), sites: Iterable[object] = ()
) -> None:
    """A list that is longer on one path than on another is one of the program that runs; so are those of ``sites``."""
    values = [v for content in contents for v in content.values]
    plain = all(of_the_core(s, v) for v in values)
    what, hint = "a list whose length depends on the path", "use an array, or a list made in this function"
    error = needs_turns(s, what, hint)
    for content in contents:
        if plain and content.site is not None and not content.borrowed:
            if not any(map(names_something, values)):
                s.facts.learn_dynamic(content.site, sites)
            error.site = content.site  # turn by turn first, where the texts stay known
    raise object_lists.told(s, error, contents, values, states)


def names_something(value: Value) -> bool:
    """Is it a tuple with a text in it that is known, as a key?"""
    return isinstance(value, Seq) and any(isinstance(v, Leaf) and isinstance(v.known, str) for v in value.items)


def beside_a_list_of_the_run(s: Spec, values: list[Value], states: list[State]) -> None:
    """A list known item by item where another path has one whose length only the run tells: then it is one too."""
    pairs = list(zip(values, states, strict=True))
    if any(isinstance(v, Leaf) and isinstance(s.typing.kind(v.expr, state.kinds), ListOf) for v, state in pairs):
        for value, state in pairs:
            content = state.heap[value.id] if isinstance(value, Handle) else None
            if content is not None and content.site is not None and not content.borrowed:
                s.facts.learn_dynamic(content.site)


def meet_values(s: Spec, values: list[Value], paths: list[Path], hint: str) -> Value:
    """One value for all paths; ``Mixed`` where their structures differ."""
    first = values[0]
    if all(v is first for v in values):
        return first
    if all(isinstance(v, Leaf) for v in values) and not differing_functions(values):
        return meet_leaves(s, values, paths, hint)  # type: ignore[arg-type]
    objects = object_numbers.maybes(values, [p.state for p in paths])
    if objects is not None:
        which = meet_leaves(s, [w for w, _, _ in objects], paths, "which")
        place = meet_leaves(s, [p for _, p, _ in objects], paths, item_name(hint, "place"))
        return object_numbers.either_of(which, row_at(s, objects[0][2], place, paths))
    tuples = maybe.rows(s, values, [p.state for p in paths])
    if tuples is not None:
        one = meet_values(s, list(tuples.rows), paths, hint)
        assert isinstance(one, Seq)
        return maybe.met(one, tuples.at)
    if isinstance(first, Seq):
        if all(isinstance(v, Seq) and len(v.items) == len(first.items) and v.cls == first.cls for v in values):
            items = tuple(
                meet_values(s, [v.items[k] for v in values], paths, item_name(hint, k))  # type: ignore[union-attr]
                for k in range(len(first.items))
            )
            return Seq(items, first.cls)
    counts = [Seq(v.parts) for v in values if isinstance(v, Lazy) and v.form == "count"]
    if len(counts) == len(values):
        from_there = meet_values(s, list(counts), paths, hint)
        return Lazy("count", from_there.items) if isinstance(from_there, Seq) else from_there
    if isinstance(first, Handle) and all(isinstance(v, Handle) for v in values):
        return meet_handles(s, values, paths, hint)  # type: ignore[arg-type]
    if same_choice(values):
        return met_choice(s, [v for v in values if isinstance(v, Either)], paths)
    if same_function(values):
        return first
    if isinstance(first, Fn) and same_code(values):
        rows = zip(*(v.defaults for v in values if isinstance(v, Fn)), strict=True)
        each = [(row[0][0], meet_values(s, [v for _, v in row], paths, row[0][0])) for row in rows]
        return replace(first, defaults=tuple(each))
    if isinstance(first, Bound) and same_code(values):
        receivers = [v.receiver for v in values if isinstance(v, Bound)]
        return Bound(first.function, meet_values(s, receivers, paths, hint))
    beside_a_list_of_the_run(s, values, [p.state for p in paths])
    return one_of(s, values, paths, hint, f"{hint!r}, which is not the same kind of thing on every path,")


def one_of(s: Spec, values: list[Value], paths: list[Path], hint: str, what: str) -> Value:
    """One of several where it is known to be read, with a variable that says which; else nothing to be read."""
    place = None if s.origin is None else (s.origin.file, s.origin.line, s.origin.column, hint)
    if place is None or place not in s.facts.chosen:
        return Mixed(what, choice=place)
    for value in values:
        if isinstance(value, Mixed):
            s.facts.learn_chosen(value.choice)
            return Mixed(what)
    for value, path in zip(values, paths, strict=True):
        if isinstance(value, Handle) and not all(value.id in p.state.heap for p in paths):
            made = bound_in(tuple(path.out))
            exprs = [leaf.expr for leaf in leaves_in(value, path.state.heap)]
            if any(not isinstance(e, Name | Const | Ref) or names(e) & made for e in exprs):
                path.settled(s, value, hint)
    values = [  # what only its path has computed is named on it
        path.settled(s, v, hint) if isinstance(v, Leaf) and names(v.expr) & bound_in(tuple(path.out)) else v
        for v, path in zip(values, paths, strict=True)
    ]
    which = s.fresh("which")
    s.unstable.add(which)
    options: list[Value] = []
    for value in sorted(values, key=lambda v: not isinstance(v, Either)):  # the numbers of what is a choice stay
        for option in value.options if isinstance(value, Either) else (value,):
            if not any(_one(option, o) for o in options):
                options.append(option)
    mark_born(which, values, options, paths)
    for value, path in zip(values, paths, strict=True):
        path.assign(s, which, _number(value, options))
    return Either(Leaf(Name(which)), tuple(options), which)


def met_choice(s: Spec, values: list[Either], paths: list[Path]) -> Either:
    """One of the same on every path."""
    first = values[0]
    if all(v.made == first.made and text_key(v.which.expr) == text_key(first.which.expr) for v in values):
        return first
    which = meet_leaves(s, [v.which for v in values], paths, "which")
    made = which.expr.id if isinstance(which.expr, Name) else ""
    if made:
        mark_born(made, values, first.options, paths)
    return Either(which, first.options, made)


def mark_born(which: str, values: Sequence[Value], options: Sequence[Value], paths: list[Path]) -> None:
    """Note of what some paths alone have made that ``which`` says whether it is there: see ``Either.made``."""
    pairs = [(value, path.state.heap) for value, path in zip(values, paths, strict=True)]
    whole = {id_: content for _, heap in pairs for id_, content in heap.items()}
    for id_ in reached_from(values, whole):
        numbers = tuple(k for k, o in enumerate(options) if id_ in reached_from([o], whole))
        if numbers and len(numbers) < len(options) and all(tells(value, id_, heap) for value, heap in pairs):
            for _, heap in pairs:
                if id_ in heap:
                    heap[id_] = replace(heap[id_], born=(*heap[id_].born, Born(which, numbers, None, paths[0].told)))


def tells(value: Value, id_: int, heap: dict[int, Content]) -> bool:
    """On a path with this value: does the heap hold that content only where it belongs to what the value is?"""
    if id_ not in heap:
        return True
    if isinstance(value, Either):
        return heap[id_].is_born(value.made)
    return id_ in reached_from([value], heap)


def _number(value: Value, options: list[Value]) -> Expr:
    """Which of the options a value is."""

    def at(one: Value) -> int:
        return next(k for k, o in enumerate(options) if _one(one, o))

    if not isinstance(value, Either):
        return Const(at(value))
    found = [at(o) for o in value.options]
    if found == list(range(len(found))):
        return value.which.expr
    return Index(Tuple(tuple(map(Const, found))), value.which.expr)


def same_choice(values: list[Value]) -> bool:
    """Is it one of the same on every path?"""
    first = values[0]
    return isinstance(first, Either) and all(
        isinstance(v, Either)
        and len(v.options) == len(first.options)
        and all(_one(a, b) for a, b in zip(v.options, first.options, strict=True))
        for v in values
    )


def _one(a: Value, b: Value) -> bool:
    if isinstance(a, Handle) and isinstance(b, Handle):
        return a.id == b.id
    return a is b or same_function([a, b])


def differing_functions(values: list[Value]) -> bool:
    """Are there functions of libraries or of the user's among them, and not one alone?"""
    leaves = [v for v in values if isinstance(v, Leaf)]
    return any(map(is_function_ref, leaves)) and len({text_key(v.expr) for v in leaves}) > 1


def same_function(values: list[Value]) -> bool:
    first = values[0]
    match first:
        case Fn():
            given = [[value for _, value in v.defaults] for v in values if isinstance(v, Fn)]
            return same_code(values) and all(all(map(_same, one, given[0])) for one in given)
        case Class():
            return all(isinstance(v, Class) and v.info == first.info for v in values)
        case Outer():
            return all(isinstance(v, Outer) and v.value is first.value for v in values)
        case Bound():
            receivers = [v.receiver for v in values if isinstance(v, Bound)]
            return same_code(values) and all(_same(v, receivers[0]) for v in receivers)
        case Partial():
            return all(v is first for v in values)
        case _:
            return False


def same_code(values: list[Value]) -> bool:
    """Are they one function, or one method, whatever its defaults or the object that it is taken from?"""
    first = values[0]
    if isinstance(first, Bound):
        return all(isinstance(v, Bound) and _same(v.function, first.function) for v in values)
    return isinstance(first, Fn) and all(
        isinstance(v, Fn) and v.function is first.function and v.frame is first.frame for v in values
    )


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, Leaf) and isinstance(b, Leaf):
        return text_key(a.expr) == text_key(b.expr)
    if isinstance(a, Seq) and isinstance(b, Seq):
        return len(a.items) == len(b.items) and all(map(_same, a.items, b.items))
    return _one(a, b)


def meet_leaves(s: Spec, values: list[Leaf], paths: list[Path], hint: str) -> Leaf:
    first = values[0]
    known = known_together(s, values)
    if all(text_key(v.expr) == text_key(first.expr) for v in values):
        return Leaf(first.expr, known)
    name = unbound_there(values, paths) or s.fresh(hint or "value")
    s.unstable.add(name)
    for value, path in zip(values, paths, strict=True):
        path.assign(s, name, value.expr)
    return Leaf(Name(name), known)


def unbound_there(values: list[Leaf], paths: list[Path]) -> str | None:
    """The name of a leaf that the run may not have bound on its path: the others take it, which leaves it alone.

    To give it another name would be to read it.
    """
    pairs = list(zip(values, paths, strict=True))
    unsure = [v.expr.id for v, p in pairs if isinstance(v.expr, Name) and v.expr.id in p.state.unsure]
    if not unsure:
        return None
    others = [p for v, p in pairs if not (isinstance(v.expr, Name) and v.expr.id == unsure[0])]
    free = not any(unsure[0] in p.taken or p.state.times_read(unsure[0]) for p in others)
    if not free:
        return None
    for path in others:
        path.taken.add(unsure[0])
    return unsure[0]


def meet_handles(s: Spec, values: list[Handle], paths: list[Path], hint: str) -> Value:
    """Different objects of one structure: one object, if nothing else knows them by another name."""
    if len({v.id for v in values}) == 1:
        return values[0]
    contents = [p.state.heap[v.id] for v, p in zip(values, paths, strict=True)]
    first = contents[0]
    keys = [k for k, _ in first.items]
    table_paths.beside(s, contents)
    object_lists.beside(s, contents, [p.state.heap for p in paths])
    if any(c.row is not None for c in contents):
        return meet_rows(s, values, contents, paths, hint)
    if first.form == object_numbers.FORM and not object_lists.same_form(contents):
        return one_of(s, list(values), paths, hint, f"{hint!r}, a list of other objects on every path,")
    for content in contents[1:]:
        other_form = content.form != first.form or (content.longest, content.made_as) != (first.longest, first.made_as)
        if other_form or content.cls != first.cls or not (content.certain and first.certain):
            return one_of(s, list(values), paths, hint, f"{hint!r}, which is not the same kind of thing on every path,")
        if [k for k, _ in content.items] != keys:
            if first.form == "list":
                unknown_length(s, contents, [p.state for p in paths])
            return one_of(s, list(values), paths, hint, f"{hint!r}, which has not the same items on every path,")
    born = [c.born[-1] if c.born else None for c in contents]
    unknown = next((b for b in born if b is not None and not b.which), None)
    if unknown is not None:  # what it holds has no name where it was not made
        return Mixed(f"{hint!r}, which only some paths have made,", choice=unknown.place)
    named = [p.state.handles().get(v.id, 0) > 1 for v, p in zip(values, paths, strict=True)]
    if any(n and not is_unwritten(s, v, p.state.heap) for n, v, p in zip(named, values, paths, strict=True)):
        return one_of(s, list(values), paths, hint, f"{hint!r}, one of several objects that have other names too,")
    split = any(named) or any(c.split for c in contents)
    items = tuple(
        (k, meet_values(s, [c.get(k) for c in contents], paths, item_name(hint, k)))  # type: ignore[misc]
        for k in keys
    )
    s.handles += 1
    for value, path in zip(values, paths, strict=True):
        object_lists.as_one(s.handles, value.id, path.state)
        borrowed, assumed = any(c.borrowed for c in contents), any(c.assumed for c in contents)
        part = next((c.part for c in contents if c.part is not None), None)
        made = Content(first.form, items, first.cls, hint, None, borrowed, part, assumed, split=split)
        path.state.heap[s.handles] = replace(made, longest=first.longest, made_as=first.made_as, of=first.of)
    return Handle(s.handles)


def meet_rows(s: Spec, values: list[Handle], contents: list[Content], paths: list[Path], hint: str) -> Value:
    """Objects of one list of objects: the one at the place that the path tells."""
    rows = [c.row for c in contents if c.row is not None]
    if not object_places.same_list(contents) or any(isinstance(v, Mixed) for c in contents for v in c.values):
        return one_of(s, list(values), paths, hint, f"{hint!r}, one of the objects of several lists,")
    place = meet_leaves(s, [row.place for row in rows], paths, item_name(hint, "place"))
    exact = all(row.exact for row in rows)
    return row_at(s, replace(rows[0], exact=exact), place, paths)


def row_at(s: Spec, row: Row, place: Leaf, paths: list[Path]) -> Handle:
    """The object of a list at a place, on all paths."""
    made = object_numbers.as_row(paths[0].state.heap[row.list.id], row.list, place)
    made = replace(made, row=replace(row, place=place))
    s.handles += 1
    for path in paths:
        path.state.heap[s.handles] = made
    return Handle(s.handles)
