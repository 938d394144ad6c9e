"""The page: what stands where, and which button does what. Nothing waits here: every button writes to the shelf and returns."""

from __future__ import annotations

from typing import Any

import gradio as gr

from f2p.catalogue.messages import Messages
from f2p.doors.api.service import Service
from f2p.doors.ui import looks
from f2p.doors.ui.actions import Actions
from f2p.doors.ui.reading_view import shortcuts
from f2p.doors.ui.sentence import KINDS
from f2p.doors.ui.work_view import nothing_yet

POLL_SECONDS = 0.7
_READABLE = "f2p"
"""The browser keeps the number of a job; it is the same after a restart, and who may see the job is checked here."""
_QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def page(service: Service, text: Messages) -> gr.Blocks:
    """The page in one language."""
    actions = Actions(service, text)
    blocks = gr.Blocks(title="F2P Studio", analytics_enabled=False, fill_width=True)
    with blocks:
        current = gr.BrowserState({"job": "", "seen": ""}, storage_key="f2p_current", secret=_READABLE)
        gr.HTML(looks.header(text), elem_id="top", js_on_load=None)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(text.text("page.tab_photo"), id="photo"):
                opened = _photo_tab(actions, text, current)
            with gr.Tab(text.text("page.tab_batch"), id="batch"):
                _batch_tab(actions, text)
            with gr.Tab(text.text("page.tab_history"), id="history") as tab:
                _history_tab(actions, tab)
        blocks.load(**opened, **_QUIET)
    blocks.has_launched = True  # or the framework hands out any file of this machine that a request names, once it is mounted
    return blocks


def _photo_tab(actions: Actions, text: Messages, current: gr.BrowserState) -> dict[str, Any]:
    with gr.Row(elem_id="desk"):
        with gr.Column(scale=5, min_width=280, elem_id="form"):
            drop = gr.HTML({}, html_template=looks.drop(text), js_on_load=looks.script("drop"), elem_id="drop")
            words = gr.Textbox(
                label=text.text("page.sentence"),
                placeholder=text.text("page.placeholder"),
                lines=2,
                max_lines=6,
                elem_id="sentence",
                max_length=2000,
            )
            chips = gr.HTML(actions.live("", {}, False), js_on_load=looks.script("act"), elem_id="chips")
            struck = gr.JSON({}, visible=False, elem_id="struck")
            allow = gr.Checkbox(label=text.text("page.allow"), value=False, elem_id="allow", render=False)
            gr.HTML(shortcuts(text), js_on_load=looks.script("act"), elem_id="shortcuts").act(
                actions.edit, [words, struck], [words, struck], **_QUIET
            ).then(actions.live, [words, struck, allow], chips, **_QUIET)
            kind = gr.Radio(
                [(text.text(f"page.kind_{one}"), one) for one in KINDS], value="one", label=text.text("page.kind"), elem_id="kind"
            )
            allow.render()  # type: ignore[no-untyped-call]
            make = gr.Button(text.text("page.make"), variant="primary", elem_id="make")
            alert = gr.HTML("", elem_id="alert", js_on_load=None)
        with gr.Column(scale=6, min_width=280, elem_id="result"):
            work = gr.HTML(nothing_yet(text), js_on_load=looks.script("act"), elem_id="work")
    timer = gr.Timer(POLL_SECONDS, active=False)
    words.change(actions.live, [words, struck, allow], chips, trigger_mode="multiple", **_QUIET)
    words.blur(
        actions.live, [words, struck, allow], chips, trigger_mode="multiple", **_QUIET
    )  # an answer that came too late is put right
    allow.change(actions.live, [words, struck, allow], chips, trigger_mode="multiple", **_QUIET)
    chips.act(actions.edit, [words, struck], [words, struck], **_QUIET).then(
        actions.live, [words, struck, allow], chips, **_QUIET
    )
    shown = [current, work, timer, alert]
    form: set[gr.blocks.Block] = {drop, words, struck, kind, allow}
    for begin in (make.click, words.submit):
        begin(actions.make, form, shown, **_QUIET).then(None, [current], None, js=looks.script("address"), **_QUIET)
    work.act(actions.on_work, form, shown, **_QUIET).then(None, [current], None, js=looks.script("address"), **_QUIET)
    timer.tick(actions.look, [current], [current, work, timer], **_QUIET)
    return {"fn": actions.opened, "inputs": [current], "outputs": [*shown, drop, words, chips]}


def _batch_tab(actions: Actions, text: Messages) -> None:
    with gr.Row(elem_id="batch_desk"):
        with gr.Column(scale=5, min_width=280):
            drop = gr.HTML({}, html_template=looks.drop(text, many=True), js_on_load=looks.script("drop"), elem_id="batch_drop")
            words = gr.Textbox(
                label=text.text("page.batch_sentence"),
                placeholder=text.text("page.placeholder"),
                lines=2,
                elem_id="batch_sentence",
                max_length=2000,
            )
            chips = gr.HTML(actions.live("", {}, False), js_on_load=None, elem_id="batch_chips")
            make = gr.Button(text.text("page.batch_make"), variant="primary", elem_id="batch_make")
            alert = gr.HTML("", js_on_load=None)
            gr.HTML(looks.batch_hint(text), js_on_load=None)
        with gr.Column(scale=6, min_width=280):
            work = gr.HTML(looks.hint(text.text("page.batch_empty")), js_on_load=looks.script("act"), elem_id="batch_work")
    current = gr.BrowserState({"batch": "", "seen": ""}, storage_key="f2p_batch", secret=_READABLE)
    timer = gr.Timer(2 * POLL_SECONDS, active=True)
    words.change(actions.live_batch, [words], chips, trigger_mode="multiple", **_QUIET)
    make.click(actions.make_batch, [drop, words], [current, work, timer, alert], **_QUIET)
    work.act(actions.on_batch, [current], [current, work, timer], **_QUIET)
    timer.tick(actions.look_at_batch, [current], [current, work, timer], **_QUIET)


def _history_tab(actions: Actions, tab: gr.Tab) -> None:
    rows = gr.HTML("", js_on_load=looks.script("act"), elem_id="history")
    tab.select(actions.history, None, rows, **_QUIET)
    rows.act(actions.history_page, None, rows, **_QUIET)
