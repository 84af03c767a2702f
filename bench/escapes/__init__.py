"""What code inside the reading process would try first, with and without its walls. Start at `__main__.py`."""
