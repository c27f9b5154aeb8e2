"""Sentences about saved reports."""

from crosslook.contracts.messages.base import LocalizedMessage

REPORT_MESSAGES: dict[str, LocalizedMessage] = {
    "unknown_look": LocalizedMessage(
        "There is no Look {id}; it may have been deleted.",
        "L'aperçu {id} n'existe pas ; il a peut-être été supprimé.",
    ),
    "unknown_dashboard": LocalizedMessage(
        "There is no dashboard {id}; it may have been deleted.",
        "Le tableau de bord {id} n'existe pas ; il a peut-être été supprimé.",
    ),
    "too_large.chart": LocalizedMessage(
        "A chart contains at most {limit} values, nested at most ten levels deep, with texts of at most 10,000 "
        "characters.",
        "Un graphique contient au plus {limit} valeurs, imbriquées sur dix niveaux au plus, avec des textes d'au plus "
        "10 000 caractères.",
    ),
    "too_many_tiles": LocalizedMessage(
        "A dashboard has at most {limit} tiles; this one has {count}.",
        "Un tableau de bord a au plus {limit} tuiles ; celui-ci en a {count}.",
    ),
    "bad_value.tile": LocalizedMessage(
        "A tile shows either a Look, named by its id in look, or its own request.",
        "Une tuile montre soit un aperçu, dont look donne l'identifiant, soit sa propre request.",
    ),
    "bad_value.position": LocalizedMessage(
        "A whole number from 0 to {limit} is expected here.",
        "Un nombre entier de 0 à {limit} est attendu ici.",
    ),
    "bad_value.filter_field": LocalizedMessage(
        "{name} is of type {type} and cannot be filtered as {filter}, of type {expected}; choose a field of the same "
        "kind, or null.",
        "{name} est de type {type} et ne se filtre pas comme {filter}, de type {expected} ; choisissez un champ de "
        "même nature, ou null.",
    ),
    "bad_parameter.tiles": LocalizedMessage(
        "The parameter tiles takes positions of tiles of this dashboard, counted from 0, such as 0,3.",
        "Le paramètre tiles accepte les positions de tuiles de ce tableau de bord, comptées à partir de 0, comme 0,3.",
    ),
    "left_out.dimensions": LocalizedMessage(
        "{name} is no longer available in this snapshot, so this dimension was left out.",
        "{name} n'est plus disponible dans cet instantané ; cette dimension a été omise.",
    ),
    "left_out.measures": LocalizedMessage(
        "{name} is no longer available in this snapshot, so this measure was left out.",
        "{name} n'est plus disponible dans cet instantané ; cette mesure a été omise.",
    ),
    "left_out.filtered_measure": LocalizedMessage(
        "The filtered measure {name} uses something that is no longer available in this snapshot, so it was left out.",
        "La mesure filtrée {name} utilise quelque chose qui n'est plus disponible dans cet instantané ; elle a été "
        "omise.",
    ),
    "left_out.pivot": LocalizedMessage(
        "{name} is no longer available in this snapshot, so the report is not pivoted by it.",
        "{name} n'est plus disponible dans cet instantané ; le rapport n'est pas croisé selon ce champ.",
    ),
    "left_out.calculations": LocalizedMessage(
        "{name} uses a column that is no longer in this result, so this calculation was left out.",
        "{name} utilise une colonne qui n'est plus dans ce résultat ; ce calcul a été omis.",
    ),
    "left_out.sort": LocalizedMessage(
        "{name} is no longer in this result, so the rows are not sorted by it.",
        "{name} n'est plus dans ce résultat ; les lignes ne sont pas triées selon cette colonne.",
    ),
    "left_out.filters": LocalizedMessage(
        "{name} can no longer be tested as before, so this condition was left out; other records may be counted or "
        "listed.",
        "{name} ne peut plus être testé comme avant ; cette condition a été omise et d'autres enregistrements peuvent "
        "être comptés ou listés.",
    ),
    "left_out.having": LocalizedMessage(
        "{name} is no longer in this result, so this condition was left out; other rows may be shown.",
        "{name} n'est plus dans ce résultat ; cette condition a été omise et d'autres lignes peuvent apparaître.",
    ),
    "left_out.relationship": LocalizedMessage(
        "The relationship {name} no longer exists, so everything about the contact was left out.",
        "La relation {name} n'existe plus ; tout ce qui concerne le contact a été omis.",
    ),
    "left_out.contacts": LocalizedMessage(
        "This snapshot no longer shows which records have a contact, so contacts: {name} was left out.",
        "Cet instantané ne montre plus quels enregistrements ont un contact ; contacts : {name} a été omis.",
    ),
    "left_out.records": LocalizedMessage(
        "{name} is no longer available in this snapshot, so contacts were not selected by it.",
        "{name} n'est plus disponible dans cet instantané ; les contacts n'ont pas été sélectionnés selon cet objet.",
    ),
    "left_out.compare": LocalizedMessage(
        "{name} is no longer available in this snapshot, so the report is not compared with its earlier period.",
        "{name} n'est plus disponible dans cet instantané ; le rapport n'est pas comparé à la période précédente.",
    ),
    "left_out.moved": LocalizedMessage(
        "{name} is no longer available in this snapshot, so its values are not moved.",
        "{name} n'est plus disponible dans cet instantané ; ses valeurs ne sont pas décalées.",
    ),
    "snapshot_not_applied": LocalizedMessage(
        "A dashboard shows a single snapshot, so the snapshot that this report names was not used.",
        "Un tableau de bord montre un seul instantané ; celui que nomme ce rapport n'a pas été utilisé.",
    ),
    "filter_not_applied": LocalizedMessage(
        "The dashboard's filter on {name} does not apply to this tile.",
        "Le filtre du tableau de bord sur {name} ne s'applique pas à cette tuile.",
    ),
}
