"""``with tl.grad_of(x) as x_bar``: the user's lines, where the adjoint of ``x`` is that of its value there.

Before                                   On the way back

    y = x * x                                # with tl.grad_of(y) as dy:
    with tl.grad_of(y) as dy:                print(y_bar)
        print(dy)                            y_bar = np.clip(y_bar, -1, 1)
        dy = np.clip(dy, -1, 1)              # y = x * x
                                             x_bar = 2 * y_bar * x

In forward mode there is no adjoint: lines that only look are left out, lines that change it are refused.
"""

from __future__ import annotations

import os
from dataclasses import replace

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import Assign, Attribute, Call, Const, GradOf, Index, Name, Opaque, Stmt, Store
from tangent_like.ir.verbatim import renamed_text
from tangent_like.transform.accumulate import State, ready_for_writing, zero
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents


def reverse(stmt: GradOf, state: State, sweep: Sweep) -> list[Stmt]:
    if stmt not in sweep.activity.acts:
        return []
    name, bar = stmt.name, sweep.bar(stmt.name)
    out: list[Stmt] = []
    called = bar
    if stmt.changes or stmt.keeps:
        out.extend(ready_for_writing(name, state, sweep))
        if sweep.is_shadow(name):  # memory that other adjoints are views of: what is new goes into it
            called = sweep.namer.fresh(stmt.bar)
            out.append(Assign((called,), (Call(Attribute(Name(bar), "copy"), ()),)))
    elif name not in state.owned and not sweep.is_shadow(name):
        state.owned[name] = True
        out.append(Assign((bar,), (zero(name, sweep.kind(name)),)))
    text = renamed_text(stmt.lines, {stmt.bar: called})
    lines = Opaque(text, (*stmt.lines.reads, called), stmt.lines.refs, is_block=True)
    out.append(replace(stmt, name="", bar=called, lines=lines))
    if (stmt.changes or stmt.keeps) and not sweep.is_shadow(name):
        state.owned[name] = False  # what holds it elsewhere is not to see what is added to it
    if stmt.changes:
        where = "" if stmt.origin is None else f"{os.path.basename(stmt.origin.file)}:{stmt.origin.line}"
        checked = Call(helper("of_shape"), (Name(called), Name(name), Const(where)))
        if sweep.is_shadow(name):
            out.append(Store(Index(Name(bar), Const(...)), "", checked))
        else:
            out.append(Assign((bar,), (checked,)))
    return out


def tangent(stmt: GradOf, sweep: Tangents) -> list[Stmt]:
    if stmt.changes and stmt in sweep.activity.acts:
        raise UnsupportedError(
            f"grad_of changes the adjoint of {stmt.name!r}, and in forward mode there is none",
            place_of(stmt.origin),
            "differentiate in reverse mode, or give a function a rule: tl.custom_vjp and its defjvp",
        )
    return []
