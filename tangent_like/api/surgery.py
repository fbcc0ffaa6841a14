"""``tl.grad_of``: lines of the user's in the way back, where the function itself passes them by."""

from __future__ import annotations

import inspect
import sys
from types import FrameType, TracebackType
from typing import Any


class _PassedByError(BaseException):
    """Raised at the first step of the lines, and caught where they end."""


class grad_of:  # noqa: N801 - it is read as a function
    """``with tl.grad_of(x) as x_bar:``: the lines below run on the way back, where ``x_bar`` is the adjoint of ``x``.

        with tl.grad_of(h) as h_bar:
            norms.append(np.linalg.norm(h_bar))       # look
            h_bar = np.clip(h_bar, -1.0, 1.0)         # and replace it

    The adjoint is that of the value that ``x`` has at this place: what flows from all that comes after. Bound anew, or
    written into, it is what goes on from here; it keeps the shape of ``x``. The lines read variables of the function
    as they are here, and bind names of their own only. In the function itself they do not run; there a step of
    the tracing of Python passes them by, so it is no place for the innermost of loops. In forward mode lines that only
    look are left out, and lines that change the adjoint are refused.
    """

    def __init__(self, x: Any) -> None:
        del x

    def __enter__(self) -> Any:
        frame = inspect.currentframe()
        assert frame is not None and frame.f_back is not None
        self.frame = frame = frame.f_back
        self.old = (frame.f_trace, frame.f_trace_opcodes, sys.gettrace())
        frame.f_trace_opcodes = True
        frame.f_trace = _pass_by
        sys.settrace(_watch)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        del error, traceback
        self.frame.f_trace, self.frame.f_trace_opcodes, trace = self.old
        sys.settrace(trace)
        del self.frame
        return kind is _PassedByError


def _watch(frame: FrameType, event: str, arg: Any) -> None:
    del frame, event, arg


def _pass_by(frame: FrameType, event: str, arg: Any) -> Any:
    del frame, event, arg
    raise _PassedByError
