"""Is what is in an argument of the structure that a text was made for? Asked item by item, as text.

    type(m) is list and len(m) == 2 and type(m[0]) is ndarray and m[0].ndim == 2 and m[0].dtype == float64 and ...

It says what ``shape_key(m) == key`` says, without making a key at every call: of six arrays in a list of pairs 3
microseconds and not 90. What is rare, or has very many parts, is left to the key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tangent_like.kinds.kind import ListOf, kind_of_value
from tangent_like.kinds.structure import SIMPLE, SINGLE, children_of

MOST = 200  # parts that are asked one by one

Hold = Callable[[object, str], str]


class LeftToTheKeyError(Exception):
    """It is not asked item by item."""


@dataclass(eq=False)
class Questions:
    """The tests of several arguments; ``hold`` binds what they compare with, ``name`` makes names for parts."""

    hold: Hold
    name: Callable[[], str]
    opened: bool  # are lists known item by item?
    tests: list[str] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)  # of the lists, dicts and objects so far, by their id

    def ask(self, value: object, text: str) -> None:
        """Is what ``text`` says like ``value``?"""
        if len(self.tests) > MOST:
            raise LeftToTheKeyError
        if type(value) is np.ndarray:
            own = self.name()
            self.tests.append(f"type({own} := {text}) is {self.hold(np.ndarray, 'class')}")
            self.tests.append(f"{own}.ndim == {value.ndim} and {own}.dtype == {self.hold(value.dtype, 'dtype')}")
            return
        if value is None:
            self.tests.append(f"{text} is None")
            return
        if isinstance(value, bool | str | SINGLE):
            self.is_a(value, text)
            self.tests.append(f"{text} == {self.hold(value, 'value')}")
            return
        if isinstance(value, SIMPLE) and not isinstance(value, tuple):
            self.is_a(value, text)
            return
        found = children_of(value)
        if found is None:
            self.is_a(value, text)
            if callable(value):  # not held: it may hold what the compilation belongs to
                self.tests.append(f"id({text}) == {id(value)}")
            return
        self.within(value, text, *found)

    def is_a(self, value: object, text: str) -> None:
        self.tests.append(f"type({text}) is {self.hold(type(value), 'class')}")

    def within(
        self, value: object, text: str, form: str, cls: type | None, items: list[tuple[object, object]]
    ) -> None:
        """The same of what holds other things: which, and then each of them."""
        if form != "tuple":
            if id(value) in self.texts:
                self.tests.append(f"{text} is {self.texts[id(value)]}")
                return
            self.texts[id(value)] = text
        own = self.name()
        self.tests.append(f"type({own} := {text}) is {self.hold(type(value), 'class')}")
        if isinstance(value, list):
            if not self.opened and isinstance(kind_of_value(value, "x"), ListOf):
                self.all_alike(value, own)
                return
            self.tests.append(f"len({own}) == {len(value)}")
        elif isinstance(value, tuple):
            if cls is None and type(value) is not tuple:
                raise LeftToTheKeyError
            self.tests.append(f"len({own}) == {len(value)}")
            items = list(enumerate(value))
        elif isinstance(value, dict):
            if not all(isinstance(key, str | int) for key, _ in items):
                raise LeftToTheKeyError
            self.tests.append(f"(*{own},) == {self.hold(tuple(value), 'keys')}")
        else:
            if any("__slots__" in vars(base) for base in type(value).__mro__ if base is not object):
                raise LeftToTheKeyError
            attributes = self.name()
            self.tests.append(f"(*({attributes} := {own}.__dict__),) == {self.hold(tuple(vars(value)), 'keys')}")
            own = attributes
        for key, item in items:
            self.ask(item, f"{own}[{key!r}]")

    def all_alike(self, value: Sequence[object], own: str) -> None:
        """A list of any length, of arrays or numbers that differ in nothing but sizes."""
        if not value:
            self.tests.append(f"not {own}")
            return
        first, each = value[0], self.name()
        if type(first) is np.ndarray:
            test = f"type({each}) is {self.hold(np.ndarray, 'class')} and {each}.ndim == {first.ndim}"
            test += f" and {each}.dtype == {self.hold(first.dtype, 'dtype')}"
        elif isinstance(first, SIMPLE) and not isinstance(first, np.ndarray | tuple):
            test = f"type({each}) is {self.hold(type(first), 'class')}"
        else:
            raise LeftToTheKeyError
        self.tests.append(f"{own} and all([{test} for {each} in {own}])")

    def apart(self) -> None:
        """What were several lists, dicts and objects are several again."""
        if len(self.texts) > 1:
            ids = ", ".join(f"id({text})" for text in self.texts.values())
            self.tests.append(f"len({{{ids}}}) == {len(self.texts)}")


def structure_tests(
    values: Sequence[tuple[str, object]], hold: Hold, name: Callable[[], str], opened: bool
) -> list[str] | None:
    """The tests of arguments by name, such that what is shared among them is shared again; None: by their key."""
    questions = Questions(hold, name, opened)
    try:
        for text, value in values:
            questions.ask(value, text)
    except LeftToTheKeyError:
        return None
    questions.apart()
    return questions.tests

