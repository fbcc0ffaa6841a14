"""Lists that something else holds as well: known here item by item, what is written to them would not be seen there.

    row = [a, b]
    rows.append(row)          # a list of the run has the items by now
    row[0] = 2.0              # refused: rows[-1][0] would stay what it was
    rows[-1][0] = 2.0         # row is one of the run, too, from where it is made
"""

from __future__ import annotations

from tangent_like.ir.nodes import Expr
from tangent_like.kinds.kind import is_list
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import reached_from
from tangent_like.specialize.values import Handle, Value


def given_away(s: Spec, value: Value) -> Expr:
    """What a list of the run gets: of a list that is known item by item its items, so that it must stay as it is."""
    found = s.materialize(value)
    if isinstance(value, Handle) and s.content(value).form == "list":
        s.given.add(value.id)
    return found


def refuse_shared(s: Spec, handle: Handle) -> None:
    """It is not written, if it is one of those, or the caller's in several places of the arguments."""
    content = s.content(handle)
    if content.shared or handle.id in s.given:
        what = content.hint or f"a {content.form}"
        raise s.refuse(f"a write to {what!r}, which is in several places,", "put a copy there: list(...)")


def written_through(s: Spec, holder: Expr) -> None:
    """An item of a list of the run is written: that list may be one that names lead to, and is known item by item."""
    if not s.given or not is_list(s.kind(holder)):
        return
    for id_ in sorted(s.given & reached_from(s.state.vars.values(), s.state.heap)):
        content = s.state.heap[id_]
        if content.site is not None:
            s.facts.learn_dynamic(content.site)
        what = content.hint or f"a {content.form}"
        raise s.refuse(f"a write to {what!r} through a list that holds it, too,", "put a copy there: list(...)")
