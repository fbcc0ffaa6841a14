"""The small language between the two Pythons: frozen nodes, compared by identity.

Expressions stay nested trees and carry only where they stood (``at``: line and column). Statements
carry an ``Origin``. Facts about nodes live in tables beside them, never on them: a rewrite makes new
nodes, so that a stale fact is a ``KeyError`` and not a wrong derivative.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

At: TypeAlias = "tuple[int, int] | None"


# -- what a name outside the function refers to --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Library:
    """Something importable that is not the user's: ``numpy.sin``, ``math``, ``builtins.len``."""

    module: str
    qualname: str
    obj: object = field(compare=False)


@dataclass(frozen=True, slots=True)
class Global:
    """A value of the user's module or closure: read, never differentiated."""

    owner: str  # the module's file or name: same-named globals of two modules stay two
    name: str
    value: object = field(compare=False, default=None)  # live: the object; parsed: None
    definition: object = field(compare=False, default=None)  # parsed: where its text stands
    read: object = field(compare=False, default=None)  # live: a function that reads the value anew


@dataclass(frozen=True, slots=True)
class UserFunction:
    """A function of the user's with source; ``source`` is a ``frontend.source.FunctionSource``."""

    owner: str
    qualname: str
    source: object = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that nothing defines, or that is refused only if it is used."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Emitted:
    """A function of the emitted text: ``block_forward``. ``params`` are its parameters, in order."""

    name: str
    params: tuple[str, ...] = field(compare=False, default=())


Target: TypeAlias = "Library | Global | UserFunction | Unresolved | Emitted"


# -- expressions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    id: str
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A literal; ``spelling`` is how the user wrote it (``1e-3``), empty for our own."""

    value: object
    spelling: str = ""
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Ref:
    """A name from outside the function, dotted or not: ``np.sin``, ``helper``, ``len``."""

    spelling: str
    target: Target
    at: At = None
    root: Target | None = None  # what the first part of the spelling refers to: ``np`` of ``np.sin``


@dataclass(frozen=True, slots=True, eq=False)
class Unary:
    op: str  # "-" "+" "not" "~"
    operand: Expr
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    op: str
    left: Expr
    right: Expr
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Compare:
    left: Expr
    ops: tuple[str, ...]
    rights: tuple[Expr, ...]
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Logic:
    op: str  # "and" "or"
    values: tuple[Expr, ...]
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Choose:
    """``body if test else orelse``."""

    test: Expr
    body: Expr
    orelse: Expr
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    value: Expr
    name: str
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    value: Expr
    index: Expr
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    lower: Expr | None
    upper: Expr | None
    step: Expr | None
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Tuple:
    items: tuple[Expr, ...]
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class List:
    items: tuple[Expr, ...]
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """Python that carries no derivative, kept verbatim: f-strings, dict displays in messages."""

    text: str
    reads: tuple[str, ...]
    refs: tuple[Ref, ...] = ()
    is_text: bool = False
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """A parameter of a rule: never a name, so that a rule's ``y`` cannot capture a user's ``y``."""

    name: str
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Fresh:
    """The value that the statement's own target has *after* the statement, read by its reverse half."""

    name: str
    at: At = None


# What only ``specialize`` reads, and leaves nothing of.


@dataclass(frozen=True, slots=True, eq=False)
class Lambda:
    function: Function
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Dict:
    """``{key: value}``; a key of None unpacks a mapping."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class SetOf:
    items: tuple[Expr, ...]
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Starred:
    """``*value`` among items, arguments or targets."""

    value: Expr
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Walrus:
    target: str
    value: Expr
    at: At = None


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """``for target in iterable if ...`` of a comprehension."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Comprehension:
    """``form`` is "list", "set", "dict" or "generator"; ``names`` are those that its clauses bind."""

    form: str
    element: Expr
    value: Expr | None
    clauses: tuple[Clause, ...]
    names: frozenset[str]
    at: At = None


