"""``with``: forward as written; a context that may be entered twice stands around the reversed body as well."""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.nodes import Pass, Stmt, With
from tangent_like.transform.accumulate import State
from tangent_like.transform.statements.assign import keep, restore
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents


def forward(stmt: With, sweep: Sweep) -> list[Stmt]:
    body = sweep.forward(stmt.body, sweep) or (Pass(),)
    return [*keep(stmt, sweep), replace(stmt, body=body)]


def reverse(stmt: With, state: State, sweep: Sweep) -> list[Stmt]:
    """A file, a lock or a clock is not entered again: its body runs back outside of it."""
    body = sweep.backward(stmt.body, state, sweep)
    if body and stmt.again:
        body = [replace(stmt, body=tuple(body))]
    return [*body, *restore(stmt, sweep)]


def tangent(stmt: With, sweep: Tangents) -> list[Stmt]:
    """Forward mode: values and tangents in the same context."""
    return [replace(stmt, body=sweep.block(stmt.body, sweep) or (Pass(),))]
