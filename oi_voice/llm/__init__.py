"""Language models, each behind ``oi_voice.ports.Model``."""
