#!/usr/bin/env python3
"""One photo, one sentence, one command on a bare machine: sets itself up, then hands over to `f2p edit`.

python3 run_app.py --input face_image.png --prompt "纯白背景,1寸标准证件照尺寸" --output output/me.jpg
Every further option of `f2p edit` (--overwrite, --report FILE, ...) may follow.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

import bootstrap


def command_line(arguments: list[str]) -> list[str]:
    """The article's three options as arguments of `f2p`; what else was given passes through."""
    chinese = bootstrap.language() == "zh"
    parser = argparse.ArgumentParser(
        prog="run_app.py",
        allow_abbrev=False,
        description="一张照片加一句话,得到证件照。" if chinese else "One photo and one sentence in, a finished ID photo out.",
        epilog="其他选项见:.venv/bin/f2p edit --help" if chinese else "Further options: .venv/bin/f2p edit --help",
    )
    parser.add_argument("--input", required=True, metavar="PHOTO", help="照片" if chinese else "the photo")
    parser.add_argument(
        "--prompt", required=True, metavar="SENTENCE", help="要求,一句话" if chinese else "what is wished, in a sentence"
    )
    parser.add_argument("--output", metavar="FILE", help="成品文件" if chinese else "the finished file")
    given, further = parser.parse_known_args(arguments)
    output = ["-o", given.output] if given.output else []
    return ["edit", *output, *further, "--", given.input, given.prompt]


def main() -> None:
    """Never returns: becomes `f2p`."""
    arguments = command_line(sys.argv[1:])
    f2p = bootstrap.ensure() / "f2p"
    os.execv(f2p, [str(f2p), *arguments])


if __name__ == "__main__":
    main()