Expr: TypeAlias = (
    "Name | Const | Ref | Unary | Binary | Compare | Logic | Choose | Call | Attribute | Index"
    " | Slice | Tuple | List | Opaque | Hole | Fresh"
    " | Lambda | Dict | SetOf | Starred | Walrus | Comprehension"
)


# -- statements ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement stood: for errors, for the quoting comment, for the notes on exceptions."""

    file: str
    line: int
    column: int
    text: str  # the statement on one line, as it was written
    comments: tuple[str, ...] = ()  # the comment lines right above it
    blank: bool = False  # a blank line stood above it


@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """``v = e`` and, in parallel, ``a, b = e1, e2``. One value with several targets unpacks.

    ``saved``, on a call of the user's own function: the name for what its reverse half will need.
    ``guard``, on the arm of a ``np.where``: where the condition is not (as) said, no adjoint flows.
    ``writes``, on a call of the user's own function: the names whose memory it writes. Such a call made
    for its effect has no targets.
    """

    targets: tuple[str, ...]
    values: tuple[Expr, ...]
    origin: Origin | None = None
    saved: str = ""
    guard: tuple[Expr, bool] | None = None
    writes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """``a[i] = v``, and ``a[i] += v`` with ``op="+"``.

    ``each``: as ``np.add.at`` does it, an element as often as the index names it.
    """

    target: Index
    op: str
    value: Expr
    origin: Origin | None = None
    each: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Augment:
    """``v += e`` on a name: in place for arrays, a rebinding for scalars."""

    target: str
    op: str
    value: Expr
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    test: Expr
    body: Block
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """All arms of an ``if``/``elif`` chain side by side: a thousand of them nest no deeper than one.

    ``path`` names the number of the arm that was taken, where the conditions cannot be asked again.
    """

    arms: tuple[Arm, ...]
    orelse: Block
    origin: Origin | None = None
    path: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class For:
    """``for target in range(start, stop, step)``; ``args`` are the arguments as written."""

    target: str
    args: tuple[Expr, ...]
    body: Block
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Each:
    """``for target in iterable`` over the first axis of an array."""

    target: str
    iterable: Expr
    body: Block
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class While:
    """``while test``; ``turns`` names the counter that the way back runs by, once it has one."""

    test: Expr
    body: Block
    origin: Origin | None = None
    turns: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    value: Expr | None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Do:
    """An expression evaluated for its effect: ``print(...)``."""

    value: Expr
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Assert:
    test: Expr
    message: Expr | None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Raise:
    value: Expr | None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Comment:
    """A comment line of the emitted text."""

    text: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Push:
    """``list.append(value)``."""

    list: str
    value: Expr
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pop:
    """``target = list.pop()``; the target is a name or a place in an array."""

    target: Name | Index
    list: str
    origin: Origin | None = None


# What only ``specialize`` reads, and leaves nothing of.


@dataclass(frozen=True, slots=True, eq=False)
class Bind:
    """``target op= value`` where the target is more than a name or a place in an array.

    It is built of names, indices, attributes, tuples of these, and one starred among the items.
    """

    target: Expr
    op: str
    value: Expr
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """``for target in iterable`` over anything that can be iterated."""

    target: Expr
    iterable: Expr
    body: Block
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Define:
    """A ``def`` inside a function."""

    name: str
    function: Function
    decorators: tuple[Expr, ...] = ()
    origin: Origin | None = None


Stmt: TypeAlias = (
    "Assign | Store | Augment | If | For | Each | While | Return | Do | Assert | Raise | Pass | Comment | Push | Pop"
    " | Bind | Loop | Define"
)
Block: TypeAlias = "tuple[Stmt, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Param:
    name: str
    default: Expr | None = None
    annotation: str = ""
    keyword_only: bool = False
    star: str = ""  # "*" of ``*args``, "**" of ``**kwargs``


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    name: str
    params: tuple[Param, ...]
    body: Block
    origin: Origin
    doc: str = ""
    returns: str = ""  # the annotation of the result
    own: frozenset[str] = frozenset()  # the names that are local to it
    outer: frozenset[str] = frozenset()  # those that it declares nonlocal
