"""Lists that something else holds as well: known here item by item, what is written to them would not be seen there.

    row = [a, b]
    rows.append(row)          # a list of the run has the items by now
    row[0] = 2.0              # refused: rows[-1][0] would stay what it was
    rows[-1][0] = 2.0         # row is one of the run, too, from where it is made

Of arguments of which only their use is known, what is written is no other one: the text checks it.

    a.x = 2.0                 # if a is b: raise ValueError("this derivative is for a that is not b")
    return b.x
"""

from __future__ import annotations

from tangent_like.ir.nodes import Expr
from tangent_like.kinds.kind import is_list
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import reached_from
from tangent_like.specialize.values import Content, Handle, Value


def given_away(s: Spec, value: Value) -> Expr:
    """What a list of the run gets: of a list that is known item by item its items, so that it must stay as it is."""
    found = s.materialize(value)
    if isinstance(value, Handle) and s.content(value).form == "list":
        s.several.given.add(value.id)
    return found


def refuse_shared(s: Spec, handle: Handle, key: object = None) -> None:
    """It is not written, if it is one of those, or the caller's in several places of the arguments."""
    content = s.content(handle)
    s.several.written.add((handle.id, key))
    if content.shared or handle.id in s.several.given:
        what = content.hint or f"a {content.form}"
        raise s.refuse(f"a write to {what!r}, which is in several places,", "put a copy there: list(...)")


def written_through(s: Spec, holder: Expr) -> None:
    """An item of a list of the run is written: that list may be one that names lead to, and is known item by item."""
    if not s.several.given or not is_list(s.kind(holder)):
        return
    for id_ in sorted(s.several.given & reached_from(s.state.vars.values(), s.state.heap)):
        content = s.state.heap[id_]
        if content.site is not None:
            s.facts.learn_dynamic(content.site)
        what = content.hint or f"a {content.form}"
        raise s.refuse(f"a write to {what!r} through a list that holds it, too,", "put a copy there: list(...)")


def passed(s: Spec, handle: Handle, text: str) -> None:
    """A part of an argument of which only its use is known, and how it is reached."""
    s.several.passed[handle.id] = s.content(handle), text


def keep_apart(s: Spec) -> None:
    """What is written of them is seen through no other: checked, where it is read there."""
    written: dict[int, set[object]] = {}
    for id_, key in s.several.written:
        written.setdefault(id_, set()).add(key)
    done: set[int] = set()
    for id_ in [i for i in s.several.passed if i in written]:
        content, text = s.several.passed[id_]
        done.add(id_)
        rest = {i: found for i, found in s.several.passed.items() if i not in done}
        changed = {i: written.get(i, set()) for i in (id_, *rest)}
        apart(s, text, [t for i, (other, t) in rest.items() if may_be(content, changed[id_], other, changed[i])])


def may_be(one: Content, changed: set[object], other: Content, also: set[object]) -> bool:
    """May the two be one, such that what is written to one is seen where the other is read?"""
    keys, theirs = ({k for k, _ in content.items} for content in (one, other))
    if one.form != other.form:
        return False
    if one.form != "object":
        return keys == theirs  # each is checked to have no others
    classes = [content.cls.type for content in (one, other) if content.cls is not None]
    if len(classes) == 2 and not issubclass(*classes) and not issubclass(*classes[::-1]):
        return False
    return bool(changed & (theirs | also) or also & keys)


def apart(s: Spec, text: str, others: list[str]) -> None:
    if len(others) == 1:
        s.conditions.append((f"{text} is {others[0]}", f"this derivative is for {text} that is not {others[0]}"))
    elif others:
        words = f"this derivative is for {text} that is none of {' and '.join(others)}"
        s.conditions.append((f"any({text} is other for other in [{', '.join(others)}])", words))


def are_apart(s: Spec, one: Handle, other: Handle) -> None:
    """That they are not one is asked, and held to."""
    found = [s.several.passed[h.id] for h in (one, other) if h.id in s.several.passed]
    if len(found) == 2 and found[0][0].form == found[1][0].form:
        apart(s, found[0][1], [found[1][1]])
