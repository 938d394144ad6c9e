"""One tree of errors: each class is a kind of trouble with its exit code, HTTP status and message code.

    F2PError
    ├── InputError            the file handed in cannot be used
    │   ├── UnreadablePath  EmptyFile  NotAnImage  DamagedImage  TooLarge  NotAPlan
    │   ├── NoPhotos  RosterUnusable  NothingToResume  BadStandards  NeedsPassword  NotFinds
    ├── PhotoError            the picture opens, but no finished photo can honestly be made of it
    │   ├── NoFace  SeveralFaces  NoSuchFace  NotAPerson  FaceTooSmall  CutOff  BackdropTooSmall  FaceDiffers  FaceMoved
    ├── RequestError          the wish cannot be carried out
    │   ├── UnsupportedWish  Question  Refused  Infeasible  UnknownStandard  UnknownModel  UnknownColumn  BackdropMissing
    │   │                   Infeasible ── KbOutOfReach
    │   ├── SheetFull  UnknownPaper
    ├── OutputError           the result cannot be written where it should go
    │   ├── OutputExists  OutputNotWritable  DiskFull  OutputWrong  FolderTaken  FolderBusy  NotProven
    ├── SetupError            something must be installed first
    │   ├── BadSetting  ModelMissing  ModelDamaged  FetchFailed  GeneratorMissing
    └── ServiceError          the service cannot take or go on with this work
        ├── NoSuchJob  JobGone  NotFinished  StillRunning  JobCancelled  WorkerLost  OverTime  OutOfMemory  GpuMemory
        ├── QueueFull  StorageLow  StorageFault  SameKeyOtherWork
        ├── BadRequest  NoSuchPage  WrongMethod  WrongType  RequestTooLarge  SlowRequest  WrongHost  ForeignPage
        ├── TokenMissing  ScopeMissing  TooManyRequests  PathRefused  WebhookRefused  LinkRefused  StillWorking
        ├── AlreadyRunning  PortTaken

The words a person reads are data (`data/messages.*.toml`, table `[error]`, key = `code`); each says what happened and what to do
next. `params` fill the blanks of that message. Errors are caught in doors and workers only.
"""

from __future__ import annotations

from typing import ClassVar


class F2PError(Exception):
    """Any expected failure: what kind (`code`), how a shell and HTTP name it, and the blanks of its message."""

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, **params: str | int | float) -> None:
        self.params: dict[str, str | int | float] = params
        super().__init__(self.code, params)

    def __reduce__(self) -> tuple[object, ...]:
        """Survives the way from one process to another."""
        return _again, (type(self), self.params)

    def __str__(self) -> str:
        blanks = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code}({blanks})"


def _again(kind: type[F2PError], params: dict[str, str | int | float]) -> F2PError:
    return kind(**params)


class InputError(F2PError):
    """The file handed in cannot be used."""

    http_status = 422


class UnreadablePath(InputError):
    """No file there, or no permission to read it. Params: path, reason."""

    code, exit_code = "unreadable_path", 10


class EmptyFile(InputError):
    """The file has no bytes. Params: name."""

    code, exit_code = "empty_file", 11


class NotAnImage(InputError):
    """The bytes are no picture of a format we read. Params: name."""

    code, exit_code, http_status = "not_an_image", 12, 415


class DamagedImage(InputError):
    """A picture that breaks off or cannot be decoded. Params: name, reason, detail.

    reason: "truncated" or "undecodable"; detail: the decoder's own words, for programs and bug reports.
    """

    code, exit_code = "damaged_image", 13


class TooLarge(InputError):
    """More bytes or pixels than the limits allow, found before decoding. Params: name, what, value, limit."""

    code, exit_code, http_status = "too_large", 14, 413


class NotAPlan(InputError):
    """A file given as a plan that holds none, or one of another version. Params: name, detail (for programs and bug reports)."""

    code, exit_code = "not_a_plan", 15


class NeedsPassword(InputError):
    """A PDF that opens with a password only: none was given, or another one. Params: name."""

    code, exit_code = "needs_password", 47


