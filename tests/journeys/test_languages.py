"""A workspace chooses the language that we speak there."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from tests.journeys.test_every_word_is_translated import Reader


def test_a_language_that_we_do_not_speak_is_refused_kindly(
    slack: LocalSlack, house: House, sees: Callable[..., Message]
) -> None:
    """Whoever asks hears which ones there are, and nothing changes."""
    slack.command("Morgan", "/groundswell", "language tlhIngan")
    sees("Morgan", "We do not speak that language yet. We do speak English")
    slack.command("Morgan", "/groundswell", "language")
    sees("Morgan", "We speak English here.")


def test_whoever_chooses_another_language_hears_what_we_understand(
    slack: LocalSlack, house: House, sees: Callable[..., Message]
) -> None:
    """We speak it, and say at once that notes in it are kept and not understood yet; in English there is no need to."""
    slack.command("Morgan", "/groundswell", "language fr")
    french = sees("Morgan", "Désormais, nous parlons français ici").words.splitlines()
    slack.command("Morgan", "/groundswell", "language English")
    english = sees("Morgan", "From now on we speak English here").words.splitlines()
    assert len(french) == len(english) + 1


def test_a_workspace_that_chose_french_reads_french(slack: LocalSlack, house: House) -> None:
    """Receipts, forms, lists, the Home tab and the digest; and no word is too long for its place in Slack."""
    morgan = Reader(slack)
    morgan.types("/groundswell", "language Français")
    morgan.types("/groundswell", "digest on managers", channel="#managers")
    for words in ("unit Réparations", "help", "", "points add Accueil", "themes", "units"):
        morgan.types("/groundswell", words)
    morgan.types("/demand", "I'm still waiting for the plumber")
    morgan.presses("note_change")
    morgan.presses("note_kind", "1:AGAIN")
    morgan.presses("note_detail")
    morgan.submits({"in_the_way": "Deux formulaires"})
    for words in ("mine", "prefs", "privacy", "search plumber"):
        morgan.types("/demand", words)
    for words in ("digest", "digest set"):
        morgan.types("/groundswell", words)
    morgan.awaits(lambda: slack.open_home("Morgan"), "Home")
    morgan.has_read(
        "Désormais, nous parlons français ici",
        "Ce canal appartient maintenant à *Réparations*",
        "demande de défaillance (à nouveau)",
        "comme vous l’avez dit",
        "Ce qui comptait pour cette personne",
        "chaque lundi à 09:00",
        "*Qui voit quoi\N{NO-BREAK SPACE}:*",
        "1 note transmise",
        "Bulletin de la semaine",
        "Vos mots restent les vôtres",
    )
