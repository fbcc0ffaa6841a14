"""The command line: which commands there are, and what becomes of errors.

What a user does wrong ends in a line on standard error and status 2; ``check`` and ``sync --check`` have another, 1,
for what they found.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from tangent_like.cli.target import UsageError
from tangent_like.errors import DifferentiationError

EPILOG = """\
examples:
  tangent-like grad model.py:loss --wrt W,b            print the gradient
  tangent-like grad model.py:loss -o loss_grad.py      write it as a module of its own
  tangent-like check model.py:loss --at "W=np.ones((3, 2))" --at "b=0.5"
  tangent-like sync --check .                          are the written modules up to date?
  tangent-like explain model.py:loss                   what becomes of each line
"""


class Parser(argparse.ArgumentParser):
    """As argparse's, but an error is one line, and is reported where all errors are."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def parser() -> argparse.ArgumentParser:
    from tangent_like import __version__
    from tangent_like.cli import check, diagnose, explain, grad, rules, sync

    top = Parser(
        prog="tangent-like",
        description="Differentiate NumPy code by rewriting its source.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"tangent-like {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for module in (grad, check, sync, explain, diagnose, rules):
        name = module.__name__.rpartition(".")[2]
        sub = commands.add_parser(
            name,
            help=module.HELP,
            description=module.__doc__,
            epilog=module.EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the status for the shell."""
    if hasattr(sys.stdout, "reconfigure"):  # Python's text is UTF-8, wherever it is sent
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        options = parser().parse_args(argv)
        status: int = options.run(options)
        print(end="", flush=True)
        return status
    except BrokenPipeError:  # who read our output has had enough, as in `| head`
        _discard_output()
        return 141
    except OSError as error:  # a full disk behind standard output, say
        _discard_output()
        print(f"tangent-like: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except RecursionError:
        print("tangent-like: the file nests too deeply to be read", file=sys.stderr)
        return 2
    except UsageError as error:
        print(f"tangent-like: {error}", file=sys.stderr)
        return 2
    except DifferentiationError as error:
        print(error, file=sys.stderr)
        return 2
    except SystemExit as stop:  # --help and --version
        return stop.code if isinstance(stop.code, int) else 0


def _discard_output() -> None:
    """Let Python's own last flush of standard output be quiet."""
    with contextlib.suppress(AttributeError, OSError, ValueError):  # no file, or none any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
