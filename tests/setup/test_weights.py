"""The weights list against the real files, the real pip and real damage."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from f2p.engines.weights import State, Weight, find_weight, locate, pull, state_of, verify, weights
from f2p.errors import FetchFailed, ModelDamaged, ModelMissing, OutputNotWritable, UnknownModel
from f2p.settings import Settings


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose models folder is empty."""
    return replace(settings, models_dir=tmp_path / "models")


@pytest.mark.parametrize("weight", weights().values(), ids=str)
def test_every_file_that_set_up_fetched_is_byte_for_byte_the_listed_one(weight: Weight, settings: Settings) -> None:
    """What lies in the models folder has the listed size and SHA-256."""
    if not weight.default and weight.kind == "model" and state_of(weight, settings) is State.MISSING:
        pytest.skip("an optional file that nobody asked for")
    assert verify(weight, settings).name == weight.file


@pytest.mark.parametrize("weight", weights().values(), ids=str)
def test_every_entry_says_where_it_comes_from_and_under_which_licence(weight: Weight) -> None:
    """An entry is complete: a pinned wheel of its package, a full digest, a licence, an origin, a purpose in both languages."""
    name, version = weight.wheel.split("-")[:2]
    assert (name.replace("-", "_"), version) == (weight.package.replace("-", "_"), weight.version)
    assert len(weight.sha256) == 64 and weight.bytes > 0
    assert weight.licence and weight.origin and set(weight.purpose) == {"en", "zh"}
    assert "/" not in weight.file and ".." not in weight.file


def test_a_missing_file_names_itself_and_its_folder(elsewhere: Settings) -> None:
    """ModelMissing carries what the person must pull and where it belongs."""
    weight = find_weight("yunet")
    with pytest.raises(ModelMissing) as caught:
        locate(weight, elsewhere)
    assert caught.value.params == {"name": "yunet", "folder": str(elsewhere.models_dir)}
    assert state_of(weight, elsewhere) is State.MISSING


def test_one_changed_byte_is_found_by_verify(settings: Settings, elsewhere: Settings) -> None:
    """Same size, other content: the quick look passes, the SHA-256 does not."""
    weight = find_weight("yunet")
    elsewhere.models_dir.mkdir()
    copy = elsewhere.models_dir / weight.file
    content = bytearray(locate(weight, settings).read_bytes())
    content[1000] ^= 1
    copy.write_bytes(content)
    assert state_of(weight, elsewhere) is State.OK
    with pytest.raises(ModelDamaged, match="yunet"):
        verify(weight, elsewhere)


def test_a_cut_off_file_is_found_without_reading_it(settings: Settings, elsewhere: Settings) -> None:
    """A half-copied file never reaches a model runtime."""
    weight = find_weight("yunet")
    elsewhere.models_dir.mkdir()
    (elsewhere.models_dir / weight.file).write_bytes(locate(weight, settings).read_bytes()[:-1])
    assert state_of(weight, elsewhere) is State.WRONG_SIZE
    with pytest.raises(ModelDamaged):
        locate(weight, elsewhere)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    """A typing mistake gets the name that was meant."""
    with pytest.raises(UnknownModel) as caught:
        find_weight("modnett")
    assert caught.value.params["near"] == "modnet"
    with pytest.raises(UnknownModel) as caught:
        find_weight("rembg")
    assert str(caught.value.params["near"]).split(", ") == list(weights())


@pytest.mark.slow
def test_pull_brings_the_real_file_through_pip(elsewhere: Settings) -> None:
    """The smallest carrying package, fetched by the ordinary client, leaves one verified file and nothing else."""
    steps: list[str] = []
    path = pull("yunet", elsewhere, steps.append)
    assert verify(find_weight("yunet"), elsewhere) == path
    assert steps == ["download", "unpack", "done"]
    assert [file.name for file in elsewhere.models_dir.iterdir()] == [path.name]


@pytest.fixture
def wheel_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is pip's only source, as on a machine with no network."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def _put_wheel(folder: Path, weight: Weight, member: str, content: bytes) -> None:
    info = f"{weight.package}-{weight.version}.dist-info"
    with zipfile.ZipFile(folder / weight.wheel, "w") as archive:
        archive.writestr(member, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {weight.package}\nVersion: {weight.version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def test_pull_without_a_source_says_why_and_leaves_nothing(elsewhere: Settings, wheel_folder: Path) -> None:
    """No such package: FetchFailed with pip's own reason, and no half file."""
    assert not list(wheel_folder.iterdir())
    with pytest.raises(FetchFailed, match="No matching distribution"):
        pull("yunet", elsewhere)
    assert not list(elsewhere.models_dir.iterdir())


def test_pull_refuses_a_file_that_is_not_the_listed_one(settings: Settings, elsewhere: Settings, wheel_folder: Path) -> None:
    """A package whose member was exchanged, same size, is not let in."""
    weight = find_weight("yunet")
    real = locate(weight, settings).read_bytes()
    _put_wheel(wheel_folder, weight, weight.member, real[:-1] + bytes([real[-1] ^ 1]))
    with pytest.raises(ModelDamaged):
        pull("yunet", elsewhere)
    assert not list(elsewhere.models_dir.iterdir())


def test_pull_refuses_a_package_without_the_member(elsewhere: Settings, wheel_folder: Path) -> None:
    """A package of that name and version that does not carry the file is said to lack it."""
    weight = find_weight("yunet")
    _put_wheel(wheel_folder, weight, "../../escape.onnx", b"x")
    with pytest.raises(FetchFailed, match=weight.file):
        pull("yunet", elsewhere)
    assert not list(elsewhere.models_dir.iterdir())


def test_pull_repairs_a_damaged_file(settings: Settings, elsewhere: Settings, wheel_folder: Path) -> None:
    """A bad file is replaced by the good one."""
    weight = find_weight("yunet")
    _put_wheel(wheel_folder, weight, weight.member, locate(weight, settings).read_bytes())
    elsewhere.models_dir.mkdir()
    (elsewhere.models_dir / weight.file).write_bytes(b"junk")
    path = pull("yunet", elsewhere)
    assert verify(weight, elsewhere) == path


def test_a_folder_that_cannot_be_made_is_an_output_error(settings: Settings, tmp_path: Path) -> None:
    """A file where the models folder should be: said, not crashed."""
    (tmp_path / "file").write_text("")
    blocked = replace(settings, models_dir=tmp_path / "file" / "models")
    with pytest.raises(OutputNotWritable):
        pull("yunet", blocked)


def test_a_prepared_folder_serves_a_machine_with_no_network(settings: Settings, elsewhere: Settings) -> None:
    """Copying the files by hand is enough: no manifest, no registry."""
    elsewhere.models_dir.mkdir()
    for weight in weights().values():
        if weight.default:
            shutil.copy(locate(weight, settings), elsewhere.models_dir)
            assert verify(weight, elsewhere).parent == elsewhere.models_dir
