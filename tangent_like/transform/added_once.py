"""What several statements add to one adjoint, in one; and what an adjoint is multiplied by before more is added.

Before                                       After

    P_bar += np.outer(k, H)                      s_bar = 0.5 / s - k @ K
    s_bar = 0.5 / s - k @ K                      P_bar += np.outer(k, H) + np.outer(H, s_bar * H)
    P_bar += np.outer(H, s_bar * H)              F_bar += P_bar.T @ a + np.outer(m_bar, m)
    F_bar += P_bar.T @ a                         P_bar = F.T @ P_bar
    P_bar = F.T @ P_bar                          a_bar = h_bar * g * z
    F_bar += np.outer(m_bar, m)                  h_bar = h_bar * (1 - z) + W.T @ a_bar
    z_bar = h_bar * g
    h_bar *= 1 - z
    a_bar = z_bar * z
    h_bar += W.T @ a_bar

Where nothing between them reads the adjoint. Of numbers, and of arrays in double precision; where an array is
multiplied, of one that nobody else holds. The numbers change by rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tangent_like.ir.nodes import Assign, Augment, Binary, Block, Call, Comment, Expr, Function, Name, Stmt
from tangent_like.ir.walk import blocks, names, subexpressions
from tangent_like.kinds.kind import Kind
from tangent_like.transform.forms import is_adjoint, is_own_adjoint
from tangent_like.transform.tidy.algebra import total
from tangent_like.transform.tidy.blocks import change_blocks, may_stop, with_body
from tangent_like.transform.tidy.calls import takes
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.width import COLUMNS, line_width

FAR = 40  # how many statements back the other one is looked for


def added_once(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with such statements together; ``kinds`` are those of its names."""
    if not _may_add_twice(function.body):
        return function
    facts = find_facts(function, frozenset(), kinds)

    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        twice = _adding_twice(body)
        for stmt in body:
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            if not (isinstance(new, Augment) and new.target in twice and _put(out, new, facts, depth)):
                out.append(new)
        return tuple(out) if len(out) < len(body) or any(map(_differs, out, body)) else body

    new = block(function.body, 1)
    return function if new is function.body else with_body(function, new)


def _differs(one: Stmt, other: Stmt) -> bool:
    return one is not other


def _may_add_twice(body: Block) -> bool:
    return bool(_adding_twice(body)) or any(_may_add_twice(inner) for s in body for inner in blocks(s))


def _adding_twice(body: Block) -> set[str]:
    """The adjoints that several statements of a block change in place, or one multiplies."""
    found = Counter(s.target for s in body if isinstance(s, Augment) and s.origin is None and is_adjoint(s))
    return {name for name, often in found.items() if often > 1}


def _put(out: list[Stmt], then: Augment, facts: Facts, depth: int) -> bool:
    """Put what is added into one statement with what is done to the adjoint before."""
    name, value = then.target, then.value
    if then.op not in ("+", "-") or then.origin is not None or not is_adjoint(then) or facts.own(then).wild:
        return False
    own = facts.class_of(name)
    read = names(value)
    if name in read or not _is_real(value, name, facts) or (own is not None and own in facts.classes(read)):
        return False
    for k in range(len(out) - 1, max(len(out) - FAR, 0) - 1, -1):
        stmt = out[k]
        if isinstance(stmt, Comment):
            continue
        does = facts.does(stmt)
        if name in does.binds or name in does.reads:
            if not is_own_adjoint(stmt) or not isinstance(stmt, Augment) or facts.own(stmt).wild or stmt.target != name:
                return False
            new = _together(stmt, then, facts)
            place = None if new is None or line_width(new, depth) > COLUMNS else _place(out, k, stmt, then, facts)
            if new is None or place is None:
                return False
            out.insert(place, new)
            del out[k]
            return True
        if does.anything or may_stop(stmt) or (own is not None and own in facts.classes(does.reads)):
            return False
    return False


def _is_real(value: Expr, name: str, facts: Facts) -> bool:
    """Is it a number that is added to one, or in double precision?"""
    if facts.is_number(name):
        return facts.look(value).rank == 0
    return facts.look_of(name).type == "float64" and facts.look(value).type in ("float64", "float", "int")


def _together(first: Augment, then: Augment, facts: Facts) -> Stmt | None:
    if first.target in names(then.value) or not _is_real(first.value, first.target, facts):
        return None
    held = Name(first.target)
    match first.op, then.op:
        case "*", op if facts.is_alone(first.target):
            multiple = Binary("*", held, first.value)
            return Assign((first.target,), (total(Binary(op, multiple, then.value), facts),), None)
        case ("+", "+") | ("-", "-"):
            return Augment(first.target, first.op, total(Binary("+", first.value, then.value), facts), None)
        case "+", "-":
            return Augment(first.target, "+", total(Binary("-", first.value, then.value), facts), None)
        case "-", "+":
            return Augment(first.target, "+", total(Binary("-", then.value, first.value), facts), None)
        case _:
            return None


def _place(out: list[Stmt], k: int, first: Augment, then: Augment, facts: Facts) -> int | None:
    """Before which statement both may be done: where the second stands, or as far up as it must."""
    lists = _taken_from(first) | _taken_from(then)
    if any(lists & facts.does(s).reads for s in out[k + 1 :] if not isinstance(s, Comment)):
        return None
    early = frozenset(names(first.value)) | {first.target}
    last = next((j for j in range(k + 1, len(out)) if not facts.steady(early, out[j : j + 1])), len(out))
    return last if facts.steady(frozenset(names(then.value)), out[last:]) else None


def _taken_from(stmt: Augment) -> set[str]:
    calls = [e for e in subexpressions(stmt.value) if isinstance(e, Call) and takes(e)]
    return {n for call in calls for n in names(call.func)}
