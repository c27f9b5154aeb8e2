"""Why a command cannot do what it was asked: place, reason, remedy."""

from crosslook.contracts.messages.base import LocalizedMessage

REFUSALS: dict[str, LocalizedMessage] = {
    "java_missing": LocalizedMessage(
        "Kafka needs Java {minimum} or newer, which is missing; install it: {command}",
        "Kafka a besoin de Java {minimum} ou plus récent, qui manque ; installez-le : {command}",
    ),
    "java_old": LocalizedMessage(
        "Kafka needs Java {minimum} or newer, but {found} was found; install it: {command}",
        "Kafka a besoin de Java {minimum} ou plus récent, mais {found} a été trouvé ; installez-le : {command}",
    ),
    "maven_missing": LocalizedMessage(
        "Maven, which downloads the jars of Kafka, is missing; install it: {command}",
        "Maven, qui télécharge les jars de Kafka, manque ; installez-le : {command}",
    ),
    "jars_missing": LocalizedMessage(
        "The jars of Kafka are missing in {folder}; download them: make setup",
        "Les jars de Kafka manquent dans {folder} ; téléchargez-les : make setup",
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
        "Port {port} ({name}) on 127.0.0.1 is in use; stop the process that uses it, or choose other ports with "
        "--port-base",
        "Le port {port} ({name}) de 127.0.0.1 est occupé ; arrêtez le processus qui l'utilise, ou choisissez d'autres "
        "ports avec --port-base",
    ),
    "bad_port_base": LocalizedMessage(
        "--port-base {base} is out of range; it must be between {least} and {most}",
        "--port-base {base} est hors limites ; il doit être entre {least} et {most}",
    ),
    "engine_folder_taken": LocalizedMessage(
        "{folder} is in use by the engine with pid {pid}; stop that engine, or name another data folder",
        "{folder} est utilisé par le moteur de pid {pid} ; arrêtez ce moteur, ou nommez un autre dossier",
    ),
    "engine_host": LocalizedMessage(
        "The development engine listens on loopback only, not on {host}; use a ClickHouse server",
        "Le moteur de développement n'écoute que sur la boucle locale, pas sur {host} ; utilisez un serveur ClickHouse",
    ),
    "engine_port": LocalizedMessage(
        "Port {port} on {host} is in use; choose another with --port",
        "Le port {port} de {host} est occupé ; choisissez-en un autre avec --port",
    ),
    "record_id_missing": LocalizedMessage(
        "The id of the record is missing: crosslook record TENANT OBJECT ID",
        "L'identifiant de l'enregistrement manque : crosslook record TENANT OBJECT ID",
    ),
    "already_up": LocalizedMessage(
        "A stack is already running in {folder} (pid {pid}); stop it with: crosslook down --data {folder}",
        "Une pile tourne déjà dans {folder} (pid {pid}) ; arrêtez-la par : crosslook down --data {folder}",
    ),
    "not_up": LocalizedMessage(
        "No stack is running in {folder}; start one with: crosslook up --data {folder}",
        "Aucune pile ne tourne dans {folder} ; lancez-en une par : crosslook up --data {folder}",
    ),
    "no_sessions": LocalizedMessage(
        "The service at {url} has no sessions. Start the stack again with this release, in a folder with its own "
        "signing key.",
        "Le service sur {url} n'a pas de sessions. Relancez la pile avec cette version, dans un dossier qui a sa "
        "propre clé de signature.",
    ),
    "no_keys": LocalizedMessage(
        "{folder} contains no signing key, because no stack was ever started there; start one with: crosslook up "
        "--data {folder}",
        "{folder} ne contient pas de clé de signature, car aucune pile n'y a été lancée ; lancez-en une par : "
        "crosslook up --data {folder}",
    ),
    "folder_unusable": LocalizedMessage(
        "The data folder {folder} cannot be used ({reason}); choose another with --data",
        "Le dossier de données {folder} est inutilisable ({reason}) ; choisissez-en un autre avec --data",
    ),
    "state_unreadable": LocalizedMessage(
        "{path} cannot be read as the state of a stack; delete it and start again",
        "{path} n'est pas lisible comme l'état d'une pile ; supprimez-le et relancez",
    ),
    "child_died": LocalizedMessage(
        "{name} exited {times} times before it was ready; the end of {log}:\n{tail}",
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
        "The stack in {folder} (pid {pid}) could not be stopped; stop that process by hand",
        "La pile de {folder} (pid {pid}) n'a pas pu être arrêtée ; arrêtez ce processus à la main",
    ),
    "bad_settings": LocalizedMessage(
        "Some environment variables are wrong; correct or unset them:\n{lines}",
        "Certaines variables d'environnement sont incorrectes ; corrigez-les ou retirez-les :\n{lines}",
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
        "{tenant!r} is not a tenant name: use up to 63 letters, digits, - and _, starting with a letter or a digit, or "
        "* for all tenants",
        "{tenant!r} n'est pas un nom de locataire : utilisez au plus 63 lettres, chiffres, - et _, en commençant par "
        "une lettre ou un chiffre, ou * pour tous les locataires",
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
        "The services accept the keys in {key_set}, which do not include the local signing key; get the token from the "
        "identity provider that owns those keys",
        "Les services acceptent les clés de {key_set}, qui ne comprennent pas la clé de signature locale ; demandez le "
        "jeton au fournisseur d'identité à qui appartiennent ces clés",
    ),
    "file_unwritable": LocalizedMessage(
        "{path} cannot be written: {reason}", "{path} ne peut pas être écrit : {reason}"
    ),
    "format_unknown": LocalizedMessage(
        "{path} has no known file extension; name a format with --format: {known}",
        "{path} n'a pas d'extension de fichier connue ; nommez un format avec --format : {known}",
    ),
    "output_needed": LocalizedMessage(
        "{form} cannot be shown on a terminal; name a file with --output",
        "{form} ne peut pas être affiché sur un terminal ; nommez un fichier avec --output",
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
        "{url} does not answer ({reason}); check the stack with: crosslook status",
        "{url} ne répond pas ({reason}) ; vérifiez la pile par : crosslook status",
    ),
    "service_refused": LocalizedMessage("{text}", "{text}"),
    "run_late": LocalizedMessage(
        "The run {run} is still {state} after {seconds} s; check it later with: crosslook status",
        "L'exécution {run} est encore {state} après {seconds} s ; vérifiez-la plus tard par : crosslook status",
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
        "{folder} contains a demonstration of {records} records; leave out --events, or choose another folder with "
        "--data",
        "{folder} contient une démonstration de {records} enregistrements ; omettez --events, ou choisissez un autre "
        "dossier avec --data",
    ),
    "numbers_wrong": LocalizedMessage(
        "{count} numbers do not match the generated data:\n{lines}",
        "{count} nombres ne correspondent pas aux données générées :\n{lines}",
    ),
}
