from .base import oauth_authorized as oauth_authorized
from .base import oauth_before_login as oauth_before_login
