"""The API: handing in, following, fetching, deleting; every error a problem document in the caller's language."""

from __future__ import annotations

import base64
import json
import threading
import time
from pathlib import Path

import pytest
from tests.api.conftest import Running, running
from tests.jobs.stand_in import PLAN, expected

from f2p.client import Client, Job, Problem
from f2p.jobs.job import State
from f2p.jobs.upkeep import expire

SENTENCE = "一寸白底"


def done(served: Running, data: bytes = b"x one", **wish: object) -> Job:
    """One job, handed in and finished."""
    return served.client.submit([("me.jpg", data)], SENTENCE, **wish)[0].wait(20)


def test_a_photo_goes_in_and_comes_out(served: Running) -> None:
    """202 with a place to ask; then done, with the bytes that the work gives, and a report with words."""
    answer = served.call("POST", "/api/v1/jobs", {"photos": [{"data": base64.b64encode(b"x 1").decode()}], "sentence": SENTENCE})
    assert answer.status == 202
    place = answer.headers["location"]
    job = served.client.job(place.rpartition("/")[2]).wait(20)
    assert job.photo() == expected(b"x 1")
    assert [file.role for file in job.files] == ["photo", "report"]
    report = served.call("GET", f"{place}/report", accept_language="zh").json
    assert report["language"] == "zh"
    assert report["plan"]["plan"] == "id_photo"
    assert report["reading"]["sentence"] == SENTENCE


def test_many_photos_are_one_batch(served: Running) -> None:
    """Several photos in one form become jobs in their order, which can be asked for together."""
    jobs = served.client.submit([(f"{n}.jpg", b"x %d" % n) for n in range(5)], SENTENCE, priority="batch")
    assert [job.name for job in jobs] == [f"{n}.jpg" for n in range(5)]
    batch = served.call("GET", f"/api/v1/batches/{jobs[0].data['batch']}").json
    assert [job["id"] for job in batch["jobs"]] == [job.id for job in jobs]
    assert [job.wait(20).photo() for job in jobs] == [expected(b"x %d" % n) for n in range(5)]


def test_a_plan_may_stand_for_the_sentence(served: Running) -> None:
    """A plan from an earlier answer is taken as it is, with a face and a quality of one's own."""
    plan = served.client.read(SENTENCE)["plan"]
    assert plan == json.loads(PLAN)
    job = served.client.submit([b"x plan"], plan=plan, face=2, quality="fast")[0].wait(20)
    made = served.client.report(job.id)["plan"]
    assert (made["face"], made["quality"]) == (2, "fast")


def test_several_papers_are_several_files(served: Running) -> None:
    """A sentence that asks for two papers gives one job whose files are named apart, and a report with both."""
    job = served.client.submit([b"x two"], "一份一寸白底,一份两寸蓝底")[0].wait(20)
    assert [file.name for file in job.files] == ["cn_1inch_photo.jpg", "cn_2inch_photo.jpg", "report.json"]
    assert [output["name"] for output in served.client.report(job.id)["outputs"]] == ["cn_1inch", "cn_2inch"]
    assert served.client.read("一份一寸白底,一份两寸蓝底")["explained"].count("\n") == 1


def test_the_same_key_gives_the_same_job(served: Running) -> None:
    """Sent twice, a request makes one job; the key with other content is refused, as is too long a key."""
    first = served.client.submit([b"x k"], SENTENCE, key="k1")[0]
    assert served.client.submit([b"x k"], SENTENCE, key="k1")[0].id == first.id
    with pytest.raises(Problem) as refused:
        served.client.submit([b"x other"], SENTENCE, key="k1")
    assert (refused.value.status, refused.value.code) == (422, "same_key_other_work")
    body = {"photos": [{"data": "eA=="}], "sentence": SENTENCE}
    assert served.call("POST", "/api/v1/jobs", body, idempotency_key="k" * 201).code == "bad_request"


def test_progress_comes_as_it_happens_and_goes_on_where_it_was_cut(served: Running) -> None:
    """Every event in order up to the end; after the number of a known one, exactly the rest; after the end nothing more (204)."""
    job = served.client.submit([b"x follow"], SENTENCE)[0]
    events = list(served.client.follow(job.id))
    assert [event.kind for event in events] == ["queued", "running", *["step"] * 4, "done"]
    assert next(event.step for event in events if event.kind == "step")
    middle = events[3].number
    assert list(served.client.follow(job.id, after=middle)) == events[4:]
    assert served.call("GET", f"/api/v1/jobs/{job.id}/events", last_event_id=str(events[-1].number)).status == 204
    assert b"retry:" in served.call("GET", f"/api/v1/jobs/{job.id}/events", last_event_id="nonsense").body


