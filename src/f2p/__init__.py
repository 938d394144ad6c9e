"""F2P Studio: one sentence and one photo in, a finished picture out; everything stays on this machine."""

__version__ = "0.1.0"
