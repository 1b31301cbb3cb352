"""Index what an import writes at once, in batches, instead of one queued task for every row.

Every save of an indexed object queues two tasks: 1,806 stories would leave some 10,000 of them to the
worker, and its search would be wrong until they are done.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

from django.db.models import Model
from django.db.models.signals import post_save
from modelsearch.backends import get_search_backends
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from nightdesk.stories import witnesses
from nightdesk.stories.models import StoryPage


@contextmanager
def indexed_directly(*models: type[Model]) -> Iterator[None]:
    """Within it, saving one of these models queues nothing; `index_now` must follow each save.

    It holds for the whole process: for commands only, never inside a server.
    """
    connected = [
        model for model in models if post_save.disconnect(post_save_signal_handler, sender=model)
    ]
    post_save.disconnect(sender=StoryPage, dispatch_uid="stories.witnesses")
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        witnesses.listen()
        for model in connected:
            post_save.connect(post_save_signal_handler, sender=model)


def index_now(rows: Iterable[Model]) -> None:
    """Put rows into the search index and the index of references, in the open transaction."""
    ordered = sorted(set(rows), key=lambda row: row._meta.label)
    for _, group in groupby(ordered, key=type):
        alike = list(group)
        for backend in get_search_backends(with_auto_update=True):
            backend.get_index_for_model(type(alike[0])).add_items(type(alike[0]), alike)
        if ReferenceIndex.model_is_indexable(type(alike[0])):
            for row in alike:
                ReferenceIndex.create_or_update_for_object(row)
