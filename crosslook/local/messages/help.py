"""Help texts of the command."""

from crosslook.contracts.messages.base import LocalizedMessage

HELP: dict[str, LocalizedMessage] = {
    "help": LocalizedMessage(
        "Crosslook: event-driven custom-object reporting on Kafka and ClickHouse.",
        "Crosslook : rapports sur objets personnalisés, par événements, sur Kafka et ClickHouse.",
    ),
    "help_up": LocalizedMessage(
        "Start the embedded stack: Kafka, the engine and the three services, supervised.",
        "Démarrer la pile embarquée : Kafka, le moteur et les trois services, supervisés.",
    ),
    "help_down": LocalizedMessage(
        "Stop the stack; its data are kept.",
        "Arrêter la pile ; ses données sont conservées.",
    ),
    "help_status": LocalizedMessage(
        "Show the processes of the stack; the exit status is 0 only when all of them are ready.",
        "Montrer les processus de la pile ; le statut de sortie est 0 seulement quand tous sont prêts.",
    ),
    "help_demo": LocalizedMessage(
        "Send the events of two tenants, refresh, and check a cross-joined report.",
        "Envoyer les événements de deux locataires, rafraîchir, et vérifier un rapport avec jointure croisée.",
    ),
    "help_token": LocalizedMessage("Print a bearer token.", "Afficher un jeton (bearer token)."),
    "help_open": LocalizedMessage(
        "Print a sign-in link to the page, valid once and for a minute; open it where there is a desktop.",
        "Afficher un lien de connexion à la page, valable une fois et pendant une minute ; l'ouvrir sur un bureau.",
    ),
    "help_open_tenant": LocalizedMessage(
        "Tenant to sign in to; by default all of them, and the page lets you choose.",
        "Locataire auquel se connecter ; par défaut tous, et la page laisse choisir.",
    ),
    "help_open_scope": LocalizedMessage(
        "Scopes of the session, separated by spaces; by default all of them.",
        "Portées de la session, séparées par des espaces ; par défaut toutes.",
    ),
    "help_no_browser": LocalizedMessage("Only print the link.", "Afficher seulement le lien."),
    "help_topics": LocalizedMessage(
        "Create missing topics and check the others.",
        "Créer les topics absents et vérifier les autres.",
    ),
    "help_skip": LocalizedMessage(
        "List the damaged batches of a log, or skip one of them for good.",
        "Lister les lots endommagés d'un journal, ou en ignorer un définitivement.",
    ),
    "help_skip_topic": LocalizedMessage(
        "The log: crosslook-schemas, crosslook-snapshots or crosslook-reports.",
        "Le journal : crosslook-schemas, crosslook-snapshots ou crosslook-reports.",
    ),
    "help_skip_offsets": LocalizedMessage(
        "The offsets of the batch to skip, as listed. What the batch contained is lost, unless it was written again "
        "since.",
        "Les offsets du lot à ignorer, comme dans la liste. Ce que le lot contenait est perdu, sauf s'il a été réécrit "
        "depuis.",
    ),
    "help_refresh": LocalizedMessage(
        "Refresh the data of the reports now.",
        "Lancer maintenant le rafraîchissement des données.",
    ),
    "help_ingest": LocalizedMessage("Show and control ingest.", "Montrer et piloter l'ingestion."),
    "help_ingest_status": LocalizedMessage(
        "Show the state of ingest and how far it is behind.",
        "Montrer l'état de l'ingestion et son retard.",
    ),
    "help_ingest_resume": LocalizedMessage(
        "Resume senders that were diverted because too many of their events were refused. Without --tenant, resume all "
        "of them and continue ingest where it stopped. Look at the quarantine first.",
        "Réadmettre des émetteurs détournés parce que trop de leurs événements ont été refusés. Sans --tenant, les "
        "réadmettre tous et reprendre l'ingestion là où elle s'est arrêtée. Regardez d'abord la quarantaine.",
    ),
    "help_resume_tenant": LocalizedMessage("Only this tenant's senders.", "Seulement les émetteurs de ce locataire."),
    "help_resume_source": LocalizedMessage(
        "Only the sender with this source; needs --tenant.",
        "Seulement l'émetteur qui a cette source ; exige --tenant.",
    ),
    "help_query": LocalizedMessage("Run a report request.", "Exécuter une requête de rapport."),
    "help_chart": LocalizedMessage(
        "Draw the first number of each row as a bar.",
        "Dessiner le premier nombre de chaque ligne comme une barre.",
    ),
    "help_format": LocalizedMessage(
        "Write the rows as a file, to standard output unless --output names one.",
        "Écrire les lignes comme fichier, sur la sortie standard sauf si --output en nomme un.",
    ),
    "help_output": LocalizedMessage(
        "The file to write; without --format, the file extension sets the format.",
        "Le fichier à écrire ; sans --format, l'extension du fichier détermine le format.",
    ),
    "help_query_dry_run": LocalizedMessage(
        "Show the SQL statements and how many rows they read, without running them.",
        "Montrer les requêtes SQL et combien de lignes elles lisent, sans les exécuter.",
    ),
    "help_record": LocalizedMessage(
        "Show where a record is: its state, its fields and links in the reports, and what became of each event.",
        "Montrer où est un enregistrement : son état, ses champs et liens dans les rapports, et le résultat de chaque "
        "événement.",
    ),
    "help_record_object": LocalizedMessage(
        "Object, such as ticket or contact.", "Objet, par exemple ticket ou contact."
    ),
    "help_record_id": LocalizedMessage("Id of the record.", "Identifiant de l'enregistrement."),
    "help_record_tenant": LocalizedMessage("Tenant of the record.", "Locataire de l'enregistrement."),
    "help_replay": LocalizedMessage(
        "Send quarantined events through admission again; without --yes, only show what would happen.",
        "Rejouer des événements en quarantaine, qui repassent l'admission ; sans --yes, montrer seulement le résultat.",
    ),
    "help_ids": LocalizedMessage(
        "Ids of events, separated by commas; may be repeated.",
        "Identifiants d'événements, séparés par des virgules ; peut être répété.",
    ),
    "help_of_tenant": LocalizedMessage("Only this tenant's events.", "Seulement les événements de ce locataire."),
    "help_of_object": LocalizedMessage("Only this object's events.", "Seulement les événements de cet objet."),
    "help_of_code": LocalizedMessage(
        "Only events refused with this code.",
        "Seulement les événements refusés avec ce code.",
    ),
    "help_of_source": LocalizedMessage("Only events of this source.", "Seulement les événements de cette source."),
    "help_dry_run": LocalizedMessage(
        "--dry-run only counts and is the default; --yes replays.",
        "--dry-run ne fait que compter, c'est le défaut ; --yes rejoue.",
    ),
    "help_data": LocalizedMessage("Data folder of the stack.", "Dossier de données de la pile."),
    "help_json": LocalizedMessage("Print JSON.", "Afficher du JSON."),
    "help_port_base": LocalizedMessage(
        "Services on N+1, N+2, N+3, Kafka on N+92, engine on N+123; default: 8000, or the last one used here.",
        "Services sur N+1, N+2, N+3, Kafka sur N+92, moteur sur N+123 ; par défaut : 8000, ou le dernier utilisé ici.",
    ),
    "help_detach": LocalizedMessage(
        "Return once everything is ready; the stack keeps running in the background.",
        "Rendre la main une fois tout prêt ; la pile continue de tourner en arrière-plan.",
    ),
    "help_events": LocalizedMessage(
        "About how many records to generate; default: 30,000, or the number used before in this folder.",
        "Nombre approximatif d'enregistrements à générer ; par défaut : 30 000, ou le nombre déjà utilisé dans ce "
        "dossier.",
    ),
    "help_exit": LocalizedMessage(
        "Afterwards, stop what this command started.",
        "Ensuite, arrêter ce que cette commande a démarré.",
    ),
    "help_tenant": LocalizedMessage("Tenant; * stands for all tenants.", "Locataire ; * désigne tous les locataires."),
    "help_scope": LocalizedMessage("Scopes, separated by spaces.", "Portées, séparées par des espaces."),
    "help_ttl": LocalizedMessage(
        "How long the token is valid: 90s, 30m, 1h, 7d; at most 30d.",
        "Durée de validité du jeton : 90s, 30m, 1h, 7d ; au plus 30d.",
    ),
    "help_wait": LocalizedMessage(
        "Wait until the run ends and show its progress.",
        "Attendre la fin de l'exécution et montrer sa progression.",
    ),
    "help_file": LocalizedMessage(
        "File with the request as JSON; - reads standard input.",
        "Fichier de la requête en JSON ; - lit l'entrée standard.",
    ),
}
