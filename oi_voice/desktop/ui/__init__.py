"""The windows, in a process of their own: ``python -m oi_voice.desktop.ui``, JSON lines on stdin and stdout.

In come the engine's events as JSON (ApprovalRequested, ApprovalResolved, Streamed, Notice) and commands under
``do``: about, face, window, forget, rules. Out go lines under ``did``: ready, shown, answer, action, rules, revoke.
"""
