"""Routes of the case and of the seller's link."""

from django.urls import path

from disputes.views import agreement, case, dates, entry, signals, talks

app_name = "disputes"
urlpatterns = [
    path("r/<str:token>/", entry.respond, name="respond"),
    path("r/<str:token>/not-me/", entry.not_me, name="not_me"),
    path("c/<str:number>/", case.show, name="case"),
    path("c/<str:number>/add-file/", case.add_file, name="add_file"),
    path("c/<str:number>/inform/", case.inform, name="inform"),
    path("c/<str:number>/tell/", case.tell, name="tell"),
    path("c/<str:number>/withdraw/", case.withdraw, name="withdraw"),
    path("c/<str:number>/signals/", signals.signals, name="signals"),
    path("c/<str:number>/evidence/<uuid:key>/", case.evidence, name="evidence"),
    path("c/<str:number>/evidence/<uuid:key>/original/", case.original, name="original"),
    path("c/<str:number>/deadlines/<int:key>/", dates.deadline, name="deadline"),
    path("c/<str:number>/reply/", talks.reply, name="reply"),
    path("c/<str:number>/offers/", talks.offers, name="offers"),
    path("c/<str:number>/offers/<int:offer>/accept/", talks.accept, name="accept"),
    path("c/<str:number>/mediation/", talks.mediation, name="mediation"),
    path("c/<str:number>/mediation/ask/", talks.ask_mediation, name="ask_mediation"),
    path("c/<str:number>/room/", talks.room, name="room"),
    path("c/<str:number>/room/proposal/", talks.proposal, name="proposal"),
    path("c/<str:number>/settlement/", agreement.settlement, name="settlement"),
    path("c/<str:number>/settlement/refuse/", agreement.refuse, name="refuse"),
    path("c/<str:number>/settlement/rescind/", agreement.rescind, name="rescind"),
    path("c/<str:number>/performance/", agreement.performance, name="performance"),
]
