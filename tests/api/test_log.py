"""What the log says of a person: nothing."""

from __future__ import annotations

import base64
import logging
from pathlib import Path

import pytest
from tests.api.conftest import running

NAME = "王小明-110101199003074557.jpg"
SENTENCE = "一寸白底,王小明的证件照"


def test_lines_hold_no_names_no_sentences_no_pixels(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Done, failed, cut off by an error of ours, refused: job numbers and kinds of errors, nothing that was handed in."""
    pictures = [b"x pixels 1", b"noface pixels 2", b"odd pixels 3", b"memory pixels 4"]
    with caplog.at_level(logging.DEBUG), running(tmp_path) as service:
        jobs = service.client.submit([(NAME, data) for data in pictures], "一寸白底")
        for job in jobs:
            while not service.client.job(job.id).ended:
                pass
        handed = {"name": NAME, "data": base64.b64encode(b"x pixels 5").decode()}
        service.call("POST", "/api/v1/jobs", {"photos": [handed], "sentence": SENTENCE, "face": 0})
        service.call("POST", "/api/predict/", {"data": [f"../{NAME}", SENTENCE]})
        service.client.delete(jobs[0].id)
    ours = [record for record in caplog.records if record.name.startswith(("f2p", "uvicorn", "root"))]
    told = "\n".join(logging.Formatter().format(record) for record in ours)
    assert all(f"job={job.id}" in told for job in jobs)
    assert "error_type=RuntimeError" in told
    for private in ("王小明", "110101199003074557", "白底", "/secret/name", "pixels", handed["data"], str(tmp_path)):
        assert private not in told


def test_an_error_of_ours_is_told_by_its_kind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that ends in an unforeseen error is answered 500, and its words, which may name a person, stay out of the log."""

    def broken(*_: object) -> None:
        raise RuntimeError(NAME)

    with caplog.at_level(logging.DEBUG), running(tmp_path, works=False) as service:
        monkeypatch.setattr(type(service.service.shelf), "get", broken)
        answer = service.call("GET", "/api/v1/jobs/x")
        assert (answer.status, answer.code) == (500, "internal")
    told = "\n".join(logging.Formatter().format(record) for record in caplog.records if record.name != "asyncio")
    assert "error_type=RuntimeError at=test_log.py:" in told
    assert NAME not in told
