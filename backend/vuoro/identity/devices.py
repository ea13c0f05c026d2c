"""Few words for a browser, from its User-Agent: enough to know one's own devices by."""

import re

# The first that fits: others also call themselves Safari or Chrome.
BROWSERS = (
    ("Edge", r"\bEdgA?/|\bEdgiOS/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bCriOS/|\bHeadlessChrome/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("Mac", r"\bMacintosh\b|\bMac OS X\b"),
    ("Linux", r"\bLinux\b"),
)


def words(user_agent: str | None) -> str | None:
    """As `Firefox, Windows`; None where it says nothing that is known."""
    agent = (user_agent or "")[:500]
    found = [next((name for name, mark in names if re.search(mark, agent)), None) for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or None
