"""Words in, readings and plans out: `read` a sentence, `resolve` it into a plan, `dump` and `plan_to_json` for the wire."""

from f2p.language.reader import read
from f2p.language.resolve import resolve
from f2p.language.wire import dump, plan_from_json, plan_to_json

__all__ = ["dump", "plan_from_json", "plan_to_json", "read", "resolve"]
