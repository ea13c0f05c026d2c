"""Topics that the templates and the kits name, in three languages."""

TOPICS: dict[str, dict[str, str]] = {
    "strategy": {"fi": "Strategia", "sv": "Strategi", "en": "Strategy"},
    "customers": {"fi": "Asiakkaat", "sv": "Kunderna", "en": "Our customers"},
    "future-of-work": {"fi": "Työn tulevaisuus", "sv": "Framtidens arbete", "en": "The future of work"},
    "decision-making": {"fi": "Miten päätämme", "sv": "Hur vi beslutar", "en": "How we decide"},
    "ai-in-daily-work": {"fi": "Tekoäly arjen työssä", "sv": "AI i vardagen", "en": "AI in daily work"},
    "short-video": {"fi": "Lyhytvideot ja TikTok", "sv": "Kortvideo och TikTok", "en": "Short video and TikTok"},
    "social-media": {"fi": "Sosiaalinen media", "sv": "Sociala medier", "en": "Social media"},
    "collaboration-tools": {"fi": "Yhteistyön välineet", "sv": "Samarbetsverktyg", "en": "Tools for working together"},
    "belonging": {"fi": "Yhteenkuuluvuus", "sv": "Tillhörighet", "en": "Belonging"},
    "feedback-culture": {"fi": "Palautteen kulttuuri", "sv": "Återkopplingskultur", "en": "How we give feedback"},
    "language-at-work": {"fi": "Työn kieli", "sv": "Språket på jobbet", "en": "Language at work"},
    "first-100-days": {"fi": "Ensimmäiset 100 päivää", "sv": "De första 100 dagarna", "en": "The first 100 days"},
    "recruiting-people-like-me": {
        "fi": "Kuinka minunlaisiani rekrytoidaan",
        "sv": "Att rekrytera sådana som jag",
        "en": "Recruiting people like me",
    },
    "career-paths": {"fi": "Urapolut", "sv": "Karriärvägar", "en": "Career paths"},
    "wellbeing": {"fi": "Hyvinvointi", "sv": "Välmående", "en": "Well-being"},
    "hybrid-work": {"fi": "Hybridityö", "sv": "Hybridarbete", "en": "Hybrid work"},
    "data-and-privacy": {"fi": "Data ja yksityisyys", "sv": "Data och integritet", "en": "Data and privacy"},
    "automation": {"fi": "Automaatio", "sv": "Automation", "en": "Automation"},
    "accessibility": {"fi": "Saavutettavuus", "sv": "Tillgänglighet", "en": "Accessibility"},
    "family-and-work": {"fi": "Perhe ja työ", "sv": "Familj och jobb", "en": "Family and work"},
    "pay-and-terms": {"fi": "Palkka ja työehdot", "sv": "Lön och villkor", "en": "Pay and terms"},
    "front-line": {"fi": "Työ tuotannossa ja kentällä", "sv": "På golvet och ute på fältet", "en": "Front-line work"},
    "communication": {"fi": "Viestintä", "sv": "Kommunikation", "en": "Communication"},
    "news-and-media": {"fi": "Uutiset ja media", "sv": "Nyheter och medier", "en": "News and media"},
    "games": {"fi": "Pelit ja yhteisöt", "sv": "Spel och gemenskaper", "en": "Games and communities"},
    "sustainability": {"fi": "Vastuullisuus", "sv": "Hållbarhet", "en": "Sustainability"},
}
#: Topics about tools and technology: a programme of these alone is flagged (S13).
TECHNOLOGY = frozenset(
    {"ai-in-daily-work", "short-video", "social-media", "collaboration-tools", "data-and-privacy", "automation"}
)
