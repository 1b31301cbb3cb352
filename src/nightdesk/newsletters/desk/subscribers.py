"""Subscribers in the admin: who has which newsletter, and the whole proof of it.

A list of a newsroom's readers is something that somebody may want, so lists here show addresses by
their first letter. Whoever must answer a reader types the address, and sees that one. Taking the
list out is a right of its own, wants a fresh proof of who is asking, and is written to the audit.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import LogActionRegistry
from wagtail.log_actions import log as write_log

from nightdesk.kernel.ids import asked_id
from nightdesk.kernel.text import in_sight
from nightdesk.newsletters import counting, subscribing, suppressing
from nightdesk.newsletters.addresses import NoAddressError, fingerprint, read
from nightdesk.newsletters.desk.chart import drawn
from nightdesk.newsletters.editions.times import number
from nightdesk.newsletters.models import (
    ConsentEvent,
    Delivery,
    MailEvent,
    Newsletter,
    Subscriber,
    Subscription,
    Suppression,
)
from nightdesk.newsletters.yours.links import masked

SEE, CHANGE = "newsletters.view_subscriber", "newsletters.change_subscriber"
EXPORT = "newsletters.export_subscriber"

ENDED, SUPPRESSED, LIFTED = (
    "newsletters.end_subscription",
    "newsletters.suppress",
    "newsletters.lift_suppression",
)

_ON_A_PAGE = 50
_DAYS = 365


class Desk(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_required = SEE
    raise_exception = True
    header_icon = "group"

    def get_breadcrumbs_items(self) -> list[dict]:
        listed = {"url": reverse("subscribers"), "label": _("Subscribers")}
        return [*self.breadcrumbs_items, listed, {"url": "", "label": self.get_page_title()}]

    def get_page_title(self) -> str:
        return str(self.page_title)

    def must_be_allowed(self, right: str) -> None:
        if not self.request.user.has_perm(right):
            raise PermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict:
        user = self.request.user
        rights = {"may_change": user.has_perm(CHANGE), "may_export": user.has_perm(EXPORT)}
        return super().get_context_data(**rights | kwargs)


class Subscribers(Desk):
    """How many each newsletter has; the list, by newsletter, state and domain; one by address."""

    template_name = "desk/subscribers.html"
    page_title = gettext_lazy("Subscribers")

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """By its address, and by POST: an address in a link would stay in the browser's history."""
        typed = request.POST.get("address", "").strip()
        try:
            address = read(typed)
        except NoAddressError:
            wrong = _("That is no whole e-mail address.")
            return self.render_to_response(self.get_context_data(wrong=wrong, typed=typed))
        found = Subscriber.objects.filter(email_key=address.key).first()
        if found:
            return redirect("subscriber", found.pk)
        suppressed = suppressing.of_key(address.key)
        proof = ConsentEvent.objects.filter(fingerprint=address.fingerprint)
        return self.render_to_response(
            self.get_context_data(
                typed=typed,
                is_unknown=True,
                suppressed=suppressed,
                proof=proof.select_related("newsletter", "words", "by"),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict:
        asked = self.request.GET
        newsletters = list(Newsletter.objects.select_related("locale"))
        newsletter = next((n for n in newsletters if str(n.pk) == asked.get("newsletter")), None)
        state = asked.get("state", "")
        state = state if state in Subscription.State.values else ""
        domain = asked.get("domain", "").strip().lower().lstrip("@")[:255]
        page = Paginator(_listed(newsletter, state, domain), _ON_A_PAGE).get_page(asked.get("p"))
        chosen = asked.copy()
        chosen.pop("p", None)
        return super().get_context_data(
            newsletters=newsletters,
            newsletter=newsletter,
            states=Subscription.State.choices,
            state=state,
            domain=domain,
            rows=[(each, masked(each.email)) for each in page],
            page=page,
            chosen=chosen.urlencode(),
            totals=_totals(newsletters),
            **kwargs,
        )


def _listed(newsletter: Newsletter | None, state: str, domain: str) -> QuerySet[Subscriber]:
    subscriptions = Subscription.objects.select_related("newsletter")
    where: dict[str, Any] = {"erased_at": None}
    if newsletter or state:
        chosen = Subscription.objects.all()
        chosen = chosen.filter(newsletter=newsletter) if newsletter else chosen
        chosen = chosen.filter(state=state) if state else chosen
        where["pk__in"] = chosen.values("subscriber")
    if domain:
        where["email_key__endswith"] = f"@{domain}"
    return (
        Subscriber.objects.filter(**where)
        .order_by("-pk")
        .prefetch_related(Prefetch("subscriptions", subscriptions))
    )


def _totals(newsletters: list[Newsletter]) -> list[dict[str, Any]]:
    counted = Subscription.objects.values_list("newsletter", "state").annotate(Count("pk"))
    counts = {(pk, state): count for pk, state, count in counted.order_by()}
    totals = []
    for newsletter in newsletters:
        row = [counts.get((newsletter.pk, state), 0) for state in Subscription.State]
        named = list(zip(Subscription.State.labels, row, strict=True))
        totals.append({"newsletter": newsletter, "counts": row, "named": named})
    return totals


class OneSubscriber(Desk):
    """One reader: what they have, and since when, where and by which words."""

    template_name = "desk/subscriber.html"
    page_title = gettext_lazy("Subscriber")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.subscriber = get_object_or_404(Subscriber, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return in_sight(self.subscriber.email) or _("erased")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.must_be_allowed(CHANGE)
        act, subscriber = request.POST.get("act", ""), self.subscriber
        if act.startswith("end "):
            newsletter = get_object_or_404(Newsletter, pk=asked_id(act[4:]))
            reason = Subscription.Reason.DESK
            if subscribing.end(subscriber, newsletter, reason, place="admin", by=request.user):
                _note(request, subscriber, ENDED, newsletter=newsletter.name)
                messages.success(request, _("The subscription has ended."))
        elif act == "suppress" and not subscriber.erased_at:
            why = request.POST.get("why", "")
            reason = Suppression.Reason.DESK
            suppressing.suppress(
                subscriber.email_key, reason, detail=why, place="admin", by=request.user
            )
            _note(request, subscriber, SUPPRESSED, reason=suppressing.without_addresses(why))
            messages.success(request, _("Nothing is sent to this address any more."))
        return redirect("subscriber", subscriber.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        subscriber = self.subscriber
        key = "" if subscriber.erased_at else fingerprint(subscriber.email_key)
        mails = Delivery.objects.filter(subscriber=subscriber).select_related("edition__newsletter")
        reports = MailEvent.objects.filter(subscriber=subscriber)
        return super().get_context_data(
            subscriber=subscriber,
            subscriptions=subscriber.subscriptions.select_related("newsletter"),
            proof=ConsentEvent.objects.filter(fingerprint=key).select_related(
                "newsletter", "words", "by"
            ),
            suppressed=suppressing.of_key(subscriber.email_key) if key else [],
            is_paused=subscriber.paused_until and subscriber.paused_until > timezone.now(),
            mails=mails.order_by("-pk")[:20],
            reports=reports[:20],
            **kwargs,
        )


class Suppressed(Desk):
    """Addresses to which nothing is sent: by fingerprint, for the address itself is not kept."""

    template_name = "desk/suppressed.html"
    page_title = gettext_lazy("Suppressed addresses")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.must_be_allowed(CHANGE)
        act = request.POST.get("act", "")
        if act.startswith("lift "):
            row = Suppression.objects.filter(pk=asked_id(act[5:])).first()
            if row is None:
                raise Http404
            number, reason = row.pk, row.get_reason_display()
            if suppressing.lift(row):
                row.pk = number
                _note(request, row, LIFTED, reason=str(reason))
                messages.success(request, _("Mail may go to this address again."))
            else:
                messages.error(request, _("Only the reader can lift this, by signing up again."))
            return redirect("suppressed")
        typed = request.POST.get("address", "").strip()
        try:
            address = read(typed)
        except NoAddressError:
            wrong = _("That is no whole e-mail address.")
            return self.render_to_response(self.get_context_data(wrong=wrong, typed=typed))
        if act == "find":
            return self.render_to_response(
                self.get_context_data(
                    found=suppressing.of_key(address.key), has_looked=True, typed=typed
                )
            )
        why = request.POST.get("why", "")
        suppressing.suppress(
            address.key, Suppression.Reason.DESK, detail=why, place="admin", by=request.user
        )
        row = suppressing.of_key(address.key)[0]
        _note(request, row, SUPPRESSED, reason=suppressing.without_addresses(why))
        messages.success(request, _("Nothing is sent to this address any more."))
        return redirect("suppressed")

    def get_context_data(self, **kwargs: Any) -> dict:
        rows = Suppression.objects.select_related("newsletter")
        page = Paginator(rows, _ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, erased=Suppression.Reason.ERASED, **kwargs)


class OverTime(Desk):
    """A line for each newsletter, and the same as numbers."""

    template_name = "desk/subscribers_over_time.html"
    page_title = gettext_lazy("Subscribers over time")

    def get_context_data(self, **kwargs: Any) -> dict:
        now = timezone.now()
        series = []
        for newsletter in Newsletter.objects.all():
            points = counting.over_time(newsletter, now, _DAYS)
            months = {day.replace(day=1): (day, value) for day, value in points}
            series.append(
                {
                    "newsletter": newsletter,
                    "chart": drawn(points),
                    "rows": list(months.values())[::-1],
                    "now": points[-1][1],
                    "change": _with_sign(points[-1][1] - points[0][1]),
                    "since": points[0][0],
                }
            )
        return super().get_context_data(series=series, **kwargs)


def _with_sign(count: int) -> str:
    return ("−" if count < 0 else "+") + number(abs(count))


def _note(request: HttpRequest, about: Any, action: str, **data: str) -> None:
    """To the log, and by it to the audit; never the address."""
    write_log(
        instance=about,
        action=action,
        user=request.user,
        title=f"{about._meta.verbose_name} #{about.pk}",
        data=data,
    )


class SubscribersItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEE)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("subscribers/", Subscribers.as_view(), name="subscribers"),
        path("subscribers/<int:pk>/", OneSubscriber.as_view(), name="subscriber"),
        path("subscribers/suppressed/", Suppressed.as_view(), name="suppressed"),
        path("subscribers/over-time/", OverTime.as_view(), name="subscribers_over_time"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return SubscribersItem(
        gettext_lazy("Subscribers"),
        reverse("subscribers"),
        name="subscribers",
        icon_name="group",
        order=81,
    )


@hooks.register("register_permissions")
def rights() -> QuerySet[Permission]:
    """For the form of a role."""
    return Permission.objects.filter(
        content_type__app_label="newsletters",
        codename__in=[right.partition(".")[2] for right in (SEE, CHANGE, EXPORT)],
    )


@hooks.register("register_log_actions")
def in_the_log(registry: LogActionRegistry) -> None:
    registry.register_action(
        ENDED, gettext_lazy("End a subscription"), gettext_lazy("Ended a subscription")
    )
    registry.register_action(
        SUPPRESSED, gettext_lazy("Suppress an address"), gettext_lazy("Suppressed an address")
    )
    registry.register_action(
        LIFTED,
        gettext_lazy("Lift a suppression"),
        gettext_lazy("Lifted the suppression of an address"),
    )
