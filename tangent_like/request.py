"""The frozen question: what is differentiated, with respect to what, how. With the kinds it is the cache key."""

from __future__ import annotations

from dataclasses import dataclass

STORES = ("auto", "all", "none")


@dataclass(frozen=True, slots=True)
class Jit:
    """The text is compiled by Numba; ``options`` are Numba's own. ``auto``: what it cannot take runs in Python."""

    options: tuple[tuple[str, object], ...] = ()
    auto: bool = False

    def has(self, name: str) -> bool:
        return bool(dict(self.options).get(name))


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """A callable, equal to itself alone: whether it can be hashed or not."""

    obj: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.obj is self.obj

    def __hash__(self) -> int:
        return id(self.obj)


@dataclass(frozen=True, slots=True)
class Request:
    """``argnums``: an index or a name, or a tuple of these. ``mode``: "grad", "value_and_grad", "vjp" or "jvp";
    "tangent" is "jvp" without the value.

    "value": the function itself; ``axes`` then tells what ``tl.vmap`` was asked for.

    ``store``: what the way back reads and no name holds is kept or said again, whichever is "auto"; always
    kept ("all"); or said again wherever it can be ("none").
    """

    argnums: int | str | tuple[int | str, ...] = 0
    mode: str = "grad"
    tidy: bool | tuple[str, ...] = True  # the passes that run, where not all or none do
    comments: bool = True
    flat: bool = False  # what halves keep stands side by side: the text is to be differentiated again
    guards: bool = False  # the text itself checks the sizes that it assumes
    jit: Jit | None = None
    store: str = "auto"
    axes: tuple[object, object] | None = None  # those of the arguments and of the results
    checks: bool = False  # every step that is ``tl.reversible`` is taken back at once, and held against where it began
    lines: bool = False  # each line of the user's has its adjoint where it stands, and not where it is called
    rules: tuple[tuple[Same, object], ...] = ()  # of the user's, for this derivative alone: callables and their rules

    @property
    def is_forward(self) -> bool:
        return self.mode in ("jvp", "tangent")

    @property
    def single(self) -> bool:
        """Is one bare gradient asked for, and not a tuple?"""
        return not isinstance(self.argnums, tuple)

    @property
    def wanted(self) -> tuple[int | str, ...]:
        return self.argnums if isinstance(self.argnums, tuple) else (self.argnums,)
