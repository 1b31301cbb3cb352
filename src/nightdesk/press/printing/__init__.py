"""The press: prints each page once per change, and puts it on the shelf.

``loop.Press`` is the order of work; ``printer.Printer`` makes one answer; ``recheck`` looks for
what was missed; ``service.run`` is the process. See docs/decisions/press.md.
"""
