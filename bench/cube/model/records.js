// What the catalog of the bench's tenant offers, as far as its reports ask for it. Answers are kept for a day, as a
// snapshot is; Cube would otherwise ask the engine every ten seconds whether they still hold.
cube(`ticket`, {
  sql_table: `cube_ticket`,
  refresh_key: { every: `1 day` },
  joins: {
    contact: { relationship: `many_to_one`, sql: `${CUBE}.requester = ${contact}.record` },
  },
  dimensions: {
    record: { sql: `record`, type: `string`, primary_key: true },
    status: { sql: `status`, type: `string` },
    priority: { sql: `priority`, type: `string` },
    channel: { sql: `channel`, type: `string` },
    opened_at: { sql: `opened_at`, type: `time` },
  },
  measures: {
    count: { type: `count` },
    csat_avg: { sql: `csat`, type: `avg` },
    csat_median: { sql: `(quantileExactLow(${CUBE}.csat) + quantileExactHigh(${CUBE}.csat)) / 2`, type: `number` },
    amount_sum: { sql: `amount`, type: `sum` },
  },
});

cube(`contact`, {
  sql_table: `cube_contact`,
  refresh_key: { every: `1 day` },
  dimensions: {
    record: { sql: `record`, type: `string`, primary_key: true },
    country: { sql: `country`, type: `string` },
  },
  measures: {
    count: { type: `count` },
  },
});
