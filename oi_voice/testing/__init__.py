"""What tests need of oi_voice: fakes for the ports, an engine on them, and a model server that answers by script."""

from oi_voice.testing.fakes import HANG, SILENCE, FakeLanguage, Harness, Journal, ScriptedModel, harness

__all__ = ["HANG", "SILENCE", "FakeLanguage", "Harness", "Journal", "ScriptedModel", "harness"]
