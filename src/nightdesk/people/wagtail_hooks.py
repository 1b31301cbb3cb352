"""People in the admin."""

from wagtail.snippets.models import register_snippet

from nightdesk.people.desk.viewsets import People

register_snippet(People)
