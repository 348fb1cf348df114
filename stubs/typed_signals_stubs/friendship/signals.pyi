from typing import Any, NotRequired, TypedDict

from friendship.models import Block, Follow, Friend, FriendshipRequest

from typed_signals.django import Signal

# From the code of django-friendship 1.9 to 1.12. The project chooses the class of users.

class Nothing(TypedDict): ...

class Friends(TypedDict):
    from_user: Any
    to_user: Any

class FollowerAction(TypedDict):
    follower: Any

class FolloweeAction(TypedDict):
    followee: Any

class FollowingAction(TypedDict):
    following: Follow

# A block is sent three times, each time with one of these.
class BlockAction(TypedDict):
    blocker: NotRequired[Any]
    blocked: NotRequired[Any]
    blocking: NotRequired[Block]

friendship_request_created: Signal[FriendshipRequest, Nothing]
friendship_request_rejected: Signal[FriendshipRequest, Nothing]
friendship_request_canceled: Signal[FriendshipRequest, Nothing]
friendship_request_viewed: Signal[FriendshipRequest, Nothing]
friendship_request_accepted: Signal[FriendshipRequest, Friends]
friendship_removed: Signal[Friend, Friends]

# Until 1.11, the sender is a manager, and then its model.
follower_created: Signal[Any, FollowerAction]
followee_created: Signal[Any, FolloweeAction]
following_created: Signal[Any, FollowingAction]
block_created: Signal[Any, BlockAction]

follower_removed: Signal[Follow, FollowerAction]
followee_removed: Signal[Follow, FolloweeAction]
following_removed: Signal[Follow, FollowingAction]
block_removed: Signal[Block, BlockAction]
