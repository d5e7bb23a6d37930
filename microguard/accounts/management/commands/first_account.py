"""Make the account of the first security administrator, who makes all the others at the desk."""

import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from microguard.accounts.models import Membership, User
from microguard.accounts.roles import Role


class Command(BaseCommand):
    """Works once, on an installation that has no security administrator yet."""

    help = "Make the first security administrator and print a password for the first sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user name and the person's name."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name, as colleagues see it")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account and print its password once.

        :raises CommandError: when there is a security administrator already, or the user name is taken
        """
        if Membership.objects.filter(role=Role.SECURITY_ADMINISTRATOR).exists():
            raise CommandError("There is a security administrator already, who makes accounts at the desk.")
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError(f"The user name {options['username']!r} is taken.")
        password = secrets.token_urlsafe(15)
        user = User.objects.create_user(options["username"], password=password, name=options["name"])
        Membership.objects.create(user=user, role=Role.SECURITY_ADMINISTRATOR)
        self.stdout.write(json.dumps({"username": user.username, "password": password}))
