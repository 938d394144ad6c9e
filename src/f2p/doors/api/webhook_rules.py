"""Where webhooks may go: a list that the administrator keeps, https, and no address inside the own network unless it says so."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from f2p.errors import WebhookRefused

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where one message goes: connect to `address` and no other, speak to `host`."""

    secure: bool
    host: str
    port: int
    address: str
    target: str


def check_destination(url: str, allowed: Sequence[str]) -> None:
    """Raises WebhookRefused for an address that is not on the list; an empty one is none at all."""
    if url:
        _on_the_list(url, allowed)


def resolve(url: str, allowed: Sequence[str]) -> Destination:
    """The destination, its name resolved once. Raises WebhookRefused, OSError where the name leads nowhere."""
    parts, exactly = _on_the_list(url, allowed)
    assert parts.hostname is not None
    port = parts.port or _PORTS[parts.scheme]
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not exactly and not all(_public(address) for address in addresses):
        raise WebhookRefused(reason="webhook_host")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme == "https", parts.hostname, port, addresses[0], target)


def _on_the_list(url: str, allowed: Sequence[str]) -> tuple[SplitResult, bool]:
    """The address in parts, and whether it is allowed exactly so: then it may be http and inside the own network."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise WebhookRefused(reason="webhook_odd") from error
    plain = url.isascii() and url.isprintable() and " " not in url and not parts.username and not parts.password
    if not plain or parts.scheme not in _PORTS or not parts.hostname:
        raise WebhookRefused(reason="webhook_odd")
    exact = {f"{parts.scheme}://{parts.hostname}", f"{parts.scheme}://{parts.hostname}:{port or _PORTS[parts.scheme]}"}
    if port and port != _PORTS[parts.scheme]:
        exact = {f"{parts.scheme}://{parts.hostname}:{port}"}
    if exact & set(allowed):
        return parts, True
    if parts.scheme != "https":
        raise WebhookRefused(reason="webhook_not_https")
    if parts.hostname not in allowed:
        raise WebhookRefused(reason="webhook_host")
    return parts, False


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast
