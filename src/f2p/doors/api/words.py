"""Reading a sentence, and the standards."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool

from f2p import studio
from f2p.doors.api import models
from f2p.doors.api.problems import problem, responses
from f2p.doors.api.service import Caller, caller_of
from f2p.doors.api.views import PREFIX
from f2p.errors import RequestError, UnknownStandard
from f2p.values.plan import papers_of
from f2p.values.spec import PhotoSpec

router = APIRouter(tags=["words"])


@router.post(f"{PREFIX}/readings", operation_id="read_sentence", responses=responses(415), summary="Read a sentence")
def read_sentence(said: models.Sentence, caller: Annotated[Caller, Depends(caller_of)]) -> models.Reading:
    """What it is understood to say, what would be assumed, and the plan, without any photo."""
    caller.must("read")
    reading = studio.understand(said.sentence, said.after)
    try:
        plan, reading = studio.plan_for(reading)
    except RequestError as error:
        trouble = models.Problem(**problem(error.code, error.params, caller.text))
        return models.Reading(reading=studio.reading_json(reading), plan=None, explained=None, problem=trouble)
    explained = "\n".join(studio.explain(paper, caller.text.language) for paper in papers_of(plan))
    return models.Reading(
        reading=studio.reading_json(reading), plan=json.loads(studio.plan_json(plan)),
        explained=explained, problem=None,
    )  # fmt: skip


@router.get(f"{PREFIX}/standards", operation_id="list_standards", responses=responses(), summary="Look up standards")
async def list_standards(
    request: Request, caller: Annotated[Caller, Depends(caller_of)], q: Annotated[str, Query(max_length=200)] = ""
) -> list[dict[str, Any]]:
    """All standards, or those that have every word of `q` in id, names, region or category."""
    del request
    caller.must("read")
    words = q.casefold().split()
    return await run_in_threadpool(lambda: [_standard(one) for one in studio.standards().values() if _has(one, words)])


@router.get(f"{PREFIX}/standards/{{standard}}", operation_id="get_standard", responses=responses(404), summary="One standard")
def get_standard(standard: str, caller: Annotated[Caller, Depends(caller_of)]) -> dict[str, Any]:
    """Size, bands, colours, editing rule, source and confidence."""
    caller.must("read")
    found = studio.standards().get(standard)
    if found is None:
        raise UnknownStandard(name=standard[:100], near="-")
    return _standard(found)


def _standard(spec: PhotoSpec) -> dict[str, Any]:
    return asdict(spec)


def _has(spec: PhotoSpec, words: list[str]) -> bool:
    searched = f"{spec.id} {spec.name_zh} {spec.name_en} {spec.region} {spec.category}".casefold()
    return all(word in searched for word in words)
