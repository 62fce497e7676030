"""Recognisers: each is a ``Transcriber``."""
