"""Every message has its Chinese, with the same gaps to fill, and Django reads what is committed."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from django.conf import settings
from django.core.management import CommandError, call_command

from microguard.core.management.commands import translations
from microguard.core.management.commands.translations import stored

CHINESE = re.compile(r"[\u4e00-\u9fff]")
GAP = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%[sd]")


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def messages() -> list[Message]:
    return [message for message in stored() if message.id]


def test_the_catalogue_is_in_step_with_the_code() -> None:
    call_command("translations", "check")


def test_a_message_without_chinese_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = translations.messages_in_use()
    catalogue.add("A sentence that nobody has translated.")
    monkeypatch.setattr(translations, "messages_in_use", lambda: catalogue)

    with pytest.raises(CommandError):
        call_command("translations", "check")


def test_a_translation_has_the_gaps_of_its_message() -> None:
    differing = [
        message.id
        for message in messages()
        for text in texts(message.string)
        if set(GAP.findall(text)) not in [set(GAP.findall(original)) for original in texts(message.id)]
    ]

    assert len(messages()) > 300
    assert differing == []


def test_every_translation_holds_chinese_or_is_a_name() -> None:
    names = {"MicroGuard", "English", "PDF", "CSV", "XLSX"}
    left_in_english = [
        message.id
        for message in messages()
        for text in texts(message.string)
        if re.search(r"[a-z]{3}", GAP.sub("", text)) and not CHINESE.search(text) and text not in names
    ]

    assert left_in_english == []


def test_no_translation_is_fuzzy() -> None:
    assert [message.id for message in messages() if message.fuzzy] == []


def test_the_binary_catalogue_that_pages_read_says_what_the_committed_one_says(tmp_path: Path) -> None:
    out = tmp_path / "django.mo"
    with out.open("wb") as file:
        translations.write_mo(file, stored())
    with out.open("rb") as file:
        built = {tuple(texts(message.id)): texts(message.string) for message in read_mo(file) if message.id}

    assert built == {tuple(texts(message.id)): texts(message.string) for message in messages()}


def test_no_message_hides_inside_a_formatted_string() -> None:
    # Python 3.11 reads such a string as one token: the message would never be found, and stay English.
    hidden = re.compile(r"\{(_|gettext|gettext_lazy|ngettext)\(")
    folders = ("microguard", "merchants", "complaints", "disputes")
    code = [path for folder in folders for path in (settings.BASE_DIR / folder).rglob("*.py")]

    assert [str(path) for path in code if hidden.search(path.read_text(encoding="utf-8"))] == []
