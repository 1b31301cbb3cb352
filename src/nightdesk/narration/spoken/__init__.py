"""Written news → words as a newsreader says them, by language. Knows no framework and no voice."""
