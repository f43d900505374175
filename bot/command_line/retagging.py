"""`groundswell retag`: see all of history through today's lens."""

from __future__ import annotations

from bot import app
from bot.command_line import saying
from bot.logbook import Logbook
from digests.wording import many
from nlp.redaction import Redactor
from nlp.tagger import Tagger

_AT_A_TIME = 200


def retag() -> None:
    """Tag every note again that this version of the tagger has not seen yet.

    The running product does this by itself, a little every minute; here it is done at once. Stop it whenever you
    like and start it again: it goes on where it was. What people have said about a note always stands, and is learned
    from first.
    """
    with saying.sentences():
        settings = saying.settings()
        database = app.open_store(settings)
    model = settings.nlp_model or None
    logbook = Logbook(database, Redactor.load(), Tagger.load(model=model))
    logbook.learn()
    total = 0
    with saying.progress("Tagging again", logbook.left_to_retag()) as bar:
        while done := logbook.retag(at_most=_AT_A_TIME):
            total += done
            bar.advance(bar.task_ids[0], done)
        left = logbook.left_to_retag()
    if left:
        saying.stop(f"{many(total, 'note')} tagged again; {many(left, 'note')} could not be: what went wrong is above.")
    saying.out.print(f"{many(total, 'note')} tagged again; every note has been seen by this version now.")
