"""What one person sees: the messages of a channel, their modals, their Home tab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.playground.workspace import Message, View


@dataclass(frozen=True)
class Sight:
    """A look at the screen. Iterating goes through the messages, oldest first."""

    messages: list[Message]
    views: list[View]
    home: View | None

    def __iter__(self) -> Iterator[Message]:
        return iter(self.messages)

    def __len__(self) -> int:
        return len(self.messages)

    def __getitem__(self, index: int) -> Message:
        return self.messages[index]

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        return self.views[-1] if self.views else None

    @property
    def ephemerals(self) -> list[Message]:
        """The messages that only this person sees."""
        return [message for message in self.messages if message.only_for]

    @property
    def words(self) -> str:
        """All that can be read in the messages."""
        return "\n\n".join(message.words for message in self.messages)

    def saying(self, words: str) -> Message | None:
        """The latest message in which these words stand."""
        return next((message for message in reversed(self.messages) if words in message.words), None)
