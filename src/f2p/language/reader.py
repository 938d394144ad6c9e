"""A sentence in, what it asks for out. No model, no guess: words from data files and a small grammar that decides their scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from f2p.language.background import read_background
from f2p.language.clashes import too_small_a_file, transparent_jpg
from f2p.language.clauses import Clause, index, is_denied, split
from f2p.language.draft import Draft
from f2p.language.explained import explained
from f2p.language.fileness import read_file
from f2p.language.flow import mark_relative, read_check, read_flow, read_injection, read_refusal
from f2p.language.generate import is_generation, read_generation
from f2p.language.geometry import read_geometry
from f2p.language.hiding import goes_on_hiding, is_redaction
from f2p.language.lexicon import Lexicon, lexicon
from f2p.language.listed import read_listed
from f2p.language.look import read_look
from f2p.language.outputs import one_by_one, read_each, share, variants
from f2p.language.private import as_meant
from f2p.language.redact import read_redaction
from f2p.language.refusals import with_refusal
from f2p.language.sheet import read_sheet
from f2p.language.sizes import named_size, read_size
from f2p.language.spelling import corrected
from f2p.language.text import Text, fold
from f2p.language.tokens import Token, lex
from f2p.language.watermark import read_watermark
from f2p.values.reading import Reading, Span

_SILENT = frozenset(
    {
        *("stop", "mark", "conj", "noise", "neg", "distribute", "number", "order", "file", "act", "degree"),
        *("correct", "source", "follow", "make", "bound"),
    }
)


_FILES = ("照片", "图片", "相片", "文件", "批", "张", "file", "photo", "picture", "image", "scan", "folder", "batch", "bulk")
"""In a sentence about hiding, "all" means all numbers; only with one of these does it mean many files."""


def read(sentence: str) -> Reading:
    """What `sentence` asks for, with the words that caused each key and the words that had no effect."""
    return _read(sentence, hiding=False)


def read_on(sentence: str) -> Reading:
    """What `sentence` asks for after one that hid something: "the address too" and 第3页也遮 go on hiding."""
    return _read(sentence, hiding=True)


def _read(sentence: str, *, hiding: bool) -> Reading:
    words = lexicon()
    text = corrected(fold(sentence, words.simplified), words)
    tokens = with_refusal(lex(text.plain, words), text.plain, words)
    draft = Draft()
    clauses = as_meant(_demanded(split(read_watermark(tokens, text, draft))))
    about_picture = read_injection(clauses, draft)
    if not read_refusal(about_picture, draft):
        if is_redaction(about_picture) or (hiding and goes_on_hiding(about_picture)):
            read_redaction(about_picture, draft)
            read_file(about_picture, draft)
            _policies(about_picture, draft)
            _beside_redaction(about_picture, draft, words)
        elif is_generation(about_picture):
            read_generation(sentence, about_picture, draft)
            read_file(about_picture, draft)
        else:
            _read_photo(about_picture, text, draft, words)
    return _reading(sentence, text, tokens, draft)


def _demanded(clauses: Sequence[Clause]) -> list[Clause]:
    """A notice's "must be …, taken against a white background" demands the white and does not tell what is there."""
    found: list[Clause] = []
    must = False
    for clause in clauses:
        must = (must and clause.after not in ".!?;\n") or any(
            token.text.startswith(("must", "should", "shall")) for token in clause.tokens
        )
        kept = tuple(
            replace(token, kind="stop", value="stop")
            if must and token.kind == "source" and token.text.startswith("taken")
            else token
            for token in clause.tokens
        )
        found.append(replace(clause, tokens=kept))
    return found


