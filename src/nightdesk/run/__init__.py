"""The parent of `nightdesk run`: prepare the data folder, start, watch, restart, stop cleanly."""
