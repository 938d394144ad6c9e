#!/usr/bin/env python3
"""One photo, one sentence, one command on a bare machine: sets itself up, then hands over to `f2p edit`.

python3 run_app.py --input face_image.png --prompt "纯白背景,1寸标准证件照尺寸" --output output/me.jpg
Every further option of `f2p edit` (--overwrite, --report FILE, ...) may follow.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

import bootstrap


def parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """The article's three options, and everything else that was given."""
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
    return parser.parse_known_args(arguments)


def command_line(given: argparse.Namespace, further: list[str]) -> list[str]:
    """The arguments of `f2p`: the three options as `edit` wants them; what else was given passes through."""
    output = ["-o", given.output] if given.output else []
    return ["edit", *output, *further, "--", given.input, given.prompt]


def make_output_folder(output: str | None) -> None:
    """`output/` of this checkout, git-ignored and so missing in a fresh one, is made; any other folder is the person's affair."""
    if output and bootstrap.ROOT / "output" in Path(output).resolve().parents:
        with contextlib.suppress(OSError):  # f2p says what is wrong with the place
            Path(output).parent.mkdir(parents=True, exist_ok=True)


def main() -> None:
    """Never returns: becomes `f2p`."""
    given, further = parse(sys.argv[1:])
    f2p = bootstrap.ensure() / "f2p"
    make_output_folder(given.output)
    os.execv(f2p, [str(f2p), *command_line(given, further)])


if __name__ == "__main__":
    main()
