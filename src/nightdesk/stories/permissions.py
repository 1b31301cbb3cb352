"""Who may write stories, and who may arrange sections.

Wagtail's rights on pages run down the tree: what somebody may do to the front page they could do
to every story below it. So a story asks for a right of its own besides, and so does a section.
"""

from __future__ import annotations

from wagtail.models import Page, PagePermissionTester

from nightdesk.people.models import User
from nightdesk.people.roles import WRITES

#: To rename, publish or withdraw a section, as to arrange the front page.
ARRANGES = "stories.change_sectionpage"


#: To delete for ever what readers have read. Withdrawing it is every editor's.
DELETES = "stories.delete_storypage"


class StoryPermissions(PagePermissionTester):
    """Nothing, to whoever does not write."""

    def __init__(self, user: User, page: Page) -> None:
        super().__init__(user, page)
        if not user.has_perm(WRITES):
            self.permissions = set()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        published = self.page.first_published_at is not None
        if published and not self.user.has_perm(DELETES):
            return False
        return super().can_delete(ignore_bulk)

    def can_move(self) -> bool:
        """To another section, which loses nothing; Wagtail takes it for a deletion."""
        return super().can_delete(ignore_bulk=True)


class SectionPermissions(PagePermissionTester):
    """Whoever writes may add stories; the section itself is for those who arrange the paper."""

    @property
    def _may_arrange(self) -> bool:
        return self.user.has_perm(ARRANGES)

    def can_add_subpage(self) -> bool:
        return self.user.has_perm(WRITES) and super().can_add_subpage()

    def can_edit(self) -> bool:
        return self._may_arrange and super().can_edit()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self._may_arrange and super().can_delete(ignore_bulk)

    def can_publish(self) -> bool:
        return self._may_arrange and super().can_publish()

    def can_unpublish(self) -> bool:
        return self._may_arrange and super().can_unpublish()

    def can_lock(self) -> bool:
        return self._may_arrange and super().can_lock()

    def can_unlock(self) -> bool:
        return self._may_arrange and super().can_unlock()
