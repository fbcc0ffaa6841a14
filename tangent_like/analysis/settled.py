"""Names that read written memory only after its last write: as good as copies.

    L[i, j] = s                # L is written
    d = np.diag(L)             # d: settled, no write to L comes after
    return np.sum(np.log(d))

Such a name needs no shadow: what it holds never changes while it is there, and the reverse halves that
read it run before the reverse sweep restores anything of that memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tangent_like.ir.nodes import Block, Each, For, Stmt, Try, While
from tangent_like.ir.walk import blocks, statements


@dataclass(frozen=True, eq=False)
class _Search:
    class_of: Mapping[str, str]
    written: Callable[[Stmt], Iterable[str]]  # the names through which a statement writes
    bound: Callable[[Stmt], Iterable[tuple[str, set[str]]]]  # its targets, with the names whose memory they take
    bound_early: set[str] = field(default_factory=set)
    candidates: set[str] = field(default_factory=set)
    takers: dict[str, set[str]] = field(default_factory=dict)  # by a name, those bound to its memory

    def classes(self, block: Block) -> set[str]:
        return {self.class_of.get(n, n) for stmt in statements(block) for n in self.written(stmt)}

    def walk(self, block: Block, later: set[str]) -> set[str]:
        """Backward, with the classes that are written behind a statement; those written in ``block`` or later."""
        for stmt in reversed(block):
            inner = set().union(*(self.classes(b) for b in blocks(stmt)))
            own = {self.class_of.get(n, n) for n in self.written(stmt)}  # by a call that returns what it writes
            around = later | inner if isinstance(stmt, For | While | Each | Try) else later
            for target, memory in self.bound(stmt):
                for name in memory:
                    self.takers.setdefault(name, set()).add(target)
                if not memory:
                    continue
                taken = {self.class_of.get(n, n) for n in memory}
                settled = target not in memory and not taken & (around | own)
                (self.candidates if settled else self.bound_early).add(target)
            for part in blocks(stmt):
                self.walk(part, around)
            later = later | inner | own
        return later


def find_settled(
    body: Block,
    class_of: Mapping[str, str],
    written: Callable[[Stmt], Iterable[str]],
    bound: Callable[[Stmt], Iterable[tuple[str, set[str]]]],
    kept: Iterable[str],
) -> frozenset[str]:
    """The settled names, by the coarse classes in which they share memory with what is written.

    ``kept``: names whose memory others hold when the program is over: it is returned, or the caller's.
    """
    search = _Search(class_of, written, bound)
    search.walk(body, set())
    own = {class_of.get(n, n) for n in kept}
    through = {n for stmt in statements(body) for n in written(stmt)}
    found = {n for n in search.candidates - search.bound_early - through if class_of.get(n, n) not in own}
    while True:  # a name whose memory one takes that is not settled shares it
        left = {n for n in found if search.takers.get(n, set()) <= found}
        if left == found:
            return frozenset(found)
        found = left
