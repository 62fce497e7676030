"""Speech engines: each is a ``Synthesizer``."""
