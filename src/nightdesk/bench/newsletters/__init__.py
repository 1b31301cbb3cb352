"""What sending an edition costs, and what becomes of it when things break.

``sink`` takes mail as fast as it comes, writes down what it took (``ledger``) and behaves as badly
as it is told to (``behaviour``).
"""