class NotFinds(InputError):
    """A file given as a list of finds that is none, or one of another document. Params: name, detail (for programs)."""

    code, exit_code = "not_finds", 48


class NoPhotos(InputError):
    """Nothing that could be a photo where a batch was to find some. Params: path."""

    code, exit_code = "no_photos", 16


class RosterUnusable(InputError):
    """A roster that is no table, or has no column that names people. Params: name, reason."""

    code, exit_code = "roster_unusable", 17


class NothingToResume(InputError):
    """No batch was begun in that folder. Params: path."""

    code, exit_code = "nothing_to_resume", 18


class BadStandards(InputError):
    """A file with own standards that is not in the form of docs/standards.md. Params: path, line, standard, fault, more, and
    the fault's own blanks.
    """

    code, exit_code = "bad_standards", 19


class PhotoError(F2PError):
    """The picture opens, but no finished photo can honestly be made of it."""

    http_status = 422


class NoFace(PhotoError):
    """No face found at any size or turn."""

    code, exit_code = "no_face", 20


class SeveralFaces(PhotoError):
    """Faces of about the same size: which one is meant is a question, not a guess. Params: count."""

    code, exit_code = "several_faces", 21


class NoSuchFace(PhotoError):
    """`--face N` with fewer faces in the picture. Params: wanted, count."""

    code, exit_code = "no_such_face", 22


class NotAPerson(PhotoError):
    """Something like a face was found, but not a person's (animal, drawing, statue)."""

    code, exit_code = "not_a_person", 23


class FaceTooSmall(PhotoError):
    """The face has too few pixels for the size asked. Params: have_px, need_px."""

    code, exit_code = "face_too_small", 24


class CutOff(PhotoError):
    """The frame needs a part of the person that the picture does not show. Params: side (top, bottom, left, right)."""

    code, exit_code = "cut_off", 25


class BackdropTooSmall(PhotoError):
    """The frame reaches beyond the picture, whose own backdrop was to stay: only a new one could be extended.

    Params: side (where it lacks most), missing (% of the frame's height or width).
    """

    code, exit_code = "backdrop_too_small", 26


class BackdropMustStay(PhotoError):
    """As BackdropTooSmall, where the document's authority forbids another backdrop. Params: standard, rule, side, missing."""

    code, exit_code = "backdrop_must_stay", 27


class EnlargingForbidden(PhotoError):
    """The photo has too few pixels, and the document's authority forbids enlarging. Params: standard, rule, factor."""

    code, exit_code = "enlarging_forbidden", 28


class FaceDiffers(PhotoError):
    """No generated face is like enough to the photo's. Params: score, least, tries."""

    code, exit_code = "face_differs", 29


class FaceMoved(PhotoError):
    """A picture made from the photo does not lie on it any more, so that the face cannot be kept. Params: px, most, tries."""

    code, exit_code = "face_moved", 55


class RequestError(F2PError):
    """The wish cannot be carried out."""

    http_status = 422


class UnsupportedWish(RequestError):
    """The sentence asks only for what the exact engine cannot do. Params: wishes."""

    code, exit_code = "unsupported_wish", 30


class Question(RequestError):
    """The sentence contradicts itself or is too vague: a question is better than a guess. Params: ask, conflicts."""

    code, exit_code = "question", 31


class Refused(RequestError):
    """Forgery or impersonation: not done. Params: reason."""

    code, exit_code, http_status = "refused", 32, 403


class Infeasible(RequestError):
    """No file can meet the numbers asked (KB against pixels, for one). Params: what, best."""

    code, exit_code = "infeasible", 33


class KbOutOfReach(Infeasible):
    """No file of these pixels falls into the KB asked. Params: what, best, asked, reason, way, format, quality, jpg_quality,
    width, height, fit_width, fit_height.

    best: the nearest size of a file; quality: the one it has (0: the format has none); fit_width, fit_height: px of the same
    shape that would fit (0: none worth it); jpg_quality: with which the same pixels fit as JPG (0: they do not, or it is one).
    """

    code, exit_code = "kb_out_of_reach", 33


