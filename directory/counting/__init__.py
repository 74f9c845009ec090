"""Counting without watching: how many, from where, for whom; never who.

A page's image asks for itself (``views.seen``), a link that leaves goes through ``views.leave``; both add one in this
process's memory (``tally``), which is written each second. The visitor's own browser leaves repeats out: it keeps the
answer for half an hour. Nothing of a visitor is written, kept in memory, or sent to them: no cookie, no address.
"""
