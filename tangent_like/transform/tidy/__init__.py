"""Passes over emitted functions that make them read as if written by hand. None changes a number by a bit.

Each pass stands in a file of its own, whose docstring shows it at work, and can be left out. They touch
the statements that we made and the names that are ours: what the user wrote stays as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tangent_like.ir.nodes import Function
from tangent_like.kinds.kind import Kind
from tangent_like.transform.tidy.across import across
from tangent_like.transform.tidy.added import added
from tangent_like.transform.tidy.ahead import ahead
from tangent_like.transform.tidy.algebra import products
from tangent_like.transform.tidy.alike import alike
from tangent_like.transform.tidy.arms import arms
from tangent_like.transform.tidy.at_once import at_once
from tangent_like.transform.tidy.blocks import hardly_changed
from tangent_like.transform.tidy.calls import Pure
from tangent_like.transform.tidy.carried import carried
from tangent_like.transform.tidy.comments import comments
from tangent_like.transform.tidy.constants import constants
from tangent_like.transform.tidy.copies import copies
from tangent_like.transform.tidy.counts import counts
from tangent_like.transform.tidy.dead import dead
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.fused import fused
from tangent_like.transform.tidy.handed_back import handed_back
from tangent_like.transform.tidy.inside import inside
from tangent_like.transform.tidy.joined import joined
from tangent_like.transform.tidy.names import names
from tangent_like.transform.tidy.nest import nest
from tangent_like.transform.tidy.onward import onward
from tangent_like.transform.tidy.placed import placed
from tangent_like.transform.tidy.promoted import promoted
from tangent_like.transform.tidy.repeated import repeated
from tangent_like.transform.tidy.restated import restated
from tangent_like.transform.tidy.results import results
from tangent_like.transform.tidy.reused import reused
from tangent_like.transform.tidy.spared import spared
from tangent_like.transform.tidy.spent import spent
from tangent_like.transform.tidy.sums import sums
from tangent_like.transform.tidy.swaps import swaps
from tangent_like.transform.tidy.taken import taken
from tangent_like.transform.tidy.tested import tested
from tangent_like.transform.tidy.together import together
from tangent_like.transform.tidy.turns import turns
from tangent_like.transform.tidy.unshared import unshared
from tangent_like.transform.tidy.whose import whose

Pass = Callable[[Function, Facts], Function]

PASSES: Mapping[str, Pass] = {
    "swaps": swaps,
    "fused": fused,
    "alike": alike,
    "constants": constants,
    "whose": whose,
    "unshared": unshared,
    "copies": copies,
    "dead": dead,
    "joined": joined,
    "repeated": repeated,
    "sums": sums,
    "nest": nest,
    "arms": arms,
    "products": products,
    "comments": comments,
    "at_once": at_once,
    "spent": spent,
    "spared": spared,
    "across": across,
    "inside": inside,
    "onward": onward,
    "together": together,
    "counts": counts,
    "taken": taken,
    "turns": turns,
    "placed": placed,
    "tested": tested,
    "reused": reused,
    "ahead": ahead,
    "results": results,
    "added": added,
    "carried": carried,
    "handed_back": handed_back,
    "restated": restated,
    "promoted": promoted,
    "names": names,
}
# At the end of a round, when the others have found nothing more to do: they undo what comments divide.
LATE = (
    "at_once", "spent", "spared", "across", "inside", "onward", "together", "counts", "taken", "turns", "placed",
    "tested", "reused", "ahead", "results", "added", "carried", "handed_back", "restated",
)  # fmt: skip
# Once, when nothing is left to do: the first must see no product taken apart behind it, the second gives names to other
# values, of which the facts of the round know nothing.
LAST = ("promoted", "names")
ALL = tuple(PASSES)
# Without what only a reader gains by: of text that is compiled.
READING = (
    "swaps", "fused", "inside", "onward", "together", "counts", "taken", "turns", "placed", "tested", "reused", "whose",
    "ahead", "carried", "handed_back", "restated", "at_once",
)  # fmt: skip
PLAIN = tuple(p for p in PASSES if p not in READING)
# Of text that is differentiated again: arrays that are changed back are no memory that a list may hold as well.
AGAIN = tuple(p for p in PASSES if p in PLAIN or p == "swaps")

ROUNDS = 6

def tidied(
    function: Function,
    users: frozenset[str] = frozenset(),
    kinds: Mapping[str, Kind] | None = None,
    passes: Sequence[str] = ALL,
    pure: Pure = frozenset(),
    last: Callable[[Function], Function] | None = None,
) -> Function:
    """The function after the passes, in rounds until nothing changes. ``last`` is asked then, and once.

    ``users`` are the names that the user's own text uses. ``kinds`` is what is known of names, and holds
    wherever they are bound: with nothing known the text is right, and a little less plain. ``pure`` are the emitted
    functions that do nothing but compute (``fused.pure_functions``).
    """
    facts = find_facts(function, users, kinds or {}, pure)
    rounds = tuple(p for p in passes if p not in (*LATE, *LAST))
    for _ in range(ROUNDS):
        before = function
        quiet = 0  # passes since the last that changed something
        for _ in range(ROUNDS):
            begun = function
            for name in rounds:
                new = PASSES[name](function, facts) if quiet < len(rounds) else function
                quiet = quiet + 1 if new is function else 0
                function = new
            if quiet >= len(rounds) or hardly_changed(begun, function):
                break
        early = function
        for name in LATE:
            function = PASSES[name](function, facts) if name in passes else function
        if function is before or hardly_changed(before, function):
            break
        later = find_facts(function, users, kinds or {}, pure, facts)
        if not facts.agrees(later):
            facts = later
        elif function is early and quiet == len(rounds):
            break  # what is known of the shorter text leaves nothing to do, either
    if last is not None and (changed := last(function)) is not function:
        return tidied(changed, users, kinds, passes, pure)
    for name in LAST:
        function = PASSES[name](function, facts) if name in passes else function
    return function


__all__ = ["AGAIN", "ALL", "PASSES", "PLAIN", "tidied"]
