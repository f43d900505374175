"""What people see: pure builders, facts in and Block Kit out. A form also knows how to read itself back.

Nothing here calls Slack or the database. Everything that a person once typed goes through `digests.mrkdwn`.
"""
