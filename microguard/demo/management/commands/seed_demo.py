"""Fill an empty database with the demo's people and its town, and print the accounts as JSON."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from complaints.models import Complaint
from microguard.accounts.models import Membership, User
from microguard.core import clock
from microguard.core.models import DemoClock
from microguard.demo.generator.generated import seed_cases
from microguard.demo.people import BUYER_PHONE, OFFICES, PEOPLE, SELLER_PHONE, OutsideOffice
from microguard.demo.town.settling import settle_town
from microguard.events.bell import muffled
from microguard.jurisdictions.models import Office
from microguard.notifications.actions.endpoints import new_secret
from microguard.notifications.models import ChannelName, Endpoint

PASSWORD = "demo-only-password"  # noqa: S105 - of fictitious people in a mode that listens on this machine only

GENERATED = 400  # beside the town's own: enough that no list, no quarter and no stage is empty


class Command(BaseCommand):
    """Makes the demo's accounts and cases; a second run changes nothing."""

    help = "Seed the demo (demo mode only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --without-town."""
        parser.add_argument("--without-town", action="store_true", help="people only: for drills that count cases")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed and print.

        :raises CommandError: outside demo mode, or on a database that holds anything else
        """
        if not settings.DEMO:
            raise CommandError("seed_demo works in demo mode only: use ./run demo.")
        if not DemoClock.objects.exists():
            with muffled(), transaction.atomic():
                self._settle(with_town=not options["without_town"])
        accounts: list[dict[str, str | None]] = [
            {"role": person.roles[0].value, "username": person.username, "password": PASSWORD} for person in PEOPLE
        ]
        accounts += [
            {"role": role, "username": phone, "password": None}
            for role, phone in (("buyer", BUYER_PHONE), ("seller", SELLER_PHONE))
        ]
        self.stdout.write(json.dumps(accounts))

    def _settle(self, *, with_town: bool) -> None:
        if User.objects.exists() or Complaint.objects.exists():
            raise CommandError("This database holds other data: the demo needs an empty one of its own.")
        DemoClock.objects.create(shift=timedelta(0))
        self._hire()
        if with_town:
            start = clock.now()
            settle_town(start=start)
            seed_cases(count=GENERATED, seed=1, at=start, unswept=True)

    def _hire(self) -> None:
        offices = {name: _office(name, outside) for name, outside in OFFICES.items()}
        password = make_password(PASSWORD)  # the same for all: hashing it once for each would take seconds
        for person in PEOPLE:
            user = User.objects.create(
                username=person.username,
                email=f"{person.username}@demo.invalid",
                password=password,
                name=person.name,
                landline="0000-123456",
            )
            for role in person.roles:
                Membership.objects.create(user=user, role=role, office=offices.get(person.office))


def _office(name: str, outside: OutsideOffice) -> Office:
    office: Office = Office.objects.create(
        kind=outside.kind, name=name, division=outside.division, runs=list(outside.runs)
    )
    for place, (channel, address) in enumerate(outside.ways, start=1):
        Endpoint.objects.create(
            office=office,
            place=place,
            channel=channel,
            address=address.format(base_url=settings.BASE_URL),
            secret=new_secret() if channel == ChannelName.WEBHOOK else "",
        )
    return office
