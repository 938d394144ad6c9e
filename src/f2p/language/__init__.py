"""Words in, readings and plans out: `read` a sentence, `resolve` it into a plan, `explain` a plan in words again.

`revise` and `converse` go on from an earlier reading, `without` and `changed` edit one; `dump`, `plan_to_json` and
`plan_from_json` are for the wire.
"""

from f2p.language.backdrops import before_picture
from f2p.language.chips import changed, without
from f2p.language.explain import explain
from f2p.language.followup import converse, revise
from f2p.language.generation_plan import is_generative, resolve_generation
from f2p.language.notice import standard_from_notice
from f2p.language.reader import read
from f2p.language.redaction_plan import resolve_redaction, usual_redaction, wants_redaction
from f2p.language.resolve import resolve
from f2p.language.wire import dump, plan_from_json, plan_to_json

__all__ = [
    "before_picture",
    "changed",
    "converse",
    "dump",
    "explain",
    "is_generative",
    "plan_from_json",
    "plan_to_json",
    "read",
    "resolve",
    "resolve_generation",
    "resolve_redaction",
    "revise",
    "standard_from_notice",
    "usual_redaction",
    "wants_redaction",
    "without",
]
