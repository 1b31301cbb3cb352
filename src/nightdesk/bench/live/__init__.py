"""What readers cost who leave a live page open, and how soon they have the news.

``crowd`` are the readers, thousands in one thread: some hold a stream and fetch the document when
they are told, as browsers do, some ask every ten seconds. Each row is measured by one file:
``streams``, ``polling``, ``silent``, ``restart``. Told in docs/bench.md.
"""
