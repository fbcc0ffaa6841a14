"""What a value is while a function is specialized: known in its structure, with variables at the leaves.

Structure exists only at compile time: of a dict, an object or a tuple nothing is left in the core program but
a variable for each number or array in it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, TypeAlias

from tangent_like.frontend.live import function_target
from tangent_like.ir.build import numpy_ref
from tangent_like.ir.nodes import (
    Attribute,
    Block,
    Compare,
    Comprehension,
    Const,
    Expr,
    Function,
    Global,
    Library,
    Name,
    Ref,
    Unary,
    UserFunction,
)
from tangent_like.specialize.classes import ClassInfo

UNSET: object = type("Unset", (), {"__repr__": lambda _: "UNSET"})()


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A number, an array, a text: anything that is one value of the core. ``known``: its value, if that is."""

    expr: Expr
    known: object = UNSET
    part: tuple[object, ...] | None = None  # of an argument of which nothing is known: see ``assume``


@dataclass(frozen=True, slots=True, eq=False)
class Seq:
    """A tuple, or a named tuple where ``cls`` is set."""

    items: tuple[Value, ...]
    cls: ClassInfo | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Handle:
    """A list, a dict or an object, whose content stands in the heap."""

    id: int


@dataclass(frozen=True, slots=True)
class Longest:
    """What is known of a list of the core that is a deque: how many items it keeps, a number or a name for one."""

    items: int | str

    @property
    def expr(self) -> Expr:
        return Name(self.items) if isinstance(self.items, str) else Const(self.items)


@dataclass(frozen=True, slots=True)
class Endless:
    """What is known of a list of the core that is a deque, and keeps all items."""


STAYS_KNOWN = (bool, str, Longest, Endless)  # of a value once it is in a variable


@dataclass(frozen=True, slots=True)
class Born:
    """A variable that says, by one of these numbers, that the run has made what some paths alone make.

    Without a name: none says it yet, and one will where the paths meet once ``place`` is known to need it.
    """

    which: str
    numbers: tuple[int, ...]
    place: object = None
    under: Born | None = None  # what says whether the variable is bound


@dataclass(frozen=True, slots=True)
class Row:
    """A place in a list of objects whose number only the run tells; ``exact``: counted from the front for sure."""

    list: Handle
    place: Leaf
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Content:
    """``form`` is "list", "dict", "set" or "object"; the keys of a list are its indices."""

    form: str
    items: tuple[tuple[object, Value], ...]
    cls: ClassInfo | None = None
    hint: str = ""
    site: object = field(default=None, compare=False)  # the expression that made it
    borrowed: bool = False  # the caller's
    part: tuple[object, ...] | None = None  # its use tells what it holds: see ``assume``
    assumed: bool = False  # so does it whether it is a tuple or a list
    shared: bool = False  # the caller's, and in several places of the arguments
    made_as: str = ""  # "deque" or "OrderedDict", where it is one: see ``sorts``
    longest: int | None = None  # of a deque: the oldest items beyond are dropped
    default: Value | None = None  # what makes the values of keys that are missing
    certain: bool = True  # are the keys and their order those of every path?
    sometimes: frozenset[object] = frozenset()  # attributes that only some paths have set: to read them may fail
    split: bool = False  # a copy of what goes by another name, too: see ``unwritten``
    born: tuple[Born, ...] = ()  # whether the run has made it, where only some paths have
    of_module: tuple[str, tuple[tuple[object, Value], ...]] | None = None  # its name, and what it holds there
    of: ClassInfo | None = None  # of a list of objects whose number only the run tells: their class
    pool: bool = False  # of such a list: it has all objects of the class, in the order in which they were made
    row: Row | None = None  # of an object in such a list: where it is

    def get(self, key: object) -> Value | None:
        for k, value in self.items:
            if k == key:
                return value
        return None

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(v for _, v in self.items)

    def is_born(self, which: str) -> bool:
        """Does the variable, by some of its numbers, say whether the run has made it?"""
        return any(b.which == which for b in self.born)


