"""Measurements that are too long or too noisy for a test. Each is a command whose last line is one JSON object."""
