"""Files put into a case and taken out of a draft again."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Evidence
from complaints.states import EvidenceKind, Side, State
from microguard.accounts.actors import Actor
from microguard.core import files
from microguard.core.errors import Refusal
from microguard.events import actions as events

MOST_FILES = 20


class FileNotTaken(Refusal):
    """The case has this file already, or has as many as it may have."""

    code = "file_not_taken"


def add_evidence(
    *, complaint_id: int, upload: files.Upload, side: str, kind: str, by: Actor, at: datetime
) -> Evidence:
    """Keep a file as evidence of one side. The caller has checked that the actor may do so in this case.

    The bytes are safely on disk before the row that names them is written.

    :raises microguard.core.files.FileRefused: when the file is empty, too big or of no accepted kind
    :raises FileNotTaken: when it is there already, or twenty files are
    """
    stored = files.receive(upload)
    with transaction.atomic():
        complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
        present = complaint.evidence.filter(removed_at__isnull=True)
        if present.filter(side=side).count() >= MOST_FILES:
            raise FileNotTaken(_("You can upload 20 files. Remove one first."), code="file_count")
        try:
            with transaction.atomic():
                evidence = Evidence.objects.create(
                    complaint=complaint,
                    side=side,
                    kind=kind or EvidenceKind.OTHER,
                    name=(upload.name or "")[:120],
                    content_type=stored.content_type,
                    size=stored.size,
                    sha256=stored.sha256,
                    view_sha256=stored.view_sha256,
                    added_at=at,
                    added_by=by.reference,
                )
        except IntegrityError as error:
            if "complaints_evidence_once" not in str(error):
                raise
            raise FileNotTaken(_("This file is already uploaded."), code="file_dup") from error
        if complaint.state != State.DRAFT:
            events.record(
                "evidence.added",
                complaint,
                by=by,
                at=at,
                evidence=evidence.pk,
                side=side,
                sha256=evidence.sha256,
            )
        return evidence


@transaction.atomic
def remove_from_draft(*, draft_key: UUID, evidence_key: UUID, at: datetime) -> None:
    """Take a file out of a draft; the bytes stay until nobody names them.

    :raises microguard.core.errors.NotFound: when there is no such draft or file
    """
    draft: Complaint = Complaint.objects.lock(draft_key=draft_key, state=State.DRAFT)
    evidence: Evidence = Evidence.objects.lock(key=evidence_key, complaint=draft, side=Side.COMPLAINANT)
    evidence.removed_at = at
    evidence.save(update_fields=["removed_at"])
