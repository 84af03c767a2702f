"""What the kernel takes away from a reading process: called by `confine.py`; the names are in `protections.py`."""
