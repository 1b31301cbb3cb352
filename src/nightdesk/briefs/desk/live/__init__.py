"""``/admin/live/``: the one fast screen on which live lists are written, at night and by keyboard."""
