"""Print or write the gradient of a function, as Python.

The file is read, not executed. What is written is a module of its own: it needs NumPy, and whatever
else the function needs, but neither tangent-like nor the file."""

from __future__ import annotations

import argparse
import ast
import os
import shlex
import stat
import sys
import tempfile
from dataclasses import replace

from tangent_like.analysis.constants import assumed, parameter_kinds, parameter_sizes
from tangent_like.backend.module import MARK, Header, module_text, source_digest
from tangent_like.cli.target import UsageError, find, names_or_numbers, split
from tangent_like.frontend.lower import lower
from tangent_like.frontend.resolve import FileScope
from tangent_like.frontend.source import FunctionSource
from tangent_like.ir.deep import deeply
from tangent_like.pipeline import differentiate
from tangent_like.request import STORES, Request
from tangent_like.show.stages import Journey, stages_text
from tangent_like.transform.stages import Watch, unwatched

HELP = "print or write the gradient of a function"
EPILOG = """\
examples:
  tangent-like grad model.py:loss                      with respect to the first argument
  tangent-like grad model.py:loss --wrt W,b            a function that returns two gradients
  tangent-like grad model.py:loss --wrt W --value      one that returns (value, gradient)
  tangent-like grad model.py:loss --mode forward       value and tangent in one pass
  tangent-like grad model.py:loss -o model_grad.py     written to a file

Annotations make the text plainer: `x: float`, `n: int`, `W: np.ndarray`. An unannotated argument
whose default is an int, a bool or a string is taken to be one.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.py:FUNCTION", help="the function to differentiate")
    parser.add_argument(
        "--wrt",
        metavar="NAMES",
        action="append",
        help="the arguments to differentiate with respect to: names or numbers, separated by "
        "commas (default: the first)",
    )
    parser.add_argument("-o", "--output", metavar="OUT.py", help="write to this file")
    parser.add_argument(
        "--mode",
        choices=("reverse", "forward"),
        default="reverse",
        help="forward: a function of the arguments and their tangents that returns (value, tangent)",
    )
    parser.add_argument("--value", action="store_true", help="return the value too: (value, gradient)")
    parser.add_argument(
        "--store",
        choices=STORES,
        default="auto",
        help="what the way back reads and has no name: keep it (all), compute it again (none), or whichever is cheaper",
    )
    parser.add_argument("--force", action="store_true", help="replace OUT.py even if tangent-like did not write it")
    parser.add_argument("--passes", action="store_true", help="print the program after each stage of the compiler")
    parser.add_argument(
        "--comments",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="with or without your comments, and those that quote your statements on the way back",
    )


def run(options: argparse.Namespace) -> int:
    out: str | None = options.output
    if options.passes and out is not None:
        raise UsageError("--passes prints what the compiler does: it goes without -o")
    journey = Journey()
    text = made(options, out, journey)
    if options.passes:
        print(stages_text(journey, text), end="")
        return 0
    if out is not None:
        write(out, text)
    else:
        print(coloured(text) if wants_colour() else text, end="")
    return 0


def made(options: argparse.Namespace, out: str | None, watch: Watch = unwatched) -> str:
    """The text that the options ask for, as it stands in the file ``out``."""
    file, name = split(options.target)
    source = find(file, name)
    wanted = behind_self(source, names_or_numbers(options.wrt))
    if options.value and options.mode == "forward":
        raise UsageError("--value: in forward mode the value comes with the tangent in any case")
    if options.output is not None:
        check_output(options.output, source, options.force)
    mode = "jvp" if options.mode == "forward" else "value_and_grad" if options.value else "grad"
    return generate(source, wanted, mode, options.comments, out, options.store, watch)


def behind_self(source: FunctionSource, wanted: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The numbers of a method's arguments count from behind the object, as where it is called."""
    scope = source.scope
    assert isinstance(scope, FileScope)
    node = scope.definition(source.qualname)
    if "." not in source.qualname or node is None or len(source.tree.args.args) < 2:
        return wanted
    if any(ast.unparse(d) in ("staticmethod", "classmethod") for d in node.decorator_list):
        return wanted
    return tuple(w + 1 if isinstance(w, int) and w >= 0 else w for w in wanted)


