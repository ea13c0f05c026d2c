"""Who reports to whom: managers found by id or mail in a second pass, and loops among them."""

from collections.abc import Mapping

from vuoro.hris.record import NOT_TOLD, PersonRecord


class Directory:
    """Everybody by external id and by mail: the people of the file first, then those already known."""

    def __init__(self, people: Mapping[str, PersonRecord], records: Mapping[str, PersonRecord]) -> None:
        """Take the people known before and, under the same keys, the records that replace or join them."""
        self._ids = {key: records[key].external_id if key in records else key for key in people}
        # Who has a row answers only to the address there: the old one would mean nobody the next time.
        self._mails = {
            person.work_email.lower(): key for key, person in people.items() if person.work_email and key not in records
        }
        for person in records.values():
            self._ids[person.external_id] = person.external_id
            if person.work_email:
                self._mails[person.work_email.lower()] = person.external_id

    def find(self, raw: str) -> str | None:
        """Return the external id of the person that an employee id or a mail address in any case means."""
        if raw == NOT_TOLD:
            return None
        return self._ids.get(raw) or self._mails.get(raw.lower())

    def renamed(self, external_id: str | None) -> str | None:
        """Return the id that a person known by `external_id` will have once this file is applied."""
        return self._ids.get(external_id, external_id) if external_id is not None else None


def loops(managers: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return every closed chain of person → manager, each once, upward from its smallest id."""
    found: list[tuple[str, ...]] = []
    walked: dict[str, int] = {}
    for number, start in enumerate(managers):
        person, path = start, []
        while person in managers and person not in walked:
            walked[person] = number
            path.append(person)
            person = managers[person]
        # Back on this very walk: the part from there on is a loop.
        if walked.get(person) == number:
            loop = path[path.index(person) :]
            least = loop.index(min(loop))
            found.append((*loop[least:], *loop[:least]))
    return found
