"""The mail server of demo and tests speaks SMTP and keeps what it gets."""

import mailbox
import smtplib
import time
from email.message import EmailMessage
from pathlib import Path

from microguard.runner.programs import mail_sink


def send(host: str, port: int, message: EmailMessage) -> None:
    """Send as soon as the server listens."""
    end = time.monotonic() + 10
    while True:
        try:
            with smtplib.SMTP(host, port, timeout=5) as server:
                server.send_message(message)
                return
        except ConnectionRefusedError:
            assert time.monotonic() < end
            time.sleep(0.05)


def test_a_message_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "no-reply@microguard.invalid", "li@example.cn"
    message["Subject"] = "您的投诉已收到"
    message.set_content("编号 MG-7K3P-Q2WA，请保存。\n")

    with mail_sink(tmp_path) as sink:
        send(sink["EMAIL_HOST"], int(sink["EMAIL_PORT"]), message)

    folder = mailbox.Maildir(sink["MICROGUARD_MAIL_DIR"], factory=None, create=False)
    (kept,) = folder.values()
    assert kept["X-RcptTo"] == "li@example.cn"
    body = kept.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode() == "编号 MG-7K3P-Q2WA，请保存。\n"