def test_a_stream_follows_a_job_that_has_not_begun(folder: Path, tmp_path: Path) -> None:
    """Whoever follows a waiting job is told when it is cancelled."""
    with running(tmp_path, works=False) as quiet:
        job = quiet.client.submit([b"x"], SENTENCE)[0]
        seen: list[str] = []
        reader = threading.Thread(target=lambda: seen.extend(event.kind for event in quiet.client.follow(job.id)))
        reader.start()
        time.sleep(0.4)
        assert quiet.client.cancel(job.id).state == "cancelled"
        reader.join(10)
    assert seen == ["queued", "cancelled"]


def test_failures_say_why_in_the_callers_language(served: Running) -> None:
    """A job that failed has a problem document, in Chinese for who reads Chinese; its result is a conflict."""
    job = served.client.submit([b"noface x"], SENTENCE)[0]
    with pytest.raises(Problem) as failed:
        job.wait(20)
    assert (failed.value.status, failed.value.code) == (422, "no_face")
    zh = served.call("GET", f"/api/v1/jobs/{job.id}", accept_language="zh-CN,zh;q=0.9,en;q=0.8").json["problem"]
    en = served.call("GET", f"/api/v1/jobs/{job.id}", accept_language="en").json["problem"]
    assert "脸" in zh["title"] + zh["detail"]
    assert en["detail"].isascii()
    assert served.call("GET", f"/api/v1/jobs/{job.id}/files/photo.jpg").code == "not_finished"


def test_files_go_out_as_they_are(served: Running) -> None:
    """Whole, with type, length and hash; a part where a part is asked for; unknown names are not there."""
    job = done(served)
    path = f"/api/v1/jobs/{job.id}/files/photo.jpg"
    answer = served.call("GET", path)
    assert answer.body == expected(b"x one")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["etag"] == f'"{job.files[0].sha256}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert served.call("GET", path, range="bytes=0-9").body == expected(b"x one")[:10]
    for name in ("nothing.jpg", "..%2finput", "%2e%2e%2f%2e%2e%2fshelf.sqlite"):
        assert served.call("GET", f"/api/v1/jobs/{job.id}/files/{name}").status == 404


def test_links_work_without_a_token_until_they_end(served: Running) -> None:
    """A signed link gives the file; changed in any part, or too old, it gives nothing."""
    job = done(served, b"x link")
    url = served.client.links(job.id, hours=1)["photo.jpg"]
    path = url.partition(str(served.port))[2]
    assert served.call("GET", path).body == expected(b"x link")
    other = done(served, b"x other")
    for wrong in (
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        path.replace("expires=1", "expires=2"),
        path.replace(job.id, other.id),
    ):
        assert served.call("GET", wrong).code == "link_refused"
    assert served.call("GET", path.replace("photo.jpg", "report.json")).code == "link_refused"
    expires = int(time.time()) - 1
    signature = served.service.secret.sign_link(job.id, "photo.jpg", expires)
    late = f"/api/v1/links/{job.id}/photo.jpg?expires={expires}&signature={signature}"
    assert served.call("GET", late).code == "link_refused"


def test_deleting_gives_a_receipt(served: Running) -> None:
    """Files and names are gone at once, and the proof of it stays."""
    job = done(served, b"x gone")
    receipt = served.client.delete(job.id)
    assert (receipt["why"], [file["sha256"] for file in receipt["files"]]) == ("asked", [file.sha256 for file in job.files])
    assert served.client.delete(job.id) == receipt == served.call("GET", f"/api/v1/jobs/{job.id}/receipt").json
    assert served.call("GET", f"/api/v1/jobs/{job.id}/files/photo.jpg").code == "job_gone"
    after = served.client.job(job.id)
    assert (after.state, after.name, after.files) == ("done", "", ())


def test_once_fetched_it_goes(served: Running) -> None:
    """A job that is kept once has its files until the last one was fetched, and a minute longer."""
    job = done(served, b"x once", once=True)
    assert job.photo() == expected(b"x once")
    until = time.monotonic() + 5
    while served.service.shelf.get(job.id).delete_after > time.time() + 61:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert expire(served.service.shelf) == 0
    assert served.client.job(job.id).files


