"""The reading while it is being written: keys set so far, which words set them, which of them clash."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from f2p.language.clauses import Clause
from f2p.language.tokens import Token

NO_CLAUSE = Clause((), "", False, False)


@dataclass(slots=True)
class Draft:
    """Filled by the readers of one sentence, then frozen into a Reading."""

    asked: dict[str, Any] = field(default_factory=dict)
    used: dict[int, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    """Token start → (end, the keys it caused); the key "-" means: understood, nothing to do."""
    conflicts: set[str] = field(default_factory=set)

    def use(self, key: str, *tokens: Token | None) -> None:
        """These words caused `key`."""
        for token in tokens:
            if token is not None:
                known = self.used.get(token.start, (token.end, ()))[1]
                self.used[token.start] = (token.end, known if key in known else (*known, key))

    def is_free(self, token: Token) -> bool:
        """Whether no key took this token yet."""
        return token.start not in self.used

    def get(self, path: str) -> Any:
        """The value under a dotted path, None if not asked."""
        node: Any = self.asked
        for name in path.split("."):
            if not isinstance(node, dict) or name not in node:
                return None
            node = node[name]
        return node

    def put(self, path: str, value: Any, *tokens: Token | None, corrects: bool = False) -> None:
        """Ask for path = value. A second, different value is a contradiction unless the clause corrects the first."""
        *parents, leaf = path.split(".")
        node = self.asked
        for name in parents:
            node = node.setdefault(name, {})
        if leaf in node and node[leaf] != value and node[leaf] is not True and not corrects:
            self.conflicts.add(path.split(".", maxsplit=1)[0])
        elif corrects and not parents:
            self.conflicts.discard(path)
        node[leaf] = value
        self.use(path.split(".", maxsplit=1)[0], *tokens)

    def add(self, key: str, item: str, *tokens: Token | None) -> None:
        """Add `item` to the list under `key`, once."""
        items = self.asked.setdefault(key, [])
        if item not in items:
            items.append(item)
        self.use(key, *tokens)

    def drop(self, *keys: str) -> None:
        """Take keys back."""
        for key in keys:
            self.asked.pop(key, None)

    def apply(self, meaning: str, *tokens: Token | None, corrects: bool = False) -> None:
        """Carry out a meaning of the data files: "keep+moles", "light.even=true", "" = understood, nothing to do."""
        if not meaning:
            self.use("-", *tokens)
        elif "=" in meaning:
            path, value = meaning.split("=", 1)
            self.put(path, _value(value), *tokens, corrects=corrects)
        elif "+" in meaning:
            key, item = meaning.split("+", 1)
            self.add(key, item, *tokens)
        else:
            self.put(meaning, value=True, corrects=corrects)
            self.use(meaning.split(".", maxsplit=1)[0], *tokens)


def _value(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if text.isdigit() else text
