"""`POST /api/v1/jobs`: photos and a wish, as a form with files or as JSON, become jobs on the shelf."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from f2p import studio
from f2p.doors.api import models
from f2p.doors.api.problems import responses
from f2p.doors.api.service import Caller, Service, caller_of, service_of
from f2p.doors.api.views import PREFIX, job_view
from f2p.doors.api.webhook_rules import check_destination
from f2p.errors import BackdropMissing, BadRequest, EmptyFile, NotAPlan, TooLarge, WrongType
from f2p.jobs.job import Job, Terms, Work
from f2p.values.generation import GenerationPlan
from f2p.values.plan import BackdropKind, IdPhotoPlan, MattePlan, Plan, Quality, papers_of
from f2p.values.reading import Reading
from f2p.values.spec import EDITS

router = APIRouter()

MOST_PHOTOS = 200
_MOST_FIELDS = 80
_FORM_SCHEMA = {
    "type": "object",
    "required": ["photo"],
    "properties": {
        "photo": {
            "type": "array", "minItems": 1, "maxItems": MOST_PHOTOS, "description": "one photo or several",
            "items": {"type": "string", "format": "binary", "minLength": 1},
        },
        "backdrop": {"type": "string", "format": "binary", "description": "a picture to stand behind the person"},
        "sentence": {"type": "string", "maxLength": 4000},
        "after": {"type": "array", "items": {"type": "string"}, "description": "what was said before the sentence"},
        "plan": {"type": "string", "description": "instead of a sentence: the JSON of a plan"},
        "face": {"type": "integer", "minimum": 1},
        "quality": {"type": "string", "enum": ["fast", "best"]},
        "mark": {"type": "boolean"},
        "priority": {"type": "string", "enum": ["person", "batch"]},
        "keep_hours": {"type": "number", "exclusiveMinimum": 0},
        "once": {"type": "boolean"},
        "webhook": {"type": "string"},
    },
}  # fmt: skip
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _FORM_SCHEMA},
            "application/json": {"schema": {"$ref": "#/components/schemas/Submission"}},
        },
    },
    "parameters": [
        {
            "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 200},
            "description": "The same key with the same content gives the same jobs, however often it is sent.",
        }
    ],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that came: its bytes, and what it is called (never a path)."""

    data: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One request, understood."""

    photos: tuple[Picture, ...]
    backdrop: Picture | None
    wish: models.Wish


@router.post(
    f"{PREFIX}/jobs", status_code=202, response_model=models.Accepted, operation_id="submit", tags=["jobs"], openapi_extra=_BODY,
    summary="Hand in one photo or several", responses=responses(408, 415, 422, 507),
)  # fmt: skip
async def submit(request: Request, response: Response, caller: Annotated[Caller, Depends(caller_of)]) -> models.Accepted:
    """Takes photos and a sentence (or a plan). What is answered with 202 is on the disk and will be done."""
    caller.must("submit")
    service = service_of(request)
    handed = await _read(request, service)
    key = request.headers.get("idempotency-key", "")
    if len(key) > 200:
        raise BadRequest(detail="Idempotency-Key")
    jobs = await run_in_threadpool(put, service, caller, handed, key)
    response.headers["Location"] = f"{PREFIX}/jobs/{jobs[0].id}" if len(jobs) == 1 else f"{PREFIX}/batches/{jobs[0].batch}"
    return models.Accepted(batch=jobs[0].batch, jobs=[job_view(job, service.shelf.ahead(job), caller.text) for job in jobs])


def put(service: Service, caller: Caller, handed: Handed, key: str = "") -> tuple[Job, ...]:
    """The jobs of one request, on the shelf. Raises F2PError kinds."""
    wish = handed.wish
    check_destination(wish.webhook, service.api.webhooks)
    plan, reading = _plan(wish, handed.backdrop)
    plan_text = studio.plan_json(plan)
    told = None if reading is None else studio.reading_json(reading)
    behind = handed.backdrop or Picture(b"", "")
    works = [
        Work(
            data=photo.data, name=photo.name, plan=plan_text, reading=told, mark=wish.mark, backdrop=behind.data,
            backdrop_name=behind.name,
        )
        for photo in handed.photos
    ]  # fmt: skip
    service.submits.take(caller.client, len(works))
    terms = Terms(
        client=caller.client, priority=wish.priority, key=key, keep_hours=wish.keep_hours, once=wish.once, webhook=wish.webhook
    )
    return service.shelf.put(works, terms)


def picture(data: bytes, name: str, service: Service) -> Picture:
    """A picture within the limits of a file. Raises EmptyFile, TooLarge."""
    name = PurePath(name.replace("\\", "/")).name[:255].strip() or "photo"
    if not data:
        raise EmptyFile(name=name)
    limit = service.settings.max_input_bytes
    if len(data) > limit:
        raise TooLarge(name=name, what="bytes", value=len(data), limit=limit)
    return Picture(data, name)


def from_base64(text: str) -> bytes:
    """The bytes of base64, with or without `data:…;base64,` before it. Raises BadRequest."""
    if text.startswith("data:"):
        head, _, text = text.partition(",")
        if not head.endswith(";base64"):
            raise BadRequest(detail="data: URL without base64")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest(detail="base64") from error


def _plan(wish: models.Wish, backdrop: Picture | None) -> tuple[Plan, Reading | None]:
    """The complete plan, from words or as it was given. Raises RequestError kinds, NotAPlan, BadRequest."""
    if (wish.sentence is None) == (wish.plan is None) or (wish.plan is not None and wish.after):
        raise BadRequest(detail="sentence | plan")
    if not set(wish.allow) <= set(EDITS):
        raise BadRequest(detail=f"allow: {', '.join(EDITS)}")
    plan: Plan
    reading: Reading | None = None
    if wish.plan is not None:
        try:
            plan = studio.plan_from_json(json.dumps(wish.plan))
        except (ValueError, TypeError) as error:
            raise NotAPlan(name="plan", detail=str(error)[:300]) from error
    else:
        plan, reading = studio.plan_for(studio.understand(wish.sentence or "", wish.after), wish.allow)
    if isinstance(plan, MattePlan | GenerationPlan):
        return plan, reading
    plan = studio.for_each(plan, lambda paper: _as_wished(paper, wish))
    if backdrop is not None:
        plan = studio.for_each(plan, studio.before_picture)
    elif any(paper.backdrop.kind is BackdropKind.IMAGE for paper in papers_of(plan)):
        raise BackdropMissing
    return plan, reading


def _as_wished(paper: IdPhotoPlan, wish: models.Wish) -> IdPhotoPlan:
    paper = replace(paper, face=wish.face) if wish.face is not None else paper
    return replace(paper, quality=Quality(wish.quality)) if wish.quality is not None else paper


async def _read(request: Request, service: Service) -> Handed:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=MOST_PHOTOS + 1, max_fields=_MOST_FIELDS) as form:
            return await _of_form(form, service)
    if kind == "application/json":
        return _of_json(await request.body(), service)
    raise WrongType(type=kind[:100] or "-")


async def _of_form(form: FormData, service: Service) -> Handed:
    photos = [await _uploaded(one, service) for one in form.getlist("photo")]
    if not photos:
        raise BadRequest(detail="photo")
    backdrop = form.get("backdrop")
    said: dict[str, Any] = {name: form[name] for name in models.Wish.model_fields if name in form and form[name] != ""}
    said["after"] = form.getlist("after")
    if isinstance(said.get("plan"), str):
        said["plan"] = _object(said["plan"])
    return Handed(tuple(photos), None if backdrop in {None, ""} else await _uploaded(backdrop, service), _wish(said))


def _of_json(body: bytes, service: Service) -> Handed:
    try:
        said = models.Submission.model_validate_json(body)
    except ValidationError as error:
        raise _not_valid(error) from error
    photos = tuple(picture(from_base64(one.data), one.name, service) for one in said.photos)
    behind = said.backdrop
    backdrop = None if behind is None else picture(from_base64(behind.data), behind.name, service)
    return Handed(photos, backdrop, said)


async def _uploaded(given: object, service: Service) -> Picture:
    if not isinstance(given, UploadFile):
        raise BadRequest(detail="photo, backdrop: a file")
    if given.size is not None and given.size > service.settings.max_input_bytes:
        raise TooLarge(name=given.filename or "photo", what="bytes", value=given.size, limit=service.settings.max_input_bytes)
    return picture(await given.read(), given.filename or "photo", service)


def _wish(said: Mapping[str, Any]) -> models.Wish:
    try:
        return models.Wish.model_validate(said)
    except ValidationError as error:
        raise _not_valid(error) from error


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAPlan(name="plan", detail="not JSON") from error


def _not_valid(error: ValidationError) -> BadRequest:
    """Which fields are wrong and how, without what was in them."""
    return BadRequest(detail="; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5])[:300])
