"""What the reverse half of a statement refuses: by name, with the place and a way out."""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import NoReturn, Protocol

import numpy as np

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.seen import At
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import memory_of
from tangent_like.analysis.young import young_writes
from tangent_like.errors import AliasError, Place, UnsupportedError
from tangent_like.frontend.expressions import IN_PLACE_METHODS
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import (
    Attribute,
    Augment,
    Binary,
    Call,
    Const,
    Do,
    Expr,
    Function,
    Index,
    Library,
    List,
    Opaque,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import base_name, called_by, expressions, statements, subexpressions
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Kind, ListOf, Scalar, Sequence, Unknown, is_complex, is_list
from tangent_like.kinds.lists import returned
from tangent_like.rules.apply import Application
from tangent_like.rules.draws import PLACES, drawn_by, drawn_in
from tangent_like.rules.operands import LIST_OPERANDS, POINTS
from tangent_like.rules.problems import no_rule


class Asked(Protocol):
    """What a refusal asks of the plan that it is part of."""

    probe: bool

    @property
    def kind_of(self) -> At: ...

    def is_varied(self, expr: Expr) -> bool: ...

    def place(self, expr: Expr) -> Place: ...


def refuse(asked: Asked, expr: Expr) -> NoReturn:
    """What carries a derivative, and has no rule."""
    if isinstance(expr, Call):
        raise no_rule(expr, asked.place(expr))
    what = f".{expr.name}" if isinstance(expr, Attribute) else "this expression"
    if isinstance(expr, Opaque):
        what = expr.text
    raise UnsupportedError(f"{what} carries a derivative and is not differentiated", asked.place(expr))


def refuse_operands(asked: Asked, expr: Expr, found: Application) -> None:
    """An argument that the rule does not know, or that carries a derivative of which it says nothing."""
    if found.problem is not None:
        raise UnsupportedError(found.problem.what, asked.place(expr), found.problem.hint)
    rule = found.rule
    known = {*found.differentiable, *rule.inactive, rule.each, *(found.numbered if rule.each else ())}
    for name, operand in found.operands.items():
        if name not in known and asked.is_varied(operand):
            raise UnsupportedError(
                f"what carries a derivative into the argument {name!r} is not differentiated",
                asked.place(expr),
                f"differentiated: {', '.join(rule.differentiable)}",
            )


def undecided(memory: Collection[str], value: Expr, place: Place) -> AliasError:
    """What may or may not be the memory of one of these names, and is written; the call by which it may, if one."""
    what = f"whether this shares memory with {', '.join(sorted(memory))}, which is written in place, cannot be decided"
    error = AliasError(what, place, "make a copy (.copy()) before writing")
    callee = called_by(value)
    if callee is not None:  # the user's function, of which a clone for certain kinds may be called
        error.callee = replace(callee, owner=callee.owner.partition("|")[0])
    return error


def refuse_results(asked: Asked, expr: Expr, found: Application) -> None:
    """Several results as one value."""
    if found.rule.results:
        names = ", ".join(found.rule.results)
        what = "a call with several results is not taken apart here"
        raise UnsupportedError(what, asked.place(expr), f"unpack it into names: {names} = ...")


def refuse_displays(asked: Asked, found: Application) -> None:
    """A list of numbers where a rule takes an array: its items would have no place of their own."""
    for name in found.differentiable:
        if name in LIST_OPERANDS | POINTS or found.rule.kind == "array" or asked.probe:
            continue
        operand = found.operands.get(name)
        if operand is None or not asked.is_varied(operand):
            continue
        if isinstance(operand, List | Tuple) or isinstance(asked.kind_of(operand), ListOf):
            raise UnsupportedError("a list display is used as an array", asked.place(operand), "use np.array")


def items_returned(kind: Kind, name: str, place: Place) -> tuple[Kind, ...]:
    """The kinds of the results of a function that is called; a tuple of one would be taken for what it holds."""
    items = returned(kind)
    if isinstance(kind, Sequence) and not kind.is_list and len(items) == 1:
        hint = "return what it holds; of a gradient, argnums=0 and not (0,)"
        raise UnsupportedError(f"a tuple of one, which {name} returns, is not differentiated", place, hint)
    return items


def refuse_parts(asked: Asked, target: Expr, value: Expr) -> None:
    """Complex numbers stored among real ones, where NumPy drops imaginary parts; stores into parts of complex ones."""
    for place in subexpressions(target):
        if isinstance(place, Attribute) and place.name in ("real", "imag") and is_complex(asked.kind_of(place.value)):
            what = "a store into the real or the imaginary parts of complex numbers is not differentiated"
            raise UnsupportedError(what, asked.place(place), "store whole numbers: z[i] = v + 1j * z[i].imag")
    kind = asked.kind_of(target)
    if is_complex(asked.kind_of(value)) and not is_complex(kind) and asked.is_varied(value):
        raise UnsupportedError(
            "a complex value is stored into an array of real numbers, which drops its imaginary part",
            asked.place(value),
            "store its real part (np.real), or make the array complex",
        )


def refuse_unknown(
    function: Function,
    typing: Typing,
    aliases: Aliases,
    params: Mapping[str, Kind],
    returns_argument: Callable[[UserFunction], bool],
) -> None:
    """``x += e`` on what may be the caller's array, or a number: whether it writes is not known.

    It is where the name stands for new memory by then, as after ``x = 2 * x``: the caller's is not written.
    """

    def memory(stmt: Stmt, expr: Expr) -> set[str]:
        return memory_of(expr, typing.at(stmt), returns_argument, lists=True)

    own_memory, _ = young_writes(function, memory, lambda _stmt, _name: True, ())
    for stmt in statements(function.body):
        if stmt in own_memory:
            continue
        if isinstance(stmt, Augment) and isinstance(typing.before[stmt].get(stmt.target), Unknown):
            own = aliases.class_of.get(stmt.target, stmt.target)
            if any(aliases.class_of.get(p, p) == own for p in params):
                raise AliasError(
                    f"whether {stmt.op}= writes the caller's {stmt.target!r} is not known",
                    place_of(stmt.origin),
                    "annotate the arguments (np.ndarray or float), or call the derivative with real arguments",
                )


def refuse_unfollowed(function: Function, typing: Typing, activity: Activity) -> None:
    """What carries a derivative to where no rule follows it, though nothing may come back from there."""
    for stmt in statements(function.body):
        if isinstance(stmt, Store):
            refuse_places_of_numbers(stmt, typing)
        for expr in (e for whole in expressions(stmt) for e in subexpressions(whole)):
            if isinstance(expr, Index):
                refuse_object(stmt, expr, typing, activity)
                refuse_items_of_numbers(stmt, expr, typing)
            elif isinstance(expr, Call):
                refuse_draw(stmt, expr, typing, activity)
                refuse_effect(stmt, expr, typing, activity)
            elif isinstance(expr, Binary) and expr.op == "+":
                refuse_joining(stmt, expr, typing, activity)


def refuse_places_of_numbers(stmt: Store, typing: Typing) -> None:
    """``y = p[0]`` and ``y[1] = s`` of a ``p`` that is taken for a vector: what is written is an array."""
    kind = typing.at(stmt)(stmt.target.value)
    if isinstance(kind, Scalar) and kind.type in ("float", "complex"):
        what = "a store into a number is not differentiated"
        raise UnsupportedError(what, place_of(stmt.origin), "store into an array")


def refuse_items_of_numbers(stmt: Stmt, expr: Index, typing: Typing) -> None:
    """``for v in vs`` and ``v[:1]`` of a ``vs`` that is taken for a vector, of which nothing is known.

    NumPy's numbers may be indexed by truths, and by nothing.
    """
    kind_of = typing.at(stmt)
    kind = kind_of(expr.value)
    if not isinstance(kind, Scalar) or kind.type not in ("float", "complex") or typing.sizes.values:
        return
    if any(isinstance(i, Slice) or getattr(kind_of(i), "type", "") == "int" for i in index_items(expr.index)):
        what = "an item of a number is not differentiated"
        raise UnsupportedError(what, typing.place(expr), "annotate the arguments")


def refuse_joining(stmt: Stmt, expr: Binary, typing: Typing, activity: Activity) -> None:
    """``p + [0.1] * n``, where ``p`` is a list or an array: it is joined, or added to. So is ``(0.1,) * n + p``."""
    sides = (expr.left, expr.right)
    kinds = [typing.at(stmt)(side) for side in sides]
    repeated = any(is_repeated_tuple(side, typing.at(stmt)) for side in sides)
    if (repeated or any(is_list(k) for k in kinds)) and any(isinstance(k, Unknown) for k in kinds):
        if activity.is_varied(stmt, expr, typing):
            hint = "annotate the argument (list[float] or np.ndarray), or call the derivative with real arguments"
            what = "whether this + joins lists or adds numbers cannot be told"
            raise UnsupportedError(what, typing.place(expr) if expr.at else place_of(stmt.origin), hint)


def is_repeated_tuple(expr: Expr, kind_of: At) -> bool:
    """``(0.0,) * n``: as many items as only the run tells."""
    if not isinstance(expr, Binary) or expr.op != "*":
        return False
    kinds = [kind_of(side) for side in (expr.left, expr.right)]
    return any(isinstance(k, Sequence) and not k.is_list for k in kinds) and isinstance(kind_of(expr), Unknown)


def given_varied(stmt: Stmt, call: Call, typing: Typing, activity: Activity) -> bool:
    """Does an argument of the call carry a derivative?"""
    return any(activity.is_varied(stmt, e, typing) for e in (*call.args, *(v for _, v in call.keywords)))


def refuse_draw(stmt: Stmt, expr: Call, typing: Typing, activity: Activity) -> None:
    """A draw that jumps as its parameters change, or of which no rule is known, while they carry derivatives."""
    name = drawn_by(expr)
    if not name:
        return
    found = typing.at(stmt).application(expr)
    if (found is None or found.rule.form == "constant") and given_varied(stmt, expr, typing, activity):
        hint = "tl.expectation(f, sampler, estimator='score') differentiates expectations over such draws"
        if name in PLACES:
            hint = "draw the places: x[rng.permutation(len(x))], x[rng.integers(len(x), size=n)]"
        what = f"a draw of {name} by parameters that carry derivatives has no reparameterization: it"
        raise UnsupportedError(f"{what} is not differentiated", typing.place(expr), hint)


def refuse_object(stmt: Stmt, expr: Index, typing: Typing, activity: Activity) -> None:
    """``np.mgrid[0:a]``: what an object of a library makes of an index that carries a derivative."""
    if not isinstance(expr.value, Ref) or is_plain_index(expr.index):
        return
    target = expr.value.target
    obj = target.obj if isinstance(target, Library) else getattr(target, "value", None)
    if obj is None or isinstance(obj, np.ndarray | list | tuple | dict | str | range):
        return
    if any(activity.is_varied(stmt, e, typing) for e in subexpressions(expr.index)):
        what = f"an index of {expr.value.spelling} that carries a derivative is not differentiated"
        raise UnsupportedError(what, typing.place(expr), "call functions: np.linspace, np.concatenate")


# What may be given a value for an effect elsewhere: it is told or kept, and not written into.
TELLING = frozenset({
    "builtins", "time", "sys", "os", "io", "logging", "warnings", "pprint", "json", "csv", "pickle", "traceback", "gc",
    "pdb", "tqdm", "rich", "matplotlib", "pandas", "wandb", "tensorboard", "IPython", "unittest", "pytest", "inspect",
    "tangent_like",
})  # fmt: skip
TELLING_OF_NUMPY = frozenset({"save", "savez", "savez_compressed", "savetxt", "seterr", "set_printoptions", "seed"})
WRITING_SPECIAL = frozenset({"__setitem__", "__delitem__", "__setattr__", "__delattr__", "__init__"}) | {
    f"__i{name}__" for name in (
        "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift",
    )
}  # fmt: skip
WRITING = ("heapq", "bisect", "_heapq", "_bisect")  # of whatever is asked of them as values


def refuse_effect(stmt: Stmt, expr: Call, typing: Typing, activity: Activity) -> None:
    """``heapq.heappush(h, x)``: a call for what it does to its arguments, of which nothing is known."""
    if is_sum_of_lists(expr, typing.at(stmt)):
        raise UnsupportedError("sum of lists is not differentiated", typing.place(expr), "extend a list in a loop")
    target = expr.func.target if isinstance(expr.func, Ref) else None
    if isinstance(stmt, Do) and stmt.value is expr and isinstance(expr.func, Attribute):
        if expr.func.name in IN_PLACE_METHODS and activity.is_varied(stmt, expr.func.value, typing):
            what = f"the method .{expr.func.name}() called for its effect is not differentiated"
            raise UnsupportedError(what, typing.place(expr), "assign the result to a name")
    elif isinstance(expr.func, Attribute) and expr.func.name in IN_PLACE_METHODS:
        if is_list(typing.at(stmt)(expr.func.value)):  # what it does there would be done at another time, or not at all
            what = f"the method .{expr.func.name}() of a list, in this place,"
            raise UnsupportedError(f"{what} is not differentiated", typing.place(expr), "make it a statement before")
    refuse_special(expr, typing)
    asks = may_write if isinstance(stmt, Do) and stmt.value is expr else writes_what_it_is_given
    if not isinstance(target, Library) or not asks(target) or typing.at(stmt).application(expr) is not None:
        return
    if given_varied(stmt, expr, typing, activity):
        name = expr.func.spelling if isinstance(expr.func, Ref) else target.qualname
        what = f"{name}, which may write what carries a derivative into its arguments,"
        raise UnsupportedError(f"{what} is not differentiated", typing.place(expr), "write its body in NumPy")


def refuse_special(expr: Call, typing: Typing) -> None:
    """``y.__setitem__(0, v)``, ``list.__iadd__(xs, ys)``: what operators and stores do is not seen in such a call."""
    match expr.func:
        case Attribute(_, name):
            pass
        case Ref(target=Library(obj=types.WrapperDescriptorType() as obj)):
            name = obj.__name__
        case _:
            return
    if name in WRITING_SPECIAL:
        what = f"a call of {name}, which writes in place,"
        hint = "write what it stands for: a[i] = v"
        raise UnsupportedError(f"{what} is not differentiated", typing.place(expr), hint)


def is_sum_of_lists(expr: Call, kind_of: At) -> bool:
    """``sum(rows, [])``: not of numbers, though it is called so."""
    match expr:
        case Call(Ref(target=Library("builtins", "sum")), (_, start), ()) | Call(
            Ref(target=Library("builtins", "sum")), (_,), ((_, start),)
        ):
            return isinstance(start, List | Tuple) or isinstance(kind_of(start), ListOf | Sequence)
        case _:
            return False


def given_to_writers(function: Function) -> set[str]:
    """The names of what a function gives to functions of libraries, of NumPy's apart, that may write it."""
    found: set[str] = set()
    for stmt in statements(function.body):
        for expr in (e for whole in expressions(stmt) for e in subexpressions(whole)):
            target = expr.func.target if isinstance(expr, Call) and isinstance(expr.func, Ref) else None
            if not isinstance(expr, Call) or not isinstance(target, Library) or target.module.startswith("numpy"):
                continue
            asks = may_write if isinstance(stmt, Do) and stmt.value is expr else writes_what_it_is_given
            if asks(target):
                found |= {name for arg in expr.args if (name := base_name(arg)) is not None}
    return found


def may_write(target: Library) -> bool:
    """May a call of it, as a statement, change what it is given?"""
    top, name = target.module.partition(".")[0], f"{target.module}.{target.qualname}".rpartition(".")[2]
    if top == "numpy":
        return not (name in TELLING_OF_NUMPY or name.startswith("assert_"))
    return top not in TELLING


def writes_what_it_is_given(target: Library) -> bool:
    if (target.module, target.qualname) == ("builtins", "memoryview"):
        return True
    return target.module in WRITING and not target.qualname.startswith(("nlargest", "nsmallest", "merge", "bisect"))


def is_plain_index(index: Expr) -> bool:
    return isinstance(index, Const) or (isinstance(index, Tuple) and all(isinstance(e, Const) for e in index.items))


def refuse_to_draw_again(
    function: Function,
    calls: Callable[[Function], list[UserFunction]],
    read: Callable[[UserFunction], Function],
    place: Place,
) -> None:
    """What runs again on the way back would draw other numbers."""
    pending, seen = [function], set[Function]()
    while pending:
        one = pending.pop()
        if one in seen:
            continue
        seen.add(one)
        name = drawn_in(one)
        if name:
            raise UnsupportedError(
                f"{one.name} draws random numbers ({name}), and runs again on the way back",
                place,
                "draw them before, and pass them in",
            )
        pending.extend(read(target) for target in calls(one))
