"""What attempts to specialize a function find out for those that come after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import Function, Origin


class Restart(Exception):  # noqa: N818 - not an error
    """Something was learned that changes what was done before: begin again."""


@dataclass(eq=False)
class Assumed:
    """What use tells about a part of an argument: see ``assume``."""

    form: str
    keys: dict[object, None] = field(default_factory=dict)


@dataclass(eq=False)
class Outside:
    """Attributes of what is not the function's, by their holders' identities: written, and taken for constants."""

    written: dict[tuple[int, str], object] = field(default_factory=dict)
    read: dict[tuple[int, str], object] = field(default_factory=dict)
    varied: set[str] = field(default_factory=set)  # names of those written by what may carry derivatives

    def may_write(self, held: object, name: str) -> bool:
        """Is an attribute one of those written? Of a class it may stand in another that it comes of."""
        if (id(held), name) in self.written:
            return True
        cls = held if isinstance(held, type) else type(held)
        others = [other for (_, n), other in self.written.items() if n == name and isinstance(other, type)]
        return any(issubclass(cls, other) or issubclass(other, cls) for other in others)

    def of_another(self) -> Outside:
        """For another function of the program: what one writes is no constant to the others."""
        return Outside(self.written, {}, self.varied)

    @property
    def is_stale(self) -> bool:
        """Is something taken for a constant of which it is known by now that it is written?"""
        return any(self.may_write(held, name) for (_, name), held in self.read.items())

    def join(self, other: Outside, origin: Origin | None) -> None:
        """And what another function of the program reads."""
        self.read |= other.read
        for (_, name), held in self.read.items():
            if self.may_write(held, name):
                what = f"the attribute {name!r}, which another function of the program writes, is not differentiated"
                raise UnsupportedError(what, place_of(origin), "pass it as an argument")


@dataclass(eq=False)
class Facts:
    """What earlier attempts found out."""

    assumed: dict[tuple[object, ...], Assumed] = field(default_factory=dict)
    given: set[tuple[object, ...]] = field(default_factory=set)  # parts whose structure annotations tell
    walked: dict[tuple[object, ...], Any] = field(default_factory=dict)  # dicts that all of is used of, and where

    written: set[object] = field(default_factory=set)  # attributes and keys that are written after construction
    chosen: set[object] = field(default_factory=set)  # places where one of several objects goes on: see ``either``
    dynamic: set[Any] = field(default_factory=set)  # displays of lists whose length only the run tells
    listed: set[Any] = field(default_factory=set)  # those among them that an index made such ones
    kept: set[Any] = field(default_factory=set)  # displays that stay what they are, item by item
    made_tables: set[Any] = field(default_factory=set)  # those of dicts whose keys only the run tells
    looked_over: set[Any] = field(default_factory=set)  # those of which it matters which keys there are
    counters: set[Any] = field(default_factory=set)  # those that asking for a key gives none
    sets: set[Any] = field(default_factory=set)  # those of sets: the keys that are there, each with True
    rows: set[Any] = field(default_factory=set)  # those of lists
    widths: dict[Any, int] = field(default_factory=dict)  # those among them whose items are tuples, of so many
    emptied: set[Any] = field(default_factory=set)  # those that keys are taken out of
    objects: dict[Any, object] = field(default_factory=dict)  # displays of lists of objects: see ``object_lists``
    varied: set[tuple[str, object]] = field(default_factory=set)  # attributes that are no constants in these
    twice: set[str] = field(default_factory=set)  # classes of objects that two of these lists hold at once
    constructed: dict[object, int] = field(default_factory=dict)  # classes, and how often an attempt has made one
    pooled: set[object] = field(default_factory=set)  # those whose objects go by numbers: see ``object_pools``
    unpooled: set[object] = field(default_factory=set)  # those of which objects cannot
    pools: dict[object, object] = field(default_factory=dict)  # of these, each with an object that stands for all
    references: dict[tuple[str, object], object] = field(default_factory=dict)  # attributes that are such objects
    none_there: set[tuple[str, object]] = field(default_factory=set)  # or None
    indices: set[str] = field(default_factory=set)  # names that count turns from 0 on
    tables: bool = True  # may dicts be dicts of the core?
    notes: set[str] = field(default_factory=set)  # names of what is read outside, and carries no derivative
    changed: dict[tuple[int, str], Function] = field(default_factory=dict)  # what calls change of their arguments
    unpacked: set[tuple[object, ...]] = field(default_factory=set)  # arguments that are taken for arrays at first
    tuples: bool = False  # they are not
    identity: bool = False  # is it asked which object one is, of several that are alike?
    outside: Outside = field(default_factory=Outside)  # what is written into what is not the function's, and read
    counted: bool = False  # whole numbers are what they are in the call at hand: a recursion ends by them

    def may_be_array(self, part: tuple[object, ...], plain: bool) -> bool:
        """Is it, as far as that goes, an array of numbers that is unpacked into names? Else a tuple."""
        if len(part) > 1 or not plain or self.tuples or part in self.assumed:
            return False
        self.unpacked.add(part)
        return True

    def learn_written(self, key: object) -> None:
        if key not in self.written:
            self.written.add(key)
            raise Restart

    def learn_chosen(self, place: object) -> None:
        if place is not None and place not in self.chosen:
            self.chosen.add(place)
            raise Restart

    def learn_identity(self) -> None:
        if not self.identity:
            self.identity = True
            raise Restart

    def learn_outside(self, holder: object, name: str, varied: bool) -> None:
        if (id(holder), name) not in self.outside.written:
            self.outside.written[id(holder), name] = holder
            raise Restart
        if varied and name not in self.outside.varied:
            self.outside.varied.add(name)
            raise Restart

    def learn_varied(self, name: str) -> None:
        """What is written there may carry a derivative."""
        self.outside.varied.add(name)
        raise Restart

    def learn_counted(self) -> None:
        if not self.counted:
            self.counted = True
            raise Restart

    def learn_table(self, site: Any) -> None:
        """A dict that is made there is one of the core."""
        self.made_tables.add(site)
        self.learn_dynamic(site)

    def learn_rows(self, site: Any) -> None:
        if site not in self.rows:
            self.rows.add(site)
            self.made_tables.add(site)
            self.dynamic.add(site)
            raise Restart

    def learn_width(self, site: Any, width: int | None) -> None:
        if width and site is not None and site not in self.widths:
            self.widths[site] = width
            raise Restart

    def learn_looked_over(self, site: Any) -> None:
        if site not in self.looked_over:
            self.looked_over.add(site)
            raise Restart

    def learn_emptied(self, site: Any) -> None:
        if site not in self.emptied:
            self.emptied.add(site)
            raise Restart

    def learn_dynamic(self, site: Any, others: Iterable[Any] = ()) -> None:
        if site not in self.dynamic:
            self.dynamic |= {site, *others}
            raise Restart

    def learn_objects(self, site: Any, like: object) -> None:
        if site not in self.objects:
            self.objects[site] = like
            raise Restart

    def learn_varied_attribute(self, cls: str, name: object) -> None:
        if (cls, name) in self.varied:
            raise AssertionError("an attribute that has a list")
        self.varied.add((cls, name))
        raise Restart

    def learn_pool(self, key: object, like: object) -> None:
        """The objects of a class go by numbers; None for one that cannot: they do not."""
        if like is None:
            self.pooled.discard(key)
            self.unpooled.add(key)
        else:
            self.pools[key] = like
        raise Restart

    def learn_reference(self, cls: str, key: object, to: object) -> None:
        self.references[cls, key] = to
        raise Restart

    def learn_none_there(self, cls: str, key: object) -> None:
        if (cls, key) not in self.none_there:
            self.none_there.add((cls, key))
            raise Restart

    def learn_twice(self, cls: str) -> None:
        if cls not in self.twice:
            self.twice.add(cls)
            raise Restart
