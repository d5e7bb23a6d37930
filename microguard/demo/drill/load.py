"""Many people who file at once, as phone browsers would, and the book of what they were told."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microguard.demo.drill.mailbox import Mailbox
from microguard.demo.tour.filing import case_number, screenshot
from microguard.demo.tour.visitor import Page, Unexpected, Visitor
from microguard.runner.console import say

PATIENCE = 120.0  # seconds for which a person presses again while nothing answers
CODE_WITHIN = 70.0  # a code that a killed worker had in hand is lent out for a minute
CODES = 4
ONE_IN = 5  # filings of which one comes with a picture
CHECK = "/file/check/"


@dataclass
class Filing:
    """One complaint to file; the marker stands in it as the goods that were bought.

    `number` is what the receipt said; `trouble` is why there was no receipt.
    """

    marker: str
    yuan: str
    picture: bool
    number: str = ""
    trouble: str = ""


class Person:
    """Somebody with a phone, a browser and a mailbox for text messages."""

    def __init__(self, visitor: Visitor, phone: str, text_address: str, mailbox: Mailbox) -> None:
        self.visitor = visitor
        self.phone = phone
        self._text_address = text_address
        self._mailbox = mailbox
        self._used_codes: set[str] = set()

    def file(self, filing: Filing, *, paid: str) -> str:
        """Go through the wizard and return the number that the receipt shows.

        :raises Unexpected: when a page is not what a person would expect
        """
        page = self.visitor.get("/file/").expect()
        page = self._fill(page, named_by="wechat_id", value=f"shop_{filing.marker.lower().replace('-', '_')}")
        page = self._fill(
            page, item=filing.marker, amount_fen=filing.yuan, paid_date=paid, paid_by="WECHAT_TRANSFER"
        )
        page = self._fill(page, problem="DEFECT", story="穿了一天就开胶了，发消息卖家不理我，已经三天了。")
        page = self._fill(page, kinds=["REFUND"])
        if filing.picture:
            form, shade = page.form("kind", "files"), int(float(filing.yuan)) % 256
            answer = self.visitor.send(page, form, files={"files": [screenshot(shade)]}, kind="CHAT")
            # 422: the first answer was lost on the way, and the page says that the file is there already.
            page = answer if answer.status == 422 else answer.expect()
        page = self._fill(page, kind="CHAT")
        page = self._prove_phone(page)
        page = self._fill(page, truth="on", platform="on", regulator="on", bar_known="on")
        number = case_number(page.url)
        page.expect(number)
        return number

    def _fill(self, page: Page, **given: Any) -> Page:
        return self.visitor.send(page, page.form(*given), **given).expect()

    def _prove_phone(self, page: Page) -> Page:
        """Say who it is and prove the phone, unless this browser has done so before; return the next screen."""
        you = {"complainant_name": "张三", "phone": self.phone, "division": "440300"}
        for _ in range(CODES):
            page = self._send_you(page, button="send_code", **you)
            if CHECK in page.url:
                return page
            code = self._mailbox.wait_for_code(self._text_address, self._used_codes, patience=CODE_WITHIN)
            if code is None:
                continue
            self._used_codes.add(code)
            page = self._send_you(page, code=code, **you)
            if CHECK in page.url:
                return page
            # The answer that took the code was lost on the way: a person asks for another one.
        raise Unexpected(f"the phone was not proven with {CODES} codes: {page.words()[:300]}")

    def _send_you(self, page: Page, *, button: str = "", **given: Any) -> Page:
        answer = self.visitor.send(page, page.form("phone"), button=button, **given)
        return answer if answer.status == 422 else answer.expect()


class Load:
    """All filings and the people who file them; keeps the book of what was acknowledged, also on disk."""

    def __init__(self, base_url: str, *, filings: int, concurrency: int, seed: int, book: Path) -> None:
        draw = random.Random(seed)  # noqa: S311 (a drill that can be repeated, no secret)
        self.base_url = base_url
        self.filings = [
            # Another sum each, so that no filing looks like a second one about the same purchase.
            Filing(f"D{seed}-{number:05d}", f"{100 + number}.00", draw.randrange(ONE_IN) == 0)
            for number in range(filings)
        ]
        self.phones = [f"131{seed % 1000:03d}{number:05d}" for number in range(concurrency)]
        self.visitors: list[Visitor] = []
        self.over = threading.Event()
        self._waiting = iter(self.filings)
        self._ended = 0
        self._book = book
        self._lock = threading.Lock()

    def run(self, mailbox: Mailbox, text_address: Callable[[str], str], *, paid: str) -> None:
        """File everything, with all people at once, and return when the last has ended."""

        def live(phone: str) -> None:
            visitor = Visitor(self.base_url, patience=PATIENCE)
            self.visitors.append(visitor)
            person = Person(visitor, phone, text_address(phone), mailbox)
            while (filing := self._next()) is not None:
                try:
                    filing.number = person.file(filing, paid=paid)
                except (Unexpected, ValueError) as error:
                    filing.trouble = str(error)
                self._note(filing)

        try:
            with ThreadPoolExecutor(len(self.phones)) as pool:
                list(pool.map(live, self.phones))
        finally:
            self.over.set()

    def wait_until_ended(self, count: int) -> None:
        """Wait until so many filings have ended, in a receipt or not, or all people have gone."""
        while self._ended < count and not self.over.is_set():
            time.sleep(0.02)

    @property
    def acknowledged(self) -> dict[str, str]:
        """The marker behind each case number that a person has read on a receipt."""
        return {filing.number: filing.marker for filing in self.filings if filing.number}

    def answers(self) -> Counter[int]:
        """Return how often each status was answered."""
        return sum((visitor.answers for visitor in self.visitors), Counter())

    def _next(self) -> Filing | None:
        with self._lock:
            return next(self._waiting, None)

    def _note(self, filing: Filing) -> None:
        line = {"marker": filing.marker, "number": filing.number, "trouble": filing.trouble}
        with self._lock:
            with self._book.open("a") as book:
                book.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._ended += 1
            if filing.trouble:
                say(f"{filing.marker}: {filing.trouble}")
            if self._ended % max(1, len(self.filings) // 10) == 0:
                say(f"{self._ended} of {len(self.filings)} filings have ended")