class UnknownStandard(RequestError):
    """A standard's id that the catalogue does not have. Params: name, near."""

    code, exit_code, http_status = "unknown_standard", 34, 404


class UnknownModel(RequestError):
    """A model's name that the weights list does not have. Params: name, near."""

    code, exit_code, http_status = "unknown_model", 35, 404


class UnknownColumn(RequestError):
    """A naming pattern asks for a column that the roster does not have. Params: name, near."""

    code, exit_code = "unknown_column", 37


class BackdropMissing(RequestError):
    """A picture is to stand behind the person, and none came with the order."""

    code, exit_code = "backdrop_missing", 36


class SheetFull(RequestError):
    """The paper does not hold the photos asked for, at any gap and margin allowed. Params: paper, wanted, fits."""

    code, exit_code = "sheet_full", 38


class UnknownPaper(RequestError):
    """A paper that the table does not have and that is no size in mm either. Params: name, near."""

    code, exit_code, http_status = "unknown_paper", 39, 404


class OutputError(F2PError):
    """The result cannot be written where it should go; nothing half-written is left."""


class OutputExists(OutputError):
    """A file is there already and `--overwrite` was not given. Params: path."""

    code, exit_code, http_status = "output_exists", 40, 409


class OutputNotWritable(OutputError):
    """No permission, no such folder, or a name whose type does not fit. Params: path, reason, format, name.

    format, name: the type that fits and a file name that has it; only where the type is the trouble.
    """

    code, exit_code = "output_not_writable", 41


class DiskFull(OutputError):
    """The disk or quota is full. Params: path."""

    code, exit_code, http_status = "disk_full", 42, 507


class OutputWrong(OutputError):
    """The finished file, opened again, is not what was promised; it is not delivered. Params: what."""

    code, exit_code = "output_wrong", 43


class NotProven(OutputError):
    """Something private could still be read on the finished page; nothing is delivered. Params: page, x, y."""

    code, exit_code, http_status = "not_proven", 46, 422


class FolderTaken(OutputError):
    """The folder holds other files, or a batch with another wish. Params: path, reason."""

    code, exit_code, http_status = "folder_taken", 44, 409


class FolderBusy(OutputError):
    """Another process is working on the same batch right now. Params: path."""

    code, exit_code, http_status = "folder_busy", 45, 409


class SetupError(F2PError):
    """Something must be installed first; nothing is downloaded in the middle of a job."""

    http_status = 503


class BadSetting(SetupError):
    """An environment variable whose value cannot be used. Params: name, value, reason."""

    code, exit_code, http_status = "bad_setting", 2, 500


class ModelMissing(SetupError):
    """Weights are not in the models folder. Params: name, folder."""

    code, exit_code = "model_missing", 50


class ModelDamaged(SetupError):
    """Weights whose SHA-256 is not the listed one. Params: name, path."""

    code, exit_code = "model_damaged", 51


class OwnWeights(SetupError):
    """F2P_MATTING names weights that are not there or do not fit their card. Params: name, path, reason."""

    code, exit_code = "own_weights", 53


class FetchFailed(SetupError):
    """A package client could not bring a package. Params: name, package, reason."""

    code, exit_code = "fetch_failed", 52


class GeneratorMissing(SetupError):
    """Pictures cannot be generated here yet. Params: reason, name, folder.

    reason: "gpu_packages", "generator_weights", "generator_part"; name: the package or model; folder: where it belongs.
    """

    code, exit_code = "generator_missing", 54


class ServiceError(F2PError):
    """The service cannot take this work, or could not go on with it."""


class NoSuchJob(ServiceError):
    """No job of this number that the caller may see. Params: job."""

    code, exit_code, http_status = "no_such_job", 60, 404


class JobGone(ServiceError):
    """The job's files were deleted, as agreed when it was handed in or because it was asked for. Params: job."""

    code, exit_code, http_status = "job_gone", 61, 410


class NotFinished(ServiceError):
    """A result is asked for that is not there yet. Params: job."""

    code, exit_code, http_status = "not_finished", 62, 409


class StillRunning(ServiceError):
    """A job that is being worked on cannot be deleted. Params: job."""

    code, exit_code, http_status = "still_running", 63, 409


