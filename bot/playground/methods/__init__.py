"""The Web API's methods, one file for each family. Importing this package fills the list in `ask.METHODS`."""

from bot.playground.methods import apps, chat, conversations, files, functions, oauth, people, reactions, views

__all__ = ["apps", "chat", "conversations", "files", "functions", "oauth", "people", "reactions", "views"]
