"""Exceptions in emitted code say which line of the user's they come from."""

from __future__ import annotations

from tangent_like.backend.load import Loaded
from tangent_like.errors import AliasError
from tangent_like.frontend.lower import place_of

# Helpers that refuse: what they find out can be known only when the program runs.
REFUSING = frozenset(
    {
        "refuse_array",
        "refuse_complex",
        "refuse_held",
        "refuse_integers",
        "refuse_no_array",
        "refuse_overlap",
        "refuse_rank",
        "refuse_repeating",
        "refuse_smear",
        "refuse_strided",
        "refuse_twice",
        "refuse_whole",
        "same_view",
    }
)


def noted(error: Exception, loaded: Loaded) -> None:
    """Add the user's file, line and text to an exception raised in ``loaded``, innermost place last.

    A refusal that only running could find is raised as the error it is.
    """
    trace = error.__traceback__
    origin = loaded.entry
    name = ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_name
        if trace.tb_frame.f_code.co_filename == loaded.file:
            line = trace.tb_lineno
            if 0 < line <= len(loaded.origins) and loaded.origins[line - 1] is not None:
                origin = loaded.origins[line - 1]
        trace = trace.tb_next
    if isinstance(error, ValueError) and name in REFUSING:
        raise AliasError(str(error), place_of(origin)) from None
    if origin is None:
        return
    note = f"in the derivative of {origin.file}:{origin.line}: {origin.text}"
    if hasattr(error, "add_note"):
        error.add_note(note)
    else:  # Python 3.10 shows no notes; the attribute is there for those who look
        error.__notes__ = [*getattr(error, "__notes__", ()), note]
