from typing import Any, TypedDict

from flask_dance.consumer.base import BaseOAuthConsumerBlueprint
from typed_signals_stubs.blinker import Signal

class OAuthAuthorized(TypedDict):
    token: dict[str, Any]

class OAuthBeforeLogin(TypedDict):
    url: str

oauth_authorized: Signal[BaseOAuthConsumerBlueprint, OAuthAuthorized]
oauth_before_login: Signal[BaseOAuthConsumerBlueprint, OAuthBeforeLogin]
