"""Words in, readings and plans out: `read` a sentence, `resolve` it into a plan, `dump` it as JSON."""

from f2p.language.reader import read

__all__ = ["read"]
