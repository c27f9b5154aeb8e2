"""The JSON Schema of the options. English in `title` and `description`, French beside them in `x-fr`."""

from typing import Any, Final

from crosslook.contracts.ids import SLUG_MAX

_SLUG: Final = f"^[a-z][a-z0-9_]{{0,{SLUG_MAX - 1}}}$"
_PLACE_MAX = 500


def _text(longest: int = _PLACE_MAX, **described: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, **described}


def _place(described: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An option that names a place: a pointer as a text, or an object with more to say."""
    return {
        "type": ["string", "object"],
        "maxLength": _PLACE_MAX,
        "additionalProperties": False,
        "properties": {"pointer": _POINTER, "header": _HEADER, **more},
        **described,
    }


_POINTER: Final = {
    "type": "string",
    "maxLength": _PLACE_MAX,
    "title": "Pointer",
    "description": "JSON Pointer (RFC 6901) into the body, such as /order/id.",
    "x-fr": {
        "title": "Pointeur",
        "description": "Pointeur JSON (RFC 6901) dans le corps, par exemple /order/id.",
    },
}
_HEADER: Final = _text(
    100,
    title="Header",
    description="Name of a header of the request, instead of a pointer.",
    **{"x-fr": {"title": "En-tête", "description": "Nom d'un en-tête de la requête, à la place d'un pointeur."}},
)
_EACH: Final = {
    **_POINTER,
    "title": "Part of each item",
    "description": "The pointer leads to a list; this one leads from each item to its value.",
    "x-fr": {
        "title": "Partie de chaque élément",
        "description": "Le pointeur mène à une liste ; celui-ci mène de chaque élément à sa valeur.",
    },
}
_VALUES: Final = {
    "type": "object",
    "maxProperties": 500,
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    "title": "Replacements",
    "description": "What the vendor sends, and the value to store instead. Other values stay as they are.",
    "x-fr": {
        "title": "Remplacements",
        "description": "Ce que le fournisseur envoie, et la valeur à stocker. Les autres valeurs ne changent pas.",
    },
}
_CONSTANT: Final = {
    "type": ["string", "number", "boolean"],
    "title": "Constant",
    "description": "A fixed value for every record, instead of a pointer.",
    "x-fr": {"title": "Constante", "description": "Une valeur fixe pour chaque fiche, à la place d'un pointeur."},
}
_DIVIDE_BY: Final = {
    "type": "integer",
    "minimum": 1,
    "maximum": 1_000_000_000,
    "default": 1,
    "title": "Divide by",
    "description": "For amounts in the smallest unit of a currency: 100 turns cents into units.",
    "x-fr": {
        "title": "Diviser par",
        "description": "Pour les montants dans la plus petite unité d'une devise : 100 convertit les centimes.",
    },
}
_EQUALS: Final = {
    "type": "array",
    "minItems": 1,
    "maxItems": 100,
    "items": {"type": ["string", "number", "boolean"]},
    "title": "Equals one of",
    "description": "The message is meant if the value is one of these.",
    "x-fr": {"title": "Égale l'une de", "description": "Le message est concerné si la valeur est l'une de celles-ci."},
}


def _conditions(described: dict[str, Any]) -> dict[str, Any]:
    condition = {
        "type": "object",
        "required": ["equals"],
        "additionalProperties": False,
        "properties": {"pointer": _POINTER, "header": _HEADER, "equals": _EQUALS},
    }
    return {"type": "array", "maxItems": 20, "items": condition, **described}


_IDENTITY: Final = {
    "object": {
        **_text(SLUG_MAX),
        "pattern": _SLUG,
        "title": "Object",
        "description": "Slug of the object that receives the records. It must exist.",
        "x-fr": {"title": "Objet", "description": "Slug de l'objet qui reçoit les fiches. Il doit exister."},
    },
    "record": _place(
        {
            "title": "Record id",
            "description": "Where the vendor's id of the record is.",
            "x-fr": {"title": "Identifiant de la fiche", "description": "Où se trouve l'identifiant de la fiche."},
        }
    ),
    "time": _place(
        {
            "title": "Time of the change",
            "description": "Where the time of the change is. The latest message is the state of a record. Leave it out "
            "only for records that never change.",
            "x-fr": {
                "title": "Heure de la modification",
                "description": "Où se trouve l'heure de la modification. Le message le plus récent donne l'état de la "
                "fiche. À omettre uniquement pour des fiches qui ne changent jamais.",
            },
        }
    ),
    "sequence": _place(
        {
            "title": "Sequence",
            "description": "A number that orders messages of the same time, the greater one later.",
            "x-fr": {
                "title": "Numéro d'ordre",
                "description": "Un nombre qui ordonne les messages d'une même heure, le plus grand après.",
            },
        },
        values=_VALUES,
    ),
    "event": _place(
        {
            "title": "Event id",
            "description": "Where the vendor's id of the event is; by default a hash of the body.",
            "x-fr": {
                "title": "Identifiant de l'événement",
                "description": "Où se trouve l'identifiant de l'événement ; par défaut, une empreinte du corps.",
            },
        }
    ),
}
_MEANING: Final = {
    "type": _place(
        {
            "title": "Event type",
            "description": "Where the type of the event is.",
            "x-fr": {"title": "Type d'événement", "description": "Où se trouve le type de l'événement."},
        }
    ),
    "types": {
        "type": "array",
        "minItems": 1,
        "maxItems": 200,
        "items": _text(),
        "title": "Types to read",
        "description": "Messages of other types are ignored.",
        "x-fr": {"title": "Types à lire", "description": "Les messages d'autres types sont ignorés."},
    },
    "deleted": _conditions(
        {
            "title": "Deletions",
            "description": "The record is deleted if one of these applies.",
            "x-fr": {
                "title": "Suppressions",
                "description": "La fiche est supprimée si l'une de ces règles s'applique.",
            },
        }
    ),
    "ignored": _conditions(
        {
            "title": "Ignored messages",
            "description": "A message is ignored if one of these applies.",
            "x-fr": {
                "title": "Messages ignorés",
                "description": "Un message est ignoré si l'une de ces règles s'applique.",
            },
        }
    ),
    "state": {
        "type": "string",
        "enum": ["whole", "parts"],
        "default": "whole",
        "title": "What a message contains",
        "description": "whole: all of the record, and what is missing is empty. parts: only what changed.",
        "x-fr": {
            "title": "Contenu d'un message",
            "description": "whole : toute la fiche, et ce qui manque est vide. parts : seulement ce qui a changé.",
        },
    },
}
_CONTENT: Final = {
    "fields": {
        "type": "object",
        "maxProperties": 200,
        "propertyNames": {"pattern": _SLUG},
        "additionalProperties": _place({}, constant=_CONSTANT, each=_EACH, values=_VALUES, divide_by=_DIVIDE_BY),
        "title": "Fields",
        "description": "By slug of the object's field, where its value is.",
        "x-fr": {"title": "Champs", "description": "Par slug du champ de l'objet, où se trouve sa valeur."},
    },
    "relationships": {
        "type": "object",
        "maxProperties": 10,
        "propertyNames": {"pattern": _SLUG},
        "additionalProperties": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {
                "id": _place(
                    {
                        "title": "Contact id",
                        "description": "Where the id of the contact is.",
                        "x-fr": {"title": "Identifiant du contact", "description": "Où est l'identifiant du contact."},
                    },
                    each=_EACH,
                ),
                "email": _place(
                    {
                        "title": "E-mail",
                        "description": "Where the e-mail address is.",
                        "x-fr": {"title": "E-mail", "description": "Où est l'adresse e-mail."},
                    },
                    each=_EACH,
                ),
                "external": _place(
                    {
                        "title": "Vendor's id of the person",
                        "description": "Where it is. The foreign id of the contact is <integration>:<id>.",
                        "x-fr": {
                            "title": "Identifiant de la personne chez le fournisseur",
                            "description": "Où il est. L'identifiant externe du contact est <intégration>:<id>.",
                        },
                    },
                    each=_EACH,
                ),
            },
        },
        "title": "Relationships",
        "description": "By slug of the relationship, where the contact is named.",
        "x-fr": {"title": "Relations", "description": "Par slug de la relation, où le contact est désigné."},
    },
}


def mapping_options(signature: dict[str, Any]) -> dict[str, Any]:
    """The schema of all options, with that of the signature."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["object", "signature", "record", "fields"],
        "additionalProperties": False,
        "properties": {**_IDENTITY, "signature": signature, **_MEANING, **_CONTENT},
    }
