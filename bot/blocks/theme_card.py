"""The themes of a unit, and one of them with its words and what people may do with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks import pages
from bot.blocks.pages import Page
from digests import mrkdwn
from digests.speech import _, plural

TURN, OPEN = "themes_page", "theme_open"
NAME, MERGE, SPLIT, PIN, UNDO = "theme_name", "theme_merge", "theme_split", "theme_pin", "theme_undo"
FORM_NAME, FORM_MERGE, FORM_SPLIT = "theme_name_form", "theme_merge_form", "theme_split_form"
LONGEST = 60
MOST_NOTES = 10
"""Slack takes no more boxes to tick."""
_LONGEST_OPTION = 75
_MOST_CHOICES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A theme as a unit has heard it over the last twelve weeks."""

    id: str
    name: str
    weeks: int
    points: int
    held: bool


def many(themes: Sequence[Shown], unit_id: int, unit: str, *, undo: str = "", page: int = 0) -> dict[str, Any]:
    """The list, or a page of it. `undo` says what the last change was, if there is one to take back."""
    text = _("What keeps coming to {unit}, in the last 12 weeks").format(unit=mrkdwn.escape(unit))
    shown = Page.cut(themes, page)
    blocks = [pages.section(f"*{text}*")]
    blocks += [
        {**pages.section(told(theme)), "accessory": pages.button(_("Open"), OPEN, f"{unit_id}/{theme.id}")}
        for theme in shown.things
    ]
    if not themes:
        blocks.append(pages.section(_("No theme yet. They emerge once twenty notes or so have been passed on.")))
    blocks += shown.turning(TURN, carrying=str(unit_id))
    if undo:
        blocks += [pages.small(undo), {"type": "actions", "elements": [_undo(unit_id)]}]
    return {"text": text, "blocks": blocks}


def one(theme: Shown, unit_id: int, quotes: Sequence[str]) -> dict[str, Any]:
    """One theme: its words, and its buttons."""
    carried = f"{unit_id}/{theme.id}"
    buttons = [
        pages.button(_("Name it"), NAME, carried, says=_("Give this theme another name")),
        pages.button(_("Merge with…"), MERGE, carried, says=_("Make this theme part of another")),
        pages.button(_("Split"), SPLIT, carried, says=_("Make two themes of this one")),
    ]
    if not theme.held:
        buttons.append(pages.button(_("Pin"), PIN, carried, says=_("Keep this theme as it is, from now on")))
    return {
        "text": mrkdwn.escape(theme.name),
        "blocks": [
            pages.section(told(theme)),
            *(pages.section(mrkdwn.quote(words)) for words in quotes),
            {"type": "actions", "elements": buttons},
            pages.small(_("Anyone may, and anyone may take it back: `/groundswell themes` shows the last change.")),
        ],
    }


def told(theme: Shown) -> str:
    """The theme in a line or two."""
    name = f"*{mrkdwn.escape(theme.name)}*"
    name = _("{theme} (pinned)").format(theme=name) if theme.held else name
    said = plural(theme.weeks, "Heard in {n} of the last 12 weeks", "Heard in {n} of the last 12 weeks")
    if theme.points:
        said = plural(theme.points, "{said}, at {n} listening point", "{said}, at {n} listening points", said=said)
    return f"{name}\n{said}."


def name_form(theme: Shown, unit_id: int, response_url: str) -> dict[str, Any]:
    """The form for another name."""
    field = {
        "type": "plain_text_input",
        "action_id": "typed",
        "initial_value": mrkdwn.plain(theme.name)[:LONGEST],
        "max_length": LONGEST,
        "focus_on_load": True,
    }
    hint = _("As a customer would say it. No names of people, and no names of departments.")
    return _form(FORM_NAME, _("Name this theme"), theme, unit_id, response_url, _input(_("Name"), field, hint))


def are_you_sure(view: dict[str, Any], name: str, why: str) -> dict[str, Any]:
    """The same form once more, with why the name may not be the best; sent again, it stands."""
    kept = json.loads(view["private_metadata"]) | {"insists_on": name}
    field = {"type": "plain_text_input", "action_id": "typed", "initial_value": name, "max_length": LONGEST}
    return {
        "type": "modal",
        "callback_id": FORM_NAME,
        "title": pages.plain(_("Name this theme")),
        "submit": pages.plain(_("Keep this name")),
        "close": pages.plain(_("Not now")),
        "private_metadata": json.dumps(kept),
        "blocks": [pages.section(why), _input(_("Name"), field, "")],
    }


