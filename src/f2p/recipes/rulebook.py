"""Numbers held against limits: pass, fail, or can't tell, with who sets the limit."""

from __future__ import annotations

from dataclasses import dataclass

from f2p.catalogue.rules import rules, scope_of
from f2p.values.outcome import Check
from f2p.values.spec import Band, PhotoSpec

CLOSE, UNSEEN, NOT_PLAIN, NO_FACE = "close", "unseen", "not_plain", "no_face"
FLAT_TONES, KB_LIMIT, FEW_PX = "flat_tones", "kb_limit", "few_px"
"""Why it can't be told: too near the limit for our measuring; the place isn't to be seen; the backdrop isn't plain; no face;
too few tones to see edges; the document's own KB ceiling forces it; too few pixels in the
face.
"""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What counts for one document; spec None: what counts for travel documents at large."""

    spec: PhotoSpec | None

    @property
    def scope(self) -> str:
        return scope_of(self.spec)

    @property
    def cite(self) -> str:
        """Where the document's own rules are written."""
        return "" if self.spec is None else self.spec.source

    def general(self, name: str, value: float | None, shown: str | float | None = None, unsure: str = UNSEEN) -> list[Check]:
        """The verdict of a rule of data/checks.toml; none where it is silent. value None: it can't be told, for `unsure`."""
        rule = rules()[name]
        level = getattr(rule, self.scope)
        if level == "silent":
            return []
        if value is None:
            ok, why, text = None, unsure, ""
        else:
            (ok, why), text = verdict(value, rule.limit, rule.unsure), band_text(rule.limit)
        return [
            Check(
                name=name, value=_shown(value if shown is None else shown), wanted=text, ok=ok, unit=rule.unit,
                rule=rule.source, cite=rule.cite, binding=level == "rule", unsure=why,
            )
        ]  # fmt: skip

    def told(self, name: str, value: float | str, unit: str = "", *, ok: bool | None = None, wanted: str = "") -> Check:
        """A fact with a verdict of its own, by a general rule; its level is the rule's."""
        rule = rules()[name]
        level = getattr(rule, self.scope)
        verdict_here = ok if level != "silent" else None
        return Check(
            name=name, value=_shown(value), wanted=wanted, ok=verdict_here, unit=unit,
            rule=rule.source, cite=rule.cite, binding=level == "rule",
        )  # fmt: skip

    def document(self, name: str, value: float, band: Band, unsure: float, unit: str) -> Check:
        """The verdict of the document's own rule."""
        ok, why = verdict(value, band, unsure)
        return Check(
            name=name, value=_shown(value), wanted=band_text(band), ok=ok, unit=unit, rule="document", cite=self.cite, unsure=why
        )

    def exactly(self, name: str, value: str | float, wanted: str, ok: bool, unit: str = "") -> Check:
        """The verdict of the document's own rule that is no band."""
        return Check(name=name, value=_shown(value), wanted=wanted, ok=ok, unit=unit, rule="document", cite=self.cite)


def verdict(value: float, limit: Band, unsure: float) -> tuple[bool | None, str]:
    """(holds, why it can't be told)."""
    if limit.holds(value):
        return True, ""
    return (None, CLOSE) if unsure > 0.0 and limit.holds(value, tolerance=unsure) else (False, "")


def band_text(band: Band | None) -> str:
    """Limits as "20..50", "<= 200", ">= 3"."""
    if band is None or (band.low is None and band.high is None):
        return ""
    low, high = (None if end is None else f"{round(end, 2):g}" for end in (band.low, band.high))
    if low is None:
        return f"<= {high}"
    if high is None:
        return f">= {low}"
    return low if low == high else f"{low}..{high}"


def _shown(value: str | float | None) -> str | float:
    if value is None:
        return ""
    if isinstance(value, str | int):
        return value
    return round(value, 1) + 0.0 if abs(value) >= 10 else round(value, 2) + 0.0
