"""What the analyses say about small programs: the expectation stands as a comment on the line where it holds.

    wrt      on the `def` line: the arguments differentiated (without it: the first); their kinds are
             those of the defaults
    copies   there too: the arguments that are copied, because they are written
    active   the names whose adjoints flow into the statement; of a branch or a loop: those that are
             active right before it (of a loop: at its top)
    writes   the names that may share the memory written here
    saves    what is kept before it is overwritten: bindings, `a[]` for elements, `v at end` for what is
             kept where a turn or an arm ends
    fresh    the name that the binding gets instead, so that the old value stays
    dead     a statement whose value nobody needs, were only the result asked for
    varied   what of the names that it reads depends on the arguments; compared where it is mentioned
    gone     the emitted gradient computes no such thing; compared where it is mentioned

What is not mentioned does not hold.
"""
# ruff: noqa: B007, F841 - programs compute what nobody needs, that is the point

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from corpus.said_on_the_way_back import upwind_steps

import tangent_like as tl
from tangent_like.analysis.aliases import written_names
from tangent_like.analysis.live import Memory, keep_live
from tangent_like.frontend.source import from_function
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Arm, Assign, Block, If, Stmt, Store
from tangent_like.ir.walk import base_name, binds, statements
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import kind_of_value, sizes_of_value
from tangent_like.pipeline import inner_gradient
from tangent_like.transform.program import Program, read

NUM, VEC, MAT, INT = 1.5, np.ones(4), np.ones((4, 4)), 3

PROGRAMS: list[Callable[..., Any]] = []


def program(f: Callable[..., Any]) -> Callable[..., Any]:
    PROGRAMS.append(f)
    return f


# -- the programs -------------------------------------------------------------------------------------


@program
def straight(x=NUM, k=NUM):
    a = k * k  # varied: -
    b = a * x  # active: b; varied: x
    c = b * b  # active: c; varied: b; gone
    b = b + c * a  # active: b_2; fresh: b_2; varied: b, c; gone
    c = math.sin(k)  # dead; gone
    return b * a


@program
def no_derivative_flows(x=VEC, y=VEC):
    n = len(x)
    i = np.argmax(x)
    big = x > 0.5
    s = np.sign(x)
    z = x * s  # active: z; varied: x
    w = x[big] * n  # active: w; varied: x
    return np.sum(z) + w[0] * y[i]  # varied: w, z


@program
def overwritten_before_use(x=NUM):
    y = x * x  # dead; gone
    y = math.sin(x)  # dead; gone
    y = 2.0
    z = y * x  # active: z; varied: x; gone
    return z


@program
def active_in_one_arm(x=NUM, k=NUM):
    y = k
    if k > 1:  # active: x
        y = x * x  # active: y
    elif k > 0:
        y = k * k
    else:
        y = y * x  # active: y; saves: y
        k = k * k  # dead; gone
    return y * x


@program
def reaches_the_result_in_three_turns(x=NUM, n=INT):
    a = b = c = 1.0
    d = x  # dead; gone
    for i in range(n):  # active: a, b, c, x; gone
        a = b * 2  # active: a; varied: b; gone
        b = c * 3  # active: b; varied: c; gone
        c = x * i  # active: c; varied: x; gone
        d = d * x  # dead; varied: d, x; gone
    return a  # varied: a


@program
def carried(x=NUM, k=NUM, n=INT):  # wrt: x, k
    for i in range(n):  # active: k, x
        x = x * math.exp(-k * x)  # active: x; saves: x
    return x


@program
def linear_in_what_is_carried(x=NUM, k=NUM, n=INT):
    y = x  # active: y; gone
    for i in range(n):  # active: y
        y = k * y + i  # active: y; varied: y; gone
        k = k * 0.5  # saves: k
    return y


@program
def defined_in_the_loop(x=VEC, n=INT):
    s = 0.0
    for i in range(n):  # active: s, x; saves: t at end
        t = s * x[i]  # active: t
        if t > 1:  # active: s, t, x
            u = math.sin(t)  # active: u
            s = s + u * t  # active: s; saves: s
        else:
            s = t * t  # active: s; saves: s
    return s


@program
def until(x=NUM):
    n = 0.0
    while x > 1.0:  # active: n, x
        x = x * 0.5  # active: x
        n = n + x  # active: n
    return x * n


@program
def early(x=NUM, k=NUM):
    y = x * k  # active: y
    if y > 2:  # active: x, y
        return y * y  # active: result
    y = y * x  # active: y; saves: y
    return y * y  # active: result


@program
def stores(x=VEC, n=INT):
    y = np.zeros(4)
    z = np.zeros(4)  # dead; gone
    for i in range(n):  # active: x, y
        y[i] = x[i] * x[i]  # active: y; writes: y
        y[i] += 3 * x[i]  # active: y; writes: y
        y[i] *= x[0]  # active: y; writes: y; saves: y[]
        z[i] = n  # writes: z; dead; gone
    return np.sum(y * y)


