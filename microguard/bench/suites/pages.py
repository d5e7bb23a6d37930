"""Pages that people open all day, against pages that ask the database little."""

from datetime import datetime
from itertools import cycle

from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse

from complaints.models import Complaint
from complaints.states import State
from microguard.bench.people import HOST, Office, browser_of, prove
from microguard.bench.rounds import Race, Stopwatch, expect

CASES = 40
ROWS = 25
LIST = """{% for complaint in complaints %}<tr>
<td><a href="/c/{{ complaint.number }}/">{{ complaint.number }}</a></td>
<td>{{ complaint.filed_at|date:"Y-m-d H:i" }}</td><td>{{ complaint.item }}</td><td>{{ complaint.amount_fen }}</td>
<td>{{ complaint.get_state_display }}</td></tr>{% endfor %}"""


def case_page(office: Office, at: datetime) -> Race:
    """Return the race: a buyer's case page, cases of all stages in turn, against the page for help."""
    accepted = Complaint.objects.filter(state=State.ACCEPTED).order_by("pk").values_list("number", "phone_hash")
    cases = cycle(accepted[:: max(1, accepted.count() // CASES)])
    buyer = Client(SERVER_NAME=HOST)

    def once(watch: Stopwatch) -> None:
        number, hashed_phone = next(cases)
        prove(buyer, hashed_phone)
        with watch.running():
            page = buyer.get(reverse("disputes:case", args=[number]))
        expect(
            page.status_code == 200 and number in page.text, f"the page of {number} answered {page.status_code}"
        )

    def floor(watch: Stopwatch) -> None:
        with watch.running():
            page = buyer.get(reverse("help"))
        expect(page.status_code == 200, f"the page for help answered {page.status_code}")

    return Race(
        "case_page",
        "case page as its buyer",
        once,
        "the page for help, which asks the database for the session only",
        floor,
        samples=30,
    )


def docket(office: Office, at: datetime) -> Race:
    """Return the race: the desk's first page of an officer, against a bare list of as many rows by an index."""
    officer = browser_of(office.officer)
    template, request = engines["django"].from_string(LIST), RequestFactory().get("/")
    newest = Complaint.objects.filed().order_by("-filed_at", "-pk")

    def once(watch: Stopwatch) -> None:
        with watch.running():
            page = officer.get(reverse("admin:index"))
        expect(page.status_code == 200 and "MG-" in page.text, f"the desk answered {page.status_code}")

    def floor(watch: Stopwatch) -> None:
        with watch.running():
            text = template.render({"complaints": newest[:ROWS]}, request)
        expect(text.count("<tr>") == min(ROWS, newest.count()), "rows are missing")

    return Race(
        "docket",
        "first page of the desk as an officer",
        once,
        f"{ROWS} rows by an index, in a template, without a request",
        floor,
        samples=15,
    )
