"""Words of hiding that mean something else on their own: a "phone" before "number", the "card" whose digits stay, a password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from f2p.language.clauses import Clause
from f2p.language.lexicon import lexicon
from f2p.language.tokens import Token


def as_meant(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses with such words as what they mean there."""
    hides = any(clause.has("conceal") or clause.has("mask") for clause in clauses)
    removes = hides or any(clause.has("entity") and clause.has("act", "remove") for clause in clauses)
    removes = removes or any(clause.has("entity") and clause.has("unsupported", "remove_object") for clause in clauses)
    return [replace(clause, tokens=tuple(_meant(clause, hides=hides, removes=removes))) for clause in clauses]


def _meant(clause: Clause, *, hides: bool, removes: bool) -> list[Token]:
    tokens: list[Token] = []
    words = lexicon().meanings["private"]
    phones, bearers, numbers = words["phones"], words["bearers"], tuple(words["numbers"])
    shortened = clause.has("keepdigits") and clause.has("amount", "digit") and not clause.has("entity")
    for i, token in enumerate(clause.tokens):
        after = clause.tokens[i + 1] if i + 1 < len(clause.tokens) else None
        phone = next((word for word in phones if token.text.endswith(word)), "")
        if token.among("unsupported", "remove_object") and phone and after is not None and after.text.startswith(numbers):
            at = token.end - len(phone)
            verb = token.text.removesuffix(phone)
            tokens.append(Token("act", "remove", token.start, at - len(verb) + len(verb.rstrip()), verb.rstrip()))
            tokens.append(Token("entity", "phone", at, token.end, phone))
        elif token.among("entity", "digits") and tokens and tokens[-1].text in phones and tokens[-1].kind == "entity":
            tokens.append(replace(token, kind="stop", value="stop"))
        elif shortened and token.kind == "other" and token.text in bearers:
            tokens.append(replace(token, kind="entity", value=bearers[token.text]))
        elif hides and token.kind == "injection" and token.text.endswith(tuple(words["secrets"])):
            tokens.append(replace(token, kind="entity", value="secret"))
        elif token.among("wish", "naming.by=original") and removes and token.text in words["kept_names"]:
            verb, _, name = token.text.rpartition(" ")
            tokens.append(Token("act", "keep", token.start, token.end - len(name) - 1, verb))
            tokens.append(Token("entity", "name", token.end - len(name), token.end, name))
        else:
            tokens.append(token)
    return tokens
