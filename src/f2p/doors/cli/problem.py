"""Errors turned into what a person reads on stderr, or into a problem document (RFC 9457) on stdout with --json."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import click

from f2p.catalogue.messages import Explanation, Messages
from f2p.errors import F2PError

USAGE_EXIT = 2
INTERRUPTED_EXIT = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure, ready to be told: `code` names it for programs, `explanation` for people."""

    code: str
    exit_code: int
    status: int
    explanation: Explanation
    params: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """The problem document: type, title, status, detail as in RFC 9457; code, exit_code, params are ours."""
        return {
            "type": f"urn:f2p:error:{self.code}",
            "title": self.explanation.title,
            "status": self.status,
            "detail": f"{self.explanation.what} {self.explanation.next_step}".strip(),
            "code": self.code,
            "exit_code": self.exit_code,
            "params": self.params,
        }


def expected(error: F2PError, text: Messages) -> Problem:
    """The problem behind an error of our own tree."""
    explanation = text.error(error.code, error.params)
    if "output" in error.params:
        whose = {"name": text.standard(str(error.params["output"])), "value": explanation.what}
        explanation = replace(explanation, what=text.text("show.name_value", whose))
    return Problem(error.code, error.exit_code, error.http_status, explanation, dict(error.params))


def unexpected(error: BaseException, text: Messages) -> Problem:
    """The problem behind an error that nobody foresaw: how to report it instead of a traceback."""
    params = {"what": f"{type(error).__name__}: {error}"[:300]}
    return Problem("internal", 1, 500, text.error("internal", params), params)


def misused(error: click.ClickException, text: Messages) -> Problem:
    """The problem behind a wrongly written command line; click's own English only where nothing better is known."""
    what, params = _misuse(error, text)
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx is not None else "f2p"
    explanation = text.error("usage", {"message": what, "command": command})
    return Problem("usage", USAGE_EXIT, 400, explanation, params)


def _misuse(error: click.ClickException, text: Messages) -> tuple[str, dict[str, Any]]:
    match error:
        case click.NoSuchOption():
            params = {"name": error.option_name, "near": ", ".join(error.possibilities or [])}
            return text.text("usage.no_such_option" + ("_near" if params["near"] else ""), params), params
        case click.exceptions.NoSuchCommand():
            params = {"name": error.command_name, "near": ", ".join(error.possibilities or [])}
            return text.text("usage.no_such_command" + ("_near" if params["near"] else ""), params), params
        case click.MissingParameter():
            params = {"name": _parameter_name(error.param)}
            return text.text("usage.missing", params), params
        case click.BadParameter():
            params = {"name": _parameter_name(error.param), "message": error.message}
            return text.text("usage.bad_value", params), params
        case click.BadOptionUsage():
            params = {"name": error.option_name}
            return text.text("usage.option_needs_value", params), params
    params = {"message": error.format_message()}
    return text.text("usage.other", params), params


def _parameter_name(param: click.Parameter | None) -> str:
    if param is None:
        return "?"
    if isinstance(param, click.Argument):
        return param.make_metavar(click.Context(click.Command("f2p")))
    return " / ".join(param.opts)
