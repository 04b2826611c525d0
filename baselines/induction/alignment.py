"""Which source word brings which target token: competitive linking, with what is already explained left out.

A word and a token are linked where the token stands in (nearly) every example that has the word, and where linked words
together account for (nearly) every example that has the token (after Melamed 2000, Models of Translational Equivalence
among Words: pairs compete by Dice's coefficient, and what one link explains is no evidence for another). A word without
a link is a function word: whatever it does, it brings no token of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

ROUNDS = 8  # of linking; each gives up tokens that links do not account for


def link(
    sources: Sequence[Collection[str]], targets: Sequence[Collection[str]], agreement: float, common: float
) -> dict[str, str]:
    """Each content word's token. `agreement` is the share of examples that must bear a link out.

    Words that stand in more than the share `common` of the sources are left out: without contrast nothing is known.
    """
    with_word: dict[str, set[int]] = defaultdict(set)
    with_token: dict[str, set[int]] = defaultdict(set)
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for row, (source, target) in enumerate(zip(sources, targets, strict=True)):
        tokens = sorted(set(target))
        for word in set(source):
            with_word[word].add(row)
            together[word].update(tokens)
        for token in tokens:
            with_token[token].add(row)
    pairs = [
        (-2 * both / (len(with_word[word]) + len(with_token[token])), len(with_token[token]), word, token)
        for word, counts in together.items()
        if len(with_word[word]) <= max(common * len(sources), 1)
        for token, both in counts.items()
        if both >= agreement * len(with_word[word])
    ]
    pairs.sort()
    refused: set[str] = set()
    links: dict[str, str] = {}
    for _ in range(ROUNDS):
        links = {}
        explained: dict[str, set[int]] = defaultdict(set)
        for _, _, word, token in pairs:
            if word in links or token in refused:
                continue
            both = with_word[word] & with_token[token]
            if 2 * len(both - explained[token]) >= len(both):
                links[word] = token
                explained[token] |= both
        unaccounted = {token for token, rows in explained.items() if len(rows) < agreement * len(with_token[token])}
        unaccounted &= set(links.values())
        if not unaccounted:
            break
        refused |= unaccounted
    return {word: token for word, token in links.items() if token not in refused}
