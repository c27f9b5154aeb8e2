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
        "Stop the stack in order; data stay.", "Arrêter la pile dans l'ordre ; les données restent."
    ),
    "help_status": LocalizedMessage(
        "Show what runs; the exit status is 0 only when all is ready.",
        "Montrer ce qui tourne ; le statut de sortie est 0 seulement quand tout est prêt.",
    ),
    "help_demo": LocalizedMessage(
        "Load two tenants through the real intake, refresh, and check a cross-joined report.",
        "Charger deux locataires par la vraie entrée, rafraîchir, et vérifier un rapport croisé.",
    ),
    "help_token": LocalizedMessage("Print one bearer token.", "Afficher un jeton."),
    "help_topics": LocalizedMessage("Create or check the topics.", "Créer ou vérifier les topics."),
    "help_skip": LocalizedMessage(
        "List the damaged batches of a log, or skip one of them for good.",
        "Lister les lots endommagés d'un journal, ou en ignorer un définitivement.",
    ),
    "help_skip_topic": LocalizedMessage(
        "The log: crosslook-schemas, crosslook-snapshots or crosslook-reports.",
        "Le journal : crosslook-schemas, crosslook-snapshots ou crosslook-reports.",
    ),
    "help_skip_offsets": LocalizedMessage(
        "The offsets of the batch to skip, as they are listed. What it held and was not written again since is lost.",
        "Les offsets du lot à ignorer, comme dans la liste. Ce qu'il contenait est perdu s'il n'a pas été réécrit.",
    ),
    "help_refresh": LocalizedMessage(
        "Refresh the reports' data now.", "Rafraîchir maintenant les données des rapports."
    ),
    "help_ingest": LocalizedMessage("Look after ingest.", "S'occuper de l'ingestion."),
    "help_ingest_status": LocalizedMessage(
        "Say what ingest does and how far it is behind.", "Dire ce que fait l'ingestion et quel est son retard."
    ),
    "help_ingest_resume": LocalizedMessage(
        "Let in again senders that were diverted because too many of their events were refused; without --tenant all "
        "of them, and go on where ingest stopped. Look at the quarantine first.",
        "Réadmettre des émetteurs détournés parce que trop de leurs événements ont été refusés ; sans --tenant, tous, "
        "et reprendre là où l'ingestion s'est arrêtée. Regardez d'abord la quarantaine.",
    ),
    "help_resume_tenant": LocalizedMessage("Only this tenant's senders.", "Seulement les émetteurs de ce locataire."),
    "help_resume_source": LocalizedMessage(
        "Only the sender with this source; needs --tenant.",
        "Seulement l'émetteur qui a cette source ; exige --tenant.",
    ),
    "help_query": LocalizedMessage("Run a report request.", "Exécuter une demande de rapport."),
    "help_chart": LocalizedMessage(
        "Draw the first figure of each row as a bar.", "Dessiner le premier chiffre de chaque ligne en barre."
    ),
    "help_format": LocalizedMessage(
        "Write the rows as a file, on standard output unless --output names one.",
        "Écrire les lignes comme fichier, sur la sortie standard sauf si --output en nomme un.",
    ),
    "help_output": LocalizedMessage(
        "The file to write; without --format its name says which format.",
        "Le fichier à écrire ; sans --format, son nom indique le format.",
    ),
    "help_query_dry_run": LocalizedMessage(
        "Show the statements and how many rows they read; run nothing.",
        "Montrer les requêtes et combien de lignes elles lisent ; ne rien exécuter.",
    ),
    "help_replay": LocalizedMessage(
        "Send quarantined events through admission again; without --yes only say what would come of it.",
        "Renvoyer des événements en quarantaine à l'admission ; sans --yes, dire seulement ce qui en résulterait.",
    ),
    "help_ids": LocalizedMessage(
        "Ids of events, separated by commas; may be repeated.",
        "Identifiants d'événements, séparés par des virgules ; peut être répété.",
    ),
    "help_of_tenant": LocalizedMessage("Only this tenant's events.", "Seulement les événements de ce locataire."),
    "help_of_object": LocalizedMessage("Only this object's events.", "Seulement les événements de cet objet."),
    "help_of_code": LocalizedMessage("Only those refused with this code.", "Seulement ceux refusés avec ce code."),
    "help_of_source": LocalizedMessage("Only those of this source.", "Seulement ceux de cette source."),
    "help_dry_run": LocalizedMessage(
        "Only count, which is the default, or replay.", "Seulement compter, par défaut, ou renvoyer."
    ),
    "help_data": LocalizedMessage("Data folder of the stack.", "Dossier de données de la pile."),
    "help_json": LocalizedMessage("Print JSON.", "Afficher du JSON."),
    "help_port_base": LocalizedMessage(
        "Services on N+1, N+2, N+3, Kafka on N+92, engine on N+123; default 8000, or the last one used here.",
        "Services sur N+1, N+2, N+3, Kafka sur N+92, moteur sur N+123 ; par défaut 8000, ou le dernier utilisé ici.",
    ),
    "help_detach": LocalizedMessage(
        "Return once everything is ready and keep it running.",
        "Rendre la main une fois tout prêt et laisser tourner.",
    ),
    "help_events": LocalizedMessage(
        "About how many records to generate; default 30,000, or as before in this folder.",
        "Nombre approximatif d'enregistrements à générer ; par défaut 30 000, ou comme avant dans ce dossier.",
    ),
    "help_exit": LocalizedMessage("Stop afterwards what was started.", "Arrêter ensuite ce qui a été démarré."),
    "help_tenant": LocalizedMessage("Tenant; * is all of them.", "Locataire ; * les désigne tous."),
    "help_scope": LocalizedMessage("Scopes, separated by spaces.", "Portées, séparées par des espaces."),
    "help_ttl": LocalizedMessage(
        "How long it is valid: 90s, 30m, 1h, 7d; at most 30d.",
        "Durée de validité : 90s, 30m, 1h, 7d ; au plus 30d.",
    ),
    "help_wait": LocalizedMessage("Follow the run to its end.", "Suivre l'exécution jusqu'à sa fin."),
    "help_file": LocalizedMessage(
        "File with the request, - for standard input.", "Fichier de la demande, - pour l'entrée."
    ),
}
