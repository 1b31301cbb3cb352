from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "nightdesk.media"
    label = "media"
    verbose_name = "Pictures"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from nightdesk.media.models import Picture
        from nightdesk.media.takedown import Pictures
        from nightdesk.takedown import kinds

        kinds.register(Pictures())
        post_delete.connect(_remove_files, sender=Picture, dispatch_uid="remove picture files")


def _remove_files(instance, **_kwargs: object) -> None:
    """A deleted picture leaves no file behind, and not only once a worker comes by."""
    from nightdesk.media.actions import remove_files_later

    remove_files_later([*instance.files(), instance.file.name, instance.original.name])
