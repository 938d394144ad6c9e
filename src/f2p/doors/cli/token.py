"""`f2p token`: who may use the API of the service; a token is shown once, when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, Group, flag
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import rows, say, say_json

if TYPE_CHECKING:
    from f2p.doors.api.tokens import Tokens

_SCOPES = ("submit", "read", "admin")


def command(text: Messages) -> Group:
    """The click commands in one language."""
    name = click.Argument(["name"], metavar="NAME")
    scope = click.Option(
        ["--scope", "scopes"],
        multiple=True,
        type=click.Choice(_SCOPES),
        default=("submit", "read"),
        help=text.text("help.token_scope"),
    )
    return Group(
        "token",
        text,
        [
            Command("add", text, _add, [name, scope], key="token_add"),
            Command("list", text, _list, [flag(text, "--json", "as_json", key="json")], key="token_list"),
            Command("remove", text, _remove, [name], key="token_remove"),
            Command("webhook-secret", text, _webhook_secret, [], key="token_webhook"),
        ],
    )


@click.pass_obj
def _add(door: Door, *, name: str, scopes: tuple[str, ...]) -> None:
    try:
        secret = _tokens().add(name, scopes)
    except ValueError as error:
        raise click.UsageError(door.text.text("token.bad_name"), click.get_current_context()) from error
    say(secret)
    say(door.text.text("token.once"), err=True)


@click.pass_obj
def _list(door: Door, *, as_json: bool) -> None:
    found = _tokens().all()
    if as_json:
        say_json([{"name": one.name, "scopes": list(one.scopes)} for one in found])
    elif found:
        rows([(one.name, " ".join(one.scopes)) for one in found])
    else:
        say(door.text.text("token.none"))


@click.pass_obj
def _remove(door: Door, *, name: str) -> None:
    if not _tokens().remove(name):
        raise click.UsageError(door.text.text("token.unknown", {"name": name}), click.get_current_context())
    say(door.text.text("token.removed", {"name": name}))


def _webhook_secret() -> None:
    from f2p.doors.api.secret import Secret
    from f2p.jobs.settings import load_shelf_settings

    folder = load_shelf_settings().folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    say(Secret(folder).webhook_secret)


def _tokens() -> Tokens:
    from f2p.doors.api.tokens import Tokens
    from f2p.jobs.settings import load_shelf_settings

    return Tokens(load_shelf_settings().folder)
