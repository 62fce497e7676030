"""The talk key: what it is called, what its edges mean, and where they come from on each desktop."""
