"""Progress texts of the supervisor and the commands."""

from crosslook.contracts.messages.base import LocalizedMessage

PROGRESS: dict[str, LocalizedMessage] = {
    "starting": LocalizedMessage("Starting {name}", "Démarrage de {name}"),
    "ready": LocalizedMessage("{name} is ready at {url}", "{name} est prêt sur {url}"),
    "died": LocalizedMessage(
        "{name} exited (status {status}); starting it again in {seconds} s",
        "{name} s'est arrêté (statut {status}) ; nouveau démarrage dans {seconds} s",
    ),
    "cannot_start": LocalizedMessage(
        "{name} cannot be started: {reason}",
        "{name} ne peut pas être démarré : {reason}",
    ),
    "state_unwritten": LocalizedMessage(
        "{path} cannot be written ({reason}); the stack keeps running and writes it as soon as it can",
        "{path} ne peut pas être écrit ({reason}) ; la pile continue et l'écrira dès que possible",
    ),
    "port_among_outgoing": LocalizedMessage(
        "Port {port} is in the range {first}-{last} that this machine uses for outgoing connections: after a crash it "
        "may be in use for minutes. Choose a lower --port-base.",
        "Le port {port} est dans la plage {first}-{last} que cette machine utilise pour les connexions sortantes : "
        "après une panne il peut rester occupé pendant des minutes. Choisissez un --port-base plus bas.",
    ),
    "stopping": LocalizedMessage("Stopping {name}", "Arrêt de {name}"),
    "killed": LocalizedMessage(
        "{name} did not stop in {seconds} s and was killed",
        "{name} ne s'est pas arrêté en {seconds} s et a été tué",
    ),
    "stale_ended": LocalizedMessage(
        "Stopped {name} (pid {pid}), left over from a supervisor that died",
        "{name} (pid {pid}), resté d'un superviseur mort, a été arrêté",
    ),
    "up": LocalizedMessage(
        "The stack is up at {page}. For a sign-in link to the page: crosslook open",
        "La pile est prête sur {page}. Pour un lien de connexion à la page : crosslook open",
    ),
    "up_foreground": LocalizedMessage("Ctrl-C stops it.", "Ctrl-C l'arrête."),
    "stopped": LocalizedMessage("The stack in {folder} is stopped", "La pile de {folder} est arrêtée"),
    "nothing_up": LocalizedMessage("No stack is running in {folder}", "Aucune pile ne tourne dans {folder}"),
    "link_valid": LocalizedMessage(
        "The link works once, within {seconds} seconds.",
        "Le lien fonctionne une seule fois, pendant {seconds} secondes.",
    ),
    "link_opened": LocalizedMessage(
        "Opened in the browser. The link works once, within {seconds} seconds.",
        "Ouvert dans le navigateur. Le lien fonctionne une seule fois, pendant {seconds} secondes.",
    ),
    "page_not_built": LocalizedMessage(
        "The stack serves no page: build it with npm ci && npm run build in web/, then start the stack again.",
        "La pile ne sert aucune page : construisez-la par npm ci && npm run build dans web/, puis relancez la pile.",
    ),
    "replaying": LocalizedMessage("Replaying: {done} events", "Rejeu : {done} événements"),
    "waiting": LocalizedMessage("Starting the stack", "Démarrage de la pile"),
}
