"""Consent: nothing runs without a yes to exactly these bytes."""
