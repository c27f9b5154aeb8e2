"""Why a command cannot do what it was asked: place, reason, remedy."""

from crosslook.contracts.messages.base import LocalizedMessage

REFUSALS: dict[str, LocalizedMessage] = {
    "java_missing": LocalizedMessage(
        "Java {minimum} or newer is needed for Kafka and is missing; install it: {command}",
        "Java {minimum} ou plus récent est nécessaire à Kafka et manque ; installez-le : {command}",
    ),
    "java_old": LocalizedMessage(
        "Java {minimum} or newer is needed for Kafka, found {found}; install it: {command}",
        "Java {minimum} ou plus récent est nécessaire à Kafka, trouvé {found} ; installez-le : {command}",
    ),
    "maven_missing": LocalizedMessage(
        "Maven is needed to fetch Kafka's jars and is missing; install it: {command}",
        "Maven est nécessaire pour obtenir les jars de Kafka et manque ; installez-le : {command}",
    ),
    "jars_missing": LocalizedMessage(
        "Kafka's jars are missing in {folder}; fetch them: make setup",
        "Les jars de Kafka manquent dans {folder} ; obtenez-les : make setup",
    ),
    "folder_comma": LocalizedMessage(
        "{folder} has a comma in its name, which Kafka reads as two folders; choose another data folder with --data",
        "{folder} a une virgule dans son nom, que Kafka lit comme deux dossiers ; choisissez un autre dossier avec "
        "--data",
    ),
    "format_failed": LocalizedMessage(
        "{folder} could not be formatted for Kafka: {reason}",
        "{folder} n'a pas pu être formaté pour Kafka : {reason}",
    ),
    "port_taken": LocalizedMessage(
        "Port {port} ({name}) on 127.0.0.1 is taken; stop what uses it, or choose other ports with --port-base",
        "Le port {port} ({name}) de 127.0.0.1 est pris ; arrêtez ce qui l'occupe, ou choisissez d'autres ports avec "
        "--port-base",
    ),
    "bad_port_base": LocalizedMessage(
        "--port-base {base} does not fit; it must be between {least} and {most}",
        "--port-base {base} ne convient pas ; il doit être entre {least} et {most}",
    ),
    "engine_folder_taken": LocalizedMessage(
        "{folder} is in use by the engine with pid {pid}; stop it, or name another data folder",
        "{folder} est utilisé par le moteur de pid {pid} ; arrêtez-le, ou nommez un autre dossier",
    ),
    "engine_host": LocalizedMessage(
        "The development engine listens on loopback only, not on {host}; use a ClickHouse server",
        "Le moteur de développement n'écoute que sur la boucle locale, pas sur {host} ; utilisez un serveur ClickHouse",
    ),
    "engine_port": LocalizedMessage(
        "Port {port} on {host} is taken; choose another with --port",
        "Le port {port} de {host} est pris ; choisissez-en un autre avec --port",
    ),
    "already_up": LocalizedMessage(
        "A stack already runs in {folder} (pid {pid}); stop it with: crosslook down --data {folder}",
        "Une pile tourne déjà dans {folder} (pid {pid}) ; arrêtez-la par : crosslook down --data {folder}",
    ),
    "not_up": LocalizedMessage(
        "No stack runs in {folder}; start one with: crosslook up --data {folder}",
        "Aucune pile ne tourne dans {folder} ; lancez-en une par : crosslook up --data {folder}",
    ),
    "no_keys": LocalizedMessage(
        "{folder} holds no signing key, no stack was ever started there; start one with: crosslook up --data {folder}",
        "{folder} ne contient pas de clé de signature, aucune pile n'y a été lancée ; lancez-en une par : "
        "crosslook up --data {folder}",
    ),
    "folder_unusable": LocalizedMessage(
        "The data folder {folder} cannot be used ({reason}); choose another with --data",
        "Le dossier de données {folder} est inutilisable ({reason}) ; choisissez-en un autre avec --data",
    ),
    "state_unreadable": LocalizedMessage(
        "{path} cannot be read as the state of a stack; remove it and start again",
        "{path} n'est pas lisible comme l'état d'une pile ; supprimez-le et relancez",
    ),
    "child_died": LocalizedMessage(
        "{name} ended {times} times before it was ready; the end of {log}:\n{tail}",
        "{name} s'est arrêté {times} fois avant d'être prêt ; la fin de {log} :\n{tail}",
    ),
    "child_late": LocalizedMessage(
        "{name} is not ready after {seconds} s ({reason}); the end of {log}:\n{tail}",
        "{name} n'est pas prêt après {seconds} s ({reason}) ; la fin de {log} :\n{tail}",
    ),
    "start_failed": LocalizedMessage(
        "The stack did not start; the end of {log}:\n{tail}",
        "La pile n'a pas démarré ; la fin de {log} :\n{tail}",
    ),
    "stop_failed": LocalizedMessage(
        "The stack in {folder} (pid {pid}) could not be stopped; end that process by hand",
        "La pile de {folder} (pid {pid}) n'a pas pu être arrêtée ; terminez ce processus à la main",
    ),
    "bad_settings": LocalizedMessage(
        "Environment variables are wrong; correct or unset them:\n{lines}",
        "Des variables d'environnement sont incorrectes ; corrigez-les ou retirez-les :\n{lines}",
    ),
    "unknown_scope": LocalizedMessage(
        "There is no scope {scope}; the scopes are {known}",
        "La portée {scope} n'existe pas ; les portées sont {known}",
    ),
    "no_scope": LocalizedMessage(
        "--scope names no scope; the scopes are {known}",
        "--scope ne nomme aucune portée ; les portées sont {known}",
    ),
    "bad_tenant": LocalizedMessage(
        "{tenant!r} is no tenant's name: up to 63 letters, digits, - and _, beginning with a letter or a digit, or * "
        "for all",
        "{tenant!r} n'est pas un nom de locataire : au plus 63 lettres, chiffres, - et _, en commençant par une lettre "
        "ou un chiffre, ou * pour tous",
    ),
    "bad_ttl": LocalizedMessage(
        "--ttl {ttl} cannot be read; write it as 90s, 30m, 1h or 7d",
        "--ttl {ttl} est illisible ; écrivez 90s, 30m, 1h ou 7d",
    ),
    "ttl_too_long": LocalizedMessage(
        "--ttl {ttl} is too long: a token is valid for at most {limit} days",
        "--ttl {ttl} est trop long : un jeton est valable au plus {limit} jours",
    ),
    "key_not_accepted": LocalizedMessage(
        "The services accept the keys in {key_set}, and the local signing key is not among them; get the token from "
        "the identity provider whose keys these are",
        "Les services acceptent les clés de {key_set}, et la clé de signature locale n'y figure pas ; demandez le "
        "jeton au fournisseur d'identité à qui appartiennent ces clés",
    ),
    "file_unwritable": LocalizedMessage(
        "{path} cannot be written: {reason}", "{path} ne peut pas être écrit : {reason}"
    ),
    "format_unknown": LocalizedMessage(
        "The name {path} says no format; name one with --format: {known}",
        "Le nom {path} n'indique aucun format ; nommez-en un avec --format : {known}",
    ),
    "output_needed": LocalizedMessage(
        "{form} is not for reading on a terminal; name a file with --output",
        "{form} ne se lit pas sur un terminal ; nommez un fichier avec --output",
    ),
    "file_unreadable": LocalizedMessage(
        "{path} cannot be read: {reason}",
        "{path} est illisible : {reason}",
    ),
    "file_not_json": LocalizedMessage(
        "{path} is not JSON: {reason}",
        "{path} n'est pas du JSON : {reason}",
    ),
    "service_silent": LocalizedMessage(
        "{url} does not answer ({reason}); see: crosslook status",
        "{url} ne répond pas ({reason}) ; voyez : crosslook status",
    ),
    "service_refused": LocalizedMessage("{text}", "{text}"),
    "run_late": LocalizedMessage(
        "The run {run} is still {state} after {seconds} s; look at it later: crosslook status",
        "L'exécution {run} est encore {state} après {seconds} s ; voyez plus tard : crosslook status",
    ),
    "run_failed": LocalizedMessage(
        "The run {run} failed: {reason}",
        "L'exécution {run} a échoué : {reason}",
    ),
    "kafka_silent": LocalizedMessage(
        "Kafka does not answer: {reason}",
        "Kafka ne répond pas : {reason}",
    ),
    "topics_wrong": LocalizedMessage(
        "These topics are missing or endanger data: {names}",
        "Ces topics sont absents ou mettent des données en danger : {names}",
    ),
    "skip_topic": LocalizedMessage(
        "{topic} is not a log of stored documents; name one of: {topics}",
        "{topic} n'est pas un journal de documents ; indiquez l'un de ceux-ci : {topics}",
    ),
    "skip_unknown": LocalizedMessage(
        "{topic} has no damaged batch at the offsets {offsets}; damaged: {found}",
        "{topic} ne contient pas de lot endommagé aux offsets {offsets} ; endommagés : {found}",
    ),
    "demo_size": LocalizedMessage(
        "{folder} holds a demonstration of {records} records; leave --events out, or choose another folder with --data",
        "{folder} contient une démonstration de {records} enregistrements ; omettez --events, ou choisissez un autre "
        "dossier avec --data",
    ),
    "numbers_wrong": LocalizedMessage(
        "{count} numbers are not what the generated data say:\n{lines}",
        "{count} nombres ne sont pas ce que disent les données générées :\n{lines}",
    ),
}
