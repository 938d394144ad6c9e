"""The legacy call, to the letter: a list goes in, one with the picture as base64 comes out; paths only from allowed folders."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from tests.api.conftest import Answer, Running, running
from tests.jobs.stand_in import expected

SENTENCE = "纯白背景,轻微磨皮"


def predict(served: Running, *data: object, path: str = "/api/predict/", **headers: str) -> Answer:
    """One call as curl -d sends it: a form's content type around JSON."""
    headers = {"content_type": "application/x-www-form-urlencoded", **headers}
    return served.call("POST", path, json.dumps({"data": list(data)}).encode(), **headers)


@pytest.mark.parametrize("path", ["/api/predict/", "/api/predict"])
@pytest.mark.parametrize("source", ["input/me.jpg", "me.jpg", "absolute", "base64", "data:"])
def test_every_way_to_name_a_picture(served: Running, folder: Path, path: str, source: str) -> None:
    """Path, absolute path, base64 and data URL give the same picture; report and seconds follow."""
    data = b"x me"
    if source == "absolute":
        source = str(folder / "input" / "me.jpg")
    elif source in {"base64", "data:"}:
        data = b"x " + b"long enough to be no path" * 4
        source = {"base64": "", "data:": "data:image/jpeg;base64,"}[source] + base64.b64encode(data).decode()
    answer = predict(served, source, SENTENCE, 40, "1寸", 42, path=path)
    assert answer.status == 200
    photo, report, seconds = answer.json["data"]
    assert base64.b64decode(photo) == expected(data)
    assert report["plan"]["spec"]["id"] == "cn_1inch"
    assert 0 < seconds < 20
    assert answer.json["unused"] == ["steps", "seed"]


def test_the_size_preset_counts_where_the_sentence_says_none(served: Running) -> None:
    """A size in the sentence goes before the preset; without steps, size and seed the call is complete too."""
    assert predict(served, "me.jpg", "两寸,蓝底", 40, "1寸", 1).json["data"][1]["plan"]["spec"]["id"] == "cn_2inch"
    assert predict(served, "me.jpg", "一寸白底").json["data"][1]["plan"]["spec"]["id"] == "cn_1inch"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/etc/passwd", "path_outside"),
        ("../../../../etc/passwd", "path_outside"),
        ("input/../shelf/secret", "path_outside"),
        ("shelf/shelf.sqlite", "path_missing"),
        ("input/link.jpg", "path_outside"),
        ("input/none.jpg", "path_missing"),
        ("input", "path_outside"),
        ("http://127.0.0.1/x.jpg", "path_is_url"),
        ("file:///etc/passwd", "path_is_url"),
        ("a\0b", "path_odd"),
    ],
)
def test_no_other_path_is_read(served: Running, folder: Path, path: str, reason: str) -> None:
    """Whatever leads out of the allowed folders, by dots, links or addresses, is refused with the reason."""
    link = folder / "input" / "link.jpg"
    if not link.is_symlink():
        link.symlink_to("/etc/passwd")
    answer = predict(served, path, SENTENCE)
    assert (answer.status, answer.code, answer.json["params"]["reason"]) == (403, "path_refused", reason)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"data": "x"}', b'{"data": ["x"]}', b'{"data": [1, "x"]}', b'{"data": ["x", 1]}', b"\xff\xfe",
     b'{"data": ["me.jpg", "x", "forty"]}', b'{"data": ["me.jpg", "x", NaN]}', b'{"data": ["data:image/png,abc", "x"]}'],
)  # fmt: skip
def test_what_is_no_call_is_said(served: Running, body: bytes) -> None:
    """Every other body is a bad request, never an error of ours."""
    assert served.call("POST", "/api/predict/", body).code == "bad_request"


def test_failures_have_their_own_status(served: Running, folder: Path) -> None:
    """A photo without a face is 422 with the problem document of that job."""
    (folder / "input" / "cat.jpg").write_bytes(b"noface x")
    answer = predict(served, "cat.jpg", SENTENCE, accept_language="zh")
    assert (answer.status, answer.code) == (422, "no_face")


def test_a_long_job_goes_on_behind_the_call(tmp_path: Path) -> None:
    """When the wait is over the answer names the job, which is still on the shelf."""
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "me.jpg").write_bytes(b"x")
    with running(tmp_path, works=False, wait_seconds=0.2) as slow:
        answer = predict(slow, "me.jpg", SENTENCE)
        assert (answer.status, answer.code) == (504, "still_working")
        assert slow.client.job(answer.json["params"]["job"]).state == "queued"
