"""What was taken down is purged hard, and the CDN itself is asked whether it has let go."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.press.purging import recall, recalled
from nightdesk.press.purging.cache import Cache, PurgeError
from nightdesk.press.purging.order import Order
from nightdesk.press.purging.recall import Recall
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.tags import own
from nightdesk.press.shelf.takedowns import Withdrawn

from .worlds import EdgeDoor, serving

SITE = "https://news.example"


class Edge(Cache):
    """A CDN whose readers get ``status``; a purge makes it 410 unless it ``forgets_nothing``."""

    def __init__(self) -> None:
        super().__init__({})
        self.status, self.forgets_nothing, self.refuses = 200, False, ""
        self.orders: list[Order] = []
        self.asked: list[tuple[str, str]] = []

    def send(self, order: Order) -> None:
        if self.refuses:
            raise PurgeError(self.refuses)
        self.orders.append(order)
        if not self.forgets_nothing:
            self.status = 410

    def doors(self, url: str) -> tuple[str, ...]:
        return (f"http://127.0.0.1:{self.port}",)


@pytest.fixture
def edge(monkeypatch) -> Iterator[Edge]:
    monkeypatch.setattr(recall, "ASK_AFTER", 0.0)
    edge = Edge()
    with serving(EdgeDoor, world=edge) as port:
        edge.port = port
        yield edge


@pytest.fixture
def recalling(tmp_path: Path, edge: Edge) -> Iterator[Recall]:
    one = Recall(tmp_path, edge, SITE)
    yield one
    one.close()


def down(data: Path, **more: object) -> Withdrawn:
    one = Withdrawn(id=takedowns.new_id(), path="/новини/міст/", **more)
    return takedowns.take_down(data, one)


def test_every_address_and_file_is_purged_hard_and_read_back(tmp_path, edge, recalling):
    one = down(tmp_path, paths=("/old/",), files=("pictures/ab-640.jpg",))
    recalling.step(one.at)
    assert edge.orders == []  # the newsstand must have noticed first
    recalling.step(one.at + recall.NOTICE)
    (order,) = edge.orders
    assert order.hard and own("/новини/міст/") in order.tags and own("/old/") in order.tags
    assert f"{SITE}/media/pictures/ab-640.jpg" in order.urls
    assert ("news.example", "/old/") in edge.asked
    found = recalled.state(tmp_path, one.id)
    assert found.gone and not found.trouble


def test_it_is_told_twice_because_a_shield_may_have_filled_an_edge_again(tmp_path, edge, recalling):
    one = down(tmp_path)
    recalling.step(one.at)
    recalling.step(one.at + 1)
    edge.status = 200  # filled again
    recalling.step(time.time() + recall.SECOND_ROUND + 0.1)
    assert len(edge.orders) == 2 and edge.status == 410
    recalling.step(time.time() + 1000)
    assert len(edge.orders) == 2


@pytest.mark.parametrize(
    ("trouble", "said"),
    [("refuses", "answered 401"), ("forgets_nothing", "answers /новини/міст/ with status 200.")],
)
def test_what_is_not_gone_is_said_and_tried_again(trouble, said, tmp_path, edge, recalling):
    setattr(edge, trouble, "the CDN answered 401" if trouble == "refuses" else True)
    one = down(tmp_path)
    recalling.step(one.at)
    recalling.step(one.at + 1)
    found = recalled.state(tmp_path, one.id)
    assert found.gone is None and said in found.trouble and found.tries == 1
    setattr(edge, trouble, "" if trouble == "refuses" else False)
    recalling.step(time.time() + 2)
    found = recalled.state(tmp_path, one.id)
    assert found.gone and not found.trouble


def test_a_cdn_that_cannot_be_asked_is_not_taken_for_one_that_has_let_go(tmp_path, edge, recalling):
    edge.port = 1
    one = down(tmp_path)
    recalling.step(one.at)
    recalling.step(one.at + 1)
    found = recalled.state(tmp_path, one.id)
    assert found.gone is None and "cannot be asked" in found.trouble


def test_a_restart_forgets_nothing_and_a_lifted_takedown_is_left_alone(tmp_path, edge, recalling):
    one, other = down(tmp_path), down(tmp_path)
    recalling.step(one.at)
    takedowns.lift(tmp_path, other.id)
    again = Recall(tmp_path, edge, SITE)
    again.step(other.at + 1)
    again.close()
    assert len(edge.orders) == 1
    assert recalled.state(tmp_path, one.id).gone
    assert recalled.state(tmp_path, other.id).gone is None


def test_nothing_is_known_where_no_cdn_was_ever_told(tmp_path):
    assert recalled.state(tmp_path, "any") is None
    (tmp_path / "purge.db").write_bytes(b"")
    assert recalled.state(tmp_path, "any") is None
