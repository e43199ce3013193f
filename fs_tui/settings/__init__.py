"""The settings of a run: what there is, where it is read, and which place wins."""
