"""``python -m oi_voice``."""

from oi_voice.app import main

if __name__ == "__main__":
    raise SystemExit(main())
