"""Running the box: the embedded database, the supervisor of `make run`, heartbeats and the commands of set-up."""