def merge_form(theme: Shown, others: Sequence[Shown], unit_id: int, response_url: str) -> dict[str, Any]:
    """The form that asks which theme this one becomes part of."""
    options = [
        {"text": pages.plain(mrkdwn.plain(o.name)[:_LONGEST_OPTION]), "value": o.id} for o in others[:_MOST_CHOICES]
    ]
    field = {"type": "static_select", "action_id": "chosen", "options": options}
    hint = _("That theme keeps its name, and all notes of this one become its own.")
    return _form(FORM_MERGE, _("Merge themes"), theme, unit_id, response_url, _input(_("Into"), field, hint))


def split_form(theme: Shown, notes: Sequence[tuple[int, str]], unit_id: int, response_url: str) -> dict[str, Any]:
    """The form that asks which notes, given by number and words, are about something else, and what that is called."""
    options = [{"text": pages.plain(_shortened(words)), "value": str(number)} for number, words in notes[:MOST_NOTES]]
    boxes = {"type": "checkboxes", "action_id": "chosen", "options": options}
    which = _input(
        _("Which of these are about something else?"),
        boxes,
        _("Those you tick become a theme of their own, together with all notes that are more like them."),
    )
    typed = {"type": "plain_text_input", "action_id": "typed", "max_length": LONGEST}
    hint = _("As a customer would say it. Leave it empty, and we take a name from their words.")
    name = {**_input(_("Name of the new theme"), typed, hint), "block_id": "name", "optional": True}
    form = _form(FORM_SPLIT, _("Split this theme"), theme, unit_id, response_url, which, name)
    return {**form, "submit": pages.plain(_("Split"))}


def are_you_sure_to_split(view: dict[str, Any], name: str, why: str) -> dict[str, Any]:
    """The form for splitting once more, as it was filled in, with why the name may not be the best; sent again, it
    stands.
    """
    [first, which, named] = view["blocks"][-3:]
    ticked, _name = set_apart(view)
    options = [option for option in which["element"]["options"] if int(option["value"]) in ticked]
    boxes = {**which["element"], "initial_options": options}
    typed = {**named["element"], "initial_value": name}
    return {
        **{part: view[part] for part in ("type", "callback_id", "title", "close")},
        "submit": pages.plain(_("Keep this name")),
        "private_metadata": json.dumps(kept_in(view) | {"insists_on": name}),
        "blocks": [pages.section(why), first, {**which, "element": boxes}, {**named, "element": typed}],
    }


def set_apart(view: dict[str, Any]) -> tuple[set[int], str]:
    """The numbers of the notes that were ticked in the form for splitting, and the name that was typed, if any."""
    [boxes] = view["state"]["values"]["answer"].values()
    [typed] = view["state"]["values"]["name"].values()
    ticked = {int(option["value"]) for option in boxes.get("selected_options") or []}
    return ticked, " ".join(str(typed.get("value") or "").split())


def kept_in(view: dict[str, Any]) -> dict[str, Any]:
    """What a form remembers: theme, unit, where to answer, and a name that was insisted on."""
    return dict(json.loads(view["private_metadata"]))


def filled_in(view: dict[str, Any]) -> str:
    """What was typed or chosen in a form."""
    [field] = view["state"]["values"]["answer"].values()
    return str(field.get("value") or (field.get("selected_option") or {}).get("value") or "")


def refused(sentence: str, *, at: str = "answer") -> dict[str, Any]:
    """The answer that keeps a form open, with a sentence at the field."""
    return {"response_action": "errors", "errors": {at: sentence}}


def _form(
    callback: str, title: str, theme: Shown, unit_id: int, response_url: str, *fields: dict[str, Any]
) -> dict[str, Any]:
    kept = {"theme": theme.id, "unit": unit_id, "response_url": response_url}
    return {
        "type": "modal",
        "callback_id": callback,
        "title": pages.plain(title),
        "submit": pages.plain(_("Save")),
        "close": pages.plain(_("Not now")),
        "private_metadata": json.dumps(kept),
        "blocks": [pages.section(f"*{mrkdwn.escape(theme.name)}*"), *fields],
    }


def _input(label: str, element: dict[str, Any], hint: str) -> dict[str, Any]:
    block = {"type": "input", "block_id": "answer", "label": pages.plain(label), "element": element}
    return {**block, "hint": pages.plain(hint)} if hint else block


def _shortened(words: str) -> str:
    line = mrkdwn.plain(" ".join(words.split()))
    return line if len(line) <= _LONGEST_OPTION else line[: _LONGEST_OPTION - 1].rstrip() + "…"


def _undo(unit_id: int) -> dict[str, Any]:
    return pages.button(_("Undo"), UNDO, f"{unit_id}/", says=_("Take the last change of a theme back"))