@dataclass(frozen=True, slots=True, eq=False)
class Fn:
    """A function of the user's with the frame around it."""

    function: Function
    frame: Frame | None
    defaults: tuple[tuple[str, Value], ...] = ()
    file: str = ""
    cls: ClassInfo | None = None  # the class that it is a method of
    target: UserFunction | None = None
    named: str = ""  # by ``functools.wraps``
    cached: bool = False  # by ``functools.lru_cache``

    @property
    def name(self) -> str:
        """What its ``__name__`` is."""
        own = "<lambda>" if self.function.origin.text.startswith("lambda") else self.function.name
        return self.named or own


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A method taken from an object."""

    function: Value
    receiver: Value


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    function: Value
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    made: Expr | None = None  # of an object of a library: the call that makes it, where more is asked of it


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """``tl.grad(f)`` inside a function that is differentiated."""

    function: Value
    argnums: int | str | tuple[int | str, ...]
    with_value: bool


@dataclass(frozen=True, slots=True, eq=False)
class Pullback:
    """What ``tl.vjp(f, ...)`` returns beside the value: a call takes ``given`` and the adjoints of the results.

    ``results``: which of them carry derivatives; ``flows``: what the adjoints of the arguments of ``f`` are
    called, empty where an argument has none; ``shape`` and ``shapes``: the outlines of the value and of each argument.
    """

    function: Ref
    given: tuple[Expr, ...]
    results: tuple[bool, ...]
    flows: tuple[str, ...]
    shape: Any
    shapes: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    info: ClassInfo
    expr: Expr | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lazy:
    """What can be iterated once it is asked to: ``range``, ``enumerate``, ``zip``, ``map``, a generator."""

    form: str
    parts: tuple[Value, ...]
    comprehension: Comprehension | None = None
    frame: Frame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outer:
    """Something of the user's module that has structure: read where it stands, never differentiated."""

    expr: Expr
    value: object
    read: Callable[[], object]
    written_out: bool = False  # the numbers in it are, where they are read


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A dict or list of the module that the program writes: asked where it stands, by its items."""

    expr: Expr
    value: object


@dataclass(frozen=True, slots=True, eq=False)
class Mixed:
    """Of one structure on one path and of another on another: refused where it is read."""

    what: str
    by_turns: bool = False  # in a loop of the core: its turns written out, it may be known
    choice: object = None  # where the paths meet: there it becomes ``Either`` once it is known to be read
    hint: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """One of several, each as it is; ``which`` is the number of the one that it is."""

    which: Leaf
    options: tuple[Value, ...]
    made: str = ""  # the variable of the meeting that it came of, as long as that says which

    @property
    def parts(self) -> tuple[Value, ...]:
        return self.which, *self.options

    def again(self, which: Leaf, options: tuple[Value, ...]) -> Either:
        """The same of other values."""
        return Either(which, options, self.made)


@dataclass(frozen=True, slots=True, eq=False)
class Maybe(Either):
    """None or a tuple, by variables for its items, which are None where it is: see ``maybe``.

    ``at`` is the place of an item that is never None in a tuple, and so tells; without one ``which`` is a variable.
    """

    at: tuple[int, ...] = ()

    @property
    def items(self) -> Seq:
        found = self.options[1]
        assert isinstance(found, Seq)
        return found

    def again(self, which: Leaf, options: tuple[Value, ...]) -> Either:
        assert isinstance(options[1], Seq)
        return maybe(options[1], self.at, which)


@dataclass(frozen=True, slots=True, eq=False)
class Super:
    """``super()`` inside a method: the class to look behind, and the object."""

    cls: ClassInfo
    receiver: Value


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What ``yield`` calls, with the item: it gives whether the function around is to end: see ``generators``."""

    take: Callable[[Value], Value]


