"""The computer: what running code may do with screen, mouse, keyboard and windows, all of it through the broker."""
