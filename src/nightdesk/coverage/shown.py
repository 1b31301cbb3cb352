"""Who is known to readers because they sign a coverage or one of its updates."""

from django.db.models import Exists, OuterRef, Q

from nightdesk.coverage.models import Coverage, Entry


def author_signs() -> Q:
    return _signs("author")


def desk_signs() -> Q:
    return _signs("desk")


def _signs(kind: str) -> Q:
    by_them = {f"bylines__{kind}": OuterRef("pk")}
    updates = Entry.public().filter(**by_them).order_by().values("pk")
    covered = Coverage.objects.filter(live=True, **by_them).order_by().values("pk")
    return Q(Exists(updates)) | Q(Exists(covered))