def _read_photo(clauses: Sequence[Clause], text: Text, draft: Draft, words: Lexicon) -> None:
    read_flow(clauses, text, draft)
    listed = read_listed(clauses, draft, words.meanings)
    clauses = _without(clauses, listed)
    shared, pieces = (clauses, []) if listed else one_by_one(clauses)
    told_apart = bool(pieces)
    if told_apart:
        draft.use("outputs", *(token for clause in clauses for token in clause.all("distribute")))
    elif not listed:
        taken = read_each(clauses, draft, lambda name: named_size(name, words.meanings["shows"]))
        clauses = _without(clauses, taken)
        shared, pieces = variants(clauses)
    _read_keys(shared, draft, words)
    if pieces:
        outputs = []
        for piece in pieces:
            part = Draft(used=draft.used)
            _read_keys(piece, part, words)
            draft.conflicts |= part.conflicts
            outputs.append(part.asked)
        if not shared and not told_apart:
            draft.asked.update(share(outputs, pieces[0]))
        elif told_apart and "size" in outputs[0] and all(set(outputs[0]) & set(o) and "size" not in o for o in outputs[1:]):
            draft.asked["size"] = outputs[0].pop("size")  # one 2-inch photo on white and one on red
        draft.asked["outputs"] = outputs
        draft.use("outputs", *(token for clause in clauses for token in clause.all("variant")))
    checking = read_check(clauses, draft)
    if checking and draft.asked.get("policy") == "no_edit" and draft.asked.get("retouch") == "none":
        draft.drop("retouch")  # 只出报告不修图: nothing is made, so nothing is left unretouched
    if checking and not {"background", "retouch", "size", "fix", "beauty"} & set(draft.asked):
        draft.asked["policy"] = "no_edit"
    mark_relative(clauses, draft)
    _finish(clauses, draft)


def _read_keys(clauses: Sequence[Clause], draft: Draft, words: Lexicon) -> None:
    read_sheet(clauses, draft)
    read_size(clauses, draft, words.meanings)
    read_background(clauses, draft, words.meanings["family"])
    read_file(clauses, draft)
    read_geometry(clauses, draft)
    read_look(clauses, draft, words.meanings)


def _policies(clauses: Sequence[Clause], draft: Draft) -> None:
    for clause in clauses:
        for token in clause.all("wish", "policy_local", "retention.delete_after=done", "batch", "exif=strip"):
            if token.value != "batch" or any(sign in token.text for sign in _FILES):
                draft.apply(token.value, token)


def _beside_redaction(clauses: Sequence[Clause], draft: Draft, words: Lexicon) -> None:
    """As in 签名抹掉,换白底: clauses that hide nothing may still name a size or a backdrop."""
    hiding = {start for start, (_, keys) in draft.used.items() if "redact" in keys}
    others = [c for c in clauses if not any(t.start in hiding and t.kind not in {"act", "neg"} for t in c.tokens)]
    if any(clause.has("ground") or clause.has("size") or clause.has("size2d") for clause in others):
        read_size(others, draft, words.meanings)
        read_background([c for c in others if c.has("ground") or c.has("backdrop")], draft, words.meanings["family"])


def _without(clauses: Sequence[Clause], taken: frozenset[int]) -> list[Clause]:
    return [replace(clause, tokens=tuple(t for t in clause.tokens if t.start not in taken)) for clause in clauses]


def _finish(clauses: Sequence[Clause], draft: Draft) -> None:
    """What only the whole sentence shows: an ID photo without a size, a clash, a wish too vague."""
    asked = draft.asked
    shots = [token for clause in clauses for token in clause.all("shot") if draft.is_free(token) and not is_denied(clause, token)]
    if shots and "size" not in asked and "check" not in asked:
        draft.put("idphoto", True, *shots)
    elif shots:
        draft.use("size", *shots)
    if "size" in asked:
        draft.drop("idphoto")
    if transparent_jpg(asked):
        draft.conflicts |= {"background", "format"}
    if draft.conflicts:
        draft.drop(*draft.conflicts)
        asked["ask"] = "contradiction"
        asked["conflicts"] = sorted(draft.conflicts)
    _infeasible(draft)
    _questions(clauses, draft)


def _infeasible(draft: Draft) -> None:
    if too_small_a_file(draft.asked):
        draft.asked["ask"] = "infeasible"
        draft.asked["conflicts"] = ["kb", "size"]


