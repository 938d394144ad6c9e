"""Where the results go and what types they get, settled before any work is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from f2p.errors import OutputNotWritable
from f2p.values.outcome import Delivery
from f2p.values.plan import (
    MARK,
    BackdropKind,
    FileFormat,
    FileSlot,
    IdPhotoPlan,
    PapersPlan,
    against_rule,
    files_of,
    name_of,
    papers_of,
)
from f2p.values.reading import Assumption, Reading

FORMAT_OF_SUFFIX = {
    ".jpg": FileFormat.JPG,
    ".jpeg": FileFormat.JPG,
    ".png": FileFormat.PNG,
    ".webp": FileFormat.WEBP,
    ".tif": FileFormat.TIFF,
    ".tiff": FileFormat.TIFF,
    ".pdf": FileFormat.PDF,
}
_OPAQUE = (FileFormat.JPG, FileFormat.PDF)


@dataclass(frozen=True, slots=True)
class Target:
    """The settled files. paths: one for each of `files_of(plan)`, in that order; plan and reading agree with their types."""

    paths: tuple[Path, ...]
    plan: IdPhotoPlan | PapersPlan
    reading: Reading | None
    """None where the plan came from a file."""

    @property
    def path(self) -> Path:
        """The first file, which most often is the only one."""
        return self.paths[0]


def settle(photo: Path, out: Path | None, plan: IdPhotoPlan | PapersPlan, reading: Reading | None) -> Target:
    """The files that `-o OUT` means.

    Nothing given: beside the photo, "<photo>_<standard>.<type>"; a folder: that name inside it; a name without a type: gets the
    plan's. A type in the name decides the format where the sentence leaves it open, and that is told as an assumption. Of several
    papers OUT is the folder or the base name: "<OUT>_<standard>.<type>". What else belongs to a paper lies beside it:
    "<paper>_sheet.<type>".
    A photo edited against its authority's rule has MARK in its name, whatever OUT says.
    Raises OutputNotWritable: no_stdout, same_as_photo, type_unknown, type_differs (the sentence or a plan's file says
    another), several_types, transparent_needs.
    """
    if out is not None:
        _refuse_stdout(out)
    if isinstance(plan, PapersPlan):
        return _settle_papers(photo, out, plan, reading)
    path, plan, reading = _settle_one(photo, out, plan, reading)
    if against_rule(plan) and not path.stem.endswith(MARK):
        path = path.with_stem(f"{path.stem}{MARK}")
    return Target((path, *(_beside(path, slot) for slot in files_of(plan)[1:])), plan, reading)


def _settle_papers(photo: Path, out: Path | None, plan: PapersPlan, reading: Reading | None) -> Target:
    base = photo.with_name(photo.stem) if out is None else out
    if out is not None and out.is_dir():
        base = out / photo.stem
    elif out is not None and out.suffix:
        wanted = _type_of(out)
        plan, reading = _of_type(out, wanted, plan, reading)
        base = out.with_suffix("")
    paths = []
    for slot in files_of(plan):
        name = f"{base.name}_{slot.name}"
        paths.append(base.with_name(f"{name}{slot.suffix}" if slot.role == "photo" else f"{name}_{slot.role}{slot.suffix}"))
    return Target(tuple(paths), plan, reading)


def _of_type(out: Path, wanted: FileFormat, plan: PapersPlan, reading: Reading | None) -> tuple[PapersPlan, Reading | None]:
    """The papers, all of them of the type that OUT has. Raises OutputNotWritable: several_types."""
    if all(paper.encoding.format is wanted for paper in plan.papers):
        return plan, reading
    asked = {} if reading is None else reading.asked
    said = reading is None or any("format" in one for one in (asked, *asked.get("outputs", ())))
    clear = any(paper.backdrop.kind is BackdropKind.TRANSPARENT for paper in plan.papers) and wanted in _OPAQUE
    if reading is None or said or clear:
        raise OutputNotWritable(path=str(out), reason="several_types", name=out.with_suffix("").name)
    papers = tuple(replace(paper, encoding=replace(paper.encoding, format=wanted)) for paper in plan.papers)
    return replace(plan, papers=papers), _told(reading, wanted)


def _settle_one(
    photo: Path, out: Path | None, plan: IdPhotoPlan, reading: Reading | None
) -> tuple[Path, IdPhotoPlan, Reading | None]:
    slot = files_of(plan)[0]
    name = f"{photo.stem}_{slot.name}{slot.suffix}"
    if out is None:
        return photo.with_name(name), plan, reading
    if out.is_dir():
        return out / name, plan, reading
    if _same_file(out, photo):
        raise OutputNotWritable(path=str(out), reason="same_as_photo")
    if not out.suffix:
        return out.with_name(out.name + slot.suffix), plan, reading
    wanted = _type_of(out)
    if wanted is plan.encoding.format:
        return out, plan, reading
    if plan.backdrop.kind is BackdropKind.TRANSPARENT and wanted in _OPAQUE:
        raise OutputNotWritable(path=str(out), reason="transparent_needs", **_fitting(out, plan.encoding.format))
    if reading is None or "format" in reading.asked:
        raise OutputNotWritable(path=str(out), reason="type_differs", **_fitting(out, plan.encoding.format))
    return out, replace(plan, encoding=replace(plan.encoding, format=wanted)), _told(reading, wanted)


def _told(reading: Reading, wanted: FileFormat) -> Reading:
    """The reading with the type that the name of the file decided."""
    assumed = tuple(one for one in reading.assumed if one.key.rpartition(".")[2] != "format")
    return replace(reading, assumed=(*assumed, Assumption("format", wanted.value, "from_output_name")))


def _type_of(out: Path) -> FileFormat:
    wanted = FORMAT_OF_SUFFIX.get(out.suffix.lower())
    if wanted is None:
        raise OutputNotWritable(path=str(out), reason="type_unknown")
    return wanted


def _beside(path: Path, slot: FileSlot) -> Path:
    """Where what belongs to the photo at `path` goes: "me.jpg" → "me_sheet.pdf"."""
    return path.with_name(f"{path.stem}_{slot.role}{slot.suffix}")


def marked_paths(marked: Path | None, plan: IdPhotoPlan | PapersPlan) -> tuple[Path, ...]:
    """Where the marked pictures go: `--marked FILE.png` itself, or "FILE_<standard>.png" for each of several papers."""
    if marked is None:
        return ()
    if isinstance(plan, IdPhotoPlan):
        return (marked,)
    return tuple(marked.with_name(f"{marked.stem}_{name_of(paper)}{marked.suffix}") for paper in plan.papers)


def made_paths(target: Target, marks: Sequence[Path], delivery: Delivery) -> tuple[Path, ...]:
    """Where the files of a delivery go, in its order: of the settled ones and of the marked pictures those that were made."""
    made = {(file.name, file.role) for file in delivery.files}
    settled = zip(target.paths, files_of(target.plan), strict=True)
    marked = zip(marks, papers_of(target.plan), strict=False)
    return (
        *(path for path, slot in settled if (slot.name, slot.role) in made),
        *(path for path, paper in marked if any(name_of(paper) == output.name for output in delivery.report.outputs)),
    )


def settle_alpha(out: Path) -> None:
    """Nothing where `out` can be the name of an alpha, which is always PNG. Raises OutputNotWritable: no_stdout, type_differs."""
    _refuse_stdout(out)
    if out.suffix.lower() != ".png":
        raise OutputNotWritable(path=str(out), reason="type_differs", **_fitting(out, FileFormat.PNG))


def _refuse_stdout(out: Path) -> None:
    """Raises OutputNotWritable for "-": a picture on standard output would stand among the words."""
    if str(out) == "-":
        raise OutputNotWritable(path="-", reason="no_stdout")


def _fitting(out: Path, wanted: FileFormat) -> dict[str, str]:
    """The type that fits, and the name that `out` would have with it."""
    return {"format": wanted.value.upper(), "name": out.with_suffix(f".{wanted.value}").name}


def _same_file(out: Path, photo: Path) -> bool:
    try:
        return out.samefile(photo)
    except OSError:
        return False
