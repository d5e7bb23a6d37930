"""What a reader without the right to see the whole sees instead."""


def name(text: str) -> str:
    """Return the family name and stars: 张三丰 -> 张**."""
    return text[:1] + "*" * max(1, len(text) - 1) if text else ""


def phone(text: str) -> str:
    """Return the first three and last two digits: 138******00."""
    return f"{text[:3]}{'*' * max(1, len(text) - 5)}{text[-2:]}" if len(text) >= 7 else "*" * len(text)


def handle(text: str) -> str:
    """Return the first two and the last character: shoes_2026 -> sh***6; shorter ones show the first only."""
    return f"{text[:2]}***{text[-1]}" if len(text) >= 5 else f"{text[:1]}***"
