"""Texts: the same ones in both languages, one for every code that the program can emit, never a crash instead of one."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import f2p
from f2p import errors
from f2p.catalogue.messages import LANGUAGES, Messages
from f2p.values.outcome import Note
from f2p.values.reading import Assumption

SOURCE = Path(f2p.__file__).parent
TREES = {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}


def texts(language: str) -> dict[str, str]:
    """Every text of one language under its dotted key."""

    def walk(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from walk(f"{prefix}{key}.", value)
            else:
                yield f"{prefix}{key}", value

    with (SOURCE / "data" / f"messages.{language}.toml").open("rb") as file:
        return dict(walk("", tomllib.load(file)))


def blanks(text: str) -> set[str]:
    """The names of a text's blanks."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def error_classes() -> list[type[errors.F2PError]]:
    """Every class of the tree that can be raised, the root included."""
    found, waiting = [], [errors.F2PError]
    while waiting:
        here = waiting.pop()
        waiting += here.__subclasses__()
        if here is errors.F2PError or here.__dict__.get("code"):
            found.append(here)
    return found


def strings(value: ast.expr) -> list[str]:
    """The strings that an expression may come to: itself, or either branch of a choice."""
    if isinstance(value, ast.IfExp):
        return strings(value.body) + strings(value.orelse)
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []


