"""Fetches every listed file that set-up needs and that is not in place yet. Run by tools/bootstrap.py inside .venv.

Usage: python tools/pull_weights.py [--pictures]
"""

from __future__ import annotations

import sys

from f2p.catalogue.messages import Messages
from f2p.engines.weights import State, Weight, pull, state_of, weights
from f2p.errors import F2PError
from f2p.settings import load_settings

_FOR_TESTS = ("picture", "font")


def main() -> int:
    """Exit code 0 when every file is in place, else that of the first trouble."""
    settings = load_settings()
    kinds = {"model", *_FOR_TESTS} if "--pictures" in sys.argv[1:] else {"model"}
    wanted = [w for w in weights().values() if w.kind in kinds and (w.default or w.kind in _FOR_TESTS)]
    for weight in (w for w in wanted if state_of(w, settings) is not State.OK):
        print(f"      {_label(weight, settings.language)}", file=sys.stderr, flush=True)
        try:
            pull(weight.name, settings)
        except F2PError as error:
            said = Messages(settings.language).error(error.code, error.params)
            print(f"      {said.title}: {said.what} {said.next_step}", file=sys.stderr)
            return error.exit_code
    return 0


def _label(weight: Weight, language: str) -> str:
    return f"{weight.name} ({weight.bytes / 1e6:.1f} MB, {weight.licence}): {weight.purpose[language]}"


if __name__ == "__main__":
    raise SystemExit(main())
