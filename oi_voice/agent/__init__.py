"""The agent loop: a model writes, a person consents, a language runs, the model sees what came of it."""
