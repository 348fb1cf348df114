from django.db import models


class Bread(models.Model):
    name = models.CharField(max_length=20)
    price = models.IntegerField(default=3)


class Rye(Bread):
    pass


class Wheat(Bread):
    pass


class Spelt(Bread):
    pass


class Oat(Bread):
    pass
