"""Routes of what the law says to a reader: rights, duties, and what to mind before paying."""

from django.urls import path

from microguard.law.views import before_paying, checklist, duties, rights

app_name = "law"
urlpatterns = [
    path("rights/", rights.start, name="rights"),
    path("rights/result/", rights.result, name="result"),
    path("rights/agents/", rights.agents, name="agents"),
    path("rights/help/", rights.help_page, name="help"),
    path("rights/<slug:node>/", rights.question, name="question"),
    path("before-you-pay/", before_paying.before_you_pay, name="before_you_pay"),
    path("duties/", duties.parties, name="parties"),
    path("duties/<slug:party>/", duties.duties, name="duties"),
    path("m/checklist/", checklist.checklist, name="checklist"),
]
