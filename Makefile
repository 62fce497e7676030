.PHONY: run demo test

run:
	@scripts/run

demo:
	@scripts/run demo

test:
	@scripts/test
