"""The desktop front end: push-to-talk key, tray, popup and window, and the single instance."""
