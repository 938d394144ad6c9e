"""Readings and plans as JSON and back; both carry a version, and a plan survives the round trip exactly."""

from __future__ import annotations

from typing import Any

import msgspec

from f2p.values.generation import GenerationPlan
from f2p.values.plan import PLAN_VERSION, IdPhotoPlan, MattePlan, PapersPlan, Plan
from f2p.values.reading import Reading

_KINDS: dict[str, type[Plan]] = {"id_photo": IdPhotoPlan, "papers": PapersPlan, "matte": MattePlan, "generation": GenerationPlan}


def dump(reading: Reading) -> dict[str, Any]:
    """A reading as the JSON object of the reading schema, ready for `json.dumps`."""
    return {
        "version": reading.version,
        "sentence": reading.sentence,
        "asked": reading.asked,
        "assumed": {one.key: {"value": one.value, "why": one.why} for one in reading.assumed},
        "ignored": list(reading.ignored),
        "spans": [{"text": span.text, "at": list(span.at), "key": span.key} for span in reading.spans],
    }


def plan_to_json(plan: Plan) -> str:
    """One line of JSON that says everything the plan says: {"plan": kind, "version": n, …}. Equal plans give equal text."""
    kind, cls = next((name, cls) for name, cls in _KINDS.items() if isinstance(plan, cls))
    exact = msgspec.convert(msgspec.to_builtins(plan), cls, strict=False)  # 25 becomes 25.0 where the type says so
    return msgspec.json.encode({"plan": kind, **msgspec.to_builtins(exact)}).decode()


def plan_from_json(text: str) -> Plan:
    """The plan behind `plan_to_json`. Raises ValueError for other JSON, another version, a missing or a wrong field."""
    data = msgspec.json.decode(text)
    kind = data.pop("plan", None) if isinstance(data, dict) else None
    if kind not in _KINDS:
        raise ValueError("not a plan")
    if data.get("version") != PLAN_VERSION:
        raise ValueError(f"plan version {data.get('version')}, this program reads {PLAN_VERSION}")
    return msgspec.convert(data, _KINDS[kind], strict=False)
