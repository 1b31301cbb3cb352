"""One file for each cache. A new one passes tests/press/purging/test_contract.py."""
