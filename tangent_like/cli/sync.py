"""Bring committed derivatives up to date: those that `tangent-like grad ... -o OUT.py` wrote.

The header of such a file says of which function it is the derivative, and with which options. Without --check the
files that are out of date are written again; with it nothing is written, and the status is 1 if there is one."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterator

from tangent_like.backend.module import MARK, read_header, text_digest
from tangent_like.cli import grad
from tangent_like.cli.target import UsageError
from tangent_like.errors import DifferentiationError

HELP = "bring committed derivatives up to date"
EPILOG = """\
examples:
  tangent-like sync .                  rewrite what is out of date, in this folder and below
  tangent-like sync --check src        for continuous integration: fail if something is
  tangent-like sync model_grad.py
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a file that `grad -o` wrote, or a folder with some")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is stale or was edited")


def run(options: argparse.Namespace) -> int:
    status = 0
    for file in derivatives(options.paths):
        try:
            said = sync(file, options.check)
        except (UsageError, DifferentiationError) as error:
            print(f"tangent-like: {file} cannot be made again: {' '.join(str(error).split())}", file=sys.stderr)
            status = 2
            continue
        print(f"{file}: {said or 'up to date'}")
        if said and options.check:
            status = max(status, 1)
    return status


def sync(file: str, check: bool) -> str:
    """What was the matter with a file; empty if nothing was. Unless ``check``, it is written again."""
    with open(file, encoding="utf-8") as handle:
        old = handle.read()
    header = read_header(old)
    if header is None or not {"source", "options", "sha256"} <= set(header):
        raise UsageError("its header is not complete: write it again with grad -o")
    new = again(file, header)
    if old == new:
        return ""
    reason = what_differs(old, header, new)
    if check:
        return reason
    grad.write(file, new)
    return f"rewritten ({reason})"


def again(file: str, header: dict[str, str]) -> str:
    """The text that the header asks for, made of the source as it is now."""
    path, _, function = header["source"].rpartition(":")
    folder = os.path.dirname(file)
    parser = argparse.ArgumentParser(exit_on_error=False, add_help=False)
    grad.add_arguments(parser)
    target = f"{os.path.join(folder, path) if folder else path}:{function}"
    try:
        options = parser.parse_args([os.path.normpath(target), *shlex.split(header["options"])])
    except (argparse.ArgumentError, SystemExit, ValueError):
        raise UsageError(f"its header has options that are not known: {header['options']}") from None
    return grad.made(options, file)


def what_differs(old: str, header: dict[str, str], new: str) -> str:
    """Why the file is not what would be written now."""
    reasons = []
    now = read_header(new) or {}
    if header["sha256"] != now.get("sha256"):
        reasons.append(f"stale: {header['source']} has changed")
    if header.get("text") != text_digest(old):
        reasons.append("edited by hand")
    if not reasons and header["version"] != now.get("version"):
        reasons.append(f"stale: written by tangent-like {header['version']}")
    return " and ".join(reasons) or "stale: another text is written now"


def derivatives(paths: list[str]) -> Iterator[str]:
    """The files at the paths that have a header; an error for a path without."""
    for path in paths:
        if not os.path.exists(path):
            raise UsageError(f"{path}: no such file or folder")
        if not os.path.isdir(path):
            if not is_ours(path):
                raise UsageError(f"{path}: was not written by tangent-like grad -o")
            yield path
            continue
        found = False
        for folder, inner, names in os.walk(path):
            inner[:] = sorted(d for d in inner if not d.startswith(".") and d not in ("__pycache__", "node_modules"))
            for name in sorted(names):
                file = os.path.join(folder, name)
                if name.endswith(".py") and is_ours(file):
                    found = True
                    yield os.path.relpath(file) if not os.path.isabs(path) else file
        if not found:
            raise UsageError(f"{path}: no file there was written by tangent-like grad -o")


def is_ours(file: str) -> bool:
    try:
        with open(file, encoding="utf-8") as handle:
            return handle.read(len(MARK)) == MARK
    except (OSError, UnicodeDecodeError):
        return False
