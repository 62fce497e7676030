"""The demonstration: a virtual desktop, a simulated person, and scenes that are checked from outside."""
