"""Take the pictures of the documentation from a running demo, with a real browser."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from PIL import Image

from microguard.demo.tour.filing import file_complaint
from microguard.demo.tour.journey import DESK, act, enter_by_link, link_of, today, workbench
from microguard.demo.tour.script import Tour
from microguard.demo.tour.visitor import Visitor

FOLDER = settings.BASE_DIR / "docs" / "screens"
PHONE: Any = {"width": 375, "height": 667}
DESKTOP: Any = {"width": 1280, "height": 800}
TALLEST = 1334  # two screens of a phone; the rest is more of the same
COLOURS = 96  # enough for text on plain ground, a quarter of the bytes
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


class Command(BaseCommand):
    """Needs BASE_URL (a fresh demo) and MICROGUARD_BROWSER, which ./run screens sets."""

    help = "Take pictures of the pages into docs/screens."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring a case to an offer, then photograph its pages as their readers see them.

        :raises CommandError: without a running demo or a browser
        """
        base_url, browser = os.environ.get("BASE_URL", ""), os.environ.get("MICROGUARD_BROWSER", "")
        if not base_url or not browser:
            raise CommandError("No demo or no browser: use ./run screens, on a machine with Chromium or Chrome.")
        translation.activate("zh-hans")
        number, at_desk = _bring_to_an_offer(Tour(base_url))
        FOLDER.mkdir(parents=True, exist_ok=True)
        # Playwright's loop makes Django think it is asynchronous; this command asks the database nothing.
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
            for name, role, size, path in _pictures(number, at_desk):
                for language, prefix in (("zh", ""), ("en", "/en")):
                    context = chromium.new_context(viewport=size, locale="zh-CN", base_url=base_url)
                    page = context.new_page()
                    if role:
                        _become(page, role)
                    page.goto(prefix + path)
                    _keep(page.screenshot(full_page=size is PHONE), f"{name}-{size['width']}-{language}.png")
                    context.close()
            chromium.close()
        self.stdout.write(f'{{"folder": "{FOLDER.relative_to(settings.BASE_DIR)}"}}')


def _bring_to_an_offer(tour: Tour) -> tuple[str, str]:
    """Return the number of the case and the address of its workbench."""
    buyer, officer = tour.visitor(), tour.somebody("officer")
    paid = str(today(tour) - timedelta(days=3))
    number = file_complaint(tour, buyer, handle="shoes_2026", item="运动鞋", amount="128", paid=paid)
    file_complaint(tour, buyer, handle="tea_uncle", item="普洱茶", amount="399", paid=paid)
    act(officer, number, "accept", merchant="new")
    link = link_of(tour, officer, number)
    act(officer, number, "invited")
    seller: Visitor = enter_by_link(tour, link, number)
    page = seller.get(f"/c/{number}/offers/").expect()
    seller.send(page, page.form("amount_fen"), amount_fen="64", pay_within_days="7").expect()
    return number, urlsplit(workbench(officer, number).url).path


def _pictures(number: str, at_desk: str) -> list[tuple[str, str, Any, str]]:
    return [
        ("home", "", PHONE, "/"),
        ("file", "", PHONE, "/file/"),
        ("receipt", "buyer", PHONE, f"/file/done/{number}/"),
        ("case", "buyer", PHONE, f"/c/{number}/"),
        ("offers", "buyer", PHONE, f"/c/{number}/offers/"),
        ("desk", "officer", DESKTOP, "/desk/"),
        ("workbench", "officer", DESKTOP, at_desk),
        ("phone", "mediator", DESKTOP, f"{DESK}phone/"),
    ]


def _become(page: Any, role: str) -> None:
    page.goto("/")
    page.locator("aside.demo summary").click()
    page.locator(f"aside.demo form[action$='/demo/become/{role}/'] button").click()
    page.wait_for_load_state()


def _keep(png: bytes, name: str) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST))).quantize(COLOURS)
    picture.save(Path(FOLDER) / name, optimize=True)
