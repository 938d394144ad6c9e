#!/usr/bin/env python3
"""Everything that must be true, in one command on a bare machine: sets itself up, checks, tests; stops at the first failure.

python3 run_tests.py [pytest options]
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

import bootstrap

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
)


def main() -> None:
    """Never returns: ends with the exit code of the first check that fails, or becomes pytest."""
    commands = bootstrap.ensure(dev=True)
    os.chdir(bootstrap.ROOT)
    for name, *options in CHECKS:
        print("$", name, *options, flush=True)
        code = subprocess.run([str(commands / name), *options], stdin=subprocess.DEVNULL, check=False).returncode
        if code:
            raise SystemExit(code)
    print("$ pytest", *sys.argv[1:], flush=True)
    os.execv(commands / "pytest", [str(commands / "pytest"), *sys.argv[1:]])


if __name__ == "__main__":
    main()
