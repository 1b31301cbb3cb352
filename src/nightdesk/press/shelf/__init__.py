"""The shelf: every page that readers get, printed, compressed and ready to be handed out.

One SQLite file, ``DATA/shelf.db``. Only the press writes it (``write.Shelf``); the newsstand and
whoever waits for the press read it (``read.Shown``). Nothing here knows Django, so the newsstand
serves yesterday's pages while everything else is still starting, or gone. The shelf is a copy: a
newsroom that loses the file prints it again. Its format is told in docs/shelf.md.
"""
