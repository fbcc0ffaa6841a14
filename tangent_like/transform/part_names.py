"""Names for parts of statements that the way back reads: after the function called, else a plain letter.

    y = x * np.exp(k * x)        e = np.exp(k * x)

In an arm of a branch after what the user binds (``y_part``): then no other arm names its parts anew where this one is
edited and has more of them.
"""

from __future__ import annotations

import re

from tangent_like.ir.calls import called_name
from tangent_like.ir.nodes import Assign, Augment, Call, Compare, Expr, Ref, Stmt, Store, UserFunction
from tangent_like.ir.walk import base_name

RETURN = re.compile(r"return\b")
PART = re.compile(r"_(part|total)(_\d+)?$")


def whole_of(stmt: Stmt) -> str:
    """What the statement binds or writes into; of a part of something, the whole of it."""
    match stmt:
        case Assign((target, *_)) | Augment(target):
            named = stmt.origin is None or not RETURN.match(stmt.origin.text)
            return PART.sub("", target) if named else ""
        case Store(target):
            return base_name(target) or ""
        case _:
            return ""


def within(whole: str, wanted: str) -> str:
    """The name for a part of ``whole``, where that has a name, and the part would be called by a letter or the like."""
    if not whole or (len(wanted) > 1 and wanted != "total"):
        return wanted
    return f"{whole}_total" if wanted == "total" else f"{whole}_part"


def wanted_name(expr: Expr) -> str:
    """A name that says what it holds: after the function called, else a plain letter."""
    match expr:
        case Call(Ref(target=UserFunction()) as ref):
            return called_name(ref) + "_value"
        case Call(Ref(spelling)):
            tail = spelling.rpartition(".")[2]
            letters = {"exp": "e", "sin": "s", "cos": "c", "sqrt": "r", "log": "l", "sum": "total", "mean": "m"}
            return letters.get(tail, "a")
        case Compare():
            return "chosen"
        case _:
            return "a"
