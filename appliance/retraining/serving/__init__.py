"""The model in force: going back, trying out a candidate beside it, serving the previous one when it fails."""
