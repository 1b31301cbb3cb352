"""What a reader does about their newsletters by a link in a mail: end one, pause, move, erase."""