Value: TypeAlias = (
    "Leaf | Seq | Handle | Fn | Bound | Partial | Class | Derived | Pullback | Lazy | Outer | Mixed | Either"
    " | Super | Given | Kept"
)
Form: TypeAlias = "tuple[int, tuple[str, ...]]"  # of a call: how many arguments, and the names of others
Keywords: TypeAlias = "list[tuple[str, Value]]"  # of a call: names and what they are given


@dataclass(eq=False)
class Frame:
    """One activation of a function: its local names as they are called in the core program."""

    id: int
    function: Function
    parent: Frame | None
    file: str
    own: frozenset[str]
    multiple: frozenset[str] = frozenset()  # locals that are bound more than once
    cls: ClassInfo | None = None  # the class whose method it is
    receiver: Value | None = None
    later: list[Block] = field(default_factory=list)  # the statement that is being read, and what is behind it

    def home(self, name: str) -> Frame | None:
        """The frame whose local a name is."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.own:
                return frame
            frame = frame.parent
        return None


def maybe(items: Seq, at: tuple[int, ...], flag: Leaf) -> Maybe:
    """None, or the tuple, as one of its items or a flag of its own tells."""
    which = Leaf(Compare(leaf_at(items, at).expr, ("is not",), (Const(None),))) if at else flag
    return Maybe(which, (none(), items), "", at)


def leaf_at(items: Seq, at: tuple[int, ...]) -> Leaf:
    found: Value = items
    for k in at:
        assert isinstance(found, Seq)
        found = found.items[k]
    assert isinstance(found, Leaf)
    return found


def none() -> Leaf:
    return Leaf(Const(None), None)


def is_builtin(ref: Ref, name: str) -> bool:
    return isinstance(ref.target, Library) and (ref.target.module, ref.target.qualname) == ("builtins", name)


def is_function_ref(value: Leaf) -> bool:
    """A function or a class by its name, which no variable stands for; ``math.inf`` is a number."""
    match value.expr:
        case Ref(target=Global()):
            return False
        case Ref(target=Library(obj=obj)):
            return not isinstance(obj, int | float)
        case expr:
            return isinstance(expr, Ref)


def is_none(value: Value) -> bool:
    return isinstance(value, Leaf) and value.known is None


VIEWS = ("range", "items", "keys", "values", "slice", "row", "part", "reference")


def is_used_up(value: Value) -> bool:
    """Is it an iterator, which gives its items only once?"""
    if isinstance(value, Seq):
        return any(map(is_used_up, value.items))
    return isinstance(value, Lazy) and value.form not in VIEWS


def enum_member(holder: Expr, member: enum.Enum) -> Outer:
    """``Kind.LINEAR``, of a class that is called ``holder``."""
    return Outer(Attribute(holder, member.name), member, lambda: member)


def named(name: str) -> Leaf:
    return Leaf(Name(name))


def is_atomic(expr: Expr) -> bool:
    if isinstance(expr, Unary):  # -1
        expr = expr.operand if isinstance(expr.operand, Const) else expr
    return isinstance(expr, Name | Const | Ref)


def target_value(target: UserFunction | Library) -> Value:
    """A function that a constant of a file is."""
    name = target.qualname.rpartition(".")[2]
    name = name if name.isidentifier() else "f"  # a lambda
    obj = target.obj if isinstance(target, Library) else UNSET
    if isinstance(target, Library) and target.module == "numpy":
        return Leaf(numpy_ref(target.qualname), obj)
    return Leaf(Ref(name, target, None, target), obj)


COUNTS = Leaf(Const(0), 0)  # what a Counter gives for a key that it has not; by it a Counter is known


def object_of(value: Value) -> Handle | None:
    """The object whose table of attributes the value is."""
    match value:
        case Partial(Leaf(Ref(target=Library("tangent_like", "attributes"))), (Handle() as held,)):
            return held
        case _:
            return None


def of_rules(fn: Callable[..., object]) -> Value:
    """A function of the rules, as one of the user's."""
    assert isinstance(fn, FunctionType)
    target = function_target(fn)
    return Leaf(Ref(fn.__name__, target, None, target))
