"""Speaks in records: what is kept, for whom, and for how long.

SQL is met here and nowhere else. Start with `models`, one class a record; then the module named after
the record you care about. Functions take an open session; whoever calls them owns the transaction.
This room borrows only words, from `nlp.vocabulary`.
"""