def assigned(tree: ast.Module, name: str) -> list[ast.expr]:
    """Everything that one module assigns to a variable of that name."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    return [node.value for node in found if any(isinstance(one, ast.Name) and one.id == name for one in node.targets)]


def literals(call_name: str, position: int, keyword: str, room: str = "") -> dict[str, str]:
    """Each literal string given at one place of calls to `call_name` in src (or one room of it), with the file it stands in."""
    found: dict[str, str] = {}
    for file, node in calls().get(call_name, ()):
        if not file.startswith(room):
            continue
        given = [one.value for one in node.keywords if one.arg == keyword]
        given += node.args[position : position + 1]
        given += [value for one in given if isinstance(one, ast.Name) for value in assigned(TREES[file], one.id)]
        for value in given:
            found |= dict.fromkeys(strings(value), file)
    return found


@cache
def calls() -> dict[str, list[tuple[str, ast.Call]]]:
    """Every call in src by the name that is called, with the file it stands in."""
    found: dict[str, list[tuple[str, ast.Call]]] = {}
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                found.setdefault(name, []).append((file, node))
    return found


def test_both_languages_have_the_same_texts() -> None:
    """A text that exists in one language exists in the other."""
    assert sorted(texts("zh")) == sorted(texts("en"))


def test_both_languages_fill_the_same_blanks() -> None:
    """A text and its translation tell the same facts."""
    zh, en = texts("zh"), texts("en")
    assert [key for key in zh if blanks(zh[key]) != blanks(en.get(key, ""))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.code)
def test_every_error_says_what_happened_and_what_to_do(kind: type[errors.F2PError], language: str) -> None:
    """Each error class has a title, what happened and what to do next, with no blank that its docstring does not promise."""
    explained = texts(language)

    for part in ("title", "what", "next"):
        assert explained[f"error.{kind.code}.{part}"].strip()
    promised = re.search(r"Params: ([^.]*)\.", kind.__doc__ or "")
    allowed = set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", promised[1]))) if promised else set()
    used = blanks(explained[f"error.{kind.code}.what"]) | blanks(explained[f"error.{kind.code}.next"])
    assert used <= (allowed or {"what"})


@pytest.mark.parametrize(
    ("where", "table"),
    [
        (("Note", 0, "code", ""), "note"),
        (("tell", 0, "code", "recipes"), "note"),
        (("Assumption", 2, "why", ""), "assumed"),
        (("Check", 99, "name", ""), "check"),
        (("Step", 99, "name", ""), "step"),
        (("run", 0, "step", "recipes"), "step"),
        (("assume", 2, "why", "language"), "assumed"),
        (("leave_out", 0, "wishes", "language"), "wish"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_in_the_source_has_its_text(where: tuple[str, int, str, str], table: str, language: str) -> None:
    """Whatever note, assumption, check or step the program can name, it can say in words."""
    known = texts(language)
    assert {code: file for code, file in literals(*where).items() if f"{table}.{code}" not in known} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_code_has_its_words(language: str) -> None:
    """A reason that is a code (not the system's own words) is shown in words."""
    known = texts(language)
    reasons: dict[str, str] = {}
    for kind in error_classes():
        reasons |= literals(kind.__name__, 99, "reason")
    codes = {reason: file for reason, file in reasons.items() if re.fullmatch(r"[a-z0-9_]+", reason)}
    assert {reason: file for reason, file in codes.items() if f"reason.{reason}" not in known} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_thing_that_errors_name_has_its_words(language: str) -> None:
    """`what=` and `side=` of an error are codes of a table, never shown raw."""
    known = texts(language)
    for blank, tables in (("what", ("what", "check")), ("side", ("side",))):
        codes: dict[str, str] = {}
        for kind in error_classes():
            codes |= literals(kind.__name__, 99, blank)
        assert {code: file for code, file in codes.items() if not any(f"{table}.{code}" in known for table in tables)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_doors_ask_for_exists(language: str) -> None:
    """No door asks for a text under a key that neither file has."""
    known = texts(language)
    asked = {key: file for key, file in literals("text", 0, "key", "doors").items() if re.fullmatch(r"\w+\.\w*[a-z]", key)}
    assert {key: file for key, file in asked.items() if key not in known} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_always_arrives(language: str) -> None:
    """Unknown codes and missing blanks give a poorer message, never an error."""
    text = Messages(language)

    assert "no_such_code" in text.note(Note("no_such_code", params={"deg": 3}))
    assert "?" in text.note(Note("tilted"))
    assert text.text("no.such.key") == "no.such.key"
    assert text.text("no.such.key", {"a": 1}) == "no.such.key"
    assert text.error("no_such_error", {}).what
    assert text.error("too_large", {}).what
    assert text.step("no_such_step") == "no_such_step"
    assert text.assumed(Assumption("no_key", "no_value", "no_why"))
    assert Messages("fr").language == "en"


def test_blanks_are_filled_in_the_readers_language() -> None:
    """Codes inside blanks become words, lists of them too; braces in a value stay braces."""
    zh, en = Messages("zh"), Messages("en")

    assert "上边、左边" in zh.note(Note("crop_tight", params={"side": "top, left"}))
    assert "top, left" in en.note(Note("crop_tight", params={"side": "top,left"}))
    assert "一寸" in zh.note(Note("standard_unconfirmed", params={"standard": "cn_1inch"}))
    assert "文件大小" in zh.error("output_wrong", {"what": "kb"}).what
    assert "换衣服" in zh.error("unsupported_wish", {"wishes": "change_clothes"}).what
    assert "「背景」" in zh.error("question", {"ask": "contradiction", "conflicts": "background"}).what
    assert "{path}" in en.error("output_exists", {"path": "{path}.jpg"}).what
    assert "Read-only file system" in en.error("output_not_writable", {"path": "a", "reason": "Read-only file system"}).what
    assert "1.06" in en.note(Note("enlarged", params={"factor": 1.0599999}))


VOCABULARY = {
    "ask": "ask", "entity": "word", "format": "word", "mask": "word", "measure": "word", "paper": "word", "redactopt": "asked",
    "refuse": "reason", "style": "word", "unsupported": "wish",
}  # fmt: skip
"""Tables of the reader's words whose keys are values of a reading, and where a person finds those in words."""
STEERING = {"which_country", "personal", "contact", "secret", "own"}
"""Keys that only steer the reader: a country left open, one word for several private things or for none, an own picture."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", VOCABULARY)
def test_what_the_reader_understands_can_be_said_back(table: str, language: str) -> None:
    """Every value that a word of either language can set has its own word in both."""
    known = texts(language)
    for words in ("zh", "en"):
        with (SOURCE / "data" / f"words.{words}.toml").open("rb") as file:
            values = tomllib.load(file)[table]
        assert [value for value in values if value not in STEERING and f"{VOCABULARY[table]}.{value}" not in known] == []
