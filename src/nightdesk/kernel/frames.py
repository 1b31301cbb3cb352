"""Whose players a reader page may frame, once the reader has asked for one.

Stories make frames for these alone, and the policy that readers get allows these alone.
"""

FRAME_HOSTS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://datawrapper.dwcdn.net",
)
