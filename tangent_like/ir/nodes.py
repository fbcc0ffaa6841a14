"""The small language between the two Pythons: frozen nodes, compared by identity.

Expressions stay nested trees and carry only where they stood (``at``: line and column), statements an ``Origin``.
Facts live in tables beside nodes: a rewrite makes new nodes, so that a stale fact is a ``KeyError``, no wrong number.
"""

from __future__ import annotations

from typing import TypeAlias

from tangent_like.ir.leaves import (
    At,
    Const,
    Emitted,
    Fresh,
    Global,
    Hole,
    Library,
    Name,
    Opaque,
    Origin,
    Ref,
    Ruled,
    Target,
    Unresolved,
    UserFunction,
)
from tangent_like.ir.quick import node

__all__ = [  # besides what is defined here
    "At", "Const", "Emitted", "Fresh", "Global", "Hole", "Library", "Name",
    "Opaque", "Origin", "Ref", "Ruled", "Target", "Unresolved", "UserFunction",
]  # fmt: skip


# -- expressions -----------------------------------------------------------------------------------


@node
class Unary:
    op: str  # "-" "+" "not" "~"
    operand: Expr
    at: At = None


@node
class Binary:
    op: str
    left: Expr
    right: Expr
    at: At = None


@node
class Compare:
    left: Expr
    ops: tuple[str, ...]
    rights: tuple[Expr, ...]
    at: At = None


@node
class Logic:
    op: str  # "and" "or"
    values: tuple[Expr, ...]
    at: At = None


@node
class Choose:
    """``body if test else orelse``."""

    test: Expr
    body: Expr
    orelse: Expr
    at: At = None


@node
class Call:
    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()
    at: At = None


@node
class Attribute:
    value: Expr
    name: str
    at: At = None


@node
class Index:
    value: Expr
    index: Expr
    at: At = None


@node
class Slice:
    lower: Expr | None
    upper: Expr | None
    step: Expr | None
    at: At = None


@node
class Tuple:
    items: tuple[Expr, ...]
    at: At = None
    of: type | None = None  # the named tuple that it is


@node
class List:
    items: tuple[Expr, ...]
    at: At = None


# What only ``specialize`` reads, and leaves nothing of.
@node
class Lambda:
    function: Function
    at: At = None


@node
class Dict:
    """``{key: value}``; a key of None unpacks a mapping."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]
    at: At = None


@node
class SetOf:
    items: tuple[Expr, ...]
    at: At = None


@node
class Starred:
    """``*value`` among items, arguments or targets; ``count``: so many, says what unpacks ``zip(*value)``."""

    value: Expr
    at: At = None
    count: int | None = None


@node
class Walrus:
    target: str
    value: Expr
    at: At = None


@node
class Clause:
    """``for target in iterable if ...`` of a comprehension."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...] = ()


@node
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


@node
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


@node
class Store:
    """``a[i] = v``, and ``a[i] += v`` with ``op="+"``.

    ``del d[k]`` has the op "del". ``each``: as ``np.add.at`` does it, an element as often as the index names it.
    """

    target: Index
    op: str
    value: Expr
    origin: Origin | None = None
    each: bool = False


@node
class Augment:
    """``v += e`` on a name: in place for arrays, a rebinding for scalars."""

    target: str
    op: str
    value: Expr
    origin: Origin | None = None


@node
class Arm:
    test: Expr
    body: Block
    origin: Origin | None = None


@node
class If:
    """All arms of an ``if``/``elif`` chain side by side: a thousand of them nest no deeper than one.

    ``path`` names the number of the arm that was taken, where the conditions cannot be asked again.
    ``early``: the user left the turn in each arm, and wrote ``orelse`` behind the branch.
    """

    arms: tuple[Arm, ...]
    orelse: Block
    origin: Origin | None = None
    path: str = ""
    early: bool = False


@node
class For:
    """``for target in range(*args)``. ``turns`` names the counter that the way back runs by, where a ``break`` may
    end the loop; ``slots`` how many states a checkpointed loop keeps, until it is made a call; ``walked`` the lists
    that it goes over by index."""

    target: str
    args: tuple[Expr, ...]
    body: Block
    origin: Origin | None = None
    turns: str = ""
    slots: str = ""
    walked: tuple[str, ...] = ()


@node
class Each:
    """``for target in iterable`` over the first axis of an array."""

    target: str
    iterable: Expr
    body: Block
    origin: Origin | None = None
    turns: str = ""
    slots: str = ""


