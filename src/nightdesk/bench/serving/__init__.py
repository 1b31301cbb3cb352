"""What it costs to hand out pages, and what happens when things change or break.

Each row of the table is measured by one file: ``cost`` (CPU per request beside nginx), ``visible``
(from "publish" to a reader), ``printing`` (one new brief; publishing into a large archive),
``outage``, ``herd``, ``memory``. They share ``newsroom`` (a newsroom on one core), ``nginx``
(the rival on the same core with the same bytes), ``wrk`` (the readers, on the other core) and
``editor`` (somebody who publishes). Told in docs/bench.md.
"""
