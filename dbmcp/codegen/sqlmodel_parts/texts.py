"""The classes that all of SQLModel's are made of."""

from __future__ import annotations

BASE = '''class {base}(SQLModel):
    """What all models have in common."""

    if TYPE_CHECKING:
        # SQLModel's is a function, in whose place a type checker lets no text stand.
        __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride]

    model_config = {{
        "validate_by_name": True,
        "validate_by_alias": True,
        "protected_namespaces": (),
        "ser_json_bytes": "base64",
        "val_json_bytes": "base64",
        "ser_json_inf_nan": "strings",
    }}

    @classmethod
    def model_validate_json(
        cls, json_data: str | bytes | bytearray, **options: Any
    ) -> Self:
        """Return a model that a session takes, which Pydantic's own would not be."""
        made = super().model_validate_json(json_data, **options)
        return cls.model_validate(
            {{name: getattr(made, name) for name in made.model_fields_set}}
        )'''

READ_ONLY = '''class ReadOnly({base}):
    """Rows that can only be read: of views, and of what the metadata does not create."""

    # A metaclass of SQLAlchemy's has one that is no variable of the class.
    metadata: ClassVar[sa.MetaData] = sa.MetaData()  # pyright: ignore[reportIncompatibleVariableOverride]


def _refuse(_mapper: object, _connection: object, target: object) -> None:
    raise _exc.InvalidRequestError(f"{{type(target).__name__}} can only be read")


for _moment in ("before_insert", "before_update", "before_delete"):
    _event.listen(ReadOnly, _moment, _refuse, propagate=True)'''
