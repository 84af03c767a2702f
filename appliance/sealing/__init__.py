"""Encryption at rest. Whoever has the disk or a backup, but not the keyset, reads nothing of a document.

keyset.py     the keys of the box, a file outside of the database: they encrypt nothing but data keys
keys.py       a data key for each document, in the database, encrypted under the keyset
cipher.py     what a data key does: columns, files, names of files
fields.py     columns of the database that are encrypted and look like plain ones to Python
rotation.py   a new key for the box, step by step
"""
