"""The browser that tests look with: Debian's Chromium, or one like it."""

import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# It asks no other host for anything, and starts in a container too.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NONE_THERE = f"no browser is here: none of {', '.join(BROWSERS)} is installed"


def find_browser():
    """The path of the first browser that is installed, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
