"""Objects that lists and other objects hold in any number of places: all of a class by their numbers.

Before                                           After

    ps = [Point(v) for v in x]                       point_u = []
    near = [p for p in ps if p.u < 1.0]              ps = []
    for p in near:                                   for v in x:
        p.u *= k                                         point_u.append(v)
    return sum(p.u for p in ps)                          ps.append(len(point_u) - 1)
                                                     near = []
                                                     for place in ps:
                                                         if point_u[place] < 1.0:
                                                             near.append(place)
                                                     for place in near:
                                                         point_u[place] *= k
                                                     ...

Where lists of such objects do not do (``object_lists``): there each list has the attributes, here the class has them
once (a pool), a list has the numbers of its objects, and an attribute that is an object, or None, has the number of
that, or -1. Who writes to an object by one name writes what all others read.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.specialize import object_lists, object_numbers, object_places
from tangent_like.specialize.builtin_bases import HELD
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.facts import Facts
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Content, Handle, Value

POOLS = -2  # the frame that holds them


def begin(s: Spec) -> None:
    """The pools, with nothing in them, before all else."""
    for key, like in s.facts.pools.items():
        assert isinstance(like, Content) and like.cls is not None
        s.pools[key] = made = object_lists.begin_like(s, like, like.cls.name.lower().strip("_"), None)
        s.state.heap[made.id] = replace(s.content(made), pool=True)
        s.state.vars[POOLS, like.cls.name] = made


def made(s: Spec, cls: ClassInfo, handle: Handle) -> None:
    """An object of the class is complete: it goes into the pool, where the class has one."""
    key = object_numbers.pool_key(cls)
    s.facts.constructed[key] = s.facts.constructed.get(key, 0) + 1
    if key not in s.facts.pooled:
        return
    content = s.content(handle)
    if key not in s.facts.pools:
        plain = content.items and content.form == "object" and content.get(HELD) is None and not content.sometimes
        plain = plain and all(may_be_held(s, v, handle) for v in content.values)
        s.facts.learn_pool(key, content if plain else None)
    pool = s.pools[key]
    if s.content(pool).of != cls:  # one that is written inside a function is another in each attempt
        s.state.heap[pool.id] = replace(s.content(pool), of=cls)
    object_lists.append(s, pool, handle)


def may_be_held(s: Spec, value: Value, by: Handle) -> bool:
    """A number, an array, the object itself, an object of a pool, or None."""
    found = object_numbers.maybe(s.state, value)
    row = None if found is None else found[2]
    itself = isinstance(value, Handle) and value.id == by.id
    return itself or object_places.fits(value) or (row is not None and s.content(row.list).pool)


def put(s: Spec, handle: Handle) -> None:
    """An object that is a copy of one in a pool."""
    cls = s.content(handle).cls
    if cls is not None and object_numbers.pool_key(cls) in s.pools:
        object_lists.append(s, s.pools[object_numbers.pool_key(cls)], handle)


def tried(facts: Facts) -> bool:
    """Is there something to be tried with pools, where all else was refused?"""
    likes: dict[object, object] = {}
    for like in facts.objects.values():
        if isinstance(like, Content) and like.cls is not None:
            likes.setdefault(object_numbers.pool_key(like.cls), like)
    often = set(likes) | {k for k, n in facts.constructed.items() if n > 1}
    for found in (often, set(facts.constructed)):
        new = found - facts.pooled - facts.unpooled
        if new:
            facts.pooled |= new
            facts.pools |= {key: like for key, like in likes.items() if key in new}
            facts.varied.clear()
            return True
    pooled, facts.pooled = facts.pooled, set()
    facts.unpooled |= {*often, *facts.constructed}
    facts.pools.clear()
    return bool(pooled)  # not so, and whatever else there is
