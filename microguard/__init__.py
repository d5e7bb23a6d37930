"""MicroGuard: consumer complaints and online dispute resolution for micro-business.

The ground floor (core, jurisdictions, accounts, events, deadlines, notifications) lies below the
three apps merchants, complaints and disputes; the roof (dashboard, statistics, demo, urls) above.
"""

from microguard.celery import app as celery_app

__all__ = ["celery_app"]
