"""The classes that a generated file begins with: the base of all models, and fields that Django does not have."""

from __future__ import annotations

BASE = '''class {base}(models.Model):
    """What all models have in common: the tables are the database's, not Django's."""

    class Meta:
        abstract = True
        managed = False'''

READ_ONLY = '''class ReadOnlyQuerySet(models.QuerySet):
    """Rows that can be read, and not written."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"{{self.model.__name__}} can only be read")

    bulk_create = bulk_update = delete = update = _refuse
    _insert = _raw_delete = _update = _refuse


class ReadOnly({base}):
    """A row that can be read, and not written."""

    objects = ReadOnlyQuerySet.as_manager()

    class Meta({base}.Meta):
        abstract = True

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError(f"{{type(self).__name__}} can only be read")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{{type(self).__name__}} can only be read")'''

DATABASE_FIELD = '''class DatabaseField(models.TextField):
    """A type of the database's; values are as the driver gives and takes them."""

    def __init__(self, sql_type: str, *args: Any, **kwargs: Any) -> None:
        self.sql_type = sql_type
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        return self.sql_type

    def to_python(self, value: Any) -> Any:
        return value

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.sql_type, *args], kwargs'''

ARRAY_FIELD = '''class DatabaseArrayField(pg_fields.ArrayField):
    """An array of a type that the driver does not know, and gives as a text."""

    _ITEM = re.compile(r\'"((?:[^"\\\\]|\\\\.)*)"|([^,{}]+)\')

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if not isinstance(value, str):
            return value
        return [
            (None if plain == "NULL" else plain)
            if plain
            else re.sub(r"\\\\(.)", r"\\1", quoted)
            for quoted, plain in self._ITEM.findall(value)
        ]'''

LOCAL_FIELD = '''class LocalDateTimeField(models.DateTimeField):
    """A timestamp without time zone, which is naive whatever USE_TZ says."""

    def db_type(self, connection: Any) -> str:
        return "timestamp"

    def get_prep_value(self, value: Any) -> Any:
        value = models.Field.get_prep_value(self, value)
        return self.to_python(value) if isinstance(value, str) else value'''

NUMERIC_FIELD = '''class NumericField(models.DecimalField):
    """A number of as many digits as it has."""

    def __init__(self, sql_type: str = "numeric", *args: Any, **kwargs: Any) -> None:
        self.sql_type = sql_type
        super().__init__(*args, **{**kwargs, "max_digits": 1000, "decimal_places": 500})

    def db_type(self, connection: Any) -> str:
        return self.sql_type

    def get_internal_type(self) -> str:
        return "NumericField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.to_python(str(value) if isinstance(value, float) else value)

    def to_python(self, value: Any) -> Any:
        return value if value is None else decimal.Decimal(str(value))

    def get_db_prep_value(
        self, value: Any, connection: Any, prepared: bool = False
    ) -> Any:
        is_known = value is None or connection.vendor == "postgresql"
        return value if is_known or hasattr(value, "as_sql") else str(value)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.sql_type, *args], kwargs'''

JSON_FIELD = '''class PlainJSONField(models.JSONField):
    """A column of the type json, which the driver has read already."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value'''

LONG_NAMES = '''class LongNames:
    """Names of indexes as the database allows them; Django asks for up to 30 signs."""

    max_name_length = 63'''

ON_DELETE = """# What the database does when a row is deleted; Django knows of it since 6.1.
DB_CASCADE = getattr(models, "DB_CASCADE", models.DO_NOTHING)
DB_SET_NULL = getattr(models, "DB_SET_NULL", models.DO_NOTHING)"""

# In the order in which they stand, by the names that ask for them.
HELPERS: dict[str, str] = {
    "DB_CASCADE": ON_DELETE,
    "DB_SET_NULL": ON_DELETE,
    "ReadOnly": READ_ONLY,
    "DatabaseField": DATABASE_FIELD,
    "DatabaseArrayField": ARRAY_FIELD,
    "LocalDateTimeField": LOCAL_FIELD,
    "NumericField": NUMERIC_FIELD,
    "PlainJSONField": JSON_FIELD,
    "LongNames": LONG_NAMES,
}
