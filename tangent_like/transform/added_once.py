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

And an adjoint is bound anew behind what reads what was made of it, so that ``tidy`` may say it there:

    f_bar = c_bar * c                            z_bar[:n] = c_bar * c * f * (1 - f)
    c_bar = c_bar * f                            c_bar = c_bar * f
    z_bar[:n] = f_bar * f * (1 - f)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import is_not
from typing import TypeGuard

from tangent_like.ir.nodes import Assign, Augment, Binary, Block, Call, Comment, Expr, Function, Name, Stmt, Store
from tangent_like.ir.walk import binds, expressions, names, statements, subexpressions
from tangent_like.kinds.kind import Kind
from tangent_like.transform.forms import is_adjoint, is_own_adjoint
from tangent_like.transform.tidy.algebra import total
from tangent_like.transform.tidy.blocks import change_blocks, may_stop, with_body
from tangent_like.transform.tidy.calls import Pure, takes
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.sums import joined_sum
from tangent_like.transform.tidy.width import COLUMNS, NARROW, line_width, width

FAR = 40  # how many statements back the other one is looked for


def added_once(function: Function, kinds: Mapping[str, Kind], pure: Pure = frozenset()) -> Function:
    """The function with such statements together; ``kinds`` are those of its names."""
    bound = [s for s in statements(function.body) if isinstance(s, Assign | Augment) and is_own_adjoint(s)]
    if not any(isinstance(s, Augment) or (isinstance(s, Assign) and s.targets[0] in names(s.values[0])) for s in bound):
        return function
    facts = find_facts(function, frozenset(), kinds, pure)
    once = _read_once(function, bound)

    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        twice = Counter(n for s in body if isinstance(s, Assign | Augment) for n in binds(s))
        for stmt in body:
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            if not (isinstance(new, Augment) and twice[new.target] > 1 and _put(out, new, facts, depth)):
                out.append(new)
        for k in reversed(range(len(out))):
            place = _later(out, k, once, facts, depth)
            if place > k:
                out.insert(place + 1, out[k])
                del out[k]
        return tuple(out) if len(out) < len(body) or any(map(is_not, out, body)) else body

    new = block(function.body, 1)
    return function if new is function.body else with_body(function, new)


def _read_once(function: Function, bound: Sequence[Stmt]) -> frozenset[str]:
    """The adjoints that one statement binds and one reads, once."""
    times = Counter(n for s in bound for n in binds(s))
    inside = (e for s in statements(function.body) for top in expressions(s) for e in subexpressions(top))
    read = Counter(e.id for e in inside if isinstance(e, Name))
    return frozenset(n for n, often in times.items() if often == read[n] == 1)


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
            if binds(stmt) != (name,) or not is_own_adjoint(stmt) or isinstance(stmt, Store) or facts.own(stmt).wild:
                return False
            if isinstance(stmt, Augment):
                new = _together(stmt, then, facts)
            else:
                new = joined_sum(stmt, then, facts, depth)
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


def _place(out: list[Stmt], k: int, first: Assign | Augment, then: Augment, facts: Facts) -> int | None:
    """Before which statement both may be done: where the second stands, or as far up as it must."""
    lists = _taken_from(first) | _taken_from(then)
    if any(lists & facts.does(s).reads for s in out[k + 1 :] if not isinstance(s, Comment)):
        return None
    early = frozenset(n for e in expressions(first) for n in names(e)) | {then.target}
    last = next((j for j in range(k + 1, len(out)) if not facts.steady(early, out[j : j + 1])), len(out))
    return last if facts.steady(frozenset(names(then.value)), out[last:]) else None


def _taken_from(stmt: Assign | Augment) -> set[str]:
    calls = [e for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Call) and takes(e)]
    return {n for call in calls for n in names(call.func)}


def _later(out: list[Stmt], k: int, once: frozenset[str], facts: Facts, depth: int) -> int:
    """Behind which statement an adjoint may be bound anew, for what was made of it to be said where it is read."""
    stmt = out[k]
    if not is_own_adjoint(stmt) or isinstance(stmt, Store) or facts.own(stmt).acts:
        return k
    own = facts.does(stmt)
    name = stmt.target if isinstance(stmt, Augment) else stmt.targets[0]
    memory = facts.class_of(name)
    if len(own.binds) > 1 or name not in own.reads or memory in facts.classes(own.reads - {name}):
        return k
    made = {s.targets[0]: (j, s.values[0]) for j, s in enumerate(out[:k]) if k - j < FAR and _is_made_of(s, name, once)}
    found = k
    for j in range(k + 1, min(len(out), k + FAR) if made else k):
        does = facts.does(out[j])
        if name in does.reads or name in does.binds or does.anything or may_stop(out[j]):
            break
        touched = isinstance(stmt, Augment) and memory is not None and memory in facts.classes(does.reads)
        if touched or not facts.steady(own.reads, (out[j],)):
            break
        for other in made.keys() & facts.own(out[j]).reads.keys():
            at, value = made[other]
            fits = width(value) <= NARROW and line_width(out[j], depth) + width(value) <= COLUMNS
            if fits and facts.steady(names(value) - {name}, out[at + 1 : j]):
                found = j
    return found


def _is_made_of(stmt: Stmt, name: str, once: frozenset[str]) -> TypeGuard[Assign]:
    if not isinstance(stmt, Assign) or stmt.origin is not None or len(stmt.targets) != 1:
        return False
    return stmt.targets[0] in once and name in names(stmt.values[0])
