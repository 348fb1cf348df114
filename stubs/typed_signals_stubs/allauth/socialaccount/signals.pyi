from typing import TypedDict

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django-allauth 65.

class SocialAction(TypedDict):
    request: HttpRequest
    sociallogin: SocialLogin

class SocialAccountRemoved(TypedDict):
    request: HttpRequest
    socialaccount: SocialAccount

pre_social_login: Signal[type[SocialLogin], SocialAction]
social_account_added: Signal[type[SocialLogin], SocialAction]
social_account_updated: Signal[type[SocialLogin], SocialAction]
social_account_removed: Signal[type[SocialAccount], SocialAccountRemoved]
