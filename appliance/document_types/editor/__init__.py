"""The editor of document types, without any web: rows of a form -> moves on them -> a schema or its problems.

The state of an edit lives in the form alone: each request carries all of it, and the server draws it again.
"""
