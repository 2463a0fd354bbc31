/**
 * The columns that tell the rows of a public view apart, `census_id` first. None of them is ever null. Rows are handed out in
 * their order, which for views of millions of rows is much cheaper than the order of all columns; a view that is not named
 * here is sorted by all of them.
 */
export const viewKeys: Readonly<Record<string, readonly string[]>> = {
  domain_result: ['census_id', 'ordinal'],
  host_result: ['census_id', 'host'],
  endpoint_result: ['census_id', 'host', 'address'],
  census_overview: ['census_id'],
  mx_security: ['census_id', 'mx_status'],
  tlsa_outcomes: ['census_id', 'tlsa_outcome'],
  host_verdicts: ['census_id', 'verdict'],
  domain_verdicts: ['census_id', 'verdict'],
  endpoint_verdicts: ['census_id', 'verdict'],
  ancestor_behaviours: ['census_id', 'host', 'behaviour'],
  tlsa_combinations: ['census_id', 'combination'],
  tls_versions: ['census_id', 'version'],
  tls_ciphers: ['census_id', 'protocol', 'cipher'],
  second_keys: ['census_id', 'second_key'],
  fact_domain: ['census_id', 'ordinal'],
  fact_mx: ['census_id', 'ordinal', 'preference', 'host'],
  fact_host: ['census_id', 'host'],
  fact_tlsa_record: ['census_id', 'host', 'number'],
  fact_tlsa_ancestor: ['census_id', 'host', 'number'],
  fact_server_answer: ['census_id', 'subject', 'name', 'number'],
  fact_ancestor_server: ['census_id', 'host', 'number'],
  fact_ancestor_behaviour: ['census_id', 'host', 'number'],
  fact_endpoint: ['census_id', 'host', 'address'],
  fact_handshake: ['census_id', 'host', 'address', 'number'],
  fact_certificate: ['census_id', 'sha256'],
  fact_finding: ['census_id', 'subject', 'name', 'number'],
  fact_domain_verdict: ['census_id', 'ordinal'],
};
