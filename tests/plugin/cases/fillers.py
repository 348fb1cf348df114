"""Decorators that fill arguments, whatever their types say."""

from typing import Any, TypedDict
from unittest import mock
from unittest.mock import patch

from typed_signals import Signal, receiver


class PizzaDone(TypedDict):
    size: int


done = Signal[Any, PizzaDone]()


# At run time, it is only a warning, because it is not known what these pass.
# R: ContractWarning
@receiver(done)
@mock.patch.multiple("os.path", exists=mock.DEFAULT)
def replaced_by_keyword(exists, sender, size, **kwargs):
    pass


# R: ContractWarning
@receiver(done)
@patch("os.path.exists")
def replaced_by_position(exists, sender, size, **kwargs):
    pass


@receiver(done)
# E: done cannot connect fills_nothing: 'exists' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
def fills_nothing(exists, sender, size, **kwargs):
    pass
