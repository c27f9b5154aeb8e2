"""The JSON Schema of the option `signature`."""

from typing import Any, Final

from crosslook.integrations.generic.signatures import DEFAULT_TOLERANCE_SECONDS

_NAME: Final = {"type": "string", "minLength": 1, "maxLength": 100}
_TIMESTAMP: Final[dict[str, Any]] = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
    "properties": {
        "header": {
            **_NAME,
            "title": "Header of the time",
            "description": "The time is the value of this header.",
            "x-fr": {"title": "En-tête de l'heure", "description": "L'heure est la valeur de cet en-tête."},
        },
        "part": {
            **_NAME,
            "title": "Part of the signature header",
            "description": "The time is the part with this name, such as t in t=…,v1=….",
            "x-fr": {
                "title": "Partie de l'en-tête de signature",
                "description": "L'heure est la partie de ce nom, par exemple t dans t=…,v1=….",
            },
        },
    },
    "title": "Time of signing",
    "description": "Where the time is that the vendor signs together with the body.",
    "x-fr": {
        "title": "Heure de signature",
        "description": "Où se trouve l'heure que le fournisseur signe avec le corps.",
    },
}

SIGNATURE_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["header"],
    "additionalProperties": False,
    "properties": {
        "header": {
            **_NAME,
            "title": "Header",
            "description": "Name of the header with the signature.",
            "x-fr": {"title": "En-tête", "description": "Nom de l'en-tête qui contient la signature."},
        },
        "algorithm": {
            "type": "string",
            "enum": ["sha1", "sha256", "sha512"],
            "default": "sha256",
            "title": "Algorithm",
            "description": "Hash function of the HMAC.",
            "x-fr": {"title": "Algorithme", "description": "Fonction de hachage du HMAC."},
        },
        "encoding": {
            "type": "string",
            "enum": ["hex", "base64"],
            "default": "hex",
            "title": "Encoding",
            "description": "How the signature is written.",
            "x-fr": {"title": "Encodage", "description": "Écriture de la signature."},
        },
        "prefix": {
            "type": "string",
            "maxLength": 50,
            "default": "",
            "title": "Prefix",
            "description": "What precedes the signature, such as sha256=.",
            "x-fr": {"title": "Préfixe", "description": "Ce qui précède la signature, par exemple sha256=."},
        },
        "part": {
            **_NAME,
            "title": "Part with the signature",
            "description": "The header has parts such as t=…,v1=…; the signature is the part with this name.",
            "x-fr": {
                "title": "Partie de la signature",
                "description": "L'en-tête a des parties comme t=…,v1=… ; la signature est la partie de ce nom.",
            },
        },
        "timestamp": _TIMESTAMP,
        "signed": {
            "type": "string",
            "maxLength": 200,
            "default": "{body}",
            "title": "What is signed",
            "description": "{body}, {timestamp} and {header:name} between fixed texts, such as {timestamp}.{body}.",
            "x-fr": {
                "title": "Ce qui est signé",
                "description": "{body}, {timestamp} et {header:nom} entre des textes fixes : {timestamp}.{body}.",
            },
        },
        "tolerance_seconds": {
            "type": "integer",
            "minimum": 1,
            "maximum": 86_400,
            "default": DEFAULT_TOLERANCE_SECONDS,
            "title": "Tolerance in seconds",
            "description": "Messages that were signed longer ago are accepted and counted as stale.",
            "x-fr": {
                "title": "Tolérance en secondes",
                "description": "Les messages signés depuis plus longtemps sont acceptés et comptés comme anciens.",
            },
        },
        "secret": {
            "type": "string",
            "enum": ["text", "base64"],
            "default": "text",
            "title": "Form of the secret",
            "description": "text: used as it is shown. base64: decoded first, without whsec_.",
            "x-fr": {
                "title": "Forme du secret",
                "description": "text : utilisé tel quel. base64 : d'abord décodé, sans whsec_.",
            },
        },
    },
    "title": "Signature",
    "description": "How the vendor signs its messages with HMAC.",
    "x-fr": {"title": "Signature", "description": "Comment le fournisseur signe ses messages avec HMAC."},
}
