"""Every mail is there in each language, and promises the same names."""

from string import Formatter

import pytest

from vuoro.core.words import LOCALES, translate
from vuoro.notifications.mails import MAILS


def names(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", sorted({*LOCALES} - {"en"}))
def test_every_mail_is_translated_with_the_same_names(locale):
    values = {"name": "Noa", "program": "Vuoropari", "link": "https://vuoro.example/1", "code": "01234567",
              "day": "3.12.2026", "partner": "Maria Lind", "when": "3.12.2026\n9.00–9.45"}  # fmt: skip
    for kind, mail in MAILS.items():
        assert translate(locale, mail.subject) != mail.subject, kind
        text = translate(locale, mail.text, **values)
        assert text != mail.text.format(**values), kind
        assert all(values[name] in text for name in names(mail.text)), kind
