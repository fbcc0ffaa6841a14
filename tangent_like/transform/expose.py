"""The primal with a name for each subexpression that the way back will read, and for nothing else.

Before                                   After (x active, in no loop)

    return np.sum(np.tanh(W @ x) ** 2)       a = np.tanh(W @ x)
                                             return np.sum(a ** 2)

Calls of the user's own functions and active conditional expressions become statements of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.regions import Regions
from tangent_like.analysis.typing import Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref, followed
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Compare,
    Const,
    Each,
    Expr,
    For,
    Fresh,
    If,
    Index,
    Library,
    Logic,
    Name,
    Opaque,
    Push,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Try,
    Tuple,
    While,
    With,
)
from tangent_like.ir.walk import (
    base_name,
    bound_in,
    called_by,
    children,
    key,
    names,
    rebuild,
    stored_in,
    subexpressions,
)
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar, Unknown
from tangent_like.rules.apply import Application
from tangent_like.transform.again import can_be_said_again, is_place, widens_a_number
from tangent_like.transform.cheap import cheap, neighbours
from tangent_like.transform.copies import wants_copy
from tangent_like.transform.drafts import Drafts
from tangent_like.transform.fitting import fitting_guard
from tangent_like.transform.part_names import wanted_name, whole_of, within
from tangent_like.transform.plain_lists import plain_lists
from tangent_like.transform.plan import Planner
from tangent_like.transform.results import back_results, check_count, part_of, several
from tangent_like.transform.short_calls import ShortCalls
from tangent_like.transform.stored import copied_part, of_the_copy, stored_value

Simple = Assign | Store | Augment | Return | Push

SEVERAL = frozenset({"split", "split_columns", "split_depth", "unstacked", "meshed", "open_mesh", "slopes"})  # a list


@dataclass(eq=False)
class Exposer:
    """One round over a function; ``again`` says that a statement it made must be looked into anew."""

    typing: Typing
    activity: Activity
    aliases: Aliases
    namer: Namer
    regions: Regions | None = None  # of no use in forward mode
    again: bool = False
    changed: bool = False
    made: dict[str, None] = field(default_factory=dict)
    store: str = "auto"
    drafts: Drafts | None = None
    short: ShortCalls | None = None  # of the way back alone
    compiled: bool = False  # by Numba
    part_of: str = ""  # in an arm of a branch: what the user binds

    def fresh(self, wanted: str) -> str:
        name = self.namer.fresh(within(self.part_of, wanted))
        self.made[name] = None
        return name

    def block(self, block: Block, in_loop: bool = False, in_arm: bool = False) -> Block:
        out: list[Stmt] = []
        for stmt in block:
            # no other arm names its parts anew where this one gets more of them
            self.part_of = whole_of(stmt) if in_arm else ""
            match stmt:
                case Assign() | Store() | Augment() | Return() | Push():
                    plain = plain_lists(stmt, self.typing, self.fresh)
                    if plain is not None:
                        self.again = self.changed = True
                        out.extend(plain)
                    else:
                        out.extend(self.simple(stmt, in_loop))
                case Each() if self.aliases.is_shared(stmt.target) or self.written_inside(stmt):
                    out.extend(self.indexed_rows(stmt))
                case Each() if self.is_view_of_written(stmt.iterable, stmt.body) or has_to_be_named(stmt.iterable):
                    out.extend(self.named_iterable(stmt))
                case For() | Each() | While():
                    out.append(with_blocks(stmt, lambda body: self.block(body, True, in_arm)))
                case If() | With() | Try():
                    last = stmt.orelse if isinstance(stmt, If) and stmt.early else None  # behind the branch
                    arm = in_arm or isinstance(stmt, If)
                    out.append(with_blocks(stmt, lambda b: self.block(b, in_loop, in_arm if b is last else arm)))  # noqa: B023
                case _:
                    out.append(stmt)
        return tuple(out)

    def probe(self, stmt: Simple) -> Planner | None:
        """A probe of the statement's plan: what would be read, what has to be hoisted."""
        if not isinstance(stmt, Return) and stmt not in self.activity.acts:
            return None
        varied = self.activity.varied_reads.get(stmt, frozenset())
        planner = Planner(stmt, stmt.origin, self.typing, varied, Namer(), probe=True)
        if isinstance(stmt, Assign) and len(stmt.targets) > 1 and len(stmt.values) == 1:
            found = several(stmt.values[0], planner.kind_of)
            if found is not None:
                check_count(stmt, found)
                bars: dict[int, Expr] = {}
                for k, name in enumerate(stmt.targets):
                    planner.env[f"{name}_seed"] = planner.kind_of(Index(stmt.values[0], Const(k)))
                    bars[k] = Name(f"{name}_seed")
                back_results(planner, stmt.values[0], found, bars, tuple(Fresh(t) for t in stmt.targets))
                return planner
        drafted = self.drafts.seed(stmt, planner) if self.drafts is not None else None
        for value, seed, bound in roots(stmt):
            seed, result = drafted or seed, bound  # noqa: PLW2901 - what a plan would call it
            if isinstance(stmt, Store) and self.regions is not None:
                result = stored_value(stmt, planner.kind_of, self.regions.stays)
            planner.env[seed] = planner.kind_of(value)
            whole_call = isinstance(stmt, Assign) and len(stmt.values) == 1 and is_user_call(value)
            opened = None if self.short is None or not whole_call else self.short.opened(stmt)
            if opened is not None:
                planner.definitions[value] = opened
                planner.back(opened, Name(seed), result)
            elif not whole_call:
                guard = fitting_guard(planner, stmt.guard, value, result) if isinstance(stmt, Assign) else None
                planner.back(value, Name(seed), result, guard)
                if drafted is not None and self.drafts is not None:
                    self.drafts.note(stmt, seed, planner)
        return planner

    def simple(self, stmt: Simple, in_loop: bool) -> list[Stmt]:
        if isinstance(stmt, Store):
            kept = self.kept_index(stmt)
            if kept is not None:
                return kept
        if isinstance(stmt, Assign) and len(stmt.targets) > 1 and self.is_unpacked_part(stmt):
            self.again = self.changed = True
            name = self.fresh(wanted_name(stmt.values[0]))
            return [
                Assign((name,), stmt.values, stmt.origin),
                Assign(stmt.targets, (Name(name),), stmt.origin, "", stmt.guard, stmt.writes),
            ]
        planner = self.probe(stmt)
        if planner is None:
            return [stmt]
        if isinstance(stmt, Assign) and len(stmt.values) == 1:
            value = stmt.values[0]
            if isinstance(value, Call) and is_user_call(value) and value not in planner.definitions:
                return self.call_statement(stmt, value, planner)
            if isinstance(value, Choose) and value in planner.hoist:
                self.again = self.changed = True
                arm = Arm(value.test, (Assign(stmt.targets, (value.body,), stmt.origin),), stmt.origin)
                return [If((arm,), (Assign(stmt.targets, (value.orelse,), stmt.origin),), stmt.origin)]
        chosen: dict[Expr, str] = {}
        for expr in planner.hoist:
            chosen[expr] = wanted_name(expr)
            self.again = True
        said = self.said_together(planner, in_loop)
        for expr in planner.wanted:
            place = isinstance(stmt, Store) and expr is stmt.target
            if expr not in chosen and expr not in said and not place and not self.says_again(expr, planner, in_loop):
                chosen[expr] = wanted_name(expr)
        if planner.definitions:
            # what a definition says in other words stands nowhere in the program: it is said on the way back
            ours = {e for root in expressions_of(stmt) for e in post_order(root)}
            chosen = {e: name for e, name in chosen.items() if e in ours}
            if any(e not in ours for e in planner.hoist):
                raise UnsupportedError(
                    "what this means is not taken apart", place_of(stmt.origin), "assign its arguments to names first"
                )
        return self.split(stmt, chosen, planner) if chosen else [stmt]

    def is_unpacked_part(self, stmt: Assign) -> bool:
        """``x, y = P.T``: an array without a name of its own, whose items flow back into it."""
        if stmt not in self.activity.acts or len(stmt.values) > 1:
            return False
        kind_of, value = self.typing.at(stmt), stmt.values[0]
        if isinstance(value, Name | Tuple) or (isinstance(value, Call) and is_user_call(value)):
            return False
        kind = kind_of(value)
        found = kind_of.application(value) if isinstance(value, Call) else None
        parts = not isinstance(value, Call) or (
            found is not None and (found.rule.kind in SEVERAL or found.rule.form == "definition")
        )
        return isinstance(kind, Array | ListOf) or (isinstance(kind, Unknown) and parts)

    def kept_index(self, stmt: Store) -> list[Stmt] | None:
        """``a[a > 0] = v``: what the store overwrites must not be asked again where it was."""
        kind_of = self.typing.at(stmt)
        copy = copied_part(stmt.target, kind_of)
        if copy is not None:  # ``a[[0, 1]][0] = v`` writes into what nobody else has
            self.again = self.changed = True
            name = self.fresh(wanted_name(copy))
            return [Assign((name,), (copy,), stmt.origin), of_the_copy(stmt, copy, name)]
        written = self.aliases.link(base_name(stmt.target) or "")  # by whatever name
        path: list[Expr] = []
        node: Expr = stmt.target
        while isinstance(node, Index | Attribute):
            if isinstance(node, Index):
                path.extend(e for item in _items(node.index) for e in _asked(item))
            node = node.value
        table: dict[object, Expr] = {}
        out: list[Stmt] = []
        for item in path:
            if isinstance(item, Name | Const) or key(item) in table:
                continue
            if isinstance(kind_of(item), Scalar) and not any(self.aliases.link(n) == written for n in names(item)):
                continue
            name = self.fresh("chosen" if isinstance(item, Compare) else "where")
            out.append(Assign((name,), (item,), stmt.origin))
            table[key(item)] = Name(name)
        if not out:
            return None
        self.again = self.changed = True

        def change(expr: Expr) -> Expr:
            found = table.get(key(expr))
            return found if found is not None else rebuild(expr, change)

        target = change(stmt.target)
        assert isinstance(target, Index)
        return [*out, Store(target, stmt.op, stmt.value, stmt.origin, stmt.each)]

    def written_inside(self, stmt: Each) -> bool:
        """Does the body write the array that it runs over? NumPy reads each item when its turn comes."""
        iterable = base_name(stmt.iterable)
        if iterable is None:
            return False
        own = self.aliases.class_of.get(iterable, iterable)
        return any(self.aliases.class_of.get(n, n) == own for n in stored_in(stmt.body))

    def indexed_rows(self, stmt: Each) -> list[Stmt]:
        """Rows that share written memory: by index, so that the adjoint's row can be bound beside each."""
        iterable, before = stmt.iterable, []
        # the loop runs over what it is at first
        if not isinstance(iterable, Name) or iterable.id in bound_in(stmt.body) | {stmt.target}:
            name = self.fresh(wanted_name(iterable))
            before.append(Assign((name,), (iterable,), stmt.origin))
            iterable = Name(name)
        self.again = self.changed = True
        k = self.fresh("k")
        row = Assign((stmt.target,), (Index(iterable, Name(k)),), stmt.origin)
        length = Call(builtin_ref("len"), (iterable,))
        return [*before, For(k, (length,), (row, *stmt.body), stmt.origin)]

    def is_view_of_written(self, iterable: Expr, body: Block) -> bool:
        """Perhaps memory that is written, which the name does not stand for in all of the body: part of a mirror."""
        if isinstance(iterable, Name) and iterable.id not in bound_in(body):
            return False
        return any(self.aliases.class_of.get(n, n) in self.aliases.written for n in names(iterable))

    def named_iterable(self, stmt: Each) -> list[Stmt]:
        """``for v in A[:, 0]``: a name for the view, so that it is known what memory it shares."""
        self.again = self.changed = True
        name = self.fresh(wanted_name(stmt.iterable))
        made = Assign((name,), (stmt.iterable,), stmt.origin)
        return [made, Each(stmt.target, Name(name), stmt.body, stmt.origin, stmt.turns)]

    def says_again(self, expr: Expr, planner: Planner, in_loop: bool) -> bool:
        """Does the way back say ``expr`` again, and not read a name for it?"""
        match self.store:
            case "all":
                return is_place(expr, planner.kind_of)
            case "none":
                return can_be_said_again(expr, planner.kind_of)
            case _:
                return self.cheap(expr, planner.kind_of, in_loop)

    def said_together(self, planner: Planner, in_loop: bool) -> frozenset[Expr]:
        """What is wanted of a statement in a loop that takes more memory than what it is made of."""
        return neighbours(planner.wanted, planner.kind_of) if in_loop and self.store == "auto" else frozenset()

    def cheap(self, expr: Expr, kind_of: Callable[[Expr], Kind], in_loop: bool) -> bool:
        """Is saying it again on the way back no dearer than keeping it?"""
        return cheap(expr, kind_of, in_loop, self.compiled)

    def split(self, stmt: Simple, chosen: dict[Expr, str], planner: Planner) -> list[Stmt]:
        """Put the chosen subexpressions before the statement, innermost first, in evaluation order."""
        self.changed = True
        out: list[Stmt] = []
        table: dict[object, Name] = {}
        order = {e: None for root in expressions_of(stmt) for e in post_order(root) if e in chosen}

        unpacked: dict[object, tuple[Application, tuple[str, ...]]] = {}

        def change(expr: Expr) -> Expr:
            found = table.get(key(expr)) if expr in chosen else None
            if found is None and isinstance(expr, Index | Attribute) and key(expr.value) in unpacked:
                found = taken(expr)
            if found is None and key(expr) in unpacked:
                return Tuple(tuple(Name(t) for t in unpacked[key(expr)][1]))
            return found if found is not None else rebuild(expr, change)

        def taken(expr: Index | Attribute) -> Name | None:
            """One of the results of a call that was unpacked into names."""
            call, targets = unpacked[key(expr.value)]
            k = part_of(expr, call)
            return None if k is None else Name(targets[k])

        masks: dict[object, set[object]] = {}
        for expr in order:
            found_mask = planner.wanted.get(expr)
            masks.setdefault(key(expr), set()).add(None if found_mask is None else (key(found_mask[0]), found_mask[1]))
        origin = stmt.origin
        for expr in order:
            if key(expr) in table or key(expr) in unpacked:
                continue
            value = rebuild(expr, change)
            results = several(expr, planner.kind_of)
            if results is not None:
                parts = tuple(self.fresh(n.lower()) for n in results.rule.results)
                out.append(Assign(parts, (value,), origin))
                unpacked[key(expr)] = (results, parts)
                continue
            if isinstance(expr, Index | Attribute) and key(expr.value) in unpacked:
                result = taken(expr)
                if result is not None:
                    table[key(expr)] = result
                    continue
            name = self.fresh(chosen[expr])
            mask = planner.wanted.get(expr)
            if len(masks[key(expr)]) > 1:
                mask = None  # said in both arms of a choice: one name for both
            guard = None if mask is None else (change(mask[0]), mask[1])
            if wants_copy(expr, expressions_of(stmt), planner.kind_of, self.aliases):
                value = Call(Attribute(value, "copy"), ())
            out.append(Assign((name,), (value,), origin, "", guard))
            table[key(expr)] = Name(name)
        match stmt:
            case Push(list_, value):
                out.append(Push(list_, change(value), origin))
            case Assign(targets, values):
                out.append(Assign(targets, tuple(change(v) for v in values), origin, "", stmt.guard, stmt.writes))
            case Store(target, op, value):
                new = change(target)
                assert isinstance(new, Index)
                out.append(Store(new, op, change(value), origin, stmt.each))
            case Augment(target, op, value):
                out.append(Augment(target, op, change(value), origin))
            case Return():
                assert stmt.value is not None
                out.append(replace(stmt, value=change(stmt.value)))
        return out

    def call_statement(self, stmt: Assign, call: Call, planner: Planner) -> list[Stmt]:
        """A call of the user's own: arguments that carry derivatives become names or places."""
        table: list[tuple[str, Expr]] = []

        def plain(arg: Expr) -> Expr:
            if isinstance(arg, Name | Const) or not planner.is_varied(arg):
                return arg
            if planner.is_view_path(arg) and not widens_a_number(arg, planner.kind_of):
                return arg
            name = self.fresh(wanted_name(arg))
            table.append((name, arg))
            return Name(name)

        args = tuple(plain(a) for a in call.args)
        keywords = tuple((n, plain(v)) for n, v in call.keywords)
        if not table:
            return [stmt]
        self.again = self.changed = True
        before: list[Stmt] = [Assign((n,), (e,), stmt.origin) for n, e in table]
        return [
            *before,
            replace(stmt, values=(Call(call.func, args, keywords, call.at),)),
        ]


