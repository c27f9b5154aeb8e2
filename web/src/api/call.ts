import { client as query } from './query/client.gen'
import { client as schema } from './schema/client.gen'
import { client as snapshot } from './snapshot/client.gen'

/** One member of a refused body: where, what and, if known, what was probably meant. */
export type ProblemItem = { pointer: string; code: string; message: string; suggestion?: string | null }

/** A refusal or failure of a call, as the page shows it. `status` 0: the service was not reached. */
export class CallError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  readonly errors: ProblemItem[]
  readonly omitted: number
  readonly body: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>, requestId: string | null) {
    super(typeof body.detail === 'string' ? body.detail : typeof body.title === 'string' ? body.title : '')
    this.status = status
    this.code = typeof body.code === 'string' ? body.code : status === 0 ? 'offline' : 'failed'
    this.requestId = typeof body.request_id === 'string' ? body.request_id : requestId
    this.errors = Array.isArray(body.errors) ? (body.errors as ProblemItem[]) : []
    this.omitted = typeof body.errors_omitted === 'number' ? body.errors_omitted : 0
    this.body = body
  }
}

type Listener = () => void
const ended = new Set<Listener>()

/** Calls `listener` whenever an answer says that the session has ended; returns how to stop that. */
export function onSessionEnded(listener: Listener): () => void {
  ended.add(listener)
  return () => ended.delete(listener)
}

/** Calls go with the session of this tenant (`*`: an operator's), and answers come in this language. */
export function configureCalls(session: string | null, language: string): void {
  for (const [client, service] of [[query, 'query'], [schema, 'schema'], [snapshot, 'snapshot']] as const) {
    client.setConfig({ baseUrl: `/api/${service}`, headers: callHeaders(session, language) })
  }
}

let current: Record<string, string> = {}

function callHeaders(session: string | null, language: string): Record<string, string> {
  current = { Accept: 'application/json', 'Accept-Language': language, ...(session === null ? {} : { 'X-Crosslook-Session': session }) }
  return current
}

type Answer<Data> = { data?: Data; error?: unknown; response?: Response }

/** The data of a generated call. Throws CallError for a refusal, and for a service that cannot be reached. */
export async function call<Data>(sent: Promise<Answer<Data>>): Promise<Data> {
  const { data } = await callWithResponse(sent)
  return data
}

/** As `call`, with the response: for entity tags and places. */
export async function callWithResponse<Data>(sent: Promise<Answer<Data>>): Promise<{ data: Data; response: Response }> {
  const answer = await sent
  if (answer.response === undefined) {
    if (answer.error instanceof DOMException && answer.error.name === 'AbortError') throw answer.error
    throw new CallError(0, {}, null)
  }
  if (answer.response.ok) return { data: answer.data as Data, response: answer.response }
  throw refused(answer.response, answer.error)
}

/** A call that the generated client does not make: files and streams. `path` begins with /api. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { ...init, headers: { ...current, ...(init.headers as Record<string, string>) } })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new CallError(0, {}, null)
  }
  if (response.ok) return response
  const body: unknown = await response.json().catch(() => ({}))
  throw refused(response, body)
}

/** The headers of every call: for uploads that report their progress. */
export const headersOfCalls = (): Record<string, string> => ({ ...current })

function refused(response: Response, error: unknown): CallError {
  return refusalOf(response.status, error, response.headers.get('X-Request-Id'))
}

/** The refusal that an answer is; also of an upload that is not made with fetch. Says so if the session has ended. */
export function refusalOf(status: number, error: unknown, requestId: string | null): CallError {
  const body = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
  const refusal = new CallError(status, body, requestId)
  if (refusal.status === 401) ended.forEach((listener) => listener())
  return refusal
}
