"""oi_voice: a voice-driven desktop assistant. Importing it has no side effects."""

__version__ = "0.1.0"