def test_history_comes_in_pages(tmp_path: Path) -> None:
    """Newest first, all of them, also those of one state."""
    with running(tmp_path, works=False) as quiet:
        ids = [quiet.client.submit([b"x %d" % n], SENTENCE)[0].id for n in range(7)]
        quiet.client.cancel(ids[0])
        pages, before = [], 0
        while True:
            page = quiet.call("GET", f"/api/v1/jobs?limit=3&before={before}").json
            pages += [job["id"] for job in page["jobs"]]
            before = page["next"]
            if before is None:
                break
        assert pages == ids[::-1] == [job.id for job in quiet.client.history()]
        assert [job.id for job in quiet.client.history("cancelled")] == [ids[0]]
        assert quiet.client.job(ids[-1]).ahead == 5


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"photos": [{"data": "eA=="}]}, 400, "bad_request"),
        ({"photos": [], "sentence": "一寸"}, 400, "bad_request"),
        ({"photos": [{"data": "!!!"}], "sentence": "一寸"}, 400, "bad_request"),
        ({"photos": [{"data": ""}], "sentence": "一寸"}, 422, "empty_file"),
        ({"photos": [{"data": "eA=="}], "sentence": "x" * 4001}, 400, "bad_request"),
        ({"photos": [{"data": "eA=="}], "plan": {"plan": "nothing"}}, 422, "not_a_plan"),
        ({"photos": [{"data": "eA=="}], "sentence": "一寸", "face": 0}, 400, "bad_request"),
        ({"photos": [{"data": "eA=="}], "sentence": "一寸", "webhook": "https://example.com"}, 422, "webhook_refused"),
        ({"photos": [{"data": "eA=="}], "sentence": "把护照上的出生日期改成1990年"}, 403, "refused"),
        ({"photos": [{"data": "eA=="}], "sentence": "一寸", "allow": ["everything"]}, 400, "bad_request"),
        ([], 400, "bad_request"),
    ],
)
def test_what_cannot_be_taken_is_said(served: Running, body: object, status: int, code: str) -> None:
    """Each kind of wrong request has its own problem, and puts nothing on the shelf."""
    before = sum(served.service.shelf.counts().values())
    answer = served.call("POST", "/api/v1/jobs", body)
    assert (answer.status, answer.code) == (status, code)
    assert sum(served.service.shelf.counts().values()) == before


def test_forms_that_are_none_are_said(served: Running) -> None:
    """Broken forms, forms without a photo, other content types: refused as what they are."""
    form = {"content_type": "multipart/form-data; boundary=x"}
    no_photo = b'--x\r\nContent-Disposition: form-data; name="sentence"\r\n\r\n1\r\n--x--\r\n'
    for body, headers, status in (
        (b"--x\r\nbroken", form, 400),
        (no_photo, form, 400),
        (b"a=b", {"content_type": "application/x-www-form-urlencoded"}, 415),
        (b"{", {"content_type": "application/json"}, 400),
        (b"[" * 100_000, {"content_type": "application/json"}, 400),
    ):
        answer = served.call("POST", "/api/v1/jobs", body, **headers)
        assert answer.status == status, body[:20]
        assert answer.code


def test_addresses_and_methods_that_are_none(served: Running) -> None:
    """404 and 405 are problem documents too; ids that cannot be are simply not there."""
    assert served.call("GET", "/nothing").code == "no_such_page"
    assert served.call("PUT", "/api/v1/jobs").code == "wrong_method"
    for odd in ("x", "%00", "..", "%E2%82%AC" * 50, "' OR 1=1 --".replace(" ", "%20")):
        assert served.call("GET", f"/api/v1/jobs/{odd}").status in {404, 200 if odd == ".." else 404}
    assert served.call("GET", "/api/v1/jobs?limit=0").code == "bad_request"
    assert served.call("GET", "/api/v1/standards/no_such").code == "unknown_standard"


def test_sentences_and_standards(served: Running) -> None:
    """A sentence is read without a photo, or is told why not; standards are looked up by words."""
    read = served.client.read("再亮一点", after=["一寸白底"])
    assert read["plan"]["light"]["brightness"] > 0
    assert read["explained"]
    assert served.client.read("把护照上的出生日期改成1990年")["problem"]["code"] == "refused"
    assert {one["id"] for one in served.client.standards("一寸")} >= {"cn_1inch"}
    assert served.call("GET", "/api/v1/standards/cn_1inch").json["width_px"] == 295


