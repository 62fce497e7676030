"""How long tests wait. What a thing costs in milliseconds is measured in benchmarks/, and not here."""

SOON = 1.0
"""Seconds in which even a busy machine has done what is done at once; gone wrong, it would take far longer."""
