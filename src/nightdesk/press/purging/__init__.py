"""Tell the CDN in front of the newsstand what has changed, and what is gone.

The purger follows the shelf as the newsstand does: it reads what changed after its own cursor, so
nobody has to remember to call it, and a crash at any point loses nothing. Files in reading order:
``order`` (what a CDN is asked to do), ``orders`` (from changed paths to orders), ``queue`` (what
is still to be sent, kept over a restart), ``recall`` (what was taken down, read back),
``follow`` (the thread in the press), ``cache`` (the port), ``adapters/`` (Varnish, Fastly, Cloudflare,
CloudFront, any cache that knows PURGE).

Wagtail's own frontend-cache signal handlers are not connected: they purge a page's own address
only, before the new page is on the shelf, and swallow failures.
"""
