"""Ears and mouth: microphone, loudspeaker, recognisers, speech engines and what lies between them."""
