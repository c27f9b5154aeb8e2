"""What the supervisor and the commands say while they work."""

from crosslook.contracts.messages.base import Message

PROGRESS: dict[str, Message] = {
    "starting": Message("Starting {name}", "Démarrage de {name}"),
    "ready": Message("{name} is ready at {url}", "{name} est prêt sur {url}"),
    "died": Message(
        "{name} ended (status {status}); starting it again in {seconds} s",
        "{name} s'est arrêté (statut {status}) ; nouveau démarrage dans {seconds} s",
    ),
    "cannot_start": Message(
        "{name} cannot be started: {reason}",
        "{name} ne peut pas être démarré : {reason}",
    ),
    "state_unwritten": Message(
        "{path} cannot be written ({reason}); the stack goes on and writes it as soon as it can",
        "{path} ne peut pas être écrit ({reason}) ; la pile continue et l'écrira dès que possible",
    ),
    "port_among_outgoing": Message(
        "Port {port} lies in the range {first}-{last} that this machine gives to outgoing connections: after a crash "
        "it may be in use for minutes. Choose a lower --port-base.",
        "Le port {port} est dans la plage {first}-{last} que cette machine donne aux connexions sortantes : après une "
        "panne il peut rester occupé pendant des minutes. Choisissez un --port-base plus bas.",
    ),
    "stopping": Message("Stopping {name}", "Arrêt de {name}"),
    "killed": Message(
        "{name} did not stop in {seconds} s and was killed",
        "{name} ne s'est pas arrêté en {seconds} s et a été tué",
    ),
    "stale_ended": Message(
        "Ended {name} (pid {pid}), left over from a supervisor that died",
        "{name} (pid {pid}), resté d'un superviseur mort, a été arrêté",
    ),
    "up": Message(
        "The stack is up. Page and reports: {page}",
        "La pile est prête. Page et rapports : {page}",
    ),
    "up_foreground": Message("Ctrl-C stops it.", "Ctrl-C l'arrête."),
    "stopped": Message("The stack in {folder} is stopped", "La pile de {folder} est arrêtée"),
    "nothing_up": Message("No stack runs in {folder}", "Aucune pile ne tourne dans {folder}"),
    "replaying": Message("Replaying: {done} events", "Renvoi : {done} événements"),
    "waiting": Message("Starting the stack", "Démarrage de la pile"),
}
