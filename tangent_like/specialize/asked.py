"""What is asked of the program around about functions inside a function, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangent_like.ir.nodes import Expr, Function, Library, Origin, Ref
from tangent_like.kinds.kind import Kind
from tangent_like.rules.solutions import SolutionRule

# What ``tl.vmap`` makes of a function is called through this name.
VMAPPED = Ref("vmap", Library("tangent_like", "vmapped", None))


@dataclass(frozen=True)
class Gradient:
    """What is asked of a function inside another: the parameters by name, bare if ``single``.

    ``mode``: "grad", "value_and_grad", "vjp", "jvp"; "pull", forward and back in one; "rerun", the same without the
    arguments that it does not read.
    """

    wrt: tuple[str, ...]
    single: bool
    mode: str


@dataclass(frozen=True, eq=False)
class Inner:
    """A derivative inside a function: the emitted functions, by which it is called.

    One function; for "vjp" two, the second of which takes the last results of the first, called ``kept``, before
    the adjoints; but one, which takes them behind the arguments, where what is kept cannot be read twice. For "rerun"
    ``kept`` are the arguments that it takes.
    """

    refs: tuple[Ref, ...]
    kept: tuple[str, ...]
    flowing: tuple[bool, ...]  # which results carry derivatives


@dataclass(frozen=True, eq=False)
class Solved:
    """A call of a solver: ``function`` takes the unknown, then ``captured``, which are names around the call."""

    rule: SolutionRule
    function: Function
    captured: tuple[str, ...]
    options: tuple[tuple[str, Expr], ...]
    helpers: tuple[tuple[str, Ref], ...]  # functions that the solver is given besides
    origin: Origin


@dataclass(frozen=True, eq=False)
class Undoing:
    """How a step is taken back: its first ``state`` parameters are what it returns anew; ``kinds`` of all of them.

    ``inverse``, where one is given, takes the arguments of the step in the places ``passed``, the state anew.
    """

    state: int
    kinds: Mapping[str, Kind]
    inverse: Function | None
    passed: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Solution:
    """How it is called: the solver, the function as it is emitted, and what else it is given."""

    solver: Ref
    function: Ref
    helpers: tuple[tuple[str, Ref], ...]
