"""What comes first: objects that say so themselves, and tuples that their first parts tell apart."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from case import Case
from harness import verify

import tangent_like as tl


class Job:
    def __init__(self, p, w):
        self.p, self.w = p, w

    def __lt__(self, o):
        return self.p < o.p


@functools.total_ordering
class Card:
    def __init__(self, r):
        self.r = r

    def __eq__(self, o):
        return self.r == o.r

    def __lt__(self, o):
        return self.r < o.r


@dataclass(order=True)
class Task:
    p: float
    w: float


def items_of_a_dict(a, b):
    d = {"z": a, "c": b, "m": a * b}
    return sum(v * (i + 1) for i, (k, v) in enumerate(sorted(d.items()))) + sorted(d.items(), reverse=True)[1][1] * b


def by_their_own_order(a, b):
    js = [Job(a, 1.0), Job(b, 2 * a), Job(a * b, b), Job(a, 5.0 * b)]
    return sum(j.w * (i + 1) for i, j in enumerate(sorted(js))) + sum(
        j.w * (i + 1) ** 2 for i, j in enumerate(sorted(js, reverse=True))
    )


def by_a_total_order(a, b):
    js = sorted([Card(a), Card(b), Card(a * b)])
    return js[0].r * js[1].r ** 2 + js[2].r


def by_fields(a, b):
    js = sorted([Task(a, 2.0), Task(b, a), Task(a, 1.0)])
    return js[0].w * 3 + js[1].w * js[1].p + js[2].w


def told_apart_by_what_is_known(a, b):
    js = sorted([(1, "x", a), (0, "y", b), (1, "a", a * b)], key=lambda t: (t[0], t[1]))
    ks = sorted([[2, a], [1, b]])
    return js[0][2] * 2 + js[1][2] * 3 + js[2][2] + ks[0][1]


def least_and_greatest(a, b):
    js = [Job(a, 1.0), Job(b, 2 * a), Job(a * b, b)]
    return min(js).w * 3 + max(js).w * max(Task(a, b), Task(b, 2.0)).w


def two_numbers(rng: np.random.Generator) -> tuple[Any, ...]:
    return float(rng.uniform(0.5, 1.5)), float(rng.uniform(0.5, 1.5))


PROGRAMS = [
    items_of_a_dict, by_their_own_order, by_a_total_order, by_fields, told_apart_by_what_is_known, least_and_greatest,
]  # fmt: skip


@pytest.mark.parametrize("f", PROGRAMS)
def test_right(f: Callable[..., Any]) -> None:
    verdict = verify(Case(f, two_numbers, (0, 1)), tl, range(3), limit=60)
    assert verdict.kind == "right", verdict.message
