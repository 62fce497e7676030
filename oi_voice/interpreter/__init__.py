"""The interpreter: a model writes, a person consents, a language runs, the model sees what came of it."""