@program
def linear_stencil(A=VEC, n=INT):
    B = np.zeros_like(A)
    for t in range(n):  # active: A, B
        B[1:-1] = A[2:] - A[:-2]  # active: B; writes: B
        A = A + B  # active: A
    return np.sum(A)


@program
def written_argument(x=VEC, y=VEC):  # copies: x
    x[0] = 2.0  # active: x; writes: x
    y = y * 2
    y += x  # active: y; writes: y
    return np.sum(x * y)


@program
def one_array_under_two_names(x=VEC):  # copies: x
    y = x  # active: x, y
    y[0] = y[1] * y[1]  # active: x, y; writes: x, y; saves: y[]
    z = x.copy()  # active: z
    z[1] = x[0]  # active: z; writes: z
    return np.sum(x * z)


@program
def views(x=VEC):
    A = np.outer(x, x)  # active: A, T, row
    row = A[1]  # active: A, T, row
    T = A.T  # active: A, T, row
    T[0] = row * 2  # active: A, T, row; writes: A, T, row
    picked = A[[0, 1]]  # active: picked
    picked[0] = 3.0  # active: picked; writes: picked
    other = np.array(A)  # active: other
    other[0] = row * 3  # active: other; writes: other
    return np.sum(A) + np.sum(picked) + np.sum(other)


@program
def swapped(x=VEC, n=INT):
    a = x.copy()  # active: a, b
    b = np.zeros(4)  # active: a, b
    for i in range(n):  # active: a, b
        b[1:] = a[:-1] * a[1:]  # active: a, b; writes: a, b; saves: b[]
        a, b = b, a  # active: a, b; saves: a, b
    return np.sum(a)


@program
def bound_by_path(x=VEC, k=NUM):
    a = x * k  # active: a, y
    y = a  # active: a, y
    if k > 1:  # active: a, y
        y = a * 2  # active: a, y
    y[0] = 3.0  # active: a, y; writes: a, y
    return np.sum(a * y)


def itself(a):
    return a


def its_double(a):
    return 2 * a


@program
def calls(x=VEC):
    a = x * x  # active: a
    b = itself(a)  # active: b
    c = its_double(b)  # active: c
    c[0] = 2.0  # active: c; writes: c
    d = its_double(c)  # dead
    return np.sum(a * c)


@program
def rows(X=MAT, w=VEC):
    s = 0.0
    for row in X:  # active: X, s; saves: t at end
        t = row * w  # active: t; varied: row
        s = s + np.sum(t * t)  # active: s; gone
    return s


@program
def effects(x=NUM, n=INT):
    for i in range(n):  # active: x; dead
        y = x * i  # dead; gone
    for i in range(n):  # active: x
        z = x * i
        print(z)
    assert x > 0
    if x > 5:  # active: x; dead; gone
        y = 3.0  # dead; gone
    if x > 6:  # active: x
        raise ValueError(f"{x} is too much")
    v = x * 2  # active: v; gone
    w = v * v  # dead; gone
    return v


# -- the notation -------------------------------------------------------------------------------------

Facts = dict[str, set[str]]
ALWAYS = ("copies", "active", "writes", "saves", "fresh", "dead")
WHERE_MENTIONED = ("varied", "gone")


def expectations(f: Callable[..., Any]) -> dict[int, Facts]:
    """By line of the file: what its comment says."""
    lines, first = inspect.getsourcelines(f)
    found: dict[int, Facts] = {}
    for number, line in enumerate(lines, first):
        found[number] = {}
        for part in filter(None, line.partition("  # ")[2].strip().split("; ")):
            key, colon, names = part.partition(": ")
            assert key in (*ALWAYS, *WHERE_MENTIONED, "wrt"), f"line {number}: {part}"
            found[number][key] = {n for n in names.split(", ") if n != "-"} if colon else {"yes"}
    return found


