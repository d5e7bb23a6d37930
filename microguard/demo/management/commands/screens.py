"""Take the pictures of the documentation from a running demo, with a real browser."""

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from microguard.demo.screens.scenes import Scenes, one_case, set_the_scenes
from microguard.demo.screens.sheets import DESK_SHEET, PHONE_SHEET, Layout, Shot, keep, opened, sheet
from microguard.demo.tour.script import Tour
from microguard.notifications.letters import typeface

FOLDER = settings.BASE_DIR / "docs" / "screens"
SIZES: tuple[tuple[Any, Layout], ...] = (
    ({"width": 375, "height": 950}, PHONE_SHEET),
    ({"width": 1280, "height": 960}, DESK_SHEET),
)
LANGUAGES = (("zh", ""), ("en", "/en"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{typeface}</dir><cachedir>{cache}</cachedir>
</fontconfig>"""
DESK = "/desk/complaints/complaint/"


def sheets(scenes: Scenes) -> dict[str, list[tuple[str, str]]]:
    """Return which pages lie on which sheet: the role that opens each, and its path."""
    offered, mediated, agreed = (f"/c/{number}" for number in (scenes.offered, scenes.mediated, scenes.agreed))
    steps = ("seller", "deal", "problem", "want", "evidence", "you", "check")
    return {
        "public": [
            ("", path)
            for path in ("/", "/sellers/", scenes.record, "/governance/", "/stats/", "/rules/", "/help/")
        ]
        + [("care", "/")],
        "filing": [("filer", f"/file/{step}/") for step in steps],
        "buyer": [
            ("buyer", path)
            for path in (
                *("/mine/", f"{offered}/", scenes.date, f"{offered}/offers/", f"{mediated}/room/"),
                *(f"{agreed}/settlement/", f"{agreed}/performance/", f"{offered}/withdraw/"),
            )
        ],
        "seller": [
            ("", scenes.link),
            ("", f"{scenes.link}not-me/"),
            *(
                ("seller", path)
                for path in (
                    *(f"{offered}/", f"{offered}/offers/", f"{mediated}/room/"),
                    *(f"{agreed}/settlement/", f"{agreed}/performance/"),
                    *("/m/", "/m/profile/", "/m/commitments/"),
                )
            ),
        ],
        "desk": [
            ("officer", "/desk/"),
            ("mediator", scenes.workbench),
            ("officer", f"{DESK}?q={scenes.undecided}"),
            ("mediator", f"{DESK}phone/"),
            ("officer", scenes.alike),
            ("officer", scenes.chain),
            ("operator", "/desk/"),
            ("supervisor", "/desk/notifications/dispatch/?state=SENT"),
        ],
        "lists": [
            ("officer", DESK),
            ("officer", "/desk/disputes/dispute/"),
            ("officer", "/desk/merchants/merchant/"),
            ("supervisor", "/desk/notifications/dispatch/"),
            ("operator", "/desk/jurisdictions/office/"),
            ("supervisor", "/desk/events/event/"),
        ],
        "outside": [
            ("regulator", "/reg/"),
            ("platform", "/p/"),
            ("", "/track/"),
            ("", "/accounts/login/"),
            ("", "/demo/mail/"),
            ("", "/demo/hook/"),
        ],
    }


class Command(BaseCommand):
    """Needs BASE_URL (a fresh demo) and MICROGUARD_BROWSER, which ./run screens sets."""

    help = "Take pictures of the pages into docs/screens."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Photograph one case at its turns, then every page as its readers see it.

        :raises CommandError: without a running demo or a browser
        """
        base_url, browser = os.environ.get("BASE_URL", ""), os.environ.get("MICROGUARD_BROWSER", "")
        if not base_url or not browser:
            raise CommandError("No demo or no browser: use ./run screens, on a machine with Chromium or Chrome.")
        translation.activate("zh-hans")
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob("*.png"):
            old.unlink()
        # Playwright's loop makes Django think it is asynchronous; this command asks the database nothing.
        from playwright.sync_api import sync_playwright

        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS, env=_with_glyphs(folder))
            camera = Camera(chromium, base_url)
            tour = Tour(base_url)
            one_case(tour, camera.turn)
            scenes = set_the_scenes(tour)
            camera.scenes = scenes
            for size, layout in SIZES:
                for language, prefix in LANGUAGES:
                    for name, pages in sheets(scenes).items():
                        shots = [camera.shot(role, path, size, prefix) for role, path in pages]
                        keep(sheet(shots, layout), FOLDER / f"{name}-{size['width']}-{language}.png")
            for language, prefix in LANGUAGES:
                shot = camera.shot("", "/governance/", SIZES[1][0], prefix)
                keep(opened(shot), FOLDER / f"governance-1280-{language}.png")
            chromium.close()
        self.stdout.write(f'{{"folder": "{FOLDER.relative_to(settings.BASE_DIR)}"}}')


def _with_glyphs(folder: str) -> dict[str, str | float | bool]:
    """Return the browser's environment, in which Chinese is drawn also on a machine without a Chinese font."""
    fonts = Path(folder) / "fonts.conf"
    fonts.write_text(FONTS.format(typeface=typeface(), cache=f"{folder}/cache"), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(fonts)}


class Camera:
    """A browser that opens pages as one of the demo's people and photographs them."""

    def __init__(self, chromium: Any, base_url: str) -> None:
        self.chromium, self.base_url = chromium, base_url
        self.scenes: Scenes | None = None
        self._seats: dict[tuple[str, int], Any] = {}

    def shot(self, role: str, path: str, size: Any, prefix: str) -> Shot:
        """Return a picture of the page as this role sees it."""
        page = self._seat(role, size)
        answer = page.goto(prefix + path)
        if answer is None or answer.status >= 400:
            raise CommandError(f"{path} as {role or 'visitor'} answered {answer.status if answer else 'nothing'}")
        shown = re.sub(r"/([rs])/[\w-]+/", r"/\1/…/", (prefix + path).partition("?")[0])
        return Shot(page.screenshot(), f"{shown} {role}".strip())

    def turn(self, name: str, role: str, path: str) -> None:
        """Keep a picture of a turn of the one case, on a phone, in Chinese."""
        shot = self.shot(role, path, SIZES[0][0], "")
        keep(opened(shot), FOLDER / f"{name}.png")

    def _seat(self, role: str, size: Any) -> Any:
        """Return a page whose cookies are this role's; opened once for each size."""
        key = (role, size["width"])
        if key not in self._seats:
            context = self.chromium.new_context(viewport=size, locale="zh-CN", base_url=self.base_url)
            self._seats[key] = context.new_page()
            self._sit_down(self._seats[key], context, role)
        return self._seats[key]

    def _sit_down(self, page: Any, context: Any, role: str) -> None:
        if role == "filer" and self.scenes is not None:
            context.add_cookies(
                [
                    {"name": cookie.name, "value": cookie.value or "", "url": self.base_url}
                    for cookie in self.scenes.filer.cookies
                ]
            )
        elif role == "care":
            context.add_cookies([{"name": "mg_mode", "value": "care", "url": self.base_url}])
        elif role:
            page.goto("/")
            page.locator("aside.demo summary").click()
            page.locator(f"aside.demo form[action$='/demo/become/{role}/'] button").click()
            page.wait_for_load_state()
