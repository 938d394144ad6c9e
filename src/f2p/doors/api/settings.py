"""The door's part of the environment as one frozen value; read once, when the service starts."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from f2p.errors import BadSetting
from f2p.settings import amount

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """What the administrator may set about the network; every field names its environment variable."""

    host: str = "127.0.0.1"
    """F2P_HOST: the address that is listened on. Any other than this machine's own needs a token first (`f2p token add`)."""
    port: int = 7860
    """F2P_PORT."""
    hosts: tuple[str, ...] = ()
    """F2P_HOSTS: further names, comma between, under which people reach the service; others are refused (DNS rebinding)."""
    input_dirs: tuple[Path, ...] = ()
    """F2P_INPUT_DIRS: folders, ":" between, from which the legacy call may read; usual: the project's own input/."""
    webhooks: tuple[str, ...] = ()
    """F2P_WEBHOOKS: where webhooks may go, comma between. HOST: https, public addresses only; SCHEME://HOST[:PORT]: just that."""
    submits_per_minute: float = 600
    """F2P_RATE: photos that one client may hand in per minute."""
    request_bytes: int = 256 * _MB
    """F2P_MAX_REQUEST_MB: one request."""
    request_seconds: float = 120
    """F2P_REQUEST_SECONDS: until a request must have arrived."""
    wait_seconds: float = 120
    """F2P_LEGACY_SECONDS: how long the legacy call waits for its photo."""
    link_hours: float = 24
    """F2P_LINK_HOURS: how long a signed link lasts unless its maker says less."""

    public_url: str = ""
    """F2P_PUBLIC_URL: how people reach the service from outside, https://photos.example.com; stands before links in webhooks."""

    @property
    def answers_to(self) -> frozenset[str]:
        """All names that a Host header may give, lower case, without port."""
        own = () if self.host in {"", "0.0.0.0", "::"} else (self.host,)  # noqa: S104 - compared, not bound
        return frozenset(name.lower() for name in (*LOOPBACK, *own, *self.hosts))

    @property
    def local_only(self) -> bool:
        return self.host in LOOPBACK


def load_api_settings(env: Mapping[str, str] | None = None) -> ApiSettings:
    """Settings from `env` (default: the process environment). Raises BadSetting."""
    env = os.environ if env is None else env
    usual = ApiSettings()
    return ApiSettings(
        host=env.get("F2P_HOST") or usual.host,
        port=_port(env),
        hosts=_list(env, "F2P_HOSTS", ","),
        input_dirs=tuple(Path(one).expanduser() for one in _list(env, "F2P_INPUT_DIRS", ":")) or _own_input(),
        webhooks=tuple(_destination(one) for one in _list(env, "F2P_WEBHOOKS", ",")),
        submits_per_minute=amount(env, "F2P_RATE", usual.submits_per_minute),
        request_bytes=int(amount(env, "F2P_MAX_REQUEST_MB", usual.request_bytes / _MB) * _MB),
        request_seconds=amount(env, "F2P_REQUEST_SECONDS", usual.request_seconds),
        wait_seconds=amount(env, "F2P_LEGACY_SECONDS", usual.wait_seconds),
        public_url=env.get("F2P_PUBLIC_URL", "").rstrip("/"),
        link_hours=amount(env, "F2P_LINK_HOURS", usual.link_hours),
    )


def listen(settings: ApiSettings) -> socket.socket:
    """A socket that listens where the settings say. Raises OSError kinds: taken port, address that is not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(256)
    except OSError:
        listening.close()
        raise
    return listening


def _port(env: Mapping[str, str]) -> int:
    given = env.get("F2P_PORT") or str(ApiSettings().port)
    if given.isdecimal() and 0 <= int(given) < 65536:
        return int(given)
    raise BadSetting(name="F2P_PORT", value=given, reason="not_a_port")


def _list(env: Mapping[str, str], name: str, between: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in env.get(name, "").split(between) if one.strip())


def _destination(given: str) -> str:
    """HOST or SCHEME://HOST[:PORT], lower case, nothing after it."""
    whole = urlsplit(given if "//" in given else f"//{given}")
    if whole.hostname and whole.scheme in {"", "http", "https"} and not (whole.path.strip("/") or whole.query or whole.username):
        return given.lower().rstrip("/")
    raise BadSetting(name="F2P_WEBHOOKS", value=given, reason="webhook_odd")


def _own_input() -> tuple[Path, ...]:
    root = Path(__file__).resolve().parents[4]
    return (root / "input",) if (root / "pyproject.toml").is_file() else ()
