"""The stages of a run. Each takes the work and does what is left of its steps; done steps are left alone."""
