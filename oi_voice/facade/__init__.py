"""The documented Python API over the engine: ``OpenInterpreter`` and ``AsyncInterpreter``."""
