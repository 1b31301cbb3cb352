"""How many may hold a stream open, and how many of them from one place."""

from __future__ import annotations

from collections.abc import Hashable


class Places:
    """At most ``most`` in all. One client gets no more of them than are still free.

    So whoever wants all alone gets half of them, two together two thirds, and a newcomer always
    finds room. It is no fixed number because one address may be a household, a telephone company, or
    everybody who comes through Tor or through a proxy that ``TRUSTED_PROXIES`` does not name.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._by_client: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return self._taken

    @property
    def full(self) -> bool:
        """Any thread may ask."""
        return self._taken >= self._most

    @property
    def scarce(self) -> bool:
        """Whether less than a tenth is left."""
        return self._taken * 10 >= self._most * 9

    def are_free_for(self, client: Hashable) -> bool:
        return self._by_client.get(client, 0) < self._most - self._taken

    def take(self, client: Hashable) -> None:
        self._taken += 1
        self._by_client[client] = self._by_client.get(client, 0) + 1

    def give_back(self, client: Hashable) -> None:
        self._taken -= 1
        held = self._by_client.pop(client) - 1
        if held:
            self._by_client[client] = held
