"""The newsstand: the only process that readers talk to.

It imports neither Django nor Wagtail, so it starts at once, stays small and keeps answering while
the rest of the newsroom restarts.

What is stored it hands out by itself: ``at_once`` (in the very moment), ``counter`` (to whom what),
``shelf`` (what is in memory, and how it follows the file), ``ready`` (an answer with every header
in place), ``negotiating`` (which coding), ``files`` (pictures), ``heat`` (what is read).

Open pages that follow a live list are told of news by ``streams``; ``places``: how many, and of whom.

What it does with any other request, in the order of these files: ``vetting`` (is this a request at
all?), ``bodies`` (take the body in), ``lanes`` (who waits behind whom), ``herd`` (one question for
many readers), ``site`` (ask the site), ``forwarding`` (which headers cross), ``security`` (the
headers every reader gets), ``answers`` (what we say ourselves). ``gate`` counts who tries what.

Around it: ``door`` (the ports, the certificate, one newsstand after the other), ``listening`` (the
server on a port of the door's), ``doorstep`` (the plain port beside the encrypted one).
"""
