"""ty: the default of an inherited ``ParamSpec`` is not known."""

from typing import Generic

from typing_extensions import ParamSpec, TypeVar

T = TypeVar("T", default=object)
P = ParamSpec("P", default=...)


class Base(Generic[T, P]): ...


class Inherits(Base[T, P]): ...


class Repeats(Base[T, P], Generic[T, P]): ...


# Right, but an error for ty
Inherits[int]()
Repeats[int]()
