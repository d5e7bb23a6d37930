"""Words in both languages: collect the messages, check that none lacks its Chinese, build what Django reads.

The message ids are English, so English needs no catalogue of its own.
"""

import io
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template import engines
from django.utils.translation.template import templatize

CATALOGUE = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
FOLDERS = ("microguard", "merchants", "complaints", "disputes", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Messages of libraries that ship no Chinese for them, and that our pages show.
BORROWED = settings.BASE_DIR / "locale" / "borrowed.txt"


def messages_in_use() -> Catalog:
    """Return every message of our code and templates, with the files that use it."""
    catalog = Catalog()
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "/data/" not in path.as_posix():
                _collect(catalog, path)
    for line in BORROWED.read_text(encoding="utf-8").splitlines() if BORROWED.exists() else []:
        catalog.add(line)
    return catalog


def _collect(catalog: Catalog, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        marked = templatize(source, origin=str(path))
        source = "\n".join(line.strip() for line in marked.splitlines())
    where = str(path.relative_to(settings.BASE_DIR))
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        catalog.add(message, locations=[(where, 0)], context=context)


def stored() -> Catalog:
    """Return the catalogue as it is committed."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


class Command(BaseCommand):
    """`translations check`, `translations update [FILE.tsv …]`, `translations build`."""

    help = "Check, update or build the Chinese catalogue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb, and for `update` files of English<TAB>Chinese lines."""
        parser.add_argument("verb", choices=("check", "update", "build"))
        parser.add_argument("files", nargs="*", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        engines.all()  # templatize needs configured template engines
        getattr(self, f"_{options['verb']}")(options["files"])

    def _build(self, _files: list[Path]) -> None:
        """Write the binary catalogue beside the committed one."""
        with CATALOGUE.with_suffix(".mo").open("wb") as file:
            write_mo(file, stored())

    def _check(self, _files: list[Path]) -> None:
        """Pass when every message in use has its Chinese and none is left over.

        :raises CommandError: naming the messages that lack it, or that nothing uses
        """
        have = {(message.id, message.context) for message in stored() if message.id and _whole(message)}
        need = {(message.id, message.context) for message in messages_in_use() if message.id}
        for title, lacking in (("without Chinese", need - have), ("used nowhere", have - need)):
            for message, _context in sorted(lacking, key=str):
                self.stderr.write(f"{title}: {message!r}")
        if need != have:
            raise CommandError("The Chinese catalogue is not in step: run ./run translations update.")

    def _update(self, files: list[Path]) -> None:
        """Bring the catalogue in step with the code, filling in lines of the given files."""
        known = {(message.id, message.context): message.string for message in stored() if message.id}
        given = dict(
            line.split("\t")[:2]
            for path in files
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.count("\t") >= 1
        )
        catalog = Catalog(locale="zh_Hans", project="MicroGuard", fuzzy=False)
        for message in messages_in_use():
            if not message.id:
                continue
            english = str(message.id if isinstance(message.id, str) else message.id[0])
            string: Any = known.get((message.id, message.context)) or given.get(english, "")
            if isinstance(message.id, tuple) and isinstance(string, str):
                string = (string,)
            catalog.add(message.id, string, locations=message.locations, context=message.context)
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        with CATALOGUE.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, no_location=True, omit_header=False)


def _whole(message: Any) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)
