"""The arithmetic of the log: RFC 6962 tree, tiles, proofs, signed notes. No database, no files, no Django."""
