"""New training pairs out of old ones: a token is replaced by another that was seen in the same surroundings.

After "Good-Enough Compositional Data Augmentation" (Andreas 2020, arXiv:1904.09545, section 3): where two fragments
occur in one environment, either may stand wherever the other does. Here a fragment is one source token and the one
target token it is aligned with:

- a target token is aligned with a source token where it stands in every training target whose source has that token;
  it is dropped where it is so for more than SHARED source tokens, for then it belongs to none of them; of two source
  tokens of one sentence that claim the same, the one keeps it that more of its targets come from;
- the environment of an occurrence is the token before and the token after it in the source, and the WINDOW tokens
  before and after each occurrence of its partner in the target;
- two fragments are interchangeable where they share one environment.

    jump -> JUMP, walk -> WALK      one environment: nothing before and after
    walk twice -> WALK WALK         hence: jump twice -> JUMP JUMP

Departures from the paper: fragments are single aligned tokens, not spans of any length; replacements are drawn evenly
from all that are interchangeable, so that a word seen once comes up as often as one seen a thousand times.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Pair = tuple[tuple[str, ...], tuple[str, ...]]

SHARED = 3  # sources that a target token may be aligned with
WINDOW = 2  # target tokens on either side of an occurrence that make its environment
NEAR = 1  # source tokens on either side
EDGE = ""  # what stands before the first token and after the last one; no token is empty


def aligned(pairs: Iterable[Pair]) -> dict[str, str]:
    """The target token of each source token that has exactly one, see above.

    Of several that are left, the one that is in the fewest targets without the source token: `jump` stands with JUMP
    and not with what happens to be around it.
    """
    together: dict[str, Counter[str]] = defaultdict(Counter)
    sources: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    for source, target in pairs:
        answers = set(target)
        targets.update(answers)
        for token in set(source):
            sources[token] += 1
            together[token].update(answers)
    always = {
        token: [answer for answer, count in found.items() if count == sources[token]]
        for token, found in together.items()
    }
    claims = Counter(answer for answers in always.values() for answer in answers)
    chosen = {}
    for token, answers in always.items():
        left = sorted((targets[one], one) for one in answers if claims[one] <= SHARED or one == token)
        # Two that are in equally many targets cannot be told apart: neither is a partner.
        if left and (len(left) == 1 or left[0][0] < left[1][0]):
            chosen[token] = left[0][1]
    for source, _ in pairs:
        claimed: dict[str, str] = {}
        for token in dict.fromkeys(source):
            if (answer := chosen.get(token)) is None:
                continue
            rival = claimed.setdefault(answer, token)
            if rival != token:
                loser = min(rival, token, key=lambda one, answer=answer: together[one][answer])
                claimed[answer] = rival if loser == token else token
                del chosen[loser]
    return chosen


def around(tokens: Sequence[str], token: str, reach: int) -> frozenset[tuple[str, ...]]:
    """The `reach` tokens before and after each occurrence of `token`."""
    padded = (*[EDGE] * reach, *tokens, *[EDGE] * reach)
    return frozenset(
        (*padded[place - reach : place], *padded[place + 1 : place + 1 + reach])
        for place in range(reach, reach + len(tokens))
        if padded[place] == token
    )


def interchangeable(pairs: Iterable[Pair], partners: Mapping[str, str]) -> dict[str, list[str]]:
    """For each source token with a partner, the others that share an environment with it, in order."""
    inside: dict[object, dict[str, None]] = defaultdict(dict)
    for source, target in pairs:
        for token in dict.fromkeys(source):
            if token in partners:
                environment = (around(source, token, NEAR), around(target, partners[token], WINDOW))
                inside[environment][token] = None
    found: dict[str, set[str]] = defaultdict(set)
    for tokens in inside.values():
        for token in tokens:
            found[token].update(other for other in tokens if partners[other] != partners[token])
    return {token: sorted(others) for token, others in sorted(found.items()) if others}


def replaced(pair: Pair, token: str, other: str, partners: Mapping[str, str]) -> Pair:
    """The pair with every `token` and its partner replaced by `other` and its own."""
    source, target = pair
    old, new = partners[token], partners[other]
    return tuple(other if one == token else one for one in source), tuple(new if one == old else one for one in target)


def recombined(pairs: Sequence[Pair], share: float, generator: torch.Generator) -> list[Pair]:
    """About `share` times as many new pairs as there are pairs, distinct, none of which is there already.

    Each is drawn from a random pair, one to all of whose fragments are replaced. Fewer come back where there are not so
    many to be had: drawing ends after four times as many tries. A pair is left out where its source is a training
    source, whose answer is known, and where two of its fragments have one partner, which cannot be told apart.
    """
    partners = aligned(pairs)
    classes = interchangeable(pairs, partners)
    known = {source for source, _ in pairs}
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    wanted = round(share * len(pairs))
    if not classes or not wanted:
        return []
    draws = torch.randint(len(pairs), (4 * wanted,), generator=generator).tolist()
    for at in draws:
        pair = pairs[at]
        fragments = [token for token in dict.fromkeys(pair[0]) if token in classes]
        taken = Counter(partners[token] for token in dict.fromkeys(pair[0]) if token in partners)
        fragments = [token for token in fragments if taken[partners[token]] == 1]
        if not fragments:
            continue
        count = int(torch.randint(1, len(fragments) + 1, (), generator=generator))
        for place in torch.randperm(len(fragments), generator=generator)[:count].tolist():
            token = fragments[place]
            others = [one for one in classes[token] if partners[one] not in pair[1] and one not in pair[0]]
            if others:
                other = others[int(torch.randint(len(others), (), generator=generator))]
                pair = replaced(pair, token, other, partners)
        if pair[0] not in known:
            found.setdefault(*pair)
        if len(found) == wanted:
            break
    return list(found.items())
