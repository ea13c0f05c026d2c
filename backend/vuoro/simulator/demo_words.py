"""What the people of the demo companies say, know and ask."""

from vuoro.programs.board.schemas import BodyIn, TitleIn

SKILLS = {
    "ai-tools": ("Tekoälytyökalut", "AI-verktyg", "AI tools"),
    "short-video": ("Lyhytvideot", "Kortvideo", "Short video"),
    "social-media": ("Sosiaalinen media", "Sociala medier", "Social media"),
    "data-visualization": ("Datan esittäminen", "Datavisualisering", "Showing data"),
    "mobile-services": ("Mobiilipalvelut", "Mobila tjänster", "Mobile services"),
    "recruiting": ("Nuorten rekrytointi", "Rekrytering av unga", "Recruiting the young"),
    "sustainability": ("Kestävyys arjessa", "Hållbarhet i vardagen", "Sustainability in daily life"),
    "gaming": ("Pelit ja yhteisöt", "Spel och gemenskaper", "Games and communities"),
    "remote-collaboration": ("Yhteistyö etänä", "Samarbete på distans", "Working together remotely"),
    "shop-floor": ("Tehtaan arki", "Vardagen på golvet", "Life on the shop floor"),
}
SUPERPOWERS = (
    "I explain new tools so that nobody feels stupid",
    "I know what customers say in the chat, not in the survey",
    "Osaan kysyä tyhmältä kuulostavia hyviä kysymyksiä",
    "Jag ser vad som tar tid i onödan",
    "I can turn a ten-minute talk into a one-minute video",
    None,
)
PLACES = ("Coffee corner, 2nd floor", "Library", "Walk by the river", "Meeting room Kuusi")
CHALLENGES = (
    ("Why do good people leave our job ad half read?", "I see the numbers and not the reason. Show me where you stop."),
    ("Which of our meetings could be a message?", "Name one, and say what you would do with the hour."),
)
HALF_WAY = (
    TitleIn(fi="Puoliväli häämöttää", sv="Snart är vi halvvägs", en="Half way is in sight"),
    BodyIn(
        fi="Kiitos tapaamisista. Jos seuraavaa ei ole vielä sovittu, se käy parin sivulla yhdellä painalluksella.",
        sv="Tack för alla träffar. Är nästa inte bokad än? På parets sida går det med ett tryck.",
        en="Thank you for every talk. If the next one is not booked yet, one press on your pair's page does it.",
    ),
)
CIRCLE = TitleIn(fi="Mentorien piiri", sv="Mentorscirkel", en="Circle of mentors")
AGENDA = (
    "How I would write a job ad that my friends read",
    "What the app feels like on the first day",
    "A meeting I would cancel, and why",
)
