#!/usr/bin/env python3
"""The page on http://127.0.0.1:7860 in the foreground: sets itself up on a bare machine, then hands over to `f2p serve`.

python3 app_gradio.py [options of `f2p serve`]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

import bootstrap


def main() -> None:
    """Never returns: becomes `f2p serve`."""
    f2p = bootstrap.ensure() / "f2p"
    os.execv(f2p, [str(f2p), "serve", *sys.argv[1:]])


if __name__ == "__main__":
    main()