def test_the_service_says_how_it_is(served: Running, tmp_path: Path) -> None:
    """Health, readiness (503 without a worker or without room) and metrics that Prometheus can read."""
    assert served.call("GET", "/api/v1/health").json["status"] == "ok"
    until = time.monotonic() + 5
    while not served.client.ready():
        assert time.monotonic() < until
    with running(tmp_path, works=False, shelf={"reserve_bytes": 2**60}) as full:
        answer = full.call("GET", "/api/v1/ready")
        assert (answer.status, answer.json["workers"], answer.json["room_mb"]) == (503, 0, 0)
        refused = full.call("POST", "/api/v1/jobs", {"photos": [{"data": "eA=="}], "sentence": SENTENCE})
        assert (refused.status, refused.code) == (507, "storage_low")
        assert refused.headers["retry-after"]
    lines = served.call("GET", "/api/v1/metrics").body.decode().splitlines()
    values = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    assert values['f2p_jobs{state="queued"}'] == 0
    assert values["f2p_workers"] == 1
    assert values["f2p_http_response_seconds_count"] > 10


def test_the_document_describes_every_error(served: Running) -> None:
    """OpenAPI 3.1; each operation declares problem documents; the manual page loads nothing from elsewhere."""
    document = served.call("GET", "/openapi.json").json
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            problems = [s for s, r in operation["responses"].items() if "application/problem+json" in r.get("content", {})]
            assert problems or path.endswith("/ready"), (method, path)
            assert operation["operationId"]
    page = served.call("GET", "/docs").body.decode()
    assert "https://" not in page
    assert "http://" not in page
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert served.call("GET", f"/docs/assets/{asset}").status == 200
    assert {"Problem", "Submission", "Job"} <= document["components"]["schemas"].keys()


def test_a_client_that_is_too_eager_is_slowed(tmp_path: Path) -> None:
    """Above the rate photos are refused with the seconds to wait; a batch counts for what it holds."""
    with running(tmp_path, works=False, submits_per_minute=5) as slow:
        slow.client.submit([b"x"] * 3, SENTENCE)
        with pytest.raises(Problem) as refused:
            slow.client.submit([b"y"] * 3, SENTENCE)
        assert (refused.value.status, refused.value.code) == (429, "too_many_requests")
        slow.client.submit([b"z"] * 2, SENTENCE)
        assert slow.service.shelf.counts()[State.QUEUED] == 5


def test_tokens(tmp_path: Path) -> None:
    """Once there is a token nobody gets in without one, each client sees its own, and scopes hold; wrong ones are slowed down."""
    with running(tmp_path, works=False) as open_service:
        tokens = open_service.service.tokens
        hr = Client(f"http://127.0.0.1:{open_service.port}", token=tokens.add("hr", ["submit", "read"]))
        reader = Client(f"http://127.0.0.1:{open_service.port}", token=tokens.add("reader", ["read"]))
        admin = Client(f"http://127.0.0.1:{open_service.port}", token=tokens.add("boss", ["admin"]))
        nobody = open_service.call("GET", "/api/v1/jobs")
        assert (nobody.status, nobody.code, nobody.headers["www-authenticate"]) == (401, "token_missing", "Bearer")
        assert open_service.call("GET", "/api/v1/health").status == 200

        job = hr.submit([b"x"], SENTENCE)[0]
        assert [one.id for one in hr.history()] == [one.id for one in admin.history()] == [job.id]
        assert list(reader.history()) == []
        for call in (lambda: reader.job(job.id), lambda: reader.report(job.id)):
            with pytest.raises(Problem) as unseen:
                call()
            assert unseen.value.code == "no_such_job"
        with pytest.raises(Problem) as refused:
            reader.submit([b"x"], SENTENCE)
        assert (refused.value.status, refused.value.code) == (403, "scope_missing")

        assert "f2p_" not in (tmp_path / "shelf" / "tokens.json").read_text()
        assert tokens.remove("hr")
        with pytest.raises(Problem):
            hr.job(job.id)
        statuses = [open_service.call("GET", "/api/v1/jobs", authorization=f"Bearer wrong{n}").status for n in range(8)]
        assert statuses[0] == 401
        assert statuses[-1] == 429
