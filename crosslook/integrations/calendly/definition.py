"""The object that a connection to Calendly brings: bookings, each with the person who booked."""

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import Definition, FieldDef, FieldType, Labels, OptionDef, RelationshipDef
from crosslook.integrations.interface import JsonObject

INVITEE = "invitee"
"""The relationship to the person who booked."""
CANCELERS = ("host", "invitee")
_TEXT, _TEXTAREA, _NUMBER, _DATETIME = FieldType.TEXT, FieldType.TEXTAREA, FieldType.NUMBER, FieldType.DATETIME


def define_booking(slug: str, options: JsonObject) -> Definition:
    """The definition of bookings under this slug."""
    return Definition(
        object=slug,
        labels=Labels(singular="Calendly booking", plural="Calendly bookings"),
        description="Bookings of Calendly. One that was rescheduled is one record.",
        fields=_FIELDS,
        relationships=(
            RelationshipDef(
                slug=INVITEE, label="Invitee", description="Who booked, by e-mail.", target=CONTACT, many=False
            ),
        ),
    )


def _field(slug: str, label: str, kind: FieldType, description: str = "") -> FieldDef:
    return FieldDef(slug=slug, label=label, type=kind, description=description)


def _count(slug: str, label: str, description: str, scale: int = 0) -> FieldDef:
    return FieldDef(slug=slug, label=label, type=_NUMBER, description=description, scale=scale)


def _choice(slug: str, label: str, description: str, *values: str) -> FieldDef:
    options = tuple(OptionDef(value=value, label=value.capitalize()) for value in values)
    return FieldDef(slug=slug, label=label, type=FieldType.DROPDOWN, description=description, options=options)


_FIELDS = (
    _field("booking_id", "Booking ID", _TEXT, "Calendly's id of the first invitee of the booking."),
    _field("event_name", "Event", _TEXT),
    _field("event_type", "Event type ID", _TEXT, "Calendly's id of the event type."),
    _field("host", "Host", _TEXT, "The hosts by name."),
    _choice("status", "Status", "A rescheduled booking is active.", "active", "canceled"),
    _field("starts_at", "Starts", _DATETIME),
    _field("ends_at", "Ends", _DATETIME),
    _count("duration_minutes", "Duration (minutes)", "From start to end."),
    _field("booked_at", "Booked", _DATETIME, "When it was first booked; a reschedule does not change it."),
    _count("reschedules", "Reschedules", "How often the booking was moved."),
    _field("canceled_at", "Canceled", _DATETIME),
    _choice("canceled_by", "Canceled by", "Who canceled it.", *CANCELERS),
    _field("cancel_reason", "Reason of the cancellation", _TEXT),
    _field("no_show", "No-show", FieldType.BOOLEAN, "Whether the host marked the invitee as a no-show."),
    _field("timezone", "Invitee's time zone", _TEXT),
    _field("location", "Location", _TEXT, "An address, a phone number or the kind of conference."),
    _field("utm_source", "UTM source", _TEXT, "Of the first booking."),
    _field("utm_medium", "UTM medium", _TEXT, "Of the first booking."),
    _field("utm_campaign", "UTM campaign", _TEXT, "Of the first booking."),
    _count("payment_amount", "Payment", "In the currency of the payment.", scale=2),
    _field("payment_currency", "Payment currency", _TEXT),
    _field("questions", "Questions", _TEXTAREA, "The invitee's answers, a line for each question."),
)