@node
class While:
    """``while test``; ``turns`` names the counter that the way back runs by, once it has one."""

    test: Expr
    body: Block
    origin: Origin | None = None
    turns: str = ""


@node
class Break:
    """This turn is the last. From ``normalize`` on nothing follows it in its turn, on any path."""

    origin: Origin | None = None


@node
class Continue:
    """The rest of the turn is left out: only as lowered and as printed, never in between."""

    origin: Origin | None = None


@node
class Delete:
    """``del name``: only as lowered."""
    name: str
    origin: Origin | None = None


@node
class Item:
    """``with context as name``; no ``name``: the context is not bound."""

    context: Expr
    name: str = ""


@node
class With:
    """``again``: the context may be entered a second time, around the reversed body.

    ``sure``: an exception is known to pass through it.
    """

    items: tuple[Item, ...]
    body: Block
    origin: Origin | None = None
    again: bool = False
    sure: bool = True


@node
class Handler:
    """``except type as name``; no ``type``: whatever is raised."""

    type: Expr | None
    name: str
    body: Block
    origin: Origin | None = None


@node
class Try:
    """``failed`` names what is false where the body ran to its end: then nothing that the body bound is seen
    by anyone otherwise. Without it no handler goes on behind the statement, which is ``body`` and ``final``.

    ``orelse`` is there only as lowered and as printed.
    """

    body: Block
    handlers: tuple[Handler, ...]
    final: Block
    origin: Origin | None = None
    failed: str = ""
    orelse: Block = ()


@node
class Return:
    value: Expr | None
    origin: Origin | None = None
    idle: frozenset[int] = frozenset()  # of several results: those whose adjoints nobody has


@node
class Do:
    """An expression evaluated for its effect: ``print(...)``."""

    value: Expr
    origin: Origin | None = None


@node
class Assert:
    test: Expr
    message: Expr | None
    origin: Origin | None = None


@node
class Raise:
    value: Expr | None
    origin: Origin | None = None
    cause: Expr | None = None


@node
class Pass:
    origin: Origin | None = None


@node
class Comment:
    """A comment line of the emitted text."""

    text: str
    origin: Origin | None = None


@node
class Push:
    """``list.append(value)``."""

    list: str
    value: Expr
    origin: Origin | None = None


@node
class Pop:
    """``target = list.pop()``; the target is a name or a place in an array, or None: ``list.pop()``."""

    target: Name | Index | None
    list: str
    origin: Origin | None = None


@node
class GradOf:
    """``with tl.grad_of(name) as bar``: ``lines`` of the user's at this place of the way back.

    ``changes``: they may bind the adjoint anew, or write into it; ``keeps``: it may live on elsewhere. ``own`` are
    the other names that they bind.
    In the emitted text ``name`` is empty, and ``bar`` what the adjoint is called.
    """

    name: str
    bar: str
    lines: Opaque
    changes: bool
    keeps: bool
    own: tuple[str, ...] = ()
    origin: Origin | None = None


# What only ``specialize`` reads, and leaves nothing of.
@node
class Bind:
    """``target op= value`` where the target is more than a name or a place in an array.

    It is built of names, indices, attributes, tuples of these, and one starred among the items.
    """

    target: Expr
    op: str
    value: Expr
    origin: Origin | None = None


@node
class Loop:
    """``for target in iterable`` over anything that can be iterated."""

    target: Expr
    iterable: Expr
    body: Block
    origin: Origin | None = None


@node
class Define:
    """A ``def`` inside a function."""

    name: str
    function: Function
    decorators: tuple[Expr, ...] = ()
    origin: Origin | None = None


Stmt: TypeAlias = (
    "Assign | Store | Augment | If | For | Each | While | Break | Continue | Delete | With | Try | Return | Do"
    " | Assert | Raise | Pass | Comment | Push | Pop | GradOf | Bind | Loop | Define"
)
Block: TypeAlias = "tuple[Stmt, ...]"


@node
class Param:
    name: str
    default: Expr | None = None
    annotation: str = ""
    keyword_only: bool = False
    star: str = ""  # "*" of ``*args``, "**" of ``**kwargs``
    note: Opaque | None = None  # the annotation as it is emitted


@node
class Function:
    name: str
    params: tuple[Param, ...]
    body: Block
    origin: Origin
    doc: str = ""
    returns: str = ""  # the annotation of the result
    own: frozenset[str] = frozenset()  # the names that are local to it
    outer: frozenset[str] = frozenset()  # those that it declares nonlocal
    note: Opaque | None = None  # the annotation of the result that is emitted
