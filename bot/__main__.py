"""`groundswell`, or `python -m bot`: run the product, or do one thing and leave."""

from __future__ import annotations

import typer

from bot.command_line import (
    checking,
    digesting,
    evaluating,
    keys,
    moving,
    purging,
    retagging,
    running,
    story,
    studying,
    tagging,
)

app = typer.Typer(
    name="groundswell",
    help=(
        "Groundswell: what customers really ask for, passed on in seconds by the people who hear it.\n\n"
        "Without a command it runs: in your Slack when tokens are set, else in a small workspace of its own in the "
        "browser. Settings come from the environment or a file called .env; see .env.example."
    ),
    invoke_without_command=True,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def run_by_default(context: typer.Context) -> None:
    """Run, when nothing else is asked for."""
    if context.invoked_subcommand is None:
        running.run()


app.command("run")(running.run)
app.command("tag")(tagging.tag)
app.command("evaluate")(evaluating.evaluate)
app.command("import")(moving.import_notes)
app.command("export")(moving.export_notes)
app.command("retag")(retagging.retag)
app.command("digest")(digesting.digest)
app.command("story")(story.tell)
app.command("study")(studying.study)
app.command("purge")(purging.purge)
app.command("key")(keys.make)
app.command("doctor")(checking.doctor)


def main() -> None:
    """The entry point of the `groundswell` command."""
    app()


if __name__ == "__main__":
    main()
