"""Reviewed documents and brought-along labels -> immutable snapshots to train, calibrate and test with.

labelling.py    a reviewed document -> its label: what is asked, where the answers stand (printed.py: as text)
gathering.py    keeps the labels of a type up to date
conflicts.py    where persons disagree about the same text; deciding.py: a second reviewer's word
likeness.py     texts that are nearly the same (word shingles, MinHash)
parts.py        documents -> train, calibrate, test, by sender
weights.py      no person and no sender teaches more than a share
cutting.py      lists these stages: what a snapshot would hold
services.py     makes it, for good
files.py        writes a part as a label file
withdrawals.py  documents that must not teach any more
transfer/       labels as files of JSON lines, of chat messages, of a spreadsheet
"""
