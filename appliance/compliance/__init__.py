"""Keeping and deleting: approvals by two persons, legal holds, retention, tombstones, rights."""
