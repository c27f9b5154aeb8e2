"""Sentences about plans."""

from crosslook.contracts.messages.base import LocalizedMessage

PLAN_MESSAGES: dict[str, LocalizedMessage] = {
    "plan_required.own_objects": LocalizedMessage(
        "The plan {plan} does not include objects of your own; the plan {required} does. Existing objects still take "
        "events.",
        "Le plan {plan} ne comprend pas vos propres objets personnalisés ; le plan {required} les comprend. Les objets "
        "existants reçoivent toujours des événements.",
    ),
    "plan_required.custom_reports": LocalizedMessage(
        "The plan {plan} does not include custom reports; the plan {required} does. Saved reports still run.",
        "Le plan {plan} ne comprend pas les rapports personnalisés ; le plan {required} les comprend. Les rapports "
        "enregistrés fonctionnent toujours.",
    ),
    "plan_required.integrations": LocalizedMessage(
        "The plan {plan} does not include integrations; the plan {required} does.",
        "Le plan {plan} ne comprend pas les intégrations ; le plan {required} les comprend.",
    ),
    "plan_required.integrations_limit": LocalizedMessage(
        "The plan {plan} includes {limit} {limit:integration/integrations}; the plan {required} includes more.",
        "Le plan {plan} comprend {limit} {limit:intégration/intégrations} ; le plan {required} en comprend davantage.",
    ),
    "plan_required.exports": LocalizedMessage(
        "The plan {plan} does not include files of reports; the plan {required} does. Request JSON instead.",
        "Le plan {plan} ne comprend pas les fichiers de rapports ; le plan {required} les comprend. Demandez du JSON.",
    ),
    "plan_required.rows": LocalizedMessage(
        "This tenant has {usage} {usage:record/records}, and the plan {plan} includes {limit}; the plan {required} "
        "includes more. Events are still taken and saved reports still run.",
        "Ce locataire a {usage} {usage:enregistrement/enregistrements}, et le plan {plan} en comprend {limit} ; le "
        "plan {required} en comprend davantage. Les événements sont toujours reçus et les rapports enregistrés "
        "fonctionnent toujours.",
    ),
    "plan_required.refresh_on_demand": LocalizedMessage(
        "The plan {plan} does not include refreshes on demand; the plan {required} does.",
        "Le plan {plan} ne comprend pas le rafraîchissement des données à la demande ; le plan {required} le comprend.",
    ),
    "plan_required.none": LocalizedMessage(
        "The plan {plan} does not include this, and neither does any other plan of this installation. Ask your "
        "operator.",
        "Le plan {plan} ne le comprend pas, et aucun autre plan de cette installation non plus. Adressez-vous à votre "
        "opérateur.",
    ),
    "unknown_plan": LocalizedMessage(
        "There is no plan {name}; the plans are {known}.",
        "Le plan {name} n'existe pas ; les plans sont {known}.",
    ),
    "bad_value.plan_twice": LocalizedMessage(
        "There are two plans {name}; each name may occur once.",
        "Il y a deux plans {name} ; chaque nom ne peut figurer qu'une fois.",
    ),
}
