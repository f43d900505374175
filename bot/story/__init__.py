"""Half a year at Larkmoor Homes, a housing association that exists only here.

This is the story that a newcomer meets first: what tenants said, what colleagues jotted down, and what the weeks
then showed. Every voice is made up, and so is every name and number in it.

- `utterances/` holds the words, by theme. Adding a voice is adding a line.
- `voices` reads them.
- `generator.tell` spreads them over the weeks. Two things truly change in those weeks, and everything else is
  routine variation, however lively it looks. Start there.

The room below may be used for its words (`nlp.vocabulary`); nothing here knows about Slack or about records.
"""
