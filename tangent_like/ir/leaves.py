"""The leaves of expressions: names, literals, and what stands outside of the function."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tangent_like.ir.quick import node, quick

At: TypeAlias = "tuple[int, int] | None"


# -- what a name outside the function refers to --------------------------------------------------


@quick
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
    stated: object = field(compare=False, default=None)  # the kind, where it was found out and is watched


@dataclass(frozen=True, slots=True)
class UserFunction:
    """A function of the user's with source; ``source`` is a ``frontend.source.FunctionSource``."""

    owner: str
    qualname: str
    source: object = field(compare=False)


def is_solution(target: object) -> bool:
    """Is it a call of a solver? What is read of it says its kind alone."""
    return isinstance(target, UserFunction) and target.owner.startswith(SOLUTION)


SOLUTION = "solution "


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that nothing defines, or that is refused only if it is used."""

    name: str
    reason: str = ""
    error: Exception | None = field(compare=False, default=None)  # what is said where it is reached


@dataclass(frozen=True, slots=True)
class Emitted:
    """A function of the emitted text: ``block_forward``. ``params`` are its parameters, in order."""

    name: str
    params: tuple[str, ...] = field(compare=False, default=())


@dataclass(frozen=True, slots=True)
class Ruled(Library):
    """A callable with a rule of the user's: known by it, as what is of a library, and not by its body.

    ``origin`` is what it would be without the rule. Without a ``rule`` it is called, and nothing is known of it.
    """

    rule: object = field(compare=False, default=None)
    origin: Target | None = field(compare=False, default=None)


Target: TypeAlias = "Library | Global | UserFunction | Unresolved | Emitted"


def plain(target: Target) -> Target:
    """What a callable is without its rule."""
    return target.origin if isinstance(target, Ruled) and target.origin is not None else target


@quick
@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement stood: for errors, for the quoting comment, for the notes on exceptions."""

    file: str
    line: int
    column: int
    text: str  # the statement on one line, as it was written
    comments: tuple[str, ...] = ()  # the comment lines right above it
    blank: bool = False  # a blank line stood above it
    alone: bool = False  # of this statement, and not of those behind it that have none


# -- leaves ----------------------------------------------------------------------------------------


@node
class Name:
    id: str
    at: At = None


@node
class Const:
    """A literal; ``spelling`` is how the user wrote it (``1e-3``), empty for our own."""

    value: object
    spelling: str = ""
    at: At = None


@node
class Ref:
    """A name from outside the function, dotted or not: ``np.sin``, ``helper``, ``len``."""

    spelling: str
    target: Target
    at: At = None
    root: Target | None = None  # what the first part of the spelling refers to: ``np`` of ``np.sin``


@node
class Opaque:
    """Python that carries no derivative, kept verbatim: f-strings, dict displays in messages."""

    text: str
    reads: tuple[str, ...]
    refs: tuple[Ref, ...] = ()
    is_text: bool = False
    at: At = None
    is_block: bool = False  # statements, comments and all


@node
class Hole:
    """A parameter of a rule: never a name, so that a rule's ``y`` cannot capture a user's ``y``."""

    name: str
    at: At = None


@node
class Fresh:
    """The value that the statement's own target has *after* the statement, read by its reverse half."""

    name: str
    at: At = None
