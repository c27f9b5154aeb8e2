"""Sentences about saved reports."""

from crosslook.contracts.messages.base import LocalizedMessage

REPORT_MESSAGES: dict[str, LocalizedMessage] = {
    "unknown_look": LocalizedMessage(
        "There is no Look {id}; it may have been deleted.",
        "Il n'y a pas de Look {id} ; il a peut-être été supprimé.",
    ),
    "unknown_dashboard": LocalizedMessage(
        "There is no dashboard {id}; it may have been deleted.",
        "Il n'y a pas de tableau de bord {id} ; il a peut-être été supprimé.",
    ),
    "too_large.chart": LocalizedMessage(
        "A chart holds at most {limit} values, nested ten deep at the most, with texts of at most 10,000 characters.",
        "Un graphique contient au plus {limit} valeurs, imbriquées sur dix niveaux au plus, avec des textes d'au plus "
        "10 000 caractères.",
    ),
    "too_many_tiles": LocalizedMessage(
        "A dashboard has at most {limit} tiles; this one has {count}.",
        "Un tableau de bord a au plus {limit} tuiles ; celui-ci en a {count}.",
    ),
    "bad_value.tile": LocalizedMessage(
        "A tile shows either a look, by its id, or a request of its own.",
        "Une tuile montre soit un look, par son identifiant, soit sa propre request.",
    ),
    "bad_value.position": LocalizedMessage(
        "A whole number from 0 to {limit} is expected here.",
        "Un nombre entier de 0 à {limit} est attendu ici.",
    ),
    "left_out.dimensions": LocalizedMessage(
        "{name} cannot be asked of this snapshot any more, so this dimension was left out.",
        "{name} ne peut plus être demandé à cet instantané ; cette dimension a été omise.",
    ),
    "left_out.measures": LocalizedMessage(
        "{name} cannot be asked of this snapshot any more, so this measure was left out.",
        "{name} ne peut plus être demandé à cet instantané ; cette mesure a été omise.",
    ),
    "left_out.pivot": LocalizedMessage(
        "{name} cannot be asked of this snapshot any more, so the report was not pivoted by it.",
        "{name} ne peut plus être demandé à cet instantané ; le rapport n'a pas été croisé selon lui.",
    ),
    "left_out.calculations": LocalizedMessage(
        "{name} names a column that is not in this result any more, so this calculation was left out.",
        "{name} nomme une colonne qui n'est plus dans ce résultat ; ce calcul a été omis.",
    ),
    "left_out.sort": LocalizedMessage(
        "{name} is not in this result any more, so it was not sorted by it.",
        "{name} n'est plus dans ce résultat ; il n'a pas servi au tri.",
    ),
    "left_out.filters": LocalizedMessage(
        "{name} cannot be tested as before, so this condition was left out: the numbers may cover other records.",
        "{name} ne peut plus être testé comme avant ; cette condition a été omise et les chiffres peuvent porter sur "
        "d'autres éléments.",
    ),
    "left_out.having": LocalizedMessage(
        "{name} is not in this result any more, so this condition was left out: other rows may be shown.",
        "{name} n'est plus dans ce résultat ; cette condition a été omise et d'autres lignes peuvent apparaître.",
    ),
    "left_out.relationship": LocalizedMessage(
        "The relationship {name} is gone, so everything about the contact was left out.",
        "La relation {name} n'existe plus ; tout ce qui concerne le contact a été omis.",
    ),
    "left_out.contacts": LocalizedMessage(
        "Records with and without a contact cannot be told apart any more, so contacts: {name} was left out.",
        "Les éléments avec et sans contact ne peuvent plus être distingués ; contacts : {name} a été omis.",
    ),
    "left_out.records": LocalizedMessage(
        "{name} cannot be asked of this snapshot any more, so contacts were not chosen by it.",
        "{name} ne peut plus être demandé à cet instantané ; les contacts n'ont pas été choisis selon cet objet.",
    ),
    "snapshot_not_applied": LocalizedMessage(
        "A dashboard shows one snapshot, so the one that this report names was not asked.",
        "Un tableau de bord montre un seul instantané ; celui que nomme ce rapport n'a pas été interrogé.",
    ),
    "filter_not_applied": LocalizedMessage(
        "The dashboard's filter on {name} does not apply to this tile.",
        "Le filtre du tableau de bord sur {name} ne s'applique pas à cette tuile.",
    ),
}