class JobCancelled(ServiceError):
    """The job was cancelled."""

    code, exit_code, http_status = "job_cancelled", 64, 409


class WorkerLost(ServiceError):
    """Every worker that took this job ended in the middle of it. Params: attempts."""

    code, exit_code = "worker_lost", 65


class OverTime(ServiceError):
    """The job took longer than a job may. Params: seconds."""

    code, exit_code, http_status = "over_time", 66, 504


class OutOfMemory(ServiceError):
    """The job needed more memory than a job may have. Params: mb."""

    code, exit_code, http_status = "out_of_memory", 67, 507


class GpuMemory(ServiceError):
    """The smallest way to draw the picture still needs more GPU memory than there is. Params: gb, have_gb."""

    code, exit_code, http_status = "gpu_memory", 89, 507


class QueueFull(ServiceError):
    """More jobs wait than the shelf holds. Params: waiting."""

    code, exit_code, http_status = "queue_full", 68, 429


class StorageLow(ServiceError):
    """Too little room is left on the disk, or in the share of it that jobs may use. Params: free_mb."""

    code, exit_code, http_status = "storage_low", 69, 507


class SameKeyOtherWork(ServiceError):
    """An idempotency key that came before with other content. Params: job."""

    code, exit_code, http_status = "same_key_other_work", 70, 422


class StorageFault(ServiceError):
    """The folder or database of the jobs cannot be written. Params: reason."""

    code, exit_code, http_status = "storage_fault", 71, 503


class BadRequest(ServiceError):
    """A request that does not say what it must. Params: detail."""

    code, exit_code, http_status = "bad_request", 72, 400


class NoSuchPage(ServiceError):
    """Nothing is under this address."""

    code, exit_code, http_status = "no_such_page", 73, 404


class WrongMethod(ServiceError):
    """An address that does not take this method."""

    code, exit_code, http_status = "wrong_method", 74, 405


class WrongType(ServiceError):
    """A request whose content type is not taken here. Params: type."""

    code, exit_code, http_status = "wrong_type", 75, 415


class RequestTooLarge(ServiceError):
    """A request with more bytes than the service takes. Params: limit_mb."""

    code, exit_code, http_status = "request_too_large", 76, 413


class SlowRequest(ServiceError):
    """A request that did not arrive within its time. Params: seconds."""

    code, exit_code, http_status = "slow_request", 77, 408


class WrongHost(ServiceError):
    """A Host header that this service does not answer to. Params: host."""

    code, exit_code, http_status = "wrong_host", 78, 421


class ForeignPage(ServiceError):
    """A browser's request that a page of another site makes."""

    code, exit_code, http_status = "foreign_page", 79, 403


class TokenMissing(ServiceError):
    """No token, or one that is not known."""

    code, exit_code, http_status = "token_missing", 80, 401


class ScopeMissing(ServiceError):
    """A token that does not allow this. Params: scope."""

    code, exit_code, http_status = "scope_missing", 81, 403


class TooManyRequests(ServiceError):
    """More requests than one client may make. Params: seconds."""

    code, exit_code, http_status = "too_many_requests", 82, 429


class PathRefused(ServiceError):
    """A path on the server that may not be read. Params: reason."""

    code, exit_code, http_status = "path_refused", 83, 403


class WebhookRefused(ServiceError):
    """A webhook address that is not allowed. Params: reason."""

    code, exit_code, http_status = "webhook_refused", 84, 422


class LinkRefused(ServiceError):
    """A link that is over, or not signed by this service."""

    code, exit_code, http_status = "link_refused", 85, 403


class StillWorking(ServiceError):
    """The work is accepted, but not finished while the caller waits. Params: job."""

    code, exit_code, http_status = "still_working", 86, 504


class AlreadyRunning(ServiceError):
    """Another service works on the same shelf. Params: path."""

    code, exit_code, http_status = "already_running", 87, 409


class PortTaken(ServiceError):
    """The address cannot be listened on. Params: host, port, reason."""

    code, exit_code, http_status = "port_taken", 88, 409
