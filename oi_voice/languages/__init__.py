"""Languages: what runs the code, each behind ``oi_voice.ports.Language``."""
