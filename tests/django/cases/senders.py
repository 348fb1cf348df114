"""
Senders of Django's signals: those that never send, and those that mypy only knows as a model.
"""

import django.db
from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.db import models
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_migrate, post_save, pre_save
from django.dispatch import receiver


class Pizza(models.Model):
    toppings = models.ManyToManyField(Group)


class Membership(models.Model):
    group: models.ForeignKey[Group, Group] = models.ForeignKey(Group, on_delete=models.CASCADE)
    permission: models.ForeignKey[Permission, Permission] = models.ForeignKey(
        Permission, on_delete=models.CASCADE
    )


class Guest(Membership):
    pass


class Food(models.Model):
    pass


def anything(sender, **kwargs):
    pass


# These never send.

# E: m2m_changed is never sent by "type[Pizza]": its senders are the models between two others, as in sender=Pizza.toppings.through  [signal-sender]
m2m_changed.connect(anything, sender=Pizza)
m2m_changed.connect(anything, sender=Pizza.toppings.through)
m2m_changed.connect(anything, sender=Membership)
m2m_changed.connect(anything, sender=Guest)


# E: m2m_changed is never sent by "type[Food]": its senders are the models between two others, as in sender=Model.field.through  [signal-sender]
@receiver(m2m_changed, sender=Food)
def of_food(sender, **kwargs):
    pass


# E: post_save is never sent by a list: connect the receiver once for each sender  [signal-sender]
@receiver(post_save, sender=[Pizza, Group])
def of_a_list(sender: type[Pizza], instance: Pizza, **kwargs: object) -> None:
    pass


SENDERS = (Pizza, Group)


# E: post_save is never sent by "tuple[type[Pizza], type[Group]]": connect the receiver once for each sender  [signal-sender]
@receiver(post_save, sender=SENDERS)
def of_a_tuple(sender, **kwargs):
    pass


# E: post_save is never sent by the function get_user_model: call it, with ()  [signal-sender]
@receiver(post_save, sender=get_user_model)
def of_a_function(sender, **kwargs):
    pass


# E: post_save is never sent by a lambda: use the sender itself, or leave the sender out  [signal-sender]
@receiver(post_save, sender=lambda: Pizza)
def of_a_lambda(sender, **kwargs):
    pass


# E: post_save is never sent by a module: use a model, or leave the sender out  [signal-sender]
@receiver(post_save, sender=django.db)
def of_a_module(sender, **kwargs):
    pass


# E: post_save is never sent by "type[Model]": use a model, or leave the sender out to listen to all models  [signal-sender]
@receiver(post_save, sender=Model)
def of_no_certain_model(sender, **kwargs):
    pass


# E: post_migrate is never sent by "type[Pizza]": use a sender of type "AppConfig", or leave the sender out  [signal-sender]
@receiver(post_migrate, sender=Pizza)
def migrated_model(sender, **kwargs):
    pass


# E: post_migrate is never sent by "str": use a sender of type "AppConfig", or leave the sender out  [signal-sender]
@receiver(post_migrate, sender="shop")
def migrated_name(sender, **kwargs):
    pass


@receiver(post_save, sender="shop.Pizza")
def of_a_name(sender: type[Pizza], instance: Pizza, **kwargs: object) -> None:
    pass


# mypy only knows that these are models.


@receiver([post_save, pre_save], sender=get_user_model())
def of_user(sender: type[AbstractUser], instance: AbstractUser, **kwargs: object) -> None:
    pass


def of_pizza(sender: type[Pizza], instance: Pizza, **kwargs: object) -> None:
    pass


def some_model() -> type[Model]:
    return Pizza


class Shop(AppConfig):
    model: type[Model] = Pizza

    def ready(self) -> None:
        post_save.connect(of_pizza, sender=self.get_model("Pizza"))
        some = apps.get_model("auth", "Group")
        post_save.connect(of_pizza, sender=some)
        post_save.connect(of_pizza, sender=some_model())
        post_save.connect(of_pizza, sender=self.model)
        for model in self.get_models():
            post_save.connect(of_pizza, sender=model)
        post_migrate.connect(self.migrated, sender=self)

    def migrated(self, sender: "Shop", **kwargs: object) -> None:
        pass


# In a loop, they are known.


def of_either(sender: type[Pizza] | type[Group], instance: Pizza | Group, **kwargs: object) -> None:
    pass


MODELS = [Pizza, Group]
for model in MODELS:
    post_save.connect(of_either, sender=model)
    # E: post_save cannot connect of_pizza: 'sender' has type "type[Group]", but the parameter is annotated "type[Pizza]": annotate it as "type[Group]"  [signal-type]
    # E: post_save cannot connect of_pizza: 'instance' has type "Group" in PostSave, but the parameter is annotated "Pizza": annotate it as "Group"  [signal-type]
    post_save.connect(of_pizza, sender=model)

    @receiver(post_save, sender=model, weak=False)
    def of_each(
        sender: type[Pizza] | type[Group], instance: Pizza | Group, **kwargs: object
    ) -> None:
        pass


for either in {Pizza, Group}:
    pre_save.connect(of_either, sender=either)

post_save.connect(of_either, sender=Pizza if __debug__ else Group)


def connect_all(models_of_others: list[type[Model]]) -> None:
    for each in models_of_others:
        post_save.connect(of_either, sender=each)
