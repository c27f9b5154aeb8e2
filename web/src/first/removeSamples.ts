import { call } from '../api/call'
import { takeEvents } from '../api/schema'
import { portions, sampleRemovals } from './samples'

const keyOf = (tenant: string) => `crosslook.samples.${tenant}`

/** Removing samples makes the next ones new events: the old ones would be repeats, which change nothing. */
export const generationOf = (tenant: string): number => Number(localStorage.getItem(keyOf(tenant)) ?? '1')

/** Deletes the contacts of the sample data. */
export async function removeSampleContacts(tenant: string): Promise<void> {
  const generation = generationOf(tenant)
  for (const portion of portions(sampleRemovals(tenant, new Date(), generation))) await call(takeEvents({ path: { tenant }, body: portion }))
  localStorage.setItem(keyOf(tenant), String(generation + 1))
}
