"""The demo's pictures, drawn by a program in a few inks and grain, like a screen print.

`python -m nightdesk.demo.draw [NAME…]` draws them anew into `demo/pictures/`; the results are
committed with the program. Nothing here runs in a newsroom.
"""
