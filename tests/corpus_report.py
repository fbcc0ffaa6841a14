"""Where the corpus stands, one line a case: `python tests/corpus_report.py [SUBSTRING ...] [-v] [--seeds N]`.

A script for the hand, not a test: it outlives anything that a case does, and is of use while half is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import corpus  # noqa: E402
from harness import Verdict, explain, verify  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "substrings", nargs="*", help="only cases whose module:name holds one of these"
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="all of what is known about what is not as expected",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="only what is not as expected")
    parser.add_argument("--seeds", type=int, help="points for each case")
    parser.add_argument("--limit", type=float, default=20, help="seconds for each case")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    unexpected = 0
    started = time.perf_counter()
    cases, broken = corpus.load()
    for message in broken:
        print("BROKEN MODULE", message)
    for case in cases:
        if options.substrings and not any(part in case.id for part in options.substrings):
            continue
        try:
            verdict = verify(
                case, seeds=range(options.seeds) if options.seeds else None, limit=options.limit
            )
        except KeyboardInterrupt:
            raise
        except (
            BaseException
        ) as error:  # the compiler is under construction: anything may come out of it
            site = traceback.extract_tb(error.__traceback__)[-1]
            verdict = Verdict(
                "crashed",
                f"{type(error).__name__}: {error} at {site.filename}:{site.lineno}",
                error=error,
            )
        counts[verdict.kind] += 1
        fits = verdict.fits(case.expect)
        unexpected += not fits
        if fits and options.quiet:
            continue
        print(
            f"{' ' if fits else '*'} {verdict.kind:8} {case.id:50} {' '.join(verdict.message.split())[:200]}",
            flush=True,
        )
        if options.verbose and not fits:
            print(explain(case, verdict), flush=True)
            print("=" * 100, flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in counts.most_common()), end="; ")
    print(f"{unexpected} not as expected (*), {time.perf_counter() - started:.1f} s")
    return 1 if unexpected or broken else 0


if __name__ == "__main__":
    sys.exit(main())
