"""Patterns of ``match``: mappings, stars, classes."""

from dataclasses import dataclass

import numpy as np

from case import Case, constant, listed, num, takes, vec

CASES: list[Case] = []
case = listed(CASES)


@case(vec(5))
def star(x):
    l = [x[0], x[1], x[2]]
    match l:
        case [a]:
            return a
        case [a, *mid, b]:
            return a * b * len(mid) * mid[0]
    return x[0]


@case(num(), num())
def star_tuple(a, b):
    match (a, b, 3.0):
        case (p, *q):
            return p * q[0] * q[1]
    return a


@case(constant(("add", 2.0, 3.0)), num())
def star_ops(op, a):
    match op:
        case ("neg", u):
            return -u * a
        case ("add", *us):
            return sum(us) * a
        case _:
            return a


@dataclass
class Pt:
    x: float
    y: float


@dataclass
class Circ:
    c: Pt
    r: float


@case(num(), num(), num())
def shapes(a, b, r):
    tot = 0.0
    for sh in (Pt(a, b), Circ(Pt(b, a), r)):
        match sh:
            case Pt(x=px, y=py):
                tot += px * py**2
            case Circ(Pt(x, y), r2):
                tot += r2**2 * x + y
    return tot


@case(num(), num())
def shapes_arg(a, b):
    match Circ(Pt(a, b), 2.0):
        case Circ(r=1.0):
            return a
        case Circ(c=Pt(x=u)) if u > 0:
            return u * b
        case Circ():
            return a * b**2
    return a


@case(num(), num())
def mapping(a, b):
    d = {"kind": "lin", "k": a, "off": b}
    match d:
        case {"kind": "lin", "k": k}:
            return k * a
        case {"kind": "quad", **rest}:
            return rest["k"] * a**2
    return a


@case(num(), num())
def crossed_names(a, b):
    match (b, a):
        case (a, b):
            y = a**2 * b
    row = (a, b, y)
    match row:
        case (u, row, v):
            y = u * row**2 * v
    return y


@case(num(), num(), tags=("dead lines",))
def of_another_length(a, b):
    y = a * b
    for k in range(6):
        match (k % 4, k):
            case (0, 0, _) | (3, _):
                y = y * a
            case (1, n) | (_, _, n):
                y = y + n * b
            case (0, 1, 2) | (5,):
                y = 0.0
            case _:
                y = y + b * b
    return y