def facts(f: Callable[..., Any], wrt: tuple[str, ...]) -> dict[int, Facts]:
    """By line of the file: what the analyses say."""
    values = {name: p.default for name, p in inspect.signature(f).parameters.items()}
    kinds = {name: kind_of_value(value, name) for name, value in values.items()}
    sizes = {k: n for name, value in values.items() for k, n in sizes_of_value(value, name).items()}
    lowered = read(from_function(f))
    whole = Program(Sizes(sizes), Namer(lowered.taken), inner_gradient)
    prepared = whole.prepare(lowered, kinds, wrt)
    found: dict[int, Facts] = {}

    def note(stmt: Stmt, key: str, names: Any) -> None:
        if stmt.origin is not None and names:
            found.setdefault(stmt.origin.line, {}).setdefault(key, set()).update(names)

    aliases, activity, records = prepared.aliases, prepared.activity, prepared.sweep.records

    def members(classes: Any) -> set[str]:
        """Facts about shared memory are about a class of names: those of the program, not our own."""
        return {
            n
            for c in classes
            for n in (aliases.members.get(c, (c,)) if c in aliases.shared else (c,))
            if n in own
        }

    written = {n for s in statements(lowered.function.body) for n in binds(s)}
    renamed = {
        n: n.rpartition("_")[0]
        for s in statements(prepared.body)
        for n in binds(s)
        if n not in written and n.rpartition("_")[0] in written
    }
    own = {*values, *written, *renamed}
    for stmt in statements(prepared.body):
        note(stmt, "varied", members(map(aliases.rep, activity.varied_reads.get(stmt, ()))))
        note(stmt, "active", members(activity.acts.get(stmt, activity.before.get(stmt, ()))))
        name = next(iter(written_names(stmt, prepared.typing)), None)
        if name is not None:
            note(stmt, "writes", members([aliases.class_of[name]]) or {name})
        note(stmt, "saves", records.names.get(stmt))
        if stmt in records.items:
            note(stmt, "saves", {f"{base_name(stmt.target) if isinstance(stmt, Store) else name}[]"})
        if isinstance(stmt, Assign):
            note(stmt, "fresh", {t for t in stmt.targets if t in renamed})
    found.setdefault(lowered.function.origin.line, {})["copies"] = set(prepared.copied)
    for (stmt, _), names in records.at_end.items():
        note(stmt, "saves", {f"{n} at end" for n in names})
    memory = Memory(aliases.class_of, aliases.members)
    kept = {id(s.origin) for s in every(keep_live(lowered.function.body, set(), memory, whole.has_effects))}
    for stmt in every(lowered.function.body):
        if id(stmt.origin) not in kept:
            note(stmt, "dead", {"yes"})
    emitted = tl.grad(f, wrt).source_for(*values.values())
    code = {line.strip() for line in emitted.splitlines()}
    for stmt in every(lowered.function.body):
        if stmt.origin is not None and stmt.origin.text not in code:
            note(stmt, "gone", {"yes"})
    return found


def every(body: Block) -> Iterator[Stmt | Arm]:
    for stmt in statements(body):
        yield stmt
        if isinstance(stmt, If):
            yield from stmt.arms


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_says(f: Callable[..., Any]) -> None:
    lines, first = inspect.getsourcelines(f)
    expected = expectations(f)
    wrt = next((tuple(sorted(e["wrt"])) for e in expected.values() if "wrt" in e), None)
    found = facts(f, wrt or (next(iter(inspect.signature(f).parameters)),))
    wrong = []
    for number, line in enumerate(lines, first):
        said, true = expected[number], found.get(number, {})
        for key in (*ALWAYS, *(k for k in WHERE_MENTIONED if k in said)):
            if said.get(key, set()) != true.get(key, set()):
                have = ", ".join(sorted(true.get(key, ()))) or "-"
                wrong.append(f"{number}: {line.strip()}\n    {key}: {have}")
    assert not wrong, "\n".join(wrong)


def overwrite_entries(p: Any, q: Any) -> None:
    q[1:-1] = 0.25
    np.add.at(q, [0, 1, 1, 2], np.tanh(np.sum(q[:-1])) * np.ones(4))
    _ = q if p < 1.5 else q.copy()  # a name for it on some paths, once it is written


def between_two_writes(x: Any, p: Any) -> Any:
    overwrite_entries(p, x)
    h = 0.0
    for e in x:
        if e > 0.1:
            h += np.sin(e) * e
    overwrite_entries(p, x)
    return np.sum(x) + h


def test_what_a_caller_lends_is_put_back_though_it_has_one_name_when_it_is_written() -> None:
    x, v = np.array([0.4, 0.9, -0.3, 1.4]), np.array([0.5, -1.0, 0.3, 0.7])
    for p in (0.5, 2.5):
        (gradient,) = tl.grad(between_two_writes, (0,))(x, p)
        up, down = (between_two_writes(x + h * v, p) for h in (1e-6, -1e-6))
        assert gradient @ v == pytest.approx((up - down) / 2e-6, rel=1e-7)


def test_a_condition_is_asked_again_where_what_it_reads_is_kept_anyway() -> None:
    u = np.linspace(-1.0, 1.0, 6)
    text = tl.grad(upwind_steps).source_for(u, 0.1, 3)
    assert text.count("if w[i] > 0.0:") == 2
    assert "path" not in text


def test_a_number_that_a_branch_chooses_is_computed_again_where_that_is_compiled() -> None:
    pytest.importorskip("numba")
    text = tl.grad(upwind_steps, jit=True).source_for(np.linspace(-1.0, 1.0, 6), 0.1, 3)
    assert "d_saved" not in text
    assert "d = w[i] - w[i - 1] if w[i] > 0.0 else w[i + 1] - w[i]" in text
