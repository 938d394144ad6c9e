"""What happens when something is pressed. Each of these reads or writes the shelf and returns at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from f2p.catalogue.messages import Messages
from f2p.doors.api.service import Caller, Service
from f2p.doors.ui import orders, uploads
from f2p.doors.ui.history_view import batch, history
from f2p.doors.ui.markup import Html, tag
from f2p.doors.ui.reading_view import live
from f2p.doors.ui.sentence import KINDS, Said, with_words, without
from f2p.doors.ui.work_view import mark_of, nothing_yet, work
from f2p.errors import F2PError
from f2p.jobs.job import Job, Priority

Form = Mapping[gr.components.Component, Any]
"""What stands in the page's fields."""
_MOST_WORDS = 2000
_MOST_PHOTOS = 200


class Actions:
    """The verbs of one page. What a browser sends is checked here: any of these can be called with anything."""

    def __init__(self, service: Service, text: Messages) -> None:
        self._service, self._text = service, text

    def live(self, words: Any, struck: Any, allow: Any = False) -> Html:
        """The chips of a sentence."""
        return live(_said(words, struck), self._text, allow=allow is True)

    def live_batch(self, words: Any) -> Html:
        """The same in the batch's tab."""
        return self.live(words, {})

    def edit(self, words: Any, struck: Any, event: gr.EventData) -> tuple[str, dict[str, Any]]:
        """The sentence after a chip or a shortcut."""
        said, told = _said(words, struck), _told(event)
        key = told.get("key", "")
        said = with_words(said, key, told.get("words", "")[:200]) if told.get("do") == "say" else without(said, key)
        return said.words, {"keys": list(said.struck), "of": said.words}

    def make(self, form: Form, request: gr.Request) -> tuple[Any, ...]:
        """Hands the photo in."""
        given = _by_id(form)
        wanted = _wanted(given, _said(given.get("sentence"), given.get("struck")))
        return self._handed(given.get("drop"), wanted, request)

    def on_work(self, form: Form, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        """Cancels, deletes, or makes the photo again with another face."""
        told, given = _told(event), _by_id(form)
        try:
            caller = self._caller(request)
            job = self._service.job(caller, told.get("job", ""))
            if told.get("do") == "again":
                said, face = Said(str((job.reading or {}).get("sentence", ""))), told.get("face", "")
                wanted = replace(_wanted(given, said), face=int(face) if face.isdecimal() and len(face) < 4 else None)
                return self._handed({"id": f"job:{job.id}"}, wanted, request)
            caller.must("submit")
            if told.get("do") == "cancel":
                self._service.shelf.cancel(job.id)
            elif told.get("do") == "delete":
                self._service.shelf.delete(job.id)
            return (*self._shown(self._service.shelf.get(job.id)), "")
        except F2PError as error:
            return gr.skip(), gr.skip(), gr.skip(), self._alert(error)

    def look(self, current: Any, request: gr.Request) -> tuple[Any, ...]:
        """The job as it stands, where that changed."""
        job, seen = _named(current, "job"), _named(current, "seen")
        if not job:
            return gr.skip(), gr.skip(), gr.Timer(active=False)
        try:
            found = self._service.job(self._caller(request), job)
        except F2PError:
            return {"job": "", "seen": ""}, nothing_yet(self._text), gr.Timer(active=False)
        if mark_of(self._service, found) == seen:
            return gr.skip(), gr.skip(), gr.Timer(active=not found.state.ended)
        return self._shown(found)

    def opened(self, current: Any, request: gr.Request) -> tuple[Any, ...]:
        """The page as it was left: the job of the address, or the one that still runs."""
        asked = str(request.query_params.get("job", ""))[:64]
        job = asked or _named(current, "job")
        try:
            found = self._service.job(self._caller(request), job) if job else None
        except F2PError as error:
            return (
                {"job": "", "seen": ""},
                nothing_yet(self._text),
                gr.Timer(active=False),
                self._alert(error) if asked else "",
                gr.skip(),
                gr.skip(),
                gr.skip(),
            )
        if found is None or (found.state.ended and not asked):
            # the form is left alone: who was quick has a photo and words in it before this answer comes
            form = (gr.skip(), gr.skip(), gr.skip())
            return {"job": "", "seen": ""}, nothing_yet(self._text), gr.Timer(active=False), "", *form
        said = Said(str((found.reading or {}).get("sentence", "")))
        photo = {} if found.deleted else {"id": f"job:{found.id}", "url": f"page/jobs/{found.id}/photo", "name": found.name}
        return (*self._shown(found), "", photo, said.words, live(said, self._text))

    def history(self, request: gr.Request) -> Html:
        """The newest jobs."""
        return self._history(request, 0)

    def history_page(self, request: gr.Request, event: gr.EventData) -> Html:
        """Older ones."""
        before = _told(event).get("before", "")
        return self._history(request, int(before) if before.isdecimal() and len(before) < 19 else 0)

    def make_batch(self, photos: Any, words: Any, request: gr.Request) -> tuple[Any, ...]:
        """Hands many photos in, behind whatever a person waits for."""
        try:
            caller = self._caller(request)
            caller.must("submit")
            chosen = photos.get("all", []) if isinstance(photos, dict) else []
            if not chosen or len(chosen) > _MOST_PHOTOS:
                told = "page.too_many" if chosen else "page.no_photo"
                return gr.skip(), gr.skip(), gr.skip(), self._box("page.no_photo_title" if not chosen else "page.tab_batch", told)
            given = [uploads.photo(self._service, caller, _named(one, "id")) for one in chosen]
            jobs = orders.put(self._service, caller, given, orders.Wanted(said=_said(words, {}), priority=Priority.BATCH))
        except F2PError as error:
            return gr.skip(), gr.skip(), gr.skip(), self._alert(error)
        return {"batch": jobs[0].batch, "seen": ""}, batch(self._service, jobs, self._text), gr.Timer(active=True), ""

    def look_at_batch(self, current: Any, request: gr.Request) -> tuple[Any, ...]:
        """The batch as it stands, where that changed."""
        jobs = self._batch(current, request)
        if not jobs:
            return {"batch": "", "seen": ""}, gr.skip(), gr.Timer(active=False)
        seen = " ".join(f"{job.state.value[0]}{int(bool(job.deleted))}" for job in jobs)
        ended = all(job.state.ended for job in jobs)
        if seen == _named(current, "seen"):
            return gr.skip(), gr.skip(), gr.Timer(active=not ended)
        return {"batch": jobs[0].batch, "seen": seen}, batch(self._service, jobs, self._text), gr.Timer(active=not ended)

    def on_batch(self, current: Any, request: gr.Request) -> tuple[Any, ...]:
        """Cancels what has not ended."""
        for job in self._batch(current, request):
            if not job.state.ended:
                self._service.shelf.cancel(job.id)
        return self.look_at_batch({**current, "seen": ""} if isinstance(current, dict) else {}, request)

    def _batch(self, current: Any, request: gr.Request) -> list[Job]:
        number = _named(current, "batch")
        try:
            caller = self._caller(request)
        except F2PError:
            return []
        return (
            [job for job in self._service.shelf.batch(number) if not caller.sees or job.client == caller.sees] if number else []
        )

    def _handed(self, photo: Any, wanted: orders.Wanted, request: gr.Request) -> tuple[Any, ...]:
        try:
            caller = self._caller(request)
            caller.must("submit")
            number = _named(photo, "id")
            if not number:
                return gr.skip(), gr.skip(), gr.skip(), self._box("page.no_photo_title", "page.no_photo")
            given = uploads.photo(self._service, caller, number)
            job = orders.put(self._service, caller, [given], wanted)[0]
        except F2PError as error:
            return gr.skip(), gr.skip(), gr.skip(), self._alert(error)
        return (*self._shown(job), "")

    def _history(self, request: gr.Request, before: int) -> Html:
        try:
            caller = self._caller(request)
            caller.must("read")
        except F2PError as error:
            return self._alert(error)
        return history(self._service, caller, self._text, before)

    def _shown(self, job: Job) -> tuple[Any, ...]:
        state = {"job": job.id, "seen": mark_of(self._service, job)}
        return state, work(self._service, job, self._text), gr.Timer(active=not job.state.ended)

    def _box(self, title: str, told: str) -> Html:
        words = (tag("h3", {}, self._text.text(title)), tag("p", {}, self._text.text(told, {"count": _MOST_PHOTOS})))
        return tag("div", {"class": "trouble", "role": "alert"}, *words)

    def _alert(self, error: F2PError) -> Html:
        told = self._text.error(error.code, error.params)
        return tag(
            "div", {"class": "trouble", "role": "alert"}, tag("h3", {}, told.title), tag("p", {}, f"{told.what} {told.next_step}")
        )

    def _caller(self, request: gr.Request) -> Caller:
        assert request.request is not None, "called by a browser"
        return self._service.caller(request.request)


def _said(words: Any, struck: Any) -> Said:
    """What was struck counts only for the very words it was struck from: typing brings it back."""
    said = str(words or "")[:_MOST_WORDS]
    keys = struck.get("keys") if isinstance(struck, dict) and struck.get("of") == said else []
    return Said(said, tuple(str(key)[:60] for key in keys[:20]) if isinstance(keys, list) else ())


def _by_id(form: Form) -> dict[str, Any]:
    return {str(component.elem_id): value for component, value in form.items()}


def _wanted(given: Mapping[str, Any], said: Said) -> orders.Wanted:
    kind = given.get("kind")
    return orders.Wanted(said=said, kind=kind if kind in KINDS else "one", allow=given.get("allow") is True)


def _told(event: gr.EventData) -> Mapping[str, str]:
    """What the pressed thing says of itself; the browser's word, nothing more."""
    names = ("do", "key", "words", "job", "face", "before")
    return {name: str(value)[:300] for name in names if (value := getattr(event, name, None)) is not None}


def _named(value: Any, name: str) -> str:
    return str(value.get(name, ""))[:64] if isinstance(value, dict) else ""
