from typed_signals_stubs.django.db.models.signals import (
    m2m_changed as m2m_changed,
)
from typed_signals_stubs.django.db.models.signals import (
    post_delete as post_delete,
)
from typed_signals_stubs.django.db.models.signals import (
    post_init as post_init,
)
from typed_signals_stubs.django.db.models.signals import (
    post_save as post_save,
)
from typed_signals_stubs.django.db.models.signals import (
    pre_delete as pre_delete,
)
from typed_signals_stubs.django.db.models.signals import (
    pre_init as pre_init,
)
from typed_signals_stubs.django.db.models.signals import (
    pre_save as pre_save,
)
