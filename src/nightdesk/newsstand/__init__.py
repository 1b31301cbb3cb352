"""The newsstand: the only process that readers talk to.

It imports neither Django nor Wagtail, so it starts at once, stays small and keeps answering while
the rest of the newsroom restarts. What it does with a request, in the order of these files:
``vetting`` (is this a request at all?), ``bodies`` (take the body in), ``lanes`` (who waits behind
whom), ``site`` (ask the site), ``forwarding`` (which headers cross), ``security`` (the headers
every reader gets), ``answers`` (what we say ourselves).
"""
