import type { Options } from './options'

/** Options for three vendors of webhooks, to begin with; docs/how-to/connect-any-webhook.md explains them. */
export const EXAMPLES: Record<'shopify' | 'stripe' | 'github', Options> = {
  shopify: {
    object: 'order',
    signature: { header: 'X-Shopify-Hmac-Sha256', encoding: 'base64' },
    record: '/id', time: '/updated_at',
    event: { header: 'X-Shopify-Event-Id' },
    type: { header: 'X-Shopify-Topic' }, types: ['orders/create', 'orders/updated', 'orders/delete'],
    deleted: [{ header: 'X-Shopify-Topic', equals: ['orders/delete'] }],
    fields: { number: '/name', total: '/total_price', tags: '/tags', placed_at: '/created_at' },
    relationships: { customer: { email: '/email', external: '/customer/id' } },
  },
  stripe: {
    object: 'subscription',
    signature: { header: 'Stripe-Signature', part: 'v1', timestamp: { part: 't' }, signed: '{timestamp}.{body}' },
    record: '/data/object/id', time: '/created', event: '/id',
    type: '/type', types: ['customer.subscription.created', 'customer.subscription.updated', 'customer.subscription.deleted'],
    sequence: { pointer: '/type', values: { 'customer.subscription.updated': 1, 'customer.subscription.deleted': 2 } },
    fields: {
      status: '/data/object/status',
      amount: { pointer: '/data/object/items/data/0/price/unit_amount', divide_by: 100 },
      started_at: '/data/object/start_date', ended_at: '/data/object/ended_at',
    },
    relationships: { customer: { external: '/data/object/customer' } },
  },
  github: {
    object: 'issue',
    signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=' },
    record: '/issue/id', time: '/issue/updated_at',
    event: { header: 'X-GitHub-Delivery' },
    type: { header: 'X-GitHub-Event' }, types: ['issues'],
    deleted: [{ pointer: '/action', equals: ['deleted', 'transferred'] }],
    fields: { title: '/issue/title', repository: '/repository/full_name', state: '/issue/state', opened_on: '/issue/created_at' },
    relationships: { author: { external: '/issue/user/id' } },
  },
}