def roots(stmt: Simple) -> list[tuple[Expr, str, Expr | None]]:
    """The right-hand sides with a seed for each, and where the value stands after the statement."""
    match stmt:
        case Assign(targets, values) if len(targets) == len(values):
            return [(v, f"{t}_seed", Fresh(t)) for t, v in zip(targets, values, strict=True)]
        case Assign(_, values):
            return [(values[0], "seed", None)]
        case Store(target, "", value):
            return [(value, "seed", None)]
        case Store(_, "del"):
            return []
        case Store(target, op, value):
            return [(Binary(op, target, value), "seed", None)]
        case Augment(target, op, value):
            return [(Binary(op, Name(target), value), "seed", Fresh(target))]
        case Push(_, value):
            return [(value, "seed", None)]
        case Return():
            return [] if stmt.value is None else [(followed(stmt), "seed", None)]


def expressions_of(stmt: Simple) -> tuple[Expr, ...]:
    match stmt:
        case Assign(_, values):
            return values
        case Store(target, _, value):
            return (value, target)
        case Augment(_, _, value) | Push(_, value):
            return (value,)
        case Return():
            return () if stmt.value is None else (stmt.value,)


def post_order(expr: Expr) -> list[Expr]:
    out: list[Expr] = []
    for child in children(expr):
        out.extend(post_order(child))
    out.append(expr)
    return out


def _items(index: Expr) -> tuple[Expr, ...]:
    return index.items if isinstance(index, Tuple) else (index,)


def _asked(item: Expr) -> Iterable[Expr]:
    return children(item) if isinstance(item, Slice) else (item,)


def has_to_be_named(expr: Expr) -> bool:
    """Is a function of the user's called in it, or is it a part of what a call returns? It gets a name of its own."""
    return any(map(is_user_call, subexpressions(expr))) or (isinstance(expr, Index) and isinstance(expr.value, Call))


def is_user_call(expr: Expr) -> bool:
    return called_by(expr) is not None


def is_pure(expr: Expr) -> bool:
    match expr:
        case Call(Ref(target=Library(module=module, qualname=name))):
            return module == "math" or (module == "builtins" and name in ("len", "abs", "isinstance"))
        case Logic() | Choose():
            return True
        case _:
            return False


def impure(expr: Expr) -> bool:
    return any(isinstance(e, Call | Opaque) and not is_pure(e) for e in post_order(expr))