def _questions(clauses: Sequence[Clause], draft: Draft) -> None:
    if "ask" in draft.asked:
        return
    asks = [token for clause in clauses for token in clause.all("ask") if not _of_a_size(clause, token)]
    for token in asks:
        if token.value == "missing_image" and "background" not in draft.asked:
            draft.put("ask", token.value, token)
            return
        if token.value in _ANSWERED and not _is_answered(token.value, draft):
            draft.put("ask", token.value, token)
            return
    for clause in clauses:
        question, tokens = _left_open(clause)
        if question and not _is_answered(question, draft):
            draft.put("ask", question, *tokens)
            return
    if not draft.asked:
        tokens = [token for clause in clauses for token in clause.tokens]
        acts = [token for token in tokens if token.among("act", "fix", "touch")]
        only_acts = bool(acts) and all(token.kind in {"act", "stop", "degree", "mark"} for token in tokens)
        if only_acts or any(token.value == "vague" for token in asks):
            draft.put("ask", "vague", *asks, *acts)


_ANSWERED = {
    "missing_color": ("background", "geometry", "outputs"),
    "missing_size": ("size", "geometry", "outputs", "upscale", "kb"),
}
_POINTED = ("这个", "那个", "这", "那")


def _is_answered(question: str, draft: Draft) -> bool:
    """Whether the sentence names what it would be asked for, or a shape ("crop it to 4:5")."""
    known = {"geometry": "aspect" in draft.asked.get("geometry", {})}
    return any(known.get(key, key in draft.asked) for key in _ANSWERED[question])


def _of_a_size(clause: Clause, token: Token) -> bool:
    """As in 照片按那个尺寸来: it points at a size, not at a picture."""
    after = clause.tokens[index(clause, token) + 1 :]
    return token.value == "missing_image" and token.text.endswith(_POINTED) and bool(after) and after[0].among("object", "size")


def _left_open(clause: Clause) -> tuple[str, list[Token]]:
    """Which question a clause leaves open that changes the backdrop or the size and does not say into what."""
    acts = [t for t in clause.tokens if t.among("act", "change", "fix") or t.among("ask", "vague")]
    acts = [t for t in acts if not is_denied(clause, t)]
    grounds = clause.all("ground", "ground")
    sizes = [t for t in clause.all("object", "size") + clause.all("file", "size") if t.text.endswith(_SIZES)]
    pointed = [t for t in clause.all("ask", "missing_image") if _of_a_size(clause, t)]
    if grounds and any(t.among("act", "change") for t in acts) and not any(clause.has(kind) for kind in _SAID):
        return "missing_color", [*grounds, *acts]
    if sizes and (acts or pointed) and not any(t.kind in {"amount", "neg"} for t in clause.tokens):
        return "missing_size", [*sizes, *acts, *pointed]
    return "", []


_SIZES = ("尺寸", "大小", "规格", " size", "dimensions")
_SAID = frozenset({"colour", "object", "neg", "light", "state", "style", "fix"})


def _reading(sentence: str, text: Text, tokens: Sequence[Token], draft: Draft) -> Reading:
    spans = []
    for token in tokens:
        end, keys = draft.used.get(token.start, (token.end, ()))
        words, at = text.words(token.start, end), text.span(token.start, end)
        spans += [Span(words, at, key) for key in keys if key != "-"]
    told = tuple(explained(draft.asked, spans))
    return Reading(sentence=sentence, asked=draft.asked, ignored=_ignored(text, tokens, draft), spans=told)


def _ignored(text: Text, tokens: Sequence[Token], draft: Draft) -> tuple[str, ...]:
    """Runs of words that had no effect, without the small words around them."""
    pieces: list[str] = []
    run: list[Token] = []

    def close() -> None:
        while run and run[-1].kind in _SILENT:
            run.pop()
        if run:
            pieces.append(text.words(run[0].start, run[-1].end).strip())
        run.clear()

    for token in tokens:
        if token.start in draft.used or token.kind == "mark":
            close()
        elif token.kind not in _SILENT or run:
            run.append(token)
    close()
    return tuple(piece for piece in pieces if piece)
