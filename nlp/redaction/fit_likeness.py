"""`python -m nlp.redaction.fit_likeness` fits anew how far a word looks like a name; the same each time.

It learns from our lists of names, English words and typing slips in them, writes the weights beside the lists, and
prints how well they tell words that were kept apart.
"""

from __future__ import annotations

import json
import random

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.redaction import lists
from nlp.redaction.likeness import BUCKETS, WEIGHTS, letter_groups


def _slip(word: str, chance: random.Random) -> str:
    """The word with one typing slip: a letter lost, doubled, swapped with the next or hit wrong."""
    place = chance.randrange(1, len(word))
    kind = chance.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place] + word[place:]
    if kind == 2:
        return word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
    return word[:place] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[place + 1 :]


def main() -> None:
    """Fit the weights and write them beside the lists."""
    chance = random.Random(7)
    known = lists.load()
    words = sorted(word for word in known.words if len(word) > 3)
    names = sorted(
        name for name in known.given | known.family if len(name) > 3 and not known.is_word(name) and "-" not in name
    )
    slips = [_slip(word, chance) for word in chance.sample(words, 30_000)]
    examples = [(word, 0) for word in [*words, *slips]] + [(name, 1) for name in names]
    chance.shuffle(examples)
    rows = [list(letter_groups(word)) for word, _ in examples]
    places = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    table = csr_matrix((np.ones(places[-1]), np.concatenate(rows), places), shape=(len(rows), BUCKETS))
    truth = np.array([label for _, label in examples])
    kept_apart = len(examples) // 10
    fitted = LogisticRegression(C=0.3, max_iter=300).fit(table[kept_apart:], truth[kept_apart:])
    sure = fitted.predict_proba(table[:kept_apart])[:, 1]
    for line in (0.5, 0.7, 0.9):
        said = sure >= line
        print(
            f"at {line}: names found {said[truth[:kept_apart] == 1].mean():.1%}, words taken for names "
            f"{said[truth[:kept_apart] == 0].mean():.1%}"
        )
    hundredths = [round(float(weight) * 100) for weight in fitted.coef_[0]]
    WEIGHTS.write_text(
        json.dumps({"bias": round(float(fitted.intercept_[0]), 2), "hundredths": hundredths}) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
