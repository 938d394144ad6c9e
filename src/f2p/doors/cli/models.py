"""`f2p models`: which model files there are, whether they are here and right, and how they get here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, Group, flag
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import OnStep, progress, rows, say, say_json
from f2p.errors import F2PError, ModelDamaged

if TYPE_CHECKING:
    from f2p.catalogue.generation import Weights as GeneratorWeights
    from f2p.engines.weights import Weight


def command(text: Messages) -> Group:
    """The click commands in one language."""
    names = click.Argument(["names"], nargs=-1, metavar=text.text("help.names"))
    all_of_them = flag(text, "--all", "everything", key="models_pull_all")
    return Group(
        "models",
        text,
        [
            Command("list", text, _list, [flag(text, "--json", "as_json", key="json")], key="models_list"),
            Command("pull", text, _pull, [names, all_of_them, flag(text, "--json", "as_json", key="json")], key="models_pull"),
            Command("verify", text, _verify, [flag(text, "--json", "as_json", key="json")], key="models_verify"),
        ],
    )


@click.pass_obj
def _list(door: Door, *, as_json: bool) -> None:
    from f2p import studio

    found = [(weight, str(state)) for weight, state in studio.models(door.settings)]
    folders = studio.generator_states(door.settings)
    if as_json:
        described = [_described(weight, state, door) for weight, state in found]
        say_json([*described, *(_folder_json(weights, lacking, door) for weights, lacking in folders)])
        return
    say(door.text.text("models.folder", {"path": str(door.settings.models_dir)}))
    rows([(weight.name, _line(weight, state, door)) for weight, state in found])
    say(door.text.text("models.generators", {"path": str(door.settings.generators_dir)}))
    rows([(weights.name, _folder_line(weights, lacking, door)) for weights, lacking in folders])


@click.pass_obj
def _pull(door: Door, *, names: tuple[str, ...], everything: bool, as_json: bool) -> None:
    from f2p import studio

    if everything:
        default = (weight.name for weight, _ in studio.models(door.settings) if weight.default)
        names = tuple(dict.fromkeys((*names, *default)))
    if not names:
        raise click.UsageError(door.text.text("models.nothing_named"), click.get_current_context())
    paths = {}
    with progress(str, wanted=not as_json) as on_step:
        for name in names:
            paths[name] = str(studio.pull_model(name, door.settings, _telling(name, door.text, on_step)))
    if as_json:
        say_json([{"name": name, "path": path} for name, path in paths.items()])
    licences = {weights.name: weights.licence for weights, _ in studio.generator_states(door.settings)}
    for name in () if as_json else paths:
        if name in licences:
            say(door.text.text("models.licence", {"name": name, "licence": licences[name]}))
        say(door.text.text("models.done", {"name": name}))


def _telling(name: str, text: Messages, on_step: OnStep) -> OnStep:
    """Turns "download", "unpack" of one model into its progress line; a folder's files come with their names."""

    def tell(stage: str) -> None:
        known = text.has(f"models.{stage}")
        on_step(
            text.text(f"models.{stage}", {"name": name}) if known else f"{text.text('models.download', {'name': name})} {stage}"
        )

    return tell


def _folder_line(weights: GeneratorWeights, lacking: str, door: Door) -> str:
    here = weights.folder.rpartition("/")[2]
    state = "ok" if not lacking else "missing" if lacking == here else "incomplete"
    words = door.text.text(f"models.{state}", {"name": lacking})
    optional = door.text.text("models.optional")
    return f"{words} · {optional} · {weights.gb:g} GB · {weights.licence} · {weights.purpose[door.text.language]}"


def _folder_json(weights: GeneratorWeights, lacking: str, door: Door) -> dict[str, Any]:
    return {
        "name": weights.name, "kind": weights.kind, "state": "ok" if not lacking else "missing", "lacking": lacking,
        "default": False, "purpose": weights.purpose[door.text.language],
        "path": str(door.settings.generators_dir / weights.folder),
        "gb": weights.gb, "licence": weights.licence, "origin": weights.folder,
    }  # fmt: skip


@click.pass_obj
def _verify(door: Door, *, as_json: bool) -> int:
    """Exit code 0 when every default model is here and every model that is here is right; else that of the first fault."""
    from f2p import studio

    checked = [(weight, error) for weight, error in studio.verify_models(door.settings)]
    faults = [error for weight, error in checked if error is not None and (weight.default or error.code != "model_missing")]
    states = [(weight, _state(error)) for weight, error in checked]
    if as_json:
        say_json([_described(weight, state, door) for weight, state in states])
    else:
        rows([(weight.name, _line(weight, state, door)) for weight, state in states], indent="")
        for weights, lacking in studio.generator_states(door.settings):
            if not lacking and (wrong := studio.generator_damage(weights.name, door.settings)):
                faults.append(ModelDamaged(name=weights.name, path=wrong))
        for fault in faults:
            say(door.text.text("show.next") + door.text.error(fault.code, fault.params).next_step)
    return faults[0].exit_code if faults else 0


def _state(error: F2PError | None) -> str:
    if error is None:
        return "ok"
    return "missing" if error.code == "model_missing" else "damaged"


def _line(weight: Weight, state: str, door: Door) -> str:
    optional = "" if weight.default else f" · {door.text.text('models.optional')}"
    state_words = door.text.text(f"models.{state}")
    return f"{state_words}{optional} · {weight.bytes / 2**20:.1f} MB · {weight.licence} · {weight.purpose[door.text.language]}"


def _described(weight: Weight, state: str, door: Door) -> dict[str, Any]:
    return {
        "name": weight.name,
        "kind": weight.kind,
        "state": state,
        "default": weight.default,
        "purpose": weight.purpose[door.text.language],
        "path": str(door.settings.models_dir / weight.file),
        "bytes": weight.bytes,
        "sha256": weight.sha256,
        "licence": weight.licence,
        "origin": weight.origin,
    }
