"""Who may arrange a front page."""

from __future__ import annotations

from wagtail.models import PagePermissionTester


class FrontPermissions(PagePermissionTester):
    """Rights on pages run down the tree, and the front page is its top. Who may edit stories may
    not therefore rearrange the front page or add sections: that has a right of its own."""

    @property
    def _may_arrange(self) -> bool:
        return self.user.has_perm("fronts.change_homepage")

    def can_edit(self) -> bool:
        return self._may_arrange and super().can_edit()

    def can_publish(self) -> bool:
        return self._may_arrange and super().can_publish()

    def can_unpublish(self) -> bool:
        return self._may_arrange and super().can_unpublish()

    def can_add_subpage(self) -> bool:
        return self._may_arrange and super().can_add_subpage()

    def can_reorder_children(self) -> bool:
        return self._may_arrange and super().can_reorder_children()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self._may_arrange and super().can_delete(ignore_bulk)

    def can_lock(self) -> bool:
        return self._may_arrange and super().can_lock()

    def can_unlock(self) -> bool:
        return self._may_arrange and super().can_unlock()
