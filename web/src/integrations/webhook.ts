/** The address that a vendor posts to. The path is the same for a connection that does not exist yet. */
export const webhookPath = (tenant: string, name: string): string => `/v1/webhooks/${encodeURIComponent(tenant)}/${encodeURIComponent(name)}`

/** Whether only this computer reaches a host: a vendor does not. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname.startsWith('127.') || hostname === '[::1]' || hostname === '::1' || hostname === '0.0.0.0'
}

/** A signing key that nobody guesses, for vendors that let their customer choose it. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The body of a Zendesk trigger: exactly this text is understood. */
export const TRIGGER_BODY = `{"source":"zendesk-trigger",
 "ticket":{"id":"{{ticket.id}}","subject":"{{ticket.title}}","status":"{{ticket.status}}","priority":"{{ticket.priority}}","type":"{{ticket.ticket_type}}","via":"{{ticket.via}}","tags":"{{ticket.tags}}",
  "group":"{{ticket.group.name}}","assignee":"{{ticket.assignee.name}}","created_at":"{{ticket.created_at_with_timestamp}}","updated_at":"{{ticket.updated_at_with_timestamp}}","satisfaction":"{{satisfaction.current_rating}}"},
 "requester":{"id":"{{ticket.requester.id}}","email":"{{ticket.requester.email}}","name":"{{ticket.requester.name}}"}}`

/** The call that subscribes Calendly's webhook: it has no page for that. */
export const calendlySubscription = (address: string): string => `curl -X POST https://api.calendly.com/webhook_subscriptions \\
  -H "Authorization: Bearer $CALENDLY_TOKEN" -H "Content-Type: application/json" \\
  -d '{"url": "${address}", "signing_key": "'"$KEY"'",
       "events": ["invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"],
       "scope": "organization", "organization": "'"$ORGANIZATION"'"}'`

/** The command that reads a vendor's history; the token stays in the terminal. */
export function backfillCommand(kind: string, tenant: string, name: string): string {
  const named = name === kind ? '' : ` --name ${name}`
  return kind === 'zendesk'
    ? `export CROSSLOOK_VENDOR_TOKEN='me@example.com/token:…'\n.venv/bin/crosslook backfill zendesk --tenant ${tenant}${named} --url https://example.zendesk.com`
    : `export CROSSLOOK_VENDOR_TOKEN='…'\n.venv/bin/crosslook backfill ${kind} --tenant ${tenant}${named} --url https://api.calendly.com --start ${new Date().getFullYear() - 1}-01-01`
}

/** Connections whose history can be read. */
export const hasHistory = (kind: string): boolean => kind === 'zendesk' || kind === 'calendly'
