"""
The senders in our declarations: a receiver may annotate the class that really sends.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

import pytest
from primer.packages import STUBS

from tests.mypy_runs import CONFIG, run_in_a_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.any_python

# The sender is an instance or a subclass of these, so the annotation of the real one is refused.
TOO_WIDE: Final = {"object", "View", "APIView", "BaseCommand"}
# Sent by every command.
ANY_COMMAND: Final = {"pre_command", "post_command"}

SIGNAL: Final = "from django.dispatch import Signal\n"
# Packages in which mypy reads the classes that send.
PACKAGES: Final = {
    "oauth2_provider/views.py": "class TokenView: ...",
    "oauth2_provider/signals.py": f"{SIGNAL}app_authorized = Signal()",
    "django_rest_passwordreset/models.py": "class ResetPasswordToken: ...",
    "django_rest_passwordreset/views.py": (
        "class ResetPasswordRequestToken: ...\nclass ResetPasswordConfirm: ..."
    ),
    "django_rest_passwordreset/signals.py": f"{SIGNAL}reset_password_token_created = Signal()",
    "djoser/views.py": "class UserViewSet: ...",
    "djoser/signals.py": f"{SIGNAL}user_registered = Signal()",
}
USER: Final = """\
from typing import Any

from django.dispatch import receiver
from django_rest_passwordreset.signals import reset_password_token_created
from django_rest_passwordreset.views import ResetPasswordRequestToken
from djoser.signals import user_registered
from djoser.views import UserViewSet
from oauth2_provider.signals import app_authorized
from oauth2_provider.views import TokenView

@receiver(app_authorized)
def authorized(sender: TokenView, **kwargs: Any) -> None: ...

@receiver(reset_password_token_created)
def created(
    sender: type[ResetPasswordRequestToken], instance: ResetPasswordRequestToken, **kwargs: Any
) -> None: ...

@receiver(user_registered)
def registered(sender: type[UserViewSet], **kwargs: Any) -> None: ...

@receiver(user_registered)
def wrong(sender: UserViewSet, **kwargs: Any) -> None: ...
"""


def declared_senders() -> Iterator[tuple[str, str]]:
    root = STUBS / "typed_signals_stubs"
    for file in root.rglob("*.pyi"):
        for node in ast.parse(file.read_text("utf-8")).body:
            match node:
                case ast.AnnAssign(
                    target=ast.Name(id=name),
                    annotation=ast.Subscript(
                        value=ast.Name(id="Signal"), slice=ast.Tuple(elts=[sender, _])
                    ),
                ):
                    yield name, ast.unparse(sender)


def test_no_sender_is_a_class_that_most_senders_inherit_from() -> None:
    senders = [*declared_senders()]
    assert len(senders) > 300
    wide = {
        f"{name}: {sender}"
        for name, sender in senders
        if sender.removeprefix("type[").rstrip("]") in TOO_WIDE and name not in ANY_COMMAND
    }
    assert not wide


def test_a_receiver_may_annotate_the_class_that_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in PACKAGES.items():
        file = tmp_path / "packages" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(text)
    (tmp_path / "mypy.ini").write_text(
        f"{CONFIG}ignore_missing_imports = true\nmypy_path = packages\n"
    )
    (tmp_path / "user.py").write_text(USER)
    monkeypatch.chdir(tmp_path)
    output, problems, _ = run_in_a_process(["--no-error-summary", "user.py"])
    assert not problems
    (line,) = output.splitlines()
    assert "cannot connect wrong: 'sender' has type" in line
    assert line.endswith("[signal-type]")
