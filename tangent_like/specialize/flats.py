"""What ``x.flat`` is read as: its entries now. Who holds it reads what ``x`` is then, so nobody may hold it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tangent_like.ir.nodes import Assign, Choose, Expr, Tuple

HELD: Final = (".flat that is given a name, or handed on,", "use x.ravel(), or x.flatten() for a copy")


@dataclass(eq=False)
class Flats:
    made: list[Expr] = field(default_factory=list)

    def add(self, entries: Expr) -> Expr:
        self.made.append(entries)
        return entries

    def holds(self, stmt: Assign) -> bool:
        unpacked = len(stmt.targets) > len(stmt.values)  # then each name has an entry as it is now
        return not unpacked and self.hold(*stmt.values)

    def hold(self, *values: Expr) -> bool:
        return bool(self.made) and any(map(self.is_one, values))

    def is_one(self, value: Expr) -> bool:
        if isinstance(value, Choose):
            return self.is_one(value.body) or self.is_one(value.orelse)
        if isinstance(value, Tuple):
            return any(map(self.is_one, value.items))
        return any(value is entries for entries in self.made)
