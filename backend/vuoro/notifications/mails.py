"""The mails: subject and text by kind, in English; locale/*.po translates them."""

from dataclasses import dataclass


# The extractor of Babel looks for this name.
def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says; `{name}`, `{program}`, `{link}`, `{code}` and `{day}` are filled in.

    Of a session also `{partner}` and `{when}`, which is where, too.
    """

    subject: str
    text: str


MAILS = {
    "login.asked": Mail(
        _("Your sign-in code for Vuoro"),
        _(
            "Hello {name}!\n\nYour code is {code}. Type it where you asked for it, within ten minutes.\n\nOr open this link in the same browser. It works once:\n{link}\n\nNobody of us ever asks you for the code. You did not ask for it? Then do nothing."
        ),
    ),
    "passkey.added": Mail(
        _("A passkey was added to your Vuoro account"),
        _(
            "Hello {name}!\n\nA passkey was just added to your account: from now on a device's fingerprint, face or PIN signs in as you.\n\nIt was not you? Remove it here and tell your organization's admin:\n{link}"
        ),
    ),
    "address.asked": Mail(
        _("Your code for the new address in Vuoro"),
        _(
            "Hello {name}!\n\nYou asked to be reached at this address. Your code is {code}. Type it where you asked for it, within ten minutes.\n\nYou did not ask for it? Then do nothing."
        ),
    ),
    "address.notice": Mail(
        _("Another address was asked for in Vuoro"),
        _(
            "Hello {name}!\n\nSomebody signed in as you asked for another work address in Vuoro. If it was you, all is well.\n\nIt was not you? Sign out everywhere else here and tell your organization's admin:\n{link}"
        ),
    ),
    "login.ended": Mail(
        _("You were signed out of Vuoro everywhere"),
        _(
            "Hello {name}!\n\nAn admin of your organization ended all your sign-ins in Vuoro, as one does when a phone or a computer is lost. Nothing of yours was read or changed.\n\nSign in anew when it suits you:\n{link}\n\nDid you not ask for this? Then ask your organization's admin."
        ),
    ),
    "erasure.asked": Mail(
        _("Your data in Vuoro will be erased"),
        _(
            "Hello {name}!\n\nThe erasure of your data in Vuoro was asked for. It is done on {day} and cannot be taken back afterwards.\n\nUntil then you can undo it here, and take a copy of your data with you:\n{link}"
        ),
    ),
    "erasure.done": Mail(
        _("Your data in Vuoro is erased"),
        _(
            "Hello {name}!\n\nYour data in Vuoro is erased, as it was asked for: your profile, your answers, your notes and your sign-ins. What a pair shared stays with the other of the two.\n\nThis is the last mail from us. Thank you for having taken part."
        ),
    ),
    "enrollment.invited": Mail(
        _("You are invited to take part in reverse mentoring"),
        _(
            "Hello {name}!\n\nYou are invited to {program}. Here a junior colleague mentors somebody more senior, and both learn.\n\nRead what it is about and answer in peace, you have two weeks:\n{link}\n\nA no needs no reason."
        ),
    ),
    "pair.asked_mentor": Mail(
        _("Would you mentor somebody who wants to learn from you?"),
        _(
            "Hello {name}!\n\nIn {program} we found a person for you. Nobody else knows of this yet: you are asked first.\n\nLook and answer in peace, you have a week:\n{link}\n\nA no needs no reason and leaves no trace."
        ),
    ),
    "pair.asked_mentee": Mail(
        _("A mentor said yes to you"),
        _("Hello {name}!\n\nIn {program} a colleague is ready to be your mentor. Answer with one tap:\n{link}"),
    ),
    "pair.activated": Mail(
        _("Your mentoring begins"),
        _(
            "Hello {name}!\n\nYou are a pair now in {program}. Next you sign the agreement together and pick the first time:\n{link}"
        ),
    ),
    "pair.ended": Mail(
        _("Your mentoring pair has ended"),
        _(
            "Hello {name}!\n\nYour pair in {program} has ended. Thank you for the time you gave. If you like, we look for a new one:\n{link}"
        ),
    ),
    "pair.suspended": Mail(
        _("Your mentoring pair is on hold"),
        _(
            "Hello {name}!\n\nThe organization changed, so your pair in {program} is on hold. Neither of you did anything wrong. Here you see what you can do now:\n{link}"
        ),
    ),
    "pair.reminder": Mail(
        _("An offer is waiting for your answer"),
        _(
            "Hello {name}!\n\nIn {program} you have an offer that is still open for some days. Look and answer in peace:\n{link}\n\nA no needs no reason and leaves no trace. If you do nothing, the offer runs out by itself, and that is fine too."
        ),
    ),
    "pair.offer_over": Mail(
        _("An offer has run out"),
        _(
            "Hello {name}!\n\nThank you for your yes in {program}. This offer has run out, and it was nothing you did. As soon as there is somebody else for you, you are asked again:\n{link}"
        ),
    ),
    "pair.break_over": Mail(
        _("Your break was meant to last until today"),
        _(
            "Hello {name}!\n\nYour mentoring pair in {program} is on a break that was planned until today. Go on when it suits you both, or leave it as it is:\n{link}"
        ),
    ),
    "concern.raised": Mail(
        _("Something waits for you in Vuoro"),
        _(
            "Hello {name}!\n\nSomebody has entrusted something to you. Please read it in Vuoro, in a quiet place:\n{link}"
        ),
    ),
    "webhook.turned_off": Mail(
        _("Vuoro has stopped sending events to one of your systems"),
        _(
            "Hello {name}!\n\nA system of yours no longer takes the events that Vuoro sends it, so sending was turned off. Nothing is lost: once it takes them again, turn it on here and send again what failed:\n{link}"
        ),
    ),
    "pair.asked_again": Mail(
        _("Would you like to go on as a pair?"),
        _(
            "Hello {name}!\n\nYour pair in {program} was on hold and may go on now, if you want it to. You are asked first. Read what the programme managers say and answer in peace:\n{link}\n\nA no needs no reason and leaves no trace."
        ),
    ),
    "pair.returned": Mail(
        _("Your mentoring pair goes on"),
        _("Hello {name}!\n\nYour pair in {program} is no longer on hold. You can go on where you were:\n{link}"),
    ),
    "session.booked": Mail(
        _("Your mentoring talk"),
        _(
            "Hello {name}!\n\nA mentoring talk is booked for you and {partner}:\n\n{when}\n\nThe invitation in this mail puts it into your calendar. Does the time not suit you? Move the talk in Vuoro; what you answer in the calendar reaches nobody:\n{link}"
        ),
    ),
    "session.proposed": Mail(
        _("Another time is proposed for your mentoring talk"),
        _(
            "Hello {name}!\n\nAnother time is proposed for the talk between you and {partner}. Until it is confirmed, it stands in your calendar as proposed:\n\n{when}\n\nConfirm it here, or see what else is on offer:\n{link}"
        ),
    ),
    "session.withdrawn": Mail(
        _("A mentoring talk does not take place"),
        _(
            "Hello {name}!\n\nThis talk between you and {partner} does not take place, and this mail takes it out of your calendar:\n\n{when}\n\nHere you see how things stand:\n{link}"
        ),
    ),
}
