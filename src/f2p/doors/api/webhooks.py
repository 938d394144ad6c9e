"""Sends word of ended jobs: signed as Standard Webhooks 1.0 says, to the one address that was checked, until it is taken."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import ssl
import threading
import time
from typing import Any

from f2p import __version__
from f2p.doors.api.jobs import link
from f2p.doors.api.problems import failure_problem, messages
from f2p.doors.api.service import Service
from f2p.doors.api.views import time_or_none
from f2p.doors.api.webhook_rules import Destination, resolve
from f2p.errors import NoSuchJob, WebhookRefused
from f2p.jobs.job import Job, State
from f2p.jobs.outbox import Message
from f2p.jobs.truth import DatabaseRefused

_TIMEOUT = 5.0
_LOOK = 0.5
_GONE = 410
_LOG = logging.getLogger("f2p.webhooks")


class Messenger:
    """One thread that empties the outbox."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def start(self) -> None:
        """Sends until the service closes."""
        threading.Thread(target=self._run, name="webhooks", daemon=True).start()

    def send_due(self) -> int:
        """Sends every message whose time has come; how many were tried."""
        due = self._service.shelf.outbox.due()
        for message in due:
            self._send(message)
        return len(due)

    def _run(self) -> None:
        while not self._service.closing.is_set():
            try:
                tried = self.send_due()
            except DatabaseRefused as error:
                _LOG.warning("shelf error_type=%s", error.name)
                tried = 0
            if not tried:
                self._service.closing.wait(_LOOK)

    def _send(self, message: Message) -> None:
        outbox = self._service.shelf.outbox
        try:
            body = json.dumps(self._body(message), ensure_ascii=False).encode()
            status = post(resolve(message.url, self._service.api.webhooks), self._headers(message, body), body)
        except (NoSuchJob, WebhookRefused) as error:
            outbox.failed(message, error.code, for_good=True)
            _LOG.warning("job=%s message=%s error_type=%s", message.job, message.id, error.code)
        except (OSError, http.client.HTTPException) as error:
            outbox.failed(message, type(error).__name__)
            _LOG.warning(
                "job=%s message=%s try=%d error_type=%s", message.job, message.id, message.tries + 1, type(error).__name__
            )
        else:
            if 200 <= status < 300:
                outbox.sent(message)
            else:
                outbox.failed(message, str(status), for_good=status == _GONE)
            _LOG.info("job=%s message=%s try=%d status=%d", message.job, message.id, message.tries + 1, status)

    def _headers(self, message: Message, body: bytes) -> dict[str, str]:
        now = int(time.time())
        return {
            "Content-Type": "application/json",
            "User-Agent": f"F2P-Studio/{__version__}",
            "webhook-id": message.id,
            "webhook-timestamp": str(now),
            "webhook-signature": self._service.secret.sign_webhook(message.id, now, body),
        }

    def _body(self, message: Message) -> dict[str, Any]:
        job = self._service.shelf.get(message.job)
        ended = time_or_none(job.ended)
        return {
            "type": f"job.{job.state}",
            "timestamp": ended.isoformat() if ended else None,
            "data": {
                "job": job.id,
                "batch": job.batch,
                "state": job.state,
                "problem": self._problem(job),
                "files": self._files(job),
            },
        }

    def _problem(self, job: Job) -> dict[str, Any] | None:
        return None if job.failure is None else failure_problem(job.failure, messages(self._service.settings.language))

    def _files(self, job: Job) -> list[dict[str, Any]]:
        """The finished files with links that work without a token; an address without host where F2P_PUBLIC_URL is not set."""
        if job.state is not State.DONE or job.deleted:
            return []
        base, expires = self._service.api.public_url, int(time.time() + self._service.api.link_hours * 3600)
        return [
            {
                "name": one.name, "role": one.role, "bytes": one.bytes, "sha256": one.sha256,
                "url": base + link(self._service, job, one.name, expires),
            }
            for one in job.files
        ]  # fmt: skip


def post(to: Destination, headers: dict[str, str], body: bytes) -> int:
    """The status that came back; redirects are not followed. Raises OSError, HTTPException kinds."""
    connection = http.client.HTTPConnection(to.host, to.port, timeout=_TIMEOUT)
    connection.sock = socket.create_connection((to.address, to.port), timeout=_TIMEOUT)
    if to.secure:
        connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=to.host)
    usual = to.port == (443 if to.secure else 80)
    host = f"[{to.host}]" if ":" in to.host else to.host
    try:
        connection.request("POST", to.target, body, {"Host": host if usual else f"{host}:{to.port}", **headers})
        answer = connection.getresponse()
        answer.read(1024)
        return answer.status
    finally:
        connection.close()