def generate(
    source: FunctionSource,
    wanted: tuple[int | str, ...],
    mode: str,
    comments: bool,
    out: str | None,
    store: str = "auto",
    watch: Watch = unwatched,
) -> str:
    """The text of the module with the derivative, for a file ``out`` or to be printed."""
    from tangent_like import __version__

    scope = source.scope
    assert isinstance(scope, FileScope)
    argnums = wanted if len(wanted) > 1 else wanted[0]
    request = Request(argnums, mode, comments=comments, guards=True, store=store)

    def make() -> str:
        function = lower(source)[0]
        kinds = parameter_kinds(function, wanted, scope)
        derivative = differentiate(source, request, kinds, {}, watch, stated=parameter_sizes(function, scope))
        options = ["--wrt", ",".join(derivative.asked or derivative.wrt)]
        options += ["--mode", "forward"] * (mode == "jvp") + ["--value"] * (mode == "value_and_grad")
        options += ["--store", store] * (store != "auto") + ["--no-comments"] * (not comments)
        header = Header(
            __version__,
            _relative(scope.file, out),
            source.qualname,
            shlex.join(options),
            source_digest(source),
            assumed(kinds),
        )
        return module_text(
            derivative.functions,
            lambda spelling: str(replace(derivative, spelling=spelling).text()),
            str(header),
            scope,
        )

    return deeply(make)


def _relative(file: str, out: str | None) -> str:
    """The source as seen from what is written, so that both can move together."""
    if out is not None:
        try:
            file = os.path.relpath(os.path.abspath(file), os.path.dirname(os.path.abspath(out)))
        except ValueError:  # on another drive
            file = os.path.abspath(file)
    return file.replace(os.sep, "/")


# -- writing -------------------------------------------------------------------


def check_output(out: str, source: FunctionSource, force: bool) -> None:
    """Refuse what cannot or must not be written, before the work."""
    folder = os.path.dirname(os.path.abspath(out))
    if os.path.isdir(out):
        raise UsageError(f"{out}: is a directory")
    if not os.path.isdir(folder):
        raise UsageError(f"{out}: the directory {os.path.dirname(out)} does not exist")
    if not os.path.exists(out):
        if not os.access(folder, os.W_OK):
            raise UsageError(f"{out}: cannot be written: no permission to write into its directory")
        return
    if not stat.S_ISREG(os.stat(out).st_mode):
        raise UsageError(f"{out}: is not a regular file")
    scope = source.scope
    assert isinstance(scope, FileScope)
    if any(os.path.exists(f) and os.path.samefile(f, out) for f in scope.loaded):
        raise UsageError(f"{out}: is the source of what would be written")
    if force:
        return
    try:
        with open(out, encoding="utf-8") as handle:
            ours = handle.read(len(MARK)) == MARK
    except OSError as error:
        raise UsageError(f"{out}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        ours = False
    if not ours:
        raise UsageError(f"{out}: was not written by tangent-like; --force replaces it")


def write(out: str, text: str) -> None:
    """Write all or nothing: into a file beside it, which then takes its place."""
    out = os.path.realpath(out)  # a link stays a link
    temporary = ""
    try:
        mode = stat.S_IMODE(os.stat(out).st_mode) if os.path.exists(out) else 0o666 & ~_umask()
        number, temporary = tempfile.mkstemp(".tmp", os.path.basename(out) + ".", os.path.dirname(out))
        with open(number, "w", encoding="utf-8", newline="\n") as handle:
            handle.write(text)
        os.chmod(temporary, mode)
        os.replace(temporary, out)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from None
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


# -- printing ------------------------------------------------------------------


def wants_colour() -> bool:
    """A terminal that shows colours, and a user who has nothing against them (https://no-color.org)."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and sys.stdout is not None and sys.stdout.isatty()


def coloured(text: str) -> str:
    from pygments import highlight
    from pygments.formatters import TerminalFormatter
    from pygments.lexers import PythonLexer

    shown: str = highlight(text, PythonLexer(stripnl=False), TerminalFormatter())
    return shown
